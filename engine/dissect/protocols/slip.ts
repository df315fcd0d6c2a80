/** SLIP with BSD's 16 byte header (LINKTYPE_SLIP): direction and compression, then an IP packet. */

import { defineProtocol } from '../protocol.ts';

const AT = { direction: 0, compression: 1, payload: 16 } as const;
const LINK = { ipv4: 228, ipv6: 229 } as const;

export const slip = defineProtocol({
  name: 'slip',
  title: 'Serial Line IP',
  on: { link: [8] },
  chooses: 'link',
  header: AT.payload,
  fields: {
    direction: { at: AT.direction, type: 'u8', label: 'Direction', names: { 0: 'Received', 1: 'Sent' } },
    compression: { at: AT.compression, type: 'u8', show: 'hex', label: 'Compression' },
  },
  scan(p) {
    p.enter(AT.payload);
    const version = p.at < p.end ? p.bytes[p.at] >>> 4 : 0;
    if (version === 4) p.next(LINK.ipv4);
    else if (version === 6) p.next(LINK.ipv6);
    else p.rest();
  },
  tree(t) {
    const end = t.header();
    t.info('SLIP');
    t.headerEnd(end);
    t.upper(end);
  },
});
