/**
 * The tree of a display filter after the check: every name is a field, every literal a value of the type it meets, every
 * sign one of few. Made by check.ts, compiled to kernels by ../compile.ts. Nothing here needs the text again.
 */

import type { Field, FieldType, FieldValue } from '../../base/fields.ts';
import type { Regex } from '../regex/regex.ts';
import type { ArithmeticSign, FilterNode, Quantifier, Span } from './ast.ts';

export interface CheckedFilter {
  readonly text: string;
  /** With its macros put in: two filters of one such text are the same. */
  readonly expanded: string;
  /** As typed, macros put in; null where the text is empty. */
  readonly ast: FilterNode | null;
  /** Does it depend on the selected packet? */
  readonly hasReferences: boolean;
  /** Null where the filter is empty: every packet is shown. */
  readonly tree: FilterTree | null;
  /** What is allowed but means something else than it may seem, or has a newer spelling. */
  readonly warnings: readonly FilterWarning[];
}

export interface FilterWarning extends Span {
  readonly message: string;
  readonly code: string;
  readonly params: Readonly<Record<string, string | number>>;
}

export type FilterTree =
  | LogicTree
  | XorTree
  | NotTree
  | ExistsTree
  | TestTree
  | CompareTree
  | ContainsTree
  | MatchesTree
  | MembershipTree;

/** Two or more parts, in the order typed; an `and` below an `and` is folded into it. */
export interface LogicTree {
  readonly kind: 'and' | 'or';
  readonly parts: readonly FilterTree[];
}

export interface XorTree {
  readonly kind: 'xor';
  readonly left: FilterTree;
  readonly right: FilterTree;
}

export interface NotTree {
  readonly kind: 'not';
  readonly inner: FilterTree;
}

/** The field or protocol is in the packet (in one of the layers, where layers are given). */
export interface ExistsTree {
  readonly kind: 'exists';
  readonly operand: FieldOperand;
}

/** A slice standing alone: true when it has a value. Arithmetic standing alone: true when a value of it is not zero (../value.ts isZero). */
export interface TestTree {
  readonly kind: 'test';
  readonly operand: Operand;
}

export type CompareOp = 'eq' | 'ne' | 'lt' | 'le' | 'gt' | 'ge';

/**
 * Over all pairs of a value on the left and a value on the right: `any` is true when one pair satisfies `op`, `all` when
 * every pair does. False where a side has no value. The signs: `==` any eq, `!=` all ne, `===` all eq, `!==` any ne,
 * the others any. At least one side is not a literal, and a literal alone is on the right (`1 < x` becomes `x > 1`).
 */
export interface CompareTree {
  readonly kind: 'compare';
  readonly op: CompareOp;
  readonly quantifier: Quantifier;
  /** The class of both sides; ../value.ts satisfies() compares them. */
  readonly type: FieldType;
  readonly left: Operand;
  readonly right: Operand;
}

/** `operand contains needle`: both are strings, or both bytes (a protocol, a bytes field, a MAC address, a slice). */
export interface ContainsTree {
  readonly kind: 'contains';
  readonly quantifier: Quantifier;
  readonly operand: Operand;
  readonly needle: Operand;
}

/** `operand matches "regex"`: the operand is a string, or bytes as in `contains`. */
export interface MatchesTree {
  readonly kind: 'matches';
  readonly quantifier: Quantifier;
  readonly operand: Operand;
  /** As written, escapes of the string resolved. */
  readonly pattern: string;
  readonly regex: Regex;
}

/** `any`: one value of the operand is in the set; `all`: every value is, and there is one. `x not in {..}` is a `not` around it. */
export interface MembershipTree {
  readonly kind: 'in';
  readonly quantifier: Quantifier;
  readonly type: FieldType;
  readonly operand: Operand;
  readonly set: readonly SetItem[];
}

/** One value, or low..high with both ends. Where `low` is an address block, its `prefix` counts as in a comparison. */
export interface SetItem {
  readonly low: Operand;
  readonly high: Operand | undefined;
}

export type Operand =
  | FieldOperand
  | LiteralOperand
  | ReferenceOperand
  | SliceOperand
  | CallOperand
  | ArithmeticOperand
  | NegateOperand;

export interface FieldOperand {
  readonly kind: 'field';
  /** The field's own type, or `bytes` where `isRaw`. */
  readonly type: FieldType;
  readonly field: Field;
  readonly isRaw: boolean;
  readonly layers: readonly IndexRange[] | undefined;
}

/**
 * A value in the form FieldType says. An integer may lie outside the field's range only where tshark lets it (negative
 * numbers): comparing it as a mathematical number is right.
 */
export interface LiteralOperand {
  readonly kind: 'literal';
  readonly type: FieldType;
  readonly value: FieldValue;
  /** For ipv4 and ipv6: compare only so many leading bits, of both sides. */
  readonly prefix: number | undefined;
}

/** The values that a field has in the selected packet: none until ../references.ts has filled them in, nor without a selection. */
export interface ReferenceOperand {
  readonly kind: 'reference';
  readonly type: FieldType;
  readonly field: Field;
  readonly isRaw: boolean;
  readonly layers: readonly IndexRange[] | undefined;
  readonly values: readonly FieldValue[];
}

export interface SliceOperand {
  readonly kind: 'slice';
  readonly type: 'bytes';
  readonly operand: Operand;
  readonly ranges: readonly IndexRange[];
}

/**
 * One part of a slice, or some layers: `from` counts from 0 (layers from 1), from the end where negative (-1 is the last).
 * Then either `length` elements, or up to and with `to`, or, where both are undefined, all that follow. ../value.ts has
 * sliceBytes() and isInLayers(); a part that does not lie wholly inside makes the slice have no value.
 */
export interface IndexRange {
  readonly from: number;
  readonly length: number | undefined;
  readonly to: number | undefined;
}

/** The functions of ../functions.ts. */
export type FilterFunctionName =
  | 'upper'
  | 'lower'
  | 'len'
  | 'count'
  | 'string'
  | 'vals'
  | 'dec'
  | 'hex'
  | 'float'
  | 'double'
  | 'max'
  | 'min'
  | 'abs';

export interface CallOperand {
  readonly kind: 'call';
  readonly type: FieldType;
  readonly name: FilterFunctionName;
  readonly args: readonly Operand[];
}

/** Over all pairs of values. No value comes out of a pair that cannot be computed (a division by zero). */
export interface ArithmeticOperand {
  readonly kind: 'arithmetic';
  readonly type: FieldType;
  readonly sign: ArithmeticSign;
  readonly left: Operand;
  readonly right: Operand;
}

export interface NegateOperand {
  readonly kind: 'negate';
  readonly type: FieldType;
  readonly operand: Operand;
}
