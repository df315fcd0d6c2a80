/** Packets, bytes and times per header chain, in one pass over the rows: what conversations, endpoints and destinations add up. */

import type { BitSet } from '../base/bitset.ts';
import { ANALYSIS } from '../table/analysis-bits.ts';
import { FLAG } from '../table/flags.ts';
import { BLOCK_MASK, BLOCK_SHIFT, type PacketTable } from '../table/packet-table.ts';

const RESENT = ANALYSIS.retransmission | ANALYSIS.fastRetransmission | ANALYSIS.spuriousRetransmission;
const SYN = 2;
const ACK = 16;

/** One entry for each slot: a path, or one flow of it. */
export class PathTotals {
  packets: Float64Array;
  bytes: Float64Array;
  /** Bytes above the transport header. */
  payload: Float64Array;
  /** Earliest and latest time since the epoch; infinite where no packet has one. */
  first: Float64Array;
  last: Float64Array;
  resent: Float64Array;
  /** TCP segments that ask for a connection: SYN without ACK. */
  opened: Float64Array;
  /** Rows whose headers a path does not hold: ICMP errors that quote others, very many layers. */
  more = 0;

  constructor(slots: number) {
    this.packets = new Float64Array(slots);
    this.bytes = new Float64Array(slots);
    this.payload = new Float64Array(slots);
    this.first = new Float64Array(slots).fill(Number.POSITIVE_INFINITY);
    this.last = new Float64Array(slots).fill(Number.NEGATIVE_INFINITY);
    this.resent = new Float64Array(slots);
    this.opened = new Float64Array(slots);
  }

  grow(slots: number): void {
    const larger = new PathTotals(Math.max(slots, 2 * this.packets.length));
    for (const name of ['packets', 'bytes', 'payload', 'first', 'last', 'resent', 'opened'] as const) {
      larger[name].set(this[name]);
      this[name] = larger[name];
    }
  }
}

/** `slotOf`: where a row counts, given its path; slots past `paths` may come up on the way. */
export function pathTotals(
  table: PacketTable,
  paths: number,
  rows: BitSet | null,
  slotOf: (row: number, path: number) => number,
): PathTotals {
  const totals = new PathTotals(paths);
  for (let base = table.firstBase; base < table.count; base += 1 << BLOCK_SHIFT) {
    const block = table.blocks[base >>> BLOCK_SHIFT];
    const end = Math.min(table.count - base, BLOCK_MASK + 1);
    for (let i = 0; i < end; i++) {
      if (rows !== null && !rows.has(base + i)) continue;
      if ((block.flags[i] & FLAG.more) !== 0) totals.more++;
      const slot = slotOf(base + i, block.path[i]);
      if (slot >= totals.packets.length) totals.grow(slot + 1);
      const time = block.time[i];
      totals.packets[slot]++;
      totals.bytes[slot] += block.length[i];
      totals.payload[slot] += block.payloadLength[i];
      if (time < totals.first[slot]) totals.first[slot] = time;
      if (time > totals.last[slot]) totals.last[slot] = time;
      if ((block.analysis[i] & RESENT) !== 0) totals.resent[slot]++;
      if ((block.tcpFlags[i] & (SYN | ACK)) === SYN) totals.opened[slot]++;
    }
  }
  return totals;
}
