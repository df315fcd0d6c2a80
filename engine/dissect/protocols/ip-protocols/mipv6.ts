/** Mobility header of IPv6 (RFC 6275 6.1, RFC 5213): where a mobile node is now. */

import { defineProtocol } from '../../protocol.ts';
import type { TreeBuilder } from '../../tree.ts';

const AT = { proto: 0, length: 1, type: 2, reserved: 3, checksum: 4, body: 6 } as const;
const NAMES: Readonly<Record<number, string>> = {
  0: 'Binding Refresh Request',
  1: 'Home Test Init',
  2: 'Care-of Test Init',
  3: 'Home Test',
  4: 'Care-of Test',
  5: 'Binding Update',
  6: 'Binding Acknowledgement',
  7: 'Binding Error',
  8: 'Fast Binding Update',
  9: 'Fast Binding Acknowledgment',
  10: 'Fast Neighbor Advertisement',
  11: 'Experimental Mobility Header',
  12: 'Home Agent Switch',
  13: 'Heartbeat',
  14: 'Handover Initiate',
  15: 'Handover Acknowledge',
  16: 'Binding Revocation',
};
const STATUS: Readonly<Record<number, string>> = {
  0: 'Binding Update accepted',
  1: 'Accepted but prefix discovery necessary',
  128: 'Reason unspecified',
  129: 'Administratively prohibited',
  130: 'Insufficient resources',
  131: 'Home registration not supported',
  132: 'Not home subnet',
  133: 'Not home agent for this mobile node',
  134: 'Duplicate Address Detection failed',
  135: 'Sequence number out of window',
};
const UNIT_SECONDS = 4;
const OPTIONS: Readonly<Record<number, string>> = {
  0: 'Pad1',
  1: 'PadN',
  2: 'Binding Refresh Advice',
  3: 'Alternate Care-of Address',
  4: 'Nonce Indices',
  5: 'Authorization Data',
  6: 'Mobile Network Prefix',
  8: 'Mobile Node Identifier',
  22: 'Home Network Prefix',
  23: 'Handoff Indicator',
  24: 'Access Technology Type',
  27: 'Timestamp',
};
const flag = (bit: number, label: string) => ({ type: 'bool', of: 'u16', bits: [bit, bit], label }) as const;

