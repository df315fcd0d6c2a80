/** The tables of flow monitors: monitors, workloads, the flows that stand out, and the paths between subnets. */

import { PARTS } from '../../../analyses/monitor-times.ts';
import { Groups, percentiles, spreadOf } from '../../../analyses/samples.ts';
import { type Evidence, joined, judge } from '../../../analyses/verdict.ts';
import type { Table, TableColumn } from '../../../contract/report.ts';
import { catalog } from '../../../dissect/registry.ts';
import { numbers, texts } from '../columns.ts';
import { exceptErrors } from '../quoted.ts';
import { type Flows, type MonitoredFlow, WORKLOADS } from './flows.ts';
import type { Monitor } from './monitors.ts';

/** Flows shown by each of: data, repetitions, timeouts, round trip, time lost. */
const TOP = 200;
/** Filters longer than this are not accepted. */
const MOST_FILTER = 60_000;

/** Median round trip of each flow; NaN: none is known. */
export function medianTrips(flows: Flows, count: number): Float64Array {
  const { network } = flows.trips;
  const groups = new Groups(network.flow, count, network.rtt);
  return numbers(count, (flow) => percentiles(groups.of(flow), [0.5])[0]);
}

/** Behind a filter on streams: what was not counted. */
export function exceptions({ connections, times }: Flows): string {
  const copies = times.copies > 0 && catalog.get('nagare.copy') !== undefined ? ' and not nagare.copy' : '';
  return exceptErrors(connections.more > 0) + copies;
}

function verdictColumns(all: readonly { readonly evidence: Evidence }[]): TableColumn[] {
  const judged = all.map(({ evidence }) => judge(evidence));
  return [
    { id: 'verdict', unit: 'key', values: judged.map(({ verdict }) => `verdict.${verdict}`) },
    { id: 'confidence', unit: 'key', values: judged.map(({ confidence }) => `confidence.${confidence}`) },
    { id: 'nextStep', unit: 'key', values: judged.map(({ verdict }) => `next.${verdict}`) },
  ];
}

function partColumns(all: readonly { readonly evidence: Evidence }[]): TableColumn[] {
  return PARTS.map((part) => ({
    id: `part.${part}`,
    unit: 'ns',
    values: numbers(all.length, (i) => all[i].evidence.parts[part]),
  }));
}

export function monitorTable(monitors: readonly Monitor[], factor: number, filters: readonly string[]): Table {
  const count = monitors.length;
  const of = (value: (monitor: Monitor) => number): Float64Array => numbers(count, (i) => value(monitors[i]));
  return {
    id: 'monitor.monitors',
    count,
    columns: [
      { id: 'monitor', unit: 'text', values: monitors.map(({ spec }) => spec.name) },
      { id: 'localSide', unit: 'text', values: monitors.map(({ spec }) => sideText(spec.local)) },
      { id: 'remoteSide', unit: 'text', values: monitors.map(({ spec }) => sideText(spec.remote)) },
      { id: 'flows', unit: 'number', values: of(({ flows }) => flows.length) },
      { id: 'sentData', unit: 'bytes', values: of(({ sent }) => sent * factor) },
      { id: 'gotData', unit: 'bytes', values: of(({ got }) => got * factor) },
      { id: 'min', unit: 'ns', values: of(({ rtt }) => rtt.min) },
      { id: 'mean', unit: 'ns', values: of(({ rtt }) => rtt.mean) },
      { id: 'median', unit: 'ns', values: of(({ rtt }) => rtt.median) },
      { id: 'p95', unit: 'ns', values: of(({ rtt }) => rtt.p95) },
      { id: 'p99', unit: 'ns', values: of(({ rtt }) => rtt.p99) },
      { id: 'resent', unit: 'number', values: of(({ resent }) => resent) },
      { id: 'timeouts', unit: 'number', values: of(({ timeouts }) => timeouts) },
      ...verdictColumns(monitors),
      ...partColumns(monitors),
      { id: 'filter', unit: 'text', values: filters, hidden: true },
    ],
    filter: '{filter}',
  };
}

function sideText(side: readonly string[]): string {
  return side.length === 0 ? '*' : side.join(', ');
}

