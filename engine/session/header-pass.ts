/**
 * Packets' layers again, for filters on header fields: one pass over the file in large pieces, because asking for packets one
 * by one costs more than reading their headers. Where few rows are wanted they are asked for one by one all the same.
 */

import type { BitSet } from '../base/bitset.ts';
import type { DecodeAs } from '../dissect/applications.ts';
import { protocolsUnder } from '../dissect/decode-as.ts';
import { makeScratch, wordsNeeded } from '../dissect/scratch.ts';
import { Cursor } from '../dissect/walk.ts';
import type { WalkedLayers } from '../dissect/walked-layers.ts';
import { makeBatch } from '../readers/reader.ts';
import { Stacks } from '../table/stacks.ts';
import type { Capture } from './capture.ts';
import { BATCH_BYTES, BATCH_PACKETS } from './scanner.ts';

/** Of this many rows of the file at least one must be wanted for the pass to pay. */
const ROWS_PER_WANTED = 8;

export type HeaderVisit = (row: number, bytes: Uint8Array, layers: WalkedLayers) => void;
type Pause = (done: number, total: number) => Promise<void> | null;

/** Calls `visit` for each of the rows, in order. Bytes and layers are another packet's afterwards. */
export async function visitHeaders(capture: Capture, rows: BitSet, visit: HeaderVisit, pause: Pause): Promise<void> {
  const walker = new HeaderWalker(visit, capture.pass.decodeAs);
  const first = rows.next(0);
  const last = rows.previous(rows.size - 1);
  if (first < 0) return;
  let reached = first;
  if (rows.count() * ROWS_PER_WANTED >= last) reached = await passOver(capture, rows, last, walker, pause);
  for (let row = rows.next(reached), done = 0; row >= 0; row = rows.next(row + 1)) {
    const bytes = capture.bytes(row);
    walker.walk(row, bytes, 0, bytes.length, capture.table.get('length', row), capture.linkProtocol(row));
    const waiting = (++done & 15) === 0 ? pause(row, last) : null;
    if (waiting !== null) await waiting;
  }
}

/** Reads the file from its beginning to row `last`; returns the first row that it did not come to. */
async function passOver(
  capture: Capture,
  rows: BitSet,
  last: number,
  walker: HeaderWalker,
  pause: Pause,
): Promise<number> {
  const { table } = capture;
  const reader = capture.reader.again();
  const batch = makeBatch(BATCH_BYTES, BATCH_PACKETS);
  let base = 0;
  while (base <= last) {
    const state = reader.next(batch, true);
    const { offset, capturedLength, length } = batch;
    for (let i = 0; i < batch.count; i++) {
      const row = base + i;
      if (row > last) return row;
      // Files that were followed while they grew may have been merged in another order.
      if (table.get('locator', row) !== batch.locator[i] || table.get('interface', row) !== batch.interface[i])
        return row;
      if (rows.has(row))
        walker.walk(row, batch.bytes, offset[i], capturedLength[i], length[i], capture.linkProtocol(row));
    }
    base += batch.count;
    if (state === 'end') break;
    const waiting = pause(base, last);
    if (waiting !== null) await waiting;
  }
  return base;
}

class HeaderWalker {
  private readonly cursor: Cursor;
  private readonly visit: HeaderVisit;

  constructor(visit: HeaderVisit, decodeAs: DecodeAs) {
    this.visit = visit;
    this.cursor = new Cursor(protocolsUnder(decodeAs), new Stacks(), makeScratch(BATCH_BYTES, 1));
    this.cursor.records = true;
  }

  /** Hot: once per wanted packet. */
  walk(row: number, bytes: Uint8Array, at: number, captured: number, length: number, link: number): void {
    const { cursor } = this;
    const needed = wordsNeeded(captured, 1);
    if (cursor.columns.words.length < needed) cursor.columns.words = new Uint32Array(needed);
    cursor.bytes = bytes;
    cursor.walk(0, at, captured, length, link, 0);
    this.visit(row, bytes, cursor.layers);
  }
}
