/** Everything a reader delivers, as objects: for tests on captures that are small. */

import { expect } from 'vitest';
import { MemorySource } from '../../../../engine/readers/byte-source.ts';
import { openCapture } from '../../../../engine/readers/index.ts';
import { type CaptureReader, makeBatch, type PacketBatch, type PacketNote } from '../../../../engine/readers/reader.ts';

export interface ReadPacket {
  readonly bytes: Uint8Array;
  readonly length: number;
  /** `seconds.nanoseconds`, nine digits at least; '' where the record has none. */
  readonly time: string;
  readonly locator: number;
  readonly interface: number;
  readonly direction: number;
  readonly note: Omit<PacketNote, 'index'> | null;
}

export function openBytes(bytes: Uint8Array): CaptureReader {
  const opened = openCapture(new MemorySource(bytes, 'test.capture'));
  if (!opened.ok) throw new Error(opened.error.message);
  return opened.value;
}

/** The batch's packets; each is also read again through its locator, and must be the same. */
export function packetsOf(reader: CaptureReader, batch: PacketBatch): ReadPacket[] {
  const packets: ReadPacket[] = [];
  for (let i = 0; i < batch.count; i++) {
    const at = batch.offset[i] ?? 0;
    const bytes = batch.bytes.slice(at, at + (batch.capturedLength[i] ?? 0));
    const locator = batch.locator[i] ?? 0;
    const iface = batch.interface[i] ?? 0;
    const again = new Uint8Array(bytes.length);
    expect(reader.packet(locator, again, iface)).toBe(bytes.length);
    expectSameBytes(again, bytes);
    const found = batch.notes.find(({ index }) => index === i);
    const { index: _, ...note } = found ?? { index: 0 };
    packets.push({
      bytes,
      length: batch.length[i] ?? 0,
      time: timeText(batch.seconds[i] ?? 0, batch.nanos[i] ?? 0),
      locator,
      interface: iface,
      direction: batch.direction[i] ?? 0,
      note: found === undefined ? null : note,
    });
  }
  return packets;
}

/** As toEqual, but quick for large arrays. */
export function expectSameBytes(actual: Uint8Array, expected: Uint8Array): void {
  const first = actual.findIndex((byte, i) => byte !== expected[i]);
  expect({ length: actual.length, firstDifference: first }).toEqual({ length: expected.length, firstDifference: -1 });
}

export function timeText(seconds: number, nanos: number): string {
  return Number.isNaN(seconds) ? '' : `${seconds}.${String(nanos).padStart(9, '0')}`;
}

/** Reads to the end of a file that does not grow. */
export function readAll(reader: CaptureReader, batch = makeBatch(64 * 1024, 100)): ReadPacket[] {
  const packets: ReadPacket[] = [];
  let state: 'more' | 'end' = 'more';
  while (state === 'more') {
    state = reader.next(batch, true);
    packets.push(...packetsOf(reader, batch));
  }
  return packets;
}
