import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  BYTES_PER_ROW,
  byteAtHexColumn,
  copyText,
  HEX_COLUMNS,
  hexColumn,
  hexText,
  offsetDigits,
  offsetText,
  rowCount,
  rowPieces,
} from '../../../../renderer/views/packet-bytes/hex-layout.ts';

const bytes = Uint8Array.from({ length: 40 }, (_, i) => i);

describe('the hex dump', () => {
  it('numbers its rows with as many digits as the last one needs', () => {
    expect(offsetText(2, offsetDigits(66))).toBe('0020');
    expect(offsetDigits(0x10000)).toBe(4);
    expect(offsetDigits(0x10001)).toBe(6);
    expect([rowCount(0), rowCount(16), rowCount(17)]).toEqual([0, 1, 2]);
  });

  it('writes bytes in pairs', () => {
    expect(hexText(bytes, 0, 0, 5)).toBe('0001 0203 04');
    expect(hexText(bytes, 16, 17, 19)).toBe('11 12');
    expect(hexText(bytes, 0, 0, 16)).toHaveLength(HEX_COLUMNS);
  });

  it('finds the byte under each digit, and under the blank behind a pair the byte before it', () => {
    for (let i = 0; i < BYTES_PER_ROW; i++) {
      expect(byteAtHexColumn(hexColumn(i))).toBe(i);
      expect(byteAtHexColumn(hexColumn(i) + 1)).toBe(i);
    }
    expect(byteAtHexColumn(4)).toBe(1);
    expect(byteAtHexColumn(500)).toBe(15);
  });

  it('cuts a row where what is selected begins and ends', () => {
    expect(rowPieces(16, 32, { at: 20, end: 24 }).map(({ at, end, isMarked }) => [at, end, isMarked])).toEqual([
      [16, 20, false],
      [20, 24, true],
      [24, 32, false],
    ]);
    expect(rowPieces(16, 32, { at: 0, end: 16 })).toEqual([{ at: 16, end: 32, isMarked: false }]);
    expect(rowPieces(16, 32, { at: 32, end: 40 })).toEqual([{ at: 16, end: 32, isMarked: false }]);
  });

  it('covers a row with pieces once and without gaps, whatever is selected', () => {
    fc.assert(
      fc.property(fc.nat(5), fc.nat(100), fc.nat(60), (row, at, length) => {
        const start = row * 16;
        const pieces = rowPieces(start, start + 16, { at, end: at + length });
        expect(pieces[0]?.at).toBe(start);
        expect(pieces.at(-1)?.end).toBe(start + 16);
        pieces.forEach((piece, i) => {
          expect(piece.end).toBeGreaterThan(piece.at);
          if (i > 0) expect(piece.at).toBe(pieces[i - 1]?.end);
          expect(piece.isMarked).toBe(piece.at >= at && piece.end <= at + length);
        });
      }),
    );
  });

  it('copies in each format', () => {
    const range = { at: 14, end: 18 };
    expect(copyText(bytes, range, 'hex')).toBe('0e 0f 10 11');
    expect(copyText(bytes, range, 'stream')).toBe('0e0f1011');
    expect(copyText(bytes, range, 'c')).toBe('0x0e, 0x0f, 0x10, 0x11');
    expect(copyText(bytes, range, 'base64')).toBe('Dg8QEQ==');
    expect(copyText(Uint8Array.of(0x47, 0x45, 0x54, 0), { at: 0, end: 4 }, 'text')).toBe('GET.');
    expect(
      copyText(bytes, range, 'dump')
        .split('\n')
        .map((line) => line.slice(0, 11)),
    ).toEqual(['000e  0e 0f', '0010  10 11']);
  });
});
