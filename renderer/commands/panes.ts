/** Where the panes are, and the way through them by keyboard. */

import { PanelBottom, PanelLeft, PanelRight, Rows3, Square } from 'lucide-react';
import { cyclePanes } from '../shell/pane-focus.ts';
import type { PanePlace } from '../state/layout-store.ts';
import { type Command, defineCommand } from './command.ts';

function place(panes: PanePlace, id: string, title: Command['title'], icon: NonNullable<Command['icon']>): Command {
  return defineCommand({
    id: `view.panes.${id}`,
    title,
    group: 'view',
    section: 'panes',
    icon,
    isOn: (app) => app.layout.get().panes === panes,
    run: (app) => app.layout.update({ panes }),
  });
}

const sidebar = defineCommand({
  id: 'view.sidebar',
  title: 'command.sidebar',
  group: 'view',
  icon: PanelLeft,
  isOn: (app) => !app.layout.get().isSideBarCollapsed,
  run: (app) => app.layout.update({ isSideBarCollapsed: !app.layout.get().isSideBarCollapsed }),
});

const details = defineCommand({
  id: 'view.details',
  title: 'command.details',
  group: 'view',
  section: 'panes',
  isOn: (app) => app.layout.get().showsDetails,
  run: (app) => app.layout.update({ showsDetails: !app.layout.get().showsDetails }),
});

const bytes = defineCommand({
  id: 'view.bytes',
  title: 'command.bytes',
  group: 'view',
  section: 'panes',
  isOn: (app) => app.layout.get().showsBytes,
  run: (app) => app.layout.update({ showsBytes: !app.layout.get().showsBytes }),
});

export const panePlaces: readonly Command[] = [
  place('below', 'below', 'command.panesBelow', PanelBottom),
  place('side', 'side', 'command.panesSide', PanelRight),
  place('stacked', 'stacked', 'command.panesStacked', Rows3),
  place('hidden', 'hidden', 'command.panesHidden', Square),
];

export const paneCommands: readonly Command[] = [sidebar, ...panePlaces, details, bytes];

export const nextPane = defineCommand({
  id: 'go.nextPane',
  title: 'command.nextPane',
  group: 'go',
  shortcuts: ['F6'],
  run: () => cyclePanes(1),
});

export const previousPane = defineCommand({
  id: 'go.previousPane',
  title: 'command.previousPane',
  group: 'go',
  shortcuts: ['Shift+F6'],
  run: () => cyclePanes(-1),
});
