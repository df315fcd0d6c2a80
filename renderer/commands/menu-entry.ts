/** A command as an entry of a menu, as it stands at this moment; and its shortcut as this system writes it. */

import type { Translate } from '../../engine/text/index.ts';
import type { MenuEntry } from '../components/menu.tsx';
import type { App } from '../state/app.ts';
import { type Command, canRun, commandTitle, runCommand } from './command.ts';
import { shortcutText } from './shortcut.ts';

export function isMac(app: App): boolean {
  return app.info.systemOs === 'macos';
}

/** The first of its shortcuts; undefined: it has none. */
export function commandShortcut(app: App, command: Command): string | undefined {
  const first = command.shortcuts?.[0];
  return first === undefined ? undefined : shortcutText(first, isMac(app));
}

export function commandEntry(app: App, t: Translate, command: Command): MenuEntry {
  return {
    id: command.id,
    title: commandTitle(t, command),
    icon: command.icon,
    shortcut: commandShortcut(app, command),
    isOn: command.isOn?.(app),
    isDisabled: !canRun(app, command),
    run: () => void runCommand(app, command),
  };
}

/** A command in the submenu of its section. */
export function choiceEntry(app: App, t: Translate, command: Command): MenuEntry {
  const entry = commandEntry(app, t, command);
  return command.choice === undefined ? entry : { ...entry, title: command.choice(t) };
}
