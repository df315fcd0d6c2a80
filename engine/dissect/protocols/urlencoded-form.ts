/** HTML form data in a body (WHATWG URL 5.1, application/x-www-form-urlencoded). */

import { decodeUtf8 } from '../../base/text.ts';
import { defineProtocol } from '../protocol.ts';

const AMPERSAND = 38;
const EQUALS = 61;
const PLUS = 43;
const PERCENT = 37;
const SPACE = 32;
/** Items with rows of their own. */
const MAX_ITEMS = 20_000;

export const urlencodedForm = defineProtocol({
  name: 'urlencoded-form',
  title: 'HTML Form URL Encoded',
  on: { 'media.type': ['application/x-www-form-urlencoded'] },
  fields: {
    key: { type: 'string', label: 'Key', many: true },
    value: { type: 'string', label: 'Value', many: true },
  },
  tree(t) {
    t.addLabel(': application/x-www-form-urlencoded');
    t.addInfo(' (application/x-www-form-urlencoded)');
    let at = t.at;
    for (let count = 0; at < t.end; count++) {
      if (count === MAX_ITEMS) {
        t.text(`More than ${MAX_ITEMS} items`, at, t.end - at).generated = true;
        return;
      }
      let stop = at;
      while (stop < t.end && t.u8(stop) !== AMPERSAND) stop++;
      let equals = at;
      while (equals < stop && t.u8(equals) !== EQUALS) equals++;
      const key = decoded(t.bytes, at, equals);
      const value = decoded(t.bytes, Math.min(equals + 1, stop), stop);
      if (stop > at) {
        t.nest(t.text(`Form item: "${key}" = "${value}"`, at, stop - at));
        t.put('key', key, at, equals - at);
        t.put('value', value, Math.min(equals + 1, stop), Math.max(0, stop - equals - 1));
        t.close();
      }
      at = stop + 1;
    }
  },
});

/** Plus signs are blanks, `%41` is a byte. */
function decoded(bytes: Uint8Array, at: number, end: number): string {
  const out: number[] = [];
  for (let i = at; i < end; i++) {
    const byte = bytes[i];
    const high = byte === PERCENT && i + 2 < end ? hexDigit(bytes[i + 1]) : -1;
    const low = high >= 0 ? hexDigit(bytes[i + 2]) : -1;
    if (low >= 0) {
      out.push(high * 16 + low);
      i += 2;
    } else {
      out.push(byte === PLUS ? SPACE : byte);
    }
  }
  return decodeUtf8(Uint8Array.from(out));
}

function hexDigit(byte: number): number {
  if (byte >= 48 && byte <= 57) return byte - 48;
  const letter = byte | 0x20;
  return letter >= 97 && letter <= 102 ? letter - 87 : -1;
}
