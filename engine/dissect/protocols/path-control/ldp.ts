/** LDP (RFC 5036): routers tell each other the labels of their paths; hellos over UDP, sessions over TCP. */

import { formatIpv4, formatIpv6 } from '../../../base/address.ts';
import { u16 } from '../../../base/bytes.ts';
import { defineProtocol, type Framing, MORE, NOT_MINE } from '../../protocol.ts';
import type { TreeBuilder } from '../../tree.ts';

const AT = { version: 0, length: 2, lsr: 4, space: 8, messages: 10 } as const;
const VERSION = 1;
/** The length counts from the LSR's identifier on. */
const BEFORE = 4;
const MESSAGES: Readonly<Record<number, string>> = {
  0x0001: 'Notification Message',
  0x0100: 'Hello Message',
  0x0200: 'Initialization Message',
  0x0201: 'Keep Alive Message',
  0x0202: 'Capability Message',
  0x0300: 'Address Message',
  0x0301: 'Address Withdrawal Message',
  0x0400: 'Label Mapping Message',
  0x0401: 'Label Request Message',
  0x0402: 'Label Withdrawal Message',
  0x0403: 'Label Release Message',
  0x0404: 'Label Abort Request Message',
  0x3e00: 'Vendor-Private Message',
  0x3f00: 'Experimental Message',
};
const ELEMENTS: Readonly<Record<number, string>> = {
  0x0100: 'FEC',
  0x0101: 'Address List',
  0x0103: 'Hop Count',
  0x0104: 'Path Vector',
  0x0200: 'Generic Label',
  0x0201: 'ATM Label',
  0x0202: 'Frame Relay Label',
  0x0300: 'Status',
  0x0301: 'Extended Status',
  0x0302: 'Returned PDU',
  0x0303: 'Returned Message',
  0x0400: 'Common Hello Parameters',
  0x0401: 'IPv4 Transport Address',
  0x0402: 'Configuration Sequence Number',
  0x0403: 'IPv6 Transport Address',
  0x0500: 'Common Session Parameters',
  0x0501: 'ATM Session Parameters',
  0x0503: 'FT Session TLV',
  0x0600: 'Label Request Message ID',
};
const ELEMENT = {
  fec: 0x100,
  addresses: 0x101,
  hops: 0x103,
  path: 0x104,
  label: 0x200,
  status: 0x300,
  hello: 0x400,
  transport4: 0x401,
  sequence: 0x402,
  transport6: 0x403,
  session: 0x500,
  request: 0x600,
} as const;
const FEC_TYPES: Readonly<Record<number, string>> = {
  1: 'Wildcard FEC',
  2: 'Prefix FEC',
  3: 'Host Address FEC',
  128: 'Virtual Circuit FEC',
};
const FAMILIES: Readonly<Record<number, string>> = { 1: 'IPv4', 2: 'IPv6' };
const FAMILY_LENGTHS: Readonly<Record<number, number>> = { 1: 4, 2: 16 };
const PREFIX = 2;

