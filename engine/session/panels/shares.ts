/**
 * Totals per header chain with the streams that go with them: a chain whose port was used again is counted apart for each
 * of its streams.
 */

import type { Share } from '../../analyses/conversations.ts';
import { type PathTotals, pathTotals } from '../../analyses/path-totals.ts';
import type { BitSet } from '../../base/bitset.ts';
import { FLOW } from '../../table/flow-states.ts';
import type { FlowPass } from '../flow-pass.ts';
import type { PanelInput } from './panel.ts';
import { remembered } from './remembered.ts';

export interface Shares {
  readonly totals: PathTotals;
  /** In order of appearance of their chains; chains without a packet are left out. */
  readonly shares: readonly Share[];
}

const kept = remembered(({ pass }, rows) => addUp(pass, rows));

/** Nobody may change what it returns. */
export function countShares({ capture, rows }: Pick<PanelInput, 'capture' | 'rows'>): Shares {
  return kept(capture, rows);
}

function addUp(pass: FlowPass, rows: BitSet | null): Shares {
  const { paths, flows, outerFlows } = pass;
  const apart = new Map<string, number>();
  const slots: { path: number; flow: number }[] = [];
  const isShared = new Uint8Array(paths.count);
  for (let path = 0; path < paths.count; path++) {
    const flow = pass.onlyFlowOf(path);
    if (flow === null) isShared[path] = 1;
    slots.push({ path, flow: flow ?? -1 });
  }
  const totals = pathTotals(pass.table, paths.count, rows, (row, path) => {
    if (isShared[path] === 0) return path;
    const flow = pass.flowOf(row);
    const key = `${path} ${flow}`;
    const known = apart.get(key);
    if (known !== undefined) return known;
    apart.set(key, slots.length);
    slots.push({ path, flow });
    return slots.length - 1;
  });
  const shares: Share[] = [];
  for (let slot = 0; slot < slots.length; slot++) {
    if (!(totals.packets[slot] > 0)) continue;
    const { path, flow } = slots[slot];
    const outer = (outerFlows.get(path) ?? []).map((one) => flows.get(one, FLOW.stream));
    shares.push({ path, slot, flow, streams: flow < 0 ? outer : [...outer, flows.get(flow, FLOW.stream)] });
  }
  return { totals, shares };
}
