/** Order statistics, histograms, lines over time and decimation, on values that can be worked out by hand. */

import { describe, expect, it } from 'vitest';
import { decimate } from '../../../../engine/analyses/decimate.ts';
import {
  Groups,
  jitterOf,
  jittersOf,
  lineOf,
  linesOf,
  logHistogram,
  percentiles,
  spreadOf,
  timeLine,
} from '../../../../engine/analyses/samples.ts';

const of = (...values: number[]): Float64Array => Float64Array.from(values);

describe('a spread', () => {
  it('has nearest-rank percentiles', () => {
    const values = Float64Array.from({ length: 100 }, (_, i) => 100 - i);
    expect(spreadOf(values)).toEqual({
      count: 100,
      min: 1,
      median: 50,
      mean: 50.5,
      p90: 90,
      p95: 95,
      p99: 99,
      max: 100,
    });
  });

  it('of one value is that value everywhere, of none is unknown', () => {
    expect(spreadOf(of(7))).toMatchObject({ min: 7, median: 7, p99: 7, max: 7 });
    expect(spreadOf(of()).median).toBeNaN();
  });

  it('has the mean difference of successive values as jitter', () => {
    expect(jitterOf(of(10, 14, 8))).toBe(5);
    expect(jitterOf(of(10))).toBeNaN();
  });
});

describe('a histogram', () => {
  it('has bins of equal width on a logarithmic axis', () => {
    const { edges, counts } = logHistogram(of(1, 5, 10, 20, 1000), 1);
    expect([...edges]).toEqual([1, 10, 100, 1000]);
    expect([...counts]).toEqual([2, 2, 0, 1]);
  });

  it('of nothing has no bins', () => {
    expect(logHistogram(of(), 8).edges).toHaveLength(0);
  });
});

describe('a line over time', () => {
  it('breaks where a bucket has no value', () => {
    const line = timeLine(0, 99, 4);
    const [median] = lineOf(line, of(1, 2, 3, 80), of(5, 1, 9, 7), [0.5]);
    expect([...(median ?? [])]).toEqual([5, Number.NaN, Number.NaN, 7]);
  });

  it('leaves out what is not wanted', () => {
    const [most] = lineOf(timeLine(0, 9, 1), of(1, 2, 3), of(5, 6, 7), [1], (i) => i !== 2);
    expect([...(most ?? [])]).toEqual([6]);
  });
});

it('groups keep the order of their values', () => {
  const groups = new Groups(Uint32Array.from([1, 0, 1, 9]), 2, of(10, 20, 30, 40));
  expect([...groups.of(0)]).toEqual([20]);
  expect([...groups.of(1)]).toEqual([10, 30]);
});

describe('decimation', () => {
  it('keeps the lowest and the highest value of each stretch', () => {
    const axis = Float64Array.from({ length: 10_000 }, (_, i) => i);
    const values = axis.map((i) => Math.sin(i / 50));
    values[5555] = 100;
    values[7777] = -100;
    const { axis: places, series } = decimate(axis, [values], 200);
    expect(places.length).toBe(200);
    expect([...places]).toEqual([...places].sort((a, b) => a - b));
    expect(Math.max(...(series[0] ?? []))).toBe(100);
    expect(Math.min(...(series[0] ?? []))).toBe(-100);
  });

  it('leaves a stretch without values empty, and short series alone', () => {
    const axis = Float64Array.from({ length: 100 }, (_, i) => i);
    const values = axis.map((i) => (i < 50 ? i : Number.NaN));
    const [shown] = decimate(axis, [values], 8).series;
    expect([...(shown ?? [])]).toEqual([0, 24, 25, 49, ...Array<number>(4).fill(Number.NaN)]);
    expect(decimate(axis, [values]).axis).toBe(axis);
  });
});

describe('many values', () => {
  /** Numbers that only look random, over many orders of magnitude. */
  function values(count: number, isSigned = false): Float64Array {
    let state = 12345;
    return Float64Array.from({ length: count }, () => {
      state = (Math.imul(state, 1103515245) + 12345) >>> 0;
      const value = Math.floor((state / 2 ** 32) * 10 ** (state % 17));
      return isSigned && state % 3 === 0 ? -value : value;
    });
  }
  const shares = [0, 0.01, 0.5, 0.5, 0.9, 0.999, 1];

  it.each([1, 7, 24, 25, 1000, 32_769, 100_000])('have the ranks that sorting gives: %i of them', (count) => {
    for (const isSigned of [false, true]) {
      const sorted = values(count, isSigned).sort();
      const wanted = shares.map((share) => sorted[Math.max(0, Math.ceil(share * count) - 1)]);
      expect(percentiles(values(count, isSigned), shares)).toEqual(wanted);
    }
    expect(percentiles(new Float64Array(count).fill(3), shares)).toEqual(shares.map(() => 3));
  });

  const all = values(10_000);
  const keys = Uint32Array.from(all, (_, i) => (i * 31) % 11);

  it('have the jitter of their groups, in the order in which they were measured', () => {
    const groups = new Groups(keys, 11, all);
    const found = jittersOf(keys, 12, all);
    for (let group = 0; group < 11; group++) expect(found[group]).toBeCloseTo(jitterOf(groups.of(group)), 0);
    expect(found[11]).toBeNaN();
    expect([...new Groups(keys, 11, all).between(2, 4)]).toEqual([...groups.of(2), ...groups.of(3)]);
  });

  it('have a line over time for each kind and share', () => {
    const times = Float64Array.from(all, (_, i) => i * 3);
    const kind = (i: number): number => (i % 3 === 0 ? 1 : 0);
    const line = timeLine(0, 30_000, 40);
    const of = (one: number): Float64Array[] => lineOf(line, times, all, [0.5, 0.95], (i) => kind(i) === one);
    expect(linesOf(line, times, all, [0.5, 0.95], kind, 2)).toEqual([...of(0), ...of(1)]);
  });
});
