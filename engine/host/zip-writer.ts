/** ZIP archives without compression (APPNOTE.TXT 4.3): what is saved is seldom compressible, and nothing has to be kept. */

import { NagareError } from '../base/errors.ts';

const SIGNATURE = { local: 0x04034b50, central: 0x02014b50, end: 0x06054b50 } as const;
/** Names are UTF-8. */
const FLAGS = 0x0800;
const VERSION = 20;
const MAX_BYTES = 0xffffffff;
const MAX_ENTRIES = 0xffff;
/** 1980-01-01: objects have no time of their own. */
const DATE = 0x0021;

interface Entry {
  readonly name: Uint8Array;
  readonly crc: number;
  readonly size: number;
  readonly at: number;
}

export class ZipWriter {
  private readonly sink: { write(bytes: Uint8Array): void };
  private readonly entries: Entry[] = [];
  private position = 0;

  constructor(sink: { write(bytes: Uint8Array): void }) {
    this.sink = sink;
  }

  /** Adds a file; its bytes are asked for twice: size and checksum stand before them. */
  add(name: string, parts: () => Iterable<Uint8Array>): void {
    let crc = 0xffffffff;
    let size = 0;
    for (const part of parts()) {
      crc = crc32(crc, part);
      size += part.length;
    }
    const entry = { name: new TextEncoder().encode(name), crc: ~crc >>> 0, size, at: this.position };
    if (this.position + size > MAX_BYTES || this.entries.length >= MAX_ENTRIES)
      throw new NagareError('too-large', 'An archive holds 4 GB and 65,535 files: save fewer at once.');
    this.entries.push(entry);
    this.write(
      record(
        SIGNATURE.local,
        30,
        [
          [4, VERSION],
          [6, FLAGS],
          [12, DATE],
        ],
        entry,
        14,
      ),
    );
    this.write(entry.name);
    for (const part of parts()) this.write(part);
  }

  finish(): void {
    const from = this.position;
    for (const entry of this.entries) {
      const head = record(
        SIGNATURE.central,
        46,
        [
          [4, VERSION],
          [6, VERSION],
          [8, FLAGS],
          [14, DATE],
        ],
        entry,
        16,
      );
      new DataView(head.buffer).setUint32(42, entry.at, true);
      this.write(head);
      this.write(entry.name);
    }
    const end = new DataView(new ArrayBuffer(22));
    end.setUint32(0, SIGNATURE.end, true);
    end.setUint16(8, this.entries.length, true);
    end.setUint16(10, this.entries.length, true);
    end.setUint32(12, this.position - from, true);
    end.setUint32(16, from, true);
    this.write(new Uint8Array(end.buffer));
  }

  private write(bytes: Uint8Array): void {
    this.sink.write(bytes);
    this.position += bytes.length;
  }
}

/** A header with two-byte fields at offsets, and checksum, sizes and the name's length from `sumsAt` on. */
function record(
  signature: number,
  length: number,
  fields: readonly (readonly [number, number])[],
  { name, crc, size }: Entry,
  sumsAt: number,
): Uint8Array<ArrayBuffer> {
  const view = new DataView(new ArrayBuffer(length));
  view.setUint32(0, signature, true);
  for (const [at, value] of fields) view.setUint16(at, value, true);
  view.setUint32(sumsAt, crc, true);
  view.setUint32(sumsAt + 4, size, true);
  view.setUint32(sumsAt + 8, size, true);
  view.setUint16(sumsAt + 12, name.length, true);
  return new Uint8Array(view.buffer);
}

const TABLE = Uint32Array.from({ length: 256 }, (_, index) => {
  let value = index;
  for (let bit = 0; bit < 8; bit++) value = (value & 1) !== 0 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  return value;
});

function crc32(before: number, bytes: Uint8Array): number {
  let crc = before;
  for (const byte of bytes) crc = (TABLE[(crc ^ byte) & 0xff] ?? 0) ^ (crc >>> 8);
  return crc;
}
