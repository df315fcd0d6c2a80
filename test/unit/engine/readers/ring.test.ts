/** Files of a live capture as one: read in order, followed while they grow, retired from the front. */

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { MemorySource } from '../../../../engine/readers/byte-source.ts';
import { makeBatch, type PacketBatch } from '../../../../engine/readers/reader.ts';
import { Ring, RingReader } from '../../../../engine/readers/ring.ts';
import { RingWriter } from '../../../../scripts/soak/ring-writer.ts';

interface CaptureFile {
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** Three files of five packets each, as a capture tool writes them. */
function files(): CaptureFile[] {
  const folder = mkdtempSync(join(tmpdir(), 'nagare-test-'));
  const paths: string[] = [];
  const writer = new RingWriter(folder, 5, 10, { opened: (path) => paths.push(path), removed: () => undefined });
  writer.write(15);
  writer.end();
  const made = paths.map((path) => ({ path, bytes: new Uint8Array(readFileSync(path)) }));
  rmSync(folder, { recursive: true });
  return made;
}

const FILES = files();
const [FIRST, SECOND, THIRD] = FILES as [CaptureFile, CaptureFile, CaptureFile];

function read(reader: RingReader, batch: PacketBatch, final: boolean): number {
  let count = 0;
  while (reader.next(batch, final) === 'more') count += batch.count;
  return count + batch.count;
}

describe('a ring of files', () => {
  it('is read file by file, each to its end, also where the newest still grows', () => {
    const ring = new Ring('pcapng');
    const reader = new RingReader(ring);
    const batch = makeBatch(4096, 3);
    expect(read(reader, batch, false)).toBe(0);
    const growing = new MemorySource(FIRST.bytes.subarray(0, 10));
    ring.add(FIRST.path, growing, () => undefined);
    expect(read(reader, batch, false)).toBe(0);
    growing.append(FIRST.bytes.subarray(10, FIRST.bytes.length - 7));
    expect(read(reader, batch, false)).toBe(4);
    growing.append(FIRST.bytes.subarray(FIRST.bytes.length - 7));
    ring.add(SECOND.path, new MemorySource(SECOND.bytes), () => undefined);
    expect(read(reader, batch, false)).toBe(6);
    expect(ring.facts.interfaces).toHaveLength(1);
    expect(reader.problem).toBeNull();
  });

  it('gives each packet again by a locator of its own', () => {
    const ring = new Ring('pcapng');
    for (const { path, bytes } of FILES) ring.add(path, new MemorySource(bytes), () => undefined);
    const reader = new RingReader(ring);
    const batch = makeBatch(4096, 100);
    const seen = new Set<number>();
    for (;;) {
      const state = reader.next(batch, true);
      for (let i = 0; i < batch.count; i++) {
        const locator = batch.locator[i] ?? 0;
        const at = batch.offset[i] ?? 0;
        seen.add(locator);
        const again = new Uint8Array(batch.capturedLength[i] ?? 0);
        expect(reader.packet(locator, again, 0)).toBe(again.length);
        expect(again).toEqual(batch.bytes.slice(at, at + again.length));
      }
      if (state === 'end') break;
    }
    expect(seen.size).toBe(15);
  });

  it('lets files go from the front, under row numbers that stay', () => {
    const ring = new Ring('pcapng');
    const gone: string[] = [];
    for (const { path, bytes } of FILES) ring.add(path, new MemorySource(bytes), () => gone.push(path));
    const reader = new RingReader(ring);
    const batch = makeBatch(4096, 100);
    expect(ring.isRead(FIRST.path)).toBe(false);
    const locators: number[] = [];
    while (reader.next(batch, true) === 'more') locators.push(...batch.locator.subarray(0, batch.count));
    expect(ring.isRead(SECOND.path)).toBe(true);
    expect(ring.isRead(THIRD.path)).toBe(false);
    expect(ring.retire(SECOND.path)).toBe(10);
    expect(gone).toEqual([FIRST.path, SECOND.path]);
    expect(reader.packet(locators[0] ?? -1, new Uint8Array(10), 0)).toBe(0);
    expect(reader.packet(locators[10] ?? -1, new Uint8Array(10), 0)).toBe(10);
    const again = new RingReader(ring);
    expect(again.firstRow).toBe(10);
    expect(read(again, batch, true)).toBe(5);
    expect(ring.retire('/nowhere')).toBeNull();
  });
});
