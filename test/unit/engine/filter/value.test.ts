/** Values of the display filter: order, prefixes, search, slices, arithmetic, text. */

import { describe, expect, it } from 'vitest';
import { parseIpv4, parseIpv6 } from '../../../../engine/base/address.ts';
import type { FieldValue } from '../../../../engine/base/fields.ts';
import type { IndexRange } from '../../../../engine/filter/language/checked.ts';
import {
  comparePrefix,
  compareValues,
  compute,
  containsValue,
  indexOfBytes,
  isInLayers,
  isZero,
  negateValue,
  satisfies,
  sliceBytes,
  valueBytes,
  valueLength,
  valueText,
} from '../../../../engine/filter/value.ts';

const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);
const v4 = (text: string): number => parseIpv4(text) ?? Number.NaN;
const v6 = (text: string): Uint8Array => parseIpv6(text) ?? bytes();

describe('order', () => {
  it.each<[FieldValue, FieldValue, number]>([
    [1, 2, -1],
    [2, 2, 0],
    [-1, 0, -1],
    [80, 80n, 0],
    [2n ** 64n - 1n, 1, 1],
    [9007199254740993n, 9007199254740992, 1],
    ['a', 'b', -1],
    ['a', 'aa', -1],
    ['\u{1f600}', '\uffee', 1],
    [bytes(1, 2), bytes(1, 2, 0), -1],
    [bytes(2), bytes(1, 255), 1],
  ])('of %s and %s is %s', (a, b, expected) => expect(Math.sign(compareValues(a, b))).toBe(expected));

  it('has no place for what is not a number', () => {
    for (const op of ['eq', 'lt', 'le', 'gt', 'ge'] as const) expect(satisfies(op, Number.NaN, 1)).toBe(false);
    expect(satisfies('ne', Number.NaN, 1)).toBe(true);
  });
});

describe('prefixes', () => {
  it.each([
    ['10.1.2.3', '10.0.0.0', 8, 0],
    ['10.1.2.3', '11.0.0.0', 8, -1],
    ['255.0.0.1', '10.0.0.0', 8, 1],
    ['1.2.3.4', '9.9.9.9', 0, 0],
    ['192.0.2.129', '192.0.2.128', 25, 0],
    ['192.0.2.127', '192.0.2.128', 25, -1],
    ['192.0.2.1', '192.0.2.2', 32, -1],
  ])('%s against %s/%s', (a, b, prefix, expected) => {
    expect(Math.sign(comparePrefix(v4(a), v4(b), prefix))).toBe(expected);
    expect(Math.sign(comparePrefix(v6(`::${a}`), v6(`::${b}`), 96 + prefix))).toBe(expected);
    expect(satisfies('eq', v4(a), v4(b), prefix)).toBe(expected === 0);
    expect(satisfies('ne', v4(a), v4(b), prefix)).toBe(expected !== 0);
  });
});

describe('search', () => {
  it('finds text in text and bytes in bytes', () => {
    expect(containsValue('www.example.net', 'example')).toBe(true);
    expect(containsValue('www.example.net', 'Example')).toBe(false);
    expect(containsValue(bytes(1, 2, 1, 2, 3), bytes(1, 2, 3))).toBe(true);
    expect(containsValue(bytes(1, 2, 1, 2), bytes(1, 2, 3))).toBe(false);
    expect(containsValue(bytes(1), bytes())).toBe(false);
    expect(containsValue('a', '')).toBe(false);
  });

  it('stays inside the part it is given', () => {
    const all = bytes(9, 1, 2, 3, 9);
    expect(indexOfBytes(all, bytes(2, 3), 0, 5)).toBe(2);
    expect(indexOfBytes(all, bytes(2, 3), 0, 3)).toBe(-1);
    expect(indexOfBytes(all, bytes(9), 1, 5)).toBe(4);
    expect(indexOfBytes(all, bytes(9), 1, 4)).toBe(-1);
  });
});

