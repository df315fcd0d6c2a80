/** The host: implements the contract for user interfaces. It opens sessions in workers and routes; it never decodes. */

import { writeFile } from 'node:fs/promises';
import { NagareError } from '../base/errors.ts';
import type {
  AppInfo,
  CatalogField,
  EventName,
  Events,
  HostMethods,
  Output,
  SessionState,
  Settings,
} from '../contract/api.ts';
import { type ServedClient, serveClient } from '../contract/server.ts';
import type { Transport } from '../contract/transport.ts';
import { allProtocols, catalog } from '../dissect/registry.ts';
import { VIEWS_PER_SESSION } from '../session/views.ts';
import { captureRefused } from './capture/refused.ts';
import { ClientCaptures } from './capture/route.ts';
import type { CaptureService } from './capture/service.ts';
import { cloudHostMethods } from './cloud-methods.ts';
import { UntilFirstRows } from './first-rows.ts';
import { withSide } from './kept-sides.ts';
import { readKeyLogFile } from './key-log-file.ts';
import { log } from './log.ts';
import { namesHostMethods } from './names-methods.ts';
import { routeStreams } from './route-streams.ts';
import { prepareSession, SessionClient } from './session-client.ts';
import type { SessionStart } from './session-worker.ts';
import type { SettingsStore } from './settings.ts';

/** The real path; null: the user has not chosen it. */
type PathCheck = (path: string) => string | null | Promise<string | null>;

/** What differs between a desktop window and a served page. */
export interface HostOptions {
  readonly kind: AppInfo['host'];
  readonly version: string;
  readonly settings: SettingsStore;
  readonly openAtStart: readonly string[];
  readonly isSample: boolean;
  readonly dropLimit: number;
  /** The TLS key log file named at the start. */
  readonly keyLog?: string | undefined;
  /** The real path of a file that may be opened; throws `not-allowed` or `file-not-found`. */
  readonly checkPath: PathCheck;
  /** Folders to choose files from, where the host has no dialog. */
  readonly browse: ((path: string | null) => Promise<Output<'files.browse'>>) | null;
  /** The system's dialogs, where there are any. */
  readonly dialog:
    | ((kind: 'open' | 'save' | 'keys', suggestedName: string | undefined) => Promise<readonly string[]>)
    | null;
  /** Where an export without a path goes, and the address it can be downloaded from. */
  readonly download: ((suggestedName: string) => { readonly path: string; readonly address: string }) | null;
  /** The real path of a file that may be written; throws `not-allowed`. */
  readonly checkTarget: PathCheck;
  /** Live capture, where it is offered. */
  readonly capture?: CaptureService | undefined;
  /** Copies that end with the program: they are not among the files used before. */
  readonly isTemporary?: (path: string) => boolean;
}

/** Settings that open captures have to know. */
const SESSION_SETTINGS = [
  'colours',
  'coloursOn',
  'macros',
  'unwanted',
  'labels',
  'showNames',
  'relativeSequence',
] as const;

/** Named values sent per field for completion. */
const MAX_VALUES = 60;

export class Host {
  private readonly options: HostOptions;
  private readonly clients = new Set<ServedClient>();
  private nextSession = 1;
  /** Instead of the one in the settings, until another is chosen. */
  private keyLogAtStart: string | undefined;

  constructor(options: HostOptions) {
    this.options = options;
    this.keyLogAtStart = options.keyLog;
    prepareSession();
  }

  /** Serves one user interface until its transport closes; its captures close with it. */
  connect(transport: Transport): ServedClient {
    const sessions = new Map<number, SessionClient>();
    const emit = <E extends EventName>(event: E, value: Events[E]): void => served.emit(event, value);
    const { methods, captures } = this.methods(sessions, emit);
    const served = serveClient(transport, methods, {
      onFault: (method, error) =>
        log('error', `${method}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`),
    });
    this.clients.add(served);
    transport.onClose(() => {
      this.clients.delete(served);
      void captures?.leave();
      for (const session of sessions.values()) void session.close();
    });
    return served;
  }

  /** Tells every user interface. */
  broadcast<E extends EventName>(event: E, value: Events[E]): void {
    for (const client of this.clients) client.emit(event, value);
  }

