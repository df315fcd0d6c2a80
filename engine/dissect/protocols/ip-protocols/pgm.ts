/** Pragmatic General Multicast (RFC 3208): reliable multicast, over IP or in UDP. */

import { defineProtocol } from '../../protocol.ts';
import type { TreeBuilder } from '../../tree.ts';

const AT = { source: 0, destination: 2, type: 4, options: 5, checksum: 6, id: 8, length: 14, body: 16 } as const;
const TYPE = { spm: 0, poll: 1, polr: 2, odata: 4, rdata: 5, nak: 8, nnak: 9, ncf: 10, spmr: 12, ack: 13 } as const;
const NAMES: Readonly<Record<number, string>> = {
  0: 'SPM',
  1: 'POLL',
  2: 'POLR',
  4: 'ODATA',
  5: 'RDATA',
  8: 'NAK',
  9: 'NNAK',
  10: 'NCF',
  12: 'SPMR',
  13: 'ACK',
};
const HAS_OPTIONS = 1;
const LAST_OPTION = 0x80;
const IPV4 = 1;
const IPV6 = 2;
const AFI_NAMES: Readonly<Record<number, string>> = { 1: 'IPv4', 2: 'IPv6' };
const OPTIONS: Readonly<Record<number, string>> = {
  0x00: 'Length',
  0x01: 'Fragment',
  0x02: 'NAK List',
  0x03: 'Join',
  0x07: 'Redirect',
  0x08: 'Parity Parameters',
  0x09: 'Parity Group',
  0x0a: 'Current TG Size',
  0x0d: 'SYN',
  0x0e: 'FIN',
  0x0f: 'RST',
  0x12: 'CR',
};
const DATA_HEADER = 8;

export const pgm = defineProtocol({
  name: 'pgm',
  title: 'Pragmatic General Multicast',
  on: { 'ip.proto': [113] },
  header: AT.body,
  fields: {
    'hdr.sport': { type: 'u16', label: 'Source Port', also: ['port'] },
    'hdr.dport': { type: 'u16', label: 'Destination Port', also: ['port'] },
    port: { type: 'u16', label: 'Port', many: true },
    'hdr.type': { type: 'u8', show: 'hex', label: 'Type', names: NAMES },
    'hdr.opts': { type: 'u8', show: 'hex', label: 'Options' },
    'hdr.opts.opt': { type: 'bool', of: 'u8', bits: [0, 0], label: 'Options', flag: ['Present', 'Not Present'] },
    'hdr.opts.netsig': { type: 'bool', of: 'u8', bits: [1, 1], label: 'Network Significant Options' },
    'hdr.opts.varlen': { type: 'bool', of: 'u8', bits: [6, 6], label: 'Variable length Parity Packet Option' },
    'hdr.opts.parity': { type: 'bool', of: 'u8', bits: [7, 7], label: 'Parity' },
    'hdr.cksum': { type: 'u16', show: 'hex', label: 'Checksum' },
    'hdr.gsi': { type: 'bytes', label: 'Global Source Identifier' },
    'hdr.tsdulen': { type: 'u16', label: 'Transport Service Data Unit Length' },
    'spm.sqn': { type: 'u32', show: 'hex', label: 'Sequence number' },
    'spm.trail': { type: 'u32', show: 'hex', label: 'Trailing Edge Sequence Number' },
    'spm.lead': { type: 'u32', show: 'hex', label: 'Leading Edge Sequence Number' },
    'spm.pathafi': { type: 'u16', label: 'Path NLA AFI', names: AFI_NAMES },
    'spm.path.ipv4': { type: 'ipv4', label: 'Path NLA' },
    'spm.path.ipv6': { type: 'ipv6', label: 'Path NLA' },
    'nak.sqn': { type: 'u32', show: 'hex', label: 'Requested Sequence Number' },
    'nak.srcafi': { type: 'u16', label: 'Source NLA AFI', names: AFI_NAMES },
    'nak.src.ipv4': { type: 'ipv4', label: 'Source NLA' },
    'nak.src.ipv6': { type: 'ipv6', label: 'Source NLA' },
    'nak.grpafi': { type: 'u16', label: 'Multicast Group AFI', names: AFI_NAMES },
    'nak.grp.ipv4': { type: 'ipv4', label: 'Multicast Group NLA' },
    'nak.grp.ipv6': { type: 'ipv6', label: 'Multicast Group NLA' },
    'poll.sqn': { type: 'u32', show: 'hex', label: 'Sequence Number' },
    'poll.round': { type: 'u16', label: 'Round' },
    'poll.subtype': { type: 'u16', show: 'hex', label: 'Subtype' },
    'polr.sqn': { type: 'u32', show: 'hex', label: 'Sequence Number' },
    'polr.round': { type: 'u16', label: 'Round' },
    'ack.maxsqn': { type: 'u32', show: 'hex', label: 'Maximum Received Sequence Number' },
    'ack.bitmap': { type: 'u32', show: 'hex', label: 'Packet Bitmap' },
    'genopts.end': { type: 'bool', of: 'u8', bits: [7, 7], label: 'Option end', flag: ['Yes', 'No'], many: true },
    'genopts.type': { type: 'u8', bits: [6, 0], show: 'hex', label: 'Type', names: OPTIONS, many: true },
    'genopts.len': { type: 'u8', label: 'Length', many: true },
    'opts.tlen': { type: 'u16', label: 'Total Length' },
  },
  scan(p) {
    const b = p.bytes;
    const type = b[p.at + AT.type] & 15;
    if (type !== TYPE.odata && type !== TYPE.rdata) return;
    const length = AT.body + DATA_HEADER;
    const hasOptions = (b[p.at + AT.options] & HAS_OPTIONS) !== 0;
    if (!p.has(hasOptions ? length + 4 : length)) return;
    const all = hasOptions ? length + ((b[p.at + length + 2] << 8) | b[p.at + length + 3]) : length;
    if (!p.has(all)) return;
    p.enter(all);
    p.rest();
  },
  tree(t) {
    const type = t.u8(t.at + AT.type) & 15;
    const name = NAMES[type] ?? `Unknown (0x${type.toString(16).padStart(2, '0')})`;
    const sequence = t.u32(t.at + AT.body);
    t.info(`${name.padEnd(5)} sqn 0x${sequence.toString(16)} gsi ${hexOf(t, t.at + AT.id, 6)}`);
    if (type === TYPE.odata || type === TYPE.rdata) t.addInfo(` tsdulen ${t.u16(t.at + AT.length)}`);
    header(t);
    const at = body(t, type, t.at + AT.body);
    const end = (t.u8(t.at + AT.options) & HAS_OPTIONS) !== 0 ? options(t, at) : at;
    t.headerEnd(end);
    if (type === TYPE.odata || type === TYPE.rdata) t.upper(end);
  },
});

