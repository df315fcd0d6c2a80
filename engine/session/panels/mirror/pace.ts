/** How fast mirrored traffic came, and whether what is missing is missing where it came fastest. */

import type { MirrorLoss } from '../../../analyses/mirror.ts';
import { type MirrorSessions, NO_SESSION } from '../../../analyses/mirror-sessions.ts';
import type { BitSet } from '../../../base/bitset.ts';
import { BLOCK_MASK, BLOCK_SHIFT, type PacketTable } from '../../../table/packet-table.ts';

const FINEST_NS = 10e6;
const MOST_BUCKETS = 200_000;
/** Missing bytes lie in moments so much busier than the others: they were lost because it was busy. */
const BUSIER = 1.5;
/** And so far behind in a burst, from 0 to 1: a buffer filled up. */
const TAIL = 0.5;

export interface Pace {
  /** Start of each bucket, and how many nanoseconds it lasts. */
  readonly first: number;
  readonly width: number;
  /** Bytes on the wire in it, and stream bytes that are missing from it. */
  readonly arrived: Float64Array;
  readonly missing: Float64Array;
  /** Bits a second: the most that came in a bucket with losses, and the most that was sent to the mirror. */
  readonly carried: number;
  readonly needed: number;
  readonly isCongested: boolean;
}

export function paceOf(
  table: PacketTable,
  sessions: MirrorSessions,
  rows: BitSet | null,
  loss: MirrorLoss,
  span: { readonly first: number; readonly last: number },
): Pace {
  const duration = Math.max(1, span.last - span.first + 1);
  const width = Math.max(FINEST_NS, duration / MOST_BUCKETS);
  const buckets = span.last >= span.first ? Math.ceil(duration / width) : 0;
  const arrived = new Float64Array(buckets);
  const missing = new Float64Array(buckets);
  const bucketOf = (time: number): number =>
    Math.min(buckets - 1, Math.max(0, Math.floor((time - span.first) / width)));
  for (let row = table.first; row < table.count; row++) {
    const block = table.blocks[row >>> BLOCK_SHIFT];
    const at = row & BLOCK_MASK;
    if (sessions.of(block.path[at]) === NO_SESSION || (rows !== null && !rows.has(row))) continue;
    if (!Number.isNaN(block.time[at])) arrived[bucketOf(block.time[at])] += block.length[at];
  }
  for (const { holes } of loss.directions) {
    for (const { from, to, after } of holes) if (!Number.isNaN(after)) missing[bucketOf(after)] += to - from;
  }
  let carried = 0;
  let needed = 0;
  for (let i = 0; i < buckets; i++) {
    needed = Math.max(needed, arrived[i] + missing[i]);
    if (missing[i] > 0) carried = Math.max(carried, arrived[i]);
  }
  const perSecond = 8e9 / width;
  return {
    first: span.first,
    width,
    arrived,
    missing,
    carried: carried * perSecond,
    needed: needed * perSecond,
    isCongested: isBusier(arrived, missing) && isAtTheEnd(arrived, missing),
  };
}

/** Were the moments from which bytes are missing busier than those from which bytes came? */
function isBusier(arrived: Float64Array, missing: Float64Array): boolean {
  let lost = 0;
  let lostBusy = 0;
  let came = 0;
  let cameBusy = 0;
  for (let i = 0; i < arrived.length; i++) {
    const offered = arrived[i] + missing[i];
    lost += missing[i];
    lostBusy += missing[i] * offered;
    came += arrived[i];
    cameBusy += arrived[i] * offered;
  }
  return lost > 0 && came > 0 && lostBusy / lost >= BUSIER * (cameBusy / came);
}

/** Does what is missing lie in the later part of its burst (buckets with traffic, one after the other)? */
function isAtTheEnd(arrived: Float64Array, missing: Float64Array): boolean {
  let weight = 0;
  let place = 0;
  for (let from = 0; from < arrived.length; ) {
    let to = from;
    let offered = 0;
    while (to < arrived.length && arrived[to] + missing[to] > 0) offered += arrived[to] + missing[to++];
    let before = 0;
    for (let i = from; i < to; i++) {
      weight += missing[i];
      place += missing[i] * ((before + arrived[i] + missing[i] / 2) / offered);
      before += arrived[i] + missing[i];
    }
    from = to + 1;
  }
  return weight > 0 && place / weight >= TAIL;
}
