/** A regular expression as a nondeterministic automaton (Thompson's construction): steps over sets of bytes, forks, assertions. */

import { type ByteSet, isInSet, setOf } from './byte-set.ts';
import { type Assertion, type RegexNode, RegexProblem } from './node.ts';

/** Of each instruction: what it does; where it goes on; for a fork also where else; for a byte which set; for an assertion which. */
export interface Program {
  readonly ops: Uint8Array;
  readonly next: Int32Array;
  /** OP.fork: the other way. OP.byte: index in `sets`. OP.assert: index in ASSERTIONS. */
  readonly arg: Int32Array;
  readonly sets: readonly ByteSet[];
  readonly start: number;
  /** Assertions look at bytes around a place; without them the automaton needs to know less. */
  readonly hasAssertions: boolean;
  /** Every match begins at the start of the text: no other place needs to be tried. */
  readonly isAnchored: boolean;
  /** The classes of bytes that no set tells apart: byte to class, and how many there are. */
  readonly classOf: Uint8Array;
  readonly classCount: number;
  /** A byte of each class. */
  readonly example: Uint8Array;
}

export const OP = { match: 0, byte: 1, fork: 2, assert: 3 } as const;

export const ASSERTIONS: readonly Assertion[] = [
  'textStart',
  'lineStart',
  'textEnd',
  'lastLine',
  'lineEnd',
  'wordEdge',
  'noWordEdge',
];

/** A limit of memory and of time per byte: repeats are written out, so [a-z]{1000} takes 1000 of these. */
export const MAX_INSTRUCTIONS = 10_000;

const WORD_BYTES = setOf([0x30, 0x39], [0x41, 0x5a], [0x5f, 0x5f], [0x61, 0x7a]);

/** Throws RegexProblem where the pattern is too large. */
export function compileProgram(tree: RegexNode, patternLength: number): Program {
  const builder = new Builder(patternLength);
  const start = builder.node(tree, builder.emit(OP.match, 0, 0));
  return builder.finish(start, startsAtTextStart(tree));
}

class Builder {
  private readonly ops: number[] = [];
  private readonly next: number[] = [];
  private readonly arg: number[] = [];
  private readonly sets: ByteSet[] = [];
  private readonly setIds = new Map<string, number>();
  private hasAssertions = false;
  private readonly patternLength: number;

  constructor(patternLength: number) {
    this.patternLength = patternLength;
  }

  emit(op: number, next: number, arg: number): number {
    if (this.ops.length >= MAX_INSTRUCTIONS) {
      const params = { limit: MAX_INSTRUCTIONS };
      throw new RegexProblem({ code: 'regex-too-large', params, start: 0, end: this.patternLength });
    }
    this.ops.push(op);
    this.next.push(next);
    this.arg.push(arg);
    return this.ops.length - 1;
  }

  /** Writes the node so that it goes on at `after`; returns where it begins. */
  node(node: RegexNode, after: number): number {
    switch (node.kind) {
      case 'empty':
        return after;
      case 'bytes':
        return this.emit(OP.byte, after, this.setId(node.set));
      case 'assert':
        this.hasAssertions = true;
        return this.emit(OP.assert, after, ASSERTIONS.indexOf(node.what));
      case 'sequence': {
        let at = after;
        for (let i = node.parts.length - 1; i >= 0; i--) at = this.node(node.parts[i], at);
        return at;
      }
      case 'choice': {
        let at = -1;
        for (const part of node.parts) {
          const start = this.node(part, after);
          at = at < 0 ? start : this.emit(OP.fork, at, start);
        }
        return at < 0 ? this.emit(OP.byte, after, this.setId(setOf())) : at; // a class of nothing matches nothing
      }
      case 'repeat':
        return this.repeat(node.node, node.min, node.max, after);
      default:
        throw new Error('not a node of a regular expression');
    }
  }

  private repeat(inner: RegexNode, min: number, max: number | undefined, after: number): number {
    let at = after;
    if (max === undefined) {
      const loop = this.emit(OP.fork, 0, after);
      this.next[loop] = this.node(inner, loop);
      at = loop;
    } else {
      for (let i = min; i < max; i++) at = this.emit(OP.fork, this.node(inner, at), after);
    }
    for (let i = 0; i < min; i++) at = this.node(inner, at);
    return at;
  }

  private setId(set: ByteSet): number {
    const key = set.join();
    let id = this.setIds.get(key);
    if (id === undefined) {
      id = this.sets.length;
      this.sets.push(set);
      this.setIds.set(key, id);
    }
    return id;
  }

  finish(start: number, isAnchored: boolean): Program {
    const told = this.hasAssertions ? [...this.sets, WORD_BYTES, setOf([10, 10])] : this.sets;
    const classes = new Map<string, number>();
    const classOf = new Uint8Array(256);
    const example: number[] = [];
    for (let byte = 0; byte < 256; byte++) {
      const key = told.map((set) => (isInSet(set, byte) ? '1' : '0')).join('');
      let id = classes.get(key);
      if (id === undefined) {
        id = classes.size;
        classes.set(key, id);
        example.push(byte);
      }
      classOf[byte] = id;
    }
    return {
      ops: Uint8Array.from(this.ops),
      next: Int32Array.from(this.next),
      arg: Int32Array.from(this.arg),
      sets: this.sets,
      start,
      hasAssertions: this.hasAssertions,
      isAnchored,
      classOf,
      classCount: classes.size,
      example: Uint8Array.from(example),
    };
  }
}

/** Can the tree only match where the text begins? */
function startsAtTextStart(node: RegexNode): boolean {
  switch (node.kind) {
    case 'assert':
      return node.what === 'textStart';
    case 'sequence': {
      const first = node.parts.find((part) => part.kind !== 'empty');
      return first !== undefined && startsAtTextStart(first);
    }
    case 'choice':
      return node.parts.length > 0 && node.parts.every(startsAtTextStart);
    case 'repeat':
      return node.min > 0 && startsAtTextStart(node.node);
    default:
      return false;
  }
}
