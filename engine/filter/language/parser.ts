/** Tokens of a display filter to a tree, by precedence climbing (wireshark-filter(4)). Needs no catalogue. */

import type { FilterError } from '../../base/errors.ts';
import type { Result } from '../../base/result.ts';
import type { FilterMessageCode } from '../../text/en/filter-problems.ts';
import type {
  ArithmeticSign,
  CompareSign,
  FilterNode,
  LogicNode,
  OperandNode,
  Quantifier,
  RangeNode,
  SetItemNode,
  SignNode,
  Span,
  WordNode,
} from './ast.ts';
import { COMPARE_SIGNS, SIGNS, type Token, tokenize } from './lexer.ts';
import { catchProblem, FilterProblem, filterKey, type Hint, refuse } from './problem.ts';

/** The one table of precedence: a higher level binds tighter. `&` is below `+`, as tshark has it: `x & 1 + 1` is `x & 2`. */
export const LEVELS = {
  or: 1,
  xor: 2,
  and: 3,
  not: 4,
  '==': 5,
  '!=': 5,
  '===': 5,
  '!==': 5,
  '>': 5,
  '<': 5,
  '>=': 5,
  '<=': 5,
  contains: 5,
  matches: 5,
  in: 5,
  '&': 6,
  '+': 7,
  '-': 7,
  '*': 8,
  '/': 8,
  '%': 8,
  negate: 9,
} as const satisfies Record<LogicNode['kind'] | 'not' | CompareSign | 'in' | ArithmeticSign | 'negate', number>;

const BINARY: ReadonlyMap<string, number> = new Map(
  Object.entries(LEVELS).filter(([sign]) => sign !== 'not' && sign !== 'negate'),
);

/** Signs that may follow each other without parentheses: `1 < x < 5`. */
const CHAINABLE: ReadonlySet<string> = new Set(['==', '!=', '===', '!==', '>', '<', '>=', '<=']);

/** Signs that join values. */
const VALUE_SIGNS: ReadonlySet<string> = new Set([...BINARY].flatMap(([sign, at]) => (at > LEVELS.not ? [sign] : [])));

/** Far more than people type, far less than a stack holds. Long rows of `or` are not nested and not limited. */
export const MAX_DEPTH = 500;

/** Null where there is nothing but blanks: such a filter lets everything through. */
export function parseFilter(text: string): Result<FilterNode | null, FilterError> {
  return catchProblem(() => new Parser(tokenize(text)).filter());
}

type AnyNode = FilterNode | OperandNode;

function isOperand(node: AnyNode): node is OperandNode {
  switch (node.kind) {
    case 'word':
    case 'string':
    case 'char':
    case 'reference':
    case 'slice':
    case 'call':
    case 'arithmetic':
    case 'negate':
      return true;
    default:
      return false;
  }
}

/** A condition where it stands alone: an operand becomes a test. */
function toFilter(node: AnyNode): FilterNode {
  return isOperand(node) ? { kind: 'test', operand: node, start: node.start, end: node.end } : node;
}

class Parser {
  private readonly tokens: readonly Token[];
  private next = 0;
  private depth = 0;

  constructor(tokens: readonly Token[]) {
    this.tokens = tokens;
  }

  filter(): FilterNode | null {
    if (this.peek().kind === 'end') return null;
    const node = toFilter(this.expression(0));
    if (this.peek().kind !== 'end') this.unexpected();
    return node;
  }

  private peek(ahead = 0): Token {
    // The last token is `end`: looking past it sees it again.
    return this.tokens[Math.min(this.next + ahead, this.tokens.length - 1)];
  }

  private isSign(sign: string, ahead = 0): boolean {
    const token = this.peek(ahead);
    return token.kind === 'sign' && token.value === sign;
  }

  private take(): Token {
    const token = this.peek();
    if (token.kind === 'error') this.unexpected();
    this.next++;
    return token;
  }

  /** Refuses the token that stands here. */
  private unexpected(expected?: FilterMessageCode, hint?: Hint): never {
    const token = this.peek();
    if (token.error !== undefined) throw new FilterProblem(token.error);
    if (token.kind === 'end') refuse('unexpected-end', token, { expected: filterKey(expected ?? 'expect-value') });
    const lower = token.text.toLowerCase();
    const word: Hint | undefined =
      token.kind === 'word' && token.text !== lower && SIGNS.has(lower)
        ? { code: 'hint-lower-case', params: { word: lower } }
        : hint;
    if (expected === undefined) refuse('unexpected', token, { text: token.text }, word);
    refuse('expected', token, { expected: filterKey(expected), text: token.text }, word);
  }

