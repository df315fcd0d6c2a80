/** What the user says once for all captures: protocols that should not be there, names for addresses. */

import { ShieldAlert, Tag } from 'lucide-react';
import { defineCommand } from './command.ts';

export const unwanted = defineCommand({
  id: 'edit.unwanted',
  title: 'command.unwanted',
  group: 'edit',
  icon: ShieldAlert,
  run: (app) => app.layout.openDialog('unwanted'),
});

export const names = defineCommand({
  id: 'edit.names',
  title: 'command.names',
  group: 'edit',
  icon: Tag,
  run: (app) => app.layout.openDialog('names'),
});

export const namesToggle = defineCommand({
  id: 'view.names',
  title: 'command.namesToggle',
  group: 'view',
  isOn: (app) => app.settings.get().showNames,
  run: (app) => app.settings.update({ showNames: !app.settings.get().showNames }),
});

export const relativeToggle = defineCommand({
  id: 'view.relativeSequence',
  title: 'command.relativeToggle',
  group: 'view',
  isOn: (app) => app.settings.get().relativeSequence,
  run: (app) => app.settings.update({ relativeSequence: !app.settings.get().relativeSequence }),
});
