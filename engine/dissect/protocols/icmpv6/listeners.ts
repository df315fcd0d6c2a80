/** Multicast listener discovery, versions 1 (RFC 2710) and 2 (RFC 3810 5). */

import { formatIpv6 } from '../../../base/address.ts';
import type { FieldSpec } from '../../protocol.ts';
import type { TreeBuilder } from '../../tree.ts';

const RECORDS: Readonly<Record<number, string>> = {
  1: 'Include',
  2: 'Exclude',
  3: 'Changed to include',
  4: 'Changed to exclude',
  5: 'Allow new sources',
  6: 'Block old sources',
};

export const listenerFields = {
  'mld.maximum_response_delay': { type: 'u16', label: 'Maximum Response Delay [ms]' },
  'mld.maximum_response_code': { type: 'u16', label: 'Maximum Response Code' },
  'mld.multicast_address': { type: 'ipv6', label: 'Multicast Address' },
  'mld.flag': { type: 'u8', show: 'hex', label: 'Flags' },
  'mld.flag.s': {
    type: 'bool',
    of: 'u8',
    bits: [3, 3],
    label: 'Suppress Router-Side Processing',
    flag: ['True', 'False'],
  },
  'mld.flag.qrv': { type: 'u8', bits: [2, 0], label: "QRV (Querier's Robustness Variable)" },
  'mld.flag.reserved': { type: 'u8', bits: [7, 4], label: 'Reserved' },
  'mld.qqi': { type: 'u8', label: "QQIC (Querier's Query Interval Code)" },
  'mld.nb_sources': { type: 'u16', label: 'Number of Sources' },
  'mld.source_address': { type: 'ipv6', label: 'Source Address', many: true },
  'mldr.nb_mcast_records': { type: 'u16', label: 'Number of Multicast Address Records' },
  'mldr.mar': { type: 'none', label: 'Multicast Address Record', many: true },
  'mldr.mar.record_type': { type: 'u8', label: 'Record Type', names: RECORDS, many: true },
  'mldr.mar.aux_data_len': { type: 'u8', label: 'Aux Data Len', many: true },
  'mldr.mar.nb_sources': { type: 'u16', label: 'Number of Sources', many: true },
  'mldr.mar.multicast_address': { type: 'ipv6', label: 'Multicast Address', many: true },
  'mldr.mar.source_address': { type: 'ipv6', label: 'Source Address', many: true },
  'mldr.mar.auxiliary_data': { type: 'bytes', label: 'Auxiliary Data', many: true },
} as const satisfies Record<string, FieldSpec>;

export function oldListenerMessage(t: TreeBuilder, body: number): void {
  t.add('mld.maximum_response_delay', body);
  t.add('reserved', body + 2, 2);
  t.add('mld.multicast_address', body + 4);
}

export function listenerQuery(t: TreeBuilder, body: number): void {
  t.put('mld.maximum_response_code', responseTime(t.u16(body)), body, 2);
  t.add('reserved', body + 2, 2);
  t.add('mld.multicast_address', body + 4);
  t.add('mld.flag', body + 20);
  t.nest(t.last());
  for (const bit of ['s', 'qrv', 'reserved']) t.add(`mld.flag.${bit}`, body + 20);
  t.close();
  t.add('mld.qqi', body + 21);
  const sources = t.u16(body + 22);
  t.add('mld.nb_sources', body + 22);
  for (let i = 0, at = body + 24; i < sources; i++, at += 16) t.add('mld.source_address', at);
}

/** RFC 3810 5.1.3: large values are floating point. */
function responseTime(code: number): number {
  return code < 0x8000 ? code : ((code & 0xfff) | 0x1000) << (((code >>> 12) & 7) + 3);
}

export function listenerReport(t: TreeBuilder, body: number): void {
  t.add('reserved', body, 2);
  const records = t.u16(body + 2);
  t.add('mldr.nb_mcast_records', body + 2);
  let at = body + 4;
  for (let i = 0; i < records; i++) {
    const kind = t.u8(at);
    const extra = 4 * t.u8(at + 1);
    const sources = t.u16(at + 2);
    const group = formatIpv6(t.slice(at + 4, 16));
    const length = 20 + 16 * sources + extra;
    t.nest(
      t.put(
        'mldr.mar',
        new Uint8Array(0),
        at,
        length,
        `Multicast Address Record ${RECORDS[kind] ?? `Unknown (${kind})`}: ${group}`,
      ),
    );
    t.add('mldr.mar.record_type', at);
    t.add('mldr.mar.aux_data_len', at + 1);
    t.add('mldr.mar.nb_sources', at + 2);
    t.add('mldr.mar.multicast_address', at + 4);
    for (let n = 0, source = at + 20; n < sources; n++, source += 16) t.add('mldr.mar.source_address', source);
    if (extra > 0) t.add('mldr.mar.auxiliary_data', at + 20 + 16 * sources, extra);
    t.close();
    at += length;
  }
}
