/** ATM circuits (LINKTYPE_SUNATM): the packets that adaptation layer 5 carries, most often with LLC (RFC 2684). */

import { u24 } from '../../../base/bytes.ts';
import { defineProtocol } from '../../protocol.ts';

const LINK_LLC = 100;
const SNAP = 0xaaaa03;
const ROUTED = 0xfefe03;

export const atm = defineProtocol({
  name: 'atm',
  title: 'Asynchronous Transfer Mode',
  on: { link: [123] },
  chooses: 'link',
  header: 3,
  fields: {},
  scan(p) {
    const start = u24(p.bytes, p.at);
    if (start === SNAP || start === ROUTED) p.next(LINK_LLC);
    else p.rest();
  },
  tree(t) {
    t.info('AAL5');
    t.headerEnd(t.at);
    t.upper(t.at);
  },
});
