/**
 * A stand-in of the `electron` module, so that the shell can be executed where Electron is not installed: only what the
 * shell uses, each part typed by Electron's own declarations, with ports that really carry messages.
 */

import { EventEmitter } from 'node:events';
import { MessageChannel, type MessagePort } from 'node:worker_threads';
import type * as Electron from 'electron';

type Handler<Setter> = Setter extends (handler: infer H) => void ? NonNullable<H> : never;

/** Electron's end of a port over one of Node's: messages come wrapped in events, and only after start(). */
export class StandInPort extends EventEmitter {
  readonly inner: MessagePort;

  constructor(inner: MessagePort) {
    super();
    this.inner = inner;
  }

  start(): void {
    this.inner.on('message', (data: unknown) => this.emit('message', { data, ports: [] }));
    this.inner.on('close', () => this.emit('close'));
  }

  postMessage(message: unknown): void {
    this.inner.postMessage(message);
  }

  close(): void {
    this.inner.close();
  }
}

class StandInChannel {
  readonly port1: StandInPort;
  readonly port2: StandInPort;

  constructor() {
    const { port1, port2 } = new MessageChannel();
    this.port1 = new StandInPort(port1);
    this.port2 = new StandInPort(port2);
  }
}

export interface StandInFrame extends Pick<Electron.WebFrameMain, 'url'> {
  readonly parent: StandInFrame | null;
}

export class StandInContents extends EventEmitter {
  windowOpenHandler: Handler<Electron.WebContents['setWindowOpenHandler']> | undefined;
  reloads = 0;
  /** What came over postMessage. */
  readonly posted: { readonly channel: string; readonly message: unknown; readonly ports: readonly StandInPort[] }[] =
    [];
  mainFrame: StandInFrame = { url: '', parent: null };

  setWindowOpenHandler: Electron.WebContents['setWindowOpenHandler'] = (handler) => {
    this.windowOpenHandler = handler;
  };

  reload(): void {
    this.reloads++;
  }

  postMessage(channel: string, message: unknown, ports: readonly StandInPort[] = []): void {
    this.posted.push({ channel, message, ports });
  }
}

