/** The benchmark's table, as Markdown: for the terminal and for docs/performance.md. */

import { cpus, loadavg, release, totalmem, type } from 'node:os';
import process from 'node:process';
import type { Times } from './measure.ts';

export interface Line {
  readonly what: string;
  /** Rows that a filter found. */
  readonly rows?: number | undefined;
  /** In seconds. */
  readonly times?: Times | undefined;
  /** The same by another program, in seconds, and its name. */
  readonly against?: { readonly name: string; readonly times: Times } | undefined;
  /** A figure that is no time. */
  readonly figure?: string | undefined;
  /** What was to be reached, and whether it was; null: it cannot be told here. */
  readonly target?: string | undefined;
  readonly isReached?: boolean | null | undefined;
}

export interface Section {
  readonly title: string;
  readonly lines: readonly Line[];
}

const HEAD = '| What | Rows | Minimum | Median | Against | Ratio | Target | |';
const RULE = '| --- | ---: | ---: | ---: | --- | ---: | --- | --- |';

export function tableText(sections: readonly Section[]): string {
  return sections
    .map(({ title, lines }) => `### ${title}\n\n${HEAD}\n${RULE}\n${lines.map(lineText).join('')}`)
    .join('\n');
}

function lineText(line: Line): string {
  const { what, rows, times, against, figure, target = '', isReached } = line;
  const cells = [
    what,
    rows === undefined ? '' : grouped(rows),
    times === undefined ? (figure ?? '') : duration(times.min),
    times === undefined ? '' : duration(times.median),
    against === undefined ? '' : `${against.name} ${duration(against.times.min)}`,
    against === undefined || times === undefined ? '' : ratio(times.min, against.times.min),
    target,
    isReached === undefined || isReached === null ? '' : isReached ? 'reached' : 'missed',
  ];
  return `| ${cells.join(' | ')} |\n`;
}

function duration(seconds: number): string {
  return seconds < 0.1 ? `${(seconds * 1000).toFixed(1)} ms` : `${seconds.toFixed(2)} s`;
}

/** `1/27` of the other's time, or `2.1 x`. */
function ratio(own: number, other: number): string {
  return own < other ? `1/${(other / own).toFixed(1)}` : `${(own / other).toFixed(2)} x`;
}

export function grouped(count: number): string {
  return count.toLocaleString('en-US');
}

export function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(0)} MB`;
}

/** What it ran on, so that figures can be compared. */
export function machineText(programs: readonly string[]): string {
  const [cpu] = cpus();
  const cores = `${cpus().length} core${cpus().length === 1 ? '' : 's'}`;
  const memory = `${Math.round(totalmem() / 2 ** 30)} GiB`;
  return [
    `${cpu?.model.trim() ?? 'unknown processor'}, ${cores}, ${memory}`,
    `${type()} ${release()}`,
    `Node ${process.version}`,
    ...programs,
    `load average at the end ${loadavg()
      .map((load) => load.toFixed(1))
      .join(' ')}`,
  ].join('; ');
}
