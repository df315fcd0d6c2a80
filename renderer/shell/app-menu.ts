/** The menu under the mark: every command, by group. The desktop window has them in the system's menu bar as well. */

import type { Translate } from '../../engine/text/index.ts';
import { COMMAND_GROUPS, type CommandGroup } from '../commands/command.ts';
import { commands } from '../commands/index.ts';
import { choiceEntry, commandEntry } from '../commands/menu-entry.ts';
import type { MenuEntry, MenuGroup } from '../components/menu.tsx';
import type { App } from '../state/app.ts';

export function appMenu(app: App, t: Translate): readonly MenuGroup[] {
  const entries = COMMAND_GROUPS.map((group) => ({
    id: group,
    title: t(`menu.${group}`),
    entries: groupEntries(app, t, group),
  }));
  return [{ id: 'all', entries }];
}

/** Commands in their order; those of a section in a submenu where the first of them would stand. */
function groupEntries(app: App, t: Translate, group: CommandGroup): readonly MenuEntry[] {
  const own = commands.filter((command) => command.group === group);
  return own.flatMap((command): MenuEntry[] => {
    const { section } = command;
    if (section === undefined) return [commandEntry(app, t, command)];
    const all = own.filter((other) => other.section === section);
    if (all[0] !== command) return [];
    return [{ id: section, title: t(`menu.${section}`), entries: all.map((each) => choiceEntry(app, t, each)) }];
  });
}
