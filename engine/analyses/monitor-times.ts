/**
 * Where the time of each TCP connection went, told from one capture point: every gap between two of its packets goes to what the
 * connection waited for. Handshake; network (acknowledgements, data on its way, the round trip in front of an answer); the
 * server's or the client's program (what an answer or a request takes longer than a round trip); loss (the gap in front of a
 * segment that is sent again); the receiver's window (while it is closed). One pass over the rows in time order.
 */

import type { BitSet } from '../base/bitset.ts';
import { ANALYSIS } from '../table/analysis-bits.ts';
import { FLAG } from '../table/flags.ts';
import { BLOCK_MASK, BLOCK_SHIFT, type PacketTable } from '../table/packet-table.ts';
import { RESENT, RESENT_MASK, RESENT_SHIFT } from '../table/resent-kinds.ts';

export const PARTS = ['handshake', 'network', 'server', 'client', 'loss', 'window'] as const;
export type Part = (typeof PARTS)[number];

/** By flow, in nanoseconds, and what the longest wait of each kind was. */
export class FlowTimes {
  readonly parts: Readonly<Record<Part, Float64Array>>;
  /** Payload bytes of each direction that were not sent before. */
  readonly data: readonly [Float64Array, Float64Array];
  readonly packets: Uint32Array;
  readonly dataPackets: Uint32Array;
  readonly first: Float64Array;
  readonly last: Float64Array;
  /** Rows at both ends of the longest wait for the server's program; -1: none. */
  readonly waitFrom: Int32Array;
  readonly waitTo: Int32Array;
  readonly wait: Float64Array;
  /** Direction of the data that waited for a window: bit 1 the client's, bit 2 the server's. */
  readonly closedFor: Uint8Array;

  constructor(flows: number) {
    const times = (): Float64Array => new Float64Array(flows);
    this.parts = {
      handshake: times(),
      network: times(),
      server: times(),
      client: times(),
      loss: times(),
      window: times(),
    };
    this.data = [times(), times()];
    this.packets = new Uint32Array(flows);
    this.dataPackets = new Uint32Array(flows);
    this.first = times().fill(Number.NaN);
    this.last = times();
    this.waitFrom = new Int32Array(flows).fill(-1);
    this.waitTo = new Int32Array(flows).fill(-1);
    this.wait = times();
    this.closedFor = new Uint8Array(flows);
  }
}

export interface TimesInput {
  readonly table: PacketTable;
  readonly flows: number;
  readonly rows: BitSet | null;
  /** Of a row; -1: none that is counted. */
  flowOf(path: number, row: number): number;
  /** By flow. */
  readonly isTcp: Uint8Array;
  /** Round trip from the capture point to the side that a request goes to: 0 the server's, 1 the client's; NaN: not known. */
  halfTrip(flow: number, side: 0 | 1): number;
}

const SYN = 2;
const RESENT_BITS = RESENT_MASK << RESENT_SHIFT;
const SPURIOUS = RESENT.spurious << RESENT_SHIFT;
const CLOSED = ANALYSIS.zeroWindow | ANALYSIS.zeroWindowProbe | ANALYSIS.zeroWindowProbeAck;
/** What a connection waits for. */
const WAITS = { nothing: 0, server: 1, client: 2 } as const;
/** A side that had nothing in flight and took longer than this to go on was not held up by the network. */
const IDLE_NS = 1e6;

/** The side that asked, and goes on asking. */
function isAsker(waits: number, direction: number): boolean {
  return direction === (waits === WAITS.server ? 0 : 1);
}

