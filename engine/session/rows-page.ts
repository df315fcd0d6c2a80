import type { Input, RowsPage } from '../contract/api.ts';
import { cellText } from './cells.ts';
import type { OpenPackets } from './filters.ts';
import type { Names } from './names.ts';
import type { PacketSource } from './packet-source.ts';
import type { RowMarks } from './row-marks.ts';
import type { Views } from './views.ts';

/** Some rows of a view as the list draws them; `colourOf`: number of the colour rule that a packet meets, from 1, or 0;
 * `names`: shown in place of addresses. */
export function rowsPage(
  input: Input<'view.rows'>,
  views: Views,
  packets: OpenPackets,
  marks: RowMarks,
  colourOf: (packet: PacketSource) => number,
  names: Names | null,
): RowsPage {
  const { capture } = packets;
  const { table } = capture;
  const view = views.of(input.view);
  const first = Math.min(input.first, views.rowsIn(view));
  const count = Math.min(input.count, views.rowsIn(view) - first);
  const startTime = table.count > 0 ? table.get('time', 0) : Number.NaN;
  const page = {
    first,
    rows: new Uint32Array(count),
    flags: new Uint16Array(count),
    isReference: new Uint8Array(count),
    colours: new Uint8Array(count),
    times: new Float64Array(count),
    timeBefore: first > 0 ? table.get('time', views.rowAt(view, first - 1)) : Number.NaN,
    references: new Float64Array(count),
  };
  const cells: string[] = [];
  for (let i = 0; i < count; i++) {
    const row = views.rowAt(view, first + i);
    const packet = packets.packet(row, view.set);
    const reference = marks.referenceOf(row);
    page.rows[i] = row;
    page.flags[i] = table.get('flags', row);
    page.isReference[i] = reference === row ? 1 : 0;
    page.times[i] = table.get('time', row);
    page.references[i] = reference < 0 ? startTime : table.get('time', reference);
    page.colours[i] = colourOf(packet);
    for (const column of input.columns) {
      const text = cellText(capture, row, column, packet);
      const isAddress = names !== null && (column === 'source' || column === 'destination');
      cells.push((isAddress && names.of(text)) || text);
    }
  }
  return { ...page, cells: cells.join('\u001f') };
}
