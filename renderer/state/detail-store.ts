/**
 * The current packet's tree and bytes, for the panes that show them: asked for once, one request on its way at a time, the
 * newest packet wins, and what was shown stays until the next is there. A selected field is kept from packet to packet.
 */

import * as v from 'valibot';
import type { DetailNode, PacketDetail } from '../../engine/contract/api.ts';
import type { App } from './app.ts';
import {
  deepestAt,
  type FoundPlace,
  findFound,
  findKept,
  type KeptNode,
  keepNode,
  type OpenNodes,
} from './detail-nodes.ts';
import type { ByteSelection } from './selection-store.ts';
import { makeStore, type ReadonlyStore } from './store.ts';

export interface Details {
  /** null: no packet is selected, or none has been read yet. */
  readonly detail: PacketDetail | null;
  readonly isLoading: boolean;
  readonly error: unknown;
  /** What the user has opened and closed, by name of the node. */
  readonly chosen: OpenNodes;
}

export interface DetailStore extends ReadonlyStore<Details> {
  setOpen(names: readonly string[], isOpen: boolean): void;
  /** Selects a node and its bytes; it stays selected in the packets that follow, where they have it. */
  selectNode(index: number): void;
  /** Selects bytes that the user chose himself; `node` is the field around them, or -1. */
  selectBytes(source: number, at: number, length: number, node: number): void;
  /** Selects what a search found, when its packet is there. */
  selectFound(found: Found): void;
}

interface Found {
  readonly row: number;
  readonly place: FoundPlace;
  /** Whether a node's text is what was searched for; null: the search was not for texts of the tree. */
  readonly matches: ((label: string) => boolean) | null;
}

const SETTING = 'details';
const chosenSchema = v.fallback(v.record(v.string(), v.boolean()), {});

const stores = new WeakMap<App, DetailStore>();

/** The one store of a window. */
export function detailStore(app: App): DetailStore {
  const known = stores.get(app) ?? makeDetailStore(app);
  stores.set(app, known);
  return known;
}

function makeDetailStore(app: App): DetailStore {
  const chosen = v.parse(chosenSchema, app.settings.get().layout[SETTING]);
  const store = makeStore<Details>({ detail: null, isLoading: false, error: undefined, chosen });
  let kept: KeptNode | null = null;
  let found: Found | null = null;
  let asked = '';
  let abort: AbortController | null = null;

  function wanted(): { readonly session: number; readonly row: number; readonly revision: number } | null {
    const { row, position } = app.selection.get();
    const session = app.session.get().state;
    if (session === null || position < 0) return null;
    return row < 0 ? null : { session: session.session, row, revision: session.revision };
  }

  function check(): void {
    const next = wanted();
    if (next === null) {
      // A position whose packet is not known yet keeps what is shown; no position at all shows nothing.
      if (app.selection.get().position >= 0 && app.session.get().state !== null) return;
      abort?.abort();
      abort = null;
      asked = '';
      store.set({ detail: null, isLoading: false, error: undefined });
      return;
    }
    const key = `${next.session} ${next.row} ${next.revision}`;
    if (key === asked || abort !== null) return;
    asked = key;
    void ask(next.session, next.row);
  }

  async function ask(session: number, row: number): Promise<void> {
    const mine = new AbortController();
    abort = mine;
    store.set({ isLoading: true });
    try {
      const detail = await app.client.request('packet.detail', { session, row }, { signal: mine.signal });
      if (abort !== mine) return;
      show(detail);
    } catch (error) {
      if (abort !== mine) return;
      store.set({ detail: null, isLoading: false, error });
    }
    abort = null;
    check(); // another packet may have been selected meanwhile
  }

  function show(detail: PacketDetail): void {
    store.set({ detail, isLoading: false, error: undefined });
    const { row, bytes } = app.selection.get();
    if (found !== null && found.row === detail.row && row === detail.row) return showFound(detail, found);
    if (row !== detail.row || kept === null || bytes !== null) return;
    const node = findKept(detail.nodes, kept);
    if (node >= 0) app.selection.setBytes(bytesOf(detail.nodes, node));
  }

  function showFound({ nodes }: PacketDetail, { place, matches }: Found): void {
    found = null;
    const node = findFound(nodes, place, matches);
    if (node >= 0) {
      kept = keepNode(nodes, node);
      app.selection.setBytes(bytesOf(nodes, node));
    } else if (place.length > 0) {
      const { source, at, length } = place;
      const around = deepestAt(nodes, source, at, at + length);
      app.selection.setBytes({ ...place, node: around, field: nodes[around]?.field ?? '' });
    }
  }

  app.selection.subscribe(check);
  app.session.subscribe(check);
  check();

  return {
    get: store.get,
    subscribe: store.subscribe,
    setOpen: (names, isOpen) => {
      const next = { ...store.get().chosen };
      for (const name of names) next[name] = isOpen;
      store.set({ chosen: next });
      app.settings.updateLayout(SETTING, next);
    },
    selectNode: (index) => {
      const { detail } = store.get();
      if (detail === null) return;
      kept = keepNode(detail.nodes, index);
      app.selection.setBytes(bytesOf(detail.nodes, index));
    },
    selectBytes: (source, at, length, node) => {
      const { detail } = store.get();
      if (detail === null) return;
      kept = node < 0 ? null : keepNode(detail.nodes, node);
      app.selection.setBytes({ source, at, length, node, field: detail.nodes[node]?.field ?? '' });
    },
    selectFound: (next) => {
      found = next;
      const { detail } = store.get();
      if (detail !== null && detail.row === next.row && app.selection.get().row === next.row) showFound(detail, next);
    },
  };
}

function bytesOf(nodes: readonly DetailNode[], index: number): ByteSelection | null {
  const node = nodes[index];
  if (node === undefined) return null;
  return { source: node.source, at: node.at, length: node.length, field: node.field, node: index };
}
