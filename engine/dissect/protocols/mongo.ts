/** MongoDB's wire protocol: messages with a little-endian header and an operation. */

import { u32le } from '../../base/bytes.ts';
import { defineProtocol, type Framing, MORE, NOT_MINE } from '../protocol.ts';

const HEADER = 16;
const MAX_MESSAGE = 64 << 20;
const OPCODE = { reply: 1, query: 2004, message: 2013 } as const;
const OPCODES: Readonly<Record<number, string>> = {
  1: 'Reply',
  1000: 'Message',
  2001: 'Update document',
  2002: 'Insert document',
  2003: 'Get by OID (Reserved)',
  2004: 'Query',
  2005: 'Get More',
  2006: 'Delete document',
  2007: 'Kill Cursors',
  2010: 'Command',
  2011: 'Command Reply',
  2012: 'Compressed Data',
  2013: 'Extensible Message Format',
};

function frame(f: Framing): number {
  if (f.end - f.at < HEADER) return MORE;
  const length = u32le(f.bytes, f.at);
  return length < HEADER || length > MAX_MESSAGE || OPCODES[u32le(f.bytes, f.at + 12)] === undefined
    ? NOT_MINE
    : length;
}

export const mongo = defineProtocol({
  name: 'mongo',
  title: 'Mongo Wire Protocol',
  on: { 'tcp.port': [27017] },
  header: HEADER,
  fields: {
    message_length: { type: 'i32', label: 'Message Length', little: true, many: true },
    request_id: { type: 'u32', label: 'Request ID', show: 'hex-dec', little: true, many: true },
    response_to: { type: 'u32', label: 'Response To', show: 'hex-dec', little: true, many: true },
    opcode: { type: 'i32', label: 'OpCode', little: true, names: OPCODES, many: true },
    full_collection_name: { type: 'string', label: 'fullCollectionName', many: true },
    number_returned: { type: 'i32', label: 'Number Returned', little: true, many: true },
  },
  recogniseOn: ['tcp'],
  recognise(bytes, at, end) {
    if (end - at < HEADER + 5 || u32le(bytes, at) !== end - at || u32le(bytes, at + 8) !== 0) return false;
    const code = u32le(bytes, at + 12);
    return code === OPCODE.query || code === OPCODE.message;
  },
  frame,
  tree(t) {
    const { at } = t;
    const code = t.u32le(at + 12);
    const response = t.u32le(at + 8);
    t.add('message_length', at);
    t.add('request_id', at + 4);
    t.add('response_to', at + 8);
    t.add('opcode', at + 12);
    const kind = response !== 0 ? 'Response' : 'Request';
    t.info(`${kind} : ${OPCODES[code] ?? 'Unknown'}`);
    if (code === OPCODE.query) {
      const nul = t.bytes.subarray(at + 20, t.end).indexOf(0);
      if (nul > 0) t.put('full_collection_name', t.string(at + 20, nul), at + 20, nul + 1);
    } else if (code === OPCODE.reply) {
      t.add('number_returned', at + 32);
    }
  },
});
