/** Ends the loading of a capture; what was read stays. */

import { defineCommand } from './command.ts';

export const stopLoading = defineCommand({
  id: 'file.stop',
  title: 'command.stopLoading',
  group: 'file',
  when: (app) => app.session.get().state?.isLoading === true,
  run: (app) => app.session.stop(),
});
