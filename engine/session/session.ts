/**
 * One open capture as the contract serves it: views (filtered, sorted orders), rows, details, marks, find, panels. Runs in a
 * worker of its own behind a host, or inline in tests: `new Session(reader, env)` and `await session.loaded`.
 */

import { BitSet } from '../base/bitset.ts';
import { NagareError } from '../base/errors.ts';
import { valueName } from '../base/fields.ts';
import type { CloudData } from '../cloud/cloud-data.ts';
import type {
  CallContext,
  ColourRule,
  EventName,
  Events,
  Input,
  Output,
  RowsPage,
  SessionState,
  Sort,
  TimeRange,
  ViewState,
} from '../contract/api.ts';
import type { DecodeAs } from '../dissect/applications.ts';
import { type DecodeRule, decodeMap, isDecodeRule } from '../dissect/decode-as.ts';
import { catalog } from '../dissect/registry.ts';
import { evaluate, fieldsOf } from '../filter/evaluate.ts';
import { countValues } from '../filter/field-values.ts';
import { checkFilter } from '../filter/language/check.ts';
import type { CheckedFilter, FilterTree } from '../filter/language/checked.ts';
import type { FilterMacro } from '../filter/language/macros.ts';
import { runFilter } from '../filter/plan.ts';
import { bindReferences } from '../filter/references.ts';
import { linkTypeInfo } from '../readers/link-types.ts';
import type { CaptureReader } from '../readers/reader.ts';
import { PROBLEMS } from '../table/analysis-bits.ts';
import { FLAG } from '../table/flags.ts';
import { BLOCK_MASK, BLOCK_SHIFT } from '../table/packet-table.ts';
import { atAdapter, countCopies } from './appearances.ts';
import { Capture, type CaptureOptions } from './capture.ts';
import { cellText } from './cells.ts';
import { cloudOf } from './cloud.ts';
import { conversationFilter } from './conversation-filter.ts';
import { decodeChoices, decodeTables } from './decode-choices.ts';
import { cellFilter, fieldFilter, packetDetail } from './detail.ts';
import { Dissector } from './dissector.ts';
import { type CellTexts, findTest } from './find.ts';
import type { FrameContext } from './frame-tree.ts';
import type { Growth } from './growth.ts';
import { filterData, PacketSource } from './packet-source.ts';
import { gather, gatheredNow } from './panels/gathered.ts';
import { panels } from './panels/index.ts';
import { continueFrom, isWorthRenewing, keepStreams, retireRows, rowsFrom, without } from './retire.ts';
import type { Scanner } from './scanner.ts';
import { sortRows } from './sort.ts';
import { appearancesOf } from './stack-view.ts';
import { Job, type Turns } from './turns.ts';

/** What a session needs of where it runs. */
export interface SessionEnvironment extends Turns {
  emit<E extends EventName>(event: E, value: Events[E]): void;
}

export interface SessionOptions extends CaptureOptions {
  readonly decodeRules?: readonly DecodeRule[];
  /** Messages are read in the background once a capture is loaded: panels that need them for a part need not wait. */
  readonly gathers?: boolean;
  /** A scanner of its own for each time that the packets are read; inline without. */
  readonly makeScanner?: (decodeAs: DecodeAs) => Scanner | undefined;
  /** The capture still runs: its packets are read as they come. */
  readonly growth?: Growth;
}

export interface SessionFile {
  readonly path: string;
  readonly name: string;
  readonly size: number;
}

/** Milliseconds of loading between two looks at what else is waiting. */
const LOAD_SLICE_MS = 20;
const EMIT_EVERY_MS = 100;
/** A sorted view of a capture that grows is sorted again after this many times what sorting took. */
const SORT_SHARE = 10;
/** Filter results kept. */
const MAX_RESULTS = 16;

/** A filter's rows so far. */
interface FilterResult {
  readonly tree: FilterTree | null;
  rows: BitSet;
}

interface View {
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

export class Session {
  readonly id: number;
  /** Another one, with its dissector, once the packets are decoded by other rules. */
  capture: Capture;
  dissector: Dissector;
  /** Resolves when all is read. */
  loaded: Promise<void>;

