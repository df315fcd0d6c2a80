import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  ancestorsOf,
  endOfSubtree,
  parentOf,
  type TreeItem,
  typeahead,
  visibleRows,
} from '../../../../renderer/components/tree-rows.ts';

function items(...depths: number[]): TreeItem[] {
  return depths.map((depth, i) => ({ depth, hasChildren: (depths[i + 1] ?? 0) > depth }));
}

/** Depths that begin at 0 and go at most one deeper at a time. */
const trees = fc.array(fc.integer({ min: -3, max: 1 }), { maxLength: 60 }).map((steps) => {
  const depths: number[] = [];
  for (const step of steps) depths.push(depths.length === 0 ? 0 : Math.max(0, (depths.at(-1) ?? 0) + step));
  return items(...depths);
});

describe('rows of a tree', () => {
  const tree = items(0, 1, 1, 2, 2, 0, 1);

  it('are all of them where everything is open', () => {
    expect(visibleRows(tree, () => true).map((row) => row.index)).toEqual([0, 1, 2, 3, 4, 5, 6]);
  });

  it('leave out what is inside a closed item, at any depth', () => {
    expect(visibleRows(tree, (index) => index !== 2).map((row) => row.index)).toEqual([0, 1, 2, 5, 6]);
    expect(visibleRows(tree, () => false).map((row) => row.index)).toEqual([0, 5]);
  });

  it('say where they stand among their siblings', () => {
    const rows = visibleRows(tree, () => true).map((row) => `${row.position}/${row.siblings}`);
    expect(rows).toEqual(['1/2', '1/2', '2/2', '1/2', '2/2', '2/2', '1/1']);
  });

  it('say of leaves neither open nor closed', () => {
    expect(visibleRows(tree, () => true).map((row) => row.isExpanded)).toEqual([
      true,
      undefined,
      true,
      undefined,
      undefined,
      true,
      undefined,
    ]);
  });

  it('know parents, ancestors and the end of what they hold', () => {
    expect(parentOf(tree, 4)).toBe(2);
    expect(parentOf(tree, 5)).toBe(-1);
    expect(ancestorsOf(tree, 4)).toEqual([2, 0]);
    expect(endOfSubtree(tree, 0)).toBe(5);
    expect(endOfSubtree(tree, 6)).toBe(7);
  });

  it('show an item exactly when everything above it is open', () => {
    fc.assert(
      fc.property(trees, fc.infiniteStream(fc.boolean()), (list, choices) => {
        const open = list.map(() => choices.next().value === true);
        const shown = new Set(visibleRows(list, (index) => open[index] === true).map((row) => row.index));
        list.forEach((_, index) => {
          expect(shown.has(index)).toBe(ancestorsOf(list, index).every((above) => open[above]));
        });
      }),
    );
  });
});

describe('typing letters in a tree', () => {
  const labels = ['Frame', 'Ethernet', 'Flags', 'Fragment'];

  it('goes to the next row that begins with a letter, round the end', () => {
    expect(typeahead(labels, 0, 'f')).toBe(2);
    expect(typeahead(labels, 3, 'f')).toBe(0);
  });

  it('stays where it is while more letters fit', () => {
    expect(typeahead(labels, 3, 'fra')).toBe(3);
    expect(typeahead(labels, 2, 'fr')).toBe(3);
    expect(typeahead(labels, 0, 'x')).toBe(-1);
  });
});
