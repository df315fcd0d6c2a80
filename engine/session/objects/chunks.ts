/** A file that comes in pieces at offsets: reads and writes of a file server, blocks of a transfer. */

import type { Dissector } from '../dissector.ts';

interface Chunk {
  readonly offset: number;
  readonly length: number;
  readonly row: number;
  /** Where in the packet's data sources its bytes are. */
  readonly source: number;
  readonly at: number;
}

/** Zeros that stand for what is missing come in pieces of this size. */
const ZEROS = new Uint8Array(1 << 16);

export class ChunkedFile {
  private chunks: Chunk[] = [];
  private isSorted = true;

  get isEmpty(): boolean {
    return this.chunks.length === 0;
  }

  add(offset: number, row: number, source: number, at: number, length: number): void {
    if (length <= 0 || !Number.isSafeInteger(offset) || offset < 0) return;
    this.chunks.push({ offset, length, row, source, at });
    this.isSorted = false;
  }

  /** One past the last byte that is there. */
  get end(): number {
    return this.chunks.reduce((end, { offset, length }) => Math.max(end, offset + length), 0);
  }

  /** Bytes of [0, end) that are there. */
  get size(): number {
    let size = 0;
    let done = 0;
    for (const { offset, length } of this.sorted()) {
      const from = Math.max(done, offset);
      size += Math.max(0, offset + length - from);
      done = Math.max(done, offset + length);
    }
    return size;
  }

  *parts(dissector: Dissector): Generator<Uint8Array> {
    let done = 0;
    for (const { offset, length, row, source, at } of this.sorted()) {
      const end = offset + length;
      if (end <= done) continue;
      for (; done < offset; done += Math.min(ZEROS.length, offset - done))
        yield ZEROS.subarray(0, Math.min(ZEROS.length, offset - done));
      const bytes = dissector.dissect(row).sources[source]?.bytes.subarray(at, at + length) ?? ZEROS.subarray(0, 0);
      yield bytes.subarray(done - offset);
      done = end;
    }
  }

  private sorted(): readonly Chunk[] {
    if (!this.isSorted) this.chunks.sort((a, b) => a.offset - b.offset);
    this.isSorted = true;
    return this.chunks;
  }
}
