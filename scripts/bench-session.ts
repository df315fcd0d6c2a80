/**
 * One open capture, measured from inside for `npm run bench`: `bench-session FILE REPEATS FILTER...` prints
 * the loading time, the memory of the columns and the time of each filter as JSON. A process of its own, so that its memory
 * is its own.
 */

import process from 'node:process';
import { openCaptureFiles, turns } from '../cli/open-capture.ts';
import { catalog } from '../engine/dissect/registry.ts';
import { checkFilter } from '../engine/filter/language/check.ts';
import { runFilter } from '../engine/filter/plan.ts';
import { filterData } from '../engine/session/packet-source.ts';
import { Job } from '../engine/session/turns.ts';

export interface SessionFigures {
  readonly packets: number;
  readonly flows: number;
  readonly paths: number;
  readonly loadSeconds: number;
  /** Of the packet table. */
  readonly columnBytes: number;
  readonly peakBytes: number;
  readonly filters: readonly { readonly text: string; readonly rows: number; readonly ms: readonly number[] }[];
}

const [file, repeats, ...filters] = process.argv.slice(2);
if (file === undefined || repeats === undefined) throw new Error('usage: bench-session FILE REPEATS FILTER...');
const never = new AbortController().signal;
const started = performance.now();
const opened = await openCaptureFiles([file], never);
const loadSeconds = (performance.now() - started) / 1000;
const { capture, dissector } = opened;
const { table, pass } = capture;
const data = filterData(capture, dissector, (row) => ({ displayedBefore: row - 1, reference: -1 }));

const { pause } = new Job(turns);
const measured: { text: string; rows: number; ms: number[] }[] = [];
for (const text of filters) {
  const checked = checkFilter(text, catalog);
  if (!checked.ok) throw new Error(`${text}: ${checked.error.message}`);
  const ms: number[] = [];
  let rows = 0;
  for (let i = 0; i < Number(repeats); i++) {
    const began = performance.now();
    const found = await runFilter(checked.value.tree, data, 0, table.count, pause);
    ms.push(performance.now() - began);
    rows = found.count();
  }
  measured.push({ text, rows, ms });
}
const figures: SessionFigures = {
  packets: table.count,
  flows: pass.flows.count,
  paths: pass.paths.count,
  loadSeconds,
  columnBytes: table.blocks.reduce((sum, { buffer }) => sum + buffer.byteLength, 0),
  peakBytes: process.resourceUsage().maxRSS * 1024,
  filters: measured,
};
opened.close();
process.stdout.write(`${JSON.stringify(figures)}\n`);
