/** A regular expression as a tree over bytes, and what can be wrong with its text. */

import type { FilterMessageCode } from '../../text/en/filter-problems.ts';
import type { ByteSet } from './byte-set.ts';

export type RegexNode =
  | { readonly kind: 'empty' }
  | { readonly kind: 'bytes'; readonly set: ByteSet }
  | { readonly kind: 'sequence'; readonly parts: readonly RegexNode[] }
  | { readonly kind: 'choice'; readonly parts: readonly RegexNode[] }
  | { readonly kind: 'repeat'; readonly node: RegexNode; readonly min: number; readonly max: number | undefined }
  | { readonly kind: 'assert'; readonly what: Assertion };

/** `textEnd` is the very end (`\z`); `lastLine` also before a newline that ends the text (`$`, `\Z`). */
export type Assertion = 'textStart' | 'lineStart' | 'textEnd' | 'lastLine' | 'lineEnd' | 'wordEdge' | 'noWordEdge';

export interface RegexError {
  readonly code: FilterMessageCode;
  readonly params: Readonly<Record<string, string | number>>;
  /** [start, end) in the pattern. */
  readonly start: number;
  readonly end: number;
}

/** Thrown inside the parser and the compiler only; compileRegex() returns it. */
export class RegexProblem extends Error {
  readonly error: RegexError;

  constructor(error: RegexError) {
    super(error.code);
    this.name = 'RegexProblem';
    this.error = error;
  }
}
