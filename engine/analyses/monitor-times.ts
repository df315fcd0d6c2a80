/**
 * Where the time of each TCP connection went, told from one capture point: every gap between two of its packets goes to what the
 * connection waited for. Handshake; network (acknowledgements, data on its way, the round trip in front of an answer); the
 * server's or the client's program (what an answer or a request takes longer than a round trip); loss (the gap in front of a
 * segment that is sent again); a window (the receiver's while it is closed or full, or a limit of the sender's own:
 * monitor-trains.ts). One pass over the rows in time order.
 */

import type { BitSet } from '../base/bitset.ts';
import { ANALYSIS } from '../table/analysis-bits.ts';
import { FLAG } from '../table/flags.ts';
import { BLOCK_MASK, BLOCK_SHIFT, type PacketTable } from '../table/packet-table.ts';
import { RESENT, RESENT_MASK, RESENT_SHIFT } from '../table/resent-kinds.ts';
import { LIMIT, TRAINS, Trains } from './monitor-trains.ts';

export const PARTS = ['handshake', 'network', 'server', 'client', 'loss', 'window'] as const;
export type Part = (typeof PARTS)[number];

/** A flow's record: what belongs together lies together. Parts are nanoseconds, data bytes that were not sent before. */
const AT = {
  first: 0,
  last: 1,
  handshake: 2,
  network: 3,
  server: 4,
  client: 5,
  loss: 6,
  window: 7,
  data: 8, // of each direction
  wait: 10,
  waited: 11,
  budget: 12,
  trips: 13, // to the server and back, to the client and back
  ownWindow: 15,
} as const;
const WORDS = 16;
const COUNT_AT = {
  packets: 0,
  dataPackets: 1,
  waitFrom: 2,
  waitTo: 3,
  asked: 4,
  bits: 5,
  sentEnd: 6, // of each direction: end of what was sent,
  ackedEnd: 8, // and what the other side acknowledged of it
  trains: 10, // number of each direction; -1: not looked at
} as const;
const COUNTS = 12;

/** By flow, in nanoseconds, and what the longest wait of each kind was. */
export class FlowTimes {
  /** Rows that are copies: counted here, and nowhere else. */
  copies = 0;
  readonly words: Float64Array;
  readonly counts: Int32Array;

  constructor(flows: number) {
    this.words = new Float64Array(flows * WORDS);
    this.counts = new Int32Array(flows * COUNTS);
    for (let flow = 0; flow < flows; flow++) {
      this.words[flow * WORDS + AT.first] = Number.NaN;
      this.words[flow * WORDS + AT.trips] = -1;
      this.counts[flow * COUNTS + COUNT_AT.waitFrom] = -1;
      this.counts[flow * COUNTS + COUNT_AT.waitTo] = -1;
      this.counts[flow * COUNTS + COUNT_AT.asked] = -1;
    }
  }

  part(part: Part, flow: number): number {
    return this.words[flow * WORDS + AT[part]];
  }

  /** Of the part `window`: what was a limit of the sender's own. */
  ownWindow(flow: number): number {
    return this.words[flow * WORDS + AT.ownWindow];
  }

  /** Payload bytes of a direction that were not sent before. */
  data(direction: 0 | 1, flow: number): number {
    return this.words[flow * WORDS + AT.data + direction];
  }

  duration(flow: number): number {
    return this.words[flow * WORDS + AT.last] - this.words[flow * WORDS + AT.first];
  }

  packets(flow: number): number {
    return this.counts[flow * COUNTS + COUNT_AT.packets];
  }

  dataPackets(flow: number): number {
    return this.counts[flow * COUNTS + COUNT_AT.dataPackets];
  }

  /** Rows at both ends of the longest wait for the server's program; -1: none. */
  longestWait(flow: number): readonly [from: number, to: number] {
    const at = flow * COUNTS;
    return [this.counts[at + COUNT_AT.waitFrom], this.counts[at + COUNT_AT.waitTo]];
  }
}

