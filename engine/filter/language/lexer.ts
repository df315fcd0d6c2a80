/**
 * Text of a display filter to tokens with their places (wireshark-filter(4)). Never fails: what cannot be read becomes an
 * `error` token and the rest goes on, so that an editor can colour a line that is half typed.
 */

import type { FilterError } from '../../base/errors.ts';
import type { FilterMessageCode } from '../../text/en/filter-problems.ts';
import type { CompareSign, Span } from './ast.ts';
import { readMacroCall } from './macros.ts';
import { filterError, type Hint, type MessageParams } from './problem.ts';

/** Brackets hold `integer`, `:` `-` and `,` only, so inside them the lexer reads by other rules. */
export type TokenKind = 'word' | 'string' | 'char' | 'reference' | 'macro' | 'sign' | 'integer' | 'end' | 'error';

export interface Token extends Span {
  readonly kind: TokenKind;
  /** As it stands in the filter. */
  readonly text: string;
  /** The meaning: the canonical sign (`eq` is `==`), the resolved string, the name of a reference. */
  readonly value: string;
  /** Only where kind is `error`. */
  readonly error: FilterError | undefined;
}

/** Every spelling of every sign. Words among them are reserved, in lower case only, as in Wireshark. */
export const SIGNS: ReadonlyMap<string, string> = new Map<string, string>([
  ['==', '=='],
  ['eq', '=='],
  ['any_eq', '=='],
  ['!=', '!='],
  ['ne', '!='],
  ['all_ne', '!='],
  ['===', '==='],
  ['all_eq', '==='],
  ['!==', '!=='],
  ['any_ne', '!=='],
  ['~=', '!=='],
  ['>', '>'],
  ['gt', '>'],
  ['<', '<'],
  ['lt', '<'],
  ['>=', '>='],
  ['ge', '>='],
  ['<=', '<='],
  ['le', '<='],
  ['contains', 'contains'],
  ['matches', 'matches'],
  ['~', 'matches'],
  ['and', 'and'],
  ['&&', 'and'],
  ['or', 'or'],
  ['||', 'or'],
  ['xor', 'xor'],
  ['^^', 'xor'],
  ['not', 'not'],
  ['!', 'not'],
  ['in', 'in'],
  ['any', 'any'],
  ['all', 'all'],
  ['&', '&'],
  ['bitwise_and', '&'],
  ['bitand', '&'],
  ['+', '+'],
  ['-', '-'],
  ['*', '*'],
  ['/', '/'],
  ['%', '%'],
  ['(', '('],
  [')', ')'],
  ['{', '{'],
  ['}', '}'],
  ['[', '['],
  [']', ']'],
  [',', ','],
  ['..', '..'],
  ['#', '#'],
  ['@', '@'],
]);

/** The comparison signs as the tree has them. */
export const COMPARE_SIGNS: ReadonlySet<string> = new Set<CompareSign>([
  '==',
  '!=',
  '===',
  '!==',
  '>',
  '<',
  '>=',
  '<=',
  'contains',
  'matches',
]);

