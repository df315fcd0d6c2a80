/**
 * Electron's program, which its npm package brings from outside the registry: found by its files, because importing the
 * package would fetch it and block; fetched, once, by the package's own script, watched for silence.
 */

import { type ChildProcess, spawn } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** A download that gives no byte for this long is given up. */
export const SILENCE_MS = 15_000;
/** After a failure it is not tried again for a day, unless asked. */
export const RETRY_MS = 24 * 60 * 60 * 1000;
const LOOK_MS = 500;

type Environment = Readonly<Record<string, string | undefined>>;

/** The folder of the electron package; null where it is not installed. */
export function electronPackage(): string | null {
  try {
    return dirname(createRequire(import.meta.url).resolve('electron/package.json'));
  } catch {
    return null; // the package is for development: an installed nagare does not have it
  }
}

export function electronVersion(folder: string): string {
  const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { readonly version: string };
  return version;
}

/** The program, as the package's own index.js finds it; null where it has not been fetched. */
export function electronProgram(folder: string, env: Environment = process.env): string | null {
  const note = join(folder, 'path.txt');
  const elsewhere = env.ELECTRON_OVERRIDE_DIST_PATH;
  const isElsewhere = elsewhere !== undefined && elsewhere !== '';
  if (!existsSync(note) && !isElsewhere) return null;
  const name = existsSync(note) ? readFileSync(note, 'utf8').trim() : 'electron';
  const program = isElsewhere ? join(elsewhere, name) : join(folder, 'dist', name);
  return existsSync(program) ? program : null;
}

export type FetchResult =
  | { readonly ok: true }
  | { readonly ok: false; readonly why: 'silent' | 'today' }
  | { readonly ok: false; readonly why: 'failed'; readonly reason: string };

export interface FetchOptions {
  /** Where a failure is noted down. */
  readonly notes: string;
  /** Tries although it failed today. */
  readonly isAsked: boolean;
  readonly onStart: () => void;
  readonly silenceMs?: number;
  readonly now?: () => number;
}

/** Fetches the program into the package's folder. */
export async function fetchElectron(folder: string, options: FetchOptions): Promise<FetchResult> {
  const { notes, isAsked, silenceMs = SILENCE_MS, now = Date.now } = options;
  const note = join(notes, 'electron-fetch.json');
  if (!isAsked && hasFailedLately(note, electronVersion(folder), now())) return { ok: false, why: 'today' };
  options.onStart();
  const result = await runInstaller(folder, silenceMs);
  if (result.ok) rmSync(note, { force: true });
  else noteFailure(note, electronVersion(folder), now());
  return result;
}

/** Runs the package's installer with a temporary folder of its own: what grows in there is what comes in. */
async function runInstaller(folder: string, silenceMs: number): Promise<FetchResult> {
  const temporary = mkdtempSync(join(tmpdir(), 'nagare-electron-'));
  try {
    const child = spawn(process.execPath, [join(folder, 'install.js')], {
      env: { ...process.env, TMPDIR: temporary, TEMP: temporary, TMP: temporary, ELECTRON_GET_NO_PROGRESS: '1' },
      stdio: ['ignore', 'ignore', 'pipe'],
      windowsHide: true,
    });
    return await watch(child, [temporary, join(folder, 'dist')], silenceMs);
  } finally {
    rmSync(temporary, { recursive: true, force: true, maxRetries: 3 });
  }
}

function watch(child: ChildProcess, folders: readonly string[], silenceMs: number): Promise<FetchResult> {
  return new Promise((resolve) => {
    let said = '';
    let size = -1;
    let heard = performance.now();
    let isSilent = false;
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      said = `${said}${text}`.slice(0, 4096);
    });
    const timer = setInterval(
      () => {
        const now = folders.reduce((sum, folder) => sum + sizeOf(folder), 0);
        if (now !== size) heard = performance.now();
        size = now;
        if (performance.now() - heard < silenceMs) return;
        isSilent = true;
        child.kill();
      },
      Math.min(LOOK_MS, silenceMs),
    );
    const settle = (result: FetchResult): void => {
      clearInterval(timer);
      resolve(result);
    };
    child.once('error', (error) => settle({ ok: false, why: 'failed', reason: error.message }));
    child.once('close', (code) => {
      if (code === 0) settle({ ok: true });
      else if (isSilent) settle({ ok: false, why: 'silent' });
      else settle({ ok: false, why: 'failed', reason: firstLine(said) ?? `code ${code ?? '?'}` });
    });
  });
}

function firstLine(text: string): string | undefined {
  return text
    .split('\n')
    .map((line) => line.trim())
    .find((line) => line !== '');
}

function sizeOf(folder: string): number {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true }).reduce(
      (sum, entry) =>
        sum +
        (entry.isFile() ? (statSync(join(entry.parentPath, entry.name), { throwIfNoEntry: false })?.size ?? 0) : 0),
      0,
    );
  } catch {
    return 0; // not there yet, or a part of it went away while it was read
  }
}

function hasFailedLately(note: string, version: string, now: number): boolean {
  try {
    const found = JSON.parse(readFileSync(note, 'utf8')) as { readonly version?: unknown; readonly failedAt?: unknown };
    const { failedAt } = found;
    return found.version === version && typeof failedAt === 'number' && failedAt <= now && now - failedAt < RETRY_MS;
  } catch {
    return false; // never failed, or a note that nobody can read
  }
}

function noteFailure(note: string, version: string, failedAt: number): void {
  try {
    mkdirSync(dirname(note), { recursive: true });
    writeFileSync(note, `${JSON.stringify({ version, failedAt })}\n`, { mode: 0o600 });
  } catch {
    // A place that cannot be written to means that it is tried again next time: nothing is lost.
  }
}