  private methods(
    sessions: Map<number, SessionClient>,
    emit: <E extends EventName>(event: E, value: Events[E]) => void,
  ): { readonly methods: HostMethods; readonly captures: ClientCaptures | null } {
    const { options } = this;
    const files = new Map<number, SessionState['files']>();
    const untilFirstRows = new UntilFirstRows();
    const session = (id: number): SessionClient => {
      const found = sessions.get(id);
      if (found === undefined) throw new NagareError('not-open', `There is no open capture ${id}.`);
      return found;
    };
    const ofView = (view: number): SessionClient => session(Math.floor(view / VIEWS_PER_SESSION));
    const mayOpen = async (path: string): Promise<string> =>
      options.capture?.places.isOwn(path) === true ? path : await allowed(options.checkPath, path);
    const open = async (id: number, paths: readonly string[], call: OpenCall): Promise<SessionState> => {
      const { colours, coloursOn, macros, decodeAs, tlsKeyLog, ...settings } = options.settings.get();
      const { unwanted, labels, showNames, relativeSequence } = settings;
      const client = new SessionClient(
        {
          session: id,
          paths,
          colours,
          coloursOn,
          macros,
          sides: settings.captureSides.filter(({ path }) => paths.includes(path)),
          preferences: { unwanted, labels, showNames, relativeSequence },
          version: options.version,
          keyLog: this.keyLogAtStart ?? tlsKeyLog,
          decodeAs: decodeAs.filter(({ path }) => paths.includes(path)),
          ...(call.live === undefined ? {} : { live: call.live }),
        },
        <E extends EventName>(event: E, value: Events[E]) => emit(event, captures?.seen(event, value) ?? value),
        () => sessions.delete(id),
      );
      sessions.set(id, client);
      untilFirstRows.begin();
      try {
        const state = await client.request('session.open', { paths: [...paths] }, call.signal, call.progress);
        files.set(id, state.files);
        return state;
      } catch (error) {
        untilFirstRows.done();
        sessions.delete(id);
        await client.close();
        throw error;
      }
    };
    const close = async (id: number): Promise<void> => {
      const client = session(id);
      sessions.delete(id);
      files.delete(id);
      await client.close();
      await captures?.closed(id);
    };
    const captures =
      options.capture === undefined
        ? null
        : new ClientCaptures({
            service: options.capture,
            emit,
            newSession: () => this.nextSession++,
            follow: (id, path, news, format) => open(id, [path], { live: { news, format } }),
            session,
            close,
            checkTarget: (path) => allowed(options.checkTarget, path),
            download: options.download,
          });
    const methods: HostMethods = {
      'app.info': () => this.info(),
      'settings.get': () => options.settings.get(),
      'settings.set': async (input) => {
        const known = new Set(options.settings.get().recentFiles);
        // A page may take files off the list; only opening one puts it there.
        const recentFiles = input.recentFiles?.filter((path) => known.has(path));
        const settings = options.settings.set({
          ...input,
          ...(recentFiles === undefined ? {} : { recentFiles }),
          tlsKeyLog: options.settings.get().tlsKeyLog, // a path must be checked: keys.set does
        } as Partial<Settings>);
        if (SESSION_SETTINGS.some((key) => input[key] !== undefined)) {
          const told = Object.fromEntries(SESSION_SETTINGS.map((key) => [key, settings[key]]));
          await Promise.all([...sessions.values()].map((one) => one.request('settings.set', told).catch(() => null)));
        }
        this.broadcast('settings', settings);
        return settings;
      },
      'keys.set': async (input) => {
        const path = input.path === null ? '' : await allowed(options.checkPath, input.path);
        const secrets = path === '' ? 0 : readKeyLogFile(path).secrets;
        this.keyLogAtStart = undefined;
        this.broadcast('settings', options.settings.set({ tlsKeyLog: path }));
        const keys = { path: path === '' ? null : path };
        await Promise.all([...sessions.values()].map((one) => one.request('keys.set', keys)));
        return { secrets };
      },
      'fields.catalog': async () => {
        await untilFirstRows.wait();
        return fieldCatalog();
      },
      'files.browse': (input) => {
        if (options.browse === null) throw new NagareError('not-allowed', 'This host has dialogs of its own.');
        return options.browse(input.path);
      },
      'files.dialog': (input) => {
        if (options.dialog === null) throw new NagareError('not-allowed', 'This host has no dialogs.');
        return options.dialog(input.kind, input.suggestedName);
      },
      'session.open': async (input, call) => {
        const paths = await Promise.all(input.paths.map(mayOpen));
        const state = await open(this.nextSession++, paths, call);
        const isSample = options.isSample && paths.length === 1 && options.openAtStart.includes(input.paths[0]);
        const lasting = isSample ? [] : paths.filter((path) => options.isTemporary?.(path) !== true);
        if (lasting.length > 0)
          this.broadcast(
            'settings',
            options.settings.set({ recentFiles: [...lasting, ...options.settings.get().recentFiles] }),
          );
        return state;
      },
      'session.close': async (input) => {
        await close(input.session);
        return null;
      },
      'session.decodeAs': (input, call) => session(input.session).request('session.decodeAs', input, call.signal),
      'session.setDecodeAs': async (input, call) => {
        await session(input.session).request('session.setDecodeAs', input, call.signal);
        const { rules } = input;
        const own = (files.get(input.session) ?? []).filter(({ path }) => options.isTemporary?.(path) !== true);
        const others = options.settings.get().decodeAs.filter((one) => own.every(({ path }) => path !== one.path));
        const kept = rules.length === 0 ? [] : own.map(({ path, size }) => ({ path, size, rules }));
        this.broadcast('settings', options.settings.set({ decodeAs: [...kept, ...others] }));
        return null;
      },
      'session.setSide': async (input, call) => {
        await session(input.session).request('session.setSide', input, call.signal);
        const own = (files.get(input.session) ?? []).filter(({ path }) => options.isTemporary?.(path) !== true);
        const kept = withSide(options.settings.get().captureSides, own, input);
        this.broadcast('settings', options.settings.set({ captureSides: kept }));
        return null;
      },
      'session.stop': (input, call) => session(input.session).request('session.stop', input, call.signal),
      'session.values': (input, call) =>
        session(input.session).request('session.values', input, call.signal, call.progress),
      'filters.export': async ({ path, suggestedName, text }) => {
        const target =
          path === null ? options.download?.(suggestedName) : { path: await allowed(options.checkTarget, path) };
        if (target === undefined) throw new NagareError('bad-input', 'A file to write to is needed.');
        await writeFile(target.path, text, { mode: 0o600 });
        return { path, download: 'address' in target ? target.address : null };
      },
      'view.open': (input, call) => session(input.session).request('view.open', input, call.signal, call.progress),
      'view.close': (input, call) => ofView(input.view).request('view.close', input, call.signal),
      'view.rows': async (input, call) => {
        const page = await ofView(input.view).request('view.rows', input, call.signal);
        untilFirstRows.done();
        return page;
      },
      'view.position': (input, call) => ofView(input.view).request('view.position', input, call.signal),
      'view.strip': (input, call) => ofView(input.view).request('view.strip', input, call.signal),
      'view.find': (input, call) => ofView(input.view).request('view.find', input, call.signal, call.progress),
      'packet.detail': (input, call) => session(input.session).request('packet.detail', input, call.signal),
      'packet.appearances': (input, call) => session(input.session).request('packet.appearances', input, call.signal),
      'packet.cellFilter': (input, call) => session(input.session).request('packet.cellFilter', input, call.signal),
      'packet.conversationFilter': (input, call) =>
        session(input.session).request('packet.conversationFilter', input, call.signal),
      'packets.flag': (input, call) => session(input.session).request('packets.flag', input, call.signal),
      'packet.comment': (input, call) => session(input.session).request('packet.comment', input, call.signal),
      'panel.get': (input, call) => session(input.session).request('panel.get', input, call.signal, call.progress),
      ...routeStreams(session, options),
      ...cloudHostMethods(sessions),
      ...namesHostMethods(sessions),
      ...(captures?.methods ?? captureRefused),
      'export.run': async (input, call) => {
        if (input.path !== null) {
          return session(input.session).request(
            'export.run',
            { ...input, path: await allowed(options.checkTarget, input.path) },
            call.signal,
            call.progress,
          );
        }
        if (options.download === null) throw new NagareError('bad-input', 'A file to write to is needed.');
        const { path, address } = options.download(input.suggestedName ?? `export.${input.format}`);
        const done = await session(input.session).request('export.run', { ...input, path }, call.signal, call.progress);
        return { ...done, path: null, download: address };
      },
    };
    return { methods, captures };
  }

