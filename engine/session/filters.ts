import { BitSet } from '../base/bitset.ts';
import { NagareError } from '../base/errors.ts';
import type { TimeRange } from '../contract/api.ts';
import { catalog } from '../dissect/registry.ts';
import { fieldsOf } from '../filter/evaluate.ts';
import { checkFilter } from '../filter/language/check.ts';
import type { CheckedFilter, FilterTree } from '../filter/language/checked.ts';
import type { FilterMacro } from '../filter/language/macros.ts';
import { runFilter } from '../filter/plan.ts';
import { bindReferences } from '../filter/references.ts';
import type { Capture } from './capture.ts';
import type { Dissector } from './dissector.ts';
import type { FrameContext } from './frame-tree.ts';
import { filterData, type PacketSource } from './packet-source.ts';
import { everyRow, inRange } from './row-sets.ts';
import type { Job } from './turns.ts';

/** Filter results kept: those used last, so many at least, and more while they are small. */
const LEAST_RESULTS = 16;
const KEPT_BYTES = 16 << 20;

/** What the parts of a session share. Capture and dissector are others once the packets are decoded by other rules. */
export interface OpenPackets {
  readonly capture: Capture;
  readonly dissector: Dissector;
  /** All there is has been read; of a capture that runs: nothing is waited for. */
  readonly isRead: boolean;
  /** `shown`: the rows of the list it stands in; null: every row. */
  packet(row: number, shown: BitSet | null): PacketSource;
  frameContext(row: number, shown: BitSet | null): FrameContext;
}

/** A filter's rows so far. */
interface FilterResult {
  readonly tree: FilterTree | null;
  rows: BitSet;
}

/** The filters of a session: checked, bound to the packet that was selected, their rows kept and extended as the capture grows. */
export class Filters {
  private readonly packets: OpenPackets;
  private readonly results = new Map<string, FilterResult>();
  private macros: readonly FilterMacro[] = [];
  /** Of filters with references: the packet that was selected when they were applied, -1: none. */
  private readonly selected = new Map<string, number>();

  constructor(packets: OpenPackets) {
    this.packets = packets;
  }

  /** Other macros than before: filters that use them mean something else from now on. */
  setMacros(macros: readonly FilterMacro[]): void {
    if (JSON.stringify(macros) === JSON.stringify(this.macros)) return;
    this.macros = macros;
    this.forget();
  }

  check(text: string): ReturnType<typeof checkFilter> {
    return checkFilter(text, catalog, { macros: this.macros });
  }

  /** The filter, ready to run. Throws `bad-filter`. */
  ready(text: string): FilterTree | null {
    const checked = this.check(text);
    if (!checked.ok) throw new NagareError('bad-filter', checked.error.message, checked.error);
    return this.bound(checked.value);
  }

  /** The packet that the filter's references are to. */
  refer({ text, hasReferences }: CheckedFilter, row: number): void {
    if (hasReferences) this.selected.set(text.trim(), row);
  }

  /** The filter with its references filled in from the packet that was selected when it was applied. */
  bound({ text, tree, hasReferences }: CheckedFilter): FilterTree | null {
    if (tree === null || !hasReferences) return tree;
    const row = this.selected.get(text.trim()) ?? -1;
    const isThere = row >= 0 && row < this.packets.capture.table.count;
    return bindReferences(tree, isThere ? this.packets.packet(row, null) : null);
  }

  /** Rows [0, count) that pass. */
  async rows(filter: string, tree: FilterTree, count: number, job: Job): Promise<BitSet> {
    // The same text with another selected packet is another filter.
    const text = `${filter}\u0000${this.selected.get(filter) ?? ''}`;
    const known = this.results.get(text);
    if (known !== undefined && known.rows.size >= count) {
      this.keep(text, known);
      return known.rows;
    }
    const { capture } = this.packets;
    const from = Math.max(known?.rows.size ?? 0, capture.table.first);
    const fresh = (await runFilter(tree, this.data(), from, count, job.pause)).retire(capture.table.first);
    if (capture !== this.packets.capture) return fresh;
    const rows = known === undefined ? fresh : known.rows.grown(count).or(fresh);
    this.keep(text, { tree, rows });
    return rows;
  }

  /** The result is the one that was used last. */
  private keep(text: string, result: FilterResult): void {
    this.results.delete(text);
    this.results.set(text, result);
    const most = Math.max(LEAST_RESULTS, Math.floor(KEPT_BYTES / Math.max(1, result.rows.words.byteLength)));
    for (const key of this.results.keys()) {
      if (this.results.size <= most) break;
      this.results.delete(key);
    }
  }

  /** Rows that a filter and a range leave; null: all. Throws `bad-filter`. */
  async select(filter: string, range: TimeRange, job: Job): Promise<BitSet | null> {
    const tree = this.ready(filter);
    const { count, first } = this.packets.capture.table;
    const set = tree === null ? null : await this.rows(filter.trim(), tree, count, job);
    const { capture } = this.packets;
    if (range === null) return set === null && first > 0 ? everyRow(capture) : set;
    return inRange(capture, set ?? BitSet.full(count, first), range);
  }

  /** What filters read. */
  data(): ReturnType<typeof filterData> {
    const { capture, dissector } = this.packets;
    return filterData(capture, dissector, (row) => this.packets.frameContext(row, null));
  }

  /** What filters left has to be found again; `fields`: only of filters that use them. Was there any? */
  forget(fields?: readonly string[]): boolean {
    const { size } = this.results;
    for (const [text, { tree }] of this.results) {
      const isMeant =
        fields === undefined ||
        (tree !== null && fieldsOf(tree).some(({ abbrev }) => fields.includes(abbrev) || abbrev === 'frame'));
      if (isMeant) this.results.delete(text);
    }
    return this.results.size < size;
  }

  /** Rows before `first` are gone. */
  retire(first: number): void {
    for (const { rows } of this.results.values()) rows.retire(first);
  }
}
