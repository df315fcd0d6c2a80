/** Interface identifiers (RFC 6282 3.2.2) that the MAC header of a frame gives to the 6LoWPAN layer above it. */

import type { TreeBuilder } from '../../tree.ts';
import { type MacHeader, MODE } from './header.ts';

export interface LinkAddresses {
  /** Eight bytes each: the lower half of an IPv6 address. */
  readonly source: Uint8Array;
  readonly destination: Uint8Array;
}

const known = new WeakMap<TreeBuilder, LinkAddresses>();
const NONE: LinkAddresses = { source: new Uint8Array(8), destination: new Uint8Array(8) };

export function keepLinkAddresses(t: TreeBuilder, header: MacHeader): void {
  known.set(t, {
    source: identifier(t, header.src, header.srcMode),
    destination: identifier(t, header.dst, header.dstMode),
  });
}

export function linkAddresses(t: TreeBuilder): LinkAddresses {
  return known.get(t) ?? NONE;
}

function identifier(t: TreeBuilder, at: number, mode: number): Uint8Array {
  if (at < 0) return new Uint8Array(8);
  if (mode === MODE.long) {
    const bytes = t.slice(at, 8).reverse();
    bytes[0] ^= 2; // the bit that says "universal" is kept the other way round
    return bytes;
  }
  const short = t.u16le(at);
  return Uint8Array.of(0, 0, 0, 0xff, 0xfe, 0, short >>> 8, short);
}
