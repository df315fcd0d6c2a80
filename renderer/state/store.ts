/** A small observable value: the shape of every store here. React reads it through useStore (use-store.ts). */

export interface ReadonlyStore<State> {
  get(): State;
  /** Called after each change; returns the function that ends it. */
  subscribe(listener: () => void): () => void;
}

export interface Store<State> extends ReadonlyStore<State> {
  /** Replaces the members that `patch` names; nobody is told when nothing changes. */
  set(patch: Partial<State>): void;
}

export function makeStore<State extends object>(initial: State): Store<State> {
  let state = initial;
  const listeners = new Set<() => void>();
  return {
    get: () => state,
    set: (patch) => {
      const keys = Object.keys(patch) as (keyof State)[];
      if (keys.every((key) => Object.is(state[key], patch[key]))) return;
      state = { ...state, ...patch };
      for (const listener of [...listeners]) listener();
    },
    subscribe: (listener) => {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
  };
}
