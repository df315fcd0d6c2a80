/** Values of fields in many packets: in one pass over the file where they are of messages, else packet by packet. */

import { BitSet } from '../../base/bitset.ts';
import { plainValue } from '../../dissect/node.ts';
import { catalog } from '../../dissect/registry.ts';
import type { Occurrence } from '../../filter/evaluate.ts';
import { filterData } from '../packet-source.ts';
import type { PanelInput } from './panel.ts';

/** Every value of a field in a packet, in order. */
export type ValuesOf = (field: string) => readonly Occurrence['value'][];

/** Calls `visit` for each of the rows; in file order except for those that a pass over messages cannot tell. */
export async function eachRowsValues(
  { capture, dissector, job }: PanelInput,
  names: readonly string[],
  rows: BitSet,
  visit: (row: number, values: ValuesOf) => void,
): Promise<void> {
  const fields = names.map((name) => {
    const field = catalog.get(name);
    if (field === undefined) throw new Error(`there is no field ${name}`);
    return field;
  });
  const data = filterData(capture, dissector, (row) => ({ displayedBefore: row - 1, reference: -1 }));
  const byName = new Map(fields.map((field) => [field.abbrev, field]));
  const read = (row: number, source: ReturnType<typeof data.packet>): void =>
    visit(row, (name) => {
      const field = byName.get(name);
      if (field === undefined) throw new Error(`${name} was not asked for`);
      return source.occurrences(field).map(({ value }) => value);
    });
  const stacks = data.carriedIn(fields);
  const left = rows.copy();
  if (stacks !== null) {
    const carried = new BitSet(rows.size);
    for (let row = rows.next(0); row >= 0; row = rows.next(row + 1)) {
      if (stacks[capture.table.get('stack', row)] === 1) carried.add(row);
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

/** A value as text; '' for none. */
export function valueText(field: string, value: Occurrence['value'] | undefined): string {
  const known = catalog.get(field);
  return known === undefined || value === undefined || value === null ? '' : plainValue(known, value);
}
