/** Properties of the filter language: printing and parsing agree, any text ends well, regular expressions agree with JavaScript's. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FilterNode, OperandNode, RangeNode, SetItemNode } from '../../engine/filter/language/ast.ts';
import { checkFilter } from '../../engine/filter/language/check.ts';
import { completeFilter } from '../../engine/filter/language/complete.ts';
import { highlightFilter } from '../../engine/filter/language/highlight.ts';
import { parseFilter } from '../../engine/filter/language/parser.ts';
import { printFilter } from '../../engine/filter/language/print.ts';
import { compileRegex } from '../../engine/filter/regex/regex.ts';
import { satisfies, sliceBytes } from '../../engine/filter/value.ts';
import { TEST_FIELDS, testCatalog } from '../unit/engine/filter/test-catalog.ts';

const at = { start: 0, end: 0 };

const name = fc.oneof(
  fc.constantFrom(...TEST_FIELDS.map((field) => field.abbrev)),
  fc.constantFrom(
    '80',
    '0x1f',
    '1.5',
    '10.0.0.0/8',
    'fe80::1',
    '::',
    '00:0d:3a:4f:10:22',
    '00-0d',
    'sip.Status-Code',
    'GET',
  ),
);
const range: fc.Arbitrary<RangeNode> = fc.oneof(
  fc.record({
    offset: fc.integer({ min: -9, max: 99 }),
    length: fc.integer({ min: 1, max: 99 }),
    last: fc.constant(undefined),
  }),
  fc.record({ offset: fc.integer({ min: -9, max: 99 }), length: fc.constant(undefined), last: fc.constant(undefined) }),
  fc.record({ offset: fc.nat(9), length: fc.constant(undefined), last: fc.integer({ min: -9, max: -1 }) }),
);
const ranges = fc.array(range, { minLength: 1, maxLength: 3 });
const layers = fc.option(ranges, { nil: undefined, freq: 4 });
const stringValue = fc.string({
  unit: fc.oneof(
    fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
    fc.integer({ min: 0x80, max: 0xff }).map((byte) => String.fromCharCode(0xdc00 + byte)),
  ),
});

const operand: fc.Arbitrary<OperandNode> = fc.letrec<{ operand: OperandNode; leaf: OperandNode; sliced: OperandNode }>(
  (tie) => ({
    leaf: fc.oneof(
      fc.record({
        kind: fc.constant('word' as const),
        text: name,
        only: fc.constant(undefined),
        isRaw: fc.boolean(),
        layers,
        ...fixed(),
      }),
      fc.record({
        kind: fc.constant('word' as const),
        text: fc.constantFrom('tcp.port', 'fc'),
        only: fc.constantFrom('field' as const, 'value' as const),
        isRaw: fc.constant(false),
        layers: fc.constant(undefined),
        ...fixed(),
      }),
      fc.record({ kind: fc.constant('string' as const), value: stringValue, isRaw: fc.constant(false), ...fixed() }),
      fc.record({
        kind: fc.constant('string' as const),
        value: fc.constantFrom('\\d+', 'a\\"b', 'x'),
        isRaw: fc.constant(true),
        ...fixed(),
      }),
      fc.record({
        kind: fc.constant('char' as const),
        value: fc.nat(255),
        ...fixed(),
      }),
      fc.record({
        kind: fc.constant('reference' as const),
        isMacro: fc.constant(false),
        text: fc.constantFrom('frame.number', 'tcp.port'),
        isRaw: fc.boolean(),
        layers,
        ...fixed(),
      }),
    ),
    sliced: fc.record({
      kind: fc.constant('slice' as const),
      operand: fc.oneof({ maxDepth: 3 }, tie('leaf'), tie('operand')),
      ranges,
      ...fixed(),
    }),
    operand: fc.oneof(
      { maxDepth: 4, withCrossShrink: true },
      tie('leaf'),
      tie('sliced'),
      fc.record({
        kind: fc.constant('call' as const),
        name: fc.constantFrom('len', 'max', 'nofunc'),
        nameEnd: fc.constant(0),
        args: fc.array(tie('operand'), { maxLength: 3 }),
        ...fixed(),
      }),
      fc.record({ kind: fc.constant('negate' as const), operand: tie('operand'), ...fixed() }),
      fc.record({
        kind: fc.constant('arithmetic' as const),
        sign: fc.constantFrom('+', '-', '*', '/', '%', '&'),
        left: tie('operand'),
        right: tie('operand'),
        ...fixed(),
      }),
    ),
  }),
).operand;

function fixed(): { start: fc.Arbitrary<number>; end: fc.Arbitrary<number> } {
  return { start: fc.constant(0), end: fc.constant(0) };
}

const quantifier = fc.constantFrom(undefined, 'any' as const, 'all' as const);
const orderSign = fc.constantFrom(
  '==' as const,
  '!=' as const,
  '===' as const,
  '!==' as const,
  '>' as const,
  '<' as const,
  '>=' as const,
  '<=' as const,
);
const setItem: fc.Arbitrary<SetItemNode> = fc.record({
  low: operand,
  high: fc.option(operand, { nil: undefined }),
  ...fixed(),
});

const tree: fc.Arbitrary<FilterNode> = fc.letrec<{ node: FilterNode }>((tie) => ({
  node: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    fc.record({ kind: fc.constant('test' as const), operand, ...fixed() }),
    fc
      .tuple(
        quantifier,
        fc.array(operand, { minLength: 2, maxLength: 4 }),
        fc.array(orderSign, { minLength: 3, maxLength: 3 }),
      )
      .map(
        ([q, operands, signs]): FilterNode => ({
          kind: 'compare',
          quantifier: q,
          operands,
          signs: signs.slice(1 - operands.length).map((sign) => ({ sign, ...at })),
          ...at,
        }),
      ),
    fc.tuple(quantifier, operand, fc.constantFrom('contains' as const, 'matches' as const), operand).map(
      ([q, left, sign, right]): FilterNode => ({
        kind: 'compare',
        quantifier: q,
        operands: [left, right],
        signs: [{ sign, ...at }],
        ...at,
      }),
    ),
    fc.record({
      kind: fc.constant('in' as const),
      quantifier,
      isNegated: fc.boolean(),
      operand,
      set: fc.array(setItem, { minLength: 1, maxLength: 3 }),
      ...fixed(),
    }),
    fc.record({ kind: fc.constant('not' as const), inner: tie('node'), ...fixed() }),
    fc.record({
      kind: fc.constantFrom('and' as const, 'or' as const, 'xor' as const),
      parts: fc.array(tie('node'), { minLength: 2, maxLength: 3 }),
      ...fixed(),
    }),
  ),
})).node;

/** The tree without its places. */
function bare(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value, (key, inner: unknown) =>
      key === 'start' || key === 'end' || key === 'nameEnd' ? undefined : inner,
    ),
  );
}

