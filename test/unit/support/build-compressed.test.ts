/** The compressed files: what Node's zlib reads, and published hashes. */

import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { readU32, seededRandom, toHex, utf8 } from '../../support/build-bytes.ts';
import { gzipStored, lz4Stored, xxHash32, zstdBomb, zstdRaw } from '../../support/build-compressed.ts';

describe('gzip', () => {
  it.each([0, 1, 65_535, 65_536, 200_000])('holds %i bytes that come out again', (length) => {
    const bytes = seededRandom(1).bytes(length);
    expect(new Uint8Array(gunzipSync(gzipStored(bytes)))).toEqual(bytes);
  });
});

describe('xxHash', () => {
  it('gives the values that its authors publish', () => {
    expect(xxHash32(utf8(''))).toBe(0x02cc5d05);
    expect(xxHash32(utf8('a'))).toBe(0x550d7456);
    expect(xxHash32(utf8('abc'))).toBe(0x32d153ff);
    expect(xxHash32(utf8('Nobody inspects the spammish repetition'))).toBe(0xe2293b2f);
  });
});

describe('zstd and LZ4', () => {
  it('write frames around the plain bytes', () => {
    expect(toHex(zstdRaw(utf8('abc')))).toBe('28b52ffd' + 'a0' + '03000000' + '190000' + '616263');
    expect(toHex(lz4Stored(utf8('abc'))).slice(0, 28)).toBe('04224d18' + '6c40' + '0300000000000000');
    expect(readU32(lz4Stored(utf8('abc')), 15)).toBe(0x03000080);
  });

  it('make much of little', () => {
    expect(zstdBomb(utf8('x'), 1024 * 1024 * 1024).length).toBeLessThan(40_000);
  });
});
