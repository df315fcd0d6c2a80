/**
 * A byte source that keeps the last stretch it read: packets are asked for one after the other, and a system call for each
 * costs more than dissecting it. Large reads (the loading pass) go straight through.
 */

import type { ByteSource } from '../readers/byte-source.ts';

const WINDOW_BYTES = 256 << 10;
/** Reads this large are not kept. */
const DIRECT_BYTES = 128 << 10;

export class WindowSource implements ByteSource {
  private readonly source: ByteSource;
  private readonly window = new Uint8Array(WINDOW_BYTES);
  private start = 0;
  private length = 0;
  /** End of the last small read: the next one is expected there or soon after. */
  private lastEnd = 0;

  constructor(source: ByteSource) {
    this.source = source;
  }

  get size(): number {
    return this.source.size;
  }

  get name(): string {
    return this.source.name;
  }

  read(at: number, into: Uint8Array): number {
    const wanted = into.length;
    if (wanted >= DIRECT_BYTES) return this.source.read(at, into);
    if (at >= this.start && at + wanted <= this.start + this.length) {
      into.set(this.window.subarray(at - this.start, at - this.start + wanted));
      this.lastEnd = at + wanted;
      return wanted;
    }
    const isOnward = at >= this.lastEnd && at - this.lastEnd < WINDOW_BYTES;
    this.lastEnd = at + wanted;
    if (!isOnward) return this.source.read(at, into);
    this.start = at;
    this.length = this.source.read(at, this.window);
    const got = Math.min(wanted, this.length);
    into.set(this.window.subarray(0, got));
    return got;
  }
}
