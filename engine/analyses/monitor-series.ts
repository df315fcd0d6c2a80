/** What flow monitors show over time: data, repetitions and timeouts by bucket, of the flows that each of them holds. */

import type { BitSet } from '../base/bitset.ts';
import { FLAG } from '../table/flags.ts';
import { BLOCK_MASK, BLOCK_SHIFT, type PacketTable } from '../table/packet-table.ts';
import { RESENT, RESENT_MASK, RESENT_SHIFT } from '../table/resent-kinds.ts';

export interface SeriesInput {
  readonly table: PacketTable;
  readonly rows: BitSet | null;
  /** Flow of all rows of a path; -1: none that is counted; below that: ask `flowOf`. */
  readonly flowOfPath: Int32Array;
  flowOf(row: number): number;
  /** By flow: the monitor that it belongs to; NO_MONITOR; below that: several, which `monitorsOf` says. */
  readonly monitorOf: Int32Array;
  monitorsOf(flow: number): readonly number[];
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

export const NO_MONITOR = -1;
export const SOME_MONITORS = -2;

export function monitorSeries(input: SeriesInput): MonitorSeries {
  const { table, rows, flowOfPath, monitorOf, from, width, buckets } = input;
  const make = (): Float64Array[] => Array.from({ length: input.monitors }, () => new Float64Array(buckets));
  const [data, resent, timeouts] = [make(), make(), make()];
  for (let base = table.firstBase; base < table.count; base += 1 << BLOCK_SHIFT) {
    const { flags, payloadLength, analysis, path, time } = table.blocks[base >>> BLOCK_SHIFT];
    const end = Math.min(table.count - base, BLOCK_MASK + 1);
    for (let i = 0; i < end; i++) {
      if (rows !== null && !rows.has(base + i)) continue;
      if ((flags[i] & FLAG.copy) !== 0) continue;
      const length = payloadLength[i];
      const kind = (analysis[i] >>> RESENT_SHIFT) & RESENT_MASK;
      if (length === 0 && kind === 0) continue;
      let flow = flowOfPath[path[i]];
      if (flow < -1) flow = input.flowOf(base + i);
      const monitor = flow < 0 ? NO_MONITOR : monitorOf[flow];
      if (monitor === NO_MONITOR) continue;
      const bucket = Math.floor((time[i] - from) / width);
      if (!(bucket >= 0 && bucket < buckets)) continue;
      if (monitor >= 0) add(monitor, bucket, kind, length);
      else for (const one of input.monitorsOf(flow)) add(one, bucket, kind, length);
    }
  }
  return { data, resent, timeouts };

  function add(monitor: number, bucket: number, kind: number, length: number): void {
    if (kind === 0) data[monitor][bucket] += length;
    else resent[monitor][bucket]++;
    if (kind === RESENT.timeout) timeouts[monitor][bucket]++;
  }
}
