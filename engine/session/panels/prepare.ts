/**
 * What panels of a whole capture begin with, found before anybody asks: in the background once it is loaded, a piece at a time.
 */

import type { BitSet } from '../../base/bitset.ts';
import type { Capture } from '../capture.ts';
import type { Job } from '../turns.ts';
import { EXPERT_RULES } from './expert-rules.ts';
import { isKept } from './remembered.ts';
import { connectionsOf } from './rtt-connections.ts';
import { countShares } from './shares.ts';
import { layersOf } from './traffic.ts';
import { tripsOf } from './trips.ts';

interface Prepared {
  readonly capture: Capture;
  readonly job: Job;
  /** Rows of a filter, which are kept. */
  readonly select: (filter: string) => Promise<BitSet | null>;
}

/** Pieces of up to a tenth of a second; whoever asks meanwhile waits for one of them. */
export async function preparePanels({ capture, job, select }: Prepared): Promise<void> {
  if (!isKept(capture)) return;
  const whole = { capture, rows: null };
  const filters = EXPERT_RULES.filter(({ isOfMessages }) => isOfMessages !== true).map(({ filter }) => filter);
  const pieces: readonly (() => unknown)[] = [
    () => capture.flows.update(),
    () => countShares(whole),
    () => layersOf(whole),
    () => tripsOf(whole),
    () => connectionsOf({ capture, job }, tripsOf(whole)),
    ...filters.map((filter) => () => select(filter)),
  ];
  for (const [at, piece] of pieces.entries()) {
    const waiting = job.pause(at, pieces.length);
    if (waiting !== null) await waiting;
    await piece();
  }
}