export function flowTimes(input: TimesInput): FlowTimes {
  const { table, flows, rows, isTcp } = input;
  const found = new FlowTimes(flows);
  const { parts } = found;
  const waits = new Uint8Array(flows);
  const isOpen = new Uint8Array(flows);
  const closed = new Uint8Array(flows);
  const budget = new Float64Array(flows);
  const askedRow = new Int32Array(flows).fill(-1);
  const waited = new Float64Array(flows);
  /** By flow and direction: end of what was sent, and what the other side acknowledged of it. */
  const sentEnd = new Uint32Array(2 * flows);
  const ackedEnd = new Uint32Array(2 * flows);
  const trips = [new Float64Array(flows).fill(-1), new Float64Array(flows).fill(-1)] as const;
  const trip = (flow: number, side: 0 | 1): number => {
    if (trips[side][flow] < 0) trips[side][flow] = input.halfTrip(flow, side) || 0;
    return trips[side][flow];
  };
  for (let base = table.firstBase; base < table.count; base += 1 << BLOCK_SHIFT) {
    const block = table.blocks[base >>> BLOCK_SHIFT];
    const end = Math.min(table.count - base, BLOCK_MASK + 1);
    for (let i = 0; i < end; i++) {
      if (rows !== null && !rows.has(base + i)) continue;
      if ((block.flags[i] & FLAG.copy) !== 0) continue;
      const row = base + i;
      const flow = input.flowOf(block.path[i], row);
      if (flow < 0) continue;
      const time = block.time[i];
      const length = block.payloadLength[i];
      const direction = (block.flags[i] & FLAG.reverse) !== 0 ? 1 : 0;
      const analysis = block.analysis[i];
      found.packets[flow]++;
      const isFirst = Number.isNaN(found.first[flow]);
      if (isFirst) found.first[flow] = found.last[flow] = time;
      if (length > 0) {
        found.dataPackets[flow]++;
        if ((analysis & RESENT_BITS) === 0) found.data[direction][flow] += length;
      }
      if (isTcp[flow] === 0) {
        if (time > found.last[flow]) found.last[flow] = time;
        continue;
      }
      const gap = Math.max(0, time - found.last[flow]);
      if (time > found.last[flow]) found.last[flow] = time;
      const flags = block.tcpFlags[i];
      const isSyn = (flags & SYN) !== 0;
      const side = 2 * flow + direction;
      const kind = analysis & RESENT_BITS;
      if (isFirst) isOpen[flow] = isSyn ? 0 : 1;
      else if (kind !== 0 && kind !== SPURIOUS) parts.loss[flow] += gap;
      else if (isOpen[flow] === 0) parts.handshake[flow] += gap;
      else if (closed[flow] !== 0 || (analysis & CLOSED) !== 0) parts.window[flow] += gap;
      else if (waits[flow] !== WAITS.nothing && !(length > 0 && isAsker(waits[flow], direction))) {
        const network = Math.min(gap, budget[flow]);
        budget[flow] -= network;
        parts.network[flow] += network;
        const program = waits[flow] === WAITS.server ? 'server' : 'client';
        parts[program][flow] += gap - network;
        waited[flow] += gap - network;
      } else if (length > 0 && sentEnd[side] === ackedEnd[side] && gap > IDLE_NS + trip(flow, direction === 1 ? 0 : 1))
        // All of its data had arrived: it was the program that had no more.
        parts[direction === 1 ? 'server' : 'client'][flow] += gap;
      else parts.network[flow] += gap;
      if (isOpen[flow] === 0 && !isSyn) isOpen[flow] = 1;
      // A closed window holds up the other side's data until it opens.
      const mine = 1 << direction;
      if ((analysis & ANALYSIS.zeroWindow) !== 0) {
        closed[flow] |= mine;
        found.closedFor[flow] |= direction === 0 ? 2 : 1;
      } else if (block.window[i] !== 0 && !isSyn) closed[flow] &= ~mine;
      if ((analysis & ANALYSIS.windowFull) !== 0) {
        closed[flow] |= direction === 0 ? 2 : 1;
        found.closedFor[flow] |= mine;
      }
      if (length > 0 && kind === 0) {
        sentEnd[side] = (block.seq[i] + length) >>> 0;
        const other = direction === 0 ? WAITS.server : WAITS.client;
        const mineIsAwaited = waits[flow] === (direction === 1 ? WAITS.server : WAITS.client);
        if (mineIsAwaited && direction === 1 && waited[flow] > found.wait[flow]) {
          found.wait[flow] = waited[flow];
          found.waitFrom[flow] = askedRow[flow];
          found.waitTo[flow] = row;
        }
        if (waits[flow] !== other) {
          waits[flow] = other;
          waited[flow] = 0;
        }
        askedRow[flow] = row;
        budget[flow] = trip(flow, direction);
      } else if (!isFirst && isSyn && direction === 1) waits[flow] = WAITS.nothing;
      ackedEnd[2 * flow + 1 - direction] = block.ack[i];
    }
  }
  return found;
}
