/** Opens the dialog that asks for a packet number. */

import { Hash } from 'lucide-react';
import { defineCommand } from './command.ts';

export const goToPacket = defineCommand({
  id: 'go.packet',
  title: 'command.goTo',
  group: 'go',
  shortcuts: ['Mod+G'],
  icon: Hash,
  when: (app) => (app.filter.get().view?.rows ?? 0) > 0,
  run: (app) => app.layout.openDialog('goTo'),
});
