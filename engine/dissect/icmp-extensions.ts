/**
 * ICMP multi-part messages (RFC 4884), for ICMP and ICMPv6: a header, then objects. Known are label stacks (RFC 4950),
 * interface information (RFC 5837) and interface identification (RFC 8335).
 */

import { fold16, sum16 } from '../base/checksum.ts';
import type { FieldSpec } from './protocol.ts';
import type { TreeBuilder } from './tree.ts';

const OBJECT = { length: 0, class: 2, ctype: 3, data: 4 } as const;
const CLASS = { labels: 1, interface: 2, identification: 3 } as const;
const CLASSES: Readonly<Record<number, string>> = {
  1: 'MPLS Label Stack Class',
  2: 'Interface Information Object',
  3: 'Interface Identification Object',
};
const FAMILIES: Readonly<Record<number, string>> = { 1: 'IPv4', 2: 'IPv6' };
const STATUS: Readonly<Record<number, string>> = {
  0: 'Bad',
  1: 'Good',
  2: 'Unverified',
  3: 'Not present',
  4: 'Illegal',
};

export const icmpExtensionFields = {
  ext: { type: 'none', label: 'ICMP Extensions', abbrev: 'icmp.ext' },
  'ext.version': { type: 'u8', bits: [7, 4], label: 'Version', abbrev: 'icmp.ext.version' },
  'ext.res': { type: 'u16', bits: [11, 0], show: 'hex', label: 'Reserved', abbrev: 'icmp.ext.res' },
  'ext.checksum': { type: 'u16', show: 'hex', label: 'Checksum', abbrev: 'icmp.ext.checksum' },
  'ext.checksum.status': { type: 'u8', label: 'Checksum Status', names: STATUS, abbrev: 'icmp.ext.checksum.status' },
  'ext.length': { type: 'u16', label: 'Length', abbrev: 'icmp.ext.length', many: true },
  'ext.class': { type: 'u8', label: 'Class', names: CLASSES, abbrev: 'icmp.ext.class', many: true },
  'ext.ctype': { type: 'u8', label: 'C-Type', abbrev: 'icmp.ext.ctype', many: true },
  'ext.data': { type: 'bytes', label: 'Data', abbrev: 'icmp.ext.data', many: true },
  'mpls.label': { type: 'u24', bits: [23, 4], label: 'Label', abbrev: 'icmp.mpls.label', many: true },
  'mpls.exp': { type: 'u24', bits: [3, 1], label: 'Experimental', abbrev: 'icmp.mpls.exp', many: true },
  'mpls.s': { type: 'bool', of: 'u24', bits: [0, 0], label: 'Stack bit', abbrev: 'icmp.mpls.s', many: true },
  'mpls.ttl': { type: 'u8', label: 'Time to live', abbrev: 'icmp.mpls.ttl', many: true },
  'int_info.role': {
    type: 'u8',
    bits: [7, 6],
    label: 'Interface Role',
    abbrev: 'icmp.int_info.role',
    many: true,
    names: {
      0: 'IP interface upon which datagram arrived',
      1: 'sub-IP component of an IP interface upon which datagram arrived',
      2: 'IP interface through which datagram would be forwarded',
      3: 'IP next-hop to which datagram would be forwarded',
    },
  },
  'int_info.reserved': { type: 'u8', bits: [5, 4], label: 'Reserved', abbrev: 'icmp.int_info.reserved', many: true },
  'int_info.ifindex': {
    type: 'bool',
    of: 'u8',
    bits: [3, 3],
    label: 'ifIndex',
    abbrev: 'icmp.int_info.ifindex',
    many: true,
  },
  'int_info.ipaddr': {
    type: 'bool',
    of: 'u8',
    bits: [2, 2],
    label: 'IP Address',
    flag: ['Present', 'Not Present'],
    abbrev: 'icmp.int_info.ipaddr',
    many: true,
  },
  'int_info.name_present': {
    type: 'bool',
    of: 'u8',
    bits: [1, 1],
    label: 'Interface Name',
    flag: ['Present', 'Not Present'],
    abbrev: 'icmp.int_info.name_present',
    many: true,
  },
  'int_info.mtu_present': {
    type: 'bool',
    of: 'u8',
    bits: [0, 0],
    label: 'MTU',
    flag: ['Present', 'Not Present'],
    abbrev: 'icmp.int_info.mtu_present',
    many: true,
  },
  'int_info.index': { type: 'u32', label: 'Interface Index', abbrev: 'icmp.int_info.index', many: true },
  'int_info.afi': {
    type: 'u16',
    label: 'Address Family Identifier',
    names: FAMILIES,
    abbrev: 'icmp.int_info.afi',
    many: true,
  },
  'int_info.ipv4': { type: 'ipv4', label: 'Source', abbrev: 'icmp.int_info.ipv4', many: true },
  'int_info.ipv6': { type: 'ipv6', label: 'Source', abbrev: 'icmp.int_info.ipv6', many: true },
  'int_info.name_length': { type: 'u8', label: 'Name Length', abbrev: 'icmp.int_info.name_length', many: true },
  'int_info.name': { type: 'string', label: 'Name', abbrev: 'icmp.int_info.name', many: true },
  'int_info.mtu': { type: 'u32', label: 'Maximum Transmission Unit', abbrev: 'icmp.int_info.mtu', many: true },
  'int_ident.name': { type: 'string', label: 'Name', abbrev: 'icmp.int_ident.name' },
  'int_ident.index': { type: 'u32', label: 'Interface Index', abbrev: 'icmp.int_ident.index' },
  'int_ident.afi': { type: 'u16', label: 'Address Family Identifier', names: FAMILIES, abbrev: 'icmp.int_ident.afi' },
  'int_ident.addr_length': { type: 'u8', label: 'Address Length', abbrev: 'icmp.int_ident.addr_length' },
  'int_ident.reserved': { type: 'bytes', length: 1, label: 'Reserved', abbrev: 'icmp.int_ident.reserved' },
  'int_ident.ipv4': { type: 'ipv4', label: 'Address', abbrev: 'icmp.int_ident.ipv4' },
  'int_ident.ipv6': { type: 'ipv6', label: 'Address', abbrev: 'icmp.int_ident.ipv6' },
  'int_ident.address': { type: 'bytes', label: 'Address', abbrev: 'icmp.int_ident.address' },
} as const satisfies Record<string, FieldSpec>;

