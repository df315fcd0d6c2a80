/** RESP, the protocol of Redis (Redis serialization protocol specification 2): strings, errors, integers, arrays. */

import { decodeLatin1, decodeUtf8, lineEnd } from '../../base/text.ts';
import { defineProtocol, type Framing, MORE, NOT_MINE } from '../protocol.ts';
import { isFromServer } from '../text-lines.ts';
import type { TreeBuilder } from '../tree.ts';

const PORT = 6379;
const MAX_BULK = 512 << 20;
/** Values read by the framer for one message; a longer array is cut into several. */
const MAX_VALUES = 100_000;
const MAX_DEPTH = 16;
const CHAR = { string: 0x2b, error: 0x2d, integer: 0x3a, bulk: 0x24, array: 0x2a } as const;

/** End of the value at `at`: an offset, or MORE or NOT_MINE. Arrays are walked with a counter, not by recursion. */
function valueEnd(bytes: Uint8Array, from: number, end: number): number {
  let at = from;
  let left = 1;
  for (let seen = 0; left > 0 && seen < MAX_VALUES; seen++, left--) {
    if (at >= end) return MORE;
    const kind = bytes[at];
    const stop = lineEnd(bytes, at, end);
    if (stop >= end) return MORE;
    const next = stop + 2;
    if (kind === CHAR.bulk || kind === CHAR.array) {
      const count = Number(decodeLatin1(bytes, at + 1, Math.min(stop, at + 12)));
      if (!Number.isInteger(count) || count < -1 || count > MAX_BULK) return NOT_MINE;
      if (kind === CHAR.array) {
        left += Math.max(0, count);
        at = next;
      } else {
        at = count < 0 ? next : next + count + 2;
      }
    } else {
      at = next;
    }
  }
  return at;
}

function frame(f: Framing): number {
  const end = valueEnd(f.bytes, f.at, f.end);
  return end < 0 ? end : end - f.at;
}

const lastBytes = new WeakMap<TreeBuilder, Uint8Array>();

export const resp = defineProtocol({
  name: 'resp',
  title: 'REdis Serialization Protocol',
  on: { 'tcp.port': [PORT] },
  fields: {
    string: { type: 'string', label: 'String', many: true },
    error: { type: 'string', label: 'Error', many: true },
    integer: { type: 'i64', label: 'Integer', many: true },
    bulk_string: { type: 'none', label: 'Bulk String', many: true },
    'bulk_string.length': { type: 'i32', label: 'Length', many: true },
    'bulk_string.value': { type: 'bytes', label: 'Value', many: true },
    array: { type: 'none', label: 'Array', many: true },
    'array.length': { type: 'i64', label: 'Length', many: true },
  },
  recogniseOn: ['tcp'],
  recognise: (bytes, at, end) =>
    /^\*[1-9]\d{0,3}\r\n\$\d{1,6}\r\n[A-Za-z]/.test(decodeLatin1(bytes, at, Math.min(end, at + 32))),
  frame,
  tree(t) {
    const isNext = lastBytes.get(t) === t.bytes;
    lastBytes.set(t, t.bytes);
    t.info(isNext ? '' : isFromServer(t, [PORT]) ? 'Response:' : 'Request:');
    let at = t.at;
    while (at < t.end) at = value(t, at, 0);
  },
});

function value(t: TreeBuilder, at: number, depth: number): number {
  if (depth > MAX_DEPTH) t.fail();
  const stop = lineEnd(t.bytes, at, t.end);
  const next = Math.min(stop + 2, t.end);
  const text = decodeUtf8(t.bytes, Math.min(at + 1, stop), stop);
  switch (t.u8(at)) {
    case CHAR.string:
      t.put('string', text, at, next - at);
      t.addInfo(` ${text}`);
      return next;
    case CHAR.error:
      t.put('error', text, at, next - at);
      t.addInfo(` Error: ${text}`);
      return next;
    case CHAR.integer:
      t.put('integer', /^-?\d{1,19}$/.test(text) ? BigInt(text) : 0n, at, next - at);
      t.addInfo(` ${text}`);
      return next;
    case CHAR.bulk:
      return bulk(t, at, next, Number(text));
    case CHAR.array: {
      const count = Number(text);
      t.add('array', at, t.end - at);
      const row = t.nest(t.last());
      row.text = `Array(${text})`;
      t.put('array.length', BigInt(Number.isInteger(count) ? count : 0), at + 1, next - at - 2);
      let end = next;
      for (let i = 0; i < count && end < t.end; i++) end = value(t, end, depth + 1);
      row.length = end - at;
      t.close();
      return end;
    }
    default: // an inline command
      t.addInfo(` ${decodeUtf8(t.bytes, at, stop)}`);
      t.text(decodeUtf8(t.bytes, at, stop), at, next - at);
      return Math.max(next, at + 1);
  }
}

function bulk(t: TreeBuilder, at: number, from: number, length: number): number {
  if (!Number.isInteger(length) || length > MAX_BULK) t.fail();
  const size = Math.max(0, length);
  t.need(from, size);
  const end = length < 0 ? from : Math.min(t.end, from + size + 2);
  t.add('bulk_string', at, end - at);
  t.nest(t.last());
  t.put('bulk_string.length', length, at + 1, from - at - 3);
  if (size > 0) t.add('bulk_string.value', from, size);
  t.close();
  if (size > 0) t.addInfo(` ${t.string(from, Math.min(size, 256))}`);
  return end;
}
