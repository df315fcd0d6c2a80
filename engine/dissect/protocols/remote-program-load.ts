/** IBM Remote Program Load (RIPL) on LLC: how diskless machines fetched a system. Messages by name. */

import { defineProtocol } from '../protocol.ts';

const AT = { length: 0, type: 2, vectors: 4 } as const;
const TYPES: Readonly<Record<number, string>> = {
  1: 'FIND Command',
  2: 'FOUND Frame',
  4: 'Search Vector',
  8: 'Connect Info Vector',
  0x10: 'Send File Request',
  0x20: 'File Data Response',
  0x40: 'Program Alert',
};
const NAMES: Readonly<Record<number, string>> = {
  0x4003: 'Correlator Vector',
  4: 'Search Vector',
  8: 'Connect Info Vector',
  0x4006: 'Loader Address Vector',
  0x4007: 'Loader SAP Vector',
  0x4009: 'Frame Size Sub-Vector',
  0x400a: 'Connect Class Sub-Vector',
  0x4011: 'Sequence Vector',
  0x4018: 'File Data Vector',
  0xc005: 'Loader Info Sub-Vector',
  0xc014: 'Program Vector',
};

export const remoteProgramLoad = defineProtocol({
  name: 'rpl',
  title: 'Remote Program Load',
  on: { 'llc.dsap': [0xfc] },
  header: AT.vectors,
  fields: {
    type: { type: 'u16', label: 'Type', names: (type) => TYPES[type] ?? NAMES[type], many: true },
  },
  tree(t) {
    const type = t.u16(t.at + AT.type);
    t.info(TYPES[type] ?? `Unknown Type (${type})`);
    t.add('type', t.at + AT.type);
    t.limit(t.at + t.u16(t.at));
    for (let at = t.at + AT.vectors; at + 4 <= t.end; ) {
      const length = t.u16(at);
      if (length < 4) return;
      t.nest(t.text(NAMES[t.u16(at + 2)] ?? 'Unknown Vector', at, Math.min(length, t.end - at)));
      t.add('type', at + 2);
      t.close();
      at += length;
    }
  },
});
