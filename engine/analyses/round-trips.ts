/**
 * Round trips of TCP: handshakes, and data with the acknowledgement that covers exactly its end. Seen from the capture point
 * each has two halves: SYN to SYN/ACK goes through the server's side, SYN/ACK to ACK through the client's. Karn's rule (RFC
 * 6298 3): a segment that was sent more than once gives no sample, for nobody knows which copy was acknowledged.
 */

import type { BitSet } from '../base/bitset.ts';
import { ANALYSIS } from '../table/analysis-bits.ts';
import { FLAG } from '../table/flags.ts';
import { NumberList } from '../table/growable.ts';
import { BLOCK_MASK, BLOCK_SHIFT, NO_ROW, type PacketTable } from '../table/packet-table.ts';

const SYN = 2;
const RESET = 4;
const ACK = 16;
const RESENT = ANALYSIS.retransmission | ANALYSIS.fastRetransmission | ANALYSIS.spuriousRetransmission;

/** Times of a handshake's packets since the epoch; NaN: not in this capture. */
export interface Handshake {
  readonly firstSyn: number;
  readonly lastSyn: number;
  readonly syns: number;
  readonly firstSynAck: number;
  readonly lastSynAck: number;
  readonly synAcks: number;
  /** The first ACK of the client behind the SYN/ACK. */
  readonly ack: number;
  readonly synRow: number;
  readonly synAckRow: number;
}

/** One round trip of data. `direction` 0: data of the flow's first sender, acknowledged by the other. */
export interface Samples {
  readonly count: number;
  readonly flow: Uint32Array;
  readonly direction: Uint8Array;
  /** Time of the acknowledgement, and how long it took, in nanoseconds. */
  readonly time: Float64Array;
  readonly rtt: Float64Array;
}

export interface RoundTrips {
  readonly handshakes: ReadonlyMap<number, Handshake>;
  readonly samples: Samples;
  /** Segments sent more than once, which gave no sample. */
  readonly ambiguous: number;
}

interface OpenHandshake {
  firstSyn: number;
  lastSyn: number;
  syns: number;
  firstSynAck: number;
  lastSynAck: number;
  synAcks: number;
  ack: number;
  synRow: number;
  synAckRow: number;
}

/** `flowOf`: the row's flow, -1 for none. Rows outside the set give no samples, but are known to have been sent. */
export function roundTrips(table: PacketTable, flowOf: (row: number) => number, rows: BitSet | null): RoundTrips {
  const handshakes = new Map<number, OpenHandshake>();
  const resent = new ResentEnds(table);
  const acks = new NumberList();
  for (let base = table.firstBase; base < table.count; base += 1 << BLOCK_SHIFT) {
    const { tcpFlags, flags: marks, analysis, acksRow, time } = table.blocks[base >>> BLOCK_SHIFT];
    const end = Math.min(table.count - base, BLOCK_MASK + 1);
    for (let i = 0; i < end; i++) {
      const flags = tcpFlags[i];
      if ((flags & (SYN | ACK)) === 0 || (marks[i] & FLAG.copy) !== 0) continue;
      const row = base + i;
      if ((analysis[i] & RESENT) !== 0) resent.add(flowOf(row), row);
      if ((flags & RESET) !== 0 || (rows !== null && !rows.has(row))) continue;
      if ((flags & SYN) !== 0) opened(handshakes, flowOf(row), (flags & ACK) !== 0, time[i], row);
      else if (acksRow[i] !== NO_ROW) acks.push(row);
    }
  }
  return { handshakes, ...samplesOf(table, flowOf, acks, handshakes, resent) };
}

