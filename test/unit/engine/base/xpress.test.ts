import { describe, expect, it } from 'vitest';
import { unpackLznt1 } from '../../../../engine/base/lznt1.ts';
import { unpackXpress } from '../../../../engine/base/xpress.ts';
import { unpackXpressHuffman } from '../../../../engine/base/xpress-huffman.ts';
import { hex } from '../../../support/build-bytes.ts';

type Unpack = (packed: Uint8Array, out: Uint8Array) => number;

function textOf(unpack: Unpack, packed: Uint8Array, size: number): string {
  const out = new Uint8Array(size);
  return Buffer.from(out.subarray(0, unpack(packed, out))).toString('latin1');
}

const ALPHABET = 'abcdefghijklmnopqrstuvwxyz';
const ABC = 'abc'.repeat(100);
/** 512 code lengths of four bits, by symbol. */
function table(lengths: Readonly<Record<number, number>>): Uint8Array {
  const bytes = new Uint8Array(256);
  for (const [symbol, length] of Object.entries(lengths)) {
    const at = Number(symbol) >> 1;
    bytes[at] = (bytes[at] ?? 0) | (Number(symbol) % 2 === 0 ? length : length << 4);
  }
  return bytes;
}

describe('XPRESS', () => {
  const literals = hex('3f000000 6162636465666768696a6b6c6d6e6f707172737475767778797a');
  const match = hex('ffffff1f 616263 1700 0f ff 2601');

  it('gives literals and a long overlapping match', () => {
    expect(textOf(unpackXpress, literals, 26)).toBe(ALPHABET);
    expect(textOf(unpackXpress, match, 300)).toBe(ABC);
  });

  it('gives what there is of cut data', () => {
    expect(textOf(unpackXpress, literals.subarray(0, 10), 26)).toBe('abcdef');
    for (let size = 7; size < match.length; size++)
      expect(textOf(unpackXpress, match.subarray(0, size), 300)).toBe('abc');
  });

  it('ends at a match that reaches behind the beginning', () => {
    expect(textOf(unpackXpress, hex('00000080 0000'), 26)).toBe('');
  });
});

describe('XPRESS with Huffman codes', () => {
  const letters = [...ALPHABET].map((letter, i) => [letter.charCodeAt(0), i < 22 ? 5 : 4] as const);
  const literals = Uint8Array.from([
    ...table({ ...Object.fromEntries(letters), 256: 4 }),
    ...hex('d8523ed794115be9195ff9d67cdf8d0400000000'),
  ]);
  const match = Uint8Array.from([...table({ 97: 3, 98: 3, 99: 2, 256: 2, 287: 2 }), ...hex('a8dc0000ff2601')]);

  it('gives literals and a long overlapping match', () => {
    expect(textOf(unpackXpressHuffman, literals, 26)).toBe(ALPHABET);
    expect(textOf(unpackXpressHuffman, match, 300)).toBe(ABC);
  });

  it('refuses a table of lengths that are no code', () => {
    expect(textOf(unpackXpressHuffman, Uint8Array.from([...table({ 97: 1 }), 0, 0, 0, 0]), 26)).toBe('');
    expect(textOf(unpackXpressHuffman, Uint8Array.from([...table({ 97: 1, 98: 1, 99: 1 }), 0, 0, 0, 0]), 26)).toBe('');
  });
});

describe('LZNT1', () => {
  const song =
    'F# F# G A A G F# E D D E F# F# E E F# F# G A A G F# E D D E F# E D D E E F# D E F# G F# D E F# G F# E D E A F# F# G A A G F# E D D E F# E D D';
  const packed = hex(
    '38b08846232000204720410010a24701a045204400084501507900c045200524138805b4024a44ef0358028c0916014845' +
      '00be009e000401189000',
  );

  it('gives a chunk whose matches change their shape', () => {
    expect(textOf(unpackLznt1, packed, 500).replaceAll('\0', '')).toBe(song);
  });

  it('gives chunks that are not packed, up to the end mark', () => {
    expect(textOf(unpackLznt1, hex('0230 616263 0000 7a7a'), 26)).toBe('abc');
  });

  it('ends at a match that reaches behind its chunk', () => {
    expect(textOf(unpackLznt1, hex('03b0 01 0000'), 26)).toBe('');
  });
});