  private readonly env: SessionEnvironment;
  private readonly options: SessionOptions;
  private rules: readonly DecodeRule[];
  private keyLogs: readonly Uint8Array[];
  private readonly filesNow: () => readonly SessionFile[];
  private readonly views = new Map<number, View>();
  private readonly results = new Map<string, FilterResult>();
  private nextView: number;
  private revision = 0;
  private readonly marks = { marked: 0, ignored: 0 };
  /** Time references, ascending. */
  private references: number[] = [];
  private changedComments = false;
  private loadMs = 0;
  private emitted = 0;
  private isStopped = false;
  /** Rows that were read when loading was stopped: as many are read again. */
  private stoppedAt = 0;
  private isClosed = false;
  private macros: readonly FilterMacro[] = [];
  private cloud: (() => CloudData) | null = null;
  /** Of filters with references: the packet that was selected when they were applied, -1: none. */
  private readonly selected = new Map<string, number>();
  /** Of a capture that keeps its last minutes only: the one that takes this one's place, and where this one began. */
  private next: Capture | null = null;
  private beganAt = 0;
  private colours: readonly { readonly tree: FilterTree | null; readonly isOn: boolean }[] = [];

  constructor(
    id: number,
    reader: CaptureReader,
    files: readonly SessionFile[] | (() => readonly SessionFile[]),
    env: SessionEnvironment,
    options: SessionOptions = {},
  ) {
    this.id = id;
    this.filesNow = typeof files === 'function' ? files : () => files;
    this.env = env;
    this.nextView = id * VIEWS_PER_SESSION + 1;
    this.options = options;
    this.rules = options.decodeRules ?? [];
    this.keyLogs = options.keyLogs ?? [];
    this.capture = this.openedBy(reader);
    this.dissector = new Dissector(this.capture);
    this.loaded = this.load();
  }

  /** For jobs on this session that others run. */
  get turns(): Turns {
    return this.env;
  }

  private get files(): readonly SessionFile[] {
    return this.filesNow();
  }

  /** The files that are read. */
  get paths(): readonly string[] {
    return this.files.map(({ path }) => path);
  }

  close(): void {
    this.isClosed = true;
    this.next?.close();
    this.capture.close();
  }

  /** Ends the loading; what was read stays. */
  stop(): void {
    this.isStopped = true;
    this.stoppedAt = this.capture.table.count;
  }

  private openedBy(reader: CaptureReader): Capture {
    const { makeScanner, decodeRules: _, growth: __, ...options } = this.options;
    const decodeAs = this.rules.length === 0 ? (options.decodeAs ?? new Map<string, number>()) : decodeMap(this.rules);
    const scanner = makeScanner?.(decodeAs);
    const capture = new Capture(reader, {
      ...options,
      keyLogs: this.keyLogs,
      decodeAs,
      ...(scanner === undefined ? {} : { scanner }),
    });
    if (this.cloud !== null) cloudOf(capture).use(this.cloud);
    return capture;
  }

  /** `before`: the same packets under other rules, of which marks and comments are taken over. */
  private async load(before: Capture | null = null): Promise<void> {
    const began = this.env.now();
    const { growth } = this.options;
    let { capture } = this;
    let told = -1;
    for (;;) {
      if (this.isClosed || capture !== this.capture) return;
      if (this.isStopped && capture.table.count >= this.stoppedAt) capture.stop();
      const slice = this.env.now();
      const from = capture.table.count;
      const isOver = growth === undefined || growth.isOver || this.isStopped;
      const isDone = capture.load(() => this.env.now() - slice > LOAD_SLICE_MS, isOver);
      if (before !== null) takeOver(before, capture, from, this.changedComments);
      this.loadMs = this.env.now() - began;
      if (growth !== undefined && this.retire(growth.firstRow)) ({ capture } = this);
      else if (isDone && isOver) break;
      if (told !== capture.table.count && this.env.now() - this.emitted > EMIT_EVERY_MS) {
        told = capture.table.count;
        this.changed();
        await this.growViews();
      }
      if (isDone && this.next === null) await growth?.wait();
      else await this.env.next();
      if (isDone) capture.resume();
    }
    this.next?.close();
    this.next = null;
    if (this.dissector.applySecrets()) this.forgetFiltered();
    await this.growViews();
    this.changed();
    if (this.options.gathers === true) void this.gather();
  }

