/** OSPF version 2 (RFC 2328) and 3 for IPv6 (RFC 5340): header, hello, database description, requests, updates, acknowledgments. */

import { formatIpv4 } from '../../base/address.ts';
import { defineProtocol } from '../protocol.ts';
import type { TreeBuilder } from '../tree.ts';

const AT = {
  version: 0,
  type: 1,
  length: 2,
  router: 4,
  area: 8,
  checksum: 12,
  authType: 14,
  instance: 14,
  authentication: 16,
} as const;
const HEADER = { two: 24, three: 16 } as const;
const TYPE = { hello: 1, description: 2, request: 3, update: 4, acknowledge: 5 } as const;
const TYPES: Readonly<Record<number, string>> = {
  1: 'Hello Packet',
  2: 'DB Description',
  3: 'LS Request',
  4: 'LS Update',
  5: 'LS Acknowledge',
};
const LSA = {
  age: 0,
  options: 2,
  type: 3,
  id: 4,
  router: 8,
  sequence: 12,
  checksum: 16,
  length: 18,
  header: 20,
} as const;
const TYPES2: Readonly<Record<number, string>> = {
  1: 'Router-LSA',
  2: 'Network-LSA',
  3: 'Summary-LSA (IP network)',
  4: 'Summary-LSA (ASBR)',
  5: 'AS-External-LSA (ASBR)',
  6: 'Group Membership LSA',
  7: 'NSSA AS-External-LSA',
  8: 'External Attributes LSA',
  9: 'Opaque LSA, Link-local scope',
  10: 'Opaque LSA, Area-local scope',
  11: 'Opaque LSA, AS-local scope',
};
const TYPES3: Readonly<Record<number, string>> = {
  0x2001: 'Router-LSA',
  0x2002: 'Network-LSA',
  0x2003: 'Inter-Area-Prefix-LSA',
  0x2004: 'Inter-Area-Router-LSA',
  0x4005: 'AS-External-LSA',
  0x2006: 'Group-Membership-LSA',
  0x2007: 'NSSA-LSA',
  0x0008: 'Link-LSA',
  0x2009: 'Intra-Area-Prefix-LSA',
};
const LINKS: Readonly<Record<number, string>> = {
  1: 'Point-to-point connection to another router',
  2: 'Connection to a transit network',
  3: 'Connection to a stub network',
  4: 'Virtual link',
};
const AUTHENTICATION: Readonly<Record<number, string>> = { 0: 'Null', 1: 'Simple password', 2: 'Cryptographic' };
const BODY_OPTIONS = new Set([0x2001, 0x2002, 0x0008]);
const LINK_STATE = { router: 1, network: 2 } as const;

