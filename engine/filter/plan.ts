/**
 * A checked filter over the rows of a capture. Its leaves are decided per stack, per path or per column where that is enough;
 * each gives two row sets: rows where it is certainly true, and rows where it may be. Logic works on both (Kleene's three
 * values). Of the rows that are still undecided at the top, leaves on header fields are decided in one pass over the packets'
 * bytes, all leaves together; what is undecided then is dissected, each row once.
 */

import { BitSet } from '../base/bitset.ts';
import type { Field, FieldValue } from '../base/fields.ts';
import { FLAG } from '../table/flags.ts';
import type { PacketTable } from '../table/packet-table.ts';
import { PATH, PATH_WORDS } from '../table/path-words.ts';
import { DISSECT_ME, type Stacks } from '../table/stacks.ts';
import { type ColumnField, columnFields, flaggedFields, pathFields } from './column-fields.ts';
import { evaluate, fieldsOf, type Occurrence, type ValueSource } from './evaluate.ts';
import {
  asksForBytes,
  type HeaderField,
  type HeaderLayers,
  type HeaderTest,
  numberTest,
  valueTest,
} from './header-leaf.ts';
import { ANY_NUMBER, enumerated, hasLayers, intervalsOf, isPlain, operandsOf } from './intervals.ts';
import { eachBlock, type Intervals, inIntervals, scanColumn, scanFlags, scanTable } from './kernels.ts';
import type { FilterTree } from './language/checked.ts';
import type { KnownLeaf, LeafMemory } from './leaf-memory.ts';
import { NOTHING, occurrence } from './occurrences.ts';
import { type PathData, PathSource, STREAMS } from './path-source.ts';

/** What a plan needs of a capture. */
export interface FilterData extends PathData {
  readonly table: PacketTable;
  readonly stacks: Stacks;
  /** Nanoseconds since 1970 that the time column counts from. */
  readonly epoch: bigint;
  /** Protocols in whose layers a field may be, those included whose tree opens such layers; empty: in none, null: any packet may have it. */
  ownersOf(field: Field): readonly number[] | null;
  /** Layers whose tree may open layers of this protocol that the stack does not show. */
  openersOf(protocol: number): readonly number[];
  /** The file numbers its interfaces: packets have frame.interface_id. */
  readonly hasInterfaceIds: boolean;
  /** `eth:ethertype:ip:tcp`; null: the tree may have more layers than the stack. */
  stackText(stack: number): string | null;
  /** How a field is read from a packet's headers; null: only by dissecting. */
  headerField(field: Field): HeaderField | null;
  /** Calls `visit` with the bytes and layers of each row, in order; they are another packet's afterwards. */
  visitHeaders(
    rows: BitSet,
    visit: (row: number, bytes: Uint8Array, layers: HeaderLayers) => void,
    pause: Pause,
  ): Promise<void>;
  /**
   * Values that belong to a header chain as such, null where it has none, undefined where its packets differ; null: the field is not
   * of that kind.
   */
  notion(field: Field): ((path: number) => string | null | undefined) | null;
  /** Values of a figure of TCP or UDP by row from the table's first block on, NaN where the field is not there; null: it is none, or has a column. */
  figure(field: Field): Float64Array | null;
  /** Stacks that show every layer above the transport in which the fields may be, and none of them below: 1; null: not such fields. */
  carriedIn(fields: readonly Field[]): Uint8Array | null;
  /** Calls `visit` with the values of the fields in rows with such stacks, in order, as far as the pass over the file comes. */
  visitMessages(
    fields: readonly Field[],
    rows: BitSet,
    visit: (row: number, source: ValueSource) => void,
    pause: Pause,
  ): Promise<void>;
  /** What earlier filters found out by reading packets. */
  readonly known: LeafMemory;
  /** Time reference at or before a row; -1: none, times count from the first packet. */
  referenceOf(row: number): number;
  /** Everything of one packet, dissected when a value is asked for. */
  packet(row: number): ValueSource;
}

/** Asked between rows that must be dissected: may wait so that others get their turn, and throws to end the run. */
export type Pause = (done: number, total: number) => Promise<void> | null;

