/** Oracle's Transparent Network Substrate: packets of a length, a checksum and a type; what data packets do, by name. */

import { u16, u32 } from '../../base/bytes.ts';
import { defineProtocol, type Framing, MORE, NOT_MINE } from '../protocol.ts';
import { isFromServer } from '../text-lines.ts';
import type { TreeBuilder } from '../tree.ts';

const PORTS = [1521];
const AT = { length: 0, checksum: 2, type: 4, reserved: 5, headerChecksum: 6, body: 8 } as const;
const TYPE = { connect: 1, accept: 2, refuse: 4, redirect: 5, data: 6, resend: 11, marker: 12, control: 14 } as const;
const TYPES: Readonly<Record<number, string>> = {
  1: 'Connect',
  2: 'Accept',
  3: 'Acknowledge',
  4: 'Refuse',
  5: 'Redirect',
  6: 'Data',
  7: 'Null',
  9: 'Abort',
  11: 'Resend',
  12: 'Marker',
  13: 'Attention',
  14: 'Control',
  15: 'Data Descriptor',
};
const DATA: Readonly<Record<number, string>> = {
  0x01: 'Set Protocol',
  0x02: 'Set Datatypes',
  0x03: 'User OCI Functions',
  0x04: 'Return Status',
  0x05: 'Access User Address Space',
  0x06: 'Row Transfer Header',
  0x07: 'Row Transfer Data',
  0x08: 'Return OPI Parameter',
  0x09: 'Function Complete',
  0x0a: 'N Error return definitions follow',
  0x0b: 'Sending I/O Vec only for fast UPI',
  0x0c: 'Sending I/O Vec including long data',
  0x0d: 'Invoke User Callback',
  0x0e: 'LOB/FILE data follows',
  0x0f: 'Warning messages - may be a set of them',
  0x10: 'Describe Information',
  0x11: 'Piggy back function follow',
  0x12: 'Signals special action for untrusted callout support',
  0x13: 'Flush Out Bind data in DML/w RETURN when error',
  0x20: 'External Procedures and Services Registrations',
  0x44: 'External Procedures and Services Registrations',
};
const SECURE = 0xdeadbeef;
/** A packet of 64 KB and more has its length in four bytes since version 315. */
const LARGE = 0;
const MAX_LARGE = 64 << 20;

function lengthAt(b: Uint8Array, at: number): number {
  const short = u16(b, at);
  return short === LARGE ? u32(b, at) : short;
}

function frame(f: Framing): number {
  if (f.end - f.at < AT.body) return MORE;
  const length = lengthAt(f.bytes, f.at);
  if (TYPES[f.bytes[f.at + AT.type]] === undefined) return NOT_MINE;
  return length < AT.body || length > MAX_LARGE ? NOT_MINE : length;
}

export const tns = defineProtocol({
  name: 'tns',
  title: 'Transparent Network Substrate Protocol',
  on: { 'tcp.port': PORTS },
  opens: ['data'],
  header: AT.body,
  fields: {
    request: { type: 'bool', label: 'Request' },
    response: { type: 'bool', label: 'Response' },
    length: { type: 'u16', label: 'Packet Length', many: true },
    packet_checksum: { type: 'u16', show: 'hex', label: 'Packet Checksum', many: true },
    type: { type: 'u8', label: 'Packet Type', names: TYPES, many: true },
    reserved_byte: { type: 'bytes', label: 'Reserved Byte', many: true },
    header_checksum: { type: 'u16', show: 'hex', label: 'Header Checksum', many: true },
    version: { type: 'u16', label: 'Version' },
    compat_version: { type: 'u16', label: 'Version (Compatible)' },
    service_options: { type: 'u16', show: 'hex', label: 'Service Options' },
    sdu_size: { type: 'u16', label: 'Session Data Unit Size' },
    max_tdu_size: { type: 'u16', label: 'Maximum Transmission Data Unit Size' },
    nt_proto_characteristics: { type: 'u16', show: 'hex', label: 'NT Protocol Characteristics' },
    connect_data_length: { type: 'u16', label: 'Length of Connect Data' },
    connect_data_offset: { type: 'u16', label: 'Offset to Connect Data' },
    connect_data: { type: 'string', label: 'Connect Data' },
    accept_data_length: { type: 'u16', label: 'Accept Data Length' },
    accept_data_offset: { type: 'u16', label: 'Offset to Accept Data' },
    refuse_reason_user: { type: 'u8', show: 'hex', label: 'Refuse Reason (User)' },
    refuse_reason_system: { type: 'u8', show: 'hex', label: 'Refuse Reason (System)' },
    refuse_data_length: { type: 'u16', label: 'Refuse Data Length' },
    refuse_data: { type: 'string', label: 'Refuse Data' },
    redirect_data_length: { type: 'u16', label: 'Redirect Data Length' },
    redirect_data: { type: 'string', label: 'Redirect Data' },
    data_flag: { type: 'u16', show: 'hex', label: 'Data Flag', many: true },
    'data_flag.eof': { type: 'bool', of: 'u16', bits: [6, 6], label: 'End of File', many: true },
    data_id: { type: 'u8', show: 'hex', label: 'Data ID', names: DATA, many: true },
    'marker.type': {
      type: 'u8',
      show: 'hex',
      label: 'Marker Type',
      names: { 0: 'Data Marker - 0 Data Bytes', 1: 'Data Marker - 1 Data Bytes', 2: 'Attention Marker' },
    },
    'marker.databyte': { type: 'u8', show: 'hex', label: 'Marker Data Byte' },
    'control.cmd': { type: 'u16', show: 'hex', label: 'Control Command' },
  },
  recogniseOn: ['tcp'],
  /** A connect packet whose length is the payload's, and text that describes where to. */
  recognise: (b, at, end) =>
    b[at + AT.type] === TYPE.connect && end - at > 58 && lengthAt(b, at) === end - at && u16(b, at + 26) < end - at,
  frame,
  tree,
});

