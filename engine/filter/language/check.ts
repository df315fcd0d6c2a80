/**
 * Names and types of a parsed filter against a catalogue of fields: a tree in which every name is a field and every literal
 * a value (wireshark-filter(4); where versions differ, tshark 4.0 and what later versions added).
 */

import { ipv4Mask, parseIpv4, parseIpv6 } from '../../base/address.ts';
import type { FilterError } from '../../base/errors.ts';
import { type Field, type FieldCatalog, type FieldType, integerBytes } from '../../base/fields.ts';
import { assertNever, failure, type Result } from '../../base/result.ts';
import { FUNCTION_NAMES, FUNCTIONS, isFunctionName } from '../functions.ts';
import { compileRegex } from '../regex/regex.ts';
import { compute, isZero, negateValue, typeClass, valueText } from '../value.ts';
import type {
  ArithmeticNode,
  ArithmeticSign,
  CallNode,
  CompareNode,
  FilterNode,
  MembershipNode,
  NegateNode,
  OperandNode,
  Quantifier,
  RangeNode,
  ReferenceNode,
  SignNode,
  SliceNode,
  Span,
  WordNode,
} from './ast.ts';
import type {
  CheckedFilter,
  CompareOp,
  FieldOperand,
  FilterTree,
  FilterWarning,
  IndexRange,
  LiteralOperand,
  LogicTree,
  Operand,
  ReferenceOperand,
  SetItem,
  SliceOperand,
} from './checked.ts';
import {
  convertLiteral,
  integerBounds,
  type LiteralNode,
  type LiteralTarget,
  literalSource,
  type TimeZone,
  typeText,
  valuesOfName,
} from './literals.ts';
import { expandMacros, type FilterMacro } from './macros.ts';
import { parseFilter } from './parser.ts';
import { printFilter, quoteString } from './print.ts';
import { catchProblem, filterWarning, type Hint, refuse } from './problem.ts';
import { nearestField, nearestName } from './suggest.ts';

export interface CheckOptions {
  /** How a time without a zone is read; `local` unless told, as Wireshark does. */
  readonly timeZone?: TimeZone;
  readonly macros?: readonly FilterMacro[];
}

/** Parses and checks. A filter of blanks has a null tree: everything passes. */
export function checkFilter(
  text: string,
  catalog: FieldCatalog,
  options: CheckOptions = {},
): Result<CheckedFilter, FilterError> {
  const expansion = expandMacros(text, options.macros ?? [], (name) => catalog.get(name) !== undefined);
  if (!expansion.ok) return failure(expansion.error);
  const { text: expanded, placeOf } = expansion.value;
  const parsed = parseFilter(expanded);
  if (!parsed.ok) return failure({ ...parsed.error, ...placeOf(parsed.error) });
  const ast = parsed.value;
  const checker = new Checker(catalog, options.timeZone ?? 'local');
  const checked = catchProblem(() => (ast === null ? null : checker.filter(ast)));
  if (!checked.ok) return failure({ ...checked.error, ...placeOf(checked.error) });
  const warnings = checker.warnings.map((warning) => ({ ...warning, ...placeOf(warning) }));
  return {
    ok: true,
    value: { text, expanded, ast, tree: checked.value, hasReferences: checker.hasReferences, warnings },
  };
}

/** Protocols that were renamed; their old names are still typed. */
const RENAMED: readonly (readonly [string, string])[] = [
  ['ssl', 'tls'],
  ['bootp', 'dhcp'],
];

const OPS: Readonly<Record<'==' | '!=' | '===' | '!==' | '>' | '<' | '>=' | '<=', readonly [CompareOp, Quantifier]>> = {
  '==': ['eq', 'any'],
  '!=': ['ne', 'all'],
  '===': ['eq', 'all'],
  '!==': ['ne', 'any'],
  '>': ['gt', 'any'],
  '<': ['lt', 'any'],
  '>=': ['ge', 'any'],
  '<=': ['le', 'any'],
};

const FLIPPED: Readonly<Record<CompareOp, CompareOp>> = { eq: 'eq', ne: 'ne', gt: 'lt', lt: 'gt', ge: 'le', le: 'ge' };

/** Where a slice of everything stands: the value as its bytes. */
const WHOLE: readonly IndexRange[] = [{ from: 0, length: undefined, to: undefined }];

