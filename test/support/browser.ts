/**
 * Finds a browser to test with: a given path (NAGARE_BROWSER), Chrome or Edge, the system's real Chromium, Playwright's
 * own. Ubuntu's chromium is a stub that starts a snap: it cannot be driven from here, so it does not count.
 */
import { accessSync, closeSync, constants, existsSync, openSync, readSync, realpathSync, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { chromium } from 'playwright';

export interface Browser {
  readonly path: string;
  readonly origin: 'given' | 'chrome' | 'edge' | 'chromium' | 'playwright';
}

/** Without these Chromium asks the network for things of its own, or opens windows about itself. */
export const BROWSER_FLAGS: readonly string[] = [
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** The flags for this user: root may not use Chromium's sandbox, which is fine in a test machine only. */
export function browserFlags(): string[] {
  return process.getuid?.() === 0 ? [...BROWSER_FLAGS, '--no-sandbox'] : [...BROWSER_FLAGS];
}

/** The first browser there is, or null. A given path that leads nowhere throws: whoever gave it wants to know. */
export function findBrowser(
  env: NodeJS.ProcessEnv = process.env,
  platform: NodeJS.Platform = process.platform,
): Browser | null {
  const given = env['NAGARE_BROWSER'];
  if (given !== undefined && given !== '') {
    if (!isProgram(given)) throw new Error(`NAGARE_BROWSER names ${given}, which is not a program`);
    return { path: given, origin: 'given' };
  }
  for (const { path, origin } of candidates(env, platform)) {
    if (isProgram(path) && !isSnapStub(path)) return { path, origin };
  }
  const own = chromium.executablePath();
  return own !== '' && existsSync(own) ? { path: own, origin: 'playwright' } : null;
}

function candidates(env: NodeJS.ProcessEnv, platform: NodeJS.Platform): Browser[] {
  switch (platform) {
    case 'win32': {
      const roots = [env['ProgramFiles'], env['ProgramFiles(x86)'], env['LOCALAPPDATA']].filter(
        (root) => root !== undefined,
      );
      return [
        ...roots.map(
          (root) => ({ path: join(root, 'Google/Chrome/Application/chrome.exe'), origin: 'chrome' }) as const,
        ),
        ...roots.map(
          (root) => ({ path: join(root, 'Microsoft/Edge/Application/msedge.exe'), origin: 'edge' }) as const,
        ),
        ...roots.map((root) => ({ path: join(root, 'Chromium/Application/chrome.exe'), origin: 'chromium' }) as const),
      ];
    }
    case 'darwin':
      return [
        { path: '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome', origin: 'chrome' },
        { path: '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge', origin: 'edge' },
        { path: '/Applications/Chromium.app/Contents/MacOS/Chromium', origin: 'chromium' },
      ];
    default: {
      const folders = (env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
      const named = (name: string, origin: Browser['origin']) =>
        folders.map((folder) => ({ path: join(folder, name), origin }));
      return [
        ...named('google-chrome-stable', 'chrome'),
        ...named('google-chrome', 'chrome'),
        ...named('microsoft-edge-stable', 'edge'),
        ...named('microsoft-edge', 'edge'),
        ...named('chromium', 'chromium'),
        ...named('chromium-browser', 'chromium'),
      ];
    }
  }
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
function isSnapStub(path: string): boolean {
  const real = realpathSync(path);
  if (real.startsWith('/snap/') || real.endsWith('/snap')) return true;
  const file = openSync(real, 'r');
  try {
    const head = Buffer.alloc(4096);
    const length = readSync(file, head, 0, head.length, 0);
    const text = head.toString('latin1', 0, length);
    return text.startsWith('#!') && /\/snap\/bin\/|snap install/.test(text);
  } finally {
    closeSync(file);
  }
}
