/** A panel's report as JSON and CSV: for `nagare stats`, and for what people copy from the window. */

import { csvLine } from '../base/csv.ts';
import { formatSeconds } from '../base/time.ts';
import { linkOf, type Report, type Table, type TableColumn } from './report.ts';

/** Times are seconds since 1970, lengths of time nanoseconds, shares from 0 to 1; what is not known is null. */
export function reportJson(report: Report, epoch: bigint): unknown {
  const number = (value: number, unit: string): number | string | null =>
    Number.isNaN(value) ? null : unit === 'time' ? seconds(epoch, value) : value;
  return {
    findings: report.findings.map(({ id, level, values, link }) => ({
      id,
      level,
      values: Object.fromEntries(
        Object.entries(values).map(([name, value]) => [
          name,
          typeof value === 'string' ? value : 'key' in value ? value.key : number(value.value, value.unit),
        ]),
      ),
      filter: link?.filter ?? null,
    })),
    figures: Object.fromEntries(
      report.figures.map(({ id, value, unit, link }) => [
        id,
        { value: number(value, unit), unit, filter: link?.filter ?? null },
      ]),
    ),
    charts: Object.fromEntries(
      report.charts.map(({ id, axis, series }) => [
        id,
        {
          axis: axis.unit === 'text' ? axis.values : Array.from(axis.values, (value) => number(value, axis.unit)),
          series: series.map(({ id: one, title, unit, values }) => ({
            id: one,
            title: title ?? null,
            unit,
            values: Array.from(values, (value) => number(value, unit)),
          })),
        },
      ]),
    ),
    tables: Object.fromEntries(
      report.tables.map((table) => [
        table.id,
        orderOf(table).map((row) => ({
          ...Object.fromEntries(
            table.columns
              .filter(({ hidden }) => hidden !== true)
              .map((column) => [
                column.id,
                isText(column) ? (column.values[row] ?? '') : number(column.values[row] ?? Number.NaN, column.unit),
              ]),
          ),
          filter: linkOf(table, null, row)?.filter ?? null,
        })),
      ]),
    ),
  };
}

/** One table; numbers are plain, cells that a spreadsheet would run are defused. */
export function reportCsv(table: Table, epoch: bigint): string {
  const columns = table.columns.filter(({ hidden }) => hidden !== true);
  const lines = [csvLine(columns.map(({ id }) => id))];
  for (const row of orderOf(table)) {
    lines.push(
      csvLine(
        columns.map((column) => {
          if (isText(column)) return column.values[row] ?? '';
          const value = column.values[row] ?? Number.NaN;
          if (Number.isNaN(value)) return '';
          return column.unit === 'time' ? seconds(epoch, value) : String(value);
        }),
      ),
    );
  }
  return lines.join('');
}

/** Rows in the order that the table is shown in at first. */
export function orderOf(table: Table): number[] {
  const rows = Array.from({ length: table.count }, (_, row) => row);
  const by = table.columns.find(({ id }) => id === table.sort?.column);
  if (by === undefined) return rows;
  const sign = table.sort?.descending === true ? -1 : 1;
  return rows.sort((a, b) => {
    const [one, other] = [by.values[a] ?? '', by.values[b] ?? ''];
    return (one < other ? -1 : one > other ? 1 : 0) * sign || a - b;
  });
}

/** A column of texts. */
export function isText(column: TableColumn): column is Extract<TableColumn, { readonly values: readonly string[] }> {
  return column.unit === 'text' || column.unit === 'key';
}

/** Nanoseconds since the epoch as seconds since 1970 with nine decimals. */
function seconds(epoch: bigint, time: number): string {
  return formatSeconds(epoch + BigInt(Math.round(time)));
}
