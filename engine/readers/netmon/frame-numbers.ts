/** The number that Network Monitor shows for a frame, found by the frame's place in the file. */

import { u32le } from '../../base/bytes.ts';
import type { FileWindow } from '../file-window.ts';

const PIECE = 16 * 1024;

export class FrameNumbers {
  private readonly offsets: Uint32Array;
  /** Numbers in the order of `offsets`; null: the table is in the order of the file. */
  private readonly numbers: Uint32Array | null = null;

  constructor(window: FileWindow, table: number, frames: number) {
    const offsets = new Uint32Array(frames);
    let isSorted = true;
    for (let first = 0; first < frames; first += PIECE) {
      const count = Math.min(PIECE, frames - first);
      const bytes = window.bytes(table + 4 * first, 4 * count);
      for (let i = 0; i < Math.floor(bytes.length / 4); i++) {
        const at = (offsets[first + i] = u32le(bytes, 4 * i));
        if (first + i > 0 && at < offsets[first + i - 1]) isSorted = false;
      }
    }
    this.offsets = offsets;
    if (isSorted) return;
    this.numbers = Uint32Array.from(offsets.keys()).sort((a, b) => offsets[a] - offsets[b]);
    this.offsets = this.numbers.map((index) => offsets[index]);
  }

  /** From 1; 0: no frame is there. */
  of(at: number): number {
    const { offsets } = this;
    let low = 0;
    let high = offsets.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (offsets[middle] < at) low = middle + 1;
      else high = middle;
    }
    if (offsets[low] !== at) return 0;
    return (this.numbers === null ? low : this.numbers[low]) + 1;
  }
}
