/**
 * The buffers of a trace: where each lies in the file, and their bodies, unpacked where they are compressed. Bodies are kept while
 * there is room, those used last; memory is bounded whatever the file says.
 */

import { u16le, u32le } from '../../base/bytes.ts';
import { unpackLznt1 } from '../../base/lznt1.ts';
import { unpackXpress } from '../../base/xpress.ts';
import { unpackXpressHuffman } from '../../base/xpress-huffman.ts';
import type { ByteSource } from '../byte-source.ts';
import { COMPRESSION } from './description.ts';
import { grown } from './grow.ts';
import { BUFFER, BUFFER_FLAG, MOST_BUFFER_BYTES } from './layout.ts';

/** Bodies that are kept. */
const CACHE_BYTES = 128 * 1024 * 1024;

/** A buffer's header, as far as it matters. */
export interface BufferHeader {
  /** Bytes in the file. */
  readonly size: number;
  /** Filled bytes of it, unpacked, header included. */
  readonly filled: number;
  readonly sequence: number;
  readonly processor: number;
  readonly flags: number;
  readonly type: number;
}

export function readBufferHeader(bytes: Uint8Array): BufferHeader {
  const flags = u16le(bytes, BUFFER.flags);
  const processor = u16le(bytes, BUFFER.processor);
  return {
    size: u32le(bytes, BUFFER.size),
    filled: u32le(bytes, BUFFER.saved) || u32le(bytes, BUFFER.filled),
    // The upper half would take four billion buffers.
    sequence: u32le(bytes, BUFFER.sequence),
    // Older systems have the number in one byte, and an alignment in the other.
    processor: (flags & BUFFER_FLAG.wideProcessor) !== 0 ? processor : processor & 0xff,
    flags,
    type: u16le(bytes, BUFFER.type),
  };
}

export class Buffers {
  count = 0;
  /** Times that a body had to be read or unpacked, in bytes. */
  loadedBytes = 0;
  processor: Uint16Array = new Uint16Array(64);
  sequence: Uint32Array = new Uint32Array(64);
  at: Float64Array = new Float64Array(64);
  private packed: Uint32Array = new Uint32Array(64);
  private filled: Uint32Array = new Uint32Array(64);
  private isPacked: Uint8Array = new Uint8Array(64);
  private readonly source: ByteSource;
  private readonly compression: number | null;
  private readonly cache = new Map<number, Uint8Array>();
  private cachedBytes = 0;

  constructor(source: ByteSource, compression: number | null) {
    this.source = source;
    this.compression = compression;
  }

  /** `size`: bytes of it that are in the file. Returns its number. */
  add(at: number, size: number, header: BufferHeader): number {
    const i = this.count++;
    if (i === this.at.length) {
      const room = 2 * i;
      this.processor = grown(this.processor, room);
      this.sequence = grown(this.sequence, room);
      this.at = grown(this.at, room);
      this.packed = grown(this.packed, room);
      this.filled = grown(this.filled, room);
      this.isPacked = grown(this.isPacked, room);
    }
    this.at[i] = at;
    this.packed[i] = size - BUFFER.header;
    this.filled[i] = Math.max(0, Math.min(header.filled, MOST_BUFFER_BYTES) - BUFFER.header);
    this.isPacked[i] = header.flags & BUFFER_FLAG.compressed;
    this.sequence[i] = header.sequence;
    this.processor[i] = header.processor;
    return i;
  }

  /** The records of a buffer: as many bytes of them as can be had. */
  body(buffer: number): Uint8Array {
    const known = this.cache.get(buffer);
    if (known !== undefined) {
      this.cache.delete(buffer);
      this.cache.set(buffer, known);
      return known;
    }
    const body = this.load(buffer);
    this.loadedBytes += body.length;
    this.cache.set(buffer, body);
    this.cachedBytes += body.byteLength;
    for (const [oldest, { byteLength }] of this.cache) {
      if (this.cachedBytes <= CACHE_BYTES || oldest === buffer) break;
      this.cache.delete(oldest);
      this.cachedBytes -= byteLength;
    }
    return body;
  }

  /** Bytes that the body has by its header. */
  wanted(buffer: number): number {
    return this.filled[buffer];
  }

  /** A buffer that was cut may have grown since. */
  forget(buffer: number): void {
    this.cachedBytes -= this.cache.get(buffer)?.byteLength ?? 0;
    this.cache.delete(buffer);
  }

  private load(buffer: number): Uint8Array {
    const filled = this.filled[buffer];
    const at = this.at[buffer] + BUFFER.header;
    if (this.isPacked[buffer] === 0) {
      const body = new Uint8Array(Math.min(filled, this.packed[buffer]));
      return body.subarray(0, this.source.read(at, body));
    }
    const packed = new Uint8Array(this.packed[buffer]);
    const unpack = unpackerOf(this.compression);
    if (unpack === null) return new Uint8Array(0);
    const read = this.source.read(at, packed);
    const body = new Uint8Array(filled);
    const got = unpack(packed.subarray(0, read), body);
    // What a damaged buffer leaves over is not kept in memory.
    return got === filled ? body : body.slice(0, got);
  }
}

type Unpack = (packed: Uint8Array, out: Uint8Array) => number;

/** Null: nobody knows this compression. */
export function unpackerOf(compression: number | null): Unpack | null {
  switch (compression) {
    case COMPRESSION.xpress:
      return unpackXpress;
    case COMPRESSION.xpressHuffman:
      return unpackXpressHuffman;
    case COMPRESSION.lznt1:
      return unpackLznt1;
    default:
      return null;
  }
}
