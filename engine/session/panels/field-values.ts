/** Values of fields in many packets: in one pass over the file where they are of messages, else packet by packet. */

import { BitSet } from '../../base/bitset.ts';
import type { Field } from '../../base/fields.ts';
import { plainValue } from '../../dissect/node.ts';
import { catalog } from '../../dissect/registry.ts';
import type { Occurrence, ValueSource } from '../../filter/evaluate.ts';
import { FLAG } from '../../table/flags.ts';
import { DISSECT_ME } from '../../table/stacks.ts';
import { filterData } from '../packet-source.ts';
import type { PanelInput } from './panel.ts';

/** Rows with one of these may have other layers than their stacks name. */
const UNSURE = FLAG.more | FLAG.truncated | FLAG.malformed | FLAG.reassembled;

/** Every value of a field in a packet, in order. */
export type ValuesOf = (field: string) => readonly Occurrence['value'][];

/** `share`: of the rows, how many have been visited: 0 to 1. */
type Visit = (row: number, values: ValuesOf, source: ValueSource, share: number) => void;

/** Calls `visit` for each of the rows; in file order except for those that a pass over messages cannot tell. */
export async function eachRowsValues(
  { capture, dissector, job }: Pick<PanelInput, 'capture' | 'dissector' | 'job'>,
  names: readonly string[],
  rows: BitSet,
  visit: Visit,
): Promise<void> {
  const fields = names.map(fieldNamed);
  const data = filterData(capture, dissector, (row) => ({ displayedBefore: row - 1, reference: -1 }));
  const byName = new Map(fields.map((field) => [field.abbrev, field]));
  const all = rows.count();
  let visited = 0;
  const read = (row: number, source: ValueSource): void => {
    const values: ValuesOf = (name) => {
      const field = byName.get(name);
      if (field === undefined) throw new Error(`${name} was not asked for`);
      return source.occurrences(field).map(({ value }) => value);
    };
    visit(row, values, source, ++visited / all);
  };
  const stacks = data.carriedIn(fields);
  const left = rows.copy();
  if (stacks !== null) {
    const carried = new BitSet(rows.size, rows.base);
    for (let row = rows.next(0); row >= 0; row = rows.next(row + 1)) {
      const isSure = (capture.table.get('flags', row) & UNSURE) === 0;
      if (isSure && stacks[capture.table.get('stack', row)] === 1) carried.add(row);
    }
    await data.visitMessages(
      fields,
      carried,
      (row, source) => {
        left.delete(row);
        read(row, source);
      },
      job.pause,
    );
  }
  let done = 0;
  const total = left.count();
  for (let row = left.next(0); row >= 0; row = left.next(row + 1)) {
    read(row, data.packet(row));
    const waiting = job.pause(++done, total);
    if (waiting !== null) await waiting;
  }
}

/** The same for every packet that may have one of the fields. */
export async function eachMessage(
  input: Pick<PanelInput, 'capture' | 'dissector' | 'job'>,
  names: readonly string[],
  visit: Visit,
): Promise<void> {
  const { capture, dissector } = input;
  const { stacks, table } = capture.pass;
  const data = filterData(capture, dissector, (row) => ({ displayedBefore: row - 1, reference: -1 }));
  const owners = new Set(names.flatMap((name) => data.ownersOf(fieldNamed(name)) ?? []));
  const mayHave = new Uint8Array(65536);
  for (let stack = 1; stack < stacks.count; stack++)
    if (stacks.layers(stack).some((layer) => owners.has(layer))) mayHave[stack] = 1;
  mayHave[DISSECT_ME] = 1;
  const rows = new BitSet(table.count, table.first);
  for (let row = table.first; row < table.count; row++) if (mayHave[table.get('stack', row)] === 1) rows.add(row);
  await eachRowsValues(input, names, rows, visit);
}

function fieldNamed(name: string): Field {
  const field = catalog.get(name);
  if (field === undefined) throw new Error(`there is no field ${name}`);
  return field;
}

/** A value as text; '' for none. */
export function valueText(field: string, value: Occurrence['value'] | undefined): string {
  const known = catalog.get(field);
  return known === undefined || value === undefined || value === null ? '' : plainValue(known, value);
}