export const ospf = defineProtocol({
  name: 'ospf',
  title: 'Open Shortest Path First',
  on: { 'ip.proto': [89] },
  header: AT.authType,
  fields: {
    header: { type: 'none', label: 'OSPF Header' },
    version: { type: 'u8', label: 'Version' },
    msg: { type: 'u8', label: 'Message Type', names: TYPES },
    'msg.hello': { type: 'bool', label: 'Hello' },
    'msg.dbdesc': { type: 'bool', label: 'Database Description' },
    'msg.lsreq': { type: 'bool', label: 'Link State Adv Request' },
    'msg.lsupdate': { type: 'bool', label: 'Link State Adv Update' },
    'msg.lsack': { type: 'bool', label: 'Link State Adv Acknowledgement' },
    packet_length: { type: 'u16', label: 'Packet Length' },
    srcrouter: { type: 'ipv4', label: 'Source OSPF Router' },
    area_id: { type: 'ipv4', label: 'Area ID' },
    checksum: { type: 'u16', show: 'hex', label: 'Checksum' },
    'auth.type': { type: 'u16', label: 'Auth Type', names: AUTHENTICATION },
    'auth.none': { type: 'bytes', length: 8, label: 'Auth Data (none)' },
    'auth.simple': { type: 'string', label: 'Auth Data (Simple)' },
    'auth.crypt.key_id': { type: 'u8', label: 'Auth Crypt Key id' },
    'auth.crypt.data_length': { type: 'u8', label: 'Auth Crypt Data Length' },
    'auth.crypt.seq_nbr': { type: 'u32', label: 'Auth Crypt Sequence Number' },
    'auth.crypt.data': { type: 'bytes', label: 'Auth Crypt Data' },
    'auth.unknown': { type: 'bytes', length: 8, label: 'Auth Unknown' },
    instance_id: { type: 'u8', label: 'Instance ID' },
    hello: { type: 'none', label: 'OSPF Hello Packet' },
    'hello.network_mask': { type: 'ipv4', label: 'Network Mask' },
    'hello.interface_id': { type: 'u32', label: 'Interface ID' },
    'hello.hello_interval': { type: 'u32', label: 'Hello Interval [sec]' },
    'hello.router_priority': { type: 'u8', label: 'Router Priority' },
    'hello.router_dead_interval': { type: 'u32', label: 'Router Dead Interval [sec]' },
    'hello.designated_router': { type: 'ipv4', label: 'Designated Router' },
    'hello.backup_designated_router': { type: 'ipv4', label: 'Backup Designated Router' },
    'hello.active_neighbor': { type: 'ipv4', label: 'Active Neighbor', many: true },
    'v2.options': { type: 'u8', show: 'hex', label: 'Options', many: true },
    'v3.options': { type: 'u24', show: 'hex', label: 'Options', many: true },
    'db.interface_mtu': { type: 'u16', label: 'Interface MTU' },
    dbd: { type: 'u8', show: 'hex', label: 'DB Description' },
    'dbd.r': { type: 'bool', of: 'u8', bits: [3, 3], label: '(R) OOBResync' },
    'dbd.i': { type: 'bool', of: 'u8', bits: [2, 2], label: '(I) Init' },
    'dbd.m': { type: 'bool', of: 'u8', bits: [1, 1], label: '(M) More' },
    'dbd.ms': { type: 'bool', of: 'u8', bits: [0, 0], label: '(MS) Master', flag: ['Yes', 'No'] },
    'db.dd_sequence': { type: 'u32', label: 'DD Sequence' },
    'ls.number_of_lsas': { type: 'u32', label: 'Number of LSAs' },
    'lsa.age': { type: 'u16', bits: [14, 0], label: 'LS Age (seconds)', many: true },
    'lsa.donotage': { type: 'u16', bits: [15, 15], label: 'Do Not Age Flag', many: true },
    lsa: { type: 'u8', label: 'LS Type', names: TYPES2, many: true },
    'v3.lsa': { type: 'u16', show: 'hex', label: 'LS Type', names: TYPES3, many: true },
    'lsa.id': { type: 'ipv4', label: 'Link State ID', many: true },
    link_state_id: { type: 'ipv4', label: 'Link State ID', many: true },
    advrouter: { type: 'ipv4', label: 'Advertising Router', many: true },
    'lsa.seqnum': { type: 'u32', show: 'hex', label: 'Sequence Number', many: true },
    'lsa.chksum': { type: 'u16', show: 'hex', label: 'Checksum', many: true },
    'lsa.length': { type: 'u16', label: 'Length', many: true },
    'lsa.router.linkid': { type: 'ipv4', label: 'Link ID', many: true },
    'lsa.router.linkdata': { type: 'ipv4', label: 'Link Data', many: true },
    'lsa.router.linktype': { type: 'u8', label: 'Link Type', names: LINKS, many: true },
    'lsa.router.nummetrics': { type: 'u8', label: 'Number of Metrics', many: true },
    'lsa.router.metric0': { type: 'u16', label: '0 Metric', many: true },
    'lsa.network.netmask': { type: 'ipv4', label: 'Netmask', many: true },
    'lsa.network.attchrtr': { type: 'ipv4', label: 'Attached Router', many: true },
  },
  tree(t) {
    const { at } = t;
    const version = t.u8(at);
    const type = t.u8(at + AT.type);
    const length = t.u16(at + AT.length);
    t.info(TYPES[type] ?? `Unknown (${type})`);
    t.nest(t.put('header', new Uint8Array(0), at, version === 2 ? HEADER.two : HEADER.three));
    t.add('version', at);
    t.add('msg', at + AT.type);
    const hidden = ['msg.hello', 'msg.dbdesc', 'msg.lsreq', 'msg.lsupdate', 'msg.lsack'][type - 1];
    if (hidden !== undefined) t.hide(hidden, 1, at + AT.type, 1);
    t.add('packet_length', at + AT.length);
    t.add('srcrouter', at + AT.router);
    t.add('area_id', at + AT.area);
    t.add('checksum', at + AT.checksum);
    if (version === 2) authentication(t, at, length);
    else t.add('instance_id', at + AT.instance);
    t.close();
    if (version !== 2 && version !== 3) return;
    const body = at + (version === 2 ? HEADER.two : HEADER.three);
    t.limit(at + length);
    if (type === TYPE.hello) hello(t, body, version);
    else if (type === TYPE.description) description(t, body, version);
    else if (type === TYPE.request) requests(t, body, version);
    else if (type === TYPE.update) updates(t, body, version);
    else if (type === TYPE.acknowledge) headers(t, body, version);
  },
});

function authentication(t: TreeBuilder, at: number, length: number): void {
  const kind = t.u16(at + AT.authType);
  const where = at + AT.authentication;
  t.add('auth.type', at + AT.authType);
  if (kind === 0) t.add('auth.none', where);
  else if (kind === 1) t.put('auth.simple', t.string(where, 8, 'ascii', true), where, 8);
  else if (kind === 2) {
    t.add('auth.crypt.key_id', where + 2);
    t.add('auth.crypt.data_length', where + 3);
    t.add('auth.crypt.seq_nbr', where + 4);
    const size = t.u8(where + 3);
    if (t.has(at + length, size)) t.add('auth.crypt.data', at + length, size);
  } else t.add('auth.unknown', where);
}

