/** Novell IPX: network, node and socket of both ends; RIP and SAP above it, NetBIOS over IPX as far as datagrams and names. */

import { u16, u32 } from '../../base/bytes.ts';
import { toHex } from '../../base/hex.ts';
import { ADDRESS } from '../../table/path-words.ts';
import { defineProtocol } from '../protocol.ts';
import type { TreeBuilder } from '../tree.ts';

const AT = {
  checksum: 0,
  length: 2,
  hops: 4,
  type: 5,
  dstNet: 6,
  dstNode: 10,
  dstSocket: 16,
  srcNet: 18,
  srcNode: 22,
  srcSocket: 28,
  payload: 30,
} as const;
const SOCKET = {
  ncp: 0x0451,
  sap: 0x0452,
  rip: 0x0453,
  netbios: 0x0455,
  diagnostic: 0x0456,
  serialization: 0x0457,
  nmpi: 0x0551,
  smbServer: 0x0550,
  browser: 0x0553,
  nlsp: 0x9001,
} as const;
const SOCKETS: Readonly<Record<number, string>> = {
  0x0451: 'NCP',
  0x0452: 'SAP',
  0x0453: 'RIP',
  0x0455: 'NetBIOS',
  0x0456: 'Diagnostic',
  0x0457: 'Serialization',
  0x0550: 'NWLink SMB Server',
  0x0551: 'NWLink SMB Name Query',
  0x0552: 'NWLink SMB Redirector',
  0x0553: 'NWLink SMB Mailslot Datagram',
  0x9001: 'NLSP',
  0x9004: 'IPXWAN',
};
const TYPES: Readonly<Record<number, string>> = {
  0: 'IPX',
  1: 'RIP',
  2: 'Echo',
  3: 'Error',
  4: 'PEP',
  5: 'SPX',
  17: 'NCP',
  20: 'NetBIOS Broadcast',
};
const SPX = 5;
const NETBIOS_BROADCAST = 20;
const DATAGRAM = 11;
const SESSION_END_ACK = 8;
const SAPS: Readonly<Record<number, string>> = {
  1: 'General Query',
  2: 'General Response',
  3: 'Nearest Query',
  4: 'Nearest Response',
};
const RIPS: Readonly<Record<number, string>> = { 1: 'Request', 2: 'Response' };
const PACKETS: Readonly<Record<number, string>> = {
  1: 'Find name',
  2: 'Name recognized',
  3: 'Check name',
  4: 'Name in use',
  5: 'Deregister name',
  6: 'Session data',
  7: 'Session end',
  8: 'Session end ack',
  9: 'Status query',
  10: 'Status response',
  11: 'Directed datagram',
};
const OPCODES: Readonly<Record<number, string>> = {
  0xf1: 'Claim',
  0xf2: 'Delete',
  0xf3: 'Query',
  0xf4: 'Found',
  0xf5: 'Messenger hangup',
  0xfc: 'Mailslot write',
  0xfd: 'Mailslot find',
  0xfe: 'Mailslot found',
};
const NLSP: Readonly<Record<number, string>> = {
  15: 'L1 Hello',
  17: 'WAN Hello',
  18: 'L1 LSP',
  24: 'L1 CSNP',
  26: 'L1 PSNP',
};

