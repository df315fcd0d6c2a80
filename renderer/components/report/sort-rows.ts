/** The rows of a report's table in the order that someone wants, and those that hold what is searched for. */

import type { Table } from '../../../engine/contract/report.ts';
import { isText } from '../../../engine/contract/report-output.ts';

export interface TableSort {
  readonly column: string;
  readonly descending: boolean;
}

/** Rows without a value come last, whichever way; equal ones stay as they were. */
export function sortedRows(table: Table, sort: TableSort | null, search: string): Uint32Array {
  const rows = matching(table, search.trim().toLowerCase());
  const column = table.columns.find(({ id }) => id === sort?.column);
  if (sort === null || column === undefined) return rows;
  const sign = sort.descending ? -1 : 1;
  if (isText(column)) {
    const { values } = column;
    const collator = new Intl.Collator('en', { numeric: true });
    return rows.sort((a, b) => sign * collator.compare(values[a] ?? '', values[b] ?? '') || a - b);
  }
  const { values } = column;
  return rows.sort((a, b) => {
    const [one, other] = [values[a] ?? Number.NaN, values[b] ?? Number.NaN];
    if (Number.isNaN(one) || Number.isNaN(other))
      return Number(Number.isNaN(one)) - Number(Number.isNaN(other)) || a - b;
    return sign * (one - other) || a - b;
  });
}

function matching({ count, columns }: Table, search: string): Uint32Array {
  const all = Uint32Array.from({ length: count }, (_, row) => row);
  if (search === '') return all;
  const shown = columns.filter(({ hidden }) => hidden !== true);
  const columnsOfText = shown.filter(isText);
  const columnsOfIds = shown.filter((column) => column.unit === 'id');
  return all.filter(
    (row) =>
      columnsOfText.some(({ values }) => (values[row] ?? '').toLowerCase().includes(search)) ||
      columnsOfIds.some(({ values }) => String(values[row]) === search),
  );
}
