/** One run of the served window, from the named files to its end: what `nagare serve` and `nagare open` have in common. */

import { realpathSync } from 'node:fs';
import { hostname, userInfo } from 'node:os';
import { dirname, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { NagareError } from '../../engine/base/errors.ts';
import { CaptureService } from '../../engine/host/capture/service.ts';
import { Host } from '../../engine/host/host.ts';
import { isInside } from '../../engine/host/page-files.ts';
import { PrivateFolder } from '../../engine/host/private-folder.ts';
import { SettingsStore } from '../../engine/host/settings.ts';
import { removeStaleFolders } from '../../engine/host/unpack-file.ts';
import type { Translate } from '../../engine/text/index.ts';
import type { CommandContext } from '../command.ts';
import { showInBrowser } from '../open/browser.ts';
import { Downloads } from './downloads.ts';
import { PAGE_FOLDER, samplePath } from './install.ts';
import { Roots } from './roots.ts';
import { type RunningServer, startServer } from './server.ts';
import { Uploads } from './uploads.ts';

export const DEFAULT_UPLOAD_LIMIT = 4 * 1024 ** 3;

/** Pages that are reloaded come back within this time. */
const RELOAD_MS = 3000;
/** How long open captures may take to close at the end. */
const CLOSE_MS = 3000;

type Environment = Readonly<Record<string, string | undefined>>;

export interface ServeRun {
  readonly files: readonly string[];
  /** Folders that files may be opened from, besides those of the files. */
  readonly roots: readonly string[];
  /** Path of a TLS key log file. */
  readonly tlsKeys: string | undefined;
  readonly port: number;
  readonly uploadLimit: number;
  /** Live capture is offered. */
  readonly capture: boolean;
  /** `window`: a browser's window of its own, with whose end the run ends; `browser`: wherever the user's browser shows it. */
  readonly show: 'window' | 'browser' | 'nowhere';
  readonly context: CommandContext;
}

/** Ends with the context's signal or with the terminal, or with the last window where it was opened in one of its own. */
export async function runServe(run: ServeRun): Promise<void> {
  const { t, version, signal } = run.context;
  removeStaleFolders();
  const settings = new SettingsStore();
  const files = run.files.map((file) => realFile(file, t));
  const sample = samplePath();
  const isSampleNamed = sample !== null && files.length === 1 && files[0] === realpathSync.native(sample);
  const showsSample = sample !== null && files.length === 0 && settings.isFirstStart;
  const openAtStart = showsSample ? [realpathSync.native(sample)] : files;
  // Written down, so that there is only one first start.
  if (settings.isFirstStart) settings.set({});

  const named = [...run.roots.map((root) => resolve(root)), ...files.map((file) => dirname(file))];
  const roots = new Roots(named.length === 0 ? [process.cwd()] : named);
  if (sample !== null) roots.addFile(sample);
  const folder = new PrivateFolder();
  roots.addHidden(folder.path);
  const uploads = new Uploads(folder, run.uploadLimit);
  const downloads = new Downloads(folder);
  const host = new Host({
    kind: 'serve',
    version,
    settings,
    openAtStart,
    isSample: isSampleNamed || showsSample,
    keyLog: run.tlsKeys,
    dropLimit: run.uploadLimit,
    checkPath: (path) => roots.check(path),
    isTemporary: (path) => isInside(realpathSync.native(folder.path), path),
    checkTarget: (path) => {
      throw new NagareError('not-allowed', `A page does not write to ${path}: exports are downloads.`);
    },
    browse: (path) => roots.browse(path),
    dialog: null,
    download: (name) => downloads.add(name),
    capture: run.capture ? new CaptureService() : undefined,
  });

  const end = new Signal();
  signal.addEventListener('abort', end.give, { once: true });
  process.once('SIGHUP', end.give);
  let windows = 0;
  let endsWithWindow = false;
  const connected = new Signal();
  const server = await startServer({
    port: run.port,
    pageFolder: PAGE_FOLDER,
    uploads,
    downloads,
    t,
    onConnect: (transport) => {
      windows++;
      connected.give();
      transport.onClose(() => {
        windows--;
        if (windows === 0 && endsWithWindow) setTimeout(() => windows === 0 && end.give(), RELOAD_MS).unref();
      });
      host.connect(transport);
    },
  });
  say(run.context, t('serve.at', { url: server.newAddress() }));
  const stopListening = announce(run.context, roots, server);
  if (run.show !== 'nowhere' && hasDisplay(run.context.env)) {
    const shown = await showInBrowser(run.show, server, folder, connected.given);
    endsWithWindow = shown === 'window';
    if (shown === null) say(run.context, t('start.noBrowser'));
  }
  await end.given;
  stopListening();
  await server.close();
  folder.remove();
  // Captures close in their own threads; one that does not is left behind with the process.
  setTimeout(() => process.exit(0), CLOSE_MS).unref();
}

/** What else a user needs to know; returns what takes the listening to Enter back. */
function announce(context: CommandContext, roots: Roots, server: RunningServer): () => void {
  const { t } = context;
  say(context, t('serve.once'));
  say(context, t('serve.folders', { folders: roots.folders.join(', ') }));
  if (!hasDisplay(context.env)) {
    say(context, t('serve.ssh'));
    say(context, `  ${sshLine(server.port, context.env)}`);
  }
  if (!process.stdin.isTTY) {
    say(context, t('serve.end'));
    return () => undefined;
  }
  say(context, t('serve.enter'));
  const lines = createInterface({ input: process.stdin });
  lines.on('line', () => say(context, t('serve.at', { url: server.newAddress() })));
  return () => lines.close();
}

/** A line, at once: outputs collect what is written to them. */
function say({ out }: CommandContext, line: string): void {
  out.write(`${line}\n`);
  void out.flush();
}

/** Whether a window opened here would be seen by whoever has started the program. */
export function hasDisplay(env: Environment, os: NodeJS.Platform = process.platform): boolean {
  const isSet = (name: string): boolean => env[name] !== undefined && env[name] !== '';
  return os === 'win32' || os === 'darwin' ? !isSet('SSH_CONNECTION') : isSet('DISPLAY') || isSet('WAYLAND_DISPLAY');
}

/** The line that makes the port reachable from another machine, with the address that the user has come by, where known. */
export function sshLine(port: number, env: Environment): string {
  const [, , address, sshPort] = (env.SSH_CONNECTION ?? '').split(' ');
  const at = address === undefined || address === '' ? hostname() : address;
  const option = sshPort === undefined || sshPort === '22' || sshPort === '' ? '' : ` -p ${sshPort}`;
  return `ssh -L ${port}:127.0.0.1:${port}${option} ${userInfo().username}@${at}`;
}

function realFile(file: string, t: Translate): string {
  try {
    return realpathSync.native(resolve(file));
  } catch {
    throw new NagareError('file-not-found', t('serve.noFile', { path: file }));
  }
}

/** Something that happens once. */
class Signal {
  readonly given: Promise<void>;
  give: () => void = () => undefined;

  constructor() {
    this.given = new Promise((resolve) => {
      this.give = resolve;
    });
  }
}
