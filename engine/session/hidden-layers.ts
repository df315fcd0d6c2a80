/** Stacks above which a tree may open layers that the column pass does not know (ProtocolSpec.opens). */

import type { ProtocolSpec } from '../dissect/protocol.ts';
import { allProtocols, protocolNamed } from '../dissect/registry.ts';
import { DISSECT_ME, type Stacks } from '../table/stacks.ts';

const OPENERS = allProtocols.filter(({ spec }) => mayOpen(spec)).map(({ index }) => index);

/** May its tree open layers that no stack with it has? */
export function mayOpen({ opens = [], isClosedInStacks = false }: ProtocolSpec): boolean {
  return opens.length > 0 && !isClosedInStacks;
}

/** May there be more layers than the stack says? */
export function hidesLayers(stacks: Stacks, stack: number): boolean {
  return OPENERS.some((opener) => stacks.has(stack, opener));
}

/** Protocols that only say something of a stack: no packet has their layer. */
export const MARKS: readonly number[] = ['_ws.decrypted', '_ws.undecided'].map((name) => protocolNamed(name).index);

/** The last layer of a stack; 0: only a dissection tells. */
export function lastLayer(stacks: Stacks, stack: number): number {
  if (stack === DISSECT_ME) return 0;
  let node = stack;
  while (MARKS.includes(stacks.protocol[node])) node = stacks.parent[node];
  return stacks.protocol[node];
}