  /** Reads the messages for the panels that want them; those that were shown before are asked for again afterwards. */
  private async gather(): Promise<void> {
    const { capture, dissector } = this;
    const isOver = (): boolean => this.isClosed || capture !== this.capture;
    const signal = {
      get aborted() {
        return isOver();
      },
    };
    try {
      await gather({ capture, dissector, job: new Job(this.env, signal) });
    } catch (thrown) {
      if (isOver()) return;
      throw thrown;
    }
    if (isOver()) return;
    this.revision++;
    this.changed();
  }

  /**
   * Rows before `first` are gone. Once in a while the others are read again, so that what is known of those does not pile up;
   * true: that is done, and there is another capture.
   */
  private retire(first: number): boolean {
    const { capture } = this;
    if (first > capture.table.first) {
      const marks = retireRows(capture, first);
      this.marks.marked -= marks.marked;
      this.marks.ignored -= marks.ignored;
      this.references = this.references.filter((row) => row >= first);
      for (const { rows } of this.results.values()) without(rows, first);
      for (const view of this.views.values()) {
        if (view.set !== null) without(view.set, first);
        if (view.order !== null) view.order = rowsFrom(view.order, first, view.sort === null);
      }
    }
    if (this.next === null) {
      if (!isWorthRenewing(capture, this.beganAt)) return false;
      this.next = this.openedBy(capture.reader.again());
      continueFrom(capture, this.next);
    }
    const { next } = this;
    const slice = this.env.now();
    if (!next.load(() => this.env.now() - slice > LOAD_SLICE_MS, false)) return false;
    next.resume();
    this.next = null;
    if (next.table.count < capture.table.count) {
      next.close(); // a file went away under it: its rows are not these
      return false;
    }
    retireRows(next, capture.table.first);
    takeOver(capture, next, next.table.first, this.changedComments);
    keepStreams(capture, next);
    this.beganAt = next.table.first;
    this.capture = next;
    this.dissector = new Dissector(next);
    capture.close();
    return true;
  }

  /** Other TLS key logs than before: what they open, and what filters find in it, is shown anew. */
  setKeyLogs(texts: readonly Uint8Array[]): void {
    this.keyLogs = texts;
    const { secrets, reader } = this.capture;
    secrets.replace(texts, reader.facts);
    this.dissector.applySecrets();
    this.forgetFiltered();
    this.revision++;
    if (this.capture.isLoaded) this.loaded = this.growViews().then(() => this.changed());
  }

  /** What filters left has to be found again. */
  private forgetFiltered(): void {
    this.results.clear();
    for (const view of this.views.values()) if (view.order !== null) view.covered = 0;
  }

  private changed(): void {
    this.emitted = this.env.now();
    this.env.emit('session', this.state);
  }

  get state(): SessionState {
    const { capture } = this;
    const { pass, reader, table } = capture;
    const { facts } = reader;
    const { files } = this;
    const total = files.reduce((sum, file) => sum + file.size, 0);
    const problems = [...facts.warnings, ...(reader.problem === null ? [] : [reader.problem])];
    return {
      session: this.id,
      files: files.map(({ path, name, size }) => ({
        path,
        name,
        size,
        format: facts.format,
        compression: facts.compression ?? null,
      })),
      interfaces: facts.interfaces.map((one) => ({
        name: one.name ?? '',
        description: one.description ?? '',
        linkType: one.linkType,
        linkName: linkTypeInfo(one.linkType).title,
        file: one.file,
      })),
      packets: table.count,
      firstRow: table.first,
      live: null, // the host adds what it knows of the capture
      isLoading: !this.isRead,
      progress: this.isRead ? 1 : total === 0 ? 0 : Math.min(1, reader.position / total),
      loadMs: Math.round(this.loadMs),
      epoch: pass.epochSeconds === null ? null : capture.epoch.toString(),
      startTime: table.count > 0 ? table.get('time', 0) : Number.NaN,
      firstTime: pass.epochSeconds === null ? 0 : pass.firstTime,
      lastTime: pass.epochSeconds === null ? 0 : pass.lastTime,
      copies: countCopies(capture),
      timeDigits: Math.max(6, ...facts.interfaces.map((one) => Math.min(9, Math.ceil(Math.log10(one.ticksPerSecond))))),
      marked: this.marks.marked,
      ignored: this.marks.ignored,
      commented: capture.comments.size,
      problems: problems.map(({ code, message, key, params, file, at }) => ({
        code,
        message,
        key,
        params,
        file: file ?? files[0]?.name ?? '',
        at,
      })),
      revision: this.revision,
      hasUnsavedComments: this.changedComments,
    };
  }

