/** Types and values of TDS ([MS-TDS] 2.2.5.4, 2.2.5.5): what a column or a parameter is, and one value of it. */

import { toHex } from '../../../base/hex.ts';
import type { TreeBuilder } from '../../tree.ts';
import { uuidBytes, uuidText } from '../../uuid.ts';
import { TYPE_ID } from './names.ts';

/** What is kept of a type to read its values. */
export interface ValueType {
  readonly id: number;
  /** Largest size in bytes; 0xffff: in pieces. */
  readonly size: number;
  readonly scale: number;
}

/** Sizes of the types that have one. */
const FIXED: Readonly<Record<number, number>> = {
  [TYPE_ID.null]: 0,
  [TYPE_ID.int1]: 1,
  [TYPE_ID.bit]: 1,
  [TYPE_ID.int2]: 2,
  [TYPE_ID.int4]: 4,
  [TYPE_ID.smallDateTime]: 4,
  [TYPE_ID.float4]: 4,
  [TYPE_ID.money]: 8,
  [TYPE_ID.dateTime]: 8,
  [TYPE_ID.float8]: 8,
  [TYPE_ID.smallMoney]: 4,
  [TYPE_ID.int8]: 8,
};
const SHORT_LENGTH: readonly number[] = [
  TYPE_ID.bigVarBinary,
  TYPE_ID.bigVarChar,
  TYPE_ID.bigBinary,
  TYPE_ID.bigChar,
  TYPE_ID.nVarChar,
  TYPE_ID.nChar,
];
const COLLATED: readonly number[] = [
  TYPE_ID.bigVarChar,
  TYPE_ID.bigChar,
  TYPE_ID.nVarChar,
  TYPE_ID.nChar,
  TYPE_ID.text,
  TYPE_ID.nText,
];
const LONG: readonly number[] = [TYPE_ID.image, TYPE_ID.text, TYPE_ID.nText, TYPE_ID.variant];
const SCALED: readonly number[] = [TYPE_ID.time, TYPE_ID.dateTime2, TYPE_ID.dateTimeOffset];
const PRECISE: readonly number[] = [TYPE_ID.decimalN, TYPE_ID.numericN];
const IN_PIECES = 0xffff;
const NO_PIECES = 0xffffffffffffffffn;
const MAX_PIECES = 4096;
/** Days from 1900 to 1970 in nanoseconds. */
const EPOCH_1900 = 25_567n * 86_400n * 1_000_000_000n;

/** The rows of a type; `put` names where each part goes. Returns it and the offset behind it. */
export function readType(
  t: TreeBuilder,
  from: number,
  put: TypeRows,
): { readonly type: ValueType; readonly at: number } {
  const id = t.u8(from);
  let at = from + 1;
  let size = FIXED[id] ?? 0;
  let scale = 0;
  put.id(id, from);
  if (FIXED[id] !== undefined || id === TYPE_ID.date) return { type: { id, size, scale }, at };
  if (SCALED.includes(id)) {
    scale = t.u8(at);
    put.scale(scale, at);
    return { type: { id, size, scale }, at: at + 1 };
  }
  const width = LONG.includes(id)
    ? 4
    : SHORT_LENGTH.includes(id)
      ? 2
      : id === TYPE_ID.xml || id === TYPE_ID.udt
        ? 0
        : 1;
  if (width > 0) {
    size = width === 4 ? t.u32le(at) : width === 2 ? t.u16le(at) : t.u8(at);
    put.size(size, at, width);
    at += width;
  } else size = IN_PIECES;
  if (PRECISE.includes(id)) {
    put.precision(t.u8(at), at);
    scale = t.u8(at + 1);
    put.scale(scale, at + 1);
    at += 2;
  }
  if (COLLATED.includes(id)) {
    put.collation(at);
    at += 5;
  }
  if (id === TYPE_ID.xml) at += 1;
  return { type: { id, size, scale }, at };
}

