/** Network Service Header (RFC 8300): the path of a packet through a chain of services, and what they told each other about it. */

import { u16 } from '../../../base/bytes.ts';
import { defineProtocol } from '../../protocol.ts';
import type { TreeBuilder } from '../../tree.ts';

const AT = { control: 0, kind: 2, next: 3, path: 4, index: 7, context: 8 } as const;
const FIXED_CONTEXT = 16;
const MD_TYPE = { fixed: 1, variable: 2 } as const;
const NEXT_NAMES: Readonly<Record<number, string>> = {
  1: 'IPv4',
  2: 'IPv6',
  3: 'Ethernet',
  4: 'NSH',
  5: 'MPLS',
  0xfe: 'Experiment 1',
  0xff: 'Experiment 2',
};
/** Link types that stand for the protocols of RFC 8300 2.2. */
const LINK_OF: Readonly<Record<number, number>> = { 1: 228, 2: 229, 3: 1, 5: 219 };
const NSH = 4;
const NSH_TYPE = 0x894f;

export const nsh = defineProtocol({
  name: 'nsh',
  title: 'Network Service Header',
  on: { ethertype: [NSH_TYPE], 'gre.proto': [NSH_TYPE], 'vxlan.next': [4] },
  chooses: ['link', 'ethertype'],
  header: AT.context,
  fields: {
    version: { at: AT.control, type: 'u16', bits: [15, 14], show: 'dec-hex', label: 'Version' },
    Obit: { at: AT.control, type: 'u16', bits: [13, 13], label: 'O Bit' },
    ttl: { at: AT.control, type: 'u16', bits: [11, 6], show: 'hex', label: 'Time to live' },
    length: { at: AT.control, type: 'u16', bits: [5, 0], show: 'dec-hex', label: 'Length' },
    mdtype: {
      at: AT.kind,
      type: 'u8',
      show: 'dec-hex',
      label: 'MD Type',
      names: { 1: 'Fixed Length Metadata', 2: 'Variable Length Metadata' },
    },
    nextproto: { at: AT.next, type: 'u8', show: 'dec-hex', label: 'Next Protocol', names: NEXT_NAMES },
    spi: { at: AT.path, type: 'u24', show: 'dec-hex', label: 'SPI' },
    si: { at: AT.index, type: 'u8', show: 'dec-hex', label: 'SI' },
    contextheader: { type: 'bytes', label: 'Context Header', many: true },
    metadataclass: { type: 'u16', show: 'dec-hex', label: 'TLV Class', many: true },
    metadatatype: { type: 'u8', show: 'dec-hex', label: 'Type', many: true },
    metadatalen: { type: 'u8', bits: [6, 0], show: 'hex', label: 'Length', many: true },
    metadata: { type: 'bytes', label: 'Variable Metadata', many: true },
  },
  scan(p) {
    const b = p.bytes;
    const length = 4 * (u16(b, p.at) & 63);
    if (length < AT.context) return p.malformed('length');
    if (!p.has(length)) return;
    const next = b[p.at + AT.next];
    p.enter(length);
    if (next === NSH) p.nextBare(1, NSH_TYPE);
    else p.next(LINK_OF[next] ?? 0xffff);
  },
  tree(t) {
    t.info('Network Service Header');
    const end = t.at + 4 * (t.u16(t.at) & 63);
    t.header();
    const context = t.at + AT.context;
    if (end < context) t.fail();
    t.need(context, end - context);
    const kind = t.u8(t.at + AT.kind);
    if (kind === MD_TYPE.fixed)
      for (let at = context; at < context + FIXED_CONTEXT && at < end; at += 4) t.add('contextheader', at, 4);
    else if (kind === MD_TYPE.variable) metadata(t, context, end);
    t.headerEnd(end);
    t.upper(end);
  },
});

function metadata(t: TreeBuilder, from: number, end: number): void {
  for (let at = from; at + 4 <= end; ) {
    const length = t.u8(at + 3) & 127;
    t.add('metadataclass', at);
    t.add('metadatatype', at + 2);
    t.add('metadatalen', at + 3);
    if (length > 0) t.add('metadata', at + 4, length);
    at += 4 + ((length + 3) & ~3);
  }
}
