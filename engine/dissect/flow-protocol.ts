/**
 * Which protocol a TCP flow carries, where it changes on the way: STARTTLS, an accepted Upgrade or CONNECT (Framing.becomes).
 * A direction that is within a message of the old protocol at that moment stays with it until the message ends.
 */

import { FLOW, FLOW_BIT, SIDE, SIDE_BIT, SIDE_WORDS } from '../table/flow-states.ts';

/** Record header, handshake header, version. */
const CLIENT_HELLO_START = 5 + 4 + 2;

/** Index of the protocol whose messages a direction carries now. `base`: where the flow's words begin; `first`: its first one. */
export function protocolNow(w: Uint32Array, base: number, direction: 0 | 1, first: number): number {
  const bits = w[base + FLOW.bits];
  if ((bits & (FLOW_BIT.behind0 << direction)) !== 0) return bits >>> 16 || first;
  return w[base + FLOW.application] >>> 16 || first;
}

/** Are its messages shown inside a layer of the flow's first protocol? */
export function isInsideNow(w: Uint32Array, base: number, direction: 0 | 1): boolean {
  const bits = w[base + FLOW.bits];
  const isBehind = (bits & (FLOW_BIT.behind0 << direction)) !== 0;
  return (bits & (isBehind ? FLOW_BIT.wasInside : FLOW_BIT.isInside)) !== 0;
}

/** From here on the flow is `next`; the framer's numbers start anew. */
export function become(w: Uint32Array, base: number, direction: 0 | 1, next: number, isInside: boolean): void {
  const side = base + direction * SIDE_WORDS;
  const other = base + (1 - direction) * SIDE_WORDS;
  const before = w[base + FLOW.bits];
  let bits = (before & 0xff00) | (before & FLOW_BIT.swapped) | ((w[base + FLOW.application] >>> 16) << 16);
  if ((before & FLOW_BIT.isInside) !== 0) bits |= FLOW_BIT.wasInside;
  if (isInside) bits |= FLOW_BIT.isInside;
  if ((w[other + SIDE.bits] & SIDE_BIT.inMessage) !== 0) bits |= FLOW_BIT.behind0 << (1 - direction);
  else w[other + SIDE.frameState] = 0;
  w[side + SIDE.frameState] = 0;
  w[base + FLOW.bits] = bits;
  w[base + FLOW.application] = (w[base + FLOW.application] & 0xffff) | (next << 16);
  w[base + FLOW.shared] = 0;
  w[base + FLOW.version] = 0;
}

/** RECOGNISED has been answered. */
export function settle(w: Uint32Array, base: number, protocol: number): void {
  w[base + FLOW.application] = (w[base + FLOW.application] & 0xffff) | (protocol << 16);
}

/** A TLS record with a Client Hello (RFC 8446 4, 5.1), as far as its first bytes say. */
export function isClientHello(bytes: Uint8Array, at: number, end: number): boolean {
  return (
    end - at >= CLIENT_HELLO_START &&
    bytes[at] === 22 &&
    bytes[at + 1] === 3 &&
    bytes[at + 2] <= 4 &&
    bytes[at + 5] === 1 &&
    bytes[at + 6] === 0 &&
    bytes[at + 9] === 3
  );
}

/** A message of a direction has ended: the next one is of the protocol that the flow is now. */
export function catchUp(w: Uint32Array, base: number, direction: 0 | 1): void {
  const behind = FLOW_BIT.behind0 << direction;
  if ((w[base + FLOW.bits] & behind) === 0) return;
  w[base + FLOW.bits] &= ~behind;
  w[base + direction * SIDE_WORDS + SIDE.frameState] = 0;
}