export const ipx = defineProtocol({
  name: 'ipx',
  title: 'Internetwork Packet eXchange',
  on: { ethertype: [0x8137], 'eth.length': [1], 'llc.dsap': [0xe0], 'ppp.protocol': [0x002b], 'gre.proto': [0x8137] },
  header: AT.payload,
  opens: ['smb'],
  fields: {
    checksum: { at: AT.checksum, type: 'u16', show: 'hex', label: 'Checksum' },
    len: { at: AT.length, type: 'u16', label: 'Length' },
    hops: { at: AT.hops, type: 'u8', label: 'Transport Control (Hops)' },
    packet_type: { at: AT.type, type: 'u8', show: 'hex', label: 'Packet Type', names: TYPES },
    dst: { type: 'string', label: 'Destination Address', also: ['addr'] },
    src: { type: 'string', label: 'Source Address', also: ['addr'] },
    addr: { type: 'string', label: 'Src/Dst Address', many: true },
    'dst.node': { type: 'ether', label: 'Destination Node', also: ['node'] },
    'src.node': { type: 'ether', label: 'Source Node', also: ['node'] },
    node: { type: 'ether', label: 'Source or Destination Node', many: true },
    'dst.socket': { type: 'u16', show: 'hex', label: 'Destination Socket', names: SOCKETS, also: ['socket'] },
    'src.socket': { type: 'u16', show: 'hex', label: 'Source Socket', names: SOCKETS, also: ['socket'] },
    socket: { type: 'u16', show: 'hex', label: 'Source or Destination Socket', names: SOCKETS, many: true },
    sap_packet: { type: 'u16', label: 'SAP packet type', names: SAPS, abbrev: 'ipxsap.packet_type' },
    sap_name: { type: 'string', label: 'Server Name', abbrev: 'ipxsap.server.name', many: true },
    netbios_packet: { type: 'u8', show: 'hex', label: 'Packet Type', names: PACKETS, abbrev: 'nbipx.packettype' },
    netbios_name: { type: 'string', label: 'Name', abbrev: 'nbipx.name', many: true },
    'spx.connection_control': { type: 'u8', show: 'hex', label: 'Connection Control', abbrev: 'spx.ctl' },
    'spx.type': { type: 'u8', show: 'hex', label: 'Datastream Type', abbrev: 'spx.type' },
    'spx.src': { type: 'u16', label: 'Source Connection ID', abbrev: 'spx.src' },
    'spx.dst': { type: 'u16', label: 'Destination Connection ID', abbrev: 'spx.dst' },
    'spx.seq': { type: 'u16', label: 'Sequence Number', abbrev: 'spx.seq' },
    'spx.ack': { type: 'u16', label: 'Acknowledgment Number', abbrev: 'spx.ack' },
    'spx.alloc': { type: 'u16', label: 'Allocation Number', abbrev: 'spx.alloc' },
    rip_packet: { type: 'u16', label: 'RIP packet type', names: RIPS, abbrev: 'ipxrip.packet_type' },
  },
  scan(p) {
    const b = p.bytes;
    const { at } = p;
    p.named(
      ADDRESS.ipx,
      u32(b, at + AT.srcNet),
      u32(b, at + AT.srcNode),
      u16(b, at + AT.srcNode + 4),
      u32(b, at + AT.dstNet),
      u32(b, at + AT.dstNode),
      u16(b, at + AT.dstNode + 4),
    );
    p.enter(AT.payload, u16(b, at + AT.length));
  },
  tree(t) {
    const { at } = t;
    const src = t.u16(at + AT.srcSocket);
    const dst = t.u16(at + AT.dstSocket);
    const type = t.u8(at + AT.type);
    t.info(SOCKETS[dst] ?? `0x${dst.toString(16).padStart(4, '0')}`);
    t.header();
    t.put('src', address(t, at + AT.srcNet), at + AT.srcNet, 10);
    t.put('dst', address(t, at + AT.dstNet), at + AT.dstNet, 10);
    t.add('dst.node', at + AT.dstNode);
    t.add('dst.socket', at + AT.dstSocket);
    t.add('src.node', at + AT.srcNode);
    t.add('src.socket', at + AT.srcSocket);
    t.limit(at + Math.max(AT.payload, t.u16(at + AT.length)));
    const body = at + AT.payload;
    t.headerEnd(body);
    if (t.end <= body) return;
    const either = (socket: number): boolean => src === socket || dst === socket;
    if (either(SOCKET.sap)) sap(t, body);
    else if (either(SOCKET.rip)) rip(t, body);
    else if (either(SOCKET.netbios)) netbios(t, body, type);
    else if (either(SOCKET.nmpi) || either(SOCKET.browser)) nmpi(t, body);
    else if (either(SOCKET.nlsp)) nlsp(t, body);
    else if (type === SPX) spx(t, body);
    else t.payload(body);
  },
});

