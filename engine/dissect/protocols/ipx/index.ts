/** Novell IPX (Novell's "IPX Router Specification", 1992): network, node and socket of both ends. What sockets carry has files of its own. */

import { u16, u32 } from '../../../base/bytes.ts';
import { toHex } from '../../../base/hex.ts';
import { ADDRESS } from '../../../table/path-words.ts';
import { defineProtocol } from '../../protocol.ts';
import type { TreeBuilder } from '../../tree.ts';

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
const NMPI = 'nmpi';
const MESSAGE = 'ipxmsg';
/** Who listens on a socket: layers of the tree that frame.protocols does not list. */
const ABOVE: Readonly<Record<number, string>> = {
  0x0452: 'ipxsap',
  0x0453: 'ipxrip',
  0x0455: 'nbipx',
  0x0457: 'nw_serial',
  0x0551: NMPI,
  0x0553: NMPI,
  0x4001: MESSAGE,
  0x4003: MESSAGE,
  0x9001: 'nlsp',
};
const SOCKETS: Readonly<Record<number, string>> = {
  0x0002: 'CISCO PING',
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
  0x0554: 'NWLink SMB Messenger',
  0x0555: 'NWLink SMB Browse',
  0x4001: 'IPX Message',
  0x4003: 'IPX Message',
  0x85be: 'Cisco EIGRP for IPX',
  0x9001: 'NetWare Link Services Protocol',
  0x9004: 'IPX WAN',
  0x900f: 'SNMP Agent',
  0x9010: 'SNMP Sink',
  0x9091: 'TCP Tunnel',
  0x9092: 'UDP Tunnel',
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
export const ipx = defineProtocol({
  name: 'ipx',
  title: 'Internetwork Packet eXchange',
  on: { ethertype: [0x8137], 'eth.length': [1], 'llc.dsap': [0xe0], 'ppp.protocol': [0x002b], 'gre.proto': [0x8137] },
  header: AT.payload,
  opens: ['ipxsap', 'ipxrip', 'nbipx', 'nw_serial', 'nmpi', 'ipxmsg', 'nlsp', 'spx'],
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
    const above = ABOVE[dst] ?? ABOVE[src];
    if (above !== undefined) {
      t.hint = type === NETBIOS_BROADCAST ? 'ipx:broadcast' : '';
      t.dissectUnlisted(above, body);
    } else if (type === SPX) t.dissectUnlisted('spx', body);
    else t.payload(body);
  },
});

function address(t: TreeBuilder, at: number): string {
  const hex = toHex(t.slice(at, 10));
  return `${hex.slice(0, 8)}.${hex.slice(8)}`;
}
