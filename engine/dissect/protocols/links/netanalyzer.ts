/** Hilscher's netANALYZER (LINKTYPE_NETANALYZER): four bytes about the reception, then the frame with its check sequence. */

import { defineProtocol } from '../../protocol.ts';

const AT = { payload: 4 } as const;
const TRANSPARENT = 241;
const PREAMBLE = 8;
const CHECK_SEQUENCE = 4;
const LINK_ETHERNET = 1;
/** Of the second byte: the layout of the header. */
const VERSION_MASK = 0x3c;
const VERSION = 0x04;

export const netanalyzer = defineProtocol({
  name: 'netanalyzer',
  title: 'netANALYZER',
  short: 'netANALYZER',
  on: { link: [240, TRANSPARENT] },
  chooses: 'link',
  header: AT.payload,
  fields: {
    framelen: { type: 'u16', label: 'Ethernet frame length' },
    packetstatus: { type: 'u8', show: 'hex', label: 'Status' },
    port: { type: 'u8', label: 'Reception Port' },
  },
  scan(p) {
    const header = p.linkType === TRANSPARENT ? AT.payload + PREAMBLE : AT.payload;
    if (!p.has(header) || (p.bytes[p.at + 1] & VERSION_MASK) !== VERSION) return;
    p.enter(header, Math.max(header, p.wireEnd - p.at - CHECK_SEQUENCE));
    p.next(LINK_ETHERNET);
  },
  tree(t) {
    const header = t.u32le(t.at);
    const end = t.at + (t.linkType === TRANSPARENT ? AT.payload + PREAMBLE : AT.payload);
    t.info('netANALYZER');
    if ((t.u8(t.at + 1) & VERSION_MASK) !== VERSION) return;
    t.put('framelen', (header >>> 16) & 0xfff, t.at + 2, 2);
    t.put('packetstatus', header & 0xff, t.at, 1);
    t.put('port', (header >>> 14) & 3, t.at + 1, 1);
    t.need(t.at, end - t.at);
    t.limit(Math.max(end, t.wireEnd - CHECK_SEQUENCE));
    t.headerEnd(end);
    t.upper(end);
  },
});
