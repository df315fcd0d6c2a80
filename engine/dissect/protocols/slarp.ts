/** Serial line address resolution (Cisco SLARP): keepalives and addresses on Cisco HDLC links. */

import { formatIpv4 } from '../../base/address.ts';
import { defineProtocol } from '../protocol.ts';

const AT = { type: 0, first: 4, second: 8, reliability: 12 } as const;
const TYPE = { request: 0, reply: 1, keepalive: 2 } as const;

export const slarp = defineProtocol({
  name: 'slarp',
  title: 'Cisco SLARP',
  on: { 'chdlc.protocol': [0x8035] },
  header: AT.first,
  fields: {
    ptype: {
      at: AT.type,
      type: 'u32',
      label: 'Packet type',
      names: { 0: 'Address request', 1: 'Address reply', 2: 'Line keepalive' },
    },
    address: { type: 'ipv4', label: 'Address' },
    netmask: { type: 'ipv4', label: 'Netmask' },
    mysequence: { type: 'u32', label: 'Outgoing sequence number' },
    yoursequence: { type: 'u32', label: 'Returned sequence number' },
    reliability: { type: 'u16', show: 'hex', label: 'Reliability' },
  },
  tree(t) {
    const type = t.u32(t.at);
    const first = t.at + AT.first;
    const second = t.at + AT.second;
    t.header();
    if (type === TYPE.request || type === TYPE.reply) {
      const name = type === TYPE.request ? 'Address request' : 'Address reply';
      t.info(`${name}, from ${formatIpv4(t.u32(first))}, mask ${formatIpv4(t.u32(second))}`);
      t.add('address', first);
      t.add('netmask', second);
    } else if (type === TYPE.keepalive) {
      t.info(`Line keepalive, outgoing sequence ${t.u32(first)}, returned sequence ${t.u32(second)}`);
      t.add('mysequence', first);
      t.add('yoursequence', second);
      t.add('reliability', t.at + AT.reliability);
    } else {
      t.info(`Unknown packet type 0x${type.toString(16).padStart(8, '0').toUpperCase()}`);
      t.payload(first);
    }
  },
});