  private info(): AppInfo {
    const { options } = this;
    return {
      version: options.version,
      host: options.kind,
      systemLanguage: systemLanguage(),
      systemOs: process.platform === 'win32' ? 'windows' : process.platform === 'darwin' ? 'macos' : 'linux',
      hasDialogs: options.dialog !== null,
      dropLimit: options.dropLimit,
      openAtStart: options.openAtStart,
      isSample: options.isSample,
    };
  }
}

/** What opening a session may have beside its paths. */
interface OpenCall {
  readonly signal?: AbortSignal;
  readonly progress?: (done: number, total: number) => void;
  readonly live?: NonNullable<SessionStart['live']>;
}

async function allowed(check: PathCheck, path: string): Promise<string> {
  const found = await check(path);
  if (found === null) throw new NagareError('not-allowed', `${path} was not chosen in this window.`);
  return found;
}

/** Japanese where the system speaks it, English otherwise. */
export function systemLanguage(env: NodeJS.ProcessEnv = process.env): 'en' | 'ja' {
  const stated = env.LC_ALL ?? env.LC_MESSAGES ?? env.LANG;
  const locale =
    stated !== undefined && stated !== '' && !/^(C|POSIX)\b/.test(stated)
      ? stated
      : Intl.DateTimeFormat().resolvedOptions().locale;
  return locale.toLowerCase().startsWith('ja') ? 'ja' : 'en';
}

let fieldsMade: Output<'fields.catalog'> | undefined;

function fieldCatalog(): Output<'fields.catalog'> {
  fieldsMade ??= {
    fields: catalog.fields.map(
      (field): CatalogField => ({
        name: field.abbrev,
        label: field.label,
        type: field.type,
        show: field.show,
        ...(field.flag === undefined ? {} : { flag: field.flag }),
        ...(typeof field.names === 'object'
          ? {
              values: Object.entries(field.names)
                .slice(0, MAX_VALUES)
                .map(([value, name]) => [Number(value), name] as const),
            }
          : {}),
      }),
    ),
    protocols: allProtocols.slice(1).map((protocol) => protocol.name),
  };
  return fieldsMade;
}