export const ldp = defineProtocol({
  name: 'ldp',
  title: 'Label Distribution Protocol',
  on: { 'udp.port': [646], 'tcp.port': [646] },
  fields: {
    'hdr.version': { type: 'u16', label: 'Version', many: true },
    'hdr.pdu_len': { type: 'u16', label: 'PDU Length', many: true },
    'hdr.ldpid.lsr': { type: 'ipv4', label: 'LSR ID', many: true },
    'hdr.ldpid.lsid': { type: 'u16', label: 'Label Space ID', many: true },
    'msg.ubit': { type: 'bool', of: 'u8', bits: [7, 7], label: 'U bit', many: true },
    'msg.type': { type: 'u16', show: 'hex', bits: [14, 0], label: 'Message Type', names: MESSAGES, many: true },
    'msg.len': { type: 'u16', label: 'Message Length', many: true },
    'msg.id': { type: 'u32', show: 'hex', label: 'Message ID', many: true },
    'msg.tlv.unknown': { type: 'u8', show: 'hex', bits: [7, 6], label: 'TLV Unknown bits', many: true },
    'msg.tlv.type': { type: 'u16', show: 'hex', bits: [13, 0], label: 'TLV Type', names: ELEMENTS, many: true },
    'msg.tlv.len': { type: 'u16', label: 'TLV Length', many: true },
    'msg.tlv.value': { type: 'bytes', label: 'TLV Value', many: true },
    'msg.tlv.hello.hold': { type: 'u16', label: 'Hold Time', many: true },
    'msg.tlv.hello.targeted': {
      type: 'bool',
      of: 'u16',
      bits: [15, 15],
      label: 'Targeted Hello',
      flag: ['Targeted Hello', 'Link Hello'],
      many: true,
    },
    'msg.tlv.hello.requested': { type: 'bool', of: 'u16', bits: [14, 14], label: 'Hello Requested', many: true },
    'msg.tlv.hello.cnf_seqno': { type: 'u32', label: 'Configuration Sequence Number', many: true },
    'msg.tlv.ipv4.taddr': { type: 'ipv4', label: 'IPv4 Transport Address', many: true },
    'msg.tlv.ipv6.taddr': { type: 'ipv6', label: 'IPv6 Transport Address', many: true },
    'msg.tlv.fec.type': { type: 'u8', label: 'FEC Element Type', names: FEC_TYPES, many: true },
    'msg.tlv.fec.af': { type: 'u16', label: 'FEC Element Address Type', names: FAMILIES, many: true },
    'msg.tlv.fec.len': { type: 'u8', label: 'FEC Element Length', many: true },
    'msg.tlv.fec.pfval': { type: 'string', label: 'FEC Element Prefix Value', many: true },
    'msg.tlv.addrl.addr_family': { type: 'u16', label: 'Address Family', names: FAMILIES, many: true },
    'msg.tlv.addrl.addr': { type: 'string', label: 'Address', many: true },
    'msg.tlv.hc.value': { type: 'u8', label: 'Hop Count Value', many: true },
    'msg.tlv.pv.lsrid': { type: 'ipv4', label: 'LSR Id', many: true },
    'msg.tlv.generic.label': { type: 'u32', show: 'dec-hex', bits: [19, 0], label: 'Generic Label', many: true },
    'msg.tlv.status.ebit': { type: 'bool', of: 'u8', bits: [7, 7], label: 'E Bit', many: true },
    'msg.tlv.status.fbit': { type: 'bool', of: 'u8', bits: [6, 6], label: 'F Bit', many: true },
    'msg.tlv.status.data': { type: 'u32', show: 'hex', bits: [29, 0], label: 'Status Data', many: true },
    'msg.tlv.status.msg.id': { type: 'u32', show: 'hex', label: 'Message ID', many: true },
    'msg.tlv.status.msg.type': { type: 'u16', show: 'hex', label: 'Message Type', names: MESSAGES, many: true },
    'msg.tlv.sess.ver': { type: 'u16', label: 'Session Protocol Version', many: true },
    'msg.tlv.sess.ka': { type: 'u16', label: 'Session KeepAlive Time', many: true },
    'msg.tlv.sess.advbit': {
      type: 'bool',
      of: 'u8',
      bits: [7, 7],
      label: 'Session Label Advertisement Discipline',
      many: true,
    },
    'msg.tlv.sess.ldetbit': { type: 'bool', of: 'u8', bits: [6, 6], label: 'Session Loop Detection', many: true },
    'msg.tlv.sess.pvlim': { type: 'u8', label: 'Session Path Vector Limit', many: true },
    'msg.tlv.sess.mxpdu': { type: 'u16', label: 'Session Max PDU Length', many: true },
    'msg.tlv.sess.rxlsr': { type: 'ipv4', label: 'Session Receiver LSR Identifier', many: true },
    'msg.tlv.sess.rxls': { type: 'u16', label: 'Session Receiver Label Space Identifier', many: true },
    'msg.tlv.lbl_req_msg_id': { type: 'u32', show: 'hex', label: 'Label Request Message ID', many: true },
  },
  accepts: (bytes, at, end) => end - at >= 2 && u16(bytes, at) === VERSION,
  frame(f: Framing): number {
    if (f.end - f.at < BEFORE) return MORE;
    return u16(f.bytes, f.at) === VERSION ? BEFORE + u16(f.bytes, f.at + AT.length) : NOT_MINE;
  },
  tree(t) {
    t.restartInfo(0); // of several in a segment the last one speaks
    if (t.u16(t.at) !== VERSION) {
      t.text('Data', t.at, t.end - t.at);
      return;
    }
    let { at } = t;
    while (at + AT.messages <= t.end && t.u16(at) === VERSION) {
      const end = at + BEFORE + t.u16(at + AT.length);
      t.add('hdr.version', at);
      t.add('hdr.pdu_len', at + AT.length);
      t.add('hdr.ldpid.lsr', at + AT.lsr);
      t.add('hdr.ldpid.lsid', at + AT.space);
      messages(t, at + AT.messages, end);
      at = Math.max(end, at + AT.messages);
    }
  },
});

function messages(t: TreeBuilder, start: number, end: number): void {
  for (let at = start; at + 8 <= end; ) {
    const type = t.u16(at) & 0x7fff;
    const next = at + 4 + t.u16(at + 2);
    const name = MESSAGES[type] ?? `Unknown Message type (0x${type.toString(16).padStart(4, '0')})`;
    t.addInfo(`${name} `);
    t.nest(t.text(name, at, next - at));
    t.add('msg.ubit', at);
    t.add('msg.type', at);
    t.add('msg.len', at + 2);
    t.add('msg.id', at + 4);
    if (next > end) t.fail();
    elements(t, at + 8, next);
    t.close();
    at = next;
  }
}

