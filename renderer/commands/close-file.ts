/** Closes the open capture. */

import { defineCommand } from './command.ts';

export const closeFile = defineCommand({
  id: 'file.close',
  title: 'command.close',
  group: 'file',
  shortcuts: ['Mod+W'],
  when: (app) => app.session.get().state !== null,
  run: (app) => app.closeFile(),
});
