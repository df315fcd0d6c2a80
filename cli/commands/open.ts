/** `nagare` and `nagare open`: the desktop window, or the same window in a browser where there is no Electron. */

import { spawn } from 'node:child_process';
import { realpathSync } from 'node:fs';
import { homedir } from 'node:os';
import { resolve } from 'node:path';
import { NagareError } from '../../engine/base/errors.ts';
import { settingsFolder } from '../../engine/host/settings.ts';
import type { OptionTable } from '../args.ts';
import { type CommandContext, defineCommand, EXIT } from '../command.ts';
import { electronPackage, electronProgram, electronVersion, fetchElectron, SILENCE_MS } from '../open/electron.ts';
import { ELECTRON_MAIN } from '../serve/install.ts';
import { DEFAULT_UPLOAD_LIMIT, hasDisplay, runServe } from '../serve/run.ts';
import { keyLogPath } from '../tls-keys.ts';
import { CAPTURE_OPTIONS } from '../with-capture.ts';

/** A window that ends this soon, and not well, has never been one: the libraries that Electron needs are missing, or root started it. */
const FAILED_START_MS = 10_000;

export const open = defineCommand({
  name: 'open',
  usage: ['[FILE...] [--browser] [--fetch]'],
  summary: 'cli.open.summary',
  notes: ['cli.open.note'],
  options: {
    browser: { long: 'browser', help: 'cli.open.browser' },
    tlsKeys: CAPTURE_OPTIONS.tlsKeys,
    fetch: { long: 'fetch', help: 'cli.open.fetch' },
  } as const satisfies OptionTable,
  async run({ options, operands }, context) {
    const files = operands.map((file) => existing(file, context));
    const tlsKeys = keyLogPath(options.tlsKeys);
    // Without a display there is no window to open, with or without Electron.
    if (!options.browser && hasDisplay(context.env)) {
      const code = await openDesktop(files, tlsKeys, options.fetch, context);
      if (code !== null) return code;
    }
    await runServe({
      files,
      // The window is the user's own, on the user's own machine: it opens what a desktop program would.
      roots: [homedir(), process.cwd()],
      tlsKeys,
      port: 0,
      uploadLimit: DEFAULT_UPLOAD_LIMIT,
      capture: true,
      show: 'window',
      context,
    });
    return EXIT.ok;
  },
});

/** Said here, and not by a window that opens only to say it. */
function existing(file: string, { t }: CommandContext): string {
  try {
    return realpathSync.native(resolve(file));
  } catch {
    throw new NagareError('file-not-found', t('serve.noFile', { path: file }));
  }
}

/** The window's exit code; null where there is none, and the user has been told why. */
async function openDesktop(
  files: readonly string[],
  tlsKeys: string | undefined,
  isAsked: boolean,
  context: CommandContext,
): Promise<number | null> {
  const { t } = context;
  const tell = (line: string): void => {
    context.err.write(`${line}\n`);
    void context.err.flush();
  };
  const folder = electronPackage();
  if (folder === null) {
    tell(t('start.noElectron', { reason: t('start.noElectronPackage') }));
    return null;
  }
  if (electronProgram(folder) === null) {
    const version = electronVersion(folder);
    const onStart = (): void => tell(t('start.fetching', { version }));
    const fetched = await fetchElectron(folder, { notes: settingsFolder(context.env), isAsked, onStart });
    if (!fetched.ok) {
      tell(t('start.noElectron', { reason: fetchReason(fetched, context) }));
      return null;
    }
  }
  const program = electronProgram(folder);
  if (program === null) throw new Error('Electron was fetched, but its program is not there');
  const started = performance.now();
  const code = await runElectron(program, files, tlsKeys, context);
  if (code === EXIT.ok || context.signal.aborted || performance.now() - started > FAILED_START_MS) return code;
  tell(t('start.electronFailed', { code: String(code) }));
  return null;
}

function fetchReason(
  result: Exclude<Awaited<ReturnType<typeof fetchElectron>>, { ok: true }>,
  { t }: CommandContext,
): string {
  switch (result.why) {
    case 'silent':
      return t('start.fetchSilent', { seconds: SILENCE_MS / 1000 });
    case 'today':
      return t('start.fetchedToday');
    case 'failed':
      return t('start.fetchFailed', { reason: result.reason });
  }
}

function runElectron(
  program: string,
  files: readonly string[],
  tlsKeys: string | undefined,
  { signal }: CommandContext,
): Promise<number> {
  // Editors set this one in their terminals; it would make a plain Node of Electron.
  const { ELECTRON_RUN_AS_NODE: _, ...env } = process.env;
  return new Promise((resolve) => {
    const child = spawn(
      program,
      [ELECTRON_MAIN, ...(tlsKeys === undefined ? [] : [`--tls-keys=${tlsKeys}`]), '--', ...files],
      { env, stdio: 'inherit' },
    );
    signal.addEventListener('abort', () => child.kill(), { once: true });
    child.once('error', () => resolve(EXIT.failure));
    child.once('exit', (code) => resolve(code ?? EXIT.failure));
  });
}
