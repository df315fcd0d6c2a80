/** engine/host/platform-node.ts: decompression within limits, and ciphers against Node's own and published vectors. */

import { createCipheriv } from 'node:crypto';
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { CompressionName } from '../../../../engine/base/platform.ts';
import { nodePlatform } from '../../../../engine/host/platform-node.ts';
import { hex, toHex, utf8 } from '../../../support/build-bytes.ts';

const text = utf8('the quick brown fox jumps over the lazy dog; '.repeat(200));
const packed: readonly (readonly [CompressionName, Uint8Array])[] = [
  ['gzip', gzipSync(text)],
  ['deflate', deflateSync(text)],
  ['deflate-raw', deflateRawSync(text)],
  ['br', brotliCompressSync(text)],
];

describe('inflate', () => {
  it.each(packed)('unpacks %s', (name, bytes) => {
    const { bytes: out, ended } = nodePlatform.inflate(name, bytes, 100_000);
    expect(ended).toBe('done');
    expect(toHex(out)).toBe(toHex(text));
  });

  it.each(packed)('stops %s at the limit and gives a start of the text', (name, bytes) => {
    const { bytes: out, ended } = nodePlatform.inflate(name, bytes, 5000);
    expect(ended).toBe('limit');
    expect(out.length).toBeLessThanOrEqual(5000);
    expect(toHex(out)).toBe(toHex(text.slice(0, out.length)));
  });

  it.each(packed)('gives what came before a cut in %s', (name, bytes) => {
    const { bytes: out, ended } = nodePlatform.inflate(name, bytes.slice(0, -3), 100_000);
    expect(ended).toBe('cut');
    expect(toHex(out)).toBe(toHex(text.slice(0, out.length)));
  });

  it('calls bytes that are no gzip damaged', () => {
    expect(nodePlatform.inflate('gzip', utf8('this is not gzip'), 1000)).toMatchObject({ ended: 'damaged' });
    expect(nodePlatform.inflate('zstd', utf8('this is not zstd'), 1000)).toMatchObject({ ended: 'damaged' });
  });

  it('refuses a bomb without holding more than the limit', () => {
    const bomb = gzipSync(new Uint8Array(20_000_000));
    const { bytes, ended } = nodePlatform.inflate('gzip', bomb, 10_000);
    expect(ended).toBe('limit');
    expect(bytes.length).toBeLessThanOrEqual(10_000);
    expect(bytes.length).toBeGreaterThan(5000);
  });

  it('unpacks zstd, whole, limited and cut', () => {
    // One frame: raw block "abc", then a last block of 100,000 times "z" (run length).
    const frame = hex('28b52ffd 00 58 180000 616263 03350c 7a'.replaceAll(' ', ''));
    expect(nodePlatform.inflate('zstd', frame, 200_000)).toMatchObject({ ended: 'done' });
    expect(nodePlatform.inflate('zstd', frame, 200_000).bytes.length).toBe(100_003);
    const limited = nodePlatform.inflate('zstd', frame, 50);
    expect(limited.ended).toBe('limit');
    expect(limited.bytes.length).toBe(50);
    expect(nodePlatform.inflate('zstd', frame.slice(0, 10), 200_000).ended).toBe('cut');
  });

  it('never throws, whatever the bytes are', () => {
    for (let seed = 0; seed < 200; seed++) {
      const bytes = Uint8Array.from({ length: seed }, (_, i) => (i * 31 + seed * 17) & 255);
      if (seed > 12) bytes.set(hex('1f8b0800000000000003'));
      for (const name of ['gzip', 'deflate', 'deflate-raw', 'br', 'zstd'] as const) {
        expect(nodePlatform.inflate(name, bytes, 1000).bytes.length).toBeLessThanOrEqual(1000);
      }
    }
  });
});

