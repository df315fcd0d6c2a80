/** Round trips: handshakes, data over time, per connection and address, and echoes. */

import { type Echoes, matchEchoes } from '../../analyses/echoes.ts';
import { jitterOf, lineOf, linesOf, logHistogram, type Spread, spreadOf, timeLine } from '../../analyses/samples.ts';
import { type Chart, type Finding, report, type Table, type TableColumn } from '../../contract/report.ts';
import type { Names } from '../names.ts';
import { type KnownSide, type Sides, sidesOf } from './capture-side.ts';
import { nameColumn, numbers, texts } from './columns.ts';
import { echoesOf } from './echo-rows.ts';
import type { FlowEnds } from './flow-ends.ts';
import { knownNames } from './known-names.ts';
import { chosen, defineReport, type PanelInput } from './panel.ts';
import { type Connection, connectionsOf, type Server } from './rtt-connections.ts';
import { type ServerGroup, type ServerGroups, serverGroups } from './rtt-groups.ts';
import { type Trips, tripsOf } from './trips.ts';

/** Buckets of the line, bins of the histogram to a factor of ten. */
const BUCKETS = 240;
const BINS = 8;
/** What the lines are of. */
const SERIES = ['direction', 'group'] as const;

export const rttPanel = defineReport({
  name: 'rtt',
  async make(input) {
    const trips = tripsOf(input);
    const echoes = matchEchoes(await echoesOf(input));
    const made = await connectionsOf(input, trips);
    const { all: connections, servers } = made;
    const sides = sidesOf(input, trips);
    const groups = serverGroups(input.capture, made, trips);
    const shown = chosen(input, 'rttSeries', SERIES);
    const isByGroup = shown === 'group' && groups.all.length > 0;
    const { network } = trips;
    const all = trips.spread;
    const initial = spreadOf(Float64Array.from(connections.map(({ total }) => total.high)).filter((one) => one >= 0));
    const without = connections.filter(({ total }) => Number.isNaN(total.high)).length;
    return report({
      choices: [
        sides.choice,
        ...(groups.all.length === 0 ? [] : [{ id: 'rttSeries', kind: 'one', values: SERIES, value: shown } as const]),
      ],
      findings: [...findingsOf(connections, echoes), ...sides.findings],
      figures: [
        { id: 'rtt.median', unit: 'ns', value: all.median },
        { id: 'rtt.min', unit: 'ns', value: all.min },
        { id: 'rtt.p95', unit: 'ns', value: all.p95 },
        { id: 'rtt.p99', unit: 'ns', value: all.p99 },
        { id: 'rtt.jitter', unit: 'ns', value: jitterOf(network.rtt) },
        { id: 'rtt.initial', unit: 'ns', value: initial.median },
        { id: 'rtt.samples', unit: 'number', value: network.count },
        { id: 'rtt.without', unit: 'number', value: without },
      ],
      charts: [...chartsOf(input, trips, isByGroup ? groups : null), ...echoChart(input, echoes)],
      tables: [
        connectionTable(connections, sides),
        addressTable(servers, await knownNames(input)),
        ...(groups.all.length > 0 ? [groupTable(groups.all)] : []),
        ...(echoes.pairs.length > 0 ? [echoTable(echoes)] : []),
      ],
    });
  },
});

function chartsOf(input: PanelInput, { samples, network }: Trips, groups: ServerGroups | null): Chart[] {
  if (samples.count === 0) return [];
  const { pass } = input.capture;
  const line = timeLine(pass.firstTime, pass.lastTime, BUCKETS);
  const { direction, rtt, time } = samples;
  const [upMedian, upHigh, downMedian, downHigh] = linesOf(line, time, rtt, [0.5, 0.95], (i) => direction[i], 2);
  const histogram = logHistogram(network.rtt, BINS);
  return [
    {
      id: 'rtt.time',
      draw: 'line',
      axis: { unit: 'time', values: line.times },
      selects: 'time',
      series: groups?.series(pass.firstTime, pass.lastTime) ?? [
        { id: 'rtt.serverMedian', unit: 'ns', values: upMedian, tone: 'accent' },
        { id: 'rtt.serverP95', unit: 'ns', values: upHigh, tone: 'amber' },
        { id: 'rtt.clientMedian', unit: 'ns', values: downMedian, tone: 'blue' },
        { id: 'rtt.clientP95', unit: 'ns', values: downHigh, tone: 'violet' },
      ],
    },
    {
      id: 'rtt.histogram',
      draw: 'bar',
      axis: { unit: 'text', values: Array.from(histogram.edges, lengthText) },
      series: [{ id: 'rtt.samples', unit: 'count', values: histogram.counts }],
    },
  ];
}

