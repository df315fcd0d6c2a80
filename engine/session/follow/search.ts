/** Search in a followed stream: in the bytes of each direction, across the borders of packets. */

import { NumberList } from '../../table/growable.ts';
import type { Job } from '../turns.ts';
import type { FollowSide } from './layout.ts';
import type { Pieces } from './pieces.ts';

/** Places kept; past them it is only said that there are more. */
export const MAX_MATCHES = 100_000;

export interface Matches {
  readonly pieces: NumberList;
  readonly offsets: NumberList;
  /** There are more than are kept. */
  readonly isCut: boolean;
}

export interface SearchFor {
  readonly bytes: Uint8Array;
  /** ASCII letters count as the same in both cases. */
  readonly ignoresCase: boolean;
  readonly side: FollowSide;
}

/** Where the bytes occur, in the order of the pieces they begin in; occurrences do not overlap. */
export async function searchPieces(
  pieces: Pieces,
  read: (piece: number) => Uint8Array,
  { bytes, ignoresCase, side }: SearchFor,
  job: Job,
): Promise<Matches> {
  const found = { pieces: new NumberList(), offsets: new NumberList(), isCut: false };
  if (bytes.length === 0) return found;
  const needle = ignoresCase ? folded(bytes) : bytes;
  const runs = [new Run(), new Run()] as const;
  for (let piece = 0; piece < pieces.count; piece++) {
    const direction = pieces.direction(piece);
    const run = runs[direction];
    if (side !== 'both' && side !== direction) continue;
    if (pieces.isMissing(piece) || pieces.areMessages) run.clear();
    if (!pieces.isMissing(piece)) {
      run.append(piece, ignoresCase ? folded(read(piece)) : read(piece));
      for (let at = run.find(needle); at >= 0; at = run.find(needle)) {
        if (found.pieces.length === MAX_MATCHES) return { ...found, isCut: true };
        const place = run.placeOf(at);
        found.pieces.push(place.piece);
        found.offsets.push(place.offset);
        run.from = at + needle.length;
      }
      run.shorten(needle.length - 1);
    }
    const waiting = job.pause(piece, pieces.count);
    if (waiting !== null) await waiting;
  }
  return sorted(found);
}

/** Bytes of one direction that hang together: the newest piece, and the end of those before it. */
class Run {
  /** Search goes on from here. */
  from = 0;
  private bytes: Uint8Array = new Uint8Array(0);
  private starts: { readonly piece: number; readonly offset: number; readonly at: number }[] = [];

  clear(): void {
    this.from = 0;
    this.bytes = new Uint8Array(0);
    this.starts = [];
  }

  append(piece: number, bytes: Uint8Array): void {
    this.starts.push({ piece, offset: 0, at: this.bytes.length });
    if (this.bytes.length === 0) {
      this.bytes = bytes;
      return;
    }
    const all = new Uint8Array(this.bytes.length + bytes.length);
    all.set(this.bytes);
    all.set(bytes, this.bytes.length);
    this.bytes = all;
  }

  find(needle: Uint8Array): number {
    const { bytes } = this;
    for (let at = bytes.indexOf(needle[0], this.from); at >= 0; at = bytes.indexOf(needle[0], at + 1)) {
      if (at + needle.length > bytes.length) return -1;
      let same = 1;
      while (same < needle.length && bytes[at + same] === needle[same]) same++;
      if (same === needle.length) return at;
    }
    return -1;
  }

  placeOf(at: number): { readonly piece: number; readonly offset: number } {
    let i = this.starts.length - 1;
    while (i > 0 && this.starts[i].at > at) i--;
    const { piece, offset, at: start } = this.starts[i];
    return { piece, offset: offset + at - start };
  }

  /** Keeps the last `length` bytes, in which a match may begin. */
  shorten(length: number): void {
    const cut = Math.max(0, this.bytes.length - length, this.from);
    const rest = Math.max(0, this.bytes.length - cut);
    if (rest === 0) {
      this.clear();
      return;
    }
    this.starts = this.starts
      .map((start) =>
        start.at >= cut ? { ...start, at: start.at - cut } : { ...start, offset: start.offset + cut - start.at, at: 0 },
      )
      .filter((_, i, all) => i === all.length - 1 || all[i + 1].at > 0);
    this.bytes = this.bytes.slice(cut);
    this.from = 0;
  }
}

function folded(bytes: Uint8Array): Uint8Array {
  const copy = bytes.slice();
  for (let i = 0; i < copy.length; i++) if (copy[i] >= 0x41 && copy[i] <= 0x5a) copy[i] |= 0x20;
  return copy;
}

/** A match that began before a piece of the other direction is found after those in it. */
function sorted(found: Matches): Matches {
  const order = Array.from({ length: found.pieces.length }, (_, i) => i);
  const a = found.pieces.items;
  const b = found.offsets.items;
  order.sort((x, y) => a[x] - a[y] || b[x] - b[y]);
  const result = { pieces: new NumberList(), offsets: new NumberList(), isCut: found.isCut };
  for (const i of order) {
    result.pieces.push(a[i]);
    result.offsets.push(b[i]);
  }
  return result;
}
