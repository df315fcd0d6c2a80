/** A message put together from the segments of its direction, by their sequence numbers. */

import type { Message } from '../dissect/message-table.ts';
import type { TreeBuilder } from '../dissect/tree.ts';
import { FLAG } from '../table/flags.ts';
import { TCP_FLAG } from '../table/tcp-analysis.ts';
import type { Capture } from './capture.ts';
import { Filled } from './filled.ts';
import type { SegmentBytes } from './flow-replay.ts';

/** Largest message that is put together again; a longer one is shown cut. */
const MAX_MESSAGE = 64 << 20;
/** Rows of a flow behind a message in which its missing bytes are looked for. */
const MAX_BEHIND = 10_000;

/** What a row brought of a message: bytes [from, to) of it. */
interface Piece {
  readonly row: number;
  readonly from: number;
  readonly to: number;
  /** Some of its bytes came before, and whether they were other ones then. */
  readonly overlap: boolean;
  readonly conflict: boolean;
}

export interface Assembled {
  readonly bytes: Uint8Array;
  readonly rows: readonly Piece[];
  /** Bytes that are not in the capture: they stay zero. */
  readonly missing: number;
}

/** Sequence number of a byte of a row's payload: a SYN takes one. */
export function streamOffset({ table }: Capture, row: number, offset: number): number {
  return table.get('seq', row) + ((table.get('tcpFlags', row) & TCP_FLAG.syn) !== 0 ? 1 : 0) + offset;
}

export function assemble(
  capture: Capture,
  { startRow, startOffset, endOffset }: Pick<Message, 'startRow' | 'startOffset' | 'endOffset'>,
  row: number,
  segmentBytes: (row: number) => SegmentBytes,
): Assembled {
  const { pass, flows, table } = capture;
  const flow = pass.flowOf(row);
  const direction = table.get('flags', row) & FLAG.reverse;
  const first = streamOffset(capture, startRow, startOffset);
  const length = Math.min(MAX_MESSAGE, (streamOffset(capture, row, endOffset) - first) >>> 0);
  const bytes = new Uint8Array(length);
  const rows: Piece[] = [];
  const filled = new Filled();
  let behind = 0;
  for (let i = flows.indexOf(flow, startRow); i < flows.count(flow); i++) {
    const piece = flows.row(flow, i);
    // What was lost and sent again comes behind the row that seemed to end the message.
    if (piece > row && (filled.end >= length || ++behind > MAX_BEHIND)) break;
    if ((table.get('flags', piece) & FLAG.reverse) !== direction || table.get('payloadLength', piece) === 0) continue;
    const offset = (streamOffset(capture, piece, 0) - first) | 0;
    if (offset >= length || offset + table.get('payloadLength', piece) <= filled.end) continue;
    const segment = segmentBytes(piece);
    const payload = segment.bytes.subarray(segment.payloadAt, segment.payloadEnd);
    const start = Math.max(0, offset);
    const to = Math.min(offset + payload.length, length);
    if (to <= start || !filled.lacks(start, to)) continue;
    rows.push({ row: piece, ...place(bytes, filled, payload, offset, start, to) });
  }
  rows.sort((a, b) => a.from - b.from);
  return { bytes, rows, missing: length - filled.total() };
}

/** Puts bytes [start, to) of a message where they belong: of those that came twice the first ones count. */
function place(
  bytes: Uint8Array,
  filled: Filled,
  payload: Uint8Array,
  offset: number,
  start: number,
  to: number,
): Omit<Piece, 'row'> {
  const known = filled.within(start, to);
  let conflict = false;
  let from = start;
  let next = start;
  for (const part of known) {
    bytes.set(payload.subarray(next - offset, part.from - offset), next);
    if (part.from === start) from = part.to;
    conflict ||= differs(bytes, payload, offset, part.from, part.to);
    next = part.to;
  }
  if (next < to) bytes.set(payload.subarray(next - offset, to - offset), next);
  filled.add(start, to);
  return { from, to, overlap: known.length > 0, conflict };
}

function differs(bytes: Uint8Array, payload: Uint8Array, offset: number, from: number, to: number): boolean {
  for (let i = from; i < to; i++) if (bytes[i] !== payload[i - offset]) return true;
  return false;
}

/** The rows of the tree that say which segments a message came in. */
export function showSegments(t: TreeBuilder, { bytes, rows, missing }: Assembled): void {
  t.generated('segments', new Uint8Array(0));
  t.last().text = `${rows.length} Reassembled TCP Segments (${bytes.length} bytes)`;
  t.nest(t.last());
  for (const { row, from, to, overlap, conflict } of rows) {
    t.generated('segment', row + 1);
    t.last().text = `Frame: ${row + 1}, payload: ${from}-${to - 1} (${to - from} bytes)`;
    if (!overlap) continue;
    t.nest(t.last());
    t.generated('segment.overlap', 1);
    if (conflict) t.generated('segment.overlap.conflict', 1);
    t.close();
  }
  if (rows.some(({ overlap }) => overlap)) t.generated('segment.overlap', 1);
  if (rows.some(({ conflict }) => conflict)) t.generated('segment.overlap.conflict', 1);
  t.generated('segment.count', rows.length);
  t.generated('reassembled.length', bytes.length);
  t.generated('reassembled.data', bytes);
  if (missing > 0)
    t.text(`[${missing} byte${missing === 1 ? '' : 's'} missing in this capture: zeros stand for them]`, t.at, 0);
  t.close();
}
