/** Reads comma-separated values (RFC 4180) with a heading line into records; lines that begin with `#` are notes. */

export interface CsvRecords {
  /** `# date: 2026-11-01` as `date` to `2026-11-01`; names in lower case. */
  readonly notes: ReadonlyMap<string, string>;
  readonly columns: readonly string[];
  /** By column; `line`: in the file, from 1. */
  readonly records: readonly { readonly line: number; readonly values: ReadonlyMap<string, string> }[];
}

export function readCsv(text: string): CsvRecords {
  const notes = new Map<string, string>();
  const records: { line: number; values: Map<string, string> }[] = [];
  let columns: string[] | null = null;
  for (const { line, cells } of lines(text.replace(/^\uFEFF/, ''))) {
    const [first = ''] = cells;
    if (first.startsWith('#')) {
      const [, name = '', value = ''] = /^#\s*([\w ]+?)\s*:\s*(.*?)\s*$/.exec(cells.join(',')) ?? [];
      if (name !== '') notes.set(name.toLowerCase(), value);
    } else if (cells.some((cell) => cell.trim() !== '')) {
      if (columns === null) columns = cells.map((cell) => cell.trim().toLowerCase());
      else {
        const values = new Map<string, string>();
        columns.forEach((column, i) => values.set(column, (cells[i] ?? '').trim()));
        records.push({ line, values });
      }
    }
  }
  return { notes, columns: columns ?? [], records };
}

function* lines(text: string): Generator<{ readonly line: number; readonly cells: string[] }> {
  let line = 1;
  let start = 1;
  let cells: string[] = [];
  for (let at = 0; at <= text.length; ) {
    let cell = '';
    if (text[at] === '"') {
      at++;
      for (; at < text.length; at++) {
        if (text[at] === '\n') line++;
        if (text[at] !== '"') cell += text[at];
        else if (text[at + 1] === '"') cell += text[at++];
        else break;
      }
      at++;
    }
    const end = /[,\r\n]/g;
    end.lastIndex = at;
    const stop = end.exec(text)?.index ?? text.length;
    cells.push(cell + text.slice(at, stop));
    at = stop + 1;
    if (text[stop] === ',') continue;
    if (text[stop] === '\r' && text[stop + 1] === '\n') at++;
    yield { line: start, cells };
    start = ++line;
    cells = [];
  }
}
