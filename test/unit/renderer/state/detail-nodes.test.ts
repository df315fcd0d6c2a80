import { describe, expect, it } from 'vitest';
import {
  deepestAt,
  findFound,
  findKept,
  keepNode,
  nodeNames,
  nodePaths,
  openNodes,
} from '../../../../renderer/state/detail-nodes.ts';

function node(depth: number, label: string, field = '', hasChildren = false, isGenerated = false) {
  return { depth, label, field, hasChildren, isGenerated };
}

const packet = [
  node(0, 'Frame 7: 66 bytes', 'frame', true),
  node(1, 'Frame Number: 7', 'frame.number'),
  node(0, 'Transmission Control Protocol', 'tcp', true),
  node(1, 'Flags: 0x012', 'tcp.flags', true),
  node(2, 'Syn: Set', 'tcp.flags.syn'),
  node(1, '[Timestamps]', '', true, true),
  node(2, 'Time since frame 3', 'tcp.time_relative'),
];

const tunnel = [
  node(0, 'Internet Protocol', 'ip', true),
  node(1, 'Source: 10.0.0.1', 'ip.src'),
  node(0, 'Internet Protocol', 'ip', true),
  node(1, 'Source: 192.0.2.1', 'ip.src'),
];

describe('nodes over packets', () => {
  it('are named by their field, or by their wording without what changes from packet to packet', () => {
    expect(nodeNames(packet)[4]).toBe('tcp.flags.syn');
    const texts = [node(0, 'Option 12: 3 bytes'), node(0, 'Option 7: 900 bytes')];
    expect(nodeNames(texts)[0]).toBe(nodeNames(texts)[1]);
  });

  it('have a path of their own, also where the same layer comes twice', () => {
    expect(new Set(nodePaths(tunnel)).size).toBe(tunnel.length);
  });

  it('are found again in another packet: the inner one stays the inner one', () => {
    const kept = keepNode(tunnel, 3);
    expect(kept).not.toBeNull();
    expect(kept && findKept(tunnel, kept)).toBe(3);
    expect(kept && findKept(tunnel.slice(0, 2), kept)).toBe(1);
    expect(kept && findKept(packet, kept)).toBe(-1);
  });

  it('show the innermost protocol and what was worked out about it, until the user says otherwise', () => {
    expect(openNodes(packet, {}).flatMap((isOpen, i) => (isOpen ? [packet[i]?.label] : []))).toEqual([
      'Transmission Control Protocol',
      '[Timestamps]',
    ]);
    const chosen = openNodes(packet, { tcp: false, frame: true });
    expect([chosen[0], chosen[2]]).toEqual([true, false]);
  });
});

describe('the field under a byte', () => {
  const nodes = [
    { depth: 0, source: 0, at: 0, length: 40 },
    { depth: 0, source: 0, at: 14, length: 20 },
    { depth: 1, source: 0, at: 20, length: 4 },
    { depth: 1, source: 0, at: 20, length: 2 },
    { depth: 2, source: 0, at: 23, length: 0 },
    { depth: 3, source: 1, at: 20, length: 2 },
  ];

  it('is the deepest, and of two the shorter', () => {
    expect(deepestAt(nodes, 0, 15)).toBe(1);
    expect(deepestAt(nodes, 0, 23)).toBe(2);
    expect(deepestAt(nodes, 0, 20)).toBe(3);
    expect(deepestAt(nodes, 1, 21)).toBe(5);
    expect(deepestAt(nodes, 1, 3)).toBe(-1);
  });

  it('of several bytes is one that covers them all', () => {
    expect(deepestAt(nodes, 0, 20, 24)).toBe(2);
    expect(deepestAt(nodes, 0, 10, 24)).toBe(0);
  });
});

describe('the field that a search was about', () => {
  const nodes = [
    { ...node(0, 'Transmission Control Protocol', 'tcp', true), source: 0, at: 34, length: 20 },
    { ...node(1, 'Flags: 0x012 (SYN, ACK)', 'tcp.flags', true), source: 0, at: 46, length: 2 },
    { ...node(2, '.... .... ..1. = Syn: Set', 'tcp.flags.syn'), source: 0, at: 46, length: 2 },
    { ...node(1, '[Stream index: 4]', 'tcp.stream', false, true), source: 0, at: 0, length: 0 },
  ];
  const has = (text: string) => (label: string) => label.includes(text);

  it('is the one with these bytes whose text matches', () => {
    expect(findFound(nodes, { source: 0, at: 46, length: 2 }, has('Syn'))).toBe(2);
    expect(findFound(nodes, { source: 0, at: 46, length: 2 }, null)).toBe(1);
  });

  it('is found by its text where it has no bytes', () => {
    expect(findFound(nodes, { source: 0, at: 0, length: 0 }, has('Stream index'))).toBe(3);
  });

  it('is none where nothing has exactly these bytes', () => {
    expect(findFound(nodes, { source: 0, at: 47, length: 1 }, null)).toBe(-1);
    expect(findFound(nodes, { source: 0, at: 0, length: 0 }, null)).toBe(-1);
  });
});
