/** Words, strings and characters of a filter to values of the type they are compared with (wireshark-filter(4), "Protocol field types"). */

import { parseIpv4, parseIpv6, parseMac } from '../../base/address.ts';
import { type Field, type FieldType, type FieldValue, integerBytes, isSigned } from '../../base/fields.ts';
import { fromHex } from '../../base/hex.ts';
import { assertNever } from '../../base/result.ts';
import { decodeUtf8 } from '../../base/text.ts';
import { NS_PER_SECOND } from '../../base/time.ts';
import type { FilterMessageCode } from '../../text/en/filter-problems.ts';
import { parseSeconds } from '../value.ts';
import type { CharNode, Span, StringNode, WordNode } from './ast.ts';
import { quoteString } from './print.ts';
import { catchProblem, filterKey, type Hint, refuse } from './problem.ts';

/** A literal as it stands in the filter. */
export type LiteralNode = WordNode | StringNode | CharNode;

/** What a literal is converted for. */
export interface LiteralTarget {
  readonly type: FieldType;
  /** The field whose named values count, where there is one. */
  readonly field: Field | undefined;
  /** For messages. */
  readonly name: string;
  /** How the packet's bytes are searched: any number of bytes will do for a type of fixed width. */
  readonly isNeedle: boolean;
}

export interface LiteralValue {
  readonly value: FieldValue;
  readonly prefix: number | undefined;
}

/** Where a time is written without a zone. */
export type TimeZone = 'local' | 'utc';

/** The name of a type for people: a key of the dictionary. */
export function typeText(type: FieldType): string {
  return filterKey(typeCode(type));
}

function typeCode(type: FieldType): FilterMessageCode {
  if (integerBytes(type) > 0) return isSigned(type) ? 'type-signed' : 'type-unsigned';
  switch (type) {
    case 'bool':
      return 'type-boolean';
    case 'float':
    case 'double':
      return 'type-float';
    case 'ether':
    case 'eui64':
    case 'ipv4':
    case 'ipv6':
    case 'guid':
    case 'oid':
    case 'string':
    case 'bytes':
    case 'time':
    case 'duration':
    case 'frame':
    case 'none':
    case 'protocol':
      return `type-${type}`;
    default:
      throw new Error(`not a field type: ${type}`);
  }
}

/** UTF-8 of a string literal, with the bytes given as escapes as they are. */
export function literalBytes(value: string): Uint8Array {
  const bytes: number[] = [];
  for (const c of value) {
    const code = c.codePointAt(0) ?? 0;
    if (code < 0x80) bytes.push(code);
    else if (code >= 0xdc80 && code <= 0xdcff) bytes.push(code - 0xdc00);
    else if (code < 0x800) bytes.push(0xc0 | (code >> 6), 0x80 | (code & 63));
    else if (code < 0x10000) bytes.push(0xe0 | (code >> 12), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63));
    else bytes.push(0xf0 | (code >> 18), 0x80 | ((code >> 12) & 63), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63));
  }
  return Uint8Array.from(bytes);
}

/** A string literal as text: bytes given as escapes are read as UTF-8, as the texts of packets are. */
function literalText(value: string): string {
  return /[\udc80-\udcff]/u.test(value) ? decodeUtf8(literalBytes(value)) : value;
}

/** The literal as it was typed, without the quotes: for messages. */
export function literalSource(node: LiteralNode): string {
  return node.kind === 'word' ? node.text : node.kind === 'string' ? node.value : String.fromCodePoint(node.value);
}

