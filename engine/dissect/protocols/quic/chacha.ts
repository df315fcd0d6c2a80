/** One block of ChaCha20 (RFC 8439 2.3), of which QUIC's header protection needs the first five bytes (RFC 9001 5.4.4). */

import { u32le } from '../../../base/bytes.ts';

const CONSTANTS = [0x61707865, 0x3320646e, 0x79622d32, 0x6b206574] as const;
const DOUBLE_ROUNDS = 10;
const QUARTERS = [
  [0, 4, 8, 12],
  [1, 5, 9, 13],
  [2, 6, 10, 14],
  [3, 7, 11, 15],
  [0, 5, 10, 15],
  [1, 6, 11, 12],
  [2, 7, 8, 13],
  [3, 4, 9, 14],
] as const;

function rotate(value: number, bits: number): number {
  return (value << bits) | (value >>> (32 - bits));
}

/** The key stream for a key of 32 bytes; `input`: counter and nonce, 16 bytes. */
export function chachaBlock(key: Uint8Array, input: Uint8Array): Uint8Array {
  const start = new Uint32Array(16);
  start.set(CONSTANTS);
  for (let i = 0; i < 8; i++) start[4 + i] = u32le(key, 4 * i);
  for (let i = 0; i < 4; i++) start[12 + i] = u32le(input, 4 * i);
  const x = start.slice();
  for (let round = 0; round < DOUBLE_ROUNDS; round++) {
    for (const [a, b, c, d] of QUARTERS) {
      x[a] += x[b];
      x[d] = rotate(x[d] ^ x[a], 16);
      x[c] += x[d];
      x[b] = rotate(x[b] ^ x[c], 12);
      x[a] += x[b];
      x[d] = rotate(x[d] ^ x[a], 8);
      x[c] += x[d];
      x[b] = rotate(x[b] ^ x[c], 7);
    }
  }
  const out = new Uint8Array(64);
  for (let i = 0; i < 16; i++) {
    const word = x[i] + start[i];
    for (let byte = 0; byte < 4; byte++) out[4 * i + byte] = word >>> (8 * byte);
  }
  return out;
}
