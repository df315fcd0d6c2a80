/** The history of views: what Alt+Left returns to, filter and place included. */

import type { ViewQuery } from './filter-store.ts';
import { makeStore, type ReadonlyStore } from './store.ts';

export interface Place {
  readonly panel: string;
  readonly query: ViewQuery;
  /** Current packet, from 0; -1: none. */
  readonly row: number;
}

export interface HistoryStore
  extends ReadonlyStore<{ readonly back: readonly Place[]; readonly forward: readonly Place[] }> {
  /** Remembers the place that is being left. */
  leave(place: Place): void;
  /** Takes the place before, and remembers `here` for going forward. */
  goBack(here: Place): Place | undefined;
  goForward(here: Place): Place | undefined;
  clear(): void;
}

const MAX_PLACES = 200;

export function makeHistoryStore(): HistoryStore {
  const store = makeStore<{ readonly back: readonly Place[]; readonly forward: readonly Place[] }>({
    back: [],
    forward: [],
  });
  return {
    get: store.get,
    subscribe: store.subscribe,
    leave: (place) => store.set({ back: [...store.get().back, place].slice(-MAX_PLACES), forward: [] }),
    goBack: (here) => {
      const { back, forward } = store.get();
      const place = back.at(-1);
      if (place !== undefined) store.set({ back: back.slice(0, -1), forward: [...forward, here] });
      return place;
    },
    goForward: (here) => {
      const { back, forward } = store.get();
      const place = forward.at(-1);
      if (place !== undefined) store.set({ back: [...back, here], forward: forward.slice(0, -1) });
      return place;
    },
    clear: () => store.set({ back: [], forward: [] }),
  };
}
