/** 6LoWPAN (RFC 4944, RFC 6282, RFC 8931): IPv6 with its headers compressed, and the fragments that carry it. */

import { defineProtocol, type FieldSpec } from '../../protocol.ts';
import type { TreeBuilder } from '../../tree.ts';
import { type Compressed, compressedHeader } from './compressed-header.ts';

const BYTE = { ipv6: 0x41, hc1: 0x42, broadcast: 0x50 } as const;
const PATTERNS: Readonly<Record<number, string>> = {
  0x41: 'Uncompressed IPv6',
  0x42: 'Header compression',
  0x50: 'Broadcast',
  0x03: 'IP header compression',
  0x02: 'Mesh',
  0x18: 'First fragment',
  0x1c: 'Fragment',
  0x74: 'Recoverable Fragment',
  0x75: 'Recoverable Fragment ACK',
};
const IPV6 = 0x86dd;
const MODES: Readonly<Record<number, string>> = {
  0: 'Inline',
  1: '64-bits inline',
  2: '16-bits inline',
  3: 'Compressed',
};
const HOPS: Readonly<Record<number, string>> = { 0: 'Inline', 1: '1', 2: '64', 3: '255' };
const TRAFFIC: Readonly<Record<number, string>> = {
  0: 'Traffic class and flow label inline',
  1: 'ECN and flow label inline',
  2: 'Traffic class inline',
  3: 'Version, traffic class, and flow label compressed',
};
const WAYS: readonly [string, string] = ['Stateful', 'Stateless'];

const flag = (bit: number, label: string, words: readonly [string, string]): FieldSpec => ({
  type: 'bool',
  of: 'u16',
  bits: [bit, bit],
  label,
  flag: words,
  many: true,
});

export const sixLowpan = defineProtocol({
  name: '6lowpan',
  title: 'IPv6 over Low power Wireless Personal Area Networks',
  short: '6LoWPAN',
  opens: ['ipv6'],
  header: 1,
  fields: {
    pattern: { type: 'u8', show: 'hex', label: 'Pattern', names: PATTERNS, many: true },
    'iphc.tf': { type: 'u16', bits: [12, 11], show: 'hex', label: 'Traffic class and flow label', names: TRAFFIC },
    'iphc.nh': flag(10, 'Next header', ['Compressed', 'Inline']),
    'iphc.hlim': { type: 'u16', bits: [9, 8], show: 'hex', label: 'Hop limit', names: HOPS },
    'iphc.cid': flag(7, 'Context identifier extension', ['True', 'False']),
    'iphc.sac': flag(6, 'Source address compression', WAYS),
    'iphc.sam': { type: 'u16', bits: [5, 4], show: 'hex', label: 'Source address mode', names: MODES },
    'iphc.m': flag(3, 'Multicast address compression', ['True', 'False']),
    'iphc.dac': flag(2, 'Destination address compression', WAYS),
    'iphc.dam': { type: 'u16', bits: [1, 0], show: 'hex', label: 'Destination address mode', names: MODES },
    class: { type: 'u8', show: 'hex', label: 'Traffic class' },
    flow: { type: 'u24', show: 'hex', label: 'Flow label' },
    next: { type: 'u8', show: 'hex', label: 'Next header' },
    hops: { type: 'u8', label: 'Hop limit' },
    src: { type: 'ipv6', label: 'Source', many: true },
    dst: { type: 'ipv6', label: 'Destination', many: true },
    'udp.src': { type: 'u16', label: 'Source port' },
    'udp.dst': { type: 'u16', label: 'Destination port' },
    'udp.checksum': { type: 'u16', show: 'hex', label: 'UDP checksum' },
    'bcast.seqnum': { type: 'u8', label: 'Sequence number' },
    'mesh.hops': { type: 'u8', bits: [3, 0], label: 'Hops left' },
    'mesh.orig16': { type: 'u16', show: 'hex', label: 'Originator' },
    'mesh.dest16': { type: 'u16', show: 'hex', label: 'Destination' },
    'frag.size': { type: 'u16', label: 'Datagram size' },
    'frag.tag': { type: 'u16', show: 'hex', label: 'Datagram tag' },
    'frag.offset': { type: 'u8', label: 'Datagram offset' },
    'rfrag.congestion': { type: 'bool', bits: [0, 0], label: 'Congestion', flag: ['Yes', 'No'] },
    'rfrag.tag': { type: 'u8', label: 'Datagram tag' },
    'rfrag.ack_requested': { type: 'bool', of: 'u16', bits: [15, 15], label: 'Ack requested', flag: ['Yes', 'No'] },
    'rfrag.sequence': { type: 'u16', bits: [14, 10], label: 'Fragment sequence' },
    'rfrag.size': { type: 'u16', bits: [9, 0], label: 'Fragment size' },
    'rfrag.datagram_size': { type: 'u16', label: 'Datagram size' },
    'rfrag.offset': { type: 'u16', label: 'Fragment offset' },
    'rfrag.ack_bitmask': { type: 'u32', show: 'hex', label: 'Fragment ACK bitmask' },
  },
  tree(t) {
    headers(t, t.at);
  },
});

