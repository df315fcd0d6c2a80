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

/** Bodies that are kept: unpacking again costs more than reading again. */
const CACHE_BYTES = { packed: 256 * 1024 * 1024, plain: 32 * 1024 * 1024 } as const;

/** Bodies of nearly one length can take each other's memory. */
const MEMORY_UNIT = 64 * 1024;

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
  /** What had to be read or unpacked to have bodies, in bytes. */
  loadedBytes = 0;
  processor: Uint16Array = new Uint16Array(64);
  sequence: Uint32Array = new Uint32Array(64);
  private at: Float64Array = new Float64Array(64);
  private packed: Uint32Array = new Uint32Array(64);
  private filled: Uint32Array = new Uint32Array(64);
  private isPacked: Uint8Array = new Uint8Array(64);
  private readonly source: ByteSource;
  private readonly unpack: Unpack | null;
  private readonly limit: number;
  /** The one used last is the last one. */
  private readonly cache = new Map<number, Uint8Array>();
  private cachedBytes = 0;
  /** Used again and again: what is being unpacked, and what it is unpacked to where that is not kept. */
  private stored: Uint8Array = new Uint8Array(0);
  private passing: Uint8Array = new Uint8Array(0);

  constructor(source: ByteSource, compression: number | null) {
    this.source = source;
    this.unpack = unpackerOf(compression);
    this.limit = compression === null ? CACHE_BYTES.plain : CACHE_BYTES.packed;
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

  /** The records of a buffer, as many bytes as can be had, from what the file has behind its header; valid until the next call. */
  firstBody(buffer: number, stored: Uint8Array): Uint8Array {
    this.loadedBytes += this.filled[buffer];
    if (this.isPacked[buffer] === 0) return stored.subarray(0, this.filled[buffer]);
    const hasRoom = this.cachedBytes + this.filled[buffer] <= this.limit;
    const body = this.unpacked(buffer, stored, hasRoom ? this.room(this.filled[buffer]) : this.spare(buffer));
    // Those that come first in the file are wanted first again.
    if (hasRoom) this.keep(buffer, body);
    return body;
  }

  /** The same, once more; valid until the body of another buffer is wanted. */
  body(buffer: number): Uint8Array {
    const known = this.cache.get(buffer);
    if (known !== undefined) {
      this.cache.delete(buffer);
      this.cache.set(buffer, known);
      return known;
    }
    this.loadedBytes += this.filled[buffer];
    const body = this.isPacked[buffer] === 0 ? this.readPlain(buffer) : this.readPacked(buffer);
    this.keep(buffer, body);
    return body;
  }

  /** Bytes that the body has by its header. */
  wanted(buffer: number): number {
    return this.filled[buffer];
  }

  private readPlain(buffer: number): Uint8Array {
    const body = this.room(Math.min(this.filled[buffer], this.packed[buffer]));
    return body.subarray(0, this.source.read(this.at[buffer] + BUFFER.header, body));
  }

  private readPacked(buffer: number): Uint8Array {
    if (this.stored.length < this.packed[buffer]) this.stored = new Uint8Array(this.packed[buffer]);
    const stored = this.stored.subarray(0, this.packed[buffer]);
    const read = this.source.read(this.at[buffer] + BUFFER.header, stored);
    return this.unpacked(buffer, stored.subarray(0, read), this.room(this.filled[buffer]));
  }

  private unpacked(buffer: number, stored: Uint8Array, out: Uint8Array): Uint8Array {
    const got = this.unpack === null ? 0 : this.unpack(stored, out);
    // What a damaged buffer leaves over is not kept in memory.
    return got > this.filled[buffer] / 2 ? out.subarray(0, got) : out.slice(0, got);
  }

  /** An array for a body that is walked through and forgotten. */
  private spare(buffer: number): Uint8Array {
    if (this.passing.length < this.filled[buffer]) this.passing = new Uint8Array(this.filled[buffer]);
    return this.passing.subarray(0, this.filled[buffer]);
  }

  private keep(buffer: number, body: Uint8Array): void {
    this.cache.set(buffer, body);
    this.cachedBytes += body.buffer.byteLength;
    for (const [oldest, { buffer: memory }] of this.cache) {
      if (this.cachedBytes <= this.limit || oldest === buffer) break;
      this.cache.delete(oldest);
      this.cachedBytes -= memory.byteLength;
    }
  }

  /** An array of this length, on the memory of the body used longest ago where the cache is nearly full. */
  private room(length: number): Uint8Array {
    const size = Math.ceil(length / MEMORY_UNIT) * MEMORY_UNIT;
    if (this.cachedBytes + length > this.limit) {
      for (const [oldest, body] of this.cache) {
        if (body.buffer.byteLength !== size) break;
        this.cache.delete(oldest);
        this.cachedBytes -= size;
        return new Uint8Array(body.buffer, 0, length);
      }
    }
    return new Uint8Array(new ArrayBuffer(size), 0, length);
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
