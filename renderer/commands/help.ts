/** Settings, the command palette, the list of shortcuts, and what this is. */

import { Command as CommandIcon, Info, Keyboard, Settings } from 'lucide-react';
import { defineCommand } from './command.ts';

export const openSettings = defineCommand({
  id: 'edit.settings',
  title: 'command.settings',
  group: 'edit',
  shortcuts: ['Mod+,'],
  icon: Settings,
  run: (app) => app.layout.openDialog('settings'),
});

export const palette = defineCommand({
  id: 'help.palette',
  title: 'command.palette',
  group: 'help',
  shortcuts: ['Mod+K', 'Mod+Shift+P'],
  icon: CommandIcon,
  run: (app) => app.layout.openDialog('palette'),
});

export const shortcuts = defineCommand({
  id: 'help.shortcuts',
  title: 'command.shortcuts',
  group: 'help',
  shortcuts: ['?'],
  icon: Keyboard,
  run: (app) => app.layout.openDialog('shortcuts'),
});

export const about = defineCommand({
  id: 'help.about',
  title: 'command.about',
  group: 'help',
  icon: Info,
  run: (app) => app.layout.openDialog('about'),
});
