/** Round trips by named groups of servers: the user's labels, and the names and networks of the user's map. */

import { Groups, jittersOf, linesOf, type Spread, spreadOf, timeLine } from '../../analyses/samples.ts';
import type { MapFile } from '../../cloud/map-file.ts';
import { addressBytes } from '../../cloud/prefix-table.ts';
import type { Series, Tone } from '../../contract/report.ts';
import type { Capture } from '../capture.ts';
import { cloudOf } from '../cloud.ts';
import type { Connections, Server } from './rtt-connections.ts';
import type { Trips } from './trips.ts';

export interface ServerGroup {
  readonly name: string;
  readonly source: 'label' | 'map';
  readonly servers: readonly Server[];
  readonly connections: number;
  /** Median of the handshakes. */
  readonly initial: number;
  readonly spread: Spread;
  readonly jitter: number;
  /** Finds the connections. */
  readonly filter: string;
}

export interface ServerGroups {
  /** The one with the most samples first. */
  readonly all: readonly ServerGroup[];
  /** Medians over time of the first of them. */
  series(first: number, last: number): Series[];
}

const BUCKETS = 240;
const TONES: readonly Tone[] = ['accent', 'blue', 'violet', 'amber', 'green', 'red'];
/** Of more servers, the filter names the blocks that hold them. */
const MOST_LISTED = 200;

/** A server without a name belongs to none. */
export function serverGroups(
  capture: Capture,
  { all: connections, servers }: Connections,
  { network: samples }: Trips,
): ServerGroups {
  const { map } = cloudOf(capture).now.data;
  const named = new Map<
    string,
    { readonly name: string; readonly source: 'label' | 'map'; readonly servers: Server[] }
  >();
  const keyOf = new Map<string, string>();
  for (const server of servers) {
    const group = groupOf(capture, map, server.address);
    if (group === null) continue;
    const key = `${group.source} ${group.name}`;
    keyOf.set(server.address, key);
    const known = named.get(key);
    if (known === undefined) named.set(key, { ...group, servers: [server] });
    else known.servers.push(server);
  }
  const keys = [...named.keys()];
  const numbers = new Map(keys.map((key, number) => [key, number]));
  const groupOfFlow = new Uint32Array(capture.pass.flows.count).fill(keys.length);
  const initial = keys.map((): number[] => []);
  for (const { flow, ends, total } of connections) {
    const number = numbers.get(keyOf.get(ends.server) ?? '');
    if (number === undefined) continue;
    groupOfFlow[flow] = number;
    if (total.high >= 0) initial[number].push(total.high);
  }
  const ofSample = samples.flow.map((flow) => groupOfFlow[flow]);
  const rtts = new Groups(ofSample, keys.length, samples.rtt);
  const jitters = jittersOf(ofSample, keys.length, samples.rtt);
  const made = [...named.values()].map(({ name, source, servers }, number) => ({
    number,
    name,
    source,
    servers,
    connections: servers.reduce((sum, one) => sum + one.connections, 0),
    initial: spreadOf(Float64Array.from(initial[number])).median,
    spread: spreadOf(rtts.of(number)),
    jitter: jitters[number],
    filter: filterOf(capture, map, name, source, servers),
  }));
  const sorted = made.sort((a, b) => b.spread.count - a.spread.count);
  return {
    all: sorted,
    series(first, last) {
      const shown = sorted.slice(0, TONES.length);
      const line = timeLine(first, last, BUCKETS);
      const place = new Uint32Array(keys.length + 1).fill(shown.length);
      shown.forEach(({ number }, i) => {
        place[number] = i;
      });
      const { time, rtt } = samples;
      const values = linesOf(line, time, rtt, [0.5], (i) => place[ofSample[i]], shown.length + 1);
      return shown.map(({ name }, i) => ({
        id: `rtt.group${i}`,
        title: name,
        unit: 'ns',
        values: values[i],
        tone: TONES[i],
      }));
    },
  };
}

function groupOf(
  capture: Capture,
  map: MapFile | null,
  address: string,
): { readonly name: string; readonly source: 'label' | 'map' } | null {
  const label = capture.given.labelOf(address);
  if (label !== '') return { name: label, source: 'label' };
  const bytes = addressBytes(address);
  const entry = bytes === null ? null : (map?.find(bytes) ?? null);
  const name = entry === null ? '' : entry.name || entry.network || entry.region;
  return name === '' ? null : { name, source: 'map' };
}

function filterOf(
  capture: Capture,
  map: MapFile | null,
  name: string,
  source: 'label' | 'map',
  servers: readonly Server[],
): string {
  const blocks =
    source === 'label'
      ? capture.preferences.labels.filter((label) => label.name.trim() === name).map(({ address }) => address)
      : (map?.entries ?? []).filter((one) => (one.name || one.network || one.region) === name).map(({ cidr }) => cidr);
  const members = servers.length <= MOST_LISTED ? servers.map(({ address }) => address) : blocks;
  const of = (field: string, isIpv6: boolean): string[] => {
    const own = members.filter((one) => one.includes(':') === isIpv6);
    return own.length === 0 ? [] : [`${field} in {${own.join(', ')}}`];
  };
  return `tcp and (${[...of('ip.addr', false), ...of('ipv6.addr', true)].join(' or ')})`;
}
