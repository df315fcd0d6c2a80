/** The captures that benchmarks read: made once in the temporary folder, always the same bytes. */

import { existsSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { writeBench } from '../make-capture/bench.ts';
import { writeScan } from '../make-capture/scan.ts';
import { writeSmall } from '../make-capture/small.ts';

const CAPTURES = {
  /** Traffic of 20,000 flows. */
  bench: { packets: 2_000_000, write: writeBench },
  /** A port scan: every packet a flow of its own. */
  scan: { packets: 2_000_000, write: writeScan },
  /** As many connections as a conversations panel has to show. */
  connections: { packets: 200_000, write: writeScan },
  /** Many small packets. */
  small: { packets: 10_000_000, write: writeSmall },
} as const;

export type BenchCapture = keyof typeof CAPTURES;

export interface MadeCapture {
  readonly path: string;
  readonly packets: number;
}

/** Path of the capture; made first where it is not there. */
export function benchCapture(name: BenchCapture, folder: string, say: (line: string) => void): MadeCapture {
  const { packets, write } = CAPTURES[name];
  const path = join(folder, `nagare-${name}.pcap`);
  if (!existsSync(path)) {
    say(`making ${path}`);
    const unfinished = `${path}.part`;
    write({ packets, seed: 1, format: 'pcap', out: unfinished });
    renameSync(unfinished, path);
  }
  return { path, packets };
}
