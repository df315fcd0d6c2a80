/** IP Payload Compression (RFC 3173): what was compressed, and how. */

import { defineProtocol } from '../../protocol.ts';

const AT = { next: 0, flags: 1, index: 2, payload: 4 } as const;
const ALGORITHMS: Readonly<Record<number, string>> = { 1: 'OUI', 2: 'DEFLATE', 3: 'LZS', 4: 'LZJH' };

export const ipcomp = defineProtocol({
  name: 'ipcomp',
  title: 'IP Payload Compression',
  short: 'IPComp',
  on: { 'ip.proto': [108] },
  header: AT.payload,
  fields: {
    next_header: { at: AT.next, type: 'u8', show: 'hex', label: 'Next Header' },
    flags: { at: AT.flags, type: 'u8', show: 'hex', label: 'IPComp Flags' },
    cpi: { at: AT.index, type: 'u16', show: 'hex', label: 'IPComp CPI', names: ALGORITHMS },
  },
  scan(p) {
    p.enter(AT.payload);
    p.rest();
  },
  tree(t) {
    const end = t.header();
    const index = t.u16(t.at + AT.index);
    const name = ALGORITHMS[index];
    const hex = `0x${index.toString(16).padStart(4, '0')}`;
    t.info(name === undefined ? `IPComp (CPI=${hex})` : `IPComp (CPI=${name})`);
    t.headerEnd(end);
    t.upper(end);
  },
});
