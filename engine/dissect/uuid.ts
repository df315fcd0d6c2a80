/** UUIDs as Windows and DCE write them: three numbers in the sender's byte order, then eight bytes. */

import { toHex } from '../base/hex.ts';

/** The sixteen bytes in network order. The caller has checked that they are there. */
export function uuidBytes(bytes: Uint8Array, at: number, isLittle: boolean): Uint8Array {
  const b = bytes.subarray(at, at + 16);
  if (!isLittle) return b.slice();
  return Uint8Array.of(b[3], b[2], b[1], b[0], b[5], b[4], b[7], b[6], ...b.subarray(8));
}

/** `e1af8308-5d1f-11c9-91a4-08002b14a0fa`. */
export function uuidText(bytes: Uint8Array, at: number, isLittle: boolean): string {
  return dashed(toHex(uuidBytes(bytes, at, isLittle)));
}

/** 32 hexadecimal digits with the dashes of a UUID. */
export function dashed(hex: string): string {
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
