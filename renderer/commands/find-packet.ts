/** Finding packets by text, bytes, expression or filter. The dialog keeps what was searched last. */

import { Search } from 'lucide-react';
import type { App } from '../state/app.ts';
import { defineCommand } from './command.ts';

const hasView = (app: App): boolean => app.filter.get().view !== null;

export const findPacket = defineCommand({
  id: 'edit.find',
  title: 'command.find',
  group: 'edit',
  shortcuts: ['Mod+F'],
  icon: Search,
  when: hasView,
  run: (app) => app.layout.openDialog('find'),
});

export const findNext = defineCommand({
  id: 'edit.findNext',
  title: 'command.findNext',
  group: 'edit',
  shortcuts: ['F3', 'Mod+N'],
  when: hasView,
  run: (app) => app.layout.openDialog('find', 'next'),
});

export const findPrevious = defineCommand({
  id: 'edit.findPrevious',
  title: 'command.findPrevious',
  group: 'edit',
  shortcuts: ['Shift+F3', 'Mod+B'],
  when: hasView,
  run: (app) => app.layout.openDialog('find', 'previous'),
});
