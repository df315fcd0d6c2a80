/** The host's fields as the filter language wants them: for completion, colours and checks while typing. Asked for once. */

import {
  type Field,
  type FieldCatalog,
  type FieldShow,
  type FieldType,
  makeCatalog,
} from '../../engine/base/fields.ts';
import type { CatalogField, Output } from '../../engine/contract/api.ts';
import type { App } from './app.ts';
import { makeStore, type ReadonlyStore } from './store.ts';
import { useApp } from './use-app.ts';
import { useStore } from './use-store.ts';

interface CatalogState {
  /** null: not answered yet. */
  readonly catalog: FieldCatalog | null;
}

const stores = new WeakMap<App, ReadonlyStore<CatalogState>>();

/** The catalogue; null until the host has sent it. */
export function useCatalog(): FieldCatalog | null {
  const app = useApp();
  return useStore(catalogStore(app), (state) => state.catalog);
}

function catalogStore(app: App): ReadonlyStore<CatalogState> {
  const known = stores.get(app);
  if (known !== undefined) return known;
  const store = makeStore<CatalogState>({ catalog: null });
  stores.set(app, store);
  app.client.request('fields.catalog', {}).then((answer) => store.set({ catalog: catalogOf(answer) }), app.report);
  return store;
}

export function catalogOf({ fields, protocols }: Output<'fields.catalog'>): FieldCatalog {
  const list = fields.map(fieldOf);
  const names = new Set(list.map((field) => field.abbrev));
  for (const name of protocols) {
    if (!names.has(name)) list.push(fieldOf({ name, label: name, type: 'protocol' }, list.length));
  }
  return makeCatalog(list);
}

function fieldOf({ name, label, type, values, show, flag }: CatalogField, id: number): Field {
  return {
    id,
    abbrev: name,
    label,
    type: type as FieldType,
    show: (show ?? 'dec') as FieldShow,
    names: values === undefined ? undefined : Object.fromEntries(values),
    bits: undefined,
    unitBits: undefined,
    flag,
    protocol: -1,
    doc: undefined,
  };
}
