import { NagareError } from '../base/errors.ts';
import { FLAG } from '../table/flags.ts';
import { BLOCK_MASK } from '../table/packet-table.ts';
import type { Capture } from './capture.ts';

/** What users say of packets: marked, ignored, a time reference, commented. Marks and comments are kept in the capture itself. */
export class RowMarks {
  marked = 0;
  ignored = 0;
  hasChangedComments = false;
  /** Time references, ascending. */
  private references: number[] = [];

  /** The last time reference at or before a row; -1: none. */
  referenceOf(row: number): number {
    let found = -1;
    for (const reference of this.references) {
      if (reference > row) break;
      found = reference;
    }
    return found;
  }

  setReferences(rows: Uint32Array, on: boolean): void {
    const set = new Set(this.references);
    for (const row of rows) {
      if (on) set.add(row);
      else set.delete(row);
    }
    this.references = [...set].sort((a, b) => a - b);
  }

  flag(capture: Capture, rows: Uint32Array, what: 'marked' | 'ignored', on: boolean): void {
    const bit = FLAG[what];
    for (const row of rows) {
      const { flags } = capture.table.block(row);
      const at = row & BLOCK_MASK;
      if (((flags[at] & bit) !== 0) === on) continue;
      flags[at] ^= bit;
      this[what] += on ? 1 : -1;
    }
  }

  comment(capture: Capture, row: number, comments: readonly string[]): void {
    putComments(capture, row, comments);
    this.hasChangedComments = true;
  }

  /** Rows before `first` are gone, and with them so many marks. */
  retire(first: number, gone: { readonly marked: number; readonly ignored: number }): void {
    this.marked -= gone.marked;
    this.ignored -= gone.ignored;
    this.references = this.references.filter((row) => row >= first);
  }

  /** The same packets decoded otherwise get the marks, and the comments that were changed; rows from `from` on. */
  takeOver(before: Capture, after: Capture, from: number): void {
    const bits = FLAG.marked | FLAG.ignored;
    const end = Math.min(before.table.count, after.table.count);
    for (let row = from; row < end; row++) {
      after.table.block(row).flags[row & BLOCK_MASK] |= before.table.get('flags', row) & bits;
      if (this.hasChangedComments) putComments(after, row, before.comments.get(row) ?? []);
    }
  }
}

function putComments(capture: Capture, row: number, comments: readonly string[]): void {
  const { flags } = capture.table.block(row);
  if (comments.length > 0) {
    capture.comments.set(row, comments);
    flags[row & BLOCK_MASK] |= FLAG.comment;
  } else {
    capture.comments.delete(row);
    flags[row & BLOCK_MASK] &= ~FLAG.comment;
  }
}

/** The row, where it is there; throws `bad-input` otherwise. */
export function existingRow(capture: Capture, row: number): number {
  if (row >= capture.table.count || row < capture.table.first)
    throw new NagareError('bad-input', `There is no packet ${row + 1}.`);
  return row;
}
