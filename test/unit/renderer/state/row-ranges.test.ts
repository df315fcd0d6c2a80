import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  addRange,
  countRows,
  hasRow,
  packRanges,
  type RowRanges,
  removeRange,
} from '../../../../renderer/state/row-ranges.ts';

interface Change {
  readonly isAdded: boolean;
  readonly from: number;
  readonly length: number;
}

const change = fc.record({ isAdded: fc.boolean(), from: fc.nat(40), length: fc.nat(12) });

function apply(changes: readonly Change[]): { readonly ranges: RowRanges; readonly model: Set<number> } {
  let ranges: RowRanges = [];
  const model = new Set<number>();
  for (const { isAdded, from, length } of changes) {
    ranges = isAdded ? addRange(ranges, from, from + length) : removeRange(ranges, from, from + length);
    for (let at = from; at < from + length; at++) {
      if (isAdded) model.add(at);
      else model.delete(at);
    }
  }
  return { ranges, model };
}

describe('ranges of rows', () => {
  it('hold what a set of the same rows holds', () => {
    fc.assert(
      fc.property(fc.array(change, { maxLength: 12 }), (changes) => {
        const { ranges, model } = apply(changes);
        expect(countRows(ranges)).toBe(model.size);
        for (let at = 0; at < 60; at++) expect(hasRow(ranges, at)).toBe(model.has(at));
      }),
    );
  });

  it('stay sorted, apart and without empty ones', () => {
    fc.assert(
      fc.property(fc.array(change, { maxLength: 12 }), (changes) => {
        const { ranges } = apply(changes);
        const packed = packRanges(ranges);
        expect(packed).toHaveLength(ranges.length * 2);
        for (let i = 1; i < packed.length; i++) expect(packed[i]).toBeGreaterThan(packed[i - 1] ?? -1);
      }),
    );
  });

  it('are one range for ten million rows', () => {
    const ranges = addRange([], 0, 10_000_000);
    expect(countRows(removeRange(ranges, 5, 6))).toBe(9_999_999);
    expect(packRanges(ranges)).toEqual(new Uint32Array([0, 10_000_000]));
  });
});
