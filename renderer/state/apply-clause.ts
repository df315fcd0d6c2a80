/** Clauses from context menus and panels on their way into the display filter. */

import { parseFilter } from '../../engine/filter/language/parser.ts';
import type { App } from './app.ts';
import { type Combination, combineFilters } from './combine-filters.ts';
import { focusPlace } from './focus-places.ts';

/** What is added to: the text in the bar, or, where that cannot be read, what is applied. */
function base(app: App): string {
  const { draft, filter } = app.filter.get();
  return parseFilter(draft).ok ? draft : filter;
}

/** Joins a clause to the filter and applies it; "back" returns to what was shown. */
export async function applyClause(app: App, clause: string, how: Combination): Promise<boolean> {
  return app.navigate({ filter: combineFilters(base(app), clause, how) });
}

/** Joins a clause to the text in the filter bar and leaves it there to be edited. */
export function prepareClause(app: App, clause: string, how: Combination): void {
  app.filter.setDraft(combineFilters(base(app), clause, how));
  // A menu gives the focus back to where it was opened; this comes after.
  setTimeout(() => focusPlace('filter'), 0);
}
