/** The list of packets: the grid "Packets" over the host's view, with its menus, colours and keys. */

import { FilterX } from 'lucide-react';
import { useEffect, useMemo, useRef, useState } from 'react';
import { ROW_FLAG, type SessionState } from '../../../engine/contract/api.ts';
import { runCommand } from '../../commands/command.ts';
import { openFile } from '../../commands/open-file.ts';
import { DataGrid, type DataGridHandle, type SelectMode } from '../../components/data-grid.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { useSize } from '../../components/use-size.ts';
import type { TimeContext } from '../../format/time.ts';
import { arrangeColumns, shownColumns } from '../../state/columns.ts';
import { focusPlace, registerFocusPlace } from '../../state/focus-places.ts';
import { hasRow } from '../../state/row-ranges.ts';
import { useApp, useLanguage, useText } from '../../state/use-app.ts';
import { useStore } from '../../state/use-store.ts';
import { CellMenu, type CellTarget } from './cell-menu.tsx';
import { copySelection, textOf } from './copy-rows.ts';
import { HeaderMenu, type HeaderTarget } from './header-menu.tsx';
import { addressWidth, packetColumns, ruleOf } from './packet-columns.ts';
import styles from './packet-list.module.css';
import { type PacketRow, rowsOfPage } from './packet-row.ts';

/** Columns whose texts are made here, from the page's numbers. */
const OWN_COLUMNS = new Set(['number', 'time']);

const NO_VIEW = -1;

/** As --row in theme/tokens.css. */
const ROW_PX = { compact: 20, normal: 23 } as const;

export function PacketList() {
  const app = useApp();
  const t = useText();
  const language = useLanguage();
  const view = useStore(app.filter, (filter) => filter.view);
  const sort = useStore(app.filter, (filter) => filter.sort);
  const hasFilter = useStore(app.filter, (filter) => filter.filter !== '' || filter.range !== null);
  const selection = useStore(app.selection, (state) => state);
  const columnSettings = useStore(app.settings, (state) => state.columns);
  const timeFormat = useStore(app.settings, (state) => state.timeFormat);
  const colours = useStore(app.settings, (state) => state.colours);
  const coloursOn = useStore(app.settings, (state) => state.coloursOn);
  const density = useStore(app.settings, (state) => state.density);
  const session = useStore(app.session, ({ state }) => state);
  const [cell, setCell] = useState<CellTarget | null>(null);
  const [header, setHeader] = useState<HeaderTarget | null>(null);
  const grid = useRef<DataGridHandle>(null);
  const box = useRef<HTMLDivElement>(null);
  const { width } = useSize(box);
  const [addresses, setAddresses] = useState<Addresses>(NO_ADDRESSES);

  const shown = shownColumns(columnSettings);
  const asked = shown.map(({ id }) => id).filter((id) => !OWN_COLUMNS.has(id));
  // While the capture loads, the first column grows with the number's digits only.
  const widest = 10 ** String(session?.packets ?? 0).length - 1;
  const epoch = session?.epoch ?? null;
  const start = startOf(session);
  const digits = session?.timeDigits ?? 6;
  const secondDigits = secondDigitsOf(session, start);
  const addressPx = addressWidth(addresses.characters, width);
  const columns = useMemo(() => {
    const times: TimeContext = { epoch, start, digits };
    return packetColumns(shownColumns(columnSettings), {
      t,
      language,
      settings: { timeFormat, colours, coloursOn },
      times,
      packets: widest,
      secondDigits,
      addressPx,
    });
  }, [
    columnSettings,
    timeFormat,
    colours,
    coloursOn,
    t,
    language,
    epoch,
    start,
    digits,
    widest,
    secondDigits,
    addressPx,
  ]);

  useEffect(() => registerFocusPlace('list', () => grid.current?.focus()), []);

  const { position } = selection;
  useEffect(() => {
    if (position >= 0) grid.current?.show(position);
  }, [position]);

  // While a capture runs, the list keeps its end in sight until somebody looks elsewhere.
  const rows = view?.rows ?? 0;
  const live = session?.live ?? null;
  // At its end there may be packets in the file that are not rows yet.
  const isRunning = live !== null && (live.isRunning || (session?.packets ?? 0) < live.captured);
  const follows = useStore(app.capture, (capture) => capture.follows) && isRunning && sort === null;
  useEffect(() => {
    if (follows && rows > 0) grid.current?.show(rows - 1);
  }, [follows, rows]);

  // Someone who has just opened a capture sees a packet's details without having to ask. While packets come in, none is
  // chosen for them; at the end it is the newest, which they have in sight.
  const hasRows = rows > 0;
  const isLive = live !== null;
  useEffect(() => {
    if (!hasRows || isRunning || app.selection.get().position >= 0) return;
    app.selection.select(isLive ? (app.filter.get().view?.rows ?? 1) - 1 : 0);
  }, [app, hasRows, isRunning, isLive]);

  if (session === null) return <div ref={box} className={styles.list} data-pane="list" />;
  // Until a capture's first view is there, its list is an empty one: making the grid anew would take longer than that.
  const { view: id, rows: total } = view ?? { view: NO_VIEW, rows: 0 };

  const select = (at: number, mode: SelectMode, row: PacketRow | undefined): void => {
    const { selection: store } = app;
    if (mode === 'only') store.select(at, row?.packet);
    else if (mode === 'extend') store.extendTo(at, row?.packet);
    else store.toggle(at, row?.packet);
  };

  /** Columns get their width with the first rows of a list; they do not move while one scrolls. */
  const measure = (rows: readonly PacketRow[]): void => {
    if (rows.length === 0 || addresses.view === id) return;
    const before = addresses.session === session.session ? addresses.characters : 0;
    setAddresses({ session: session.session, view: id, characters: Math.max(before, longestAddress(rows)) });
  };

  const isDone = view?.isComplete === true && !session.isLoading;
  return (
    <div ref={box} className={styles.list} data-pane="list">
      <DataGrid<PacketRow>
        ref={grid}
        label={t('packets.label')}
        list={`${id} ${asked.join(' ')}`}
        revision={session.revision}
        columns={columns}
        sort={sort}
        total={total}
        rowHeight={ROW_PX[density]}
        current={position}
        currentColumn={selection.column}
        isSelected={(at) => hasRow(selection.ranges, at)}
        rowClass={(row) => rowClass(row, { timeFormat, colours, coloursOn })}
        fetch={async (first, count) => {
          if (id === NO_VIEW) return [];
          const page = await app.client.request('view.rows', { view: id, first, count, columns: asked });
          const rows = rowsOfPage(page, asked);
          measure(rows);
          return rows;
        }}
        onSelect={select}
        onSelectAll={() => app.selection.selectAll(total)}
        onColumn={(column) => app.selection.setColumn(column)}
        onActivate={() => focusPlace('details')}
        onSort={(column) => void app.navigate({ sort: nextSort(sort, column) })}
        onColumns={(order, widths) => app.settings.update({ columns: arrangeColumns(columnSettings, order, widths) })}
        onCellMenu={(row, column, place) =>
          setCell({ packet: row.packet, column, place, text: textOf(columns, column, row) })
        }
        onCopy={() => void copySelection(app, columns, asked)}
        onHeaderMenu={(column, place) => setHeader({ column, place })}
        onCurrentRow={(at, row) => app.selection.resolve(at, row.packet)}
        {...(isRunning ? { onLook: (isAtEnd: boolean) => app.capture.follow(isAtEnd) } : {})}
        onError={app.report}
      />
      {total === 0 && isDone && (
        <div className={styles.empty}>
          {hasFilter ? (
            <EmptyState
              icon={FilterX}
              text={t('empty.filter')}
              action={{ title: t('empty.filterClear'), run: () => void app.navigate({ filter: '', range: null }) }}
            />
          ) : (
            <EmptyState
              text={t('empty.file')}
              action={{ title: t('sample.open'), run: () => void runCommand(app, openFile) }}
            />
          )}
        </div>
      )}
      <CellMenu target={cell} onClose={() => setCell(null)} />
      <HeaderMenu target={header} onClose={() => setHeader(null)} />
    </div>
  );
}

