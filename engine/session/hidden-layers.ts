/** Stacks above which a tree may open layers that the column pass does not know (ProtocolSpec.opens). */

import type { ProtocolSpec } from '../dissect/protocol.ts';
import { allProtocols } from '../dissect/registry.ts';
import type { Stacks } from '../table/stacks.ts';

const OPENERS = allProtocols.filter(({ spec }) => mayOpen(spec)).map(({ index }) => index);

/** May its tree open layers that no stack with it has? */
export function mayOpen({ opens = [], isClosedInStacks = false }: ProtocolSpec): boolean {
  return opens.length > 0 && !isClosedInStacks;
}

/** May there be more layers than the stack says? */
export function hidesLayers(stacks: Stacks, stack: number): boolean {
  return OPENERS.some((opener) => stacks.has(stack, opener));
}
