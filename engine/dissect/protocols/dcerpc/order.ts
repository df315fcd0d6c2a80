/** Numbers and UUIDs in the byte order that a packet states (C706 14.1). */

import { toHex } from '../../../base/hex.ts';
import type { TreeBuilder } from '../../tree.ts';

/** Bit of the data representation: the lowest byte comes first. */
export const LITTLE = 0x10;

/** Reads numbers in the byte order that the header states. */
export interface Order {
  u16(at: number): number;
  u32(at: number): number;
  readonly isLittle: boolean;
  /** Stubs are encrypted: the level of authentication is privacy. */
  readonly isSealed: boolean;
}

export function orderOf(t: TreeBuilder, isLittle: boolean, isSealed = false): Order {
  return isLittle
    ? { isLittle, isSealed, u16: (at) => t.u16le(at), u32: (at) => t.u32le(at) }
    : { isLittle, isSealed, u16: (at) => t.u16(at), u32: (at) => t.u32(at) };
}

/** A UUID's 16 bytes in the order it is written. */
export function uuidBytes(t: TreeBuilder, at: number, isLittle: boolean): Uint8Array {
  const bytes = t.slice(at, 16);
  if (!isLittle) return bytes;
  return Uint8Array.of(
    bytes[3],
    bytes[2],
    bytes[1],
    bytes[0],
    bytes[5],
    bytes[4],
    bytes[7],
    bytes[6],
    ...bytes.subarray(8),
  );
}

export function uuidText(bytes: Uint8Array): string {
  const hex = toHex(bytes);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
