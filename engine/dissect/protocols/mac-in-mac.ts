/** Provider backbone bridges (IEEE 802.1ah, 802.1Q 9.7): a service number, and the customer's own Ethernet header behind it. */

import { u16, u32 } from '../../base/bytes.ts';
import { ethertypeNames } from '../names/ethertypes.ts';
import { defineProtocol } from '../protocol.ts';

const AT = { tag: 0, destination: 4, source: 10, type: 16, payload: 18 } as const;
const SERVICE_MASK = 0xffffff;

export const macInMac = defineProtocol({
  name: 'ieee8021ah',
  title: 'IEEE 802.1ah',
  short: '802.1ah',
  on: { ethertype: [0x88e7] },
  chooses: 'ethertype',
  header: AT.payload,
  fields: {
    priority: { at: AT.tag, type: 'u32', bits: [31, 29], label: 'Priority' },
    drop: { at: AT.tag, type: 'u32', bits: [28, 28], label: 'DROP' },
    nca: { at: AT.tag, type: 'u32', bits: [27, 27], label: 'NCA' },
    res1: { at: AT.tag, type: 'u32', bits: [26, 26], label: 'RES1' },
    res2: { at: AT.tag, type: 'u32', bits: [25, 24], label: 'RES2' },
    isid: { at: AT.tag, type: 'u32', bits: [23, 0], label: 'I-SID' },
    cdst: { at: AT.destination, type: 'ether', label: 'C-Destination' },
    csrc: { at: AT.source, type: 'ether', label: 'C-Source' },
    etype: { at: AT.type, type: 'u16', show: 'hex', label: 'Type', names: ethertypeNames },
  },
  scan(p) {
    p.tunnel(u32(p.bytes, p.at) & SERVICE_MASK);
    const type = u16(p.bytes, p.at + AT.type);
    p.enter(AT.payload);
    p.next(type);
  },
  tree(t) {
    const end = t.header();
    const tag = t.u32(t.at);
    const type = t.u16(t.at + AT.type);
    t.addLabel(`, I-SID: ${tag & SERVICE_MASK}`);
    t.column(`0x${type.toString(16).padStart(4, '0')}`);
    t.info(
      `PRI: ${tag >>> 29}  Drop: ${(tag >>> 28) & 1}  NCA: ${(tag >>> 27) & 1}  Res1: ${(tag >>> 26) & 1}  Res2: ${(tag >>> 24) & 3}  I-SID: ${tag & SERVICE_MASK}`,
    );
    t.headerEnd(end);
    t.upper(end);
  },
});
