/** Solaris and illumos IP observability (LINKTYPE_IPNET): zones and interfaces, then an IP packet. */

import { defineProtocol } from '../protocol.ts';

const AT = {
  version: 0,
  family: 1,
  hook: 2,
  length: 4,
  interface: 8,
  group: 12,
  sourceZone: 16,
  destinationZone: 20,
  payload: 24,
} as const;
const FAMILY = { ipv4: 2, ipv6: 26 } as const;
const LINK = { ipv4: 228, ipv6: 229 } as const;

export const ipnet = defineProtocol({
  name: 'ipnet',
  title: 'Solaris IPNET',
  on: { link: [226] },
  chooses: 'link',
  header: AT.payload,
  fields: {
    version: { at: AT.version, type: 'u8', label: 'Header version' },
    family: { at: AT.family, type: 'u8', label: 'Address family', names: { 2: 'IPv4', 26: 'IPv6' } },
    htype: { at: AT.hook, type: 'u16', label: 'Hook type', names: { 0: 'Inbound', 1: 'Outbound', 2: 'Local' } },
    pktlen: { at: AT.length, type: 'u32', label: 'Data length' },
    ifindex: { at: AT.interface, type: 'u32', label: 'Interface index' },
    grifindex: { at: AT.group, type: 'u32', label: 'Group interface index' },
    zsrc: { at: AT.sourceZone, type: 'u32', label: 'Source Zone ID' },
    zdst: { at: AT.destinationZone, type: 'u32', label: 'Destination Zone ID' },
  },
  scan(p) {
    const family = p.bytes[p.at + AT.family];
    p.enter(AT.payload);
    if (family === FAMILY.ipv4) p.next(LINK.ipv4);
    else if (family === FAMILY.ipv6) p.next(LINK.ipv6);
    else p.rest();
  },
  tree(t) {
    const end = t.header();
    t.info('Solaris IPNET');
    t.headerEnd(end);
    t.upper(end);
  },
});
