/**
 * A followed stream as lines that are shown: text broken at line ends and at a fixed width, a hex dump, or bare hex digits. Only
 * every 64th line's place is kept; those between are laid out again when they are asked for. So a stream of any length works.
 */

import { toHex } from '../../base/hex.ts';
import { decodeUtf8, printable } from '../../base/text.ts';
import { NumberList } from '../../table/growable.ts';
import type { Job } from '../turns.ts';
import type { Direction, Pieces } from './pieces.ts';

export const FOLLOW_MODES = ['text', 'hex', 'raw'] as const;
export type FollowMode = (typeof FOLLOW_MODES)[number];
/** A direction, or both. */
export type FollowSide = 'both' | Direction;

/** Bytes of a line at most. */
const WIDTH = { text: 120, hex: 16, raw: 48 } as const;
const EVERY = 64;
const LF = 10;
const CR = 13;

export const LINE = {
  /** Sent by the second host. */
  reverse: 1,
  /** Bytes are missing here: the text is their number. */
  missing: 2,
  /** The first line of a turn: the other host spoke before. */
  turn: 4,
} as const;

/** A place in the pieces. */
interface Place {
  piece: number;
  offset: number;
}

export interface Line {
  /** Bits of LINE. */
  readonly bits: number;
  readonly row: number;
  /** Place of its first byte in its direction. */
  readonly at: number;
  /** Of bytes that are missing, only their number. */
  readonly length: number;
  /** Empty where they were not asked for. */
  readonly bytes: Uint8Array;
}

export class Layout {
  readonly mode: FollowMode;
  readonly side: FollowSide;
  /** Lines there are, once built. */
  count = 0;

  private readonly pieces: Pieces;
  private readonly read: (piece: number) => Uint8Array;
  /** In this piece the first line feed from `feedSince` on is at `feedAt`. */
  private feedPiece = -1;
  private feedSince = 0;
  private feedAt = 0;
  private readonly markPieces = new NumberList();
  private readonly markOffsets = new NumberList();

  constructor(pieces: Pieces, read: (piece: number) => Uint8Array, mode: FollowMode, side: FollowSide) {
    this.pieces = pieces;
    this.read = read;
    this.mode = mode;
    this.side = side;
  }

  async build(job: Job): Promise<void> {
    const place = this.begin();
    while (place.piece < this.pieces.count) {
      if (this.count % EVERY === 0) {
        this.markPieces.push(place.piece);
        this.markOffsets.push(place.offset);
      }
      this.next(place, false);
      this.count++;
      if (this.count % EVERY === 0) {
        const waiting = job.pause(place.piece, this.pieces.count);
        if (waiting !== null) await waiting;
      }
    }
  }

  /** Lines [first, first + count). */
  lines(first: number, count: number): Line[] {
    const lines: Line[] = [];
    if (first >= this.count) return lines;
    const place = this.mark(Math.floor(first / EVERY));
    for (let i = first - (first % EVERY); i < Math.min(this.count, first + count); i++) {
      const line = this.next(place, i >= first);
      if (i >= first) lines.push(line);
    }
    return lines;
  }

  /** All lines, one after the other. */
  *all(): Generator<Line> {
    for (const place = this.begin(); place.piece < this.pieces.count; ) yield this.next(place, true);
  }

