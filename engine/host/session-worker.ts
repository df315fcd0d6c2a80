/** A session in its worker thread: opens the files, serves the session's part of the contract over the worker's port. */

import { basename } from 'node:path';
import type { MessagePort } from 'node:worker_threads';
import { NagareError } from '../base/errors.ts';
import type { CallContext, HostMethods, Input, Method, Settings } from '../contract/api.ts';
import { DEFAULT_PREFERENCES, type GivenSides, NO_GIVEN_SIDES, type Preferences } from '../contract/preferences.ts';
import { serveClient } from '../contract/server.ts';
import { type DecodeRule, isDecodeRule } from '../dissect/decode-as.ts';
import { openCapture } from '../readers/index.ts';
import { mergeReaders } from '../readers/merge.ts';
import type { CaptureReader } from '../readers/reader.ts';
import { Session } from '../session/session.ts';
import type { SessionFile } from '../session/session-state.ts';
import { type CaptureNews, FollowedFiles } from './capture/follow-files.ts';
import { captureRefused } from './capture/refused.ts';
import { CloudFolder } from './cloud-folder.ts';
import { exportTo } from './export-file.ts';
import { FileSource } from './file-source.ts';
import { HostsFolder } from './hosts-folder.ts';
import { readKeyLogFile } from './key-log-file.ts';
import { log } from './log.ts';
import { useNodePlatform } from './platform-node.ts';
import { portTransport } from './port-transport.ts';
import { secondThread } from './shared-scanner.ts';
import { streamMethods } from './stream-methods.ts';
import { type UnpackedFile, unpackIfPacked } from './unpack-file.ts';
import { WindowSource } from './window-source.ts';

export interface SessionStart {
  readonly session: number;
  readonly paths: readonly string[];
  readonly colours: Settings['colours'];
  readonly coloursOn: boolean;
  readonly macros: Settings['macros'];
  readonly preferences: Preferences;
  /** What is kept for files of these paths. */
  readonly sides: Settings['captureSides'];
  readonly version: string;
  /** Path of the TLS key log file, or empty. */
  readonly keyLog: string;
  /** What is kept for files of these paths. */
  readonly decodeAs: Settings['decodeAs'];
  /** A capture that runs: its files are named here as they are begun. */
  readonly live?: { readonly news: MessagePort; readonly format: string };
}

/** Methods that a session answers itself. */
export type SessionMethod = Extract<
  Method,
  | `session.${string}`
  | `view.${string}`
  | `packet.${string}`
  | `packets.${string}`
  | `panel.${string}`
  | `export.${string}`
  | `follow.${string}`
  | `objects.${string}`
  | 'settings.set'
  | 'keys.set'
  | 'cloud.list'
  | 'names.list'
>;

interface Opened {
  readonly reader: CaptureReader;
  readonly files: readonly SessionFile[];
  close(): void;
}

export async function runSession(port: MessagePort, start: SessionStart): Promise<void> {
  useNodePlatform();
  let session: Session | null = null;
  let opened: Opened | null = null;
  const firstRows = new FirstRows();
  const clouds = new CloudFolder();
  const hosts = new HostsFolder();

  const open = (): Session => {
    if (session === null) throw new NagareError('not-open', 'The capture is not open.');
    return session;
  };
  const refuse = (): never => {
    throw new NagareError('bad-input', 'A session does not answer this.');
  };
  const methods: HostMethods = {
    'app.info': refuse,
    'settings.get': refuse,
    'settings.set': (input) => {
      session?.setMacros(input.macros ?? []);
      session?.setPreferences({ ...DEFAULT_PREFERENCES, ...preferencesIn(input) });
      session?.setColours(input.colours ?? [], input.coloursOn ?? true);
      return refuse();
    },
    'keys.set': (input) => {
      const file = input.path === null ? null : readKeyLogFile(input.path);
      session?.setKeyLogs(file === null ? [] : [file.text]);
      return { secrets: file?.secrets ?? 0 };
    },
    'fields.catalog': refuse,
    'files.browse': refuse,
    'files.dialog': refuse,
    'session.open': async (input, call) => {
      const followed = start.live === undefined ? null : new FollowedFiles(start.live.format);
      start.live?.news.on('message', (news: CaptureNews) => followed?.heard(news));
      opened = followed ?? (await openFiles(input.paths, call));
      const size = opened.files.reduce((sum, file) => sum + file.size, 0);
      session = new Session(
        start.session,
        opened.reader,
        () => opened?.files ?? [],
        {
          now: () => performance.now(),
          next: () => firstRows.wait(),
          emit: (event, value) => client.emit(event, value),
        },
        {
          keyLogs: keyLogs(start.keyLog),
          preferences: start.preferences,
          decodeRules: rulesFor(opened.files, start.decodeAs),
          gathers: true,
          makeScanner: (decodeAs) => secondThread(size, decodeAs, true),
          ...(followed === null ? {} : { growth: followed, owners: followed.owners }),
        },
      );
      session.setCloud(() => clouds.read());
      session.setHosts(hosts.read());
      session.setSides(sidesFor(opened.files, start.sides));
      session.setMacros(start.macros);
      session.setColours(start.colours, start.coloursOn);
      return session.state;
    },
    'session.close': () => {
      session?.close();
      opened?.close();
      start.live?.news.close();
      return null;
    },
    'session.decodeAs': (input) => open().decodeAs(input.row),
    'session.setDecodeAs': (input) => open().setDecodeAs(input.rules),
    'session.setSide': (input) => open().setSide(input),
    'session.stop': () => {
      open().stop();
      return null;
    },
    'session.values': (input, call) => open().values(input, call),
    'filters.export': refuse,
    'view.open': (input, call) => {
      firstRows.asked();
      return open().openView(input, call);
    },
    'view.close': (input) => open().closeView(input.view),
    'view.rows': (input) => {
      const page = open().rows(input);
      firstRows.done();
      return page;
    },
    'view.position': (input) => open().position(input),
    'view.strip': (input) => {
      firstRows.asked();
      return open().strip(input);
    },
    'view.find': (input, call) => open().find(input, call),
    'packet.detail': (input) => open().detail(input.row),
    'packet.appearances': (input) => open().appearances(input.row),
    'packet.cellFilter': (input) => open().cellFilter(input.row, input.column),
    'packet.conversationFilter': (input) => open().conversationFilter(input.row, input.layer),
    'packets.flag': (input) => open().flag(input),
    'packet.comment': (input) => open().comment(input.row, input.comments),
    'panel.get': (input, call) => open().panel(input, call),
    'export.run': (input, call) => exportTo(open(), input, call, start.version),
    ...streamMethods(open),
    'cloud.list': () => {
      session?.setCloud(() => clouds.read());
      return clouds.list();
    },
    'names.list': () => {
      session?.setHosts(hosts.read());
      return hosts.list();
    },
    'names.add': refuse,
    'names.remove': refuse,
    'cloud.add': refuse,
    'cloud.remove': refuse,
    ...captureRefused,
  };
  const client = serveClient(portTransport(port), methods, {
    onFault: (method, error) =>
      log('error', `${method}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`),
  });
}

