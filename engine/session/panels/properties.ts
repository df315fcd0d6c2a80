/** Capture properties: what the file says about itself, and its packets in sum. */

import { formatAbsolute, formatSeconds } from '../../base/time.ts';
import type { PropertiesPanel } from '../../contract/properties.ts';
import { linkTypeInfo } from '../../readers/link-types.ts';
import { BLOCK_MASK, BLOCK_SHIFT } from '../../table/packet-table.ts';
import { definePanel } from './panel.ts';

export const propertiesPanel = definePanel<PropertiesPanel>({
  name: 'properties',
  async make({ capture, rows }) {
    const { facts, problem } = capture.reader;
    const { table } = capture;
    const perInterface = new Array<number>(facts.interfaces.length).fill(0);
    let packets = 0;
    let bytes = 0;
    let capturedBytes = 0;
    let first = Number.POSITIVE_INFINITY;
    let last = Number.NEGATIVE_INFINITY;
    for (let row = table.first; row < table.count; row++) {
      if (rows !== null && !rows.has(row)) continue;
      const block = table.blocks[row >>> BLOCK_SHIFT];
      const at = row & BLOCK_MASK;
      packets++;
      bytes += block.length[at];
      capturedBytes += block.capturedLength[at];
      perInterface[block.interface[at]]++;
      const time = block.time[at];
      if (time < first) first = time;
      if (time > last) last = time;
    }
    const absolute = (time: number): string => formatSeconds(capture.epoch + BigInt(time));
    const hasTime = last >= first;
    return {
      format: facts.format,
      description: facts.description,
      compression: facts.compression ?? null,
      hardware: facts.hardware ?? null,
      os: facts.os ?? null,
      application: facts.application ?? null,
      comments: facts.comments,
      packets,
      bytes,
      capturedBytes,
      first: hasTime ? absolute(first) : null,
      last: hasTime ? absolute(last) : null,
      duration: hasTime ? formatSeconds(BigInt(last - first)) : '0.000000000',
      interfaces: facts.interfaces.map((one, i) => ({
        name: one.name ?? null,
        description: one.description ?? null,
        filter: one.filter ?? null,
        linkType: one.linkType,
        linkName: linkTypeInfo(one.linkType).title,
        snapLength: one.snapLength,
        packets: perInterface[i],
        accepted: one.statistics?.filterAccepted?.toString() ?? null,
        dropped: one.statistics?.dropped?.toString() ?? null,
        droppedByKernel: one.statistics?.osDropped?.toString() ?? null,
      })),
      warnings: [...facts.warnings, ...(problem === null ? [] : [problem])].map(
        ({ message, at }) => `${message} (byte ${at})`,
      ),
    };
  },
  table(data) {
    const time = (text: string | null): string => (text === null ? '-' : formatAbsolute(BigInt(text.replace('.', ''))));
    const lines = [
      ['Format', `${data.description}${data.compression === null ? '' : `, ${data.compression}`}`],
      ['Packets', String(data.packets)],
      ['Bytes', String(data.bytes)],
      ['Captured bytes', String(data.capturedBytes)],
      ['First packet', time(data.first)],
      ['Last packet', time(data.last)],
      ['Duration', `${data.duration} s`],
      ...(data.hardware === null ? [] : [['Hardware', data.hardware]]),
      ...(data.os === null ? [] : [['Operating system', data.os]]),
      ...(data.application === null ? [] : [['Application', data.application]]),
      ...data.comments.map((comment) => ['Comment', comment]),
      ...data.interfaces.map((one, i) => [
        `Interface ${i}`,
        [
          one.name ?? '-',
          one.linkName,
          `${one.packets} packets`,
          ...(one.filter === null ? [] : [`filter ${one.filter}`]),
          ...(one.accepted === null ? [] : [`${one.accepted} received by the filter`]),
          ...(one.droppedByKernel === null ? [] : [`${one.droppedByKernel} dropped by the kernel`]),
          ...(one.dropped === null ? [] : [`${one.dropped} dropped by the interface`]),
        ].join(', '),
      ]),
      ...data.warnings.map((warning) => ['Warning', warning]),
    ];
    return `${lines.map(([name, value]) => `${name.padEnd(20)}${value}`).join('\n')}\n`;
  },
});
