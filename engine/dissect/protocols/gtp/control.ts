/** Information elements of GTP version 1's control plane (3GPP TS 29.060 7.7). */

import type { FieldSpec } from '../../field-spec.ts';
import type { TreeBuilder } from '../../tree.ts';
import { CAUSES, ELEMENTS, FIXED_LENGTHS } from './names.ts';
import { digits, labels } from './text.ts';

const SELECTION_MODES: Readonly<Record<number, string>> = {
  0: 'MS or network provided APN, subscription verified',
  1: 'MS provided APN, subscription not verified',
  2: 'Network provided APN, subscription not verified',
};
const PDP_ORGANISATIONS: Readonly<Record<number, string>> = { 0: 'ETSI', 1: 'IETF' };
const PDP_TYPES: Readonly<Record<number, string>> = { 0x21: 'IPv4', 0x57: 'IPv6', 0x8d: 'IPv4v6' };

export const controlFields: Readonly<Record<string, FieldSpec>> = {
  cause: { type: 'u8', label: 'Cause', names: CAUSES, many: true },
  imsi: { type: 'string', label: 'IMSI', abbrev: 'e212.imsi', many: true },
  msisdn: { type: 'string', label: 'E.164 number (MSISDN)', abbrev: 'e164.msisdn', many: true },
  recovery: { type: 'u8', label: 'Recovery', many: true },
  sel_mode: { type: 'u8', bits: [1, 0], label: 'Selection mode', names: SELECTION_MODES, many: true },
  teid_data: { type: 'u32', show: 'hex-dec', label: 'TEID Data I', many: true },
  teid_cp: { type: 'u32', show: 'hex-dec', label: 'TEID Control Plane', many: true },
  nsapi: { type: 'u8', bits: [3, 0], label: 'NSAPI', many: true },
  chrg_char: { type: 'u16', label: 'Charging characteristics', many: true },
  chrg_id: { type: 'u32', show: 'hex-dec', label: 'Charging ID', many: true },
  user_addr_pdp_org: { type: 'u8', label: 'PDP type organization', names: PDP_ORGANISATIONS, many: true },
  user_addr_pdp_type: { type: 'u8', show: 'hex', label: 'PDP type number', names: PDP_TYPES, many: true },
  'user.ipv4': { type: 'ipv4', label: 'End user address IPv4', abbrev: 'gtp.user_ipv4', many: true },
  'user.ipv6': { type: 'ipv6', label: 'End user address IPv6', abbrev: 'gtp.user_ipv6', many: true },
  apn: { type: 'string', label: 'APN', many: true },
  gsn_ipv4: { type: 'ipv4', label: 'GSN address IPv4', many: true },
  gsn_ipv6: { type: 'ipv6', label: 'GSN address IPv6', many: true },
};

const FIRST_WITH_LENGTH = 128;
/** Elements that are one field. */
const SIMPLE: Readonly<Record<number, string>> = {
  1: 'cause',
  14: 'recovery',
  15: 'sel_mode',
  16: 'teid_data',
  17: 'teid_cp',
  20: 'nsapi',
  26: 'chrg_char',
  127: 'chrg_id',
};
const ELEMENT = { imsi: 2, address: 128, apn: 131, gsn: 133, msisdn: 134 } as const;

/** The elements of [start, end). */
export function elements(t: TreeBuilder, start: number, end: number): void {
  let at = start;
  while (at < end) {
    const type = t.u8(at);
    const hasLength = type >= FIRST_WITH_LENGTH;
    const length = hasLength ? t.u16(at + 1) : FIXED_LENGTHS[type];
    if (length === undefined) {
      // Without a length nobody can tell where the next one begins.
      t.text(`Unknown element (${type})`, at, end - at);
      return;
    }
    const body = at + (hasLength ? 3 : 1);
    t.need(body, length);
    t.nest(t.text(ELEMENTS[type] ?? `Element ${type}`, at, body + length - at));
    if (hasLength) t.add('length', at + 1);
    element(t, type, body, length);
    t.close();
    at = body + length;
  }
}

function element(t: TreeBuilder, type: number, at: number, length: number): void {
  const end = at + length;
  const simple = SIMPLE[type];
  if (simple !== undefined) t.add(simple, at);
  else if (type === ELEMENT.imsi) t.put('imsi', digits(t.bytes, at, end), at, length);
  else if (type === ELEMENT.apn) t.put('apn', labels(t.bytes, at, end), at, length);
  else if (type === ELEMENT.msisdn && length > 1) t.put('msisdn', digits(t.bytes, at + 1, end), at + 1, length - 1);
  else if (type === ELEMENT.gsn && length === 4) t.add('gsn_ipv4', at);
  else if (type === ELEMENT.gsn && length === 16) t.add('gsn_ipv6', at);
  else if (type === ELEMENT.address && length >= 2) {
    t.put('user_addr_pdp_org', t.u8(at) & 15, at, 1);
    t.add('user_addr_pdp_type', at + 1);
    if (length === 6 || length === 22) t.add('user.ipv4', at + 2);
    if (length === 18 || length === 22) t.add('user.ipv6', end - 16);
  }
}
