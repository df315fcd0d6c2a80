/** Cisco's VLAN Trunking Protocol: switches of a domain share one list of VLANs. */

import { defineProtocol } from '../../protocol.ts';
import type { TreeBuilder } from '../../tree.ts';

const AT = { version: 0, code: 1, third: 2, domainLength: 3, domain: 4, body: 36 } as const;
const DOMAIN = 32;
const CODE = { summary: 1, subset: 2, request: 3, join: 4 } as const;
const CODES: Readonly<Record<number, string>> = {
  1: 'Summary Advertisement',
  2: 'Subset Advertisement',
  3: 'Advertisement Request',
  4: 'Join',
};
const TIMESTAMP = 12;
const DIGEST = 16;
const VLAN_TYPES: Readonly<Record<number, string>> = {
  1: 'Ethernet',
  2: 'FDDI',
  3: 'TrCRF',
  4: 'FDDI-net',
  5: 'TrBRF',
};
const VLAN = { status: 1, type: 2, nameLength: 3, id: 4, mtu: 6, index: 8, name: 12 } as const;

export const vtp = defineProtocol({
  name: 'vtp',
  title: 'VLAN Trunking Protocol',
  on: { 'llc.cisco': [0x2003] },
  header: AT.third,
  fields: {
    version: { type: 'u8', show: 'hex', label: 'Version' },
    code: { type: 'u8', show: 'hex', label: 'Code', names: CODES },
    followers: { type: 'u8', label: 'Followers' },
    seq_num: { type: 'u8', label: 'Sequence Number' },
    md_len: { type: 'u8', label: 'Management Domain Length' },
    md: { type: 'string', label: 'Management Domain' },
    conf_rev_num: { type: 'u32', label: 'Configuration Revision Number' },
    upd_id: { type: 'ipv4', label: 'Updater Identity' },
    upd_ts: { type: 'string', label: 'Update Timestamp' },
    md5_digest: { type: 'bytes', label: 'MD5 Digest' },
    start_value: { type: 'u16', show: 'hex', label: 'Start Value' },
    'vlan_info.len': { type: 'u8', label: 'VLAN Information Length', many: true },
    'vlan_info.status': { type: 'u8', show: 'hex', label: 'Status', many: true },
    'vlan_info.vlan_type': { type: 'u8', show: 'hex', label: 'VLAN Type', names: VLAN_TYPES, many: true },
    'vlan_info.vlan_name_len': { type: 'u8', label: 'VLAN Name Length', many: true },
    'vlan_info.isl_vlan_id': { type: 'u16', show: 'hex', label: 'ISL VLAN ID', many: true },
    'vlan_info.mtu_size': { type: 'u16', label: 'MTU Size', many: true },
    'vlan_info.802_10_index': { type: 'u32', show: 'hex', label: '802.10 Index', many: true },
    'vlan_info.vlan_name': { type: 'string', label: 'VLAN Name', many: true },
    'pruning.first': { type: 'u16', label: 'First VLAN ID' },
    'pruning.last': { type: 'u16', label: 'Last VLAN ID' },
  },
  tree(t) {
    const code = t.u8(t.at + AT.code);
    t.info(CODES[code] ?? `Unknown (0x${code.toString(16).padStart(2, '0')})`);
    t.add('version', t.at);
    t.add('code', t.at + AT.code);
    if (code === CODE.summary) t.add('followers', t.at + AT.third);
    else if (code === CODE.subset) t.add('seq_num', t.at + AT.third);
    t.add('md_len', t.at + AT.domainLength);
    const length = Math.min(t.u8(t.at + AT.domainLength), DOMAIN);
    t.put('md', t.string(t.at + AT.domain, length, 'ascii', true), t.at + AT.domain, DOMAIN);
    const body = t.at + AT.body;
    if (code === CODE.summary) {
      const revision = t.u32(body);
      t.add('conf_rev_num', body);
      t.add('upd_id', body + 4);
      t.add('upd_ts', body + 8, TIMESTAMP);
      t.add('md5_digest', body + 8 + TIMESTAMP, DIGEST);
      t.addInfo(`, Revision: ${revision}`);
      const followers = t.u8(t.at + AT.third);
      if (followers > 0) t.addInfo(`, Followers: ${followers}`);
    } else if (code === CODE.subset) {
      t.addInfo(`, Revision: ${t.u32(body)}, Seq: ${t.u8(t.at + AT.third)}`);
      t.add('conf_rev_num', body);
      for (let at = body + 4; at < t.end; ) at = vlan(t, at);
    } else if (code === CODE.request) t.add('start_value', body);
    else if (code === CODE.join) {
      t.add('pruning.first', body);
      t.add('pruning.last', body + 2);
    }
  },
});

function vlan(t: TreeBuilder, at: number): number {
  const length = t.u8(at);
  if (length < VLAN.name) t.fail();
  t.need(at, length);
  t.nest(t.text('VLAN Information', at, length));
  t.add('vlan_info.len', at);
  t.add('vlan_info.status', at + VLAN.status);
  t.add('vlan_info.vlan_type', at + VLAN.type);
  t.add('vlan_info.vlan_name_len', at + VLAN.nameLength);
  t.add('vlan_info.isl_vlan_id', at + VLAN.id);
  t.add('vlan_info.mtu_size', at + VLAN.mtu);
  t.add('vlan_info.802_10_index', at + VLAN.index);
  t.add('vlan_info.vlan_name', at + VLAN.name, Math.min(t.u8(at + VLAN.nameLength), length - VLAN.name));
  t.close();
  return at + length;
}
