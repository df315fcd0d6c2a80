/** MikroTik's neighbour discovery (MNDP: a header and parts with type and length) and Telnet by MAC address, both over UDP. */

import { u16 } from '../../../base/bytes.ts';
import { defineProtocol } from '../../protocol.ts';
import type { TreeBuilder } from '../../tree.ts';

const TYPES: Readonly<Record<number, string>> = {
  0: 'Start session',
  1: 'Data',
  2: 'Acknowledge',
  4: 'Ping request',
  5: 'Ping response',
  255: 'End session',
};
const DATA_TYPES: Readonly<Record<number, string>> = {
  0x0: 'Begin authentication',
  0x1: 'Encryption key',
  0x2: 'Password',
  0x3: 'Username',
  0x4: 'Terminal type',
  0x5: 'Terminal width',
  0x6: 'Terminal height',
  0x9: 'End authentication',
};
const PART = {
  mac: 1,
  identity: 5,
  version: 7,
  platform: 8,
  uptime: 10,
  software: 11,
  board: 12,
  unpack: 14,
  ipv6: 15,
  interface: 16,
  ipv4: 17,
} as const;
const TEXTS: Readonly<Record<number, string>> = {
  [PART.identity]: 'identity',
  [PART.version]: 'version',
  [PART.platform]: 'platform',
  [PART.software]: 'softwareid',
  [PART.board]: 'board',
  [PART.interface]: 'interfacename',
};
const NANOSECONDS = 1_000_000_000n;

export const mndp = defineProtocol({
  name: 'mndp',
  title: 'Mikrotik Neighbor Discovery Protocol',
  on: { 'udp.port': [5678] },
  header: 4,
  fields: {
    'header.unknown': { type: 'bytes', label: 'Header Unknown' },
    'header.seqno': { type: 'u16', label: 'SeqNo' },
    'tlv.type': { type: 'u16', label: 'TlvType', many: true },
    'tlv.length': { type: 'u16', label: 'TlvLength', many: true },
    'tlv.data': { type: 'bytes', label: 'TlvData', many: true },
    mac: { type: 'ether', label: 'MAC-Address' },
    softwareid: { type: 'string', label: 'Software-ID' },
    version: { type: 'string', label: 'Version' },
    identity: { type: 'string', label: 'Identity' },
    uptime: { type: 'duration', label: 'Uptime' },
    platform: { type: 'string', label: 'Platform' },
    board: { type: 'string', label: 'Board' },
    unpack: { type: 'u8', label: 'Unpack', names: { 1: 'None' } },
    ipv6address: { type: 'ipv6', label: 'IPv6-Address' },
    interfacename: { type: 'string', label: 'Interface name' },
    ipv4address: { type: 'ipv4', label: 'IPv4-Address' },
  },
  accepts: (bytes, at, end) => end - at >= 9 && u16(bytes, at + 4) === PART.mac,
  tree(t) {
    t.add('header.unknown', t.at, 2);
    t.add('header.seqno', t.at + 2);
    for (let at = t.at + 4; at < t.end; ) at = part(t, at);
  },
});

function part(t: TreeBuilder, at: number): number {
  const type = t.u16(at);
  const length = t.u16(at + 2);
  t.need(at + 4, length);
  t.nest(t.text(`${t.nameOf('tlv.type', type) ?? 'Unknown'}, ${length} bytes`, at, 4 + length));
  t.add('tlv.type', at);
  t.add('tlv.length', at + 2);
  const value = at + 4;
  const text = TEXTS[type];
  if (text !== undefined) t.add(text, value, length);
  else if (type === PART.mac && length === 6) t.add('mac', value);
  else if (type === PART.uptime && length === 4) t.put('uptime', BigInt(t.u32le(value)) * NANOSECONDS, value, 4);
  else if (type === PART.unpack && length === 1) t.add('unpack', value);
  else if (type === PART.ipv6 && length === 16) t.add('ipv6address', value);
  else if (type === PART.ipv4 && length === 4) t.add('ipv4address', value);
  else if (length > 0) t.add('tlv.data', value, length);
  t.close();
  return value + length;
}

