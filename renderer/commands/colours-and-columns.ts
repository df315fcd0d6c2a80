/** What the list's columns and colours are. */

import { Columns3, Palette } from 'lucide-react';
import { defineCommand } from './command.ts';

export const columns = defineCommand({
  id: 'view.columns',
  title: 'command.columns',
  group: 'view',
  icon: Columns3,
  run: (app) => app.layout.openDialog('columns'),
});

export const colours = defineCommand({
  id: 'view.colours',
  title: 'command.colours',
  group: 'view',
  icon: Palette,
  run: (app) => app.layout.openDialog('colours'),
});

export const coloursToggle = defineCommand({
  id: 'view.coloursOn',
  title: 'command.coloursToggle',
  group: 'view',
  isOn: (app) => app.settings.get().coloursOn,
  run: (app) => app.settings.update({ coloursOn: !app.settings.get().coloursOn }),
});
