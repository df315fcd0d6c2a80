/** Both ends of a time range for people: as clock times, with as many digits as tell them apart. */

import { formatClock, formatSeconds } from './time.ts';

interface Times {
  readonly epoch: string | null;
  readonly firstTime: number;
}

/** Without a date on record (no epoch) the seconds since the first packet. */
export function rangeTexts(
  range: { readonly from: number; readonly to: number },
  { epoch, firstTime }: Times,
  isUtc: boolean,
): readonly [from: string, to: string] {
  const digits = digitsFor(range.to - range.from);
  return [
    momentText(range.from, epoch, firstTime, digits, isUtc),
    momentText(range.to, epoch, firstTime, digits, isUtc),
  ];
}

/** A moment with digits fit for a span of `length` nanoseconds. */
export function momentText(
  time: number,
  epoch: string | null,
  firstTime: number,
  digits: number,
  isUtc: boolean,
): string {
  if (epoch === null) return formatSeconds(time - firstTime, digits);
  const clock = formatClock(time, { epoch }, isUtc);
  if (digits === 0) return clock;
  const billion = 1_000_000_000n;
  const rest = (((BigInt(epoch) + BigInt(Math.floor(time))) % billion) + billion) % billion;
  return `${clock}.${rest.toString().padStart(9, '0').slice(0, digits)}`;
}

/** Digits after the second that tell moments of a span apart: two digits finer than the span itself. */
export function digitsFor(length: number): number {
  if (length >= 60e9) return 0;
  if (length <= 0) return 6;
  return Math.min(9, Math.max(0, Math.ceil(2 - Math.log10(length / 1e9))));
}