/** One dispatch byte after the other: mesh and broadcast headers stand in front of the rest. */
function headers(t: TreeBuilder, from: number): void {
  let at = from;
  for (let i = 0; i < 4; i++) {
    const first = t.u8(at);
    if ((first & 0xc0) === 0x80) at = mesh(t, at, first);
    else if (first === BYTE.broadcast) {
      t.put('pattern', first, at, 1);
      at = t.add('bcast.seqnum', at + 1);
    } else {
      packet(t, at, first);
      return;
    }
  }
  t.payload(at);
}

function packet(t: TreeBuilder, at: number, first: number): void {
  if (first === BYTE.ipv6) {
    t.put('pattern', first, at, 1);
    t.headerEnd(at + 1);
    t.walkBy('ethertype', IPV6, at + 1);
  } else if ((first & 0xe0) === 0x60) compressed(t, at, true);
  else if ((first & 0xf8) === 0xc0 || (first & 0xf8) === 0xe0) fragment(t, at, first);
  else if ((first & 0xfe) === 0xe8) recoverable(t, at);
  else if ((first & 0xfe) === 0xea) {
    t.put('pattern', first >>> 1, at, 1);
    t.add('rfrag.congestion', at);
    t.add('rfrag.tag', at + 1);
    t.add('rfrag.ack_bitmask', at + 2);
  } else {
    t.put('pattern', first, at, 1);
    t.payload(at + 1);
  }
}

/** RFC 4944 5.2; addresses of 16 bits are named, longer ones skipped. */
function mesh(t: TreeBuilder, at: number, first: number): number {
  t.put('pattern', 2, at, 1);
  t.add('mesh.hops', at);
  let next = at + ((first & 15) === 15 ? 2 : 1);
  next = (first & 0x20) !== 0 ? t.add('mesh.orig16', next) : next + 8;
  return (first & 0x10) !== 0 ? t.add('mesh.dest16', next) : next + 8;
}

/** RFC 4944 5.3: the first fragment begins with a compressed header, the others with their offset. */
function fragment(t: TreeBuilder, at: number, first: number): void {
  const isFirst = (first & 0xf8) === 0xc0;
  t.put('pattern', first >>> 3, at, 1);
  t.put('frag.size', t.u16(at) & 0x7ff, at, 2);
  t.add('frag.tag', at + 2);
  if (!isFirst) {
    t.add('frag.offset', at + 4);
    t.headerEnd(at + 5);
    t.payload(at + 5);
    return;
  }
  const next = at + 4;
  if (next < t.end && (t.u8(next) & 0xe0) === 0x60) compressed(t, next, false);
  else t.payload(next);
}

/** RFC 8931 5.1. */
function recoverable(t: TreeBuilder, at: number): void {
  t.put('pattern', t.u8(at) >>> 1, at, 1);
  t.add('rfrag.congestion', at);
  t.add('rfrag.tag', at + 1);
  const sequence = (t.u16(at + 2) >>> 10) & 31;
  for (const key of ['ack_requested', 'sequence', 'size']) t.add(`rfrag.${key}`, at + 2);
  const next = at + 6;
  t.add(sequence === 0 ? 'rfrag.datagram_size' : 'rfrag.offset', at + 4);
  if (sequence === 0 && next < t.end && (t.u8(next) & 0xe0) === 0x60) compressed(t, next, false);
  else {
    t.headerEnd(next);
    t.payload(next);
  }
}

/** RFC 6282: shows the fields; a whole packet is also put together again and dissected as IPv6. */
function compressed(t: TreeBuilder, at: number, isWhole: boolean): void {
  for (const key of ['tf', 'nh', 'hlim', 'cid', 'sac', 'sam', 'm', 'dac', 'dam']) {
    if (key === 'tf') t.put('pattern', 3, at, 1);
    t.add(`iphc.${key}`, at);
  }
  const header: Compressed = compressedHeader(t, at);
  for (const [key, value, where, length] of header.inline) t.put(key, value, where, length);
  t.generated('src', header.source, at, 2);
  t.generated('dst', header.destination, at, 2);
  t.headerEnd(header.end);
  const { packet: whole } = header;
  if (!isWhole || whole === null) t.payload(header.end);
  else t.within('Decompressed 6LoWPAN', whole, () => t.walkBy('ethertype', IPV6, 0, whole.length, whole.length));
}
