/** Asks the host while a component is there: loading, failed and answered states, newest question wins. */

import { useEffect, useMemo, useReducer } from 'react';
import type { Input, Method, Output } from '../../engine/contract/api.ts';
import { useApp } from '../state/use-app.ts';
import { makeAsker } from './asker.ts';

export interface QueryState<Value> {
  /** The answer; while a newer one is on its way, the one before it. */
  readonly value: Value | undefined;
  readonly error: unknown;
  readonly isLoading: boolean;
  /** 0 to 1, as far as the host says. */
  readonly progress: number;
}

type Step<Value> =
  | { readonly kind: 'asked' }
  | { readonly kind: 'idle' }
  | { readonly kind: 'progress'; readonly progress: number }
  | { readonly kind: 'answered'; readonly value: Value }
  | { readonly kind: 'failed'; readonly error: unknown };

function step<Value>(state: QueryState<Value>, next: Step<Value>): QueryState<Value> {
  switch (next.kind) {
    case 'asked':
      return { ...state, isLoading: true, progress: 0 };
    case 'idle':
      return { value: undefined, error: undefined, isLoading: false, progress: 0 };
    case 'progress':
      return { ...state, progress: next.progress };
    case 'answered':
      return { value: next.value, error: undefined, isLoading: false, progress: 1 };
    case 'failed':
      return { value: undefined, error: next.error, isLoading: false, progress: 0 };
  }
}

/**
 * The host's answer to `method` with `input`; null as input asks nothing. Asked again when the input changes (compared as
 * JSON, so it need not be memoised) or `revision` does. A question that another one overtakes is cancelled at the host.
 */
export function useQuery<M extends Method>(
  method: M,
  input: Input<M> | null,
  revision: unknown = 0,
): QueryState<Output<M>> {
  const { client } = useApp();
  const [state, dispatch] = useReducer(step<Output<M>>, {
    value: undefined,
    error: undefined,
    isLoading: input !== null,
    progress: 0,
  });
  const asker = useMemo(
    () =>
      makeAsker({
        onIdle: () => dispatch({ kind: 'idle' }),
        ask: async (question, signal) => {
          dispatch({ kind: 'asked' });
          try {
            const value = await client.request(method, JSON.parse(question) as Input<M>, {
              signal,
              onProgress: (done, total) => {
                if (!signal.aborted && total > 0) dispatch({ kind: 'progress', progress: done / total });
              },
            });
            if (!signal.aborted) dispatch({ kind: 'answered', value });
          } catch (error) {
            if (!signal.aborted) dispatch({ kind: 'failed', error });
          }
        },
      }),
    [client, method],
  );
  const question = input === null ? null : JSON.stringify(input);
  useEffect(() => () => asker.stop(), [asker]);
  useEffect(() => {
    asker.want(question);
    // biome-ignore lint/correctness/useExhaustiveDependencies: a new revision asks the same question again
  }, [asker, question, revision]);
  return state;
}
