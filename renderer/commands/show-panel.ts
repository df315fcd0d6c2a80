/** Shows a panel: one command for each in the list of views. */

import type { View } from '../views/view.ts';
import { type Command, defineCommand } from './command.ts';

export function showPanel(view: View): Command {
  return defineCommand({
    id: `go.panel.${view.id}`,
    title: (t) => t('command.panel', { panel: t(view.title) }),
    group: 'go',
    section: 'panels',
    choice: (t) => t(view.title),
    icon: view.icon,
    when: (app) => {
      const { state } = app.session.get();
      return state === null ? view.isAvailable === undefined : (view.isAvailable?.(state) ?? true);
    },
    isOn: (app) => app.layout.get().panel === view.id,
    async run(app) {
      await app.navigate({ panel: view.id });
    },
  });
}
