/** A filter's error or warning in the user's language: the message of its code, and the hint where it has one. */

import { type Language, translateUnchecked } from './index.ts';

type Params = Readonly<Record<string, string | number>>;

/** The parts of FilterError and FilterWarning (engine/base, engine/filter/language) that say what it is about. */
interface FilterProblemText {
  readonly code: string;
  readonly params: Params;
  readonly message: string;
  readonly hintCode?: string;
  readonly hintParams?: Params;
}

export function filterProblemText(
  language: Language,
  problem: FilterProblemText,
): { readonly message: string; readonly hint: string | undefined } {
  const { code, params, message, hintCode, hintParams = {} } = problem;
  return {
    message: textOf(language, code, params) ?? message,
    hint: hintCode === undefined ? undefined : textOf(language, hintCode, hintParams),
  };
}

/** Values that are keys themselves (names of types, what was expected) are written out first. */
function textOf(language: Language, key: string, params: Params): string | undefined {
  const written = Object.entries(params).map(([name, value]) => {
    const isKey = typeof value === 'string' && value.startsWith('filterProblem.');
    return [name, (isKey ? translateUnchecked(language, value) : undefined) ?? String(value)];
  });
  return translateUnchecked(language, key, Object.fromEntries(written) as Params);
}
