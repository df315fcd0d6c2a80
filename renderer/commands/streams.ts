/** Streams put together from packets, and the files they carried. */

import { MessagesSquare, PackageOpen } from 'lucide-react';
import { defineCommand } from './command.ts';

export const followStream = defineCommand({
  id: 'packet.follow',
  title: 'command.follow',
  group: 'packet',
  shortcuts: ['Mod+Alt+Shift+T'],
  icon: MessagesSquare,
  when: (app) => app.selection.get().row >= 0,
  run: (app) => app.layout.openDialog('follow'),
});

export const exportObjects = defineCommand({
  id: 'file.objects',
  title: 'command.objects',
  group: 'file',
  icon: PackageOpen,
  when: (app) => app.filter.get().view !== null,
  run: (app) => app.layout.openDialog('objects'),
});
