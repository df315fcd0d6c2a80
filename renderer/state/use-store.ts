/** Reads a store in a component: renders again when what the selector picks changes (compared by identity). */

import { useSyncExternalStore } from 'react';
import type { ReadonlyStore } from './store.ts';

export function useStore<State, Picked>(store: ReadonlyStore<State>, pick: (state: State) => Picked): Picked {
  const read = (): Picked => pick(store.get());
  return useSyncExternalStore(store.subscribe, read, read);
}
