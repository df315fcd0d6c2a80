/**
 * Flows to be copied into a large capture: simulated once, then patched with other addresses, ports and sequence
 * numbers. Checksums are carried along by the differences (RFC 1624), so a copy costs about a memory copy.
 */

import { readU16, readU32 } from '../../test/support/build-bytes.ts';
import { wordSum } from './bulk-writer.ts';

export interface TimedFrame {
  readonly at: number;
  readonly bytes: Uint8Array;
  readonly from: 'client' | 'server';
}

/** One flow, its frames in one array; all offsets count from the frame's start. */
export interface FlowTemplate {
  readonly count: number;
  /** Nanoseconds after the flow's start. */
  readonly times: Float64Array;
  readonly offsets: Uint32Array;
  readonly lengths: Uint16Array;
  readonly fromClient: Uint8Array;
  /** Where the edges of the SACK option start, and how many there are. */
  readonly sackAt: Uint8Array;
  readonly sackEdges: Uint8Array;
  readonly bytes: Uint8Array;
  readonly isTcp: boolean;
  readonly isIpv6: boolean;
  /** Sum of both addresses and of both ports as they are in the template. */
  readonly addressSum: number;
  readonly portSum: number;
}

const ETHERNET = 14;
const PROTOCOL_TCP = 6;

export function makeTemplate(frames: readonly TimedFrame[]): FlowTemplate {
  const [first] = frames;
  if (first === undefined) throw new Error('a flow has at least one frame');
  const isIpv6 = readU16(first.bytes, 12) === 0x86dd;
  const l4 = l4Offset(isIpv6);
  const isTcp = first.bytes[isIpv6 ? ETHERNET + 6 : ETHERNET + 9] === PROTOCOL_TCP;
  const sacks = frames.map(({ bytes }) => (isTcp ? findSack(bytes, l4) : { at: 0, edges: 0 }));
  const offsets = new Uint32Array(frames.length);
  let total = 0;
  frames.forEach(({ bytes }, i) => {
    offsets[i] = total;
    total += bytes.length;
  });
  const bytes = new Uint8Array(total);
  frames.forEach((frame, i) => {
    bytes.set(frame.bytes, offsets[i] ?? 0);
  });
  let addressSum = 0;
  for (let at = addressOffset(isIpv6); at < l4; at += 2) addressSum += readU16(first.bytes, at);
  return {
    count: frames.length,
    times: Float64Array.from(frames, ({ at }) => at),
    offsets,
    lengths: Uint16Array.from(frames, (frame) => frame.bytes.length),
    fromClient: Uint8Array.from(frames, ({ from }) => (from === 'client' ? 1 : 0)),
    sackAt: Uint8Array.from(sacks, ({ at }) => at),
    sackEdges: Uint8Array.from(sacks, ({ edges }) => edges),
    bytes,
    isTcp,
    isIpv6,
    addressSum,
    portSum: wordSum(readU32(first.bytes, l4)),
  };
}

export function addressOffset(isIpv6: boolean): number {
  return isIpv6 ? ETHERNET + 8 : ETHERNET + 12;
}

export function l4Offset(isIpv6: boolean): number {
  return isIpv6 ? ETHERNET + 40 : ETHERNET + 20;
}

function findSack(bytes: Uint8Array, l4: number): { at: number; edges: number } {
  const end = l4 + ((bytes[l4 + 12] ?? 0) >>> 4) * 4;
  for (let at = l4 + 20; at < end; ) {
    const kind = bytes[at];
    if (kind === 0) break;
    if (kind === 1) {
      at++;
      continue;
    }
    const length = bytes[at + 1] ?? 0;
    if (kind === 5) return { at: at + 2, edges: (length - 2) / 4 };
    at += Math.max(2, length);
  }
  return { at: 0, edges: 0 };
}
