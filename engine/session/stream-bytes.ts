/** The bytes of one direction of a connection by their place in it, those that were not captured too. */

import type { Dissector } from './dissector.ts';
import type { Direction, Pieces } from './follow/pieces.ts';

export class StreamBytes {
  private readonly dissector: Dissector;
  private readonly pieces: Pieces;
  /** Pieces of this direction, by place. */
  private readonly own: number[] = [];
  readonly length: number;

  constructor(dissector: Dissector, pieces: Pieces, direction: Direction) {
    this.dissector = dissector;
    this.pieces = pieces;
    for (let i = 0; i < pieces.count; i++) if (pieces.direction(i) === direction) this.own.push(i);
    this.length = pieces.bytes[direction] + pieces.missing[direction];
  }

  /** Up to `most` bytes from `at` on; null: the first is missing. Ends at the first hole. */
  read(at: number, most: number): Uint8Array | null {
    const { bytes, there } = this.filled(at, Math.min(most, this.length - at));
    const hole = there.indexOf(0);
    if (hole === 0 || bytes.length === 0) return null;
    return hole < 0 ? bytes : bytes.subarray(0, hole);
  }

  /** The first bytes, up to the first hole. */
  upTo(most: number): Uint8Array {
    return this.read(0, most) ?? new Uint8Array(0);
  }

  /** Bytes [at, at + length) with zeros in the holes; `there`: 1 for those that were captured. */
  filled(at: number, length: number): { readonly bytes: Uint8Array; readonly there: Uint8Array } {
    const bytes = new Uint8Array(length);
    const there = new Uint8Array(length);
    this.each(at, at + length, (piece, from, to) => {
      if (this.pieces.isMissing(piece)) return;
      const row = this.pieces.row(piece);
      const segment = this.dissector.segmentBytes(row);
      const start = segment.payloadAt + this.pieces.skip(piece) + from - this.pieces.place(piece);
      const got = segment.bytes.subarray(start, Math.min(start + to - from, segment.payloadEnd));
      bytes.set(got, from - at);
      there.fill(1, from - at, from - at + got.length);
    });
    return { bytes, there };
  }

  /** What of [from, to) was not captured. */
  holesIn(from: number, to: number): { readonly from: number; readonly to: number }[] {
    const holes: { from: number; to: number }[] = [];
    this.each(from, Math.min(to, this.length), (piece, low, high) => {
      if (this.pieces.isMissing(piece)) holes.push({ from: low, to: high });
    });
    if (to > this.length) holes.push({ from: Math.max(from, this.length), to });
    return holes;
  }

  rowAt(place: number): number {
    return this.pieces.row(this.own[this.indexAt(place)]);
  }

  /** The row of the last captured byte of [from, to); -1: there is none. */
  lastRowIn(from: number, to: number): number {
    let last = -1;
    this.each(from, Math.min(to, this.length), (piece) => {
      if (!this.pieces.isMissing(piece)) last = Math.max(last, this.pieces.row(piece));
    });
    return last;
  }

  /** Place of the first captured piece that begins behind `place`; -1: there is none. */
  nextPiece(place: number): number {
    if (this.own.length === 0) return -1;
    for (let i = this.indexAt(place); i < this.own.length; i++) {
      const piece = this.own[i];
      if (this.pieces.place(piece) > place && !this.pieces.isMissing(piece)) return this.pieces.place(piece);
    }
    return -1;
  }

  private each(from: number, to: number, visit: (piece: number, from: number, to: number) => void): void {
    if (from >= to) return;
    for (let i = this.indexAt(from); i < this.own.length; i++) {
      const piece = this.own[i];
      const start = this.pieces.place(piece);
      if (start >= to) return;
      const end = start + this.pieces.length(piece);
      if (end > from) visit(piece, Math.max(from, start), Math.min(to, end));
    }
  }

  /** Index of the piece that a place is in. */
  private indexAt(place: number): number {
    let low = 0;
    let high = this.own.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if (this.pieces.place(this.own[middle]) <= place) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}
