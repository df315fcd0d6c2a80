/** A table of a report: sorted and searched here, as long as it may be; its numbers lead to their packets. */

import { useMemo, useRef, useState } from 'react';
import { linkOf, type Table, type TableColumn } from '../../../engine/contract/report.ts';
import { isText } from '../../../engine/contract/report-output.ts';
import { copyToClipboard } from '../../state/clipboard.ts';
import { addRange, hasRow, type RowRanges, removeRange } from '../../state/row-ranges.ts';
import { useApp, useText } from '../../state/use-app.ts';
import { useStore } from '../../state/use-store.ts';
import { DataGrid, type GridColumn, type SelectMode } from '../data-grid.tsx';
import { TextInput } from '../form.tsx';
import type { MenuPlace } from '../menu-place.ts';
import { useSize } from '../use-size.ts';
import { ValueMenu } from '../value-menu.tsx';
import styles from './report.module.css';
import { type ReportText, useReportText } from './report-text.ts';
import { sortedRows, type TableSort } from './sort-rows.ts';
import { useLinks } from './use-links.ts';

/** As --row in theme/tokens.css. */
const ROW_PX = { compact: 20, normal: 23 } as const;
const NUMBER_PX = 84;
const TIME_PX = 118;
const CHARACTER_PX = 7.3;
/** A character of a heading. */
const TITLE_PX = 6.4;
const MARGIN_PX = 24;
const WIDEST_PX = 340;
/** Of a column that gives way. */
const NARROWED_PX = 150;

export interface ReportTableProps {
  /** What the table is called, for assistive technology. */
  readonly name: string;
  readonly table: Table;
  /** The columns' ids are keys of titles; else they are titles themselves. */
  readonly titles?: boolean;
}

interface MenuTarget {
  readonly at: MenuPlace;
  readonly value: string;
  readonly filter: string;
}

export function ReportTable({ name, table, titles = true }: ReportTableProps) {
  const app = useApp();
  const t = useText();
  const texts = useReportText();
  const show = useLinks();
  const density = useStore(app.settings, (state) => state.density);
  const [sort, setSort] = useState<TableSort | null>(table.sort ?? null);
  const [search, setSearch] = useState('');
  const [current, setCurrent] = useState(-1);
  const [currentColumn, setCurrentColumn] = useState('');
  const [selected, setSelected] = useState<RowRanges>([]);
  const [menu, setMenu] = useState<MenuTarget | null>(null);
  const rows = useMemo(() => sortedRows(table, sort, search), [table, sort, search]);
  const list = nameOf(rows);
  const shown = table.columns.filter(({ hidden }) => hidden !== true);
  const box = useRef<HTMLDivElement>(null);
  const place = useSize(box);
  const widths = shown.map((column) => widthOf(column, titleOf(column), (row) => cellText(texts, column, row)));
  const isTight = widths.reduce((sum, width) => sum + width, 0) > place.width;
  const columns = shown.map((column, index) => gridColumn(column, index));

  function titleOf({ id }: TableColumn): string {
    return titles
      ? texts.text(`column.${id}`)
      : id.startsWith('place') || id === 'time'
        ? texts.text(`column.${id}`)
        : id;
  }

  function widthAt(index: number): number {
    const width = widths[index] ?? NUMBER_PX;
    return isTight && shown[index]?.yields === true ? Math.min(width, NARROWED_PX) : width;
  }

  function gridColumn(column: TableColumn, index: number): GridColumn<number> {
    const title = titleOf(column);
    const isLast = index === shown.length - 1;
    const text = (row: number): string => cellText(texts, column, row);
    const leads = !isText(column) && (column.filter ?? table.filter ?? '') !== '';
    return {
      id: column.id,
      title,
      width: isLast && isText(column) ? null : widthAt(index),
      minWidth: 48,
      isNumber: !isText(column),
      isQuiet: false,
      text,
      ...(leads
        ? {
            paint: (cell: HTMLElement, row: number) => {
              const button = document.createElement('button');
              button.type = 'button';
              button.tabIndex = -1;
              button.className = styles.cellLink ?? '';
              button.textContent = text(row);
              cell.append(button);
            },
            press: (row: number) => follow(row, column),
          }
        : {}),
    };
  }

  function follow(row: number, column: TableColumn | null): void {
    const link = linkOf(table, column, row);
    if (link !== null) show(link);
  }

  const select = (position: number, mode: SelectMode): void => {
    if (mode === 'only') setSelected([[position, position + 1]]);
    else if (mode === 'extend')
      setSelected(addRange([], Math.min(Math.max(current, 0), position), Math.max(current, position) + 1));
    else
      setSelected(
        hasRow(selected, position)
          ? removeRange(selected, position, position + 1)
          : addRange(selected, position, position + 1),
      );
    setCurrent(position);
  };

  const copy = (): void => {
    const lines = [...rows].filter((_, position) => hasRow(selected, position));
    const text = lines.map((row) => shown.map((column) => cellText(texts, column, row)).join('\t')).join('\n');
    void copyToClipboard(app, text);
  };

  return (
    <div className={styles.table} ref={box}>
      {table.count > SEARCHED && (
        <div className={styles.search}>
          <TextInput
            label={t('report.search', { table: name })}
            placeholder={t('report.searchHint')}
            isLabelHidden
            value={search}
            onChange={setSearch}
          />
          <span className={styles.note}>{t('report.rows', { count: rows.length })}</span>
        </div>
      )}
      <div className={styles.grid}>
        <DataGrid<number>
          label={name}
          list={list}
          revision={0}
          columns={columns}
          sort={sort}
          total={rows.length}
          rowHeight={ROW_PX[density]}
          current={current}
          currentColumn={currentColumn}
          isSelected={(at) => hasRow(selected, at)}
          rowClass={() => ''}
          fetch={(first, count) => Promise.resolve([...rows.subarray(first, first + count)])}
          onSelect={select}
          onSelectAll={() => setSelected([[0, rows.length]])}
          onColumn={setCurrentColumn}
          onActivate={(position) => follow(rows[position] ?? 0, null)}
          onSort={(column) => setSort(nextSort(sort, column, table))}
          onColumns={() => undefined}
          onCellMenu={(row, column, at) => {
            const of = shown.find(({ id }) => id === column) ?? null;
            const value = of === null ? '' : cellText(texts, of, row);
            setMenu({ at, value, filter: linkOf(table, of, row)?.filter ?? '' });
          }}
          onCopy={copy}
          onHeaderMenu={() => undefined}
          onCurrentRow={() => undefined}
          onError={app.report}
        />
      </div>
      <ValueMenu
        at={menu?.at ?? null}
        target={{ value: menu?.value ?? '', filter: menu?.filter ?? '', field: '' }}
        onClose={() => setMenu(null)}
      />
    </div>
  );
}