describe('the filter language', () => {
  it('parses what it prints to the same tree', () => {
    fc.assert(
      fc.property(tree, (node) => {
        const text = printFilter(node);
        const parsed = parseFilter(text);
        if (!parsed.ok) throw new Error(`${text}: ${parsed.error.message}`);
        expect(bare(parsed.value)).toEqual(bare(node));
      }),
      { numRuns: 2_000 },
    );
  });

  const piece = fc.oneof(
    name,
    fc.constantFrom(
      'and',
      'or',
      'not',
      '==',
      '!=',
      '(',
      ')',
      '{',
      '}',
      '[',
      ']',
      ',',
      '..',
      'in',
      'contains',
      'matches',
      '"a"',
      '"',
      "'",
      '#',
      '@',
      '-',
      '&',
      'len(',
      'any',
      '$',
      '\\',
      ':',
      '0',
    ),
    fc.string({ maxLength: 3 }),
  );
  const anyText = fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join(' '));

  it('ends on any text with a tree or with a place inside the text', () => {
    fc.assert(
      fc.property(fc.oneof(anyText, fc.string()), (text) => {
        const result = checkFilter(text, testCatalog);
        if (result.ok) return;
        const { start, end, message } = result.error;
        expect(start).toBeGreaterThanOrEqual(0);
        expect(end).toBeGreaterThanOrEqual(start);
        expect(end).toBeLessThanOrEqual(text.length);
        expect(message).not.toBe('');
        expect(message).not.toMatch(/\{[a-zA-Z]+\}|filterProblem/);
      }),
      { numRuns: 5_000 },
    );
  });

  it('colours and completes any text at any place', () => {
    fc.assert(
      fc.property(anyText, fc.nat(), (text, seed) => {
        let end = 0;
        for (const piece of highlightFilter(text, testCatalog)) {
          expect(piece.start).toBeGreaterThanOrEqual(end);
          expect(piece.end).toBeGreaterThan(piece.start);
          end = piece.end;
        }
        expect(end).toBeLessThanOrEqual(text.length);
        const cursor = seed % (text.length + 1);
        const { from, to } = completeFilter(text, cursor, testCatalog);
        expect(from).toBeLessThanOrEqual(cursor);
        expect(to).toBeGreaterThanOrEqual(cursor);
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('regular expressions', () => {
  const atom = fc.constantFrom(
    'a',
    'b',
    'A',
    '.',
    '[ab]',
    '[^a]',
    '[a-c]',
    '\\d',
    '\\w',
    '\\W',
    '\\s',
    '\\b',
    '\\B',
    '^',
    '$',
    '0',
    ' ',
    '\\n',
  );
  const pattern: fc.Arbitrary<string> = fc.letrec<{ node: string; atom: string }>((tie) => ({
    atom,
    node: fc.oneof(
      { maxDepth: 5 },
      tie('atom'),
      fc.tuple(tie('node'), tie('node')).map(([a, b]) => a + b),
      fc.tuple(tie('node'), tie('node')).map(([a, b]) => `(?:${a}|${b})`),
      fc
        .tuple(tie('node'), fc.constantFrom('*', '+', '?', '{2}', '{1,3}', '{0,2}', '{2,}', '*?', '+?'))
        .map(([a, q]) => `(?:${a})${q}`),
    ),
  })).node;
  const text = fc.string({ unit: fc.constantFrom('a', 'b', 'c', 'A', 'B', '0', ' ', '_', '\n'), maxLength: 20 });

  it('find what JavaScript finds', () => {
    fc.assert(
      fc.property(
        pattern,
        fc.array(text, { minLength: 1, maxLength: 8 }),
        fc.boolean(),
        (source, texts, ignoreCase) => {
          const compiled = compileRegex(source, { ignoreCase });
          if (!compiled.ok) throw new Error(compiled.error.code);
          // PCRE's $ also stands before a newline that ends the text; JavaScript's . also leaves out \r, which is not used here.
          const twin = new RegExp(source.replaceAll('$', '(?=\\n?(?![^]))'), ignoreCase ? 'i' : '');
          for (const t of texts) expect([source, t, compiled.value.testText(t)]).toEqual([source, t, twin.test(t)]);
        },
      ),
      { numRuns: 3_000 },
    );
  });

  it('end on any pattern', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom(...'ab()[]{}*+?|\\^$.-,:=!<>#PQEdwx0123i&') }),
        fc.string(),
        (source, t) => {
          const compiled = compileRegex(source, { ignoreCase: true });
          if (compiled.ok) compiled.value.testText(t);
          else {
            expect(compiled.error.start).toBeLessThanOrEqual(compiled.error.end);
            expect(compiled.error.end).toBeLessThanOrEqual(source.length);
          }
        },
      ),
      { numRuns: 5_000 },
    );
  });

  it('find any text by its own characters', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' }), (needle, rest) => {
        const source = needle.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
        const compiled = compileRegex(source, { ignoreCase: false });
        expect(compiled.ok && compiled.value.testText(rest + needle + rest)).toBe(true);
      }),
      { numRuns: 1_000 },
    );
  });

  it('take any class of characters over UTF-8', () => {
    const code = fc.integer({ min: 0x80, max: 0x10ffff }).filter((c) => c < 0xd800 || c > 0xdfff);
    fc.assert(
      fc.property(code, code, code, fc.boolean(), (a, b, c, isNegated) => {
        const [low, high] = a < b ? [a, b] : [b, a];
        const source = `^[${isNegated ? '^' : ''}${String.fromCodePoint(low)}-${String.fromCodePoint(high)}]$`;
        const compiled = compileRegex(source, { ignoreCase: false });
        if (!compiled.ok) throw new Error(compiled.error.code);
        expect(compiled.value.testText(String.fromCodePoint(c))).toBe((c >= low && c <= high) !== isNegated);
      }),
      { numRuns: 1_000 },
    );
  });
});

describe('values', () => {
  it('are ordered as their bytes are', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' }), (a, b) => {
        const order = Buffer.compare(Buffer.from(a), Buffer.from(b));
        expect(satisfies('lt', a, b)).toBe(order < 0);
        expect(satisfies('eq', a, b)).toBe(order === 0);
      }),
    );
  });

  it('are sliced as arrays are', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 12 }),
        fc.integer({ min: -14, max: 14 }),
        fc.integer({ min: 1, max: 14 }),
        (bytes, from, length) => {
          const start = from < 0 ? bytes.length + from : from;
          const isInside = start >= 0 && start + length <= bytes.length;
          const slice = sliceBytes(bytes, [{ from, length, to: undefined }]);
          expect(slice).toEqual(isInside ? bytes.slice(start, start + length) : undefined);
        },
      ),
    );
  });
});
