/** Where things are: the panel shown, the side bar, the panes of the packet panel, the open dialog. */

import * as v from 'valibot';
import type { SettingsStore } from './settings-store.ts';
import { makeStore, type ReadonlyStore } from './store.ts';

/** Where details and bytes stand: below the list beside each other, right of it, below it one above the other, nowhere. */
export const PANE_PLACES = ['below', 'side', 'stacked', 'hidden'] as const;
export type PanePlace = (typeof PANE_PLACES)[number];

export type DialogName =
  | 'open'
  | 'export'
  | 'filters'
  | 'find'
  | 'follow'
  | 'objects'
  | 'goTo'
  | 'settings'
  | 'columns'
  | 'colours'
  | 'shortcuts'
  | 'comments'
  | 'decodeAs'
  | 'tlsKeys'
  | 'unwanted'
  | 'names'
  | 'captureOptions'
  | 'captureCommands'
  | 'captureSave'
  | 'captureLeave'
  | 'palette'
  | 'about';

/** An open dialog. `argument` is what it starts with: a filter for `colours`, a text for `find`. */
export interface OpenDialog {
  readonly name: DialogName;
  readonly argument: string;
}

export interface Layout {
  readonly panel: string;
  readonly isSideBarCollapsed: boolean;
  readonly panes: PanePlace;
  readonly showsDetails: boolean;
  readonly showsBytes: boolean;
  /** Sizes in percent by pane, for each group of panes. */
  readonly sizes: Readonly<Record<string, Readonly<Record<string, number>>>>;
  /** What was chosen in each panel. */
  readonly panelOptions: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly dialog: OpenDialog | null;
}

/** The part that is kept. Values of another version, or broken ones, become the defaults. */
const keptSchema = v.fallback(
  v.object({
    isSideBarCollapsed: v.fallback(v.boolean(), false),
    panes: v.fallback(v.picklist(PANE_PLACES), 'below'),
    showsDetails: v.fallback(v.boolean(), true),
    showsBytes: v.fallback(v.boolean(), true),
    sizes: v.fallback(v.record(v.string(), v.record(v.string(), v.pipe(v.number(), v.finite()))), {}),
    panelOptions: v.fallback(v.record(v.string(), v.record(v.string(), v.string())), {}),
  }),
  { isSideBarCollapsed: false, panes: 'below', showsDetails: true, showsBytes: true, sizes: {}, panelOptions: {} },
);

type Kept = v.InferOutput<typeof keptSchema>;

export interface LayoutStore extends ReadonlyStore<Layout> {
  showPanel(id: string): void;
  /** Changes what is kept in the settings. */
  update(patch: Partial<Kept>): void;
  keepSizes(group: string, sizes: Readonly<Record<string, number>>): void;
  setPanelOption(panel: string, id: string, value: string): void;
  openDialog(name: DialogName, argument?: string): void;
  closeDialog(): void;
}

const SETTING = 'window';

export function makeLayoutStore(settings: SettingsStore, panel: string): LayoutStore {
  const kept = v.parse(keptSchema, settings.get().layout[SETTING]);
  const store = makeStore<Layout>({ ...kept, panel, dialog: null });

  function update(patch: Partial<Kept>): void {
    store.set(patch);
    const { isSideBarCollapsed, panes, showsDetails, showsBytes, sizes, panelOptions } = store.get();
    settings.updateLayout(SETTING, { isSideBarCollapsed, panes, showsDetails, showsBytes, sizes, panelOptions });
  }

  return {
    get: store.get,
    subscribe: store.subscribe,
    update,
    showPanel: (id) => store.set({ panel: id }),
    keepSizes: (group, sizes) => update({ sizes: { ...store.get().sizes, [group]: sizes } }),
    setPanelOption: (panel, id, value) => {
      const { panelOptions } = store.get();
      update({ panelOptions: { ...panelOptions, [panel]: { ...panelOptions[panel], [id]: value } } });
    },
    openDialog: (name, argument = '') => store.set({ dialog: { name, argument } }),
    closeDialog: () => store.set({ dialog: null }),
  };
}
