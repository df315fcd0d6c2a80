/** Compressors of Windows' formats (MS-XCA), greedy and plain: for traces that tests read back. */

const LEAST_MATCH = 3;

interface Match {
  readonly length: number;
  readonly distance: number;
}

/** The longest of the last few places with the same three bytes. */
class Matches {
  private readonly bytes: Uint8Array;
  private readonly last = new Int32Array(1 << 15).fill(-1);
  private readonly before: Int32Array;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    this.before = new Int32Array(bytes.length).fill(-1);
  }

  add(at: number): void {
    if (at + LEAST_MATCH > this.bytes.length) return;
    const hash = this.hash(at);
    this.before[at] = this.last[hash] ?? -1;
    this.last[hash] = at;
  }

  find(at: number, from: number, end: number): Match | null {
    if (at + LEAST_MATCH > end) return null;
    let best: Match | null = null;
    let candidate = this.last[this.hash(at)] ?? -1;
    for (let tries = 0; tries < 8 && candidate >= from; tries++) {
      let length = 0;
      while (at + length < end && this.bytes[candidate + length] === this.bytes[at + length]) length++;
      if (length >= LEAST_MATCH && (best === null || length > best.length)) best = { length, distance: at - candidate };
      candidate = this.before[candidate] ?? -1;
    }
    return best;
  }

  private hash(at: number): number {
    const [a = 0, b = 0, c = 0] = this.bytes.subarray(at, at + 3);
    return ((a << 10) ^ (b << 5) ^ c) & 0x7fff;
  }
}

/** Bytes that go out one by one, or are set later. */
class Output {
  private bytes: Uint8Array = new Uint8Array(1024);
  length = 0;

  put(...values: readonly number[]): void {
    if (this.length + values.length > this.bytes.length) {
      const larger = new Uint8Array(2 * this.bytes.length);
      larger.set(this.bytes);
      this.bytes = larger;
    }
    for (const value of values) this.bytes[this.length++] = value;
  }

  put16(value: number): void {
    this.put(value & 0xff, value >>> 8);
  }

  put32(value: number): void {
    this.put(value & 0xff, (value >>> 8) & 0xff, (value >>> 16) & 0xff, value >>> 24);
  }

  set(at: number, values: readonly number[]): void {
    this.bytes.set(values, at);
  }

  or(at: number, value: number): void {
    this.bytes[at] = (this.bytes[at] ?? 0) | value;
  }

  done(): Uint8Array {
    return this.bytes.slice(0, this.length);
  }
}

export function packXpress(bytes: Uint8Array): Uint8Array {
  const out = new Output();
  const matches = new Matches(bytes);
  let flags = 0;
  let count = 0;
  let flagsAt = 0;
  let half = -1;
  const flag = (bit: 0 | 1): void => {
    if (count === 0) {
      flagsAt = out.length;
      out.put32(0);
      flags = 0;
    }
    flags = (flags | (bit << (31 - count))) >>> 0;
    out.set(flagsAt, [flags & 0xff, (flags >>> 8) & 0xff, (flags >>> 16) & 0xff, flags >>> 24]);
    count = (count + 1) % 32;
  };
  for (let at = 0; at < bytes.length; ) {
    const match = matches.find(at, Math.max(0, at - 8192), bytes.length);
    if (match === null) {
      flag(0);
      out.put(bytes[at] ?? 0);
      matches.add(at++);
      continue;
    }
    flag(1);
    const length = match.length - LEAST_MATCH;
    out.put16(((match.distance - 1) << 3) | Math.min(7, length));
    if (length >= 7) {
      const nibble = Math.min(15, length - 7);
      if (half < 0) {
        half = out.length;
        out.put(nibble);
      } else {
        out.or(half, nibble << 4);
        half = -1;
      }
      if (nibble === 15) {
        out.put(Math.min(255, length - 22));
        if (length - 22 >= 255 && length <= 0xffff) out.put16(length);
        else if (length - 22 >= 255) {
          out.put16(0);
          out.put32(length);
        }
      }
    }
    for (let i = 0; i < match.length; i++) matches.add(at++);
  }
  // The end: a match that is not there.
  flag(1);
  return out.done();
}

export function packLznt1(bytes: Uint8Array): Uint8Array {
  const out = new Output();
  for (let start = 0; start < bytes.length; start += 4096) {
    const end = Math.min(bytes.length, start + 4096);
    const chunk = packChunk(bytes.subarray(start, end));
    if (chunk.length < end - start) {
      out.put16(0xb000 | (chunk.length - 1));
      for (const byte of chunk) out.put(byte);
    } else {
      out.put16(0x3000 | (end - start - 1));
      for (let i = start; i < end; i++) out.put(bytes[i] ?? 0);
    }
  }
  return out.done();
}