/** The extension structure at [at, end of the layer). */
export function icmpExtensions(t: TreeBuilder, at: number): void {
  t.put('ext', new Uint8Array(0), at, t.end - at, 'ICMP Multi-Part Extensions');
  t.nest(t.last());
  t.add('ext.version', at);
  t.add('ext.res', at);
  const sum = t.u16(at + 2);
  const isWhole = t.end === t.wireEnd;
  const isGood = fold16(sum16(t.bytes, at, t.end)) === 0xffff;
  t.add('ext.checksum', at + 2);
  t.generated('ext.checksum.status', sum === 0 ? 3 : !isWhole ? 2 : isGood ? 1 : 0, at + 2, 2);
  let next = at + 4;
  while (next + OBJECT.data <= t.end) {
    const length = t.u16(next + OBJECT.length);
    if (length < OBJECT.data) break;
    object(t, next, next + length);
    next += length;
  }
  t.close();
}

function object(t: TreeBuilder, at: number, end: number): void {
  const kind = t.u8(at + OBJECT.class);
  t.nest(
    t.text(kind === CLASS.labels ? 'MPLS Stack Entry' : (CLASSES[kind] ?? `Unknown object (${kind})`), at, end - at),
  );
  t.add('ext.length', at + OBJECT.length);
  t.add('ext.class', at + OBJECT.class);
  const data = at + OBJECT.data;
  if (kind === CLASS.interface) interfaceInformation(t, at + OBJECT.ctype, end);
  else {
    t.add('ext.ctype', at + OBJECT.ctype);
    if (kind === CLASS.labels) labels(t, data, end);
    else if (kind === CLASS.identification) identification(t, t.u8(at + OBJECT.ctype), data, end);
    else if (end > data) t.add('ext.data', data, end - data);
  }
  t.close();
}

function labels(t: TreeBuilder, from: number, end: number): void {
  for (let at = from; at + 4 <= end; at += 4) {
    const entry = t.u32(at);
    t.nest(
      t.text(`Label: ${entry >>> 12}, Exp: ${(entry >>> 9) & 7}, S: ${(entry >>> 8) & 1}, TTL: ${entry & 255}`, at, 4),
    );
    for (const key of ['mpls.label', 'mpls.exp', 'mpls.s']) t.add(key, at);
    t.add('mpls.ttl', at + 3);
    t.close();
  }
}

/** RFC 5837 4.1: bits of the type say which parts follow, in this order. */
function interfaceInformation(t: TreeBuilder, at: number, end: number): void {
  const parts = t.u8(at);
  for (const key of ['role', 'reserved', 'ifindex', 'ipaddr', 'name_present', 'mtu_present'])
    t.add(`int_info.${key}`, at);
  let next = at + 1;
  if ((parts & 8) !== 0) next = t.add('int_info.index', next);
  if ((parts & 4) !== 0) {
    const family = t.u16(next);
    t.add('int_info.afi', next);
    next = t.add(family === 2 ? 'int_info.ipv6' : 'int_info.ipv4', next + 4);
  }
  if ((parts & 2) !== 0) {
    const length = t.u8(next);
    t.add('int_info.name_length', next);
    t.put('int_info.name', t.string(next + 1, Math.min(length, end - next) - 1, 'utf8', true), next + 1, length - 1);
    next += length;
  }
  if ((parts & 1) !== 0) t.add('int_info.mtu', next);
}

/** RFC 8335 2.1: by name, by index or by address. */
function identification(t: TreeBuilder, how: number, at: number, end: number): void {
  if (how === 1) t.put('int_ident.name', t.string(at, end - at, 'utf8', true), at, end - at);
  else if (how === 2) t.add('int_ident.index', at);
  else if (how === 3) {
    const family = t.u16(at);
    const length = t.u8(at + 2);
    t.add('int_ident.afi', at);
    t.add('int_ident.addr_length', at + 2);
    t.add('int_ident.reserved', at + 3);
    if (family === 1 && length === 4) t.add('int_ident.ipv4', at + 4);
    else if (family === 2 && length === 16) t.add('int_ident.ipv6', at + 4);
    else t.add('int_ident.address', at + 4, end - at - 4);
  }
}
