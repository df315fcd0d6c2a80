/**
 * Unpacks the blocks of one Zstandard frame (RFC 8878 sections 3.1.1.2 to 3.1.1.5 and 4). Written here because what there
 * is for JavaScript copies the whole window for each block of 128 kB, and can be made to run for seconds by ten hostile
 * bytes. Every length is checked, so a block costs at most the 128 kB that it may become.
 *
 * Bit streams of literals and sequences are read from their end: `at` counts the bits that are left.
 */

import type { UnpackSink } from './unpack.ts';

/** What a block that cannot be unpacked throws; callers catch it at the frame. */
export class ZstdBlockError extends Error {}

export const ZSTD_BLOCK_LIMIT = 128 * 1024;

const LITERALS = { raw: 0, repeat: 1, compressed: 2, treeless: 3 } as const;
const MODE = { predefined: 0, repeat: 1, described: 2, again: 3 } as const;
/** Bytes that come out before the window is moved to the start again. */
const MOVE_AFTER = 16 * 1024 * 1024;
/** Bytes behind a block that may be looked at, never used. */
const PADDING = 8;

/** A decoding table of finite state entropy: by state, the symbol, how many bits come next, and what they are added to. */
interface FseTable {
  readonly log: number;
  readonly symbol: Uint8Array;
  readonly bits: Uint8Array;
  readonly base: Uint16Array;
}

/** By the next `log` bits: symbol and, above it, the length of its code. */
interface HuffmanTable {
  readonly log: number;
  readonly entries: Uint16Array;
}

const MAX_LOG = { literalLength: 9, offset: 8, matchLength: 9, weights: 6, huffman: 11 } as const;
const LARGEST_OFFSET_CODE = 30;

// Section 3.1.1.3.2.1.1: what the codes of literal and match lengths start from, and how many bits are added.
const LITERAL_BITS = [
  0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 3, 3, 4, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16,
];
const MATCH_BITS = [
  ...new Array<number>(32).fill(0),
  1,
  1,
  1,
  1,
  2,
  2,
  3,
  3,
  4,
  4,
  5,
  7,
  8,
  9,
  10,
  11,
  12,
  13,
  14,
  15,
  16,
];
const LITERAL_BASE = runningBases(LITERAL_BITS, 0);
const MATCH_BASE = runningBases(MATCH_BITS, 3);

/** Each code starts where the one before ends. */
function runningBases(bits: readonly number[], first: number): Uint32Array {
  const bases = new Uint32Array(bits.length);
  let next = first;
  bits.forEach((count, code) => {
    bases[code] = next;
    next += 1 << count;
  });
  return bases;
}

// Section 3.1.1.3.2.2: distributions for blocks that bring none.
const PREDEFINED = {
  literalLength: makeFse(
    6,
    [4, 3, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2, 2, 2, 3, 2, 1, 1, 1, 1, 1, -1, -1, -1, -1],
  ),
  offset: makeFse(5, [1, 1, 1, 1, 1, 1, 2, 2, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, -1, -1, -1, -1, -1]),
  matchLength: makeFse(6, [1, 4, 3, 2, 2, 2, 2, 2, 2, ...new Array<number>(37).fill(1), -1, -1, -1, -1, -1, -1, -1]),
};

export class ZstdFrameBlocks {
  private readonly sink: UnpackSink;
  private readonly window: number;
  private readonly blockLimit: number;
  /** The window, then what has been unpacked since it was last moved to the start; grows with what comes. */
  private out: Uint8Array;
  private end = 0;
  private readonly input = new Uint8Array(ZSTD_BLOCK_LIMIT + PADDING);
  private readonly literals = new Uint8Array(ZSTD_BLOCK_LIMIT);
  private literalCount = 0;
  private huffman: HuffmanTable | null = null;
  private literalLengths: FseTable | null = null;
  private offsets: FseTable | null = null;
  private matchLengths: FseTable | null = null;
  private readonly recent = [1, 4, 8];
  /** Bits left in the stream that is being read, and where the stream starts in `input`. */
  private at = 0;
  private start = 0;

  constructor(window: number, sink: UnpackSink) {
    this.sink = sink;
    this.window = window;
    this.blockLimit = Math.min(ZSTD_BLOCK_LIMIT, Math.max(window, 1));
    this.out = new Uint8Array(Math.min(window, 8 * ZSTD_BLOCK_LIMIT) + 2 * ZSTD_BLOCK_LIMIT);
  }

