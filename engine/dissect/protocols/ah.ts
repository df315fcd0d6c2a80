/** IP authentication header (RFC 4302). */

import { ipProtocolNames } from '../names/ip-protocols.ts';
import { defineProtocol } from '../protocol.ts';

const AT = { next: 0, length: 1, reserved: 2, spi: 4, sequence: 8, icv: 12 } as const;

export const ah = defineProtocol({
  name: 'ah',
  title: 'Authentication Header',
  on: { 'ip.proto': [51] },
  chooses: 'ip.proto',
  header: AT.icv,
  fields: {
    next_header: { at: AT.next, type: 'u8', label: 'Next header', names: ipProtocolNames },
    length: { at: AT.length, type: 'u8', label: 'Length', doc: 'In units of 4 bytes, less 2.' },
    reserved: { at: AT.reserved, type: 'bytes', length: 2, label: 'Reserved' },
    spi: { at: AT.spi, type: 'u32', show: 'hex', label: 'AH SPI' },
    sequence: { at: AT.sequence, type: 'u32', label: 'AH Sequence' },
    icv: { type: 'bytes', label: 'AH ICV' },
  },
  scan(p) {
    const next = p.bytes[p.at + AT.next];
    const length = 4 * (p.bytes[p.at + AT.length] + 2);
    if (length < AT.icv) return p.malformed('length');
    if (!p.has(length)) return;
    p.enter(length);
    p.next(next);
    if (!p.hasNext) p.portless(next);
  },
  tree(t) {
    const icv = t.header();
    const length = 4 * (t.u8(t.at + AT.length) + 2);
    t.info(
      `AH (SPI=0x${t
        .u32(t.at + AT.spi)
        .toString(16)
        .padStart(8, '0')})`,
    );
    if (length < AT.icv) t.fail();
    t.add('icv', icv, length - AT.icv);
    t.headerEnd(t.at + length);
    t.upper(t.at + length);
  },
});
