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
import { Stacks } from '../table/stacks.ts';
import type { Capture } from './capture.ts';
import { passOver } from './file-pass.ts';
import { BATCH_BYTES } from './scanner.ts';

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
  if (rows.count() * ROWS_PER_WANTED >= last) {
    const { table } = capture;
    const ifWanted = (row: number, bytes: Uint8Array, at: number, captured: number): void => {
      if (rows.has(row)) walker.walk(row, bytes, at, captured, table.get('length', row), capture.linkProtocol(row));
    };
    reached = await passOver(capture, last, ifWanted, pause);
  }
  for (let row = rows.next(reached), done = 0; row >= 0; row = rows.next(row + 1)) {
    const bytes = capture.bytes(row);
    walker.walk(row, bytes, 0, bytes.length, capture.table.get('length', row), capture.linkProtocol(row));
    const waiting = (++done & 15) === 0 ? pause(row, last) : null;
    if (waiting !== null) await waiting;
  }
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
