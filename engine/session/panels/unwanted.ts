/** Finds the protocols that should not be there, by the user's list. */

import { rowsByStack } from '../../analyses/hierarchy.ts';
import type { BitSet } from '../../base/bitset.ts';
import { NagareError } from '../../base/errors.ts';
import type { UnwantedRule } from '../../contract/preferences.ts';
import { rowsOfMark, rowsOfRule } from './gathered.ts';
import type { PanelInput } from './panel.ts';

export interface FoundUnwanted extends UnwantedRule {
  readonly packets: number;
  readonly rows: BitSet;
}

/** What the rules find in all messages, however long it takes. */
export async function findUnwanted(input: PanelInput): Promise<FoundUnwanted[]> {
  return foundBy(input, rowsOfRule);
}

/** What is found without reading all messages of a large capture; `notRead`: the rules that would have to. */
export async function findUnwantedQuickly(
  input: PanelInput,
): Promise<{ readonly found: readonly FoundUnwanted[]; readonly notRead: readonly UnwantedRule[] }> {
  const notRead: UnwantedRule[] = [];
  const byStack = rowsByStack(input.capture.table, input.rows);
  const found = await foundBy(input, async (_, filter, rule) => {
    const rows = await rowsOfMark(input, filter, byStack);
    if (rows === null) notRead.push(rule);
    return rows;
  });
  return { found, notRead };
}

/** A rule whose filter cannot be read finds nothing: the dialog says so where it is written. */
async function foundBy(
  input: PanelInput,
  rowsOf: (input: PanelInput, filter: string, rule: UnwantedRule) => Promise<BitSet | null>,
): Promise<FoundUnwanted[]> {
  const found: FoundUnwanted[] = [];
  for (const rule of input.capture.preferences.unwanted) {
    if (!rule.on || rule.filter.trim() === '') continue;
    try {
      const rows = await rowsOf(input, rule.filter, rule);
      const packets = rows?.count() ?? 0;
      if (rows !== null && packets > 0) found.push({ ...rule, packets, rows });
    } catch (thrown) {
      if (!(thrown instanceof NagareError && thrown.code === 'bad-filter')) throw thrown;
    }
  }
  return found;
}

/** Addresses of some packets, the most frequent first. */
export function addressesOf(
  { capture }: Pick<PanelInput, 'capture'>,
  rows: BitSet,
): readonly { readonly address: string; readonly packets: number }[] {
  const { paths, table } = capture.pass;
  const byPath = new Map<number, number>();
  for (let row = rows.next(0); row >= 0; row = rows.next(row + 1)) {
    const path = table.get('path', row);
    byPath.set(path, (byPath.get(path) ?? 0) + 1);
  }
  const counts = new Map<string, number>();
  for (const [path, packets] of byPath) {
    const { source, destination } = paths.addresses(path);
    for (const address of new Set([source, destination]))
      if (address !== '') counts.set(address, (counts.get(address) ?? 0) + packets);
  }
  return [...counts].sort((a, b) => b[1] - a[1]).map(([address, packets]) => ({ address, packets }));
}
