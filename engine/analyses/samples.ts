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

/** NaN everywhere for no values. Reorders `values`. */
export function spreadOf(values: Float64Array): Spread {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i];
  const [min, median, p90, p95, p99, max] = percentiles(values, [0, 0.5, 0.9, 0.95, 0.99, 1]);
  return { count: values.length, min, median, mean: sum / values.length, p90, p95, p99, max };
}

/**
 * Nearest ranks: the smallest values that at least these shares (ascending) of all do not exceed. NaN for none. Reorders the
 * values: what is left of a found rank is not above it, so each search begins where the last ended; a tenth of sorting's time.
 */
export function percentiles(values: Float64Array, shares: readonly number[]): number[] {
  let from = 0;
  return shares.map((share) => {
    if (values.length === 0) return Number.NaN;
    const rank = Math.max(0, Math.ceil(share * values.length) - 1);
    select(values, from, rank);
    from = rank;
    return values[rank];
  });
}

/** Rounds after which the rest is sorted: values that are made to be slow do not win. */
const MOST_ROUNDS = 60;

/** Puts the value of a rank in its place, among those from `low` on (Hoare's selection, pivot: the middle of three). */
function select(values: Float64Array, low: number, rank: number): void {
  let high = values.length - 1;
  for (let round = 0; low < high; round++) {
    if (round === MOST_ROUNDS) {
      values.subarray(low, high + 1).sort();
      return;
    }
    const a = values[low];
    const b = values[(low + high) >>> 1];
    const c = values[high];
    const pivot = a < b ? (b < c ? b : a < c ? c : a) : a < c ? a : b < c ? c : b;
    let i = low;
    let j = high;
    while (i <= j) {
      while (values[i] < pivot) i++;
      while (values[j] > pivot) j--;
      if (i > j) break;
      const swapped = values[i];
      values[i++] = values[j];
      values[j--] = swapped;
    }
    if (rank <= j) high = j;
    else if (rank >= i) low = i;
    else return;
  }
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
export function logHistogram(values: Float64Array, perDecade: number): Histogram {
  if (values.length === 0) return { edges: new Float64Array(0), counts: new Float64Array(0) };
  const bin = (value: number): number => Math.floor(Math.log10(Math.max(1, value)) * perDecade);
  let least = values[0];
  let most = values[0];
  for (let i = 1; i < values.length; i++) {
    if (values[i] < least) least = values[i];
    if (values[i] > most) most = values[i];
  }
  const first = bin(least);
  const bins = bin(most) - first + 1;
  const counts = new Float64Array(bins);
  for (let i = 0; i < values.length; i++) counts[bin(values[i]) - first]++;
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

/** Percentiles (ascending) of the values in each bucket of a line; NaN where there is none. Rows for which `keep` is false are left out. */
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
    const found = percentiles(groups.of(bucket), shares);
    for (let s = 0; s < shares.length; s++) result[s][bucket] = found[s];
  }
  return result;
}
