/** Stacks above which a tree may open layers that the column pass does not know (ProtocolSpec.opens). */

import { allProtocols } from '../dissect/registry.ts';
import type { Stacks } from '../table/stacks.ts';

const OPENERS = allProtocols.filter(({ spec }) => (spec.opens ?? []).length > 0).map(({ index }) => index);

/** May there be more layers than the stack says? */
export function hidesLayers(stacks: Stacks, stack: number): boolean {
  return OPENERS.some((opener) => stacks.has(stack, opener));
}
