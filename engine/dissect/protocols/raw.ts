/** Raw IP (LINKTYPE_RAW and its older numbers): no link header; the first four bits say which version follows. */

import { u16 } from '../../base/bytes.ts';
import { defineProtocol } from '../protocol.ts';

const LINK = { ppp: 9, ipv4: 228, ipv6: 229 } as const;
const PPP_FRAMING = 0xff03;

export const raw = defineProtocol({
  name: 'raw',
  title: 'Raw packet data',
  short: 'N/A',
  on: { link: [12, 14, 101], 'pktap.link': [12] },
  chooses: 'link',
  fields: {},
  scan(p) {
    if (p.at + 2 > p.end) return p.rest();
    const version = p.bytes[p.at] >>> 4;
    if (version === 4) p.next(LINK.ipv4);
    else if (version === 6) p.next(LINK.ipv6);
    else if (u16(p.bytes, p.at) === PPP_FRAMING) p.next(LINK.ppp);
    else p.rest();
  },
  tree(t) {
    t.info('Raw packet data');
    t.headerEnd(t.at);
    t.upper(t.at);
  },
});
