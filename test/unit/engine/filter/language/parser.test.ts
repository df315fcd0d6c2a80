/** The shape of parsed filters, written with parentheses and braces; and where and why text is refused. */

import { describe, expect, it } from 'vitest';
import { assertNever } from '../../../../../engine/base/result.ts';
import type { FilterNode, OperandNode } from '../../../../../engine/filter/language/ast.ts';
import { parseFilter } from '../../../../../engine/filter/language/parser.ts';
import { printFilter } from '../../../../../engine/filter/language/print.ts';

function shape(node: FilterNode | OperandNode): string {
  switch (node.kind) {
    case 'and':
    case 'or':
    case 'xor':
      return `(${node.parts.map(shape).join(` ${node.kind} `)})`;
    case 'not':
      return `not(${shape(node.inner)})`;
    case 'compare': {
      const body = node.operands.map((o, i) => (i === 0 ? '' : ` ${node.signs[i - 1]?.sign} `) + shape(o)).join('');
      return `[${node.quantifier === undefined ? '' : `${node.quantifier} `}${body}]`;
    }
    case 'in': {
      const set = node.set.map(({ low, high }) => shape(low) + (high === undefined ? '' : `..${shape(high)}`));
      const word = node.isNegated ? 'not in' : 'in';
      return `[${node.quantifier === undefined ? '' : `${node.quantifier} `}${shape(node.operand)} ${word} ${set.join('|')}]`;
    }
    case 'test':
      return shape(node.operand);
    case 'word':
      return `${node.isRaw ? '@' : ''}${node.text}${node.layers === undefined ? '' : `#${JSON.stringify(node.layers)}`}`;
    case 'string':
      return JSON.stringify(node.value);
    case 'char':
      return `'${node.value}'`;
    case 'reference':
      return `ref:${node.text}`;
    case 'slice':
      return `${shape(node.operand)}<${node.ranges.map((r) => `${r.offset}:${r.length ?? ''}${r.last === undefined ? '' : `to${r.last}`}`).join(';')}>`;
    case 'call':
      return `${node.name}(${node.args.map(shape).join('; ')})`;
    case 'arithmetic':
      return `{${shape(node.left)} ${node.sign} ${shape(node.right)}}`;
    case 'negate':
      return `-${shape(node.operand)}`;
    default:
      return assertNever(node);
  }
}

function parsed(text: string): string {
  const result = parseFilter(text);
  if (!result.ok) throw new Error(`${text}: ${result.error.message}`);
  return result.value === null ? '' : shape(result.value);
}

function refused(text: string): string {
  const result = parseFilter(text);
  if (result.ok) throw new Error(`${text} was taken`);
  const { code, start, end } = result.error;
  return `${start}:${end} ${code.replace('filterProblem.', '')}`;
}

describe('precedence', () => {
  it.each([
    ['a and b or c', '((a and b) or c)'],
    ['a or b and c', '(a or (b and c))'],
    ['a || b && c', '(a or (b and c))'],
    ['(a || b) && c', '((a or b) and c)'],
    ['a xor b and c or d', '((a xor (b and c)) or d)'],
    ['a ^^ b', '(a xor b)'],
    ['a and b and c', '(a and b and c)'],
    ['(a and b) and c', '((a and b) and c)'],
    ['not a and b', '(not(a) and b)'],
    ['!a == 1', 'not([a == 1])'],
    ['not not a', 'not(not(a))'],
    ['A and B or not C or D and not E or F', '((A and B) or not(C) or (D and not(E)) or F)'],
    ['x & 1 + 1', '{x & {1 + 1}}'],
    ['x & 2 == 2', '[{x & 2} == 2]'],
    ['a == 0 & 1', '[a == {0 & 1}]'],
    ['a + b * c - d == 1', '[{{a + {b * c}} - d} == 1]'],
    ['a - b - c == 1', '[{{a - b} - c} == 1]'],
    ['{a + b} * c == 1', '[{{a + b} * c} == 1]'],
    ['-a == -80', '[-a == -80]'],
    ['a -1 == 0', '[{a - 1} == 0]'],
    ['a & b & c', '{{a & b} & c}'],
  ])('%s', (text, expected) => expect(parsed(text)).toBe(expected));
});