  raw(bytes: Uint8Array): void {
    this.makeRoom();
    if (bytes.length > this.blockLimit) throw new ZstdBlockError('a block is larger than its window');
    this.out.set(bytes, this.end);
    this.deliver(this.end + bytes.length);
  }

  repeat(byte: number, count: number): void {
    this.makeRoom();
    if (count > this.blockLimit) throw new ZstdBlockError('a block is larger than its window');
    this.out.fill(byte, this.end, this.end + count);
    this.deliver(this.end + count);
  }

  compressed(bytes: Uint8Array): void {
    this.makeRoom();
    this.input.set(bytes);
    this.input.fill(0, bytes.length, bytes.length + PADDING);
    const at = this.readLiterals(bytes.length);
    this.deliver(this.readSequences(at, bytes.length));
  }

  private deliver(end: number): void {
    const from = this.end;
    this.end = end;
    if (end > from) this.sink(this.out.subarray(from, end));
  }

  /** Room for one more block: by growing until the window and some more fit, then by moving the window to the start. */
  private makeRoom(): void {
    const largest = this.window + Math.max(2 * ZSTD_BLOCK_LIMIT, Math.min(this.window, MOVE_AFTER)) + ZSTD_BLOCK_LIMIT;
    while (this.end + ZSTD_BLOCK_LIMIT > this.out.length) {
      if (this.out.length < largest) {
        const grown = new Uint8Array(Math.min(largest, 2 * this.out.length));
        grown.set(this.out.subarray(0, this.end));
        this.out = grown;
      } else {
        this.out.copyWithin(0, this.end - this.window, this.end);
        this.end = this.window;
      }
    }
  }

  /** Fills `literals`; returns where the sequences begin. */
  private readLiterals(end: number): number {
    const { input } = this;
    if (end < 1) throw new ZstdBlockError('a block is empty');
    const type = input[0] & 3;
    const format = (input[0] >> 2) & 3;
    if (type === LITERALS.raw || type === LITERALS.repeat) {
      const headerBytes = (format & 1) === 0 ? 1 : format === 1 ? 2 : 3;
      const count =
        headerBytes === 1
          ? input[0] >> 3
          : (input[0] >> 4) | (input[1] << 4) | (headerBytes === 3 ? input[2] << 12 : 0);
      const size = type === LITERALS.raw ? count : 1;
      if (count > this.blockLimit || headerBytes + size > end)
        throw new ZstdBlockError('literals are longer than their block');
      if (type === LITERALS.raw) this.literals.set(input.subarray(headerBytes, headerBytes + count));
      else this.literals.fill(input[headerBytes], 0, count);
      this.literalCount = count;
      return headerBytes + size;
    }
    const headerBytes = format < 2 ? 3 : format + 2;
    const word = (input[0] | (input[1] << 8) | (input[2] << 16) | (input[3] << 24)) >>> 0;
    const sizeBits = format < 2 ? 10 : format === 2 ? 14 : 18;
    const count = (word >>> 4) & ((1 << sizeBits) - 1);
    const size = format < 2 ? (word >>> 14) & 0x3ff : format === 2 ? word >>> 18 : (word >>> 22) | (input[4] << 10);
    const streamsEnd = headerBytes + size;
    if (count > this.blockLimit || streamsEnd > end) throw new ZstdBlockError('literals are longer than their block');
    const from = type === LITERALS.compressed ? this.readHuffman(headerBytes, streamsEnd) : headerBytes;
    const table = this.huffman;
    if (table === null) throw new ZstdBlockError('literals refer to a table that has not come');
    this.literalCount = count;
    if (format === 0) this.readHuffmanStream(table, from, streamsEnd, 0, count);
    else this.readFourStreams(table, from, streamsEnd, count);
    return streamsEnd;
  }

  private readFourStreams(table: HuffmanTable, from: number, end: number, count: number): void {
    const { input } = this;
    const part = (count + 3) >> 2;
    let at = from + 6;
    if (at > end || 3 * part > count) throw new ZstdBlockError('literals are too short for four streams');
    for (let i = 0; i < 4; i++) {
      const next = i === 3 ? end : at + (input[from + 2 * i] | (input[from + 2 * i + 1] << 8));
      if (next > end) throw new ZstdBlockError('a stream of literals is longer than its block');
      this.readHuffmanStream(table, at, next, i * part, i === 3 ? count : (i + 1) * part);
      at = next;
    }
  }

