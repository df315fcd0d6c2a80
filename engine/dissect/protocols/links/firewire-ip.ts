/** Apple's IP over IEEE 1394 (LINKTYPE_APPLE_IP_OVER_IEEE1394): two addresses of eight bytes, then an EtherType. */

import { u16 } from '../../../base/bytes.ts';
import { ethertypeNames } from '../../names/ethertypes.ts';
import { defineProtocol } from '../../protocol.ts';

const AT = { dst: 0, src: 8, type: 16, payload: 18 } as const;
const ADDRESS_LENGTH = 8;

export const firewireIp = defineProtocol({
  name: 'ap1394',
  title: 'Apple IP-over-IEEE 1394',
  short: 'IP/IEEE1394',
  on: { link: [138] },
  chooses: 'ethertype',
  header: AT.payload,
  fields: {
    dst: { at: AT.dst, type: 'bytes', length: ADDRESS_LENGTH, label: 'Destination' },
    src: { at: AT.src, type: 'bytes', length: ADDRESS_LENGTH, label: 'Source' },
    type: { at: AT.type, type: 'u16', show: 'hex', label: 'Type', names: ethertypeNames },
  },
  scan(p) {
    const type = u16(p.bytes, p.at + AT.type);
    p.enter(AT.payload);
    p.nextBare(0, type);
  },
  tree(t) {
    t.info('Apple IP-over-IEEE 1394');
    const end = t.header();
    t.headerEnd(end);
    t.upper(end);
  },
});
