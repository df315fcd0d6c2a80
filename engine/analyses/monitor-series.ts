/** What flow monitors show over time: data, repetitions and timeouts by bucket, of the flows that each of them holds. */

import type { BitSet } from '../base/bitset.ts';
import { FLAG } from '../table/flags.ts';
import { BLOCK_MASK, BLOCK_SHIFT, type PacketTable } from '../table/packet-table.ts';
import { RESENT, RESENT_MASK, RESENT_SHIFT } from '../table/resent-kinds.ts';

export interface SeriesInput {
  readonly table: PacketTable;
  readonly rows: BitSet | null;
  flowOf(path: number, row: number): number;
  /** Monitors of each flow. */
  readonly monitorsOf: readonly (readonly number[] | undefined)[];
  readonly monitors: number;
  readonly from: number;
  readonly width: number;
  readonly buckets: number;
}

/** By monitor and bucket. */
export interface MonitorSeries {
  /** Payload bytes that were not sent before. */
  readonly data: readonly Float64Array[];
  readonly resent: readonly Float64Array[];
  readonly timeouts: readonly Float64Array[];
}

export function monitorSeries(input: SeriesInput): MonitorSeries {
  const { table, rows, monitorsOf, from, width, buckets } = input;
  const make = (): Float64Array[] => Array.from({ length: input.monitors }, () => new Float64Array(buckets));
  const [data, resent, timeouts] = [make(), make(), make()];
  for (let base = table.firstBase; base < table.count; base += 1 << BLOCK_SHIFT) {
    const block = table.blocks[base >>> BLOCK_SHIFT];
    const end = Math.min(table.count - base, BLOCK_MASK + 1);
    for (let i = 0; i < end; i++) {
      if (rows !== null && !rows.has(base + i)) continue;
      if ((block.flags[i] & FLAG.copy) !== 0) continue;
      const length = block.payloadLength[i];
      const kind = (block.analysis[i] >>> RESENT_SHIFT) & RESENT_MASK;
      if (length === 0 && kind === 0) continue;
      const flow = input.flowOf(block.path[i], base + i);
      const monitors = flow < 0 ? undefined : monitorsOf[flow];
      if (monitors === undefined) continue;
      const bucket = Math.floor((block.time[i] - from) / width);
      if (!(bucket >= 0 && bucket < buckets)) continue;
      for (const monitor of monitors) {
        if (kind === 0) data[monitor][bucket] += length;
        else resent[monitor][bucket]++;
        if (kind === RESENT.timeout) timeouts[monitor][bucket]++;
      }
    }
  }
  return { data, resent, timeouts };
}
