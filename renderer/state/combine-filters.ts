/** A clause added to a display filter, as the context menus offer it: replace, and, or, each also negated. */

import { LEVELS, parseFilter } from '../../engine/filter/language/parser.ts';

export const COMBINATIONS = ['selected', 'not', 'and', 'or', 'and-not', 'or-not'] as const;
export type Combination = (typeof COMBINATIONS)[number];

/**
 * The filter that `clause` makes of `current`. The text of both stays as it was typed; parentheses are added only where
 * the words would bind otherwise. A `current` that cannot be read is replaced: nothing can be joined to it.
 */
export function combineFilters(current: string, clause: string, how: Combination): string {
  const added = clause.trim();
  const base = current.trim();
  const isNegated = how === 'not' || how === 'and-not' || how === 'or-not';
  const part = isNegated ? negate(added) : added;
  if (how === 'selected' || how === 'not' || base === '' || levelOf(base) === undefined) return part;
  const word = how === 'and' || how === 'and-not' ? 'and' : 'or';
  return `${wrap(base, LEVELS[word])} ${word} ${wrap(part, LEVELS[word])}`;
}

/** A comparison gets parentheses that it does not need: `not (ip.src == 192.0.2.1)` cannot be misread. */
function negate(clause: string): string {
  const parsed = parseFilter(clause);
  const isBare = parsed.ok && parsed.value !== null && parsed.value.kind === 'test';
  return isBare ? `not ${clause}` : `not (${clause})`;
}

function wrap(text: string, level: number): string {
  const own = levelOf(text);
  return own === undefined || own < level ? `(${text})` : text;
}

/** How tightly the outermost word of a filter binds; undefined: it cannot be read. */
function levelOf(text: string): number | undefined {
  const parsed = parseFilter(text);
  if (!parsed.ok || parsed.value === null) return undefined;
  const { kind } = parsed.value;
  return kind === 'or' || kind === 'xor' || kind === 'and' || kind === 'not' ? LEVELS[kind] : LEVELS['=='];
}
