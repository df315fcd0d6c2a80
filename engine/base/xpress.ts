/**
 * XPRESS, the plain LZ77 of Windows (MS-XCA 2.4): literals and matches told apart by 32-bit flag words; a match reaches back at
 * most 8,192 bytes. Event traces, SMB and others hold it without any frame, so the length of the output has to be known.
 */

const WORD_BITS = 32;
const LEAST_MATCH = 3;
/** Length codes from which on more bytes follow: in the match, in the half byte, in the byte. */
const MORE = { code: 7, half: 15, byte: 255 } as const;
/** Longer ones that do not overlap are copied at once. */
const LONG_MATCH = 64;
const SHORT_LONGEST = MORE.code + MORE.half;

/** Fills `out`; returns how many bytes there were: fewer where the data end too soon or are damaged. */
export function unpackXpress(packed: Uint8Array, out: Uint8Array): number {
  const end = packed.length;
  const room = out.length;
  let from = 0;
  let to = 0;
  let flags = 0;
  let bits = 0;
  /** Where the byte is whose upper half is the next half byte; -1: none. */
  let half = -1;
  while (to < room) {
    if (bits === 0) {
      if (from + 4 > end) return to;
      flags = packed[from] | (packed[from + 1] << 8) | (packed[from + 2] << 16) | (packed[from + 3] << 24);
      from += 4;
      bits = WORD_BITS;
    }
    // Literals mostly follow each other: twice as fast as bit by bit.
    const run = Math.min(Math.clz32(flags), bits);
    if (run > 0) {
      const last = Math.min(room, to + run, to + end - from);
      while (to < last) out[to++] = packed[from++];
      if (from >= end) return to;
      // A shift by 32 is none.
      flags = run === WORD_BITS ? 0 : flags << run;
      bits -= run;
      continue;
    }
    bits--;
    flags <<= 1;
    if (from + 2 > end) return to;
    const match = packed[from] | (packed[from + 1] << 8);
    from += 2;
    let source = to - (match >> 3) - 1;
    let length = match & MORE.code;
    if (length === MORE.code) {
      if (half >= 0) {
        length = packed[half] >> 4;
        half = -1;
      } else {
        if (from >= end) return to;
        half = from;
        length = packed[from++] & MORE.half;
      }
      if (length === MORE.half) {
        if (from >= end) return to;
        length = packed[from++];
        if (length === MORE.byte) {
          if (from + 2 > end) return to;
          length = packed[from] | (packed[from + 1] << 8);
          from += 2;
          if (length === 0) {
            if (from + 4 > end) return to;
            length =
              packed[from] + packed[from + 1] * 0x100 + packed[from + 2] * 0x10000 + packed[from + 3] * 0x1000000;
            from += 4;
          }
          if (length < SHORT_LONGEST) return to;
          length -= SHORT_LONGEST;
        }
        length += MORE.half;
      }
      length += MORE.code;
    }
    if (source < 0) return to;
    const last = Math.min(room, to + length + LEAST_MATCH);
    if (last - to > LONG_MATCH && source + last - to <= to) {
      out.copyWithin(to, source, source + last - to);
      to = last;
    } else while (to < last) out[to++] = out[source++];
  }
  return to;
}