  /** All there is has been read; of a capture that runs: nothing is waited for. */
  private get isRead(): boolean {
    const { growth } = this.options;
    return this.capture.isLoaded || (growth !== undefined && !growth.isOver);
  }

  /** Rules by which rows are coloured; a rule whose filter is wrong colours nothing. */
  setColours(rules: readonly ColourRule[], isOn: boolean): void {
    this.colours = rules.map((rule) => {
      const checked = this.check(rule.filter);
      return {
        tree: checked.ok ? checked.value.tree : null,
        isOn: isOn && rule.on && checked.ok && checked.value.tree !== null,
      };
    });
  }

  // ---- decode as

  /** The rules in force, and what a packet offers. */
  decodeAs(row: number | null): Output<'session.decodeAs'> {
    return {
      rules: this.rules,
      tables: decodeTables(),
      choices: row === null ? [] : decodeChoices(this.dissector.dissect(this.existing(row))),
    };
  }

  /** Reads the packets again under other rules. Rows, marks, comments and views stay; what filters leave is found anew. */
  setDecodeAs(rules: readonly { readonly table: string; readonly key: number; readonly protocol: string }[]): null {
    const wrong = rules.find((rule) => !isDecodeRule(rule));
    if (wrong !== undefined)
      throw new NagareError('bad-input', `${wrong.table}==${wrong.key} cannot be decoded as ${wrong.protocol}.`);
    const before = this.capture;
    this.rules = rules.filter(isDecodeRule);
    this.capture = this.openedBy(before.reader.again());
    continueFrom(before, this.capture);
    this.next?.close();
    this.next = null;
    this.beganAt = this.capture.table.first;
    this.dissector = new Dissector(this.capture);
    before.close();
    this.results.clear();
    for (const view of this.views.values()) {
      view.covered = 0;
      view.again = 0;
      view.set = view.set === null ? null : new BitSet(0);
      view.order = view.order === null ? null : new Uint32Array(0);
    }
    this.revision++;
    this.loaded = this.load(before);
    this.changed();
    return null;
  }

  /** Other macros than before: filters that use them mean something else from now on. */
  setMacros(macros: readonly FilterMacro[]): void {
    if (JSON.stringify(macros) === JSON.stringify(this.macros)) return;
    this.macros = macros;
    this.results.clear();
  }

  private check(filter: string): ReturnType<typeof checkFilter> {
    return checkFilter(filter, catalog, { macros: this.macros });
  }

  /** The filter with its references filled in from the packet that was selected when it was applied. */
  private bound({ text, tree, hasReferences }: CheckedFilter): FilterTree | null {
    if (tree === null || !hasReferences) return tree;
    const row = this.selected.get(text.trim()) ?? -1;
    return bindReferences(tree, row >= 0 && row < this.capture.table.count ? this.packet(row, null) : null);
  }

  /** Values of a field, for completion. */
  async values(
    { field: name, filter, limit }: Input<'session.values'>,
    call: CallContext,
  ): Promise<Output<'session.values'>> {
    const field = catalog.get(name);
    if (field === undefined) throw new NagareError('bad-input', `There is no field "${name}".`);
    const rows = (await this.select(filter, null, call)) ?? this.everyRow();
    const data = filterData(this.capture, this.dissector, (row) => this.frameContext(row, null));
    const found = await countValues(field, data, rows, limit, this.job(call).pause);
    const values = found.values.map(({ value, count }) => ({
      text: fieldFilter(field, value).slice(`${field.abbrev} == `.length),
      name: (typeof value === 'number' ? valueName(field.names, value) : undefined) ?? '',
      count,
    }));
    return { ...found, values: values.filter(({ text }) => text !== '') };
  }

