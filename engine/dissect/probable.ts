/** What is not told by its bytes but likely by signs: the fields that name it, and the sign why. Shared by protocols that guess. */

import type { FieldSpec } from './field-spec.ts';
import type { TreeBuilder } from './tree.ts';

export const PROBABLE_FIELDS = {
  probable: {
    type: 'string',
    label: 'Probably',
    abbrev: 'nagare.probable',
    doc: 'What the connection probably carries, where its bytes alone do not prove it.',
  },
  'probable.reason': { type: 'string', label: 'Reason', abbrev: 'nagare.probable.reason', many: true },
} as const satisfies Readonly<Record<string, FieldSpec>>;

/** Adds what it probably is, with a note that gives the reasons. */
export function addProbable(
  t: TreeBuilder,
  what: string,
  reasons: readonly string[],
  at: number,
  length: number,
): void {
  t.nest(t.generated('probable', what, at, length));
  for (const reason of reasons) t.generated('probable.reason', reason, at, length);
  t.expert('note', `Probably ${what}: ${reasons.join('; ')}`, at, length);
  t.close();
}
