/**
 * Which row completes the message that a TCP segment brings a part of: from the flags of its flow's rows and the message table,
 * without reading packets. A segment that came after the row which seemed to end its message has that one.
 */

import { ANALYSIS } from '../table/analysis-bits.ts';
import { FLAG } from '../table/flags.ts';
import { LOST, LOST_MASK, LOST_SHIFT } from '../table/resent-kinds.ts';
import { TCP_FLAG } from '../table/tcp-analysis.ts';
import type { FlowIndex } from './flow-index.ts';
import type { FlowPass } from './flow-pass.ts';

/** Completing rows that are looked at, before and behind a segment. */
const MAX_LOOKS = 64;
/** Rows before a late segment among which its message may have ended. */
const MAX_BACK = 10_000;
const SENT_AGAIN =
  ANALYSIS.retransmission | ANALYSIS.fastRetransmission | ANALYSIS.spuriousRetransmission | ANALYSIS.keepAlive;

/** The completing row of the flow's i-th row; -1: what it carries is complete in it, or never is. */
export function completingRow(pass: FlowPass, index: FlowIndex, flow: number, i: number): number {
  const { table } = pass;
  const row = index.row(flow, i);
  if (!mayBePart(pass, row)) return -1;
  const direction = table.get('flags', row) & FLAG.reverse;
  const first = firstSeq(pass, row);
  const last = (first + table.get('payloadLength', row) - 1) | 0;
  const count = index.count(flow);
  for (let next = i + 1, looks = 0; next < count && looks < MAX_LOOKS; next++) {
    const other = index.row(flow, next);
    if (!isCompleting(pass, other, direction)) continue;
    looks++;
    const side = sideOf(pass, other, last);
    if (side === 0) return other;
    if (side < 0) break;
  }
  if (!isLate(pass, row)) return -1;
  for (let before = i - 1, looks = 0; before >= Math.max(0, i - MAX_BACK) && looks < MAX_LOOKS; before--) {
    const other = index.row(flow, before);
    if (!isCompleting(pass, other, direction)) continue;
    looks++;
    if (sideOf(pass, other, first) === 0) return other;
  }
  return -1;
}

/** The same for all rows of a flow: frame numbers by row, `base` rows further down. */
export function addCompletingRows(
  pass: FlowPass,
  index: FlowIndex,
  flow: number,
  values: Float64Array,
  base: number,
): void {
  const { table } = pass;
  /** By direction, the nearest last. */
  const ahead: readonly [number[], number[]] = [[], []];
  for (let i = index.count(flow) - 1; i >= 0; i--) {
    const row = index.row(flow, i);
    const flags = table.get('flags', row);
    const completing = ahead[(flags & FLAG.reverse) === 0 ? 0 : 1];
    const found = isLate(pass, row) ? completingRow(pass, index, flow, i) : nearest(pass, row, completing);
    if (found >= 0) values[row - base] = found + 1;
    if ((flags & FLAG.spanning) !== 0) completing.push(row);
  }
}

function nearest(pass: FlowPass, row: number, completing: readonly number[]): number {
  if (completing.length === 0 || !mayBePart(pass, row)) return -1;
  const last = (firstSeq(pass, row) + pass.table.get('payloadLength', row) - 1) | 0;
  for (let i = completing.length - 1; i >= Math.max(0, completing.length - MAX_LOOKS); i--) {
    const side = sideOf(pass, completing[i], last);
    if (side === 0) return completing[i];
    if (side < 0) break;
  }
  return -1;
}

function isCompleting({ table }: FlowPass, row: number, direction: number): boolean {
  return (table.get('flags', row) & (FLAG.spanning | FLAG.reverse)) === (FLAG.spanning | direction);
}

/** Does a segment bring bytes that nothing before it brought? */
function mayBePart({ table }: FlowPass, row: number): boolean {
  const flags = table.get('flags', row);
  if ((flags & FLAG.copy) !== 0 || table.get('payloadLength', row) === 0) return false;
  return (flags & FLAG.partial) !== 0 || (table.get('analysis', row) & SENT_AGAIN) === 0 || wasLost(table, row);
}

/** Out of order, or sent again because the capture lacks the first transmission. */
function isLate(pass: FlowPass, row: number): boolean {
  const { table } = pass;
  return mayBePart(pass, row) && ((table.get('analysis', row) & ANALYSIS.outOfOrder) !== 0 || wasLost(table, row));
}

function wasLost(table: FlowPass['table'], row: number): boolean {
  return ((table.get('analysis', row) >>> LOST_SHIFT) & LOST_MASK) === LOST.before;
}

function firstSeq({ table }: FlowPass, row: number): number {
  return (table.get('seq', row) + ((table.get('tcpFlags', row) & TCP_FLAG.syn) === 0 ? 0 : 1)) | 0;
}

/** Is a byte before what the row completes (-1), in it (0), or behind it (1)? */
function sideOf(pass: FlowPass, row: number, seq: number): number {
  const { messages } = pass.framing;
  const entry = messages.find(row);
  if (entry < 0) return 1;
  const startRow = messages.startRow.items[entry];
  const isKnown = startRow >= pass.table.first;
  if (isKnown && ((seq - firstSeq(pass, startRow) - messages.startOffset.items[entry]) | 0) < 0) return -1;
  return ((seq - firstSeq(pass, row) - messages.endOffset.items[entry]) | 0) < 0 ? 0 : 1;
}
