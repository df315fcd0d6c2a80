/** The user's monitors on the flows of a capture: who belongs to which, what moved, and what to be told about. */

import { type MonitorSeries, monitorSeries, NO_MONITOR, SOME_MONITORS } from '../../../analyses/monitor-series.ts';
import { type Spread, spreadOf } from '../../../analyses/samples.ts';
import { type Evidence, type Judged, joined, judge } from '../../../analyses/verdict.ts';
import { inPrefix } from '../../../base/address.ts';
import { type Block, parseBlock } from '../../../cloud/prefix-table.ts';
import type { MonitorSpec } from '../../../contract/monitors.ts';
import type { PanelInput } from '../panel.ts';
import { type Flows, type MonitoredFlow } from './flows.ts';

const MOST_BUCKETS = 1200;
const AUTO_BUCKETS = 120;
const SECOND = 1e9;
/** Widths that people count in. */
const WIDTHS = [0.001, 0.01, 0.1, 1, 5, 10, 30, 60, 300, 600, 900, 1800, 3600] as const;

export interface Monitor {
  readonly spec: MonitorSpec;
  readonly flows: readonly MonitoredFlow[];
  /** From the local side to the remote one, and back; not yet by the counting rule. */
  readonly sent: number;
  readonly got: number;
  readonly rtt: Spread;
  readonly resent: number;
  readonly timeouts: number;
  readonly evidence: Evidence;
  readonly judged: Judged;
}

export interface Buckets {
  readonly from: number;
  readonly width: number;
  readonly count: number;
  readonly times: Float64Array;
}

/** `wanted`: seconds, or `auto`. A width that would make more buckets than can be drawn becomes the next one that does not. */
export function bucketsOf({ capture, range = null }: PanelInput, wanted: string): Buckets {
  const { pass } = capture;
  const from = Math.max(pass.firstTime, range?.from ?? Number.NEGATIVE_INFINITY);
  const until = Math.min(pass.lastTime, range?.to ?? Number.POSITIVE_INFINITY);
  if (!(until >= from)) return { from: 0, width: SECOND, count: 0, times: new Float64Array(0) };
  const seconds = (until - from) / SECOND;
  const chosen = Number(wanted);
  const least = Number.isFinite(chosen) && chosen > 0 ? chosen : seconds / AUTO_BUCKETS;
  const fits = (width: number): boolean => width >= least && seconds / width <= MOST_BUCKETS;
  const width = (WIDTHS.find(fits) ?? Math.max(least, seconds / MOST_BUCKETS)) * SECOND;
  const count = Math.floor((until - from) / width) + 1;
  return { from, width, count, times: Float64Array.from({ length: count }, (_, i) => from + i * width) };
}

export function makeMonitors(
  input: PanelInput,
  flows: Flows,
  specs: readonly MonitorSpec[],
  buckets: Buckets,
): { readonly monitors: readonly Monitor[]; readonly series: MonitorSeries } {
  const { flows: states } = input.capture.pass;
  const monitorOf = new Int32Array(states.count).fill(NO_MONITOR);
  const several = new Map<number, number[]>();
  const members: MonitoredFlow[][] = specs.map(() => []);
  const sent = new Float64Array(specs.length);
  const got = new Float64Array(specs.length);
  specs.forEach((spec, index) => {
    const local = new Side(flows, spec.local);
    const remote = new Side(flows, spec.remote);
    for (const one of flows.list) {
      const isForward = local.has(one.client) && remote.has(one.server);
      if (!isForward && !(local.has(one.server) && remote.has(one.client))) continue;
      members[index].push(one);
      const known = monitorOf[one.flow];
      if (known === NO_MONITOR) monitorOf[one.flow] = index;
      else {
        const all = several.get(one.flow) ?? [known];
        several.set(one.flow, [...all, index]);
        monitorOf[one.flow] = SOME_MONITORS;
      }
      sent[index] += flows.times.data(isForward ? 0 : 1, one.flow);
      got[index] += flows.times.data(isForward ? 1 : 0, one.flow);
    }
  });
  const { capture, rows } = input;
  const series = monitorSeries({
    table: capture.table,
    rows,
    flowOfPath: flows.flowOfPath,
    flowOf: (row) => capture.pass.flowOf(row),
    monitorOf,
    monitorsOf: (flow) => several.get(flow) ?? [],
    monitors: specs.length,
    from: buckets.from,
    width: buckets.width,
    buckets: buckets.count,
  });
  const monitors = specs.map((spec, index): Monitor => {
    const evidence = joined(members[index].map(({ flow }) => flows.evidence(flow)));
    return {
      spec,
      flows: members[index],
      sent: sent[index],
      got: got[index],
      rtt: holdsAll(flows, members[index]) ? flows.trips.spread : spreadOf(samplesOf(flows, members[index])),
      resent: total(series.resent[index]),
      timeouts: total(series.timeouts[index]),
      evidence,
      judged: judge(evidence),
    };
  });
  return { monitors, series };
}