export const mipv6 = defineProtocol({
  name: 'mipv6',
  title: 'Mobile IPv6',
  short: 'MIPv6',
  on: { 'ip.proto': [62, 135] },
  header: AT.body,
  fields: {
    proto: { at: AT.proto, type: 'u8', label: 'Payload protocol', abbrev: 'mip6.proto' },
    hlen: { at: AT.length, type: 'u8', label: 'Header length', abbrev: 'mip6.hlen' },
    mhtype: { at: AT.type, type: 'u8', label: 'Mobility Header Type', names: NAMES, abbrev: 'mip6.mhtype' },
    reserved: { at: AT.reserved, type: 'u8', show: 'hex', label: 'Reserved', abbrev: 'mip6.reserved' },
    csum: { at: AT.checksum, type: 'u16', show: 'hex', label: 'Checksum', abbrev: 'mip6.csum' },
    'hoti.cookie': { type: 'u64', show: 'hex', label: 'Home Init Cookie', abbrev: 'mip6.hoti.cookie' },
    'coti.cookie': { type: 'u64', show: 'hex', label: 'Care-of Init Cookie', abbrev: 'mip6.coti.cookie' },
    'hot.nindex': { type: 'u16', label: 'Home Nonce Index', abbrev: 'mip6.hot.nindex' },
    'hot.cookie': { type: 'u64', show: 'hex', label: 'Home Init Cookie', abbrev: 'mip6.hot.cookie' },
    'hot.token': { type: 'u64', show: 'hex', label: 'Home Keygen Token', abbrev: 'mip6.hot.token' },
    'cot.nindex': { type: 'u16', label: 'Care-of Nonce Index', abbrev: 'mip6.cot.nindex' },
    'cot.cookie': { type: 'u64', show: 'hex', label: 'Care-of Init Cookie', abbrev: 'mip6.cot.cookie' },
    'bu.seqnr': { type: 'u16', label: 'Sequence number', abbrev: 'mip6.bu.seqnr' },
    'bu.a_flag': { ...flag(15, 'Acknowledge (A) flag'), abbrev: 'mip6.bu.a_flag' },
    'bu.h_flag': { ...flag(14, 'Home Registration (H) flag'), abbrev: 'mip6.bu.h_flag' },
    'bu.l_flag': { ...flag(13, 'Link-Local Compatibility (L) flag'), abbrev: 'mip6.bu.l_flag' },
    'bu.k_flag': { ...flag(12, 'Key Management Compatibility (K) flag'), abbrev: 'mip6.bu.k_flag' },
    'bu.m_flag': { ...flag(11, 'MAP Registration Compatibility (M) flag'), abbrev: 'mip6.bu.m_flag' },
    'nemo.bu.r_flag': { ...flag(10, 'Mobile Router (R) flag'), abbrev: 'mip6.nemo.bu.r_flag' },
    'bu.p_flag': { ...flag(9, 'Proxy Registration (P) flag'), abbrev: 'mip6.bu.p_flag' },
    'bu.lifetime': { type: 'u16', label: 'Lifetime', abbrev: 'mip6.bu.lifetime' },
    'ba.status': { type: 'u8', label: 'Status', names: STATUS, abbrev: 'mip6.ba.status' },
    'ba.k_flag': {
      type: 'bool',
      of: 'u8',
      bits: [7, 7],
      label: 'Key Management Compatibility (K) flag',
      abbrev: 'mip6.ba.k_flag',
    },
    'ba.seqnr': { type: 'u16', label: 'Sequence number', abbrev: 'mip6.ba.seqnr' },
    'ba.lifetime': { type: 'u16', label: 'Lifetime', abbrev: 'mip6.ba.lifetime' },
    'be.status': {
      type: 'u8',
      label: 'Status',
      names: { 1: 'Unknown binding for Home Address destination option', 2: 'Unrecognized MH type value' },
      abbrev: 'mip6.be.status',
    },
    'be.haddr': { type: 'ipv6', label: 'Home Address', abbrev: 'mip6.be.haddr' },
  },
  scan(p) {
    p.portless(135);
  },
  tree(t) {
    const type = t.u8(t.at + AT.type);
    const length = 8 * (t.u8(t.at + AT.length) + 1);
    t.info(NAMES[type] ?? 'Unknown');
    t.header();
    t.limit(t.at + length);
    const end = message(t, type, t.at + AT.body);
    options(t, end);
  },
});

function message(t: TreeBuilder, type: number, at: number): number {
  switch (type) {
    case 0:
      return at + 2;
    case 1:
      return t.add('hoti.cookie', at + 2);
    case 2:
      return t.add('coti.cookie', at + 2);
    case 3:
      t.add('hot.nindex', at);
      t.add('hot.cookie', at + 2);
      return t.add('hot.token', at + 10);
    case 4:
      t.add('cot.nindex', at);
      t.add('cot.cookie', at + 2);
      t.text('Care-of Keygen Token', at + 10, 8);
      return at + 18;
    case 5:
      t.add('bu.seqnr', at);
      for (const bit of ['a', 'h', 'l', 'k', 'm']) t.add(`bu.${bit}_flag`, at + 2);
      t.add('nemo.bu.r_flag', at + 2);
      t.add('bu.p_flag', at + 2);
      t.put(
        'bu.lifetime',
        t.u16(at + 4),
        at + 4,
        2,
        `Lifetime: ${t.u16(at + 4)} (${t.u16(at + 4) * UNIT_SECONDS} seconds)`,
      );
      return at + 6;
    case 6:
      t.add('ba.status', at);
      t.add('ba.k_flag', at + 1);
      t.add('ba.seqnr', at + 2);
      t.put(
        'ba.lifetime',
        t.u16(at + 4),
        at + 4,
        2,
        `Lifetime: ${t.u16(at + 4)} (${t.u16(at + 4) * UNIT_SECONDS} seconds)`,
      );
      return at + 6;
    case 7:
      t.add('be.status', at);
      return t.add('be.haddr', at + 2);
    default:
      return t.end;
  }
}

function options(t: TreeBuilder, from: number): void {
  for (let at = from; at < t.end; ) {
    const kind = t.u8(at);
    const length = kind === 0 ? 1 : 2 + t.u8(at + 1);
    t.need(at, length);
    t.text(OPTIONS[kind] ?? `Unknown (${kind})`, at, length);
    at += length;
  }
}