export function workloadTable(flows: Flows, rtt: Float64Array): Table {
  const { view, times } = flows;
  const groups = WORKLOADS.flatMap((workload) => {
    const members = flows.list.filter((one) => one.workload === workload);
    return members.length === 0
      ? []
      : [{ workload, members, evidence: joined(members.map(({ flow }) => flows.evidence(flow))) }];
  });
  const sum = (members: readonly MonitoredFlow[], of: (one: MonitoredFlow) => number): number =>
    members.reduce((all, one) => all + of(one), 0);
  const up = ({ flow, own, client }: MonitoredFlow): number => times.data(own === client || own < 0 ? 0 : 1, flow);
  const down = ({ flow, own, client }: MonitoredFlow): number => times.data(own === client || own < 0 ? 1 : 0, flow);
  const count = groups.length;
  return {
    id: 'monitor.workload',
    count,
    columns: [
      { id: 'workload', unit: 'key', values: groups.map(({ workload }) => `workload.${workload}`) },
      { id: 'flows', unit: 'number', values: numbers(count, (i) => groups[i].members.length) },
      { id: 'sentData', unit: 'bytes', values: numbers(count, (i) => sum(groups[i].members, up)) },
      { id: 'gotData', unit: 'bytes', values: numbers(count, (i) => sum(groups[i].members, down)) },
      { id: 'resent', unit: 'number', values: numbers(count, (i) => groups[i].evidence.resent) },
      {
        id: 'timeouts',
        unit: 'number',
        values: numbers(count, (i) => sum(groups[i].members, ({ flow }) => flows.connections.resent.timeout[flow])),
      },
      {
        id: 'median',
        unit: 'ns',
        values: numbers(
          count,
          (i) =>
            spreadOf(Float64Array.from(groups[i].members, ({ flow }) => rtt[flow]).filter((one) => one >= 0)).median,
        ),
      },
      ...verdictColumns(groups),
      ...partColumns(groups),
      {
        id: 'filter',
        unit: 'text',
        values: groups.map(({ members }) => {
          const peers = new Set(
            members.filter(({ peer }) => peer >= 0).map(({ peer }) => view.ends.addresses.text(peer)),
          );
          const filter = `(tcp or udp) and nagare.peer in {${[...peers].map((one) => `"${one}"`).join(', ')}}`;
          return peers.size === 0 || filter.length > MOST_FILTER ? '' : filter;
        }),
        hidden: true,
      },
    ],
    filter: '{filter}',
  };
}

/** Flows that are among the first by something. */
export function topFlows(flows: Flows, rtt: Float64Array): MonitoredFlow[] {
  const { times, connections } = flows;
  const by: readonly ((flow: number) => number)[] = [
    (flow) => times.data(0, flow) + times.data(1, flow),
    (flow) => connections.resentSegments[flow],
    (flow) => connections.resent.timeout[flow],
    (flow) => rtt[flow],
    lostTime(flows),
  ];
  const found = new Set<MonitoredFlow>(flows.list.slice(0, TOP));
  for (const value of by) for (const one of largest(flows.list, value)) found.add(one);
  return [...found].sort((a, b) => by[0](b.flow) - by[0](a.flow));
}

/** The first ones by a value above 0: more than fit are cut by the value that the last one has. */
function largest(list: readonly MonitoredFlow[], value: (flow: number) => number): MonitoredFlow[] {
  const values = Float64Array.from(list, ({ flow }) => value(flow) || 0);
  const [least] = values.length <= TOP ? [0] : percentiles(values.slice(), [1 - TOP / values.length]);
  const some = list.filter((_, i) => values[i] > 0 && values[i] >= least);
  return some.sort((a, b) => value(b.flow) - value(a.flow)).slice(0, TOP);
}

/** What a connection waited for beside the way and the client's own pauses. */
export function lostTime({ times, isUnanswered }: Flows): (flow: number) => number {
  return (flow) =>
    isUnanswered(flow) ? 0 : times.part('loss', flow) + times.part('window', flow) + times.part('server', flow);
}

