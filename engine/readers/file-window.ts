/** A part of a file in memory: small reads at rising, falling or scattered places cost one larger read now and then. */

import type { ByteSource } from './byte-source.ts';

const WINDOW_BYTES = 256 * 1024;
/** Read at once where reads are scattered. */
const SMALL_BYTES = 4 * 1024;

export class FileWindow {
  private readonly source: ByteSource;
  private buffer = new Uint8Array(WINDOW_BYTES);
  private from = 0;
  private size = 0;
  /** Bytes asked for since the window was filled. */
  private served = WINDOW_BYTES;

  constructor(source: ByteSource) {
    this.source = source;
  }

  /** [at, at + length) of the file, fewer bytes at its end. A view that the next call may overwrite. */
  bytes(at: number, length: number): Uint8Array {
    if (at < this.from || at + length > this.from + this.size) this.fill(at, length);
    this.served += length;
    const start = at - this.from;
    return this.buffer.subarray(start, Math.max(start, Math.min(start + length, this.size)));
  }

  private fill(at: number, length: number): void {
    if (length > this.buffer.length) this.buffer = new Uint8Array(length);
    const isScattered = this.served < SMALL_BYTES;
    const size = Math.max(length, isScattered ? SMALL_BYTES : this.buffer.length);
    // Records in falling order are all in the bytes in front.
    this.from = at < this.from ? Math.max(0, at + length - size) : at;
    this.size = this.source.read(this.from, this.buffer.subarray(0, size));
    this.served = 0;
  }
}
