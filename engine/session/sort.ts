/** The packet list's order by a column: columns of the table at once, others by dissecting every row. */

import type { FieldValue } from '../base/fields.ts';
import { catalog } from '../dissect/registry.ts';
import { columnFields } from '../filter/column-fields.ts';
import { compareValues, typeClass } from '../filter/value.ts';
import type { ColumnName } from '../table/packet-table.ts';
import { PATH } from '../table/path-words.ts';
import { descending, sortByF64, sortByU32 } from '../table/row-order.ts';
import type { Capture } from './capture.ts';
import { cellText } from './cells.ts';
import type { PacketSource } from './packet-source.ts';
import type { Job } from './turns.ts';

const PLAIN: Readonly<Record<string, ColumnName>> = { time: 'time', length: 'length' };

/** Rows in the order of a column; stable in both directions. Throws `cancelled`. */
export async function sortRows(
  capture: Capture,
  rows: Uint32Array,
  column: string,
  isDescending: boolean,
  packet: (row: number) => PacketSource,
  job: Job,
): Promise<Uint32Array> {
  if (column === 'number') return isDescending ? rows.slice().reverse() : rows;
  const keys = columnKeys(capture, rows, column) ?? (await textKeys(capture, rows, column, packet, job));
  const ascending = keys instanceof Uint32Array ? sortByU32(rows, keys) : sortByF64(rows, keys);
  if (!isDescending) return ascending;
  const keyOf = new Map<number, number>();
  if (isIdentity(rows)) return descending(ascending, (a, b) => keys[a] === keys[b]);
  rows.forEach((row, i) => keyOf.set(row, keys[i]));
  return descending(ascending, (a, b) => keyOf.get(a) === keyOf.get(b));
}

/** Is row i at place i? Then keys can be looked up by row. */
function isIdentity(rows: Uint32Array): boolean {
  return rows.length === 0 || (rows[0] === 0 && rows[rows.length - 1] === rows.length - 1);
}

function columnKeys(capture: Capture, rows: Uint32Array, column: string): Uint32Array | Float64Array | null {
  const { table } = capture;
  const field = columnFields.get(column);
  const name =
    PLAIN[column] ??
    (field !== undefined && field.protocol === '' && field.part.mask === 0 ? field.part.column : undefined);
  if (name === 'time') {
    const keys = new Float64Array(rows.length);
    for (let i = 0; i < rows.length; i++) keys[i] = table.get('time', rows[i]);
    return keys;
  }
  const keys = new Uint32Array(rows.length);
  if (name !== undefined) {
    for (let i = 0; i < rows.length; i++) keys[i] = table.get(name, rows[i]);
    return keys;
  }
  if (column !== 'source' && column !== 'destination') return null;
  const ranks = addressRanks(capture, column === 'source');
  for (let i = 0; i < rows.length; i++) keys[i] = ranks[table.get('path', rows[i])];
  return keys;
}

/** Rank of each path's address in numeric order: link addresses, then IPv4, then IPv6. */
function addressRanks(capture: Capture, isSource: boolean): Uint32Array {
  const { paths } = capture.pass;
  const rank = new Uint32Array(paths.count);
  const places = new Map<string, number[]>();
  for (let path = 0; path < paths.count; path++) {
    const key = addressKey(capture, path, isSource);
    const same = places.get(key);
    if (same === undefined) places.set(key, [path]);
    else same.push(path);
  }
  [...places.keys()].sort().forEach((key, i) => {
    for (const path of places.get(key) ?? []) rank[path] = i;
  });
  return rank;
}

function addressKey(capture: Capture, path: number, isSource: boolean): string {
  const { paths } = capture.pass;
  let key = '';
  paths.visit(path, (kind, _own, at) => {
    const size = kind === PATH.ipv4 ? 1 : kind === PATH.ipv6 ? 4 : 0;
    if (size > 0) {
      key = `${size}`;
      for (let i = 0; i < size; i++) key += paths.words[at + i + (isSource ? 0 : size)].toString(16).padStart(8, '0');
    } else if (kind === PATH.link) {
      const bytes = paths.bytesAt(at, 3);
      key = '0';
      for (let i = 0; i < 6; i++) key += bytes[i + (isSource ? 0 : 6)].toString(16).padStart(2, '0');
    }
  });
  return key;
}

/** Ranks of texts or values that only dissection gives. */
async function textKeys(
  capture: Capture,
  rows: Uint32Array,
  column: string,
  packet: (row: number) => PacketSource,
  job: Job,
): Promise<Uint32Array> {
  const field = catalog.get(column);
  const isText = field === undefined || typeClass(field.type) === 'string' || typeClass(field.type) === 'none';
  const ids = new Map<string | FieldValue, number>();
  const values: FieldValue[] = [];
  const keys = new Uint32Array(rows.length);
  for (let i = 0; i < rows.length; i++) {
    const source = packet(rows[i]);
    const value = isText ? cellText(capture, rows[i], column, source) : source.occurrences(field)[0]?.value;
    const key = value instanceof Uint8Array ? value.join() : (value ?? '');
    let id = ids.get(key);
    if (id === undefined) {
      id = values.length;
      ids.set(key, id);
      values.push(value ?? '');
    }
    keys[i] = id;
    const waiting = job.pause(i, rows.length);
    if (waiting !== null) await waiting;
  }
  const ranks = new Uint32Array(values.length);
  values
    .map((value, id) => ({ value, id }))
    .sort((a, b) => (a.value === '' ? (b.value === '' ? 0 : -1) : b.value === '' ? 1 : compareValues(a.value, b.value)))
    .forEach(({ id }, rank) => {
      ranks[id] = rank;
    });
  for (let i = 0; i < keys.length; i++) keys[i] = ranks[keys[i]];
  return keys;
}
