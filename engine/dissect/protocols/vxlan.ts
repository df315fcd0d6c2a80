/** VXLAN (RFC 7348) with the group policy extension (draft-smith-vxlan-group-policy). Hot: scan() runs once per tunnelled packet. */

import { u24 } from '../../base/bytes.ts';
import { defineProtocol } from '../protocol.ts';

const AT = { flags: 0, group: 2, vni: 4, reserved: 7, payload: 8 } as const;
const LINK_ETHERNET = 1;

export const vxlan = defineProtocol({
  name: 'vxlan',
  title: 'Virtual eXtensible Local Area Network',
  short: 'VxLAN',
  // 8472 is what Linux took before IANA gave a number, and still its default.
  on: { 'udp.port': [4789, 8472] },
  chooses: 'link',
  header: AT.payload,
  fields: {
    flags: { at: AT.flags, type: 'u16', show: 'hex', label: 'Flags' },
    flag_g: { type: 'bool', of: 'u16', bits: [15, 15], label: 'GBP Extension', flag: ['Defined', 'Not defined'] },
    flag_i: { type: 'bool', of: 'u16', bits: [11, 11], label: 'VXLAN Network ID (VNI)' },
    flag_d: { type: 'bool', of: 'u16', bits: [6, 6], label: "Don't Learn" },
    flag_a: { type: 'bool', of: 'u16', bits: [3, 3], label: 'Policy Applied' },
    flags_reserved: { type: 'u16', show: 'hex', label: 'Reserved(R)', doc: 'The bits of the flags that mean nothing.' },
    gbp: { type: 'u16', label: 'Group Policy ID' },
    vni: { type: 'u24', label: 'VXLAN Network Identifier (VNI)' },
    reserved8: { type: 'u8', label: 'Reserved' },
  },
  scan(p) {
    p.tunnel(u24(p.bytes, p.at + AT.vni));
    p.enter(AT.payload);
    p.next(LINK_ETHERNET);
  },
  tree(t) {
    const end = t.header();
    t.nest(t.last());
    for (const key of ['flag_g', 'flag_i', 'flag_d', 'flag_a']) t.add(key, t.at);
    t.put('flags_reserved', t.u16(t.at) & RESERVED_FLAGS, t.at, 2);
    t.close();
    t.add('gbp', t.at + AT.group);
    t.add('vni', t.at + AT.vni);
    t.add('reserved8', t.at + AT.reserved);
    t.headerEnd(end);
    t.upper(end);
  },
});

const RESERVED_FLAGS = 0x77b7;
