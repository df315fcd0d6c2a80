/** DER (X.690): tags, lengths, and the elements inside others. */

import type { TreeBuilder } from '../../../tree.ts';

/** One DER element: where its value is. */
export interface Element {
  readonly tag: number;
  readonly at: number;
  readonly value: number;
  readonly end: number;
}

export const TAG = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  oid: 0x06,
  enumerated: 0x0a,
  utf8: 0x0c,
  printable: 0x13,
  teletex: 0x14,
  ia5: 0x16,
  utcTime: 0x17,
  generalizedTime: 0x18,
  visible: 0x1a,
  universal: 0x1c,
  bmp: 0x1e,
  sequence: 0x30,
  set: 0x31,
  version: 0xa0,
  extensions: 0xa3,
} as const;
/** More elements than this in one are no certificate. */
const MAX_ELEMENTS = 4096;

/** Reads one element; null where its bytes do not fit. */
export function element(t: TreeBuilder, at: number, end: number): Element | null {
  if (at + 2 > end) return null;
  const tag = t.u8(at);
  if ((tag & 0x1f) === 0x1f) return null; // long tags do not occur in certificates
  let length = t.u8(at + 1);
  let value = at + 2;
  if (length >= 0x80) {
    const bytes = length & 0x7f;
    if (bytes === 0 || bytes > 4 || value + bytes > end) return null;
    length = 0;
    for (let i = 0; i < bytes; i++) length = length * 256 + t.u8(value + i);
    value += bytes;
  }
  return value + length > end ? null : { tag, at, value, end: value + length };
}

/** The elements inside [at, end). */
export function children(t: TreeBuilder, at: number, end: number): Element[] {
  const found: Element[] = [];
  for (let next = at; next < end && found.length < MAX_ELEMENTS; ) {
    const item = element(t, next, end);
    if (item === null) break;
    found.push(item);
    next = item.end;
  }
  return found;
}
