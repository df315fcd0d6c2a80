/**
 * The utility process: the host, apart from the window and from the main process. A page talks to it over a port of its
 * own; what a user must choose, and whether a path was chosen, it asks the main process.
 */

import type { ParentPort } from 'electron';
import type { Settings } from '../engine/contract/api.ts';
import { connectClient } from '../engine/contract/client.ts';
import { memoryTransports } from '../engine/contract/memory-transport.ts';
import { CaptureService } from '../engine/host/capture/service.ts';
import { Host, systemLanguage } from '../engine/host/host.ts';
import { SettingsStore } from '../engine/host/settings.ts';
import { removeStaleFolders } from '../engine/host/unpack-file.ts';
import type { FromHost, HostStart, Question, ToHost } from './messages.ts';
import { mainPortTransport } from './port.ts';

/** The main process, which may be asked. */
class Main {
  private readonly port: ParentPort;
  private readonly waiting = new Map<number, (paths: readonly string[]) => void>();
  private nextId = 1;

  constructor(port: ParentPort) {
    this.port = port;
  }

  ask(question: Question): Promise<readonly string[]> {
    const id = this.nextId++;
    this.tell({ kind: 'ask', id, question });
    return new Promise((resolve) => this.waiting.set(id, resolve));
  }

  answered(id: number, paths: readonly string[]): void {
    this.waiting.get(id)?.(paths);
    this.waiting.delete(id);
  }

  tell(message: FromHost): void {
    this.port.postMessage(message);
  }
}

/** The path, where the user has chosen it for this. */
async function chosen(main: Main, to: 'open' | 'save', path: string): Promise<string | null> {
  const [allowed = null] = await main.ask({ kind: 'may', to, path });
  return allowed;
}

function startHost(main: Main, start: HostStart): RunningHost {
  removeStaleFolders();
  let atStart = { files: start.files, isSample: start.isSample };
  let pages = 0;
  const settings = new SettingsStore();
  const host = new Host({
    kind: 'electron',
    version: start.version,
    settings,
    get openAtStart() {
      return atStart.files;
    },
    get isSample() {
      return atStart.isSample;
    },
    keyLog: start.keyLog === '' ? undefined : start.keyLog,
    dropLimit: Number.MAX_SAFE_INTEGER, // files are opened where they lie
    checkPath: (path) => chosen(main, 'open', path),
    checkTarget: (path) => chosen(main, 'save', path),
    browse: null,
    dialog: (dialog, suggestedName) => main.ask({ kind: 'dialog', dialog, suggestedName }),
    download: null,
    capture: new CaptureService(),
  });
  tellLanguage(main, host, settings.get());
  return {
    connect: (port) => {
      pages++;
      const transport = mainPortTransport(port);
      transport.onClose(() => pages--);
      host.connect(transport);
    },
    openFiles: (paths) => {
      if (pages > 0) host.broadcast('openFiles', { paths });
      else atStart = { files: paths, isSample: false }; // the next page asks for them
    },
    command: (id) => host.broadcast('command', { id }),
  };
}

interface RunningHost {
  connect(port: Electron.MessagePortMain): void;
  openFiles(paths: readonly string[]): void;
  command(id: string): void;
}

/** The menu bar speaks the language of the window: a client of our own hears when it changes. */
function tellLanguage(main: Main, host: Host, settings: Settings): void {
  const tell = ({ language }: Settings): void =>
    main.tell({ kind: 'language', language: language === 'system' ? systemLanguage() : language });
  const [here, there] = memoryTransports();
  host.connect(there);
  connectClient(here).on('settings', tell);
  tell(settings);
}

function listen(port: ParentPort): void {
  const main = new Main(port);
  let host: RunningHost | undefined;
  port.on('message', ({ data, ports }) => {
    const message = data as ToHost; // from the main process, which is ours
    switch (message.kind) {
      case 'start':
        host = startHost(main, message);
        return;
      case 'page':
        if (ports[0] !== undefined) host?.connect(ports[0]);
        return;
      case 'openFiles':
        host?.openFiles(message.paths);
        return;
      case 'command':
        host?.command(message.id);
        return;
      case 'answer':
        main.answered(message.id, message.paths);
        return;
    }
  });
}

listen(process.parentPort);
