/** Bytes on their way to a sink: records are put together in one array, which is handed on when it is full. */

import type { ExportSink } from './exporter.ts';

const CHUNK_BYTES = 256 * 1024;

export class ChunkWriter {
  bytes = new Uint8Array(CHUNK_BYTES);
  view = new DataView(this.bytes.buffer);
  private used = 0;
  private readonly sink: ExportSink;

  constructor(sink: ExportSink) {
    this.sink = sink;
  }

  /** Room for `size` bytes: returns where in `bytes` it begins. What is there is from an earlier record. */
  room(size: number): number {
    if (this.used + size > this.bytes.length) {
      this.flush();
      if (size > this.bytes.length) {
        this.bytes = new Uint8Array(size);
        this.view = new DataView(this.bytes.buffer);
      }
    }
    const at = this.used;
    this.used += size;
    return at;
  }

  /** Gives back the end of what room() gave last. */
  giveBack(size: number): void {
    this.used -= size;
  }

  put(bytes: Uint8Array): void {
    this.bytes.set(bytes, this.room(bytes.length));
  }

  flush(): void {
    if (this.used > 0) this.sink.write(this.bytes.subarray(0, this.used));
    this.used = 0;
  }
}

/** Text on its way to a sink, as UTF-8. */
export class TextWriter {
  private pending = '';
  private readonly sink: ExportSink;
  private readonly encoder = new TextEncoder();

  constructor(sink: ExportSink) {
    this.sink = sink;
  }

  write(text: string): void {
    this.pending += text;
    if (this.pending.length >= CHUNK_BYTES) this.flush();
  }

  flush(): void {
    if (this.pending !== '') this.sink.write(this.encoder.encode(this.pending));
    this.pending = '';
  }
}