/** Rows where a part is true for certain, and where it may be. The same object twice: all is certain. */
interface Decided {
  readonly certain: BitSet;
  readonly possible: BitSet;
}

/** Rows [from, to) that pass, in a set over them. */
export async function runFilter(
  tree: FilterTree | null,
  data: FilterData,
  from: number,
  to: number,
  pause: Pause,
): Promise<BitSet> {
  if (tree === null) return BitSet.full(to, from);
  const plan = new Plan(data, from, to);
  let decided = plan.decide(tree);
  if (decided.certain !== decided.possible && (await plan.readHeaders(open(decided), pause)))
    decided = plan.decide(tree);
  if (decided.certain !== decided.possible && (await plan.readMessages(open(decided), pause)))
    decided = plan.decide(tree);
  const { certain, possible } = decided;
  if (certain === possible) return certain;
  const undecided = open(decided);
  const total = undecided.count();
  let done = 0;
  for (let row = undecided.next(0); row >= 0; row = undecided.next(row + 1)) {
    if (evaluate(tree, data.packet(row))) certain.add(row);
    if ((++done & 15) !== 0) continue;
    const waiting = pause(done, total);
    if (waiting !== null) await waiting;
  }
  return certain;
}

/** Rows of which it is not known. */
function open({ certain, possible }: Decided): BitSet {
  return possible.copy().and(certain.copy().not());
}

/** Rows with one of these may lack headers that their stack names. */
const UNSURE = FLAG.more | FLAG.truncated | FLAG.malformed;

/** A leaf that is decided by reading packets. */
interface ReadLeaf {
  readonly tree: FilterTree;
  readonly fields: readonly Field[];
  /** Rows that may have its fields, and those of them whose walked layers are all that a dissection would find. */
  readonly candidates: BitSet;
  readonly sure: BitSet;
  /** Rows that were looked at, and those of which the leaf is true. */
  readonly read: BitSet;
  readonly found: BitSet;
}

/** A leaf that packet headers decide. */
interface HeaderLeaf extends ReadLeaf {
  readonly test: HeaderTest;
}

function note(leaf: ReadLeaf, row: number, result: boolean | null): void {
  if (result === true) leaf.found.add(row);
  else if (result === null) leaf.read.delete(row);
}

class Plan {
  private readonly data: FilterData;
  private readonly from: number;
  private readonly to: number;
  /** Rows that have any of some flags, and those whose stack is not known. */
  private readonly flagged = new Map<number, BitSet>();
  /** Rows whose stack only a dissection tells, once they were looked for. */
  private toDissect: BitSet | null = null;
  private readonly headerLeaves = new Map<FilterTree, HeaderLeaf>();
  private readonly messageLeaves = new Map<FilterTree, ReadLeaf>();

  constructor(data: FilterData, from: number, to: number) {
    this.data = data;
    this.from = from;
    this.to = to;
  }

  decide(tree: FilterTree): Decided {
    switch (tree.kind) {
      case 'and':
      case 'or':
        return this.combine(tree.kind, tree.parts);
      case 'not': {
        const inner = this.decide(tree.inner);
        const certain = this.complement(inner.possible);
        return { certain, possible: inner.certain === inner.possible ? certain : this.complement(inner.certain) };
      }
      case 'xor': {
        const left = this.decide(tree.left);
        const right = this.decide(tree.right);
        const isExact = left.certain === left.possible && right.certain === right.possible;
        if (isExact) return exact(left.certain.copy().xor(right.certain));
        const certain = left.certain
          .copy()
          .and(this.complement(right.possible))
          .or(right.certain.copy().and(this.complement(left.possible)));
        const possible = left.possible
          .copy()
          .or(right.possible)
          .and(this.complement(left.certain.copy().and(right.certain)));
        return { certain, possible };
      }
      default:
        return this.leaf(tree);
    }
  }

