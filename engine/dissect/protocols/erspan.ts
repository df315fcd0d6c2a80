/**
 * ERSPAN types I, II and III (draft-foschiano-erspan): mirrored frames in GRE. Type I has no header of its own: the frame begins
 * at once, as the GRE header in front of it has no sequence number.
 */

import { u16 } from '../../base/bytes.ts';
import { defineProtocol } from '../protocol.ts';
import type { TreeBuilder } from '../tree.ts';

const AT = {
  version: 0,
  session: 2,
  index: 4,
  timestamp: 4,
  group: 8,
  kind: 10,
  payload2: 8,
  payload3: 12,
  platform: 12,
} as const;
const VERSION = { two: 1, three: 2 } as const;
const KIND = { ethernet: 0, ip: 2 } as const;
const LINK = { ethernet: 1, raw: 101 } as const;
const PLATFORM_LENGTH = 8;
const OPTIONAL = 1;

export const erspan = defineProtocol({
  name: 'erspan',
  title: 'Encapsulated Remote Switch Packet ANalysis',
  on: { 'gre.proto': [0x88be, 0x22eb] },
  chooses: 'link',
  fields: {
    version: { type: 'u16', bits: [15, 12], label: 'Version', names: { 1: 'Type II', 2: 'Type III' } },
    vlan: { type: 'u16', bits: [11, 0], label: 'Vlan' },
    cos: { type: 'u16', bits: [15, 13], label: 'COS' },
    encap: {
      type: 'u16',
      bits: [12, 11],
      label: 'Encap',
      names: {
        0: 'Originally without VLAN tag',
        1: 'Originally ISL encapsulated',
        2: 'Originally 802.1Q encapsulated',
        3: 'VLAN tag preserved in frame',
      },
    },
    bso: { type: 'u16', bits: [12, 11], label: 'Bad/Short/Oversized' },
    truncated: { type: 'u16', bits: [10, 10], label: 'Truncated', names: { 0: 'Not truncated', 1: 'Truncated' } },
    spanid: { type: 'u16', bits: [9, 0], label: 'SpanID' },
    reserved: { type: 'u32', bits: [31, 20], label: 'Reserved' },
    index: { type: 'u32', bits: [19, 0], label: 'Index' },
    timestamp: { type: 'u32', label: 'Timestamp' },
    sgt: { type: 'u16', label: 'Security Group Tag' },
    p: { type: 'u16', bits: [15, 15], label: 'Has Ethernet PDU' },
    ft: { type: 'u16', bits: [14, 10], label: 'Frame Type', names: { 0: 'Ethernet frame', 2: 'IP frame' } },
    hw: { type: 'u16', bits: [9, 4], label: 'Hardware ID' },
    direction: { type: 'bool', of: 'u16', bits: [3, 3], label: 'Direction', flag: ['Outgoing', 'Incoming'] },
    gra: {
      type: 'u16',
      bits: [2, 1],
      label: 'Timestamp granularity',
      names: { 0: '100 microseconds', 1: '100 nanoseconds', 2: 'IEEE 1588', 3: 'User configurable' },
    },
    o: { type: 'u16', bits: [0, 0], label: 'Optional Sub headers' },
    platid: { type: 'u32', bits: [31, 26], label: 'Platform ID' },
    'version.unknown': { type: 'none', label: 'Unknown version, please report or test to use fake ERSPAN preference' },
  },
  scan(p) {
    const b = p.bytes;
    if (isFirst(b, p.at)) {
      p.enter(0);
      p.next(LINK.ethernet);
      return;
    }
    if (!p.has(AT.payload2)) return;
    const version = b[p.at] >>> 4;
    p.tunnel(u16(b, p.at + AT.session) & 0x3ff);
    if (version === VERSION.two) {
      p.enter(AT.payload2);
      p.next(LINK.ethernet);
    } else if (version === VERSION.three) {
      if (!p.has(AT.payload3)) return;
      const kind = u16(b, p.at + AT.kind);
      const length = AT.payload3 + ((kind & OPTIONAL) !== 0 ? PLATFORM_LENGTH : 0);
      if (!p.has(length)) return;
      p.enter(length);
      if (((kind >>> 10) & 31) === KIND.ethernet) p.next(LINK.ethernet);
      else if (((kind >>> 10) & 31) === KIND.ip) p.next(LINK.raw);
      else p.rest();
    }
  },
  tree(t) {
    t.info('ERSPAN:');
    if (isFirst(t.bytes, t.at)) {
      t.headerEnd(t.at);
      t.upper(t.at);
      return;
    }
    t.info('ERSPAN');
    t.need(t.at, AT.payload2);
    const version = t.u8(t.at) >>> 4;
    t.add('version', t.at);
    if (version === VERSION.two || version === VERSION.three) t.add('vlan', t.at);
    if (version === VERSION.two) second(t);
    else if (version === VERSION.three) third(t);
    else t.expert('warning', 'Unknown version', t.at, 2, 'version.unknown');
  },
});

const GRE = { ethertype: 0x88be, sequence: 0x1000 } as const;

/** Hot: does a GRE header of four bytes, without options, stand in front? */
function isFirst(b: Uint8Array, at: number): boolean {
  if (at < 8 || u16(b, at - 2) !== GRE.ethertype || u16(b, at - 4) !== 0) return false;
  return !(u16(b, at - 6) === GRE.ethertype && (u16(b, at - 8) & GRE.sequence) !== 0);
}

function second(t: TreeBuilder): void {
  for (const key of ['cos', 'encap', 'truncated', 'spanid']) t.add(key, t.at + AT.session);
  t.add('reserved', t.at + AT.index);
  t.add('index', t.at + AT.index);
  t.headerEnd(t.at + AT.payload2);
  t.upper(t.at + AT.payload2);
}

function third(t: TreeBuilder): void {
  for (const key of ['cos', 'bso', 'truncated', 'spanid']) t.add(key, t.at + AT.session);
  t.add('timestamp', t.at + AT.timestamp);
  t.add('sgt', t.at + AT.group);
  const at = t.at + AT.kind;
  for (const key of ['p', 'ft', 'hw', 'direction', 'gra', 'o']) t.add(key, at);
  let end = t.at + AT.payload3;
  if ((t.u16(at) & OPTIONAL) !== 0) {
    t.add('platid', end);
    t.need(end, PLATFORM_LENGTH);
    end += PLATFORM_LENGTH;
  }
  t.headerEnd(end);
  t.upper(end);
}