describe('comparisons', () => {
  it.each([
    ['a eq 1', '[a == 1]'],
    ['a any_eq 1', '[a == 1]'],
    ['a ne 1', '[a != 1]'],
    ['a all_ne 1', '[a != 1]'],
    ['a === 1', '[a === 1]'],
    ['a all_eq 1', '[a === 1]'],
    ['a !== 1', '[a !== 1]'],
    ['a any_ne 1', '[a !== 1]'],
    ['a ~= 1', '[a !== 1]'],
    ['a~=1', '[a !== 1]'],
    ['a gt 1', '[a > 1]'],
    ['a<=1', '[a <= 1]'],
    ['a ~ "x"', '[a matches "x"]'],
    ['a contains b', '[a contains b]'],
    ['1 < a < 5', '[1 < a < 5]'],
    ['any a > 1', '[any a > 1]'],
    ['all a > 1 and b', '([all a > 1] and b)'],
    ['not all a == 1', 'not([all a == 1])'],
    ['all a in {1}', '[all a in 1]'],
    ['a==1&&b', '([a == 1] and b)'],
  ])('%s', (text, expected) => expect(parsed(text)).toBe(expected));
});

describe('words', () => {
  it.each([
    ['ip.src == 10.0.0.0/8', '[ip.src == 10.0.0.0/8]'],
    ['ip.src == fe80::/10', '[ip.src == fe80::/10]'],
    ['a == ::1', '[a == ::1]'],
    ['a == ::ffff:192.0.2.1', '[a == ::ffff:192.0.2.1]'],
    ['a == 00-0d-3a-4f-10-22', '[a == 00-0d-3a-4f-10-22]'],
    ['a == 000d.3a4f.1022', '[a == 000d.3a4f.1022]'],
    ['sip.Status-Code == 200', '[sip.Status-Code == 200]'],
    ['a / 2 == 1', '[{a / 2} == 1]'],
    ['a/2 == 1', '[{a / 2} == 1]'],
    ["a == 'x'", "[a == '120']"],
    ["a == '\\n'", "[a == '10']"],
    ["a == '\\x41'", "[a == '65']"],
    ["a == '\\xff'", "[a == '255']"],
    ['@a.b == 1', '[@a.b == 1]'],
    ['.tcp.port', 'tcp.port'],
    ['a contains :fc', '[a contains fc]'],
    ['${a.b} == 1', '[ref:a.b == 1]'],
    ['a == $frame.number', '[a == ref:frame.number]'],
  ])('%s', (text, expected) => expect(parsed(text)).toBe(expected));
});

describe('strings', () => {
  it.each([
    ['a == "x\\"y\\\\z"', '[a == "x\\"y\\\\z"]'],
    ['a == "\\x47ET\\107"', '[a == "GETG"]'],
    ['a == "\\u3042"', '[a == "あ"]'],
    ['a == "\\U0001f600"', '[a == "😀"]'],
    ['a == r"c:\\dir"', '[a == "c:\\\\dir"]'],
    ['a == R"\\d+"', '[a == "\\\\d+"]'],
    ['a == "日本"', '[a == "日本"]'],
  ])('%s', (text, expected) => expect(parsed(text)).toBe(expected));

  it('keeps a byte that is not ASCII apart from the character of that number', () => {
    expect(parsed('a == "\\xe9"')).not.toBe(parsed('a == "é"'));
  });
});

describe('sets', () => {
  it.each([
    ['a in {1}', '[a in 1]'],
    ['a in {1, 2, 5..9}', '[a in 1|2|5..9]'],
    ['a in {1..2,3 .. 4}', '[a in 1..2|3..4]'],
    ['a in {10.0.0.0/8, 192.0.2.1..192.0.2.9}', '[a in 10.0.0.0/8|192.0.2.1..192.0.2.9]'],
    ['a in {10.0.0.0/8..11.0.0.0/8}', '[a in 10.0.0.0/8..11.0.0.0/8]'],
    ['a in {fe80::1..fe80::5}', '[a in fe80::1..fe80::5]'],
    ['a in {"x", "y"}', '[a in "x"|"y"]'],
    ['a in {-5..-1}', '[a in -5..-1]'],
    ['a in {1.5..2.5}', '[a in 1.5..2.5]'],
    ['a not in {1}', '[a not in 1]'],
    ['not a in {1} and b', '(not([a in 1]) and b)'],
    [
      'frame.time in {"2026-11-21 08:00:00".."2026-11-21 09:00:00"}',
      '[frame.time in "2026-11-21 08:00:00".."2026-11-21 09:00:00"]',
    ],
  ])('%s', (text, expected) => expect(parsed(text)).toBe(expected));
});

