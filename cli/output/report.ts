/** A panel's report on the command line: as text for people, as JSON and CSV for programs. */

import { formatSeconds } from '../../engine/base/time.ts';
import { linkOf, type Report, type ReportValue, type Table, type TableColumn } from '../../engine/contract/report.ts';
import { csvLine } from '../../engine/exporters/csv.ts';
import { type Clock, formatQuantity } from '../../engine/text/format/quantity.ts';
import { type Language, translateUnchecked } from '../../engine/text/index.ts';

export interface ReportStyle {
  readonly language: Language;
  readonly clock: Clock;
}

/** Findings, figures and tables one under the other; charts are for the window, their numbers for `--json`. */
export function reportText(report: Report, style: ReportStyle): string {
  const { language, clock } = style;
  const parts: string[] = [];
  const findings = report.findings.map(({ id, values }) => `${findingText(id, values, style)}\n`);
  if (findings.length > 0) parts.push(findings.join(''));
  const figures = report.figures.map(({ id, value, unit }) => [
    textOf(language, `figure.${id}`),
    formatQuantity(value, unit, language, clock),
  ]);
  const widest = Math.max(0, ...figures.map(([name = '']) => width(name)));
  if (figures.length > 0)
    parts.push(figures.map(([name = '', value = '']) => `${pad(name, widest + 2, false)}${value}\n`).join(''));
  for (const table of report.tables) parts.push(tableText(table, style));
  return parts.join('\n');
}

function findingText(
  id: string,
  values: Readonly<Record<string, ReportValue>>,
  { language, clock }: ReportStyle,
): string {
  const params = Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      typeof value === 'string'
        ? value
        : 'key' in value
          ? textOf(language, value.key)
          : value.unit === 'count'
            ? value.value
            : formatQuantity(value.value, value.unit, language, clock),
    ]),
  );
  return textOf(language, `finding.${id}`, params);
}

function tableText(table: Table, style: ReportStyle): string {
  const { language } = style;
  const columns = table.columns.filter(({ hidden }) => hidden !== true);
  const order = orderOf(table);
  const cells = columns.map((column) => [
    textOf(language, `column.${column.id}`),
    ...order.map((row) => cellText(column, row, style)),
  ]);
  const widths = cells.map((column) => column.reduce((most, cell) => Math.max(most, width(cell)), 0));
  const lines = [`${textOf(language, `table.${table.id}`)}\n`];
  for (let line = 0; line <= order.length; line++) {
    const texts = cells.map((column, i) => pad(column[line] ?? '', widths[i] ?? 0, isNumber(columns[i])));
    lines.push(`${texts.join('  ').trimEnd()}\n`);
  }
  return lines.join('');
}

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

function orderOf(table: Table): number[] {
  const rows = Array.from({ length: table.count }, (_, row) => row);
  const by = table.columns.find(({ id }) => id === table.sort?.column);
  if (by === undefined) return rows;
  const sign = table.sort?.descending === true ? -1 : 1;
  return rows.sort((a, b) => {
    const [one, other] = [by.values[a] ?? '', by.values[b] ?? ''];
    return (one < other ? -1 : one > other ? 1 : 0) * sign || a - b;
  });
}

function isText(column: TableColumn): column is Extract<TableColumn, { readonly values: readonly string[] }> {
  return column.unit === 'text' || column.unit === 'key';
}

function isNumber(column: TableColumn | undefined): boolean {
  return column !== undefined && !isText(column);
}

function cellText(column: TableColumn, row: number, { language, clock }: ReportStyle): string {
  if (isText(column)) {
    const value = column.values[row] ?? '';
    return column.unit === 'text' ? value : textOf(language, `value.${value}`);
  }
  return formatQuantity(column.values[row] ?? Number.NaN, column.unit, language, clock);
}

function textOf(language: Language, key: string, params: Readonly<Record<string, string | number>> = {}): string {
  return translateUnchecked(language, key, params) ?? key;
}

/** Nanoseconds since the epoch as seconds since 1970 with nine decimals. */
function seconds(epoch: bigint, time: number): string {
  return formatSeconds(epoch + BigInt(Math.round(time)));
}

/** Columns of a terminal that a text takes: Chinese and Japanese characters take two. */
function width(text: string): number {
  let columns = 0;
  for (const character of text)
    columns += /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/u.test(
      character,
    )
      ? 2
      : 1;
  return columns;
}

function pad(text: string, columns: number, right: boolean): string {
  const blanks = ' '.repeat(Math.max(0, columns - width(text)));
  return right ? `${blanks}${text}` : `${text}${blanks}`;
}
