/** Which browser tests take: test/support/browser.ts. */
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { findBrowser } from '../../support/browser.ts';

let folder = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'nagare-browser-'));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

function program(name: string, content = '#!/bin/sh\nexec /usr/lib/chromium/chromium "$@"\n'): string {
  const path = join(folder, name);
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, content);
  chmodSync(path, 0o755);
  return path;
}

describe.skipIf(process.platform === 'win32')('on Linux', () => {
  const found = (...folders: string[]) => findBrowser({ PATH: folders.join(delimiter) }, 'linux');

  test('a given path comes before all others, and one that leads nowhere is an error', () => {
    const given = program('given');
    program('google-chrome');
    expect(findBrowser({ NAGARE_BROWSER: given, PATH: folder }, 'linux')).toEqual({ path: given, origin: 'given' });
    expect(() => findBrowser({ NAGARE_BROWSER: join(folder, 'gone'), PATH: folder }, 'linux')).toThrow('gone');
  });

  test('Chrome comes before Edge, Edge before Chromium, in whichever folder they are', () => {
    const chromium = program('first/chromium');
    const first = join(folder, 'first');
    const second = join(folder, 'second');
    expect(found(first, second)).toEqual({ path: chromium, origin: 'chromium' });
    const edge = program('second/microsoft-edge');
    expect(found(first, second)).toEqual({ path: edge, origin: 'edge' });
    const chrome = program('second/google-chrome');
    expect(found(first, second)).toEqual({ path: chrome, origin: 'chrome' });
  });

  test('a stub that starts or asks for a snap does not count', () => {
    program('chromium-browser', '#!/bin/sh\nif ! [ -x /snap/bin/chromium ]; then echo "snap install chromium"; fi\n');
    expect(found(folder)?.origin).not.toBe('chromium');
    symlinkSync(program('snap'), join(folder, 'chromium'));
    expect(found(folder)?.origin).not.toBe('chromium');
  });

  test('a file that may not be run, and a folder of that name, do not count', () => {
    chmodSync(program('google-chrome'), 0o644);
    mkdirSync(join(folder, 'chromium'));
    const browser = found(folder);
    expect(browser === null || browser.origin === 'playwright').toBe(true);
  });
});
