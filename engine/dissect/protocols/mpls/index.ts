/** MPLS label stacks (RFC 3032); what is below them is told by its first four bits (RFC 4928, RFC 4385). Hot: scan() runs once per packet. */

import { u32 } from '../../../base/bytes.ts';
import { defineProtocol } from '../../protocol.ts';

const BOTTOM = 0x100;
const ENTRY = 4;
const LABELS: Readonly<Record<number, string>> = {
  0: 'IPv4 Explicit-Null',
  1: 'Router Alert',
  2: 'IPv6 Explicit-Null',
  3: 'Implicit-Null',
  7: 'Entropy Label Indicator (ELI)',
  13: 'Generic Associated Channel Label (GAL)',
  14: 'OAM Alert',
};

export const mpls = defineProtocol({
  name: 'mpls',
  title: 'MultiProtocol Label Switching Header',
  on: {
    ethertype: [0x8847, 0x8848],
    'ip.proto': [137],
    'ppp.protocol': [0x0281, 0x0283],
    'gre.proto': [0x8847, 0x8848],
    'geneve.type': [0x8847],
    link: [219],
  },
  chooses: 'mpls.payload',
  header: ENTRY,
  fields: {
    label: { type: 'u32', bits: [31, 12], show: 'dec-hex', label: 'MPLS Label', names: LABELS, many: true },
    exp: { type: 'u32', bits: [11, 9], label: 'MPLS Experimental Bits', many: true },
    bottom: { type: 'u32', bits: [8, 8], label: 'MPLS Bottom Of Label Stack', many: true },
    ttl: { type: 'u32', bits: [7, 0], label: 'MPLS TTL', many: true },
  },
  scan(p) {
    const b = p.bytes;
    let length = 0;
    for (;;) {
      if (!p.has(length + ENTRY)) return;
      const entry = u32(b, p.at + length);
      p.tunnel(entry >>> 12);
      length += ENTRY;
      if ((entry & BOTTOM) !== 0) break;
    }
    p.enter(length);
    if (p.has(1)) p.next(b[p.at] >>> 4);
  },
  tree(t) {
    t.info('MPLS Label Switched Packet');
    let { at } = t;
    for (let isBottom = false; !isBottom; at += ENTRY) {
      const entry = t.u32(at);
      const label = entry >>> 12;
      isBottom = (entry & BOTTOM) !== 0;
      const name = LABELS[label];
      const text = `Label: ${label}${name === undefined ? '' : ` (${name})`}, Exp: ${(entry >>> 9) & 7}, S: ${isBottom ? 1 : 0}, TTL: ${entry & 255}`;
      if (at === t.at) t.addLabel(`, ${text}`);
      const isAlone = at === t.at && isBottom;
      if (!isAlone) t.nest(t.text(text, at, ENTRY));
      for (const key of ['label', 'exp', 'bottom', 'ttl']) t.add(key, at);
      if (!isAlone) t.close();
    }
    t.headerEnd(at);
    if (!t.has(at, 1)) t.fail();
    t.upper(at);
  },
});
