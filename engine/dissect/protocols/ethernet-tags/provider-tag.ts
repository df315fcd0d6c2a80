/** The service tag of provider bridges (IEEE 802.1ad, now 802.1Q 9.6): the provider's own VLAN around the customer's. */

import { u16 } from '../../../base/bytes.ts';
import { ethertypeNames } from '../../names/ethertypes.ts';
import { defineProtocol } from '../../protocol.ts';

const AT = { control: 0, type: 2, payload: 4 } as const;
const FIRST_TYPE = 0x600;
const ID_MASK = 0xfff;

export const providerTag = defineProtocol({
  name: 'ieee8021ad',
  title: 'IEEE 802.1ad',
  short: '802.1ad',
  on: { ethertype: [0x88a8] },
  chooses: ['ethertype', 'eth.length'],
  header: AT.payload,
  fields: {
    priority: { at: AT.control, type: 'u16', bits: [15, 13], label: 'Priority' },
    dei: { at: AT.control, type: 'u16', bits: [12, 12], label: 'DEI' },
    id: { at: AT.control, type: 'u16', bits: [11, 0], label: 'ID' },
  },
  scan(p) {
    p.tunnel(u16(p.bytes, p.at) & ID_MASK);
    const type = u16(p.bytes, p.at + AT.type);
    p.enter(AT.payload, type < FIRST_TYPE && type !== 0 ? AT.payload + type : -1);
    if (type < FIRST_TYPE) p.nextIn(1, 0);
    else p.next(type);
  },
  tree(t) {
    const end = t.header();
    const control = t.u16(t.at);
    const type = t.u16(t.at + AT.type);
    const text = `PRI: ${control >>> 13}  DEI: ${(control >>> 12) & 1}  ID: ${control & ID_MASK}`;
    t.addLabel(`, ID: ${control & ID_MASK}`);
    if (type >= FIRST_TYPE) t.column(`0x${type.toString(16).padStart(4, '0')}`);
    t.info(text);
    t.text(`Type: ${ethertypeNames[type] ?? 'Unknown'} (0x${type.toString(16).padStart(4, '0')})`, t.at + AT.type, 2);
    t.headerEnd(end);
    t.upper(end);
  },
});