function hexOf(t: TreeBuilder, at: number, length: number): string {
  return Array.from(t.slice(at, length), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

function header(t: TreeBuilder): void {
  t.add('hdr.sport', t.at + AT.source);
  t.add('hdr.dport', t.at + AT.destination);
  t.add('hdr.type', t.at + AT.type);
  t.add('hdr.opts', t.at + AT.options);
  t.nest(t.last());
  for (const bit of ['opt', 'netsig', 'varlen', 'parity']) t.add(`hdr.opts.${bit}`, t.at + AT.options);
  t.close();
  t.add('hdr.cksum', t.at + AT.checksum);
  t.add('hdr.gsi', t.at + AT.id, 6);
  t.add('hdr.tsdulen', t.at + AT.length);
}

function body(t: TreeBuilder, type: number, at: number): number {
  switch (type) {
    case TYPE.spm:
      t.add('spm.sqn', at);
      t.add('spm.trail', at + 4);
      t.add('spm.lead', at + 8);
      return address(t, 'spm.path', at + 12, 'spm.pathafi');
    case TYPE.odata:
    case TYPE.rdata:
      t.add('spm.sqn', at);
      return t.add('spm.trail', at + 4);
    case TYPE.nak:
    case TYPE.nnak:
    case TYPE.ncf:
      t.add('nak.sqn', at);
      return address(t, 'nak.grp', address(t, 'nak.src', at + 4, 'nak.srcafi'), 'nak.grpafi');
    case TYPE.poll:
      t.add('poll.sqn', at);
      t.add('poll.round', at + 4);
      return t.add('poll.subtype', at + 6);
    case TYPE.polr:
      t.add('polr.sqn', at);
      return t.add('polr.round', at + 4) + 2;
    case TYPE.ack:
      t.add('ack.maxsqn', at);
      return t.add('ack.bitmap', at + 4);
    default:
      return at;
  }
}

/** A family, two reserved bytes, and an address. */
function address(t: TreeBuilder, key: string, at: number, family: string): number {
  const kind = t.u16(at);
  t.add(family, at);
  if (kind === IPV4) return t.add(`${key}.ipv4`, at + 4);
  return kind === IPV6 ? t.add(`${key}.ipv6`, at + 4) : t.fail();
}

function options(t: TreeBuilder, from: number): number {
  const total = t.u16(from + 2);
  const end = from + total;
  t.need(from, total);
  t.nest(t.text(`Options (${total} bytes)`, from, total));
  t.add('opts.tlen', from + 2);
  for (let at = from + 4; at + 2 <= end; ) {
    const length = t.u8(at + 1);
    if (length < 2) t.fail();
    t.add('genopts.end', at);
    t.add('genopts.type', at);
    t.add('genopts.len', at + 1);
    if ((t.u8(at) & LAST_OPTION) !== 0) break;
    at += length;
  }
  t.close();
  return end;
}
