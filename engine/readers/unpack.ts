/**
 * Compressed captures: how they are recognised, what may come out of them, and the contract of the code that unpacks them.
 * A capture is unpacked once, into a private temporary file, because packets are looked up at random afterwards
 * (engine/host/unpack-file.ts). gzip: RFC 1952; zstd: RFC 8878; lz4: the LZ4 frame format 1.6.
 */

import { u32le } from '../base/bytes.ts';

export type Compression = 'gzip' | 'zstd' | 'lz4';

const GZIP = { magic: 0x8b1f, deflate: 8 } as const;
export const ZSTD_MAGIC = 0xfd2fb528;
export const LZ4_MAGIC = 0x184d2204;
/** Sixteen magic numbers of frames that hold something else and are skipped, in zstd and in lz4 files alike. */
export const SKIPPABLE = { first: 0x184d2a50, mask: 0xfffffff0 } as const;

/** Bytes of a file's head that tell its compression. */
export const COMPRESSION_HEAD_BYTES = 4096;

/** By the first bytes; null: none that is known. */
export function compressionOf(head: Uint8Array): Compression | null {
  if (head.length < 4) return null;
  if ((head[0] | (head[1] << 8)) === GZIP.magic && head[2] === GZIP.deflate) return 'gzip';
  let at = 0;
  while (at + 8 <= head.length && isSkippable(u32le(head, at))) at += 8 + u32le(head, at + 4);
  // What is beyond the head cannot be told: zstd is the one that writes skippable frames first.
  if (at + 4 > head.length) return 'zstd';
  const magic = u32le(head, at);
  if (magic === ZSTD_MAGIC) return 'zstd';
  return magic === LZ4_MAGIC ? 'lz4' : null;
}

export function isSkippable(magic: number): boolean {
  return (magic & SKIPPABLE.mask) >>> 0 === SKIPPABLE.first;
}

/** Takes bytes as they come out; they are only valid during the call. Throws what is to end the unpacking. */
export type UnpackSink = (bytes: Uint8Array) => void;

/** Why not everything came out. What came out before has been handed to the sink. */
export interface UnpackProblem {
  readonly kind: 'damaged' | 'cut' | 'trailing';
  /** One sentence without the place. */
  readonly message: string;
  /** Offset in the compressed file. */
  readonly at: number;
}

/** Unpacks a stream that is pushed in pieces of any size. After a problem nothing more is taken. */
export interface Unpacker {
  push(piece: Uint8Array): UnpackProblem | null;
  /** There is no more input. */
  end(): UnpackProblem | null;
}

const GIBIBYTE = 1024 ** 3;

/** Largest unpacked capture. */
export const UNPACK_LIMIT = 64 * GIBIBYTE;
/** Real captures of the dullest traffic shrink to a hundredth. Files that stay small may be odd. */
const RATIO_LIMIT = 500;
const RATIO_FREE = GIBIBYTE;

export interface UnpackLimit {
  readonly bytes: number;
  /** How often the size of the file that is; null: the limit is one for all files. */
  readonly ratio: number | null;
}

/** How many bytes may come out of a file of `packedBytes`. An archive bomb is refused with the limit named. */
export function unpackLimit(packedBytes: number, limitBytes = UNPACK_LIMIT): UnpackLimit {
  const byRatio = Math.max(RATIO_FREE, packedBytes * RATIO_LIMIT);
  return byRatio < limitBytes ? { bytes: byRatio, ratio: RATIO_LIMIT } : { bytes: limitBytes, ratio: null };
}

/** Input that has been pushed and not been used: pieces of a stream put together, where a block spans several. */
export class InputQueue {
  /** Offset in the stream of the first byte that has not been used. */
  at = 0;
  private bytes: Uint8Array = new Uint8Array(0);
  private from = 0;

  push(piece: Uint8Array): void {
    const left = this.bytes.length - this.from;
    if (left === 0) {
      this.bytes = piece;
    } else {
      const joined = new Uint8Array(left + piece.length);
      joined.set(this.bytes.subarray(this.from));
      joined.set(piece, left);
      this.bytes = joined;
    }
    this.from = 0;
  }

  get length(): number {
    return this.bytes.length - this.from;
  }

  /** The next bytes, still unused; the caller has asked for no more than `length`. */
  peek(count: number): Uint8Array {
    return this.bytes.subarray(this.from, this.from + count);
  }

  take(count: number): Uint8Array {
    const taken = this.peek(count);
    this.skip(taken.length);
    return taken;
  }

  skip(count: number): void {
    this.from += count;
    this.at += count;
  }
}