/** One run of the program: the module, and what tests look at and steer with. */
export function makeElectron(userData: string) {
  const windows: StandInWindow[] = [];
  const processes: StandInProcess[] = [];
  const state = {
    isFirstInstance: true,
    instanceData: undefined as unknown,
    quits: 0,
    isSandboxed: false,
    schemes: [] as Electron.CustomScheme[],
    handlers: new Map<string, Parameters<Electron.Protocol['handle']>[1]>(),
    menu: [] as readonly Electron.MenuItemConstructorOptions[],
    displays: [{ workArea: { x: 0, y: 0, width: 1920, height: 1040 } }],
    languages: ['en-GB'],
    openAnswer: { canceled: true, filePaths: [] } as Electron.OpenDialogReturnValue,
    saveAnswer: { canceled: true, filePath: '' } as Electron.SaveDialogReturnValue,
    boxAnswer: 0,
    /** Options of every dialog shown. */
    dialogs: [] as (Electron.OpenDialogOptions | Electron.SaveDialogOptions | Electron.MessageBoxOptions)[],
    downloadsPrevented: 0,
    permissionRequest: undefined as Handler<Electron.Session['setPermissionRequestHandler']> | undefined,
    permissionCheck: undefined as Handler<Electron.Session['setPermissionCheckHandler']> | undefined,
    devicePermission: undefined as Handler<Electron.Session['setDevicePermissionHandler']> | undefined,
    displayMedia: undefined as Handler<Electron.Session['setDisplayMediaRequestHandler']> | undefined,
    beforeRequest: undefined as Handler<Electron.WebRequest['onBeforeRequest']> | undefined,
    spellChecker: true,
    /** Files that webUtils knows the path of. */
    paths: new Map<object, string>(),
    exposed: new Map<string, unknown>(),
  };

  let becomeReady = (): void => undefined;
  const ready = new Promise<void>((resolve) => {
    becomeReady = resolve;
  });

  const app = Object.assign(new EventEmitter(), {
    isPackaged: false as boolean,
    requestSingleInstanceLock: (data) => {
      state.instanceData = data;
      return state.isFirstInstance;
    },
    enableSandbox: () => {
      state.isSandboxed = true;
    },
    quit: () => {
      state.quits++;
    },
    whenReady: () => ready,
    getVersion: () => '1.2.3',
    getPath: () => userData,
    getPreferredSystemLanguages: () => state.languages,
  } satisfies Partial<Electron.App>);

  class StandInWindow extends EventEmitter {
    readonly options: Electron.BrowserWindowConstructorOptions;
    readonly webContents = new StandInContents();
    isShown = false;
    isFocused = 0;
    minimized = false;
    maximized = false;
    bounds: Electron.Rectangle = { x: 10, y: 20, width: 1000, height: 700 };

    constructor(options: Electron.BrowserWindowConstructorOptions) {
      super();
      this.options = options;
      windows.push(this);
      app.emit('web-contents-created', {}, this.webContents);
    }

    loadURL: Electron.BrowserWindow['loadURL'] = async (url) => {
      this.webContents.mainFrame = { url, parent: null };
    };
    show: Electron.BrowserWindow['show'] = () => {
      this.isShown = true;
    };
    focus: Electron.BrowserWindow['focus'] = () => {
      this.isFocused++;
    };
    maximize: Electron.BrowserWindow['maximize'] = () => {
      this.maximized = true;
    };
    isMaximized: Electron.BrowserWindow['isMaximized'] = () => this.maximized;
    isMinimized: Electron.BrowserWindow['isMinimized'] = () => this.minimized;
    restore: Electron.BrowserWindow['restore'] = () => {
      this.minimized = false;
    };
    getNormalBounds: Electron.BrowserWindow['getNormalBounds'] = () => this.bounds;
  }

  class StandInProcess extends EventEmitter {
    readonly path: string;
    readonly options: Electron.ForkOptions | undefined;
    readonly sent: { readonly message: unknown; readonly ports: readonly StandInPort[] }[] = [];
    isKilled = false;
    /** The child's end, once a test has given it one. */
    onSent: ((message: unknown, ports: readonly StandInPort[]) => void) | undefined;

    constructor(path: string, options: Electron.ForkOptions | undefined) {
      super();
      this.path = path;
      this.options = options;
      processes.push(this);
    }

    postMessage(message: unknown, ports: readonly StandInPort[] = []): void {
      this.sent.push({ message, ports });
      this.onSent?.(message, ports);
    }

    kill(): boolean {
      this.isKilled = true;
      return true;
    }
  }

  const defaultSession = Object.assign(new EventEmitter(), {
    setPermissionRequestHandler: (handler) => {
      state.permissionRequest = handler ?? undefined;
    },
    setPermissionCheckHandler: (handler) => {
      state.permissionCheck = handler ?? undefined;
    },
    setDevicePermissionHandler: (handler) => {
      state.devicePermission = handler ?? undefined;
    },
    setDisplayMediaRequestHandler: (handler) => {
      state.displayMedia = handler ?? undefined;
    },
    setSpellCheckerEnabled: (isEnabled) => {
      state.spellChecker = isEnabled;
    },
    webRequest: {
      onBeforeRequest: (handler: Handler<Electron.WebRequest['onBeforeRequest']>) => {
        state.beforeRequest = handler;
      },
    } as Electron.WebRequest,
  } satisfies Partial<Electron.Session>);

  /** The last argument is the options, whether a window comes before it or not. */
  const shown = (args: readonly unknown[]): void => {
    state.dialogs.push(args.at(-1) as (typeof state.dialogs)[number]);
  };

  const ipcRenderer = Object.assign(new EventEmitter(), {
    sent: [] as { readonly channel: string; readonly args: readonly unknown[]; readonly isSync: boolean }[],
    send: (channel, ...args: unknown[]) => {
      ipcRenderer.sent.push({ channel, args, isSync: false });
    },
    sendSync: (channel, ...args: unknown[]): unknown => {
      ipcRenderer.sent.push({ channel, args, isSync: true });
      return undefined;
    },
  } satisfies Partial<Electron.IpcRenderer> & { sent: unknown[] });

  const module = {
    app,
    BrowserWindow: StandInWindow as unknown,
    Menu: {
      buildFromTemplate: (template: readonly Electron.MenuItemConstructorOptions[]) => template,
      setApplicationMenu: (template: readonly Electron.MenuItemConstructorOptions[]) => {
        state.menu = template;
      },
    },
    MessageChannelMain: StandInChannel,
    contextBridge: {
      exposeInMainWorld: (name, api) => {
        state.exposed.set(name, api);
      },
    } satisfies Partial<Electron.ContextBridge>,
    dialog: {
      showOpenDialog: async (...args: unknown[]) => {
        shown(args);
        return state.openAnswer;
      },
      showSaveDialog: async (...args: unknown[]) => {
        shown(args);
        return state.saveAnswer;
      },
      showMessageBox: async (...args: unknown[]) => {
        shown(args);
        return { response: state.boxAnswer, checkboxChecked: false };
      },
      showMessageBoxSync: (...args: unknown[]) => {
        shown(args);
        return state.boxAnswer;
      },
    } satisfies Partial<Electron.Dialog>,
    ipcMain: new EventEmitter(),
    ipcRenderer,
    nativeTheme: { shouldUseDarkColors: false } satisfies Partial<Electron.NativeTheme>,
    protocol: {
      registerSchemesAsPrivileged: (schemes) => {
        state.schemes.push(...schemes);
      },
      handle: (scheme, handler) => {
        state.handlers.set(scheme, handler);
      },
    } satisfies Partial<Electron.Protocol>,
    screen: { getAllDisplays: () => state.displays as Electron.Display[] } satisfies Partial<Electron.Screen>,
    session: { defaultSession },
    utilityProcess: {
      fork: (path: string, _args?: string[], options?: Electron.ForkOptions) => new StandInProcess(path, options),
    },
    webUtils: { getPathForFile: (file) => state.paths.get(file) ?? '' } satisfies Partial<Electron.WebUtils>,
  } satisfies { readonly [Name in keyof typeof Electron]?: unknown };

  return { module, state, windows, processes, becomeReady };
}

export type StandIn = ReturnType<typeof makeElectron>;
