/** The pieces of what protocols above the transport say: decrypted records, HTTP messages with their bodies unpacked ... */

import type { TreeNode } from '../../dissect/node.ts';
import type { Dissection } from '../../dissect/tree.ts';
import type { Capture } from '../capture.ts';
import type { Dissector } from '../dissector.ts';
import { mayHave } from '../rows-with.ts';
import type { Job } from '../turns.ts';
import { Pieces } from './pieces.ts';
import { directionOf } from './transport-pieces.ts';

/** What a packet has of a stream; `sub`: of one of the streams inside it. */
export type PartsOf = (dissection: Dissection, sub: number) => readonly Uint8Array[];

export interface MessageKind {
  /** Rows without this layer are passed over. */
  readonly layer: string;
  readonly parts: PartsOf;
  /** Lines may run on from one part to the next: parts are no messages. */
  readonly runsOn: boolean;
  /** Numbers of the streams that a packet belongs to; left out: there are none inside. */
  readonly subs?: (dissection: Dissection) => readonly number[];
}

export async function messagePieces(
  capture: Capture,
  dissector: Dissector,
  flow: number,
  kind: MessageKind,
  sub: number,
  subs: Set<number>,
  job: Job,
): Promise<Pieces> {
  const { flows, pass, table } = capture;
  const pieces = new Pieces(!kind.runsOn);
  const isCandidate = mayHave(pass.stacks, kind.layer);
  const count = flows.count(flow);
  for (let i = 0; i < count; i++) {
    const row = flows.row(flow, i);
    if (isCandidate(table.get('stack', row))) {
      const dissection = dissector.dissect(row);
      for (const number of kind.subs?.(dissection) ?? []) subs.add(number);
      kind.parts(dissection, sub).forEach((part, index) => {
        if (part.length > 0) pieces.add(directionOf(capture, row), row, index, part.length);
      });
    }
    const waiting = job.pause(i, count);
    if (waiting !== null) await waiting;
  }
  return pieces;
}

/** Every node of a tree, outer before inner. */
export function* nodesOf(nodes: readonly TreeNode[]): Generator<TreeNode> {
  for (const node of nodes) {
    yield node;
    if (node.children !== null) yield* nodesOf(node.children);
  }
}

/** The bytes that a node stands for. */
export function bytesOfNode({ sources }: Dissection, node: TreeNode): Uint8Array {
  return sources[node.source]?.bytes.subarray(node.at, node.at + node.length) ?? new Uint8Array(0);
}