/** Tables with more rows can be searched. */
const SEARCHED = 12;

const lists = new WeakMap<Uint32Array, string>();
let listCount = 0;

/** Rows in another order, or others, are another list. */
function nameOf(rows: Uint32Array): string {
  let name = lists.get(rows);
  if (name === undefined) lists.set(rows, (name = String(++listCount)));
  return name;
}

/** Numbers begin with the largest, texts with the first; a third click restores the order of the panel. */
function nextSort(sort: TableSort | null, column: string, table: Table): TableSort | null {
  const of = table.columns.find(({ id }) => id === column);
  const startsDescending = of !== undefined && !isText(of) && of.unit !== 'time' && of.unit !== 'id';
  if (sort?.column !== column) return { column, descending: startsDescending };
  return sort.descending === startsDescending ? { column, descending: !startsDescending } : null;
}

function cellText(texts: ReportText, column: TableColumn, row: number): string {
  if (isText(column)) {
    const value = column.values[row] ?? '';
    return column.unit === 'text' || value === '' ? value : texts.text(`value.${value}`);
  }
  const value = column.values[row] ?? Number.NaN;
  return Number.isNaN(value) ? '' : texts.quantity(value, column.unit);
}

/** Wide enough for what the first rows hold. */
function widthOf(column: TableColumn, title: string, text: (row: number) => string): number {
  let most = isText(column) ? columnsOf(title) : 0;
  for (let row = 0; row < Math.min(200, column.values.length); row++) most = Math.max(most, columnsOf(text(row)));
  const values = most * CHARACTER_PX + MARGIN_PX;
  if (isText(column)) return Math.min(WIDEST_PX, values);
  const least = column.unit === 'time' ? TIME_PX : NUMBER_PX;
  return Math.max(least, values, columnsOf(title) * TITLE_PX + MARGIN_PX);
}

/** Characters beyond Latin and Greek are about twice as wide. */
function columnsOf(text: string): number {
  let columns = 0;
  for (const character of text) columns += (character.codePointAt(0) ?? 0) > 0x2e80 ? 2 : 1;
  return columns;
}
