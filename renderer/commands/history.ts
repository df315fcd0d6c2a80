/** Back and forward through the history of views. */

import { ArrowLeft, ArrowRight } from 'lucide-react';
import { defineCommand } from './command.ts';

export const back = defineCommand({
  id: 'go.back',
  title: 'command.back',
  group: 'go',
  shortcuts: ['Alt+ArrowLeft'],
  icon: ArrowLeft,
  when: (app) => app.history.get().back.length > 0,
  run: (app) => app.back(),
});

export const forward = defineCommand({
  id: 'go.forward',
  title: 'command.forward',
  group: 'go',
  shortcuts: ['Alt+ArrowRight'],
  icon: ArrowRight,
  when: (app) => app.history.get().forward.length > 0,
  run: (app) => app.forward(),
});