function hello(t: TreeBuilder, from: number, version: number): void {
  t.nest(t.put('hello', new Uint8Array(0), from, Math.max(0, t.end - from)));
  let at = from;
  if (version === 2) {
    at = t.add('hello.network_mask', at);
    t.put('hello.hello_interval', t.u16(at), at, 2);
    t.add('v2.options', at + 2);
    t.add('hello.router_priority', at + 3);
    at = t.add('hello.router_dead_interval', at + 4);
  } else {
    at = t.add('hello.interface_id', at);
    t.add('hello.router_priority', at);
    t.add('v3.options', at + 1);
    t.put('hello.hello_interval', t.u16(at + 4), at + 4, 2);
    t.put('hello.router_dead_interval', t.u16(at + 6), at + 6, 2);
    at += 8;
  }
  at = t.add('hello.designated_router', at);
  at = t.add('hello.backup_designated_router', at);
  while (at + 4 <= t.end) at = t.add('hello.active_neighbor', at);
  t.close();
}

function description(t: TreeBuilder, from: number, version: number): void {
  let at = from;
  if (version === 2) {
    t.add('db.interface_mtu', at);
    t.add('v2.options', at + 2);
    at += 3;
  } else {
    t.add('v3.options', at + 1);
    t.add('db.interface_mtu', at + 4);
    at += 7;
  }
  t.add('dbd', at);
  t.nest(t.last());
  for (const bit of ['dbd.r', 'dbd.i', 'dbd.m', 'dbd.ms']) t.add(bit, at);
  t.close();
  at = t.add('db.dd_sequence', at + 1);
  headers(t, at, version);
}

function requests(t: TreeBuilder, from: number, version: number): void {
  for (let at = from; at + 12 <= t.end; at += 12) {
    t.nest(t.text('Link State Request', at, 12));
    if (version === 2) t.put('lsa', t.u32(at) & 255, at, 4);
    else t.add('v3.lsa', at + 2);
    t.add('link_state_id', at + 4);
    t.add('advrouter', at + 8);
    t.close();
  }
}

function headers(t: TreeBuilder, from: number, version: number): void {
  for (let at = from; at + LSA.header <= t.end; at += LSA.header) {
    heading(t, at, version, LSA.header);
    t.close();
  }
}

function updates(t: TreeBuilder, from: number, version: number): void {
  t.add('ls.number_of_lsas', from);
  let at = from + 4;
  for (let left = t.u32(from); left > 0 && at < t.end; left--) {
    const length = t.u16(at + LSA.length);
    if (length < LSA.header) t.fail();
    heading(t, at, version, length);
    if (!t.has(at, length)) t.fail();
    const type = version === 2 ? t.u8(at + LSA.type) : 0;
    // Version 3 has options in the bodies of router, network and link advertisements.
    const hasOptions = version === 3 && BODY_OPTIONS.has(t.u16(at + LSA.options));
    if (hasOptions && length >= LSA.header + 4) t.add('v3.options', at + LSA.header + 1);
    if (type === LINK_STATE.router) links(t, at + LSA.header, at + length);
    else if (type === LINK_STATE.network) {
      let one = t.add('lsa.network.netmask', at + LSA.header);
      while (one + 4 <= at + length) one = t.add('lsa.network.attchrtr', one);
    }
    t.close();
    at += length;
  }
}

/** One advertisement's header; leaves its row open. */
function heading(t: TreeBuilder, at: number, version: number, length: number): void {
  const type = version === 2 ? t.u8(at + LSA.type) : t.u16(at + LSA.options);
  t.nest(
    t.text(
      `${(version === 2 ? TYPES2 : TYPES3)[type] ?? `LSA-type ${type}`}, Link State ID ${formatIpv4(t.u32(at + LSA.id))}, len ${t.u16(at + LSA.length)}`,
      at,
      Math.min(length, t.end - at),
    ),
  );
  t.add('lsa.age', at);
  if (version === 2) t.add('lsa.donotage', at);
  if (version === 2) {
    t.add('v2.options', at + LSA.options);
    t.add('lsa', at + LSA.type);
  } else t.add('v3.lsa', at + LSA.options);
  t.add(version === 2 ? 'lsa.id' : 'link_state_id', at + LSA.id);
  t.add('advrouter', at + LSA.router);
  t.add('lsa.seqnum', at + LSA.sequence);
  t.add('lsa.chksum', at + LSA.checksum);
  t.add('lsa.length', at + LSA.length);
}

function links(t: TreeBuilder, from: number, end: number): void {
  let at = from + 4;
  for (let left = t.u16(from + 2); left > 0 && at + 12 <= end; left--) {
    const metrics = t.u8(at + 9);
    t.nest(
      t.text(
        `Type: ${LINKS[t.u8(at + 8)] ?? 'Unknown'}, ID: ${formatIpv4(t.u32(at))}, Data: ${formatIpv4(t.u32(at + 4))}, Metric: ${t.u16(at + 10)}`,
        at,
        12,
      ),
    );
    t.add('lsa.router.linkid', at);
    t.add('lsa.router.linkdata', at + 4);
    t.add('lsa.router.linktype', at + 8);
    t.add('lsa.router.nummetrics', at + 9);
    t.add('lsa.router.metric0', at + 10);
    t.close();
    at += 12 + 4 * metrics;
  }
}
