/** Opens the export dialog. */

import { Download } from 'lucide-react';
import { defineCommand } from './command.ts';

export const exportPackets = defineCommand({
  id: 'file.export',
  title: 'command.export',
  group: 'file',
  shortcuts: ['Mod+S', 'Mod+Shift+S'],
  icon: Download,
  when: (app) => app.filter.get().view !== null,
  run: (app) => app.layout.openDialog('export'),
});
