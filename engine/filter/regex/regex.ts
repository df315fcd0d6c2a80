/**
 * Regular expressions in linear time over bytes: a nondeterministic automaton, made deterministic state by state as texts
 * need it (Thompson 1968; Cox, "Regular Expression Matching Can Be Simple And Fast"), within a bounded memory. Each byte
 * costs one table look-up once the states are known, and at most one pass over the instructions when they are not, so no
 * pattern and no text can make it hang.
 */

import { failure, type Result, success } from '../../base/result.ts';
import { isInSet, setOf } from './byte-set.ts';
import { type RegexError, RegexProblem } from './node.ts';
import { ASSERTIONS, compileProgram, OP, type Program } from './program.ts';
import { parseRegex } from './syntax.ts';

export type { RegexError } from './node.ts';

export interface RegexOptions {
  /** Where the pattern does not say otherwise with (?i) or (?-i). */
  readonly ignoreCase: boolean;
}

export function compileRegex(pattern: string, options: RegexOptions): Result<Regex, RegexError> {
  try {
    return success(new Regex(compileProgram(parseRegex(pattern, options.ignoreCase), pattern.length)));
  } catch (problem) {
    if (problem instanceof RegexProblem) return failure(problem.error);
    throw problem;
  }
}

/** Entries of the transition table before it is emptied and begun again: 1 MB. */
const MAX_TABLE = 1 << 18;

const UNKNOWN = -1;
const MATCH = -2;
/** No text that goes on from here matches: only for patterns that begin with ^. */
const DEAD = -3;

/** What stood before a place, as far as assertions care. */
const BEFORE = { start: 0, newline: 1, word: 2, other: 3 } as const;

const WORD_BYTES = setOf([0x30, 0x39], [0x41, 0x5a], [0x5f, 0x5f], [0x61, 0x7a]);
const ASSERT = Object.fromEntries(ASSERTIONS.map((what, i) => [what, i])) as Readonly<
  Record<(typeof ASSERTIONS)[number], number>
>;

/** A compiled pattern. Stateful in its cache only: one object may serve any number of texts, one after the other. */
export class Regex {
  private readonly program: Program;
  /** Columns of the table: the classes of bytes, a newline that ends the text, the end of the text. */
  private readonly stride: number;
  private readonly finalNewline: number;
  private readonly end: number;
  /** Row s, column c: the row of the next state (already multiplied by the stride), UNKNOWN or MATCH. */
  private table: Int32Array;
  private stateCount = 0;
  /** Instructions held by all states together: a few huge states take as much as many small ones. */
  private heldInstructions = 0;
  /** Per state: the instructions it stands before, and what came before it. */
  private instructions: Int32Array[] = [];
  private before: number[] = [];
  private readonly ids = new Map<string, number>();
  /** Scratch for one step: which instructions were reached, in which round. */
  private readonly reached: Int32Array;
  private round = 0;
  private readonly stack: Int32Array;
  private text = new Uint8Array(256);

  constructor(program: Program) {
    this.program = program;
    this.finalNewline = program.classCount;
    this.end = program.classCount + 1;
    this.stride = program.classCount + 2;
    this.table = new Int32Array(this.stride * 16);
    this.reached = new Int32Array(program.ops.length);
    this.stack = new Int32Array(3 * program.ops.length + 8);
    this.reset();
  }

  /** Does the pattern occur in bytes[at, end)? Hot: once per candidate packet, one look-up per byte. */
  test(bytes: Uint8Array, at = 0, end = bytes.length): boolean {
    const { classOf } = this.program;
    const { stride } = this;
    // `$` also holds before a newline that ends the text, so that newline has a column of its own.
    const hasFinalNewline = this.program.hasAssertions && end > at && bytes[end - 1] === 10;
    const plainEnd = hasFinalNewline ? end - 1 : end;
    let row = 0; // state 0 is where every text begins
    for (let i = at; i < plainEnd; i++) {
      const column = classOf[bytes[i]];
      let next = this.table[row + column];
      if (next < 0) {
        if (next === UNKNOWN) next = this.step(row / stride, column);
        if (next === MATCH) return true;
        if (next === DEAD) return false;
      }
      row = next;
    }
    if (hasFinalNewline) {
      let next = this.table[row + this.finalNewline];
      if (next === UNKNOWN) next = this.step(row / stride, this.finalNewline);
      if (next === MATCH) return true;
      if (next === DEAD) return false;
      row = next;
    }
    let last = this.table[row + this.end];
    if (last === UNKNOWN) last = this.step(row / stride, this.end);
    return last === MATCH;
  }