  // ---- views

  async openView(input: Input<'view.open'>, call: CallContext): Promise<Output<'view.open'>> {
    const checked = this.check(input.filter);
    if (!checked.ok) return { ok: false, error: checked.error };
    if (checked.value.hasReferences) this.selected.set(input.filter.trim(), input.reference ?? -1);
    const began = this.env.now();
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
    do await this.fill(view, this.bound(checked.value), this.job(call));
    while (this.options.growth === undefined && this.capture.isLoaded && view.covered < this.capture.table.count);
    view.ms = this.env.now() - began;
    this.views.set(view.id, view);
    return { ok: true, view: this.viewState(view) };
  }

  closeView(id: number): null {
    this.views.delete(id);
    return null;
  }

  private viewOf(id: number): View {
    const view = this.views.get(id);
    if (view === undefined) throw new NagareError('not-open', `There is no view ${id}.`);
    return view;
  }

  private viewState(view: View): ViewState {
    return {
      view: view.id,
      session: this.id,
      rows: this.rowsIn(view),
      leftOut: view.leftOut,
      ms: view.ms,
      isComplete: this.isRead,
      progress: 1,
    };
  }

  private rowsIn(view: View): number {
    return view.order === null ? Math.max(0, view.covered - this.firstRow) : view.order.length;
  }

  /** The first row that is there. */
  private get firstRow(): number {
    return this.capture.table.first;
  }

  /** Every row that is there, as a set. */
  private everyRow(): BitSet {
    return without(BitSet.full(this.capture.table.count), this.firstRow);
  }

  private job(call: CallContext | null): Job {
    return new Job(this.env, call?.signal ?? null, call === null ? null : (done, total) => call.progress(done, total));
  }

  /** Makes a view's set and order over all rows there are. */
  private async fill(view: View, tree: FilterTree | null, job: Job): Promise<void> {
    const { capture } = this;
    const count = capture.table.count;
    let set = tree === null ? null : await this.filtered(view.filter, tree, count, job);
    if (capture !== this.capture) return; // decoded otherwise in the meantime: filled anew
    if (view.range !== null) set = inRange(capture, set ?? without(BitSet.full(count), this.firstRow), view.range);
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
    const began = this.env.now();
    const order = await sortRows(
      capture,
      rows,
      view.sort.column,
      view.sort.descending,
      (row) => this.packet(row, view),
      job,
    );
    const now = this.env.now();
    view.again = now + SORT_SHARE * (now - began);
    if (capture === this.capture) view.order = order;
  }

  /** Rows [0, count) that pass; kept by the filter's text, and extended as the capture grows. */
  private async filtered(filter: string, tree: FilterTree, count: number, job: Job): Promise<BitSet> {
    // The same text with another selected packet is another filter.
    const text = `${filter}\u0000${this.selected.get(filter) ?? ''}`;
    let result = this.results.get(text);
    if (result !== undefined && result.rows.size >= count) return result.rows;
    const from = Math.max(result?.rows.size ?? 0, this.firstRow);
    const { capture } = this;
    const data = filterData(capture, this.dissector, (row) => this.frameContext(row, null));
    const fresh = await runFilter(tree, data, from, count, job.pause);
    if (capture !== this.capture) return fresh;
    const rows = result === undefined ? fresh : result.rows.grown(count).or(fresh);
    result = { tree, rows };
    this.results.delete(text);
    this.results.set(text, result);
    for (const key of this.results.keys()) {
      if (this.results.size <= MAX_RESULTS) break;
      this.results.delete(key);
    }
    return rows;
  }

  /** Rows that a filter and a range leave; null: all. Throws `bad-filter`. */
  async select(filter: string, range: TimeRange, call: CallContext | null): Promise<BitSet | null> {
    const checked = this.check(filter);
    if (!checked.ok) throw new NagareError('bad-filter', checked.error.message, checked.error);
    const count = this.capture.table.count;
    const tree = this.bound(checked.value);
    const set = tree === null ? null : await this.filtered(filter.trim(), tree, count, this.job(call));
    if (range === null) return set === null && this.firstRow > 0 ? this.everyRow() : set;
    return inRange(this.capture, set ?? without(BitSet.full(count), this.firstRow), range);
  }

