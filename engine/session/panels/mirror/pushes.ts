/** WebSocket messages and large bodies of HTTP: what was pushed, when its first and last byte came, and what of it is missing. */

import type { Table } from '../../../contract/report.ts';
import { httpFlows, httpPushesOf } from '../../http-pushes.ts';
import type { Push } from '../../pushes.ts';
import { pushesOf, webSocketFlows } from '../../websocket-pushes.ts';
import { numbers, texts } from '../columns.ts';
import { flowEnds } from '../flow-ends.ts';
import type { PanelInput } from '../panel.ts';

/** Messages listed: the largest ones. */
const MOST = 100_000;

export async function pushTable({ capture, dissector, rows, job }: PanelInput): Promise<Table[]> {
  const found: Push[] = [];
  capture.flows.update();
  for (const [flows, read] of [
    [webSocketFlows(capture), pushesOf],
    [httpFlows(capture), httpPushesOf],
  ] as const)
    for (const flow of flows)
      for (const push of await read(capture, dissector, flow, job))
        if (rows === null || rows.has(push.firstRow) || rows.has(push.lastRow)) found.push(push);
  const shown = found.length > MOST ? found.sort((a, b) => b.size - a.size).slice(0, MOST) : found;
  const count = shown.length;
  if (count === 0) return [];
  const { table, pass } = capture;
  const ends = shown.map(({ flow }) => flowEnds(pass, flow));
  const time = (row: number): number => table.get('time', row);
  return [
    {
      id: 'mirror.pushes',
      count,
      columns: [
        {
          id: 'source',
          unit: 'text',
          values: texts(count, (i) => (shown[i].direction === 0 ? ends[i].client : ends[i].server)),
        },
        {
          id: 'destination',
          unit: 'text',
          values: texts(count, (i) => (shown[i].direction === 0 ? ends[i].server : ends[i].client)),
        },
        { id: 'pushKind', unit: 'key', values: texts(count, (i) => `push.${shown[i].kind}`) },
        { id: 'size', unit: 'bytes', values: numbers(count, (i) => shown[i].size) },
        { id: 'complete', unit: 'share', values: numbers(count, (i) => shareOf(shown[i])) },
        { id: 'missingBytes', unit: 'bytes', values: numbers(count, (i) => shown[i].missing) },
        { id: 'firstByte', unit: 'time', values: numbers(count, (i) => time(shown[i].firstRow)) },
        { id: 'lastByte', unit: 'time', values: numbers(count, (i) => time(shown[i].lastRow)) },
        { id: 'took', unit: 'ns', values: numbers(count, (i) => time(shown[i].lastRow) - time(shown[i].firstRow)) },
        { id: 'holeRanges', unit: 'text', values: texts(count, (i) => rangesOf(shown[i])) },
        { id: 'stream', unit: 'id', values: numbers(count, (i) => ends[i].stream) },
      ],
      filter: 'tcp.stream == {stream}',
      range: ['firstByte', 'lastByte'],
    },
  ];
}

function shareOf({ size, missing }: Push): number {
  return size === 0 ? 1 : (size - missing) / size;
}

/** `1000-2460 5000-6460`: first byte and one past the last of each hole. */
function rangesOf({ holes }: Push): string {
  return holes.map(({ from, to }) => `${from}-${to}`).join(' ');
}
