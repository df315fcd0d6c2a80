/** Cassandra's native protocol (CQL binary protocol, versions 3 to 5): frames with an opcode. */

import { u32 } from '../../base/bytes.ts';
import { defineProtocol, type Framing, MORE, NOT_MINE } from '../protocol.ts';

const HEADER = 9;
const MAX_BODY = 256 << 20;
const OPCODE = { error: 0, query: 7, prepare: 9 } as const;
const OPCODES: Readonly<Record<number, string>> = {
  0: 'ERROR',
  1: 'STARTUP',
  2: 'READY',
  3: 'AUTHENTICATE',
  4: 'CREDENTIALS',
  5: 'OPTIONS',
  6: 'SUPPORTED',
  7: 'QUERY',
  8: 'RESULT',
  9: 'PREPARE',
  10: 'EXECUTE',
  11: 'REGISTER',
  12: 'EVENT',
  13: 'BATCH',
  14: 'AUTH_CHALLENGE',
  15: 'AUTH_RESPONSE',
  16: 'AUTH_SUCCESS',
};

function frame(f: Framing): number {
  if (f.end - f.at < HEADER) return MORE;
  const version = f.bytes[f.at] & 0x7f;
  const length = u32(f.bytes, f.at + 5);
  return version < 3 || version > 5 || OPCODES[f.bytes[f.at + 4]] === undefined || length > MAX_BODY
    ? NOT_MINE
    : HEADER + length;
}

export const cql = defineProtocol({
  name: 'cql',
  title: 'Cassandra CQL Protocol',
  on: { 'tcp.port': [9042] },
  header: HEADER,
  fields: {
    version: { type: 'u8', label: 'Version', bits: [6, 0], many: true },
    direction: { type: 'u8', label: 'Direction', bits: [7, 7], names: { 0: 'C->S', 1: 'S->C' }, many: true },
    flags: { type: 'u8', label: 'Flags', show: 'hex', many: true },
    stream: { type: 'i16', label: 'Stream Identifier', many: true },
    opcode: { type: 'u8', label: 'Opcode', names: OPCODES, many: true },
    length: { type: 'u32', label: 'Length', many: true },
    string: { type: 'string', label: 'Query', many: true },
    error_code: { type: 'u32', label: 'Error Code', show: 'hex', many: true },
  },
  recogniseOn: ['tcp'],
  /** OPTIONS without a body, or STARTUP: what a driver says first. */
  recognise(bytes, at, end) {
    const version = bytes[at];
    if (
      end - at < HEADER ||
      version < 3 ||
      version > 5 ||
      bytes[at + 1] > 0x1f ||
      u32(bytes, at + 5) !== end - at - HEADER
    )
      return false;
    return (
      (bytes[at + 4] === 5 && end - at === HEADER) || (bytes[at + 4] === 1 && end - at > 24 && bytes[at + 12] === 0x43)
    );
  },
  frame,
  tree(t) {
    const { at } = t;
    const first = t.u8(at);
    const code = t.u8(at + 4);
    t.add('version', at);
    t.add('direction', at);
    t.add('flags', at + 1);
    t.add('stream', at + 2);
    t.add('opcode', at + 4);
    t.add('length', at + 5);
    t.info(`v${first & 0x7f} ${first >= 0x80 ? 'S->C' : 'C->S'} Type ${OPCODES[code] ?? 'Unknown'}`);
    const body = at + HEADER;
    if ((t.u8(at + 1) & 1) !== 0) return; // compressed
    if (code === OPCODE.query || code === OPCODE.prepare) t.add('string', body + 4, t.u32(body));
    else if (code === OPCODE.error) {
      t.add('error_code', body);
      t.add('string', body + 6, t.u16(body + 4));
    }
  },
});
