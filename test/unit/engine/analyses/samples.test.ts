/** Order statistics, histograms, lines over time and decimation, on values that can be worked out by hand. */

import { describe, expect, it } from 'vitest';
import { decimate } from '../../../../engine/analyses/decimate.ts';
import { Groups, jitterOf, lineOf, logHistogram, spreadOf, timeLine } from '../../../../engine/analyses/samples.ts';

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
