/** EAP (RFC 3748) inside RADIUS and 802.1X; the TLS of its methods (RFC 5216, RFC 5281, PEAP) where it is not in fragments. */

import { defineProtocol } from '../protocol.ts';
import type { TreeBuilder } from '../tree.ts';

const AT = { code: 0, id: 1, length: 2, type: 4, data: 5 } as const;
const CODES: Readonly<Record<number, string>> = {
  1: 'Request',
  2: 'Response',
  3: 'Success',
  4: 'Failure',
  5: 'Initiate',
  6: 'Finish',
};
const TYPES: Readonly<Record<number, string>> = {
  1: 'Identity',
  2: 'Notification',
  3: 'Legacy Nak (Response Only)',
  4: 'MD5-Challenge EAP (EAP-MD5-CHALLENGE)',
  5: 'One-Time Password EAP (EAP-OTP)',
  6: 'Generic Token Card EAP (EAP-GTC)',
  7: 'Allocated',
  8: 'Allocated',
  9: 'RSA Public Key Authentication EAP (EAP-RSA-PKA)',
  10: 'DSS Unilateral EAP (EAP-DSS)',
  11: 'KEA EAP (EAP-KEA)',
  12: 'KEA Validate EAP (EAP-KEA-VALIDATE)',
  13: 'TLS EAP (EAP-TLS)',
  14: 'Defender Token EAP (EAP-AXENT)',
  15: 'RSA Security SecurID EAP (EAP-RSA-SECURID)',
  16: 'Arcot Systems EAP (EAP-ARCOT-SYSTEMS)',
  17: 'Cisco Wireless EAP / Lightweight EAP (EAP-LEAP)',
  18: 'GSM Subscriber Identity Modules EAP (EAP-SIM)',
  19: 'Secure Remote Password SHA1 Part 1 EAP (EAP-SRP-SHA1-PART1)',
  20: 'Secure Remote Password SHA1 Part 2 EAP (EAP-SRP-SHA1-PART2)',
  21: 'Tunneled TLS EAP (EAP-TTLS)',
  22: 'Remote Access Service EAP (EAP-RAS)',
  23: 'UMTS Authentication and Key Agreement EAP (EAP-AKA)',
  24: '3Com Wireless EAP (EAP-3COM-WIRELESS)',
  25: 'Protected EAP (EAP-PEAP)',
  26: 'MS-Authentication EAP (EAP-MS-AUTH)',
  27: 'Mutual Authentication w/Key Exchange EAP (EAP-MAKE)',
  28: 'CRYPTOCard EAP (EAP-CRYPTOCARD)',
  29: 'MS-CHAP-v2 EAP (EAP-MS-CHAP-V2)',
  30: 'DynamID EAP (EAP-DYNAMID)',
  31: 'Rob EAP (EAP-ROB)',
  32: 'Protected One-Time Password EAP (EAP-POTP)',
  33: 'MS-Authentication TLV EAP (EAP-MS-AUTH-TLV)',
  34: 'SentriNET (EAP-SENTRINET)',
  35: 'Actiontec Wireless EAP (EAP-ACTIONTEC-WIRELESS)',
  36: 'Cogent Systems Biometrics Authentication EAP (EAP-COGENT-BIOMETRIC)',
  37: 'AirFortress EAP (EAP-AIRFORTRESS)',
  38: 'HTTP Digest EAP (EAP-HTTP-DIGEST)',
  39: 'SecureSuite EAP (EAP-SECURESUITE)',
  40: 'DeviceConnect EAP (EAP-DEVICECONNECT)',
  41: 'Simple Password Exponential Key Exchange EAP (EAP-SPEKE)',
  42: 'MOBAC EAP (EAP-MOBAC)',
  43: 'Flexible Authentication via Secure Tunneling EAP (EAP-FAST)',
  44: 'ZoneLabs EAP (EAP-ZLXEAP)',
  45: 'Link EAP (EAP-LINK)',
  46: 'Password Authenticated eXchange EAP (EAP-PAX)',
  47: 'Pre-Shared Key EAP (EAP-PSK)',
  48: 'Shared-secret Authentication and Key Establishment EAP (EAP-SAKE)',
  49: 'Internet Key Exchange v2 EAP (EAP-IKEv2)',
  50: "UMTS Authentication and Key Agreement' EAP (EAP-AKA')",
  51: 'Generalized Pre-Shared Key EAP (EAP-GPSK)',
  52: 'Password EAP (EAP-pwd)',
  53: 'Encrypted Key Exchange v1 EAP (EAP-EKEv1)',
  55: 'Tunneled EAP protocol',
  254: 'Expanded Type',
  255: 'Experimental',
};
const TYPE = {
  identity: 1,
  notification: 2,
  nak: 3,
  md5: 4,
  tls: 13,
  ttls: 21,
  peap: 25,
  msChapV2: 26,
  fast: 43,
  teap: 55,
  expanded: 254,
} as const;
/** Methods that begin with the flags of EAP-TLS. */
const TLS_METHODS: readonly number[] = [TYPE.tls, TYPE.ttls, TYPE.peap, TYPE.fast, TYPE.teap];
const TLS_FLAG = { length: 0x80, more: 0x40, outerLength: 0x10 } as const;
const OPCODES: Readonly<Record<number, string>> = {
  1: 'Challenge',
  2: 'Response',
  3: 'Success',
  4: 'Failure',
  7: 'Change-Password',
};

