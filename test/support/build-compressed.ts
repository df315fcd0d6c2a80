/**
 * Compressed files without a compressor, so that they are the same on every machine: gzip (RFC 1952) with stored blocks
 * (RFC 1951 3.2.4), zstd (RFC 8878) with raw and run-length blocks, LZ4 frames (version 1.6.1) with uncompressed blocks.
 */

import { crc32, join, u8, u16le, u32le, u64le } from './build-bytes.ts';

function pieces(bytes: Uint8Array, size: number): Uint8Array[] {
  const out: Uint8Array[] = [];
  for (let at = 0; at === 0 || at < bytes.length; at += size) out.push(bytes.slice(at, at + size));
  return out;
}

/** One gzip member; several one after the other are one file, too. */
export function gzipStored(bytes: Uint8Array): Uint8Array {
  const parts = pieces(bytes, 0xffff);
  const blocks = parts.map((part, i) =>
    join(u8(i === parts.length - 1 ? 1 : 0), u16le(part.length), u16le(~part.length & 0xffff), part),
  );
  return join([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255], ...blocks, u32le(crc32(bytes)), u32le(bytes.length));
}

const ZSTD_BLOCK = { raw: 0, runLength: 1 } as const;
const ZSTD_BLOCK_LIMIT = 128 * 1024;

function zstdBlock(type: number, size: number, isLast: boolean, content: Uint8Array): Uint8Array {
  return join(u32le((size << 3) | (type << 1) | (isLast ? 1 : 0)).slice(0, 3), content);
}

/** A frame that states its size, without a checksum. */
export function zstdRaw(bytes: Uint8Array): Uint8Array {
  const parts = pieces(bytes, ZSTD_BLOCK_LIMIT);
  const blocks = parts.map((part, i) => zstdBlock(ZSTD_BLOCK.raw, part.length, i === parts.length - 1, part));
  return join([0x28, 0xb5, 0x2f, 0xfd, 0xa0], u32le(bytes.length), ...blocks);
}

/** A frame of four bytes for each 128 kB of zeros that come out of it, behind a beginning of one's own. */
export function zstdBomb(head: Uint8Array, zeroBytes: number): Uint8Array {
  const count = Math.ceil(zeroBytes / ZSTD_BLOCK_LIMIT);
  const runs = Array.from({ length: count }, (_, i) =>
    zstdBlock(
      ZSTD_BLOCK.runLength,
      Math.min(ZSTD_BLOCK_LIMIT, zeroBytes - i * ZSTD_BLOCK_LIMIT),
      i === count - 1,
      u8(0),
    ),
  );
  // No size stated; a window of 8 MB.
  return join([0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x68], zstdBlock(ZSTD_BLOCK.raw, head.length, count === 0, head), ...runs);
}

const LZ4_BLOCK_LIMIT = 64 * 1024;
const LZ4_UNCOMPRESSED = 0x8000_0000;

/** A frame of independent 64 kB blocks with the content's size and checksum. */
export function lz4Stored(bytes: Uint8Array): Uint8Array {
  const descriptor = join([0x6c, 0x40], u64le(BigInt(bytes.length)));
  const blocks = bytes.length === 0 ? [] : pieces(bytes, LZ4_BLOCK_LIMIT);
  return join(
    [0x04, 0x22, 0x4d, 0x18],
    descriptor,
    u8((xxHash32(descriptor) >>> 8) & 0xff),
    ...blocks.flatMap((block) => [u32le((LZ4_UNCOMPRESSED | block.length) >>> 0), block]),
    u32le(0),
    u32le(xxHash32(bytes)),
  );
}

const PRIME = {
  first: 0x9e3779b1,
  second: 0x85ebca77,
  third: 0xc2b2ae3d,
  fourth: 0x27d4eb2f,
  fifth: 0x165667b1,
} as const;

function rotate(value: number, bits: number): number {
  return (value << bits) | (value >>> (32 - bits));
}

/** XXH32 with seed 0 (xxHash specification 0.1.1, "XXH32 Algorithm Description"). */
export function xxHash32(bytes: Uint8Array): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const round = (lane: number, at: number): number =>
    Math.imul(rotate((lane + Math.imul(view.getUint32(at, true), PRIME.second)) | 0, 13), PRIME.first);
  let at = 0;
  let hash: number = PRIME.fifth;
  if (bytes.length >= 16) {
    let [a, b, c, d] = [(PRIME.first + PRIME.second) | 0, PRIME.second | 0, 0, -PRIME.first | 0];
    for (; at + 16 <= bytes.length; at += 16) {
      [a, b, c, d] = [round(a, at), round(b, at + 4), round(c, at + 8), round(d, at + 12)];
    }
    hash = rotate(a, 1) + rotate(b, 7) + rotate(c, 12) + rotate(d, 18);
  }
  hash = (hash + bytes.length) | 0;
  for (; at + 4 <= bytes.length; at += 4) {
    hash = Math.imul(rotate((hash + Math.imul(view.getUint32(at, true), PRIME.third)) | 0, 17), PRIME.fourth);
  }
  for (; at < bytes.length; at++) {
    hash = Math.imul(rotate((hash + Math.imul(view.getUint8(at), PRIME.fifth)) | 0, 11), PRIME.first);
  }
  hash = Math.imul(hash ^ (hash >>> 15), PRIME.second);
  hash = Math.imul(hash ^ (hash >>> 13), PRIME.third);
  return (hash ^ (hash >>> 16)) >>> 0;
}
