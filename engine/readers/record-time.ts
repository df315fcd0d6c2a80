/** Times of records as whole seconds since 1970 and nanoseconds, from counts of ticks that need more than 53 bits. */

/** Where a time goes: a found packet. */
export interface RecordTime {
  seconds: number;
  nanos: number;
}

const TWO_32 = 0x1_0000_0000;
const FILETIME = { perSecond: 1e7, nanos: 100, secondsBefore1970: 11_644_473_600 } as const;

/** 100 ns since 1601 (FILETIME), divided exactly in three steps of at most 53 bits. */
export function setFileTime(time: RecordTime, high: number, low: number): void {
  const ticks = FILETIME.perSecond;
  const first = Math.floor(high / ticks);
  const upper = (high - first * ticks) * 65_536 + (low >>> 16);
  const second = Math.floor(upper / ticks);
  const lower = (upper - second * ticks) * 65_536 + (low & 0xffff);
  const third = Math.floor(lower / ticks);
  time.seconds = first * TWO_32 + second * 65_536 + third - FILETIME.secondsBefore1970;
  time.nanos = (lower - third * ticks) * FILETIME.nanos;
}

/** A start and nanoseconds after it, any number of them. */
export function setTimeAfter(time: RecordTime, startSeconds: number, startNanos: number, nanos: number): void {
  const whole = Math.floor((startNanos + nanos) / 1e9);
  time.seconds = startSeconds + whole;
  time.nanos = startNanos + nanos - whole * 1e9;
}

/** What a clock on the wall says, in the time zone of the machine that reads; NaN: nonsense. In milliseconds since 1970. */
export function localTime(
  year: number,
  month: number,
  day: number,
  hour: number,
  minute: number,
  second: number,
  millisecond = 0,
): number {
  const date = new Date(2000, 0, 1);
  date.setFullYear(year, month - 1, day);
  date.setHours(hour, minute, second, millisecond);
  return date.getTime();
}