  private enter(at: Span): void {
    if (++this.depth > MAX_DEPTH) refuse('too-deep', at, { limit: MAX_DEPTH });
  }

  private expression(level: number): AnyNode {
    this.enter(this.peek());
    let left = this.prefix();
    for (;;) {
      const token = this.peek();
      const isNotIn = token.value === 'not' && token.kind === 'sign' && isOperand(left) && this.isSign('in', 1);
      const signLevel = isNotIn ? LEVELS.in : token.kind === 'sign' ? BINARY.get(token.value) : undefined;
      if (signLevel === undefined || signLevel < level) break;
      if (signLevel < LEVELS.not) left = this.logic(left, token.value as LogicNode['kind'], signLevel);
      else if (signLevel === LEVELS['==']) left = this.comparison(left, undefined);
      else left = this.arithmetic(left, token.value as ArithmeticSign, signLevel);
    }
    this.depth--;
    return left;
  }

  private prefix(): AnyNode {
    const token = this.peek();
    if (token.kind === 'sign') {
      switch (token.value) {
        case 'not': {
          this.take();
          const inner = toFilter(this.expression(LEVELS.not));
          return { kind: 'not', inner, start: token.start, end: inner.end };
        }
        case 'any':
        case 'all':
          return this.quantified(token.value);
        case '(':
          return this.parenthesis();
        case '-': {
          this.take();
          const operand = this.operand(LEVELS.negate);
          return { kind: 'negate', operand, start: token.start, end: operand.end };
        }
        case '+':
          this.take();
          return this.operand(LEVELS.negate);
        default:
          break;
      }
    }
    return this.postfix(this.primary());
  }

  private quantified(quantifier: Quantifier): FilterNode {
    const token = this.take();
    const left = this.operand(LEVELS['&']);
    const follows = this.peek();
    const isComparison =
      follows.kind === 'sign' &&
      (COMPARE_SIGNS.has(follows.value) || follows.value === 'in' || (follows.value === 'not' && this.isSign('in', 1)));
    if (!isComparison) refuse('quantifier-needs-comparison', token, { word: quantifier });
    const node = this.comparison(left, quantifier);
    return { ...node, start: token.start };
  }

  private parenthesis(): AnyNode {
    const open = this.take();
    if (this.isSign(')')) refuse('empty-parens', { start: open.start, end: this.peek().end });
    const inner = this.expression(0);
    if (!this.isSign(')')) {
      if (this.peek().kind === 'end') refuse('missing-paren', open);
      this.unexpected();
    }
    const close = this.take();
    // Parentheses group conditions; what groups values are braces.
    const isFollowed = isOperand(inner) && this.peek().kind === 'sign' && VALUE_SIGNS.has(this.peek().value);
    if (isFollowed) this.unexpected(undefined, { code: 'hint-braces', params: { open: '{', close: '}' } });
    return toFilter({ ...inner, start: open.start, end: close.end });
  }

  private logic(first: AnyNode, kind: LogicNode['kind'], level: number): FilterNode {
    const parts = [toFilter(first)];
    while (this.isSign(kind)) {
      this.take();
      parts.push(toFilter(this.expression(level + 1)));
    }
    return { kind, parts, start: first.start, end: (parts.at(-1) as FilterNode).end };
  }

  private comparison(first: AnyNode, quantifier: Quantifier | undefined): FilterNode {
    if (!isOperand(first)) this.unexpected();
    if (this.isSign('in') || this.isSign('not')) return this.membership(first, quantifier);
    const operands: OperandNode[] = [first];
    const signs: SignNode[] = [];
    for (;;) {
      const token = this.peek();
      if (token.kind !== 'sign' || !COMPARE_SIGNS.has(token.value)) {
        if (signs.length > 0 && this.isSign('in')) this.unexpected();
        break;
      }
      const sign = token.value as CompareSign;
      if (signs.length > 0 && !(CHAINABLE.has(sign) && CHAINABLE.has((signs.at(-1) as SignNode).sign))) {
        refuse('no-chain', token, { sign: token.text });
      }
      this.take();
      signs.push({ sign, start: token.start, end: token.end });
      operands.push(this.operand(LEVELS['&']));
    }
    return {
      kind: 'compare',
      quantifier,
      operands,
      signs,
      start: first.start,
      end: (operands.at(-1) as OperandNode).end,
    };
  }

