/** What flow monitors have to say: the verdict with its evidence and the next measurement, the counting rule, alerts. */

import type { MonitorSeries } from '../../../analyses/monitor-series.ts';
import { type Evidence, type Judged, joined, judge, type Verdict } from '../../../analyses/verdict.ts';
import type { MonitorSpec } from '../../../contract/monitors.ts';
import type { Finding, Level, PacketLink } from '../../../contract/report.ts';
import type { Flows, MonitoredFlow } from './flows.ts';
import { alertOf, type Buckets, type Monitor } from './monitors.ts';
import { lostTime } from './tables.ts';

/** Flows of which a sentence is said. */
const SAID = 3;
/** A filter on more streams is too long to read. */
const MOST_STREAMS = 1000;
const MIB = 2 ** 20;

const LEVELS: Readonly<Record<Verdict, Level>> = {
  networkBefore: 'wrong',
  networkAfter: 'wrong',
  networkUnknown: 'look',
  receiver: 'wrong',
  sender: 'look',
  server: 'look',
  client: 'info',
  good: 'good',
  notEnough: 'info',
};
const CAUSES: ReadonlySet<Verdict> = new Set([
  'networkBefore',
  'networkAfter',
  'networkUnknown',
  'receiver',
  'sender',
  'server',
]);

export function captureVerdict(flows: Flows): Finding[] {
  const tcp = flows.list.filter(({ flow, transport }) => transport === 'tcp' && !flows.mixed.has(flow));
  if (tcp.length === 0) return [];
  const evidence = joined(tcp.map(({ flow }) => flows.evidence(flow)));
  const judged = judge(evidence);
  const worst = tcp.reduce((a, b) => (lostTime(flows)(b.flow) > lostTime(flows)(a.flow) ? b : a));
  const said = verdictFinding('monitor.capture', judged, evidence, evidenceOf(flows, judged.verdict, worst, null), {});
  return [...said, ...next(flows, judged.verdict, worst)];
}

/** The flows that lost most time to something, each with its verdict. */
export function flowVerdicts(flows: Flows): Finding[] {
  const lost = lostTime(flows);
  return flows.list
    .filter(({ flow, transport }) => transport === 'tcp' && CAUSES.has(flows.verdict(flow).verdict))
    .sort((a, b) => lost(b.flow) - lost(a.flow))
    .slice(0, SAID)
    .flatMap((one) => {
      const judged = flows.verdict(one.flow);
      return verdictFinding(
        'monitor.flow',
        judged,
        flows.evidence(one.flow),
        evidenceOf(flows, judged.verdict, one, one.stream),
        {
          stream: String(one.stream),
          ...endsOf(flows, one),
        },
      );
    });
}

function endsOf({ view }: Flows, one: MonitoredFlow): { readonly client: string; readonly server: string } {
  const text = (address: number, port: number): string => `${view.ends.addresses.text(address)}:${port}`;
  return { client: text(one.client, one.clientPort), server: text(one.server, one.serverPort) };
}

function verdictFinding(
  kind: string,
  { verdict, confidence, share }: Judged,
  { resent, lostBefore, lostAfter, parts }: Evidence,
  link: PacketLink | null,
  values: Readonly<Record<string, string>>,
): Finding[] {
  return [
    {
      id: `${kind}.${verdict}`,
      level: LEVELS[verdict],
      values: {
        ...values,
        confidence: { key: `value.confidence.${confidence}` },
        share: { value: share, unit: 'share' },
        lost: { value: resent, unit: 'number' },
        before: { value: lostBefore, unit: 'number' },
        after: { value: lostAfter, unit: 'number' },
        loss: { value: parts.loss, unit: 'ns' },
        window: { value: parts.window, unit: 'ns' },
        server: values.server ?? '',
        thinks: { value: parts.server, unit: 'ns' },
        pauses: { value: parts.client, unit: 'ns' },
        network: { value: parts.network + parts.handshake, unit: 'ns' },
      },
      ...(link === null ? {} : { link }),
    },
  ];
}

