/** OUI Extended EtherType (IEEE 802 9.2.4): an organisation's own numbers of protocols. */

import { defineProtocol } from '../../protocol.ts';

const AT = { organisation: 0, number: 3, payload: 5 } as const;

export const ieee802a = defineProtocol({
  name: 'ieee802a',
  title: 'IEEE802a OUI Extended Ethertype',
  short: 'IEEE802a',
  on: { ethertype: [0x88b7] },
  header: AT.payload,
  fields: {
    oui: { at: AT.organisation, type: 'u24', label: 'Organization Code' },
    pid: { at: AT.number, type: 'u16', show: 'hex', label: 'Protocol ID' },
  },
  scan(p) {
    p.enter(AT.payload);
    p.rest();
  },
  tree(t) {
    const end = t.header();
    const hex = (value: number, digits: number): string => value.toString(16).toUpperCase().padStart(digits, '0');
    t.info(`OUI ${hex(t.u24(t.at), 6)}, PID 0x${hex(t.u16(t.at + AT.number), 4)}`);
    t.headerEnd(end);
    t.upper(end);
  },
});
