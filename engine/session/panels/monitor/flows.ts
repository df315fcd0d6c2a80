/** The flows that monitors are made of: both ends, where the other one is, what moved, how long it took, and what the verdict is. */

import { WAY } from '../../../analyses/egress-sides.ts';
import { type FlowTimes, flowTimes } from '../../../analyses/monitor-times.ts';
import { clientSide, serverSide } from '../../../analyses/round-trips.ts';
import { stateOf, type TcpConnections } from '../../../analyses/tcp-connections.ts';
import { type Evidence, type Judged, judge } from '../../../analyses/verdict.ts';
import type { Classified } from '../../../cloud/classify.ts';
import { FLOW, ipProtocolOf, SIDE, SIDE_WORDS, shiftOf } from '../../../table/flow-states.ts';
import { type CloudView, cloudOf } from '../../cloud.ts';
import type { FlowPass } from '../../flow-pass.ts';
import type { PanelInput } from '../panel.ts';
import { countConnections, isTcp } from '../tcp/connections.ts';
import { type Trips, tripsOf } from '../trips.ts';

/** Where the other end of a flow is. */
export const WORKLOADS = [
  'insideZone',
  'insideNetwork',
  'betweenZones',
  'betweenRegions',
  'providerService',
  'internet',
  'unclassified',
] as const;
export type Workload = (typeof WORKLOADS)[number];

const NONE = -1;
const BY_ROW = -2;
const UDP = 17;

const NO_EVIDENCE: Evidence = {
  parts: { handshake: 0, network: 0, server: 0, client: 0, loss: 0, window: 0 },
  ownWindow: 0,
  packets: 0,
  dataPackets: 0,
  resent: 0,
  lostBefore: 0,
  lostAfter: 0,
  closed: 0,
  knowsTrips: false,
};

export interface MonitoredFlow {
  readonly flow: number;
  readonly transport: 'tcp' | 'udp';
  /** Numbers in the view's table of addresses. */
  readonly client: number;
  readonly server: number;
  readonly clientPort: number;
  readonly serverPort: number;
  /** The own end and the other one; -1 each where no end is an own address. */
  readonly own: number;
  readonly peer: number;
  readonly workload: Workload;
  readonly stream: number;
}

export interface Flows {
  readonly view: CloudView;
  readonly list: readonly MonitoredFlow[];
  readonly times: FlowTimes;
  readonly trips: Trips;
  readonly connections: TcpConnections;
  /** Of all rows of a path; -1: none that is shown; below that: ask for the row. */
  readonly flowOfPath: Int32Array;
  evidence(flow: number): Evidence;
  /** Nobody took the connection: that says nothing of loss on the way. */
  readonly isUnanswered: (flow: number) => boolean;
  verdict(flow: number): Judged;
  /** Flows of two capture points at once, of which nothing is judged. */
  readonly mixed: ReadonlySet<number>;
}

export function findFlows(input: PanelInput, mixed: ReadonlySet<number>): Flows {
  const { capture, rows } = input;
  const { pass } = capture;
  const { table, paths, flows } = pass;
  const view = cloudOf(capture).now;
  const ofPath = new Int32Array(paths.count);
  for (let path = 0; path < paths.count; path++) {
    const flow = pass.onlyFlowOf(path);
    ofPath[path] = flow ?? BY_ROW;
    if (flow !== null && flow >= 0 && !hasPorts(flows.get(flow, FLOW.bits))) ofPath[path] = NONE;
  }
  const trips = tripsOf(input);
  let least: readonly [Float64Array, Float64Array] | null = null;
  const halfTrip = (flow: number, side: 0 | 1): number => {
    const handshake = trips.handshakes.get(flow);
    const opened =
      handshake === undefined ? Number.NaN : (side === 0 ? serverSide(handshake) : clientSide(handshake)).low;
    return opened >= 0 ? opened : (least ??= leastTrips(trips, flows.count))[side][flow];
  };
  const tcp = new Uint8Array(flows.count);
  for (let flow = 0; flow < flows.count; flow++) if (isTcp(pass, flow)) tcp[flow] = 1;
  const times = flowTimes({
    table,
    flows: flows.count,
    rows,
    flowOfPath: ofPath,
    flowOf: (row) => pass.flowOf(row),
    isTcp: tcp,
    halfTrip,
    windowUnit: (flow, direction) => windowUnit(pass, flow, direction),
  });
  const connections = countConnections(input);
  const list: MonitoredFlow[] = [];
  for (let flow = 0; flow < flows.count; flow++) if (times.packets(flow) > 0) list.push(describe(input, view, flow));
  const known: Evidence[] = new Array<Evidence>(flows.count);
  const evidence = (flow: number): Evidence =>
    (known[flow] ??= isUnanswered(flow) || mixed.has(flow) ? NO_EVIDENCE : evidenceOf(flow));
  const isUnanswered = (flow: number): boolean =>
    tcp[flow] === 1 && ['noAnswer', 'refused'].includes(stateOf(connections.completeness[flow]));
  const evidenceOf = (flow: number): Evidence => ({
    parts: {
      handshake: times.part('handshake', flow),
      network: times.part('network', flow),
      server: times.part('server', flow),
      client: times.part('client', flow),
      loss: times.part('loss', flow),
      window: times.part('window', flow),
    },
    ownWindow: times.ownWindow(flow),
    packets: times.packets(flow),
    dataPackets: times.dataPackets(flow),
    resent:
      connections.resent.fast[flow] +
      connections.resent.timeout[flow] +
      connections.resent.probe[flow] +
      connections.resent.syn[flow],
    lostBefore: connections.lostBefore[flow],
    lostAfter: connections.lostAfter[flow],
    closed: connections.signs.zeroWindow[flow] + connections.signs.windowFull[flow],
    knowsTrips: halfTrip(flow, 0) >= 0,
  });
  return {
    view,
    list,
    times,
    trips,
    connections,
    flowOfPath: ofPath,
    evidence,
    isUnanswered,
    verdict: (flow) => judge(evidence(flow)),
    mixed,
  };
}

