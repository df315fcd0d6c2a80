/**
 * A list of any length in AG Grid: the grid draws a fixed number of slots, one for each row that fits, and we put rows into
 * them. Its own scrolling, sorting and focus are off: it stays right and smooth at ten million rows, where a grid that
 * scrolls by itself is neither (Chromium's elements end at 33 million pixels and draw unevenly past 16.7 million).
 * This file and data-grid.tsx are all that knows AG Grid.
 */

import {
  CellStyleModule,
  ClientSideRowModelModule,
  type ColDef,
  type Column,
  ColumnApiModule,
  ColumnAutoSizeModule,
  createGrid,
  type GridApi,
  type ICellRendererComp,
  type ICellRendererParams,
  type IHeaderComp,
  type IHeaderParams,
  RowApiModule,
} from 'ag-grid-community';
import { gridTheme } from '../theme/grid-theme.ts';
import { cspNonce } from '../theme/nonce.ts';
import {
  clampTop,
  type GridBox,
  type Move,
  movedRow,
  scrollLength,
  scrollOfTop,
  slotCount,
  topAround,
  topOfScroll,
  topShowing,
  wheelRows,
  wholeRows,
} from './grid-window.ts';
import { makeWindowLoader } from './window-loader.ts';

export interface GridColumn<Row> {
  readonly id: string;
  readonly title: string;
  /** Pixels; null: takes what is left. */
  readonly width: number | null;
  readonly minWidth: number;
  /** Numbers stand at the right edge. */
  readonly isNumber: boolean;
  readonly isQuiet: boolean;
  text(row: Row): string;
  /** Draws the cell where text alone does not do. `cell` is empty. */
  paint?(cell: HTMLElement, row: Row): void;
  /** What a button in a painted cell does. */
  press?(row: Row): void;
}

export interface GridSort {
  readonly column: string;
  readonly descending: boolean;
}

export interface GridModel<Row> {
  /** Name that assistive technology reads. */
  readonly label: string;
  readonly columns: readonly GridColumn<Row>[];
  readonly sort: GridSort | null;
  readonly total: number;
  readonly rowHeight: number;
  /** Position of the current row; -1: none. */
  readonly current: number;
  readonly currentColumn: string;
  isSelected(position: number): boolean;
  /** Classes of a row beside those of the grid, divided by single blanks. */
  rowClass(row: Row): string;
}

export type SelectMode = 'only' | 'extend' | 'toggle';

export interface GridHandlers<Row> {
  fetch(first: number, count: number): Promise<readonly Row[]>;
  onSelect(position: number, mode: SelectMode, row: Row | undefined): void;
  onSelectAll(): void;
  onColumn(column: string): void;
  /** Enter or a double click. */
  onActivate(position: number): void;
  onSort(column: string): void;
  /** Columns were moved or resized by hand: all of them in their order, and the widths that were set. */
  onColumns(order: readonly string[], widths: ReadonlyMap<string, number>): void;
  onCellMenu(row: Row, column: string, at: { readonly x: number; readonly y: number }): void;
  /** Ctrl+C. */
  onCopy(): void;
  onHeaderMenu(column: string, at: { readonly x: number; readonly y: number }): void;
  /** The row at the current position is there. */
  onCurrentRow(position: number, row: Row): void;
  /** The user has moved the list, or chosen a row in it: whether the last row is what they look at now. */
  onLook?(isAtEnd: boolean): void;
  onError(error: unknown): void;
}

export interface GridController<Row> {
  update(model: GridModel<Row>): void;
  /** Rows have changed in their contents. */
  refresh(): void;
  /** Another list: scrolls to its current row, or keeps the place as well as it can. */
  replace(): void;
  /** Brings a row into view. */
  show(position: number): void;
  focus(): void;
  close(): void;
}

interface Slot<Row> {
  readonly slot: number;
  /** -1: below the end of the list. */
  readonly position: number;
  readonly row: Row | undefined;
  readonly classes: string;
}

interface Parts {
  /** Takes the grid. */
  readonly host: HTMLElement;
  readonly scrollBar: HTMLElement;
  readonly spacer: HTMLElement;
}