/** Converts a literal to the type of what it is compared with, or refuses it at its place. */
export function convertLiteral(node: LiteralNode, target: LiteralTarget, zone: TimeZone): LiteralValue {
  const { type } = target;
  if (integerBytes(type) > 0 || type === 'frame') return plain(convertInteger(node, target));
  switch (type) {
    case 'bool':
      return plain(convertBoolean(node, target));
    case 'float':
    case 'double':
      return plain(convertFloat(node, target));
    case 'string':
      return plain(convertString(node));
    case 'ipv4':
      return convertIpv4(wordOnly(node, target), node);
    case 'ipv6':
      return convertIpv6(wordOnly(node, target), node);
    case 'ether':
      return plain(target.isNeedle ? convertBytes(node, target) : convertMac(wordOnly(node, target), node, target));
    case 'eui64':
      return plain(target.isNeedle ? convertBytes(node, target) : fixedBytes(wordOnly(node, target), node, type, 8));
    case 'guid':
      return plain(target.isNeedle ? convertBytes(node, target) : convertGuid(wordOnly(node, target), node));
    case 'oid':
      return plain(target.isNeedle ? convertBytes(node, target) : convertOid(wordOnly(node, target), node));
    case 'bytes':
    case 'protocol':
      return plain(convertBytes(node, target));
    case 'time':
      return plain(convertTime(node, zone));
    case 'duration':
      return plain(convertDuration(wordOnly(node, target), node));
    case 'none':
      return refuse('not-comparable', node, { name: target.name, type: typeText(type) });
    default:
      throw new Error(`not a field type: ${type}`);
  }
}

function plain(value: FieldValue): LiteralValue {
  return { value, prefix: undefined };
}

/** Types that are never written in quotes; a character constant has no meaning for them either. */
function wordOnly(node: LiteralNode, target: LiteralTarget): string {
  if (node.kind === 'word') return node.text;
  refuse('quoted-value', node, { field: target.name, type: typeText(target.type) }, unquoteHint(node, target));
}

/** Taking the quotes away helps only where what is inside is a value. */
function unquoteHint(node: LiteralNode, target: LiteralTarget): Hint | undefined {
  if (node.kind !== 'string') return undefined;
  const { value, start, end } = node;
  const word: WordNode = { kind: 'word', text: value, only: undefined, isRaw: false, layers: undefined, start, end };
  if (!catchProblem(() => convertLiteral(word, target, 'utc')).ok) return undefined;
  return { code: 'hint-unquote', params: { example: value } };
}

/** An integer as Wireshark writes them: 10, 0x0a, 012, 0b1010; undefined where it is none. */
export function parseInteger(text: string): bigint | undefined {
  if (/^0[xX][0-9a-fA-F]+$/.test(text) || /^0[bB][01]+$/.test(text)) return BigInt(text.toLowerCase());
  if (/^0[0-7]+$/.test(text)) return BigInt(`0o${text.slice(1)}`);
  return /^(?:0|[1-9][0-9]*)$/.test(text) ? BigInt(text) : undefined;
}

/** Smallest and largest value of an integer type. */
export function integerBounds(type: FieldType): readonly [bigint, bigint] {
  const bits = BigInt(integerBytes(type) || 4) * 8n;
  return isSigned(type) ? [-(1n << (bits - 1n)), (1n << (bits - 1n)) - 1n] : [0n, (1n << bits) - 1n];
}

function integerValue(type: FieldType, value: bigint): FieldValue {
  return integerBytes(type) > 4 ? value : Number(value);
}

function convertInteger(node: LiteralNode, target: LiteralTarget): FieldValue {
  const { type } = target;
  if (node.kind === 'char') return boundedInteger(BigInt(node.value), node, literalSource(node), target);
  if (node.kind === 'word') {
    const number = parseInteger(node.text);
    if (number !== undefined) return boundedInteger(number, node, node.text, target);
  }
  const text = literalSource(node);
  const named = valuesOfName(text, target.field);
  if (named !== undefined && named.length > 0) return integerValue(type, BigInt(named[0]));
  if (target.field?.names === undefined) {
    if (node.kind === 'string') wordOnly(node, target);
    refuse('not-a-number', node, { text });
  }
  refuse('not-a-value-name', node, { text, field: target.name }, namesHint(target.field));
}

function boundedInteger(value: bigint, at: Span, text: string, target: LiteralTarget): FieldValue {
  const [min, max] = integerBounds(target.type);
  if (value > max) refuse('number-too-big', at, { text, field: target.name, max: String(max) });
  if (value < min) refuse('number-too-small', at, { text, field: target.name, min: String(min) });
  return integerValue(target.type, value);
}

/**
 * All values of a field that bear a name, in any case; undefined where the field names nothing. Names given by a function
 * are tried out for types up to 16 bits.
 */
