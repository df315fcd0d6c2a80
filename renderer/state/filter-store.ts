/** What of the capture is shown, and in which order: filter, time range, sort, and the host's view that holds them. */

import type { FilterProblem, HostClient, SessionState, Sort, TimeRange, ViewState } from '../../engine/contract/api.ts';
import { makeStore, type ReadonlyStore } from './store.ts';

export interface ViewQuery {
  readonly filter: string;
  readonly range: TimeRange;
  readonly sort: Sort;
  /** Of packets that were seen at several places: every record, or the one at the adapter. */
  readonly appearances: 'all' | 'adapter';
}

export interface Filtering extends ViewQuery {
  /** The text in the filter bar; `filter` is what is applied. */
  readonly draft: string;
  /** The text last applied with all its parts, and those of them that are switched off: `filter` is without them. */
  readonly full: string;
  readonly switchedOff: readonly string[];
  /** What is wrong with the text last applied; null: nothing, or it was changed since. */
  readonly problem: FilterProblem | null;
  /** The rows that are shown; they stay until others take their place. */
  readonly view: ViewState | null;
  /** What is being made: the query, and how far it is (0 to 1). */
  readonly pending: { readonly query: ViewQuery; readonly progress: number } | null;
}

/** `parts`: the text that `filter` is made of by leaving some parts out. */
export interface ViewChange extends Partial<ViewQuery> {
  readonly parts?: { readonly full: string; readonly switchedOff: readonly string[] };
}

export interface FilterStore extends ReadonlyStore<Filtering> {
  setDraft(text: string): void;
  /**
   * Applies a filter. Resolves to true when its view is shown; to false when it is wrong (see `problem`), was cancelled,
   * or another query has overtaken it.
   */
  applyFilter(text: string): Promise<boolean>;
  setRange(range: TimeRange): Promise<boolean>;
  setSort(sort: Sort): Promise<boolean>;
  apply(query: ViewChange): Promise<boolean>;
  /** Ends what is being made; the rows before stay. */
  cancel(): void;
  /** Drops the view and starts over with everything of `session` shown. */
  reset(session: SessionState | null): Promise<boolean>;
}

const EVERYTHING: ViewQuery = { filter: '', range: null, sort: null, appearances: 'adapter' };
const NO_TEXT = { draft: '', full: '', switchedOff: [] } as const;

/** `selectedRow`: the packet that references in a filter speak of; -1: none. */
export function makeFilterStore(
  client: HostClient,
  onError: (error: unknown) => void,
  selectedRow: () => number = () => -1,
): FilterStore {
  const store = makeStore<Filtering>({ ...EVERYTHING, ...NO_TEXT, problem: null, view: null, pending: null });
  let session: SessionState | null = null;
  let abort: AbortController | null = null;
  /** A view whose order is not finished: it is shown when it is. */
  let unfinished: { readonly id: number; readonly finish: (shown: boolean) => void; readonly query: ViewQuery } | null =
    null;
  /** Events about views whose opening has not been answered yet: the host may report progress first. */
  const early = new Map<number, ViewState>();

  function closeView(id: number): void {
    client.request('view.close', { view: id }).catch(onError);
  }

  client.on('session', (state) => {
    if (session?.session === state.session) session = state;
  });

  client.on('view', (state) => {
    const { view, pending } = store.get();
    if (view?.view === state.view) {
      store.set({ view: state });
    } else if (unfinished?.id === state.view) {
      if (state.isComplete) show(state, unfinished.query);
      else if (pending !== null) store.set({ pending: { ...pending, progress: state.progress } });
    } else if (abort !== null) {
      early.set(state.view, state);
    }
  });

  function show(view: ViewState, query: ViewQuery): void {
    const before = store.get().view;
    const done = unfinished;
    unfinished = null;
    store.set({ ...query, view, pending: null, problem: null });
    if (before !== null) closeView(before.view);
    done?.finish(true);
  }

  function cancel(): void {
    abort?.abort();
    abort = null;
    early.clear();
    if (unfinished !== null) {
      const { id, finish } = unfinished;
      unfinished = null;
      closeView(id);
      finish(false);
    }
    store.set({ pending: null });
  }

  async function open(query: ViewQuery): Promise<boolean> {
    cancel();
    if (session === null) return false;
    const mine = new AbortController();
    abort = mine;
    store.set({ pending: { query, progress: 0 }, problem: null });
    try {
      const answer = await client.request(
        'view.open',
        { session: session.session, ...query, ...referenceFor(query.filter) },
        {
          signal: mine.signal,
          onProgress: (done, total) => {
            if (abort === mine && total > 0) store.set({ pending: { query, progress: done / total } });
          },
        },
      );
      if (abort !== mine) {
        if (answer.ok) closeView(answer.view.view);
        return false;
      }
      abort = null;
      if (!answer.ok) {
        early.clear();
        store.set({ pending: null, problem: answer.error });
        return false;
      }
      const view = early.get(answer.view.view) ?? answer.view;
      early.clear();
      // Half a filter's rows are of use, half an order is not.
      if (view.isComplete || query.sort === null || session.isLoading) {
        show(view, query);
        return true;
      }
      store.set({ pending: { query, progress: view.progress } });
      return await new Promise<boolean>((finish) => {
        unfinished = { id: view.view, finish, query };
      });
    } catch (error) {
      if (abort === mine) {
        abort = null;
        store.set({ pending: null });
        onError(error);
      }
      return false;
    }
  }

  /** Only filters with a dollar sign can speak of the selected packet. */
  function referenceFor(filter: string): { readonly reference?: number | null } {
    if (!filter.includes('$')) return {};
    const row = selectedRow();
    return { reference: row >= 0 ? row : null };
  }

  /** What the user has asked for last, shown or not. */
  function current(): ViewQuery {
    const { filter, range, sort, appearances, pending } = store.get();
    return pending?.query ?? { filter, range, sort, appearances };
  }

  function apply({ parts, ...query }: ViewChange): Promise<boolean> {
    const next = { ...current(), ...query };
    if (query.filter !== undefined) {
      const { full, switchedOff } = parts ?? { full: query.filter, switchedOff: [] };
      store.set({ draft: full, full: full.trim(), switchedOff });
    }
    return open({ ...next, filter: next.filter.trim() });
  }

  return {
    get: store.get,
    subscribe: store.subscribe,
    setDraft: (text) => store.set({ draft: text, problem: null }),
    applyFilter: (text) => apply({ filter: text }),
    setRange: (range) => apply({ range }),
    setSort: (sort) => apply({ sort }),
    apply,
    cancel,
    reset: (next) => {
      cancel();
      const { view } = store.get();
      // A view of a closed session is gone with it.
      if (view !== null && session?.session === next?.session) closeView(view.view);
      session = next;
      store.set({ ...EVERYTHING, ...NO_TEXT, problem: null, view: null });
      return next === null ? Promise.resolve(false) : open(EVERYTHING);
    },
  };
}
