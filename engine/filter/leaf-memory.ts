/**
 * What reading packets has told about leaves of filters, kept for the next filter that has them: the rows that were read, and
 * those of which the leaf is true. Bounded; the leaf not asked for longest is forgotten first.
 */

import type { BitSet } from '../base/bitset.ts';
import type { FilterTree } from './language/checked.ts';

const MAX_BYTES = 24 << 20;

export interface KnownLeaf {
  readonly read: BitSet;
  readonly found: BitSet;
}

export class LeafMemory {
  private readonly leaves = new Map<string, KnownLeaf>();
  private bytes = 0;

  get(tree: FilterTree): KnownLeaf | undefined {
    const key = keyOf(tree);
    const known = this.leaves.get(key);
    if (known === undefined) return undefined;
    this.leaves.delete(key);
    this.leaves.set(key, known);
    return known;
  }

  keep(tree: FilterTree, known: KnownLeaf): void {
    const key = keyOf(tree);
    this.drop(key);
    this.leaves.set(key, known);
    this.bytes += sizeOf(known);
    for (const oldest of this.leaves.keys()) {
      if (this.bytes <= MAX_BYTES) break;
      this.drop(oldest);
    }
  }

  private drop(key: string): void {
    const known = this.leaves.get(key);
    if (known === undefined) return;
    this.leaves.delete(key);
    this.bytes -= sizeOf(known);
  }
}

function sizeOf({ read, found }: KnownLeaf): number {
  return read.words.byteLength + found.words.byteLength;
}

/** The same for leaves that ask the same: all of the tree but what fields and compiled patterns are made of. */
function keyOf(tree: FilterTree): string {
  return JSON.stringify(tree, (key, value: unknown) => {
    if (key === 'field') return (value as { readonly abbrev: string }).abbrev;
    if (key === 'regex') return undefined; // beside it stands the pattern
    if (typeof value === 'bigint' || typeof value === 'number') return `${typeof value} ${value}`;
    return value instanceof Uint8Array ? `bytes ${value.join()}` : value;
  });
}
