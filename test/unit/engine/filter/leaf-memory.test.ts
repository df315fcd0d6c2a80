/** What is kept about leaves: found again by what they ask, and bounded. */

import { describe, expect, it } from 'vitest';
import { BitSet } from '../../../../engine/base/bitset.ts';
import { catalog } from '../../../../engine/dissect/registry.ts';
import { checkFilter } from '../../../../engine/filter/language/check.ts';
import type { FilterTree } from '../../../../engine/filter/language/checked.ts';
import { LeafMemory } from '../../../../engine/filter/leaf-memory.ts';

function leaf(text: string): FilterTree {
  const checked = checkFilter(text, catalog);
  if (!checked.ok || checked.value.tree === null) return expect.fail(text);
  return checked.value.tree;
}

function known(rows: number): { read: BitSet; found: BitSet } {
  return { read: BitSet.full(rows), found: new BitSet(rows) };
}

describe('what is kept about leaves', () => {
  it('is found by another filter with the same leaf', () => {
    const memory = new LeafMemory();
    const kept = known(100);
    memory.keep(leaf('http.request.method == "GET"'), kept);
    expect(memory.get(leaf('http.request.method eq "GET"'))).toBe(kept);
  });

  it.each([
    'http.request.method == "get"',
    'http.request.method != "GET"',
    'http.request.uri == "GET"',
    'http.request.method contains "GET"',
    'http.request.method#1 == "GET"',
    'http.request.method[0:2] == 47:45',
    'http.request.method matches "GET"',
    'http.content_length == 3',
    'http.content_length == 4',
  ])('is not found by %s', (text) => {
    const memory = new LeafMemory();
    memory.keep(leaf('http.request.method == "GET"'), known(100));
    memory.keep(leaf('http.content_length == 5'), known(100));
    expect(memory.get(leaf(text))).toBeUndefined();
  });

  it('tells patterns apart', () => {
    const memory = new LeafMemory();
    memory.keep(leaf('http.host matches "a.c"'), known(100));
    expect(memory.get(leaf('http.host matches "a.d"'))).toBeUndefined();
    expect(memory.get(leaf('http.host matches "a.c"'))).toBeDefined();
  });

  it('is forgotten when there is too much of it, the least asked for first', () => {
    const memory = new LeafMemory();
    const rows = 32_000_000; // 8 MB a leaf, both sets together
    for (const length of [1, 2, 3]) memory.keep(leaf(`http.content_length == ${length}`), known(rows));
    memory.get(leaf('http.content_length == 1'));
    memory.keep(leaf('http.content_length == 4'), known(rows));
    const kept = [1, 2, 3, 4].filter((length) => memory.get(leaf(`http.content_length == ${length}`)) !== undefined);
    expect(kept).toEqual([1, 3, 4]);
  });
});
