/** Filter errors and warnings out of the dictionary: a code and what it is about, with the English text for the command line. */

import type { FilterError } from '../../base/errors.ts';
import { failure } from '../../base/result.ts';
import { type FilterMessageCode, filterProblemsEn } from '../../text/en/filter-problems.ts';
import type { Span } from './ast.ts';
import type { FilterWarning } from './checked.ts';

export type MessageParams = Readonly<Record<string, string | number>>;

export interface Hint {
  readonly code: FilterMessageCode;
  readonly params: MessageParams;
}

/** The dictionary's key of a code. */
export function filterKey(code: FilterMessageCode): `filterProblem.${FilterMessageCode}` {
  return `filterProblem.${code}`;
}

/** The English text; a value that is itself a key (the name of a type) is written out. */
function english(code: FilterMessageCode, params: MessageParams): string {
  const texts: Readonly<Record<string, string | undefined>> = filterProblemsEn;
  return (texts[filterKey(code)] ?? code).replace(/\{([a-zA-Z]+)\}/g, (whole, name: string) => {
    const value = params[name];
    return value === undefined ? whole : (texts[value] ?? String(value));
  });
}

export function filterError(code: FilterMessageCode, at: Span, params: MessageParams = {}, hint?: Hint): FilterError {
  const error = { code: filterKey(code), params, start: at.start, end: at.end, message: english(code, params) };
  if (hint === undefined) return error;
  return {
    ...error,
    hint: english(hint.code, hint.params),
    hintCode: filterKey(hint.code),
    hintParams: hint.params,
  };
}

export function filterWarning(code: FilterMessageCode, at: Span, params: MessageParams): FilterWarning {
  return { code: filterKey(code), params, start: at.start, end: at.end, message: english(code, params) };
}

/**
 * How parser and check leave from deep inside a tree: thrown there, caught once where they were entered, never seen
 * outside. Everything below returns plain values and stays readable that way.
 */
export class FilterProblem extends Error {
  readonly error: FilterError;

  constructor(error: FilterError) {
    super(error.message);
    this.name = 'FilterProblem';
    this.error = error;
  }
}

export function refuse(code: FilterMessageCode, at: Span, params: MessageParams = {}, hint?: Hint): never {
  throw new FilterProblem(filterError(code, at, params, hint));
}

/** Runs `work`; a refusal in it becomes a failed result. */
export function catchProblem<T>(work: () => T): { ok: true; value: T } | { ok: false; error: FilterError } {
  try {
    return { ok: true, value: work() };
  } catch (problem) {
    if (problem instanceof FilterProblem) return failure(problem.error);
    throw problem;
  }
}