/** An operand before it is known what it meets: either typed already, or constants that take the type of the other side. */
type Side =
  | { readonly isConstant: false; readonly operand: Operand; readonly node: OperandNode }
  | { readonly isConstant: true; readonly node: OperandNode };

class Checker {
  readonly warnings: FilterWarning[] = [];
  hasReferences = false;
  private readonly catalog: FieldCatalog;
  private readonly zone: TimeZone;

  constructor(catalog: FieldCatalog, zone: TimeZone) {
    this.catalog = catalog;
    this.zone = zone;
  }

  filter(node: FilterNode): FilterTree {
    switch (node.kind) {
      case 'and':
      case 'or': {
        const { kind } = node;
        const parts = node.parts.map((part) => this.filter(part));
        return { kind, parts: parts.flatMap((part) => (isLogic(part) && part.kind === kind ? part.parts : [part])) };
      }
      case 'xor':
        return node.parts.map((part) => this.filter(part)).reduce((left, right) => ({ kind: 'xor', left, right }));
      case 'not':
        return { kind: 'not', inner: this.filter(node.inner) };
      case 'compare':
        return this.comparison(node);
      case 'in':
        return this.membership(node);
      case 'test':
        return this.test(node.operand);
      default:
        return assertNever(node);
    }
  }

  private test(node: OperandNode): FilterTree {
    switch (node.kind) {
      case 'call':
        if (!isFunctionName(node.name)) this.unknownFunction(node);
        return refuse('function-alone', { start: node.start, end: node.nameEnd });
      case 'string':
      case 'char':
        return refuse('value-alone', node, { text: literalSource(node) });
      case 'reference':
        return refuse('reference-alone', node);
      default:
        break;
    }
    const side = this.side(node);
    if (side.isConstant) {
      const word = firstWord(node);
      if (word === undefined || (word.only === undefined && !looksLikeName(word.text))) {
        refuse('value-alone', node, { text: printed(node) });
      }
      this.unknownField(word);
    }
    const { operand } = side;
    return operand.kind === 'field' ? { kind: 'exists', operand } : { kind: 'test', operand };
  }

  // --- comparisons

  private comparison(node: CompareNode): FilterTree {
    const sides = node.operands.map((operand) => this.side(operand));
    const parts = node.signs.map((sign, i) => this.pair(sides[i], sign, sides[i + 1], node.quantifier));
    return parts.length === 1 ? parts[0] : { kind: 'and', parts };
  }

  private pair(left: Side, sign: SignNode, right: Side, quantifier: Quantifier | undefined): FilterTree {
    if (sign.sign === 'contains') return this.contains(left, right, quantifier ?? 'any');
    if (sign.sign === 'matches') return this.matches(left, right, sign, quantifier ?? 'any');
    const [op, usual] = OPS[sign.sign];
    const wanted = quantifier ?? usual;
    // `~=` is the only sign of two characters that means this: later versions of Wireshark warn of it.
    if (sign.sign === '!==' && sign.end - sign.start === 2) {
      this.warnings.push(filterWarning('warn-old-sign', sign, { old: '~=', new: '!==' }));
    }
    if (left.isConstant && right.isConstant) {
      const words = [left.node, right.node].map(firstWord);
      const name = words.find((word) => word !== undefined && looksLikeName(word.text));
      if (name !== undefined) this.unknownField(name);
      refuse('constant-comparison', { start: left.node.start, end: right.node.end });
    }
    if (left.isConstant) {
      if (right.isConstant) throw new Error('unreachable');
      const word = firstWord(left.node);
      if (word !== undefined && looksLikeName(word.text)) this.unknownField(word);
      return this.withConstant(right.operand, FLIPPED[op], wanted, left.node, sign.sign);
    }
    if (right.isConstant) return this.withConstant(left.operand, op, wanted, right.node, sign.sign);
    const [a, b] = this.comparable(left, right);
    return { kind: 'compare', op, quantifier: wanted, type: a.type, left: a, right: b };
  }

