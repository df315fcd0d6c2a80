/** Cisco HDLC (LINKTYPE_C_HDLC): address, control and an Ethernet type or one of Cisco's own numbers. */

import { u16 } from '../../base/bytes.ts';
import { ADDRESS } from '../../table/path-words.ts';
import { ethertypeNames } from '../names/ethertypes.ts';
import { defineProtocol } from '../protocol.ts';

const AT = { address: 0, control: 1, protocol: 2, payload: 4 } as const;
const TABLE = { ethertype: 0, own: 1 } as const;
const OWN_NAMES: Readonly<Record<number, string>> = { 0x8035: 'SLARP', 0x2000: 'CDP', 0xfefe: 'OSI' };

export const chdlc = defineProtocol({
  name: 'chdlc',
  title: 'Cisco HDLC',
  short: 'CHDLC',
  on: { link: [104, 112] },
  chooses: ['ethertype', 'chdlc.protocol'],
  header: AT.payload,
  fields: {
    address: {
      at: AT.address,
      type: 'u8',
      show: 'hex',
      label: 'Address',
      names: { 0x0f: 'Unicast', 0x8f: 'Multicast' },
    },
    control: { at: AT.control, type: 'u8', show: 'hex', label: 'Control' },
    protocol: {
      at: AT.protocol,
      type: 'u16',
      show: 'hex',
      label: 'Protocol',
      names: (type) => OWN_NAMES[type] ?? ethertypeNames[type],
    },
  },
  scan(p) {
    const protocol = u16(p.bytes, p.at + AT.protocol);
    p.named(ADDRESS.unnamed, 0, 0, 0, 0, 0, 0);
    p.enter(AT.payload);
    p.nextIn(TABLE.own, protocol);
    if (!p.hasNext) p.nextBare(TABLE.ethertype, protocol);
  },
  tree(t) {
    const end = t.header();
    const protocol = t.u16(t.at + AT.protocol);
    t.headerEnd(end);
    t.column(`0x${protocol.toString(16).padStart(4, '0')}`);
    t.info('CHDLC');
    t.upper(end);
  },
});