/** What acknowledgements measure. Hot: once per row that acknowledges data. */
function samplesOf(
  table: PacketTable,
  flowOf: (row: number) => number,
  acks: NumberList,
  handshakes: ReadonlyMap<number, OpenHandshake>,
  resent: ResentEnds,
): Pick<RoundTrips, 'samples' | 'ambiguous'> {
  const { blocks } = table;
  let count = 0;
  let ambiguous = 0;
  const samples = {
    flow: new Uint32Array(acks.length),
    direction: new Uint8Array(acks.length),
    time: new Float64Array(acks.length),
    rtt: new Float64Array(acks.length),
  };
  for (let n = 0; n < acks.length; n++) {
    const row = acks.items[n];
    const block = blocks[row >>> BLOCK_SHIFT];
    const acked = block.acksRow[row & BLOCK_MASK];
    if (acked < table.first) continue; // gone: nobody knows any more when it was sent
    const other = blocks[acked >>> BLOCK_SHIFT];
    const at = acked & BLOCK_MASK;
    const time = block.time[row & BLOCK_MASK];
    const flow = flowOf(row);
    if ((other.tcpFlags[at] & SYN) !== 0) {
      const handshake = handshakes.get(flow);
      if (handshake !== undefined && Number.isNaN(handshake.ack) && handshake.synAcks > 0) handshake.ack = time;
      continue;
    }
    if (resent.has(flow, acked)) {
      ambiguous++;
      continue;
    }
    const rtt = time - other.time[at];
    if (!(rtt >= 0)) continue;
    samples.flow[count] = flow;
    samples.direction[count] = (other.flags[at] & FLAG.reverse) !== 0 ? 1 : 0;
    samples.time[count] = time;
    samples.rtt[count] = rtt;
    count++;
  }
  return {
    ambiguous,
    samples: {
      count,
      flow: samples.flow.subarray(0, count),
      direction: samples.direction.subarray(0, count),
      time: samples.time.subarray(0, count),
      rtt: samples.rtt.subarray(0, count),
    },
  };
}

function opened(
  handshakes: Map<number, OpenHandshake>,
  flow: number,
  isAnswer: boolean,
  time: number,
  row: number,
): void {
  let one = handshakes.get(flow);
  if (one === undefined) {
    one = {
      firstSyn: Number.NaN,
      lastSyn: Number.NaN,
      syns: 0,
      firstSynAck: Number.NaN,
      lastSynAck: Number.NaN,
      synAcks: 0,
      ack: Number.NaN,
      synRow: -1,
      synAckRow: -1,
    };
    handshakes.set(flow, one);
  }
  if (isAnswer) {
    if (one.synAcks++ === 0) {
      one.firstSynAck = time;
      one.synAckRow = row;
    }
    one.lastSynAck = time;
  } else {
    if (one.syns++ === 0) {
      one.firstSyn = time;
      one.synRow = row;
    }
    // What comes behind the answer was not what it answers.
    if (one.synAcks === 0) one.lastSyn = time;
  }
}

/** Segments that were sent again, by what tells them: flow, direction and end. */
class ResentEnds {
  private readonly table: PacketTable;
  private readonly flows = new Map<number, Set<number>>();

  constructor(table: PacketTable) {
    this.table = table;
  }

  add(flow: number, row: number): void {
    const ends = this.flows.get(flow);
    if (ends === undefined) this.flows.set(flow, new Set([this.endOf(row)]));
    else ends.add(this.endOf(row));
  }

  has(flow: number, row: number): boolean {
    return this.flows.get(flow)?.has(this.endOf(row)) === true;
  }

  private endOf(row: number): number {
    const { table } = this;
    const end = (table.get('seq', row) + table.get('payloadLength', row)) >>> 0;
    return (table.get('flags', row) & FLAG.reverse) === 0 ? end : end + 2 ** 32;
  }
}

/** A round trip, or the two ends of what it may have been. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** SYN to SYN/ACK: with a repeated SYN it may have been any of them. NaN: not in this capture. */
export function serverSide({ firstSyn, lastSyn, firstSynAck }: Handshake): Interval {
  return { low: firstSynAck - lastSyn, high: firstSynAck - firstSyn };
}

/** SYN/ACK to ACK: with a repeated SYN/ACK it may have been any of those before the ACK. */
export function clientSide({ firstSynAck, lastSynAck, ack }: Handshake): Interval {
  return { low: ack - (lastSynAck <= ack ? lastSynAck : firstSynAck), high: ack - firstSynAck };
}
