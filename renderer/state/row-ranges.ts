/** Sets of positions as sorted ranges [from, end): ten million selected rows are one range. */

export type RowRange = readonly [from: number, end: number];
export type RowRanges = readonly RowRange[];

export function countRows(ranges: RowRanges): number {
  return ranges.reduce((sum, [from, end]) => sum + end - from, 0);
}

export function hasRow(ranges: RowRanges, position: number): boolean {
  let low = 0;
  let high = ranges.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const range = ranges[middle];
    if (range === undefined || range[0] > position) high = middle;
    else if (range[1] <= position) low = middle + 1;
    else return true;
  }
  return false;
}

/** The set with [from, end) in it; ranges that touch become one. */
export function addRange(ranges: RowRanges, from: number, end: number): RowRanges {
  if (from >= end) return ranges;
  const before = ranges.filter((range) => range[1] < from);
  const after = ranges.filter((range) => range[0] > end);
  const touching = ranges.slice(before.length, ranges.length - after.length);
  const first = touching[0];
  const last = touching.at(-1);
  const merged: RowRange = [
    first === undefined ? from : Math.min(from, first[0]),
    last === undefined ? end : Math.max(end, last[1]),
  ];
  return [...before, merged, ...after];
}

export function removeRange(ranges: RowRanges, from: number, end: number): RowRanges {
  if (from >= end) return ranges;
  return ranges.flatMap(([start, stop]): RowRange[] => {
    if (stop <= from || start >= end) return [[start, stop]];
    const left: RowRange[] = start < from ? [[start, from]] : [];
    return stop > end ? [...left, [end, stop]] : left;
  });
}

/** As the contract carries it: first and end of each range, one after the other. */
export function packRanges(ranges: RowRanges): Uint32Array<ArrayBuffer> {
  return Uint32Array.from(ranges.flat());
}
