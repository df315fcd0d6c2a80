/** The tree of a display filter as it was typed: no names looked up, no types known. Made by parser.ts, read by check.ts and print.ts. */

/** [start, end) are character offsets in the filter text. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** The comparison signs, under one spelling each: `eq`, `==` and `any_eq` are all `==`. */
export type CompareSign = '==' | '!=' | '===' | '!==' | '>' | '<' | '>=' | '<=' | 'contains' | 'matches';

/** `any tcp.port > 1024`, `all tcp.port > 1024`: where neither is written, the sign decides. */
export type Quantifier = 'any' | 'all';

export type ArithmeticSign = '+' | '-' | '*' | '/' | '%' | '&';

export type FilterNode = LogicNode | NotNode | CompareNode | MembershipNode | TestNode;

/** Two or more parts joined by the same word. Parentheses keep a part of the same kind apart. */
export interface LogicNode extends Span {
  readonly kind: 'and' | 'or' | 'xor';
  readonly parts: readonly FilterNode[];
}

export interface NotNode extends Span {
  readonly kind: 'not';
  readonly inner: FilterNode;
}

/** `a == b`; a chain `a < b < c` is one node with three operands and two signs. */
export interface CompareNode extends Span {
  readonly kind: 'compare';
  readonly quantifier: Quantifier | undefined;
  readonly operands: readonly OperandNode[];
  /** signs[i] stands between operands[i] and operands[i + 1]. */
  readonly signs: readonly SignNode[];
}

export interface SignNode extends Span {
  readonly sign: CompareSign;
}

/** `operand in {..}`, `operand not in {..}`. */
export interface MembershipNode extends Span {
  readonly kind: 'in';
  readonly quantifier: Quantifier | undefined;
  readonly isNegated: boolean;
  readonly operand: OperandNode;
  readonly set: readonly SetItemNode[];
}

/** One member, or a range where `high` is given; both ends belong to it. */
export interface SetItemNode extends Span {
  readonly low: OperandNode;
  readonly high: OperandNode | undefined;
}

/** An operand that stands alone: a field or protocol is there, a bit is set. */
export interface TestNode extends Span {
  readonly kind: 'test';
  readonly operand: OperandNode;
}

export type OperandNode =
  | WordNode
  | StringNode
  | CharNode
  | ReferenceNode
  | SliceNode
  | CallNode
  | ArithmeticNode
  | NegateNode;

/**
 * Anything unquoted: a field, a protocol, a number, an address, a name of a value. What it is depends on the catalogue
 * and on what it is compared with (`18` is 24 beside bytes), so the parser leaves it as it stands.
 */
export interface WordNode extends Span {
  readonly kind: 'word';
  readonly text: string;
  /** `.tcp.port` can only be a field, `:fc` only a value: the way out where a word could be both. */
  readonly only: 'field' | 'value' | undefined;
  /** `@tcp.port`: the bytes of the field instead of its value. */
  readonly isRaw: boolean;
  /** `ip.addr#2`, `tcp.port#[1,-1]`: which occurrences of the protocol in the packet; all where undefined. */
  readonly layers: readonly RangeNode[] | undefined;
}

/**
 * A quoted string, escapes resolved. A byte given as `\xHH` (or in octal) that is not ASCII is the lone surrogate
 * U+DC00 + byte, so that text and bytes can stand in one string: literalBytes() in literals.ts turns it into bytes.
 */
export interface StringNode extends Span {
  readonly kind: 'string';
  readonly value: string;
  /** Written as r"...". */
  readonly isRaw: boolean;
}

/** `'a'`: a number, or one byte. */
export interface CharNode extends Span {
  readonly kind: 'char';
  readonly value: number;
}

/**
 * `${frame.number}`: the values of a field in the selected packet, filled in when the filter is applied. `isMacro`: a call
 * with arguments that stands where a condition may (macros.ts puts its text in before the filter is checked).
 */
export interface ReferenceNode extends Span {
  readonly kind: 'reference';
  readonly isMacro: boolean;
  /** The field's name; of a macro, the whole call. */
  readonly text: string;
  readonly isRaw: boolean;
  readonly layers: readonly RangeNode[] | undefined;
}

export interface SliceNode extends Span {
  readonly kind: 'slice';
  readonly operand: OperandNode;
  readonly ranges: readonly RangeNode[];
}

/**
 * One part of a slice: `[3]` and `[3:1]` are offset 3, length 1; `[2-4]` is 2, 3; `[4:]` is 4, to the end (undefined).
 * A negative offset counts from the end. In layers, the first is 1 and -1 is the innermost.
 */
export interface RangeNode {
  readonly offset: number;
  readonly length: number | undefined;
  /** `[2-4]`, `[-3--1]`: the last element instead of a length; then `length` is undefined. */
  readonly last: number | undefined;
}

export interface CallNode extends Span {
  readonly kind: 'call';
  readonly name: string;
  readonly nameEnd: number;
  readonly args: readonly OperandNode[];
}

export interface ArithmeticNode extends Span {
  readonly kind: 'arithmetic';
  readonly sign: ArithmeticSign;
  readonly left: OperandNode;
  readonly right: OperandNode;
}

export interface NegateNode extends Span {
  readonly kind: 'negate';
  readonly operand: OperandNode;
}
