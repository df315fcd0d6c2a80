/** Which browser shows the window, and that the one-time code stays off command lines. */

import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { findChromium, openerOf, showInBrowser } from '../../../../cli/open/browser.ts';
import { hasDisplay, sshLine } from '../../../../cli/serve/run.ts';
import { PrivateFolder } from '../../../../engine/host/private-folder.ts';

const isPosix = process.platform !== 'win32';
let base: string;

beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), 'nagare-test-'));
  vi.stubEnv('NAGARE_CONFIG_DIR', join(base, 'config'));
});

afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(base, { recursive: true, force: true });
});

function program(name: string, script: string): string {
  const path = join(base, name);
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, `#!/bin/sh\n${script}\n`);
  chmodSync(path, 0o755);
  return path;
}

describe('findChromium', () => {
  test.runIf(isPosix)('takes Chrome before Chromium, and no snap', () => {
    program('a/chromium', 'exec /snap/bin/chromium "$@"');
    const chromium = program('b/chromium', 'true');
    const env = { PATH: `${join(base, 'a')}:${join(base, 'b')}` };
    expect(findChromium(env, 'linux')).toBe(chromium);
    const chrome = program('b/google-chrome', 'true');
    expect(findChromium(env, 'linux')).toBe(chrome);
    expect(findChromium({ ...env, NAGARE_BROWSER: chromium }, 'linux')).toBe(chromium);
    expect(findChromium({ PATH: base }, 'linux')).toBeNull();
  });

  test.runIf(isPosix)('looks into the program folders of Windows', () => {
    const edge = program('Files/Microsoft/Edge/Application/msedge.exe', '');
    expect(findChromium({ ProgramFiles: join(base, 'Files') }, 'win32')).toBe(edge);
  });
});

describe.runIf(isPosix)('showInBrowser', () => {
  test('gives the code in a file that only this user can read', async () => {
    const said = join(base, 'said');
    vi.stubEnv('NAGARE_BROWSER', program('browser', `echo "$@" > ${said}.part && mv ${said}.part ${said}; sleep 2`));
    const folder = new PrivateFolder(base);
    const server = { newAddress: () => 'http://127.0.0.1:1/?code=secret' };
    let connect = (): void => undefined;
    const connected = new Promise<void>((resolve) => {
      connect = resolve;
    });
    const shown = showInBrowser('window', server, folder, connected);
    const line = await vi.waitFor(() => readFileSync(said, 'utf8'), 5000);
    expect(line).not.toContain('secret');
    const file = fileURLToPath(/--app=(\S+)/.exec(line)?.[1] ?? '');
    expect(readFileSync(file, 'utf8')).toContain('url=http://127.0.0.1:1/?code=secret');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(line).toContain(`--user-data-dir=${join(base, 'config')}`);
    expect(line).not.toContain('--no-sandbox');
    connect();
    expect(await shown).toBe('window');
    folder.remove();
  });

  test('a browser that fails leads to the next way, and in the end to none', async () => {
    vi.stubEnv('NAGARE_BROWSER', program('browser', 'exit 3'));
    vi.stubEnv('PATH', base); // no xdg-open, no open
    const folder = new PrivateFolder(base);
    const server = { newAddress: () => 'http://127.0.0.1:1/?code=secret' };
    expect(await showInBrowser('window', server, folder, new Promise(() => undefined))).toBeNull();
    folder.remove();
  });
});

test('each system has its own way to open a file', () => {
  expect(openerOf('linux', 'f.html')).toEqual(['xdg-open', 'f.html']);
  expect(openerOf('darwin', 'f.html')).toEqual(['open', 'f.html']);
  expect(openerOf('win32', 'f.html')).toEqual(['rundll32.exe', 'url.dll,FileProtocolHandler', 'f.html']);
});

test('a display is one that whoever started the program can see', () => {
  expect(hasDisplay({}, 'linux')).toBe(false);
  expect(hasDisplay({ DISPLAY: '' }, 'linux')).toBe(false);
  expect(hasDisplay({ DISPLAY: ':0' }, 'linux')).toBe(true);
  expect(hasDisplay({ WAYLAND_DISPLAY: 'wayland-0' }, 'linux')).toBe(true);
  expect(hasDisplay({}, 'darwin')).toBe(true);
  expect(hasDisplay({ SSH_CONNECTION: '192.0.2.1 5 192.0.2.2 22' }, 'darwin')).toBe(false);
  expect(hasDisplay({ SSH_CONNECTION: '192.0.2.1 5 192.0.2.2 22' }, 'win32')).toBe(false);
});

test('the ssh line leads to this machine as its user has come to it', () => {
  expect(sshLine(4321, { SSH_CONNECTION: '192.0.2.1 50000 192.0.2.2 22' })).toMatch(
    /^ssh -L 4321:127\.0\.0\.1:4321 \S+@192\.0\.2\.2$/,
  );
  expect(sshLine(4321, { SSH_CONNECTION: '192.0.2.1 50000 192.0.2.2 2222' })).toContain(' -p 2222 ');
  expect(sshLine(4321, {})).toMatch(/^ssh -L 4321:127\.0\.0\.1:4321 \S+@\S+$/);
});
