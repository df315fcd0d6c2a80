/** TCP analysis: all connections, or one of them in pictures and packet by packet. */

import { CAPTURE_SIDES } from '../../../analyses/capture-side.ts';
import { type Choice, type Finding, type Report, report } from '../../../contract/report.ts';
import { type Sides, sidesOf } from '../capture-side.ts';
import { flowEnds } from '../flow-ends.ts';
import { chosen, defineReport, type PanelInput } from '../panel.ts';
import { tripsOf } from '../trips.ts';
import { connectionTable, countConnections, flowOfStream, listFlows } from './connections.ts';
import { findingsOf } from './findings.ts';
import { ladderTable, MOST_STEPS } from './ladder.ts';
import { figuresOf, flagTable, offloadOf, resentChart, type Totals, totalsOf } from './overview.ts';
import { rowsOf, streamCharts } from './stream.ts';

const DIRECTIONS = ['fromClient', 'fromServer'] as const;

export const tcpPanel = defineReport({
  name: 'tcp',
  async make(input) {
    const { pass } = input.capture;
    const found = countConnections(input);
    const flows = listFlows(found);
    const sides = sidesOf(input, tripsOf(input));
    const connections = connectionTable(pass, found, flows, sides);
    const wanted = input.options.stream ?? '';
    const flow = /^\d+$/.test(wanted) ? flowOfStream(pass, Number(wanted)) : -1;
    if (flow >= 0) {
      const [fromClient, fromServer] = found.bytes;
      const busier = fromServer[flow] > fromClient[flow] ? 'fromServer' : 'fromClient';
      const one = await oneConnection(input, flow, busier, sides);
      return report({ ...one, tables: [...one.tables, connections] });
    }
    const totals = totalsOf(found);
    return report({
      choices: [{ id: 'stream', kind: 'own', value: '' }, sides.choice],
      findings: [
        ...findingsOf(pass, found, totals, offloadOf(found)),
        ...sides.findings,
        ...lossMeaning(sides, totals),
      ],
      figures: figuresOf(found, totals, flows.length),
      charts: resentChart(pass, found),
      tables: [connections, flagTable(found, totals)],
    });
  },
});

/** What "before" and "behind" the capture point mean where it is known. */
function lossMeaning({ findings }: Sides, { lostBefore, lostAfter }: Totals): Finding[] {
  if (lostBefore + lostAfter === 0) return [];
  const side = CAPTURE_SIDES.find((one) =>
    findings.some(({ id }) => id === `side.${one}` || id === `side.given.${one}`),
  );
  return side === undefined || side === 'between' ? [] : [{ id: 'tcp.lossMeaning', level: 'info', values: {} }];
}

/** `busier`: the direction with more data, shown unless another is chosen. */
async function oneConnection(
  input: PanelInput,
  flow: number,
  busier: (typeof DIRECTIONS)[number],
  sides: Sides,
): Promise<Pick<Report, 'choices' | 'findings' | 'charts' | 'tables'>> {
  const { pass } = input.capture;
  const { client, clientPort, server, serverPort, stream } = flowEnds(pass, flow);
  const rows = rowsOf(input, flow);
  const direction = input.options.direction === undefined ? busier : chosen(input, 'direction', DIRECTIONS);
  const choices: Choice[] = [
    { id: 'stream', kind: 'own', value: String(stream) },
    { id: 'side', kind: 'own', value: input.capture.sides.streams.get(stream) ?? 'auto' },
    { id: 'direction', kind: 'one', values: DIRECTIONS, value: direction },
  ];
  const findings: Finding[] = [
    {
      id: 'tcp.stream',
      level: 'info',
      values: {
        stream: String(stream),
        client: `${client} (${clientPort})`,
        server: `${server} (${serverPort})`,
        count: { value: rows.length, unit: 'count' },
      },
      ...(rows.length > 0 ? { link: { filter: `tcp.stream == ${stream}` } } : {}),
    },
  ];
  findings.push({ id: `tcp.side.${sides.of(flow)}`, level: 'info', values: {} });
  if (rows.length > MOST_STEPS) {
    findings.push({
      id: 'tcp.ladderCut',
      level: 'look',
      values: { shown: String(MOST_STEPS), count: { value: rows.length, unit: 'count' } },
    });
  }
  return {
    choices,
    findings,
    charts: await streamCharts(input, flow, rows, direction === 'fromClient' ? 0 : 1),
    tables: [ladderTable(pass, flow, rows)],
  };
}