  private combine(kind: 'and' | 'or', parts: readonly FilterTree[]): Decided {
    let result: Decided | null = null;
    for (const part of parts) {
      if (kind === 'and' && result !== null && result.possible.next(0) < 0) break; // no row is left to ask for
      const next = this.decide(part);
      if (result === null) {
        result = next;
        continue;
      }
      const isExact: boolean = result.certain === result.possible && next.certain === next.possible;
      const certain: BitSet = join(kind, result.certain.copy(), next.certain);
      result = isExact ? exact(certain) : { certain, possible: join(kind, result.possible.copy(), next.possible) };
    }
    return result ?? exact(BitSet.full(this.to, this.from));
  }

  private complement(set: BitSet): BitSet {
    return set.copy().not().deleteBelow(this.from);
  }

  private leaf(tree: FilterTree): Decided {
    const fields = fieldsOf(tree);
    // References only: the same for every packet.
    if (fields.length === 0)
      return exact(evaluate(tree, NOTHING) ? BitSet.full(this.to, this.from) : new BitSet(this.to, this.from));
    if (tree.kind === 'exists' && tree.operand.field.type === 'protocol' && tree.operand.layers === undefined) {
      return this.byStack(tree, tree.operand.field);
    }
    if (fields.length === 1) {
      const [field] = fields;
      const time = TIMES.get(field.abbrev);
      if (time !== undefined) {
        const decided = this.byTime(tree, time);
        if (decided !== null) return decided;
      }
      if (field.abbrev === 'frame.protocols') return this.byLayers(tree);
      if (field.abbrev === 'frame.number') {
        const intervals = intervalsOf(tree, (value) => Number(value));
        if (intervals !== null) return exact(this.byNumber(intervals));
      }
      if (field.abbrev === 'frame.interface_id' && !this.data.hasInterfaceIds)
        return exact(new BitSet(this.to, this.from));
      const column = columnFields.get(field.abbrev);
      if (column !== undefined && !hasLayers(tree)) {
        const decided = this.byColumn(tree, column);
        if (decided !== null) return decided;
      }
    }
    const decided = fields.length === 1 ? (this.byNotion(tree, fields[0]) ?? this.byFigure(tree, fields[0])) : null;
    if (decided !== null) return decided;
    if (fields.length > 0 && fields.every((field) => pathFields.has(field.abbrev) || STREAMS.has(field.abbrev)))
      return this.byPath(tree);
    return (
      this.byHeader(tree, fields) ??
      this.byMessage(tree, fields) ?? {
        certain: new BitSet(this.to, this.from),
        possible: this.candidates(tree, fields),
      }
    );
  }

  /** A protocol alone: a look-up per stack. Rows whose stack a dissection must find stay open. */
  private byStack(tree: FilterTree, field: Field): Decided {
    const { stacks } = this.data;
    const owners = this.data.ownersOf(field);
    if (owners === null) {
      return field.abbrev === 'frame'
        ? exact(BitSet.full(this.to, this.from))
        : { certain: new BitSet(this.to, this.from), possible: BitSet.full(this.to, this.from) };
    }
    const table = new Uint8Array(65536);
    if (owners.length > 0) {
      for (let stack = 1; stack < stacks.count; stack++) if (stacks.has(stack, field.protocol)) table[stack] = 1;
    }
    const certain = this.scanStacks(table);
    const openers = this.data.openersOf(field.protocol);
    const open = new Uint8Array(65536);
    for (let stack = 1; stack < stacks.count; stack++)
      if (table[stack] === 0 && openers.some((opener) => stacks.has(stack, opener))) open[stack] = 1;
    open[DISSECT_ME] = 1;
    const possible = this.scanStacks(open);
    if (possible.next(0) < 0) return exact(certain);
    const read = this.byMessage(tree, [field], possible);
    return read === null
      ? { certain, possible: possible.or(certain) }
      : { certain: read.certain.copy().or(certain), possible: read.possible.or(certain) };
  }

