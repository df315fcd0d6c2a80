/** The pieces of a TCP or UDP stream: payloads in stream order, each where it became readable. */

import { FLAG } from '../../table/flags.ts';
import { type OrderLimits, SegmentOrder } from '../../table/segment-order.ts';
import { TCP_FLAG } from '../../table/tcp-analysis.ts';
import type { Capture } from '../capture.ts';
import type { Dissector } from '../dissector.ts';
import type { Job } from '../turns.ts';
import { type Direction, Pieces } from './pieces.ts';

/** Nothing is kept of a segment that waits but its number. */
const LIMITS: OrderLimits = { segments: 100_000, bytes: Number.POSITIVE_INFINITY };

export async function tcpPieces(capture: Capture, dissector: Dissector, flow: number, job: Job): Promise<Pieces> {
  const { flows, table } = capture;
  const pieces = new Pieces(false);
  let current = 0;
  const orders = ([0, 1] as const).map(
    (direction) =>
      new SegmentOrder<number>(
        {
          piece: (row, skip, length) => addPiece(pieces, capture, dissector, direction, row, skip, length),
          gap: (length) => pieces.addGap(direction, current, length),
        },
        LIMITS,
      ),
  );
  const count = flows.count(flow);
  for (let i = 0; i < count; i++) {
    const row = flows.row(flow, i);
    current = row;
    const flags = table.get('tcpFlags', row);
    const direction = directionOf(capture, row);
    const isSyn = (flags & TCP_FLAG.syn) !== 0;
    const seq = table.get('seq', row) + (isSyn ? 1 : 0);
    if (isSyn) orders[direction].start(seq);
    if ((flags & TCP_FLAG.ack) !== 0) orders[1 - direction].acked(table.get('ack', row));
    const length = table.get('payloadLength', row);
    // A keep-alive repeats a byte that was sent; its content is any.
    orders[direction].take(seq, length, row);
    const waiting = job.pause(i, count);
    if (waiting !== null) await waiting;
  }
  for (const order of orders) order.finish();
  return pieces;
}

/** What the capture does not have of a segment's payload is a hole. */
function addPiece(
  pieces: Pieces,
  capture: Capture,
  dissector: Dissector,
  direction: Direction,
  row: number,
  skip: number,
  length: number,
): void {
  const { table } = capture;
  let there = length;
  if (table.get('capturedLength', row) < table.get('length', row)) {
    const { payloadAt, payloadEnd } = dissector.segmentBytes(row);
    there = Math.max(0, Math.min(length, payloadEnd - payloadAt - skip));
  }
  if (there > 0) pieces.add(direction, row, skip, there);
  if (there < length) pieces.addGap(direction, row, length - there);
}

/** One piece per datagram. */
export async function udpPieces(capture: Capture, dissector: Dissector, flow: number, job: Job): Promise<Pieces> {
  const { flows } = capture;
  const pieces = new Pieces(true);
  const count = flows.count(flow);
  for (let i = 0; i < count; i++) {
    const row = flows.row(flow, i);
    if (capture.pass.completedBy.has(row)) continue; // shown where its datagram is whole
    const { payloadAt, payloadEnd } = dissector.segmentBytes(row);
    const direction = directionOf(capture, row);
    const there = payloadEnd - payloadAt;
    if (there > 0) pieces.add(direction, row, 0, there);
    const cut = capture.table.get('length', row) - capture.table.get('capturedLength', row);
    if (cut > 0) pieces.addGap(direction, row, cut);
    const waiting = job.pause(i, count);
    if (waiting !== null) await waiting;
  }
  return pieces;
}

export function directionOf({ table }: Capture, row: number): Direction {
  return (table.get('flags', row) & FLAG.reverse) !== 0 ? 1 : 0;
}
