/** What the user has set. The host keeps it; here it changes at once and is sent after. */

import type { HostClient, Settings } from '../../engine/contract/api.ts';
import { makeStore, type ReadonlyStore } from './store.ts';

export interface SettingsStore extends ReadonlyStore<Settings> {
  update(patch: Partial<Settings>): void;
  /** Puts one of the renderer's own values under settings.layout. */
  updateLayout(name: string, value: unknown): void;
  /** Sends what still waits. */
  flush(): void;
}

/** What differs from before: values from the host are always new objects, and what stays must not be drawn again. */
function changedOf(before: Settings, next: Settings): Partial<Settings> {
  const keys = Object.keys(next) as (keyof Settings)[];
  const changed = keys.filter((key) => JSON.stringify(before[key]) !== JSON.stringify(next[key]));
  return Object.fromEntries(changed.map((key) => [key, next[key]]));
}

/** Sizes change many times while a separator is dragged. */
const SEND_AFTER_MS = 300;

export function makeSettingsStore(
  client: HostClient,
  initial: Settings,
  onError: (error: unknown) => void,
): SettingsStore {
  const store = makeStore<Settings>(initial);
  let waiting: Partial<Settings> = {};
  let timer: ReturnType<typeof setTimeout> | undefined;

  function flush(): void {
    clearTimeout(timer);
    timer = undefined;
    if (Object.keys(waiting).length === 0) return;
    const patch = waiting;
    waiting = {};
    client.request('settings.set', patch).catch(onError);
  }

  function update(patch: Partial<Settings>): void {
    store.set(patch);
    waiting = { ...waiting, ...patch };
    timer ??= setTimeout(flush, SEND_AFTER_MS);
  }

  client.on('settings', (settings) => store.set(changedOf(store.get(), { ...settings, ...waiting })));

  return {
    get: store.get,
    subscribe: store.subscribe,
    update,
    updateLayout: (name, value) => update({ layout: { ...store.get().layout, [name]: value } }),
    flush,
  };
}
