import { BitSet } from '../base/bitset.ts';
import type { TimeRange } from '../contract/api.ts';
import type { Capture } from './capture.ts';

/** Rows `first` to `count`. */
export function allRows(count: number, first = 0): Uint32Array {
  const rows = new Uint32Array(Math.max(0, count - first));
  for (let i = 0; i < rows.length; i++) rows[i] = first + i;
  return rows;
}

/** Every row that is there, as a set. */
export function everyRow(capture: Capture): BitSet {
  return BitSet.full(capture.table.count, capture.table.first);
}

/** The rows of a set inside a time range; rows without a time are in none. */
export function inRange(capture: Capture, set: BitSet, range: TimeRange): BitSet {
  if (range === null) return set;
  const result = set.copy();
  const { table } = capture;
  for (let row = result.next(0); row >= 0; row = result.next(row + 1)) {
    const time = table.get('time', row);
    if (!(time >= range.from && time <= range.to)) result.delete(row);
  }
  return result;
}