describe('slices and layers', () => {
  it.each([
    ['a[0:3]', 'a<0:3>'],
    ['a[1-2]', 'a<1:2>'],
    ['a[:4]', 'a<0:4>'],
    ['a[4:]', 'a<4:>'],
    ['a[-2:]', 'a<-2:>'],
    ['a[-4:4]', 'a<-4:4>'],
    ['a[-3--1]', 'a<-3:3>'],
    ['a[1--1]', 'a<1:to-1>'],
    ['a[0]', 'a<0:1>'],
    ['a[ 0 : 0x10 ]', 'a<0:16>'],
    ['a[1,3-5,9:]', 'a<1:1;3:3;9:>'],
    ['a[0:2][1]', 'a<0:2><1:1>'],
    ['upper(a)[0:3] == "X"', '[upper(a)<0:3> == "X"]'],
    ['@a[0] == 1', '[@a<0:1> == 1]'],
    ['a#1', 'a#[{"offset":1,"length":1}]'],
    ['a#[2-4] == 1', '[a#[{"offset":2,"length":3}] == 1]'],
    ['a#[1,-1]', 'a#[{"offset":1,"length":1},{"offset":-1,"length":1}]'],
    ['a#2[0:3]', 'a#[{"offset":2,"length":1}]<0:3>'],
    ['max(a, b, 3) > 1', '[max(a; b; 3) > 1]'],
    ['len(a[0:4]) == 4', '[len(a<0:4>) == 4]'],
  ])('%s', (text, expected) => expect(parsed(text)).toBe(expected));
});

describe('the empty filter', () => {
  it.each(['', ' ', '\t\n'])('%j lets everything through', (text) => {
    expect(parseFilter(text)).toEqual({ ok: true, value: null });
  });
});

describe('refusals name the place and the reason', () => {
  it.each([
    ['tcp and and udp', '8:11 unexpected'],
    ['&& tcp', '0:2 unexpected'],
    ['tcp &&', '6:6 unexpected-end'],
    ['not', '3:3 unexpected-end'],
    ['(tcp', '0:1 missing-paren'],
    ['tcp)', '3:4 unexpected'],
    ['()', '0:2 empty-parens'],
    ['tcp udp', '4:7 unexpected'],
    ['tcp AND udp', '4:7 unexpected'],
    ['a = 1', '2:3 single-equals'],
    ['a == "x', '5:7 unterminated-string'],
    ["a == 'x", '5:7 unterminated-char'],
    ["a == ''", '5:7 empty-char'],
    ["a == 'xy'", '5:9 long-char'],
    ['a == "x\\q"', '7:9 bad-escape'],
    ['a == "\\ud800"', '6:12 bad-escape'],
    ['a == \u201cx\u201d', '5:6 typographic-quote'],
    ['a == ?', '5:6 unexpected-character'],
    ['a[0:3 == 1', '6:8 missing-bracket'],
    ['a[]', '2:3 unexpected'],
    ['a[0:0]', '2:5 range-length'],
    ['a[3-1]', '2:5 range-order'],
    ['a in 80', '5:7 expected'],
    ['a in {}', '5:7 empty-set'],
    ['a in {80', '5:6 missing-brace'],
    ['a in {80..}', '10:11 unexpected'],
    ['a in {1 2}', '8:9 set-needs-commas'],
    ['a in {1,}', '8:9 unexpected'],
    ['a == b matches "x"', '7:14 no-chain'],
    ['a matches "x" == 1', '14:16 no-chain'],
    ['any a', '0:3 quantifier-needs-comparison'],
    ['(a or b) == 1', '9:11 unexpected'],
    ['a == (b and c)', '5:14 not-a-value'],
    ['a#x', '1:3 bad-layer'],
    ['a#1#2', '3:4 unexpected'],
    ['len(a', '3:4 missing-paren'],
    ['len(a,)', '6:7 unexpected'],
    ['$', '0:1 bad-reference'],
  ])('%s', (text, expected) => expect(refused(text)).toBe(expected));

  it('says which words are written in lower case', () => {
    const result = parseFilter('tcp AND udp');
    expect(result.ok ? '' : result.error.hint).toContain('and');
  });

  it('shows how a set without commas is written', () => {
    const result = parseFilter('tcp.port in {80 443}');
    expect(result.ok ? '' : result.error.hint).toBe('Write 80, 443');
  });
});

describe('size', () => {
  it('refuses nesting beyond its limit instead of running out of stack', () => {
    for (const [open, close] of [
      ['(', ')'],
      ['not ', ''],
      ['{', '}'],
      ['-', ''],
      ['len(', ')'],
    ] as const) {
      const text = `${open.repeat(100_000)}a${close.repeat(100_000)} == 1`;
      expect(refused(text)).toContain('too-deep');
    }
    expect(refused(`a${' + 1'.repeat(100_000)} == 1`)).toContain('too-deep');
    expect(refused(`a${'[0:]'.repeat(100_000)} == 1`)).toContain('too-deep');
  });

  it('takes a row of ten thousand parts, and prints it', () => {
    const text = Array.from({ length: 10_000 }, (_, i) => `tcp.port == ${i}`).join(' or ');
    const result = parseFilter(text);
    if (!result.ok) throw new Error(result.error.message);
    expect(printFilter(result.value)).toBe(text);
  });

  it('takes fifty nested parentheses', () => {
    expect(parsed(`${'('.repeat(50)}a or b${')'.repeat(50)} and c`)).toBe('((a or b) and c)');
  });
});
