/** Connections that are offered for pictures: those with most packets sent again first. */

import type { Report, Table } from '../../../engine/contract/report.ts';
import { isText } from '../../../engine/contract/report-output.ts';

export interface PickedConnection {
  readonly stream: string;
  readonly client: string;
  readonly server: string;
}

/** Any other is asked for by its number. */
const MOST_OFFERED = 50;

/** `chosen`: the stream that is shown, which is always among them. */
export function pickedConnections({ tables }: Report, chosen: string): PickedConnection[] {
  const table = tables.find(({ id }) => id === 'tcp.connections');
  if (table === undefined) return [];
  const resent = numbersOf(table, 'resent');
  const streams = numbersOf(table, 'stream');
  const rows = Array.from({ length: table.count }, (_, row) => row).sort(
    (a, b) => (resent[b] ?? 0) - (resent[a] ?? 0) || a - b,
  );
  const offered = rows.slice(0, MOST_OFFERED);
  const shown = rows.find((row) => String(streams[row]) === chosen);
  if (shown !== undefined && !offered.includes(shown)) offered.push(shown);
  return offered.map((row) => ({
    stream: String(streams[row]),
    client: end(table, 'client', row),
    server: end(table, 'server', row),
  }));
}

function end(table: Table, side: 'client' | 'server', row: number): string {
  const address = table.columns.find(({ id }) => id === side)?.values[row] ?? '';
  return `${address} (${numbersOf(table, `${side}Port`)[row] ?? ''})`;
}

function numbersOf(table: Table, id: string): Float64Array {
  const column = table.columns.find((one) => one.id === id);
  return column === undefined || isText(column) ? new Float64Array(0) : column.values;
}