  private membership(operand: OperandNode, quantifier: Quantifier | undefined): FilterNode {
    const isNegated = this.isSign('not');
    if (isNegated) this.take();
    this.take();
    if (!this.isSign('{')) {
      const text = this.peek().text;
      this.unexpected('expect-set', text === '' ? undefined : { code: 'hint-set', params: { example: `{${text}}` } });
    }
    const open = this.take();
    if (this.isSign('}')) refuse('empty-set', { start: open.start, end: this.peek().end });
    const set: SetItemNode[] = [];
    for (;;) {
      const low = this.operand(LEVELS['&']);
      let high: OperandNode | undefined;
      if (this.isSign('..')) {
        this.take();
        high = this.operand(LEVELS['&']);
      }
      set.push({ low, high, start: low.start, end: (high ?? low).end });
      if (this.isSign(',')) {
        this.take();
        continue;
      }
      if (this.isSign('}')) break;
      const token = this.peek();
      if (token.kind === 'end') refuse('missing-brace', open);
      if (token.kind === 'word' || token.kind === 'string' || token.kind === 'char') {
        const before = set.at(-1) as SetItemNode;
        const source = this.tokens.slice(0, this.next).filter((t) => t.start >= before.start);
        const example = `${source.map((t) => t.text).join('')}, ${token.text}`;
        refuse('set-needs-commas', token, {}, { code: 'hint-commas', params: { example } });
      }
      this.unexpected('expect-comma');
    }
    const close = this.take();
    return { kind: 'in', quantifier, isNegated, operand, set, start: operand.start, end: close.end };
  }

  private arithmetic(left: AnyNode, sign: ArithmeticSign, level: number): OperandNode {
    if (!isOperand(left)) this.unexpected();
    this.take();
    const right = this.operand(level + 1);
    const node: OperandNode = { kind: 'arithmetic', sign, left, right, start: left.start, end: right.end };
    if (heightOf(node) > MAX_DEPTH) refuse('too-deep', node, { limit: MAX_DEPTH });
    return node;
  }

  /** An operand whose operators bind at least as tight as `level`. */
  private operand(level: number): OperandNode {
    const node = this.expression(level);
    if (!isOperand(node)) {
      const isGroup = node.kind === 'test';
      refuse('not-a-value', node, {}, isGroup ? { code: 'hint-braces', params: { open: '{', close: '}' } } : undefined);
    }
    return node;
  }

  private primary(): OperandNode {
    const token = this.peek();
    switch (token.kind) {
      case 'string':
        this.take();
        return {
          kind: 'string',
          value: token.value,
          isRaw: !token.text.startsWith('"'),
          start: token.start,
          end: token.end,
        };
      case 'char': {
        this.take();
        const code = token.value.codePointAt(0) ?? 0;
        const value = code >= 0xdc80 && code <= 0xdcff ? code - 0xdc00 : code;
        return { kind: 'char', value, start: token.start, end: token.end };
      }
      case 'reference': {
        this.take();
        const { text, isRaw, layers } = referredTo(token);
        return { kind: 'reference', text, isRaw, layers, isMacro: false, start: token.start, end: token.end };
      }
      case 'macro': {
        this.take();
        const { start, end } = token;
        return { kind: 'reference', text: token.text, isRaw: false, layers: undefined, isMacro: true, start, end };
      }
      case 'word':
        return this.callOrWord(token.start);
      case 'sign':
        if (token.value === '@') {
          this.take();
          const name = this.peek();
          if (name.kind !== 'word' || name.start !== token.end) this.unexpected('expect-value');
          return this.word(token.start, true);
        }
        if (token.value === '{') return this.group();
        return this.unexpected();
      default:
        return this.unexpected();
    }
  }

  /** `{a + b} * 2`: braces group arithmetic in Wireshark; parentheses do as well here. */
  private group(): OperandNode {
    const open = this.take();
    const inner = this.operand(LEVELS['&']);
    if (!this.isSign('}')) {
      if (this.peek().kind === 'end') refuse('missing-brace', open);
      this.unexpected('expect-close-brace');
    }
    const close = this.take();
    return { ...inner, start: open.start, end: close.end };
  }

  private callOrWord(start: number): OperandNode {
    const token = this.peek();
    if (this.isSign('(', 1) && this.peek(1).start === token.end) return this.call(this.take());
    return this.word(start, false);
  }