export interface TimesInput {
  readonly table: PacketTable;
  readonly flows: number;
  readonly rows: BitSet | null;
  /** Flow of all rows of a path; -1: none that is counted; below that: ask `flowOf`. */
  readonly flowOfPath: Int32Array;
  flowOf(row: number): number;
  /** By flow. */
  readonly isTcp: Uint8Array;
  /** Round trip from the capture point to the side that a request goes to: 0 the server's, 1 the client's; NaN: not known. */
  halfTrip(flow: number, side: 0 | 1): number;
  /** Bytes of the window that a direction says in its units; NaN: not known. */
  windowUnit(flow: number, direction: 0 | 1): number;
}

const SYN = 2;
const RESENT_BITS = RESENT_MASK << RESENT_SHIFT;
const SPURIOUS = RESENT.spurious << RESENT_SHIFT;
const CLOSED = ANALYSIS.zeroWindow | ANALYSIS.zeroWindowProbe | ANALYSIS.zeroWindowProbeAck;
/** What a connection waits for, and what else is known of it. */
const BIT = {
  server: 1, // the last data came from the client
  client: 2, // the last data came from the server
  open: 4,
  closed: 8, // shifted by direction: its data waits for a window
} as const;
const WAITS = BIT.server | BIT.client;
const CLOSED_BITS = 3 * BIT.closed;
/** A side that had nothing in flight and took longer than this to go on was not held up by the network. */
const IDLE_NS = 1e6;

/** Hot: once per row. */
export function flowTimes(input: TimesInput): FlowTimes {
  const { table, rows, isTcp, flowOfPath } = input;
  const found = new FlowTimes(input.flows);
  const { words, counts } = found;
  const trains = new Trains();
  for (let base = table.firstBase; base < table.count; base += 1 << BLOCK_SHIFT) {
    const block = table.blocks[base >>> BLOCK_SHIFT];
    const { flags: marks, path, time: times, payloadLength, analysis: signs, tcpFlags, window, seq, ack } = block;
    const end = Math.min(table.count - base, BLOCK_MASK + 1);
    for (let i = 0; i < end; i++) {
      if (rows !== null && !rows.has(base + i)) continue;
      const mark = marks[i];
      if ((mark & FLAG.copy) !== 0) {
        found.copies++;
        continue;
      }
      const row = base + i;
      let flow = flowOfPath[path[i]];
      if (flow < -1) flow = input.flowOf(row);
      if (flow < 0) continue;
      const f = flow * WORDS;
      const n = flow * COUNTS;
      const time = times[i];
      const length = payloadLength[i];
      const direction = (mark & FLAG.reverse) !== 0 ? 1 : 0;
      const analysis = signs[i];
      const kind = analysis & RESENT_BITS;
      counts[n + COUNT_AT.packets]++;
      const isFirst = Number.isNaN(words[f + AT.first]);
      if (isFirst) words[f + AT.first] = words[f + AT.last] = time;
      if (length > 0) {
        counts[n + COUNT_AT.dataPackets]++;
        if (kind === 0) words[f + AT.data + direction] += length;
      }
      const gap = time > words[f + AT.last] ? time - words[f + AT.last] : 0;
      if (gap > 0) words[f + AT.last] = time;
      if (isTcp[flow] === 0) continue;
      if (words[f + AT.trips] < 0) learnTrips(input, found, flow);
      const isSyn = (tcpFlags[i] & SYN) !== 0;
      let bits = counts[n + COUNT_AT.bits];
      /** Set while the last data came from this direction: more of it is not what was waited for. */
      const mine = direction === 0 ? BIT.server : BIT.client;
      if (isFirst) {
        if (!isSyn) bits |= BIT.open;
      } else if (kind !== 0 && kind !== SPURIOUS) words[f + AT.loss] += gap;
      else if ((bits & BIT.open) === 0) words[f + AT.handshake] += gap;
      else if ((bits & CLOSED_BITS) !== 0 || (analysis & CLOSED) !== 0) words[f + AT.window] += gap;
      else if ((bits & WAITS) !== 0 && !(length > 0 && (bits & mine) !== 0)) {
        const budget = words[f + AT.budget];
        const network = gap < budget ? gap : budget;
        words[f + AT.budget] = budget - network;
        words[f + AT.network] += network;
        words[f + ((bits & BIT.server) !== 0 ? AT.server : AT.client)] += gap - network;
        words[f + AT.waited] += gap - network;
      } else if (
        length > 0 &&
        counts[n + COUNT_AT.sentEnd + direction] === counts[n + COUNT_AT.ackedEnd + direction] &&
        gap > IDLE_NS + words[f + AT.trips + 1 - direction]
      )
        // All of its data had arrived: it was the program that had no more.
        words[f + (direction === 1 ? AT.server : AT.client)] += gap;
      else words[f + AT.network] += gap;
      if (!isSyn) bits |= BIT.open;
      // A closed window holds up the other side's data until it opens.
      if ((analysis & ANALYSIS.zeroWindow) !== 0) bits |= BIT.closed << (1 - direction);
      else if (window[i] !== 0 && !isSyn) bits &= ~(BIT.closed << (1 - direction));
      if ((analysis & ANALYSIS.windowFull) !== 0) bits |= BIT.closed << direction;
      if (length > 0 && kind === 0) {
        counts[n + COUNT_AT.sentEnd + direction] = (seq[i] + length) | 0;
        if ((bits & mine) === 0) {
          if ((bits & BIT.server) !== 0 && words[f + AT.waited] > words[f + AT.wait]) {
            words[f + AT.wait] = words[f + AT.waited];
            counts[n + COUNT_AT.waitFrom] = counts[n + COUNT_AT.asked];
            counts[n + COUNT_AT.waitTo] = row;
          }
          bits = (bits & ~WAITS) | mine;
          words[f + AT.waited] = 0;
        }
        counts[n + COUNT_AT.asked] = row;
        words[f + AT.budget] = words[f + AT.trips + direction];
        if (counts[n + COUNT_AT.trains + direction] >= 0)
          followTrain(input, found, trains, flow, direction, seq[i], length, time);
      } else {
        if (!isFirst && isSyn && direction === 1) bits &= ~WAITS;
        if (kind === 0 && !isSyn && counts[n + COUNT_AT.trains + 1 - direction] > 0)
          trains.acknowledge(counts[n + COUNT_AT.trains + 1 - direction], ack[i], window[i], time);
        else if (length > 0 && kind !== SPURIOUS && counts[n + COUNT_AT.trains + direction] > 0)
          trains.lose(counts[n + COUNT_AT.trains + direction]);
      }
      counts[n + COUNT_AT.ackedEnd + 1 - direction] = ack[i];
      counts[n + COUNT_AT.bits] = bits;
    }
  }
  return found;
}