export function valuesOfName(name: string, field: Field | undefined): readonly number[] | undefined {
  if (field === undefined) return undefined;
  const wanted = name.toLowerCase();
  if (field.flag !== undefined) {
    if (field.flag[0].toLowerCase() === wanted) return [1];
    return field.flag[1].toLowerCase() === wanted ? [0] : [];
  }
  const { names } = field;
  if (names === undefined) return undefined;
  if (typeof names !== 'function') {
    const found: number[] = [];
    for (const key in names) if (names[key]?.toLowerCase() === wanted) found.push(Number(key));
    return found;
  }
  const found: number[] = [];
  const count = integerBytes(field.type) <= 2 ? 2 ** (8 * integerBytes(field.type)) : 0;
  for (let value = 0; value < count; value++) if (names(value)?.toLowerCase() === wanted) found.push(value);
  return found;
}

const SHOWN_NAMES = 8;

function namesHint(field: Field | undefined): Hint | undefined {
  const names = field?.flag ?? (typeof field?.names === 'object' ? Object.values(field.names) : []);
  if (names.length === 0) return undefined;
  const shown = names.slice(0, SHOWN_NAMES).map((name) => quoteString(name));
  return { code: 'hint-one-of', params: { names: shown.join(', ') + (names.length > SHOWN_NAMES ? ' ...' : '') } };
}

/** What a flag is called where its field has no names of its own. */
const BOOLEAN_NAMES: ReadonlyMap<string, 0 | 1> = new Map([
  ['true', 1],
  ['set', 1],
  ['false', 0],
  ['not set', 0],
]);

function convertBoolean(node: LiteralNode, target: LiteralTarget): FieldValue {
  if (node.kind === 'char') return node.value === 0 ? 0 : 1;
  const text = literalSource(node);
  if (node.kind === 'word') {
    const number = parseInteger(text);
    if (number !== undefined) return number === 0n ? 0 : 1;
  }
  const named = valuesOfName(text, target.field)?.[0] ?? BOOLEAN_NAMES.get(text.toLowerCase());
  if (named !== undefined) return named;
  refuse('not-a-boolean', node, { text }, namesHint(target.field));
}

function convertFloat(node: LiteralNode, target: LiteralTarget): number {
  const text = wordOnly(node, target);
  if (/^[0-9]+(?:\.[0-9]+)?(?:[eE]-?[0-9]+)?$/.test(text)) return Number(text);
  const integer = parseInteger(text);
  if (integer === undefined) refuse('not-a-number', node, { text });
  return Number(integer);
}

function convertString(node: LiteralNode): string {
  return node.kind === 'string' ? literalText(node.value) : literalSource(node);
}

function convertIpv4(text: string, at: Span): LiteralValue {
  const [host = '', bits] = text.split('/');
  const address = /(?:^|\.)0[0-9]/.test(host) ? null : parseIpv4(host); // 010 could be meant as 8: refused as elsewhere
  if (address === null) {
    const parts = /^[0-9]+(?:\.[0-9]+){0,2}$/.test(host) ? host.split('.') : undefined;
    const example =
      parts === undefined ? undefined : `${[...parts, 0, 0, 0].slice(0, 4).join('.')}/${parts.length * 8}`;
    refuse(
      'not-an-ipv4',
      at,
      { text },
      example === undefined ? undefined : { code: 'hint-subnet', params: { example } },
    );
  }
  const prefix = bits === undefined ? undefined : Number(bits);
  if (prefix !== undefined && prefix > 32) refuse('ipv4-prefix', at, { bits: prefix });
  return { value: address, prefix };
}

function convertIpv6(text: string, at: Span): LiteralValue {
  const [host = '', bits] = text.split('/');
  const address = parseIpv6(host);
  if (address === null) refuse('not-an-ipv6', at, { text });
  const prefix = bits === undefined ? undefined : Number(bits);
  if (prefix !== undefined && prefix > 128) refuse('ipv6-prefix', at, { bits: prefix });
  return { value: address, prefix };
}

