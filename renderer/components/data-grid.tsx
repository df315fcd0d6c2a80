/** A list of any length with columns: the React side of grid-controller.ts, with its scroll bar. */

import { type Ref, useEffect, useImperativeHandle, useRef } from 'react';
import styles from './data-grid.module.css';
import { type GridController, type GridHandlers, type GridModel, makeGrid } from './grid-controller.ts';

export type { GridColumn, SelectMode } from './grid-controller.ts';

export interface DataGridHandle {
  show(position: number): void;
  focus(): void;
}

export interface DataGridProps<Row> extends GridModel<Row>, GridHandlers<Row> {
  /** Names the list: when it changes, other rows are fetched; those shown stay until they are there. */
  readonly list: string;
  /** Grows when rows have changed in their contents. */
  readonly revision: number;
  readonly ref?: Ref<DataGridHandle>;
}

export function DataGrid<Row>(props: DataGridProps<Row>) {
  const host = useRef<HTMLDivElement>(null);
  const scrollBar = useRef<HTMLDivElement>(null);
  const spacer = useRef<HTMLDivElement>(null);
  const grid = useRef<GridController<Row> | null>(null);
  const { list, revision, ref } = props;

  // The grid lives longer than one set of props: it always calls the handlers of the last rendering.
  const latest = useRef(props);
  useEffect(() => {
    latest.current = props;
  });

  useEffect(() => {
    if (host.current === null || scrollBar.current === null || spacer.current === null) return;
    const parts = { host: host.current, scrollBar: scrollBar.current, spacer: spacer.current };
    const made = makeGrid<Row>(parts, latest.current, {
      fetch: (first, count) => latest.current.fetch(first, count),
      onSelect: (position, mode, row) => latest.current.onSelect(position, mode, row),
      onSelectAll: () => latest.current.onSelectAll(),
      onColumn: (column) => latest.current.onColumn(column),
      onActivate: (position) => latest.current.onActivate(position),
      onSort: (column) => latest.current.onSort(column),
      onColumns: (order, widths) => latest.current.onColumns(order, widths),
      onCellMenu: (row, column, at) => latest.current.onCellMenu(row, column, at),
      onCopy: () => latest.current.onCopy(),
      onHeaderMenu: (column, at) => latest.current.onHeaderMenu(column, at),
      onCurrentRow: (position, row) => latest.current.onCurrentRow(position, row),
      onLook: (isAtEnd) => latest.current.onLook?.(isAtEnd),
      onError: (error) => latest.current.onError(error),
    });
    grid.current = made;
    return () => {
      grid.current = null;
      made.close();
    };
  }, []);

  useEffect(() => {
    grid.current?.update(props);
  });

  const isFirstList = useRef(true);
  useEffect(() => {
    if (!isFirstList.current) grid.current?.replace();
    isFirstList.current = false;
    // biome-ignore lint/correctness/useExhaustiveDependencies: the name of the list is what it is about
  }, [list]);

  const isFirstRevision = useRef(true);
  useEffect(() => {
    if (!isFirstRevision.current) grid.current?.refresh();
    isFirstRevision.current = false;
    // biome-ignore lint/correctness/useExhaustiveDependencies: the revision is what it is about
  }, [revision]);

  useImperativeHandle(ref, () => ({
    show: (position) => grid.current?.show(position),
    focus: () => grid.current?.focus(),
  }));

  return (
    <div className={styles.grid}>
      <div ref={host} className={styles.host} />
      <div ref={scrollBar} className={styles.scrollBar} tabIndex={-1} aria-hidden>
        <div ref={spacer} className={styles.spacer} />
      </div>
    </div>
  );
}
