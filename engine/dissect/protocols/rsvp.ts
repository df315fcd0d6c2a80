/** RSVP (RFC 2205) with the objects of traffic engineering (RFC 3209): messages and objects, the common ones in detail. */

import { formatIpv4 } from '../../base/address.ts';
import { fold16, sum16 } from '../../base/checksum.ts';
import { defineProtocol } from '../protocol.ts';
import type { TreeBuilder } from '../tree.ts';

const AT = { version: 0, type: 1, checksum: 2, ttl: 4, length: 6, objects: 8 } as const;
const MESSAGES: Readonly<Record<number, string>> = {
  1: 'PATH Message. ',
  2: 'RESV Message. ',
  3: 'PATH ERROR Message. ',
  4: 'RESV ERROR Message. ',
  5: 'PATH TEAR Message. ',
  6: 'RESV TEAR Message. ',
  7: 'CONFIRM Message. ',
  10: 'RESV TEAR CONFIRM Message. ',
  12: 'BUNDLE Message. ',
  13: 'ACK Message. ',
  15: 'SREFRESH Message. ',
  20: 'HELLO Message. ',
  25: 'NOTIFY Message. ',
};
const CLASSES: Readonly<Record<number, string>> = {
  0: 'NULL object',
  1: 'SESSION object',
  3: 'HOP object',
  4: 'INTEGRITY object',
  5: 'TIME VALUES object',
  6: 'ERROR object',
  7: 'SCOPE object',
  8: 'STYLE object',
  9: 'FLOWSPEC object',
  10: 'FILTER SPEC object',
  11: 'SENDER TEMPLATE object',
  12: 'SENDER TSPEC object',
  13: 'ADSPEC object',
  14: 'POLICY object',
  15: 'CONFIRM object',
  16: 'LABEL object',
  19: 'LABEL REQUEST object',
  20: 'EXPLICIT ROUTE object',
  21: 'RECORD ROUTE object',
  22: 'HELLO object',
  23: 'MESSAGE-ID object',
  207: 'SESSION ATTRIBUTE object',
};
const CLASS = {
  session: 1,
  hop: 3,
  time: 5,
  error: 6,
  style: 8,
  filter: 10,
  sender: 11,
  label: 16,
  attribute: 207,
} as const;
const LSP = 7;
const IPV4 = 1;
const MAX_OBJECTS = 256;

export const rsvp = defineProtocol({
  name: 'rsvp',
  title: 'Resource ReserVation Protocol (RSVP)',
  short: 'RSVP',
  on: { 'ip.proto': [46] },
  header: AT.objects,
  fields: {
    version: { type: 'u8', bits: [7, 4], label: 'RSVP Version' },
    flags: { type: 'u8', bits: [3, 0], show: 'hex', label: 'Flags' },
    msg: { type: 'u8', label: 'Message Type', names: MESSAGES },
    checksum: { type: 'u16', show: 'hex', label: 'Message Checksum' },
    sending_ttl: { type: 'u8', label: 'Sending TTL' },
    message_length: { type: 'u16', label: 'Message length' },
    object_length: { type: 'u16', label: 'Length', many: true, abbrev: 'rsvp.length' },
    object: { type: 'u8', label: 'Object class', names: CLASSES, many: true },
    ctype: { type: 'u8', label: 'C-type', many: true },
    'session.ip': { type: 'ipv4', label: 'Destination address' },
    'session.proto': { type: 'u8', label: 'Protocol' },
    'session.port': { type: 'u16', label: 'Port number' },
    'session.tunnel_id': { type: 'u16', label: 'Tunnel ID' },
    'session.ext_tunnel_id': { type: 'u32', label: 'Extended tunnel ID' },
    'sender.ip': { type: 'ipv4', label: 'Sender IPv4 address', many: true },
    'sender.port': { type: 'u16', label: 'Sender port number', many: true },
    'sender.lsp_id': { type: 'u16', label: 'Sender LSP ID', many: true },
    'hop.neighbor_address_ipv4': { type: 'ipv4', label: 'Neighbor address' },
    'hop.logical_interface': { type: 'u32', label: 'Logical interface' },
    refresh_interval: { type: 'u32', label: 'Refresh interval' },
    'error.error_node_ipv4': { type: 'ipv4', label: 'Error node' },
    'error.flags': { type: 'u8', show: 'hex', label: 'Flags', abbrev: 'rsvp.error_flags' },
    error_code: { type: 'u8', label: 'Error code' },
    error_value: { type: 'u16', label: 'Error value' },
    'style.style': { type: 'u24', show: 'hex', label: 'Style' },
    'label.label': { type: 'u32', label: 'Label', many: true },
    'session_attribute.setup_priority': { type: 'u8', label: 'Setup priority' },
    'session_attribute.hold_priority': { type: 'u8', label: 'Hold priority' },
    'session_attribute.flags': { type: 'u8', show: 'hex', label: 'Flags' },
    'session_attribute.name': { type: 'string', label: 'Name' },
    data: { type: 'bytes', label: 'Data', many: true },
  },
  tree(t) {
    const { at } = t;
    const type = t.u8(at + AT.type);
    const length = t.u16(at + AT.length);
    const name = MESSAGES[type] ?? 'Unknown message. ';
    t.info(name);
    t.addLabel(`: ${name}`);
    t.limit(at + Math.max(AT.objects, length));
    t.nest(t.text(`RSVP Header. ${name}`, at, AT.objects));
    t.add('version', at);
    t.add('flags', at);
    t.add('msg', at + AT.type);
    const isGood = fold16(sum16(t.bytes, at, t.end)) === 0xffff;
    const sum = t.u16(at + AT.checksum);
    t.add('checksum', at + AT.checksum);
    if (t.end === t.wireEnd)
      t.last().text = `Message Checksum: 0x${sum.toString(16).padStart(4, '0')} [${isGood ? 'correct' : 'incorrect'}]`;
    t.add('sending_ttl', at + AT.ttl);
    t.add('message_length', at + AT.length);
    t.close();
    objects(t, at + AT.objects);
  },
});

