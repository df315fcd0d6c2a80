/** Link types for private use (LINKTYPE_USER0 to USER15): nobody but their users knows what is in them. */

import { defineProtocol } from '../../protocol.ts';

/** 149 is Apple's PKTAP in files of its systems. */
const NUMBERS = [147, 148, 150, 151, 152, 153, 154, 155, 156, 157, 158, 159, 160, 161, 162];

export const userDefined = defineProtocol({
  name: 'user_dlt',
  title: 'DLT User',
  short: '',
  on: { link: NUMBERS },
  fields: {},
  scan(p) {
    p.rest();
  },
  tree(t) {
    t.info('');
    t.headerEnd(t.at);
    t.upper(t.at);
  },
});
