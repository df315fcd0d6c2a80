/** Frame Relay (ITU-T Q.922 addresses; RFC 2427 multiprotocol encapsulation, or Cisco's, which gives an Ethernet type). */

import { u16, u24 } from '../../base/bytes.ts';
import { ethertypeNames } from '../names/ethertypes.ts';
import { defineProtocol } from '../protocol.ts';
import type { TreeBuilder } from '../tree.ts';
import type { Cursor } from '../walk.ts';

const UI = 0x03;
const SNAP = 0x80;
const MAX_ADDRESS = 4;
const SNAP_LENGTH = 5;
const TABLE = { nlpid: 0, ethertype: 1, link: 2 } as const;
const OUI = { ethernet: 0x000000, bridged: 0x0080c2 } as const;
const BRIDGED_ETHERNET = { withChecksum: 1, without: 7 } as const;
const LINK_ETHERNET = 1;
const NLPIDS: Readonly<Record<number, string>> = {
  0x00: 'NULL',
  0x08: 'Q.933',
  0x80: 'SNAP',
  0x81: 'CLNP',
  0x82: 'ESIS',
  0x83: 'ISIS',
  0x8e: 'IPv6',
  0xb0: 'FRF.12',
  0xb1: 'FRF.12',
  0xcc: 'IP',
  0xcf: 'PPP',
};

export const frameRelay = defineProtocol({
  name: 'fr',
  title: 'Frame Relay',
  on: { link: [107], 'gre.proto': [0x6559] },
  chooses: ['fr.nlpid', 'ethertype', 'link'],
  header: 2,
  fields: {
    first_addr_octet: { type: 'u8', show: 'hex', label: 'First address octet' },
    upper_dlci: { type: 'u8', bits: [7, 2], show: 'hex', label: 'Upper DLCI' },
    cr: { type: 'bool', of: 'u8', bits: [1, 1], label: 'CR', flag: ['Response', 'Command'] },
    ea: { type: 'bool', of: 'u8', bits: [0, 0], label: 'EA', flag: ['Last Octet', 'More Follows'], many: true },
    second_addr_octet: { type: 'u8', show: 'hex', label: 'Second address octet' },
    second_dlci: { type: 'u8', bits: [7, 4], show: 'hex', label: 'Second DLCI' },
    fecn: { type: 'bool', of: 'u8', bits: [3, 3], label: 'FECN', flag: ['True', 'False'] },
    becn: { type: 'bool', of: 'u8', bits: [2, 2], label: 'BECN', flag: ['True', 'False'] },
    de: { type: 'bool', of: 'u8', bits: [1, 1], label: 'DE', flag: ['True', 'False'] },
    dlci: { type: 'u32', label: 'DLCI' },
    control: { type: 'u8', show: 'hex', label: 'Control Field' },
    nlpid: { type: 'u8', show: 'hex', label: 'NLPID', names: NLPIDS },
    'snap.oui': { type: 'u24', label: 'Organization Code' },
    'snap.pid': { type: 'u16', show: 'hex', label: 'Protocol ID' },
    snaptype: { type: 'u16', show: 'hex', label: 'Type', names: ethertypeNames },
    chdlctype: { type: 'u16', show: 'hex', label: 'Type', names: ethertypeNames },
  },
  scan(p) {
    const b = p.bytes;
    const address = addressLength(b, p.at, p.end);
    if (!p.has(address + 2)) return;
    const control = p.at + address;
    if (b[control] !== UI) {
      const type = u16(b, control); // Cisco's encapsulation
      p.enter(address + 2);
      p.nextBare(TABLE.ethertype, type);
      return;
    }
    let at = control + 1;
    if (b[at] === 0) at++; // padding that aligns what follows (RFC 2427 3)
    if (!p.has(at + 1 - p.at)) return;
    const nlpid = b[at];
    p.enter(at + 1 - p.at);
    if (nlpid === SNAP) snap(p);
    else p.nextIn(TABLE.nlpid, nlpid);
  },
  tree(t) {
    const address = addressLength(t.bytes, t.at, t.end);
    const first = t.u8(t.at);
    const second = t.u8(t.at + 1);
    const dlci = address < 2 ? first >>> 2 : ((first >>> 2) << 4) | (second >>> 4);
    t.info(`DLCI ${dlci}`);
    octet(t, 'first_addr_octet', t.at, ['upper_dlci', 'cr', 'ea']);
    if (address > 1) octet(t, 'second_addr_octet', t.at + 1, ['second_dlci', 'fecn', 'becn', 'de', 'ea']);
    t.generated('dlci', dlci, t.at, address);
    let at = t.at + address;
    if (t.u8(at) !== UI) {
      at = t.add('chdlctype', at);
      t.headerEnd(at);
      t.upper(at);
      return;
    }
    at = t.add('control', at);
    if (t.u8(at) === 0) at++;
    const nlpid = t.u8(at);
    at = t.add('nlpid', at);
    if (nlpid === SNAP) {
      const oui = t.u24(at);
      t.add('snap.oui', at);
      t.add(oui === OUI.ethernet ? 'snaptype' : 'snap.pid', at + 3);
      at += SNAP_LENGTH;
    }
    t.headerEnd(at);
    t.upper(at);
  },
});

/** Hot: bytes of the address: the lowest bit ends it. */
function addressLength(b: Uint8Array, at: number, end: number): number {
  let length = 1;
  while (length < MAX_ADDRESS && at + length < end && (b[at + length - 1] & 1) === 0) length++;
  return length;
}

function snap(p: Cursor): void {
  if (!p.has(SNAP_LENGTH)) return;
  const oui = u24(p.bytes, p.at);
  const pid = u16(p.bytes, p.at + 3);
  p.enter(SNAP_LENGTH);
  if (oui === OUI.ethernet) p.nextBare(TABLE.ethertype, pid);
  else if (oui === OUI.bridged && (pid === BRIDGED_ETHERNET.withChecksum || pid === BRIDGED_ETHERNET.without))
    p.nextIn(TABLE.link, LINK_ETHERNET);
  else p.rest();
}

function octet(t: TreeBuilder, key: string, at: number, bits: readonly string[]): void {
  t.add(key, at);
  t.nest(t.last());
  for (const bit of bits) t.add(bit, at);
  t.close();
}
