/** Executes the shell's main process against the stand-in: each start has modules, settings and folders of its own. */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { vi } from 'vitest';
import type * as Paths from '../../electron/paths.ts';
import { makeElectron, type StandIn } from './stand-in.ts';

export interface Shell extends StandIn {
  /** Holds settings and the window's place. */
  readonly folder: string;
}

const folders: string[] = [];

/** A new program that has not started yet; `prepare` may set the stage. `folder`: that of an earlier run. */
export function newProgram(folder = mkdtempSync(join(tmpdir(), 'nagare-test-'))): Shell {
  folders.push(folder);
  vi.resetModules();
  vi.stubEnv('NAGARE_CONFIG_DIR', join(folder, 'config'));
  const electron = makeElectron(join(folder, 'user-data'));
  vi.doMock('electron', () => electron.module);
  // The sources lie one folder higher than what is built from them; the page's folder is the renderer's source here.
  vi.doMock('../../electron/paths.ts', async (original) => ({
    ...(await original<typeof Paths>()),
    SAMPLE: resolve('assets/sample.pcapng'),
  }));
  return { ...electron, folder };
}

/** Starts the main process with these arguments, up to the open window. */
export async function start(shell: Shell, ...args: readonly string[]): Promise<Shell> {
  const { argv } = process;
  process.argv = ['electron', 'main.js', ...args];
  try {
    await import('../../electron/main.ts');
  } finally {
    process.argv = argv;
  }
  shell.becomeReady();
  await vi.waitFor(() => {
    if (shell.state.isFirstInstance && shell.windows.length === 0) throw new Error('no window yet');
  });
  return shell;
}

/** After each test. */
export function cleanUp(): void {
  vi.doUnmock('electron');
  vi.doUnmock('../../electron/paths.ts');
  vi.unstubAllEnvs();
  vi.unstubAllGlobals();
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
}

export function first<T>(list: readonly T[]): T {
  const [item] = list;
  if (item === undefined) throw new Error('the list is empty');
  return item;
}
