/** Response times: how long services take to answer, next to how long the network takes to the same servers. */

import { serverSide } from '../../analyses/round-trips.ts';
import { Groups, lineOf, percentiles, type Spread, spreadOf, timeLine } from '../../analyses/samples.ts';
import { type Chart, type Finding, report, type Table, type TableColumn } from '../../contract/report.ts';
import { numbers, texts } from './columns.ts';
import type { Exchange, Service } from './exchanges.ts';
import { flowEnds } from './flow-ends.ts';
import { findExchanges, gatheringFinding } from './gathered.ts';
import { defineReport, type PanelInput } from './panel.ts';
import { tripsOf } from './trips.ts';

const BUCKETS = 240;
/** Rows of the table of the slowest. */
const SLOWEST = 100;
/** A service is slow that takes this many round trips, */
const SLOW = 5;
/** and at least so long. */
const SLOW_NS = 20e6;
const TITLES: Readonly<Record<Service, string>> = {
  dns: 'DNS',
  http: 'HTTP',
  tls: 'TLS',
  smb2: 'SMB2',
  mysql: 'MySQL',
  pgsql: 'PostgreSQL',
  tds: 'TDS',
};

interface Group {
  readonly service: Service;
  readonly operation: string;
  readonly filter: string;
  readonly server: string;
  readonly family: 'ip' | 'ipv6';
  readonly spread: Spread;
  readonly requests: number;
  readonly errors: number;
  /** Median round trip to the server; NaN: nothing of this capture tells. */
  readonly network: number;
}

export const responsePanel = defineReport({
  name: 'response',
  async make(input) {
    const all = await findExchanges(input);
    const time = timeOf(input);
    const ends = endsOf(input);
    const network = networkOf(input, ends);
    const grouped = (key: (one: Exchange) => string): Group[] => groupsOf(all, key, time, ends, network);
    const servers = grouped((one) => `${one.service} ${ends(one).server}`);
    const spread = spreadOf(Float64Array.from(all.filter(({ answer }) => answer >= 0).map(time)));
    return report({
      findings: [...findingsOf(servers), ...gatheringFinding(input)],
      figures: [
        { id: 'response.median', unit: 'ns', value: spread.median },
        { id: 'response.p95', unit: 'ns', value: spread.p95 },
        { id: 'response.requests', unit: 'number', value: all.length },
        {
          id: 'response.unanswered',
          unit: 'number',
          value: input.isGathering === true ? Number.NaN : all.filter(({ answer }) => answer < 0).length,
        },
      ],
      charts: chartsOf(input, all, time),
      tables: [
        groupTable(
          'response.operations',
          grouped((one) => `${one.service} ${one.operation} ${ends(one).server}`),
          input.isGathering === true,
        ),
        groupTable('response.servers', servers, input.isGathering === true),
        ...statusTable(all, time, ends, network),
        slowestTable(input, all, time, ends),
      ],
    });
  },
});

type Ends = (one: { readonly flow: number }) => ReturnType<typeof flowEnds>;

function timeOf({ capture }: PanelInput): (one: Exchange) => number {
  return ({ request, answer }) => capture.table.get('time', answer) - capture.table.get('time', request);
}

function endsOf({ capture }: PanelInput): Ends {
  const known = new Map<number, ReturnType<typeof flowEnds>>();
  return ({ flow }) => {
    let ends = known.get(flow);
    if (ends === undefined) known.set(flow, (ends = flowEnds(capture.pass, flow)));
    return ends;
  };
}

const NO_SERVER = 0xffffffff;

/** Median round trip to each server: of handshakes, which wait for no program; of data where there is none. */
function networkOf(input: PanelInput, ends: Ends): ReadonlyMap<string, number> {
  const { handshakes, samples } = tripsOf(input);
  const opened = new Map<string, number[]>();
  for (const [flow, handshake] of handshakes) {
    const { low, high } = serverSide(handshake);
    if (!(low >= 0 && low === high)) continue;
    const { server } = ends({ flow });
    const list = opened.get(server);
    if (list === undefined) opened.set(server, [low]);
    else list.push(low);
  }
  const places = new Map<string, number>();
  const placeOf = new Uint32Array(input.capture.pass.flows.count).fill(NO_SERVER);
  const keys = samples.flow.map((flow, i) => {
    if (samples.direction[i] !== 0) return NO_SERVER;
    if (placeOf[flow] === NO_SERVER) {
      const { server } = ends({ flow });
      const place = places.get(server) ?? places.size;
      places.set(server, (placeOf[flow] = place));
    }
    return placeOf[flow];
  });
  const groups = new Groups(keys, places.size, samples.rtt);
  const medians = new Map<string, number>();
  for (const [server, place] of places) medians.set(server, percentiles(groups.of(place), [0.5])[0]);
  for (const [server, list] of opened) medians.set(server, spreadOf(Float64Array.from(list)).median);
  return medians;
}

