/** Writers of lz4 and zstd frames that store their content, or hold blocks of one's own. */

import { XxHash32 } from '../../../../engine/readers/unpack-lz4.ts';
import { type BytesLike, join, u16le, u32le } from '../../../support/build-bytes.ts';

function xxHash32(bytes: Uint8Array): number {
  const hash = new XxHash32();
  hash.update(bytes);
  return hash.digest();
}

/** A frame of 4 MiB blocks that refer to each other, without a content checksum. */
export function lz4Frame(blocks: readonly Uint8Array[], flags = 0x40): Uint8Array {
  const descriptor = Uint8Array.of(flags, 0x70);
  const checksum = (xxHash32(descriptor) >>> 8) & 255;
  const packed = blocks.map((block) => join(u32le(block.length), block));
  return join(u32le(0x184d2204), descriptor, [checksum], ...packed, u32le(0));
}

/** A block that is one run of literals. */
export function lz4Literals(bytes: Uint8Array): Uint8Array {
  if (bytes.length < 15) return join([bytes.length << 4], bytes);
  const rest = bytes.length - 15;
  return join([0xf0], new Uint8Array(Math.floor(rest / 255)).fill(255), [rest % 255], bytes);
}

/** A frame of blocks that are given whole; the window is 128 kB unless `window` has another byte. */
export function zstdFrame(blocks: Uint8Array, window = 0x38): Uint8Array {
  return join(u32le(0xfd2fb528), [0x00, window], blocks);
}

export function zstdBlock(type: number, size: number, body: BytesLike, isLast = true): Uint8Array {
  const word = (size << 3) | (type << 1) | (isLast ? 1 : 0);
  return join(u16le(word & 0xffff), [word >>> 16], body);
}

/** Blocks of at most 128 kB that are stored. */
export function zstdRaw(bytes: Uint8Array): Uint8Array {
  const limit = 128 * 1024;
  const blocks: Uint8Array[] = [];
  for (let at = 0; at < bytes.length || at === 0; at += limit) {
    const part = bytes.subarray(at, at + limit);
    blocks.push(zstdBlock(0, part.length, part, at + limit >= bytes.length));
  }
  return join(...blocks);
}