function address(t: TreeBuilder, at: number): string {
  const hex = toHex(t.slice(at, 10));
  return `${hex.slice(0, 8)}.${hex.slice(8)}`;
}

function sap(t: TreeBuilder, at: number): void {
  t.column('IPX SAP');
  const type = t.u16(at);
  t.info(SAPS[type] ?? 'Unknown Packet Type');
  t.add('sap_packet', at);
  if (type !== 2 && type !== 4) return;
  for (let one = at + 2; one + 64 <= t.end; one += 64)
    t.put('sap_name', t.string(one + 2, 48, 'ascii', true), one + 2, 48);
}

function rip(t: TreeBuilder, at: number): void {
  t.column('IPX RIP');
  t.info(RIPS[t.u16(at)] ?? 'Unknown Packet Type');
  t.add('rip_packet', at);
}

/** Broadcasts that routers forward carry the networks they went through in front: eight of four bytes. */
function netbios(t: TreeBuilder, from: number, packetType: number): void {
  const at = from + (packetType === NETBIOS_BROADCAST ? 32 : 0);
  const type = t.u8(at + 1);
  t.column('NBIPX');
  t.info(PACKETS[type] ?? `Unknown (${type})`);
  t.add('netbios_packet', at + 1);
  if (type >= 1 && type <= 5) {
    t.addInfo(` ${name(t, at + 2)}`);
    t.put('netbios_name', name(t, at + 2), at + 2, 16);
  } else if (type === DATAGRAM || type === SESSION_END_ACK) {
    if (type === DATAGRAM) {
      t.put('netbios_name', name(t, at + 2), at + 2, 16);
      t.put('netbios_name', name(t, at + 18), at + 18, 16);
    }
    datagram(t, at + 34);
  }
}

/** Mailslots: an opcode, a name's type, a message id, two names, then SMB. */
function nmpi(t: TreeBuilder, at: number): void {
  t.column('NMPI');
  const opcode = t.u8(at + 32);
  t.info(OPCODES[opcode] ?? `Unknown NMPI op-code 0x${opcode.toString(16).padStart(2, '0')}`);
  if (opcode === 0xfc) datagram(t, at + 68);
  else t.addInfo(` ${name(t, at + 36)}`);
}

function datagram(t: TreeBuilder, at: number): void {
  if (t.has(at, 4) && t.u32(at) === 0xff534d42) t.dissect('smb', at);
  else t.payload(at);
}

function nlsp(t: TreeBuilder, at: number): void {
  t.column('NLSP');
  t.info(NLSP[t.u8(at + 4) & 31] ?? 'Unknown');
}

/** Connection control, stream type, connections of both ends, sequence, acknowledgement, allocation; then data. */
function spx(t: TreeBuilder, at: number): void {
  t.column('SPX');
  t.info(`SPX, Seq ${t.u16(at + 6)}, Ack ${t.u16(at + 8)}`);
  t.add('spx.connection_control', at);
  t.add('spx.type', at + 1);
  t.add('spx.src', at + 2);
  t.add('spx.dst', at + 4);
  t.add('spx.seq', at + 6);
  t.add('spx.ack', at + 8);
  t.add('spx.alloc', at + 10);
  t.payload(at + 12);
}

function name(t: TreeBuilder, at: number): string {
  let text = '';
  for (let i = 0; i < 15; i++) {
    const byte = t.u8(at + i);
    text += byte < 0x20 ? `<${byte.toString(16).padStart(2, '0')}>` : String.fromCharCode(byte);
  }
  return `${text.trimEnd()}<${t
    .u8(at + 15)
    .toString(16)
    .padStart(2, '0')}>`;
}