  /** The list of protocols: one text per stack. Rows of which only a dissection tells all layers stay open. */
  private byLayers(tree: FilterTree): Decided {
    const { stacks } = this.data;
    const table = new Uint8Array(65536);
    const open = new Uint8Array(65536);
    open[DISSECT_ME] = 1;
    const source = { occurrences: (): readonly Occurrence[] => [occurrence(text, 1, 1)] };
    let text = '';
    for (let stack = 0; stack < stacks.count; stack++) {
      const layers = this.data.stackText(stack);
      if (layers === null) {
        open[stack] = 1;
        continue;
      }
      text = layers;
      if (evaluate(tree, source)) table[stack] = 1;
    }
    const certain = this.scanStacks(table);
    const unknown = this.scanStacks(open);
    return unknown.next(0) < 0 ? exact(certain) : { certain, possible: unknown.or(certain) };
  }

  /** Rows by stack id. Most protocols are in no stack: then only rows that must be dissected may be asked for, or none. */
  private scanStacks(table: Uint8Array): BitSet {
    const first = table.indexOf(1);
    const isOfOne = first === table.lastIndexOf(1);
    if (first < 0) return new BitSet(this.to, this.from);
    if (isOfOne && first === DISSECT_ME && this.toDissect !== null) return this.toDissect.copy();
    const set = new BitSet(this.to, this.from);
    this.blocks((block, base, from, to) => scanTable(block.stack, table, base, from, to, set));
    if (isOfOne && first === DISSECT_ME) this.toDissect = set.copy();
    return set;
  }

  private blocks(visit: Parameters<typeof eachBlock>[3]): void {
    this.blocksOf(this.from, this.to, visit);
  }

  private blocksOf(from: number, to: number, visit: Parameters<typeof eachBlock>[3]): void {
    eachBlock(this.data.table.blocks, from, to, visit);
  }

  private byNumber(intervals: Intervals): BitSet {
    const set = new BitSet(this.to, this.from);
    for (const [low, high] of intervals) {
      const first = Math.max(this.from, Math.ceil(low) - 1, 0);
      const last = Math.min(this.to, Math.floor(high));
      for (let row = first; row < last; row++) set.add(row);
    }
    return set;
  }

  /** One field that is a column: intervals of it, or a table over its values where they are few. */
  private byColumn(tree: FilterTree, field: ColumnField): Decided | null {
    const { data } = this;
    let intervals: Intervals | null;
    if (field.tells !== undefined) intervals = asksFor(tree, field.tells) ? [[1, 1]] : null;
    else if (field.isFlag === true) intervals = tree.kind === 'exists' ? [[1, Number.POSITIVE_INFINITY]] : null;
    else if (tree.kind === 'exists') intervals = ANY_NUMBER;
    else intervals = intervalsOf(tree, (value) => this.columnValue(value, field)) ?? enumerated(tree, field);
    if (intervals === null) return null;
    if (field.isOptional === true)
      intervals = intervals
        .map(([low, high]): [number, number] => [Math.max(1, low), high])
        .filter(([low, high]) => low <= high);
    const allowed = new Uint8Array(65536);
    const protocol = field.protocol === '' ? 0 : data.protocolIndex(field.protocol);
    if (protocol === 0) allowed.fill(1);
    else
      for (let stack = 1; stack < data.stacks.count; stack++) if (data.stacks.has(stack, protocol)) allowed[stack] = 1;
    const set = new BitSet(this.to, this.from);
    const known = intervals;
    this.blocks((block, base, from, to) => scanColumn(block, field.part, known, allowed, base, from, to, set));
    if (field.time !== undefined) return this.openFlagged(set, FLAG.farTime);
    return protocol === 0 ? exact(set) : this.openFlagged(set, UNSURE);
  }

  /** A value of the header chain: decided once for each value that there is. */
  private byNotion(tree: FilterTree, field: Field): Decided | null {
    const valueOf = this.data.notion(field);
    if (valueOf === null) return null;
    const verdicts = new Uint8Array(this.data.paths.count);
    const known = new Map<string, number>();
    const differing = new Uint8Array(verdicts.length);
    let isDecided = true;
    for (let path = 0; path < verdicts.length; path++) {
      const value = valueOf(path);
      if (value === undefined) {
        differing[path] = 1;
        isDecided = false;
      }
      if (value === null || value === undefined) continue;
      let verdict = known.get(value);
      if (verdict === undefined) {
        const one = occurrence(value, 1, 1);
        known.set(value, (verdict = evaluate(tree, { occurrences: () => [one] }) ? 1 : 0));
      }
      verdicts[path] = verdict;
    }
    const set = new BitSet(this.to, this.from);
    this.blocks((block, base, from, to) => scanTable(block.path, verdicts, base, from, to, set));
    if (isDecided) return exact(set);
    const possible = set.copy();
    this.blocks((block, base, from, to) => scanTable(block.path, differing, base, from, to, possible));
    return { certain: set, possible };
  }

