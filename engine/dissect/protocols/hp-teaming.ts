/** Heartbeat between the ports of a team of HP network cards. */

import { formatMac } from '../../base/address.ts';
import { defineProtocol } from '../protocol.ts';

const KEY = 0x00805f * 0x10000 + 0x0002;
/** The heartbeat sits in an IEEE 802.3 frame behind LLC and SNAP: this far back is the source address. */
const SOURCE_BACK = 16;

export const hpTeaming = defineProtocol({
  name: 'hpteam',
  title: 'HP NIC Teaming Heartbeat',
  short: 'HP NIC Team',
  on: { 'llc.own': [KEY] },
  fields: { data: { type: 'bytes', label: 'Proprietary Data' } },
  tree(t) {
    const source = t.at - SOURCE_BACK;
    t.info(`HP NIC Teaming Heartbeat${source >= 0 ? `; Port MAC = ${formatMac(t.bytes, source)}` : ''}`);
    if (t.end > t.at) t.add('data', t.at, t.end - t.at);
  },
});
