/** SocketCAN frames (LINKTYPE_CAN_SOCKETCAN): identifier with flags, length, up to 8 (CAN FD: 64) bytes. */

import { defineProtocol } from '../protocol.ts';

const AT = { id: 0, length: 4, flags: 5, payload: 8 } as const;
const FLAG = { extended: 0x80000000 } as const;
const MASK = { extended: 0x1fffffff, standard: 0x7ff } as const;

export const can = defineProtocol({
  name: 'can',
  title: 'Controller Area Network',
  on: { link: [227] },
  header: AT.payload,
  fields: {
    id: { type: 'u32', bits: [28, 0], show: 'hex', label: 'Identifier' },
    'flags.xtd': {
      at: AT.id,
      type: 'bool',
      of: 'u32',
      bits: [31, 31],
      label: 'Extended Flag',
      flag: ['True', 'False'],
    },
    'flags.rtr': {
      at: AT.id,
      type: 'bool',
      of: 'u32',
      bits: [30, 30],
      label: 'Remote Transmission Request Flag',
      flag: ['True', 'False'],
    },
    'flags.err': {
      at: AT.id,
      type: 'bool',
      of: 'u32',
      bits: [29, 29],
      label: 'Error Message Flag',
      flag: ['True', 'False'],
    },
    len: { type: 'u8', label: 'Frame-Length' },
    padding: { type: 'bytes', label: 'Padding' },
  },
  scan(p) {
    const length = p.bytes[p.at + AT.length];
    p.enter(AT.payload, AT.payload + length);
    p.rest();
  },
  tree(t) {
    const word = t.u32(t.at);
    const id = (word & ((word & FLAG.extended) !== 0 ? MASK.extended : MASK.standard)) >>> 0;
    const length = t.u8(t.at + AT.length);
    t.info(`ID: ${id} (0x${id.toString(16)}), Length: ${length}`);
    t.addLabel(`, ID: ${id} (0x${id.toString(16)}), Length: ${length}`);
    t.put('id', id, t.at, 4);
    t.header();
    t.add('len', t.at + AT.length);
    const end = t.at + AT.payload;
    t.headerEnd(end);
    const used = t.upper(end);
    if (used < t.end) t.add('padding', used, t.end - used);
  },
});
