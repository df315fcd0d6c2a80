/**
 * The syntax of regular expressions: the part of PCRE (pcre2pattern(3)) that an automaton can do, over bytes as Wireshark
 * has it (no UTF mode: `.` is one byte; text in a pattern stands for its UTF-8). What needs backtracking is refused.
 */

import type { FilterMessageCode } from '../../text/en/filter-problems.ts';
import { type ByteSet, emptySet, foldCase, isInSet, negatedSet, setOf, unionOf } from './byte-set.ts';
import { type Assertion, type RegexError, type RegexNode, RegexProblem } from './node.ts';
import { codePointsToNode } from './utf8.ts';

/** PCRE allows 65535; a pattern that repeats more than this was not typed by a person. */
const MAX_REPEAT = 1000;
const MAX_DEPTH = 100;

interface Flags {
  readonly ignoreCase: boolean;
  readonly dotAll: boolean;
  readonly multiline: boolean;
  readonly extended: boolean;
}

const DIGIT = setOf([0x30, 0x39]);
const WORD = setOf([0x30, 0x39], [0x41, 0x5a], [0x5f, 0x5f], [0x61, 0x7a]);
const SPACE = setOf([9, 13], [32, 32]);
const BLANK = setOf([9, 9], [32, 32]); // \h without UTF also has the no-break space of Latin-1
const HORIZONTAL = unionOf(BLANK, setOf([0xa0, 0xa0]));
const VERTICAL = setOf([10, 13], [0x85, 0x85]);
const NEWLINE = setOf([10, 10]);
const ANY = negatedSet(emptySet());
const NOT_NEWLINE = negatedSet(NEWLINE);

const CLASS_ESCAPES: Readonly<Record<string, ByteSet>> = {
  d: DIGIT,
  D: negatedSet(DIGIT),
  w: WORD,
  W: negatedSet(WORD),
  s: SPACE,
  S: negatedSet(SPACE),
  h: HORIZONTAL,
  H: negatedSet(HORIZONTAL),
  v: VERTICAL,
  V: negatedSet(VERTICAL),
  N: NOT_NEWLINE,
};

const POSIX: Readonly<Record<string, ByteSet>> = {
  alnum: setOf([0x30, 0x39], [0x41, 0x5a], [0x61, 0x7a]),
  alpha: setOf([0x41, 0x5a], [0x61, 0x7a]),
  ascii: setOf([0, 0x7f]),
  blank: BLANK,
  cntrl: setOf([0, 0x1f], [0x7f, 0x7f]),
  digit: DIGIT,
  graph: setOf([0x21, 0x7e]),
  lower: setOf([0x61, 0x7a]),
  print: setOf([0x20, 0x7e]),
  punct: setOf([0x21, 0x2f], [0x3a, 0x40], [0x5b, 0x60], [0x7b, 0x7e]),
  space: SPACE,
  upper: setOf([0x41, 0x5a]),
  word: WORD,
  xdigit: setOf([0x30, 0x39], [0x41, 0x46], [0x61, 0x66]),
};

const CONTROL_ESCAPES: Readonly<Record<string, number>> = { a: 7, e: 27, f: 12, n: 10, r: 13, t: 9 };

/** Reads a pattern; throws RegexProblem. */
export function parseRegex(pattern: string, ignoreCase: boolean): RegexNode {
  const parser = new RegexParser(pattern, { ignoreCase, dotAll: false, multiline: false, extended: false });
  return parser.whole();
}

class RegexParser {
  private readonly pattern: string;
  private flags: Flags;
  private at = 0;
  private depth = 0;

  constructor(pattern: string, flags: Flags) {
    this.pattern = pattern;
    this.flags = flags;
  }

  whole(): RegexNode {
    const node = this.choice();
    if (this.at < this.pattern.length) this.refuse('regex-unopened-group', this.at, this.at + 1);
    return node;
  }

  private refuse(code: FilterMessageCode, start: number, end: number, params: RegexError['params'] = {}): never {
    throw new RegexProblem({ code, params, start, end });
  }

