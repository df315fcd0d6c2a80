/** Sets of measured values: their order statistics, a histogram, and a line over time. */

export interface Spread {
  readonly count: number;
  readonly min: number;
  readonly median: number;
  readonly mean: number;
  readonly p90: number;
  readonly p95: number;
  readonly p99: number;
  readonly max: number;
}

/** NaN everywhere for no values. Sorts `values` in place. */
export function spreadOf(values: Float64Array): Spread {
  values.sort();
  const count = values.length;
  let sum = 0;
  for (const value of values) sum += value;
  const at = (share: number): number => percentile(values, share);
  return {
    count,
    min: at(0),
    median: at(0.5),
    mean: sum / count,
    p90: at(0.9),
    p95: at(0.95),
    p99: at(0.99),
    max: at(1),
  };
}

/** Nearest rank: the smallest value that at least this share of the sorted values does not exceed. NaN for none. */
export function percentile(sorted: Float64Array, share: number): number {
  if (sorted.length === 0) return Number.NaN;
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
}

/** Mean difference of successive values: jitter as people mean it. NaN for fewer than two. */
export function jitterOf(values: Float64Array): number {
  if (values.length < 2) return Number.NaN;
  let sum = 0;
  for (let i = 1; i < values.length; i++) sum += Math.abs(values[i] - values[i - 1]);
  return sum / (values.length - 1);
}

export interface Histogram {
  /** Lower edge of each bin. */
  readonly edges: Float64Array;
  readonly counts: Float64Array;
}

/** Bins of equal width on a logarithmic axis, `perDecade` of them to a factor of ten. Values below 1 are in the first. */
export function logHistogram(sorted: Float64Array, perDecade: number): Histogram {
  if (sorted.length === 0) return { edges: new Float64Array(0), counts: new Float64Array(0) };
  const bin = (value: number): number => Math.floor(Math.log10(Math.max(1, value)) * perDecade);
  const first = bin(sorted[0]);
  const bins = bin(sorted[sorted.length - 1]) - first + 1;
  const counts = new Float64Array(bins);
  for (const value of sorted) counts[bin(value) - first]++;
  return { edges: Float64Array.from({ length: bins }, (_, i) => 10 ** ((first + i) / perDecade)), counts };
}

export interface TimeLine {
  /** Start of each bucket. */
  readonly times: Float64Array;
  readonly width: number;
}

/** At most `most` equal buckets over [first, last]. */
export function timeLine(first: number, last: number, most: number): TimeLine {
  if (!(last >= first)) return { times: new Float64Array(0), width: 1 };
  const width = Math.max(1, (last - first + 1) / most);
  return { times: Float64Array.from({ length: most }, (_, i) => first + i * width), width };
}

/** Values put together by their keys, each group in the order of the values: a counting sort. */
export class Groups {
  private readonly start: Uint32Array;
  private readonly values: Float64Array;

  /** `keys`: group of each value, below `count`; anything else leaves the value out. */
  constructor(keys: Uint32Array, count: number, values: Float64Array) {
    const start = new Uint32Array(count + 1);
    for (let i = 0; i < keys.length; i++) if (keys[i] < count) start[keys[i] + 1]++;
    for (let group = 0; group < count; group++) start[group + 1] += start[group];
    const next = start.slice();
    this.values = new Float64Array(start[count]);
    for (let i = 0; i < keys.length; i++) if (keys[i] < count) this.values[next[keys[i]]++] = values[i];
    this.start = start;
  }

  /** The values of a group, on the memory of all. */
  of(group: number): Float64Array {
    return this.values.subarray(this.start[group], this.start[group + 1]);
  }
}

/** Percentiles of the values in each bucket of a line; NaN where there is none. Rows for which `keep` is false are left out. */
export function lineOf(
  line: TimeLine,
  times: Float64Array,
  values: Float64Array,
  shares: readonly number[],
  keep: (i: number) => boolean = () => true,
): Float64Array[] {
  const buckets = line.times.length;
  const keys = new Uint32Array(times.length);
  for (let i = 0; i < times.length; i++) {
    keys[i] = keep(i) ? Math.floor((times[i] - line.times[0]) / line.width) : buckets;
  }
  const groups = new Groups(keys, buckets, values);
  const result = shares.map(() => new Float64Array(buckets));
  for (let bucket = 0; bucket < buckets; bucket++) {
    const sorted = groups.of(bucket).sort();
    for (let s = 0; s < shares.length; s++) result[s][bucket] = percentile(sorted, shares[s]);
  }
  return result;
}
