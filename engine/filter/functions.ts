/** The functions of the display filter (wireshark-filter(4), "Functions"): names, arguments, result types, bodies. */

import { type Field, type FieldType, type FieldValue, integerBytes, valueName } from '../base/fields.ts';
import { hexNumber } from '../base/hex.ts';
import type { FilterFunctionName } from './language/checked.ts';
import { compareValues, isZero, negateValue, typeClass, valueLength, valueText } from './value.ts';

/** All the values that one argument has in a packet. */
export interface FunctionArgument {
  readonly type: FieldType;
  /** The field, where the argument is one. */
  readonly field: Field | undefined;
  readonly values: readonly FieldValue[];
}

export interface FilterFunction {
  readonly minArgs: number;
  readonly maxArgs: number;
  /** Which types an argument may have. */
  takes(type: FieldType): boolean;
  /** Is a constant among the arguments allowed, converted to the type of the first field? */
  readonly takesConstants: boolean;
  /** The argument must be a field whose values have names. */
  readonly needsNames: boolean;
  result(type: FieldType): FieldType;
  /** No values where the arguments have none: a function of an absent field satisfies no comparison. */
  apply(args: readonly FunctionArgument[]): FieldValue[];
}

const ONE = { minArgs: 1, maxArgs: 1, takesConstants: false, needsNames: false } as const;

const isText = (type: FieldType): boolean => type === 'string';
const isInteger = (type: FieldType): boolean => typeClass(type) === 'integer';
const isUnsigned = (type: FieldType): boolean => isInteger(type) && !type.startsWith('i');
const isNumeric = (type: FieldType): boolean => {
  const kind = typeClass(type);
  return kind === 'integer' || kind === 'float' || kind === 'duration';
};
const hasOrder = (type: FieldType): boolean => typeClass(type) !== 'none' && type !== 'bool' && type !== 'protocol';
/** As in Wireshark 4.0: not what is text or bytes already, nor times. */
const hasText = (type: FieldType): boolean =>
  isInteger(type) || ['ipv4', 'ipv6', 'ether', 'eui64', 'guid', 'oid', 'float', 'double'].includes(type);

/** Every value of the one argument through `body`. */
function each(body: (value: FieldValue, arg: FunctionArgument) => FieldValue): FilterFunction['apply'] {
  return ([arg]) => (arg === undefined ? [] : arg.values.map((value) => body(value, arg)));
}

/** The one value that `isBetter` than all others, over all arguments; an absent argument does not count. */
function best(isBetter: (order: number) => boolean): FilterFunction['apply'] {
  return (args) => {
    let found: FieldValue | undefined;
    for (const arg of args) {
      for (const value of arg.values) if (found === undefined || isBetter(compareValues(value, found))) found = value;
    }
    return found === undefined ? [] : [found];
  };
}

function toNumber(type: FieldType, value: FieldValue): number {
  return type === 'duration' || type === 'time' ? Number(value) / 1e9 : Number(value);
}

function nameOf(value: FieldValue, field: Field | undefined): string {
  if (field?.flag !== undefined) return isZero(value) ? field.flag[1] : field.flag[0];
  return valueName(field?.names, Number(value)) ?? String(value);
}

const same = (type: FieldType): FieldType => type;
const isAny = (): boolean => true;

export const FUNCTIONS: Readonly<Record<FilterFunctionName, FilterFunction>> = {
  upper: { ...ONE, takes: isText, result: same, apply: each((value) => String(value).toUpperCase()) },
  lower: { ...ONE, takes: isText, result: same, apply: each((value) => String(value).toLowerCase()) },
  len: { ...ONE, takes: isAny, result: () => 'u32', apply: each((value, arg) => valueLength(arg.type, value)) },
  count: {
    ...ONE,
    takes: isAny,
    result: () => 'u32',
    apply: ([arg]) => (arg === undefined || arg.values.length === 0 ? [] : [arg.values.length]),
  },
  string: { ...ONE, takes: hasText, result: () => 'string', apply: each((value, arg) => valueText(arg.type, value)) },
  vals: {
    ...ONE,
    takes: (type) => isInteger(type) || type === 'bool',
    needsNames: true,
    result: () => 'string',
    apply: each((value, arg) => nameOf(value, arg.field)),
  },
  dec: { ...ONE, takes: isUnsigned, result: () => 'string', apply: each((value) => String(value)) },
  hex: {
    ...ONE,
    takes: isUnsigned,
    result: () => 'string',
    apply: each((value, arg) => hexNumber(value as number | bigint, integerBytes(arg.type) || 4)),
  },
  float: {
    ...ONE,
    takes: isNumeric,
    result: () => 'float',
    apply: each((v, arg) => Math.fround(toNumber(arg.type, v))),
  },
  double: { ...ONE, takes: isNumeric, result: () => 'double', apply: each((value, arg) => toNumber(arg.type, value)) },
  max: {
    minArgs: 1,
    maxArgs: Number.POSITIVE_INFINITY,
    takesConstants: true,
    needsNames: false,
    takes: hasOrder,
    result: same,
    apply: best((order) => order > 0),
  },
  min: {
    minArgs: 1,
    maxArgs: Number.POSITIVE_INFINITY,
    takesConstants: true,
    needsNames: false,
    takes: hasOrder,
    result: same,
    apply: best((order) => order < 0),
  },
  abs: {
    ...ONE,
    takes: isNumeric,
    result: same,
    apply: each((value, arg) => (compareValues(value, 0) < 0 ? negateValue(arg.type, value) : value)),
  },
};

export const FUNCTION_NAMES = Object.keys(FUNCTIONS) as readonly FilterFunctionName[];

export function isFunctionName(name: string): name is FilterFunctionName {
  return Object.hasOwn(FUNCTIONS, name);
}