  private withConstant(
    operand: Operand,
    op: CompareOp,
    quantifier: Quantifier,
    node: OperandNode,
    sign: string,
  ): FilterTree {
    const host = this.hostAsAddress(operand, op, node);
    if (host !== undefined) return { kind: 'compare', op, quantifier, ...host };
    const { type } = operand;
    this.mustHaveValue(operand, node);
    const named = this.severalNamed(node, operand);
    if (named !== undefined) {
      // One name, several values: equal to one of them, or to none.
      const set: SetItem[] = named.map((value) => ({ low: literal(type, value), high: undefined }));
      if (op === 'eq') return { kind: 'in', quantifier, type, operand, set };
      if (op === 'ne' && quantifier === 'all') {
        const parts = set.map(
          (item): FilterTree => ({ kind: 'compare', op, quantifier, type, left: operand, right: item.low }),
        );
        return { kind: 'and', parts };
      }
      refuse('ambiguous-name', node, { text: literalSource(node as LiteralNode), name: nameOf(operand), sign });
    }
    const right = this.constant(node, this.targetOf(operand, false));
    return { kind: 'compare', op, quantifier, type, left: operand, right };
  }

  /** `ip.host == "192.0.2.1"`: the texts of addresses are equal where the addresses are, and those have an index. */
  private hostAsAddress(
    operand: Operand,
    op: CompareOp,
    node: OperandNode,
  ): { type: FieldType; left: Operand; right: Operand } | undefined {
    if (operand.kind !== 'field' || operand.isRaw || (op !== 'eq' && op !== 'ne')) return undefined;
    const match = /^(ip|ipv6)\.(?:(src|dst)_)?host$/.exec(operand.field.abbrev);
    if (match === null || (node.kind !== 'word' && node.kind !== 'string')) return undefined;
    const field = this.catalog.get(`${match[1]}.${match[2] ?? 'addr'}`);
    const text = literalSource(node);
    const value = match[1] === 'ip' ? parseIpv4(text) : parseIpv6(text);
    if (field === undefined || value === null) return undefined;
    const { type } = field;
    // Another spelling of the address is another text.
    if (valueText(type, value) !== text) return undefined;
    return { type, left: { ...operand, field, type }, right: literal(type, value) };
  }

  /** The values a name stands for, where there are several. */
  private severalNamed(node: OperandNode, operand: Operand): readonly number[] | undefined {
    if (operand.kind !== 'field' || operand.isRaw || (node.kind !== 'word' && node.kind !== 'string')) return undefined;
    const values = valuesOfName(literalSource(node), operand.field);
    return values !== undefined && values.length > 1 ? values : undefined;
  }

  private mustHaveValue(operand: Operand, at: Span): void {
    if (operand.type !== 'none') return;
    const place = this.places.get(operand);
    refuse('not-comparable', place ?? at, { name: nameOf(operand), type: typeText(operand.type) });
  }

  /** Two typed sides, as something that has one order; where one of them is a slice, both as bytes. */
  private comparable(
    left: Extract<Side, { isConstant: false }>,
    right: Extract<Side, { isConstant: false }>,
  ): readonly [Operand, Operand] {
    const a = left.operand;
    const b = right.operand;
    this.mustHaveValue(a, left.node);
    this.mustHaveValue(b, right.node);
    if (typeClass(a.type) === typeClass(b.type)) return [a, b];
    if (isSliced(a) && canSlice(b.type)) return [a, whole(b)];
    if (isSliced(b) && canSlice(a.type)) return [whole(a), b];
    const isName = b.kind === 'field' && !b.field.abbrev.includes('.');
    const hint: Hint | undefined = isName
      ? { code: 'hint-quote', params: { example: quoteString(b.field.abbrev) } }
      : undefined;
    refuse(
      'types-differ',
      right.node,
      { left: nameOf(a), leftType: typeText(a.type), right: nameOf(b), rightType: typeText(b.type) },
      hint,
    );
  }

  private contains(left: Side, right: Side, quantifier: Quantifier): FilterTree {
    const operand = this.typed(left, 'contains');
    if (!isSearchable(operand.type)) {
      const name = nameOf(operand);
      const hint: Hint | undefined = FUNCTIONS.string.takes(operand.type)
        ? { code: 'hint-string-function', params: { example: `string(${name}) contains "..."` } }
        : undefined;
      refuse('no-contains', left.node, { name, type: typeText(operand.type) }, hint);
    }
    if (right.isConstant) {
      const needle = this.constant(right.node, this.targetOf(operand, true));
      return { kind: 'contains', quantifier, operand, needle };
    }
    const needle = right.operand;
    if (typeClass(needle.type) === typeClass(operand.type)) return { kind: 'contains', quantifier, operand, needle };
    if (isSliced(operand) && canSlice(needle.type))
      return { kind: 'contains', quantifier, operand, needle: whole(needle) };
    if (isSliced(needle)) return { kind: 'contains', quantifier, operand: whole(operand), needle };
    refuse('types-differ', right.node, {
      left: nameOf(operand),
      leftType: typeText(operand.type),
      right: nameOf(needle),
      rightType: typeText(needle.type),
    });
  }

