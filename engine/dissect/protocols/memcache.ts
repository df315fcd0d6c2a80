/** Memcached (protocol.txt, and the binary protocol): text commands, and binary ones behind a header of 24 bytes. */

import { u32 } from '../../base/bytes.ts';
import { decodeLatin1 } from '../../base/text.ts';
import { defineProtocol, type Framing, MORE } from '../protocol.ts';
import { lineAt } from '../text-lines.ts';

const MAGIC = { request: 0x80, response: 0x81 } as const;
const HEADER = 24;
const OPCODES: Readonly<Record<number, string>> = {
  0: 'Get',
  1: 'Set',
  2: 'Add',
  3: 'Replace',
  4: 'Delete',
  5: 'Increment',
  6: 'Decrement',
  7: 'Quit',
  8: 'Flush',
  9: 'Get Quietly',
  10: 'No-op',
  11: 'Version',
  12: 'Get Key',
  13: 'Get Key Quietly',
  14: 'Append',
  15: 'Prepend',
  16: 'Statistics',
  17: 'Set Quietly',
  18: 'Add Quietly',
  19: 'Replace Quietly',
  20: 'Delete Quietly',
  21: 'Increment Quietly',
  22: 'Decrement Quietly',
  23: 'Quit Quietly',
  24: 'Flush Quietly',
  25: 'Append Quietly',
  26: 'Prepend Quietly',
};
const STATUS: Readonly<Record<number, string>> = {
  0: 'No error',
  1: 'Key not found',
  2: 'Key exists',
  3: 'Value too big',
  4: 'Invalid arguments',
  5: 'Item not stored',
  129: 'Unknown command',
  130: 'Out of memory',
};
const MAX_BODY = 1 << 27;

function frame(f: Framing): number {
  const { bytes, at, end } = f;
  if (bytes[at] !== MAGIC.request && bytes[at] !== MAGIC.response) return end - at; // text: a segment at a time
  if (end - at < HEADER) return MORE;
  const length = u32(bytes, at + 8);
  return length > MAX_BODY ? end - at : HEADER + length;
}

export const memcache = defineProtocol({
  name: 'memcache',
  title: 'Memcache Protocol',
  on: { 'tcp.port': [11211] },
  fields: {
    magic: { type: 'u8', label: 'Magic', names: { 0x80: 'Request', 0x81: 'Response' }, many: true },
    opcode: { type: 'u8', label: 'Opcode', names: OPCODES, many: true },
    'key.length': { type: 'u16', label: 'Key Length', many: true },
    'extras.length': { type: 'u8', label: 'Extras length', many: true },
    data_type: { type: 'u8', label: 'Data type', names: { 0: 'Raw bytes' }, many: true },
    reserved: { type: 'u16', label: 'Reserved', many: true },
    status: { type: 'u16', label: 'Status', names: STATUS, many: true },
    total_body_length: { type: 'u32', label: 'Total body length', many: true },
    opaque: { type: 'u32', label: 'Opaque', many: true },
    cas: { type: 'u64', label: 'CAS', many: true },
    key: { type: 'string', label: 'Key', many: true },
    value: { type: 'string', label: 'Value', many: true },
    command: { type: 'string', label: 'Command', many: true },
  },
  frame,
  tree(t) {
    const { at } = t;
    const magic = t.u8(at);
    if (magic !== MAGIC.request && magic !== MAGIC.response) {
      const { stop } = lineAt(t.bytes, at, t.end);
      t.info(`${t.string(at, stop - at)} `);
      const word = decodeLatin1(t.bytes, at, stop).split(' ')[0] ?? '';
      if (word !== '') t.add('command', at, word.length);
      for (let from = at; from < t.end; ) {
        const line = lineAt(t.bytes, from, t.end);
        t.text(t.string(from, line.next - from), from, line.next - from);
        from = line.next;
      }
      return;
    }
    const code = t.u8(at + 1);
    const keyLength = t.u16(at + 2);
    const extras = t.u8(at + 4);
    const body = t.u32(at + 8);
    t.info(`${OPCODES[code] ?? 'Unknown opcode'} ${magic === MAGIC.request ? 'Request' : 'Response'}`);
    t.add('magic', at);
    t.add('opcode', at + 1);
    t.add('key.length', at + 2);
    t.add('extras.length', at + 4);
    t.add('data_type', at + 5);
    t.add(magic === MAGIC.request ? 'reserved' : 'status', at + 6);
    t.add('total_body_length', at + 8);
    t.add('opaque', at + 12);
    t.add('cas', at + 16);
    const key = at + HEADER + extras;
    if (keyLength > 0) t.add('key', key, keyLength);
    const valueLength = body - extras - keyLength;
    if (valueLength > 0) t.add('value', key + keyLength, valueLength);
  },
});
