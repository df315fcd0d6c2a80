/** Occurrences that are made up for what is not a packet: a header chain, a stack, a value of a column. */

import type { FieldValue } from '../base/fields.ts';
import type { Occurrence, ValueSource } from './evaluate.ts';

export const NONE: readonly Occurrence[] = [];
/** What has no field at all. */
export const NOTHING: ValueSource = { occurrences: () => NONE };

export function occurrence(value: FieldValue, layer: number, layers: number): Occurrence {
  return { value, layer, layers, bytes: () => numberBytes(value) };
}

function numberBytes(value: FieldValue): Uint8Array {
  if (value instanceof Uint8Array) return value;
  if (typeof value === 'string') return new TextEncoder().encode(value);
  const n = Number(value);
  return n > 0xffff ? Uint8Array.of(n >>> 24, n >>> 16, n >>> 8, n) : Uint8Array.of(n >>> 8, n);
}