function tree(t: TreeBuilder): void {
  const { at } = t;
  const isResponse = isFromServer(t, PORTS);
  const type = t.u8(at + AT.type);
  const isLarge = t.u16(at) === LARGE;
  t.info(`${isResponse ? 'Response' : 'Request'}, ${TYPES[type] ?? 'Unknown'} (${type})`);
  t.generated(isResponse ? 'response' : 'request', 1);
  if (isLarge) t.put('length', t.u32(at), at, 4);
  else {
    t.add('length', at);
    t.add('packet_checksum', at + AT.checksum);
  }
  t.add('type', at + AT.type);
  t.add('reserved_byte', at + AT.reserved, 1);
  t.add('header_checksum', at + AT.headerChecksum);
  const body = at + AT.body;
  if (type === TYPE.connect) connect(t, at);
  else if (type === TYPE.accept) accept(t, body);
  else if (type === TYPE.refuse) refuse(t, body);
  else if (type === TYPE.redirect) {
    t.add('redirect_data_length', body);
    text(t, 'redirect_data', body + 2, t.u16(body));
  } else if (type === TYPE.data) data(t, body);
  else if (type === TYPE.marker) {
    t.add('marker.type', body);
    t.add('marker.databyte', body + 2);
  } else if (type === TYPE.control) t.add('control.cmd', body);
}

function text(t: TreeBuilder, key: string, at: number, length: number): void {
  const there = Math.min(length, t.end - at);
  if (there > 0) t.put(key, t.string(at, there, 'latin1'), at, there);
}

function connect(t: TreeBuilder, at: number): void {
  const body = at + AT.body;
  t.add('version', body);
  t.add('compat_version', body + 2);
  t.add('service_options', body + 4);
  t.add('sdu_size', body + 6);
  t.add('max_tdu_size', body + 8);
  t.add('nt_proto_characteristics', body + 10);
  t.add('connect_data_length', body + 16);
  t.add('connect_data_offset', body + 18);
  text(t, 'connect_data', at + t.u16(body + 18), t.u16(body + 16));
}

function accept(t: TreeBuilder, body: number): void {
  t.add('version', body);
  t.add('service_options', body + 2);
  t.add('sdu_size', body + 4);
  t.add('max_tdu_size', body + 6);
  t.add('accept_data_length', body + 10);
  t.add('accept_data_offset', body + 12);
}

function refuse(t: TreeBuilder, body: number): void {
  t.add('refuse_reason_user', body);
  t.add('refuse_reason_system', body + 1);
  t.add('refuse_data_length', body + 2);
  text(t, 'refuse_data', body + 4, t.u16(body + 2));
}

function data(t: TreeBuilder, body: number): void {
  t.add('data_flag', body);
  t.nest(t.last());
  t.add('data_flag.eof', body);
  t.close();
  if (t.end - body < 3) return;
  if (t.has(body + 2, 4) && t.u32(body + 2) === SECURE) t.addInfo(', Secure Network Services');
  else {
    const id = t.u8(body + 2);
    t.add('data_id', body + 2);
    if (DATA[id] !== undefined) t.addInfo(`, ${DATA[id]}`);
  }
  t.headerEnd(body + 2);
  t.payload(body + 2);
}