  private matches(left: Side, right: Side, sign: SignNode, quantifier: Quantifier): FilterTree {
    const operand = this.typed(left, sign.sign);
    if (!isSearchable(operand.type)) {
      const name = nameOf(operand);
      const hint: Hint | undefined = FUNCTIONS.string.takes(operand.type)
        ? { code: 'hint-string-function', params: { example: `string(${name}) matches "..."` } }
        : undefined;
      refuse('no-matches', left.node, { name, type: typeText(operand.type), sign: sign.sign }, hint);
    }
    const { node } = right;
    if (node.kind !== 'string') {
      const hint: Hint | undefined =
        node.kind === 'word' ? { code: 'hint-quote', params: { example: quoteString(node.text) } } : undefined;
      refuse('matches-needs-string', node, { sign: sign.sign }, hint);
    }
    const compiled = compileRegex(node.value, { ignoreCase: true });
    if (!compiled.ok) {
      // With escapes in the string the places inside differ: then the whole string is the place.
      const { code, params, start, end } = compiled.error;
      const shift = node.start + (node.isRaw ? 2 : 1);
      const isPlain = node.end - node.start === node.value.length + (node.isRaw ? 3 : 2);
      refuse(code, isPlain ? { start: shift + start, end: shift + end } : node, params);
    }
    return { kind: 'matches', quantifier, operand, pattern: node.value, regex: compiled.value };
  }

  private membership(node: MembershipNode): FilterTree {
    const side = this.side(node.operand);
    let operand = this.typed(side, 'in');
    if (operand.kind === 'reference') refuse('constant-left', node.operand, { sign: 'in' });
    this.mustHaveValue(operand, node.operand);
    const isBytesSet =
      canSlice(operand.type) && typeClass(operand.type) !== 'bytes' && node.set.some((item) => this.isSlice(item.low));
    if (isBytesSet) operand = whole(operand);
    const { type } = operand;
    const set: SetItem[] = [];
    for (const item of node.set) {
      const named = item.high === undefined ? this.severalNamed(item.low, operand) : undefined;
      if (named !== undefined) {
        for (const value of named) set.push({ low: literal(type, value), high: undefined });
        continue;
      }
      const low = this.member(item.low, operand);
      set.push({ low, high: item.high === undefined ? undefined : this.member(item.high, operand) });
    }
    const tree: FilterTree = { kind: 'in', quantifier: node.quantifier ?? 'any', type, operand, set };
    return node.isNegated ? { kind: 'not', inner: tree } : tree;
  }

  private isSlice(node: OperandNode): boolean {
    return node.kind === 'slice' || (node.kind === 'word' && node.isRaw);
  }

  private member(node: OperandNode, operand: Operand): Operand {
    const side = this.side(node);
    if (side.isConstant) return this.constant(node, this.targetOf(operand, false));
    const left = { isConstant: false, operand, node } as const;
    return this.comparable(left, side)[1];
  }

  /** The side as an operand with a type; what stands left of `contains`, `matches` and `in` may not be a constant. */
  private typed(side: Side, sign: string): Operand {
    if (!side.isConstant) return side.operand;
    const word = firstWord(side.node);
    if (word !== undefined && looksLikeName(word.text)) this.unknownField(word);
    refuse('constant-left', side.node, { sign });
  }

  // --- operands

  /** Where each field operand stands in the text: for messages that come later. */
  private readonly places = new Map<Operand, Span>();

