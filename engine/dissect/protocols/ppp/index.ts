/** PPP (RFC 1661; HDLC-like framing RFC 1662): address and control bytes and the first byte of the protocol may be left out. */

import { u16 } from '../../../base/bytes.ts';
import { pppProtocolNames } from '../../names/ppp-protocols.ts';
import { defineProtocol } from '../../protocol.ts';

const FRAMING = { address: 0xff, control: 0x03 } as const;

export const ppp = defineProtocol({
  name: 'ppp',
  title: 'Point-to-Point Protocol',
  on: { link: [9, 50, 166, 204], 'gre.proto': [0x880b] },
  chooses: 'ppp.protocol',
  header: 1,
  fields: {
    address: { type: 'u8', show: 'hex', label: 'Address' },
    control: { type: 'u8', show: 'hex', label: 'Control' },
    protocol: { type: 'u16', show: 'hex', label: 'Protocol', names: pppProtocolNames },
  },
  scan(p) {
    const b = p.bytes;
    let length = 0;
    if (p.at + 2 <= p.end && b[p.at] === FRAMING.address && b[p.at + 1] === FRAMING.control) length = 2;
    if (!p.has(length + 1)) return;
    let protocol = b[p.at + length];
    if ((protocol & 1) === 0) {
      if (!p.has(length + 2)) return;
      protocol = u16(b, p.at + length);
      length++;
    }
    p.enter(length + 1);
    p.next(protocol);
  },
  tree(t) {
    let { at } = t;
    if (t.has(at, 2) && t.u8(at) === FRAMING.address && t.u8(at + 1) === FRAMING.control) {
      t.add('address', at);
      at = t.add('control', at + 1);
    }
    const width = (t.u8(at) & 1) === 1 ? 1 : 2;
    const protocol = width === 1 ? t.u8(at) : t.u16(at);
    const hex = `0x${protocol.toString(16).padStart(4, '0')}`;
    t.put('protocol', protocol, at, width);
    t.headerEnd(at + width);
    t.column(hex);
    t.info(`PPP ${pppProtocolNames[protocol] ?? 'Unknown'} (${hex})`);
    t.upper(at + width);
  },
});
