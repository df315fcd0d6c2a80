/** Which rows of the protocol hierarchy are protocols that should not be there. */

import type { UnwantedFound, UnwantedMark } from '../../contract/api.ts';
import { catalog, findProtocol } from '../../dissect/registry.ts';
import { fieldsOf } from '../../filter/evaluate.ts';
import { checkFilter } from '../../filter/language/check.ts';
import { FLAG } from '../../table/flags.ts';
import { DISSECT_ME } from '../../table/stacks.ts';
import { hidesLayers } from '../hidden-layers.ts';
import type { Names } from '../names.ts';
import type { PanelInput } from './panel.ts';
import { addressesOf, type FoundUnwanted } from './unwanted.ts';

/** Addresses that are named; how many more there are is said. */
const MOST_ADDRESSES = 20;

export function foundUnwanted(input: PanelInput, all: readonly FoundUnwanted[], names: Names | null): UnwantedFound[] {
  return all.map(({ kind, title, filter, packets, rows }) => {
    const addresses = addressesOf(input, rows);
    let bytes = 0;
    for (let row = rows.next(0); row >= 0; row = rows.next(row + 1)) bytes += input.capture.table.get('length', row);
    return {
      kind,
      title,
      filter,
      packets,
      bytes,
      addresses: addresses
        .slice(0, MOST_ADDRESSES)
        .map(({ address, packets }) => ({ address, name: names?.of(address) ?? '', packets })),
      addressCount: addresses.length,
    };
  });
}

/** Marks by the way from the top (protocol numbers, joined): at the innermost protocol that a rule asks for. */
export async function unwantedMarks(
  input: PanelInput,
  all: readonly FoundUnwanted[],
  rowsOf: (layers: readonly number[]) => readonly number[],
): Promise<ReadonlyMap<string, UnwantedMark[]>> {
  const marks = new Map<string, UnwantedMark[]>();
  for (const { kind, title, filter, rows } of all) {
    const asked = protocolsOf(filter);
    const ways = await waysOf(input, rows, rowsOf);
    const marked = new Set<string>();
    for (const { way } of ways) {
      const at = way.findLastIndex((protocol) => asked.has(protocol));
      if (way.length > 0) marked.add(way.slice(0, at < 0 ? way.length : at + 1).join());
    }
    for (const key of marked) {
      const packets = ways.reduce(
        (sum, one) => sum + (`${one.way.join()},`.startsWith(`${key},`) ? one.packets : 0),
        0,
      );
      const before = marks.get(key);
      const mark = { kind, title, filter, packets };
      if (before === undefined) marks.set(key, [mark]);
      else before.push(mark);
    }
  }
  return marks;
}

interface Way {
  readonly way: readonly number[];
  packets: number;
}

/** Layers of the rows, as the tree has them. */
async function waysOf(
  { capture, dissector, job }: PanelInput,
  rows: FoundUnwanted['rows'],
  rowsOf: (layers: readonly number[]) => readonly number[],
): Promise<readonly Way[]> {
  const { table, stacks } = capture.pass;
  const byStack = new Map<number, number>();
  const ways = new Map<string, Way>();
  const add = (layers: readonly number[], packets: number): void => {
    const way = rowsOf(layers);
    const known = ways.get(way.join());
    if (known === undefined) ways.set(way.join(), { way, packets });
    else known.packets += packets;
  };
  let done = 0;
  const total = rows.count();
  for (let row = rows.next(0); row >= 0; row = rows.next(row + 1)) {
    const stack = table.get('stack', row);
    const isOpen =
      stack === DISSECT_ME || (table.get('flags', row) & FLAG.malformed) !== 0 || hidesLayers(stacks, stack);
    if (isOpen) add(dissector.dissect(row).layers, 1);
    else byStack.set(stack, (byStack.get(stack) ?? 0) + 1);
    const waiting = job.pause(++done, total);
    if (waiting !== null) await waiting;
  }
  for (const [stack, packets] of byStack) add(stacks.layers(stack), packets);
  return [...ways.values()];
}

/** Protocols of a filter's fields. */
function protocolsOf(filter: string): ReadonlySet<number> {
  const checked = checkFilter(filter, catalog);
  if (!checked.ok || checked.value.tree === null) return new Set();
  return new Set(
    fieldsOf(checked.value.tree).flatMap(({ abbrev }) => {
      const protocol = findProtocol(abbrev) ?? findProtocol(abbrev.split('.')[0] ?? '');
      return protocol === undefined ? [] : [protocol.index];
    }),
  );
}
