/**
 * The Huffman code of HPACK and QPACK (RFC 7541 5.2, appendix B). The code is canonical: codes of one length follow each other in
 * the order of their symbols, so the lengths say all.
 */

/** Bits of the code of each byte value, and of the end of string. */
// biome-ignore format: a table of 32 to a line
const LENGTHS: readonly number[] = [
  13, 23, 28, 28, 28, 28, 28, 28, 28, 24, 30, 28, 28, 30, 28, 28, 28, 28, 28, 28, 28, 28, 30, 28, 28, 28, 28, 28, 28, 28, 28, 28,
  6, 10, 10, 12, 13, 6, 8, 11, 10, 10, 8, 11, 8, 6, 6, 6, 5, 5, 5, 6, 6, 6, 6, 6, 6, 6, 7, 8, 15, 6, 12, 10,
  13, 6, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 8, 7, 8, 13, 19, 13, 14, 6,
  15, 5, 6, 5, 6, 5, 6, 6, 6, 5, 7, 7, 6, 6, 6, 5, 6, 7, 6, 5, 5, 6, 7, 7, 7, 7, 7, 15, 11, 14, 13, 28,
  20, 22, 20, 20, 22, 22, 22, 23, 22, 23, 23, 23, 23, 23, 24, 23, 24, 24, 22, 23, 24, 23, 23, 23, 23, 21, 22, 23, 22, 23, 23, 24,
  22, 21, 20, 22, 22, 23, 23, 21, 23, 22, 22, 24, 21, 22, 23, 23, 21, 21, 22, 21, 23, 22, 23, 23, 20, 22, 22, 22, 23, 22, 22, 23,
  26, 26, 20, 19, 22, 23, 22, 25, 26, 26, 26, 27, 27, 26, 24, 25, 19, 21, 26, 27, 27, 26, 27, 24, 21, 21, 26, 26, 28, 27, 27, 27,
  20, 24, 20, 21, 22, 21, 21, 23, 22, 22, 25, 25, 24, 24, 26, 23, 26, 27, 26, 26, 27, 27, 27, 27, 27, 28, 27, 27, 27, 27, 27, 26,
  30,
];
const END_OF_STRING = 256;
const SHORTEST = 5;
const LONGEST = 30;
/** RFC 7541 5.2: padding is the start of the end of string, at most seven ones. */
const MAX_PADDING = 7;

interface Code {
  /** First code of each length, and one past the last. */
  readonly first: Float64Array;
  readonly past: Float64Array;
  /** Index in `symbols` of each length's first. */
  readonly index: Uint16Array;
  readonly symbols: Uint16Array;
}

let made: Code | undefined;

function makeCode(): Code {
  const first = new Float64Array(LONGEST + 1);
  const past = new Float64Array(LONGEST + 1);
  const index = new Uint16Array(LONGEST + 1);
  const symbols = new Uint16Array(LENGTHS.length);
  let code = 0;
  let count = 0;
  for (let length = SHORTEST; length <= LONGEST; length++) {
    code *= 2;
    first[length] = code;
    index[length] = count;
    for (let symbol = 0; symbol < LENGTHS.length; symbol++) {
      if (LENGTHS[symbol] !== length) continue;
      symbols[count++] = symbol;
      code++;
    }
    past[length] = code;
  }
  return { first, past, index, symbols };
}

/** The bytes that [at, end) stand for; null where they are not a proper code. */
export function decodeHuffman(bytes: Uint8Array, at: number, end: number): Uint8Array | null {
  made ??= makeCode();
  const { first, past, index, symbols } = made;
  const out = new Uint8Array(Math.ceil(((end - at) * 8) / SHORTEST));
  let length = 0;
  let code = 0;
  let bits = 0;
  let areOnes = true;
  for (let i = at; i < end; i++) {
    for (let bit = 7; bit >= 0; bit--) {
      const one = (bytes[i] >>> bit) & 1;
      code = code * 2 + one;
      bits++;
      if (one === 0) areOnes = false;
      if (bits > LONGEST) return null;
      if (code >= past[bits] || code < first[bits]) continue;
      const symbol = symbols[index[bits] + code - first[bits]];
      if (symbol === END_OF_STRING) return null;
      out[length++] = symbol;
      code = 0;
      bits = 0;
      areOnes = true;
    }
  }
  return bits > MAX_PADDING || !areOnes ? null : out.subarray(0, length);
}
