/** Orders packets by time, equal times as they came: a merge of the runs that are in order already, one for each processor mostly. */

/** Sorts `order` (numbers of packets) by their ticks. */
export function sortByTime(order: Uint32Array, ticks: Float64Array): void {
  const count = order.length;
  let starts: Uint32Array = runsOf(order, ticks);
  let from = order;
  let into: Uint32Array = new Uint32Array(count);
  while (starts.length > 2) {
    const merged = new Uint32Array((starts.length >> 1) + 1);
    let n = 0;
    for (let i = 0; i + 1 < starts.length; i += 2) {
      const end = i + 2 < starts.length ? starts[i + 2] : count;
      merge(from, into, starts[i], starts[i + 1], end, ticks);
      merged[n++] = starts[i];
    }
    merged[n++] = count;
    starts = merged.subarray(0, n);
    [from, into] = [into, from];
  }
  if (from !== order) order.set(from);
}

/** Where the runs begin, and the end of the last one. */
function runsOf(order: Uint32Array, ticks: Float64Array): Uint32Array {
  let count = 1;
  for (let i = 1; i < order.length; i++) if (ticks[order[i]] < ticks[order[i - 1]]) count++;
  const starts = new Uint32Array(count + 1);
  let n = 1;
  for (let i = 1; i < order.length; i++) if (ticks[order[i]] < ticks[order[i - 1]]) starts[n++] = i;
  starts[n] = order.length;
  return starts;
}

function merge(
  from: Uint32Array,
  into: Uint32Array,
  start: number,
  middle: number,
  end: number,
  ticks: Float64Array,
): void {
  let a = start;
  let b = middle;
  for (let i = start; i < end; i++) {
    if (a < middle && (b >= end || ticks[from[a]] <= ticks[from[b]])) into[i] = from[a++];
    else into[i] = from[b++];
  }
}
