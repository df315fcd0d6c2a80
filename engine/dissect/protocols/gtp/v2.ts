/** GTP version 2, the control plane of LTE's core (3GPP TS 29.274): messages of information elements, some of which hold others. */

import { defineProtocol } from '../../protocol.ts';
import type { TreeBuilder } from '../../tree.ts';
import { CAUSES_2, ELEMENTS_2, MESSAGES_2 } from './names-v2.ts';
import { digits, labels } from './text.ts';

const AT = { flags: 0, type: 1, length: 2, rest: 4 } as const;
const HAS_TEID = 0x08;
const PIGGYBACKED = 0x10;
const ELEMENT_HEADER = 4;
/** Elements that hold elements: TS 29.274 8. */
const GROUPS: readonly number[] = [93, 109, 180, 181, 191, 195, 196, 197, 198];
const ELEMENT = { imsi: 1, apn: 71, ambr: 72, mei: 75, msisdn: 76, paa: 79, qos: 80, fteid: 87 } as const;
/** Elements that are one field of one byte. */
const SIMPLE: Readonly<Record<number, string>> = { 2: 'cause', 3: 'rec', 73: 'ebi', 82: 'rat_type', 99: 'pdn_type' };
const RAT_TYPES: Readonly<Record<number, string>> = {
  1: 'UTRAN',
  2: 'GERAN',
  3: 'WLAN',
  4: 'GAN',
  5: 'HSPA Evolution',
  6: 'EUTRAN (WB-E-UTRAN)',
  7: 'Virtual',
  8: 'EUTRAN-NB-IoT',
  9: 'LTE-M',
  10: 'NR',
};
const PDN_TYPES: Readonly<Record<number, string>> = {
  1: 'IPv4',
  2: 'IPv6',
  3: 'IPv4/IPv6',
  4: 'Non-IP',
  5: 'Ethernet',
};
const V4 = 0x80;
const V6 = 0x40;

export const gtpv2 = defineProtocol({
  name: 'gtpv2',
  title: 'GPRS Tunneling Protocol V2',
  short: 'GTPv2',
  on: { 'gtp.version': [2] },
  fields: {
    flags: { type: 'u8', show: 'hex', label: 'Flags', many: true },
    version: { type: 'u8', bits: [7, 5], label: 'Version', many: true },
    p: { type: 'u8', bits: [4, 4], label: 'Piggybacking flag (P)', many: true },
    t: { type: 'u8', bits: [3, 3], label: 'TEID flag (T)', many: true },
    mp: { type: 'u8', bits: [2, 2], label: 'Message Priority(MP)', many: true },
    message_type: { type: 'u8', label: 'Message Type', names: MESSAGES_2, many: true },
    msg_length: { type: 'u16', label: 'Message Length', many: true },
    teid: { type: 'u32', show: 'hex-dec', label: 'Tunnel Endpoint Identifier', many: true },
    seq: { type: 'u24', show: 'hex-dec', label: 'Sequence Number', many: true },
    ie_type: { type: 'u8', label: 'IE Type', names: ELEMENTS_2, many: true },
    ie_len: { type: 'u16', label: 'IE Length', many: true },
    cr: { type: 'u8', bits: [7, 4], label: 'CR flag', many: true },
    instance: { type: 'u8', bits: [3, 0], label: 'Instance', many: true },
    imsi: { type: 'string', label: 'IMSI', abbrev: 'e212.imsi', many: true },
    msisdn: { type: 'string', label: 'E.164 number (MSISDN)', abbrev: 'e164.msisdn', many: true },
    mei: { type: 'string', label: 'MEI(Mobile Equipment Identity)', many: true },
    cause: { type: 'u8', label: 'Cause', names: CAUSES_2, many: true },
    rec: { type: 'u8', label: 'Restart Counter', many: true },
    apn: { type: 'string', label: 'APN (Access Point Name)', many: true },
    ambr_up: { type: 'u32', label: 'AMBR Uplink (Aggregate Maximum Bit Rate for Uplink)', many: true },
    ambr_down: { type: 'u32', label: 'AMBR Downlink(Aggregate Maximum Bit Rate for Downlink)', many: true },
    ebi: { type: 'u8', bits: [3, 0], label: 'EPS Bearer ID (EBI)', many: true },
    rat_type: { type: 'u8', label: 'RAT Type', names: RAT_TYPES, many: true },
    pdn_type: { type: 'u8', bits: [2, 0], label: 'PDN Type', names: PDN_TYPES, many: true },
    'pdn_addr_and_prefix.ipv4': { type: 'ipv4', label: 'PDN Address and Prefix(IPv4)', many: true },
    pdn_ipv6_len: { type: 'u8', label: 'IPv6 Prefix Length', many: true },
    'pdn_addr_and_prefix.ipv6': { type: 'ipv6', label: 'PDN Address and Prefix(IPv6)', many: true },
    bearer_qos_pl: { type: 'u8', bits: [5, 2], label: 'PL (Priority Level)', many: true },
    bearer_qos_label_qci: { type: 'u8', label: 'Label (QCI)', many: true },
    f_teid_v4: { type: 'bool', of: 'u8', bits: [7, 7], label: 'V4', many: true },
    f_teid_v6: { type: 'bool', of: 'u8', bits: [6, 6], label: 'V6', many: true },
    f_teid_interface_type: { type: 'u8', bits: [5, 0], label: 'Interface Type', many: true },
    f_teid_gre_key: { type: 'u32', show: 'hex-dec', label: 'TEID/GRE Key', many: true },
    f_teid_ipv4: { type: 'ipv4', label: 'F-TEID IPv4', many: true },
    f_teid_ipv6: { type: 'ipv6', label: 'F-TEID IPv6', many: true },
  },
  tree(t) {
    let names = '';
    // A second message may ride behind the first: TS 29.274 5.5.1.
    for (let { at } = t; at < t.end; ) {
      const isPiggybacked = (t.u8(at) & PIGGYBACKED) !== 0;
      names += `${names === '' ? '' : ' / '}${MESSAGES_2[t.u8(at + AT.type)] ?? 'Unknown'}`;
      t.info(names);
      at = message(t, at);
      if (!isPiggybacked) return;
    }
  },
});