/** A short name for a bin: 350 µs, 1.2 ms. */
function lengthText(ns: number): string {
  const scale = ns < 1e3 ? 0 : ns < 1e6 ? 1 : ns < 1e9 ? 2 : 3;
  return `${Number((ns / 1000 ** scale).toPrecision(2))} ${['ns', 'µs', 'ms', 's'][scale]}`;
}

function echoChart(input: PanelInput, { trips }: Echoes): Chart[] {
  if (trips.length === 0) return [];
  const { pass } = input.capture;
  const line = timeLine(pass.firstTime, pass.lastTime, BUCKETS);
  const times = Float64Array.from(trips, ({ time }) => time);
  const [median] = lineOf(
    line,
    times,
    Float64Array.from(trips, ({ rtt }) => rtt),
    [0.5],
  );
  return [
    {
      id: 'rtt.echo',
      draw: 'points',
      axis: { unit: 'time', values: line.times },
      selects: 'time',
      series: [{ id: 'rtt.echo', unit: 'ns', values: median }],
    },
  ];
}

function spreadColumns(
  count: number,
  of: (row: number) => { readonly spread: Spread; readonly jitter: number },
): TableColumn[] {
  return [
    { id: 'samples', unit: 'number', values: numbers(count, (i) => of(i).spread.count), filter: '' },
    { id: 'min', unit: 'ns', values: numbers(count, (i) => of(i).spread.min) },
    { id: 'median', unit: 'ns', values: numbers(count, (i) => of(i).spread.median) },
    { id: 'p90', unit: 'ns', values: numbers(count, (i) => of(i).spread.p90) },
    { id: 'p95', unit: 'ns', values: numbers(count, (i) => of(i).spread.p95) },
    { id: 'p99', unit: 'ns', values: numbers(count, (i) => of(i).spread.p99) },
    { id: 'max', unit: 'ns', values: numbers(count, (i) => of(i).spread.max) },
    { id: 'jitter', unit: 'ns', values: numbers(count, (i) => of(i).jitter) },
  ];
}

/** What of the initial round trip the network took, as far as the side is known that it was captured on; and the host here. */
function farHalf({ server, client, total }: Connection, side: KnownSide): number {
  if (side === 'unknown') return Number.NaN;
  return side === 'client' ? server.high : side === 'server' ? client.high : total.high;
}

function nearHalf({ server, client }: Connection, side: KnownSide): number {
  return side === 'client' ? client.high : side === 'server' ? server.high : Number.NaN;
}

function connectionTable(all: readonly Connection[], sides: Sides): Table {
  const count = all.length;
  const side = all.map(({ flow }) => sides.of(flow));
  const ends = (i: number): FlowEnds => all[i].ends;
  return {
    id: 'rtt.connections',
    count,
    columns: [
      { id: 'client', unit: 'text', values: texts(count, (i) => ends(i).client) },
      { id: 'clientPort', unit: 'id', values: numbers(count, (i) => ends(i).clientPort) },
      { id: 'server', unit: 'text', values: texts(count, (i) => ends(i).server) },
      { id: 'serverPort', unit: 'id', values: numbers(count, (i) => ends(i).serverPort) },
      { id: 'initialRtt', unit: 'ns', values: numbers(count, (i) => all[i].total.high) },
      { id: 'handshake', unit: 'key', values: texts(count, (i) => `handshake.${all[i].kind}`) },
      { id: 'serverSide', unit: 'ns', values: numbers(count, (i) => all[i].server.high) },
      { id: 'serverSideLow', unit: 'ns', values: numbers(count, (i) => all[i].server.low), optional: true },
      { id: 'clientSide', unit: 'ns', values: numbers(count, (i) => all[i].client.high) },
      { id: 'captureSide', unit: 'key', values: side.map((one) => `side.${one}`) },
      { id: 'networkRtt', unit: 'ns', values: numbers(count, (i) => farHalf(all[i], side[i])) },
      { id: 'hostDelay', unit: 'ns', values: numbers(count, (i) => nearHalf(all[i], side[i])), optional: true },
      ...spreadColumns(count, (i) => all[i]),
      { id: 'stream', unit: 'id', values: numbers(count, (i) => ends(i).stream) },
    ],
    filter: 'tcp.stream == {stream}',
    sort: { column: 'p95', descending: true },
  };
}

