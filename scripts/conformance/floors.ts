/**
 * What agreement has reached, in percent (floors.json): figures may only rise. `npm test` fails when one falls below its floor,
 * and `npm run conformance -- --raise` lifts the floors to what was reached.
 */

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { FIGURES } from './figures.ts';
import { percent } from './report.ts';
import type { Scores } from './score.ts';

interface Floor {
  readonly pooled: number;
  /** Left out where a capture has few values. */
  readonly mean?: number;
}

type Floors = Readonly<Record<string, Floor>>;

const FILE = 'scripts/conformance/floors.json';

function floorsOf(root: string): Floors {
  return JSON.parse(readFileSync(join(root, FILE), 'utf8')) as Floors;
}

const opened = ({ isOpened }: { readonly isOpened: boolean }): boolean => isOpened;

/** Holds every figure against its floor and leaves a tally for the test run; without scores only what was skipped. */
export function checkFloors(
  root: string,
  scores: Scores | null,
  skipped: readonly string[],
  say: (line: string) => void,
): void {
  const failures: string[] = [];
  let passed = 0;
  for (const [name, floor] of scores === null ? [] : Object.entries(floorsOf(root))) {
    const sum = scores?.sum(name, opened);
    if (sum === undefined || sum.pooled === null) {
      if (!skipped.some((text) => text.startsWith(name))) failures.push(`${name}: nothing was compared`);
      continue;
    }
    const kinds = [
      ['pooled', sum.pooled, floor.pooled],
      ['mean', sum.mean, floor.mean],
    ] as const;
    for (const [kind, share, least] of kinds) {
      if (least === undefined) continue;
      if (share !== null && hundredths(share) >= least) passed++;
      else failures.push(`${name}: ${kind} ${percent(share)}, was ${least} %`);
    }
  }
  for (const failure of failures) say(`fell: ${failure}`);
  const folder = join(root, 'build/test-results');
  mkdirSync(folder, { recursive: true });
  const tally = { passed, failed: failures.length, skipped };
  writeFileSync(join(folder, 'conformance.json'), JSON.stringify(tally));
  if (failures.length > 0) process.exitCode = 1;
}

/** Percent, cut to two places. */
function hundredths(share: number): number {
  return Math.floor(share * 10_000) / 100;
}

export function raiseFloors(root: string, scores: Scores): void {
  const old = floorsOf(root);
  const floors: Record<string, Floor> = { ...old };
  for (const { name, isPooled = false } of FIGURES) {
    const { pooled, mean } = scores.sum(name, opened);
    if (pooled === null || mean === null) continue;
    const before = old[name] ?? { pooled: 0 };
    const raised = { pooled: Math.max(before.pooled, hundredths(pooled)) };
    floors[name] = isPooled ? raised : { ...raised, mean: Math.max(before.mean ?? 0, hundredths(mean)) };
  }
  writeFileSync(join(root, FILE), `${JSON.stringify(floors, null, 2)}\n`);
}
