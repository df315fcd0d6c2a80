/** What is selected: rows of the list by their position in the view, the current packet, and a field or bytes inside it. */

import { addRange, hasRow, type RowRanges, removeRange } from './row-ranges.ts';
import { makeStore, type ReadonlyStore } from './store.ts';

/** Bytes of the current packet: of a field of the tree, or chosen in the bytes pane. */
export interface ByteSelection {
  /** Index into PacketDetail.sources. */
  readonly source: number;
  readonly at: number;
  readonly length: number;
  /** Name of the field they belong to, '' for none. */
  readonly field: string;
  /** Index into PacketDetail.nodes; -1: none. */
  readonly node: number;
}

export interface Selection {
  /** Position of the current row in the view; -1: none. */
  readonly position: number;
  /** Packet of the current row, from 0; -1: none, or not known yet. */
  readonly row: number;
  /** Where a range selected with Shift starts. */
  readonly anchor: number;
  /** Selected positions; the current one is among them unless Ctrl took it out. */
  readonly ranges: RowRanges;
  /** Column of the cell last clicked or moved to; '' before that. */
  readonly column: string;
  readonly bytes: ByteSelection | null;
}

export interface SelectionStore extends ReadonlyStore<Selection> {
  /** Makes a row the current and only one. `row` is its packet, where it is known. */
  select(position: number, row?: number): void;
  /** Selects from the anchor to here (Shift). */
  extendTo(position: number, row?: number): void;
  /** Takes a row in or out (Ctrl). */
  toggle(position: number, row?: number): void;
  selectAll(count: number): void;
  setColumn(column: string): void;
  setBytes(bytes: ByteSelection | null): void;
  /** The packet of the current position, once it is known. */
  resolve(position: number, row: number): void;
  clear(): void;
}

const NOTHING: Selection = { position: -1, row: -1, anchor: -1, ranges: [], column: '', bytes: null };

export function makeSelectionStore(): SelectionStore {
  const store = makeStore<Selection>(NOTHING);

  /** Bytes belong to one packet: another packet has none selected until it is asked for. */
  function moveTo(position: number, row: number | undefined, rest: Partial<Selection>): void {
    const before = store.get();
    const next = row ?? (position === before.position ? before.row : -1);
    const bytes = next === before.row ? before.bytes : null;
    store.set({ ...rest, position, row: next, bytes });
  }

  return {
    get: store.get,
    subscribe: store.subscribe,
    select: (position, row) => moveTo(position, row, { anchor: position, ranges: [[position, position + 1]] }),
    extendTo: (position, row) => {
      const { anchor, position: before } = store.get();
      const start = anchor >= 0 ? anchor : before >= 0 ? before : position;
      const ranges: RowRanges = [[Math.min(start, position), Math.max(start, position) + 1]];
      moveTo(position, row, { anchor: start, ranges });
    },
    toggle: (position, row) => {
      const { ranges } = store.get();
      const isIn = hasRow(ranges, position);
      const next = isIn ? removeRange(ranges, position, position + 1) : addRange(ranges, position, position + 1);
      moveTo(position, row, { anchor: position, ranges: next });
    },
    selectAll: (count) => {
      if (count <= 0) return;
      const { position } = store.get();
      store.set({ ranges: [[0, count]], anchor: 0, position: Math.max(position, 0) });
    },
    setColumn: (column) => store.set({ column }),
    setBytes: (bytes) => store.set({ bytes }),
    resolve: (position, row) => {
      if (store.get().position === position && store.get().row !== row) store.set({ row, bytes: null });
    },
    clear: () => store.set({ ...NOTHING, column: store.get().column }),
  };
}