function packChunk(bytes: Uint8Array): Uint8Array {
  const out = new Output();
  const matches = new Matches(bytes);
  for (let at = 0, count = 0, flagsAt = 0; at < bytes.length; count = (count + 1) % 8) {
    if (count === 0) {
      flagsAt = out.length;
      out.put(0);
    }
    const bits = Math.max(4, Math.ceil(Math.log2(Math.max(1, at))));
    const longest = (0xffff >> bits) + LEAST_MATCH;
    const match = at === 0 ? null : matches.find(at, 0, bytes.length);
    if (match === null) {
      out.put(bytes[at] ?? 0);
      matches.add(at++);
      continue;
    }
    const length = Math.min(longest, match.length);
    out.or(flagsAt, 1 << count);
    out.put16(((match.distance - 1) << (16 - bits)) | (length - LEAST_MATCH));
    for (let i = 0; i < length; i++) matches.add(at++);
  }
  return out.done();
}

type Token = { readonly literal: number } | Match;

export function packXpressHuffman(bytes: Uint8Array): Uint8Array {
  const out = new Output();
  const matches = new Matches(bytes);
  for (let start = 0; start < bytes.length; start += 65_536) {
    const end = Math.min(bytes.length, start + 65_536);
    const tokens: Token[] = [];
    for (let at = start; at < end; ) {
      const match = matches.find(at, Math.max(0, at - 65_535), end);
      if (match === null) tokens.push({ literal: bytes[at] ?? 0 });
      else tokens.push(match);
      for (let i = match?.length ?? 1; i > 0; i--) matches.add(at++);
    }
    packBlock(tokens, end === bytes.length, out);
  }
  return out.done();
}

const END_SYMBOL = 256;

function symbolOf(token: Token): number {
  if ('literal' in token) return token.literal;
  const bits = 31 - Math.clz32(token.distance);
  return 256 + (bits << 4) + Math.min(15, token.length - LEAST_MATCH);
}

function packBlock(tokens: readonly Token[], isLast: boolean, out: Output): void {
  const lengths = codeLengths([...tokens.map(symbolOf), END_SYMBOL]);
  for (let i = 0; i < 256; i++) out.put((lengths[2 * i] ?? 0) | ((lengths[2 * i + 1] ?? 0) << 4));
  const codes = codesOf(lengths);
  // Two words of bits are reserved ahead of the whole bytes that come between.
  let word = 0;
  let room = 16;
  let first = out.length;
  out.put16(0);
  let second = out.length;
  out.put16(0);
  const bits = (value: number, count: number): void => {
    for (let left = count; left > 0; ) {
      // A full word is only left behind when a bit of the next one is wanted: as a decoder reads ahead.
      if (room === 0) {
        out.set(first, [word & 0xff, (word >>> 8) & 0xff]);
        word = 0;
        room = 16;
        first = second;
        second = out.length;
        out.put16(0);
      }
      const part = Math.min(left, room);
      word = (word << part) | ((value >>> (left - part)) & ((1 << part) - 1));
      room -= part;
      left -= part;
    }
  };
  for (const token of tokens) {
    const symbol = symbolOf(token);
    bits(codes[symbol] ?? 0, lengths[symbol] ?? 0);
    if ('literal' in token) continue;
    const length = token.length - LEAST_MATCH;
    if (length >= 15) {
      out.put(Math.min(255, length - 15));
      if (length - 15 >= 255) out.put16(length);
    }
    const distanceBits = 31 - Math.clz32(token.distance);
    bits(token.distance - (1 << distanceBits), distanceBits);
  }
  if (isLast) bits(codes[END_SYMBOL] ?? 0, lengths[END_SYMBOL] ?? 0);
  word <<= room;
  out.set(first, [word & 0xff, (word >>> 8) & 0xff]);
}

/** Lengths of a complete code of at most 15 bits: Huffman's, and, where that gets longer, one of even lengths. */
function codeLengths(symbols: readonly number[]): Uint8Array {
  const counts = new Map<number, number>();
  for (const symbol of symbols) counts.set(symbol, (counts.get(symbol) ?? 0) + 1);
  if (counts.size === 1) counts.set(0, 1);
  interface Node {
    readonly count: number;
    readonly symbols: readonly number[];
  }
  const lengths = new Uint8Array(512);
  let nodes: Node[] = [...counts].map(([symbol, count]) => ({ count, symbols: [symbol] }));
  while (nodes.length > 1) {
    nodes.sort((a, b) => a.count - b.count);
    const [a, b, ...rest] = nodes;
    if (a === undefined || b === undefined) break;
    const joined = [...a.symbols, ...b.symbols];
    for (const symbol of joined) lengths[symbol] = (lengths[symbol] ?? 0) + 1;
    nodes = [...rest, { count: a.count + b.count, symbols: joined }];
  }
  if (Math.max(...lengths) <= 15) return lengths;
  // 2^n - k codes of n bits, and the others one bit longer.
  const used = [...counts.keys()].sort((a, b) => (counts.get(b) ?? 0) - (counts.get(a) ?? 0));
  const short = Math.floor(Math.log2(used.length));
  const longer = 2 * (used.length - 2 ** short);
  lengths.fill(0);
  used.forEach((symbol, i) => (lengths[symbol] = i < used.length - longer ? short : short + 1));
  return lengths;
}

function codesOf(lengths: Uint8Array): number[] {
  const codes = new Array<number>(512).fill(0);
  let code = 0;
  for (let size = 1; size <= 15; size++) {
    for (let symbol = 0; symbol < 512; symbol++) if (lengths[symbol] === size) codes[symbol] = code++;
    code <<= 1;
  }
  return codes;
}
