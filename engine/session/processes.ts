/**
 * The likely program of a connection. A trace says with each packet who was running on the processor: right for most outgoing
 * packets, a stranger for many incoming ones, so the packets of a flow vote, and outgoing ones weigh more. Where a file names
 * the program of a connection itself (Network Monitor), all votes are the same.
 */

import { FLAG } from '../table/flags.ts';
import { FLOW } from '../table/flow-states.ts';
import type { Capture } from './capture.ts';

export interface LikelyProcess {
  readonly id: number;
  /** `browser.exe`, or `process 4321` where the file has no name for it. */
  readonly name: string;
}

/** Rows of a flow that are looked at, of which so many are asked: outgoing ones first. */
const LOOKED_AT = 64;
const ASKED = 12;
/** Where the first ones say nothing, no other will. */
const SILENT = 2;
const WEIGHT = { outbound: 8, other: 1 } as const;
/** The idle process, and what stands for "not known". */
const NOBODY: readonly number[] = [0, 0xffff_ffff];

interface Votes {
  readonly flows: Map<number, LikelyProcess | null>;
  /** Rows that were there when the votes were counted. */
  rows: number;
}

const counted = new WeakMap<Capture, Votes>();

/** Of the flow's packets so far; null: nobody says anything, or there is no flow (-1). */
export function processOfFlow(capture: Capture, flow: number): LikelyProcess | null {
  if (flow < 0) return null;
  const owner = ownerOf(capture, flow);
  if (owner !== null || !mayHaveProcesses(capture)) return owner;
  let votes = counted.get(capture);
  if (votes === undefined || votes.rows !== capture.table.count) {
    votes = { flows: new Map(), rows: capture.table.count };
    counted.set(capture, votes);
  }
  let found = votes.flows.get(flow);
  if (found === undefined) votes.flows.set(flow, (found = vote(capture, flow)));
  return found;
}

/** While it is captured, the machine's own tables say whose sockets are whose. */
function ownerOf({ owners, pass, table }: Capture, flow: number): LikelyProcess | null {
  if (owners === null || owners.isEmpty) return null;
  const row = pass.flows.get(flow, FLOW.firstRow);
  return row < table.first ? null : owners.ofPath(pass.paths, table.get('path', row));
}

/** Does anything in the capture speak of processes? Of formats that rarely do, the first packets answer. */
export function hasProcesses(capture: Capture): boolean {
  const { processes, providers } = capture.reader.facts;
  if (processes.size > 0 || providers.length > 0 || capture.owners?.isEmpty === false) return true;
  if (!mayHaveProcesses(capture)) return false;
  const { first, count } = capture.table;
  for (let row = first; row < Math.min(count, first + LOOKED_AT); row++) {
    if (capture.options(row)?.processId !== undefined) return true;
  }
  return false;
}

/** Formats whose records may say who was running. */
export function mayHaveProcesses(capture: Capture): boolean {
  const { format, processes, providers } = capture.reader.facts;
  return processes.size > 0 || providers.length > 0 || format === 'pcapng';
}

/** Of a process that the file has no name for. */
export function unnamed(id: number): string {
  return `process ${id}`;
}

export function processName(capture: Capture, id: number, name: string | undefined): string {
  return name ?? capture.reader.facts.processes.get(id) ?? unnamed(id);
}

function vote(capture: Capture, flow: number): LikelyProcess | null {
  const { flows, table } = capture;
  flows.update();
  const rows: number[] = [];
  const count = Math.min(LOOKED_AT, flows.count(flow));
  for (let i = 0; i < count; i++) rows.push(flows.row(flow, i));
  const isOutbound = (row: number): boolean => (table.get('flags', row) & FLAG.outbound) !== 0;
  const order = [...rows.filter(isOutbound), ...rows.filter((row) => !isOutbound(row))].slice(0, ASKED);
  const weights = new Map<number, number>();
  const names = new Map<number, string>();
  let silent = 0;
  for (const row of order) {
    const options = capture.options(row);
    const id = options?.processId;
    if (id === undefined || NOBODY.includes(id)) {
      if (id === undefined && ++silent === SILENT && weights.size === 0) return null;
      continue;
    }
    weights.set(id, (weights.get(id) ?? 0) + (isOutbound(row) ? WEIGHT.outbound : WEIGHT.other));
    if (options?.processName !== undefined) names.set(id, options.processName);
  }
  let best: number | null = null;
  for (const [id, weight] of weights) if (best === null || weight > (weights.get(best) ?? 0)) best = id;
  return best === null ? null : { id: best, name: processName(capture, best, names.get(best)) };
}

/** `nagare.process` by header chain: null where there is none, undefined where its rows differ (a port that was used again). */
export function processNotion(capture: Capture): (path: number) => string | null | undefined {
  return (path) => {
    const flow = capture.pass.onlyFlowOf(path);
    return flow === null ? undefined : (processOfFlow(capture, flow)?.name ?? null);
  };
}