  private side(node: OperandNode): Side {
    switch (node.kind) {
      case 'word': {
        const field = this.field(node);
        if (field === undefined) return { isConstant: true, node };
        this.places.set(field, node);
        return { isConstant: false, operand: field, node };
      }
      case 'string':
      case 'char':
        return { isConstant: true, node };
      case 'reference':
        return { isConstant: false, operand: this.reference(node), node };
      case 'slice':
        return { isConstant: false, operand: this.slice(node), node };
      case 'call':
        return this.call(node);
      case 'arithmetic':
        return this.arithmetic(node);
      case 'negate':
        return this.negate(node);
      default:
        return assertNever(node);
    }
  }

  /** The field a word names; undefined where it is a value. */
  private field(node: WordNode): FieldOperand | undefined {
    if (node.only === 'value') return undefined;
    const found = this.lookUp(node);
    if (found === undefined) {
      if (node.only === 'field' || node.isRaw || node.layers !== undefined) this.unknownField(node);
      return undefined;
    }
    const type = node.isRaw ? 'bytes' : found.type;
    return { kind: 'field', type, field: found, isRaw: node.isRaw, layers: node.layers?.map(indexRange) };
  }

  private reference(node: ReferenceNode): ReferenceOperand {
    if (node.isMacro) refuse('unknown-macro', node, { name: node.text });
    const word: WordNode = { ...node, kind: 'word', only: 'field' };
    const found = this.field(word);
    if (found === undefined) return this.unknownField(word);
    this.hasReferences = true;
    const { type, field, isRaw, layers } = found;
    const operand: ReferenceOperand = { kind: 'reference', type, field, isRaw, layers, values: [] };
    this.places.set(operand, node);
    return operand;
  }

  private lookUp({ text, start, end }: WordNode): Field | undefined {
    const exact = this.catalog.get(text);
    // In another case it may as well be a value (`ip.proto == TCP`), unless it is plainly a path.
    if (exact !== undefined && (exact.abbrev === text || text.includes('.'))) {
      if (exact.abbrev !== text) this.warnings.push(filterWarning('warn-case', { start, end }, { name: exact.abbrev }));
      return exact;
    }
    for (const [old, now] of RENAMED) {
      if (text !== old && !text.startsWith(`${old}.`)) continue;
      const renamed = this.catalog.get(now + text.slice(old.length));
      if (renamed === undefined) continue;
      this.warnings.push(filterWarning('warn-renamed', { start, end }, { old: text, new: renamed.abbrev }));
      return renamed;
    }
    return undefined;
  }

  private unknownField(node: WordNode): never {
    const other = this.catalog.get(node.text);
    if (other !== undefined) refuse('unknown-field', node, { name: node.text }, didYouMean(other.abbrev));
    const minus = /^([A-Za-z_][A-Za-z0-9_.]*)-(.+)$/.exec(node.text);
    if (minus !== null && this.catalog.get(minus[1] ?? '') !== undefined) {
      const hint: Hint = { code: 'hint-blanks', params: { example: `${minus[1]} - ${minus[2]}` } };
      refuse('unknown-field', node, { name: node.text }, hint);
    }
    if (node.only === 'value') refuse('value-only', node, { text: node.text });
    const near = nearestField(node.text, this.catalog);
    refuse('unknown-field', node, { name: node.text }, near === undefined ? undefined : didYouMean(near));
  }

  private slice(node: SliceNode): SliceOperand {
    const side = this.side(node.operand);
    if (side.isConstant) {
      const word = firstWord(side.node);
      if (word !== undefined && looksLikeName(word.text)) this.unknownField(word);
      refuse('constant-slice', node.operand);
    }
    const { operand } = side;
    if (operand.kind === 'reference') refuse('reference-slice', node.operand);
    if (!canSlice(operand.type)) {
      const hint: Hint | undefined =
        operand.kind === 'field'
          ? { code: 'hint-raw', params: { example: `@${nameOf(operand)}[${sliceText(node)}]` } }
          : undefined;
      refuse('no-slice', node.operand, { name: nameOf(operand), type: typeText(operand.type) }, hint);
    }
    return { kind: 'slice', type: 'bytes', operand, ranges: node.ranges.map(indexRange) };
  }

  private unknownFunction(node: CallNode): never {
    const near = nearestName(node.name, FUNCTION_NAMES);
    const hint: Hint = near === undefined ? oneOfFunctions() : didYouMean(`${near}()`);
    refuse('unknown-function', { start: node.start, end: node.nameEnd }, { name: node.name }, hint);
  }

