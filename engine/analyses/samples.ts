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
  if (values.length > MANY) return percentilesOfMany(values, shares);
  const isSorted = values.length <= FEW;
  if (isSorted) sortFew(values);
  let from = 0;
  return shares.map((share) => {
    if (values.length === 0) return Number.NaN;
    const rank = rankOf(share, values.length);
    if (!isSorted) select(values, from, rank);
    from = rank;
    return values[rank];
  });
}

function rankOf(share: number, count: number): number {
  return Math.max(0, Math.ceil(share * count) - 1);
}

/** More are counted by their size first, so that only those of about the wanted ranks are looked at: an eighth of the time. */
const MANY = 1 << 15;
/** Sizes by a number's exponent and the first eight bits behind it; numbers below 0 are all one size. */
const SIZE_SHIFT = 12;
const SIZES = 1 << 19;

function percentilesOfMany(values: Float64Array, shares: readonly number[]): number[] {
  const words = new Uint32Array(values.buffer, values.byteOffset, 2 * values.length);
  const high = IS_LITTLE ? 1 : 0;
  const counts = new Uint32Array(SIZES + 1);
  for (let i = high; i < words.length; i += 2) counts[sizeOf(words[i])]++;
  let size = 0;
  let before = 0;
  let near: Float64Array | null = null;
  return shares.map((share) => {
    const rank = rankOf(share, values.length);
    while (before + counts[size] <= rank) {
      before += counts[size++];
      near = null;
    }
    if (near === null) {
      near = new Float64Array(counts[size]);
      for (let i = 0, n = 0; n < near.length; i++) if (sizeOf(words[2 * i + high]) === size) near[n++] = values[i];
    }
    select(near, 0, rank - before);
    return near[rank - before];
  });
}

/** Does the less significant half of a number come first here? */
const IS_LITTLE = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;

/** Grows with the number whose upper half this is. */
function sizeOf(word: number): number {
  return word >>> 31 === 1 ? 0 : 1 + (word >>> SIZE_SHIFT);
}

/** So many are sorted faster than one of them is found. */
const FEW = 24;

function sortFew(values: Float64Array): void {
  for (let i = 1; i < values.length; i++) {
    const value = values[i];
    let at = i;
    for (; at > 0 && values[at - 1] > value; at--) values[at] = values[at - 1];
    values[at] = value;
  }
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

/** The same for each group of values, by their keys; keys from `count` on have no group. */
export function jittersOf(keys: ArrayLike<number>, count: number, values: Float64Array): Float64Array {
  const last = new Float64Array(count).fill(Number.NaN);
  const sum = new Float64Array(count);
  const steps = new Uint32Array(count);
  for (let i = 0; i < values.length; i++) {
    const key = keys[i];
    if (!(key < count)) continue;
    if (last[key] === last[key]) {
      sum[key] += Math.abs(values[i] - last[key]);
      steps[key]++;
    }
    last[key] = values[i];
  }
  return sum.map((one, key) => one / steps[key]);
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
  constructor(keys: ArrayLike<number>, count: number, values: Float64Array) {
    const start = new Uint32Array(count + 1);
    for (let i = 0; i < values.length; i++) if (keys[i] < count) start[keys[i] + 1]++;
    for (let group = 0; group < count; group++) start[group + 1] += start[group];
    const next = start.slice();
    this.values = new Float64Array(start[count]);
    for (let i = 0; i < values.length; i++) {
      const key = keys[i];
      if (key < count) this.values[next[key]++] = values[i];
    }
    this.start = start;
  }

  /** The values of a group, on the memory of all. */
  of(group: number): Float64Array {
    return this.between(group, group + 1);
  }

  /** The values of the groups [from, to), on the memory of all. */
  between(from: number, to: number): Float64Array {
    return this.values.subarray(this.start[from], this.start[to]);
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
  return linesOf(line, times, values, shares, (i) => (keep(i) ? 0 : 1), 1);
}

/** The same for each kind below `kinds`: the result's index is `kind * shares.length`, plus that of the share. */
export function linesOf(
  line: TimeLine,
  times: Float64Array,
  values: Float64Array,
  shares: readonly number[],
  kindOf: (i: number) => number,
  kinds: number,
): Float64Array[] {
  const buckets = line.times.length;
  const keys = new Uint32Array(times.length);
  for (let i = 0; i < times.length; i++) {
    const bucket = Math.floor((times[i] - line.times[0]) / line.width);
    keys[i] = bucket >= 0 && bucket < buckets ? kindOf(i) * buckets + bucket : kinds * buckets;
  }
  const groups = new Groups(keys, kinds * buckets, values);
  const result = Array.from({ length: kinds * shares.length }, () => new Float64Array(buckets));
  for (let key = 0; key < kinds * buckets; key++) {
    const found = percentiles(groups.of(key), shares);
    const first = Math.floor(key / buckets) * shares.length;
    for (let s = 0; s < shares.length; s++) result[first + s][key % buckets] = found[s];
  }
  return result;
}
