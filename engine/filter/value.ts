/** What the display filter does with values: order, equality, prefixes, search, slices, arithmetic, text. One place for plan and functions. */

import { formatIpv4, formatIpv6, formatMac, inPrefix, ipv4Mask } from '../base/address.ts';
import { bigUint, compareBytes } from '../base/bytes.ts';
import { type FieldType, type FieldValue, integerBytes } from '../base/fields.ts';
import { toHex } from '../base/hex.ts';
import { assertNever } from '../base/result.ts';
import { formatSeconds, NS_PER_SECOND } from '../base/time.ts';
import type { ArithmeticSign } from './language/ast.ts';
import type { CompareOp, IndexRange } from './language/checked.ts';

/** How a type behaves; types of one class can be compared with each other. */
export type TypeClass =
  | 'integer'
  | 'boolean'
  | 'float'
  | 'ipv4'
  | 'ipv6'
  | 'bytes'
  | 'string'
  | 'time'
  | 'duration'
  | 'none';

export function typeClass(type: FieldType): TypeClass {
  if (integerBytes(type) > 0) return 'integer';
  switch (type) {
    case 'frame':
      return 'integer';
    case 'bool':
      return 'boolean';
    case 'float':
    case 'double':
      return 'float';
    case 'ether':
    case 'eui64':
    case 'guid':
    case 'oid':
    case 'bytes':
    case 'protocol':
      return 'bytes';
    case 'ipv4':
    case 'ipv6':
    case 'string':
    case 'time':
    case 'duration':
    case 'none':
      return type;
    default:
      throw new Error(`not a field type: ${type}`);
  }
}

/**
 * Negative, 0 or positive, as `a` comes before, with or after `b`; NaN where there is no order (not a number). Both values
 * have a type of the class of `type`; integers may be numbers on one side and bigints on the other.
 */
export function compareValues(a: FieldValue, b: FieldValue): number {
  if (typeof a === 'string') return compareStrings(a, b as string);
  if (a instanceof Uint8Array) return compareBytes(a, b as Uint8Array);
  const x = a as number;
  const y = b as number; // `<` and `>` take numbers and bigints together, exactly
  return x < y ? -1 : x > y ? 1 : Number.isNaN(x) || Number.isNaN(y) ? Number.NaN : 0;
}

/** The order of strings by code point, which is the order of their UTF-8 bytes. */
function compareStrings(a: string, b: string): number {
  if (a === b) return 0;
  const shared = Math.min(a.length, b.length);
  for (let i = 0; i < shared; i++) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x === y) continue;
    // A surrogate stands for something above every other unit, also above those that follow the surrogates.
    const xHigh = x >= 0xd800 && x <= 0xdfff;
    const yHigh = y >= 0xd800 && y <= 0xdfff;
    return xHigh === yHigh ? x - y : xHigh ? 1 : -1;
  }
  return a.length - b.length;
}

/** `a op b`, where only the first `prefix` bits of two addresses count when it is given. */
export function satisfies(op: CompareOp, a: FieldValue, b: FieldValue, prefix?: number): boolean {
  const order = prefix === undefined ? compareValues(a, b) : comparePrefix(a, b, prefix);
  switch (op) {
    case 'eq':
      return order === 0;
    case 'ne':
      return order !== 0;
    case 'lt':
      return order < 0;
    case 'le':
      return order <= 0;
    case 'gt':
      return order > 0;
    case 'ge':
      return order >= 0;
    default:
      return assertNever(op);
  }
}

/** Two IPv4 or two IPv6 addresses by their first `prefix` bits. */
export function comparePrefix(a: FieldValue, b: FieldValue, prefix: number): number {
  if (typeof a === 'number' && typeof b === 'number') {
    const mask = ipv4Mask(prefix);
    return ((a & mask) >>> 0) - ((b & mask) >>> 0);
  }
  if (a instanceof Uint8Array && b instanceof Uint8Array) {
    return inPrefix(a, b, prefix) ? 0 : compareBytes(a, b); // outside, the first different bit lies inside the prefix
  }
  throw new Error('a prefix needs two addresses of one family');
}

