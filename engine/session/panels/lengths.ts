/** Packet lengths: how many packets are how long, in the ranges that Wireshark counts. */

import { spreadOf } from '../../analyses/samples.ts';
import { report } from '../../contract/report.ts';
import { BLOCK_MASK, BLOCK_SHIFT } from '../../table/packet-table.ts';
import { numbers } from './columns.ts';
import { defineReport } from './panel.ts';

/** First length of each range. */
const STARTS = [0, 20, 40, 80, 160, 320, 640, 1280, 2560, 5120] as const;

export const lengthsPanel = defineReport({
  name: 'lengths',
  make({ capture, rows }) {
    const { table } = capture;
    const bins = STARTS.map(() => ({ packets: 0, bytes: 0, min: Number.POSITIVE_INFINITY, max: 0 }));
    let cut = 0;
    const lengths = new Float64Array(rows?.count() ?? table.count);
    let count = 0;
    for (let base = table.firstBase; base < table.count; base += 1 << BLOCK_SHIFT) {
      const { length, capturedLength } = table.blocks[base >>> BLOCK_SHIFT];
      const end = Math.min(table.count - base, BLOCK_MASK + 1);
      for (let i = 0; i < end; i++) {
        if (rows !== null && !rows.has(base + i)) continue;
        const bytes = length[i];
        const bin = bins[rangeOf(bytes)];
        bin.packets++;
        bin.bytes += bytes;
        if (bytes < bin.min) bin.min = bytes;
        if (bytes > bin.max) bin.max = bytes;
        if (capturedLength[i] < bytes) cut++;
        lengths[count++] = bytes;
      }
    }
    const spread = spreadOf(lengths.subarray(0, count));
    const present = bins.flatMap((bin, range) => (bin.packets > 0 ? [{ ...bin, range }] : []));
    return report({
      figures: [
        { id: 'lengths.mean', unit: 'bytes', value: spread.mean },
        { id: 'lengths.median', unit: 'bytes', value: spread.median },
        { id: 'lengths.min', unit: 'bytes', value: spread.min },
        { id: 'lengths.max', unit: 'bytes', value: spread.max },
        { id: 'lengths.cut', unit: 'count', value: cut, link: { filter: 'frame.len > frame.cap_len' } },
      ],
      charts:
        count === 0
          ? []
          : [
              {
                id: 'lengths',
                draw: 'bar',
                axis: { unit: 'text', values: STARTS.map((_, range) => rangeText(range)) },
                series: [{ id: 'packets', unit: 'count', values: Float64Array.from(bins, ({ packets }) => packets) }],
                links: bins.map(({ packets }, range) => (packets > 0 ? { filter: rangeFilter(range) } : null)),
              },
            ],
      tables: [
        {
          id: 'lengths',
          count: present.length,
          columns: [
            { id: 'range', unit: 'text', values: present.map(({ range }) => rangeText(range)) },
            { id: 'packets', unit: 'count', values: numbers(present.length, (i) => present[i].packets) },
            { id: 'share', unit: 'share', values: numbers(present.length, (i) => present[i].packets / count) },
            { id: 'bytes', unit: 'bytes', values: numbers(present.length, (i) => present[i].bytes) },
            {
              id: 'average',
              unit: 'bytes',
              values: numbers(present.length, (i) => present[i].bytes / present[i].packets),
            },
            { id: 'min', unit: 'bytes', values: numbers(present.length, (i) => present[i].min) },
            { id: 'max', unit: 'bytes', values: numbers(present.length, (i) => present[i].max) },
            { id: 'filter', unit: 'text', values: present.map(({ range }) => rangeFilter(range)), hidden: true },
          ],
          filter: '{filter}',
          packets: 'packets',
        },
      ],
    });
  },
});

function rangeOf(length: number): number {
  let range = STARTS.length - 1;
  while (length < STARTS[range]) range--;
  return range;
}

function rangeText(range: number): string {
  const next = STARTS[range + 1];
  return next === undefined ? `${STARTS[range]}–` : `${STARTS[range]}–${next - 1}`;
}

function rangeFilter(range: number): string {
  const next = STARTS[range + 1];
  const from = `frame.len >= ${STARTS[range]}`;
  return next === undefined ? from : `${from} and frame.len < ${next}`;
}
