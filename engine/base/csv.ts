/**
 * Comma-separated values (RFC 4180): CR LF, quotes where a cell needs them. A cell that a spreadsheet would take for a formula
 * gets an apostrophe in front, plain numbers aside.
 */

export function csvLine(cells: readonly string[]): string {
  return `${cells.map(csvCell).join(',')}\r\n`;
}

/** What spreadsheets begin a formula with; the full-width forms are taken for the same on Japanese systems. */
const FORMULA = /^[=+\-@\t\r\n＝＋－＠]/;
const NUMBER = /^[+-]?\d+(\.\d+)?$/;

export function csvCell(text: string): string {
  const safe = FORMULA.test(text) && !NUMBER.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