/** The value as the bytes that slices and raw comparisons see: network order, text as UTF-8. */
export function valueBytes(type: FieldType, value: FieldValue): Uint8Array {
  if (value instanceof Uint8Array) return value;
  if (typeof value === 'string') return utf8.encode(value);
  const width = type === 'ipv4' || type === 'frame' ? 4 : integerBytes(type) || 8;
  const bytes = new Uint8Array(width);
  let rest = BigInt.asUintN(width * 8, BigInt(value));
  for (let i = width - 1; i >= 0; i--) {
    bytes[i] = Number(rest & 0xffn);
    rest >>= 8n;
  }
  return bytes;
}

const utf8 = new TextEncoder();

/** The parts of a slice one after the other; undefined where a part is not wholly inside. */
export function sliceBytes(bytes: Uint8Array, ranges: readonly IndexRange[]): Uint8Array | undefined {
  const parts: Uint8Array[] = [];
  let length = 0;
  for (const range of ranges) {
    const bounds = resolveRange(range, bytes.length);
    if (bounds === undefined) return undefined;
    const part = bytes.subarray(bounds[0], bounds[1]);
    parts.push(part);
    length += part.length;
  }
  if (parts.length === 1) return parts[0];
  const whole = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** [from, end) of a range in a sequence of `size` elements; undefined where it is empty or reaches outside. */
function resolveRange({ from, length, to }: IndexRange, size: number): readonly [number, number] | undefined {
  const start = from < 0 ? size + from : from;
  let end = size;
  if (length !== undefined) end = start + length;
  else if (to !== undefined) end = (to < 0 ? size + to : to) + 1;
  return start >= 0 && start < end && end <= size ? [start, end] : undefined;
}

/** Is the `layer`th of `count` layers of a protocol (from 1, outermost first) among those asked for? */
export function isInLayers(ranges: readonly IndexRange[], layer: number, count: number): boolean {
  return ranges.some(({ from, length, to }) => {
    const start = from < 0 ? count + 1 + from : from;
    let last = count;
    if (length !== undefined) last = start + length - 1;
    else if (to !== undefined) last = to < 0 ? count + 1 + to : to;
    return layer >= start && layer <= last;
  });
}

/** Does the needle occur in the haystack? Both text or both bytes; what is empty occurs nowhere, as in Wireshark. */
export function containsValue(haystack: FieldValue, needle: FieldValue): boolean {
  if (typeof haystack === 'string') return needle !== '' && haystack.includes(needle as string);
  if ((needle as Uint8Array).length === 0) return false;
  return indexOfBytes(haystack as Uint8Array, needle as Uint8Array, 0, (haystack as Uint8Array).length) >= 0;
}

/** Offset of the first occurrence inside [at, end), or -1. Hot: looks for the first byte natively, then compares. */
export function indexOfBytes(haystack: Uint8Array, needle: Uint8Array, at: number, end: number): number {
  const length = needle.length;
  if (length === 0) return at <= end ? at : -1;
  const lastStart = end - length;
  const first = needle[0];
  for (let i = at; i <= lastStart; i++) {
    i = haystack.indexOf(first, i);
    if (i < 0 || i > lastStart) return -1;
    let matched = 1;
    while (matched < length && haystack[i + matched] === needle[matched]) matched++;
    if (matched === length) return i;
  }
  return -1;
}

/** What a test such as `tcp.flags & 2` asks: bytes are zero when all of them are. */
export function isZero(value: FieldValue): boolean {
  if (typeof value === 'string') return value === '';
  if (value instanceof Uint8Array) return value.every((byte) => byte === 0);
  return typeof value === 'bigint' ? value === 0n : value === 0;
}

/** Is the value one of the wide integers or times, which are bigints? */
function isBig(type: FieldType): boolean {
  return integerBytes(type) > 4 || type === 'time' || type === 'duration';
}

/** The number a computation came to, in the form its type has. */
function ofType(type: FieldType, value: bigint): FieldValue {
  return isBig(type) ? value : Number(value);
}

/**
 * `a sign b`; undefined where there is no result (division by zero). Integers are exact and do not wrap; `/` cuts towards
 * zero and `%` has the sign of `a`, as in C. `&` on bytes goes as far as the shorter of the two.
 */
export function compute(sign: ArithmeticSign, type: FieldType, a: FieldValue, b: FieldValue): FieldValue | undefined {
  if (a instanceof Uint8Array && b instanceof Uint8Array) {
    return Uint8Array.from({ length: Math.min(a.length, b.length) }, (_, i) => a[i] & b[i]);
  }
  if (typeClass(type) === 'float') return computeFloat(sign, Number(a), Number(b));
  if (typeof b === 'number' && !Number.isInteger(b)) {
    // A duration times or divided by a fraction: nanoseconds are whole.
    const result = computeFloat(sign, Number(a), b);
    return result === undefined || !Number.isFinite(result) ? undefined : BigInt(Math.trunc(result));
  }
  const x = BigInt(a as number | bigint);
  const y = BigInt(b as number | bigint);
  switch (sign) {
    case '+':
      return ofType(type, x + y);
    case '-':
      return ofType(type, x - y);
    case '*':
      return ofType(type, x * y);
    case '/':
      return y === 0n ? undefined : ofType(type, x / y);
    case '%':
      return y === 0n ? undefined : ofType(type, x % y);
    case '&':
      return ofType(type, x & y);
    default:
      return assertNever(sign);
  }
}

function computeFloat(sign: ArithmeticSign, a: number, b: number): number | undefined {
  switch (sign) {
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '*':
      return a * b;
    case '/':
      return b === 0 ? undefined : a / b;
    case '%':
      return b === 0 ? undefined : a % b;
    case '&':
      return undefined;
    default:
      return assertNever(sign);
  }
}

export function negateValue(type: FieldType, value: FieldValue): FieldValue {
  if (typeClass(type) === 'float') return -Number(value);
  return ofType(type, -BigInt(value as number | bigint));
}

/** How many bytes the value has: what len() says. */
export function valueLength(type: FieldType, value: FieldValue): number {
  if (value instanceof Uint8Array) return value.length;
  if (typeof value === 'string') return utf8.encode(value).length;
  return type === 'ipv4' || type === 'frame' || type === 'float' ? 4 : integerBytes(type) || (type === 'bool' ? 1 : 8);
}

/** The value as text: what string() says. Integers are decimal, as in Wireshark, whatever the tree shows. */
export function valueText(type: FieldType, value: FieldValue): string {
  if (typeof value === 'string') return value;
  switch (type) {
    case 'ipv4':
      return formatIpv4(Number(value));
    case 'ipv6':
      return formatIpv6(value as Uint8Array);
    case 'ether':
      return formatMac(value as Uint8Array);
    case 'guid':
      return formatGuid(value as Uint8Array);
    case 'oid':
      return formatOid(value as Uint8Array);
    case 'duration':
    case 'time':
      return formatSeconds(BigInt(value as bigint));
    case 'bool':
      return isZero(value) ? 'False' : 'True';
    default:
      return value instanceof Uint8Array ? toHex(value, ':') : String(value);
  }
}

/** 8-4-4-4-12 digits; the first three groups are stored in network order here. */
export function formatGuid(bytes: Uint8Array): string {
  const digits = toHex(bytes);
  return [digits.slice(0, 8), digits.slice(8, 12), digits.slice(12, 16), digits.slice(16, 20), digits.slice(20)].join(
    '-',
  );
}

/** Dotted numbers of a BER object identifier (X.690 8.19). */
export function formatOid(bytes: Uint8Array): string {
  const numbers: bigint[] = [];
  let start = 0;
  for (let i = 0; i < bytes.length; i++) {
    if ((bytes[i] & 0x80) !== 0) continue;
    let number = 0n;
    for (let at = start; at <= i; at++) number = (number << 7n) | (bigUint(bytes, at, 1) & 0x7fn);
    if (numbers.length === 0) {
      const first = number < 40n ? 0n : number < 80n ? 1n : 2n; // the first two numbers share one
      numbers.push(first, number - first * 40n);
    } else numbers.push(number);
    start = i + 1;
  }
  return numbers.join('.');
}

/** Whole nanoseconds of a decimal number of seconds; undefined where it is none, or finer than that. */
export function parseSeconds(text: string): bigint | undefined {
  const match = /^(\d+)(?:\.(\d{1,9})0*)?$/.exec(text);
  if (match === null) return undefined;
  const fraction = (match[2] ?? '').padEnd(9, '0');
  return BigInt(match[1] ?? '0') * NS_PER_SECOND + BigInt(fraction);
}
