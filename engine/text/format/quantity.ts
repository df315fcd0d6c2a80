/** A number with its unit, for people. */

import type { SentenceValue, Unit } from '../../base/unit.ts';
import { formatBytes } from './bytes.ts';
import { formatCount, formatShare } from './count.ts';
import { formatDuration } from './duration.ts';
import { formatRate } from './rate.ts';

/** What times are written with. */
export interface Clock {
  /** Nanoseconds since 1970 of time 0, decimal; null: the capture has no times. */
  readonly epoch: string | null;
  /** Writes a time; `time` is nanoseconds since the epoch. */
  format(time: number): string;
}

/** A dash where there is no value. */
export function formatQuantity(value: number, unit: Unit, language: string, clock: Clock | null = null): string {
  if (Number.isNaN(value)) return '–';
  switch (unit) {
    case 'count':
      return formatCount(value, language);
    case 'bytes':
      return formatBytes(value, language);
    case 'ns':
      return formatLength(value, language);
    case 'time':
      return clock === null ? `${(value / 1e9).toFixed(6)} s` : clock.format(value);
    case 'bit/s':
      return formatRate(value, language);
    case 'packet/s':
      return `${threeDigits(value, language)} /s`;
    case 'share':
      return formatShare(value, 1, language);
    case 'frame':
    case 'id':
      return String(value);
    case 'money':
      return formatMoney(value, language);
    case 'number':
      return threeDigits(value, language);
  }
}

/** The places of a sentence: numbers with their units, keys as `text` has them. Counts stay numbers: they choose the plural. */
export function sentenceParams(
  values: Readonly<Record<string, SentenceValue>>,
  language: string,
  clock: Clock | null,
  text: (key: string) => string,
): Record<string, string | number> {
  const write = (value: SentenceValue): string | number => {
    if (typeof value === 'string') return value;
    if ('key' in value) return text(value.key);
    return value.unit === 'count' ? value.value : formatQuantity(value.value, value.unit, language, clock);
  };
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, write(value)]));
}

/** Lengths of time down to the nanosecond: 2.211 ms, 350 µs. */
function formatLength(ns: number, language: string): string {
  const size = Math.abs(ns);
  const digits = (value: number, most: number): string =>
    new Intl.NumberFormat(language, { maximumFractionDigits: most }).format(value);
  if (size < 1e3) return `${digits(ns, 0)} ns`;
  if (size < 1e6) return `${digits(ns / 1e3, size < 1e5 ? 1 : 0)} µs`;
  if (size < 1e9) return `${digits(ns / 1e6, size < 1e7 ? 3 : size < 1e8 ? 2 : 1)} ms`;
  if (size < 1e10) return `${digits(ns / 1e9, 3)} s`;
  return formatDuration(ns / 1e6, language);
}

/** Two digits after the point; amounts below one hundredth with two digits that count. */
function formatMoney(value: number, language: string): string {
  const isSmall = value !== 0 && Math.abs(value) < 0.01;
  const digits = isSmall ? { maximumSignificantDigits: 2 } : { minimumFractionDigits: 2, maximumFractionDigits: 2 };
  return new Intl.NumberFormat(language, digits).format(value);
}

function threeDigits(value: number, language: string): string {
  const size = Math.abs(value);
  const most = size >= 100 || Number.isInteger(value) ? 0 : size >= 10 ? 1 : 2;
  return new Intl.NumberFormat(language, { maximumFractionDigits: most }).format(value);
}