  private text(start: number): { text: string } {
    return { text: this.pattern.slice(start, this.at) };
  }

  private looksAt(text: string): boolean {
    return this.pattern.startsWith(text, this.at);
  }

  private match(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.at;
    return pattern.exec(this.pattern);
  }

  private choice(): RegexNode {
    const parts = [this.sequence()];
    while (this.looksAt('|')) {
      this.at++;
      parts.push(this.sequence());
    }
    return parts.length === 1 ? parts[0] : { kind: 'choice', parts };
  }

  private sequence(): RegexNode {
    const parts: RegexNode[] = [];
    while (this.at < this.pattern.length && !this.looksAt('|') && !this.looksAt(')')) {
      const start = this.at;
      const atom = this.atom();
      if (atom === undefined) continue;
      parts.push(this.repeated(atom, start));
    }
    return parts.length === 1 ? parts[0] : { kind: 'sequence', parts };
  }

  private repeated(atom: RegexNode, start: number): RegexNode {
    this.skipExtended();
    const quantifier = this.quantifier();
    if (quantifier === undefined) return atom;
    const from = this.at;
    this.at += quantifier.length;
    if (this.looksAt('+')) {
      this.at++;
      const plain = this.pattern.slice(start, this.at - 1);
      this.refuse('regex-possessive', start, this.at, { ...this.text(start), plain });
    }
    if (this.looksAt('?')) this.at++; // lazy: which match is found first does not matter here
    const { min, max } = quantifier;
    if (max !== undefined && min > max) this.refuse('regex-counts-order', from, this.at, this.text(from));
    if (Math.max(min, max ?? 0) > MAX_REPEAT) {
      this.refuse('regex-count-limit', from, this.at, { ...this.text(from), limit: MAX_REPEAT });
    }
    this.skipExtended();
    const again = this.quantifier();
    if (again !== undefined) {
      const end = this.at + again.length;
      this.refuse('regex-nothing-to-repeat', this.at, end, { text: this.pattern.slice(this.at, end) });
    }
    return { kind: 'repeat', node: atom, min, max };
  }

  /** The quantifier that stands here, not taken yet. A brace that is none is an ordinary character. */
  private quantifier(): { min: number; max: number | undefined; length: number } | undefined {
    switch (this.pattern[this.at]) {
      case '*':
        return { min: 0, max: undefined, length: 1 };
      case '+':
        return { min: 1, max: undefined, length: 1 };
      case '?':
        return { min: 0, max: 1, length: 1 };
      case '{': {
        const match = this.match(/\{([0-9]+)(,([0-9]*))?\}/y);
        if (match === null) return undefined;
        const min = Number(match[1]);
        const max = match[2] === undefined ? min : match[3] === '' ? undefined : Number(match[3]);
        return { min, max, length: match[0].length };
      }
      default:
        return undefined;
    }
  }

