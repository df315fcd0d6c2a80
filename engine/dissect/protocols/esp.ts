/** IP encapsulating security payload (RFC 4303): all but two numbers is encrypted. */

import { defineProtocol } from '../protocol.ts';

const AT = { spi: 0, sequence: 4, payload: 8 } as const;

export const esp = defineProtocol({
  name: 'esp',
  title: 'Encapsulating Security Payload',
  on: { 'ip.proto': [50] },
  header: AT.payload,
  fields: {
    spi: { at: AT.spi, type: 'u32', show: 'hex-dec', label: 'ESP SPI' },
    sequence: { at: AT.sequence, type: 'u32', label: 'ESP Sequence' },
  },
  tree(t) {
    const spi = t.u32(t.at).toString(16).padStart(8, '0');
    t.info(`ESP (SPI=0x${spi})`);
    t.header();
  },
});
