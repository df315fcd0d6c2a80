/** Flow monitors: where flows go, how much and how fast, and whether it is the network or the application. */

import { PARTS } from '../../../analyses/monitor-times.ts';
import { lineOf } from '../../../analyses/samples.ts';
import {
  type HealthPeriod,
  MONITOR_BUCKETS,
  type MonitorSpec,
  readHealth,
  readMonitors,
} from '../../../contract/monitors.ts';
import { type Chart, type Finding, report, type Series } from '../../../contract/report.ts';
import { chooseOwn } from '../egress/index.ts';
import { chosen, defineReport, type PanelInput } from '../panel.ts';
import { alertFindings, captureVerdict, flowVerdicts, ruleFindings, unanswered } from './findings.ts';
import { type Flows, findFlows, type MonitoredFlow } from './flows.ts';
import { type Buckets, bucketsOf, holdsAll, type Monitor, makeMonitors, membership } from './monitors.ts';
import { flowTable, medianTrips, monitorTable, pathTable, topFlows, workloadTable } from './tables.ts';
import { twoSided } from './two-sided.ts';

const COUNTING = ['once', 'ends'] as const;
/** All traffic, where the user has named no monitor. */
const ALL: MonitorSpec = { name: '*', local: [], remote: [] };
/** Bars of where the time went. */
const BARS = 12;

export const monitorPanel = defineReport({
  name: 'monitor',
  make(input) {
    chooseOwn(input);
    const specs = readMonitors(input.options.monitors ?? '');
    const health = readHealth(input.options.health ?? '');
    const wanted = chosen(input, 'bucket', MONITOR_BUCKETS);
    const counting = chosen(input, 'counting', COUNTING);
    const factor = counting === 'ends' ? 2 : 1;
    const sides = twoSided(input);
    const flows = findFlows(input, sides.mixed);
    const buckets = bucketsOf(input, wanted);
    const named = specs === null || specs.length === 0 ? [ALL] : specs;
    const { monitors, series } = makeMonitors(input, flows, named, buckets);
    const filters = named.map((spec) => monitorFilter(flows, spec));
    const rtt = medianTrips(flows, input.capture.pass.flows.count);
    const top = topFlows(flows, rtt);
    const hasAny = flows.list.length > 0;
    return report({
      choices: [
        { id: 'bucket', kind: 'own', value: wanted },
        { id: 'counting', kind: 'one', values: COUNTING, value: counting },
        { id: 'monitors', kind: 'own', value: input.options.monitors ?? '' },
        { id: 'health', kind: 'own', value: input.options.health ?? '' },
        ...sides.choices,
      ],
      findings: [
        ...(specs === null ? ([{ id: 'monitor.badMonitors', level: 'wrong', values: {} }] as const) : []),
        ...(health === null ? ([{ id: 'monitor.badHealth', level: 'wrong', values: {} }] as const) : []),
        ...sides.findings,
        ...alertFindings(monitors, series, buckets, filters),
        ...captureVerdict(flows),
        ...flowVerdicts(flows),
        ...unanswered(flows),
        ...(hasAny ? ruleFindings(monitors, ALL, counting) : []),
        ...healthFindings(health ?? []),
      ],
      figures: hasAny ? figuresOf(flows, monitors, buckets) : [],
      charts: hasAny ? chartsOf(input, flows, monitors, series, buckets, factor, top, health ?? []) : [],
      tables: hasAny
        ? [
            monitorTable(monitors, factor, filters),
            workloadTable(flows, rtt),
            flowTable(flows, top, rtt),
            pathTable(flows),
            ...sides.tables,
          ]
        : [],
    });
  },
});

function figuresOf(flows: Flows, monitors: readonly Monitor[], buckets: Buckets) {
  const all = monitors.reduce((sum, { sent, got }) => sum + sent + got, 0);
  return [
    { id: 'monitor.flows', unit: 'number', value: flows.list.length },
    { id: 'monitor.data', unit: 'bytes', value: all },
    { id: 'monitor.resent', unit: 'number', value: monitors.reduce((sum, { resent }) => sum + resent, 0) },
    { id: 'monitor.timeouts', unit: 'number', value: monitors.reduce((sum, { timeouts }) => sum + timeouts, 0) },
    { id: 'monitor.bucket', unit: 'ns', value: buckets.width },
  ] as const;
}

/** The packets between the two sides, whichever way they go. */
function monitorFilter({ view }: Flows, { local, remote }: MonitorSpec): string {
  const groups = view.data.map?.groups;
  const blocks = (side: readonly string[]): readonly string[] =>
    side.includes('*') ? [] : side.flatMap((text) => groups?.get(text)?.map(({ cidr }) => cidr) ?? [text]);
  const families = (['ip', 'ipv6'] as const).flatMap((family) => {
    const own = (side: readonly string[]): string | null => {
      const some = blocks(side);
      if (some.length === 0) return '';
      const mine = some.filter((text) => text.includes(':') === (family === 'ipv6'));
      return mine.length === 0 ? null : mine.join(', ');
    };
    const [from, to] = [own(local), own(remote)];
    if (from === null || to === null) return [];
    const way = (a: string, b: string): string =>
      [
        ...(from === '' ? [] : [`${family}.${a} in {${from}}`]),
        ...(to === '' ? [] : [`${family}.${b} in {${to}}`]),
      ].join(' and ');
    return from === '' && to === '' ? [] : [`(${way('src', 'dst')}) or (${way('dst', 'src')})`];
  });
  return families.length === 0 ? 'tcp or udp' : `(tcp or udp) and (${families.join(' or ')})`;
}

