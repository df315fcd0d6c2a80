/** Finds the protocols that should not be on a server's network. */

import type { BitSet } from '../../base/bitset.ts';
import { rowsOfRule } from './gathered.ts';
import type { PanelInput } from './panel.ts';
import { UNWANTED, type Unwanted } from './unwanted-list.ts';

export interface FoundUnwanted extends Unwanted {
  readonly packets: number;
  readonly rows: BitSet;
}

export async function findUnwanted(input: PanelInput, list: readonly Unwanted[] = UNWANTED): Promise<FoundUnwanted[]> {
  const found: FoundUnwanted[] = [];
  for (const one of list) {
    const rows = await rowsOfRule(input, one.filter);
    const packets = rows?.count() ?? 0;
    if (rows !== null && packets > 0) found.push({ ...one, packets, rows });
  }
  return found;
}
