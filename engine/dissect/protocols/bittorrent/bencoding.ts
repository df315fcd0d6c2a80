/** Bencoding (BEP 3): strings behind their length, integers, lists, dictionaries. One token at a time: the trees that use it bound their own depth. */

import type { TreeBuilder } from '../../tree.ts';

const CHAR = { i: 0x69, l: 0x6c, d: 0x64, e: 0x65, colon: 0x3a, minus: 0x2d } as const;
const MAX_DIGITS = 20;

/** A string or a number as it stands in the bytes. */
export interface Token {
  readonly kind: 'string' | 'integer' | 'list' | 'dictionary' | 'end' | 'invalid';
  /** Of a string: its first byte. */
  readonly at: number;
  /** One past a string or number; of a list or dictionary: its first item. */
  readonly next: number;
  readonly value: bigint;
}

const INVALID: Token = { kind: 'invalid', at: 0, next: 0, value: 0n };

/** What starts at `at`. */
export function tokenAt(t: TreeBuilder, at: number): Token {
  if (!t.has(at, 1)) return INVALID;
  const first = t.u8(at);
  if (first === CHAR.l) return { kind: 'list', at, next: at + 1, value: 0n };
  if (first === CHAR.d) return { kind: 'dictionary', at, next: at + 1, value: 0n };
  if (first === CHAR.e) return { kind: 'end', at, next: at + 1, value: 0n };
  const isInteger = first === CHAR.i;
  const from = isInteger ? at + 1 : at;
  const stop = isInteger ? CHAR.e : CHAR.colon;
  let text = '';
  for (let i = from; i < from + MAX_DIGITS && t.has(i, 1); i++) {
    const byte = t.u8(i);
    if (byte === stop) {
      if (text === '' || text === '-') return INVALID;
      const value = BigInt(text);
      if (isInteger) return { kind: 'integer', at, next: i + 1, value };
      const length = Number(value);
      return t.has(i + 1, length) ? { kind: 'string', at: i + 1, next: i + 1 + length, value } : INVALID;
    }
    if ((byte < 0x30 || byte > 0x39) && !(isInteger && i === from && byte === CHAR.minus)) return INVALID;
    text += String.fromCharCode(byte);
  }
  return INVALID;
}
