/** Linux classical IP over ATM (LINKTYPE_LINUX_CLIP, 18 in old files): no link header at all. */

import { ADDRESS } from '../../table/path-words.ts';
import { defineProtocol } from '../protocol.ts';

const LINK_IPV4 = 228;

export const clip = defineProtocol({
  name: 'clip',
  title: 'Classical IP frame',
  on: { link: [16, 18, 19, 106] },
  chooses: 'link',
  fields: { no_link_info: { type: 'none', label: 'No link information available' } },
  scan(p) {
    p.named(ADDRESS.unnamed, 0, 0, 0, 0, 0, 0);
    p.next(LINK_IPV4);
  },
  tree(t) {
    t.info('CLIP');
    t.put('no_link_info', new Uint8Array(0), t.at, 0);
    t.headerEnd(t.at);
    t.upper(t.at);
  },
});
