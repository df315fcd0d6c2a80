/** Messages that began in an earlier row than the one that completes them, in the order of their last rows. */

import { NumberList } from '../table/growable.ts';

/** A message that ends in a row: where it began, and where it ends, counted from the beginning of the row's payload. */
export interface Message {
  readonly startRow: number;
  readonly startOffset: number;
  readonly endOffset: number;
  /** Index of its protocol, and whether it is shown inside the flow's first one. */
  readonly protocol: number;
  readonly isInside: boolean;
}

export class MessageTable {
  readonly endRow = new NumberList();
  readonly startRow = new NumberList();
  /** Offset from the beginning of the first row's payload. */
  readonly startOffset = new NumberList();
  /** Where the row's last such message ends, counted from the beginning of its payload. */
  readonly endOffset = new NumberList();

  /** The row's first such message. */
  push(endRow: number, startRow: number, startOffset: number, endOffset: number): void {
    this.endRow.push(endRow);
    this.startRow.push(startRow);
    this.startOffset.push(startOffset);
    this.endOffset.push(endOffset);
  }

  /** One more that ends in the latest row. */
  extend(endOffset: number): void {
    this.endOffset.items[this.endOffset.length - 1] = endOffset;
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
