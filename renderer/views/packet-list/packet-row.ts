/** A row of the packet list as it came from the host, and a page of them taken apart. */

import type { RowsPage } from '../../../engine/contract/api.ts';

export interface PacketRow {
  /** The packet, from 0. */
  readonly packet: number;
  /** Bits of ROW_FLAG. */
  readonly flags: number;
  readonly isReference: boolean;
  /** Colour rule: index + 1; 0: none. */
  readonly colour: number;
  readonly time: number;
  /** Time of the row displayed before; NaN: there is none. */
  readonly before: number;
  /** Time of the last reference at or before; NaN: there is none. */
  readonly reference: number;
  /** Texts by column. */
  readonly cells: Readonly<Record<string, string>>;
}

const SEPARATOR = '\u001f';

/** `columns` are the ones that were asked for, in that order. */
export function rowsOfPage(page: RowsPage, columns: readonly string[]): readonly PacketRow[] {
  const texts = columns.length === 0 ? [] : page.cells.split(SEPARATOR);
  return Array.from(page.rows, (packet, index) => ({
    packet,
    flags: page.flags[index] ?? 0,
    isReference: page.isReference[index] === 1,
    colour: page.colours[index] ?? 0,
    time: page.times[index] ?? Number.NaN,
    before: index === 0 ? page.timeBefore : (page.times[index - 1] ?? Number.NaN),
    reference: page.references[index] ?? Number.NaN,
    cells: Object.fromEntries(columns.map((id, at) => [id, texts[index * columns.length + at] ?? ''])),
  }));
}
