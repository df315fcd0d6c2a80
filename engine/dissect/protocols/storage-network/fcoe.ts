/** Fibre Channel over Ethernet (INCITS FC-BB-5 7): a frame of Fibre Channel between its delimiters. */

import { defineProtocol } from '../../protocol.ts';

const AT = { version: 0, start: 13, payload: 14 } as const;
const TRAILER = { crc: 4, all: 8 } as const;
const LINK_FC = 224;
const STARTS: Readonly<Record<number, string>> = {
  0x28: 'SOFf',
  0x2d: 'SOFi2',
  0x2e: 'SOFi3',
  0x35: 'SOFn2',
  0x36: 'SOFn3',
  0x29: 'SOFi4',
  0x31: 'SOFn4',
  0x39: 'SOFc4',
};
const ENDS: Readonly<Record<number, string>> = {
  0x41: 'EOFn',
  0x42: 'EOFt',
  0x44: 'EOFrt',
  0x46: 'EOFdt',
  0x49: 'EOFni',
  0x4e: 'EOFdti',
  0x4f: 'EOFrti',
  0x50: 'EOFa',
};

export const fcoe = defineProtocol({
  name: 'fcoe',
  title: 'FCoE',
  short: 'FCoE',
  on: { ethertype: [0x8906] },
  chooses: 'link',
  header: AT.payload,
  fields: {
    ver: { type: 'u32', label: 'Version' },
    sof: { at: AT.start, type: 'u8', show: 'hex', label: 'SOF', names: STARTS },
    crc: { type: 'u32', show: 'hex', label: 'CRC' },
    eof: { type: 'u8', show: 'hex', label: 'EOF', names: ENDS },
  },
  scan(p) {
    const length = p.wireEnd - p.at - TRAILER.all;
    p.enter(AT.payload, Math.max(AT.payload, length));
    p.next(LINK_FC);
  },
  tree(t) {
    const start = t.u8(t.at + AT.start);
    const end = t.wireEnd - TRAILER.all;
    t.info('');
    t.put('ver', t.u8(t.at) >>> 4, t.at, 1);
    t.header();
    const last = end + TRAILER.crc < t.end ? t.u8(end + TRAILER.crc) : -1;
    t.addLabel(` (${STARTS[start] ?? 'unknown'}/${ENDS[last] ?? 'unknown'})`);
    if (end > t.at + AT.payload && end + TRAILER.crc < t.end) {
      t.add('crc', end);
      t.add('eof', end + TRAILER.crc);
    }
    t.limit(Math.max(t.at + AT.payload, end));
    t.headerEnd(t.at + AT.payload);
    t.upper(t.at + AT.payload);
  },
});
