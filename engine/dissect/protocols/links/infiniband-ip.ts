/** IP over InfiniBand as an interface sees it (RFC 4391; LINKTYPE_IPOIB): twenty bytes of the sender, an address, an EtherType. */

import { u16 } from '../../../base/bytes.ts';
import { ethertypeNames } from '../../names/ethertypes.ts';
import { defineProtocol } from '../../protocol.ts';

const AT = { pair: 21, destination: 24, type: 40, reserved: 42, payload: 44 } as const;

export const infinibandIp = defineProtocol({
  name: 'ipoib',
  title: 'IP over Infiniband',
  short: 'IPoIB',
  on: { link: [242] },
  chooses: 'ethertype',
  header: AT.payload,
  fields: {
    'daddr.qpn': { at: AT.pair, type: 'u24', show: 'hex', label: 'Destination QPN' },
    dgid: { at: AT.destination, type: 'ipv6', label: 'Destination GID' },
    type: { at: AT.type, type: 'u16', show: 'hex', label: 'Type', names: ethertypeNames },
    reserved: { at: AT.reserved, type: 'u16', show: 'hex', label: 'Reserved' },
  },
  scan(p) {
    const type = u16(p.bytes, p.at + AT.type);
    p.enter(AT.payload);
    p.nextBare(0, type);
  },
  tree(t) {
    t.info('IP over Infiniband');
    const end = t.header();
    t.headerEnd(end);
    t.upper(end);
  },
});