export function flowTable(flows: Flows, top: readonly MonitoredFlow[], rtt: Float64Array): Table {
  const { view, times, connections } = flows;
  const count = top.length;
  const text = (address: number): string => view.ends.addresses.text(address);
  const of = (value: (flow: number) => number): Float64Array => numbers(count, (i) => value(top[i].flow));
  const all = top.map(({ flow }) => ({ evidence: flows.evidence(flow) }));
  return {
    id: 'monitor.flows',
    count,
    columns: [
      { id: 'transport', unit: 'text', values: top.map(({ transport }) => transport) },
      { id: 'client', unit: 'text', values: top.map(({ client }) => text(client)) },
      { id: 'clientPort', unit: 'id', values: numbers(count, (i) => top[i].clientPort) },
      { id: 'server', unit: 'text', values: top.map(({ server }) => text(server)) },
      { id: 'serverPort', unit: 'id', values: numbers(count, (i) => top[i].serverPort) },
      { id: 'workload', unit: 'key', values: top.map(({ workload }) => `workload.${workload}`) },
      { id: 'packets', unit: 'count', values: of((flow) => times.packets(flow)) },
      { id: 'upData', unit: 'bytes', values: of((flow) => times.data(0, flow)) },
      { id: 'downData', unit: 'bytes', values: of((flow) => times.data(1, flow)) },
      { id: 'resent', unit: 'number', values: of((flow) => connections.resentSegments[flow]) },
      { id: 'timeouts', unit: 'number', values: of((flow) => connections.resent.timeout[flow]) },
      { id: 'median', unit: 'ns', values: of((flow) => rtt[flow]) },
      ...verdictColumns(all),
      ...partColumns(all),
      { id: 'duration', unit: 'ns', values: of((flow) => times.duration(flow)) },
      { id: 'stream', unit: 'id', values: numbers(count, (i) => top[i].stream) },
    ],
    filter: `{transport}.stream == {stream}${exceptions(flows)}`,
    packets: 'packets',
  };
}

/** From the own subnet to the others, with the names of the map; the worst flow of each. */
export function pathTable(flows: Flows): Table {
  const { view } = flows;
  const lost = lostTime(flows);
  const paths = new Map<
    string,
    { own: number; peer: number; flows: number; worst: MonitoredFlow; evidence: Evidence[] }
  >();
  for (const one of flows.list) {
    if (one.peer < 0) continue;
    const entry = view.classOf(one.peer).entry;
    const key = `${one.own} ${entry === null ? one.peer : `${entry.cidr} ${entry.name}`}`;
    const known = paths.get(key);
    const evidence = flows.evidence(one.flow);
    if (known === undefined)
      paths.set(key, { own: one.own, peer: one.peer, flows: 1, worst: one, evidence: [evidence] });
    else {
      known.flows++;
      known.evidence.push(evidence);
      if (lost(one.flow) > lost(known.worst.flow)) known.worst = one;
    }
  }
  const list = [...paths.values()]
    .map((one) => ({ ...one, evidence: joined(one.evidence) }))
    .sort((a, b) => lost(b.worst.flow) - lost(a.worst.flow))
    .slice(0, TOP);
  const count = list.length;
  const address = (of: number): string => view.ends.addresses.text(of);
  const mine = (i: number) => view.data.map?.find(view.ends.addresses.bytes(list[i].own)) ?? null;
  const theirs = (i: number) => view.classOf(list[i].peer).entry;
  return {
    id: 'monitor.paths',
    count,
    columns: [
      { id: 'ownAddress', unit: 'text', values: texts(count, (i) => address(list[i].own)) },
      { id: 'ownInstance', unit: 'text', values: texts(count, (i) => mine(i)?.instance ?? '') },
      { id: 'ownCard', unit: 'text', values: texts(count, (i) => mine(i)?.card ?? '') },
      { id: 'ownSubnet', unit: 'text', values: texts(count, (i) => subnetName(mine(i))) },
      {
        id: 'remoteSubnet',
        unit: 'text',
        values: texts(count, (i) => subnetName(theirs(i)) || view.classOf(list[i].peer).owner),
      },
      { id: 'remoteCard', unit: 'text', values: texts(count, (i) => theirs(i)?.card ?? '') },
      { id: 'remoteInstance', unit: 'text', values: texts(count, (i) => theirs(i)?.instance ?? '') },
      { id: 'remoteAddress', unit: 'text', values: texts(count, (i) => address(list[i].peer)) },
      { id: 'billing', unit: 'key', values: texts(count, (i) => `billing.${view.classOf(list[i].peer).class}`) },
      { id: 'flows', unit: 'number', values: numbers(count, (i) => list[i].flows), filter: '' },
      ...verdictColumns(list),
      { id: 'worstStream', unit: 'id', values: numbers(count, (i) => list[i].worst.stream) },
      { id: 'transport', unit: 'text', values: texts(count, (i) => list[i].worst.transport), hidden: true },
    ],
    filter: '{transport}.stream == {worstStream}',
  };
}

function subnetName(
  entry: { readonly subnet: string; readonly name: string; readonly network: string } | null,
): string {
  return entry === null ? '' : entry.subnet || entry.name || entry.network;
}