/** Bytes as people write them; undefined where it is none. Digits without separators get a leading zero where one is missing. */
export function parseBytes(text: string): Uint8Array | undefined {
  if (/^[0-9a-fA-F]+$/.test(text)) return fromHex(text.length % 2 === 0 ? text : `0${text}`) ?? undefined;
  if (/^[0-9a-fA-F]{2}(?:([:.-])[0-9a-fA-F]{2})(?:\1[0-9a-fA-F]{2})*$/.test(text)) return fromHex(text) ?? undefined;
  if (/^[0-9a-fA-F]{4}(?:\.[0-9a-fA-F]{4})+$/.test(text)) return fromHex(text) ?? undefined;
  if (/^[0-9a-fA-F]{1,2}(?:\.[0-9a-fA-F]{1,2})+$/.test(text)) {
    return Uint8Array.from(text.split('.'), (byte) => Number.parseInt(byte, 16));
  }
  if (/^0[xX][0-9a-fA-F]{2}$/.test(text)) return Uint8Array.of(Number(text));
  return undefined;
}

function convertBytes(node: LiteralNode, target: LiteralTarget): Uint8Array {
  if (node.kind === 'char') return Uint8Array.of(node.value);
  if (node.kind === 'string') {
    if (target.type !== 'bytes' && target.type !== 'protocol') wordOnly(node, target);
    return literalBytes(node.value);
  }
  const { text } = node;
  const bytes = parseBytes(text);
  if (bytes !== undefined) return bytes;
  const number = parseInteger(text);
  if (number !== undefined) {
    const digits = number.toString(16);
    const pairs = (digits.length % 2 === 0 ? digits : `0${digits}`).match(/../g) ?? [];
    refuse('one-byte-hex', node, { text }, { code: 'hint-one-byte', params: { example: pairs.join(':') } });
  }
  refuse('not-bytes', node, { text }, { code: 'hint-text', params: { example: quoteString(text) } });
}

function convertMac(text: string, at: Span, target: LiteralTarget): Uint8Array {
  const mac = parseMac(text);
  if (mac !== null) return mac;
  const bytes = parseBytes(text);
  if (bytes === undefined) refuse('not-a-mac', at, { text });
  if (bytes.length !== 6) {
    const code = bytes.length < 6 ? 'too-few-bytes' : 'too-many-bytes';
    const example = `${target.name}[0:${bytes.length}] == ${text}`;
    refuse(
      code,
      at,
      { text, count: bytes.length, need: 6, type: typeText('ether') },
      { code: 'hint-mac', params: { example } },
    );
  }
  return bytes;
}

function fixedBytes(text: string, at: Span, type: FieldType, need: number): Uint8Array {
  const bytes = parseBytes(text);
  if (bytes === undefined) refuse('not-bytes', at, { text });
  if (bytes.length !== need) {
    const code = bytes.length < need ? 'too-few-bytes' : 'too-many-bytes';
    refuse(code, at, { text, count: bytes.length, need, type: typeText(type) });
  }
  return bytes;
}

function convertGuid(text: string, at: Span): Uint8Array {
  const isGuid = /^[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}$/.test(text);
  const bytes = isGuid ? fromHex(text) : null;
  if (bytes === null) refuse('not-a-guid', at, { text });
  return bytes;
}

/** Dotted numbers to BER (X.690 8.19). */
function convertOid(text: string, at: Span): Uint8Array {
  const parts = /^[0-9]+(?:\.[0-9]+)+$/.test(text) ? text.split('.').map(BigInt) : [];
  const [first = 3n, second = 0n, ...rest] = parts;
  if (first > 2n || (first < 2n && second > 39n)) refuse('not-an-oid', at, { text });
  const bytes: number[] = [];
  for (const number of [first * 40n + second, ...rest]) {
    const groups = [Number(number & 0x7fn)];
    for (let left = number >> 7n; left > 0n; left >>= 7n) groups.unshift(Number(left & 0x7fn) | 0x80);
    bytes.push(...groups);
  }
  return Uint8Array.from(bytes);
}