  /** Hot: once per literal. */
  private readHuffmanStream(table: HuffmanTable, from: number, end: number, first: number, last: number): void {
    const { input, literals } = this;
    const { log, entries } = table;
    const mask = (1 << log) - 1;
    this.openStream(from, end);
    let at = this.at;
    for (let i = first; i < last; i++) {
      let index: number;
      if (at >= log) {
        const bit = at - log;
        const byte = from + (bit >> 3);
        index = ((input[byte] | (input[byte + 1] << 8) | (input[byte + 2] << 16)) >> (bit & 7)) & mask;
      } else {
        if (at <= 0) throw new ZstdBlockError('a stream of literals ends too soon');
        index = ((input[from] | (input[from + 1] << 8)) & ((1 << at) - 1)) << (log - at);
      }
      const entry = entries[index];
      literals[i] = entry;
      at -= entry >> 8;
    }
    if (at !== 0) throw new ZstdBlockError('a stream of literals has another length than it says');
  }

  /** The weights of a Huffman tree: as they are, or packed by finite state entropy. Returns where they end. */
  private readHuffman(from: number, end: number): number {
    const { input } = this;
    if (from >= end) throw new ZstdBlockError('a Huffman tree is missing');
    const head = input[from];
    const weights = new Uint8Array(256);
    let count = 0;
    let next: number;
    if (head >= 128) {
      count = head - 127;
      next = from + 1 + ((count + 1) >> 1);
      if (next > end) throw new ZstdBlockError('a Huffman tree is longer than its block');
      for (let i = 0; i < count; i++) {
        const byte = input[from + 1 + (i >> 1)];
        weights[i] = (i & 1) === 0 ? byte >> 4 : byte & 15;
      }
    } else {
      next = from + 1 + head;
      if (next > end) throw new ZstdBlockError('a Huffman tree is longer than its block');
      count = this.readWeights(from + 1, next, weights);
    }
    this.huffman = makeHuffman(weights, count);
    return next;
  }

  /** Two states take turns, until the bits are used up. */
  private readWeights(from: number, end: number, weights: Uint8Array): number {
    const described = readDistribution(this.input, from, end, MAX_LOG.weights, 255);
    const { table } = described;
    this.openStream(described.next, end);
    let [first, second] = [this.bits(table.log), this.bits(table.log)];
    let count = 0;
    for (;;) {
      if (count >= 254) throw new ZstdBlockError('a Huffman tree has too many leaves');
      weights[count++] = table.symbol[first];
      if (this.at < table.bits[first]) {
        weights[count++] = table.symbol[second];
        return count;
      }
      first = table.base[first] + this.bits(table.bits[first]);
      weights[count++] = table.symbol[second];
      if (this.at < table.bits[second]) {
        weights[count++] = table.symbol[first];
        return count;
      }
      second = table.base[second] + this.bits(table.bits[second]);
    }
  }

  /** Puts literals and matches together behind what is there; returns the new end. */
  private readSequences(from: number, end: number): number {
    const { input } = this;
    if (from >= end) throw new ZstdBlockError('a block ends before its sequences');
    let at = from + 1;
    let count = input[from];
    if (count >= 255) {
      count = input[at] + (input[at + 1] << 8) + 0x7f00;
      at += 2;
    } else if (count >= 128) {
      count = ((count - 128) << 8) + input[at];
      at += 1;
    }
    if (count === 0) {
      if (at !== end) throw new ZstdBlockError('a block has bytes behind its literals');
      this.out.set(this.literals.subarray(0, this.literalCount), this.end);
      return this.end + this.literalCount;
    }
    if (at >= end) throw new ZstdBlockError('a block ends before its sequences');
    const modes = input[at++];
    if ((modes & 3) !== 0) throw new ZstdBlockError('a reserved bit of the sequences is set');
    let read = this.readTable(
      modes >> 6,
      at,
      end,
      MAX_LOG.literalLength,
      35,
      PREDEFINED.literalLength,
      this.literalLengths,
    );
    this.literalLengths = read.table;
    read = this.readTable((modes >> 4) & 3, read.next, end, MAX_LOG.offset, 31, PREDEFINED.offset, this.offsets);
    this.offsets = read.table;
    read = this.readTable(
      (modes >> 2) & 3,
      read.next,
      end,
      MAX_LOG.matchLength,
      52,
      PREDEFINED.matchLength,
      this.matchLengths,
    );
    this.matchLengths = read.table;
    this.openStream(read.next, end);
    return this.runSequences(count, this.literalLengths, this.offsets, this.matchLengths);
  }

