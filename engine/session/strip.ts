import type { BitSet } from '../base/bitset.ts';
import type { Output } from '../contract/api.ts';
import { PROBLEMS } from '../table/analysis-bits.ts';
import { FLAG } from '../table/flags.ts';
import { BLOCK_MASK, BLOCK_SHIFT } from '../table/packet-table.ts';
import type { Capture } from './capture.ts';

/** Packets over the time of a capture: all of them, those of a view (`set` null: all), those with a problem. */
export function timeStrip(
  capture: Capture,
  set: BitSet | null,
  isAdapter: boolean,
  buckets: number,
): Output<'view.strip'> {
  const { pass, table } = capture;
  const all = new Uint32Array(buckets);
  const shown = new Uint32Array(buckets);
  const problems = new Uint32Array(buckets);
  if (!(pass.lastTime >= pass.firstTime)) return { from: 0, to: 0, all, shown, problems };
  const width = Math.max(1, pass.lastTime - pass.firstTime + 1) / buckets;
  const leftOut = isAdapter ? FLAG.copy : 0;
  for (let base = table.firstBase; base < table.count; base += 1 << BLOCK_SHIFT) {
    const block = table.blocks[base >>> BLOCK_SHIFT];
    const end = Math.min(table.count - base, BLOCK_MASK + 1);
    for (let i = 0; i < end; i++) {
      const bucket = Math.floor((block.time[i] - pass.firstTime) / width);
      if (!(bucket >= 0 && bucket < buckets) || (block.flags[i] & leftOut) !== 0) continue;
      all[bucket]++;
      if (set === null ? base + i >= table.first : set.has(base + i)) shown[bucket]++;
      if ((block.analysis[i] & PROBLEMS) !== 0 || (block.flags[i] & FLAG.malformed) !== 0) problems[bucket]++;
    }
  }
  return { from: pass.firstTime, to: pass.lastTime, all, shown, problems };
}
