/**
 * Columns as comma-separated values (RFC 4180): a header row of column names, CR LF, quotes where a cell needs them. A cell
 * that a spreadsheet would take for a formula gets an apostrophe in front, plain numbers aside.
 */

import { csvLine } from '../base/csv.ts';
import { TextWriter } from './chunk-writer.ts';
import { defineExporter, eachRow } from './exporter.ts';

export const csv = defineExporter({
  name: 'csv',
  title: 'CSV',
  extension: 'csv',
  kind: 'text',
  async write(input) {
    const { columns } = input;
    const out = new TextWriter(input.sink);
    out.write(csvLine(columns));
    await eachRow(input, true, (row, index) => {
      const packet = input.packet(row, index);
      out.write(csvLine(columns.map((column) => packet.cell(column))));
    });
    out.flush();
  },
});
