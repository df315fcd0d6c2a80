/** Places on the time strip: pixels to times and back, and how a selection moves. All times in nanoseconds. */

export interface Span {
  readonly from: number;
  readonly to: number;
}

/** The capture on the strip: [from, to] over `width` pixels. */
export interface Scale extends Span {
  readonly width: number;
}

/** Time under a pixel, kept inside the capture. */
export function timeAt(scale: Scale, x: number): number {
  if (scale.width <= 0) return scale.from;
  const part = Math.min(1, Math.max(0, x / scale.width));
  return Math.round(scale.from + part * (scale.to - scale.from));
}

export function pixelAt(scale: Scale, time: number): number {
  const length = scale.to - scale.from;
  return length <= 0 ? 0 : ((time - scale.from) / length) * scale.width;
}

/** The range between two places of a drag, whichever came first. */
export function rangeBetween(scale: Scale, x1: number, x2: number): Span {
  const a = timeAt(scale, x1);
  const b = timeAt(scale, x2);
  return a <= b ? { from: a, to: b } : { from: b, to: a };
}

/** Index of the bucket under a pixel; -1 outside. */
export function bucketAt(width: number, buckets: number, x: number): number {
  if (width <= 0 || x < 0 || x >= width) return -1;
  return Math.min(buckets - 1, Math.floor((x / width) * buckets));
}

export function bucketSpan(strip: Span, buckets: number, index: number): Span {
  const step = (strip.to - strip.from) / buckets;
  return { from: strip.from + step * index, to: strip.from + step * (index + 1) };
}

/** What a click means while a range is selected: inside it nothing, outside it the end of the selection. */
export function isOutside(range: Span, time: number): boolean {
  return time < range.from || time > range.to;
}

/** Moves a range by `delta`, its length kept, inside the capture. */
export function moveRange(all: Span, range: Span, delta: number): Span {
  const length = range.to - range.from;
  const from = Math.min(Math.max(all.from, range.from + delta), Math.max(all.from, all.to - length));
  return { from, to: Math.min(all.to, from + length) };
}

/** Moves one end of a range; it stops at the capture's end and at `least` nanoseconds from the other end. */
export function resizeRange(all: Span, range: Span, end: 'from' | 'to', delta: number, least: number): Span {
  if (end === 'to') {
    const to = Math.min(all.to, Math.max(range.from + least, range.to + delta));
    return { from: range.from, to };
  }
  const from = Math.max(all.from, Math.min(range.to - least, range.from + delta));
  return { from, to: range.to };
}

/** Narrows or widens about the middle: by 2 or by one half. */
export function scaleRange(all: Span, range: Span, factor: number, least: number): Span {
  const middle = (range.from + range.to) / 2;
  const half = Math.max(least, (range.to - range.from) * factor) / 2;
  return { from: Math.max(all.from, Math.round(middle - half)), to: Math.min(all.to, Math.round(middle + half)) };
}

/**
 * Heights of bars in pixels: linear, but a bucket that holds a packet is never less than one pixel, so that a single
 * packet beside a flood is seen.
 */
export function barHeights(counts: ArrayLike<number>, highest: number, height: number): Float64Array {
  const heights = new Float64Array(counts.length);
  for (let i = 0; i < counts.length; i++) {
    const count = counts[i] ?? 0;
    heights[i] = count === 0 || highest === 0 ? 0 : Math.max(1, (count / highest) * height);
  }
  return heights;
}

export function highestOf(counts: ArrayLike<number>): number {
  let highest = 0;
  for (let i = 0; i < counts.length; i++) highest = Math.max(highest, counts[i] ?? 0);
  return highest;
}
