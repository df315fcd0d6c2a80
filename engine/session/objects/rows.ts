/** The packets that have a layer, with their trees: what finders look at. */

import type { TreeNode } from '../../dissect/node.ts';
import { protocolNamed } from '../../dissect/registry.ts';
import type { Dissection } from '../../dissect/tree.ts';
import { nodesOf } from '../follow/message-pieces.ts';
import { mayHave } from '../rows-with.ts';
import type { ObjectSearch } from './object.ts';

export interface FoundLayer {
  readonly row: number;
  /** -1: none. */
  readonly flow: number;
  readonly dissection: Dissection;
  /** The protocol's own node. */
  readonly node: TreeNode;
}

/** Calls `look` for each layer of the protocol in the capture, in file order. */
export async function eachLayer(
  { capture, dissector, job }: ObjectSearch,
  name: string,
  look: (layer: FoundLayer) => void,
): Promise<void> {
  const { pass, table } = capture;
  const { self } = protocolNamed(name);
  const isCandidate = mayHave(pass.stacks, name);
  for (let row = table.first; row < table.count; row++) {
    if (isCandidate(table.get('stack', row))) {
      const dissection = dissector.dissect(row);
      for (const node of nodesOf(dissection.root))
        if (node.field?.id === self.id) look({ row, flow: pass.flowOf(row), dissection, node });
    }
    const waiting = job.pause(row, table.count);
    if (waiting !== null) await waiting;
  }
}

/** The first value of a field at or below a node, as text; '' where there is none. */
export function textOf(node: TreeNode, field: string): string {
  const found = nodeOf(node, field);
  return found?.value === undefined || found.value === null ? '' : String(found.value);
}

export function nodeOf(node: TreeNode, field: string): TreeNode | undefined {
  for (const one of nodesOf([node])) if (one.field?.abbrev === field) return one;
  return undefined;
}
