/** Texts in traces: UTF-16 up to a zero, bounded by their record. */

import { decodeUtf16le } from '../../base/text.ts';

/** Longest text that is taken over: names and descriptions are short. */
const MOST_UNITS = 4096;

/** Offset behind the zero that ends the text at `at`, or `end`. */
export function afterText(bytes: Uint8Array, at: number, end: number): number {
  let to = at;
  while (to + 1 < end) {
    const isEnd = bytes[to] === 0 && bytes[to + 1] === 0;
    to += 2;
    if (isEnd) return to;
  }
  return end;
}

export function decodeUtf16z(bytes: Uint8Array, at: number, end: number): string {
  let to = at;
  const last = Math.min(end, at + 2 * MOST_UNITS);
  while (to + 1 < last && (bytes[to] !== 0 || bytes[to + 1] !== 0)) to += 2;
  return at < to ? decodeUtf16le(bytes, at, to).trimEnd() : '';
}