/** Packets that show it; `stream`: of this connection only. */
function evidenceOf(flows: Flows, verdict: Verdict, worst: MonitoredFlow, stream: number | null): PacketLink | null {
  const inside = stream === null ? '' : `tcp.stream == ${stream} and `;
  switch (verdict) {
    case 'networkBefore':
      return { filter: `${inside}nagare.lost == 1` };
    case 'networkAfter':
      return { filter: `${inside}nagare.lost == 2` };
    case 'networkUnknown':
      return { filter: `${inside}nagare.resent` };
    case 'receiver':
      return { filter: `${inside}(tcp.analysis.zero_window or tcp.analysis.window_full)` };
    case 'server': {
      const [from, to] = flows.times.longestWait(worst.flow);
      return from < 0 ? null : { filter: `frame.number in {${from + 1}, ${to + 1}}` };
    }
    default:
      return stream === null ? null : { filter: `tcp.stream == ${stream}` };
  }
}

/** What to measure next, with the command. */
function next({ view }: Flows, verdict: Verdict, { client, server, serverPort }: MonitoredFlow): Finding[] {
  if (verdict === 'good') return [];
  const text = (address: number): string => view.ends.addresses.text(address);
  return [
    {
      id: `monitor.next.${verdict}`,
      level: 'info',
      values: { client: text(client), server: text(server), port: String(serverPort) },
    },
  ];
}

/** Connections that nobody took are none of the verdict's. */
export function unanswered(flows: Flows): Finding[] {
  const { isUnanswered, list } = flows;
  const some = list.filter(({ flow, transport }) => transport === 'tcp' && isUnanswered(flow));
  if (some.length === 0) return [];
  const filter = `tcp.stream in {${some
    .slice(0, MOST_STREAMS)
    .map(({ stream }) => stream)
    .join(', ')}}`;
  return [
    {
      id: 'monitor.unanswered',
      level: 'look',
      values: { count: { value: some.length, unit: 'count' } },
      ...(some.length <= MOST_STREAMS ? { link: { filter } } : {}),
    },
  ];
}

/** How the data of each monitor adds up; `all`: the one that the user has not named. */
export function ruleFindings(monitors: readonly Monitor[], all: MonitorSpec, counting: 'once' | 'ends'): Finding[] {
  return monitors.flatMap(({ spec, flows, sent, got }): Finding[] => {
    if (flows.length === 0) return [{ id: 'monitor.empty', level: 'look', values: { name: spec.name } }];
    const data = sent + got;
    return [
      {
        id: `monitor.rule.${counting}`,
        level: 'info',
        values: {
          name: spec === all ? { key: 'series.monitor.all' } : spec.name,
          count: { value: flows.length, unit: 'count' },
          each: mebibytes(data / flows.length),
          total: mebibytes(counting === 'ends' ? 2 * data : data),
        },
      },
    ];
  });
}

/** `10 MiB`: what people fetch in tests. */
function mebibytes(bytes: number): string {
  const [size, unit] = bytes < MIB / 10 ? [MIB / 1024, 'KiB'] : [MIB, 'MiB'];
  return `${Number((bytes / size).toPrecision(4))} ${unit}`;
}

export function alertFindings(
  monitors: readonly Monitor[],
  series: MonitorSeries,
  buckets: Buckets,
  filters: readonly string[],
): Finding[] {
  return monitors.flatMap((monitor, index): Finding[] => {
    const found = alertOf(monitor, index, series, buckets);
    const { alert, name } = monitor.spec;
    if (found === null || alert === undefined || alert === null) return [];
    return [
      {
        id: `monitor.alert.${alert.value}`,
        level: 'wrong',
        values: {
          name,
          value: { value: found.value, unit: 'number' },
          above: { value: alert.above, unit: 'number' },
          at: { value: found.at, unit: 'time' },
        },
        ...(filters[index] === '' ? {} : { link: { filter: filters[index] } }),
      },
    ];
  });
}
