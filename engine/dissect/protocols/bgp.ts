/** Border Gateway Protocol 4 (RFC 4271): messages behind a marker of ones; an update's lists by their lengths. */

import { formatIpv4 } from '../../base/address.ts';
import { u16 } from '../../base/bytes.ts';
import { defineProtocol, MORE, NOT_MINE } from '../protocol.ts';
import type { TreeBuilder } from '../tree.ts';

const AT = { marker: 0, length: 16, type: 18, body: 19 } as const;
const MAX_LENGTH = 65535;
const TYPE = { open: 1, update: 2, notification: 3, refresh: 5 } as const;
const TYPES: Readonly<Record<number, string>> = {
  1: 'OPEN Message',
  2: 'UPDATE Message',
  3: 'NOTIFICATION Message',
  4: 'KEEPALIVE Message',
  5: 'ROUTE-REFRESH Message',
  6: 'CAPABILITY Message',
};
const ERRORS: Readonly<Record<number, string>> = {
  1: 'Message Header Error',
  2: 'OPEN Message Error',
  3: 'UPDATE Message Error',
  4: 'Hold Timer Expired',
  5: 'Finite State Machine Error',
  6: 'Cease',
};
const ATTRIBUTES: Readonly<Record<number, string>> = {
  1: 'ORIGIN',
  2: 'AS_PATH',
  3: 'NEXT_HOP',
  4: 'MULTI_EXIT_DISC',
  5: 'LOCAL_PREF',
  6: 'ATOMIC_AGGREGATE',
  7: 'AGGREGATOR',
  8: 'COMMUNITIES',
  9: 'ORIGINATOR_ID',
  10: 'CLUSTER_LIST',
  14: 'MP_REACH_NLRI',
  15: 'MP_UNREACH_NLRI',
  16: 'EXTENDED_COMMUNITIES',
  17: 'AS4_PATH',
  18: 'AS4_AGGREGATOR',
  32: 'LARGE_COMMUNITY',
};

export const bgp = defineProtocol({
  name: 'bgp',
  title: 'Border Gateway Protocol',
  on: { 'tcp.port': [179] },
  header: AT.body,
  fields: {
    marker: { at: AT.marker, type: 'bytes', length: 16, label: 'Marker' },
    length: { at: AT.length, type: 'u16', label: 'Length' },
    type: { at: AT.type, type: 'u8', label: 'Type', names: TYPES },
    'open.version': { type: 'u8', label: 'Version' },
    'open.myas': { type: 'u16', label: 'My AS' },
    'open.holdtime': { type: 'u16', label: 'Hold Time' },
    'open.identifier': { type: 'ipv4', label: 'BGP Identifier' },
    'open.opt.len': { type: 'u8', label: 'Optional Parameters Length' },
    'notify.major_error': { type: 'u8', label: 'Major error Code', names: ERRORS },
    'update.withdrawn_routes.length': { type: 'u16', label: 'Withdrawn Routes Length' },
    'update.path_attributes.length': { type: 'u16', label: 'Total Path Attribute Length' },
    'update.path_attribute.flags': { type: 'u8', show: 'hex', label: 'Flags', many: true },
    'update.path_attribute.type_code': { type: 'u8', label: 'Type Code', names: ATTRIBUTES, many: true },
    'update.path_attribute.next_hop': { type: 'ipv4', label: 'Next hop' },
    'update.path_attribute.multi_exit_disc': { type: 'u32', label: 'Multiple exit discriminator' },
    'update.path_attribute.local_pref': { type: 'u32', label: 'Local preference' },
    prefix_length: { type: 'u8', label: 'Prefix Length', many: true },
    nlri_prefix: { type: 'ipv4', label: 'NLRI prefix', many: true },
    withdrawn_prefix: { type: 'ipv4', label: 'Withdrawn prefix', many: true },
  },
  frame(f) {
    const { bytes, at, end } = f;
    for (let i = at; i < Math.min(end, at + AT.length); i++) if (bytes[i] !== 0xff) return NOT_MINE;
    if (end - at < AT.type) return MORE;
    const length = u16(bytes, at + AT.length);
    return length < AT.body || length > MAX_LENGTH ? NOT_MINE : length;
  },
  tree(t) {
    const type = t.u8(t.at + AT.type);
    const name = TYPES[type] ?? `Unknown Message (${type})`;
    const before = t.fencedInfo;
    t.info(before.endsWith('Message') ? `, ${name}` : name);
    t.addLabel(` - ${name}`);
    const body = t.header();
    t.limit(t.at + t.u16(t.at + AT.length));
    if (type === TYPE.open) {
      t.add('open.version', body);
      t.add('open.myas', body + 1);
      t.add('open.holdtime', body + 3);
      t.add('open.identifier', body + 5);
      t.add('open.opt.len', body + 9);
    } else if (type === TYPE.notification) t.add('notify.major_error', body);
    else if (type === TYPE.update) update(t, body);
  },
});

function update(t: TreeBuilder, body: number): void {
  const withdrawn = t.u16(body);
  t.add('update.withdrawn_routes.length', body);
  const attributes = body + 2 + withdrawn;
  t.need(body + 2, withdrawn);
  prefixes(t, 'withdrawn_prefix', body + 2, attributes);
  const length = t.u16(attributes);
  t.add('update.path_attributes.length', attributes);
  const routes = attributes + 2 + length;
  t.need(attributes + 2, length);
  for (let at = attributes + 2; at + 3 <= routes; ) {
    const isLong = (t.u8(at) & 0x10) !== 0;
    const code = t.u8(at + 1);
    const size = isLong ? t.u16(at + 2) : t.u8(at + 2);
    const value = at + (isLong ? 4 : 3);
    t.nest(t.text(`Path Attribute - ${ATTRIBUTES[code] ?? `Unknown (${code})`}`, at, value + size - at));
    t.add('update.path_attribute.flags', at);
    t.add('update.path_attribute.type_code', at + 1);
    if (value + size <= routes && size === 4) {
      if (code === 3) t.add('update.path_attribute.next_hop', value);
      else if (code === 4) t.add('update.path_attribute.multi_exit_disc', value);
      else if (code === 5) t.add('update.path_attribute.local_pref', value);
    }
    t.close();
    at = value + size;
  }
  prefixes(t, 'nlri_prefix', routes, t.end);
}

/** A length in bits, and as many bytes as it needs. */
function prefixes(t: TreeBuilder, key: string, from: number, end: number): void {
  for (let at = from; at < end; ) {
    const bits = t.u8(at);
    const size = (bits + 7) >>> 3;
    if (bits > 32 || at + 1 + size > end) return;
    let address = 0;
    for (let i = 0; i < 4; i++) address = address * 256 + (i < size ? t.u8(at + 1 + i) : 0);
    t.nest(t.text(`${formatIpv4(address)}/${bits}`, at, 1 + size));
    t.add('prefix_length', at);
    t.put(key, address, at + 1, size);
    t.close();
    at += 1 + size;
  }
}
