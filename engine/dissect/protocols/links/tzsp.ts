/** TaZmen Sniffer Protocol: captured frames sent on, with what the receiver measured; in UDP, or as a capture's link type. */

import { u16 } from '../../../base/bytes.ts';
import { defineProtocol } from '../../protocol.ts';
import type { TreeBuilder } from '../../tree.ts';

const AT = { version: 0, type: 1, encapsulation: 2, tags: 4 } as const;
const TYPE = { received: 0, transmit: 1, keepalive: 4, portOpener: 5 } as const;
const TYPES: Readonly<Record<number, string>> = {
  0: 'Received packet',
  1: 'Packet for transmit',
  2: 'Reserved',
  3: 'Configuration',
  4: 'Keepalive',
  5: 'Port opener',
};
const ENCAPSULATIONS: Readonly<Record<number, string>> = {
  1: 'Ethernet',
  2: 'Token Ring',
  3: 'SLIP',
  4: 'PPP',
  5: 'FDDI',
  7: 'Raw UO',
  18: 'IEEE 802.11',
  119: 'IEEE 802.11 with Prism headers',
  127: 'IEEE 802.11 with AVS headers',
};
/** Encapsulations that have another number as a link type. */
const LINK_OF: Readonly<Record<number, number>> = { 1: 1, 2: 6, 3: 8, 4: 9, 5: 10, 7: 12, 18: 105, 119: 119, 127: 163 };
const TAG = { padding: 0, end: 1, channel: 18 } as const;
const TAGS: Readonly<Record<number, string>> = {
  0: 'Padding',
  1: 'End',
  10: 'Signal',
  11: 'Silence',
  12: 'Rate',
  13: 'Time',
  14: 'Status',
  16: 'Status',
  17: 'FCS error',
  18: 'Channel',
  40: 'packet ID',
  41: 'Original Length',
  60: 'Sensor MAC address',
};
/** Tags whose value is a field, with the length it must have. */
const VALUES: Readonly<Record<number, readonly [string, number]>> = {
  10: ['wlan.signal', 1],
  11: ['wlan.silence', 1],
  12: ['wlan.rate', 1],
  13: ['wlan.time', 4],
  40: ['packet_id', 4],
  41: ['original_length', 2],
  60: ['sensormac', 6],
};

export const tzsp = defineProtocol({
  name: 'tzsp',
  title: 'TZSP',
  on: { 'udp.port': [37_008], link: [128] },
  chooses: 'link',
  header: AT.tags,
  fields: {
    version: { at: AT.version, type: 'u8', label: 'Version' },
    type: { at: AT.type, type: 'u8', label: 'Type', names: TYPES },
    encap: { at: AT.encapsulation, type: 'u16', label: 'Encapsulation', names: ENCAPSULATIONS },
    option_tag: { type: 'u8', label: 'Option Tag', names: TAGS, many: true },
    option_length: { type: 'u8', label: 'Option Length', many: true },
    'wlan.signal': { type: 'i8', label: 'Signal' },
    'wlan.silence': { type: 'i8', label: 'Silence' },
    'wlan.rate': { type: 'u8', label: 'Rate' },
    'wlan.time': { type: 'u32', show: 'hex', label: 'Time' },
    'wlan.channel': { type: 'u16', label: 'Channel' },
    original_length: { type: 'i16', label: 'Original Length' },
    packet_id: { type: 'u32', label: 'Packet Id' },
    sensormac: { type: 'ether', label: 'Sensor Address' },
  },
  scan(p) {
    const b = p.bytes;
    const type = b[p.at + AT.type];
    if (type === TYPE.keepalive || type === TYPE.portOpener) return;
    const encapsulation = u16(b, p.at + AT.encapsulation);
    let at = p.at + AT.tags;
    for (let tag: number = TAG.padding; tag !== TAG.end; ) {
      if (!p.has(at + 1 - p.at)) return;
      tag = b[at];
      if (tag === TAG.padding || tag === TAG.end) at += 1;
      else {
        if (!p.has(at + 2 - p.at)) return;
        at += 2 + b[at + 1];
      }
    }
    p.tunnel(0);
    p.enter(at - p.at);
    p.next(LINK_OF[encapsulation] ?? 0xffff);
  },
  tree(t) {
    const type = t.u8(t.at + AT.type);
    const encapsulation = t.u16(t.at + AT.encapsulation);
    const name = ENCAPSULATIONS[encapsulation] ?? `Unknown (${encapsulation})`;
    t.info(name);
    t.label(`TZSP: ${name} `);
    t.header();
    if (type === TYPE.keepalive || type === TYPE.portOpener) return;
    const end = tags(t, t.at + AT.tags);
    t.headerEnd(end);
    t.upper(end);
  },
});

/** Where the tags end. */
function tags(t: TreeBuilder, from: number): number {
  for (let at = from; ; ) {
    const tag = t.u8(at);
    const length = tag === TAG.padding || tag === TAG.end ? -1 : t.u8(at + 1);
    t.nest(t.text(TAGS[tag] ?? `Unknown (${tag})`, at, 2 + length));
    t.add('option_tag', at);
    if (length >= 0) {
      t.add('option_length', at + 1);
      t.need(at + 2, length);
      if (tag === TAG.channel && length === 1) t.put('wlan.channel', t.u8(at + 2), at + 2, 1);
      const known = VALUES[tag];
      if (known !== undefined && length === known[1]) t.add(known[0], at + 2);
    }
    t.close();
    at += 2 + length;
    if (tag === TAG.end) return at;
  }
}
