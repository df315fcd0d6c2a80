/** Round trips of each connection, and of all connections to each server. */

import { clientSide, type Handshake, type Interval, serverSide } from '../../analyses/round-trips.ts';
import { Groups, jittersOf, type Spread, spreadOf } from '../../analyses/samples.ts';
import { answeredSyns } from './answered-syn.ts';
import { type FlowEnds, flowEnds } from './flow-ends.ts';
import type { PanelInput } from './panel.ts';
import type { Trips } from './trips.ts';

export interface Connection {
  readonly flow: number;
  readonly ends: FlowEnds;
  readonly server: Interval;
  readonly client: Interval;
  readonly total: Interval;
  /** How the handshake's round trip is known. */
  readonly kind: 'exact' | 'byTimestamp' | 'range' | 'absent';
  readonly spread: Spread;
  readonly jitter: number;
}

export interface Server {
  readonly address: string;
  readonly family: 'ip' | 'ipv6';
  readonly connections: number;
  /** Median of the handshakes. */
  readonly initial: number;
  readonly spread: Spread;
  readonly jitter: number;
}

export interface Connections {
  /** In the order of their flows. */
  readonly all: readonly Connection[];
  /** In order of appearance: what people mean by a remote address of theirs. */
  readonly servers: readonly Server[];
}

const kept = new WeakMap<Trips, Connections>();

/** Connections with a handshake or a round trip of data. */
export async function connectionsOf(input: Pick<PanelInput, 'capture' | 'job'>, trips: Trips): Promise<Connections> {
  const known = kept.get(trips);
  if (known !== undefined) return known;
  const made = await addUp(input, trips);
  kept.set(trips, made);
  return made;
}

async function addUp(
  input: Pick<PanelInput, 'capture' | 'job'>,
  { handshakes, samples, network }: Trips,
): Promise<Connections> {
  const { pass } = input.capture;
  const answered = await answeredSyns(input, repeatedSyns(handshakes));
  const flows = flowsOf(pass.flows.count, samples.flow, handshakes);
  const ends = Array.from(flows, (flow) => flowEnds(pass, flow));
  const { serverOf, places, start } = byServer(ends);
  const keys = translated(network.flow, flows, places, pass.flows.count);
  const groups = new Groups(keys, flows.length, network.rtt);
  const jitters = jittersOf(keys, flows.length, network.rtt);
  const all = Array.from(flows, (flow, i) => ({
    flow,
    ends: ends[i],
    ...halves(handshakes.get(flow), answered.get(flow)),
    jitter: jitters[places[i]],
    spread: spreadOf(groups.of(places[i])),
  }));
  const count = start.length - 1;
  const serverJitters = jittersOf(translated(keys, places, serverOf, flows.length), count, network.rtt);
  const initial = Array.from({ length: count }, (): number[] => []);
  const first = new Uint32Array(count);
  for (let i = flows.length - 1; i >= 0; i--) {
    if (all[i].total.high >= 0) initial[serverOf[i]].push(all[i].total.high);
    first[serverOf[i]] = i;
  }
  const servers = initial.map((handshakesOf, server) => ({
    address: ends[first[server]].server,
    family: ends[first[server]].family,
    connections: start[server + 1] - start[server],
    initial: spreadOf(Float64Array.from(handshakesOf)).median,
    spread: spreadOf(groups.between(start[server], start[server + 1])),
    jitter: serverJitters[server],
  }));
  return { all, servers };
}

/** Flows with a handshake or a sample, ascending. */
function flowsOf(count: number, sampled: Uint32Array, handshakes: ReadonlyMap<number, Handshake>): Uint32Array {
  const isOne = new Uint8Array(count);
  for (let i = 0; i < sampled.length; i++) isOne[sampled[i]] = 1;
  for (const flow of handshakes.keys()) isOne[flow] = 1;
  const flows: number[] = [];
  for (let flow = 0; flow < count; flow++) if (isOne[flow] === 1) flows.push(flow);
  return Uint32Array.from(flows);
}

/** `numbers`, each of which is one of `from` below `count`, by the number at the same place of `to`. */
function translated(numbers: Uint32Array, from: Uint32Array, to: Uint32Array, count: number): Uint32Array {
  const table = new Uint32Array(count);
  for (let i = 0; i < from.length; i++) table[from[i]] = to[i];
  const result = new Uint32Array(numbers.length);
  for (let i = 0; i < numbers.length; i++) result[i] = table[numbers[i]];
  return result;
}

interface ByServer {
  /** Of each connection: its server, in order of appearance, and its place when connections of a server lie side by side. */
  readonly serverOf: Uint32Array;
  readonly places: Uint32Array;
  /** First place of each server. */
  readonly start: Uint32Array;
}

function byServer(ends: readonly FlowEnds[]): ByServer {
  const numbers = new Map<string, number>();
  const serverOf = Uint32Array.from(ends, ({ server }) => {
    const number = numbers.get(server) ?? numbers.size;
    numbers.set(server, number);
    return number;
  });
  const start = new Uint32Array(numbers.size + 1);
  for (const server of serverOf) start[server + 1]++;
  for (let server = 0; server < numbers.size; server++) start[server + 1] += start[server];
  const next = start.slice();
  return { serverOf, places: serverOf.map((server) => next[server]++), start };
}

/** Rows of the SYN/ACKs that may have answered any of several SYNs, by flow. */
function repeatedSyns(handshakes: ReadonlyMap<number, Handshake>): ReadonlyMap<number, number> {
  const rows = new Map<number, number>();
  for (const [flow, handshake] of handshakes) {
    const { low, high } = serverSide(handshake);
    if (low < high) rows.set(flow, handshake.synAckRow);
  }
  return rows;
}

const UNKNOWN: Interval = { low: Number.NaN, high: Number.NaN };

/** `answered`: time of the SYN that was answered, where one of several is known to be. */
function halves(
  handshake: Handshake | undefined,
  answered: number | undefined,
): Pick<Connection, 'server' | 'client' | 'total' | 'kind'> {
  if (handshake === undefined || Number.isNaN(handshake.firstSynAck))
    return { server: UNKNOWN, client: UNKNOWN, total: UNKNOWN, kind: 'absent' };
  let server = serverSide(handshake);
  const client = clientSide(handshake);
  let kind: Connection['kind'] = Number.isNaN(handshake.firstSyn) ? 'absent' : 'exact';
  if (kind === 'exact' && server.low !== server.high) {
    kind = answered === undefined ? 'range' : 'byTimestamp';
    if (answered !== undefined) {
      const rtt = handshake.firstSynAck - answered;
      server = { low: rtt, high: rtt };
    }
  }
  if (kind !== 'absent' && client.low !== client.high) kind = 'range';
  return { server, client, kind, total: { low: server.low + client.low, high: server.high + client.high } };
}
