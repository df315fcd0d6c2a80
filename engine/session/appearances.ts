/**
 * Rows that are another appearance of a packet which another row stands for (Packet Monitor sees one packet at many places). The
 * adapter view leaves them out, so that no total counts a packet twice.
 */

import { BitSet } from '../base/bitset.ts';
import { FLAG } from '../table/flags.ts';
import { BLOCK_MASK } from '../table/packet-table.ts';
import type { Capture } from './capture.ts';

interface Known {
  copies: BitSet;
  /** Of `copies`. */
  count: number;
  /** Rows looked at. */
  rows: number;
}

const known = new WeakMap<Capture, Known>();

/** As far as the capture is read. */
function knownOf(capture: Capture): Known {
  let found = known.get(capture);
  if (found === undefined) known.set(capture, (found = { copies: new BitSet(0), count: 0, rows: 0 }));
  const { table } = capture;
  if (found.rows < table.count) {
    found.copies = found.copies.over(table.firstBase, table.count);
    for (let row = Math.max(found.rows, table.first); row < table.count; row++) {
      if ((table.block(row).flags[row & BLOCK_MASK] & FLAG.copy) === 0) continue;
      found.copies.add(row);
      found.count++;
    }
    found.rows = table.count;
  }
  return found;
}

/** How many rows the adapter view leaves out. */
export function countCopies(capture: Capture): number {
  return capture.reader.facts.hasAppearances ? knownOf(capture).count : 0;
}

/**
 * The rows of a set that stand for their packet. The same set where all do; `rows` null: every row of the capture, and null
 * again where none is left out.
 */
export function atAdapter(capture: Capture, rows: BitSet | null): BitSet | null {
  if (countCopies(capture) === 0) return rows;
  const { copies } = knownOf(capture);
  const size = rows?.size ?? capture.table.count;
  const result = rows === null ? BitSet.full(size, capture.table.first) : rows.copy();
  for (let row = copies.next(0); row >= 0 && row < size; row = copies.next(row + 1)) result.delete(row);
  return result;
}
