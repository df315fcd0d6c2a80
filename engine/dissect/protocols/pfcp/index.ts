/** PFCP (3GPP TS 29.244): the control plane tells the user plane of a mobile network what to do with packets. */

import { defineProtocol } from '../../protocol.ts';
import type { TreeBuilder } from '../../tree.ts';
import { CAUSES, ELEMENTS, INTERFACES, MESSAGES } from './names.ts';

const AT = { flags: 0, type: 1, length: 2, rest: 4 } as const;
const HAS_SEID = 0x01;
const ELEMENT_HEADER = 4;
const ENTERPRISE = 0x8000;
/** Elements that hold elements. */
const GROUPED =
  /^(?:Create|Update|Remove|Created|Updated|Query) (?:PDR|FAR|URR|QER|BAR|MAR|SRR|Traffic Endpoint)|^PDI$|Forwarding Parameters|Usage Report$|^Usage Report|Downlink Data Report|Error Indication Report|Load Control Information|Overload Control Information|^Application Detection Information|^User Plane Path Failure Report|^Duplicating Parameters/;
const NODE_TYPES: Readonly<Record<number, string>> = { 0: 'IPv4 address', 1: 'IPv6 address', 2: 'FQDN' };
const ELEMENT = {
  cause: 19,
  source: 20,
  fteid: 21,
  network: 22,
  precedence: 29,
  destination: 42,
  action: 44,
  pdr: 56,
  fseid: 57,
  node: 60,
  outer: 84,
  address: 93,
  recovery: 96,
  far: 108,
} as const;
/** Elements that are one field. */
const SIMPLE: Readonly<Record<number, string>> = {
  [ELEMENT.cause]: 'cause',
  [ELEMENT.source]: 'source_interface',
  [ELEMENT.destination]: 'dst_interface',
  [ELEMENT.pdr]: 'pdr_id',
};
const ACTIONS = ['drop', 'forw', 'buff', 'nocp', 'dupl'] as const;
const NTP_TO_1970 = 2_208_988_800n;
const SECOND = 1_000_000_000n;

const flag = (place: number, label: string) =>
  ({ type: 'bool', of: 'u8', bits: [place, place], label, many: true }) as const;

