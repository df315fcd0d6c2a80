import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { translator } from '../../../../engine/text/index.ts';
import { commandTitle } from '../../../../renderer/commands/command.ts';
import { commands } from '../../../../renderer/commands/index.ts';
import { matchesShortcut, parseShortcut, shortcutText } from '../../../../renderer/commands/shortcut.ts';

const FOLDER = new URL('../../../../renderer/commands/', import.meta.url);
/** Files that define no command. */
const HELPERS = ['command.ts', 'index.ts', 'menu-entry.ts', 'shortcut.ts'];

function key(text: string, modifiers: Partial<Record<'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey', boolean>> = {}) {
  return { key: text, ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, ...modifiers };
}

describe('the list of commands', () => {
  it('has every command once', () => {
    const ids = commands.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('has no shortcut twice, on any system', () => {
    for (const isMac of [false, true]) {
      const texts = commands.flatMap(({ shortcuts = [] }) => shortcuts.map((text) => shortcutText(text, isMac)));
      expect(new Set(texts).size).toBe(texts.length);
    }
  });

  it('leaves no file of the folder out', () => {
    const index = readFileSync(new URL('index.ts', FOLDER), 'utf8');
    for (const file of readdirSync(FOLDER).filter((name) => !HELPERS.includes(name))) {
      expect(index, file).toContain(`'./${file}'`);
    }
  });

  it('has a title for each in both languages', () => {
    for (const language of ['en', 'ja'] as const) {
      const titles = commands.map((command) => commandTitle(translator(language), command));
      for (const title of titles) expect(title).toMatch(/\S/);
      expect(new Set(titles).size).toBe(titles.length);
    }
  });

  it('has those that the menu bar of every system needs', () => {
    const ids = new Set(commands.map(({ id }) => id));
    for (const id of ['file.open', 'file.export', 'file.close', 'edit.find', 'go.packet', 'go.back', 'help.palette']) {
      expect(ids).toContain(id);
    }
  });
});

describe('shortcuts', () => {
  it('take Command for Mod on macOS and Ctrl elsewhere', () => {
    const elsewhere = parseShortcut('Mod+K', false);
    const mac = parseShortcut('Mod+K', true);
    expect(matchesShortcut(elsewhere, key('k', { ctrlKey: true }))).toBe(true);
    expect(matchesShortcut(elsewhere, key('k', { metaKey: true }))).toBe(false);
    expect(matchesShortcut(mac, key('k', { metaKey: true }))).toBe(true);
    expect(matchesShortcut(mac, key('k', { ctrlKey: true }))).toBe(false);
  });

  it('match exactly the modifiers they name', () => {
    const shortcut = parseShortcut('Mod+Shift+S', false);
    expect(matchesShortcut(shortcut, key('S', { ctrlKey: true, shiftKey: true }))).toBe(true);
    expect(matchesShortcut(shortcut, key('s', { ctrlKey: true }))).toBe(false);
    expect(matchesShortcut(shortcut, key('S', { ctrlKey: true, shiftKey: true, altKey: true }))).toBe(false);
  });

  it('match a sign whether or not the keyboard needs Shift for it', () => {
    expect(matchesShortcut(parseShortcut('?', false), key('?', { shiftKey: true }))).toBe(true);
    expect(matchesShortcut(parseShortcut('Mod+/', false), key('/', { ctrlKey: true, shiftKey: true }))).toBe(true);
    expect(matchesShortcut(parseShortcut('Mod+/', false), key('/', {}))).toBe(false);
  });

  it('are written as each system writes them', () => {
    expect(shortcutText('Mod+Shift+K', false)).toBe('Ctrl+Shift+K');
    expect(shortcutText('Mod+Shift+K', true)).toBe('⌘⇧K');
    expect(shortcutText('Alt+ArrowLeft', false)).toBe('Alt+←');
  });
});
