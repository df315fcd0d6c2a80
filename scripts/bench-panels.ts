/**
 * Every panel on one open session, measured from inside: `bench-panels FILE REPEATS FILTER [PANEL...]` prints as JSON how long each
 * panel takes the first time after loading, again, and under the filter. A program of its own, as bench-session is.
 */

import process from 'node:process';
import { openCaptureFiles, turns } from '../cli/open-capture.ts';
import type { BitSet } from '../engine/base/bitset.ts';
import { catalog } from '../engine/dissect/registry.ts';
import { checkFilter } from '../engine/filter/language/check.ts';
import { runFilter } from '../engine/filter/plan.ts';
import { filterData } from '../engine/session/packet-source.ts';
import { panels } from '../engine/session/panels/index.ts';
import { Job } from '../engine/session/turns.ts';

export interface PanelFigures {
  readonly packets: number;
  readonly loadSeconds: number;
  /** Milliseconds: the first time, the quickest of the others, and the first and the quickest other with the filter. */
  readonly panels: readonly {
    readonly name: string;
    readonly first: number;
    readonly again: number;
    readonly filtered: number;
    readonly filteredAgain: number;
  }[];
}

const [file, repeats, filter = '', ...only] = process.argv.slice(2);
if (file === undefined || repeats === undefined) throw new Error('usage: bench-panels FILE REPEATS FILTER [PANEL...]');
const never = new AbortController().signal;
const started = performance.now();
const opened = await openCaptureFiles([file], never);
const loadSeconds = (performance.now() - started) / 1000;
const { capture, dissector } = opened;
const data = filterData(capture, dissector, (row) => ({ displayedBefore: row - 1, reference: -1 }));

async function rowsOf(text: string): Promise<BitSet> {
  const checked = checkFilter(text, catalog);
  if (!checked.ok) throw new Error(`${text}: ${checked.error.message}`);
  return runFilter(checked.value.tree, data, 0, capture.table.count, new Job(turns).pause);
}

const chosen = await rowsOf(filter);
const measured: PanelFigures['panels'][number][] = [];
for (const panel of panels.values()) {
  if (only.length > 0 && !only.includes(panel.name)) continue;
  const time = async (rows: BitSet | null): Promise<number> => {
    const began = performance.now();
    await panel.make({ capture, dissector, rows, job: new Job(turns), options: {}, select: rowsOf });
    return performance.now() - began;
  };
  const times = async (rows: BitSet | null): Promise<readonly [first: number, again: number]> => {
    const first = await time(rows);
    let again = Number.POSITIVE_INFINITY;
    for (let i = 1; i < Number(repeats); i++) again = Math.min(again, await time(rows));
    return [first, again];
  };
  const [first, again] = await times(null);
  const [filtered, filteredAgain] = await times(chosen);
  measured.push({ name: panel.name, first, again, filtered, filteredAgain });
  process.stderr.write(
    `${panel.name}: ${[first, again, filtered, filteredAgain].map((ms) => `${ms.toFixed(0)} ms`).join(', ')}\n`,
  );
}
const figures: PanelFigures = { packets: capture.table.count, loadSeconds, panels: measured };
opened.close();
process.stdout.write(`${JSON.stringify(figures)}\n`);