export const pfcp = defineProtocol({
  name: 'pfcp',
  title: 'Packet Forwarding Control Protocol',
  on: { 'udp.port': [8805] },
  fields: {
    flags: { type: 'u8', show: 'hex', label: 'Flags' },
    version: { type: 'u8', bits: [7, 5], label: 'Version' },
    fo_flag: flag(2, 'Follow On (FO)'),
    mp_flag: flag(1, 'Message Priority (MP)'),
    s: flag(0, 'SEID (S)'),
    msg_type: { type: 'u8', label: 'Message Type', names: MESSAGES },
    length: { type: 'u16', label: 'Length' },
    seid: { type: 'u64', show: 'hex', label: 'SEID', many: true },
    seqno: { type: 'u24', label: 'Sequence Number' },
    ie_type: { type: 'u16', label: 'IE Type', names: ELEMENTS, many: true },
    ie_len: { type: 'u16', label: 'IE Length', many: true },
    enterprise_ie: { type: 'u16', label: 'Enterprise specific IE Type', many: true },
    enterprise_id: { type: 'u16', label: 'Enterprise ID', many: true },
    enterprise_ie_data: { type: 'bytes', label: 'Enterprise IE Data', many: true },
    cause: { type: 'u8', label: 'Cause', names: CAUSES, many: true },
    node_id_type: { type: 'u8', bits: [3, 0], label: 'Address Type', names: NODE_TYPES, many: true },
    node_id_ipv4: { type: 'ipv4', label: 'IPv4', many: true },
    node_id_ipv6: { type: 'ipv6', label: 'IPv6', many: true },
    node_id_fqdn: { type: 'string', label: 'FQDN', many: true },
    recovery_time_stamp: { type: 'time', label: 'Recovery Time Stamp', many: true },
    'f_seid_flags.v4': flag(1, 'V4 (IPv4)'),
    'f_seid_flags.v6': flag(0, 'V6 (IPv6)'),
    'f_seid.ipv4': { type: 'ipv4', label: 'IPv4 address', many: true },
    'f_seid.ipv6': { type: 'ipv6', label: 'IPv6 address', many: true },
    pdr_id: { type: 'u16', label: 'Rule ID', many: true },
    precedence: { type: 'u32', label: 'Precedence', many: true },
    source_interface: { type: 'u8', bits: [3, 0], label: 'Source Interface', names: INTERFACES, many: true },
    dst_interface: { type: 'u8', bits: [3, 0], label: 'Interface', names: INTERFACES, many: true },
    network_instance: { type: 'string', label: 'Network Instance', many: true },
    'f_teid_flags.ch': flag(2, 'CH (CHOOSE)'),
    'f_teid_flags.v6': flag(1, 'V6 (IPv6)'),
    'f_teid_flags.v4': flag(0, 'V4 (IPv4)'),
    'f_teid.teid': { type: 'u32', show: 'hex', label: 'TEID', many: true },
    'f_teid.ipv4_addr': { type: 'ipv4', label: 'IPv4 address', many: true },
    'f_teid.ipv6_addr': { type: 'ipv6', label: 'IPv6 address', many: true },
    'ue_ip_address_flag.v4': flag(1, 'V4 (IPv4)'),
    'ue_ip_address_flag.v6': flag(0, 'V6 (IPv6)'),
    ue_ip_addr_ipv4: { type: 'ipv4', label: 'IPv4 address', many: true },
    ue_ip_addr_ipv6: { type: 'ipv6', label: 'IPv6 address', many: true },
    far_id_flg: {
      type: 'bool',
      of: 'u32',
      bits: [31, 31],
      label: 'Allocation type',
      flag: ['Predefined by UP', 'Dynamic by CP'],
      many: true,
    },
    far_id: { type: 'u32', bits: [30, 0], label: 'FAR ID', many: true },
    'apply_action.drop': flag(0, 'DROP (Drop)'),
    'apply_action.forw': flag(1, 'FORW (Forward)'),
    'apply_action.buff': flag(2, 'BUFF (Buffer)'),
    'apply_action.nocp': flag(3, 'NOCP (Notify the CP function)'),
    'apply_action.dupl': flag(4, 'DUPL (Duplicate)'),
    outer_hdr_desc: { type: 'u16', label: 'Outer Header Creation Description', many: true },
    'outer_hdr_creation.teid': { type: 'u32', show: 'hex', label: 'TEID', many: true },
    'outer_hdr_creation.ipv4': { type: 'ipv4', label: 'IPv4 Address', many: true },
    'outer_hdr_creation.ipv6': { type: 'ipv6', label: 'IPv6 Address', many: true },
  },
  tree(t) {
    const { at } = t;
    const flags = t.u8(at);
    const type = t.u8(at + AT.type);
    t.need(at, AT.rest);
    t.info(MESSAGES[type] ?? `Unknown message (${type})`);
    t.nest(t.put('flags', flags, at, 1));
    for (const key of ['version', 'fo_flag', 'mp_flag', 's']) t.add(key, at);
    t.close();
    t.add('msg_type', at + AT.type);
    t.add('length', at + AT.length);
    let next = at + AT.rest;
    if ((flags & HAS_SEID) !== 0) next = t.add('seid', next);
    t.add('seqno', next);
    const end = at + AT.rest + t.u16(at + AT.length);
    elements(t, next + 4, Math.min(end, t.end));
    t.need(at, end - at);
  },
});

function elements(t: TreeBuilder, start: number, end: number): void {
  let at = start;
  while (at + ELEMENT_HEADER <= end) {
    const type = t.u16(at);
    const length = t.u16(at + 2);
    const body = at + ELEMENT_HEADER;
    const name = ELEMENTS[type] ?? (type < ENTERPRISE ? `Unknown element (${type})` : 'Enterprise element');
    t.nest(t.text(name, at, ELEMENT_HEADER + length));
    t.add(type < ENTERPRISE ? 'ie_type' : 'enterprise_ie', at);
    t.add('ie_len', at + 2);
    if (body + length > end) t.fail();
    if (type >= ENTERPRISE) enterprise(t, body, length);
    else if (GROUPED.test(name)) elements(t, body, body + length);
    else if (length > 0) element(t, type, body, length);
    t.close();
    at = body + length;
  }
  if (at < end) t.fail();
}

