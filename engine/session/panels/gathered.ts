/**
 * What panels want of messages (requests and answers, names, errors, logins in clear text), gathered in one pass over a capture
 * and kept: it depends on neither filter nor time range. A session gathers by itself once a capture is loaded.
 */

import { BitSet } from '../../base/bitset.ts';
import { DEFAULT_UNWANTED } from '../../contract/preferences.ts';
import type { Finding } from '../../contract/report.ts';
import { catalog } from '../../dissect/registry.ts';
import { columnFields, pathFields } from '../../filter/column-fields.ts';
import { evaluate, fieldsOf } from '../../filter/evaluate.ts';
import { checkFilter } from '../../filter/language/check.ts';
import type { FilterTree } from '../../filter/language/checked.ts';
import type { Capture } from '../capture.ts';
import type { Names } from '../names.ts';
import { EXCHANGE_FIELDS, type Exchange, ExchangeReader } from './exchanges.ts';
import { EXPERT_RULES } from './expert-rules.ts';
import { eachMessage } from './field-values.ts';
import { NAME_FIELDS, NameReader } from './find-names.ts';
import type { PanelInput } from './panel.ts';

interface Gathered {
  readonly exchanges: readonly Exchange[];
  readonly names: NameReader;
  /** Rows by the filters of rules that only messages decide. */
  readonly found: ReadonlyMap<string, BitSet>;
}

type Input = Pick<PanelInput, 'capture' | 'dissector' | 'job'>;

interface Kept {
  /** Packets, and secrets that opened some, when it was gathered. */
  readonly rows: number;
  readonly secrets: number;
  /** null: somebody is at it. */
  result: Gathered | null;
}

const kept = new WeakMap<Capture, Kept>();

function isOf(capture: Capture, one: Kept | undefined): one is Kept {
  return one?.rows === capture.table.count && one.secrets === capture.secrets.keyLog.size && capture.isLoaded;
}

/** What was gathered already; null: nothing, or of fewer packets. */
export function gatheredNow(capture: Capture): Gathered | null {
  const known = kept.get(capture);
  return isOf(capture, known) ? known.result : null;
}

/** Gathers, or waits for whoever does. */
export async function gather(input: Input): Promise<Gathered> {
  const { capture, job } = input;
  for (;;) {
    const known = kept.get(capture);
    if (!isOf(capture, known)) break;
    if (known.result !== null) return known.result;
    await job.until(() => known.result !== null || kept.get(capture) !== known);
  }
  const own: Kept = { rows: capture.table.count, secrets: capture.secrets.keyLog.size, result: null };
  kept.set(capture, own);
  try {
    return (own.result = await readMessages(input));
  } finally {
    if (own.result === null && kept.get(capture) === own) kept.delete(capture);
  }
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
  return fieldsOf(treeOf(filter)).some(
    ({ abbrev }) => abbrev.includes('.') && !columnFields.has(abbrev) && !pathFields.has(abbrev),
  );
}

function treeOf(filter: string): FilterTree {
  const checked = checkFilter(filter, catalog);
  if (!checked.ok || checked.value.tree === null) throw new Error(`a rule's filter is wrong: ${filter}`);
  return checked.value.tree;
}

async function readMessages(input: Input): Promise<Gathered> {
  const { capture } = input;
  const { count } = capture.table;
  const exchanges = new ExchangeReader(capture);
  const names = new NameReader(capture);
  const found = new Map([...MESSAGE_FILTERS.keys()].map((filter) => [filter, new BitSet(count)]));
  const fields = new Set<string>([...EXCHANGE_FIELDS, ...NAME_FIELDS]);
  for (const tree of MESSAGE_FILTERS.values()) for (const { abbrev } of fieldsOf(tree)) fields.add(abbrev);
  await eachMessage(input, [...fields], (row, values, source) => {
    exchanges.read(row, values);
    names.read(row, values);
    for (const [filter, tree] of MESSAGE_FILTERS) if (evaluate(tree, source)) found.get(filter)?.add(row);
  });
  return { exchanges: exchanges.all, names, found };
}

/** The names that the packets of a panel tell. */
export async function findNames(input: PanelInput): Promise<Names> {
  return (await gather(input)).names.namesIn(input.rows);
}

/** Of more packets, messages are not read for the sake of names alone. */
const MOST_PACKETS = 200_000;

/** The names that the whole capture tells, for panels that show addresses beside them; null: they are not there yet. */
export async function namesBeside(input: PanelInput): Promise<Names | null> {
  const { table } = input.capture;
  const isQuick = gatheredNow(input.capture) !== null || table.count <= MOST_PACKETS;
  return isQuick && input.isGathering !== true ? (await gather(input)).names.namesIn(null) : null;
}

/** Requests of a panel's packets, with those answers that are among them. */
export async function findExchanges(input: PanelInput): Promise<readonly Exchange[]> {
  const { rows } = input;
  const { exchanges } = await gather(input);
  if (rows === null) return exchanges;
  return exchanges
    .filter(({ request }) => rows.has(request))
    .map((one) => (one.answer < 0 || rows.has(one.answer) ? one : { ...one, answer: -1, isError: false }));
}

/** Rows of a panel that a rule's filter finds; null: messages tell, which are still being read. */
export async function rowsOfRule(input: PanelInput, filter: string): Promise<BitSet | null> {
  if (!MESSAGE_FILTERS.has(filter)) return input.select(filter);
  if (input.isGathering === true) return null;
  const found = (await gather(input)).found.get(filter) ?? new BitSet(0);
  return input.rows === null ? found : found.copy().and(input.rows);
}

/** Says that a part is still to come. */
export function gatheringFinding({ isGathering }: PanelInput): Finding[] {
  return isGathering === true ? [{ id: 'gathering', level: 'info', values: {} }] : [];
}