/** A first packet without a time leaves the earliest one to count from. */
function startOf(session: SessionState | null): number {
  if (session === null) return 0;
  return Number.isNaN(session.startTime) ? session.firstTime : session.startTime;
}

/** Digits of the longest time that is counted in seconds, its sign too: at least four, so that a width seldom changes. */
function secondDigitsOf(session: SessionState | null, start: number): number {
  if (session === null) return LEAST_SECOND_DIGITS;
  const seconds = Math.floor(Math.max(Math.abs(session.lastTime - start), Math.abs(session.firstTime - start)) / 1e9);
  const sign = session.firstTime < start ? 1 : 0;
  return Math.max(LEAST_SECOND_DIGITS, String(seconds).length + sign);
}

const LEAST_SECOND_DIGITS = 4;

/** The longest address that a list began with, by session; lists of one session never make it shorter. */
interface Addresses {
  readonly session: number;
  readonly view: number;
  readonly characters: number;
}

const NO_ADDRESSES: Addresses = { session: -1, view: -1, characters: 0 };

function longestAddress(rows: readonly PacketRow[]): number {
  return rows.reduce(
    (longest, { cells }) => Math.max(longest, cells.source?.length ?? 0, cells.destination?.length ?? 0),
    0,
  );
}

/** Ascending, descending, as captured. */
function nextSort(
  sort: { readonly column: string; readonly descending: boolean } | null,
  column: string,
): { column: string; descending: boolean } | null {
  if (sort?.column !== column) return { column, descending: false };
  return sort.descending ? null : { column, descending: true };
}

function rowClass(row: PacketRow, settings: Parameters<typeof ruleOf>[1]): string {
  const classes: string[] = [];
  const tone = ruleOf(row, settings)?.tone;
  if (tone !== undefined && tone !== 'none') classes.push(`packet-${tone}`);
  if ((row.flags & ROW_FLAG.marked) !== 0) classes.push('packet-marked');
  if ((row.flags & ROW_FLAG.ignored) !== 0) classes.push('packet-ignored');
  if ((row.flags & ROW_FLAG.comment) !== 0) classes.push('packet-commented');
  if (row.isReference) classes.push('packet-reference');
  return classes.join(' ');
}
