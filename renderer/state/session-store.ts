/** The open capture: its state as the host reports it, and opening and closing it. */

import type { HostClient, SessionState } from '../../engine/contract/api.ts';
import { makeStore, type ReadonlyStore } from './store.ts';

export interface Session {
  /** null: no capture is open. */
  readonly state: SessionState | null;
  /** Paths that are being opened; empty: a capture is being started. */
  readonly opening: readonly string[] | null;
  /** How much of what is being opened is unpacked (0 to 1); null: nothing has to be, or it is not known yet. */
  readonly unpacked: number | null;
  /** The sample capture, opened by itself at the first start. */
  readonly isSample: boolean;
}

export interface SessionStore extends ReadonlyStore<Session> {
  /**
   * Opens files as one capture and closes the one before; rejects when they cannot be opened (that one then stays).
   * `onOpened` is called just before the new state is seen: what belongs to the capture before is let go of there.
   */
  open(paths: readonly string[], isSample?: boolean, onOpened?: (state: SessionState) => void): Promise<void>;
  /** The same with a session that `ask` begins: a live capture. */
  begin(ask: (signal: AbortSignal) => Promise<SessionState>, onOpened: (state: SessionState) => void): Promise<void>;
  /** Gives up what is being opened; the capture before stays. */
  cancelOpening(): void;
  close(): Promise<void>;
  /** Ends loading; what was read stays. */
  stop(): Promise<void>;
}

export function makeSessionStore(client: HostClient): SessionStore {
  const store = makeStore<Session>({ state: null, opening: null, unpacked: null, isSample: false });
  let attempt = 0;
  let abort: AbortController | null = null;
  /** States of sessions whose opening has not been answered yet: a small capture is loaded before the answer is here. */
  const early = new Map<number, SessionState>();

  client.on('session', (state) => {
    if (store.get().state?.session === state.session) store.set({ state });
    else if (store.get().opening !== null) early.set(state.session, state);
  });

  function open(
    paths: readonly string[],
    isSample = false,
    onOpened: (state: SessionState) => void = () => undefined,
  ): Promise<void> {
    return take(paths, isSample, onOpened, (signal, onProgress) =>
      client.request('session.open', { paths: [...paths] }, { signal, onProgress }),
    );
  }

  async function take(
    paths: readonly string[],
    isSample: boolean,
    onOpened: (state: SessionState) => void,
    ask: (signal: AbortSignal, onProgress: (done: number, total: number) => void) => Promise<SessionState>,
  ): Promise<void> {
    const mine = ++attempt;
    abort?.abort();
    abort = new AbortController();
    const { signal } = abort;
    store.set({ opening: paths, unpacked: null });
    try {
      const state = await ask(signal, (done, total) => {
        if (mine === attempt && total > 0) store.set({ unpacked: done / total });
      });
      if (mine !== attempt) {
        await client.request('session.close', { session: state.session });
        return;
      }
      const before = store.get().state;
      const latest = early.get(state.session) ?? state;
      onOpened(latest);
      store.set({ state: latest, isSample });
      if (before !== null) await client.request('session.close', { session: before.session });
    } finally {
      if (mine === attempt) {
        store.set({ opening: null, unpacked: null });
        early.clear();
      }
    }
  }

  async function close(): Promise<void> {
    attempt++;
    abort?.abort();
    const { state } = store.get();
    store.set({ state: null, opening: null, unpacked: null, isSample: false });
    if (state !== null) await client.request('session.close', { session: state.session });
  }

  async function stop(): Promise<void> {
    const { state } = store.get();
    if (state !== null) await client.request('session.stop', { session: state.session });
  }

  return {
    get: store.get,
    subscribe: store.subscribe,
    open,
    begin: (ask, onOpened) => take([], false, onOpened, ask),
    cancelOpening: () => abort?.abort(),
    close,
    stop,
  };
}
