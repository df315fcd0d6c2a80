/** Every panel that is a report, on the sample capture: its texts are in the dictionary, and each number finds its packets. */

import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import type { CallContext } from '../../../../../engine/contract/api.ts';
import { linkOf, type PacketLink, type Report } from '../../../../../engine/contract/report.ts';
import { isText, reportCsv, reportJson } from '../../../../../engine/contract/report-output.ts';
import { useNodePlatform } from '../../../../../engine/host/platform-node.ts';
import { panels } from '../../../../../engine/session/panels/index.ts';
import type { Session } from '../../../../../engine/session/session.ts';
import { translateUnchecked } from '../../../../../engine/text/index.ts';
import { openSession } from '../../../../support/load-capture.ts';

const sample = new Uint8Array(readFileSync(new URL('../../../../../assets/sample.pcapng', import.meta.url)));
const call: CallContext = { signal: new AbortController().signal, progress: () => undefined };
/** Panels with a view of their own. */
const OWN = ['hierarchy', 'properties'];
let session: Session;

beforeAll(async () => {
  useNodePlatform();
  ({ session } = openSession(sample));
  await session.loaded;
});

const ask = (panel: string, filter = '', options: Record<string, string> = {}): Promise<Report> =>
  session.panel({ session: 1, panel, filter, range: null, options }, call) as Promise<Report>;

async function count({ filter, range = undefined }: PacketLink): Promise<number> {
  const rows = await session.select(filter, range ?? null, call);
  return rows?.count() ?? session.state.packets;
}

/** A report for each value of each of its choices. */
async function variants(panel: string): Promise<Report[]> {
  const first = await ask(panel);
  const reports = [first];
  for (const choice of first.choices) {
    if (choice.kind !== 'one') continue;
    for (const value of choice.values) reports.push(await ask(panel, '', { [choice.id]: value }));
  }
  return reports;
}

describe.each([...panels.keys()].filter((name) => !OWN.includes(name)))('the panel %s', (name) => {
  it('has a text for everything that it shows', async () => {
    const missing = new Set<string>();
    const need = (key: string): void => {
      if (translateUnchecked('en', key) === undefined) missing.add(key);
    };
    need(`explain.${name}`);
    need(`panel.${name}`);
    for (const report of await variants(name)) {
      for (const choice of report.choices) {
        need(`choice.${choice.id}`);
        if (choice.kind === 'one') for (const value of choice.values) need(`choice.${choice.id}.${value}`);
      }
      for (const { id, values } of report.findings) {
        need(`finding.${id}`);
        for (const value of Object.values(values)) if (typeof value === 'object' && 'key' in value) need(value.key);
      }
      for (const { id, note } of report.figures) {
        need(`figure.${id}`);
        if (note !== undefined) need(note);
      }
      for (const { id, series } of report.charts) {
        need(`chart.${id}`);
        for (const one of series) if (one.title === undefined) need(`series.${one.id}`);
      }
      for (const { id, columns } of report.tables) {
        need(`table.${id}`);
        for (const column of columns) {
          if (column.hidden !== true) need(`column.${column.id}`);
          if (column.unit === 'key') for (const value of column.values) if (value !== '') need(`value.${value}`);
        }
      }
    }
    expect([...missing]).toEqual([]);
  });

  it('has as many values in each column as rows', async () => {
    for (const { tables } of await variants(name)) {
      for (const table of tables) {
        for (const column of table.columns) expect([column.id, column.values.length]).toEqual([column.id, table.count]);
      }
    }
  });

  it('finds as many packets by each row’s filter as it counts', async () => {
    for (const { tables } of await variants(name)) {
      for (const table of tables) {
        const counted = table.columns.find(({ id }) => id === table.packets);
        for (let row = 0; row < table.count; row++) {
          for (const column of [null, ...table.columns]) {
            const link = linkOf(table, column, row);
            if (link === null) continue;
            const found = await count(link);
            if (column === null && counted !== undefined && !isText(counted)) {
              expect([link.filter, found]).toEqual([link.filter, counted.values[row]]);
            }
            if (column !== null && column.unit === 'count' && column.filter !== undefined && !isText(column)) {
              expect([link.filter, found]).toEqual([link.filter, column.values[row]]);
            }
          }
        }
      }
    }
  });

  it('leads from each finding and figure to packets that there are', async () => {
    for (const { findings, figures } of await variants(name)) {
      for (const { id, link } of findings) if (link !== undefined) expect([id, await count(link)]).not.toEqual([id, 0]);
      for (const { id, link, unit, value } of figures) {
        if (link === undefined) continue;
        const found = await count(link);
        if (unit === 'count') expect([id, found]).toEqual([id, value]);
        else expect(found).toBeGreaterThan(0);
      }
    }
  });

  it('counts nothing for a filter that finds nothing, and prints as CSV and JSON', async () => {
    const empty = await ask(name, 'frame.number > 1000000');
    expect(empty.tables.every((table) => table.count === 0)).toBe(true);
    const full = await ask(name);
    for (const table of full.tables) {
      expect(reportCsv(table, 0n).trimEnd().split('\r\n')).toHaveLength(table.count + 1);
    }
    expect(() => JSON.stringify(reportJson(full, 0n))).not.toThrow();
  });
});
