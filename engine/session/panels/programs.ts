/** Who the traffic belongs to, where the capture says: packets and bytes by the likely program of their connection. */

import type { Table, TableColumn } from '../../contract/report.ts';
import { quoteString } from '../../filter/language/print.ts';
import { BLOCK_MASK } from '../../table/packet-table.ts';
import type { Capture } from '../capture.ts';
import { hasProcesses, processOfFlow } from '../processes.ts';
import { numbers, texts } from './columns.ts';
import type { PanelInput } from './panel.ts';

interface Program {
  readonly name: string;
  readonly flows: Set<number>;
  packets: number;
  bytes: number;
}

/** One table, or none where nothing is known of programs. */
export function programTables({ capture, rows }: PanelInput): Table[] {
  const programs = programsOf(capture, rows);
  const count = programs.length;
  if (count === 0) return [];
  return [
    {
      id: 'programs',
      count,
      columns: [
        { id: 'process', unit: 'text', values: texts(count, (i) => programs[i].name) },
        { id: 'connections', unit: 'count', values: numbers(count, (i) => programs[i].flows.size), filter: '' },
        { id: 'packets', unit: 'count', values: numbers(count, (i) => programs[i].packets) },
        { id: 'bytes', unit: 'bytes', values: numbers(count, (i) => programs[i].bytes) },
        { id: 'quoted', unit: 'text', values: texts(count, (i) => quoteString(programs[i].name)), hidden: true },
      ],
      filter: 'nagare.process == {quoted}',
      packets: 'packets',
      sort: { column: 'bytes', descending: true },
    },
  ];
}

/** The column of a table of connections; none where nothing is known of programs. */
export function programColumn(capture: Capture, count: number, flowOf: (i: number) => number): TableColumn[] {
  if (!hasProcesses(capture)) return [];
  const name = (i: number): string => processOfFlow(capture, flowOf(i))?.name ?? '';
  return [{ id: 'process', unit: 'text', values: texts(count, name) }];
}

function programsOf(capture: Capture, rows: PanelInput['rows']): Program[] {
  if (!hasProcesses(capture)) return [];
  const { pass, table } = capture;
  const programs = new Map<string, Program>();
  const count = (row: number): void => {
    const flow = pass.flowOf(row);
    const process = processOfFlow(capture, flow);
    if (process === null) return;
    let program = programs.get(process.name);
    if (program === undefined) {
      program = { name: process.name, flows: new Set(), packets: 0, bytes: 0 };
      programs.set(process.name, program);
    }
    program.flows.add(flow);
    program.packets++;
    program.bytes += table.block(row).length[row & BLOCK_MASK];
  };
  if (rows === null) for (let row = table.first; row < table.count; row++) count(row);
  else for (let row = rows.next(0); row >= 0; row = rows.next(row + 1)) count(row);
  return [...programs.values()];
}