function message(t: TreeBuilder, at: number): number {
  t.nest(t.put('flags', t.u8(at), at, 1));
  for (const key of ['version', 'p', 't', 'mp']) t.add(key, at);
  t.close();
  t.add('message_type', at + AT.type);
  t.add('msg_length', at + AT.length);
  const end = at + AT.rest + t.u16(at + AT.length);
  let next = at + AT.rest;
  if ((t.u8(at) & HAS_TEID) !== 0) next = t.add('teid', next);
  t.add('seq', next);
  elements(t, next + 4, Math.min(end, t.end));
  t.need(at, end - at);
  return end;
}

function elements(t: TreeBuilder, start: number, end: number): void {
  let at = start;
  while (at + ELEMENT_HEADER <= end) {
    const type = t.u8(at);
    const length = t.u16(at + 1);
    const body = at + ELEMENT_HEADER;
    t.nest(t.text(ELEMENTS_2[type] ?? `Unknown element (${type})`, at, ELEMENT_HEADER + length));
    t.add('ie_type', at);
    t.add('ie_len', at + 1);
    t.add('cr', at + 3);
    t.add('instance', at + 3);
    if (body + length > end) t.fail();
    if (GROUPS.includes(type)) elements(t, body, body + length);
    else if (length > 0) element(t, type, body, length);
    t.close();
    at = body + length;
  }
  if (at < end) t.expert('error', `${end - at} bytes are left: too few for an element`, at, end - at);
}

function element(t: TreeBuilder, type: number, at: number, length: number): void {
  const { bytes } = t;
  const end = at + length;
  const simple = SIMPLE[type];
  if (simple !== undefined) t.add(simple, at);
  else if (type === ELEMENT.imsi) t.put('imsi', digits(bytes, at, end), at, length);
  else if (type === ELEMENT.msisdn) t.put('msisdn', digits(bytes, at, end), at, length);
  else if (type === ELEMENT.mei) t.put('mei', digits(bytes, at, end), at, length);
  else if (type === ELEMENT.apn) t.put('apn', labels(bytes, at, end), at, length);
  else if (type === ELEMENT.ambr) t.add('ambr_down', t.add('ambr_up', at));
  else if (type === ELEMENT.paa) address(t, at, end);
  else if (type === ELEMENT.qos) {
    t.add('bearer_qos_pl', at);
    t.add('bearer_qos_label_qci', at + 1);
  } else if (type === ELEMENT.fteid) endpoint(t, at);
}

/** TS 29.274 8.14. */
function address(t: TreeBuilder, at: number, end: number): void {
  const type = t.u8(at) & 7;
  let next = t.add('pdn_type', at);
  if (type === 2 || type === 3) {
    t.add('pdn_ipv6_len', next);
    next = t.add('pdn_addr_and_prefix.ipv6', next + 1);
  }
  if ((type === 1 || type === 3) && next < end) t.add('pdn_addr_and_prefix.ipv4', next);
}

/** TS 29.274 8.22. */
function endpoint(t: TreeBuilder, at: number): void {
  const flags = t.u8(at);
  t.add('f_teid_v4', at);
  t.add('f_teid_v6', at);
  t.add('f_teid_interface_type', at);
  let next = t.add('f_teid_gre_key', at + 1);
  if ((flags & V4) !== 0) next = t.add('f_teid_ipv4', next);
  if ((flags & V6) !== 0) t.add('f_teid_ipv6', next);
}
