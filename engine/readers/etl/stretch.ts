/** Reads a file from beginning to end in large stretches: what is asked for lies in one array, which is used again for the next one. */

import type { ByteSource } from '../byte-source.ts';

const STRETCH_BYTES = 4 * 1024 * 1024;

export class Stretch {
  private readonly source: ByteSource;
  private bytes: Uint8Array = new Uint8Array(0);
  private at = 0;
  private length = 0;

  constructor(source: ByteSource) {
    this.source = source;
  }

  /** Up to `length` bytes at `at`, fewer at the end of the file; valid until the next call. */
  read(at: number, length: number): Uint8Array {
    if (at < this.at || at + length > this.at + this.length) this.load(at, length);
    const from = at - this.at;
    return this.bytes.subarray(from, Math.min(this.length, from + length));
  }

  /** The file may have grown: what was read of its end is read again. */
  forget(): void {
    this.length = 0;
  }

  private load(at: number, length: number): void {
    const size = Math.max(length, Math.min(STRETCH_BYTES, Math.max(0, this.source.size - at)));
    if (this.bytes.length < size) this.bytes = new Uint8Array(size);
    this.at = at;
    this.length = this.source.read(at, this.bytes);
  }
}