/** Length, class, type, contents; all multiples of four bytes. */
function objects(t: TreeBuilder, from: number): void {
  for (let at = from, i = 0; at < t.end && i < MAX_OBJECTS; i++) {
    const length = t.u16(at);
    const kind = t.u8(at + 2);
    if (length < 4) t.fail();
    t.nest(t.text(CLASSES[kind]?.replace(' object', '') ?? 'Unknown object', at, Math.min(length, t.end - at)));
    t.add('object_length', at);
    t.add('object', at + 2);
    t.add('ctype', at + 3);
    t.need(at, length);
    object(t, kind, t.u8(at + 3), at + 4, length - 4);
    t.close();
    at += length;
  }
}

function object(t: TreeBuilder, kind: number, type: number, at: number, length: number): void {
  if (kind === CLASS.session && length >= 8 && (type === LSP || type === IPV4)) session(t, type, at, length);
  else if (kind === CLASS.hop && type === IPV4 && length >= 8) {
    t.add('hop.neighbor_address_ipv4', at);
    t.add('hop.logical_interface', at + 4);
  } else if (kind === CLASS.time && length >= 4) t.add('refresh_interval', at);
  else if (kind === CLASS.error && type === IPV4 && length >= 8) {
    t.add('error.error_node_ipv4', at);
    t.add('error.flags', at + 4);
    t.add('error_code', at + 5);
    t.add('error_value', at + 6);
  } else if (kind === CLASS.style && length >= 4) t.add('style.style', at + 1);
  else if ((kind === CLASS.sender || kind === CLASS.filter) && length >= 8 && (type === LSP || type === IPV4)) {
    t.add('sender.ip', at);
    t.add(type === LSP ? 'sender.lsp_id' : 'sender.port', at + 6);
    sender(t, kind, type, at);
  } else if (kind === CLASS.label && length >= 4) t.add('label.label', at);
  else if (kind === CLASS.attribute && length >= 4) attribute(t, type, at, length);
  else if (length > 0) t.add('data', at, length);
}

function sender(t: TreeBuilder, kind: number, type: number, at: number): void {
  const name = kind === CLASS.sender ? 'SENDER TEMPLATE' : 'FILTERSPEC';
  const address = formatIpv4(t.u32(at));
  t.addInfo(
    type === LSP
      ? `${name}: IPv4-LSP, Tunnel Source: ${address}, Short Call ID: ${t.u16(at + 4)}, LSP ID: ${t.u16(at + 6)}. `
      : `${name}: IPv4, Sender ${address}, Port ${t.u16(at + 6)}. `,
  );
}

function session(t: TreeBuilder, type: number, at: number, length: number): void {
  const address = formatIpv4(t.u32(at));
  t.add('session.ip', at);
  if (type === IPV4) {
    t.add('session.proto', at + 4);
    t.add('session.port', at + 6);
    t.addInfo(`SESSION: IPv4, Destination ${address}, Protocol ${t.u8(at + 4)}, Port ${t.u16(at + 6)}. `);
    return;
  }
  t.add('session.tunnel_id', at + 6);
  if (length < 12) return;
  t.add('session.ext_tunnel_id', at + 8);
  t.addInfo(
    `SESSION: IPv4-LSP, Destination ${address}, Short Call ID ${t.u16(at + 4)}, Tunnel ID ${t.u16(at + 6)}, Ext ID ${t.u32(at + 8).toString(16)}. `,
  );
}

/** RFC 3209 4.7: with affinities in front in type 1. */
function attribute(t: TreeBuilder, type: number, from: number, length: number): void {
  const at = from + (type === IPV4 && length >= 16 ? 12 : 0);
  t.add('session_attribute.setup_priority', at);
  t.add('session_attribute.hold_priority', at + 1);
  t.add('session_attribute.flags', at + 2);
  const size = Math.min(t.u8(at + 3), from + length - at - 4);
  if (size > 0) t.put('session_attribute.name', t.string(at + 4, size, 'latin1', true), at + 4, size);
}