const MODULES = [ClientSideRowModelModule, ColumnApiModule, ColumnAutoSizeModule, RowApiModule, CellStyleModule];

const HEADER_PX = 27;

const MOVES: Readonly<Record<string, Move>> = {
  ArrowUp: 'up',
  ArrowDown: 'down',
  PageUp: 'pageUp',
  PageDown: 'pageDown',
  Home: 'first',
  End: 'last',
};

let count = 0;

export function makeGrid<Row>(parts: Parts, initial: GridModel<Row>, handlers: GridHandlers<Row>): GridController<Row> {
  const { host, scrollBar, spacer } = parts;
  const name = `grid-${++count}`;
  let model = initial;
  let top = 0;
  let slots: Slot<Row>[] = [];
  let box: GridBox = { height: 0, rowHeight: model.rowHeight, total: model.total };
  let leftOver = 0;
  let frame = 0;
  let isDragging = false;
  /** Columns show something else of the same rows. */
  let mustRedraw = false;
  /** What the scroll bar was set to by us: its event is no wish of the user. */
  let scrollSet = 0;
  const classesSet = new WeakMap<HTMLElement, string>();

  const loader = makeWindowLoader<Row>({
    fetch: (first, size) => handlers.fetch(first, size),
    onRows: () => paint(true),
    onError: (error) => handlers.onError(error),
  });

  const api: GridApi<Slot<Row>> = createGrid<Slot<Row>>(
    host,
    {
      theme: gridTheme,
      ...nonce(),
      rowModelType: 'clientSide',
      columnDefs: columnDefs(),
      maintainColumnOrder: false,
      rowData: [],
      getRowId: ({ data }) => String(data.slot),
      rowHeight: model.rowHeight,
      headerHeight: HEADER_PX,
      rowBuffer: 0,
      animateRows: false,
      suppressAnimationFrame: true,
      suppressCellFocus: true,
      suppressHeaderFocus: true,
      suppressColumnVirtualisation: true,
      suppressDragLeaveHidesColumns: true,
      suppressColumnMoveAnimation: true,
      suppressRowHoverHighlight: true,
      suppressScrollOnNewData: true,
      suppressNoRowsOverlay: true,
      suppressMenuHide: true,
      tabIndex: -1,
      onColumnMoved: ({ finished, source }) => {
        if (finished && source === 'uiColumnMoved') tellColumns([]);
      },
      onColumnResized: ({ finished, source, columns }) => {
        if (finished && (source === 'uiColumnResized' || source === 'autosizeColumns')) tellColumns(columns ?? []);
      },
    },
    { modules: MODULES },
  );

  const root = host.querySelector<HTMLElement>('[role="grid"], [role="treegrid"]');
  if (root === null) throw new Error('AG Grid has drawn no grid');
  root.setAttribute('role', 'grid');
  root.tabIndex = 0;
  root.dataset.paneFocus = '';
  root.setAttribute('aria-multiselectable', 'true');

  function nonce(): { styleNonce?: string } {
    const value = cspNonce();
    return value === '' ? {} : { styleNonce: value };
  }

  // ------------------------------------------------------------------------------------------------ columns

  function columnDefs(): ColDef<Slot<Row>>[] {
    return model.columns.map((column) => ({
      colId: column.id,
      headerName: column.title,
      headerComponent: Header,
      headerComponentParams: { click: () => handlers.onSort(column.id) },
      headerClass: column.isNumber ? 'grid-number' : '',
      cellClass: [column.isNumber ? 'grid-number' : '', column.isQuiet ? 'grid-quiet' : ''].filter((one) => one !== ''),
      sortable: false,
      resizable: true,
      suppressHeaderMenuButton: true,
      suppressHeaderContextMenu: true,
      minWidth: column.minWidth,
      ...(column.width === null ? { flex: 1 } : { width: column.width }),
      ...(column.paint === undefined
        ? { valueGetter: ({ data }) => (data?.row === undefined ? '' : (columnById(column.id)?.text(data.row) ?? '')) }
        : {
            // A painted cell shows more than a text: it is drawn again whenever its slot is filled.
            valueGetter: ({ data }) => data,
            cellRenderer: painter<Slot<Row>>(
              (cell, { row }) => {
                if (row !== undefined) columnById(column.id)?.paint?.(cell, row);
              },
              ({ row }) => {
                if (row !== undefined) columnById(column.id)?.press?.(row);
              },
            ),
          }),
    }));
  }

  /** As it is now: what a column shows may change without the grid's columns being made anew. */
  function columnById(id: string): GridColumn<Row> | undefined {
    return model.columns.find((column) => column.id === id);
  }

  /** What decides how columns are made; a new title or width makes them anew, a new row does not. */
  function columnsKey({ columns }: GridModel<Row>): string {
    return JSON.stringify(columns.map(({ id, title, width }) => [id, title, width]));
  }

  function tellColumns(resized: readonly Column[]): void {
    const order = api.getColumnState().map(({ colId }) => colId);
    handlers.onColumns(order, new Map(resized.map((column) => [column.getColId(), column.getActualWidth()])));
  }

  function markSort(): void {
    for (const header of host.querySelectorAll<HTMLElement>('[role="columnheader"]')) {
      const isSorted = model.sort !== null && header.getAttribute('col-id') === model.sort.column;
      const order = isSorted ? (model.sort?.descending === true ? 'descending' : 'ascending') : 'none';
      header.setAttribute('aria-sort', order);
    }
  }

  // ------------------------------------------------------------------------------------------------ rows

  function measure(): void {
    const height = Math.max(0, (root?.clientHeight ?? 0) - HEADER_PX - 1);
    box = { height, rowHeight: model.rowHeight, total: model.total };
    top = clampTop(box, top);
    const wanted = slotCount(box);
    if (wanted !== slots.length) {
      slots = Array.from({ length: wanted }, (_, slot) => ({ slot, position: -1, row: undefined, classes: '' }));
      api.setGridOption('rowData', slots);
    }
    spacer.style.height = `${scrollLength(box)}px`;
    scrollBar.style.setProperty('--grid-body', `${box.height}px`);
  }

  /**
   * Puts the rows of the window into the slots, if they are there; else what is shown stays until they are. A list that
   * grows faster than its rows are fetched would wait for ever: what has just arrived is shown then, as near as it is.
   */
  function paint(hasArrived = false): void {
    frame = 0;
    let first = top;
    let shown = Math.max(0, Math.min(slots.length, box.total - top));
    loader.want(top, shown, box.total);
    if (!loader.has(top, shown)) {
      const held = loader.held();
      shown = Math.min(shown, held.end - held.first);
      first = Math.max(held.first, Math.min(top, held.end - shown));
      if (!hasArrived || shown === 0) return;
    }
    for (const old of slots) {
      const position = old.slot < shown ? first + old.slot : -1;
      const row = position < 0 ? undefined : loader.row(position);
      const classes = row === undefined ? 'grid-blank' : classesOf(position, row);
      const isSame = old.row === row && old.position === position && old.classes === classes;
      if (isSame && !mustRedraw) continue;
      const slot = { slot: old.slot, position, row, classes };
      slots[old.slot] = slot;
      api.getRowNode(String(old.slot))?.updateData(slot);
    }
    mustRedraw = false;
    patchRows();
    moveScrollBar();
    const current = model.current < 0 || !loader.isCurrent() ? undefined : loader.row(model.current);
    if (current !== undefined) handlers.onCurrentRow(model.current, current);
  }

  function classesOf(position: number, row: Row): string {
    const selected = model.isSelected(position) ? 'grid-selected' : '';
    const current = position === model.current ? 'grid-current' : '';
    return [selected, current, model.rowClass(row)].filter((one) => one !== '').join(' ');
  }

  function schedule(): void {
    if (frame === 0) frame = requestAnimationFrame(() => paint());
  }

  /** What AG Grid says about its slots, said of the list instead; and the rows' classes, which it would only ever add. */
  function patchRows(): void {
    root?.setAttribute('aria-label', model.label);
    root?.setAttribute('aria-rowcount', String(box.total + 1));
    root?.setAttribute('aria-colcount', String(model.columns.length));
    let active = '';
    for (const element of host.querySelectorAll<HTMLElement>('.ag-row')) {
      const slot = slots[Number(element.getAttribute('row-id'))];
      if (slot === undefined) continue;
      element.id = `${name}-row-${slot.slot}`;
      setClasses(element, slot.classes);
      element.setAttribute('aria-rowindex', String(slot.position + 2));
      element.setAttribute('aria-selected', String(slot.classes.includes('grid-selected')));
      element.ariaHidden = slot.position < 0 ? 'true' : null;
      const isCurrent = slot.position >= 0 && slot.position === model.current;
      if (isCurrent) active = element.id;
      for (const cell of element.querySelectorAll<HTMLElement>('.ag-cell')) {
        cell.classList.toggle('grid-cell-current', isCurrent && cell.getAttribute('col-id') === model.currentColumn);
      }
    }
    if (active === '') root?.removeAttribute('aria-activedescendant');
    else root?.setAttribute('aria-activedescendant', active);
  }

  function setClasses(element: HTMLElement, classes: string): void {
    const before = classesSet.get(element) ?? '';
    if (before === classes) return;
    if (before !== '') element.classList.remove(...before.split(' '));
    if (classes !== '') element.classList.add(...classes.split(' '));
    classesSet.set(element, classes);
  }

  // ------------------------------------------------------------------------------------------------ scrolling

  function scrollTo(newTop: number): void {
    const next = clampTop(box, newTop);
    if (next === top) return;
    top = next;
    schedule();
  }

  function moveScrollBar(): void {
    // While the thumb is dragged, its place is the user's.
    if (topOfScroll(box, scrollBar.scrollTop) === top) return;
    scrollBar.scrollTop = scrollOfTop(box, top);
    scrollSet = scrollBar.scrollTop;
  }

  const onScroll = (): void => {
    if (Math.abs(scrollBar.scrollTop - scrollSet) < 1) return;
    scrollSet = -1;
    scrollTo(topOfScroll(box, scrollBar.scrollTop));
    look(isAtEnd());
  };

  const onWheel = (event: WheelEvent): void => {
    if (event.ctrlKey || event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)) return;
    const unit =
      event.deltaMode === WheelEvent.DOM_DELTA_PIXEL ? 1 : event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 33 : 800;
    const step = wheelRows(event.deltaY * unit, leftOver);
    ({ leftOver } = step);
    event.preventDefault();
    if (step.rows === 0) return;
    scrollTo(top + step.rows);
    look(isAtEnd());
  };

  function isAtEnd(): boolean {
    return top >= clampTop(box, box.total);
  }

  function look(isEnd: boolean): void {
    handlers.onLook?.(isEnd);
  }

  // ------------------------------------------------------------------------------------------------ keys and pointer

  function modeOf(event: { readonly shiftKey: boolean }): SelectMode {
    return event.shiftKey ? 'extend' : 'only';
  }

  function select(position: number, mode: SelectMode): void {
    top = topShowing(box, top, position);
    handlers.onSelect(position, mode, loader.isCurrent() ? loader.row(position) : undefined);
    look(position === box.total - 1);
    schedule();
  }

  function moveColumn(step: 1 | -1): void {
    const ids = api.getColumnState().map(({ colId }) => colId);
    const at = ids.indexOf(model.currentColumn);
    const id = ids[at < 0 ? 0 : Math.max(0, Math.min(ids.length - 1, at + step))];
    if (id !== undefined) handlers.onColumn(id);
  }

  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.altKey) return;
    const isMod = event.ctrlKey || event.metaKey;
    const move = MOVES[event.key];
    if (move !== undefined && (!isMod || event.key === 'Home' || event.key === 'End')) {
      if (box.total > 0) select(movedRow(box, model.current, move), modeOf(event));
    } else if ((event.key === 'ArrowLeft' || event.key === 'ArrowRight') && !isMod) {
      moveColumn(event.key === 'ArrowLeft' ? -1 : 1);
    } else if (isMod && event.key.toLowerCase() === 'a') {
      handlers.onSelectAll();
    } else if (isMod && event.key.toLowerCase() === 'c') {
      handlers.onCopy();
    } else if (event.key === ' ' && isMod && model.current >= 0) {
      select(model.current, 'toggle');
    } else if (event.key === 'Enter' && !isMod && model.current >= 0) {
      handlers.onActivate(model.current);
    } else if (event.key === 'ContextMenu' || (event.key === 'F10' && event.shiftKey)) {
      openMenuByKey();
    } else {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  };

  function openMenuByKey(): void {
    const current = loader.row(model.current);
    if (current === undefined) return;
    const row = host.querySelector<HTMLElement>(`#${name}-row-${model.current - top}`);
    const cell = row?.querySelector<HTMLElement>(`[col-id="${CSS.escape(model.currentColumn)}"]`) ?? row;
    if (cell === null || cell === undefined) return;
    const { left, bottom } = cell.getBoundingClientRect();
    handlers.onCellMenu(current, cellColumn(cell), { x: left + 12, y: bottom });
  }

  function cellColumn(element: Element): string {
    return element.closest('[col-id]')?.getAttribute('col-id') ?? model.columns[0]?.id ?? '';
  }

  function slotAt(target: EventTarget | null): Slot<Row> | undefined {
    const row = target instanceof Element ? target.closest('.ag-row') : null;
    return row === null ? undefined : slots[Number(row.getAttribute('row-id'))];
  }

  function positionAt(target: EventTarget | null): number {
    return slotAt(target)?.position ?? -1;
  }

  const onMouseDown = (event: MouseEvent): void => {
    const position = positionAt(event.target);
    if (position < 0) return;
    // The list as a whole has the focus, not the row that is clicked: its slot may show another row in a moment.
    event.preventDefault();
    root.focus({ preventScroll: true });
    if (event.button !== 0) return;
    if (event.target instanceof Element) handlers.onColumn(cellColumn(event.target));
    select(position, event.ctrlKey || event.metaKey ? 'toggle' : modeOf(event));
    isDragging = true;
  };

  /** With the button held, rows are selected up to the pointer; beyond an edge the list scrolls by a row a step. */
  const onMouseMove = (event: MouseEvent): void => {
    if (!isDragging) return;
    if ((event.buttons & 1) === 0) {
      isDragging = false;
      return;
    }
    const edges = host.getBoundingClientRect();
    const under = positionAt(document.elementFromPoint(event.clientX, event.clientY));
    const above = event.clientY < edges.top + HEADER_PX;
    const position = above ? top - 1 : event.clientY > edges.bottom ? top + wholeRows(box) : under;
    const wanted = Math.max(0, Math.min(box.total - 1, position));
    if ((position < 0 && !above) || wanted === model.current) return;
    select(wanted, 'extend');
  };

  const onDoubleClick = (event: MouseEvent): void => {
    const position = positionAt(event.target);
    if (position >= 0) handlers.onActivate(position);
  };

  const onContextMenu = (event: MouseEvent): void => {
    if (!(event.target instanceof Element)) return;
    const at = { x: event.clientX, y: event.clientY };
    const header = event.target.closest('[role="columnheader"]');
    const position = positionAt(event.target);
    if (header === null && position < 0) return;
    event.preventDefault();
    if (header !== null) {
      handlers.onHeaderMenu(header.getAttribute('col-id') ?? '', at);
      return;
    }
    const column = cellColumn(event.target);
    const clicked = slotAt(event.target)?.row;
    handlers.onColumn(column);
    if (!model.isSelected(position)) select(position, 'only');
    if (clicked !== undefined) handlers.onCellMenu(clicked, column, at);
  };

  host.addEventListener('keydown', onKeyDown, { capture: true });
  host.addEventListener('mousedown', onMouseDown);
  // On the window: a drag goes on outside the list.
  window.addEventListener('mousemove', onMouseMove);
  host.addEventListener('dblclick', onDoubleClick);
  host.addEventListener('contextmenu', onContextMenu);
  host.addEventListener('wheel', onWheel, { passive: false });
  scrollBar.addEventListener('scroll', onScroll, { passive: true });
  scrollBar.addEventListener('wheel', onWheel, { passive: false });
  const observer = new ResizeObserver(() => {
    measure();
    schedule();
  });
  // It is lower by the horizontal scroll bar, where there is one.
  observer.observe(root);
  measure();
  markSort();
  paint();

  function setModel(next: GridModel<Row>): void {
    const before = model;
    model = next;
    if (columnsKey(before) !== columnsKey(next)) {
      api.setGridOption('columnDefs', columnDefs());
    }
    if (before.rowHeight !== next.rowHeight) {
      // Rows keep the height that they were made with: they are made anew.
      api.setGridOption('rowHeight', next.rowHeight);
      api.setGridOption('rowData', []);
      slots = [];
    }
    if (before.total !== next.total || before.rowHeight !== next.rowHeight) measure();
    if (before.columns !== next.columns) mustRedraw = true;
    if (before.sort !== next.sort || before.columns !== next.columns) markSort();
    schedule();
  }

  return {
    update: setModel,
    refresh: () => loader.refresh(),
    replace: () => {
      loader.replace();
      schedule();
    },
    show: (position) => {
      const isFar = position < top - wholeRows(box) || position > top + 2 * wholeRows(box);
      scrollTo(isFar ? topAround(box, position) : topShowing(box, top, position));
    },
    focus: () => root?.focus(),
    close: () => {
      observer.disconnect();
      cancelAnimationFrame(frame);
      loader.close();
      host.removeEventListener('keydown', onKeyDown, { capture: true });
      host.removeEventListener('mousedown', onMouseDown);
      window.removeEventListener('mousemove', onMouseMove);
      host.removeEventListener('dblclick', onDoubleClick);
      host.removeEventListener('contextmenu', onContextMenu);
      host.removeEventListener('wheel', onWheel);
      scrollBar.removeEventListener('scroll', onScroll);
      scrollBar.removeEventListener('wheel', onWheel);
      api.destroy();
    },
  };
}

