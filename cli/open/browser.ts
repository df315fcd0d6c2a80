/**
 * Shows a served page in a browser of this machine: in a window of its own where a Chromium is found (`--app`), else in
 * the user's browser. Command lines can be read by other users, so the one-time code is in a file that only this user can
 * read and that leads to the page.
 */

import { type ChildProcess, spawn } from 'node:child_process';
import { accessSync, closeSync, constants, openSync, readSync, realpathSync, statSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { PrivateFolder } from '../../engine/host/private-folder.ts';
import { settingsFolder } from '../../engine/host/settings.ts';

/** How long a browser may take from its start to the first word of the page. */
const START_MS = 20_000;

interface Address {
  newAddress(): string;
}

/** Where it is shown; null: no browser could be started. */
export async function showInBrowser(
  wish: 'window' | 'browser',
  server: Address,
  folder: PrivateFolder,
  connected: Promise<void>,
): Promise<'window' | 'browser' | null> {
  const program = wish === 'window' ? findChromium() : null;
  if (program !== null) {
    const url = pathToFileURL(startFile(server, folder)).href;
    const child = spawn(program, [`--app=${url}`, ...windowFlags()], { stdio: 'ignore', detached: true });
    if (await hasStarted(child, connected)) return 'window';
  }
  const [opener, ...args] = openerOf(process.platform, startFile(server, folder));
  const child = spawn(opener, args, { stdio: 'ignore', detached: true });
  return (await hasStarted(child, connected)) ? 'browser' : null;
}

/** A profile of its own: the window does not end up in, or wait for, a browser that is open already. */
function windowFlags(): string[] {
  return [
    `--user-data-dir=${join(settingsFolder(), 'browser')}`,
    '--window-size=1280,820',
    '--no-first-run',
    '--no-default-browser-check',
    '--disable-background-networking',
    '--disable-sync',
  ];
}

/** True once the page has connected; false where the program cannot be started or fails before. */
function hasStarted(child: ChildProcess, connected: Promise<void>): Promise<boolean> {
  child.unref();
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(false), START_MS);
    const settle = (isStarted: boolean): void => {
      clearTimeout(timer);
      resolve(isStarted);
    };
    child.once('error', () => settle(false));
    // An opener, or a browser that hands over to one that is open, ends well at once.
    child.once('exit', (code) => code !== 0 && settle(false));
    void connected.then(() => settle(true));
  });
}

/** A page that leads on to the server, without script. */
function startFile(server: Address, folder: PrivateFolder): string {
  const path = folder.newPath('nagare.html');
  const page = [
    '<!doctype html>',
    '<meta charset="utf-8">',
    '<meta name="referrer" content="no-referrer">',
    '<title>Nagare</title>',
    `<meta http-equiv="refresh" content="0; url=${server.newAddress()}">`,
  ];
  writeFileSync(path, `${page.join('\n')}\n`, { mode: 0o600, flag: 'wx' });
  return path;
}

/** The command that opens a file with the program the user has chosen for it. */
export function openerOf(os: NodeJS.Platform, path: string): readonly [string, ...string[]] {
  // explorer.exe would do it too, but always ends with an error.
  if (os === 'win32') return ['rundll32.exe', 'url.dll,FileProtocolHandler', path];
  return [os === 'darwin' ? 'open' : 'xdg-open', path];
}

/** A browser with `--app`: a given one (NAGARE_BROWSER), Chrome, Edge, Chromium. Not a snap: it cannot read the start file. */
export function findChromium(
  env: NodeJS.ProcessEnv = process.env,
  os: NodeJS.Platform = process.platform,
): string | null {
  const given = env.NAGARE_BROWSER;
  const paths = given === undefined || given === '' ? chromiumPaths(env, os) : [given];
  return paths.find((path) => isProgram(path) && !isSnap(path)) ?? null;
}

function chromiumPaths(env: NodeJS.ProcessEnv, os: NodeJS.Platform): string[] {
  if (os === 'win32') {
    const roots = [env.ProgramFiles, env['ProgramFiles(x86)'], env.LOCALAPPDATA].filter((root) => root !== undefined);
    const programs = [
      'Google/Chrome/Application/chrome.exe',
      'Microsoft/Edge/Application/msedge.exe',
      'Chromium/Application/chrome.exe',
    ];
    return programs.flatMap((program) => roots.map((root) => join(root, program)));
  }
  if (os === 'darwin') {
    return ['Google Chrome', 'Microsoft Edge', 'Chromium'].map(
      (name) => `/Applications/${name}.app/Contents/MacOS/${name}`,
    );
  }
  const names = [
    'google-chrome-stable',
    'google-chrome',
    'microsoft-edge-stable',
    'microsoft-edge',
    'chromium',
    'chromium-browser',
  ];
  const folders = (env.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
  return names.flatMap((name) => folders.map((folder) => join(folder, name)));
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false; // not there, or not ours to run: both mean that it cannot be used
  }
}

/** A link into /snap, a link to the snap program, or a small script that starts or asks for one. */
function isSnap(path: string): boolean {
  const real = realpathSync(path);
  if (real.startsWith('/snap/') || real.endsWith('/snap')) return true;
  const head = Buffer.alloc(4096);
  const file = openSync(real, 'r');
  try {
    const text = head.toString('latin1', 0, readSync(file, head, 0, head.length, 0));
    return text.startsWith('#!') && /\/snap\/bin\/|snap install/.test(text);
  } finally {
    closeSync(file);
  }
}