  /** A figure that columns and flows give. */
  private byFigure(tree: FilterTree, field: Field): Decided | null {
    if (hasLayers(tree)) return null;
    const intervals = tree.kind === 'exists' ? ANY_NUMBER : intervalsOf(tree, (value) => Number(value));
    const values = intervals === null ? null : this.data.figure(field);
    if (intervals === null || values === null) return null;
    const { stacks, table } = this.data;
    const first = table.firstBase;
    const allowed = new Uint8Array(65536);
    for (let stack = 1; stack < stacks.count; stack++) if (stacks.has(stack, field.protocol)) allowed[stack] = 1;
    const set = new BitSet(this.to, this.from);
    this.blocks((block, base, from, to) => {
      for (let i = from; i < to; i++)
        if (allowed[block.stack[i]] === 1 && inIntervals(values[base + i - first], intervals)) set.add(base + i);
    });
    return this.openFlagged(set, UNSURE | FLAG.farTime);
  }

  private columnValue(value: FieldValue, field: ColumnField): number {
    if (field.time === undefined) return Number(value);
    return Number(BigInt(value as bigint) - (field.time === 'absolute' ? this.data.epoch : 0n));
  }

  /** Rows whose headers do not fit path and columns (they carry one of these flags) stay open. */
  private openFlagged(set: BitSet, flags: number): Decided {
    let open = this.flagged.get(flags);
    if (open === undefined) {
      const found = new BitSet(this.to, this.from);
      this.blocks((block, base, from, to) => scanFlags(block, flags, base, from, to, found));
      const unknown = new Uint8Array(65536);
      unknown[DISSECT_ME] = 1;
      open = found.or(this.scanStacks(unknown));
      this.flagged.set(flags, open);
    }
    if (open.next(0) < 0) return exact(set);
    return { certain: set.copy().and(this.complement(open)), possible: set.or(open) };
  }

  /** Addresses, ports, VLANs, tunnel keys, stream numbers: decided once per header chain. */
  private byPath(tree: FilterTree): Decided {
    const { paths, table } = this.data;
    const direct = this.byNumberInPath(tree);
    if (direct !== null) return direct;
    const verdicts = new Uint8Array(paths.count);
    const streams = this.byStream(tree, verdicts);
    const source = new PathSource(this.data);
    const byRow: number[] = [];
    for (let path = 0; path < paths.count && streams === null; path++) {
      source.path = path;
      source.isUnknown = false;
      verdicts[path] = evaluate(tree, source) ? 1 : 0;
      if (source.isUnknown) {
        verdicts[path] = 2;
        byRow.push(path);
      }
    }
    const set = new BitSet(this.to, this.from);
    this.blocks((block, base, from, to) => scanTable(block.path, verdicts, base, from, to, set));
    // A layer whose header is cut has no entry in the path, but may show a field.
    const decided = this.openFlagged(set, UNSURE);
    if ((streams ?? byRow).length === 0) return decided;
    const open = decided.possible.copy();
    for (let row = this.from; row < this.to; row++) if (verdicts[table.get('path', row)] === 2) open.add(row);
    return { certain: decided.certain === decided.possible ? decided.certain.copy() : decided.certain, possible: open };
  }

