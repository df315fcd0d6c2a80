/** Values of fields from bytes at a known place: integers of both byte orders, bits, addresses. Texts are the tree's. */

import { bigUint, u32, u32le, uint } from '../base/bytes.ts';
import { type FieldType, type FieldValue, integerBytes, isSigned } from '../base/fields.ts';
import type { FieldSpec } from './field-spec.ts';

const FIXED_WIDTH: Partial<Record<FieldType, number>> = {
  bool: 1,
  float: 4,
  double: 8,
  ether: 6,
  eui64: 8,
  ipv4: 4,
  ipv6: 16,
  guid: 16,
  frame: 4,
  time: 8,
  duration: 8,
};

/** Bytes a field takes when nobody says a length. */
export function widthOf(spec: FieldSpec): number {
  const width = integerBytes(spec.of ?? spec.type) || FIXED_WIDTH[spec.type];
  if (width === undefined) throw new Error(`a field of type ${spec.type} needs a length: ${spec.label}`);
  return width;
}

/** The value at [at, at + width), which must be there; not for texts and times. */
export function readValue(b: Uint8Array, at: number, width: number, spec: FieldSpec): FieldValue {
  const type = spec.of ?? (spec.type === 'bool' ? 'u8' : spec.type);
  if (spec.bits !== undefined || spec.type === 'bool') return readBits(b, at, width, spec);
  if (integerBytes(type) > 0) return readInteger(b, at, width, type, spec.little === true);
  switch (spec.type) {
    case 'ipv4':
      return spec.little === true ? u32le(b, at) : u32(b, at);
    case 'float':
      return new DataView(b.buffer, b.byteOffset + at, 4).getFloat32(0, spec.little === true);
    case 'double':
      return new DataView(b.buffer, b.byteOffset + at, 8).getFloat64(0, spec.little === true);
    case 'frame':
      return u32(b, at);
    case 'string':
    case 'time':
    case 'duration':
      throw new Error(`${spec.label}: texts and times are put with their value`);
    default:
      return b.slice(at, at + width);
  }
}

function readInteger(b: Uint8Array, at: number, width: number, type: FieldType, little: boolean): number | bigint {
  if (width <= 4 && integerBytes(type) <= 4) {
    const value = uint(b, at, width, little);
    if (!isSigned(type)) return value;
    const half = 2 ** (8 * width - 1);
    return value >= half ? value - 2 * half : value;
  }
  const value = bigUint(b, at, width, little);
  return isSigned(type) ? BigInt.asIntN(8 * width, value) : value;
}

function readBits(b: Uint8Array, at: number, width: number, spec: FieldSpec): number | bigint {
  const [high, low] = spec.bits ?? [8 * width - 1, 0];
  if (width <= 4) {
    const value = Math.floor(uint(b, at, width, spec.little === true) / 2 ** low) % 2 ** (high - low + 1);
    return spec.type === 'bool' ? Number(value !== 0) : value;
  }
  const value = (bigUint(b, at, width, spec.little === true) >> BigInt(low)) & ((1n << BigInt(high - low + 1)) - 1n);
  if (spec.type === 'bool') return Number(value !== 0n);
  return integerBytes(spec.type) > 4 ? value : Number(value);
}
