/** The menu bar: it names exactly the page's commands, with their titles and keys, in the language of the window. */

import { afterEach, describe, expect, test } from 'vitest';
import { acceleratorOf, MENUS, type MenuCommand } from '../../electron/menu-commands.ts';
import { translator } from '../../engine/text/index.ts';
import { commandTitle } from '../../renderer/commands/command.ts';
import { commands } from '../../renderer/commands/index.ts';
import { cleanUp, first, newProgram, type Shell, start } from './run-shell.ts';

afterEach(cleanUp);

type Entries = (typeof MENUS)[number]['entries'];

function flat(entries: Entries): MenuCommand[] {
  return entries.flatMap((entry) => {
    if (entry === 'separator') return [];
    return 'entries' in entry ? flat(entry.entries) : [entry];
  });
}

describe('the list', () => {
  test('has every command of the page, in the menu of its group', () => {
    const here = MENUS.map(({ title, entries }) => [
      title,
      flat(entries)
        .map(({ id }) => id)
        .sort(),
    ]);
    const groups = [...new Set(commands.map(({ group }) => group))];
    const there = groups.map((group) => {
      const ids = commands.filter((command) => command.group === group).map(({ id }) => id);
      return [`menu.${group}`, ids.sort()];
    });
    expect(Object.fromEntries(here)).toEqual(Object.fromEntries(there));
  });

  test.each(['en', 'ja'] as const)('has their titles and first shortcuts (%s)', (language) => {
    const t = translator(language);
    for (const { id, title, shortcut } of MENUS.flatMap(({ entries }) => flat(entries))) {
      const command = commands.find((one) => one.id === id);
      if (command === undefined) throw new Error(`there is no command ${id}`);
      expect(title(t), id).toBe(command.choice?.(t) ?? commandTitle(t, command));
      expect(shortcut, id).toBe(command.shortcuts?.[0]);
    }
  });
});

test('shortcuts are written in Electron’s words', () => {
  expect(['Mod+Shift+K', 'Alt+ArrowLeft', 'F3', 'Mod+,'].map(acceleratorOf)).toEqual([
    'CmdOrCtrl+Shift+K',
    'Alt+Left',
    'F3',
    'CmdOrCtrl+,',
  ]);
});

describe('shown', () => {
  type Item = Electron.MenuItemConstructorOptions;
  const menu = ({ state }: Shell, label: string): readonly Item[] => {
    const found = state.menu.find((item) => item.label === label)?.submenu;
    if (!Array.isArray(found)) throw new Error(`there is no menu ${label}`);
    return found;
  };

  test('a choice in it reaches the page as the command’s id; its key is only shown', async () => {
    const shell = await start(newProgram());
    const open = menu(shell, 'File').find(({ label }) => label === 'Open capture…');
    expect(open).toMatchObject({ accelerator: 'CmdOrCtrl+O', registerAccelerator: false });
    open?.click?.({} as Electron.MenuItem, undefined, {});
    expect(first(shell.processes).sent.at(-1)?.message).toEqual({ kind: 'command', id: 'file.open' });
  });

  test('follows the language of the window', async () => {
    const shell = await start(newProgram());
    first(shell.processes).emit('message', { kind: 'language', language: 'ja' });
    expect(menu(shell, 'ファイル')[0]?.label).toBe('キャプチャを開く…');
    first(shell.processes).emit('message', { kind: 'language', language: 'en' });
    expect(menu(shell, 'File')[0]?.label).toBe('Open capture…');
  });

  test('is in the language of the system until the host has said more', async () => {
    const shell = newProgram();
    shell.state.languages = ['fr-FR', 'ja-JP', 'en-US'];
    await start(shell);
    expect(menu(shell, 'ファイル').length).toBeGreaterThan(3);
  });
});
