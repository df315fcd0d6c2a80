/**
 * LZNT1, the compression of NTFS (MS-XCA 2.5): chunks of at most 4,096 bytes, each with a header of two bytes and independent of the
 * others. How the bits of a match are shared by distance and length depends on the position in the chunk.
 */

const CHUNK = 4096;
const HEADER = { size: 0x0fff, isPacked: 0x8000 } as const;
const LEAST_MATCH = 3;

/** Fills `out`; returns how many bytes there were: fewer where the data end too soon or are damaged. */
export function unpackLznt1(packed: Uint8Array, out: Uint8Array): number {
  let from = 0;
  let to = 0;
  while (to < out.length && from + 2 <= packed.length) {
    const header = packed[from] | (packed[from + 1] << 8);
    from += 2;
    if (header === 0) break;
    const end = Math.min(packed.length, from + (header & HEADER.size) + 1);
    const limit = Math.min(out.length, to + CHUNK);
    if ((header & HEADER.isPacked) !== 0) {
      const start = to;
      to = unpackChunk(packed, from, end, out, to, limit);
      if (to < 0) return -to - 1;
      if (to - start < CHUNK && to < out.length && end < packed.length) {
        // Only the last chunk may be short: the next one begins where a whole one would have ended.
        const next = packed[end] | ((packed[end + 1] ?? 0) << 8);
        if (next !== 0) return to;
      }
    } else {
      const part = packed.subarray(from, Math.min(end, from + limit - to));
      out.set(part, to);
      to += part.length;
    }
    from = end;
  }
  return to;
}

/** Returns where the output has got to; -1 - that where the chunk is damaged. */
function unpackChunk(
  packed: Uint8Array,
  at: number,
  end: number,
  out: Uint8Array,
  start: number,
  limit: number,
): number {
  let from = at;
  let to = start;
  while (from < end && to < limit) {
    let flags = packed[from++] | 0x100;
    for (; flags > 1 && from < end && to < limit; flags >>= 1) {
      if ((flags & 1) === 0) {
        out[to++] = packed[from++];
        continue;
      }
      if (from + 2 > end) return -1 - to;
      const match = packed[from] | (packed[from + 1] << 8);
      from += 2;
      const bits = distanceBits(to - start);
      let source = to - (match >> (16 - bits)) - 1;
      if (source < start) return -1 - to;
      const last = Math.min(limit, to + (match & (0xffff >> bits)) + LEAST_MATCH);
      while (to < last) out[to++] = out[source++];
    }
  }
  return to;
}

/** As many as the farthest distance needs, and at least four. */
function distanceBits(position: number): number {
  return Math.max(4, 32 - Math.clz32(position - 1));
}
