/** Fields: the named, typed values of packets. One declaration serves the tree, the filter, completion, the docs and the CLI. */

/**
 * Wireshark's types. Values travel as: integers up to 32 bits `number`, wider ones `bigint`; `bool` 0 or 1; `ipv4` a u32
 * number; `ipv6`, `ether`, `eui64`, `guid`, `bytes`, `oid` a `Uint8Array`; `string` a string; `time` (absolute, since
 * 1970 UTC) and `duration` a bigint of nanoseconds; `float`/`double` a number; `frame` a frame number from 1;
 * `none` and `protocol` have no value but their bytes.
 */
export type FieldType =
  | 'u8'
  | 'u16'
  | 'u24'
  | 'u32'
  | 'u40'
  | 'u48'
  | 'u56'
  | 'u64'
  | 'i8'
  | 'i16'
  | 'i24'
  | 'i32'
  | 'i40'
  | 'i48'
  | 'i56'
  | 'i64'
  | 'bool'
  | 'float'
  | 'double'
  | 'ether'
  | 'eui64'
  | 'ipv4'
  | 'ipv6'
  | 'guid'
  | 'oid'
  | 'string'
  | 'bytes'
  | 'time'
  | 'duration'
  | 'frame'
  | 'none'
  | 'protocol';

/**
 * How an integer is shown: `hex` prints 0x0800, `dec-hex` prints 2048 (0x0800). Of times: `epoch` prints seconds since 1970,
 * `ntp` has a start, 1900, that means none.
 */
export type FieldShow = 'dec' | 'hex' | 'oct' | 'dec-hex' | 'hex-dec' | 'colon' | 'local' | 'utc' | 'ntp' | 'epoch';

export type FieldValue = number | bigint | string | Uint8Array;

/** Named values: by number, or by a function for ranges. */
export type ValueNames = Readonly<Record<number, string>> | ((value: number) => string | undefined);

export interface Field {
  /** Index in the catalogue. */
  readonly id: number;
  /** As people type it: `tcp.port`. */
  readonly abbrev: string;
  readonly label: string;
  readonly type: FieldType;
  readonly show: FieldShow;
  readonly names: ValueNames | undefined;
  /** Highest and lowest bit inside the unit it is read from; the value is already shifted down. */
  readonly bits: readonly [number, number] | undefined;
  /** Bits of the unit that `bits` are taken from, where the type does not say it. */
  readonly unitBits: number | undefined;
  /** For `bool`: what true and false are called, e.g. ['Set', 'Not set']. */
  readonly flag: readonly [string, string] | undefined;
  /** Index of the protocol that owns it. */
  readonly protocol: number;
  readonly doc: string | undefined;
}

/** What the filter, completion and the docs need to know about all fields. Names are looked up exactly, then in lower case. */
export interface FieldCatalog {
  readonly fields: readonly Field[];
  get(abbrev: string): Field | undefined;
}

const INTEGER_BYTES: Partial<Record<FieldType, number>> = {
  u8: 1,
  u16: 2,
  u24: 3,
  u32: 4,
  u40: 5,
  u48: 6,
  u56: 7,
  u64: 8,
  i8: 1,
  i16: 2,
  i24: 3,
  i32: 4,
  i40: 5,
  i48: 6,
  i56: 7,
  i64: 8,
};

/** Width of an integer type in bytes; 0 for other types. */
export function integerBytes(type: FieldType): number {
  return INTEGER_BYTES[type] ?? 0;
}

export function isSigned(type: FieldType): boolean {
  return type.charCodeAt(0) === 0x69 && integerBytes(type) > 0; // 'i'
}

/** Name of a value, if it has one. */
export function valueName(names: ValueNames | undefined, value: number): string | undefined {
  if (names === undefined) return undefined;
  return typeof names === 'function' ? names(value) : names[value];
}

/** A catalogue over a list of fields. */
export function makeCatalog(fields: readonly Field[]): FieldCatalog {
  const byName = new Map(fields.map((field) => [field.abbrev, field]));
  const byLowerName = new Map(fields.map((field) => [field.abbrev.toLowerCase(), field]));
  return { fields, get: (abbrev) => byName.get(abbrev) ?? byLowerName.get(abbrev.toLowerCase()) };
}