  private word(start: number, isRaw: boolean): WordNode {
    const token = this.take();
    const isField = token.value.startsWith('.');
    const isValue = token.value.startsWith(':') && !token.value.startsWith('::');
    const { layers, end } = this.layers(token.end);
    return {
      kind: 'word',
      text: isField || isValue ? token.value.slice(1) : token.value,
      only: isField ? 'field' : isValue ? 'value' : undefined,
      isRaw,
      layers,
      start,
      end,
    };
  }

  private call(name: Token): OperandNode {
    const open = this.take();
    const args: OperandNode[] = [];
    while (!this.isSign(')')) {
      args.push(this.operand(LEVELS['&']));
      if (this.isSign(',')) {
        this.take();
        if (this.isSign(')')) this.unexpected();
      } else if (!this.isSign(')')) {
        if (this.peek().kind === 'end') refuse('missing-paren', open);
        this.unexpected('expect-close-paren');
      }
    }
    const close = this.take();
    return { kind: 'call', name: name.value, nameEnd: name.end, args, start: name.start, end: close.end };
  }

  /** The field and layers inside `${...}`: written there as they are elsewhere. */
  reference(): WordNode {
    if (this.isSign('@')) this.take();
    return this.word(0, this.next > 0);
  }

  private layers(end: number): { layers: readonly RangeNode[] | undefined; end: number } {
    if (!this.isSign('#')) return { layers: undefined, end };
    const hash = this.take();
    const token = this.peek();
    if (token.kind === 'word' && /^[0-9]+$/.test(token.text) && token.start === hash.end) {
      this.take();
      return { layers: [{ offset: Number(token.text), length: 1, last: undefined }], end: token.end };
    }
    if (!this.isSign('[')) refuse('bad-layer', { start: hash.start, end: token.end });
    const { ranges, end: closed } = this.ranges();
    return { layers: ranges, end: closed };
  }

  private postfix(first: OperandNode): OperandNode {
    let operand = first;
    while (this.isSign('[')) {
      const { ranges, end } = this.ranges();
      operand = { kind: 'slice', operand, ranges, start: operand.start, end };
    }
    if (heightOf(operand) > MAX_DEPTH) refuse('too-deep', operand, { limit: MAX_DEPTH });
    return operand;
  }

  private ranges(): { ranges: readonly RangeNode[]; end: number } {
    this.take();
    const ranges: RangeNode[] = [];
    do ranges.push(this.range());
    while (this.takeIf(','));
    if (!this.isSign(']')) {
      const token = this.peek();
      if (token.kind === 'error') this.unexpected();
      refuse('missing-bracket', token);
    }
    const { end } = this.take();
    return { ranges, end };
  }

  private takeIf(sign: string): boolean {
    if (!this.isSign(sign)) return false;
    this.take();
    return true;
  }

  private range(): RangeNode {
    const first = this.peek();
    const place = (): Span => ({ start: first.start, end: this.tokens[this.next - 1].end });
    if (this.takeIf(':')) return { offset: 0, length: this.positive(this.integer(), place), last: undefined };
    const offset = this.integer();
    if (this.takeIf(':')) {
      if (this.isSign(']') || this.isSign(',')) return { offset, length: undefined, last: undefined };
      return { offset, length: this.positive(this.integer(), place), last: undefined };
    }
    if (this.takeIf('-')) {
      const last = this.integer();
      if (last < 0 === offset < 0) {
        if (last < offset) refuse('range-order', place(), { from: offset, to: last });
        return { offset, length: last - offset + 1, last: undefined };
      }
      return { offset, length: undefined, last };
    }
    return { offset, length: 1, last: undefined };
  }

  private positive(length: number, place: () => Span): number {
    if (length <= 0) refuse('range-length', place(), { length });
    return length;
  }

  private integer(): number {
    const sign = this.takeIf('-') ? -1 : 1;
    const token = this.peek();
    if (token.kind !== 'integer') this.unexpected();
    this.take();
    return sign * Number(token.value);
  }
}

/** What a reference names: the lexer has seen that it is a name and perhaps layers. */
function referredTo(token: Token): WordNode {
  return new Parser(tokenize(token.value)).reference();
}

/** Operators below each other along the left edge, which a loop builds without the parser going deeper. */
function heightOf(node: OperandNode): number {
  let height = 0;
  let at: OperandNode = node;
  while (at.kind === 'arithmetic' || at.kind === 'negate' || at.kind === 'slice') {
    height++;
    at = at.kind === 'arithmetic' ? at.left : at.operand;
  }
  return height;
}
