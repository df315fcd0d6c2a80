/** Values of the capture for completion: asked of the host once per field, kept until the capture changes. */

import type { HostClient, Output } from '../../../engine/contract/api.ts';

export type OfferedValues = Output<'session.values'>;
export type OfferedValue = OfferedValues['values'][number];

/** Values asked for per field; those that fit what is typed are chosen from them here. */
const ASKED = 500;
const SHOWN = 50;
/** Fields whose values are kept. */
const KEPT = 40;

export interface ValueLists {
  /** Values of a field; null where they could not be had. A question that is overtaken is cancelled. */
  of(field: string, session: number, revision: string): Promise<OfferedValues | null>;
}

export function makeValueLists(client: HostClient): ValueLists {
  const known = new Map<string, OfferedValues>();
  let asked: {
    readonly key: string;
    readonly abort: AbortController;
    readonly answer: Promise<OfferedValues | null>;
  } | null = null;

  return {
    of(field, session, revision) {
      const key = `${session} ${revision} ${field}`;
      const found = known.get(key);
      if (found !== undefined) return Promise.resolve(found);
      if (asked?.key === key) return asked.answer;
      asked?.abort.abort();
      const abort = new AbortController();
      const answer = client
        .request('session.values', { session, field, filter: '', limit: ASKED }, { signal: abort.signal })
        .then((values) => {
          known.set(key, values);
          for (const old of known.keys()) {
            if (known.size <= KEPT) break;
            known.delete(old);
          }
          return values;
        })
        // Completion goes on without them: cancelled, or the capture was closed meanwhile.
        .catch(() => null)
        .finally(() => {
          if (asked?.key === key) asked = null;
        });
      asked = { key, abort, answer };
      return answer;
    },
  };
}

/** Those whose text or name fits what is typed, the most frequent first. */
export function fittingValues(values: readonly OfferedValue[], typed: string): readonly OfferedValue[] {
  const wanted = typed.replace(/^"/, '').toLowerCase();
  return values
    .filter(({ text, name }) => text.toLowerCase().includes(wanted) || name.toLowerCase().includes(wanted))
    .slice(0, SHOWN);
}
