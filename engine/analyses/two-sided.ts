/**
 * The same TCP connections captured at two points: their bytes are matched by sequence range, because network cards cut segments
 * otherwise at each end; what went in at one point and did not come out at the other was lost in between. Clocks are aligned by
 * the shortest way in each direction, which is taken to be as long as the one back.
 */

/** A segment at one point. Ranges are bytes of the direction's stream, the same numbers at both points. */
export interface Seen {
  readonly from: number;
  readonly to: number;
  readonly time: number;
  readonly row: number;
}

export interface Compared {
  /** Bytes seen at both points, each time that they were sent. */
  readonly matched: number;
  /** Bytes that went past the first point and not past the second, and the other way round (missed by the first capture). */
  readonly lost: number;
  readonly missed: number;
  /** First transmissions of bytes that passed each point once: row at each, and how much later the second clock says. */
  readonly pairs: readonly { readonly first: Seen; readonly second: Seen; readonly later: number }[];
  /** Segments of the first point of which bytes were lost. */
  readonly lostRows: readonly { readonly seen: Seen; readonly bytes: number }[];
}

/** `first`: at the point that the direction comes past first; both in the order that they were seen in. */
export function compareStreams(first: readonly Seen[], second: readonly Seen[]): Compared {
  const points = new Float64Array(2 * (first.length + second.length));
  let at = 0;
  for (const list of [first, second]) {
    for (const { from, to } of list) {
      points[at++] = from;
      points[at++] = to;
    }
  }
  points.sort();
  const edges = points.filter((point, i) => i === 0 || point !== points[i - 1]);
  const place = new Map<number, number>();
  edges.forEach((edge, i) => place.set(edge, i));
  const counts = [new Int32Array(edges.length + 1), new Int32Array(edges.length + 1)] as const;
  const index = (edge: number): number => place.get(edge) ?? 0;
  [first, second].forEach((list, side) => {
    for (const { from, to } of list) {
      counts[side === 0 ? 0 : 1][index(from)]++;
      counts[side === 0 ? 0 : 1][index(to)]--;
    }
  });
  let [matched, lost, missed] = [0, 0, 0];
  let [a, b] = [0, 0];
  /** Times that bytes went past each point, by range. */
  const inFirst = new Int32Array(edges.length);
  const inSecond = new Int32Array(edges.length);
  for (let i = 0; i + 1 < edges.length; i++) {
    a += counts[0][i];
    b += counts[1][i];
    inFirst[i] = a;
    inSecond[i] = b;
    const bytes = edges[i + 1] - edges[i];
    matched += Math.min(a, b) * bytes;
    if (a > b) lost += (a - b) * bytes;
    else missed += (b - a) * bytes;
  }
  return { matched, lost, missed, pairs: pairsOf(), lostRows: lostRowsOf() };

  /** Segments whose first byte passed each point once. */
  function pairsOf(): Compared['pairs'][number][] {
    const bySecond = [...second].sort((x, y) => x.from - y.from || x.time - y.time);
    const pairs: Compared['pairs'][number][] = [];
    const byFirst = [...first].sort((x, y) => x.from - y.from || x.time - y.time);
    let j = 0;
    for (const one of byFirst) {
      const i = index(one.from);
      if (inFirst[i] !== 1 || inSecond[i] !== 1) continue;
      while (j < bySecond.length && bySecond[j].to <= one.from) j++;
      const other = bySecond.slice(j, j + SPAN).find(({ from, to }) => from <= one.from && one.from < to);
      if (other !== undefined) pairs.push({ first: one, second: other, later: other.time - one.time });
    }
    return pairs;
  }

  /** Later transmissions of a byte are what arrived: the earlier ones are those that were lost. */
  function lostRowsOf(): { seen: Seen; bytes: number }[] {
    if (lost === 0) return [];
    const left = inFirst.map((count, i) => count - inSecond[i]);
    const rows: { seen: Seen; bytes: number }[] = [];
    for (const seen of first) {
      let bytes = 0;
      for (let i = index(seen.from); edges[i] < seen.to; i++) {
        if (left[i] <= 0) continue;
        left[i]--;
        bytes += edges[i + 1] - edges[i];
      }
      if (bytes > 0) rows.push({ seen, bytes });
    }
    return rows;
  }
}

/** Segments that begin before a byte and may still hold it. */
const SPAN = 8;

export interface Aligned {
  /** Nanoseconds that the second clock is ahead of the first. */
  readonly offset: number;
  /** One way, there and back, at the least. */
  readonly least: number;
}

/** `there`, `back`: how much later the second, or the first, clock says for what passed both. Null: one direction has nothing. */
export function alignClocks(there: readonly number[], back: readonly number[]): Aligned | null {
  if (there.length === 0 || back.length === 0) return null;
  const a = there.reduce((least, one) => Math.min(least, one), Number.POSITIVE_INFINITY);
  const b = back.reduce((least, one) => Math.min(least, one), Number.POSITIVE_INFINITY);
  return { offset: (a - b) / 2, least: (a + b) / 2 };
}
