/** Endpoints of a layer: each address, what it sent and what it got. */

import { type Conversations, LAYERS } from '../../analyses/conversations.ts';
import { endpointText, familyName } from '../../analyses/endpoint-text.ts';
import { report, type Table, type TableColumn } from '../../contract/report.ts';
import type { Names } from '../names.ts';
import { nameColumn, numbers, texts } from './columns.ts';
import { knownNames } from './known-names.ts';
import { chosen, defineReport } from './panel.ts';
import { exceptErrors, exceptQuoted } from './quoted.ts';
import { layersOf } from './traffic.ts';

export const endpointsPanel = defineReport({
  name: 'endpoints',
  async make(input) {
    const names = await knownNames(input);
    const { all, busiest, hasErrors } = layersOf(input);
    const layer = input.options.layer === undefined ? busiest.layer : chosen(input, 'layer', LAYERS);
    return report({
      choices: [{ id: 'layer', kind: 'one', values: LAYERS, value: layer }],
      figures: all.map((one) => ({ id: `endpoints.${one.layer}`, unit: 'count', value: one.endpoints.count })),
      tables: [endpointTable(all.find((one) => one.layer === layer) ?? busiest, hasErrors, names)],
    });
  },
});

function endpointTable({ layer, endpoints }: Conversations, hasErrors: boolean, known: Names | null): Table {
  const { count } = endpoints;
  const hasPorts = layer === 'tcp' || layer === 'udp';
  const way = (which: 'src' | 'dst'): string => {
    if (hasPorts) return `${layer}.${which}port == {port} and {family}.${which} == {address}${exceptErrors(hasErrors)}`;
    const own = `${layer}.${which} == {address}`;
    return layer === 'eth' ? own : own + exceptQuoted(hasErrors, layer, `${layer}.${which}`, '{address}');
  };
  const seconds = (i: number): number => (endpoints.last[i] - endpoints.first[i]) / 1e9;
  const rate = (bytes: readonly number[]) => (i: number) => (seconds(i) > 0 ? (bytes[i] * 8) / seconds(i) : Number.NaN);
  const addresses = texts(count, (i) => endpointText(endpoints, i));
  const columns: TableColumn[] = [
    { id: 'address', unit: 'text', values: addresses },
    ...(hasPorts ? [{ id: 'port', unit: 'id', values: numbers(count, (i) => endpoints.port(i)) } as const] : []),
    ...nameColumn('name', addresses, known),
    { id: 'packets', unit: 'count', values: numbers(count, (i) => endpoints.packets[i]) },
    { id: 'bytes', unit: 'bytes', values: numbers(count, (i) => endpoints.bytes[i]) },
    { id: 'sentPackets', unit: 'count', values: Float64Array.from(endpoints.sentPackets), filter: way('src') },
    { id: 'sentBytes', unit: 'bytes', values: Float64Array.from(endpoints.sentBytes), filter: way('src') },
    { id: 'gotPackets', unit: 'count', values: Float64Array.from(endpoints.gotPackets), filter: way('dst') },
    { id: 'gotBytes', unit: 'bytes', values: Float64Array.from(endpoints.gotBytes), filter: way('dst') },
    { id: 'sentRate', unit: 'bit/s', values: numbers(count, rate(endpoints.sentBytes)), optional: true },
    { id: 'gotRate', unit: 'bit/s', values: numbers(count, rate(endpoints.gotBytes)), optional: true },
    { id: 'start', unit: 'time', values: numbers(count, (i) => endpoints.first[i]) },
    { id: 'duration', unit: 'ns', values: numbers(count, (i) => endpoints.last[i] - endpoints.first[i]) },
    ...(hasPorts
      ? [{ id: 'family', unit: 'text', values: texts(count, (i) => familyName(endpoints, i)), hidden: true } as const]
      : []),
  ];
  return {
    id: 'endpoints',
    count,
    columns,
    filter: `(${way('src')}) or (${way('dst')})`,
    packets: 'packets',
    sort: { column: 'bytes', descending: true },
  };
}
