/** Decode as: what ports and other numbers carry, against what the program takes them for. */

import { Binary } from 'lucide-react';
import { defineCommand } from './command.ts';

export const decodeAs = defineCommand({
  id: 'packet.decodeAs',
  title: 'command.decodeAs',
  group: 'packet',
  icon: Binary,
  when: (app) => app.session.get().state !== null,
  run: (app) => app.layout.openDialog('decodeAs'),
});
