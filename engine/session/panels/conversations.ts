/** Conversations of a layer: who talks with whom, how much each way, how fast, how well. */

import { type Conversations, LAYERS } from '../../analyses/conversations.ts';
import { endpointText, familyName } from '../../analyses/endpoint-text.ts';
import { report, type Table, type TableColumn } from '../../contract/report.ts';
import { FLOW_TIME } from '../../table/flow-states.ts';
import type { Capture } from '../capture.ts';
import type { FlowPass } from '../flow-pass.ts';
import type { Names } from '../names.ts';
import { nameColumn, numbers, texts } from './columns.ts';
import { knownNames } from './known-names.ts';
import { chosen, defineReport } from './panel.ts';
import { programColumn, programTables } from './programs.ts';
import { exceptErrors, exceptQuoted } from './quoted.ts';
import { layersOf } from './traffic.ts';

export const conversationsPanel = defineReport({
  name: 'conversations',
  async make(input) {
    const { all, busiest, hasErrors } = layersOf(input);
    const names = await knownNames(input);
    const layer = input.options.layer === undefined ? busiest.layer : chosen(input, 'layer', LAYERS);
    const shown = all.find((one) => one.layer === layer) ?? busiest;
    return report({
      choices: [{ id: 'layer', kind: 'one', values: LAYERS, value: layer }],
      figures: all.map((one) => ({ id: `conversations.${one.layer}`, unit: 'count', value: one.count })),
      tables: [conversationTable(input.capture, shown, hasErrors, names), ...programTables(input)],
    });
  },
});

function conversationTable(capture: Capture, all: Conversations, hasErrors: boolean, known: Names | null): Table {
  const { pass } = capture;
  const { layer, count, endpoints } = all;
  const hasPorts = layer === 'tcp' || layer === 'udp';
  const names = Array.from({ length: endpoints.count }, (_, endpoint) => endpointText(endpoints, endpoint));
  const side = (which: 0 | 1): readonly string[] => texts(count, (i) => names[all.sideOf(i, which)]);
  const port = (which: 0 | 1): Float64Array => numbers(count, (i) => endpoints.port(all.sideOf(i, which)));
  const seconds = (i: number): number => (all.last[i] - all.first[i]) / 1e9;
  const rate = (way: 0 | 1) => (i: number) => (seconds(i) > 0 ? (all.bytes[way][i] * 8) / seconds(i) : Number.NaN);
  const isIp = layer === 'ip' || layer === 'ipv6';
  const stream = `${layer}.stream == {stream}${exceptErrors(hasErrors)}`;
  const way = (from: string, to: string): string => {
    if (hasPorts) return `${stream} and ${layer}.srcport == {port${from}} and {family}.src == {address${from}}`;
    const pair = `${layer}.src == {address${from}} and ${layer}.dst == {address${to}}`;
    return isIp ? pair + exceptQuoted(hasErrors, layer, `${layer}.src`, `{address${from}}`) : pair;
  };
  const [sideA, sideB] = [side(0), side(1)];
  const columns: TableColumn[] = [
    { id: 'addressA', unit: 'text', values: sideA },
    ...(hasPorts ? [{ id: 'portA', unit: 'id', values: port(0) } as const] : []),
    ...nameColumn('nameA', sideA, known),
    { id: 'addressB', unit: 'text', values: sideB },
    ...(hasPorts ? [{ id: 'portB', unit: 'id', values: port(1) } as const] : []),
    ...nameColumn('nameB', sideB, known),
    ...(hasPorts ? programColumn(capture, count, (i) => all.flow[i]) : []),
    { id: 'packets', unit: 'count', values: numbers(count, (i) => all.packets[0][i] + all.packets[1][i]) },
    { id: 'bytes', unit: 'bytes', values: numbers(count, (i) => all.bytes[0][i] + all.bytes[1][i]) },
    { id: 'packetsAB', unit: 'count', values: Float64Array.from(all.packets[0]), filter: way('A', 'B') },
    { id: 'bytesAB', unit: 'bytes', values: Float64Array.from(all.bytes[0]), filter: way('A', 'B') },
    { id: 'packetsBA', unit: 'count', values: Float64Array.from(all.packets[1]), filter: way('B', 'A') },
    { id: 'bytesBA', unit: 'bytes', values: Float64Array.from(all.bytes[1]), filter: way('B', 'A') },
    { id: 'start', unit: 'time', values: numbers(count, (i) => all.first[i]) },
    { id: 'duration', unit: 'ns', values: numbers(count, (i) => all.last[i] - all.first[i]) },
    { id: 'rateAB', unit: 'bit/s', values: numbers(count, rate(0)), optional: true },
    { id: 'rateBA', unit: 'bit/s', values: numbers(count, rate(1)), optional: true },
    ...(layer === 'tcp'
      ? ([
          { id: 'initialRtt', unit: 'ns', values: numbers(count, (i) => initialRtt(pass, all.flow[i])) },
          {
            id: 'resent',
            unit: 'count',
            values: numbers(count, (i) => all.resent[0][i] + all.resent[1][i]),
            filter: `${stream} and tcp.analysis.retransmission`,
          },
          { id: 'health', unit: 'key', values: texts(count, (i) => `health.${healthOf(all, i)}`) },
        ] as const)
      : []),
    ...(hasPorts
      ? ([
          { id: 'stream', unit: 'id', values: Float64Array.from(all.stream) },
          {
            id: 'family',
            unit: 'text',
            values: texts(count, (i) => familyName(endpoints, all.sideOf(i, 0))),
            hidden: true,
          },
        ] as const)
      : []),
  ];
  return {
    id: 'conversations',
    count,
    columns,
    filter: hasPorts ? stream : `(${way('A', 'B')}) or (${way('B', 'A')})`,
    packets: 'packets',
    sort: { column: 'bytes', descending: true },
  };
}

/** Share of packets sent again above which a transfer becomes slow, and above which it crawls. */
const LOSSY = 0.005;
const VERY_LOSSY = 0.03;

/** In a word how a TCP connection fares; one side alone says nothing of that. */
function healthOf({ packets, resent }: Conversations, i: number): 'good' | 'lossy' | 'bad' | 'unanswered' {
  if (packets[0][i] === 0 || packets[1][i] === 0) return 'unanswered';
  const share = (resent[0][i] + resent[1][i]) / (packets[0][i] + packets[1][i]);
  return share > VERY_LOSSY ? 'bad' : share > LOSSY ? 'lossy' : 'good';
}

function initialRtt(pass: FlowPass, flow: number): number {
  return flow < 0 ? Number.NaN : pass.flows.times(flow)[pass.flows.timesAt(flow) + FLOW_TIME.initialRtt];
}
