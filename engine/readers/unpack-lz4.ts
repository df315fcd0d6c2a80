/**
 * LZ4 frames (LZ4 frame format 1.6, block format): header, blocks of at most 4 MiB with their lengths, an end mark,
 * checksums (xxHash32) of header, blocks and content, which are all checked. Frames follow each other; skippable ones are
 * skipped.
 */

import { u32le } from '../base/bytes.ts';
import { InputQueue, isSkippable, LZ4_MAGIC, type Unpacker, type UnpackProblem, type UnpackSink } from './unpack.ts';

const FLAG = {
  version: 0xc0,
  version1: 0x40,
  independent: 0x20,
  blockChecksum: 0x10,
  contentSize: 8,
  contentChecksum: 4,
  dictionary: 1,
};
const NOT_COMPRESSED = 0x8000_0000;
/** A match reaches back this far, also into blocks before. */
const WINDOW = 64 * 1024;
const MIN_MATCH = 4;

type State = 'frame' | 'header' | 'skip' | 'block' | 'data' | 'checksum';

export class Lz4Unpacker implements Unpacker {
  private readonly sink: UnpackSink;
  private readonly input = new InputQueue();
  private state: State = 'frame';
  private frames = 0;
  private skipLeft = 0;
  private blockLimit = 0;
  private blockSize = 0;
  private blockIsPlain = false;
  private hasBlockChecksum = false;
  private hasContentChecksum = false;
  private isIndependent = false;
  private content = new XxHash32();
  /** The window, then the block that is being unpacked. */
  private out: Uint8Array = new Uint8Array(0);
  private window = 0;
  private problem: UnpackProblem | null = null;

  constructor(sink: UnpackSink) {
    this.sink = sink;
  }

  push(piece: Uint8Array): UnpackProblem | null {
    if (this.problem !== null) return this.problem;
    this.input.push(piece);
    while (this.problem === null && this.step());
    return this.problem;
  }

  end(): UnpackProblem | null {
    if (this.problem !== null) return this.problem;
    if (this.state === 'data') this.partOfBlock();
    const isWhole = this.state === 'frame' && this.input.length === 0;
    if (!isWhole) this.fail('cut', 'the compressed file ends within a frame', this.input.at + this.input.length);
    return this.problem;
  }

  /** False: more input is needed. */
  private step(): boolean {
    const { input } = this;
    switch (this.state) {
      case 'frame': {
        if (input.length < 4) return false;
        const magic = u32le(input.peek(4), 0);
        if (magic === LZ4_MAGIC) this.state = 'header';
        else if (!isSkippable(magic)) return this.notAFrame();
        else if (input.length < 8) return false;
        else {
          this.skipLeft = u32le(input.peek(8), 4);
          input.skip(8);
          this.state = 'skip';
        }
        return true;
      }
      case 'skip': {
        const skipped = Math.min(input.length, this.skipLeft);
        input.skip(skipped);
        this.skipLeft -= skipped;
        if (this.skipLeft > 0) return false;
        this.state = 'frame';
        return true;
      }
      case 'header':
        return this.header();
      case 'block': {
        if (input.length < 4) return false;
        const word = u32le(input.take(4), 0);
        this.blockSize = word & ~NOT_COMPRESSED;
        this.blockIsPlain = (word & NOT_COMPRESSED) !== 0;
        if (word === 0) this.state = 'checksum';
        else if (this.blockSize > this.blockLimit) {
          this.fail('damaged', `a block claims ${this.blockSize} bytes; the limit is ${this.blockLimit}`);
        } else this.state = 'data';
        return true;
      }
      case 'data':
        return this.data();
      case 'checksum': {
        const size = this.hasContentChecksum ? 4 : 0;
        if (input.length < size) return false;
        if (size > 0 && u32le(input.peek(4), 0) !== this.content.digest()) {
          this.fail('damaged', 'the checksum of the content is wrong');
        }
        input.skip(size);
        this.frames++;
        this.state = 'frame';
        return true;
      }
    }
  }