  private readTable(
    mode: number,
    from: number,
    end: number,
    maxLog: number,
    maxSymbol: number,
    predefined: FseTable,
    before: FseTable | null,
  ): { table: FseTable; next: number } {
    switch (mode) {
      case MODE.predefined:
        return { table: predefined, next: from };
      case MODE.repeat: {
        if (from >= end || this.input[from] > maxSymbol) throw new ZstdBlockError('a code of sequences is not one');
        const symbol = this.input.slice(from, from + 1);
        return { table: { log: 0, symbol, bits: new Uint8Array(1), base: new Uint16Array(1) }, next: from + 1 };
      }
      case MODE.described:
        return readDistribution(this.input, from, end, maxLog, maxSymbol);
      default:
        if (before === null) throw new ZstdBlockError('sequences refer to a table that has not come');
        return { table: before, next: from };
    }
  }

  /** Hot: once per match. */
  private runSequences(count: number, lengths: FseTable, offsets: FseTable, matches: FseTable): number {
    const { out, literals } = this;
    const limit = this.end + this.blockLimit;
    let lengthState = this.bits(lengths.log);
    let offsetState = this.bits(offsets.log);
    let matchState = this.bits(matches.log);
    let end = this.end;
    let taken = 0;
    for (let left = count; left > 0; left--) {
      const offsetCode = offsets.symbol[offsetState];
      const matchCode = matches.symbol[matchState];
      const lengthCode = lengths.symbol[lengthState];
      if (offsetCode > LARGEST_OFFSET_CODE) throw new ZstdBlockError('a match is too far back');
      const value = (1 << offsetCode) + this.bits(offsetCode);
      const match = MATCH_BASE[matchCode] + this.bits(MATCH_BITS[matchCode]);
      const length = LITERAL_BASE[lengthCode] + this.bits(LITERAL_BITS[lengthCode]);
      if (left > 1) {
        lengthState = lengths.base[lengthState] + this.bits(lengths.bits[lengthState]);
        matchState = matches.base[matchState] + this.bits(matches.bits[matchState]);
        offsetState = offsets.base[offsetState] + this.bits(offsets.bits[offsetState]);
      }
      const offset = this.offset(value, length);
      if (length > this.literalCount - taken || end + length + match > limit) {
        throw new ZstdBlockError('a sequence is longer than its block');
      }
      if (length > 24) out.set(literals.subarray(taken, taken + length), end);
      else for (let i = 0; i < length; i++) out[end + i] = literals[taken + i];
      taken += length;
      end += length;
      if (offset <= 0 || offset > end) throw new ZstdBlockError('a match begins before the frame');
      if (offset >= match && match > 24) out.copyWithin(end, end - offset, end - offset + match);
      else for (let i = 0; i < match; i++) out[end + i] = out[end + i - offset];
      end += match;
    }
    if (this.at !== 0) throw new ZstdBlockError('the sequences have another length than they say');
    const rest = this.literalCount - taken;
    if (end + rest > limit) throw new ZstdBlockError('a block is longer than it may be');
    out.set(literals.subarray(taken, this.literalCount), end);
    return end + rest;
  }

  /** Values 1 to 3 stand for the offsets used last (section 3.1.1.5). */
  private offset(value: number, literalLength: number): number {
    const { recent } = this;
    if (value > 3) {
      recent[2] = recent[1];
      recent[1] = recent[0];
      recent[0] = value - 3;
      return recent[0];
    }
    const which = literalLength === 0 ? value : value - 1;
    if (which === 0) return recent[0];
    const offset = which === 3 ? recent[0] - 1 : recent[which];
    if (which > 1) recent[2] = recent[1];
    recent[1] = recent[0];
    recent[0] = offset;
    return offset;
  }

  /** The last byte's highest set bit marks the end of the bits. */
  private openStream(from: number, end: number): void {
    const last = end > from ? this.input[end - 1] : 0;
    if (last === 0) throw new ZstdBlockError('a bit stream has no end mark');
    this.start = from;
    this.at = (end - from) * 8 - 8 + (31 - Math.clz32(last));
  }

  private bits(count: number): number {
    if (count === 0) return 0;
    this.at -= count;
    if (this.at < 0) throw new ZstdBlockError('a bit stream ends too soon');
    const { input } = this;
    const byte = this.start + (this.at >> 3);
    const shift = this.at & 7;
    const word = (input[byte] | (input[byte + 1] << 8) | (input[byte + 2] << 16) | (input[byte + 3] << 24)) >>> shift;
    if (count + shift <= 32) return count === 32 ? word : word & ((1 << count) - 1);
    return (word | (input[byte + 4] << (32 - shift))) & ((1 << count) - 1);
  }
}

