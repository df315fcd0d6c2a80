import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BitSet } from '../../../../engine/base/bitset.ts';

const SIZE = 300;

/** A set over [from, size) with some rows of it, and the same as plain rows. */
const sets = fc
  .record({ from: fc.nat(SIZE), size: fc.nat(SIZE), rows: fc.array(fc.nat(SIZE - 1)) })
  .filter(({ from, size }) => from <= size)
  .map(({ from, size, rows }) => {
    const set = new BitSet(size, from);
    const own = new Set(rows.filter((row) => row >= from && row < size));
    for (const row of own) set.add(row);
    return { set, own, from, size };
  });

function ascending(rows: Iterable<number>): number[] {
  return [...rows].sort((a, b) => a - b);
}

describe('a set of rows', () => {
  it('says the same as plain rows, wherever it begins', () => {
    fc.assert(
      fc.property(sets, fc.nat(SIZE), ({ set, own, size }, row) => {
        const rows = ascending(own);
        expect([...set.toRows()]).toEqual(rows);
        expect(set.count()).toBe(rows.length);
        expect(set.count(0, row)).toBe(rows.filter((one) => one < row).length);
        expect(set.count(row, size)).toBe(rows.filter((one) => one >= row).length);
        expect(set.has(row)).toBe(own.has(row));
        expect(set.next(row)).toBe(rows.find((one) => one >= row) ?? -1);
        expect(set.previous(row)).toBe(rows.findLast((one) => one <= row) ?? -1);
      }),
    );
  });

  it('is joined with sets that begin and end elsewhere', () => {
    fc.assert(
      fc.property(sets, sets, (a, b) => {
        const within = [...b.own].filter((row) => row >= a.set.base && row < a.size);
        expect([...a.set.copy().and(b.set).toRows()]).toEqual(ascending([...a.own].filter((row) => b.own.has(row))));
        expect([...a.set.copy().or(b.set).toRows()]).toEqual(ascending(new Set([...a.own, ...within])));
        const one = [...a.own, ...within].filter((row) => a.own.has(row) !== b.own.has(row));
        expect([...a.set.copy().xor(b.set).toRows()]).toEqual(ascending(one));
      }),
    );
  });

  it('keeps the rows of the part that is asked for', () => {
    fc.assert(
      fc.property(sets, fc.nat(SIZE), fc.nat(SIZE), ({ set, own }, a, b) => {
        const [from, size] = [Math.min(a, b), Math.max(a, b)];
        const part = set.over(from, size);
        expect([...part.toRows()]).toEqual(ascending([...own].filter((row) => row >= from && row < size)));
        expect(part.not().deleteBelow(from).count()).toBe(
          size - from - [...own].filter((row) => row >= from && row < size).length,
        );
      }),
    );
  });

  it('gives back the room of rows that are gone', () => {
    const set = BitSet.full(1_000_000, 100);
    expect(set.count()).toBe(999_900);
    const whole = set.words.length;
    set.retire(900_001);
    expect(set.words.length).toBeLessThan(whole / 9);
    expect(set.count()).toBe(99_999);
    expect(set.next(0)).toBe(900_001);
    set.add(5);
    expect(set.has(5)).toBe(false);
    expect(BitSet.full(64).retire(1000).count()).toBe(0);
  });
});
