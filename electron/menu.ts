/** The menu bar: the page's commands in the language of the window. The page handles the keys itself; here they are only shown. */

import { Menu, type MenuItemConstructorOptions } from 'electron';
import type { Translate } from '../engine/text/index.ts';
import { acceleratorOf, MENUS, type MenuEntry, plain } from './menu-commands.ts';

export function setMenu(t: Translate, os: NodeJS.Platform, run: (id: string) => void): void {
  const menus = MENUS.map(({ title, entries }): MenuItemConstructorOptions => {
    const items = entries.map((entry) => item(entry, t, run));
    if (title === 'menu.file' && os !== 'darwin') items.push({ type: 'separator' }, { role: 'quit' });
    if (title === 'menu.edit' && os === 'darwin') items.unshift(...MAC_EDIT);
    return { label: plain(title)(t), submenu: items };
  });
  Menu.setApplicationMenu(
    Menu.buildFromTemplate(os === 'darwin' ? [{ role: 'appMenu' }, ...menus, { role: 'windowMenu' }] : menus),
  );
}

/** On macOS text fields have these keys from the menu only. */
const MAC_EDIT: readonly MenuItemConstructorOptions[] = [
  { role: 'undo' },
  { role: 'redo' },
  { type: 'separator' },
  { role: 'cut' },
  { role: 'copy' },
  { role: 'paste' },
  { role: 'selectAll' },
  { type: 'separator' },
];

function item(entry: MenuEntry, t: Translate, run: (id: string) => void): MenuItemConstructorOptions {
  if (entry === 'separator') return { type: 'separator' };
  if ('entries' in entry) return { label: entry.title(t), submenu: entry.entries.map((inner) => item(inner, t, run)) };
  const { id, title, shortcut } = entry;
  return {
    label: title(t),
    click: () => run(id),
    ...(shortcut === undefined ? {} : { accelerator: acceleratorOf(shortcut), registerAccelerator: false }),
  };
}