const PUNCTUATION = /===|!==|\^\^|&&|\|\||==|!=|~=|>=|<=|\.\.|[><~!&+\-*/%(){}[\],#@]/y;
// A dot belongs to a word when something other than a second dot follows: `1..5` is a range, `10.0.0.1` a word.
const WORD = /(?:[A-Za-z0-9_:]|\.(?=[A-Za-z0-9_])|(?<=[A-Za-z0-9_])-(?=[A-Za-z0-9_]))+/y;
const PREFIX_LENGTH = /\/[0-9]+(?![0-9:A-Za-z_]|\.(?!\.))/y;
const IS_ADDRESS = /^(?:[0-9]+\.[0-9]+\.[0-9]+\.[0-9]+|[0-9A-Fa-f]*:[0-9A-Fa-f:.]*)$/;
const INTEGER = /0[xX][0-9a-fA-F]+|[0-9]+/y;
const REFERENCE = /\$\{(@?[A-Za-z0-9_][A-Za-z0-9_.-]*(?:#(?:[0-9]+|\[[-0-9:,]*\]))?)\}|\$(@?[A-Za-z_][A-Za-z0-9_.-]*)/y;
const TYPOGRAPHIC = /[\u2018\u2019\u201c\u201d\u300c\u300d\uff02\uff07]/;

const SIMPLE_ESCAPES: Readonly<Record<string, string>> = {
  "'": "'",
  '"': '"',
  '\\': '\\',
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '?': '?',
};

/** Where a byte that is not ASCII stands inside text: the lone surrogate U+DC00 + byte (see StringNode). */
export const BYTE_ESCAPE = 0xdc00;

export function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  let isInBrackets = false;

  const push = (kind: TokenKind, end: number, value: string, error?: FilterError): void => {
    tokens.push({ kind, start: at, end, text: text.slice(at, end), value, error });
    at = end;
  };
  const pushError = (end: number, code: FilterMessageCode, place: Span, params: MessageParams, hint?: Hint): void =>
    push('error', end, '', filterError(code, place, params, hint));

  while (at < text.length) {
    const c = text[at] ?? '';
    if (c === ' ' || c === '\t' || c === '\n' || c === '\r' || c === '\u3000') {
      at++;
      continue;
    }
    if (isInBrackets) {
      const integer = matchAt(INTEGER, text, at);
      if (integer !== null) push('integer', at + integer.length, String(Number(integer)));
      else if (c === ':' || c === '-' || c === ',') push('sign', at + 1, c);
      else if (c === ']') {
        isInBrackets = false;
        push('sign', at + 1, c);
      } else {
        isInBrackets = false; // the bracket was never closed: read on as usual
        continue;
      }
      continue;
    }
    if (c === '"') {
      readString(at + 1, false);
      continue;
    }
    if ((c === 'r' || c === 'R') && text[at + 1] === '"') {
      readString(at + 2, true);
      continue;
    }
    if (c === "'") {
      readChar();
      continue;
    }
    if (c === '$') {
      const call = readMacroCall(text, at);
      if (call !== null && !call.isBare) {
        push('macro', call.end, call.name);
        continue;
      }
      REFERENCE.lastIndex = at;
      const match = REFERENCE.exec(text);
      if (match === null) pushError(at + 1, 'bad-reference', { start: at, end: at + 1 }, {});
      else push('reference', at + match[0].length, match[1] ?? match[2] ?? '');
      continue;
    }
    const word = matchAt(WORD, text, at);
    if (word !== null) {
      // A prefix length is part of an address; behind anything else a slash divides.
      const prefix = IS_ADDRESS.test(word) ? matchAt(PREFIX_LENGTH, text, at + word.length) : null;
      const whole = prefix === null ? word : word + prefix;
      const sign = prefix === null ? SIGNS.get(word) : undefined;
      push(sign === undefined ? 'word' : 'sign', at + whole.length, sign ?? whole);
      continue;
    }
    const sign = matchAt(PUNCTUATION, text, at);
    if (sign !== null) {
      if (sign === '[') isInBrackets = true;
      push('sign', at + sign.length, SIGNS.get(sign) ?? sign);
      continue;
    }
    const end = at + ((text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1);
    const place = { start: at, end };
    if (c === '=') pushError(end, 'single-equals', place, {}, { code: 'hint-double-equals', params: {} });
    else if (TYPOGRAPHIC.test(c)) pushError(end, 'typographic-quote', place, { text: c });
    else pushError(end, 'unexpected-character', place, { text: text.slice(at, end) });
  }
  push('end', text.length, '');
  return tokens;

  function readString(from: number, isRaw: boolean): void {
    let value = '';
    let problem: FilterError | undefined;
    let i = from;
    while (i < text.length && text[i] !== '"') {
      if (text[i] !== '\\') {
        value += text[i++];
      } else if (isRaw) {
        value += text.slice(i, i + 2); // a backslash stays, and so does the quote behind it
        i += 2;
      } else {
        const escape = readEscape(text, i);
        if (escape.value === undefined) {
          problem ??= filterError(
            'bad-escape',
            { start: i, end: escape.end },
            { text: text.slice(i, escape.end) },
            { code: 'hint-escape', params: {} },
          );
        } else value += escape.value;
        i = escape.end;
      }
    }
    if (i >= text.length) {
      pushError(text.length, 'unterminated-string', { start: at, end: text.length }, {});
    } else if (problem !== undefined) push('error', i + 1, '', problem);
    else push('string', i + 1, value);
  }

  function readChar(): void {
    let i = at + 1;
    const codes: string[] = [];
    let problem: FilterError | undefined;
    while (i < text.length && text[i] !== "'") {
      if (text[i] === '\\') {
        const escape = readEscape(text, i);
        if (escape.value === undefined) {
          problem ??= filterError(
            'bad-escape',
            { start: i, end: escape.end },
            { text: text.slice(i, escape.end) },
            { code: 'hint-escape', params: {} },
          );
        }
        codes.push(escape.value ?? '');
        i = escape.end;
      } else {
        const character = String.fromCodePoint(text.codePointAt(i) ?? 0);
        codes.push(character);
        i += character.length;
      }
    }
    const place = { start: at, end: Math.min(i + 1, text.length) };
    const only = codes[0] ?? '';
    if (i >= text.length) pushError(text.length, 'unterminated-char', place, {});
    else if (problem !== undefined) push('error', i + 1, '', problem);
    else if (codes.length === 0) pushError(i + 1, 'empty-char', place, {});
    else if (codes.length > 1 || /^[\u0080-\udbff\ue000-\uffff]/.test(only))
      pushError(i + 1, 'long-char', place, { text: text.slice(at, i + 1) });
    else push('char', i + 1, only);
  }
}

function matchAt(pattern: RegExp, text: string, at: number): string | null {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0] ?? null;
}

/** The escape sequence whose backslash is at `at`; value undefined where there is no such escape. */
function readEscape(text: string, at: number): { value: string | undefined; end: number } {
  const c = text[at + 1];
  if (c === undefined) return { value: undefined, end: at + 1 };
  const simple = SIMPLE_ESCAPES[c];
  if (simple !== undefined) return { value: simple, end: at + 2 };
  const octal = /^[0-7]{1,3}/.exec(text.slice(at + 1, at + 4))?.[0];
  if (octal !== undefined) {
    const byte = Number.parseInt(octal, 8);
    return { value: byte > 0xff ? undefined : byteText(byte), end: at + 1 + octal.length };
  }
  const width = c === 'x' ? 2 : c === 'u' ? 4 : c === 'U' ? 8 : 0;
  if (width === 0) return { value: undefined, end: at + 2 };
  const digits = /^[0-9a-fA-F]*/.exec(text.slice(at + 2, at + 2 + width))?.[0] ?? '';
  const end = at + 2 + digits.length;
  if (c === 'x') return { value: digits === '' ? undefined : byteText(Number.parseInt(digits, 16)), end };
  if (digits.length !== width) return { value: undefined, end };
  const code = Number.parseInt(digits, 16);
  // As in C: nothing that has a shorter spelling, no surrogates.
  const isShort = code < 0xa0 && code !== 0x24 && code !== 0x40 && code !== 0x60;
  const isCharacter = code <= 0x10ffff && !isShort && (code < 0xd800 || code > 0xdfff);
  return { value: isCharacter ? String.fromCodePoint(code) : undefined, end };
}

function byteText(byte: number): string {
  return String.fromCharCode(byte < 0x80 ? byte : BYTE_ESCAPE + byte);
}
