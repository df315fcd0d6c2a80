/** Messages that began in an earlier row than the one that completes them, in the order of their last rows. */

import { NumberList } from '../table/growable.ts';

export class MessageTable {
  readonly endRow = new NumberList();
  readonly startRow = new NumberList();
  /** Offset in the first row's payload. */
  readonly startOffset = new NumberList();

  push(endRow: number, startRow: number, startOffset: number): void {
    this.endRow.push(endRow);
    this.startRow.push(startRow);
    this.startOffset.push(startOffset);
  }

  /** Index of the entry of a row; -1: none. */
  find(row: number): number {
    const rows = this.endRow.items;
    let low = 0;
    let high = this.endRow.length - 1;
    while (low <= high) {
      const middle = (low + high) >>> 1;
      if (rows[middle] === row) return middle;
      if (rows[middle] < row) low = middle + 1;
      else high = middle - 1;
    }
    return -1;
  }
}
