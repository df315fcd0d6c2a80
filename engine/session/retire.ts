/**
 * Rows that go: a live capture that keeps its last minutes forgets the rows of files that are gone. Their blocks are given
 * back at once. What dictionaries know of addresses and flows nobody has a row of any more goes with a renewal: the
 * packets that are left are read again, under the same row numbers, beside the capture that is shown until then.
 */

import { TRANSPORT } from '../dissect/scratch.ts';
import { FLAG } from '../table/flags.ts';
import { FLOW, ipProtocolOf } from '../table/flow-states.ts';
import { BLOCK_MASK } from '../table/packet-table.ts';
import type { Capture } from './capture.ts';

/** Fewer retired rows are not worth reading the others again. */
const LEAST_RETIRED = 1 << 20;

/** Takes rows before `first` out of the capture; `marks`: how many of them were marked and ignored. */
export function retireRows(capture: Capture, first: number): { readonly marked: number; readonly ignored: number } {
  const { table, pass, comments } = capture;
  const marks = { marked: 0, ignored: 0 };
  for (let row = table.first; row < Math.min(first, table.count); row++) {
    const flags = table.block(row).flags[row & BLOCK_MASK];
    if ((flags & FLAG.marked) !== 0) marks.marked++;
    if ((flags & FLAG.ignored) !== 0) marks.ignored++;
  }
  table.retire(first);
  for (const map of [comments, pass.farTimes, pass.datagrams, pass.completedBy])
    for (const row of map.keys()) if (row < first) map.delete(row);
  pass.framing.fills.retire(first);
  return marks;
}

/** Rows of an order that are still there; `isSorted`: by row. */
export function rowsFrom(order: Uint32Array, first: number, isSorted: boolean): Uint32Array {
  if (!isSorted) return order.filter((row) => row >= first);
  let low = 0;
  let high = order.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (order[middle] < first) low = middle + 1;
    else high = middle;
  }
  return order.slice(low);
}

/** More rows have gone since this capture was begun than it has left. */
export function isWorthRenewing({ table }: Capture, began: number): boolean {
  const retired = table.first - began;
  return retired >= LEAST_RETIRED && retired >= table.count - table.first;
}

/** Numbers of an empty capture go on where the other one's begin. */
export function continueFrom(before: Capture, after: Capture): void {
  after.table.retire(after.reader.firstRow ?? 0);
  after.pass.epochSeconds = before.pass.epochSeconds;
  after.pass.epochNanos = before.pass.epochNanos;
}

/** Streams keep the numbers that people know them by; those that only the new one has seen get the next ones. */
export function keepStreams(before: Capture, after: Capture): void {
  const { flows } = after.pass;
  const next = new Map<number, number>([
    [TRANSPORT.tcp, before.pass.tcpStreams],
    [TRANSPORT.udp, before.pass.udpStreams],
  ]);
  for (let flow = 0; flow < flows.count; flow++) {
    const transport = ipProtocolOf(flows.get(flow, FLOW.bits));
    const number = next.get(transport);
    if (number === undefined) continue;
    const row = flows.get(flow, FLOW.firstRow);
    const known = row < before.table.count && row >= before.table.first ? before.pass.flowOf(row) : -1;
    if (known < 0) next.set(transport, number + 1);
    const kept = known < 0 ? number : before.pass.flows.get(known, FLOW.stream);
    flows.chunk(flow)[flows.at(flow) + FLOW.stream] = kept;
  }
  after.pass.tcpStreams = next.get(TRANSPORT.tcp) ?? 0;
  after.pass.udpStreams = next.get(TRANSPORT.udp) ?? 0;
}
