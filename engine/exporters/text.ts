/** One line per packet, as `tshark -r FILE` prints it: number, seconds since the first, source → destination, protocol, length, info. */

import { formatSeconds } from '../base/time.ts';
import { TextWriter } from './chunk-writer.ts';
import { defineExporter, type ExportCapture, type ExportPacket, eachRow } from './exporter.ts';

export const text = defineExporter({
  name: 'text',
  title: 'Text',
  extension: 'txt',
  kind: 'text',
  async write(input) {
    const out = new TextWriter(input.sink);
    const start = startTime(input.capture);
    await eachRow(input, true, (row, index) => {
      out.write(summaryLine(input.capture, row, input.packet(row, index), start));
    });
    out.flush();
  },
});

/** Widths that keep usual captures in columns; longer texts push the rest to the right. */
const WIDTH = { number: 5, time: 13, source: 15, destination: 15, protocol: 8, length: 5 } as const;

export function summaryLine(capture: ExportCapture, row: number, packet: ExportPacket, start: bigint): string {
  const time = capture.time(row);
  const source = packet.cell('source').padStart(WIDTH.source);
  const destination = packet.cell('destination').padEnd(WIDTH.destination);
  const protocol = packet.cell('protocol').padEnd(WIDTH.protocol);
  const length = packet.cell('length').padStart(WIDTH.length);
  const number = String(row + 1).padStart(WIDTH.number);
  const since = (time === null ? '-' : formatSeconds(time - start)).padStart(WIDTH.time);
  return `${number} ${since} ${source} → ${destination} ${protocol} ${length} ${packet.cell('info')}\n`;
}

/** The time of the first packet that has one. */
export function startTime(capture: ExportCapture): bigint {
  for (let row = 0; row < capture.table.count; row++) {
    const time = capture.time(row);
    if (time !== null) return time;
  }
  return 0n;
}
