/** Regular expressions: what they match, what is refused and why, and that no pattern is slow. */

import { describe, expect, it } from 'vitest';
import { compileRegex, type Regex } from '../../../../../engine/filter/regex/regex.ts';

function regex(pattern: string, ignoreCase = true): Regex {
  const result = compileRegex(pattern, { ignoreCase });
  if (!result.ok) throw new Error(`${pattern}: ${result.error.code}`);
  return result.value;
}

function refused(pattern: string): string {
  const result = compileRegex(pattern, { ignoreCase: true });
  if (result.ok) throw new Error(`${pattern} was taken`);
  const { code, start, end } = result.error;
  return `${start}:${end} ${code.replace('regex-', '')}`;
}

describe('matches', () => {
  it.each([
    ['', 'anything'],
    ['abc', 'xxABCxx'],
    ['(?-i)abc', 'xxabcxx'],
    ['a.c', 'abc'],
    ['^(who|ison) ', 'ISON #x'],
    ['ethereal\\.com$', 'www.ethereal.com'],
    ['ab*c', 'ac'],
    ['ab+?c', 'abbbc'],
    ['a{3}', 'aaa'],
    ['a{2,}', 'xaax'],
    ['^a{2,3}$', 'aaa'],
    ['a{,3}', 'a{,3}'],
    ['a{', 'a{'],
    ['^[0-9]{3}[A-Z] ', '123a x'],
    ['[]x]', ']'],
    ['[^]x]', 'y'],
    ['[a-]', '-'],
    ['[\\w-.]', '-'],
    ['[\\d\\s]+', ' 1'],
    ['[[:alpha:]_]+', 'q'],
    ['[[:^digit:]]', 'x'],
    ['\\bword\\b', 'a word.'],
    ['\\Bord', 'word'],
    ['\\x41\\x{42}\\103\\o{104}', 'ABCD'],
    ['\\t\\n\\r\\f\\a\\e\\cA\\0', '\t\n\r\f\x07\x1b\x01\0'],
    ['\\Qa.b\\E+', 'A.BBB'],
    ['(?i:a)(?-i:B)', 'AB'],
    ['a(?#comment)b', 'ab'],
    ['(?x) a b # both', 'ab'],
    ['(?s)a.b', 'a\nb'],
    ['(?m)^b$', 'a\nb\nc'],
    ['\\Aab\\z', 'ab'],
    ['ab\\Z', 'ab\n'],
    ['ab$', 'ab\n'],
    ['(?<name>a)(?P<n>b)', 'ab'],
    ['a|', 'x'],
    ['(a|b)*c', 'abac'],
    ['\\R', 'a\r\nb'],
    ['\\h\\H\\v\\V', ' a\nb'],
    ['é', 'É'],
    ['[あ-ん]', 'xこx'],
    ['[^あ-ん]$', '漢'],
    ['[é😀]', '😀'],
    ['日本', '日本語'],
    ['(a(b(c)?)?)?d', 'abd'],
    ['(?:)*x', 'x'],
    ['(a*)*b', 'b'],
    ['(?:^|,)x', 'a,x'],
  ])('%s finds something in %j', (pattern, text) => expect(regex(pattern).testText(text)).toBe(true));

  it.each([
    ['(?-i)abc', 'ABC'],
    ['a(?-i)B', 'ab'],
    ['^b', 'ab'],
    ['^b', 'a\nb'],
    ['a.b', 'a\nb'],
    ['ab\\z', 'ab\n'],
    ['ab$', 'ab\n\n'],
    ['ab$', 'ab\r\n'],
    ['a{2}', 'aba'],
    ['\\bord', 'word'],
    ['[^a]', 'AAA'],
    ['x[^あ]$', 'xあ'],
    ['(a|b)*c$', 'abcd'],
    ['\\d', 'abc'],
  ])('%s finds nothing in %j', (pattern, text) => {
    expect(regex(pattern).testText(text)).toBe(false);
  });

  it('matches bytes that are not text, and only inside the given part', () => {
    const bytes = Uint8Array.of(0xff, 0x00, 0x47, 0x45, 0x54, 0x0a);
    expect(regex('\\xff\\x00G').test(bytes)).toBe(true);
    expect(regex('\udcff.').test(bytes)).toBe(true);
    expect(regex('^get$').test(bytes, 2, 5)).toBe(true);
    expect(regex('^get$').test(bytes, 2, 6)).toBe(true);
    expect(regex('^get').test(bytes, 1)).toBe(false);
    expect(regex('get').test(bytes, 2, 4)).toBe(false);
  });

  it('gives the same answer again, from what it has learned', () => {
    const pattern = regex('(ab|ba)+c$');
    for (let round = 0; round < 3; round++) {
      expect(pattern.testText('abbac')).toBe(true);
      expect(pattern.testText('abbacx')).toBe(false);
      expect(pattern.testText('')).toBe(false);
    }
  });
});

