/** The builders' bytes, checked against values that others published. */

import { describe, expect, it } from 'vitest';
import { fold16, sum16 } from '../../../engine/base/checksum.ts';
import {
  crc32,
  hex,
  internetChecksum,
  ipAddress,
  join,
  onesSum,
  padTo,
  patched,
  seededRandom,
  toHex,
  u24,
  u32le,
  u64,
  utf8,
} from '../../support/build-bytes.ts';

describe('checksums', () => {
  it('gives the sum of the example in RFC 1071', () => {
    expect(onesSum(hex('0001 f203 f4f5 f6f7'))).toBe(0xddf2);
    expect(internetChecksum(hex('0001 f203 f4f5 f6f7'))).toBe(0x220d);
  });

  it('counts an odd last byte as the high half of a word', () => {
    expect(onesSum(hex('010203'))).toBe(0x0402);
  });

  it('agrees with the engine over random bytes', () => {
    const random = seededRandom(3);
    for (let length = 0; length < 200; length++) {
      const bytes = random.bytes(length);
      expect(onesSum(bytes)).toBe(fold16(sum16(bytes, 0, bytes.length)));
    }
  });

  it('gives the check value of CRC-32', () => {
    expect(crc32(utf8('123456789'))).toBe(0xcbf43926);
  });
});

describe('numbers and addresses', () => {
  it('writes numbers in both byte orders', () => {
    expect(toHex(join(u24(0x010203), u32le(0x01020304), u64(0x0102030405060708n)))).toBe(
      '010203' + '04030201' + '0102030405060708',
    );
  });

  it('reads IPv4 and IPv6 addresses', () => {
    expect(toHex(ipAddress('192.0.2.1'))).toBe('c0000201');
    expect(toHex(ipAddress('2001:db8::1'))).toBe('20010db8000000000000000000000001');
    expect(toHex(ipAddress('::'))).toBe('00'.repeat(16));
    expect(toHex(ipAddress('fe80::1:2'))).toBe('fe800000000000000000000000010002');
  });

  it.each(['10.0.0', '10.0.0.256', '1:2:3', '1:2:3:4:5:6:7:8:9'])('refuses the address %s', (text) => {
    expect(() => ipAddress(text)).toThrow('not an IP');
  });

  it('refuses what is not hex', () => {
    expect(() => hex('0g')).toThrow('not hex');
    expect(() => hex('012')).toThrow('not hex');
  });
});

describe('edits', () => {
  it('pads to a multiple and leaves a multiple alone', () => {
    expect(toHex(padTo(hex('010203'), 4))).toBe('01020300');
    expect(toHex(padTo(hex('01020304'), 4))).toBe('01020304');
  });

  it('patches a copy and refuses a place outside', () => {
    const bytes = hex('010203');
    expect(toHex(patched(bytes, 1, [9]))).toBe('010903');
    expect(toHex(bytes)).toBe('010203');
    expect(() => patched(bytes, 3, [9])).toThrow('outside');
  });
});

describe('the random source', () => {
  it('gives the same numbers for the same seed and others for another', () => {
    const [a, b, c] = [seededRandom(1), seededRandom(1), seededRandom(2)];
    expect(a.bytes(16)).toEqual(b.bytes(16));
    expect(a.bytes(16)).not.toEqual(c.bytes(16));
  });

  it('keeps to its limits', () => {
    const random = seededRandom(9);
    const values = Array.from({ length: 2000 }, () => random.between(3, 7));
    expect(new Set(values)).toEqual(new Set([3, 4, 5, 6, 7]));
  });
});