function enterprise(t: TreeBuilder, at: number, length: number): void {
  t.add('enterprise_id', at);
  if (length > 2) t.add('enterprise_ie_data', at + 2, length - 2);
}

function element(t: TreeBuilder, type: number, at: number, length: number): void {
  const simple = SIMPLE[type];
  if (simple !== undefined) t.add(simple, at);
  else if (type === ELEMENT.precedence) t.add('precedence', at);
  else if (type === ELEMENT.far) {
    t.add('far_id_flg', at);
    t.add('far_id', at);
  } else if (type === ELEMENT.network) t.put('network_instance', networkName(t, at, length), at, length);
  else if (type === ELEMENT.recovery) t.put('recovery_time_stamp', (BigInt(t.u32(at)) - NTP_TO_1970) * SECOND, at, 4);
  else if (type === ELEMENT.action) for (const key of ACTIONS) t.add(`apply_action.${key}`, at);
  else if (type === ELEMENT.node) node(t, at, length);
  else if (type === ELEMENT.fseid) session(t, at);
  else if (type === ELEMENT.fteid) endpoint(t, at);
  else if (type === ELEMENT.address) address(t, at);
  else if (type === ELEMENT.outer) outer(t, at);
}

/** Labels behind their lengths, or plain text: both are met. */
function networkName(t: TreeBuilder, at: number, length: number): string {
  return t.u8(at) < 0x20 ? names(t, at, at + length) : t.string(at, length);
}

function names(t: TreeBuilder, start: number, end: number): string {
  const parts: string[] = [];
  for (let at = start; at < end; ) {
    const length = Math.min(t.u8(at), end - at - 1);
    parts.push(t.string(at + 1, length));
    at += 1 + length;
  }
  return parts.join('.');
}

function node(t: TreeBuilder, at: number, length: number): void {
  const type = t.u8(at) & 15;
  t.add('node_id_type', at);
  if (type === 0) t.add('node_id_ipv4', at + 1);
  else if (type === 1) t.add('node_id_ipv6', at + 1);
  else t.put('node_id_fqdn', names(t, at + 1, at + length), at + 1, length - 1);
}

/** TS 29.244 8.2.37. */
function session(t: TreeBuilder, at: number): void {
  const flags = t.u8(at);
  t.add('f_seid_flags.v4', at);
  t.add('f_seid_flags.v6', at);
  let next = t.add('seid', at + 1);
  if ((flags & 2) !== 0) next = t.add('f_seid.ipv4', next);
  if ((flags & 1) !== 0) t.add('f_seid.ipv6', next);
}

/** TS 29.244 8.2.3. */
function endpoint(t: TreeBuilder, at: number): void {
  const flags = t.u8(at);
  for (const key of ['ch', 'v6', 'v4']) t.add(`f_teid_flags.${key}`, at);
  if ((flags & 4) !== 0) return; // the other side chooses
  let next = t.add('f_teid.teid', at + 1);
  if ((flags & 1) !== 0) next = t.add('f_teid.ipv4_addr', next);
  if ((flags & 2) !== 0) t.add('f_teid.ipv6_addr', next);
}

/** TS 29.244 8.2.62. */
function address(t: TreeBuilder, at: number): void {
  const flags = t.u8(at);
  t.add('ue_ip_address_flag.v4', at);
  t.add('ue_ip_address_flag.v6', at);
  let next = at + 1;
  if ((flags & 2) !== 0) next = t.add('ue_ip_addr_ipv4', next);
  if ((flags & 1) !== 0) t.add('ue_ip_addr_ipv6', next);
}

/** TS 29.244 8.2.56: bits of the first byte say what follows. */
function outer(t: TreeBuilder, at: number): void {
  const kinds = t.u8(at);
  t.add('outer_hdr_desc', at);
  let next = at + 2;
  if ((kinds & 0x03) !== 0) next = t.add('outer_hdr_creation.teid', next);
  if ((kinds & 0x15) !== 0) next = t.add('outer_hdr_creation.ipv4', next);
  if ((kinds & 0x2a) !== 0) t.add('outer_hdr_creation.ipv6', next);
}
