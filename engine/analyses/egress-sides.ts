/**
 * Which way each header chain goes, seen from the machine's own addresses, and who the other end is. The outermost IP layer that
 * has an own address decides: of a tunnel that the machine itself sends into, the outer packet is what leaves it; of mirrored
 * traffic, whose outer addresses are none of its own, the inner one.
 */

import type { PathEnds } from './egress-ends.ts';

/** `within`: both ends are own addresses. */
export const WAY = { none: 0, out: 1, in: 2, within: 3 } as const;
export const WAY_NAMES = ['none', 'out', 'in', 'within'] as const;

export interface Sides {
  /** By path: a value of WAY. */
  readonly way: Uint8Array;
  /** By path: the IP layer that decides (index in the path's ends), where there is one. */
  readonly entry: Uint32Array;
  /** By path: number of the own and of the other address. */
  readonly own: Uint32Array;
  readonly peer: Uint32Array;
  readonly ends: PathEnds;
}

export function sidesOf(ends: PathEnds, own: ReadonlySet<number>): Sides {
  const paths = ends.start.length - 1;
  const sides: Sides = {
    way: new Uint8Array(paths),
    entry: new Uint32Array(paths),
    own: new Uint32Array(paths),
    peer: new Uint32Array(paths),
    ends,
  };
  const isOwn = new Uint8Array(ends.addresses.count);
  for (const address of own) isOwn[address] = 1;
  for (let path = 0; path < paths; path++) {
    for (let entry = ends.start[path]; entry < ends.start[path + 1]; entry++) {
      const from = ends.source[entry];
      const to = ends.destination[entry];
      if (isOwn[from] + isOwn[to] === 0) continue;
      sides.entry[path] = entry;
      sides.way[path] = isOwn[from] === 0 ? WAY.in : isOwn[to] === 0 ? WAY.out : WAY.within;
      sides.own[path] = isOwn[from] === 1 ? from : to;
      sides.peer[path] = isOwn[from] === 1 ? to : from;
      break;
    }
  }
  return sides;
}