  /** Brings open views up to the table: new rows come in, at the end or at their sorted place. */
  private async growViews(): Promise<void> {
    for (const view of [...this.views.values()]) {
      if (view.covered === this.capture.table.count) {
        // It had every row before the end was known: now it is complete.
        if (this.isRead) this.env.emit('view', this.viewState(view));
        continue;
      }
      // A new order costs as much as the first one: it is made again when all rows are there.
      if (view.sort !== null && (!this.isRead || this.env.now() < view.again)) continue;
      const checked = this.check(view.filter);
      if (!checked.ok) continue;
      await this.fill(view, this.bound(checked.value), new Job(this.env));
      this.env.emit('view', this.viewState(view));
    }
  }

  private rowAt(view: View, position: number): number {
    return view.order === null ? this.firstRow + position : view.order[position];
  }

  /** Position of a row in a view, or of the nearest one before it. */
  position(input: Input<'view.position'>): Output<'view.position'> {
    const view = this.viewOf(input.view);
    const { row } = input;
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

  // ---- packets

  private packet(row: number, view: View | null): PacketSource {
    return new PacketSource(this.capture, this.dissector, row, this.frameContext(row, view));
  }

  private frameContext(row: number, view: View | null): FrameContext {
    return { displayedBefore: view?.set?.previous(row - 1) ?? row - 1, reference: this.referenceOf(row) };
  }

  /** The last time reference at or before a row; -1: none. */
  private referenceOf(row: number): number {
    let found = -1;
    for (const reference of this.references) {
      if (reference > row) break;
      found = reference;
    }
    return found;
  }

  rows(input: Input<'view.rows'>): RowsPage {
    const view = this.viewOf(input.view);
    const first = Math.min(input.first, this.rowsIn(view));
    const count = Math.min(input.count, this.rowsIn(view) - first);
    const { table } = this.capture;
    const page = {
      first,
      rows: new Uint32Array(count),
      flags: new Uint16Array(count),
      isReference: new Uint8Array(count),
      colours: new Uint8Array(count),
      times: new Float64Array(count),
      timeBefore: first > 0 ? table.get('time', this.rowAt(view, first - 1)) : Number.NaN,
      references: new Float64Array(count),
    };
    const cells: string[] = [];
    for (let i = 0; i < count; i++) {
      const row = this.rowAt(view, first + i);
      const packet = this.packet(row, view);
      const reference = this.referenceOf(row);
      page.rows[i] = row;
      page.flags[i] = table.get('flags', row);
      page.isReference[i] = reference === row ? 1 : 0;
      page.times[i] = table.get('time', row);
      page.references[i] =
        reference < 0 ? (table.count > 0 ? table.get('time', 0) : Number.NaN) : table.get('time', reference);
      page.colours[i] = this.colourOf(packet);
      for (const column of input.columns) cells.push(cellText(this.capture, row, column, packet));
    }
    return { ...page, cells: cells.join('\u001f') };
  }

  private colourOf(packet: PacketSource): number {
    const rule = this.colours.findIndex(({ tree, isOn }) => isOn && tree !== null && evaluate(tree, packet));
    return rule + 1;
  }

  private existing(row: number): number {
    if (row >= this.capture.table.count || row < this.firstRow)
      throw new NagareError('bad-input', `There is no packet ${row + 1}.`);
    return row;
  }

  detail(row: number): Output<'packet.detail'> {
    return packetDetail(row, this.packet(this.existing(row), null), this.capture.comments.get(row) ?? []);
  }

  appearances(row: number): Output<'packet.appearances'> {
    return appearancesOf(this.capture, this.existing(row));
  }

  cellFilter(row: number, column: string): string | null {
    return cellFilter(row, column, this.packet(this.existing(row), null));
  }

  conversationFilter(row: number, layer: Input<'packet.conversationFilter'>['layer']): string | null {
    return conversationFilter(this.packet(this.existing(row), null), layer);
  }

  flag(input: Input<'packets.flag'>): null {
    const rows = this.rowsOf(input.rows, input.view === null ? null : this.viewOf(input.view));
    if (input.what === 'reference') {
      const set = new Set(this.references);
      for (const row of rows) {
        if (input.on) set.add(row);
        else set.delete(row);
      }
      this.references = [...set].sort((a, b) => a - b);
    } else {
      const bit = input.what === 'marked' ? FLAG.marked : FLAG.ignored;
      for (const row of rows) {
        const { flags } = this.capture.table.block(row);
        const at = row & BLOCK_MASK;
        if (((flags[at] & bit) !== 0) === input.on) continue;
        flags[at] ^= bit;
        this.marks[input.what] += input.on ? 1 : -1;
      }
    }
    this.revise(['frame.marked', 'frame.ignored', 'frame.time_relative']);
    return null;
  }

  comment(row: number, comments: readonly string[]): null {
    this.existing(row);
    const { flags } = this.capture.table.block(row);
    if (comments.length > 0) {
      this.capture.comments.set(row, comments);
      flags[row & BLOCK_MASK] |= FLAG.comment;
    } else {
      this.capture.comments.delete(row);
      flags[row & BLOCK_MASK] &= ~FLAG.comment;
    }
    this.changedComments = true;
    this.revise(['frame.comment']);
    return null;
  }

  /** What is shown must be asked again; results that depend on these fields are forgotten. */
  private revise(fields: readonly string[]): void {
    this.revision++;
    for (const [text, { tree }] of this.results) {
      if (tree !== null && fieldsOf(tree).some((field) => fields.includes(field.abbrev) || field.abbrev === 'frame'))
        this.results.delete(text);
    }
    this.changed();
  }

  /** Rows that a request names. */
  rowsOf(rows: Input<'packets.flag'>['rows'], view: View | null): Uint32Array {
    const { count, first } = this.capture.table;
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
    const view = this.viewOf(input.view);
    const { table } = this.capture;
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
        return inRange(this.capture, this.everyRow(), input.range ?? view.range).toRows();
    }
  }