  /** A conversation number compared with literals: writes the verdict on each path; returns those that differ by row, null: it is none. */
  private byStream(tree: FilterTree, verdicts: Uint8Array): readonly number[] | null {
    if ((tree.kind !== 'compare' && tree.kind !== 'in') || tree.quantifier !== 'any') return null;
    const operand = tree.kind === 'compare' ? tree.left : tree.operand;
    const transport = isPlain(operand) ? STREAMS.get(operand.field.abbrev) : undefined;
    const intervals = transport === undefined ? null : intervalsOf(tree, (value) => Number(value));
    if (transport === undefined || intervals === null) return null;
    const byRow: number[] = [];
    for (let path = 0; path < verdicts.length; path++) {
      const streams = this.data.streamsOf(path, transport);
      if (streams === null) {
        verdicts[path] = 2;
        byRow.push(path);
      } else for (const stream of streams) if (inIntervals(stream, intervals)) verdicts[path] = 1;
    }
    return byRow;
  }

  /** Ports and IPv4 addresses compared with literals: one loop over the paths' words. */
  private byNumberInPath(tree: FilterTree): Decided | null {
    if ((tree.kind !== 'compare' && tree.kind !== 'in') || tree.quantifier !== 'any') return null;
    const operand = tree.kind === 'compare' ? tree.left : tree.operand;
    if (!isPlain(operand)) return null;
    const field = pathFields.get(operand.field.abbrev);
    if (field === undefined || (field.kind !== PATH.ports && field.kind !== PATH.ipv4)) return null;
    const intervals = intervalsOf(tree, (value) => Number(value));
    if (intervals === null) return null;
    const { words, start, count } = this.data.paths;
    const verdicts = new Uint8Array(count);
    const asSource = field.part !== 'destination';
    const asDestination = field.part !== 'source';
    const isPorts = field.kind === PATH.ports;
    for (let path = 0; path < count; path++) {
      const end = start[path + 1];
      for (let at = start[path]; at < end; at += 1 + PATH_WORDS[words[at] >>> 24]) {
        if (words[at] >>> 24 !== field.kind || (isPorts && (words[at] & 0xffffff) !== field.own)) continue;
        const source = isPorts ? words[at + 1] >>> 16 : words[at + 1];
        const destination = isPorts ? words[at + 1] & 0xffff : words[at + 2];
        if ((asSource && inIntervals(source, intervals)) || (asDestination && inIntervals(destination, intervals)))
          verdicts[path] = 1;
      }
    }
    const set = new BitSet(this.to, this.from);
    this.blocks((block, base, from, to) => scanTable(block.path, verdicts, base, from, to, set));
    return this.openFlagged(set, UNSURE);
  }

  /** Fields at known places of packet headers: open until the packets have been read. */
  private byHeader(tree: FilterTree, fields: readonly Field[]): Decided | null {
    let leaf = this.headerLeaves.get(tree);
    if (leaf === undefined) {
      const test = this.headerTest(tree, fields);
      if (test === null) return null;
      const candidates = this.candidates(tree, fields);
      const sure = candidates.copy().and(this.walkedRows(fields));
      leaf = { tree, fields, test, candidates, sure, ...this.known(tree, candidates) };
      this.headerLeaves.set(tree, leaf);
    }
    return stateOf(leaf);
  }

  /** Fields that only what a transport carries has: open until its messages have been read. */
  private byMessage(tree: FilterTree, fields: readonly Field[], among?: BitSet): Decided | null {
    let leaf = this.messageLeaves.get(tree);
    if (leaf === undefined) {
      const shown = this.data.carriedIn(fields);
      if (shown === null) return null;
      const candidates = among ?? this.candidates(tree, fields);
      if (candidates.next(0) < 0) return exact(candidates);
      const unsure = new BitSet(this.to, this.from);
      this.blocks((block, base, from, to) => scanFlags(block, UNSURE | FLAG.reassembled, base, from, to, unsure));
      const sure = this.scanStacks(shown).and(candidates).and(this.complement(unsure));
      leaf = { tree, fields, candidates, sure, ...this.known(tree, candidates) };
      this.messageLeaves.set(tree, leaf);
    }
    return stateOf(leaf);
  }

  /** What an earlier filter learnt of a leaf, as far as it goes. */
  private known(tree: FilterTree, candidates: BitSet): KnownLeaf {
    const known = this.data.known.get(tree);
    if (known === undefined) return { read: new BitSet(this.to, this.from), found: new BitSet(this.to, this.from) };
    const here = (set: BitSet): BitSet => set.over(this.from, this.to).and(candidates);
    return { read: here(known.read), found: here(known.found) };
  }

