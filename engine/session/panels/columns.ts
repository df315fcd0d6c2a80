/** Columns of tables from functions of the row. */

import type { TableColumn } from '../../contract/report.ts';
import type { Names } from '../names.ts';

/** NaN where there is nothing to tell. */
export function numbers(count: number, value: (row: number) => number): Float64Array {
  const values = new Float64Array(count);
  for (let row = 0; row < count; row++) {
    const one = value(row);
    values[row] = Number.isFinite(one) ? one : Number.NaN;
  }
  return values;
}

export function texts(count: number, value: (row: number) => string): string[] {
  return Array.from({ length: count }, (_, row) => value(row));
}

/** What addresses are called; no column where nothing is known of any. */
export function nameColumn(id: string, addresses: readonly string[], names: Names | null): TableColumn[] {
  if (names === null) return [];
  const values = addresses.map((address) => names.of(address));
  return values.some((name) => name !== '') ? [{ id, unit: 'text', values, filter: '', yields: true }] : [];
}
