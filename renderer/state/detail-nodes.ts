/** Nodes of the detail tree over packets: which is the same one in another packet, and which are open. */

import type { DetailNode } from '../../engine/contract/api.ts';

type Node = Pick<DetailNode, 'depth' | 'label' | 'field' | 'hasChildren' | 'isGenerated'>;

/** What stays the same in a text from packet to packet: `[Timestamps]`, `Option: Padding (#)`. */
function stem(label: string): string {
  return label.replace(/0x[0-9a-f]+|\d+/gi, '#').replace(/: .*/, '');
}

/** Name of a node that does not depend on the packet: its field, or, for plain text, its wording under its parent's name. */
export function nodeNames(nodes: readonly Node[]): string[] {
  const above: string[] = [];
  return nodes.map((node) => {
    const parent = above[node.depth - 1] ?? '';
    const name = node.field !== '' ? node.field : `${parent}>${stem(node.label)}`;
    above[node.depth] = name;
    return name;
  });
}

/** A node's way from the top: names, each with its number among equals below the same parent. */
export function nodePaths(nodes: readonly Node[]): string[] {
  const names = nodeNames(nodes);
  const above: string[] = [];
  const seen = new Map<string, number>();
  return nodes.map((node, index) => {
    const path = `${above[node.depth - 1] ?? ''}/${names[index] ?? ''}`;
    const count = seen.get(path) ?? 0;
    seen.set(path, count + 1);
    const own = count === 0 ? path : `${path}#${count}`;
    above[node.depth] = own;
    return own;
  });
}

/** A node that was selected, as it is looked for in another packet. */
export interface KeptNode {
  readonly name: string;
  readonly path: string;
}

export function keepNode(nodes: readonly Node[], index: number): KeptNode | null {
  const name = nodeNames(nodes)[index];
  const path = nodePaths(nodes)[index];
  return name === undefined || path === undefined ? null : { name, path };
}

/** The same node in another packet: at the same place, else the first of its name; -1: there is none. */
export function findKept(nodes: readonly Node[], kept: KeptNode): number {
  const same = nodePaths(nodes).indexOf(kept.path);
  return same >= 0 ? same : nodeNames(nodes).indexOf(kept.name);
}

/** Names that the user has opened (true) or closed (false). */
export type OpenNodes = Readonly<Record<string, boolean>>;

/**
 * Whether each node is open. As long as the user has not said otherwise, the innermost protocol is, with what was worked
 * out about it; everything else is one line.
 */
export function openNodes(nodes: readonly Node[], chosen: OpenNodes): boolean[] {
  const names = nodeNames(nodes);
  const innermost = nodes.findLastIndex((node) => node.depth === 0 && node.hasChildren && !node.isGenerated);
  return nodes.map((node, index) => {
    const name = names[index] ?? '';
    const own = Object.hasOwn(chosen, name) ? chosen[name] : undefined;
    return own ?? (index === innermost || (index > innermost && innermost >= 0 && node.isGenerated && node.depth <= 1));
  });
}

/** Where something was found in a packet: bytes of one of its sources; length 0: the packet as such. */
export interface FoundPlace {
  readonly source: number;
  readonly at: number;
  readonly length: number;
}

type Placed = Node & Pick<DetailNode, 'source' | 'at' | 'length'>;

/**
 * The node that a search was about: of those with exactly these bytes the one whose text matches, else the first of them,
 * else (nodes that were worked out have no bytes) the first whose text matches. -1: none.
 */
export function findFound(
  nodes: readonly Placed[],
  place: FoundPlace,
  matches: ((label: string) => boolean) | null,
): number {
  const isPlace = ({ source, at, length }: Placed): boolean =>
    length > 0 && source === place.source && at === place.at && length === place.length;
  const exact = nodes.findIndex((node) => isPlace(node) && matches?.(node.label) === true);
  if (exact >= 0) return exact;
  const first = nodes.findIndex(isPlace);
  if (first >= 0 || matches === null) return first;
  return nodes.findIndex(({ label }) => matches(label));
}

/** What a node of the detail tree covers. */
export interface Covering {
  readonly depth: number;
  readonly source: number;
  readonly at: number;
  readonly length: number;
}

/** The deepest node that covers bytes [byte, end); among equals the shortest, then the first. -1: none does. */
export function deepestAt(nodes: readonly Covering[], source: number, byte: number, end = byte + 1): number {
  let best = -1;
  let depth = -1;
  let length = Number.POSITIVE_INFINITY;
  nodes.forEach((node, index) => {
    if (node.source !== source || node.length === 0 || byte < node.at || end > node.at + node.length) return;
    if (node.depth > depth || (node.depth === depth && node.length < length)) {
      best = index;
      depth = node.depth;
      length = node.length;
    }
  });
  return best;
}