const TELNET = { version: 1, port: 20_561, magic: 0x563412ff } as const;
const HEADER = 22;
const TYPE_DATA = 1;

export const macTelnet = defineProtocol({
  name: 'mactelnet',
  title: 'MikroTik MAC-Telnet Protocol',
  short: 'MAC-Telnet',
  on: { 'udp.port': [TELNET.port] },
  opens: ['data'],
  header: 18,
  fields: {
    protocol_version: { at: 0, type: 'u8', label: 'Protocol Version' },
    type: { at: 1, type: 'u8', label: 'Type', names: TYPES },
    source_mac: { at: 2, type: 'ether', label: 'Source MAC' },
    destination_mac: { at: 8, type: 'ether', label: 'Destination MAC' },
    client_type: { type: 'u16', label: 'Client Type', show: 'hex', names: { 0x15: 'MAC Telnet', 0xf90: 'Winbox' } },
    session_id: { type: 'u16', label: 'Session ID', show: 'hex' },
    session_bytes: { type: 'u32', label: 'Session Data Bytes' },
    control_packet: { type: 'u32', label: 'Control Packet Magic Number', show: 'hex', many: true },
    data_type: { type: 'u8', label: 'Data Packet Type', show: 'hex', names: DATA_TYPES, many: true },
    control_length: { type: 'u32', label: 'Control Data Length', many: true },
    control_encryptionkey: { type: 'bytes', label: 'Encryption Key' },
    control_password: { type: 'bytes', label: 'Password MD5' },
    control_username: { type: 'string', label: 'Username' },
    control_terminaltype: { type: 'string', label: 'Terminal Type' },
    control_width: { type: 'u16', label: 'Terminal Width', little: true },
    control_height: { type: 'u16', label: 'Terminal Height', little: true },
  },
  accepts: (bytes, at) => bytes[at] === TELNET.version,
  tree(t) {
    const { at } = t;
    t.header();
    const type = t.u8(at + 1);
    const fromServer = t.ports[0] === TELNET.port;
    t.add(fromServer ? 'client_type' : 'session_id', at + 14);
    t.add(fromServer ? 'session_id' : 'client_type', at + 16);
    t.add('session_bytes', at + 18);
    const mac = (place: number): string =>
      Array.from(t.slice(place, 6), (byte) => byte.toString(16).padStart(2, '0')).join(':');
    t.info(
      `${mac(at + 2)} > ${mac(at + 8)} Direction: ${fromServer ? 'Server->Client' : 'Client->Server'} Type: ${t.nameOf('type', type) ?? 'Unknown'}`,
    );
    if (type === TYPE_DATA) controls(t, at + HEADER);
  },
});

const CONTROL_BYTES: Readonly<Record<number, string>> = {
  1: 'control_encryptionkey',
  2: 'control_password',
  3: 'control_username',
  4: 'control_terminaltype',
};
const SIZES: Readonly<Record<number, string>> = { 5: 'control_width', 6: 'control_height' };
const CONTROL_HEADER = 9;

/** Controls begin with a magic number; what does not is what the terminal sends and shows. */
function controls(t: TreeBuilder, from: number): void {
  for (let at = from; at < t.end; ) {
    if (!t.has(at, CONTROL_HEADER) || t.u32(at) !== TELNET.magic) {
      t.payload(at);
      return;
    }
    const kind = t.u8(at + 4);
    const length = t.u32(at + 5);
    t.add('control_packet', at);
    t.add('data_type', at + 4);
    t.add('control_length', at + 5);
    const value = at + CONTROL_HEADER;
    t.need(value, length);
    const bytes = CONTROL_BYTES[kind];
    const size = SIZES[kind];
    if (bytes !== undefined && length > 0) t.add(bytes, value, length);
    else if (size !== undefined && length === 2) t.add(size, value);
    at = value + length;
  }
}
