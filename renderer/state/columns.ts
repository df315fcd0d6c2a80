/** The columns of the packet list, as the settings name them. */

import type { ColumnSetting } from '../../engine/contract/api.ts';
import type { Translate } from '../../engine/text/index.ts';

/** Columns that are no field. */
export const BASIC_COLUMNS = ['number', 'time', 'source', 'destination', 'protocol', 'length', 'info'] as const;
export type BasicColumn = (typeof BASIC_COLUMNS)[number];

export function isBasicColumn(id: string): id is BasicColumn {
  return (BASIC_COLUMNS as readonly string[]).includes(id);
}

/** What a column is called: the user's title, the dictionary's, or the field's own name. */
export function columnTitle(t: Translate, column: ColumnSetting): string {
  if (column.title !== undefined && column.title !== '') return column.title;
  return isBasicColumn(column.id) ? t(`column.${column.id}`) : column.id;
}

/** The columns that are shown; all basic ones where the settings name none. */
export function shownColumns(columns: readonly ColumnSetting[]): readonly ColumnSetting[] {
  const shown = columns.filter((column) => column.hidden !== true);
  return shown.length > 0 ? shown : BASIC_COLUMNS.map((id) => ({ id }));
}

/** Every column, the hidden ones too. */
export function allColumns(columns: readonly ColumnSetting[]): ColumnSetting[] {
  return columns.length > 0 ? [...columns] : BASIC_COLUMNS.map((id): ColumnSetting => ({ id }));
}

/** The settings after columns were moved and resized on the screen: hidden ones keep their place behind their neighbour. */
export function arrangeColumns(
  columns: readonly ColumnSetting[],
  order: readonly string[],
  widths: ReadonlyMap<string, number>,
): ColumnSetting[] {
  const known = new Map(columns.map((column) => [column.id, column]));
  const result = order.map((id): ColumnSetting => {
    const column = known.get(id) ?? { id };
    const width = widths.get(id);
    return width === undefined ? column : { ...column, width: Math.round(width) };
  });
  const hidden = columns.filter((column) => !order.includes(column.id));
  for (const column of hidden) {
    const before = columns[columns.indexOf(column) - 1];
    const at = before === undefined ? 0 : result.findIndex(({ id }) => id === before.id) + 1;
    result.splice(at, 0, column);
  }
  return result;
}

export function hideColumn(columns: readonly ColumnSetting[], id: string): ColumnSetting[] {
  const all = columns.length > 0 ? columns : BASIC_COLUMNS.map((basic): ColumnSetting => ({ id: basic }));
  // A field's column is nothing but its name: hiding it and removing it are the same to the user, who adds it again.
  return isBasicColumn(id)
    ? all.map((column) => (column.id === id ? { ...column, hidden: true } : column))
    : all.filter((column) => column.id !== id);
}

/** A column as wide as it is by itself. */
export function resetColumnWidth(columns: readonly ColumnSetting[], id: string): ColumnSetting[] {
  return columns.map((column) => {
    if (column.id !== id) return column;
    const { width: _, ...rest } = column;
    return rest;
  });
}

export function showColumn(columns: readonly ColumnSetting[], id: string): ColumnSetting[] {
  return columns.map((column) => (column.id === id ? { ...column, hidden: false } : column));
}
