/** What filters ask of a node beside its value: its bytes, and which layer of its protocol it is in. */

import type { TreeNode } from '../dissect/node.ts';
import type { DataSource } from '../dissect/tree.ts';

export function bytesOf(node: TreeNode, sources: readonly DataSource[]): Uint8Array {
  return sources[node.source]?.bytes.subarray(node.at, node.at + node.length) ?? new Uint8Array(0);
}

/** The bytes of a layer and of what it carries. */
export function reachOf(node: TreeNode, sources: readonly DataSource[]): Uint8Array {
  return (
    sources[node.source]?.bytes.subarray(node.at, Math.max(node.reach, node.at + node.length)) ?? new Uint8Array(0)
  );
}

/** For each layer: which of its protocol's it is, and how many there are. */
export function layerOrdinals(layers: readonly number[]): { readonly layer: number; readonly layers: number }[] {
  const totals = new Map<number, number>();
  const seen = layers.map((protocol) => {
    const n = (totals.get(protocol) ?? 0) + 1;
    totals.set(protocol, n);
    return n;
  });
  return layers.map((protocol, i) => ({ layer: seen[i], layers: totals.get(protocol) ?? 1 }));
}