describe('slices', () => {
  const range = (from: number, length?: number, to?: number): IndexRange => ({ from, length, to });
  const data = bytes(10, 11, 12, 13);

  it.each<[IndexRange[], number[] | undefined]>([
    [[range(0, 2)], [10, 11]],
    [[range(2)], [12, 13]],
    [[range(-1, 1)], [13]],
    [[range(-3, 2)], [11, 12]],
    [[range(-2)], [12, 13]],
    [[range(1, undefined, -2)], [11, 12]],
    [
      [range(0, 1), range(3, 1)],
      [10, 13],
    ],
    [[range(3, 2)], undefined],
    [[range(4)], undefined],
    [[range(-5, 1)], undefined],
    [[range(-1, 2)], undefined],
    [[range(0, 1), range(9, 1)], undefined],
  ])('%j', (ranges, expected) => {
    const slice = sliceBytes(data, ranges);
    expect(slice === undefined ? undefined : [...slice]).toEqual(expected);
  });

  it('count layers from 1, and from the innermost with -1', () => {
    expect(isInLayers([range(1, 1)], 1, 2)).toBe(true);
    expect(isInLayers([range(1, 1)], 2, 2)).toBe(false);
    expect(isInLayers([range(-1, 1)], 2, 2)).toBe(true);
    expect(isInLayers([range(-1, 1)], 1, 2)).toBe(false);
    expect(isInLayers([range(2)], 3, 3)).toBe(true);
    expect(isInLayers([range(1, undefined, -1)], 3, 3)).toBe(true);
    expect(isInLayers([range(0, 1)], 1, 1)).toBe(false);
    expect(isInLayers([range(1, 1), range(3, 1)], 3, 3)).toBe(true);
  });

  it('see text as UTF-8 and numbers in network order', () => {
    expect([...valueBytes('string', 'é')]).toEqual([0xc3, 0xa9]);
    expect([...valueBytes('ipv4', v4('192.0.2.1'))]).toEqual([192, 0, 2, 1]);
    expect([...valueBytes('u16', 0x1234)]).toEqual([0x12, 0x34]);
    expect([...valueBytes('i24', -2)]).toEqual([0xff, 0xff, 0xfe]);
    expect([...valueBytes('u64', 2n ** 63n)]).toEqual([0x80, 0, 0, 0, 0, 0, 0, 0]);
  });
});

describe('arithmetic', () => {
  it.each([
    ['+', 65535, 1, 65536n],
    ['-', 0, 1, -1n],
    ['*', 2n ** 40n, 2, 2n ** 41n],
    ['/', 7, 2, 3n],
    ['/', -7, 2, -3n],
    ['%', -7, 2, -1n],
    ['/', 1, 0, undefined],
    ['%', 1, 0, undefined],
    ['&', -1, 0xff, 0xffn],
  ] as const)('%s of %s and %s', (sign, a, b, expected) => expect(compute(sign, 'i64', a, b)).toBe(expected));

  it('keeps the form of the type', () => {
    expect(compute('&', 'u32', 0xffffffff, 0xf0000000)).toBe(0xf0000000);
    expect(compute('&', 'bytes', bytes(0xff, 0x0f), bytes(0xf0))).toEqual(bytes(0xf0));
    expect(compute('/', 'double', 1, 4)).toBe(0.25);
    expect(compute('/', 'double', 1, 0)).toBe(undefined);
    expect(compute('*', 'duration', 3n, 1.5)).toBe(4n);
    expect(compute('*', 'duration', 3n, 2)).toBe(6n);
    expect(compute('/', 'duration', 3n, 0.5)).toBe(6n);
    expect(negateValue('i64', 5)).toBe(-5n);
    expect(negateValue('i8', 5)).toBe(-5);
    expect(negateValue('duration', 5n)).toBe(-5n);
    expect(negateValue('double', 0.5)).toBe(-0.5);
  });

  it('knows zero', () => {
    for (const zero of [0, 0n, '', bytes(0, 0), bytes()]) expect(isZero(zero)).toBe(true);
    for (const other of [1, -1, 1n, 'a', bytes(0, 1)]) expect(isZero(other)).toBe(false);
  });
});

describe('text and length', () => {
  it.each([
    ['u16', 80, '80', 2],
    ['u64', 2n ** 64n - 1n, '18446744073709551615', 8],
    ['ipv4', v4('192.0.2.1'), '192.0.2.1', 4],
    ['ipv6', v6('2001:db8::1'), '2001:db8::1', 16],
    ['ether', bytes(0, 13, 58, 79, 16, 34), '00:0d:3a:4f:10:22', 6],
    ['oid', bytes(0x2b, 6, 1, 2, 1, 1, 5, 0), '1.3.6.1.2.1.1.5.0', 8],
    ['oid', bytes(0x88, 0x37, 3), '2.999.3', 3],
    ['duration', -1_500_000_000n, '-1.500000000', 8],
    [
      'guid',
      bytes(0xe1, 0xaf, 0x83, 8, 0x5d, 0x1f, 0x11, 0xc9, 0x91, 0xa4, 8, 0, 0x2b, 0x14, 0xa0, 0xfa),
      'e1af8308-5d1f-11c9-91a4-08002b14a0fa',
      16,
    ],
    ['string', 'é', 'é', 2],
    ['bool', 1, 'True', 1],
    ['double', 0.5, '0.5', 8],
    ['bytes', bytes(1, 2), '01:02', 2],
  ] as const)('of %s %s', (type, value, text, length) => {
    expect(valueText(type, value)).toBe(text);
    expect(valueLength(type, value)).toBe(length);
  });
});