function healthFindings(periods: readonly HealthPeriod[]): Finding[] {
  return periods.map(({ from, to, state }) => ({ id: 'monitor.health', level: 'info', values: { from, to, state } }));
}

function chartsOf(
  input: PanelInput,
  flows: Flows,
  monitors: readonly Monitor[],
  series: ReturnType<typeof makeMonitors>['series'],
  buckets: Buckets,
  factor: number,
  top: readonly MonitoredFlow[],
  health: readonly HealthPeriod[],
): Chart[] {
  const axis = { unit: 'time', values: buckets.times } as const;
  const titled = ({ spec }: Monitor): { readonly title?: string } => (spec === ALL ? {} : { title: spec.name });
  const each = (id: string, unit: Series['unit'], of: (index: number) => Float64Array): Series[] =>
    monitors.map((monitor, index) => ({ id, unit, values: of(index), ...titled(monitor) }));
  const { network: samples } = flows.trips;
  const members = monitors.map((monitor) => membership(monitor.flows));
  const marks = health.flatMap(({ from, to }) =>
    [from, to].map((text) => ({ at: momentOf(input, text), id: 'monitor.health', tone: 'amber' as const })),
  );
  const charts: Chart[] = [
    timeChart(flows, monitors, top),
    {
      id: 'monitor.data',
      draw: 'area',
      axis,
      selects: 'time',
      marks,
      series: each('monitor.all', 'bytes', (i) => series.data[i].map((bytes) => bytes * factor)),
    },
    {
      id: 'monitor.rtt',
      draw: 'line',
      axis,
      selects: 'time',
      marks,
      series: each(
        'monitor.all',
        'ns',
        (i) =>
          lineOf(
            buckets,
            samples.time,
            samples.rtt,
            [0.5],
            holdsAll(flows, monitors[i].flows) ? undefined : (sample) => members[i][samples.flow[sample]] === 1,
          )[0],
      ),
    },
    {
      id: 'monitor.resent',
      draw: 'bar',
      axis,
      selects: 'time',
      marks,
      series: [
        ...each('monitor.resent', 'count', (i) => series.resent[i]),
        { id: 'monitor.timeouts', unit: 'count', tone: 'red', values: summed(series.timeouts, buckets.count) },
      ],
    },
  ];
  if (health.length > 0)
    charts.splice(2, 0, {
      id: 'monitor.health',
      draw: 'bar',
      axis,
      selects: 'time',
      series: health.map(({ from, to, state }) => ({
        id: 'monitor.health',
        title: state,
        unit: 'number',
        tone: 'amber',
        values: buckets.times.map((at) =>
          at + buckets.width > momentOf(input, from) && at < momentOf(input, to) ? 1 : Number.NaN,
        ),
      })),
    });
  return charts;
}

function summed(all: readonly Float64Array[], count: number): Float64Array {
  const sum = new Float64Array(count);
  for (const values of all) for (let i = 0; i < count; i++) sum[i] += values[i];
  return sum;
}

/** Nanoseconds since the capture's epoch. */
function momentOf({ capture }: PanelInput, text: string): number {
  return Number(BigInt(Date.parse(text)) * 1_000_000n - capture.epoch);
}

const TONES = {
  handshake: 'violet',
  network: 'blue',
  server: 'amber',
  client: 'grey',
  loss: 'red',
  window: 'accent',
} as const;

/** Where the time went: each monitor, and the connections with most data. */
function timeChart(flows: Flows, monitors: readonly Monitor[], top: readonly MonitoredFlow[]): Chart {
  const some = top.filter(({ transport }) => transport === 'tcp').slice(0, Math.max(1, BARS - monitors.length));
  const { addresses } = flows.view.ends;
  const bars = [
    ...monitors.map(({ spec, evidence }) => ({ name: spec.name, evidence, filter: null })),
    ...some.map(({ flow, server, serverPort, stream }) => ({
      name: `${addresses.text(server)}:${serverPort} (${stream})`,
      evidence: flows.evidence(flow),
      filter: `tcp.stream == ${stream}`,
    })),
  ];
  return {
    id: 'monitor.parts',
    draw: 'bar',
    stacked: true,
    axis: { unit: 'text', values: bars.map(({ name }) => name) },
    series: PARTS.map((part) => ({
      id: `part.${part}`,
      unit: 'ns',
      tone: TONES[part],
      values: Float64Array.from(bars, ({ evidence }) => evidence.parts[part]),
    })),
    links: bars.map(({ filter }) => (filter === null ? null : { filter })),
  };
}