  private call(node: CallNode): Side {
    const { name } = node;
    if (!isFunctionName(name)) this.unknownFunction(node);
    const place: Span = { start: node.start, end: node.nameEnd };
    const fn = FUNCTIONS[name];
    if (node.args.length < fn.minArgs) refuse('argument-count-min', place, { name, count: fn.minArgs });
    if (node.args.length > fn.maxArgs) refuse('argument-count-max', place, { name, count: fn.maxArgs });
    const sides = node.args.map((arg) => this.side(arg));
    const first = sides.find((side) => !side.isConstant);
    if (first === undefined || first.isConstant) {
      const word = firstWord(node.args[0]);
      if (word !== undefined && looksLikeName(word.text)) this.unknownField(word);
      if (fn.takesConstants) return { isConstant: true, node };
      return refuse('argument-field', node.args[0], { name, what: printed(node.args[0]) });
    }
    const { type } = first.operand;
    const args = sides.map((side): Operand => {
      if (side.isConstant) {
        if (!fn.takesConstants) refuse('argument-field', side.node, { name, what: printed(side.node) });
        return this.constant(side.node, this.targetOf(first.operand, false));
      }
      const { operand } = side;
      if (!fn.takes(operand.type)) {
        refuse('argument-type', side.node, { name, what: nameOf(operand), type: typeText(operand.type) });
      }
      if (typeClass(operand.type) !== typeClass(type)) {
        refuse('argument-types-differ', side.node, { name, type: typeText(operand.type), first: typeText(type) });
      }
      return operand;
    });
    const [only] = args;
    if (fn.needsNames && (only.kind !== 'field' || (only.field.names === undefined && only.field.flag === undefined))) {
      refuse('no-value-names', node.args[0], { name: nameOf(only) });
    }
    return { isConstant: false, node, operand: { kind: 'call', type: fn.result(widest(args)), name, args } };
  }

  private arithmetic(node: ArithmeticNode): Side {
    const { sign } = node;
    const left = this.side(node.left);
    const right = this.side(node.right);
    if (left.isConstant && right.isConstant) return { isConstant: true, node };
    if (left.isConstant) {
      if (right.isConstant) throw new Error('unreachable');
      const type = arithmeticType(sign, right.operand.type, right.operand.type);
      // `2 * frame.time_delta`: only the other way round has a meaning, as in Wireshark.
      if (type === undefined || (typeClass(type) === 'duration' && sign !== '+' && sign !== '-')) {
        this.noArithmetic(right, sign);
      }
      const operand = this.constant(left.node, this.targetOf(right.operand, false));
      return {
        isConstant: false,
        node,
        operand: { kind: 'arithmetic', type, sign, left: operand, right: right.operand },
      };
    }
    const scaled = typeClass(left.operand.type) === 'duration' && (sign === '*' || sign === '/');
    if (right.isConstant) {
      const target = scaled
        ? { type: 'double' as const, field: undefined, name: nameOf(left.operand), isNeedle: false }
        : this.constantTarget(sign, left.operand);
      const type = arithmeticType(sign, left.operand.type, target.type);
      if (type === undefined) this.noArithmetic(left, sign);
      const operand = this.constant(right.node, target);
      if ((sign === '/' || sign === '%') && isZero(operand.value)) this.warnDivision(right.node);
      return {
        isConstant: false,
        node,
        operand: { kind: 'arithmetic', type, sign, left: left.operand, right: operand },
      };
    }
    const type = arithmeticType(sign, left.operand.type, right.operand.type);
    if (type === undefined) {
      if (arithmeticType(sign, left.operand.type, left.operand.type) === undefined) this.noArithmetic(left, sign);
      refuse('types-differ', right.node, {
        left: nameOf(left.operand),
        leftType: typeText(left.operand.type),
        right: nameOf(right.operand),
        rightType: typeText(right.operand.type),
      });
    }
    const operand: Operand = { kind: 'arithmetic', type, sign, left: left.operand, right: right.operand };
    return { isConstant: false, node, operand };
  }

  /** What a constant beside an operand is read as: a time moves by seconds, everything else by its own kind. */
  private constantTarget(sign: ArithmeticSign, operand: Operand): LiteralTarget {
    const target = this.targetOf(operand, false);
    if (operand.type === 'time' && sign !== '&') return { ...target, type: 'duration', field: undefined };
    return target;
  }