describe('hashes and ciphers', () => {
  it('gives the published digests of "abc"', () => {
    expect(toHex(nodePlatform.hash('md5', utf8('abc')))).toBe('900150983cd24fb0d6963f7d28e17f72');
    expect(toHex(nodePlatform.hash('sha256', utf8('abc')))).toBe(
      'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
    );
  });

  it('gives the HMAC of RFC 4231 case 2', () => {
    expect(toHex(nodePlatform.hmac('sha256', utf8('Jefe'), utf8('what do ya want for nothing?')))).toBe(
      '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
    );
  });

  it('gives the AES block of FIPS 197 appendix C.1', () => {
    const block = nodePlatform.aesBlock(
      hex('000102030405060708090a0b0c0d0e0f'),
      hex('00112233445566778899aabbccddeeff'),
    );
    expect(toHex(block)).toBe('69c4e0d86a7b0430d8cdb78070b4c55a');
  });

  it.each([
    ['aes-128-gcm', 16],
    ['aes-256-gcm', 32],
    ['chacha20-poly1305', 32],
  ] as const)('opens %s, and gives null when a bit differs', (name, keyLength) => {
    const key = new Uint8Array(keyLength).fill(7);
    const nonce = new Uint8Array(12).fill(9);
    const additional = utf8('header');
    const cipher = createCipheriv(name as 'aes-128-gcm', key, nonce, { authTagLength: 16 });
    cipher.setAAD(additional);
    const sealed = Uint8Array.from(Buffer.concat([cipher.update('a secret'), cipher.final(), cipher.getAuthTag()]));
    const open: typeof nodePlatform.openAesGcm = (...given) =>
      name === 'chacha20-poly1305' ? nodePlatform.openChaCha(...given) : nodePlatform.openAesGcm(...given);
    expect(toHex(open(key, nonce, additional, sealed) ?? new Uint8Array(0))).toBe(toHex(utf8('a secret')));
    sealed[0] = (sealed[0] ?? 0) ^ 1;
    expect(open(key, nonce, additional, sealed)).toBeNull();
    expect(open(key, nonce, additional, sealed.slice(0, 5))).toBeNull();
  });
});

describe('ciphers of TLS records', () => {
  const key = Uint8Array.from({ length: 32 }, (_, i) => i);
  const block = utf8('exactly 16 bytes and exactly 32.');

  it.each([
    ['aes', 'aes-128-cbc', 16, 16],
    ['aes', 'aes-256-cbc', 32, 16],
    ['camellia', 'camellia-128-cbc', 16, 16],
    ['triple-des', 'des-ede3-cbc', 24, 8],
  ] as const)('%s in CBC mode leaves the padding in place (%s)', (name, cipherName, keyBytes, blockBytes) => {
    const iv = key.slice(0, blockBytes);
    const cipher = createCipheriv(cipherName, key.slice(0, keyBytes), iv);
    cipher.setAutoPadding(false);
    const sealed = cipher.update(block);
    expect(toHex(nodePlatform.decryptCbc(name, key.slice(0, keyBytes), iv, sealed) ?? new Uint8Array(0))).toBe(
      toHex(block),
    );
    expect(nodePlatform.decryptCbc(name, key.slice(0, keyBytes), iv, sealed.subarray(1))).toBeNull();
    expect(nodePlatform.decryptCbc(name, key.slice(0, keyBytes), iv, new Uint8Array(0))).toHaveLength(0);
  });

  it.each([8, 16])('AES-CCM gives nothing where the tag of %i bytes does not fit', (tagBytes) => {
    const nonce = key.slice(0, 12);
    const additional = utf8('header');
    const cipher = createCipheriv('aes-128-ccm', key.slice(0, 16), nonce, { authTagLength: tagBytes });
    cipher.setAAD(additional, { plaintextLength: block.length });
    const body = cipher.update(block);
    cipher.final();
    const sealed = Uint8Array.from([...body, ...cipher.getAuthTag()]);
    const open = (bytes: Uint8Array) => nodePlatform.openAesCcm(key.slice(0, 16), nonce, additional, bytes, tagBytes);
    expect(toHex(open(sealed) ?? new Uint8Array(0))).toBe(toHex(block));
    const changed = sealed.map((byte, at) => (at === 0 ? byte ^ 1 : byte));
    expect(open(changed)).toBeNull();
    expect(open(sealed.slice(0, tagBytes - 1))).toBeNull();
  });
});