  // ---- find, strip, panels

  async find(input: Input<'view.find'>, call: CallContext): Promise<Output<'view.find'>> {
    const view = this.viewOf(input.view);
    const { capture } = this;
    const total = this.rowsIn(view);
    if (total === 0) return null;
    const job = this.job(call);
    const tree = input.kind === 'filter' ? this.checked(input.text) : null;
    const set = tree === null ? null : await this.filtered(input.text.trim(), tree, this.capture.table.count, job);
    const texts: CellTexts = (packet, row) => LIST_COLUMNS.map((column) => cellText(this.capture, row, column, packet));
    const test =
      set === null
        ? findTest(input, texts, (row) => this.capture.bytes(row))
        : (_packet: PacketSource, row: number) => (set.has(row) ? { source: 0, at: 0, length: 0 } : null);
    const step = input.forward ? 1 : -1;
    const from = input.forward ? input.from : Math.max(0, input.from);
    for (let n = 1; n <= total; n++) {
      const position = (((from + step * n) % total) + total) % total;
      const row = this.rowAt(view, position);
      const place = test(this.packet(row, view), row);
      if (place !== null) return { position, row, ...place };
      const waiting = job.pause(n, total);
      if (waiting !== null) await waiting;
      if (capture !== this.capture) return null;
    }
    return null;
  }

  private checked(text: string): FilterTree | null {
    const checked = this.check(text);
    if (!checked.ok) throw new NagareError('bad-filter', checked.error.message, checked.error);
    return this.bound(checked.value);
  }

