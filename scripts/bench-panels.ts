/**
 * Every panel over one capture, as the window asks for it: `bench-panels FILE REPEATS FILTERS [PANEL...]` opens the capture anew for
 * each panel in a process of its own and prints a table of how long it takes right after loading, again, and under each of the
 * filters (separated by `;`). `--json` prints the figures instead.
 */

import process from 'node:process';
import { panels } from '../engine/session/panels/index.ts';
import { runProgram } from './bench/measure.ts';
import { type PanelTimes, panelTable } from './bench/panel-report.ts';
import { panelTimes } from './bench/panel-times.ts';

const USAGE = 'usage: bench-panels FILE REPEATS FILTERS [PANEL...] [--json]';

const args = process.argv.slice(2).filter((arg) => arg !== '--json');
const [file, repeats, filters = '', ...only] = args;
if (file === undefined || !(Number(repeats) >= 1)) throw new Error(USAGE);

if (process.env['NAGARE_BENCH_PANEL'] !== undefined) {
  const times = await panelTimes(file, process.env['NAGARE_BENCH_PANEL'], Number(repeats), list(filters));
  process.stdout.write(`${JSON.stringify(times)}\n`);
  process.exit();
}

const measured: PanelTimes[] = [];
for (const { name } of panels.values()) {
  if (only.length > 0 && !only.includes(name)) continue;
  process.env['NAGARE_BENCH_PANEL'] = name;
  const { output } = runProgram(process.execPath, [process.argv[1] ?? '', ...args], 1);
  const times = JSON.parse(output) as PanelTimes;
  measured.push(times);
  process.stderr.write(panelTable([times]).split('\n').slice(2).join('\n'));
}
process.stdout.write(process.argv.includes('--json') ? `${JSON.stringify(measured)}\n` : panelTable(measured));

function list(text: string): string[] {
  return text.split(';').filter((filter) => filter !== '');
}