  /** The line that a byte is in, and its index in the line. */
  lineAt(piece: number, offset: number): { readonly line: number; readonly index: number } {
    let low = 0;
    let high = this.markPieces.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      const at = this.markPieces.items[middle];
      if (at < piece || (at === piece && this.markOffsets.items[middle] <= offset)) low = middle;
      else high = middle - 1;
    }
    const place = this.mark(low);
    const target = this.pieces.place(piece) + offset;
    const direction = this.pieces.direction(piece);
    for (let line = low * EVERY; line < this.count; line++) {
      const { at, bits, length } = this.next(place, false);
      const isIts = (bits & LINE.reverse) === direction;
      if (isIts && target >= at && target < at + length) return { line, index: target - at };
    }
    return { line: Math.max(0, this.count - 1), index: 0 };
  }

  private begin(): Place {
    return { piece: this.shown(0), offset: 0 };
  }

  private mark(index: number): Place {
    return { piece: this.markPieces.items[index], offset: this.markOffsets.items[index] };
  }

  /** The first piece from `i` on that is of a shown direction. */
  private shown(i: number): number {
    let piece = i;
    while (piece < this.pieces.count && this.side !== 'both' && this.pieces.direction(piece) !== this.side) piece++;
    return piece;
  }

  /** The line that starts at `place`, which moves behind it. */
  private next(place: Place, withBytes: boolean): Line {
    const { pieces } = this;
    const first = place.piece;
    const direction = pieces.direction(first);
    const row = pieces.row(first);
    const at = pieces.place(first) + place.offset;
    const turn = place.offset === 0 && this.beginsTurn(first) ? LINE.turn : 0;
    if (pieces.isMissing(first)) {
      let length = 0;
      while (
        place.piece < pieces.count &&
        pieces.isMissing(place.piece) &&
        pieces.direction(place.piece) === direction
      ) {
        length += pieces.length(place.piece);
        place.piece = this.shown(place.piece + 1);
      }
      return { row, at, bits: direction | LINE.missing | turn, length, bytes: NOTHING };
    }
    const parts: Uint8Array[] = [];
    let left: number = WIDTH[this.mode];
    let isEnded = false;
    while (!isEnded && left > 0) {
      const { piece, offset } = place;
      let take = Math.min(left, pieces.length(piece) - offset);
      if (withBytes || this.mode === 'text') {
        const bytes = this.read(piece);
        if (this.mode === 'text') {
          const feed = this.feedFrom(piece, bytes, offset);
          if (feed < offset + take) {
            take = feed + 1 - offset;
            isEnded = true;
          } else if (take === left) take = wholeCharacters(bytes, offset, take);
        }
        if (withBytes) parts.push(bytes.subarray(offset, offset + take));
      }
      left -= take;
      if (offset + take < pieces.length(piece)) {
        place.offset += take;
        break;
      }
      place.piece = this.shown(piece + 1);
      place.offset = 0;
      const goesOn =
        place.piece < pieces.count &&
        !pieces.areMessages &&
        pieces.direction(place.piece) === direction &&
        !pieces.isMissing(place.piece);
      if (!goesOn) break;
    }
    const length = WIDTH[this.mode] - left;
    return { row, at, bits: direction | turn, length, bytes: withBytes ? joined(parts) : NOTHING };
  }

  /** The first line feed at or behind `offset`; past the end where there is none. It is looked for once, not for every line. */
  private feedFrom(piece: number, bytes: Uint8Array, offset: number): number {
    if (piece !== this.feedPiece || offset < this.feedSince || offset > this.feedAt) {
      const found = bytes.indexOf(LF, offset);
      this.feedAt = found < 0 ? bytes.length : found;
      this.feedPiece = piece;
      this.feedSince = offset;
    }
    return this.feedAt;
  }

  private beginsTurn(piece: number): boolean {
    let before = piece - 1;
    while (before >= 0 && this.side !== 'both' && this.pieces.direction(before) !== this.side) before--;
    return before < 0 || this.pieces.areMessages || this.pieces.direction(before) !== this.pieces.direction(piece);
  }
}

const NOTHING = new Uint8Array(0);

/** As much of `length` bytes as does not cut a UTF-8 character; all of them where they are none. */
function wholeCharacters(bytes: Uint8Array, offset: number, length: number): number {
  const end = offset + length;
  if (end >= bytes.length || (bytes[end] & 0xc0) !== 0x80) return length;
  for (let back = 1; back <= 3 && back < length; back++) if ((bytes[end - back] & 0xc0) === 0xc0) return length - back;
  return length;
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  if (parts.length === 1) return parts[0];
  const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

/** What a line shows; '' for bytes that are missing. */
export function lineText({ bytes, bits, at }: Line, mode: FollowMode): string {
  if ((bits & LINE.missing) !== 0) return '';
  if (mode === 'raw') return toHex(bytes);
  if (mode === 'text') return plainText(bytes);
  const digits = toHex(bytes, ' ');
  return `${at.toString(16).padStart(8, '0')}  ${digits.slice(0, 24).padEnd(24)} ${digits.slice(24).padEnd(23)}  ${printable(bytes)}`;
}

/** Columns [start, end) in the text of a line that show its bytes [from, to). */
export function columnsOf({ bytes }: Line, mode: FollowMode, from: number, to: number): readonly [number, number] {
  const end = Math.min(to, bytes.length);
  if (mode === 'raw') return [2 * from, 2 * end];
  if (mode === 'text') {
    const start = plainText(bytes.subarray(0, from)).length;
    return [start, start + plainText(bytes.subarray(from, end)).length];
  }
  const column = (index: number): number => 10 + 3 * index + (index >= 8 ? 1 : 0);
  return [column(from), column(end - 1) + 2];
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this is for
const UNSEEN =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]/g;

/** Nothing in it ends a line, moves a cursor or turns the writing round. The line's own end is left out. */
function plainText(bytes: Uint8Array): string {
  let end = bytes.length;
  if (bytes[end - 1] === LF) end--;
  if (bytes[end - 1] === CR && end < bytes.length) end--;
  return decodeUtf8(bytes, 0, end).replace(UNSEEN, '.').replaceAll('\n', '.');
}
