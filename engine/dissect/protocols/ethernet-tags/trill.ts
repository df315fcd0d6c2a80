/** TRILL data frames (RFC 6325 3): a hop count and two nicknames, then the whole inner Ethernet frame. */

import { u16 } from '../../../base/bytes.ts';
import { defineProtocol } from '../../protocol.ts';

const AT = { control: 0, egress: 2, ingress: 4, options: 6 } as const;
const LINK_ETHERNET = 1;

export const trill = defineProtocol({
  name: 'trill',
  title: 'TRILL',
  on: { ethertype: [0x22f3] },
  chooses: 'link',
  header: AT.options,
  fields: {
    version: { at: AT.control, type: 'u16', bits: [15, 14], show: 'dec-hex', label: 'Version' },
    reserved: { at: AT.control, type: 'u16', bits: [13, 12], show: 'dec-hex', label: 'Reserved' },
    multi_dst: {
      at: AT.control,
      type: 'bool',
      of: 'u16',
      bits: [11, 11],
      label: 'Multi Destination',
      flag: ['Multi-Destination TRILL frame', 'Known-Unicast TRILL frame'],
    },
    op_len: { at: AT.control, type: 'u16', bits: [10, 6], show: 'dec-hex', label: 'Option Length' },
    hop_cnt: { at: AT.control, type: 'u16', bits: [5, 0], show: 'dec-hex', label: 'Hop Count' },
    egress_nick: { at: AT.egress, type: 'u16', show: 'dec-hex', label: 'Egress/Root RBridge Nickname' },
    ingress_nick: { at: AT.ingress, type: 'u16', show: 'dec-hex', label: 'Ingress RBridge Nickname' },
    options: { type: 'bytes', label: 'Options' },
  },
  scan(p) {
    const length = headerLength(u16(p.bytes, p.at));
    if (!p.has(length)) return;
    p.enter(length);
    p.next(LINK_ETHERNET);
  },
  tree(t) {
    t.info('TRILL Encapsulated Frame');
    const length = headerLength(t.u16(t.at));
    t.header();
    if (length > AT.options) t.add('options', t.at + AT.options, length - AT.options);
    t.headerEnd(t.at + length);
    t.upper(t.at + length);
  },
});

/** Hot: with the options, counted in words of four bytes. */
function headerLength(control: number): number {
  return AT.options + 4 * ((control >>> 6) & 31);
}
