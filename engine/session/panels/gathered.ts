/**
 * What panels want of messages (requests and answers, names, errors, logins in clear text), gathered in one pass over a capture
 * and kept: it depends on neither filter nor time range. A session gathers by itself once a capture is loaded; until it is
 * done, panels show what was read so far and say so.
 */

import { BitSet } from '../../base/bitset.ts';
import type { Field } from '../../base/fields.ts';
import { DEFAULT_UNWANTED } from '../../contract/preferences.ts';
import type { Finding } from '../../contract/report.ts';
import { allProtocols, catalog } from '../../dissect/registry.ts';
import { columnFields, pathFields } from '../../filter/column-fields.ts';
import { evaluate, fieldsOf } from '../../filter/evaluate.ts';
import { checkFilter } from '../../filter/language/check.ts';
import type { FilterTree } from '../../filter/language/checked.ts';
import type { Capture } from '../capture.ts';
import type { Names } from '../names.ts';
import { mayHave } from '../rows-with.ts';
import { EXCHANGE_FIELDS, type Exchange, ExchangeReader } from './exchanges.ts';
import { EXPERT_RULES } from './expert-rules.ts';
import { eachMessage } from './field-values.ts';
import { NAME_FIELDS, NameReader } from './find-names.ts';
import type { PanelInput } from './panel.ts';

interface Gathered {
  readonly exchanges: ExchangeReader;
  readonly names: NameReader;
  /** Rows by the filters of rules that only messages decide. */
  readonly found: ReadonlyMap<string, BitSet>;
}

type Input = Pick<PanelInput, 'capture' | 'dissector' | 'job'>;

interface Kept {
  /** Packets, and secrets that opened some, when it was gathered. */
  readonly rows: number;
  readonly secrets: number;
  /** Grows until all is read. */
  readonly soFar: Gathered;
  /** Of the packets that may have messages, how many were read: 0 to 1. */
  share: number;
  isDone: boolean;
}

const kept = new WeakMap<Capture, Kept>();

function isOf(capture: Capture, one: Kept | undefined): one is Kept {
  return one?.rows === capture.table.count && one.secrets === capture.secrets.keyLog.size && capture.isLoaded;
}

/** What was gathered already; null: nothing, or of fewer packets. */
export function gatheredNow(capture: Capture): Gathered | null {
  const known = kept.get(capture);
  return isOf(capture, known) && known.isDone ? known.soFar : null;
}

/** Gathers, or waits for whoever does. */
export async function gather(input: Input): Promise<Gathered> {
  const { capture, job } = input;
  for (;;) {
    const known = kept.get(capture);
    if (!isOf(capture, known)) break;
    if (known.isDone) return known.soFar;
    await job.until(() => known.isDone || kept.get(capture) !== known);
  }
  const soFar = nothingOf(capture);
  const secrets = capture.secrets.keyLog.size;
  const own: Kept = { rows: capture.table.count, secrets, soFar, share: 0, isDone: false };
  kept.set(capture, own);
  try {
    await readMessages(input, own);
    own.isDone = true;
  } finally {
    if (!own.isDone && kept.get(capture) === own) kept.delete(capture);
  }
  return soFar;
}

function nothingOf(capture: Capture): Gathered {
  const { count } = capture.table;
  return {
    exchanges: new ExchangeReader(capture),
    names: new NameReader(capture),
    found: new Map([...MESSAGE_FILTERS.keys()].map((filter) => [filter, new BitSet(count)])),
  };
}

/** All of it; while a session gathers: what was read so far. */
async function gatheredFor(input: Input & Pick<PanelInput, 'isGathering'>): Promise<Gathered> {
  if (input.isGathering !== true) return gather(input);
  const known = kept.get(input.capture);
  return isOf(input.capture, known) ? known.soFar : nothingOf(input.capture);
}

/** Filters of rules on fields that only messages have. */
const MESSAGE_FILTERS: ReadonlyMap<string, FilterTree> = new Map(
  [
    ...EXPERT_RULES.filter(({ isOfMessages }) => isOfMessages === true),
    ...DEFAULT_UNWANTED.filter(({ filter }) => readsMessages(filter)),
  ]
    .map(({ filter }) => filter)
    .map((filter) => [filter, treeOf(filter)]),
);

