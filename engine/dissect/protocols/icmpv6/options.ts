/** Options of neighbour discovery (RFC 4861 4.6, RFC 4191, RFC 8106, RFC 8781, RFC 8910): type, length in units of 8 bytes, value. */

import { formatIpv6 } from '../../../base/address.ts';
import { toHex } from '../../../base/hex.ts';
import type { FieldSpec } from '../../protocol.ts';
import type { TreeBuilder } from '../../tree.ts';

const OPTION = {
  source: 1,
  target: 2,
  prefix: 3,
  redirected: 4,
  mtu: 5,
  advertisementInterval: 7,
  homeAgent: 8,
  nonce: 14,
  route: 24,
  dnsServers: 25,
  flags: 26,
  dnsSearch: 31,
  captivePortal: 37,
  pref64: 38,
} as const;
const OPTIONS: Readonly<Record<number, string>> = {
  1: 'Source link-layer address',
  2: 'Target link-layer address',
  3: 'Prefix information',
  4: 'Redirected header',
  5: 'MTU',
  6: 'NBMA Shortcut Limit Option',
  7: 'Advertisement Interval',
  8: 'Home Agent Information',
  9: 'Source Address List',
  10: 'Target Address List',
  11: 'CGA',
  12: 'RSA Signature',
  13: 'Timestamp',
  14: 'Nonce',
  15: 'Trust Anchor',
  16: 'Certificate',
  17: 'IP Address/Prefix Option',
  18: 'New Router Prefix Information',
  19: 'Link-layer Address',
  20: 'Neighbor Advertisement Acknowledgment',
  23: 'MAP',
  24: 'Route Information',
  25: 'Recursive DNS Server',
  26: 'RA Flags Extension',
  27: 'Handover Key Request',
  28: 'Handover Key Reply',
  29: 'Handover Assist Information',
  30: 'Mobile Node Identifier Option',
  31: 'DNS Search List Option',
  32: 'Proxy Signature (PS)',
  33: 'Address Registration Option',
  34: '6LoWPAN Context Option',
  35: 'Authoritative Border Router',
  36: '6LoWPAN Capability Indication Option',
  37: 'DHCP Captive-Portal',
  38: 'PREF64 Option',
  138: 'CARD Request',
  139: 'CARD Reply',
  253: 'RFC3692-style Experiment 1',
  254: 'RFC3692-style Experiment 2',
};
const PREFERENCES: Readonly<Record<number, string>> = { 0: 'Medium', 1: 'High', 2: 'Reserved', 3: 'Low' };
const INFINITY: Readonly<Record<number, string>> = { 4294967295: 'Infinity' };
/** Bits of a NAT64 prefix by its length code (RFC 8781 4). */
const PREFIX_LENGTHS: Readonly<Record<number, string>> = {
  0: '96 bits prefix length',
  1: '64 bits prefix length',
  2: '56 bits prefix length',
  3: '48 bits prefix length',
  4: '40 bits prefix length',
  5: '32 bits prefix length',
};