/** What was measured of all flows need not be measured again. */
export function holdsAll({ list }: Flows, members: readonly MonitoredFlow[]): boolean {
  return members.length === list.length;
}

/** Round trips of the flows of a monitor; a copy of its own. */
function samplesOf({ trips }: Flows, members: readonly MonitoredFlow[]): Float64Array {
  const { network: samples } = trips;
  const isMember = membership(members);
  const found = new Float64Array(samples.count);
  let count = 0;
  for (let i = 0; i < samples.count; i++) if (isMember[samples.flow[i]] === 1) found[count++] = samples.rtt[i];
  return found.subarray(0, count);
}

/** By flow: 1 for those that are in the list. */
export function membership(members: readonly MonitoredFlow[]): Uint8Array {
  const last = members.reduce((most, { flow }) => Math.max(most, flow), -1);
  const isMember = new Uint8Array(last + 1);
  for (const { flow } of members) isMember[flow] = 1;
  return isMember;
}

function total(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0);
}

/** Addresses, blocks and names of the map; nothing: any address. */
class Side {
  private readonly flows: Flows;
  private readonly blocks: readonly Block[];
  private readonly isAny: boolean;
  private readonly known = new Map<number, boolean>();

  constructor(flows: Flows, texts: readonly string[]) {
    this.flows = flows;
    this.isAny = texts.length === 0 || texts.includes('*');
    const groups = flows.view.data.map?.groups;
    this.blocks = texts.flatMap((text) => {
      const block = parseBlock(text);
      return block === null ? (groups?.get(text) ?? []).map((entry) => entry.block) : [block];
    });
  }

  has(address: number): boolean {
    if (this.isAny) return true;
    let found = this.known.get(address);
    if (found === undefined) {
      const bytes = this.flows.view.ends.addresses.bytes(address);
      found = this.blocks.some(({ address: at, prefix }) => at.length === bytes.length && inPrefix(bytes, at, prefix));
      this.known.set(address, found);
    }
    return found;
  }
}

/** The first time that a monitor's condition holds; null: it never does. Times are of buckets. */
export function alertOf(
  monitor: Monitor,
  index: number,
  series: MonitorSeries,
  buckets: Buckets,
): { readonly value: number; readonly at: number } | null {
  const { alert } = monitor.spec;
  if (alert === undefined || alert === null) return null;
  const seconds = buckets.width / SECOND;
  const first = (values: (bucket: number) => number): { value: number; at: number } | null => {
    for (let bucket = 0; bucket < buckets.count; bucket++)
      if (values(bucket) > alert.above) return { value: values(bucket), at: buckets.times[bucket] };
    return null;
  };
  switch (alert.value) {
    case 'rttP95': {
      const value = monitor.rtt.p95 / 1e6;
      return value > alert.above ? { value, at: buckets.from } : null;
    }
    case 'resentShare': {
      const value = (100 * monitor.resent) / Math.max(1, monitor.evidence.dataPackets);
      return value > alert.above ? { value, at: buckets.from } : null;
    }
    case 'timeouts':
      return first((bucket) => series.timeouts[index][bucket]);
    case 'rate':
      return first((bucket) => (series.data[index][bucket] * 8) / seconds / 1e6);
    case 'silence': {
      let quiet = 0;
      for (let bucket = 0; bucket < buckets.count; bucket++) {
        quiet = series.data[index][bucket] === 0 ? quiet + seconds : 0;
        if (quiet > alert.above) return { value: quiet, at: buckets.times[bucket] };
      }
      return null;
    }
  }
}