describe('refusals', () => {
  it.each([
    ['(', '0:1 unclosed-group'],
    ['a(b', '1:2 unclosed-group'],
    ['a)', '1:2 unopened-group'],
    ['*abc', '0:1 nothing-to-repeat'],
    ['a|*', '2:3 nothing-to-repeat'],
    ['a**', '2:3 nothing-to-repeat'],
    ['a{2}{3}', '4:7 nothing-to-repeat'],
    ['a{2,1}', '1:6 counts-order'],
    ['a{5000}', '1:7 count-limit'],
    ['(a{1000}){1000}', '0:15 too-large'],
    ['[', '0:1 unclosed-class'],
    ['[]', '0:1 unclosed-class'],
    ['[a', '0:1 unclosed-class'],
    ['[z-a]', '1:4 class-order'],
    ['[a-\\d]', '1:5 class-range'],
    ['[[:what:]]', '1:9 posix-class'],
    ['\\', '0:1 trailing-backslash'],
    ['\\y', '0:2 unknown-escape'],
    ['\\x{110000}', '0:10 bad-code'],
    ['(?z)a', '0:4 unknown-flag'],
    ['(?#a', '0:4 unclosed-comment'],
    ['(?=a)b', '0:3 lookaround'],
    ['(?!a)b', '0:3 lookaround'],
    ['(?<=a)b', '0:4 lookaround'],
    ['(?<!a)b', '0:4 lookaround'],
    ['(a)\\1', '3:5 backreference'],
    ['(?<n>a)\\k<n>', '7:12 backreference'],
    ['(?P<n>a)(?P=n)', '8:12 backreference'],
    ['(a)\\g1', '3:6 backreference'],
    ['a++', '0:3 possessive'],
    ['(?>a)', '0:3 atomic'],
    ['(?R)', '0:4 recursion'],
    ['(?1)', '0:3 recursion'],
    ['(?(1)a|b)', '0:3 recursion'],
    ['\\p{L}', '0:5 property'],
    ['[\\pL]', '1:4 property'],
    ['\\X', '0:2 verb'],
    ['(*FAIL)', '0:2 verb'],
    ['('.repeat(5000), '100:101 too-deep'],
  ])('%s', (pattern, expected) => expect(refused(pattern)).toBe(expected));
});

describe('time and memory', () => {
  it.each([
    ['(a+)+$'],
    ['(a|a)*$'],
    ['(a|aa)+$'],
    ['(.*)*(.*)*(.*)*x'],
    ['^(([a-z])+.)+[A-Z]([a-z])+$'],
    ['(a?){50}a{50}'],
    ['(.*a){20}'],
  ])('%s does not blow up', (pattern) => {
    const compiled = regex(pattern, false);
    const text = new Uint8Array(1_000_000).fill(0x61);
    text[text.length - 1] = 0x21;
    const before = performance.now();
    compiled.test(text);
    expect(performance.now() - before).toBeLessThan(2_000);
  });

  it('stays within its memory where a pattern has more states than fit', () => {
    // (a|b)*a(a|b){17} has 2^18 states when made deterministic.
    const compiled = regex('a[ab]{17}c', false);
    const text = new Uint8Array(300_000);
    let seed = 1;
    for (let i = 0; i < text.length; i++) {
      seed = (seed * 48271) % 0x7fffffff;
      text[i] = (seed & 64) === 0 ? 0x61 : 0x62;
    }
    expect(compiled.test(text)).toBe(false);
    expect(compiled.cachedStates).toBeLessThan(60_000);
    text[text.length - 1] = 0x63;
    text[text.length - 19] = 0x61;
    expect(compiled.test(text)).toBe(true);
  });
});
