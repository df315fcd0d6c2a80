/** Exported PDUs (LINKTYPE_WIRESHARK_UPPER_PDU, 252): tags that say what a message is and where it came from, then the message. */

import { u16, u32 } from '../../base/bytes.ts';
import { FLAG } from '../../table/flags.ts';
import { ADDRESS } from '../../table/path-words.ts';
import { defineProtocol } from '../protocol.ts';
import type { TreeBuilder } from '../tree.ts';

const TAG = {
  end: 0,
  protocol: 12,
  heuristic: 13,
  table: 14,
  ipv4Source: 20,
  ipv4Destination: 21,
  ipv6Source: 22,
  ipv6Destination: 23,
  portType: 24,
  sourcePort: 25,
  destinationPort: 26,
  frame: 30,
  tableValue: 32,
  column: 33,
} as const;
const NAMES: Readonly<Record<number, string>> = {
  0: 'End-of-options',
  12: 'PDU content protocol name',
  13: 'PDU content heuristic protocol name',
  14: 'PDU content dissector table name',
  20: 'IPv4 Source Address',
  21: 'IPv4 Destination Address',
  22: 'IPv6 Source Address',
  23: 'IPv6 Destination Address',
  24: 'Port Type',
  25: 'Source Port',
  26: 'Destination Port',
  30: 'Original Frame number',
  31: 'Dissector Data',
  32: 'Dissector table value',
  33: 'Column Protocol text',
};
const PORT_TYPES: Readonly<Record<number, string>> = { 0: 'NONE', 1: 'SCTP', 2: 'TCP', 3: 'UDP', 4: 'DCCP' };
const KEYS: Readonly<Record<number, string>> = {
  12: 'prot_name',
  13: 'heur_prot_name',
  14: 'dis_table_name',
  20: 'ipv4_src',
  21: 'ipv4_dst',
  22: 'ipv6_src',
  23: 'ipv6_dst',
  24: 'port_type',
  25: 'src_port',
  26: 'dst_port',
  30: 'orig_fno',
  32: 'dis_table_val',
  33: 'col_proto_str',
};
const LENGTHS: Readonly<Record<number, number>> = { 20: 4, 21: 4, 22: 16, 23: 16, 24: 4, 25: 4, 26: 4, 30: 4, 32: 4 };
const MAX_TAGS = 64;

export const exportedPdu = defineProtocol({
  name: 'exported_pdu',
  title: 'EXPORTED_PDU',
  on: { link: [252] },
  opens: 'applications',
  header: 4,
  fields: {
    tag: { type: 'u16', label: 'Tag', names: NAMES, many: true },
    tag_len: { type: 'u16', label: 'Length', many: true },
    prot_name: { type: 'string', label: 'Protocol Name' },
    heur_prot_name: { type: 'string', label: 'Heuristic Protocol Name' },
    dis_table_name: { type: 'string', label: 'Dissector Table Name' },
    dis_table_val: { type: 'u32', label: 'Value to use when calling dissector table' },
    col_proto_str: { type: 'string', label: 'Column protocol string' },
    ipv4_src: { type: 'ipv4', label: 'IPv4 Src', also: ['ip.src', 'ip.addr'] },
    ipv4_dst: { type: 'ipv4', label: 'IPv4 Dst', also: ['ip.dst', 'ip.addr'] },
    ipv6_src: { type: 'ipv6', label: 'IPv6 Src', also: ['ipv6.src', 'ipv6.addr'] },
    ipv6_dst: { type: 'ipv6', label: 'IPv6 Dst', also: ['ipv6.dst', 'ipv6.addr'] },
    // The header is gone, its addresses are found by their names all the same.
    'ip.src': { type: 'ipv4', label: 'Source Address', abbrev: 'ip.src' },
    'ip.dst': { type: 'ipv4', label: 'Destination Address', abbrev: 'ip.dst' },
    'ip.addr': { type: 'ipv4', label: 'Source or Destination Address', abbrev: 'ip.addr', many: true },
    'ipv6.src': { type: 'ipv6', label: 'Source Address', abbrev: 'ipv6.src' },
    'ipv6.dst': { type: 'ipv6', label: 'Destination Address', abbrev: 'ipv6.dst' },
    'ipv6.addr': { type: 'ipv6', label: 'Source or Destination Address', abbrev: 'ipv6.addr', many: true },
    port_type: { type: 'u32', label: 'Port Type', names: PORT_TYPES },
    src_port: { type: 'u32', label: 'Src Port' },
    dst_port: { type: 'u32', label: 'Dst Port' },
    orig_fno: { type: 'u32', label: 'Original Frame Number' },
    'unknown_tag.val': { type: 'bytes', label: 'Unknown tags value', many: true },
  },
  scan(p) {
    p.mark(FLAG.more); // addresses stand in the tags: a path of headers has none of them
    const b = p.bytes;
    let source = -1;
    for (let at = p.at, i = 0; i < MAX_TAGS && at + 4 <= p.end; i++) {
      const tag = u16(b, at);
      const length = u16(b, at + 2);
      if (tag === TAG.end || at + 4 + length > p.end) break;
      if (tag === TAG.ipv4Source && length === 4) source = at + 4;
      else if (tag === TAG.ipv4Destination && length === 4 && source > 0)
        p.named(ADDRESS.ipv4, u32(b, source), 0, 0, u32(b, at + 4), 0, 0);
      at += 4 + length;
    }
  },
  tree(t) {
    const found = tags(t);
    t.headerEnd(found.end);
    t.info('');
    if (found.end >= t.end) return;
    if (found.protocol !== '') t.dissect(found.protocol, found.end);
    else if (found.table === 'tcp.port' || found.table === 'udp.port')
      t.dissect(t.find(found.table, found.source) || t.find(found.table, found.destination), found.end);
    else t.payload(found.end);
    if (found.column !== '') t.column(found.column);
  },
});

interface Found {
  /** One past the tags. */
  readonly end: number;
  readonly protocol: string;
  readonly table: string;
  readonly source: number;
  readonly destination: number;
  readonly column: string;
}

/** Every tag: its number, its length, its value. */
function tags(t: TreeBuilder): Found {
  const found = { end: t.end, protocol: '', table: '', source: 0, destination: 0, column: '' };
  for (let at = t.at, i = 0; i < MAX_TAGS; i++) {
    const tag = t.u16(at);
    const length = t.u16(at + 2);
    t.nest(t.text(`Tag: ${NAMES[tag] ?? 'Unknown'} (${tag})`, at, 4 + length));
    t.put('tag', tag, at, 2).hidden = true;
    t.add('tag_len', at + 2);
    t.need(at + 4, length);
    value(t, tag, at + 4, length);
    t.close();
    const text = (): string => t.string(at + 4, length, 'utf8', true);
    if (tag === TAG.protocol) found.protocol = text();
    else if (tag === TAG.table) found.table = text();
    else if (tag === TAG.column) found.column = text();
    else if (tag === TAG.sourcePort && length === 4) found.source = t.u32(at + 4);
    else if (tag === TAG.destinationPort && length === 4) found.destination = t.u32(at + 4);
    at += 4 + length;
    found.end = at;
    if (tag === TAG.end) break;
  }
  t.ports = [found.source, found.destination];
  return found;
}

function value(t: TreeBuilder, tag: number, at: number, length: number): void {
  const key = KEYS[tag];
  if (key === undefined) {
    if (tag !== TAG.end && length > 0) t.add('unknown_tag.val', at, length);
  } else if (LENGTHS[tag] === undefined) t.put(key, t.string(at, length, 'utf8', true), at, length);
  else if (LENGTHS[tag] === length) t.add(key, at);
}
