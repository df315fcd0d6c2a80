import { BitSet } from '../base/bitset.ts';
import { NagareError } from '../base/errors.ts';
import type { Input, Output, Sort, TimeRange, ViewState } from '../contract/api.ts';
import type { FilterTree } from '../filter/language/checked.ts';
import { FLAG } from '../table/flags.ts';
import { atAdapter } from './appearances.ts';
import type { Filters, OpenPackets } from './filters.ts';
import { rowsFrom } from './retire.ts';
import { allRows, everyRow, inRange } from './row-sets.ts';
import { sortRows } from './sort.ts';
import type { Job } from './turns.ts';

/** View numbers tell their session: a host finds the one by dividing. */
export const VIEWS_PER_SESSION = 1_000_000;

/** A sorted view of a capture that grows is sorted again after this many times what sorting took. */
const SORT_SHARE = 10;

/** A filtered and sorted list of packets. */
export interface View {
  readonly id: number;
  readonly filter: string;
  readonly range: TimeRange;
  readonly sort: Sort;
  readonly isAdapter: boolean;
  leftOut: number;
  /** Rows in order; null: every row in file order. */
  order: Uint32Array | null;
  /** The rows in it as a set; null: every row. */
  set: BitSet | null;
  /** Rows of the table that it covers. */
  covered: number;
  ms: number;
  /** A sorted view of a capture that grows is sorted again at this time at the earliest. */
  again: number;
}

/** The open views of a session. They grow with the capture: new rows come in, at the end or at their sorted place. */
export class Views {
  private readonly session: number;
  private readonly packets: OpenPackets;
  private readonly filters: Filters;
  private readonly now: () => number;
  private readonly views = new Map<number, View>();
  private nextView: number;

  constructor(session: number, packets: OpenPackets, filters: Filters, now: () => number) {
    this.session = session;
    this.packets = packets;
    this.filters = filters;
    this.now = now;
    this.nextView = session * VIEWS_PER_SESSION + 1;
  }

  /** `isWhole`: it is not given before it covers all that is read. */
  async open(input: Input<'view.open'>, job: Job, isWhole: boolean): Promise<Output<'view.open'>> {
    const checked = this.filters.check(input.filter);
    if (!checked.ok) return { ok: false, error: checked.error };
    this.filters.refer(checked.value, input.reference ?? -1);
    const began = this.now();
    const view: View = {
      id: this.nextView++,
      filter: input.filter.trim(),
      range: input.range,
      sort: input.sort,
      isAdapter: input.appearances === 'adapter',
      leftOut: 0,
      order: null,
      set: null,
      covered: 0,
      ms: 0,
      again: 0,
    };
    do await this.fill(view, this.filters.bound(checked.value), job);
    while (isWhole && this.packets.capture.isLoaded && view.covered < this.packets.capture.table.count);
    view.ms = this.now() - began;
    this.views.set(view.id, view);
    return { ok: true, view: this.state(view) };
  }

  close(id: number): void {
    this.views.delete(id);
  }

  /** Throws `not-open`. */
  of(id: number): View {
    const view = this.views.get(id);
    if (view === undefined) throw new NagareError('not-open', `There is no view ${id}.`);
    return view;
  }

  state(view: View): ViewState {
    return {
      view: view.id,
      session: this.session,
      rows: this.rowsIn(view),
      leftOut: view.leftOut,
      ms: view.ms,
      isComplete: this.packets.isRead,
      progress: 1,
    };
  }

  rowsIn(view: View): number {
    return view.order === null ? Math.max(0, view.covered - this.firstRow) : view.order.length;
  }

  rowAt(view: View, position: number): number {
    return view.order === null ? this.firstRow + position : view.order[position];
  }

