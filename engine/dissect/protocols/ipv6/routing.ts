/** IPv6 routing headers (RFC 8200 4.4): source route (RFC 2460, type 0), mobile IPv6 (RFC 6275 6.4), segment routing (RFC 8754). */

import { ipProtocolNames, unknownIpProtocolText } from '../../names/ip-protocols.ts';
import { defineProtocol } from '../../protocol.ts';
import type { TreeBuilder } from '../../tree.ts';

const AT = { next: 0, length: 1, type: 2, left: 3, data: 4, addresses: 8 } as const;
const TYPE = { source: 0, mobile: 2, segments: 4 } as const;
const TYPES: Readonly<Record<number, string>> = {
  0: 'Source Route',
  1: 'Nimrod',
  2: 'Type 2 Routing',
  3: 'RPL Source Route',
  4: 'Segment Routing',
  5: 'Compact Routing Header 16',
  6: 'Compact Routing Header 32',
  253: 'Experiment 1',
  254: 'Experiment 2',
};

export const ipv6Routing = defineProtocol({
  name: 'ipv6.routing',
  title: 'Routing Header for IPv6',
  short: '',
  on: { 'ip.proto': [43] },
  chooses: 'ip.proto',
  header: AT.addresses,
  fields: {
    nxt: { at: AT.next, type: 'u8', label: 'Next Header', names: ipProtocolNames },
    len: { at: AT.length, type: 'u8', label: 'Length' },
    len_oct: { type: 'u16', label: 'Length' },
    type: { type: 'u8', label: 'Type', names: TYPES },
    segleft: { type: 'u8', label: 'Segments Left' },
    'src.reserved': { type: 'bytes', length: 4, label: 'Reserved' },
    'src.addr': { type: 'ipv6', label: 'Address', many: true },
    'mipv6.reserved': { type: 'bytes', length: 4, label: 'Reserved' },
    'mipv6.home_address': { type: 'ipv6', label: 'Home Address' },
    'srh.last_entry': { type: 'u8', label: 'Last Entry' },
    'srh.flags': { type: 'u8', show: 'hex', label: 'Flags' },
    'srh.tag': { type: 'bytes', length: 2, label: 'Tag' },
    'srh.addr': { type: 'ipv6', label: 'Address', many: true },
    unknown_data: { type: 'bytes', label: 'Type-Specific Data' },
  },
  scan(p) {
    const next = p.bytes[p.at + AT.next];
    const length = 8 + 8 * p.bytes[p.at + AT.length];
    if (!p.has(length)) return;
    p.enter(length);
    p.next(next);
    if (!p.hasNext) p.portless(next);
  },
  tree(t) {
    const next = t.u8(t.at + AT.next);
    const length = 8 + 8 * t.u8(t.at + AT.length);
    const end = t.at + length;
    t.info('IPv6 routing');
    t.header();
    t.generated('len_oct', length, t.at + AT.length, 1).text = `Length: ${length} bytes`;
    t.headerEnd(end);
    t.add('type', t.at + AT.type);
    t.add('segleft', t.at + AT.left);
    route(t, t.u8(t.at + AT.type), end);
    t.info(unknownIpProtocolText(next));
    t.upper(end);
  },
});

/** Where the last address of the route lies; 0: there is none, or the packet has reached it. */
function finalStop(b: Uint8Array, start: number, end: number): number {
  const type = b[start + AT.type];
  const first = start + AT.addresses;
  if (b[start + AT.left] === 0 || first + 16 > end) return 0;
  if (type === TYPE.segments) return first; // the list is in reverse order
  if (type === TYPE.mobile) return first;
  return type === TYPE.source ? end - 16 : 0;
}

/** The addresses; a transport above sums its pseudo-header with the last stop of the route. */
function route(t: TreeBuilder, type: number, end: number): void {
  const data = t.at + AT.data;
  const first = t.at + AT.addresses;
  if (type === TYPE.source) {
    t.add('src.reserved', data);
    for (let at = first; at + 16 <= end; at += 16) t.add('src.addr', at);
  } else if (type === TYPE.mobile) {
    t.add('mipv6.reserved', data);
    if (first + 16 <= end) t.add('mipv6.home_address', first);
  } else if (type === TYPE.segments) {
    t.add('srh.last_entry', data);
    t.add('srh.flags', data + 1);
    t.add('srh.tag', data + 2);
    const segments = 1 + t.u8(data);
    for (let i = 0, at = first; i < segments && at + 16 <= end; i++, at += 16) t.add('srh.addr', at);
  } else {
    t.add('unknown_data', data, end - data);
  }
  const stop = finalStop(t.bytes, t.at, end);
  if (stop > 0 && t.carrier !== null) t.carrier = { ...t.carrier, destination: t.slice(stop, 16) };
}
