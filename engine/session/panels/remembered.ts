/**
 * What several panels add up from the same rows, kept for the next of them: once for all rows and once for the rows of the filter
 * that was asked for last. Nobody may change what is kept. Of very large captures nothing is: it would be larger than they are.
 */

import type { BitSet } from '../../base/bitset.ts';
import type { Capture } from '../capture.ts';

interface Kept<Value> {
  readonly rows: BitSet | null;
  /** Of the table, when it was made: a capture grows, and loses its first rows. */
  readonly count: number;
  readonly first: number;
  readonly value: Value;
}

const MOST_ROWS = 4_000_000;
const MOST_PATHS = 300_000;

/** Is what panels add up kept? */
export function isKept({ pass, table }: Capture): boolean {
  return table.count <= MOST_ROWS && pass.paths.count <= MOST_PATHS;
}

/** `make`, and its value kept as long as it holds. */
export function remembered<Value>(
  make: (capture: Capture, rows: BitSet | null) => Value,
): (capture: Capture, rows: BitSet | null) => Value {
  const whole = new WeakMap<Capture, Kept<Value>>();
  const part = new WeakMap<Capture, Kept<Value>>();
  return (capture, rows) => {
    if (!isKept(capture)) return make(capture, rows);
    const kept = rows === null ? whole : part;
    const { count, first } = capture.table;
    const known = kept.get(capture);
    if (known !== undefined && known.rows === rows && known.count === count && known.first === first)
      return known.value;
    const value = make(capture, rows);
    kept.set(capture, { rows, count, first, value });
    return value;
  };
}