/** What is not known counts as no time; and without both halves of the round trip, there are no trains to be told. */
function learnTrips(input: TimesInput, { words, counts }: FlowTimes, flow: number): void {
  const f = flow * WORDS;
  words[f + AT.trips] = input.halfTrip(flow, 0) || 0;
  words[f + AT.trips + 1] = input.halfTrip(flow, 1) || 0;
  const isKnown = input.halfTrip(flow, 0) >= 0 && input.halfTrip(flow, 1) >= 0;
  if (isKnown && words[f + AT.trips] + words[f + AT.trips + 1] >= TRAINS.leastTrip) return;
  counts[flow * COUNTS + COUNT_AT.trains] = -1;
  counts[flow * COUNTS + COUNT_AT.trains + 1] = -1;
}

function followTrain(
  input: TimesInput,
  { words, counts }: FlowTimes,
  trains: Trains,
  flow: number,
  direction: 0 | 1,
  seq: number,
  length: number,
  time: number,
): void {
  const f = flow * WORDS;
  const at = flow * COUNTS + COUNT_AT.trains;
  if (counts[at + 1 - direction] > 0) trains.turn(counts[at + 1 - direction]);
  if (counts[at + direction] === 0) {
    if (counts[flow * COUNTS + COUNT_AT.dataPackets] < TRAINS.leastData || words[f + AT.network] < TRAINS.leastWait)
      return;
    counts[at + direction] = trains.add(input.windowUnit(flow, direction === 0 ? 1 : 0));
  }
  const trip = words[f + AT.trips] + words[f + AT.trips + 1];
  const back = words[f + AT.trips + 1 - direction];
  const limit = trains.data(counts[at + direction], seq, length, time, trip, back, words[f + AT.network]);
  if (limit === LIMIT.none) return;
  words[f + AT.network] -= trains.explained;
  words[f + AT.window] += trains.explained;
  if (limit === LIMIT.sender) words[f + AT.ownWindow] += trains.explained;
}