  private headerTest(tree: FilterTree, fields: readonly Field[]): HeaderTest | null {
    const headers = fields.map((field) => this.data.headerField(field));
    const asksBytes = tree.kind === 'contains' || tree.kind === 'matches' || operandsOf(tree).some(asksForBytes);
    if (headers.length === 0 || !headers.every((one) => one !== null && (one.raw !== null || !asksBytes))) return null;
    const [header] = headers;
    if (
      header?.isNumber === true &&
      headers.length === 1 &&
      operandsOf(tree).every((one) => one.kind === 'literal' || isPlain(one))
    ) {
      if (tree.kind === 'exists') return numberTest(header, ANY_NUMBER, 'any');
      const intervals = intervalsOf(tree, (value) => Number(value));
      if (intervals !== null && (tree.kind === 'compare' || tree.kind === 'in'))
        return numberTest(header, intervals, tree.quantifier);
    }
    return valueTest(tree, (field) => this.data.headerField(field));
  }

  /** Rows whose walked layers of the fields' protocols are all there are: no cut header, nothing joined, quoted or carried. */
  private walkedRows(fields: readonly Field[]): BitSet {
    const { stacks } = this.data;
    const hidden = new Uint8Array(65536);
    hidden[DISSECT_ME] = 1;
    const openers = fields.flatMap((field) => this.data.openersOf(field.protocol));
    for (let stack = 1; stack < stacks.count; stack++)
      if (openers.some((one) => stacks.has(stack, one))) hidden[stack] = 1;
    const rows = this.scanStacks(hidden);
    this.blocks((block, base, from, to) => scanFlags(block, UNSURE | FLAG.reassembled, base, from, to, rows));
    return this.complement(rows);
  }

  /** Decides header leaves for those of the rows whose headers tell; false: there is nothing to read. */
  async readHeaders(undecided: BitSet, pause: Pause): Promise<boolean> {
    const leaves = [...this.headerLeaves.values()];
    const rows = new BitSet(this.to, this.from);
    for (const leaf of leaves) rows.or(leaf.sure.copy().and(this.complement(leaf.read)));
    rows.and(undecided);
    if (rows.next(0) < 0) return false;
    for (const leaf of leaves) leaf.read.or(rows).and(leaf.sure);
    const [only] = leaves;
    const visit =
      leaves.length === 1 && only !== undefined
        ? (row: number, bytes: Uint8Array, layers: HeaderLayers): void => {
            note(only, row, only.test(bytes, layers));
          }
        : (row: number, bytes: Uint8Array, layers: HeaderLayers): void => {
            for (const leaf of leaves) if (leaf.read.has(row)) note(leaf, row, leaf.test(bytes, layers));
          };
    await this.data.visitHeaders(rows, visit, pause);
    for (const leaf of leaves) this.remember(leaf);
    return true;
  }

  /** Decides leaves on messages for those of the rows that one pass over the file comes to; false: there is nothing to read. */
  async readMessages(undecided: BitSet, pause: Pause): Promise<boolean> {
    const leaves = [...this.messageLeaves.values()];
    const rows = new BitSet(this.to, this.from);
    for (const leaf of leaves) rows.or(leaf.sure.copy().and(this.complement(leaf.read)));
    rows.and(undecided);
    if (rows.next(0) < 0) return false;
    const fields = leaves.flatMap((leaf) => leaf.fields);
    const visit = (row: number, source: ValueSource): void => {
      for (const leaf of leaves) {
        if (!leaf.sure.has(row)) continue;
        leaf.read.add(row);
        if (evaluate(leaf.tree, source)) leaf.found.add(row);
      }
    };
    await this.data.visitMessages(fields, rows, visit, pause);
    for (const leaf of leaves) this.remember(leaf);
    return true;
  }