function groupsOf(
  all: readonly Exchange[],
  key: (one: Exchange) => string,
  time: (one: Exchange) => number,
  ends: Ends,
  network: ReadonlyMap<string, number>,
): Group[] {
  const groups = new Map<string, Exchange[]>();
  for (const one of all) {
    const name = key(one);
    const list = groups.get(name);
    if (list === undefined) groups.set(name, [one]);
    else list.push(one);
  }
  return [...groups.values()].map((list) => {
    const [{ service, operation, filter }] = list;
    const { server, family } = ends(list[0]);
    const answered = list.filter(({ answer }) => answer >= 0);
    return {
      service,
      operation,
      filter,
      server,
      family,
      requests: list.length,
      errors: answered.filter(({ isError }) => isError).length,
      spread: spreadOf(Float64Array.from(answered, time)),
      network: network.get(server) ?? Number.NaN,
    };
  });
}

/** `isGathering`: who has no answer so far may still get one. */
function groupTable(
  id: 'response.operations' | 'response.servers',
  all: readonly Group[],
  isGathering: boolean,
): Table {
  const count = all.length;
  const isByOperation = id === 'response.operations';
  const spread = (i: number): Spread => all[i].spread;
  const columns: TableColumn[] = [
    { id: 'protocol', unit: 'text', values: texts(count, (i) => TITLES[all[i].service]) },
    ...(isByOperation
      ? [{ id: 'operation', unit: 'text', values: texts(count, (i) => all[i].operation) } as const]
      : []),
    { id: 'server', unit: 'text', values: texts(count, (i) => all[i].server) },
    { id: 'requests', unit: 'number', values: numbers(count, (i) => all[i].requests), filter: '' },
    {
      id: 'unanswered',
      unit: 'number',
      values: numbers(count, (i) => (isGathering ? Number.NaN : all[i].requests - spread(i).count)),
      filter: '',
    },
    { id: 'errors', unit: 'number', values: numbers(count, (i) => all[i].errors), filter: '' },
    { id: 'min', unit: 'ns', values: numbers(count, (i) => spread(i).min) },
    { id: 'median', unit: 'ns', values: numbers(count, (i) => spread(i).median) },
    { id: 'network', unit: 'ns', values: numbers(count, (i) => all[i].network) },
    { id: 'p90', unit: 'ns', values: numbers(count, (i) => spread(i).p90) },
    { id: 'p95', unit: 'ns', values: numbers(count, (i) => spread(i).p95) },
    { id: 'p99', unit: 'ns', values: numbers(count, (i) => spread(i).p99) },
    { id: 'max', unit: 'ns', values: numbers(count, (i) => spread(i).max) },
    { id: 'family', unit: 'text', values: texts(count, (i) => all[i].family), hidden: true },
    {
      id: 'what',
      unit: 'text',
      values: texts(count, (i) => (isByOperation ? all[i].filter : all[i].service)),
      hidden: true,
    },
  ];
  return {
    id,
    count,
    columns,
    filter: '{what} and {family}.addr == {server}',
    sort: { column: 'median', descending: true },
  };
}

