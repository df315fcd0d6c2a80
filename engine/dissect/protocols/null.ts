/** BSD loopback (LINKTYPE_NULL, host byte order of the writer) and OpenBSD loopback (LINKTYPE_LOOP, network byte order). */

import { u16, u32, u32le } from '../../base/bytes.ts';
import { ethertypeNames } from '../names/ethertypes.ts';
import { defineProtocol } from '../protocol.ts';

const AT = { payload: 4 } as const;
/** Values from here on are Ethernet types, as some systems write them. */
const FIRST_TYPE = 0x600;
/** HDLC address and control bytes: PPP frames are found under this link type too. */
const PPP_FRAMING = 0xff03;
const LINK_PPP = 9;

export const nullLoopback = defineProtocol({
  name: 'null',
  title: 'Null/Loopback',
  short: 'N/A',
  on: { link: [0, 108], 'pktap.link': [0, 108] },
  chooses: ['null.family', 'ethertype', 'link'],
  fields: {
    family: {
      type: 'u32',
      label: 'Family',
      names: { 2: 'IP', 7: 'OSI', 16: 'Appletalk', 23: 'Netware IPX/SPX', 24: 'IPv6', 28: 'IPv6', 30: 'IPv6' },
    },
    type: { type: 'u16', show: 'hex', label: 'Type', names: ethertypeNames },
  },
  scan(p) {
    if (!p.has(AT.payload)) return;
    if (u16(p.bytes, p.at) === PPP_FRAMING) {
      p.nextIn(2, LINK_PPP); // with its own header: this layer has none
      return;
    }
    const family = familyAt(p.bytes, p.at);
    p.enter(AT.payload);
    if (family >= FIRST_TYPE) p.nextBare(1, family);
    else p.nextIn(0, family);
  },
  tree(t) {
    t.info('Null/Loopback');
    if (!t.has(t.at, AT.payload)) t.fail();
    if (t.u16(t.at) === PPP_FRAMING) {
      t.headerEnd(t.at);
      t.upper(t.at);
      return;
    }
    const family = familyAt(t.bytes, t.at);
    if (family < FIRST_TYPE) t.put('family', family, t.at, 4);
    else t.put('type', family & 0xffff, t.at, 4);
    t.headerEnd(t.at + AT.payload);
    t.upper(t.at + AT.payload);
  },
});

/** The byte order is told by which half is zero: families are small numbers. */
function familyAt(b: Uint8Array, at: number): number {
  const little = u32le(b, at);
  return little >>> 16 === 0 ? little : u32(b, at);
}
