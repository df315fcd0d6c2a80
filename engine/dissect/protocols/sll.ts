/** Linux cooked captures, versions 1 and 2 (https://www.tcpdump.org/linktypes/LINKTYPE_LINUX_SLL.html and ..._SLL2.html). */

import { u16, u32 } from '../../base/bytes.ts';
import { ABSENT, ADDRESS } from '../../table/path-words.ts';
import { ethertypeNames } from '../names/ethertypes.ts';
import { greProtocolNames } from '../names/gre-protocols.ts';
import { hardwareTypeNames } from '../names/hardware-types.ts';
import { defineProtocol, type FieldSpec } from '../protocol.ts';
import type { TreeBuilder } from '../tree.ts';
import type { Cursor } from '../walk.ts';

const V1 = { packetType: 0, hardware: 2, addressLength: 4, address: 6, protocol: 14, payload: 16 } as const;
const V2 = {
  protocol: 0,
  reserved: 2,
  interface: 4,
  hardware: 8,
  packetType: 10,
  addressLength: 11,
  address: 12,
  payload: 20,
} as const;
const ADDRESS_SPACE = 8;
const MAC_BYTES = 6;
/** Protocol values below are Linux's own numbers (linux/if_ether.h). */
const FIRST_TYPE = 0x600;
const LINUX = { novell: 1, llc: 4 } as const;
const HARDWARE = { radiotap: 803, gre: 778, greOverIpv6: 823 } as const;
const LINK = { radiotap: 127 } as const;
const TABLE = { ethertype: 0, length: 1, gre: 2, link: 3 } as const;

const PACKET_TYPES: Readonly<Record<number, string>> = {
  0: 'Unicast to us',
  1: 'Broadcast',
  2: 'Multicast',
  3: 'Unicast to another host',
  4: 'Sent by us',
};
const LINUX_TYPES: Readonly<Record<number, string>> = {
  1: 'Raw 802.3',
  3: 'Ethernet',
  4: '802.2 LLC',
  7: 'PPP (HDLC)',
  12: 'CAN',
  13: 'CAN FD',
  23: 'IrDA LAP',
  245: 'ISI',
  246: 'IEEE 802.15.4',
};

const fields = {
  pkttype: { type: 'u16', label: 'Packet type', names: PACKET_TYPES },
  ifindex: { type: 'u32', label: 'Interface index' },
  hatype: { type: 'u16', label: 'Link-layer address type', names: hardwareTypeNames },
  halen: { type: 'u16', label: 'Link-layer address length' },
  'src.eth': { type: 'ether', label: 'Source' },
  'src.ipv4': { type: 'ipv4', label: 'Source' },
  'src.other': { type: 'bytes', label: 'Source' },
  unused: { type: 'bytes', label: 'Unused' },
  etype: { type: 'u16', show: 'hex', label: 'Protocol', names: ethertypeNames },
  gretype: { type: 'u16', show: 'hex', label: 'Protocol', names: greProtocolNames },
  ltype: { type: 'u16', show: 'hex', label: 'Protocol', names: LINUX_TYPES },
  trailer: { type: 'bytes', label: 'Trailer' },
} as const satisfies Record<string, FieldSpec>;

/**
 * Both versions are one protocol for filters and stacks. Bytes 2 and 3 tell them apart: reserved and zero in version 2, the
 * hardware type in version 1, where 0 (amateur radio NET/ROM) does not occur.
 */
export const sll = defineProtocol({
  name: 'sll',
  title: 'Linux cooked capture',
  on: { link: [113, 276] },
  chooses: ['ethertype', 'eth.length', 'gre.proto', 'link'],
  header: V1.payload,
  fields,
  scan(p) {
    const isSecond = u16(p.bytes, p.at + V2.reserved) === 0;
    const hardware = u16(p.bytes, p.at + (isSecond ? V2.hardware : V1.hardware));
    const protocol = u16(p.bytes, p.at + (isSecond ? V2.protocol : V1.protocol));
    const length = isSecond ? V2.payload : V1.payload;
    if (!p.has(length)) return;
    const isMac = isSecond
      ? p.bytes[p.at + V2.addressLength] === MAC_BYTES
      : u16(p.bytes, p.at + V1.addressLength) === MAC_BYTES;
    const address = p.at + (isSecond ? V2.address : V1.address);
    if (isMac) p.named(ADDRESS.mac, u16(p.bytes, address), u32(p.bytes, address + 2), 0, ABSENT, 0, 0);
    p.enter(length);
    choose(p, hardware, protocol);
  },
  tree(t) {
    if (t.u16(t.at + V2.reserved) === 0) second(t);
    else first(t);
  },
});

function first(t: TreeBuilder): void {
  const { at } = t;
  const kind = t.u16(at + V1.packetType);
  t.label('Linux cooked capture v1');
  t.info(PACKET_TYPES[kind] ?? `Unknown (${kind})`);
  t.add('pkttype', at + V1.packetType);
  t.add('hatype', at + V1.hardware);
  t.add('halen', at + V1.addressLength);
  address(t, at + V1.address, t.u16(at + V1.addressLength));
  protocolOf(t, at + V1.protocol, t.u16(at + V1.hardware));
  above(t, at + V1.payload);
}

function second(t: TreeBuilder): void {
  const { at } = t;
  const kind = t.u8(at + V2.packetType);
  t.label('Linux cooked capture v2');
  t.info(PACKET_TYPES[kind] ?? `Unknown (${kind})`);
  protocolOf(t, at + V2.protocol, t.u16(at + V2.hardware));
  t.add('ifindex', at + V2.interface);
  t.add('hatype', at + V2.hardware);
  t.put('pkttype', kind, at + V2.packetType, 1);
  t.put('halen', t.u8(at + V2.addressLength), at + V2.addressLength, 1);
  address(t, at + V2.address, t.u8(at + V2.addressLength));
  if (!t.has(at, V2.payload)) t.fail();
  above(t, at + V2.payload);
}

/** Hot: which layer follows. */
function choose(p: Cursor, hardware: number, protocol: number): void {
  if (hardware === HARDWARE.gre || hardware === HARDWARE.greOverIpv6) p.nextIn(TABLE.gre, protocol);
  else if (hardware === HARDWARE.radiotap) p.nextIn(TABLE.link, LINK.radiotap);
  else if (protocol >= FIRST_TYPE) p.nextIn(TABLE.ethertype, protocol);
  else if (protocol === LINUX.llc) p.nextIn(TABLE.length, 0);
  else if (protocol === LINUX.novell) p.nextIn(TABLE.length, 1);
  else p.rest();
}

function address(t: TreeBuilder, at: number, length: number): void {
  const used = Math.min(length, ADDRESS_SPACE);
  if (length === 6) t.add('src.eth', at);
  else if (length === 4) t.add('src.ipv4', at);
  else if (used > 0) t.add('src.other', at, used);
  if (used < ADDRESS_SPACE) t.add('unused', at + used, ADDRESS_SPACE - used);
}

function protocolOf(t: TreeBuilder, at: number, hardware: number): void {
  const protocol = t.u16(at);
  const isGre = hardware === HARDWARE.gre || hardware === HARDWARE.greOverIpv6;
  t.add(isGre ? 'gretype' : protocol >= FIRST_TYPE ? 'etype' : 'ltype', at);
  if (!isGre && protocol >= FIRST_TYPE) t.column(`0x${protocol.toString(16).padStart(4, '0')}`);
}

function above(t: TreeBuilder, at: number): void {
  t.headerEnd(at);
  const used = t.upper(at);
  if (used < t.end) t.add('trailer', used, t.end - used);
}
