/** Marks, ignored packets, time references and comments of the selected packets. */

import { EyeOff, Flag, MessageSquare, Timer } from 'lucide-react';
import { ROW_FLAG, type RowsPage } from '../../engine/contract/api.ts';
import type { App } from '../state/app.ts';
import { packRanges } from '../state/row-ranges.ts';
import { type Command, defineCommand, type TitleKey } from './command.ts';

type Flagged = 'marked' | 'ignored' | 'reference';

function hasSelection(app: App): boolean {
  return app.filter.get().view !== null && app.selection.get().ranges.length > 0;
}

/** Switches a flag of the selected packets: off when the current packet has it, on for all of them otherwise. */
async function toggle(app: App, what: Flagged): Promise<void> {
  const { view } = app.filter.get();
  const { ranges, position } = app.selection.get();
  if (view === null || ranges.length === 0) return;
  const current = await app.client.request('view.rows', {
    view: view.view,
    first: Math.max(position, 0),
    count: 1,
    columns: [],
  });
  await app.client.request('packets.flag', {
    session: view.session,
    view: view.view,
    rows: { positions: packRanges(ranges) },
    what,
    on: !isSet(current, what),
  });
}

function isSet(page: RowsPage, what: Flagged): boolean {
  const flags = page.flags[0] ?? 0;
  switch (what) {
    case 'marked':
      return (flags & ROW_FLAG.marked) !== 0;
    case 'ignored':
      return (flags & ROW_FLAG.ignored) !== 0;
    case 'reference':
      return page.isReference[0] === 1;
  }
}

function flag(
  id: string,
  title: TitleKey,
  shortcut: string,
  icon: NonNullable<Command['icon']>,
  what: Flagged,
): Command {
  return defineCommand({
    id: `packet.${id}`,
    title,
    group: 'packet',
    shortcuts: [shortcut],
    icon,
    when: hasSelection,
    run: (app) => toggle(app, what),
  });
}

export const mark = flag('mark', 'command.mark', 'Mod+M', Flag, 'marked');
export const ignore = flag('ignore', 'command.ignore', 'Mod+D', EyeOff, 'ignored');
export const reference = flag('reference', 'command.reference', 'Mod+T', Timer, 'reference');

export const comment = defineCommand({
  id: 'packet.comment',
  title: 'command.comment',
  group: 'packet',
  shortcuts: ['Mod+Alt+C'],
  icon: MessageSquare,
  when: (app) => app.selection.get().row >= 0,
  run: (app) => app.layout.openDialog('comments'),
});

export const selectAll = defineCommand({
  id: 'edit.selectAll',
  title: 'command.selectAll',
  group: 'edit',
  when: (app) => (app.filter.get().view?.rows ?? 0) > 0,
  run: (app) => app.selection.selectAll(app.filter.get().view?.rows ?? 0),
});
