/**
 * The user's price table (docs/panels.md): date, currency and source, and for each billing class a free volume a month and
 * steps. CSV with notes (`# date: 2026-11-01`) or JSON. A table without a date is refused: an old price is worse than none.
 */

import { success } from '../base/result.ts';
import { type BillingClass, isBillingClass } from './billing-classes.ts';
import { readCsv } from './csv-records.ts';
import { type CloudResult, wrong } from './problem.ts';

export interface PriceStep {
  /** Bytes of a month up to which it holds, counted behind the free volume; infinite for the last. */
  readonly upTo: number;
  /** For one unit. */
  readonly price: number;
}

export interface ClassPrice {
  /** Bytes of a month that cost nothing. */
  readonly free: number;
  readonly steps: readonly PriceStep[];
}

export interface PriceTable {
  readonly date: string;
  readonly currency: string;
  readonly source: string;
  readonly unit: 'GB' | 'GiB';
  readonly classes: ReadonlyMap<BillingClass, ClassPrice>;
}

const UNIT_BYTES = { GB: 1e9, GiB: 2 ** 30 } as const;

interface Row {
  readonly line: number;
  readonly class: string;
  readonly free: string;
  readonly upTo: string;
  readonly price: string;
}

export function readPricesCsv(text: string): CloudResult<PriceTable> {
  const { notes, columns, records } = readCsv(text);
  for (const column of ['class', 'price']) if (!columns.includes(column)) return wrong('column', column);
  return build(
    (name) => notes.get(name) ?? '',
    records.map(({ line, values }) => ({
      line,
      class: values.get('class') ?? '',
      free: values.get('free') ?? '',
      upTo: values.get('up to') ?? '',
      price: values.get('price') ?? '',
    })),
  );
}

export function isPricesJson(json: unknown): boolean {
  return isRecord(json) && Array.isArray(json.prices);
}

export function readPricesJson(json: unknown): CloudResult<PriceTable> {
  if (!isRecord(json) || !Array.isArray(json.prices)) return wrong('unknown');
  const text = (value: unknown): string =>
    typeof value === 'string' || typeof value === 'number' ? String(value) : '';
  const rows = (json.prices as readonly unknown[]).map((one, i): Row => {
    const row = isRecord(one) ? one : {};
    return { line: i + 1, class: text(row.class), free: text(row.free), upTo: text(row.upTo), price: text(row.price) };
  });
  return build((name) => text(json[name]), rows);
}

function build(note: (name: string) => string, rows: readonly Row[]): CloudResult<PriceTable> {
  const date = note('date');
  if (!/^\d{4}-\d\d-\d\d$/.test(date) || Number.isNaN(Date.parse(date))) return wrong('date', date);
  const currency = note('currency').toUpperCase();
  if (!/^[A-Z]{3}$/.test(currency)) return wrong('currency', currency);
  const source = note('source');
  if (source === '') return wrong('source');
  const unit = note('unit') === 'GiB' ? 'GiB' : 'GB';
  const size = UNIT_BYTES[unit];
  const classes = new Map<BillingClass, { free: number; steps: PriceStep[] }>();
  let current: string = '';
  for (const { line, class: named, free, upTo, price } of rows) {
    if (named !== '') current = named;
    if (!isBillingClass(current)) return wrong('class', current, line);
    for (const value of [free || '0', upTo || '0', price])
      if (!/^\d+(\.\d+)?$/.test(value)) return wrong('number', value, line);
    const known = classes.get(current) ?? { free: 0, steps: [] };
    if (free !== '') known.free = Number(free) * size;
    const limit = upTo === '' ? Number.POSITIVE_INFINITY : Number(upTo) * size;
    if (limit <= (known.steps.at(-1)?.upTo ?? 0)) return wrong('number', upTo, line);
    known.steps.push({ upTo: limit, price: Number(price) });
    classes.set(current, known);
  }
  return classes.size === 0 ? wrong('empty') : success({ date, currency, source, unit, classes });
}

/** What some bytes of a class cost in one month: the free volume first, then the steps in order. NaN: the table has no price. */
export function monthCost(table: PriceTable, billing: BillingClass, bytes: number): number {
  const found = table.classes.get(billing);
  if (found === undefined) return billing === 'free' ? 0 : Number.NaN;
  const size = UNIT_BYTES[table.unit];
  const charged = Math.max(0, bytes - found.free);
  let from = 0;
  let cost = 0;
  for (const { upTo, price } of found.steps) {
    if (charged <= from) break;
    cost += ((Math.min(charged, upTo) - from) / size) * price;
    from = upTo;
  }
  // Past a last step that has an end nobody says what it costs.
  return charged > from ? Number.NaN : cost;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
