/** Ethernet in IP (RFC 3378): two bytes, then the whole frame. */

import { defineProtocol } from '../../protocol.ts';

const AT = { version: 0, payload: 2 } as const;
const LINK_ETHERNET = 1;

export const etherip = defineProtocol({
  name: 'etherip',
  title: 'Ethernet over IP',
  on: { 'ip.proto': [97] },
  chooses: 'link',
  header: AT.payload,
  fields: {
    ver: { at: AT.version, type: 'u16', bits: [15, 12], label: 'Version' },
    reserved: { at: AT.version, type: 'u16', bits: [11, 0], show: 'hex', label: 'Reserved' },
    'ver.not3': { type: 'none', label: 'Version must be 3' },
    'reserved.not0': { type: 'none', label: 'Reserved field must be 0' },
  },
  scan(p) {
    p.tunnel(0);
    p.enter(AT.payload);
    p.next(LINK_ETHERNET);
  },
  tree(t) {
    const end = t.header();
    const control = t.u16(t.at);
    t.info('EtherIP');
    t.addLabel(`, Version ${control >>> 12}`);
    if (control >>> 12 !== 3) t.expert('error', 'The version must be 3', t.at, 1, 'ver.not3');
    if ((control & 0xfff) !== 0) t.expert('error', 'The reserved bits must be 0', t.at, 2, 'reserved.not0');
    t.headerEnd(end);
    t.upper(end);
  },
});
