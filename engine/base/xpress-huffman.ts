/**
 * XPRESS with Huffman codes (MS-XCA 2.1, 2.2): blocks of 65,536 bytes of output, each with a table of 512 code lengths of four bits, then
 * a stream of bits in 16-bit words with whole bytes of long match lengths in between.
 */

const BLOCK = 65_536;
const SYMBOLS = 512;
const TABLE_BYTES = SYMBOLS / 2;
const LONGEST_CODE = 15;
const LITERALS = 256;
const LEAST_MATCH = 3;
const MORE = { code: 15, byte: 255 } as const;

/** Fills `out`; returns how many bytes there were: fewer where the data end too soon or are damaged. */
export function unpackXpressHuffman(packed: Uint8Array, out: Uint8Array): number {
  const codes = new Uint16Array(1 << LONGEST_CODE);
  const stream = { from: 0, to: 0 };
  while (stream.to < out.length) if (!unpackBlock(packed, out, stream, codes)) break;
  return stream.to;
}

/** False: the data end, or are damaged. `codes`: room for the table of symbols by the next 15 bits. */
function unpackBlock(
  packed: Uint8Array,
  out: Uint8Array,
  stream: { from: number; to: number },
  codes: Uint16Array,
): boolean {
  let { from, to } = stream;
  const end = packed.length;
  if (from + TABLE_BYTES + 4 > end || !fillTable(packed, from, codes)) return false;
  from += TABLE_BYTES;
  /** What is missing behind the end are zeros: the last bits are looked up before it is known how many are needed. */
  const word = (at: number): number => (at + 1 < end ? packed[at] | (packed[at + 1] << 8) : 0);
  let bits = (word(from) << 16) | word(from + 2);
  from += 4;
  let spare = 16;
  const blockEnd = Math.min(out.length, to + BLOCK);
  while (to < blockEnd) {
    if (from > end + 4) return false;
    const entry = codes[bits >>> (32 - LONGEST_CODE)];
    const symbol = entry & (SYMBOLS - 1);
    const size = entry >> 9;
    bits <<= size;
    spare -= size;
    if (spare < 0) {
      bits |= word(from) << -spare;
      spare += 16;
      from += 2;
    }
    if (symbol < LITERALS) {
      out[to++] = symbol;
      stream.to = to;
      continue;
    }
    const offsetBits = (symbol - LITERALS) >> 4;
    let length = symbol & MORE.code;
    if (length === MORE.code) {
      if (from >= end) return false;
      length = packed[from++];
      if (length === MORE.byte) {
        if (from + 2 > end) return false;
        length = packed[from] | (packed[from + 1] << 8);
        from += 2;
        if (length === 0) {
          if (from + 4 > end) return false;
          length = packed[from] + packed[from + 1] * 0x100 + packed[from + 2] * 0x10000 + packed[from + 3] * 0x1000000;
          from += 4;
        }
        if (length < MORE.code) return false;
        length -= MORE.code;
      }
      length += MORE.code;
    }
    // A shift by 32 is none.
    const distance = (1 << offsetBits) + (offsetBits === 0 ? 0 : bits >>> (32 - offsetBits));
    bits <<= offsetBits;
    spare -= offsetBits;
    if (spare < 0) {
      bits |= word(from) << -spare;
      spare += 16;
      from += 2;
    }
    let source = to - distance;
    if (source < 0) return false;
    const last = Math.min(out.length, to + length + LEAST_MATCH);
    while (to < last) out[to++] = out[source++];
    stream.to = to;
  }
  stream.from = from;
  return true;
}

/** By the next 15 bits: the symbol, and the length of its code above bit 9. False: the lengths make no complete code. */
function fillTable(packed: Uint8Array, at: number, codes: Uint16Array): boolean {
  let next = 0;
  for (let size = 1; size <= LONGEST_CODE; size++) {
    const step = 1 << (LONGEST_CODE - size);
    for (let symbol = 0; symbol < SYMBOLS; symbol++) {
      const pair = packed[at + (symbol >> 1)];
      if (((symbol & 1) === 0 ? pair & 15 : pair >> 4) !== size) continue;
      if (next + step > codes.length) return false;
      codes.fill(symbol | (size << 9), next, next + step);
      next += step;
    }
  }
  return next === codes.length;
}
