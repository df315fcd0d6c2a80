/** OpenBSD's enc(4) interface: what IPsec carries before it is sealed or after it was opened, with the association's number. */

import { u32, u32le } from '../../../base/bytes.ts';
import { ADDRESS } from '../../../table/path-words.ts';
import { defineProtocol } from '../../protocol.ts';

const AT = { family: 0, spi: 4, flags: 8, payload: 12 } as const;
const FAMILIES: Readonly<Record<number, string>> = { 2: 'IPv4', 24: 'IPv6', 28: 'IPv6', 30: 'IPv6' };
const FLAGS = [
  ['payload_enc', 10, 'Payload encrypted'],
  ['payload_auth', 11, 'Payload authenticated'],
  ['payload_compress', 12, 'Payload compressed'],
  ['header_auth', 13, 'Header authenticated'],
] as const;

export const enc = defineProtocol({
  name: 'enc',
  title: 'OpenBSD Encapsulating device',
  on: { link: [13, 109] },
  chooses: 'null.family',
  header: AT.payload,
  fields: {
    af: { type: 'u32', label: 'Address Family', names: FAMILIES },
    spi: { at: AT.spi, type: 'u32', show: 'hex', label: 'SPI' },
    flags: { type: 'u32', show: 'hex', label: 'Flags' },
    ...Object.fromEntries(
      FLAGS.map(([key, bit, label]) => [
        `flags.${key}`,
        { type: 'bool', of: 'u32', bits: [bit, bit], label, flag: ['True', 'False'] } as const,
      ]),
    ),
  },
  scan(p) {
    const family = familyAt(p.bytes, p.at);
    p.named(ADDRESS.unnamed, 0, 0, 0, 0, 0, 0);
    p.enter(AT.payload);
    p.next(family);
  },
  tree(t) {
    const family = familyAt(t.bytes, t.at);
    const spi = t.u32(t.at + AT.spi);
    const isLittle = t.u32le(t.at) === family;
    const flags = isLittle ? t.u32le(t.at + AT.flags) : t.u32(t.at + AT.flags);
    t.label(`Enc ${FAMILIES[family] ?? 'unknown'}, SPI 0x${spi.toString(16).padStart(8, '0')}`);
    t.info(`${FAMILIES[family] ?? 'unknown'}, SPI 0x${spi.toString(16).padStart(8, '0')}`);
    t.put('af', family, t.at, 4);
    t.header();
    t.nest(t.put('flags', flags, t.at + AT.flags, 4));
    for (const [key, bit] of FLAGS) t.put(`flags.${key}`, (flags >>> bit) & 1, t.at + AT.flags, 4);
    t.close();
    t.headerEnd(t.at + AT.payload);
    t.upper(t.at + AT.payload);
  },
});

/** Hot: in the byte order of the system that captured; families are small numbers. */
function familyAt(b: Uint8Array, at: number): number {
  const little = u32le(b, at);
  return little >>> 16 === 0 ? little : u32(b, at);
}
