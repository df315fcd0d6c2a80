/**
 * From the bytes of a capture to those of a month of 30 days, "if it stays like these minutes". Whole one-minute pieces say how
 * much it varies: the range is the mean of the pieces and what Student's t leaves open on both sides of it (95 %). Nothing is
 * projected from less than a minute.
 */

export const MINUTE_NS = 60e9;
const MONTH_NS = 30 * 24 * 60 * MINUTE_NS;

export interface Projection {
  /** Bytes of a month; NaN: the capture is shorter than a minute. */
  readonly month: number;
  /** NaN where there are fewer than two whole minutes. */
  readonly low: number;
  readonly high: number;
  readonly minutes: number;
}

/** `pieces`: bytes of each whole minute; `bytes`: all of them, over `duration` nanoseconds. */
export function project(bytes: number, duration: number, pieces: Float64Array): Projection {
  const minutes = duration / MINUTE_NS;
  if (!(minutes >= 1)) return { month: Number.NaN, low: Number.NaN, high: Number.NaN, minutes };
  const month = (bytes / duration) * MONTH_NS;
  const count = pieces.length;
  if (count < 2) return { month, low: Number.NaN, high: Number.NaN, minutes };
  let sum = 0;
  for (const piece of pieces) sum += piece;
  const mean = sum / count;
  let squares = 0;
  for (const piece of pieces) squares += (piece - mean) ** 2;
  const spread = (studentT(count - 1) * Math.sqrt(squares / (count - 1) / count) * MONTH_NS) / MINUTE_NS;
  return { month, low: Math.max(0, month - spread), high: month + spread, minutes };
}

/** 97.5th percentile of Student's t by degrees of freedom; past the table the normal distribution with its first correction. */
const T975 = [12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228] as const;

function studentT(freedom: number): number {
  const z = 1.96;
  return T975[freedom - 1] ?? z + (z ** 3 + z) / (4 * freedom);
}
