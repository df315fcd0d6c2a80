/** What the machine sent, to whom, and what that is to the clouds: the numbers that the panel's tables and sentences say. */

import { MINUTE_NS, type Projection, project } from '../../../analyses/egress-projection.ts';
import { type Sides, WAY } from '../../../analyses/egress-sides.ts';
import { type EgressTotals, egressTotals } from '../../../analyses/egress-totals.ts';
import { type TimeLine, timeLine } from '../../../analyses/samples.ts';
import { BILLING_CLASSES, type BillingClass } from '../../../cloud/billing-classes.ts';
import { FLAG } from '../../../table/flags.ts';
import { BLOCK_MASK, BLOCK_SHIFT } from '../../../table/packet-table.ts';
import { type CloudView, cloudOf } from '../../cloud.ts';
import type { PanelInput } from '../panel.ts';
import { ipBytesOf } from './ip-bytes.ts';

const BUCKETS = 240;
const TCP = 6;
/** Ethernet's largest segment; longer ones are cut into such behind the capture point unless the other side said a size. */
const SEGMENT = { ipv4: 1460, ipv6: 1440 } as const;
const TCP_HEADERS = { ipv4: 40, ipv6: 60 } as const;
/** No group: not outbound. */
const NO_GROUP = 255;

export interface ClassTotal {
  readonly class: BillingClass;
  readonly destinations: number;
  readonly packets: number;
  readonly ip: number;
  readonly projection: Projection;
}

export interface Counted {
  readonly view: CloudView;
  readonly totals: EgressTotals;
  /** Nanoseconds that are counted over, and when they begin. */
  readonly from: number;
  readonly duration: number;
  readonly line: TimeLine;
  readonly minutes: number;
  /** By way. */
  readonly sum: (way: number, of: Float64Array) => number;
  readonly classes: readonly ClassTotal[];
  readonly projection: Projection;
}

export async function countEgress(input: PanelInput): Promise<Counted> {
  const { capture, rows, range = null } = input;
  const { pass } = capture;
  const { table, paths } = pass;
  const { count } = table;
  const view = cloudOf(capture).now;
  const { sides } = view;
  const from = Math.max(pass.firstTime, range?.from ?? Number.NEGATIVE_INFINITY);
  const until = Math.min(pass.lastTime, range?.to ?? Number.POSITIVE_INFINITY);
  const duration = until >= from ? until - from : 0;
  const minutes = Math.floor(duration / MINUTE_NS);
  const line = timeLine(from, until, BUCKETS);
  const group = new Uint8Array(paths.count).fill(NO_GROUP);
  for (let path = 0; path < paths.count; path++)
    if (sides.way[path] === WAY.out) group[path] = BILLING_CLASSES.indexOf(view.classOf(sides.peer[path]).class);
  const totals = egressTotals({
    table,
    count,
    paths: group.length,
    rows,
    way: sides.way,
    group,
    groups: BILLING_CLASSES.length,
    ipBytes: await ipBytesOf(input, sides),
    ...segments(input, sides),
    from,
    width: line.width,
    buckets: line.times.length,
    minute: MINUTE_NS,
    minutes,
  });
  const pieces = (index: number): Float64Array => totals.pieces.subarray(index * minutes, (index + 1) * minutes);
  const classes: ClassTotal[] = [];
  BILLING_CLASSES.forEach((billing, index) => {
    const peers = new Set<number>();
    let packets = 0;
    let ip = 0;
    for (let path = 0; path < group.length; path++) {
      if (group[path] !== index || totals.packets[path] === 0) continue;
      peers.add(sides.peer[path]);
      packets += totals.packets[path];
      ip += totals.ip[path];
    }
    if (packets > 0)
      classes.push({
        class: billing,
        destinations: peers.size,
        packets,
        ip,
        projection: project(ip, duration, pieces(index)),
      });
  });
  const all = new Float64Array(minutes);
  BILLING_CLASSES.forEach((_, index) => {
    for (const [minute, bytes] of pieces(index).entries()) all[minute] += bytes;
  });
  const sum = (way: number, of: Float64Array): number => {
    let bytes = 0;
    for (let path = 0; path < group.length; path++) if (sides.way[path] === way) bytes += of[path];
    return bytes;
  };
  const projection = project(sum(WAY.out, totals.ip), duration, all);
  return { view, totals, from, duration, line, minutes, sum, classes, projection };
}

/** Largest payload of a segment and the length of its headers, of paths that have longer ones. */
function segments(
  { capture }: PanelInput,
  { way, ends, entry }: Sides,
): { readonly segment: Uint32Array; readonly headers: Uint32Array } {
  const { pass } = capture;
  const { table, paths } = pass;
  const segment = new Uint32Array(paths.count);
  const headers = new Uint32Array(paths.count);
  for (let base = table.firstBase; base < table.count; base += 1 << BLOCK_SHIFT) {
    const block = table.blocks[base >>> BLOCK_SHIFT];
    const end = Math.min(table.count - base, BLOCK_MASK + 1);
    for (let i = 0; i < end; i++) {
      const path = block.path[i];
      if (block.payloadLength[i] <= SEGMENT.ipv6 || way[path] !== WAY.out || segment[path] > 0) continue;
      if (ends.protocol(entry[path]) !== TCP) continue;
      const family = ends.addresses.isIpv6(ends.destination[entry[path]]) ? 'ipv6' : 'ipv4';
      const flow = pass.flowOf(base + i);
      const isReverse = (block.flags[i] & FLAG.reverse) !== 0;
      const said = flow < 0 ? 0 : pass.segmentSizes.get(2 * flow + (isReverse ? 0 : 1));
      const options = Math.max(0, block.length[i] - block.payloadLength[i] - TCP_HEADERS[family] - 14);
      segment[path] = Math.max(1, (said || SEGMENT[family]) - Math.min(options, 40));
      headers[path] = block.length[i] - block.payloadLength[i];
    }
  }
  return { segment, headers };
}