export const discoveryOptionFields = {
  opt: { type: 'none', label: 'ICMPv6 Option', many: true },
  'opt.type': { type: 'u8', label: 'Type', names: OPTIONS, many: true },
  'opt.length': { type: 'u8', label: 'Length', many: true },
  'opt.reserved': { type: 'none', label: 'Reserved', many: true },
  'opt.linkaddr': { type: 'bytes', show: 'colon', label: 'Link-layer address', many: true },
  'opt.src_linkaddr': { type: 'bytes', show: 'colon', label: 'Source Link-layer address' },
  'opt.target_linkaddr': { type: 'bytes', show: 'colon', label: 'Target Link-layer address' },
  'opt.prefix.length': { type: 'u8', label: 'Prefix Length', many: true },
  'opt.prefix.flag': { type: 'u8', show: 'hex', label: 'Flag', many: true },
  'opt.prefix.flag.l': { type: 'bool', of: 'u8', bits: [7, 7], label: 'On-link flag(L)', many: true },
  'opt.prefix.flag.a': {
    type: 'bool',
    of: 'u8',
    bits: [6, 6],
    label: 'Autonomous address-configuration flag(A)',
    many: true,
  },
  'opt.prefix.flag.r': { type: 'bool', of: 'u8', bits: [5, 5], label: 'Router address flag(R)', many: true },
  'opt.prefix.flag.reserved': { type: 'u8', bits: [4, 0], label: 'Reserved', many: true },
  'opt.prefix.valid_lifetime': { type: 'u32', label: 'Valid Lifetime', names: INFINITY, many: true },
  'opt.prefix.preferred_lifetime': { type: 'u32', label: 'Preferred Lifetime', names: INFINITY, many: true },
  'opt.prefix': { type: 'ipv6', label: 'Prefix', many: true },
  'opt.redirected_packet': { type: 'none', label: 'Redirected Packet' },
  'opt.mtu': { type: 'u32', label: 'MTU' },
  'opt.advertisement_interval': { type: 'u32', label: 'Advertisement Interval' },
  'opt.home_agent_preference': { type: 'u16', label: 'Home Agent Preference' },
  'opt.home_agent_lifetime': { type: 'u16', label: 'Home Agent Lifetime' },
  'opt.nonce': { type: 'bytes', label: 'Nonce' },
  'opt.route_info.flag': { type: 'u8', show: 'hex', label: 'Flag', many: true },
  'opt.route_info.flag.route_preference': {
    type: 'u8',
    bits: [4, 3],
    label: 'Route Preference',
    names: PREFERENCES,
    many: true,
  },
  'opt.route_info.flag.reserved': { type: 'u8', label: 'Reserved', many: true },
  'opt.route_lifetime': { type: 'u32', label: 'Route Lifetime', names: INFINITY, many: true },
  'opt.rdnss.lifetime': {
    type: 'u32',
    label: 'Lifetime',
    names: { ...INFINITY, 0: 'RDNSS address MUST no longer be used' },
  },
  'opt.rdnss': { type: 'ipv6', label: 'Recursive DNS Servers', many: true },
  'opt.efo': { type: 'u16', show: 'hex', label: 'Flags Expansion Option' },
  'opt.dnssl.lifetime': {
    type: 'u32',
    label: 'Lifetime',
    names: { ...INFINITY, 0: 'DNSSL domain name MUST no longer be used' },
  },
  'opt.dnssl': { type: 'string', label: 'Domain Names', many: true },
  'opt.captive_portal': { type: 'string', label: 'Captive Portal' },
  'opt.pref64.scaled_lifetime': { type: 'u16', bits: [15, 3], label: 'Scaled Lifetime' },
  'opt.pref64.plc': {
    type: 'u16',
    bits: [2, 0],
    show: 'hex',
    label: 'PLC (Prefix Length Code)',
    names: PREFIX_LENGTHS,
  },
  'opt.pref64.prefix': { type: 'ipv6', label: 'Prefix' },
} as const satisfies Record<string, FieldSpec>;

/** The list from `from` to the end of the layer. Link-layer addresses go into Info. */
export function discoveryOptions(t: TreeBuilder, from: number): void {
  let at = from;
  while (at < t.end) {
    const type = t.u8(at);
    const units = t.u8(at + 1);
    const length = 8 * units;
    const name = OPTIONS[type] ?? `Unknown ${type}`;
    const node = t.nest(t.put('opt', new Uint8Array(0), at, length, `ICMPv6 Option (${name})`));
    t.add('opt.type', at);
    t.put('opt.length', units, at + 1, 1, `Length: ${units} (${length} bytes)`);
    if (length === 0) {
      t.expert('warning', 'Invalid option length (zero)', at + 1, 1);
      t.close();
      return;
    }
    if (type !== OPTION.redirected && !t.has(at, length)) t.fail();
    const detail = option(t, type, at, Math.min(at + length, t.end));
    if (!t.has(at, length)) t.fail();
    if (detail !== '') node.text = `ICMPv6 Option (${name} : ${detail})`;
    t.close();
    at += length;
  }
}