/** HTTP by the class of the answer's status code (RFC 9110 15): what is refused may be answered faster than what is served. */
function statusTable(
  all: readonly Exchange[],
  time: (one: Exchange) => number,
  ends: Ends,
  network: ReadonlyMap<string, number>,
): Table[] {
  const answered = all.filter(({ service, status = 0 }) => service === 'http' && status > 0);
  if (answered.length === 0) return [];
  const classOf = (one: Exchange): number => Math.floor((one.status ?? 0) / 100);
  const groups = groupsOf(answered, (one) => `${classOf(one)} ${ends(one).server}`, time, ends, network);
  const classes = [...new Map(answered.map((one) => [`${classOf(one)} ${ends(one).server}`, classOf(one)])).values()];
  const count = groups.length;
  return [
    {
      id: 'response.status',
      count,
      columns: [
        { id: 'statusClass', unit: 'text', values: texts(count, (i) => `${classes[i]}xx`) },
        { id: 'server', unit: 'text', values: texts(count, (i) => groups[i].server) },
        { id: 'answers', unit: 'number', values: numbers(count, (i) => groups[i].requests), filter: '' },
        { id: 'min', unit: 'ns', values: numbers(count, (i) => groups[i].spread.min) },
        { id: 'median', unit: 'ns', values: numbers(count, (i) => groups[i].spread.median) },
        { id: 'network', unit: 'ns', values: numbers(count, (i) => groups[i].network) },
        { id: 'p90', unit: 'ns', values: numbers(count, (i) => groups[i].spread.p90) },
        { id: 'p95', unit: 'ns', values: numbers(count, (i) => groups[i].spread.p95) },
        { id: 'p99', unit: 'ns', values: numbers(count, (i) => groups[i].spread.p99) },
        { id: 'max', unit: 'ns', values: numbers(count, (i) => groups[i].spread.max) },
        { id: 'family', unit: 'text', values: texts(count, (i) => groups[i].family), hidden: true },
        { id: 'low', unit: 'id', values: numbers(count, (i) => 100 * classes[i]), hidden: true },
        { id: 'high', unit: 'id', values: numbers(count, (i) => 100 * classes[i] + 99), hidden: true },
      ],
      filter: 'http.response.code >= {low} and http.response.code <= {high} and {family}.addr == {server}',
      sort: { column: 'statusClass', descending: true },
    },
  ];
}

function slowestTable(
  { capture }: PanelInput,
  all: readonly Exchange[],
  time: (one: Exchange) => number,
  ends: Ends,
): Table {
  const slowest = all
    .filter(({ answer }) => answer >= 0)
    .sort((a, b) => time(b) - time(a))
    .slice(0, SLOWEST);
  const count = slowest.length;
  return {
    id: 'response.slowest',
    count,
    columns: [
      { id: 'start', unit: 'time', values: numbers(count, (i) => capture.table.get('time', slowest[i].request)) },
      { id: 'protocol', unit: 'text', values: texts(count, (i) => TITLES[slowest[i].service]) },
      { id: 'operation', unit: 'text', values: texts(count, (i) => slowest[i].operation) },
      { id: 'client', unit: 'text', values: texts(count, (i) => ends(slowest[i]).client) },
      { id: 'server', unit: 'text', values: texts(count, (i) => ends(slowest[i]).server) },
      { id: 'responseTime', unit: 'ns', values: numbers(count, (i) => time(slowest[i])) },
      {
        id: 'request',
        unit: 'frame',
        values: numbers(count, (i) => slowest[i].request + 1),
        filter: 'frame.number == {request}',
      },
      {
        id: 'answer',
        unit: 'frame',
        values: numbers(count, (i) => slowest[i].answer + 1),
        filter: 'frame.number == {answer}',
      },
    ],
    filter: 'frame.number == {request} or frame.number == {answer}',
    sort: { column: 'responseTime', descending: true },
  };
}

function chartsOf({ capture }: PanelInput, all: readonly Exchange[], time: (one: Exchange) => number): Chart[] {
  const answered = all.filter(({ answer }) => answer >= 0);
  if (answered.length === 0) return [];
  const { pass, table } = capture;
  const line = timeLine(pass.firstTime, pass.lastTime, BUCKETS);
  const times = Float64Array.from(answered, ({ answer }) => table.get('time', answer));
  const values = Float64Array.from(answered, time);
  const services = [...new Set(answered.map(({ service }) => service))];
  return [
    {
      id: 'response.time',
      draw: 'line',
      axis: { unit: 'time', values: line.times },
      selects: 'time',
      series: services.map((service) => ({
        id: `response.${service}`,
        title: TITLES[service],
        unit: 'ns',
        values: lineOf(line, times, values, [0.5], (i) => answered[i].service === service)[0],
      })),
    },
  ];
}

function findingsOf(servers: readonly Group[]): Finding[] {
  return servers
    .filter(({ spread, network }) => spread.median > SLOW_NS && spread.median > SLOW * network)
    .sort((a, b) => b.spread.median - a.spread.median)
    .map(({ service, server, family, spread, network }) => ({
      id: 'response.slowService',
      level: 'look',
      values: {
        service: TITLES[service],
        server,
        median: { value: spread.median, unit: 'ns' },
        network: { value: network, unit: 'ns' },
        thinks: { value: spread.median - network, unit: 'ns' },
      },
      link: { filter: `${service} and ${family}.addr == ${server}` },
    }));
}