  private skipExtended(): void {
    if (!this.flags.extended) return;
    const match = this.match(/(?:[ \t\n\v\f\r]|#[^\n]*(?:\n|$))+/y);
    if (match !== null) this.at += match[0].length;
  }

  /** One thing that can be repeated; undefined where what stood here matches nothing (a comment, flags). */
  private atom(): RegexNode | undefined {
    this.skipExtended();
    const start = this.at;
    const c = this.pattern[start];
    switch (c) {
      case undefined:
      case '|':
      case ')':
        return undefined;
      case '(':
        return this.group();
      case '[':
        return this.characterClass();
      case '\\':
        return this.escape();
      case '.':
        this.at++;
        return { kind: 'bytes', set: this.flags.dotAll ? ANY : NOT_NEWLINE };
      case '^':
        this.at++;
        return { kind: 'assert', what: this.flags.multiline ? 'lineStart' : 'textStart' };
      case '$':
        this.at++;
        return { kind: 'assert', what: this.flags.multiline ? 'lineEnd' : 'lastLine' };
      default: {
        const quantifier = this.quantifier();
        if (quantifier !== undefined) {
          const end = start + quantifier.length;
          this.refuse('regex-nothing-to-repeat', start, end, { text: this.pattern.slice(start, end) });
        }
        const code = this.pattern.codePointAt(start) ?? 0;
        this.at += code > 0xffff ? 2 : 1;
        return this.literal(code);
      }
    }
  }

  /** A character of the pattern: its UTF-8, or the one byte where it was given as an escape of the filter's string. */
  private literal(code: number): RegexNode {
    if (code >= 0xdc80 && code <= 0xdcff) return this.byte(code - 0xdc00);
    return codePointsToNode([[code, code]], this.flags.ignoreCase);
  }

  private byte(value: number): RegexNode {
    const set = setOf([value, value]);
    return { kind: 'bytes', set: this.flags.ignoreCase ? foldCase(set) : set };
  }

  private group(): RegexNode | undefined {
    const start = this.at;
    if (++this.depth > MAX_DEPTH) this.refuse('regex-too-deep', start, start + 1, { limit: MAX_DEPTH });
    const before = this.flags;
    const comment = this.match(/\(\?#[^)]*(\)?)/y);
    if (comment !== null) {
      this.at += comment[0].length;
      if (comment[1] === '') this.refuse('regex-unclosed-comment', start, this.at);
      this.depth--;
      return undefined;
    }
    const opening = this.match(
      /\((?:\?(?:<[=!]|P?<[A-Za-z_]\w*>|'[A-Za-z_]\w*'|P[=>]|[a-zA-Z^-]*[:)]|[^a-zA-Z^-])?|\*)?/y,
    );
    const head = opening?.[0] ?? '(';
    this.at += head.length;
    this.openGroup(head, start);
    if (head.endsWith(')') && head.length > 1) {
      // `(?i)` holds until the end of the group it stands in.
      this.depth--;
      return undefined;
    }
    const node = this.choice();
    if (!this.looksAt(')')) this.refuse('regex-unclosed-group', start, start + 1);
    this.at++;
    this.flags = before;
    this.depth--;
    return node;
  }

  /** What the beginning of a group says; sets flags, refuses what an automaton cannot do. */
  private openGroup(head: string, start: number): void {
    if (head === '(' || /^\(\?(?:P?<\w+>|'\w+')$/.test(head) || head === '(?:' || head === '(?|') return;
    const place = { text: head };
    if (/^\(\?<?[=!]$/.test(head)) this.refuse('regex-lookaround', start, this.at, place);
    if (head === '(?>') this.refuse('regex-atomic', start, this.at, place);
    if (head === '(?P=') this.refuse('regex-backreference', start, this.at, place);
    if (/^\(\?(?:P>|[(&+0-9])$/.test(head) || head === '(?R)') this.refuse('regex-recursion', start, this.at, place);
    if (head === '(*') this.refuse('regex-verb', start, this.at, place);
    const flags = /^\(\?(\^?[a-zA-Z]*)(?:-([a-zA-Z]*))?[:)]$/.exec(head);
    if (flags === null) this.refuse('regex-unknown-group', start, this.at, place);
    for (const flag of flags[1] ?? '') this.setFlag(flag, true, start);
    for (const flag of flags[2] ?? '') this.setFlag(flag, false, start);
  }

  private setFlag(flag: string, isOn: boolean, start: number): void {
    switch (flag) {
      case 'i':
        this.flags = { ...this.flags, ignoreCase: isOn };
        break;
      case 's':
        this.flags = { ...this.flags, dotAll: isOn };
        break;
      case 'm':
        this.flags = { ...this.flags, multiline: isOn };
        break;
      case 'x':
        this.flags = { ...this.flags, extended: isOn };
        break;
      case '^':
        this.flags = { ignoreCase: false, dotAll: false, multiline: false, extended: false };
        break;
      case 'U': // which of the matches comes first does not matter here
      case 'J':
      case 'n':
        break;
      default:
        this.refuse('regex-unknown-flag', start, this.at, { text: flag });
    }
  }

  private escape(): RegexNode | undefined {
    const start = this.at;
    const c = this.pattern[start + 1];
    if (c === undefined) this.refuse('regex-trailing-backslash', start, start + 1);
    const set = CLASS_ESCAPES[c];
    if (set !== undefined) {
      this.at += 2;
      return { kind: 'bytes', set };
    }
    const simple = { A: 'textStart', z: 'textEnd', Z: 'lastLine', b: 'wordEdge', B: 'noWordEdge' }[c];
    if (simple !== undefined) {
      this.at += 2;
      return { kind: 'assert', what: simple as Assertion };
    }
    switch (c) {
      case 'Q': {
        const end = this.pattern.indexOf('\\E', start + 2);
        const quoted = this.pattern.slice(start + 2, end < 0 ? undefined : end);
        this.at = end < 0 ? this.pattern.length : end + 2;
        return { kind: 'sequence', parts: [...quoted].map((q) => this.literal(q.codePointAt(0) ?? 0)) };
      }
      case 'E':
        this.at += 2;
        return undefined;
      case 'R': {
        this.at += 2;
        const crlf: RegexNode = { kind: 'sequence', parts: [this.byte(13), this.byte(10)] };
        return { kind: 'choice', parts: [crlf, { kind: 'bytes', set: VERTICAL }] };
      }
      case 'k':
      case 'g':
      case 'G':
      case 'K':
      case 'X':
      case 'C':
      case 'p':
      case 'P': {
        const whole = this.match(/\\[a-zA-Z](?:\{[^}]*\}|<[^>]*>|'[^']*'|[A-Z0-9]+)?/y)?.[0] ?? `\\${c}`;
        const kind = c === 'k' || c === 'g' ? 'regex-backreference' : /[pP]/.test(c) ? 'regex-property' : 'regex-verb';
        return this.refuse(kind, start, start + whole.length, { text: whole });
      }
      default: {
        if (/[1-9]/.test(c)) {
          const digits = this.match(/\\([0-9]+)/y)?.[1] ?? c;
          // As in PCRE: up to two digits (or 8, 9) are a back reference, three octal digits a character.
          if (!/^[0-3]?[0-7]{3}$/.test(digits)) {
            const end = start + 1 + digits.length;
            this.refuse('regex-backreference', start, end, { text: this.pattern.slice(start, end) });
          }
        }
        return this.literalOf(this.codeEscape());
      }
    }
  }

  private literalOf(code: { value: number; isByte: boolean }): RegexNode {
    return code.isByte ? this.byte(code.value) : codePointsToNode([[code.value, code.value]], this.flags.ignoreCase);
  }

  /** An escape that stands for one character, inside and outside of classes. */
  private codeEscape(): { value: number; isByte: boolean } {
    const start = this.at;
    const c = this.pattern[start + 1] ?? '';
    const control = CONTROL_ESCAPES[c];
    if (control !== undefined) {
      this.at += 2;
      return { value: control, isByte: true };
    }
    const number = this.match(/\\(?:x\{([0-9a-fA-F]+)\}|x([0-9a-fA-F]{0,2})|o\{([0-7]+)\}|([0-7]{1,3}))/y);
    if (number !== null) {
      this.at += number[0].length;
      const [, wide, hex, braced, octal] = number;
      const value = Number.parseInt(wide ?? (hex === '' ? '0' : hex) ?? braced ?? octal ?? '0', (wide ?? hex) ? 16 : 8);
      if (value > 0x10ffff) this.refuse('regex-bad-code', start, this.at, this.text(start));
      return { value, isByte: value <= 0xff };
    }
    if (c === 'c') {
      const letter = this.pattern[start + 2];
      this.at += letter === undefined ? 2 : 3;
      if (letter === undefined || !/[ -~]/.test(letter))
        this.refuse('regex-bad-code', start, this.at, this.text(start));
      return { value: letter.toUpperCase().charCodeAt(0) ^ 0x40, isByte: true };
    }
    if (/[A-Za-z0-9]/.test(c)) {
      this.at += 2;
      this.refuse('regex-unknown-escape', start, this.at, this.text(start));
    }
    const code = this.pattern.codePointAt(start + 1) ?? 0;
    this.at += code > 0xffff ? 3 : 2;
    if (code >= 0xdc80 && code <= 0xdcff) return { value: code - 0xdc00, isByte: true };
    return { value: code, isByte: code < 0x80 };
  }

  private characterClass(): RegexNode {
    const start = this.at++;
    const isNegated = this.looksAt('^');
    if (isNegated) this.at++;
    let bytes = emptySet();
    const points: [number, number][] = [];
    let isFirst = true;
    for (;;) {
      if (this.at >= this.pattern.length) this.refuse('regex-unclosed-class', start, start + 1);
      if (this.looksAt(']') && !isFirst) break;
      isFirst = false;
      const from = this.at;
      const low = this.classMember();
      const isRange = this.looksAt('-') && this.pattern[this.at + 1] !== ']' && this.at + 1 < this.pattern.length;
      if (low === undefined) continue;
      if (low instanceof Uint32Array) {
        bytes = unionOf(bytes, low); // `[\w-.]`: the minus behind a class stands for itself
        continue;
      }
      let high = low;
      if (isRange) {
        this.at++;
        const last = this.classMember();
        if (last === undefined || last instanceof Uint32Array) {
          this.refuse('regex-class-range', from, this.at, this.text(from));
        }
        high = last;
        if (high.value < low.value) this.refuse('regex-class-order', from, this.at, this.text(from));
      }
      // A range that begins as a byte and ends as a character is one of characters.
      if (low.isByte && high.isByte) bytes = unionOf(bytes, setOf([low.value, high.value]));
      else points.push([low.value, high.value]);
    }
    this.at++;
    const { ignoreCase } = this.flags;
    if (points.length === 0) {
      const folded = ignoreCase ? foldCase(bytes) : bytes;
      return { kind: 'bytes', set: isNegated ? negatedSet(folded) : folded };
    }
    // Characters beyond ASCII: the class is one of characters, and matches the UTF-8 of one.
    const ascii: [number, number][] = [];
    for (let byte = 0; byte < 256; byte++) if (isInSet(bytes, byte)) ascii.push([byte, byte]);
    return codePointsToNode([...points, ...ascii], ignoreCase, isNegated);
  }

  /** One character of a class, a set of them, or undefined for `\E`. */
  private classMember(): { value: number; isByte: boolean } | ByteSet | undefined {
    const start = this.at;
    if (this.looksAt('[:')) {
      const posix = this.match(/\[:(\^?)([a-z]*):\]/y);
      if (posix !== null) {
        this.at += posix[0].length;
        const set = POSIX[posix[2] ?? ''];
        if (set === undefined) this.refuse('regex-posix-class', start, this.at, this.text(start));
        return posix[1] === '' ? set : negatedSet(set);
      }
    }
    if (this.looksAt('\\')) {
      const c = this.pattern[start + 1];
      if (c === undefined) this.refuse('regex-trailing-backslash', start, start + 1);
      const set = CLASS_ESCAPES[c];
      if (set !== undefined && c !== 'N') {
        this.at += 2;
        return set;
      }
      if (c === 'b') {
        this.at += 2;
        return { value: 8, isByte: true };
      }
      if (c === 'E' || c === 'Q') {
        this.at += 2;
        return undefined;
      }
      if (c === 'p' || c === 'P') {
        const whole = this.match(/\\[pP](?:\{[^}]*\}|[A-Za-z])?/y)?.[0] ?? `\\${c}`;
        this.refuse('regex-property', start, start + whole.length, { text: whole });
      }
      return this.codeEscape();
    }
    const code = this.pattern.codePointAt(start) ?? 0;
    this.at += code > 0xffff ? 2 : 1;
    if (code >= 0xdc80 && code <= 0xdcff) return { value: code - 0xdc00, isByte: true };
    return { value: code, isByte: code < 0x80 };
  }
}
