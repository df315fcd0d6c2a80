/**
 * What an own machine sent, per header chain: packets, IP bytes, payload bytes and bytes on the wire, from the lengths that the
 * packets had, not from what was kept of them. Hot: once per packet.
 */

import type { BitSet } from '../base/bitset.ts';
import { FLAG } from '../table/flags.ts';
import { BLOCK_MASK, BLOCK_SHIFT, type PacketTable } from '../table/packet-table.ts';
import { WAY } from './egress-sides.ts';

/** Frames of Ethernet are filled up to 60 bytes, 64 with their check sequence: what the IP header says counts there. */
export const PADDED_FRAME = 64;

/** How many bytes of a frame are IP. */
export interface IpBytes {
  /** By path: bytes in front of the IP header. */
  readonly front: Uint32Array;
  /** IP bytes of a row whose frame may be filled up. */
  padded(row: number): number;
}

export interface TotalsInput {
  readonly table: PacketTable;
  /** Rows that there were when their paths were looked at: more may have come since. */
  readonly count: number;
  readonly paths: number;
  readonly rows: BitSet | null;
  /** By path: a value of WAY. */
  readonly way: Uint8Array;
  /** By path: where its bytes over time are added up, below `groups`; more: nowhere. */
  readonly group: Uint8Array;
  readonly groups: number;
  readonly ipBytes: IpBytes;
  /** Largest payload of a segment on the wire, by path; what is longer was cut into segments behind the capture point. */
  readonly segment: Uint32Array;
  /** Headers of a segment, by path. */
  readonly headers: Uint32Array;
  /** Start and width of the buckets of the line over time, and how many. */
  readonly from: number;
  readonly width: number;
  readonly buckets: number;
  readonly minute: number;
  readonly minutes: number;
}

export interface EgressTotals {
  readonly packets: Float64Array;
  readonly ip: Float64Array;
  readonly payload: Float64Array;
  readonly wire: Float64Array;
  /** Segments longer than the wire takes, and the bytes of headers that cutting them added. */
  readonly large: Float64Array;
  readonly added: Float64Array;
  /** Outbound IP bytes by group and bucket, and by group and whole minute. */
  readonly line: Float64Array;
  readonly pieces: Float64Array;
  readonly first: number;
  readonly last: number;
  /** Copies of packets that were left out. */
  readonly copies: number;
}

export function egressTotals(input: TotalsInput): EgressTotals {
  const { table, paths, rows, way, group, ipBytes, from, width, buckets, minute, minutes } = input;
  const make = (length = paths): Float64Array => new Float64Array(length);
  const [packets, ip, payload, wire, large, added] = [make(), make(), make(), make(), make(), make()];
  const line = make(input.groups * buckets);
  const pieces = make(input.groups * minutes);
  const { front } = ipBytes;
  let first = Number.POSITIVE_INFINITY;
  let last = Number.NEGATIVE_INFINITY;
  let copies = 0;
  for (let base = table.firstBase; base < input.count; base += 1 << BLOCK_SHIFT) {
    const block = table.blocks[base >>> BLOCK_SHIFT];
    const end = Math.min(input.count - base, BLOCK_MASK + 1);
    for (let i = 0; i < end; i++) {
      if (rows !== null && !rows.has(base + i)) continue;
      const path = block.path[i];
      if ((block.flags[i] & FLAG.copy) !== 0) {
        copies++;
        continue;
      }
      const time = block.time[i];
      if (time < first) first = time;
      if (time > last) last = time;
      if (way[path] === WAY.none) continue;
      const length = block.length[i];
      const bytes = length <= PADDED_FRAME ? ipBytes.padded(base + i) : Math.max(0, length - front[path]);
      packets[path]++;
      ip[path] += bytes;
      payload[path] += block.payloadLength[i];
      wire[path] += length;
      const segment = input.segment[path];
      if (segment > 0 && block.payloadLength[i] > segment) {
        large[path]++;
        added[path] += (Math.ceil(block.payloadLength[i] / segment) - 1) * input.headers[path];
      }
      if (way[path] !== WAY.out || group[path] >= input.groups) continue;
      const bucket = Math.floor((time - from) / width);
      if (bucket >= 0 && bucket < buckets) line[group[path] * buckets + bucket] += bytes;
      const piece = Math.floor((time - from) / minute);
      if (piece >= 0 && piece < minutes) pieces[group[path] * minutes + piece] += bytes;
    }
  }
  return { packets, ip, payload, wire, large, added, line, pieces, first, last, copies };
}