/** Bytes of a window's unit (RFC 7323 2.2); NaN: the handshake that agrees on it is not here. */
function windowUnit({ flows }: FlowPass, flow: number, direction: 0 | 1): number {
  const shift = shiftOf(flows.get(flow, direction * SIDE_WORDS + SIDE.bits));
  const other = shiftOf(flows.get(flow, (1 - direction) * SIDE_WORDS + SIDE.bits));
  if (shift === 0 || other === 0) return Number.NaN;
  return shift === 1 || other === 1 ? 1 : 2 ** (shift - 2);
}

/** Shortest round trip of each flow's data, by direction; NaN: none is known. */
function leastTrips({ samples }: Trips, flows: number): readonly [Float64Array, Float64Array] {
  const least = [new Float64Array(flows).fill(Number.NaN), new Float64Array(flows).fill(Number.NaN)] as const;
  const { count, direction, flow, rtt } = samples;
  for (let i = 0; i < count; i++) {
    const side = least[direction[i] === 1 ? 1 : 0];
    if (!(side[flow[i]] <= rtt[i])) side[flow[i]] = rtt[i];
  }
  return least;
}

function hasPorts(bits: number): boolean {
  const protocol = ipProtocolOf(bits);
  return protocol === UDP || protocol === 6;
}

function describe({ capture }: PanelInput, view: CloudView, flow: number): MonitoredFlow {
  const { pass } = capture;
  const { flows, table } = pass;
  const path = table.get('path', flows.get(flow, FLOW.firstRow));
  const { ends, sides } = view;
  const entry = ends.start[path + 1] - 1;
  const [client, server] = [ends.source[entry], ends.destination[entry]];
  const isOwnFlow = sides.way[path] !== WAY.none && sides.entry[path] === entry;
  const peer = isOwnFlow ? sides.peer[path] : NONE;
  return {
    flow,
    transport: ipProtocolOf(flows.get(flow, FLOW.bits)) === UDP ? 'udp' : 'tcp',
    client,
    server,
    clientPort: ends.sourcePort(entry),
    serverPort: ends.destinationPort(entry),
    own: isOwnFlow ? sides.own[path] : NONE,
    peer,
    workload: peer === NONE ? 'unclassified' : workloadOf(view, view.classOf(peer)),
    stream: flows.get(flow, FLOW.stream),
  };
}

function workloadOf({ place }: CloudView, { class: billing, entry }: Classified): Workload {
  switch (billing) {
    case 'same-network':
    case 'peered': {
      const mine = place.entry?.zone ?? '';
      const theirs = entry?.zone ?? '';
      if (mine === '' || theirs === '') return 'insideNetwork';
      return mine === theirs ? 'insideZone' : 'betweenZones';
    }
    case 'other-zone':
      return 'betweenZones';
    case 'other-region':
      return 'betweenRegions';
    case 'provider-service':
    case 'platform':
      return 'providerService';
    case 'free':
      return 'insideNetwork';
    case 'internet':
      return 'internet';
    case 'unclassified':
      return 'unclassified';
  }
}
