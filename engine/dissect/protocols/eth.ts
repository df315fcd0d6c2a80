/** Ethernet II and IEEE 802.3 frames. Hot: scan() runs once per packet. */

import { formatMac } from '../../base/address.ts';
import { u16, u24 } from '../../base/bytes.ts';
import { ethertypeNames } from '../names/ethertypes.ts';
import { defineProtocol } from '../protocol.ts';

const AT = { dst: 0, src: 6, type: 12, payload: 14 } as const;
/** Type values below it are lengths (IEEE 802.3 3.2.6). */
const FIRST_TYPE = 0x600;
/** Novell's raw 802.3: IPX without LLC starts with this checksum. */
/** Keys of `eth.length`. */
const INTER_SWITCH = 2;
const RAW_IPX = 0xffff;

/** The two lowest bits of an address's first byte (IEEE 802, 8.2). */
const IG = {
  type: 'bool',
  of: 'u24',
  bits: [16, 16],
  label: 'IG bit',
  flag: ['Group address (multicast/broadcast)', 'Individual address (unicast)'],
} as const;
const LG = {
  type: 'bool',
  of: 'u24',
  bits: [17, 17],
  label: 'LG bit',
  flag: ['Locally administered address (this is NOT the factory default)', 'Globally unique address (factory default)'],
} as const;

export const eth = defineProtocol({
  name: 'eth',
  title: 'Ethernet II',
  short: 'Ethernet',
  on: {
    link: [1],
    'pktap.link': [1],
    name: ['eth'],
    ethertype: [0x6558],
    'geneve.type': [0x6558],
    'gre.proto': [0x6558],
  },
  chooses: ['ethertype', 'eth.length'],
  header: AT.payload,
  fields: {
    dst: { at: AT.dst, type: 'ether', label: 'Destination', also: ['addr'] },
    src: { at: AT.src, type: 'ether', label: 'Source', also: ['addr'] },
    addr: { type: 'ether', label: 'Source or Destination Address', many: true },
    ig: { ...IG, many: true },
    lg: { ...LG, many: true },
    'dst.ig': IG,
    'dst.lg': LG,
    'dst.oui': { type: 'u24', label: 'Destination OUI', show: 'hex' },
    'src.ig': IG,
    'src.lg': LG,
    'src.oui': { type: 'u24', label: 'Source OUI', show: 'hex' },
    'addr.oui': { type: 'u24', label: 'Address OUI', show: 'hex', many: true },
    type: { from: (b, at) => typeIf(b, at, true), type: 'u16', label: 'Type', show: 'hex', names: ethertypeNames },
    len: { from: (b, at) => typeIf(b, at, false), type: 'u16', label: 'Length' },
    padding: { type: 'bytes', label: 'Padding' },
    trailer: { type: 'bytes', label: 'Trailer' },
  },
  scan(p) {
    p.link(p.at + AT.src, p.at + AT.dst);
    const type = u16(p.bytes, p.at + AT.type);
    if (isType(type)) {
      p.enter(AT.payload);
      p.next(type);
      return;
    }
    if (isInterSwitch(p.bytes, p.at, p.end)) {
      p.enter(AT.payload, AT.payload + type);
      p.nextIn(1, INTER_SWITCH);
      return;
    }
    p.enter(AT.payload, AT.payload + type);
    p.nextIn(1, p.has(2) && u16(p.bytes, p.at) === RAW_IPX ? 1 : 0);
  },
  tree(t) {
    const type = t.u16(t.at + AT.type);
    for (const key of ['dst', 'src'] as const) {
      const at = t.at + AT[key];
      t.add(key, at);
      t.nest(t.last());
      t.add('lg', at);
      t.add('ig', at);
      // The same under the names of one of the two addresses; and whose block the address is from.
      const first = t.u8(at);
      t.hide(`${key}.lg`, (first >>> 1) & 1, at, 3);
      t.hide(`${key}.ig`, first & 1, at, 3);
      const oui = t.u24(at);
      t.hide(`${key}.oui`, oui, at, 3);
      t.hide('addr.oui', oui, at, 3);
      t.close();
    }
    // What an unknown type carries is called by its number.
    t.column(isType(type) ? `0x${type.toString(16).padStart(4, '0')}` : 'Ethernet');
    t.info(isType(type) ? 'Ethernet II' : '');
    const end = t.at + AT.payload;
    t.label(
      `${isType(type) ? 'Ethernet II' : 'IEEE 802.3 Ethernet'}, Src: ${formatMac(t.bytes, t.at + AT.src)}, Dst: ${formatMac(t.bytes, t.at + AT.dst)}`,
    );
    t.add(isType(type) ? 'type' : 'len', t.at + AT.type);
    t.headerEnd(end);
    const used = t.upper(end);
    if (used < t.end) t.add(isZero(t.bytes, used, t.end) ? 'padding' : 'trailer', used, t.end - used);
  },
});

/** Hot: Cisco's ISL: two group addresses that nobody else has, and a SNAP header. */
function isInterSwitch(b: Uint8Array, at: number, end: number): boolean {
  return (
    (b[at] & 0xfd) === 1 &&
    u24(b, at + 1) === 0x000c00 &&
    b[at + 4] === 0 &&
    at + AT.payload + 3 <= end &&
    u24(b, at + AT.payload) === 0xaaaa03
  );
}

/** A length of zero says nothing: it is taken for a type, as Wireshark does. */
function isType(type: number): boolean {
  return type >= FIRST_TYPE || type === 0;
}

function isZero(bytes: Uint8Array, at: number, end: number): boolean {
  for (let i = at; i < end; i++) if (bytes[i] !== 0) return false;
  return true;
}

/** The type field where it is a type (or a length), as asked. */
function typeIf(b: Uint8Array, at: number, asType: boolean): number {
  const type = u16(b, at + AT.type);
  return isType(type) === asType ? type : Number.NaN;
}
