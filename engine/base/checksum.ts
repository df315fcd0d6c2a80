/** Internet checksum (RFC 1071). */

/** One's-complement sum of 16-bit words, carried on from `sum`; not folded. Up to 64 kB a call keeps 32 bits exact. */
export function sum16(bytes: Uint8Array, at: number, end: number, sum = 0): number {
  let total = sum;
  let i = at;
  for (; i + 1 < end; i += 2) total += (bytes[i] << 8) | bytes[i + 1];
  if (i < end) total += bytes[i] << 8;
  return total;
}

/** Folds a sum into 16 bits; 0xffff means that a region with its own checksum in it is right. */
export function fold16(sum: number): number {
  let folded = sum;
  while (folded > 0xffff) folded = (folded & 0xffff) + Math.floor(folded / 0x10000);
  return folded;
}
