/**
 * VXLAN (RFC 7348) with the group policy extension (draft-smith-vxlan-group-policy), and VXLAN-GPE (draft-ietf-nvo3-vxlan-gpe),
 * which says by a flag that its header names what is inside. Hot: scan() runs once per tunnelled packet.
 */

import { u24 } from '../../base/bytes.ts';
import { defineProtocol } from '../protocol.ts';

const AT = { flags: 0, group: 2, next: 3, vni: 4, reserved: 7, payload: 8 } as const;
const LINK_ETHERNET = 1;
/** Of VXLAN-GPE's flags: the header names the next protocol. */
const NAMES_NEXT = 0x04;
const NEXT = { ipv4: 1, ipv6: 2, ethernet: 3, nsh: 4, mpls: 5 } as const;
const NEXT_NAMES: Readonly<Record<number, string>> = { 1: 'IPv4', 2: 'IPv6', 3: 'Ethernet', 4: 'NSH', 5: 'MPLS' };

/** Hot: what VXLAN-GPE says is inside; 0: plain VXLAN. */
function nextOf(b: Uint8Array, at: number): number {
  return (b[at] & NAMES_NEXT) === 0 ? 0 : b[at + AT.next];
}

export const vxlan = defineProtocol({
  name: 'vxlan',
  title: 'Virtual eXtensible Local Area Network',
  short: 'VxLAN',
  // 8472 is what Linux took before IANA gave a number, and still its default.
  on: { 'udp.port': [4789, 4790, 8472] },
  chooses: ['link', 'ethertype'],
  header: AT.payload,
  fields: {
    flags: { at: AT.flags, type: 'u16', show: 'hex', label: 'Flags' },
    flag_g: { type: 'bool', of: 'u16', bits: [15, 15], label: 'GBP Extension', flag: ['Defined', 'Not defined'] },
    flag_i: { type: 'bool', of: 'u16', bits: [11, 11], label: 'VXLAN Network ID (VNI)' },
    flag_d: { type: 'bool', of: 'u16', bits: [6, 6], label: "Don't Learn" },
    flag_a: { type: 'bool', of: 'u16', bits: [3, 3], label: 'Policy Applied' },
    flags_reserved: { type: 'u16', show: 'hex', label: 'Reserved(R)', doc: 'The bits of the flags that mean nothing.' },
    gbp: { type: 'u16', label: 'Group Policy ID' },
    ver: { type: 'u8', bits: [5, 4], label: 'Version' },
    o_bit: { type: 'u8', bits: [0, 0], label: 'OAM bit' },
    next_proto: { type: 'u8', label: 'Next Protocol', names: NEXT_NAMES },
    vni: { type: 'u24', label: 'VXLAN Network Identifier (VNI)' },
    reserved8: { type: 'u8', label: 'Reserved' },
  },
  scan(p) {
    p.tunnel(u24(p.bytes, p.at + AT.vni));
    const next = nextOf(p.bytes, p.at);
    p.enter(AT.payload);
    if (next === 0 || next === NEXT.ethernet) p.next(LINK_ETHERNET);
    else if (next === NEXT.ipv4) p.nextBare(1, 0x0800);
    else if (next === NEXT.ipv6) p.nextBare(1, 0x86dd);
    else if (next === NEXT.nsh) p.nextBare(1, 0x894f);
    else if (next === NEXT.mpls) p.nextBare(1, 0x8847);
    else p.rest();
  },
  tree(t) {
    const end = t.header();
    t.nest(t.last());
    for (const key of ['flag_g', 'flag_i', 'flag_d', 'flag_a']) t.add(key, t.at);
    t.put('flags_reserved', t.u16(t.at) & RESERVED_FLAGS, t.at, 2);
    t.close();
    const next = nextOf(t.bytes, t.at);
    if (next === 0) t.add('gbp', t.at + AT.group);
    else {
      t.column('VxLAN-GPE');
      t.info('');
      t.add('ver', t.at);
      t.add('o_bit', t.at);
      t.add('next_proto', t.at + AT.next);
    }
    t.add('vni', t.at + AT.vni);
    t.add('reserved8', t.at + AT.reserved);
    t.headerEnd(end);
    t.upper(end);
  },
});

const RESERVED_FLAGS = 0x77b7;