  private remember({ tree, read, found }: ReadLeaf): void {
    const before = this.data.known.get(tree);
    const isLonger = before !== undefined && before.read.size > this.to;
    if (isLonger) return;
    // What was learnt of rows before these stays, as long as the rows are there.
    const from = before === undefined ? this.from : Math.min(this.from, before.read.base);
    const all = (set: BitSet, known?: BitSet): BitSet => {
      const grown = set.over(Math.max(from, this.data.table.firstBase), this.to);
      return known === undefined ? grown : grown.or(known);
    };
    this.data.known.keep(tree, { read: all(read, before?.read), found: all(found, before?.found) });
  }

  /** Time since the first packet, a reference or the packet before: differences of the time column. */
  private byTime(tree: FilterTree, kind: 'since-start' | 'since-before'): Decided | null {
    if (hasLayers(tree)) return null;
    const intervals = tree.kind === 'exists' ? ANY_NUMBER : intervalsOf(tree, (value) => Number(value));
    const { table } = this.data;
    if (intervals === null || this.openFlagged(new BitSet(this.to, this.from), FLAG.farTime).possible.next(0) >= 0)
      return null;
    const set = new BitSet(this.to, this.from);
    const isOne = intervals.length === 1;
    const [low, high] = isOne ? intervals[0] : [0, 0];
    let end = this.to;
    while (end > this.from) {
      const reference = kind === 'since-start' ? this.data.referenceOf(end - 1) : -1;
      const first = Math.max(this.from, reference);
      const start = end === 0 ? Number.NaN : table.get('time', Math.max(0, reference));
      let before = first === 0 ? Number.NaN : table.get('time', first - 1);
      this.blocksOf(first, end, (block, base, from, to) => {
        const { time } = block;
        for (let i = from; i < to; i++) {
          const difference = time[i] - (kind === 'since-start' ? start : before);
          before = time[i];
          // Without a time to count from it is zero; without a time of its own a packet does not have the field.
          const value = Number.isNaN(difference) && !Number.isNaN(before) ? 0 : difference;
          const isIn = isOne ? value >= low && value <= high : inIntervals(value, intervals);
          if (isIn) set.add(base + i);
        }
      });
      end = first;
    }
    return exact(set);
  }

  /** Rows that may have a field: by their stacks. */
  private candidates(tree: FilterTree, fields: readonly Field[]): BitSet {
    const { stacks } = this.data;
    const set = BitSet.full(this.to, this.from);
    for (const field of tree.kind === 'exists' ? [tree.operand.field] : fields) {
      const flag = flaggedFields.get(field.abbrev);
      if (flag !== undefined) {
        const flagged = new BitSet(this.to, this.from);
        this.blocks((block, base, from, to) => scanFlags(block, flag, base, from, to, flagged));
        set.and(flagged);
        continue;
      }
      const owners = this.data.ownersOf(field);
      if (owners === null) continue;
      const allowed = new Uint8Array(65536);
      for (let stack = 1; stack < stacks.count; stack++)
        if (owners.some((owner) => stacks.has(stack, owner))) allowed[stack] = 1;
      allowed[DISSECT_ME] = 1;
      set.and(this.scanStacks(allowed));
    }
    return set;
  }
}

/** Is the question whether any of the field's values is this one? */
function asksFor(tree: FilterTree, value: number): boolean {
  if (tree.kind !== 'compare' || tree.quantifier !== 'any') return false;
  const intervals = intervalsOf(tree, (literal) => Number(literal));
  return intervals?.length === 1 && intervals[0][0] === value && intervals[0][1] === value;
}

/** Not for certain: rows that were not read. */
function stateOf({ candidates, read, found }: ReadLeaf): Decided {
  return { certain: found, possible: candidates.copy().and(read.copy().not()).or(found) };
}

function exact(set: BitSet): Decided {
  return { certain: set, possible: set };
}

function join(kind: 'and' | 'or', set: BitSet, other: BitSet): BitSet {
  return kind === 'and' ? set.and(other) : set.or(other);
}

/** Fields that are differences of the time column. Filters look at all packets, so "displayed" is every packet. */
const TIMES: ReadonlyMap<string, 'since-start' | 'since-before'> = new Map([
  ['frame.time_relative', 'since-start'],
  ['frame.time_delta', 'since-before'],
  ['frame.time_delta_displayed', 'since-before'],
]);
