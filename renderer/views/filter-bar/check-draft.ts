/** What the text in the filter bar is worth while it is typed, by the page's own check. */

import type { FilterError } from '../../../engine/base/errors.ts';
import type { FieldCatalog } from '../../../engine/base/fields.ts';
import { checkFilter } from '../../../engine/filter/language/check.ts';
import type { FilterWarning } from '../../../engine/filter/language/checked.ts';
import type { FilterMacro } from '../../../engine/filter/language/macros.ts';

export type DraftState =
  | { readonly kind: 'empty' }
  /** Only the host can say: the page has not all that it takes. */
  | { readonly kind: 'unknown' }
  | { readonly kind: 'good' }
  | { readonly kind: 'warning'; readonly warning: FilterWarning }
  | { readonly kind: 'wrong'; readonly error: FilterError };

/** What a page cannot refuse by itself: it has some names of values, not all. */
const ONLY_HOST_KNOWS: ReadonlySet<string> = new Set([
  'filterProblem.not-a-value-name',
  'filterProblem.no-value-names',
  'filterProblem.ambiguous-name',
]);

export function checkDraft(
  text: string,
  catalog: FieldCatalog | null,
  macros: readonly FilterMacro[] = [],
): DraftState {
  if (text.trim() === '') return { kind: 'empty' };
  if (catalog === null) return { kind: 'unknown' };
  const checked = checkFilter(text, catalog, { macros });
  if (!checked.ok) {
    return ONLY_HOST_KNOWS.has(checked.error.code) ? { kind: 'unknown' } : { kind: 'wrong', error: checked.error };
  }
  const warning = checked.value.warnings[0];
  return warning === undefined ? { kind: 'good' } : { kind: 'warning', warning };
}

/** The text with what the hint proposes in place of what is wrong; null: the hint proposes no text. */
export function fixedText(
  text: string,
  problem: {
    readonly start: number;
    readonly end: number;
    readonly hintCode?: string;
    readonly hintParams?: Readonly<Record<string, string | number>>;
  },
): { readonly text: string; readonly replacement: string } | null {
  const replacement =
    problem.hintCode === 'filterProblem.hint-did-you-mean'
      ? problem.hintParams?.name
      : problem.hintCode === 'filterProblem.hint-double-equals'
        ? '=='
        : problem.hintCode === 'filterProblem.hint-lower-case'
          ? problem.hintParams?.word
          : undefined;
  if (typeof replacement !== 'string' || replacement === '') return null;
  return { text: text.slice(0, problem.start) + replacement + text.slice(problem.end), replacement };
}
