/**
 * `npm run bench`: makes the large captures unless they are there, measures the program on them side by side with tcpdump and
 * tshark where those are installed, and prints one table. A filter that finds nothing is refused: it would prove nothing.
 * `--write` puts the table into docs/performance.md, `--repeat N` measures N times (5), `--folder DIR` holds the captures,
 * `--without-tshark` leaves its minutes out.
 */

import { writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { benchCapture } from './bench/captures.ts';
import { DEEP_FILTERS, HEADER_FILTERS, INDEXED_FILTERS, type MeasuredFilter } from './bench/filters.ts';
import { type ProgramRun, runNode, runProgram, timesOf, versionOf } from './bench/measure.ts';
import { grouped, type Line, machineText, megabytes, type Section, tableText } from './bench/report.ts';
import { buildSessionProgram } from './bench/session-program.ts';
import { measureWindow } from './bench/window.ts';
import type { SessionFigures } from './bench-session.ts';
import { buildWhatChanged } from './build/parts.ts';

/** Of tshark's times: it takes half a minute for each. It dissects everything whatever the filter: one stands for its section. */
const TSHARK_REPEATS = 1;
const INDEXED_SECONDS = 0.03;
const AGAIN_SECONDS = 0.05;
const COLUMN_BYTES_PER_PACKET = 64;
const PROCESS_BYTES = 250 * 1e6;

const root = process.cwd();
const say = (line: string): boolean => process.stderr.write(`${line}\n`);
const { values } = parseArgs({
  options: {
    repeat: { type: 'string', default: '5' },
    folder: { type: 'string', default: tmpdir() },
    write: { type: 'boolean', default: false },
    'without-tshark': { type: 'boolean', default: false },
  },
});
const repeat = Math.max(1, Number(values.repeat));
const tcpdump = versionOf('tcpdump');
const tshark = values['without-tshark'] ? null : versionOf('tshark');

await buildWhatChanged(root, false, say);
const sessionProgram = await buildSessionProgram(root);
const nagare = (args: readonly string[], times = repeat): ProgramRun =>
  runNode(join(root, 'cli/nagare.mjs'), args, times);
const tsharkRun = (args: readonly string[]): ProgramRun | null =>
  tshark === null ? null : runProgram('tshark', args, TSHARK_REPEATS);

function session(path: string, filters: readonly MeasuredFilter[]): SessionFigures {
  const args = [sessionProgram, path, String(repeat), ...filters.map(({ text }) => text)];
  return JSON.parse(runProgram(process.execPath, args, 1).output) as SessionFigures;
}

function found(text: string, rows: number): number {
  if (rows === 0) throw new Error(`${text} found nothing: choose a filter that does`);
  return rows;
}

/** At most 1/`part` of tshark's time; not known where there is no tshark. */
function shareOf(own: number, other: ProgramRun | null, part: number): Pick<Line, 'against' | 'target' | 'isReached'> {
  return {
    against: other === null ? undefined : { name: 'tshark', times: other },
    target: `1/${part} of tshark`,
    isReached: other === null ? null : own <= other.min / part,
  };
}

function wholeProcess(path: string): Section {
  say('whole processes');
  const hierarchy = nagare(['stats', path, 'hierarchy']);
  const dump =
    tcpdump === null
      ? null
      : runProgram('tcpdump', ['-r', path, '-w', process.platform === 'win32' ? 'NUL' : '/dev/null'], repeat);
  const phs = tsharkRun(['-n', '-q', '-r', path, '-z', 'io,phs']);
  const lines: Line[] = [
    { what: '`nagare stats FILE hierarchy`', times: hierarchy, ...shareOf(hierarchy.min, phs, 25) },
    {
      what: '',
      times: hierarchy,
      against: dump === null ? undefined : { name: 'tcpdump', times: dump },
      target: '3 x tcpdump',
      isReached: dump === null ? null : hierarchy.min <= 3 * dump.min,
    },
    {
      what: 'its memory at most',
      figure: megabytes(hierarchy.peakBytes ?? Number.NaN),
      target: `columns + ${megabytes(PROCESS_BYTES)}`,
      isReached:
        (hierarchy.peakBytes ?? Number.POSITIVE_INFINITY) <= PROCESS_BYTES + COLUMN_BYTES_PER_PACKET * 2_000_000,
    },
  ];
  const other = tsharkFilter(path, 'tcp.port == 111');
  for (const text of ['tcp.port == 111', 'ip.ttl == 64', 'tls.handshake.type == 1']) {
    const own = nagare(['count', path, '-Y', text]);
    const rows = found(text, Number(own.output));
    lines.push({
      what: `\`nagare count FILE -Y '${text}'\``,
      rows,
      times: own,
      ...shareOf(own.min, other, text.startsWith('tcp.port') ? 25 : 20),
    });
    if (text === 'tcp.port == 111') noteDifference(text, rows, other);
  }
  return { title: 'Whole processes, start to exit', lines };
}

function tsharkFilter(path: string, text: string): ProgramRun | null {
  say(`tshark: ${text}`);
  return tsharkRun(['-n', '-r', path, '-Y', text, '-T', 'fields', '-e', 'frame.number']);
}

function noteDifference(text: string, rows: number, other: ProgramRun | null): void {
  if (other === null) return;
  const theirs = other.output.split('\n').length - 1;
  if (theirs !== rows) say(`note: ${text} found ${rows} here, ${theirs} in tshark`);
}

function openSession(path: string): Section[] {
  say('filters on an open session');
  const figures = session(path, [...INDEXED_FILTERS, ...HEADER_FILTERS, ...DEEP_FILTERS]);
  const sections: Section[] = [];
  const lineOf = ({
    kind,
    text,
  }: MeasuredFilter): {
    readonly line: Line;
    readonly rows: number;
    readonly min: number;
    readonly seconds: number[];
  } => {
    const one = figures.filters.find((filter) => filter.text === text);
    if (one === undefined) throw new Error(`${text} was not measured`);
    const seconds = one.ms.map((ms) => ms / 1000);
    const times = timesOf(seconds);
    const rows = found(text, one.rows);
    return { line: { what: `${kind}: \`${text}\``, rows, times }, rows, min: times.min, seconds };
  };
  sections.push({
    title: 'A filter on an open session: indexed',
    lines: INDEXED_FILTERS.map((filter) => {
      const { line, min } = lineOf(filter);
      return { ...line, target: '30 ms', isReached: min <= INDEXED_SECONDS };
    }),
  });
  const others: readonly [string, readonly MeasuredFilter[]][] = [
    ['A filter on an open session: other fields, link to transport', HEADER_FILTERS],
    ['A filter on an open session: messages', DEEP_FILTERS],
  ];
  for (const [title, filters] of others) {
    const [one] = filters;
    const other = one === undefined ? null : tsharkFilter(path, one.text);
    const lines = filters.flatMap((filter): Line[] => {
      const { line, rows, seconds } = lineOf(filter);
      if (filter === one) noteDifference(filter.text, rows, other);
      // What packets told is kept: the first time and the others are different things.
      const first = timesOf(seconds.slice(0, 1));
      const again = timesOf(seconds.slice(1));
      const lines: Line[] = [{ ...line, times: first, ...shareOf(first.min, other, 20) }];
      if (filters === DEEP_FILTERS && repeat > 1)
        lines.push({ what: 'the same again', times: again, target: '50 ms', isReached: again.min <= AGAIN_SECONDS });
      return lines;
    });
    sections.push({ title, lines });
  }
  return sections;
}

function memory(): Section {
  const lines: Line[] = [];
  for (const name of ['bench', 'scan', 'small'] as const) {
    const made = benchCapture(name, values.folder, say);
    say(`memory: ${made.path}`);
    const figures = session(made.path, []);
    if (figures.packets !== made.packets)
      throw new Error(`${made.path} has ${figures.packets} packets, not ${made.packets}: delete it`);
    const perPacket = figures.columnBytes / figures.packets;
    const what = `${name}: ${grouped(figures.packets)} packets, ${grouped(figures.flows)} flows`;
    lines.push(
      { what: `${what}: loading`, times: timesOf([figures.loadSeconds]) },
      {
        what: `${what}: columns`,
        figure: `${perPacket.toFixed(1)} bytes a packet`,
        target: `${COLUMN_BYTES_PER_PACKET} bytes`,
        isReached: perPacket <= COLUMN_BYTES_PER_PACKET,
      },
      {
        what: `${what}: process at most`,
        figure: megabytes(figures.peakBytes),
        // A flow costs 200 bytes and a path 64 beside the columns.
        target: `columns + flows + ${megabytes(PROCESS_BYTES)}`,
        isReached: figures.peakBytes <= figures.columnBytes + 200 * figures.flows + 64 * figures.paths + PROCESS_BYTES,
      },
    );
  }
  return { title: 'Loading and memory', lines };
}

const bench = benchCapture('bench', values.folder, say);
const sections = [wholeProcess(bench.path), ...openSession(bench.path), memory()];
say('the window');
const shown = await measureWindow(
  root,
  bench,
  benchCapture('small', values.folder, say),
  benchCapture('connections', values.folder, say),
);
if (shown !== null) sections.push(shown);
const machine = machineText([tcpdump, tshark].filter((version) => version !== null));
const text = `${machine}. Each figure: ${repeat} runs, of filters that read packets the first (tshark: ${TSHARK_REPEATS}, one filter for each section).\n\n${tableText(sections)}`;
process.stdout.write(`${text}\n`);
if (values.write) {
  const intro =
    '# Performance\n\nMade by `npm run bench -- --write`. The captures are made by `scripts/make-capture.ts`; all times are of one run, so that the ratios hold although a machine has other work.\n\n';
  writeFileSync(join(root, 'docs/performance.md'), `${intro}${text}`);
  say('written: docs/performance.md');
}
