/** Domain names (RFC 1035 3.1 and 4.1.4): labels, whose end may be a pointer to an earlier name of the message. */

import { decodeUtf8 } from '../../../base/text.ts';
import type { TreeBuilder } from '../../tree.ts';

export interface DomainName {
  /** Labels with dots; `<Root>` for the empty name. */
  readonly text: string;
  readonly labels: number;
  /** One past its bytes where it stands: behind the zero label or the first pointer. */
  readonly end: number;
}

const POINTER = 0xc0;
/** RFC 1035 2.3.4 allows 255 bytes; longer ones are shown, up to this. */
const MAX_LENGTH = 1024;
/** A name of 255 bytes has at most 127 labels: more pointers than that run in circles. */
const MAX_POINTERS = 127;

/** Reads the name at `from`; pointers count from `base`. Ends the layer where its bytes run out. */
export function readName(t: TreeBuilder, from: number, base: number): DomainName {
  const parts: string[] = [];
  let at = from;
  let end = -1;
  let length = 0;
  let pointers = 0;
  for (;;) {
    const size = t.u8(at);
    if ((size & POINTER) === POINTER) {
      const target = base + (t.u16(at) & 0x3fff);
      if (end < 0) end = at + 2;
      if (++pointers > MAX_POINTERS) return broken(parts, 'pointers in a loop', end);
      at = target;
      continue;
    }
    at++;
    if (size === 0) break;
    // RFC 6891 withdrew the only use of 01, bit-string labels; 10 was never used.
    if ((size & POINTER) === 0x80) t.fail();
    if ((size & POINTER) === 0x40) return { text: '<Unknown extended label>', labels: 1, end: end < 0 ? at : end };
    t.need(at, size);
    parts.push(decodeUtf8(t.bytes, at, at + size));
    at += size;
    length += size + 1;
    if (length > MAX_LENGTH) return broken(parts, 'name too long', end < 0 ? at : end);
  }
  return {
    text: parts.length === 0 ? '<Root>' : parts.join('.'),
    labels: Math.max(1, parts.length),
    end: end < 0 ? at : end,
  };
}

function broken(parts: readonly string[], why: string, end: number): DomainName {
  return { text: [...parts, `<${why}>`].join('.'), labels: parts.length, end };
}
