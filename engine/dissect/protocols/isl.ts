/**
 * Cisco Inter-Switch Link: 26 bytes in front of a whole Ethernet frame. The first 14 look like an 802.3 header, and the
 * Ethernet layer shows them; this layer is the rest of them, and what they hold besides.
 */

import { u16 } from '../../base/bytes.ts';
import { defineProtocol } from '../protocol.ts';

const AT = { dsap: 0, ssap: 1, control: 2, hsa: 3, vlan: 6, index: 8, reserved: 10, frame: 12 } as const;
/** From here back into the header before. */
const BEFORE = { dst: 14, type: 9, src: 8, length: 2 } as const;
const ETHERNET = 1;
const TYPES: Readonly<Record<number, string>> = { 0: 'Ethernet', 1: 'Token-Ring', 2: 'FDDI', 3: 'ATM' };
const CHECK = 4;

export const isl = defineProtocol({
  name: 'isl',
  title: 'ISL',
  on: { 'eth.length': [2] },
  chooses: 'link',
  header: AT.frame,
  fields: {
    dst: { type: 'bytes', label: 'Destination' },
    type: { type: 'u8', bits: [7, 4], label: 'Type', names: TYPES },
    user: { type: 'u8', bits: [3, 0], show: 'hex', label: 'User' },
    src: { type: 'ether', label: 'Source', also: ['addr'] },
    addr: { type: 'ether', label: 'Source or Destination Address', many: true },
    len: { type: 'u16', label: 'Length' },
    dsap: { at: AT.dsap, type: 'u8', show: 'hex', label: 'DSAP' },
    ssap: { at: AT.ssap, type: 'u8', show: 'hex', label: 'SSAP' },
    control: { at: AT.control, type: 'u8', show: 'hex', label: 'Control' },
    hsa: { at: AT.hsa, type: 'u24', show: 'hex', label: 'HSA' },
    vlan_id: { at: AT.vlan, type: 'u16', bits: [15, 1], show: 'hex', label: 'VLAN ID' },
    bpdu: { at: AT.vlan, type: 'bool', of: 'u16', bits: [0, 0], label: 'BPDU/CDP/VTP', flag: ['Yes', 'No'] },
    index: { at: AT.index, type: 'u16', label: 'Index' },
    reserved: { at: AT.reserved, type: 'u16', show: 'hex', label: 'Reserved' },
    trailer: { type: 'bytes', label: 'Trailer' },
  },
  scan(p) {
    p.tunnel(u16(p.bytes, p.at + AT.vlan) >>> 1);
    if (p.bytes[p.at - BEFORE.type] >>> 4 !== 0) return p.rest();
    const length = u16(p.bytes, p.at - BEFORE.length) - CHECK;
    p.enter(AT.frame, Math.max(AT.frame, length));
    p.next(ETHERNET);
  },
  tree(t) {
    const { at } = t;
    t.info(`VLAN ID: ${t.u16(at + AT.vlan) >>> 1}`);
    t.add('dst', at - BEFORE.dst, 5);
    t.add('type', at - BEFORE.type);
    t.add('user', at - BEFORE.type);
    t.add('src', at - BEFORE.src);
    t.add('len', at - BEFORE.length);
    t.header();
    const end = at + t.u16(at - BEFORE.length) - CHECK;
    if (end > at + AT.frame && end < t.end) {
      t.add('trailer', end, t.end - end);
      t.limit(end);
    }
    t.headerEnd(at + AT.frame);
    t.upper(at + AT.frame);
  },
});