  private warnDivision(at: Span): void {
    this.warnings.push(filterWarning('division-by-zero', at, {}));
  }

  private noArithmetic(side: Extract<Side, { isConstant: false }>, sign: ArithmeticSign): never {
    refuse('no-arithmetic', side.node, { name: nameOf(side.operand), type: typeText(side.operand.type), sign });
  }

  private negate(node: NegateNode): Side {
    const side = this.side(node.operand);
    if (side.isConstant) return { isConstant: true, node };
    const { operand } = side;
    const type = arithmeticType('-', operand.type, operand.type);
    if (type === undefined || operand.type === 'time') {
      refuse('no-negate', node.operand, { name: nameOf(operand), type: typeText(operand.type) });
    }
    return { isConstant: false, node, operand: { kind: 'negate', type, operand } };
  }

  // --- constants

  private targetOf(operand: Operand, isNeedle: boolean): LiteralTarget {
    const isPlain = (operand.kind === 'field' || operand.kind === 'reference') && !operand.isRaw;
    const field = isPlain ? operand.field : undefined;
    return { type: operand.type, field, name: nameOf(operand), isNeedle };
  }

  /** Constants, also computed ones, as one value of the type they meet. */
  private constant(node: OperandNode, target: LiteralTarget): LiteralOperand {
    switch (node.kind) {
      case 'word':
      case 'string':
      case 'char': {
        const { value, prefix } = convertLiteral(node, target, this.zone);
        if (target.type === 'string' && node.kind === 'word') {
          this.warnings.push(filterWarning('warn-unquoted', node, { text: node.text }));
        }
        return { kind: 'literal', type: target.type, value, prefix };
      }
      case 'negate': {
        const kind = typeClass(target.type);
        if (kind !== 'integer' && kind !== 'float' && kind !== 'duration' && kind !== 'time') {
          refuse('no-negate', node, { name: printed(node.operand), type: typeText(target.type) });
        }
        // -32768 fits an i16 although 32768 does not: read it without bounds, then look.
        const wide: LiteralTarget = kind === 'integer' ? { ...target, type: 'i64' } : target;
        const inner = this.constant(node.operand, wide);
        const value = negateValue(wide.type, inner.value);
        if (kind !== 'integer') return literal(target.type, value);
        // As far below zero as the type goes above, and the one more that a signed type has.
        const [min, max] = integerBounds(target.type);
        if (BigInt(value as number | bigint) < (min < 0n ? min : -max)) {
          refuse('number-too-small', node, { text: printed(node), field: target.name, min: String(min) });
        }
        if (isUnsigned(target.type)) {
          this.warnings.push(filterWarning('warn-never', node, { field: target.name }));
        }
        return literal(target.type, integerBytes(target.type) > 4 ? value : Number(value));
      }
      case 'arithmetic': {
        const left = this.constant(node.left, target);
        const right = this.constant(node.right, target);
        if (arithmeticType(node.sign, target.type, target.type) === undefined || target.type === 'time') {
          const bits = typeClass(target.type) === 'ipv4' && node.sign === '/' ? prefixOfMask(right) : undefined;
          const hint: Hint | undefined =
            bits === undefined
              ? undefined
              : { code: 'hint-subnet', params: { example: `${printed(node.left)}/${bits}` } };
          refuse(
            'no-arithmetic',
            node,
            { name: printed(node.left), type: typeText(target.type), sign: node.sign },
            hint,
          );
        }
        const value = compute(node.sign, target.type, left.value, right.value);
        if (value === undefined) refuse('division-by-zero', node.right);
        return literal(target.type, value);
      }
      case 'call': {
        if (!isFunctionName(node.name)) this.unknownFunction(node);
        const args = node.args.map((arg) => ({ ...target, values: [this.constant(arg, target).value] }));
        const [value] = FUNCTIONS[node.name].apply(args);
        if (value === undefined) throw new Error('a function of constants has a value');
        return literal(target.type, value);
      }
      default:
        return refuse('constant-comparison', node);
    }
  }
}

function isLogic(tree: FilterTree): tree is LogicTree {
  return tree.kind === 'and' || tree.kind === 'or';
}

function literal(type: FieldType, value: LiteralOperand['value']): LiteralOperand {
  return { kind: 'literal', type, value, prefix: undefined };
}