/** By the user's names for servers. */
function groupTable(list: readonly ServerGroup[]): Table {
  const count = list.length;
  return {
    id: 'rtt.groups',
    count,
    columns: [
      { id: 'addressGroup', unit: 'text', values: list.map(({ name }) => name) },
      { id: 'groupSource', unit: 'key', values: list.map(({ source }) => `group.${source}`), filter: '' },
      { id: 'servers', unit: 'number', values: numbers(count, (i) => list[i].servers.length), filter: '' },
      { id: 'connections', unit: 'number', values: numbers(count, (i) => list[i].connections), filter: '' },
      { id: 'initialRtt', unit: 'ns', values: numbers(count, (i) => list[i].initial) },
      ...spreadColumns(count, (i) => list[i]),
      { id: 'filter', unit: 'text', values: list.map(({ filter }) => filter), hidden: true },
    ],
    filter: '{filter}',
    sort: { column: 'p95', descending: true },
  };
}

function addressTable(list: readonly Server[], names: Names): Table {
  const count = list.length;
  return {
    id: 'rtt.addresses',
    count,
    columns: [
      { id: 'server', unit: 'text', values: list.map(({ address }) => address) },
      ...nameColumn(
        'name',
        list.map(({ address }) => address),
        names,
      ),
      { id: 'connections', unit: 'number', values: numbers(count, (i) => list[i].connections), filter: '' },
      { id: 'initialRtt', unit: 'ns', values: numbers(count, (i) => list[i].initial) },
      ...spreadColumns(count, (i) => list[i]),
      { id: 'family', unit: 'text', values: list.map(({ family }) => family), hidden: true },
    ],
    filter: 'tcp and {family}.addr == {server}',
    sort: { column: 'p95', descending: true },
  };
}

function echoTable({ pairs }: Echoes): Table {
  const count = pairs.length;
  return {
    id: 'rtt.echoes',
    count,
    columns: [
      { id: 'source', unit: 'text', values: pairs.map(({ source }) => source) },
      { id: 'destination', unit: 'text', values: pairs.map(({ destination }) => destination) },
      { id: 'requests', unit: 'number', values: numbers(count, (i) => pairs[i].requests), filter: '' },
      { id: 'replies', unit: 'number', values: numbers(count, (i) => pairs[i].answered), filter: '' },
      { id: 'lost', unit: 'number', values: numbers(count, (i) => pairs[i].lost), filter: '' },
      { id: 'duplicates', unit: 'number', values: numbers(count, (i) => pairs[i].duplicates), filter: '' },
      ...spreadColumns(count, (i) => ({ spread: pairs[i].rtt, jitter: pairs[i].jitter })),
      {
        id: 'family',
        unit: 'text',
        values: pairs.map(({ source }) => (source.includes(':') ? 'ipv6' : 'ip')),
        hidden: true,
      },
      {
        id: 'icmp',
        unit: 'text',
        values: pairs.map(({ source }) => (source.includes(':') ? 'icmpv6' : 'icmp')),
        hidden: true,
      },
    ],
    filter: '{icmp} and {family}.addr == {source} and {family}.addr == {destination}',
    sort: { column: 'lost', descending: true },
  };
}

/** A connection is slow when its 95th percentile is this many times the median of all. */
const SLOW = 5;
/** And at least so long. */
const SLOW_NS = 20e6;

function findingsOf(connections: readonly Connection[], echoes: Echoes): Finding[] {
  const findings: Finding[] = [];
  const typical = spreadOf(Float64Array.from(connections.map(({ spread }) => spread.median)).filter((one) => one >= 0));
  const slowest = connections.reduce<Connection | null>(
    (worst, one) => (one.spread.p95 > (worst?.spread.p95 ?? 0) ? one : worst),
    null,
  );
  if (slowest !== null && slowest.spread.p95 > SLOW * typical.median && slowest.spread.p95 > SLOW_NS) {
    findings.push({
      id: 'rtt.slowest',
      level: 'look',
      values: {
        server: `${slowest.ends.server}:${slowest.ends.serverPort}`,
        client: `${slowest.ends.client}:${slowest.ends.clientPort}`,
        high: { value: slowest.spread.p95, unit: 'ns' },
        typical: { value: typical.median, unit: 'ns' },
      },
      link: { filter: `tcp.stream == ${slowest.ends.stream}` },
    });
  }
  const lost = echoes.pairs.reduce((sum, pair) => sum + pair.lost, 0);
  const asked = echoes.pairs.reduce((sum, pair) => sum + pair.requests, 0);
  if (lost > 0) {
    findings.push({
      id: 'rtt.echoLost',
      level: 'look',
      values: { lost: { value: lost, unit: 'count' }, asked: String(asked) },
      link: { filter: 'icmp.type == 8 or icmpv6.type == 128' },
    });
  }
  return findings;
}