  /** Does the pattern occur in the UTF-8 of a text? */
  testText(text: string): boolean {
    if (this.text.length < text.length * 3) this.text = new Uint8Array(text.length * 3);
    return this.test(this.text, 0, utf8.encodeInto(text, this.text).written);
  }

  /** Number of states known at the moment: for tests of the bound. */
  get cachedStates(): number {
    return this.stateCount;
  }

  private reset(): void {
    this.table.fill(UNKNOWN);
    this.instructions = [];
    this.before = [];
    this.ids.clear();
    this.stateCount = 0;
    this.heldInstructions = 0;
    this.stateOf([this.program.start], BEFORE.start);
  }

  /** The id of the state before these instructions; made when it is new. */
  private stateOf(instructions: readonly number[], before: number): number {
    const sorted = Int32Array.from(instructions).sort();
    const key = `${before}:${sorted.join()}`;
    const known = this.ids.get(key);
    if (known !== undefined) return known;
    const id = this.stateCount++;
    if (this.stateCount * this.stride > this.table.length) {
      const grown = new Int32Array(this.table.length * 2).fill(UNKNOWN);
      grown.set(this.table);
      this.table = grown;
    }
    this.instructions.push(sorted);
    this.before.push(before);
    this.ids.set(key, id);
    this.heldInstructions += sorted.length;
    return id;
  }

  /** Computes one entry of the table. Returns the row of the next state, MATCH or DEAD. */
  private step(state: number, column: number): number {
    const next = this.advance(this.instructions[state], this.before[state], column);
    if (next === undefined || next.instructions.length === 0) {
      const outcome = next === undefined ? MATCH : DEAD;
      this.table[state * this.stride + column] = outcome;
      return outcome;
    }
    const isFull = (this.stateCount + 1) * this.stride > MAX_TABLE || this.heldInstructions > MAX_TABLE;
    if (isFull) this.reset();
    const row = this.stateOf(next.instructions, next.before) * this.stride;
    if (!isFull) this.table[state * this.stride + column] = row;
    return row;
  }

  /**
   * From the instructions before a place over what follows there. Forks and assertions are gone through now that both
   * sides of the place are known; undefined when that reaches a match.
   */
  private advance(
    from: Int32Array,
    before: number,
    column: number,
  ): { instructions: number[]; before: number } | undefined {
    const { ops, next, arg, sets, example, hasAssertions, isAnchored, start } = this.program;
    const { reached, stack } = this;
    const isEnd = column === this.end;
    const byte = isEnd ? -1 : column === this.finalNewline ? 10 : example[column];
    this.round++;
    const after: number[] = [];
    const seenAfter = new Set<number>();
    let depth = 0;
    for (const instruction of from) stack[depth++] = instruction;
    while (depth > 0) {
      const i = stack[--depth];
      if (reached[i] === this.round) continue;
      reached[i] = this.round;
      switch (ops[i]) {
        case OP.match:
          return undefined;
        case OP.byte:
          if (byte >= 0 && isInSet(sets[arg[i]], byte) && !seenAfter.has(next[i])) {
            seenAfter.add(next[i]);
            after.push(next[i]);
          }
          break;
        case OP.fork:
          stack[depth++] = arg[i];
          stack[depth++] = next[i];
          break;
        default:
          if (holds(arg[i], before, byte, isEnd || column === this.finalNewline)) stack[depth++] = next[i];
          break;
      }
    }
    if (!isAnchored && !isEnd && !seenAfter.has(start)) after.push(start);
    let kind: number = BEFORE.other;
    if (hasAssertions)
      kind = byte === 10 ? BEFORE.newline : byte >= 0 && isInSet(WORD_BYTES, byte) ? BEFORE.word : kind;
    return { instructions: after, before: kind };
  }
}

const utf8 = new TextEncoder();

/** Does an assertion hold between what was before and `byte` (-1 at the end)? */
function holds(assertion: number, before: number, byte: number, isLast: boolean): boolean {
  switch (assertion) {
    case ASSERT.textStart:
      return before === BEFORE.start;
    case ASSERT.lineStart:
      return before === BEFORE.start || before === BEFORE.newline;
    case ASSERT.textEnd:
      return byte < 0;
    case ASSERT.lastLine:
      return isLast;
    case ASSERT.lineEnd:
      return byte < 0 || byte === 10;
    default: {
      const isWord = byte >= 0 && isInSet(WORD_BYTES, byte);
      const isEdge = isWord !== (before === BEFORE.word);
      return isEdge === (assertion === ASSERT.wordEdge);
    }
  }
}
