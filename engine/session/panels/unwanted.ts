/** Finds the protocols that should not be there, by the user's list. */

import type { BitSet } from '../../base/bitset.ts';
import { NagareError } from '../../base/errors.ts';
import type { UnwantedRule } from '../../contract/preferences.ts';
import { rowsOfRule } from './gathered.ts';
import type { PanelInput } from './panel.ts';

export interface FoundUnwanted extends UnwantedRule {
  readonly packets: number;
  readonly rows: BitSet;
}

/** A rule whose filter cannot be read finds nothing: the dialog says so where it is written. */
export async function findUnwanted(input: PanelInput): Promise<FoundUnwanted[]> {
  const found: FoundUnwanted[] = [];
  for (const rule of input.capture.preferences.unwanted) {
    if (!rule.on || rule.filter.trim() === '') continue;
    const rows = await rowsOf(input, rule.filter);
    const packets = rows?.count() ?? 0;
    if (rows !== null && packets > 0) found.push({ ...rule, packets, rows });
  }
  return found;
}

async function rowsOf(input: PanelInput, filter: string): Promise<BitSet | null> {
  try {
    return await rowsOfRule(input, filter);
  } catch (thrown) {
    if (thrown instanceof NagareError && thrown.code === 'bad-filter') return null;
    throw thrown;
  }
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
