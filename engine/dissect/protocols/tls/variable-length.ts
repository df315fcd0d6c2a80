/** QUIC's integers of one, two, four or eight bytes (RFC 9000 16), in the transport parameters of hellos. */

import type { TreeBuilder } from '../../tree.ts';

export function variableLength(
  t: TreeBuilder,
  at: number,
  end: number,
): { readonly value: bigint; readonly next: number } {
  const size = 1 << (t.u8(at) >>> 6);
  if (at + size > end) t.fail();
  let value = BigInt(t.u8(at) & 0x3f);
  for (let i = 1; i < size; i++) value = (value << 8n) | BigInt(t.u8(at + i));
  return { value, next: at + size };
}
