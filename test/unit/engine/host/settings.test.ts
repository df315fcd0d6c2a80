/** The user's settings: kept in one private file, whatever is wrong in it. */

import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { defaultSettings, SettingsStore, settingsFolder } from '../../../../engine/host/settings.ts';

let folder: string;
let file: string;

beforeEach(() => {
  folder = join(mkdtempSync(join(tmpdir(), 'nagare-test-')), 'config');
  file = join(folder, 'settings.json');
});

afterEach(() => rmSync(join(folder, '..'), { recursive: true, force: true }));

function stored(text: string): SettingsStore {
  mkdirSync(folder, { recursive: true });
  writeFileSync(file, text);
  return new SettingsStore(folder);
}

describe('the first start', () => {
  test('is the one without a file, and has the defaults', () => {
    const store = new SettingsStore(folder);
    expect(store.isFirstStart).toBe(true);
    expect(store.get()).toEqual(defaultSettings);
    expect(existsSync(file)).toBe(false);
    store.set({});
    expect(new SettingsStore(folder).isFirstStart).toBe(false);
  });
});

test('what is set is there the next time, in a file of this user alone', () => {
  new SettingsStore(folder).set({ theme: 'dark', language: 'ja' });
  expect(new SettingsStore(folder).get()).toMatchObject({ theme: 'dark', language: 'ja' });
  if (process.platform !== 'win32') expect(statSync(file).mode & 0o777).toBe(0o600);
});

describe('what is wrong in the file', () => {
  test('takes its default alone; the rest stays, keys of other versions go', () => {
    const text = JSON.stringify({ theme: 'purple', language: 'ja', recentFiles: [1], columns: 'none', other: 1 });
    const settings = stored(text).get();
    expect(settings).toEqual({ ...defaultSettings, language: 'ja' });
  });

  test.each(['', '{', 'null', '[]', '"text"', '{"__proto__":{"theme":"dark"}}'])(
    '%j as a whole gives the defaults',
    (text) => {
      const write = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
      const store = stored(text);
      expect(store.get()).toEqual(defaultSettings);
      expect(store.isFirstStart).toBe(text === 'null');
      write.mockRestore();
    },
  );
});

test('lists are kept short and without repetitions', () => {
  const names = Array.from({ length: 150 }, (_, i) => `file-${i}`);
  const { recentFiles, filterHistory } = new SettingsStore(folder).set({
    recentFiles: ['file-3', ...names],
    filterHistory: names,
  });
  expect(recentFiles.slice(0, 3)).toEqual(['file-3', 'file-0', 'file-1']);
  expect([recentFiles.length, filterHistory.length]).toEqual([20, 100]);
});

test('a place that cannot be written to is said once per change, and lasts until the end', () => {
  mkdirSync(join(folder, '..'), { recursive: true });
  writeFileSync(folder, 'a file in its place');
  const write = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  const store = new SettingsStore(folder);
  expect(store.set({ theme: 'dark' }).theme).toBe('dark');
  expect(store.get().theme).toBe('dark');
  expect(write).toHaveBeenCalledWith(expect.stringContaining('could not be written'));
  write.mockRestore();
  expect(readFileSync(folder, 'utf8')).toBe('a file in its place');
});

test('the place is the one each system has for such', () => {
  expect(settingsFolder({ APPDATA: '/appdata' }, 'win32')).toBe(join('/appdata', 'Nagare'));
  expect(settingsFolder({}, 'darwin')).toBe(join(homedir(), 'Library', 'Application Support', 'Nagare'));
  expect(settingsFolder({ XDG_CONFIG_HOME: '/xdg' }, 'linux')).toBe(join('/xdg', 'nagare'));
  expect(settingsFolder({}, 'linux')).toBe(join(homedir(), '.config', 'nagare'));
  expect(settingsFolder({ NAGARE_CONFIG_DIR: '/own', APPDATA: '/appdata' }, 'win32')).toBe('/own');
});