export interface TypeRows {
  id(value: number, at: number): void;
  size(value: number, at: number, width: number): void;
  precision(value: number, at: number): void;
  scale(value: number, at: number): void;
  collation(at: number): void;
}

/** Adds the rows of one value; returns the offset behind it, and what it is in short. */
export function readValue(
  t: TreeBuilder,
  type: ValueType,
  from: number,
): { readonly at: number; readonly text: string } {
  const { id } = type;
  const fixed = FIXED[id];
  if (fixed !== undefined) {
    if (id === TYPE_ID.null) return nothing(t, from);
    return { at: from + fixed, text: data(t, id, from, fixed, type.scale) };
  }
  if (id === TYPE_ID.image || id === TYPE_ID.text || id === TYPE_ID.nText) return longValue(t, type, from);
  if (id === TYPE_ID.variant) {
    const length = t.u32le(from);
    t.put('type_varbyte.length', length, from, 4);
    return { at: from + 4 + length, text: bytes(t, from + 4, length) };
  }
  if (type.size === IN_PIECES && (SHORT_LENGTH.includes(id) || id === TYPE_ID.xml || id === TYPE_ID.udt))
    return pieces(t, type, from);
  const isShort = SHORT_LENGTH.includes(id);
  const width = isShort ? 2 : 1;
  const length = isShort ? t.u16le(from) : t.u8(from);
  t.put('type_varbyte.length', length, from, width);
  if (isShort ? length === 0xffff : length === 0 && !isText(id)) return nothing(t, from + width);
  return { at: from + width + length, text: data(t, id, from + width, length, type.scale) };
}

function nothing(t: TreeBuilder, at: number): { readonly at: number; readonly text: string } {
  t.put('type_varbyte.data.null', new Uint8Array(0), at, 0, 'Data: NULL');
  return { at, text: 'NULL' };
}

function isText(id: number): boolean {
  return id === TYPE_ID.char || id === TYPE_ID.varChar || id === TYPE_ID.binary || id === TYPE_ID.varBinary;
}

/** A pointer of text, a time stamp, and then the bytes. */
function longValue(t: TreeBuilder, type: ValueType, from: number): { readonly at: number; readonly text: string } {
  const pointer = t.u8(from);
  t.put('type_varbyte.textptr_len', pointer, from, 1);
  if (pointer === 0) return nothing(t, from + 1);
  let at = t.add('type_varbyte.data.textptr', from + 1, pointer);
  at = t.add('type_varbyte.data.text_ts', at, 8);
  const length = t.u32le(at);
  t.put('type_varbyte.length', length, at, 4);
  return { at: at + 4 + length, text: data(t, type.id, at + 4, length, 0) };
}

/** 2.2.5.2.3: the whole length, or that it is not known, then pieces until one of no bytes. */
function pieces(t: TreeBuilder, type: ValueType, from: number): { readonly at: number; readonly text: string } {
  const whole = t.u64le(from);
  t.put('type_varbyte.plp_len', BigInt.asIntN(64, whole), from, 8);
  if (whole === NO_PIECES) return nothing(t, from + 8);
  const texts: string[] = [];
  let at = from + 8;
  for (let i = 0; i < MAX_PIECES; i++) {
    const length = t.u32le(at);
    t.put('type_varbyte.plp_chunk_len', length, at, 4);
    at += 4;
    if (length === 0) break;
    t.add('type_varbyte.plp_chunk', at, length);
    texts.push(type.id === TYPE_ID.nVarChar || type.id === TYPE_ID.xml ? t.string(at, length, 'utf16le') : '');
    at += length;
  }
  return { at, text: texts.join('') };
}

