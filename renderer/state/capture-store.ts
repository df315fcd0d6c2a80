/** Live capture as the window knows it: what this machine can capture on, what is chosen, and the traffic of its interfaces. */

import * as v from 'valibot';
import type { HostClient, Output, SessionState } from '../../engine/contract/api.ts';
import {
  type CaptureAbility,
  type CaptureSettings,
  captureOptionsSchema,
  DEFAULT_CAPTURE,
  type Traffic,
} from '../../engine/contract/capture.ts';
import type { SettingsStore } from './settings-store.ts';
import { makeStore, type ReadonlyStore } from './store.ts';

export type CaptureOptions = Omit<CaptureSettings, 'interfaces'>;

/** Packets and bytes a second over one interval. */
export interface Rate {
  readonly packets: number;
  readonly bytes: number;
}

/** What is kept in the settings. Values of another version, or broken ones, become the defaults. */
const keptSchema = v.fallback(
  v.object({
    chosen: v.fallback(v.pipe(v.array(v.string()), v.maxLength(64)), []),
    /** Interface on the other machine, while one captures there. */
    remoteInterface: v.fallback(v.string(), 'any'),
    options: v.fallback(v.omit(captureOptionsSchema, ['interfaces']), DEFAULT_CAPTURE),
    recentFilters: v.fallback(v.array(v.string()), []),
    /** Names that commands for another machine are made with. */
    names: v.fallback(v.record(v.string(), v.string()), {}),
  }),
  { chosen: [], remoteInterface: 'any', options: DEFAULT_CAPTURE, recentFilters: [], names: {} },
);

type Kept = v.InferOutput<typeof keptSchema>;

export interface Capturing extends Kept {
  /** null: not asked yet. */
  readonly ability: CaptureAbility | null;
  /** Why it could not be asked. */
  readonly problem: unknown;
  /** Files of captures that did not end in order. */
  readonly left: Output<'capture.left'>;
  /** The last minute of each interface, oldest first. */
  readonly rates: ReadonlyMap<string, readonly Rate[]>;
  /** The list of packets keeps its end in sight. */
  readonly follows: boolean;
  /** Display filter that the next capture begins with: a pasted command brought it. */
  readonly displayFilter: string;
  readonly isStarting: boolean;
  /** Packets that each session had when it was saved. */
  readonly saved: ReadonlyMap<number, number>;
}

export interface CaptureStore extends ReadonlyStore<Capturing> {
  /** Asks what the machine can capture on, and which files were left behind. */
  refresh(): Promise<void>;
  /** Asks for traffic while somebody looks; returns the function that ends it. */
  watch(onError: (error: unknown) => void): () => void;
  keep(patch: Partial<Kept>): void;
  change(patch: Partial<CaptureOptions>): void;
  /** What is chosen as the host wants it; null: no interface is. */
  settings(): CaptureSettings | null;
  follow(on: boolean): void;
  setDisplayFilter(filter: string): void;
  setStarting(on: boolean): void;
  /** The capture filter goes to the front of those used last; a file's name is not used twice. */
  wasStarted(): void;
  wasSaved(state: SessionState): void;
  /** Nobody has saved what was captured since. */
  isUnsaved(state: SessionState): boolean;
  /** The capture runs, or nobody has saved it. */
  isAtStake(state: SessionState | null): boolean;
  /** Waits for the answer of whoever is asked whether the open capture may go. */
  askLeave(): Promise<boolean>;
  answerLeave(go: boolean): void;
  forget(path: string): void;
}

const SETTING = 'capture';
const SECONDS_KEPT = 60;
const FILTERS_KEPT = 15;

