/** The first rows of a table as texts, with the columns that a page has room for. */

import type { Unit } from '../../../engine/base/unit.ts';
import type { Table, TableColumn } from '../../../engine/contract/report.ts';
import { isText, orderOf } from '../../../engine/contract/report-output.ts';

interface Texts {
  text(key: string): string;
  quantity(value: number, unit: Unit): string;
}

export function pageTable(
  table: Table,
  columns: readonly string[],
  rows: number,
  texts: Texts,
): { readonly shown: readonly TableColumn[]; readonly cells: readonly (readonly string[])[] } {
  const shown = columns.flatMap((id) => table.columns.filter((column) => column.id === id));
  const cells = orderOf(table)
    .slice(0, rows)
    .map((row) =>
      shown.map((column) => {
        if (!isText(column)) return texts.quantity(column.values[row] ?? Number.NaN, column.unit);
        const value = column.values[row] ?? '';
        return column.unit === 'key' && value !== '' ? texts.text(`value.${value}`) : value;
      }),
    );
  return { shown, cells };
}