/** A table description (section 4.1.1): counts in ever fewer bits, read from the start. */
function readDistribution(
  bytes: Uint8Array,
  from: number,
  end: number,
  maxLog: number,
  maxSymbol: number,
): { table: FseTable; next: number } {
  let at = 0;
  const size = (end - from) * 8;
  const peek = (count: number): number => {
    const byte = from + (at >> 3);
    const word = bytes[byte] | (bytes[byte + 1] << 8) | (bytes[byte + 2] << 16);
    return (word >> (at & 7)) & ((1 << count) - 1);
  };
  const log = peek(4) + 5;
  at += 4;
  if (from >= end || log > maxLog) throw new ZstdBlockError('a table is larger than it may be');
  const counts: number[] = [];
  let remaining = (1 << log) + 1;
  let threshold = 1 << log;
  let width = log + 1;
  while (remaining > 1) {
    if (counts.length > maxSymbol || at > size) throw new ZstdBlockError('a table description is not one');
    const most = 2 * threshold - 1 - remaining;
    let value = peek(width);
    if ((value & (threshold - 1)) < most) {
      value &= threshold - 1;
      at += width - 1;
    } else {
      if (value >= threshold) value -= most;
      at += width;
    }
    const count = value - 1;
    remaining -= Math.abs(count);
    if (remaining < 1) throw new ZstdBlockError('a table description is not one');
    counts.push(count);
    while (count === 0) {
      const zeros = peek(2);
      at += 2;
      if (counts.length + zeros > maxSymbol + 1 || at > size)
        throw new ZstdBlockError('a table description is not one');
      for (let i = 0; i < zeros; i++) counts.push(0);
      if (zeros < 3) break;
    }
    while (remaining < threshold) {
      width--;
      threshold >>= 1;
    }
  }
  const next = from + ((at + 7) >> 3);
  if (counts.length > maxSymbol + 1 || next > end) throw new ZstdBlockError('a table description is not one');
  return { table: makeFse(log, counts), next };
}

/** Spreads symbols over the states (section 4.1.1); a count of -1 is a probability below one state, at the end. */
function makeFse(log: number, counts: readonly number[]): FseTable {
  const size = 1 << log;
  const symbol = new Uint8Array(size);
  const next = new Uint16Array(counts.length);
  let high = size - 1;
  counts.forEach((count, code) => {
    next[code] = Math.abs(count);
    if (count === -1) symbol[high--] = code;
  });
  const step = (size >> 1) + (size >> 3) + 3;
  let at = 0;
  counts.forEach((count, code) => {
    for (let i = 0; i < count; i++) {
      symbol[at] = code;
      do at = (at + step) & (size - 1);
      while (at > high);
    }
  });
  const bits = new Uint8Array(size);
  const base = new Uint16Array(size);
  for (let state = 0; state < size; state++) {
    const turn = next[symbol[state]]++;
    bits[state] = log - (31 - Math.clz32(turn));
    base[state] = (turn << bits[state]) - size;
  }
  return { log, symbol, bits, base };
}

/** The last weight is not written: it is what completes the tree (section 4.2.1). */
function makeHuffman(weights: Uint8Array, count: number): HuffmanTable {
  let total = 0;
  for (let i = 0; i < count; i++) {
    if (weights[i] > MAX_LOG.huffman) throw new ZstdBlockError('a Huffman code is too long');
    if (weights[i] > 0) total += 1 << (weights[i] - 1);
  }
  const log = 32 - Math.clz32(total);
  const missing = (1 << log) - total;
  if (total === 0 || log > MAX_LOG.huffman || (missing & (missing - 1)) !== 0) {
    throw new ZstdBlockError('a Huffman tree is not one');
  }
  weights[count] = 32 - Math.clz32(missing);
  const entries = new Uint16Array(1 << log);
  let at = 0;
  for (let weight = 1; weight <= log; weight++) {
    const entry = (log + 1 - weight) << 8;
    for (let code = 0; code <= count; code++) {
      if (weights[code] !== weight) continue;
      entries.fill(entry | code, at, at + (1 << (weight - 1)));
      at += 1 << (weight - 1);
    }
  }
  return { log, entries };
}
