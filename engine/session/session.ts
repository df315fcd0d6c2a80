/**
 * One open capture as the contract serves it: views (filtered, sorted orders), rows, details, marks, find, panels. Runs in a
 * worker of its own behind a host, or inline in tests: `new Session(reader, env)` and `await session.loaded`.
 */

import type { BitSet } from '../base/bitset.ts';
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
  TimeRange,
} from '../contract/api.ts';
import { DEFAULT_PREFERENCES, type GivenSides, NO_GIVEN_SIDES, type Preferences } from '../contract/preferences.ts';
import type { DecodeAs } from '../dissect/applications.ts';
import { type DecodeRule, decodeMap, isDecodeRule } from '../dissect/decode-as.ts';
import { catalog } from '../dissect/registry.ts';
import { evaluate } from '../filter/evaluate.ts';
import { countValues } from '../filter/field-values.ts';
import type { FilterTree } from '../filter/language/checked.ts';
import type { FilterMacro } from '../filter/language/macros.ts';
import type { CaptureReader } from '../readers/reader.ts';
import { atAdapter } from './appearances.ts';
import { Capture, type CaptureOptions } from './capture.ts';
import { cloudOf } from './cloud.ts';
import { conversationFilter } from './conversation-filter.ts';
import { decodeChoices, decodeTables } from './decode-choices.ts';
import { cellFilter, fieldFilter, packetDetail } from './detail.ts';
import { Dissector } from './dissector.ts';
import { Filters } from './filters.ts';
import { findInView } from './find.ts';
import type { FrameContext } from './frame-tree.ts';
import { GivenNames, type HostEntry, NO_GIVEN_NAMES } from './given-names.ts';
import type { Growth } from './growth.ts';
import type { Names } from './names.ts';
import { PacketSource } from './packet-source.ts';
import { gather, gatheredNow } from './panels/gathered.ts';
import { panels } from './panels/index.ts';
import { namesNow } from './panels/known-names.ts';
import { preparePanels } from './panels/prepare.ts';
import { findUnwanted } from './panels/unwanted.ts';
import { continueFrom, isWorthRenewing, keepStreams, retireRows } from './retire.ts';
import { existingRow, RowMarks } from './row-marks.ts';
import { everyRow } from './row-sets.ts';
import { rowsPage } from './rows-page.ts';
import type { Scanner } from './scanner.ts';
import { captureState, type SessionFile } from './session-state.ts';
import { appearancesOf } from './stack-view.ts';
import { timeStrip } from './strip.ts';
import { Job, type Turns } from './turns.ts';
import { Views } from './views.ts';

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

/** Fields that a program's sockets tell, also of packets that came before. */
const OWNED = ['nagare.process', 'nagare.processid'];