  private notAFrame(): false {
    const kind = this.frames > 0 ? 'trailing' : 'damaged';
    this.fail(
      kind,
      this.frames > 0 ? 'bytes that are no lz4 frame follow the last one' : 'a frame does not begin as lz4 frames do',
    );
    return false;
  }

  /** Flags, block size, content size and dictionary where flags say so, one byte of checksum. */
  private header(): boolean {
    const { input } = this;
    if (input.length < 7) return false;
    const flags = input.peek(7)[4];
    const length = 7 + ((flags & FLAG.contentSize) !== 0 ? 8 : 0) + ((flags & FLAG.dictionary) !== 0 ? 4 : 0);
    if (input.length < length) return false;
    const bytes = input.peek(length);
    const hash = new XxHash32();
    hash.update(bytes.subarray(4, length - 1));
    const sizeCode = (bytes[5] >> 4) & 7;
    if ((flags & FLAG.version) !== FLAG.version1) this.fail('damaged', 'the version of a frame is not known');
    else if (((hash.digest() >>> 8) & 0xff) !== bytes[length - 1])
      this.fail('damaged', 'the checksum of a frame header is wrong');
    else if (sizeCode < 4) this.fail('damaged', 'the block size of a frame is not known');
    else if ((flags & FLAG.dictionary) !== 0) this.fail('damaged', 'the frame needs a dictionary, which is not there');
    if (this.problem !== null) return false;
    this.blockLimit = 1 << (8 + 2 * sizeCode);
    this.isIndependent = (flags & FLAG.independent) !== 0;
    this.hasBlockChecksum = (flags & FLAG.blockChecksum) !== 0;
    this.hasContentChecksum = (flags & FLAG.contentChecksum) !== 0;
    this.content = new XxHash32();
    this.window = 0;
    if (this.out.length < WINDOW + this.blockLimit) this.out = new Uint8Array(WINDOW + this.blockLimit);
    input.skip(length);
    this.state = 'block';
    return true;
  }

  private data(): boolean {
    const { input } = this;
    const size = this.blockSize + (this.hasBlockChecksum ? 4 : 0);
    if (input.length < size) return false;
    const start = input.at;
    const packed = input.take(size);
    const block = packed.subarray(0, this.blockSize);
    if (this.hasBlockChecksum) {
      const hash = new XxHash32();
      hash.update(block);
      if (hash.digest() !== u32le(packed, this.blockSize)) {
        this.fail('damaged', 'the checksum of a block is wrong', start);
        return false;
      }
    }
    const from = this.isIndependent ? 0 : this.window;
    const least = this.isIndependent ? from : 0;
    let end = from;
    if (this.blockIsPlain) {
      this.out.set(block, from);
      end = from + block.length;
    } else {
      end = unpackBlock(block, this.out, from, least, from + this.blockLimit);
    }
    const isBad = end < 0;
    const bytes = this.out.subarray(from, isBad ? ~end : end);
    this.content.update(bytes);
    if (bytes.length > 0) this.sink(bytes);
    if (isBad) {
      this.fail('damaged', 'a block cannot be unpacked', start);
      return false;
    }
    if (!this.isIndependent) {
      this.window = Math.min(WINDOW, end);
      this.out.copyWithin(0, end - this.window, end);
    }
    this.state = 'block';
    return true;
  }

  /** A block may be 4 MiB: what can be had of a cut one is worth it. */
  private partOfBlock(): void {
    const block = this.input.peek(Math.min(this.input.length, this.blockSize));
    const from = this.isIndependent ? 0 : this.window;
    if (this.blockIsPlain) {
      if (block.length > 0) this.sink(block);
      return;
    }
    const end = unpackBlock(block, this.out, from, this.isIndependent ? from : 0, from + this.blockLimit);
    const last = end < 0 ? ~end : end;
    if (last > from) this.sink(this.out.subarray(from, last));
  }

  private fail(kind: UnpackProblem['kind'], message: string, at = this.input.at): void {
    this.problem = { kind, message, at };
  }
}

/**
 * One block into `out` from `at`, never past `limit`, with matches that reach back no further than `least`. Returns the
 * end; where the block is wrong, the complement of how far it was right.
 */
