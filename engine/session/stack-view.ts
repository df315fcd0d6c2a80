/** The way of one packet through the network stack: every record that a trace has of it, in order of time. */

import { valueName } from '../base/fields.ts';
import type { PacketAppearance } from '../contract/api.ts';
import { catalog } from '../dissect/registry.ts';
import type { PacketTrace } from '../readers/reader.ts';
import { FLAG } from '../table/flags.ts';
import type { Capture } from './capture.ts';
import { componentText } from './origin-tree.ts';

/** Rows that are looked at on each side: records of one packet are close to each other. */
const REACH = 5000;

/** Empty where the packet is in one record only. */
export function appearancesOf(capture: Capture, row: number): PacketAppearance[] {
  const own = capture.options(row)?.trace;
  const group = own?.packetGroup;
  const count = own?.appearanceCount ?? 1;
  if (own === undefined || group === undefined || count < 2) return [];
  const found = new Map<number, PacketTrace>([[row, own]]);
  const { table } = capture;
  const look = (other: number): void => {
    if (other < table.first || other >= table.count) return;
    const trace = capture.options(other)?.trace;
    if (trace?.packetGroup === group) found.set(other, trace);
  };
  for (let distance = 1; distance <= REACH && found.size < count; distance++) {
    look(row - distance);
    look(row + distance);
  }
  const rows = [...found.keys()].sort((a, b) => a - b);
  const start = capture.time(rows[0] ?? row) ?? 0n;
  return rows.map((one) => {
    const trace = found.get(one) ?? own;
    const reason = trace.dropReasonText ?? (trace.dropReason === undefined ? '' : String(trace.dropReason));
    return {
      row: one,
      component: componentText(trace) ?? '',
      description: trace.componentDescription ?? '',
      edge: trace.edgeName ?? '',
      direction: directionName(trace.directionTag),
      since: Number((capture.time(one) ?? start) - start),
      isAdapter: (table.get('flags', one) & FLAG.copy) === 0,
      isDropped: trace.isDropped === true,
      reason,
      location: trace.dropLocationText ?? '',
    };
  });
}

function directionName(tag: number | undefined): string {
  return tag === undefined || tag === 0 ? '' : (valueName(catalog.get('pktmon.direction')?.names, tag) ?? String(tag));
}
