/** Is mirror traffic arriving? What came in the capture's last moments; while a capture runs, that is now. */

import { type MirrorSessions, NO_SESSION } from '../../../analyses/mirror-sessions.ts';
import type { Finding } from '../../../contract/report.ts';
import { BLOCK_MASK, BLOCK_SHIFT, type PacketTable } from '../../../table/packet-table.ts';

/** A mirror that is quiet for longer has nothing to copy, or has stopped. */
const SPAN_NS = 10e9;

/** `first`, `last`: times of the capture's packets. */
export function arrivalFindings(
  table: PacketTable,
  sessions: MirrorSessions,
  { first, last }: { readonly first: number; readonly last: number },
): Finding[] {
  let count = 0;
  let latest = Number.NEGATIVE_INFINITY;
  for (let row = table.count - 1; row >= table.first; row--) {
    const block = table.blocks[row >>> BLOCK_SHIFT];
    const time = block.time[row & BLOCK_MASK];
    // Behind that, only the latest one is of interest.
    if (time < last - SPAN_NS && latest > Number.NEGATIVE_INFINITY) break;
    if (sessions.of(block.path[row & BLOCK_MASK]) === NO_SESSION || !(time > Number.NEGATIVE_INFINITY)) continue;
    if (time > latest) latest = time;
    if (time >= last - SPAN_NS) count++;
  }
  if (latest === Number.NEGATIVE_INFINITY) return [];
  if (count === 0)
    return [{ id: 'mirror.silent', level: 'look', values: { quiet: { value: last - latest, unit: 'ns' } } }];
  const values = {
    count: { value: count, unit: 'count' },
    span: { value: Math.min(SPAN_NS, last - first), unit: 'ns' },
  } as const;
  return [{ id: 'mirror.arriving', level: 'good', values }];
}
