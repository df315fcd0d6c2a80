/**
 * A leaf of a filter whose fields stand at known places of packet headers: is it true of a packet whose layers were walked?
 * Comparisons of a number with literals are decided without making values.
 */

import type { Field, FieldValue } from '../base/fields.ts';
import { assertNever } from '../base/result.ts';
import { evaluate, type Occurrence, type ValueSource } from './evaluate.ts';
import { type Intervals, inIntervals } from './kernels.ts';
import type { FilterTree, Operand } from './language/checked.ts';

/** How a field is read in the layer [at, end). */
export interface HeaderField {
  /** Index of the protocol in whose layers it is, at most once in each. */
  readonly protocol: number;
  /** Is its value always a number? */
  readonly isNumber: boolean;
  /** The number; NaN: the field is not there; -Infinity: it is there more than once. */
  number(bytes: Uint8Array, at: number, end: number, wireEnd: number): number;
  /** Any value; undefined: the field is not there; -Infinity as above. */
  value(bytes: Uint8Array, at: number, end: number, wireEnd: number): FieldValue | undefined;
  /** Its bytes; null where only the value is known. */
  readonly raw: ((bytes: Uint8Array, at: number, end: number) => Uint8Array) | null;
}

/** The layers of one packet, from the outside in: protocol, place of the first byte, one past the last captured one. */
export interface HeaderLayers {
  readonly count: number;
  readonly protocol: Uint16Array;
  readonly at: Uint32Array;
  readonly end: Uint32Array;
  /** One past its last byte on the wire. */
  readonly wireEnd: Uint32Array;
}

/** True, false, or null: only a dissection can tell. */
export type HeaderTest = (bytes: Uint8Array, layers: HeaderLayers) => boolean | null;

const SEVERAL = Number.NEGATIVE_INFINITY;

/** Over one numeric field: is any (or all) of its values in the intervals? */
export function numberTest(field: HeaderField, intervals: Intervals, quantifier: 'any' | 'all'): HeaderTest {
  const [low, high] = intervals.length === 1 ? intervals[0] : [0, 0];
  const isOne = intervals.length === 1;
  return (bytes, layers) => {
    let found = false;
    for (let i = 0; i < layers.count; i++) {
      if (layers.protocol[i] !== field.protocol) continue;
      const value = field.number(bytes, layers.at[i], layers.end[i], layers.wireEnd[i]);
      if (Number.isNaN(value)) continue;
      if (value === SEVERAL) return null;
      const isIn = isOne ? value >= low && value <= high : inIntervals(value, intervals);
      if (quantifier === 'any' && isIn) return true;
      if (quantifier === 'all' && !isIn) return false;
      found = true;
    }
    return quantifier === 'all' && found;
  };
}

/** Any leaf: its values are made for it. */
export function valueTest(leaf: FilterTree, read: (field: Field) => HeaderField | null): HeaderTest {
  const source = new HeaderSource(read);
  return (bytes, layers) => {
    source.bytes = bytes;
    source.layers = layers;
    source.isUnknown = false;
    const result = evaluate(leaf, source);
    return source.isUnknown ? null : result;
  };
}

class HeaderSource implements ValueSource {
  bytes: Uint8Array = new Uint8Array(0);
  layers: HeaderLayers | null = null;
  /** A field was asked for that is there more than once. */
  isUnknown = false;
  private readonly read: (field: Field) => HeaderField | null;

  constructor(read: (field: Field) => HeaderField | null) {
    this.read = read;
  }

  occurrences(field: Field): readonly Occurrence[] {
    const { bytes, layers } = this;
    const header = this.read(field);
    if (header === null || layers === null) return [];
    const found: Occurrence[] = [];
    let total = 0;
    for (let i = 0; i < layers.count; i++) if (layers.protocol[i] === header.protocol) total++;
    let layer = 0;
    for (let i = 0; i < layers.count; i++) {
      if (layers.protocol[i] !== header.protocol) continue;
      layer++;
      const at = layers.at[i];
      const end = layers.end[i];
      const value = header.value(bytes, at, end, layers.wireEnd[i]);
      if (value === undefined) continue;
      if (value === SEVERAL) this.isUnknown = true;
      found.push({ value, layer, layers: total, bytes: () => header.raw?.(bytes, at, end) ?? new Uint8Array(0) });
    }
    return found;
  }
}

/** Does an operand ask for a field's bytes (slices, `@field`), not only for its value? */
export function asksForBytes(operand: Operand): boolean {
  switch (operand.kind) {
    case 'literal':
    case 'reference':
      return false;
    case 'field':
      return operand.isRaw;
    case 'negate':
      return asksForBytes(operand.operand);
    case 'arithmetic':
      return asksForBytes(operand.left) || asksForBytes(operand.right);
    case 'slice':
    case 'call':
      return true;
    default:
      return assertNever(operand);
  }
}