/** A heading: the title, and an arrow that the style sheet draws from aria-sort. A click sorts. */
class Header implements IHeaderComp {
  private readonly element = document.createElement('button');

  init(params: IHeaderParams & { readonly click?: () => void }): void {
    this.element.type = 'button';
    this.element.tabIndex = -1;
    this.element.className = 'grid-heading';
    this.element.textContent = params.displayName;
    this.element.addEventListener('click', () => params.click?.());
  }

  getGui(): HTMLElement {
    return this.element;
  }

  refresh(params: IHeaderParams): boolean {
    this.element.textContent = params.displayName;
    return true;
  }
}

/** A cell that is drawn by a function; what it shows is text nodes, never markup. */
function painter<Value>(
  paint: (cell: HTMLElement, value: Value) => void,
  press: (value: Value) => void,
): new () => ICellRendererComp {
  return class implements ICellRendererComp {
    private readonly element = document.createElement('span');
    private value: Value | undefined;

    init(params: ICellRendererParams): void {
      this.element.className = 'grid-painted';
      this.element.addEventListener('click', ({ target }) => {
        const isButton = target instanceof Element && target.closest('button') !== null;
        if (isButton && this.value !== undefined) press(this.value);
      });
      this.draw(params.value as Value | undefined);
    }

    getGui(): HTMLElement {
      return this.element;
    }

    refresh(params: ICellRendererParams): boolean {
      this.draw(params.value as Value | undefined);
      return true;
    }

    /** What looks the same stays: a row is drawn again when it is selected, which is in the middle of a click. */
    private draw(value: Value | undefined): void {
      this.value = value;
      const drawn = document.createElement('span');
      if (value !== undefined) paint(drawn, value);
      const [old, fresh] = [[...this.element.childNodes], [...drawn.childNodes]];
      const isSame = old.length === fresh.length && old.every((node, i) => node.isEqualNode(fresh[i] ?? null));
      if (!isSame) this.element.replaceChildren(...fresh);
    }
  };
}
