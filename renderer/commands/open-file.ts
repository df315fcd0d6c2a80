/** Opens a capture: with the system's dialog where the host has one, else with our own over the host's folders. */

import { FolderOpen } from 'lucide-react';
import { defineCommand } from './command.ts';

export const openFile = defineCommand({
  id: 'file.open',
  title: 'command.open',
  group: 'file',
  shortcuts: ['Mod+O'],
  icon: FolderOpen,
  async run(app) {
    if (!app.info.hasDialogs) return app.layout.openDialog('open');
    const paths = await app.client.request('files.dialog', { kind: 'open' });
    if (paths.length > 0) await app.openFiles(paths);
  },
});
