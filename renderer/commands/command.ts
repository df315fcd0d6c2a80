/** A command: title, shortcut, when and effect together. Menus, the palette and the shortcut list read the list of them. */

import type { LucideIcon } from 'lucide-react';
import type { TextKey, Translate } from '../../engine/text/index.ts';
import type { App } from '../state/app.ts';

export const COMMAND_GROUPS = ['file', 'edit', 'view', 'go', 'capture', 'packet', 'help'] as const;
export type CommandGroup = (typeof COMMAND_GROUPS)[number];

/** Choices that stand together in a submenu. */
export const COMMAND_SECTIONS = ['time', 'panes', 'rows', 'theme', 'language', 'panels'] as const;
export type CommandSection = (typeof COMMAND_SECTIONS)[number];

export interface Command {
  /** As the system's menu bar names it in `command` events: `file.open`. */
  readonly id: string;
  readonly title: CommandTitle;
  readonly group: CommandGroup;
  /** Submenu of the group's menu; the group's menu itself without. */
  readonly section?: CommandSection;
  /** Title in that submenu, whose own title says the rest. */
  readonly choice?: (t: Translate) => string;
  /** `Mod+Shift+K`; Mod is Command on macOS and Ctrl elsewhere. The first one is shown. */
  readonly shortcuts?: readonly string[];
  readonly icon?: LucideIcon;
  /** Whether it can run now; it always can without. */
  when?(app: App): boolean;
  /** Whether it is switched on, for commands that are a choice; shown as a tick. */
  isOn?(app: App): boolean;
  run(app: App): Promise<void> | void;
}

/** A key of the dictionary, or a text put together from several. */
export type CommandTitle = TitleKey | ((t: Translate) => string);

/** Keys whose texts have no places to fill in. */
export type TitleKey = Exclude<TextKey, 'command.panel' | 'command.time'> &
  (`command.${string}` | `packet.${string}` | `panel.${string}` | `time.${string}`);

export function defineCommand(command: Command): Command {
  return command;
}

export function commandTitle(t: Translate, command: Command): string {
  return typeof command.title === 'function' ? command.title(t) : t(command.title);
}

export function canRun(app: App, command: Command): boolean {
  return command.when?.(app) ?? true;
}

/** Runs a command if it can run; what it throws becomes a notice. */
export async function runCommand(app: App, command: Command): Promise<void> {
  if (!canRun(app, command)) return;
  try {
    await command.run(app);
  } catch (error) {
    app.report(error);
  }
}
