/**
 * Which values a field has in a capture, and in how many packets: what completion offers. Columns are counted; of fields that
 * header chains decide, one packet of each chain is read; of the others, packets spread evenly over the capture.
 */

import type { BitSet } from '../base/bitset.ts';
import type { Field, FieldValue } from '../base/fields.ts';
import { toHex } from '../base/hex.ts';
import { FLAG } from '../table/flags.ts';
import { DISSECT_ME } from '../table/stacks.ts';
import { columnFields, pathFields } from './column-fields.ts';
import type { FilterData, Pause } from './plan.ts';
import { typeClass } from './value.ts';

interface ValueCount {
  readonly value: FieldValue;
  /** Packets that have it, among those that were looked at. */
  readonly count: number;
}

interface FieldValues {
  /** The most frequent first. */
  readonly values: readonly ValueCount[];
  /** Packets that were looked at, and those that may have the field. */
  readonly looked: number;
  readonly candidates: number;
}

/** Packets that are dissected at most; reading them takes a fraction of a second. */
const MAX_SAMPLE = 3000;
/** Different values that are kept while counting. */
const MAX_DISTINCT = 100_000;
/** Longer texts and byte rows are nothing to choose from a list. */
const MAX_LENGTH = 200;

/** Values of the field in `rows`, at most `limit` of them. */
export async function countValues(
  field: Field,
  data: FilterData,
  rows: BitSet,
  limit: number,
  pause: Pause,
): Promise<FieldValues> {
  if (!isCounted(field)) return { values: [], looked: 0, candidates: 0 };
  const counter = new Counter();
  const candidates = candidatesOf(field, data, rows);
  const total = candidates.count();
  const column = columnFields.get(field.abbrev);
  let samples: readonly Sample[];
  let looked = 0;
  if (column !== undefined) {
    const { table } = data;
    const { shift, mask } = column.part;
    const odd: Sample[] = [];
    for (let row = candidates.next(0); row >= 0; row = candidates.next(row + 1)) {
      if (isOdd(data, row)) {
        odd.push([row, 1]);
        continue;
      }
      const raw = table.get(column.part.column, row);
      counter.add(mask === 0 ? raw : (raw >>> shift) & mask, 1);
      if ((++looked & 0xffff) === 0) await pause(looked, total);
    }
    samples = odd.slice(0, MAX_SAMPLE);
  } else samples = pathFields.has(field.abbrev) ? onePerPath(data, candidates) : evenly(candidates, total);
  let done = 0;
  for (const [row, weight] of samples) {
    const values = data.packet(row).occurrences(field);
    counter.addPacket(
      values.map(({ value }) => value),
      weight,
    );
    looked += weight;
    if ((++done & 15) === 0) await pause(done, samples.length);
  }
  return { values: counter.best(limit), looked, candidates: total };
}

/** A row that has headers which neither column nor path tells: it must be read itself. */
function isOdd({ table }: FilterData, row: number): boolean {
  const odd = FLAG.more | FLAG.truncated | FLAG.malformed;
  return (table.get('flags', row) & odd) !== 0 || table.get('stack', row) === DISSECT_ME;
}

/** Times and durations hardly occur twice; protocols have no values. */
function isCounted(field: Field): boolean {
  const kind = typeClass(field.type);
  return kind !== 'none' && kind !== 'time' && kind !== 'duration' && field.type !== 'protocol';
}

/** Rows whose stack may have the field. */
function candidatesOf(field: Field, data: FilterData, rows: BitSet): BitSet {
  const { stacks, table } = data;
  const owners = data.ownersOf(field);
  if (owners === null) return rows;
  const found = rows.copy();
  for (let row = found.next(0); row >= 0; row = found.next(row + 1)) {
    const stack = table.get('stack', row);
    if (stack !== DISSECT_ME && !owners.some((owner) => stacks.has(stack, owner))) found.delete(row);
  }
  return found;
}

type Sample = readonly [row: number, weight: number];

/** Of every header chain its first packet, standing for all; of very many chains those with the most packets. */
function onePerPath(data: FilterData, rows: BitSet): Sample[] {
  const { paths, table } = data;
  const odd: Sample[] = [];
  const count = new Uint32Array(paths.count);
  const first = new Uint32Array(paths.count);
  for (let row = rows.next(0); row >= 0; row = rows.next(row + 1)) {
    const path = table.get('path', row);
    if (isOdd(data, row)) odd.push([row, 1]);
    else if (count[path]++ === 0) first[path] = row;
  }
  const used = [...count.keys()].filter((path) => count[path] > 0).sort((a, b) => count[b] - count[a]);
  const whole = used.slice(0, MAX_SAMPLE).map((path): Sample => [first[path], count[path]]);
  return [...whole, ...odd.slice(0, MAX_SAMPLE)];
}

function evenly(rows: BitSet, total: number): Sample[] {
  const step = Math.max(1, total / MAX_SAMPLE);
  const samples: Sample[] = [];
  let wanted = 0;
  let index = 0;
  for (let row = rows.next(0); row >= 0; row = rows.next(row + 1)) {
    if (index++ < Math.floor(wanted)) continue;
    samples.push([row, 1]);
    wanted += step;
  }
  return samples;
}

class Counter {
  private readonly counts = new Map<string | number | bigint, { readonly value: FieldValue; count: number }>();

  /** Each value once for the packet, however often it has it. */
  addPacket(values: readonly (FieldValue | null)[], weight: number): void {
    const seen = new Set<string | number | bigint>();
    for (const value of values) {
      if (value === null || (typeof value === 'object' && value.length > MAX_LENGTH)) continue;
      if (typeof value === 'string' && (value === '' || value.length > MAX_LENGTH)) continue;
      const key = keyOf(value);
      if (seen.has(key)) continue;
      seen.add(key);
      this.add(value, weight, key);
    }
  }

  add(value: FieldValue, weight: number, key = keyOf(value)): void {
    const known = this.counts.get(key);
    if (known !== undefined) known.count += weight;
    else if (this.counts.size < MAX_DISTINCT) this.counts.set(key, { value, count: weight });
  }

  best(limit: number): readonly ValueCount[] {
    return [...this.counts.values()].sort((a, b) => b.count - a.count).slice(0, limit);
  }
}

function keyOf(value: FieldValue): string | number | bigint {
  return value instanceof Uint8Array ? toHex(value) : value;
}