  /** Position of a row in a view, or of the nearest one before it. */
  position({ view: id, row }: Input<'view.position'>): Output<'view.position'> {
    const view = this.of(id);
    if (view.order === null) {
      const last = Math.max(0, this.rowsIn(view) - 1);
      const isShown = row >= this.firstRow && row < view.covered;
      return { position: Math.min(Math.max(0, row - this.firstRow), last), isShown };
    }
    if (view.sort !== null) {
      const position = view.order.indexOf(row);
      return { position: Math.max(0, position), isShown: position >= 0 };
    }
    let low = 0;
    let high = view.order.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (view.order[middle] <= row) low = middle + 1;
      else high = middle;
    }
    return { position: Math.max(0, low - 1), isShown: low > 0 && view.order[low - 1] === row };
  }

  /** Brings them up to the table; the ones that have changed. */
  async *grow(job: () => Job): AsyncGenerator<ViewState> {
    const { packets } = this;
    for (const view of [...this.views.values()]) {
      if (view.covered === packets.capture.table.count) {
        // It had every row before the end was known: now it is complete.
        if (packets.isRead) yield this.state(view);
        continue;
      }
      // A new order costs as much as the first one: it is made again when all rows are there.
      if (view.sort !== null && (!packets.isRead || this.now() < view.again)) continue;
      const checked = this.filters.check(view.filter);
      if (!checked.ok) continue;
      await this.fill(view, this.filters.bound(checked.value), job());
      yield this.state(view);
    }
  }

  /** Rows before `first` are gone. */
  retire(first: number): void {
    for (const view of this.views.values()) {
      view.set?.retire(first);
      if (view.order !== null) view.order = rowsFrom(view.order, first, view.sort === null);
    }
  }

  /** What filters left has to be found again. */
  forgetFiltered(): void {
    for (const view of this.views.values()) if (view.order !== null) view.covered = 0;
  }

  /** The packets are read again: views fill as they did at first. */
  empty(): void {
    for (const view of this.views.values()) {
      view.covered = 0;
      view.again = 0;
      view.set = view.set === null ? null : new BitSet(0);
      view.order = view.order === null ? null : new Uint32Array(0);
    }
  }

  /** Rows that a request names. */
  rowsOf(rows: Input<'packets.flag'>['rows'], view: View | null): Uint32Array {
    const { count, first } = this.packets.capture.table;
    if (rows === 'all') return allRows(count, first);
    if (rows instanceof Uint32Array) return rows.filter((row) => row >= first && row < count);
    const order = view === null || view.order === null ? null : view.order;
    if (rows === 'displayed') return order ?? allRows(count, first);
    const chosen: number[] = [];
    const { positions } = rows;
    const last = order?.length ?? count - first;
    for (let i = 0; i + 1 < positions.length; i += 2) {
      for (let position = positions[i]; position < Math.min(positions[i + 1], last); position++)
        chosen.push(order === null ? first + position : order[position]);
    }
    return Uint32Array.from(chosen);
  }

  /** Rows that an export writes, in file order for capture formats and in the view's order for texts. */
  exportRows(input: Input<'export.run'>): Uint32Array {
    const view = this.of(input.view);
    const { capture } = this.packets;
    const { table } = capture;
    switch (input.which) {
      case 'all':
        return allRows(table.count, table.first);
      case 'displayed':
        return view.order ?? allRows(table.count, table.first);
      case 'selected':
        return this.rowsOf(input.rows ?? new Uint32Array(0), view);
      case 'marked':
        return allRows(table.count, table.first).filter((row) => (table.get('flags', row) & FLAG.marked) !== 0);
      default:
        return inRange(capture, everyRow(capture), input.range ?? view.range).toRows();
    }
  }

  /** The first row that is there. */
  private get firstRow(): number {
    return this.packets.capture.table.first;
  }

  /** Makes a view's set and order over all rows there are. */
  private async fill(view: View, tree: FilterTree | null, job: Job): Promise<void> {
    const { packets } = this;
    const { capture } = packets;
    const { count } = capture.table;
    let set = tree === null ? null : await this.filters.rows(view.filter, tree, count, job);
    if (capture !== packets.capture) return; // decoded otherwise in the meantime: filled anew
    if (view.range !== null) set = inRange(capture, set ?? BitSet.full(count, this.firstRow), view.range);
    if (view.isAdapter) {
      const all = set?.count() ?? count - this.firstRow;
      set = atAdapter(capture, set);
      view.leftOut = set === null ? 0 : all - set.count();
    }
    view.set = set;
    view.covered = count;
    if (view.sort === null) {
      view.order = set === null ? null : set.toRows();
      return;
    }
    const rows = set === null ? allRows(count, this.firstRow) : set.toRows();
    const began = this.now();
    const { column, descending } = view.sort;
    const order = await sortRows(capture, rows, column, descending, (row) => packets.packet(row, view.set), job);
    const now = this.now();
    view.again = now + SORT_SHARE * (now - began);
    if (capture === packets.capture) view.order = order;
  }
}