/** Has a filter a field that neither columns nor header chains tell? */
function readsMessages(filter: string): boolean {
  return messageFields(filter).length > 0;
}

function messageFields(filter: string): readonly Field[] {
  return fieldsOf(treeOf(filter)).filter(
    ({ abbrev }) => abbrev.includes('.') && !columnFields.has(abbrev) && !pathFields.has(abbrev),
  );
}

function treeOf(filter: string): FilterTree {
  const checked = checkFilter(filter, catalog);
  if (!checked.ok || checked.value.tree === null) throw new Error(`a rule's filter is wrong: ${filter}`);
  return checked.value.tree;
}

async function readMessages(input: Input, into: Kept): Promise<void> {
  const { exchanges, names, found } = into.soFar;
  const fields = new Set<string>([...EXCHANGE_FIELDS, ...NAME_FIELDS]);
  for (const tree of MESSAGE_FILTERS.values()) for (const { abbrev } of fieldsOf(tree)) fields.add(abbrev);
  await eachMessage(input, [...fields], (row, values, source, share) => {
    into.share = share;
    exchanges.read(row, values);
    names.read(row, values);
    for (const [filter, tree] of MESSAGE_FILTERS) if (evaluate(tree, source)) found.get(filter)?.add(row);
  });
}

/** The names that the packets of a panel tell. */
export async function findNames(input: PanelInput): Promise<Names> {
  return (await gatheredFor(input)).names.namesIn(input.rows);
}

/** Of more packets, messages are not read for the sake of names or marks alone. */
const MOST_PACKETS = 200_000;

/** The names that the whole capture tells, for panels that show addresses beside them; null: they are not there yet. */
export async function namesBeside(input: PanelInput): Promise<Names | null> {
  const { table } = input.capture;
  const isQuick = input.isGathering === true || gatheredNow(input.capture) !== null || table.count <= MOST_PACKETS;
  return isQuick ? (await gatheredFor(input)).names.namesIn(null) : null;
}

/** Requests of a panel's packets, with those answers that are among them. Answers may follow while a session gathers. */
export async function findExchanges(input: PanelInput): Promise<readonly Exchange[]> {
  const { rows } = input;
  const exchanges = (await gatheredFor(input)).exchanges.all;
  if (rows === null) return exchanges;
  return exchanges
    .filter(({ request }) => rows.has(request))
    .map((one) => (one.answer < 0 || rows.has(one.answer) ? one : { ...one, answer: -1, isError: false }));
}

/** Rows of a panel that a rule's filter finds: where messages tell, those that were read so far. */
export async function rowsOfRule(input: PanelInput, filter: string): Promise<BitSet> {
  if (!MESSAGE_FILTERS.has(filter)) return input.select(filter);
  const found = (await gatheredFor(input)).found.get(filter) ?? new BitSet(0);
  return input.rows === null ? found : found.copy().and(input.rows);
}

/**
 * The same for marks beside something else; null: more than `most` packets would have to be read for them alone. `byStack`: the
 * panel's rows by stack id.
 */
export async function rowsOfMark(
  input: PanelInput,
  filter: string,
  byStack: Uint32Array,
  most = MOST_PACKETS,
): Promise<BitSet | null> {
  const { capture } = input;
  const isQuick = input.isGathering === true || gatheredNow(capture) !== null || capture.table.count <= most;
  if (isQuick || !MESSAGE_FILTERS.has(filter)) return rowsOfRule(input, filter);
  const { stacks } = capture.pass;
  const tests = messageFields(filter).map(({ protocol }) => mayHave(stacks, allProtocols[protocol].name));
  const toRead = byStack.reduce(
    (sum, count, stack) => (count > 0 && tests.some((may) => may(stack)) ? sum + count : sum),
    0,
  );
  return toRead > most ? null : input.select(filter);
}

/** Says that a part is still to come, and how much is there. */
export function gatheringFinding({ capture, isGathering }: PanelInput): Finding[] {
  if (isGathering !== true) return [];
  const known = kept.get(capture);
  const share = isOf(capture, known) ? known.share : 0;
  return [{ id: 'gathering', level: 'info', values: { share: { value: share, unit: 'share' } } }];
}