/** 24 for 255.255.255.0; undefined where the address is not a mask. */
function prefixOfMask({ value }: LiteralOperand): number | undefined {
  for (let bits = 0; bits <= 32; bits++) if (ipv4Mask(bits) === value) return bits;
  return undefined;
}

function indexRange({ offset, length, last }: RangeNode): IndexRange {
  return { from: offset, length, to: last };
}

function isUnsigned(type: FieldType): boolean {
  return type.startsWith('u') || type === 'frame';
}

/** Types whose value is a row of bytes, or text. */
function canSlice(type: FieldType): boolean {
  const kind = typeClass(type);
  return kind === 'bytes' || kind === 'string' || kind === 'ipv4' || kind === 'ipv6';
}

function isSearchable(type: FieldType): boolean {
  const kind = typeClass(type);
  return kind === 'bytes' || kind === 'string';
}

function isSliced(operand: Operand): boolean {
  return operand.kind === 'slice' || (operand.kind === 'field' && operand.isRaw);
}

function whole(operand: Operand): Operand {
  return typeClass(operand.type) === 'bytes' ? operand : { kind: 'slice', type: 'bytes', operand, ranges: WHOLE };
}

/** The type of `left sign right`; undefined where there is none. */
function arithmeticType(sign: ArithmeticSign, left: FieldType, right: FieldType): FieldType | undefined {
  const a = typeClass(left);
  const b = typeClass(right);
  if (sign === '&') {
    if (a !== b || left === 'protocol' || right === 'protocol') return undefined;
    if (a === 'integer') return integerBytes(left) >= integerBytes(right) ? left : right;
    return a === 'bytes' || a === 'ipv4' || a === 'ipv6' ? left : undefined;
  }
  if (a === 'integer' && b === 'integer') return 'i64';
  if (a === 'float' && b === 'float') return 'double';
  const isSum = sign === '+' || sign === '-';
  if (a === 'duration') {
    if (b === 'duration' && isSum) return 'duration';
    return (b === 'float' || b === 'integer') && (sign === '*' || sign === '/') ? 'duration' : undefined;
  }
  if (a === 'time' && isSum) {
    if (b === 'duration') return 'time';
    return b === 'time' && sign === '-' ? 'duration' : undefined;
  }
  return undefined;
}

/** The widest integer among the arguments, or the type of the first. */
function widest(args: readonly Operand[]): FieldType {
  return args.reduce((type, arg) => (integerBytes(arg.type) > integerBytes(type) ? arg.type : type), args[0].type);
}

function nameOf(operand: Operand): string {
  switch (operand.kind) {
    case 'field':
      return operand.isRaw ? `@${operand.field.abbrev}` : operand.field.abbrev;
    case 'reference':
      return `\${${operand.isRaw ? '@' : ''}${operand.field.abbrev}}`;
    case 'slice':
    case 'negate':
      return nameOf(operand.operand);
    case 'call':
      return `${operand.name}()`;
    case 'arithmetic':
      return nameOf(operand.left.kind === 'literal' ? operand.right : operand.left);
    case 'literal':
      return String(operand.value);
    default:
      return assertNever(operand);
  }
}

function printed(node: OperandNode): string {
  return printFilter({ kind: 'test', operand: node, start: node.start, end: node.end });
}

function sliceText(node: SliceNode): string {
  const text = printed(node);
  return text.slice(text.lastIndexOf('[') + 1, -1);
}

/** The first unquoted word inside an operand: what a message about an unknown name points at. */
function firstWord(node: OperandNode): WordNode | undefined {
  switch (node.kind) {
    case 'word':
      return node;
    case 'arithmetic':
      return [node.left, node.right].map(firstWord).find((word) => word !== undefined && looksLikeName(word.text));
    case 'negate':
    case 'slice':
      return firstWord(node.operand);
    default:
      return undefined;
  }
}

/** `tcp.prot` was meant as a field; `80`, `10.0.0.1` and `00:11` were not. */
function looksLikeName(text: string): boolean {
  return /^[A-Za-z_]/.test(text) && !text.includes(':') && !text.includes('/');
}

function didYouMean(name: string): Hint {
  return { code: 'hint-did-you-mean', params: { name } };
}

function oneOfFunctions(): Hint {
  return { code: 'hint-one-of', params: { names: FUNCTION_NAMES.join(', ') } };
}
