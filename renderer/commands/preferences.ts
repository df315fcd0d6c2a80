/** What the user says once for all captures: protocols that should not be there. */

import { ShieldAlert } from 'lucide-react';
import { defineCommand } from './command.ts';

export const unwanted = defineCommand({
  id: 'edit.unwanted',
  title: 'command.unwanted',
  group: 'edit',
  icon: ShieldAlert,
  run: (app) => app.layout.openDialog('unwanted'),
});
