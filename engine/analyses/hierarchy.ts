/** Protocol hierarchy: packets and bytes per protocol stack, as a tree. */

import type { BitSet } from '../base/bitset.ts';
import { FLAG } from '../table/flags.ts';
import { BLOCK_MASK, BLOCK_SHIFT, type PacketTable } from '../table/packet-table.ts';
import { DISSECT_ME, type Stacks } from '../table/stacks.ts';

/** Packets and bytes of one stack. */
export interface StackTotal {
  readonly layers: readonly number[];
  readonly packets: number;
  readonly bytes: number;
}

export interface HierarchyEntry {
  readonly protocol: number;
  packets: number;
  bytes: number;
  /** Of which it is the last layer. */
  endPackets: number;
  endBytes: number;
  readonly children: Map<number, HierarchyEntry>;
}

/** Rows of a set (all rows without one) by stack id. */
export function rowsByStack(table: PacketTable, rows: BitSet | null): Uint32Array {
  const counts = new Uint32Array(65536);
  for (let base = table.firstBase; base < table.count; base += 1 << BLOCK_SHIFT) {
    const { stack } = table.blocks[base >>> BLOCK_SHIFT];
    const end = Math.min(table.count - base, BLOCK_MASK + 1);
    for (let i = 0; i < end; i++) if (rows === null || rows.has(base + i)) counts[stack[i]]++;
  }
  return counts;
}

/** Totals per stack over the rows of a set (all rows without one), and the rows whose layers must be found by dissecting. */
export function stackTotals(
  table: PacketTable,
  stacks: Stacks,
  rows: BitSet | null,
  hidesLayers: (stack: number) => boolean,
): { readonly totals: StackTotal[]; readonly open: number[] } {
  const isOpen = new Uint8Array(65536);
  for (let stack = 0; stack < stacks.count; stack++) if (hidesLayers(stack)) isOpen[stack] = 1;
  isOpen[DISSECT_ME] = 1;
  const packets = new Float64Array(65536);
  const bytes = new Float64Array(65536);
  const open: number[] = [];
  for (let base = table.firstBase; base < table.count; base += 1 << BLOCK_SHIFT) {
    const { stack, length, flags } = table.blocks[base >>> BLOCK_SHIFT];
    const end = Math.min(table.count - base, BLOCK_MASK + 1);
    for (let i = 0; i < end; i++) {
      if (rows !== null && !rows.has(base + i)) continue;
      const id = stack[i];
      if (isOpen[id] === 1 || (flags[i] & FLAG.malformed) !== 0) {
        open.push(base + i);
        continue;
      }
      packets[id]++;
      bytes[id] += length[i];
    }
  }
  const totals: StackTotal[] = [];
  for (let id = 0; id < stacks.count; id++) {
    if (packets[id] > 0) totals.push({ layers: stacks.layers(id), packets: packets[id], bytes: bytes[id] });
  }
  return { totals, open };
}

/** A tree of what was counted: each layer a row. */
export function hierarchyTree(totals: readonly StackTotal[]): Map<number, HierarchyEntry> {
  const roots = new Map<number, HierarchyEntry>();
  for (const total of totals) {
    let level = roots;
    let last: HierarchyEntry | null = null;
    for (const protocol of total.layers) {
      let entry = level.get(protocol);
      if (entry === undefined) {
        entry = { protocol, packets: 0, bytes: 0, endPackets: 0, endBytes: 0, children: new Map() };
        level.set(protocol, entry);
      }
      entry.packets += total.packets;
      entry.bytes += total.bytes;
      last = entry;
      level = entry.children;
    }
    if (last !== null) {
      last.endPackets += total.packets;
      last.endBytes += total.bytes;
    }
  }
  return roots;
}
