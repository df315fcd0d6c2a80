/** All packets of a capture again, in file order and in large pieces: asking for them one by one costs more than reading their headers. */

import { makeBatch } from '../readers/reader.ts';
import type { Capture } from './capture.ts';
import { BATCH_BYTES, BATCH_PACKETS } from './scanner.ts';

/** [at, at + captured) of `bytes` is the packet, until the next call. */
export type PacketVisit = (row: number, bytes: Uint8Array, at: number, captured: number) => void;
type Pause = (done: number, total: number) => Promise<void> | null;

/** Calls `visit` for all rows to `last`; returns the first row that it did not come to. */
export async function passOver(capture: Capture, last: number, visit: PacketVisit, pause: Pause): Promise<number> {
  const { table } = capture;
  const reader = capture.reader.again();
  const batch = makeBatch(BATCH_BYTES, BATCH_PACKETS);
  let base = reader.firstRow ?? 0;
  while (base <= last) {
    const state = reader.next(batch, true);
    const { offset, capturedLength } = batch;
    for (let i = 0; i < batch.count; i++) {
      const row = base + i;
      if (row > last) return row;
      // Files that were followed while they grew may have been merged in another order.
      if (table.get('locator', row) !== batch.locator[i] || table.get('interface', row) !== batch.interface[i])
        return row;
      visit(row, batch.bytes, offset[i], capturedLength[i]);
    }
    base += batch.count;
    if (state === 'end') break;
    const waiting = pause(base, last);
    if (waiting !== null) await waiting;
  }
  return base;
}
