/** What counts as agreement, what is tolerated, and what differs on purpose. */

import { describe, expect, test } from 'vitest';
import { deliberate } from '../../../../scripts/conformance/deliberate.ts';
import { EQUAL, Scores } from '../../../../scripts/conformance/score.ts';
import { type FramePair, tolerated } from '../../../../scripts/conformance/tolerances.ts';

type Cells = Readonly<Record<string, readonly [ours: string, theirs: string]>>;

function pair(cells: Cells, more: { readonly protocols?: readonly string[]; readonly hole?: boolean } = {}): FramePair {
  return {
    ours: (field) => cells[field]?.[0] ?? '',
    theirs: (field) => cells[field]?.[1] ?? '',
    conversationProtocols: () => new Set(more.protocols ?? []),
    hasHole: () => more.hole ?? false,
    hasAppearances: () => false,
    isRenumbered: () => false,
    isCopy: () => false,
    hasBareNumber: () => false,
  };
}

describe('a value that the other pass of tshark shows', () => {
  test('is a TLS version that the connection has later', () => {
    const cells: Cells = { '_ws.col.Protocol': ['TLSv1.3', 'TLSv1'] };
    expect(tolerated('_ws.col.Protocol', pair(cells, { protocols: ['TLSv1', 'TLSv1.3'] }))?.kind).toBe('tolerated');
    expect(tolerated('_ws.col.Protocol', pair(cells, { protocols: ['TLSv1', 'TLSv1.2'] }))).toBeNull();
  });

  test('is no other protocol', () => {
    const cells: Cells = { '_ws.col.Protocol': ['HTTP', 'TCP'] };
    expect(tolerated('_ws.col.Protocol', pair(cells, { protocols: ['HTTP', 'TCP'] }))).toBeNull();
  });

  test('is a body behind the same application, and not another application', () => {
    const body: Cells = { 'frame.protocols': ['eth:ethertype:ip:tcp:http:data', 'eth:ethertype:ip:tcp:http:png'] };
    expect(tolerated('frame.protocols', pair(body))?.kind).toBe('tolerated');
    const other: Cells = { 'frame.protocols': ['eth:ethertype:ip:tcp:data', 'eth:ethertype:ip:tcp:http'] };
    expect(tolerated('frame.protocols', pair(other))).toBeNull();
  });

  test('is a fraction above a second', () => {
    const cells: Cells = { 'frame.time_epoch': ['4888311.879048192', '4888310.1879048192'] };
    expect(tolerated('frame.time_epoch', pair(cells))?.kind).toBe('tolerated');
    expect(tolerated('frame.time_epoch', pair({ 'frame.time_epoch': ['1.000000001', '1.000000002'] }))).toBeNull();
  });
});

describe('a difference on purpose', () => {
  const message: Cells = { 'frame.protocols': ['eth:ethertype:ip:tcp:http', 'eth:ethertype:ip:tcp'] };

  test('is a message with a hole, and only where there is one', () => {
    expect(deliberate('frame.protocols', pair(message, { hole: true }))?.kind).toBe('deliberate');
    expect(deliberate('frame.protocols', pair(message))).toBeNull();
  });

  test('is the missing of certificate layers', () => {
    const cells: Cells = {
      'frame.protocols': ['eth:ethertype:ip:tcp:tls', 'eth:ethertype:ip:tcp:tls:x509sat:pkcs-1:tls:x509ce'],
    };
    expect(deliberate('frame.protocols', pair(cells))?.kind).toBe('deliberate');
  });
});

describe('scores', () => {
  test('leave what is deliberate out of the share, and count what cannot be opened', () => {
    const scores = new Scores();
    scores.begin('tcp', 'tcp/a', true);
    scores.count('x', EQUAL, 2);
    scores.count('x', { kind: 'tolerated', rule: 'r' });
    scores.count('x', { kind: 'deliberate', rule: 'd' }, 5);
    scores.count('x', { kind: 'different' });
    scores.begin('tcp', 'tcp/b', false);
    scores.count('x', { kind: 'different' }, 4);
    expect(scores.sum('x', ({ isOpened }) => isOpened).pooled).toBe(0.75);
    expect(scores.sum('x', () => true).pooled).toBe(0.375);
    expect(scores.rules.get('x: deliberate: d')).toBe(5);
  });
});
