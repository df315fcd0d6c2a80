/** To the next, previous, first and last packet of the list, from wherever the focus is. */

import type { App } from '../state/app.ts';
import { type Command, defineCommand, type TitleKey } from './command.ts';

function rows(app: App): number {
  return app.filter.get().view?.rows ?? 0;
}

function move(
  id: string,
  title: TitleKey,
  shortcut: string,
  target: (position: number, rows: number) => number,
): Command {
  return defineCommand({
    id: `go.${id}`,
    title,
    group: 'go',
    shortcuts: [shortcut],
    when: (app) => rows(app) > 0,
    run: (app) => {
      const to = target(app.selection.get().position, rows(app));
      app.selection.select(Math.max(0, Math.min(to, rows(app) - 1)));
    },
  });
}

export const nextPacket = move('next', 'command.nextPacket', 'Mod+ArrowDown', (position) => position + 1);
export const previousPacket = move('previous', 'command.previousPacket', 'Mod+ArrowUp', (position) => position - 1);
export const firstPacket = move('first', 'command.firstPacket', 'Mod+Home', () => 0);
export const lastPacket = move('last', 'command.lastPacket', 'Mod+End', (_, count) => count - 1);
