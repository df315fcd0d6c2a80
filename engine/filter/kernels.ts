/** One small loop per comparison: a column of a block in, bits of a row set out. Hot: over every row of the capture. */

import type { BitSet } from '../base/bitset.ts';
import { BLOCK_ROWS, type Block, type ColumnName } from '../table/packet-table.ts';

/** Inclusive intervals, in ascending order; a value matches when one holds it. */
export type Intervals = readonly (readonly [number, number])[];

/** Part of a column: `(column >>> shift) & mask`; the whole number where mask is 0. */
export interface ColumnPart {
  readonly column: ColumnName;
  readonly shift: number;
  readonly mask: number;
}

/**
 * Sets the bits of rows [from, to) of one block whose stack is allowed and whose value lies in the intervals. `base`: the
 * block's first row.
 */
export function scanColumn(
  block: Block,
  part: ColumnPart,
  intervals: Intervals,
  allowed: Uint8Array,
  base: number,
  from: number,
  to: number,
  out: BitSet,
): void {
  const { words } = out;
  const start = base - out.base;
  const { stack } = block;
  const column = block[part.column];
  const { shift, mask } = part;
  const [low, high] = intervals.length === 1 ? intervals[0] : [0, 0];
  for (let i = from; i < to; i++) {
    if (allowed[stack[i]] === 0) continue;
    const raw = column[i];
    const value = mask === 0 ? raw : (raw >>> shift) & mask;
    const isMatch = intervals.length === 1 ? value >= low && value <= high : inIntervals(value, intervals);
    if (isMatch) words[(start + i) >>> 5] |= 1 << ((start + i) & 31);
  }
}

export function inIntervals(value: number, intervals: Intervals): boolean {
  for (const [low, high] of intervals) if (value >= low && value <= high) return true;
  return false;
}

/** Rows whose path or stack id has a 1 in the table. */
export function scanTable(
  ids: Uint32Array | Uint16Array,
  table: Uint8Array,
  base: number,
  from: number,
  to: number,
  out: BitSet,
): void {
  const { words } = out;
  const start = base - out.base;
  for (let i = from; i < to; i++) {
    if (table[ids[i]] === 1) words[(start + i) >>> 5] |= 1 << ((start + i) & 31);
  }
}

/** Rows that have any of these flags. */
export function scanFlags(block: Block, flags: number, base: number, from: number, to: number, out: BitSet): void {
  const { words } = out;
  const start = base - out.base;
  const column = block.flags;
  for (let i = from; i < to; i++) if ((column[i] & flags) !== 0) words[(start + i) >>> 5] |= 1 << ((start + i) & 31);
}

/** Calls `visit` for each block that rows [from, to) touch. */
export function eachBlock(
  blocks: readonly Block[],
  from: number,
  to: number,
  visit: (block: Block, base: number, from: number, to: number) => void,
): void {
  for (let base = from - (from % BLOCK_ROWS); base < to; base += BLOCK_ROWS) {
    visit(blocks[base / BLOCK_ROWS], base, Math.max(0, from - base), Math.min(BLOCK_ROWS, to - base));
  }
}
