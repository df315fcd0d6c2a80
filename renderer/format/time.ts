/**
 * The time column: nanoseconds since the session's epoch as text, in each of the formats people choose from. Exact: what
 * leaves the range of a double goes through BigInt, the fraction through digits.
 */

import type { Settings } from '../../engine/contract/api.ts';

export type TimeFormat = Settings['timeFormat'];

const NS_PER_SECOND = 1e9;
const NS_PER_MS = 1_000_000n;

export interface TimeContext {
  /** Nanoseconds since 1970 of time 0, decimal; null: no packet has a time. */
  readonly epoch: string | null;
  /** Time of the first packet, which `relative` counts from. */
  readonly start: number;
  /** Digits after the point. */
  readonly digits: number;
}

export interface RowTimes {
  /** NaN: the packet has no time. */
  readonly time: number;
  /** Time of the row displayed before; NaN: there is none. */
  readonly before: number;
  /** Time of the last reference at or before; NaN: there is none. */
  readonly reference: number;
}

export function formatRowTime(format: TimeFormat, row: RowTimes, context: TimeContext): string {
  if (Number.isNaN(row.time)) return '';
  switch (format) {
    case 'relative':
      return formatSeconds(row.time - context.start, context.digits);
    case 'delta':
      return formatSeconds(Number.isNaN(row.before) ? 0 : row.time - row.before, context.digits);
    case 'reference':
      return formatSeconds(row.time - (Number.isNaN(row.reference) ? context.start : row.reference), context.digits);
    case 'epoch':
      return formatEpoch(absolute(row.time, context), context.digits);
    case 'utc':
      return formatDate(absolute(row.time, context), context.digits, true);
    case 'local':
      return formatDate(absolute(row.time, context), context.digits, false);
  }
}

function absolute(time: number, context: TimeContext): bigint {
  return BigInt(context.epoch ?? '0') + BigInt(time);
}

/** `132.104431` of 132,104,431,000 ns: cut to `digits`, not rounded, as packets are never shown before they came. */
export function formatSeconds(ns: number, digits: number): string {
  const magnitude = Math.abs(ns);
  const whole = Math.floor(magnitude / NS_PER_SECOND);
  const rest = magnitude - whole * NS_PER_SECOND;
  const text = digits === 0 ? String(whole) : `${whole}.${fraction(rest, digits)}`;
  return ns < 0 ? `-${text}` : text;
}

function fraction(ns: number, digits: number): string {
  return Math.floor(ns).toString().padStart(9, '0').slice(0, digits).padEnd(digits, '0');
}

function splitSeconds(ns: bigint): { readonly seconds: bigint; readonly rest: number } {
  const billion = 1_000_000_000n;
  const rest = ((ns % billion) + billion) % billion;
  return { seconds: (ns - rest) / billion, rest: Number(rest) };
}

function formatEpoch(ns: bigint, digits: number): string {
  if (ns < 0n) return `-${formatEpoch(-ns, digits)}`;
  const { seconds, rest } = splitSeconds(ns);
  return digits === 0 ? String(seconds) : `${seconds}.${fraction(rest, digits)}`;
}

/** `2026-11-20 14:32:10.104431`, in UTC with a Z behind it; a date no calendar has is written as seconds. */
function formatDate(ns: bigint, digits: number, isUtc: boolean): string {
  const { seconds, rest } = splitSeconds(ns);
  const date = new Date(Number(seconds) * 1000);
  if (Number.isNaN(date.getTime())) return formatEpoch(ns, digits);
  const [year, month, day, hours, minutes, secs] = isUtc
    ? [
        date.getUTCFullYear(),
        date.getUTCMonth(),
        date.getUTCDate(),
        date.getUTCHours(),
        date.getUTCMinutes(),
        date.getUTCSeconds(),
      ]
    : [date.getFullYear(), date.getMonth(), date.getDate(), date.getHours(), date.getMinutes(), date.getSeconds()];
  const clock = `${two(hours)}:${two(minutes)}:${two(secs)}`;
  const point = digits === 0 ? '' : `.${fraction(rest, digits)}`;
  return `${year}-${two(month + 1)}-${two(day)} ${clock}${point}${isUtc ? 'Z' : ''}`;
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}

/** `14:32:10` of a moment, in local time: for pills and axes. */
export function formatClock(time: number, context: Pick<TimeContext, 'epoch'>, isUtc: boolean): string {
  const date = new Date(Number((BigInt(context.epoch ?? '0') + BigInt(Math.round(time))) / NS_PER_MS));
  const parts = isUtc
    ? [date.getUTCHours(), date.getUTCMinutes(), date.getUTCSeconds()]
    : [date.getHours(), date.getMinutes(), date.getSeconds()];
  return parts.map(two).join(':');
}

/** `UTC+9`, `UTC-3:30`: the local zone at a date. */
export function timeZoneName(date: Date): string {
  const minutes = -date.getTimezoneOffset();
  if (minutes === 0) return 'UTC';
  const hours = Math.floor(Math.abs(minutes) / 60);
  const rest = Math.abs(minutes) % 60;
  return `UTC${minutes < 0 ? '-' : '+'}${hours}${rest === 0 ? '' : `:${two(rest)}`}`;
}
