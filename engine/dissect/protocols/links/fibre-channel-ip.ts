/** IP over Fibre Channel (RFC 2625, RFC 4338; LINKTYPE_IP_OVER_FC): two names of eight bytes, then LLC. */

import { defineProtocol } from '../../protocol.ts';

const AT = { destination: 0, source: 8, payload: 16 } as const;
const NAME = 8;
const LINK_LLC = 100;

export const fibreChannelIp = defineProtocol({
  name: 'ipfc',
  title: 'IP Over FC Network_Header',
  short: 'IP/FC',
  on: { link: [122] },
  chooses: 'link',
  header: AT.payload,
  fields: {
    'nh.da': { at: AT.destination, type: 'bytes', length: NAME, label: 'Network DA' },
    'nh.sa': { at: AT.source, type: 'bytes', length: NAME, label: 'Network SA' },
  },
  scan(p) {
    p.enter(AT.payload);
    p.next(LINK_LLC);
  },
  tree(t) {
    t.info('IPFC');
    const end = t.header();
    t.headerEnd(end);
    t.upper(end);
  },
});