export function makeCaptureStore(client: HostClient, settings: SettingsStore): CaptureStore {
  const kept = v.parse(keptSchema, settings.get().layout[SETTING]);
  const store = makeStore<Capturing>({
    ...kept,
    ability: null,
    problem: undefined,
    left: [],
    rates: new Map(),
    follows: true,
    displayFilter: '',
    isStarting: false,
    saved: new Map(),
  });
  let watchers = 0;
  let before: Traffic | null = null;
  let answer: ((go: boolean) => void) | null = null;

  function keep(patch: Partial<Kept>): void {
    store.set(patch);
    const { chosen, remoteInterface, options, recentFilters, names } = store.get();
    settings.updateLayout(SETTING, { chosen, remoteInterface, options, recentFilters, names });
  }

  client.on('traffic', (traffic) => {
    const last = before;
    before = traffic;
    if (last === null || traffic.at <= last.at) return;
    store.set({ rates: nextRates(store.get().rates, last, traffic) });
  });

  function isUnsaved({ session, live }: SessionState): boolean {
    return live !== null && live.isPrivate && live.captured > (store.get().saved.get(session) ?? 0);
  }

  async function refresh(): Promise<void> {
    try {
      const ability = await client.request('capture.interfaces', {});
      const left = await client.request('capture.left', {});
      store.set({ ability, left, problem: undefined });
      const { chosen } = store.get();
      const names = new Set(ability.interfaces.map(({ name }) => name));
      const still = chosen.filter((name) => names.has(name));
      const first = ability.interfaces.find((one) => one.isUp && !one.isLoopback && one.addresses.length > 0);
      if (still.length === 0 && first !== undefined) store.set({ chosen: [first.name] });
      else if (still.length < chosen.length) store.set({ chosen: still });
    } catch (error) {
      store.set({ problem: error });
    }
  }

  function watch(onError: (error: unknown) => void): () => void {
    if (watchers++ === 0) client.request('capture.watch', { on: true }).catch(onError);
    return () => {
      if (--watchers > 0) return;
      before = null;
      store.set({ rates: new Map() });
      client.request('capture.watch', { on: false }).catch(onError);
    };
  }

  return {
    get: store.get,
    subscribe: store.subscribe,
    refresh,
    watch,
    keep,
    change: (patch) => keep({ options: { ...store.get().options, ...patch } }),
    settings: () => {
      const { options, chosen, remoteInterface } = store.get();
      const interfaces = options.remote === null ? chosen : [remoteInterface.trim()].filter((name) => name !== '');
      return interfaces.length === 0 ? null : { ...options, interfaces: [...interfaces] };
    },
    follow: (follows) => store.set({ follows }),
    setDisplayFilter: (displayFilter) => store.set({ displayFilter }),
    setStarting: (isStarting) => store.set({ isStarting }),
    wasStarted: () => {
      const { options, recentFilters } = store.get();
      const filter = options.filter.trim();
      const others = recentFilters.filter((one) => one !== filter);
      keep({
        options: { ...options, path: null },
        recentFilters: filter === '' ? recentFilters : [filter, ...others].slice(0, FILTERS_KEPT),
      });
    },
    wasSaved: ({ session, live }) => {
      store.set({ saved: new Map([...store.get().saved, [session, live?.captured ?? 0]]) });
    },
    isUnsaved,
    isAtStake: (state) => {
      return state !== null && (state.live?.isRunning === true || isUnsaved(state));
    },
    askLeave: () => {
      answer?.(false);
      return new Promise((resolve) => {
        answer = resolve;
      });
    },
    answerLeave: (go) => {
      answer?.(go);
      answer = null;
    },
    forget: (path) => store.set({ left: store.get().left.filter((one) => one.path !== path) }),
  };
}

/** Rates since the counters before; an interface whose counters went back has come up anew. */
function nextRates(rates: Capturing['rates'], last: Traffic, now: Traffic): ReadonlyMap<string, readonly Rate[]> {
  const seconds = (now.at - last.at) / 1000;
  const earlier = new Map(last.interfaces.map((one) => [one.name, one]));
  return new Map(
    now.interfaces.map((one) => {
      const old = earlier.get(one.name);
      const isNew = old === undefined || one.packets < old.packets || one.bytes < old.bytes;
      const rate: Rate = isNew
        ? { packets: 0, bytes: 0 }
        : { packets: (one.packets - old.packets) / seconds, bytes: (one.bytes - old.bytes) / seconds };
      return [one.name, [...(rates.get(one.name) ?? []), rate].slice(-SECONDS_KEPT)];
    }),
  );
}