function data(t: TreeBuilder, id: number, at: number, length: number, scale: number): string {
  switch (id) {
    case TYPE_ID.bit:
    case TYPE_ID.bitN:
      t.put('type_varbyte.data.bool', t.u8(at) === 0 ? 0 : 1, at, length);
      return t.u8(at) === 0 ? 'False' : 'True';
    case TYPE_ID.int1:
    case TYPE_ID.int2:
    case TYPE_ID.int4:
    case TYPE_ID.int8:
    case TYPE_ID.intN:
      return integer(t, at, length);
    case TYPE_ID.float4:
    case TYPE_ID.float8:
    case TYPE_ID.floatN:
      return float(t, at, length);
    case TYPE_ID.guid:
      if (length !== 16) return bytes(t, at, length);
      t.need(at, 16);
      t.put('type_varbyte.data.guid', uuidBytes(t.bytes, at, true), at, 16);
      return uuidText(t.bytes, at, true);
    case TYPE_ID.nVarChar:
    case TYPE_ID.nChar:
    case TYPE_ID.nText:
      return string(t, at, length, true);
    case TYPE_ID.bigVarChar:
    case TYPE_ID.bigChar:
    case TYPE_ID.varChar:
    case TYPE_ID.char:
    case TYPE_ID.text:
      return string(t, at, length, false);
    case TYPE_ID.dateTime:
    case TYPE_ID.dateTimeN:
    case TYPE_ID.smallDateTime:
      return dateTime(t, at, length);
    case TYPE_ID.decimalN:
    case TYPE_ID.numericN:
      return decimal(t, at, length, scale);
    default:
      return bytes(t, at, length);
  }
}

function integer(t: TreeBuilder, at: number, length: number): string {
  if (length === 8) {
    const value = BigInt.asIntN(64, t.u64le(at));
    t.put('type_varbyte.data.int64', value, at, 8);
    return value.toString();
  }
  const value =
    length === 1 ? t.u8(at) : length === 2 ? (t.u16le(at) << 16) >> 16 : length === 4 ? t.u32le(at) | 0 : Number.NaN;
  if (Number.isNaN(value)) return bytes(t, at, length);
  t.put('type_varbyte.data.int', value, at, length, `Data: ${value}`);
  return value.toString();
}

function float(t: TreeBuilder, at: number, length: number): string {
  if (length !== 4 && length !== 8) return bytes(t, at, length);
  const view = new DataView(t.slice(at, length).buffer);
  const value = length === 4 ? view.getFloat32(0, true) : view.getFloat64(0, true);
  t.put('type_varbyte.data.float', value, at, length);
  return String(value);
}

function string(t: TreeBuilder, at: number, length: number, isUnicode: boolean): string {
  const text = t.string(at, length, isUnicode ? 'utf16le' : 'latin1');
  t.put('type_varbyte.data.string', text, at, length);
  return text;
}

/** Days since 1900 and 300ths of a second, or minutes. */
function dateTime(t: TreeBuilder, at: number, length: number): string {
  if (length !== 4 && length !== 8) return bytes(t, at, length);
  const days = length === 8 ? BigInt(t.u32le(at) | 0) : BigInt(t.u16le(at));
  const rest =
    length === 8 ? (BigInt(t.u32le(at + 4)) * 10_000_000_000n) / 3000n : BigInt(t.u16le(at + 2)) * 60_000_000_000n;
  t.put('type_varbyte.data.datetime', days * 86_400_000_000_000n + rest - EPOCH_1900, at, length);
  return '';
}

/** A sign, then the digits as one number. */
function decimal(t: TreeBuilder, at: number, length: number, scale: number): string {
  let value = 0n;
  for (let i = length - 1; i > 0; i--) value = (value << 8n) | BigInt(t.u8(at + i));
  const digits = value.toString().padStart(scale + 1, '0');
  const point = scale === 0 ? digits : `${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
  const text = `${t.u8(at) === 0 ? '-' : ''}${point}`;
  t.put('type_varbyte.data.bytes', t.slice(at, length), at, length, `Data: ${text}`);
  return text;
}

function bytes(t: TreeBuilder, at: number, length: number): string {
  const value = t.slice(at, length);
  t.put('type_varbyte.data.bytes', value, at, length);
  return toHex(value, '', 0, Math.min(length, 32));
}
