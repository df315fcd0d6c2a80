/** Named filters and macros as a file, to be kept elsewhere or given to others. */

import * as v from 'valibot';
import type { Settings } from '../../engine/contract/api.ts';
import { isMacroName } from '../../engine/filter/language/macros.ts';

export type NamedFilter = Settings['favouriteFilters'][number];
export type Macro = Settings['macros'][number];

export interface FilterSet {
  readonly filters: readonly NamedFilter[];
  readonly macros: readonly Macro[];
}

export const FILTER_FILE_NAME = 'nagare-filters.json';

const text = v.pipe(v.string(), v.maxLength(65_536));
const fileSchema = v.object({
  format: v.literal('nagare-filters'),
  version: v.literal(1),
  filters: v.pipe(v.array(v.object({ name: text, filter: v.pipe(text, v.minLength(1)) })), v.maxLength(10_000)),
  macros: v.pipe(v.array(v.object({ name: v.pipe(text, v.check(isMacroName)), text })), v.maxLength(10_000)),
});

export function filterFileText({ filters, macros }: FilterSet): string {
  return `${JSON.stringify({ format: 'nagare-filters', version: 1, filters, macros }, null, 2)}\n`;
}

/** What such a file holds; null where it is none. */
export function readFilterFile(source: string): FilterSet | null {
  let value: unknown;
  try {
    value = JSON.parse(source);
  } catch {
    return null;
  }
  const parsed = v.safeParse(fileSchema, value);
  return parsed.success ? parsed.output : null;
}

/** Both sets: a filter that is there already is not doubled, a macro takes the place of one of the same name. */
export function joinFilterSets(kept: FilterSet, added: FilterSet): FilterSet {
  const isSame = (a: NamedFilter, b: NamedFilter): boolean => a.filter === b.filter && a.name === b.name;
  return {
    filters: [...kept.filters, ...added.filters.filter((one) => !kept.filters.some((other) => isSame(one, other)))],
    macros: [...kept.macros.filter(({ name }) => !added.macros.some((one) => one.name === name)), ...added.macros],
  };
}