function convertDuration(text: string, at: Span): bigint {
  const seconds = parseSeconds(text);
  if (seconds === undefined) refuse('not-a-duration', at, { text });
  return seconds;
}

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const CLOCK = '([0-9]{1,2}):([0-9]{1,2})(?::([0-9]{1,2})(?:[.,]([0-9]*))?)?';
const UTC_ONLY = '(\\s*UTC)?';
/** `Z` and offsets stand close to the time, the word UTC may stand apart. */
const ZONE = '(Z|\\s*UTC|[+-][0-9]{1,2}(?::?[0-9]{2})?)?';
/** Behind a date with the month's name anything may stand apart, and UTC has two more names. */
const ZONE_APART = '\\s*(UTC|GMT|UT|[+-][0-9]{2}:?[0-9]{2})?';
const ISO = new RegExp(`^([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})(?:T|\\s+)${CLOCK}${ZONE}$`);
const ISO_SHORT = new RegExp(`^([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})(?:\\s+([0-9]{1,2}))?()()()${UTC_ONLY}$`);
const NAMED = new RegExp(
  `^([A-Za-z]{3})\\s+([0-9]{1,2}),\\s*([0-9]{4})\\s+([0-9]{1,2}):([0-9]{1,2}):([0-9]{1,2})(?:\\.([0-9]+))?${ZONE_APART}$`,
);

function convertTime(node: LiteralNode, zone: TimeZone): bigint {
  const text = literalSource(node).trim();
  if (node.kind === 'word') {
    const seconds = parseSeconds(text); // seconds since 1970, as frame.time_epoch shows them
    if (seconds !== undefined) return seconds;
  }
  const time = node.kind === 'char' ? undefined : parseTime(text, zone);
  if (time === undefined) refuse('not-a-time', node, { text }, { code: 'hint-time', params: {} });
  return time;
}

/**
 * Nanoseconds since 1970 of a date and time; undefined where it is none. As in Wireshark a day that the month does not have
 * is one of the next month, a leap second one of the next minute, and what is behind nine decimals is cut.
 */
export function parseTime(text: string, zone: TimeZone): bigint | undefined {
  const iso = ISO.exec(text) ?? ISO_SHORT.exec(text);
  const match = iso ?? NAMED.exec(text);
  if (match === null) return undefined;
  const [year, month, day] =
    iso !== null
      ? [Number(match[1]), Number(match[2]) - 1, Number(match[3])]
      : [Number(match[3]), MONTHS.indexOf((match[1] ?? '').toLowerCase()), Number(match[2])];
  const [hour, minute, second] = [match[4], match[5], match[6]].map((part) => Number(part ?? 0));
  if (month < 0 || month > 11 || day < 1 || day > 31) return undefined;
  if (hour > 23 || minute > 59 || second > 61) return undefined;
  const offset = zoneOffsetMs(match[8]?.trim(), zone, [year, month, day, hour, minute, second]);
  const seconds = BigInt((utcTime(year, month, day, hour, minute, second) - offset) / 1000);
  return seconds * NS_PER_SECOND + BigInt((match[7] ?? '').slice(0, 9).padEnd(9, '0'));
}

/** Date.UTC, which takes the years before 100 for those of a century ago. */
function utcTime(year: number, month: number, day: number, hour: number, minute: number, second: number): number {
  return new Date(0).setUTCFullYear(year, month, day) + ((hour * 60 + minute) * 60 + second) * 1000;
}

/** How far the clock of a zone was ahead of UTC at a local time. */
function zoneOffsetMs(
  zone: string | undefined,
  fallback: TimeZone,
  [year, month, day, hour, minute, second]: readonly [number, number, number, number, number, number],
): number {
  if (zone !== undefined) {
    const match = /^([+-])([0-9]{1,2}):?([0-9]{2})?$/.exec(zone);
    if (match === null) return 0; // Z, UTC
    const minutes = Number(match[2]) * 60 + Number(match[3] ?? 0);
    return (match[1] === '-' ? -minutes : minutes) * 60_000;
  }
  switch (fallback) {
    case 'utc':
      return 0;
    case 'local':
      return -new Date(year, month, day, hour, minute, second).getTimezoneOffset() * 60_000;
    default:
      return assertNever(fallback);
  }
}