export const eap = defineProtocol({
  name: 'eap',
  title: 'Extensible Authentication Protocol',
  header: AT.type,
  opens: ['tls'],
  fields: {
    code: { type: 'u8', label: 'Code', at: AT.code, names: CODES },
    id: { type: 'u8', label: 'Id', at: AT.id },
    len: { type: 'u16', label: 'Length', at: AT.length },
    type: { type: 'u8', label: 'Type', names: TYPES },
    identity: { type: 'string', label: 'Identity' },
    notification: { type: 'string', label: 'Notification' },
    desired_type: { type: 'u8', label: 'Desired Auth Type', names: TYPES, many: true },
    'ext.vendor_id': { type: 'u24', show: 'hex', label: 'EAP-EXT Vendor Id' },
    'ext.vendor_type': { type: 'u32', show: 'hex', label: 'EAP-EXT Vendor Type' },
    'md5.value_size': { type: 'u8', label: 'EAP-MD5 Value-Size' },
    'md5.value': { type: 'bytes', label: 'EAP-MD5 Value' },
    'md5.extra_data': { type: 'bytes', label: 'EAP-MD5 Extra Data' },
    'ms_chap_v2.opcode': { type: 'u8', label: 'EAP-MS-CHAP-v2 OpCode', names: OPCODES },
    'ms_chap_v2.id': { type: 'u8', label: 'EAP-MS-CHAP-v2 Id' },
    'ms_chap_v2.length': { type: 'u16', label: 'EAP-MS-CHAP-v2 Length' },
    'tls.flags': { type: 'u8', show: 'hex', label: 'EAP-TLS Flags' },
    'tls.flags.len_included': { type: 'bool', of: 'u8', bits: [7, 7], label: 'Length Included' },
    'tls.flags.more_fragments': { type: 'bool', of: 'u8', bits: [6, 6], label: 'More Fragments' },
    'tls.flags.start': { type: 'bool', of: 'u8', bits: [5, 5], label: 'Start' },
    'tls.flags.outer_tlv_len_included': { type: 'bool', of: 'u8', bits: [4, 4], label: 'Outer TLV Length Included' },
    'tls.flags.version': { type: 'u8', bits: [2, 0], label: 'Version' },
    'tls.len': { type: 'u32', label: 'EAP-TLS Length' },
  },
  tree(t) {
    const code = t.u8(t.at);
    const length = t.u16(t.at + AT.length);
    t.header();
    t.info(CODES[code] ?? 'Unknown code');
    if (length < AT.type) return;
    t.limit(t.at + length);
    if ((code !== 1 && code !== 2) || length < AT.data) return;
    const type = t.u8(t.at + AT.type);
    t.add('type', t.at + AT.type);
    t.addInfo(`, ${TYPES[type] ?? `Unknown type (0x${type.toString(16).padStart(2, '0')})`}`);
    if (t.end > t.at + AT.data) method(t, type, t.at + AT.data);
  },
});

/** What the method's own bytes say, at least one of which is there. */
function method(t: TreeBuilder, type: number, at: number): void {
  const length = t.end - at;
  if (type === TYPE.identity) t.add('identity', at, length);
  else if (type === TYPE.notification) t.add('notification', at, length);
  else if (type === TYPE.nak) for (let i = at; i < t.end; i++) t.add('desired_type', i);
  else if (type === TYPE.md5) challenge(t, at);
  else if (type === TYPE.msChapV2) {
    t.add('ms_chap_v2.opcode', at);
    if (length < 4) return; // success and failure responses are the code alone
    t.add('ms_chap_v2.id', at + 1);
    t.add('ms_chap_v2.length', at + 2);
  } else if (type === TYPE.expanded) {
    t.add('ext.vendor_id', at);
    t.add('ext.vendor_type', at + 3);
  } else if (TLS_METHODS.includes(type)) tls(t, type, at);
}

function challenge(t: TreeBuilder, at: number): void {
  const size = t.u8(at);
  t.add('md5.value_size', at);
  if (size > 0) t.add('md5.value', at + 1, size);
  const extra = at + 1 + size;
  if (extra < t.end) t.add('md5.extra_data', extra, t.end - extra);
}

/** Flags, the length of the whole where it is said, and records. A first fragment says a length above its own bytes. */
function tls(t: TreeBuilder, type: number, at: number): void {
  const flags = t.u8(at);
  const hasOuterLength = type === TYPE.teap && (flags & TLS_FLAG.outerLength) !== 0;
  t.add('tls.flags', at);
  t.nest(t.last());
  for (const key of ['len_included', 'more_fragments', 'start']) t.add(`tls.flags.${key}`, at);
  if (type === TYPE.teap) t.add('tls.flags.outer_tlv_len_included', at);
  if (type !== TYPE.tls) t.add('tls.flags.version', at);
  t.close();
  let records = at + 1;
  if ((flags & TLS_FLAG.length) !== 0) {
    t.add('tls.len', records);
    records += 4;
  }
  if (hasOuterLength) records += 4;
  const isPiece = (flags & TLS_FLAG.more) !== 0 || !beginsRecord(t, records);
  if (records < t.end && isPiece) t.text(`Fragment of TLS (${t.end - records} bytes)`, records, t.end - records);
  else if (records < t.end) t.dissect('tls', records);
}

/** A record of TLS 1.0 to 1.3: a later fragment hardly ever begins so. */
function beginsRecord(t: TreeBuilder, at: number): boolean {
  return at + 5 <= t.end && t.u8(at) >= 20 && t.u8(at) <= 23 && t.u8(at + 1) === 3 && t.u8(at + 2) <= 4;
}
