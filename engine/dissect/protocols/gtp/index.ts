/**
 * GTP version 1: the user plane of mobile networks (GTP-U, 3GPP TS 29.281 5), an IP packet behind a header of eight bytes and more,
 * and its control plane (TS 29.060). Hot: scan() once per packet.
 */

import { u32 } from '../../../base/bytes.ts';
import { defineProtocol } from '../../protocol.ts';
import { controlFields, elements } from './control.ts';
import { MESSAGES as TYPES } from './names.ts';

const AT = { flags: 0, type: 1, length: 2, teid: 4, optional: 8, next: 11, payload: 8 } as const;
const OPTIONAL = 4;
const ANY_OPTION = 7;
const EXTENSION = 4;
const SEQUENCE = 2;
const NPDU = 1;
const USER_DATA = 255;
const VERSION2 = 2;
const MAX_EXTENSIONS = 16;
const LINK = { ipv4: 228, ipv6: 229 } as const;
/** Bytes of the header with its options and extensions; 0: they do not fit. */
function headerLength(bytes: Uint8Array, at: number, end: number): number {
  const flags = bytes[at];
  if ((flags & ANY_OPTION) === 0) return AT.payload;
  let length = AT.payload + OPTIONAL;
  if (at + length > end) return 0;
  if ((flags & EXTENSION) === 0) return length;
  let next = bytes[at + AT.next];
  for (let i = 0; i < MAX_EXTENSIONS && next !== 0; i++) {
    if (at + length >= end) return 0;
    const words = bytes[at + length];
    if (words === 0 || at + length + 4 * words > end) return 0;
    length += 4 * words;
    next = bytes[at + length - 1];
  }
  return length;
}

export const gtp = defineProtocol({
  name: 'gtp',
  title: 'GPRS Tunneling Protocol',
  on: { 'udp.port': [2123, 2152] },
  chooses: ['link', 'gtp.version'],
  header: AT.payload,
  fields: {
    flags: { type: 'u8', show: 'hex', label: 'Flags' },
    'flags.version': { type: 'u8', bits: [7, 5], label: 'Version' },
    'flags.payload': { type: 'u8', bits: [4, 4], label: 'Protocol type' },
    'flags.e': { type: 'bool', of: 'u8', bits: [2, 2], label: 'Is Next Extension Header present?' },
    'flags.s': { type: 'bool', of: 'u8', bits: [1, 1], label: 'Is Sequence Number present?' },
    'flags.pn': { type: 'bool', of: 'u8', bits: [0, 0], label: 'Is N-PDU number present?' },
    message: { type: 'u8', show: 'hex', label: 'Message Type', names: TYPES },
    length: { type: 'u16', label: 'Length', many: true },
    teid: { type: 'u32', show: 'hex-dec', label: 'TEID' },
    seq_number: { type: 'u16', show: 'hex-dec', label: 'Sequence number' },
    npdu_number: { type: 'u8', show: 'hex', label: 'N-PDU Number' },
    tpdu_data: { type: 'bytes', label: 'T-PDU Data' },
    ...controlFields,
  },
  scan(p) {
    if (p.bytes[p.at] >>> 5 === VERSION2) return p.nextIn(1, VERSION2);
    if (p.bytes[p.at] >>> 5 !== 1 || p.bytes[p.at + AT.type] !== USER_DATA) return;
    const length = headerLength(p.bytes, p.at, p.end);
    if (length === 0) return p.malformed('options');
    p.tunnel(u32(p.bytes, p.at + AT.teid));
    p.enter(length);
    if (p.at >= p.end) return;
    const version = p.bytes[p.at] >>> 4;
    if (version === 4) p.next(LINK.ipv4);
    else if (version === 6) p.next(LINK.ipv6);
  },
  tree(t) {
    if (t.u8(t.at) >>> 5 === VERSION2) {
      t.need(t.at, AT.payload);
      t.headerEnd(t.at);
      t.upper(t.at);
      return;
    }
    t.add('flags', t.at);
    t.nest(t.last());
    for (const key of ['version', 'payload', 'e', 's', 'pn']) t.add(`flags.${key}`, t.at);
    t.close();
    t.add('message', t.at + AT.type);
    t.add('length', t.at + AT.length);
    t.add('teid', t.at + AT.teid);
    const type = t.u8(t.at + AT.type);
    t.info(TYPES[type] ?? 'Unknown message type');
    const flags = t.u8(t.at);
    if ((flags & SEQUENCE) !== 0) t.add('seq_number', t.at + AT.optional);
    if ((flags & NPDU) !== 0) t.add('npdu_number', t.at + AT.optional + 2);
    if (flags >>> 5 !== 1) return;
    if (type !== USER_DATA) {
      const end = Math.min(t.end, t.at + AT.payload + t.u16(t.at + AT.length));
      elements(t, t.at + headerLength(t.bytes, t.at, t.end), end);
      return;
    }
    const length = headerLength(t.bytes, t.at, t.end);
    if (length === 0) t.fail();
    const body = t.at + length;
    const version = t.has(body, 1) ? t.u8(body) >>> 4 : 0;
    if (version === 4 || version === 6) {
      t.headerEnd(body);
      t.upper(body);
    } else if (t.end > body) t.add('tpdu_data', body, t.end - body);
    // As Wireshark's column has it: what travels in the tunnel.
    t.column(`GTP <${t.columnSoFar}>`);
  },
});
