/** A panel's report on the command line, for people. */

import type { Report, Table, TableColumn } from '../../engine/contract/report.ts';
import { isText, orderOf } from '../../engine/contract/report-output.ts';
import { type Clock, formatQuantity, sentenceParams } from '../../engine/text/format/quantity.ts';
import { type Language, translateUnchecked } from '../../engine/text/index.ts';

export interface ReportStyle {
  readonly language: Language;
  readonly clock: Clock;
}

/** Findings, figures and tables one under the other; charts are for the window, their numbers for `--json`. */
export function reportText(report: Report, style: ReportStyle): string {
  const { language, clock } = style;
  const parts: string[] = [];
  const findings = report.findings.map(({ id, values }) => {
    const params = sentenceParams(values, language, clock, (key) => textOf(language, key));
    return `${textOf(language, `finding.${id}`, params)}\n`;
  });
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