/** Milliseconds of loading between two looks at what else is waiting. */
const LOAD_SLICE_MS = 20;
const EMIT_EVERY_MS = 100;
/** While a question is answered, work in the background goes on so often. */
const BACKGROUND_EVERY_MS = 60;
/** Panels whose messages are still being read are shown anew so often. */
const TELL_EVERY_MS = 2000;
/** Of a capture that runs: between two looks at what should not be there. */
const LOOK_EVERY_MS = 3000;

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
  private readonly filters: Filters;
  private readonly views: Views;
  private readonly marks = new RowMarks();
  private revision = 0;
  private loadMs = 0;
  /** What is shown knows the sockets of this revision. */
  private owners = 0;
  private emitted = 0;
  private isStopped = false;
  /** Rows that were read when loading was stopped: as many are read again. */
  private stoppedAt = 0;
  private isClosed = false;
  /** Panels that are being made. */
  private waiting = 0;
  /** A panel was shown before all messages were read, and when such were asked for again. */
  private isToldInPart = false;
  private told = 0;
  private cloud: (() => CloudData) | null = null;
  private preferences: Preferences;
  private hosts: readonly HostEntry[] = [];
  private sides: GivenSides = NO_GIVEN_SIDES;
  private given: GivenNames = NO_GIVEN_NAMES;
  /** Entries of the list of unwanted protocols that were found, and when they were looked for. */
  private unwanted = 0;
  private looked = 0;
  private isLooking = false;
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
    this.options = options;
    this.rules = options.decodeRules ?? [];
    this.keyLogs = options.keyLogs ?? [];
    this.preferences = options.preferences ?? DEFAULT_PREFERENCES;
    this.given = new GivenNames(this.preferences.labels);
    this.filters = new Filters(this);
    this.views = new Views(id, this, this.filters, () => env.now());
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
      preferences: this.preferences,
      given: this.given,
      sides: this.sides,
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
      if (before !== null) this.marks.takeOver(before, capture, from);
      this.loadMs = this.env.now() - began;
      if (growth !== undefined && this.retire(growth.firstRow)) ({ capture } = this);
      else if (isDone && isOver) break;
      const isNew = told !== capture.table.count || this.owners !== (capture.owners?.revision ?? 0);
      if (isNew && this.env.now() - this.emitted > EMIT_EVERY_MS) {
        told = capture.table.count;
        this.knowOwners();
        this.changed();
        // Late segments change rows that views have seen; a file that does not grow is looked at again when all is there.
        if (growth !== undefined && capture.pass.framing.fills.takeAmended()) this.forgetFiltered();
        await this.growViews();
        if (this.env.now() - this.looked > LOOK_EVERY_MS) void this.lookForUnwanted();
      }
      if (isDone && this.next === null) await growth?.wait();
      else await this.env.next();
      if (isDone) capture.resume();
    }
    this.next?.close();
    this.next = null;
    this.knowOwners();
    if (this.dissector.applySecrets()) this.forgetFiltered();
    await this.growViews();
    this.changed();
    if (this.options.gathers === true) void this.gather();
  }

  /** Rows of connections whose program has become known since they were shown or filtered. */
  private knowOwners(): void {
    const { revision = 0 } = this.capture.owners ?? {};
    if (revision === this.owners) return;
    this.owners = revision;
    this.revision++;
    if (this.filters.forget(OWNED)) this.views.forgetFiltered();
  }

  /** Reads the messages for the panels that want them; those that were shown before are asked for again afterwards. */
  private async gather(): Promise<void> {
    this.told = this.env.now();
    const { capture, dissector } = this;
    const isOver = (): boolean => this.isClosed || capture !== this.capture;
    const signal = {
      get aborted() {
        return isOver();
      },
    };
    const job = new Job(this.background, signal, () => this.tellMore());
    try {
      await preparePanels({ capture, job, select: (filter) => this.filters.select(filter, null, job) });
      void this.lookForUnwanted();
      await gather({ capture, dissector, job });
    } catch (thrown) {
      if (isOver()) return;
      throw thrown;
    }
    if (isOver()) return;
    this.revision++;
    this.changed();
    await this.lookForUnwanted();
  }

  /** Counts what of the user's list is there, for the sign beside the panel's name. */
  private async lookForUnwanted(): Promise<void> {
    if (this.isLooking) return;
    this.isLooking = true;
    const { capture, dissector, preferences } = this;
    const isOver = (): boolean => this.isClosed || capture !== this.capture || preferences !== this.preferences;
    const signal = {
      get aborted() {
        return isOver();
      },
    };
    const job = new Job(this.env, signal);
    try {
      const found = await findUnwanted({
        capture,
        dissector,
        rows: null,
        job,
        options: {},
        isGathering: !capture.isLoaded || this.isGathering,
        select: async (filter) => (await this.filters.select(filter, null, job)) ?? everyRow(capture),
      });
      if (isOver()) return;
      this.unwanted = found.length;
      this.changed();
    } catch (thrown) {
      if (!isOver()) throw thrown;
    } finally {
      this.looked = this.env.now();
      this.isLooking = false;
      if (preferences !== this.preferences && !this.isClosed) void this.lookForUnwanted();
    }
  }

  /** Messages that panels want are still to be read. */
  private get isGathering(): boolean {
    const { gathers, growth } = this.options;
    return gathers === true && gatheredNow(this.capture) === null && (this.capture.isLoaded || growth === undefined);
  }

  /** Turns for what nobody waits for: while somebody is waiting, it has one in a while. */
  private readonly background: Turns = {
    now: () => this.env.now(),
    next: async () => {
      const began = this.env.now();
      do await this.env.next();
      while (this.waiting > 0 && this.env.now() - began < BACKGROUND_EVERY_MS);
    },
  };

  /** Panels that were shown in part are asked for again. */
  private tellMore(): void {
    if (!this.isToldInPart || this.env.now() - this.told < TELL_EVERY_MS) return;
    this.told = this.env.now();
    this.isToldInPart = false;
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
      this.marks.retire(first, retireRows(capture, first));
      this.filters.retire(first);
      this.views.retire(first);
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
    this.marks.takeOver(capture, next, next.table.first);
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
    this.filters.forget();
    this.views.forgetFiltered();
  }

  private changed(): void {
    this.emitted = this.env.now();
    this.env.emit('session', this.state);
  }

  get state(): SessionState {
    return {
      ...captureState(this.capture, this.files, this.isRead),
      session: this.id,
      loadMs: Math.round(this.loadMs),
      marked: this.marks.marked,
      ignored: this.marks.ignored,
      revision: this.revision,
      hasUnsavedComments: this.marks.hasChangedComments,
      unwanted: this.unwanted,
    };
  }

  /** All there is has been read; of a capture that runs: nothing is waited for. */
  get isRead(): boolean {
    const { growth } = this.options;
    return this.capture.isLoaded || (growth !== undefined && !growth.isOver);
  }

  /** Rules by which rows are coloured; a rule whose filter is wrong colours nothing. */
  setColours(rules: readonly ColourRule[], isOn: boolean): void {
    this.colours = rules.map((rule) => {
      const checked = this.filters.check(rule.filter);
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
      choices: row === null ? [] : decodeChoices(this.dissector.dissect(existingRow(this.capture, row))),
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
    this.filters.forget();
    this.views.empty();
    this.revision++;
    this.loaded = this.load(before);
    this.changed();
    return null;
  }

  /** What the user has set otherwise than before, and what follows from it. */
  setPreferences(preferences: Preferences): void {
    const before = this.preferences;
    if (JSON.stringify(preferences) === JSON.stringify(before)) return;
    this.preferences = preferences;
    this.capture.preferences = preferences;
    if (this.next !== null) this.next.preferences = preferences;
    this.giveNames();
    if (preferences.relativeSequence !== before.relativeSequence) {
      this.dissector = new Dissector(this.capture);
      this.forgetFiltered();
    }
    this.revision++;
    this.changed();
    void this.lookForUnwanted();
  }

  /** Entries of the user's hosts files. */
  setHosts(hosts: readonly HostEntry[]): void {
    if (hosts.length === 0 && this.hosts.length === 0) return;
    this.hosts = hosts;
    this.giveNames();
    this.revision++;
    this.changed();
  }

  /** Where it was captured; `stream`: one connection alone, null: all others. */
  setSide({ stream, side }: Pick<Input<'session.setSide'>, 'stream' | 'side'>): null {
    const streams = new Map(this.sides.streams);
    if (stream !== null && side === 'auto') streams.delete(stream);
    else if (stream !== null && side !== 'auto') streams.set(stream, side);
    this.setSides({ file: stream === null ? side : this.sides.file, streams });
    return null;
  }

  setSides(sides: GivenSides): void {
    this.sides = sides;
    this.capture.sides = sides;
    if (this.next !== null) this.next.sides = sides;
    this.revision++;
    this.changed();
  }

  private giveNames(): void {
    this.given = new GivenNames(this.preferences.labels, this.hosts);
    this.capture.given = this.given;
    if (this.next !== null) this.next.given = this.given;
  }

  setMacros(macros: readonly FilterMacro[]): void {
    this.filters.setMacros(macros);
  }

  /** Values of a field, for completion. */
  async values(
    { field: name, filter, limit }: Input<'session.values'>,
    call: CallContext,
  ): Promise<Output<'session.values'>> {
    const field = catalog.get(name);
    if (field === undefined) throw new NagareError('bad-input', `There is no field "${name}".`);
    const rows = (await this.select(filter, null, call)) ?? everyRow(this.capture);
    const found = await countValues(field, this.filters.data(), rows, limit, this.job(call).pause);
    const values = found.values.map(({ value, count }) => ({
      text: fieldFilter(field, value).slice(`${field.abbrev} == `.length),
      name: (typeof value === 'number' ? valueName(field.names, value) : undefined) ?? '',
      count,
    }));
    return { ...found, values: values.filter(({ text }) => text !== '') };
  }

  // ---- views

  openView(input: Input<'view.open'>, call: CallContext): Promise<Output<'view.open'>> {
    return this.views.open(input, this.job(call), this.options.growth === undefined);
  }

  closeView(id: number): null {
    this.views.close(id);
    return null;
  }

  /** Rows that a filter and a range leave; null: all. Throws `bad-filter`. */
  select(filter: string, range: TimeRange, call: CallContext | null): Promise<BitSet | null> {
    return this.filters.select(filter, range, this.job(call));
  }

  position(input: Input<'view.position'>): Output<'view.position'> {
    return this.views.position(input);
  }

  exportRows(input: Input<'export.run'>): Uint32Array {
    return this.views.exportRows(input);
  }

  private async growViews(): Promise<void> {
    for await (const state of this.views.grow(() => new Job(this.env))) this.env.emit('view', state);
  }

  private job(call: CallContext | null): Job {
    return new Job(this.env, call?.signal ?? null, call === null ? null : (done, total) => call.progress(done, total));
  }

  // ---- packets

  packet(row: number, shown: BitSet | null): PacketSource {
    return new PacketSource(this.capture, this.dissector, row, this.frameContext(row, shown));
  }

  frameContext(row: number, shown: BitSet | null): FrameContext {
    return { displayedBefore: shown?.previous(row - 1) ?? row - 1, reference: this.marks.referenceOf(row) };
  }

  rows(input: Input<'view.rows'>): RowsPage {
    return rowsPage(input, this.views, this, this.marks, (packet) => this.colourOf(packet), this.namesShown());
  }

  /** Names that the list shows in place of addresses; null: it shows addresses. */
  private namesShown(): Names | null {
    return this.preferences.showNames ? namesNow(this.capture) : null;
  }

  private colourOf(packet: PacketSource): number {
    const rule = this.colours.findIndex(({ tree, isOn }) => isOn && tree !== null && evaluate(tree, packet));
    return rule + 1;
  }

  detail(row: number): Output<'packet.detail'> {
    return packetDetail(row, this.packet(existingRow(this.capture, row), null), this.capture.comments.get(row) ?? []);
  }

  appearances(row: number): Output<'packet.appearances'> {
    return appearancesOf(this.capture, existingRow(this.capture, row));
  }

  cellFilter(row: number, column: string): string | null {
    return cellFilter(row, column, this.packet(existingRow(this.capture, row), null));
  }

  conversationFilter(row: number, layer: Input<'packet.conversationFilter'>['layer']): string | null {
    return conversationFilter(this.packet(existingRow(this.capture, row), null), layer);
  }

  flag(input: Input<'packets.flag'>): null {
    const rows = this.views.rowsOf(input.rows, input.view === null ? null : this.views.of(input.view));
    if (input.what === 'reference') this.marks.setReferences(rows, input.on);
    else this.marks.flag(this.capture, rows, input.what, input.on);
    this.revise(['frame.marked', 'frame.ignored', 'frame.time_relative']);
    return null;
  }

  comment(row: number, comments: readonly string[]): null {
    this.marks.comment(this.capture, existingRow(this.capture, row), comments);
    this.revise(['frame.comment']);
    return null;
  }

  /** What is shown must be asked again; results that depend on these fields are forgotten. */
  private revise(fields: readonly string[]): void {
    this.revision++;
    this.filters.forget(fields);
    this.changed();
  }

  // ---- find, strip, panels

  async find(input: Input<'view.find'>, call: CallContext): Promise<Output<'view.find'>> {
    const tree = input.kind === 'filter' ? this.filters.ready(input.text) : null;
    const { count } = this.capture.table;
    const job = this.job(call);
    const set = tree === null ? null : await this.filters.rows(input.text.trim(), tree, count, job);
    return findInView(input, this.views, this, set, job);
  }

  strip(input: Input<'view.strip'>): Output<'view.strip'> {
    const view = this.views.of(input.view);
    return timeStrip(this.capture, view.set, view.isAdapter, input.buckets);
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
    this.filters.forget();
    this.revision++;
    this.changed();
  }

  async panel(input: Input<'panel.get'>, call: CallContext): Promise<unknown> {
    this.waiting++;
    try {
      return await this.makePanel(input, call);
    } finally {
      this.waiting--;
    }
  }

  private async makePanel(input: Input<'panel.get'>, call: CallContext): Promise<unknown> {
    const panel = panels.get(input.panel);
    if (panel === undefined) throw new NagareError('bad-input', `There is no panel "${input.panel}".`);
    const { capture, dissector } = this;
    const found = await this.select(input.filter, input.range, call);
    const rows = input.appearances === 'adapter' ? atAdapter(capture, found) : found;
    if (capture !== this.capture) return this.makePanel(input, call); // decoded otherwise in the meantime
    const { revision } = cloudOf(capture);
    const { isGathering } = this;
    if (isGathering) this.isToldInPart = true;
    const made = await panel.make({
      capture,
      dissector,
      rows,
      range: input.range,
      job: this.job(call),
      options: input.options ?? {},
      isGathering,
      select: async (filter) => {
        const found = (await this.select(filter, input.range, call)) ?? everyRow(capture);
        return rows === null ? found : found.copy().and(rows);
      },
    });
    if (cloudOf(capture).revision !== revision) this.cloudChanged();
    return made.kind === 'report' ? made.report : made.data;
  }
}
