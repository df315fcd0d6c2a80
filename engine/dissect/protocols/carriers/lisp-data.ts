/** LISP's data plane (RFC 9300 5): an IP packet behind eight bytes. Hot: scan() once per packet. */

import { u24 } from '../../../base/bytes.ts';
import { defineProtocol } from '../../protocol.ts';

const AT = { flags: 0, nonce: 1, status: 4, instance: 4, payload: 8 } as const;
const FLAG = { nonce: 0x80, locators: 0x40, version: 0x10, instance: 0x08 } as const;
const LINK = { ipv4: 228, ipv6: 229 } as const;

const bit = (place: number, label: string) =>
  ({ type: 'bool', of: 'u8', bits: [place, place], label, at: AT.flags }) as const;

export const lispData = defineProtocol({
  name: 'lisp-data',
  title: 'Locator/ID Separation Protocol (Data)',
  short: 'LISP',
  on: { 'udp.port': [4341] },
  chooses: 'link',
  header: AT.payload,
  fields: {
    flags: { type: 'u8', show: 'hex', label: 'Flags', at: AT.flags },
    'flags.nonce': bit(7, 'N bit (Nonce present)'),
    'flags.lsb': bit(6, 'L bit (Locator-Status-Bits field enabled)'),
    'flags.enr': bit(5, 'E bit (Echo-Nonce-Request)'),
    'flags.mv': bit(4, 'V bit (Map-Version present)'),
    'flags.iid': bit(3, 'I bit (Instance ID present)'),
    'flags.res': { type: 'u8', show: 'hex', bits: [2, 0], label: 'Reserved', at: AT.flags },
    nonce: { type: 'u24', show: 'dec-hex', label: 'Nonce' },
    srcmapver: { type: 'u24', bits: [23, 12], label: 'Source Map-Version' },
    dstmapver: { type: 'u24', bits: [11, 0], label: 'Destination Map-Version' },
    iid: { type: 'u24', label: 'Instance ID' },
    lsb: { type: 'u32', show: 'hex', label: 'Locator-Status-Bits' },
    lsb8: { type: 'u8', show: 'hex', label: 'Locator-Status-Bits' },
  },
  scan(p) {
    const flags = p.bytes[p.at];
    p.tunnel((flags & FLAG.instance) === 0 ? 0 : u24(p.bytes, p.at + AT.instance));
    p.enter(AT.payload);
    if (p.at >= p.end) return;
    const version = p.bytes[p.at] >>> 4;
    if (version === 4) p.next(LINK.ipv4);
    else if (version === 6) p.next(LINK.ipv6);
    else p.rest();
  },
  tree(t) {
    const flags = t.u8(t.at);
    t.info('LISP Encapsulation Header');
    const end = t.header();
    if ((flags & FLAG.nonce) !== 0) t.add('nonce', t.at + AT.nonce);
    else if ((flags & FLAG.version) !== 0) {
      t.add('srcmapver', t.at + AT.nonce);
      t.add('dstmapver', t.at + AT.nonce);
    }
    if ((flags & FLAG.instance) !== 0) {
      t.add('iid', t.at + AT.instance);
      if ((flags & FLAG.locators) !== 0) t.add('lsb8', t.at + AT.instance + 3);
    } else if ((flags & FLAG.locators) !== 0) t.add('lsb', t.at + AT.status);
    t.headerEnd(end);
    t.upper(end);
  },
});
