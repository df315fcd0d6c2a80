/** The hex dump as rows of sixteen bytes: where a byte stands, what is copied, which field covers it. */

import { toHex } from '../../../engine/base/hex.ts';
import { printable } from '../../../engine/base/text.ts';

export const BYTES_PER_ROW = 16;

/** Width of the hex text of a full row, in characters. */
export const HEX_COLUMNS = BYTES_PER_ROW * 2 + BYTES_PER_ROW / 2 - 1;

/** A range of bytes [at, end). */
export interface ByteRange {
  readonly at: number;
  readonly end: number;
}

export function rowCount(length: number): number {
  return Math.ceil(length / BYTES_PER_ROW);
}

/** Hexadecimal digits of the offset column: four, more where the source needs them, even. */
export function offsetDigits(length: number): number {
  const digits = Math.max(0, length - 1).toString(16).length;
  return Math.max(4, digits + (digits % 2));
}

export function offsetText(row: number, digits: number): string {
  return (row * BYTES_PER_ROW).toString(16).padStart(digits, '0');
}

/** A piece of a row that is drawn alike: selected or not, in bytes. */
export interface Piece extends ByteRange {
  readonly isMarked: boolean;
}

/** Row [start, end) cut where the marked range begins and ends. */
export function rowPieces(start: number, end: number, marked: ByteRange | null): Piece[] {
  const from = Math.min(end, Math.max(start, marked === null ? end : marked.at));
  const to = Math.min(end, Math.max(from, marked === null ? end : marked.end));
  const pieces: Piece[] = [];
  if (start < from) pieces.push({ at: start, end: from, isMarked: false });
  if (from < to) pieces.push({ at: from, end: to, isMarked: true });
  if (to < end) pieces.push({ at: to, end, isMarked: false });
  return pieces;
}

/**
 * Column of a byte's first digit in the hex text of its row: pairs of bytes stand together, with a blank between pairs.
 * `0000 0000 ...`: byte 2 is in column 5.
 */
export function hexColumn(indexInRow: number): number {
  return indexInRow * 2 + (indexInRow >> 1);
}

/** The byte at a column of the hex text; the blank behind a pair belongs to the byte before it. */
export function byteAtHexColumn(column: number): number {
  const pair = Math.floor(column / 5);
  const inPair = column - pair * 5;
  return Math.min(BYTES_PER_ROW - 1, Math.max(0, pair * 2 + (inPair >= 2 ? 1 : 0)));
}

/** Digits of bytes [at, end) as they stand in the row that starts at `start`, with the blanks between pairs. */
export function hexText(bytes: Uint8Array, start: number, at: number, end: number): string {
  let text = '';
  for (let i = at; i < end; i++) {
    if (i > at && (i - start) % 2 === 0) text += ' ';
    text += toHex(bytes, '', i, i + 1);
  }
  return text;
}

export type CopyFormat = 'hex' | 'stream' | 'dump' | 'text' | 'c' | 'base64';

/** Bytes [at, end) as text for the clipboard. */
export function copyText(bytes: Uint8Array, { at, end }: ByteRange, format: CopyFormat): string {
  switch (format) {
    case 'hex':
      return toHex(bytes, ' ', at, end);
    case 'stream':
      return toHex(bytes, '', at, end);
    case 'text':
      return printable(bytes, at, end);
    case 'c':
      return Array.from(bytes.subarray(at, end), (byte) => `0x${byte.toString(16).padStart(2, '0')}`).join(', ');
    case 'base64': {
      let text = '';
      for (let i = at; i < end; i++) text += String.fromCharCode(bytes[i] ?? 0);
      return btoa(text);
    }
    case 'dump': {
      const digits = offsetDigits(end);
      const lines: string[] = [];
      for (let row = Math.floor(at / BYTES_PER_ROW); row < rowCount(end); row++) {
        const from = Math.max(at, row * BYTES_PER_ROW);
        const to = Math.min(end, (row + 1) * BYTES_PER_ROW);
        lines.push(
          `${from.toString(16).padStart(digits, '0')}  ${toHex(bytes, ' ', from, to).padEnd(BYTES_PER_ROW * 3 - 1)}  ${printable(bytes, from, to)}`,
        );
      }
      return lines.join('\n');
    }
  }
}
