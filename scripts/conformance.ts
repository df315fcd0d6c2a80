/**
 * `npm run conformance`: opens every capture of ../shared/captures in this one process and compares frames, columns, filters,
 * hierarchy and TCP analysis with tshark's answers beside them. Prints one table and writes build/conformance.json.
 * An argument restricts it to captures whose name has it in it; `--detail FIELD` prints every difference of a field and the
 * most frequent ones; `--write` puts the table into docs/conformance.md; `--check` holds every figure against its floor,
 * `--raise` lifts the floors to what was reached; `--folder DIR` takes the captures from elsewhere.
 */

import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { useNodePlatform } from '../engine/host/platform-node.ts';
import { type CaptureName, capturesIn, open } from './conformance/captures.ts';
import { Details } from './conformance/details.ts';
import { FIGURES, FRAME_COUNT } from './conformance/figures.ts';
import { compareFilters } from './conformance/filters.ts';
import { checkFloors, raiseFloors } from './conformance/floors.ts';
import { compareFrames, countUnopened } from './conformance/frames.ts';
import { compareHierarchy } from './conformance/hierarchy.ts';
import { Oracle, type OracleFilter } from './conformance/oracle.ts';
import { pageText } from './conformance/page.ts';
import { mostText, reportJson, rulesText, tableText, worstText } from './conformance/report.ts';
import { DIFFERENT, EQUAL, Scores } from './conformance/score.ts';
import { compareTables } from './conformance/tables.ts';
import { compareTransport, TRANSPORT, TransportOracle } from './conformance/transport.ts';

const root = process.cwd();
const say = (line: string): boolean => process.stdout.write(`${line}\n`);
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    detail: { type: 'string' },
    write: { type: 'boolean', default: false },
    check: { type: 'boolean', default: false },
    raise: { type: 'boolean', default: false },
    folder: { type: 'string', default: join(root, '../shared/captures') },
  },
});
const [part = ''] = positionals;
const { folder, detail } = values;

const scores = new Scores();
const details = new Details(detail ?? null, say);
const notOpened: string[] = [];
const skipped: string[] = [];

function filtersByCapture(filters: readonly OracleFilter[]): Map<string, OracleFilter[]> {
  const found = new Map<string, OracleFilter[]>();
  for (const filter of filters) found.set(filter.capture, [...(found.get(filter.capture) ?? []), filter]);
  return found;
}

async function compare({ theme, name }: CaptureName, oracle: Oracle, filters: readonly OracleFilter[]): Promise<void> {
  const expected = oracle.expectation(name);
  const table = oracle.frames(name);
  const opened = await open(folder, name);
  scores.begin(theme, name, opened !== null || expected.frames === 0);
  const context = { name, scores, details };
  if (opened === null) {
    // Neither reads a packet from it: agreed.
    scores.count(FRAME_COUNT, expected.frames === 0 ? EQUAL : DIFFERENT);
    if (expected.frames === 0) return;
    notOpened.push(name);
    if (table !== null) countUnopened(table, context);
    return;
  }
  try {
    const { count } = opened.capture.table;
    if (count === expected.frames) scores.count(FRAME_COUNT, EQUAL);
    else if (!expected.ok && expected.frames === 0)
      scores.count(FRAME_COUNT, { kind: 'deliberate', rule: 'records that tshark refuses are listed' });
    else {
      scores.count(FRAME_COUNT, DIFFERENT);
      details.add({
        capture: name,
        frame: 0,
        field: FRAME_COUNT,
        ours: String(count),
        theirs: String(expected.frames),
      });
    }
    const meant = table === null ? [] : compareFrames(opened, table, context);
    if (transport.isThere && expected.frames > 0) compareTransport(opened, transport.rows(name), context);
    const hierarchy = oracle.hierarchy(name);
    if (hierarchy !== null && expected.frames > 0) await compareHierarchy(opened, hierarchy, meant, context);
    if (expected.frames > 0) await compareTables(opened, oracle, context);
    await compareFilters(opened, filters, context);
  } finally {
    opened.close();
  }
}

useNodePlatform();
if (!existsSync(folder)) {
  const gone = 'the captures of ../shared/captures are not there';
  say(gone);
  if (values.check) checkFloors(root, null, [gone], say);
  process.exit(0);
}
const oracle = new Oracle(folder);
const transport = new TransportOracle(folder, join(root, 'build/conformance'));
if (!transport.isThere) skipped.push(`${TRANSPORT}: no tshark 4.0 is installed`);
const filters = filtersByCapture(oracle.filters());
const started = performance.now();
const captures = capturesIn(folder, part);
for (const capture of captures) await compare(capture, oracle, filters.get(capture.name) ?? []);

say(tableText(scores));
if (notOpened.length > 0) say(`not opened: ${notOpened.length} (${notOpened.join(', ')})`);
for (const name of skipped) say(`skipped: ${name}`);
if (detail !== undefined) say(`\n${worstText(scores, detail, 40)}\n${mostText(details, detail, 60)}`);
else if (part !== '')
  for (const { name } of FIGURES) {
    const text = mostText(details, name, 12);
    if (text !== '') say(`\n${name}\n${text}`);
  }
say(`\n${rulesText(scores)}`);
const memory = (process.memoryUsage().rss / 1e6).toFixed(0);
say(`${captures.length} captures in ${((performance.now() - started) / 1000).toFixed(1)} s, ${memory} MB at the end`);

if (part === '') {
  mkdirSync(join(root, 'build'), { recursive: true });
  writeFileSync(join(root, 'build/conformance.json'), reportJson(scores, details, notOpened, skipped));
  if (values.write) writeFileSync(join(root, 'docs/conformance.md'), pageText(scores, details, notOpened));
  if (values.raise) raiseFloors(root, scores);
  if (values.check) checkFloors(root, scores, skipped, say);
}