/** One option; returns what its row says of it. */
function option(t: TreeBuilder, type: number, at: number, end: number): string {
  switch (type) {
    case OPTION.source:
    case OPTION.target: {
      const address = t.slice(at + 2, end - at === 8 ? 6 : end - at - 2);
      const text = toHex(address, ':');
      t.put('opt.linkaddr', address, at + 2, address.length);
      t.hide(type === OPTION.source ? 'opt.src_linkaddr' : 'opt.target_linkaddr', address, at + 2, address.length);
      t.addInfo(type === OPTION.source ? ` from ${text}` : ` is at ${text}`);
      return text;
    }
    case OPTION.prefix:
      return prefix(t, at);
    case OPTION.redirected:
      t.put('opt.reserved', new Uint8Array(0), at + 2, 6);
      t.put('opt.redirected_packet', new Uint8Array(0), at + 8, end - at - 8);
      t.quoted(() => t.walkBy('ip.proto', IPV6, at + 8, end, end));
      return '';
    case OPTION.mtu:
      t.put('opt.reserved', new Uint8Array(0), at + 2, 2);
      t.add('opt.mtu', at + 4);
      return `${t.u32(at + 4)}`;
    case OPTION.advertisementInterval:
      t.put('opt.reserved', new Uint8Array(0), at + 2, 2);
      t.add('opt.advertisement_interval', at + 4);
      return `${t.u32(at + 4)}`;
    case OPTION.homeAgent:
      t.put('opt.reserved', new Uint8Array(0), at + 2, 2);
      t.add('opt.home_agent_preference', at + 4);
      t.add('opt.home_agent_lifetime', at + 6);
      return '';
    case OPTION.nonce:
      t.add('opt.nonce', at + 2, end - at - 2);
      return '';
    case OPTION.route:
      return route(t, at, end);
    case OPTION.dnsServers:
      t.put('opt.reserved', new Uint8Array(0), at + 2, 2);
      t.add('opt.rdnss.lifetime', at + 4);
      return addresses(t, at + 8, end);
    case OPTION.dnsSearch:
      t.put('opt.reserved', new Uint8Array(0), at + 2, 2);
      t.add('opt.dnssl.lifetime', at + 4);
      return names(t, at + 8, end);
    case OPTION.flags:
      t.add('opt.efo', at + 2);
      return '';
    case OPTION.captivePortal:
      t.put('opt.captive_portal', t.string(at + 2, end - at - 2, 'utf8', true), at + 2, end - at - 2);
      return '';
    case OPTION.pref64: {
      t.add('opt.pref64.scaled_lifetime', at + 2);
      t.add('opt.pref64.plc', at + 2);
      const bytes = new Uint8Array(16);
      bytes.set(t.slice(at + 4, 12));
      t.put('opt.pref64.prefix', bytes, at + 4, 12);
      return '';
    }
    default:
      if (end > at + 2) t.add('data', at + 2, end - at - 2);
      return '';
  }
}

const IPV6 = 41;

function prefix(t: TreeBuilder, at: number): string {
  t.add('opt.prefix.length', at + 2);
  t.add('opt.prefix.flag', at + 3);
  t.nest(t.last());
  for (const bit of ['l', 'a', 'r', 'reserved']) t.add(`opt.prefix.flag.${bit}`, at + 3);
  t.close();
  t.add('opt.prefix.valid_lifetime', at + 4);
  t.add('opt.prefix.preferred_lifetime', at + 8);
  t.put('opt.reserved', new Uint8Array(0), at + 12, 4);
  t.add('opt.prefix', at + 16);
  return `${formatIpv6(t.slice(at + 16, 16))}/${t.u8(at + 2)}`;
}

/** The prefix takes as many bytes as the option's length leaves: 0, 8 or 16. */
function route(t: TreeBuilder, at: number, end: number): string {
  const flags = t.u8(at + 3);
  t.add('opt.prefix.length', at + 2);
  t.add('opt.route_info.flag', at + 3);
  t.nest(t.last());
  t.add('opt.route_info.flag.route_preference', at + 3);
  t.put('opt.route_info.flag.reserved', flags & 0xe7, at + 3, 1);
  t.close();
  t.add('opt.route_lifetime', at + 4);
  const bytes = new Uint8Array(16);
  bytes.set(t.slice(at + 8, Math.min(16, end - at - 8)));
  t.put('opt.prefix', bytes, at + 8, Math.min(16, end - at - 8));
  return `${PREFERENCES[(flags >>> 3) & 3]} ${formatIpv6(bytes)}/${t.u8(at + 2)}`;
}

function addresses(t: TreeBuilder, from: number, end: number): string {
  const list: string[] = [];
  for (let at = from; at + 16 <= end; at += 16) {
    t.add('opt.rdnss', at);
    list.push(formatIpv6(t.slice(at, 16)));
  }
  return list.join(' ');
}

/** Names as in DNS, without pointers; zeros fill up the option. */
function names(t: TreeBuilder, from: number, end: number): string {
  const list: string[] = [];
  let at = from;
  while (at < end && t.u8(at) !== 0) {
    const start = at;
    const labels: string[] = [];
    for (let length = t.u8(at); length !== 0; length = t.u8(at)) {
      if (at + 1 + length >= end) t.fail();
      labels.push(t.string(at + 1, length));
      at += 1 + length;
    }
    at++;
    t.put('opt.dnssl', labels.join('.'), start, at - start);
    list.push(labels.join('.'));
  }
  return list.join(' ');
}