function elements(t: TreeBuilder, start: number, end: number): void {
  for (let at = start; at + 4 <= end; ) {
    const type = t.u16(at) & 0x3fff;
    const length = t.u16(at + 2);
    const body = at + 4;
    t.nest(t.text(ELEMENTS[type] ?? `Unknown TLV type (0x${type.toString(16).padStart(4, '0')})`, at, 4 + length));
    t.add('msg.tlv.unknown', at);
    t.add('msg.tlv.type', at);
    t.add('msg.tlv.len', at + 2);
    if (body + length > end) t.fail();
    element(t, type, body, length);
    t.close();
    at = body + length;
  }
}

function element(t: TreeBuilder, type: number, at: number, length: number): void {
  const end = at + length;
  if (type === ELEMENT.hello && length >= 4) {
    t.add('msg.tlv.hello.hold', at);
    t.add('msg.tlv.hello.targeted', at + 2);
    t.add('msg.tlv.hello.requested', at + 2);
  } else if (type === ELEMENT.transport4 && length === 4) t.add('msg.tlv.ipv4.taddr', at);
  else if (type === ELEMENT.transport6 && length === 16) t.add('msg.tlv.ipv6.taddr', at);
  else if (type === ELEMENT.sequence && length === 4) t.add('msg.tlv.hello.cnf_seqno', at);
  else if (type === ELEMENT.request && length === 4) t.add('msg.tlv.lbl_req_msg_id', at);
  else if (type === ELEMENT.label && length === 4) t.add('msg.tlv.generic.label', at);
  else if (type === ELEMENT.hops && length >= 1) t.add('msg.tlv.hc.value', at);
  else if (type === ELEMENT.path) for (let next = at; next + 4 <= end; next += 4) t.add('msg.tlv.pv.lsrid', next);
  else if (type === ELEMENT.session && length >= 14) session(t, at);
  else if (type === ELEMENT.status && length >= 10) status(t, at);
  else if (type === ELEMENT.addresses && length >= 2) addresses(t, at, end);
  else if (type === ELEMENT.fec) classes(t, at, end);
  else if (length > 0) t.add('msg.tlv.value', at, length);
}

/** RFC 5036 3.5.3. */
function session(t: TreeBuilder, at: number): void {
  t.add('msg.tlv.sess.ver', at);
  t.add('msg.tlv.sess.ka', at + 2);
  t.add('msg.tlv.sess.advbit', at + 4);
  t.add('msg.tlv.sess.ldetbit', at + 4);
  t.add('msg.tlv.sess.pvlim', at + 5);
  t.add('msg.tlv.sess.mxpdu', at + 6);
  t.add('msg.tlv.sess.rxlsr', at + 8);
  t.add('msg.tlv.sess.rxls', at + 12);
}

/** RFC 5036 3.4.6. */
function status(t: TreeBuilder, at: number): void {
  t.add('msg.tlv.status.ebit', at);
  t.add('msg.tlv.status.fbit', at);
  t.add('msg.tlv.status.data', at);
  t.add('msg.tlv.status.msg.id', at + 4);
  t.add('msg.tlv.status.msg.type', at + 8);
}

function addressText(bytes: Uint8Array): string {
  return bytes.length === 4
    ? formatIpv4(((bytes[0] << 24) | (bytes[1] << 16) | (bytes[2] << 8) | bytes[3]) >>> 0)
    : formatIpv6(bytes);
}

function addresses(t: TreeBuilder, at: number, end: number): void {
  t.add('msg.tlv.addrl.addr_family', at);
  const size = FAMILY_LENGTHS[t.u16(at)];
  if (size === undefined) return;
  for (let next = at + 2; next + size <= end; next += size)
    t.put('msg.tlv.addrl.addr', addressText(t.slice(next, size)), next, size);
}

/** RFC 5036 3.4.1: elements of a forwarding class; a prefix has as many bytes as its bits need. */
function classes(t: TreeBuilder, start: number, end: number): void {
  for (let at = start; at < end; ) {
    const type = t.u8(at);
    t.add('msg.tlv.fec.type', at);
    if (type !== PREFIX) {
      if (end > at + 1) t.text('Element', at + 1, end - at - 1);
      return;
    }
    const size = FAMILY_LENGTHS[t.u16(at + 1)];
    const bytes = (t.u8(at + 3) + 7) >>> 3;
    t.add('msg.tlv.fec.af', at + 1);
    t.add('msg.tlv.fec.len', at + 3);
    if (size === undefined || bytes > size) t.fail();
    const address = new Uint8Array(size);
    address.set(t.slice(at + 4, bytes));
    t.put('msg.tlv.fec.pfval', addressText(address), at + 4, bytes);
    at += 4 + bytes;
  }
}