function unpackBlock(block: Uint8Array, out: Uint8Array, at: number, least: number, limit: number): number {
  let from = 0;
  while (from < block.length) {
    const token = block[from++];
    let literals = token >> 4;
    if (literals === 15) {
      let more = 255;
      while (more === 255) {
        if (from >= block.length) return ~at;
        more = block[from++];
        literals += more;
      }
    }
    if (literals > block.length - from || literals > limit - at) return ~at;
    if (literals > 32) out.set(block.subarray(from, from + literals), at);
    else for (let i = 0; i < literals; i++) out[at + i] = block[from + i];
    from += literals;
    at += literals;
    if (from === block.length) return at; // the last sequence has no match
    if (from + 2 > block.length) return ~at;
    const distance = block[from] | (block[from + 1] << 8);
    from += 2;
    let length = (token & 15) + MIN_MATCH;
    if ((token & 15) === 15) {
      let more = 255;
      while (more === 255) {
        if (from >= block.length) return ~at;
        more = block[from++];
        length += more;
      }
    }
    if (distance === 0 || at - distance < least || length > limit - at) return ~at;
    if (distance >= length && length > 32) out.copyWithin(at, at - distance, at - distance + length);
    else for (let i = 0; i < length; i++) out[at + i] = out[at + i - distance];
    at += length;
  }
  return at;
}

const PRIME = [0x9e3779b1, 0x85ebca77, 0xc2b2ae3d, 0x27d4eb2f, 0x165667b1] as const;

/** xxHash32 with seed 0 (the xxHash specification). */
export class XxHash32 {
  private readonly lanes = new Uint32Array([PRIME[0] + PRIME[1], PRIME[1], 0, -PRIME[0]]);
  private readonly rest = new Uint8Array(16);
  private restLength = 0;
  private total = 0;

  update(bytes: Uint8Array): void {
    this.total += bytes.length;
    let at = 0;
    if (this.restLength > 0) {
      at = Math.min(16 - this.restLength, bytes.length);
      this.rest.set(bytes.subarray(0, at), this.restLength);
      this.restLength += at;
      if (this.restLength < 16) return;
      this.stripes(this.rest, 0, 16);
      this.restLength = 0;
    }
    const end = at + ((bytes.length - at) & ~15);
    this.stripes(bytes, at, end);
    this.rest.set(bytes.subarray(end), 0);
    this.restLength = bytes.length - end;
  }

  digest(): number {
    const [a, b, c, d] = this.lanes;
    let hash = this.total < 16 ? PRIME[4] : rotate(a, 1) + rotate(b, 7) + rotate(c, 12) + rotate(d, 18);
    hash = (hash + this.total) | 0;
    let at = 0;
    for (; at + 4 <= this.restLength; at += 4) {
      hash = Math.imul(rotate(hash + Math.imul(u32le(this.rest, at), PRIME[2]), 17), PRIME[3]);
    }
    for (; at < this.restLength; at++)
      hash = Math.imul(rotate(hash + Math.imul(this.rest[at], PRIME[4]), 11), PRIME[0]);
    hash = Math.imul(hash ^ (hash >>> 15), PRIME[1]);
    hash = Math.imul(hash ^ (hash >>> 13), PRIME[2]);
    return (hash ^ (hash >>> 16)) >>> 0;
  }

  private stripes(bytes: Uint8Array, from: number, end: number): void {
    let [a, b, c, d] = this.lanes;
    for (let at = from; at < end; at += 16) {
      a = Math.imul(rotate(a + Math.imul(u32le(bytes, at), PRIME[1]), 13), PRIME[0]);
      b = Math.imul(rotate(b + Math.imul(u32le(bytes, at + 4), PRIME[1]), 13), PRIME[0]);
      c = Math.imul(rotate(c + Math.imul(u32le(bytes, at + 8), PRIME[1]), 13), PRIME[0]);
      d = Math.imul(rotate(d + Math.imul(u32le(bytes, at + 12), PRIME[1]), 13), PRIME[0]);
    }
    this.lanes.set([a, b, c, d]);
  }
}

function rotate(value: number, bits: number): number {
  return (value << bits) | (value >>> (32 - bits));
}
