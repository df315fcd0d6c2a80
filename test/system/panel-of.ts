/** A panel's report on captures in memory, and the values of its tables. */
import type { CallContext } from '../../engine/contract/api.ts';
import type { Report } from '../../engine/contract/report.ts';
import { mergeReaders } from '../../engine/readers/merge.ts';
import { Session } from '../../engine/session/session.ts';
import { readerOn } from '../support/load-capture.ts';

const call: CallContext = { signal: new AbortController().signal, progress: () => undefined };

/** `files`: more than one are merged, as those that are named together. */
export async function panelOf(panel: string, ...files: readonly Uint8Array[]): Promise<Report> {
  const env = {
    now: () => performance.now(),
    next: () => new Promise<void>((resolve) => setImmediate(resolve)),
    emit: () => undefined,
  };
  const readers = files.map((file) => readerOn(file));
  const [first] = readers;
  if (first === undefined) throw new Error('there is no file');
  const reader = readers.length === 1 ? first : mergeReaders(readers);
  const known = files.map((file, i) => ({ path: `${i}.pcap`, name: `${i}.pcap`, size: file.length }));
  const session = new Session(1, reader, known, env, { seed: 1 });
  await session.loaded;
  return (await session.panel({ session: 1, panel, filter: '', range: null, options: {} }, call)) as Report;
}

export function column(report: Report, table: string, id: string): unknown[] {
  const found = report.tables.find((one) => one.id === table)?.columns.find((one) => one.id === id);
  if (found === undefined) throw new Error(`no column ${id} in ${table}`);
  return [...found.values];
}

/** The column of the row whose `by` is the greatest. */
export function ofLargest(report: Report, table: string, by: string, id: string): unknown {
  const sizes = column(report, table, by).map(Number);
  return column(report, table, id)[sizes.indexOf(Math.max(...sizes))];
}