  strip(input: Input<'view.strip'>): Output<'view.strip'> {
    const view = this.viewOf(input.view);
    const { pass, table } = this.capture;
    const { buckets } = input;
    const all = new Uint32Array(buckets);
    const shown = new Uint32Array(buckets);
    const problems = new Uint32Array(buckets);
    if (!(pass.lastTime >= pass.firstTime)) return { from: 0, to: 0, all, shown, problems };
    const width = Math.max(1, pass.lastTime - pass.firstTime + 1) / buckets;
    const leftOut = view.isAdapter ? FLAG.copy : 0;
    for (let base = table.firstBase; base < table.count; base += 1 << BLOCK_SHIFT) {
      const block = table.blocks[base >>> BLOCK_SHIFT];
      const end = Math.min(table.count - base, BLOCK_MASK + 1);
      for (let i = 0; i < end; i++) {
        const bucket = Math.floor((block.time[i] - pass.firstTime) / width);
        if (!(bucket >= 0 && bucket < buckets) || (block.flags[i] & leftOut) !== 0) continue;
        all[bucket]++;
        if (view.set === null ? base + i >= table.first : view.set.has(base + i)) shown[bucket]++;
        if ((block.analysis[i] & PROBLEMS) !== 0 || (block.flags[i] & FLAG.malformed) !== 0) problems[bucket]++;
      }
    }
    return { from: pass.firstTime, to: pass.lastTime, all, shown, problems };
  }

  /** What the user has said about clouds; captures that are decoded otherwise later keep it. */
  setCloud(read: () => CloudData): void {
    this.cloud = read;
    const cloud = cloudOf(this.capture);
    const { revision } = cloud;
    cloud.use(read);
    if (cloud.revision !== revision) this.cloudChanged();
  }

  /** Own addresses or classes are others than before: filters on them find other packets. */
  private cloudChanged(): void {
    this.results.clear();
    this.revision++;
    this.changed();
  }

  async panel(input: Input<'panel.get'>, call: CallContext): Promise<unknown> {
    const panel = panels.get(input.panel);
    if (panel === undefined) throw new NagareError('bad-input', `There is no panel "${input.panel}".`);
    const { capture, dissector } = this;
    const found = await this.select(input.filter, input.range, call);
    const rows = input.appearances === 'adapter' ? atAdapter(capture, found) : found;
    if (capture !== this.capture) return this.panel(input, call); // decoded otherwise in the meantime
    const { revision } = cloudOf(capture);
    const made = await panel.make({
      capture,
      dissector,
      rows,
      range: input.range,
      job: this.job(call),
      options: input.options ?? {},
      isGathering: this.options.gathers === true && capture.isLoaded && gatheredNow(capture) === null,
      select: async (filter) => {
        const found = (await this.select(filter, input.range, call)) ?? this.everyRow();
        return rows === null ? found : found.copy().and(rows);
      },
    });
    if (cloudOf(capture).revision !== revision) this.cloudChanged();
    return made.kind === 'report' ? made.report : made.data;
  }
}

/** Marks, and comments that were changed, of the same packets decoded otherwise; rows from `from` on. */
function takeOver(before: Capture, after: Capture, from: number, changedComments: boolean): void {
  const bits = FLAG.marked | FLAG.ignored;
  const end = Math.min(before.table.count, after.table.count);
  for (let row = from; row < end; row++) {
    const { flags } = after.table.block(row);
    const at = row & BLOCK_MASK;
    flags[at] |= before.table.get('flags', row) & bits;
    if (!changedComments) continue;
    const comments = before.comments.get(row);
    if (comments === undefined) {
      after.comments.delete(row);
      flags[at] &= ~FLAG.comment;
    } else {
      after.comments.set(row, comments);
      flags[at] |= FLAG.comment;
    }
  }
}

/** View numbers tell their session: a host finds the one by dividing. */
export const VIEWS_PER_SESSION = 1_000_000;

const LIST_COLUMNS = ['source', 'destination', 'protocol', 'info'] as const;

/** Rows `first` to `count`. */
export function allRows(count: number, first = 0): Uint32Array {
  const rows = new Uint32Array(Math.max(0, count - first));
  for (let i = 0; i < rows.length; i++) rows[i] = first + i;
  return rows;
}

/** The rows of a set inside a time range; rows without a time are in none. */
export function inRange(capture: Capture, set: BitSet, range: TimeRange): BitSet {
  if (range === null) return set;
  const result = set.copy();
  const { table } = capture;
  for (let row = result.next(0); row >= 0; row = result.next(row + 1)) {
    const time = table.get('time', row);
    if (!(time >= range.from && time <= range.to)) result.delete(row);
  }
  return result;
}