/** The preferences among some settings. */
function preferencesIn(input: Input<'settings.set'>): Partial<Preferences> {
  const { unwanted, labels, showNames, relativeSequence } = input;
  return {
    ...(unwanted === undefined ? {} : { unwanted }),
    ...(labels === undefined ? {} : { labels }),
    ...(showNames === undefined ? {} : { showNames }),
    ...(relativeSequence === undefined ? {} : { relativeSequence }),
  };
}

/** A capture opens without its key log file too; why it was not read is in the log. */
function keyLogs(path: string): Uint8Array[] {
  if (path === '') return [];
  try {
    return [readKeyLogFile(path).text];
  } catch (error) {
    log('warning', error instanceof Error ? error.message : String(error));
    return [];
  }
}

/** What the user said of these very files. */
function sidesFor(files: readonly SessionFile[], kept: Settings['captureSides']): GivenSides {
  const own = kept.find(({ path, size }) => files.some((file) => file.path === path && file.size === size));
  if (own === undefined) return NO_GIVEN_SIDES;
  const streams = own.streams.flatMap(({ stream, side }) => (side === 'auto' ? [] : [[stream, side] as const]));
  return { file: own.side, streams: new Map(streams) };
}

/** The rules kept for these very files, as far as they can be followed. */
function rulesFor(files: readonly SessionFile[], kept: SessionStart['decodeAs']): DecodeRule[] {
  return kept
    .filter(({ path, size }) => files.some((file) => file.path === path && file.size === size))
    .flatMap(({ rules }) => rules.filter(isDecodeRule));
}

/** Loading waits this long for someone to look at the first rows, and again after each question that comes before that. */
const FIRST_ROWS_MS = 300;

/**
 * Turns between slices of work: waiting messages are handled. Between the first slice and the second, the first rows are
 * asked for; they are worth more than the slices that would come before them.
 */
class FirstRows {
  private release: () => void = () => undefined;
  private isAsked = false;
  private held: Promise<void> | null = null;
  private timer: NodeJS.Timeout | undefined;

  wait(): Promise<void> {
    if (this.isAsked) return new Promise((resolve) => setImmediate(resolve));
    this.held ??= new Promise((resolve) => {
      this.release = resolve;
      this.waitOn();
    });
    return this.held;
  }

  /** Somebody is about to look at them. */
  asked(): void {
    if (this.held !== null && !this.isAsked) this.waitOn();
  }

  private waitOn(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.done(), FIRST_ROWS_MS);
  }

  /** The rows are made; their answer goes out before the next slice. */
  done(): void {
    this.isAsked = true;
    clearTimeout(this.timer);
    setImmediate(this.release);
  }
}

/** Parts of the progress that one file is: they are counted in thousandths, several files as one. */
const FILE_PARTS = 1000;

/** Opens, unpacks and merges; throws a NagareError that names the file. Only unpacking takes long enough to be reported. */
async function openFiles(paths: readonly string[], { signal, progress }: CallContext): Promise<Opened> {
  const readers: CaptureReader[] = [];
  const files: SessionFile[] = [];
  const unpacked: UnpackedFile[] = [];
  const sources: FileSource[] = [];
  const close = (): void => {
    for (const source of sources) source.close();
    for (const file of unpacked) file.dispose();
  };
  try {
    for (const [index, path] of paths.entries()) {
      const file = await unpackIfPacked(path, {
        isCancelled: () => signal.aborted,
        onProgress: ({ readBytes, totalBytes }) =>
          progress((index + readBytes / Math.max(1, totalBytes)) * FILE_PARTS, paths.length * FILE_PARTS),
      });
      unpacked.push(file);
      const source = new FileSource(file.path, path);
      sources.push(source);
      const reader = openCapture(
        new WindowSource(source),
        file.compression === null ? undefined : { compression: file.compression, problem: file.problem },
      );
      if (!reader.ok)
        throw new NagareError(reader.error.code, `${basename(path)}: ${reader.error.message}`, {
          ...reader.error,
          file: basename(path),
        });
      readers.push(reader.value);
      files.push({ path, name: basename(path), size: source.size });
    }
  } catch (error) {
    close();
    throw error;
  }
  return { reader: readers.length === 1 ? readers[0] : mergeReaders(readers), files, close };
}
