/** Copying from the list: the value of one cell, or the selected rows as they are shown, tab-separated. */

import type { GridColumn } from '../../components/data-grid.tsx';
import type { App } from '../../state/app.ts';
import { copyToClipboard } from '../../state/clipboard.ts';
import { countRows } from '../../state/row-ranges.ts';
import { type PacketRow, rowsOfPage } from './packet-row.ts';

/** Rows of one request: the contract's limit. */
const PAGE = 2000;
/** More rows than this belong into a file. */
const MAX_ROWS = 100_000;

type Columns = readonly GridColumn<PacketRow>[];

export function textOf(columns: Columns, id: string, row: PacketRow): string {
  return columns.find((column) => column.id === id)?.text(row) ?? '';
}

/** `asked`: the columns whose texts come from the host. */
export async function copySelection(app: App, columns: Columns, asked: readonly string[]): Promise<void> {
  const { view } = app.filter.get();
  const { ranges, column } = app.selection.get();
  const count = countRows(ranges);
  if (view === null || count === 0) return;
  if (count > MAX_ROWS) {
    app.notices.show({ tone: 'amber', text: app.t('copy.tooMany', { count, limit: MAX_ROWS }) });
    return;
  }
  const lines: string[] = [];
  try {
    for (const [from, end] of ranges) {
      for (let first = from; first < end; first += PAGE) {
        const size = Math.min(PAGE, end - first);
        const page = await app.client.request('view.rows', {
          view: view.view,
          first,
          count: size,
          columns: [...asked],
        });
        for (const row of rowsOfPage(page, asked)) {
          lines.push(count === 1 && column !== '' ? textOf(columns, column, row) : rowText(columns, row));
        }
      }
    }
  } catch (error) {
    app.report(error);
    return;
  }
  await copyToClipboard(app, lines.join('\n'));
}

function rowText(columns: Columns, row: PacketRow): string {
  return columns.map((column) => column.text(row)).join('\t');
}
