/** The main process, executed: what it sets up before and after `ready`, and how it answers the page, the host and the system. */

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { settingsFolder } from '../../engine/host/settings.ts';
import { cleanUp, first, newProgram, type Shell, start } from './run-shell.ts';
import type { StandInFrame } from './stand-in.ts';

afterEach(cleanUp);

/** What the host process was sent, without the ports. */
function toHost(shell: Shell, at = 0): readonly unknown[] {
  return shell.processes[at]?.sent.map(({ message }) => message) ?? [];
}

/** Lets the host ask, and gives the answer. */
async function ask(shell: Shell, question: unknown): Promise<readonly string[]> {
  const id = Math.floor(Math.random() * 1e9);
  shell.processes.at(-1)?.emit('message', { kind: 'ask', id, question });
  return vi.waitFor(() => {
    const answer = shell.processes.at(-1)?.sent.find(({ message }) => (message as { id?: number }).id === id);
    if (answer === undefined) throw new Error('no answer yet');
    return (answer.message as { paths: readonly string[] }).paths;
  });
}

function may(shell: Shell, to: 'open' | 'save', path: string): Promise<readonly string[]> {
  return ask(shell, { kind: 'may', to, path });
}

/** What Electron gives with a message of a page. */
function senderOf(shell: Shell, frame: StandInFrame | null = first(shell.windows).webContents.mainFrame) {
  return { senderFrame: frame, sender: first(shell.windows).webContents, returnValue: undefined as unknown };
}

describe('start', () => {
  test('locks things down before the program is ready', async () => {
    const shell = newProgram();
    void import('../../electron/main.ts');
    await vi.waitFor(() => expect(shell.state.isSandboxed).toBe(true));
    expect(shell.state.schemes).toEqual([
      { scheme: 'app', privileges: { standard: true, secure: true, supportFetchAPI: true } },
    ]);
    expect(shell.windows).toHaveLength(0);
    shell.becomeReady();
    await vi.waitFor(() => expect(shell.windows).toHaveLength(1));
  });

  test('opens one window on the page of our protocol, with every safe setting written down', async () => {
    const shell = await start(newProgram());
    const window = first(shell.windows);
    expect(window.webContents.mainFrame.url).toBe('app://nagare/');
    const { preload, ...preferences } = window.options.webPreferences ?? {};
    expect(preload).toMatch(/electron[\\/]preload\.cjs$/);
    expect(preferences).toEqual({
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      experimentalFeatures: false,
      webviewTag: false,
      navigateOnDragDrop: false,
      spellcheck: false,
      devTools: true,
    });
    expect(window.isShown).toBe(false);
    window.emit('ready-to-show');
    expect(window.isShown).toBe(true);
  });

  test('has no developer tools when packaged', async () => {
    const shell = newProgram();
    shell.module.app.isPackaged = true;
    await start(shell);
    expect(first(shell.windows).options.webPreferences?.devTools).toBe(false);
  });

  test('starts the host process with the files named, and only the first time with the sample', async () => {
    const shell = await start(newProgram());
    expect(first(shell.processes).path).toMatch(/electron[\\/]host-process\.js$/);
    expect(first(toHost(shell))).toEqual({
      kind: 'start',
      version: '1.2.3',
      files: [expect.stringMatching(/sample\.pcapng$/)],
      isSample: true,
      keyLog: '',
    });
    const again = await start(newProgram(shell.folder));
    expect(first(toHost(again))).toMatchObject({ files: [], isSample: false });
    const withKeys = await start(newProgram(shell.folder), '--tls-keys=keys.log', '--', 'a.pcap');
    expect(first(toHost(withKeys))).toMatchObject({ files: [resolve('a.pcap')], keyLog: resolve('keys.log') });
    const named = await start(newProgram(shell.folder), '--', 'a.pcap', '--odd');
    expect(first(toHost(named))).toMatchObject({ files: [resolve('a.pcap'), resolve('--odd')], isSample: false });
  });

  test('a second instance hands its files to the first and ends', async () => {
    const shell = newProgram();
    shell.state.isFirstInstance = false;
    await start(shell, '--', 'a.pcap');
    expect(shell.state.instanceData).toEqual({ files: [resolve('a.pcap')] });
    expect(shell.state.quits).toBe(1);
    expect(shell.windows).toHaveLength(0);
    expect(shell.processes).toHaveLength(0);
  });
});

describe('one instance', () => {
  test('opens the files of a second start in the window there is', async () => {
    const shell = await start(newProgram());
    first(shell.windows).minimized = true;
    shell.module.app.emit('second-instance', {}, [], '/', { files: ['/data/b.pcap'] });
    expect(toHost(shell).at(-1)).toEqual({ kind: 'openFiles', paths: ['/data/b.pcap'] });
    expect(first(shell.windows).minimized).toBe(false);
    expect(first(shell.windows).isFocused).toBe(1);
    expect(shell.windows).toHaveLength(1);
    expect(await may(shell, 'open', '/data/b.pcap')).toEqual([resolve('/data/b.pcap')]);
  });

  test.each([undefined, null, 'x', { files: 'x' }, { files: [1, null, {}] }])(
    '%j from a second start opens nothing',
    async (data) => {
      const shell = await start(newProgram());
      const before = toHost(shell).length;
      shell.module.app.emit('second-instance', {}, [], '/', data);
      expect(toHost(shell)).toHaveLength(before);
    },
  );

  test('opens what the system asks for, before and after it is ready', async () => {
    const shell = newProgram();
    void import('../../electron/main.ts');
    await vi.waitFor(() => expect(shell.state.schemes).toHaveLength(1));
    const preventDefault = vi.fn();
    shell.module.app.emit('open-file', { preventDefault }, '/data/early.pcap');
    shell.becomeReady();
    await vi.waitFor(() => expect(shell.windows).toHaveLength(1));
    expect(first(toHost(shell))).toMatchObject({ files: ['/data/early.pcap'] });
    shell.module.app.emit('open-file', { preventDefault }, '/data/late.pcap');
    expect(toHost(shell).at(-1)).toEqual({ kind: 'openFiles', paths: ['/data/late.pcap'] });
    expect(preventDefault).toHaveBeenCalledTimes(2);
  });
});

describe('the protocol', () => {
  const request = async (shell: Shell, url: string, method = 'GET'): Promise<Response> => {
    const handler = shell.state.handlers.get('app');
    if (handler === undefined) throw new Error('the protocol has no handler');
    return handler(new Request(url, { method }));
  };

  test('answers the page with its policy and nonce', async () => {
    const shell = await start(newProgram());
    const answer = await request(shell, 'app://nagare/');
    const policy = answer.headers.get('content-security-policy') ?? '';
    const nonce = /'nonce-([^']+)'/.exec(policy)?.[1];
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(policy).toContain("default-src 'none'; script-src 'self'");
    expect(policy).toContain("require-trusted-types-for 'script'");
    expect(await answer.text()).toContain(`nonce="${nonce}"`);
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
  });

  test.each([
    'app://nagare/..%2fpackage.json',
    'app://nagare/%2e%2e%2f%2e%2e%2fpackage.json',
    'app://nagare/..%5c..%5cpackage.json',
    'app://nagare/state/..%2f..%2fpackage.json',
    'app://nagare//etc/passwd',
    'app://nagare/C:%5cWindows%5cwin.ini',
    'app://nagare/state/',
    'app://nagare/nothing.js',
    'app://other/index.html',
  ])('%s leads nowhere', async (url) => {
    const answer = await request(await start(newProgram()), url);
    expect([400, 404]).toContain(answer.status);
    expect(await answer.text()).not.toMatch(/"name"|root:|sections/);
  });

  test('takes no other methods', async () => {
    const shell = await start(newProgram());
    expect((await request(shell, 'app://nagare/', 'POST')).status).toBe(405);
    const head = await request(shell, 'app://nagare/', 'HEAD');
    expect([head.status, await head.text()]).toEqual([200, '']);
  });
});

describe('the page', () => {
  test.each(['will-navigate', 'will-frame-navigate', 'will-redirect'])('cannot go elsewhere (%s)', async (event) => {
    const { webContents } = first((await start(newProgram())).windows);
    const go = (url: string): boolean => {
      const preventDefault = vi.fn();
      webContents.emit(event, { url, preventDefault });
      return preventDefault.mock.calls.length > 0;
    };
    for (const url of [
      'https://nagare.example/',
      'file:///etc/passwd',
      'app://nagare.example/',
      'app://other/',
      'javascript:1',
      'data:text/html,x',
      '',
    ]) {
      expect(go(url), url).toBe(true);
    }
    expect(go('app://nagare/')).toBe(false);
  });

  test('with packets that nobody has saved is closed when somebody says so', async () => {
    const shell = await start(newProgram());
    const { webContents } = first(shell.windows);
    const leaves = (answer: number): boolean => {
      shell.state.boxAnswer = answer;
      const preventDefault = vi.fn();
      webContents.emit('will-prevent-unload', { preventDefault });
      return preventDefault.mock.calls.length > 0;
    };
    expect(leaves(1)).toBe(false);
    expect(leaves(0)).toBe(true);
    expect(shell.state.dialogs.at(-1)).toMatchObject({ cancelId: 1, defaultId: 1 });
  });

  test('opens no windows and no web views', async () => {
    const { webContents } = first((await start(newProgram())).windows);
    expect(webContents.windowOpenHandler?.({ url: 'https://nagare.example/' } as Electron.HandlerDetails)).toEqual({
      action: 'deny',
    });
    const preventDefault = vi.fn();
    webContents.emit('will-attach-webview', { preventDefault });
    expect(preventDefault).toHaveBeenCalled();
  });

  test.each(['media', 'geolocation', 'notifications', 'clipboard-read', 'fileSystem', 'openExternal', 'unknown'])(
    'does not get %s',
    async (permission) => {
      const { state } = await start(newProgram());
      const answer = vi.fn();
      const contents = {} as Electron.WebContents;
      const details = { requestingUrl: 'app://nagare/', isMainFrame: true } as Electron.PermissionRequest;
      state.permissionRequest?.(contents, permission as 'media', answer, details);
      expect(answer).toHaveBeenCalledExactlyOnceWith(false);
      expect(state.permissionCheck?.(contents, permission as 'media', 'app://nagare', {} as never)).toBe(false);
    },
  );

  test('may write to the clipboard, as no other page may', async () => {
    const { state } = await start(newProgram());
    const check = (origin: string) => state.permissionCheck?.(null, 'clipboard-sanitized-write', origin, {} as never);
    expect([check('app://nagare'), check('https://nagare.example'), check('null')]).toEqual([true, false, false]);
    expect(state.devicePermission?.({} as never)).toBe(false);
    expect(state.spellChecker).toBe(false);
  });

  test('loads nothing from anywhere else, and downloads nothing', async () => {
    const { state, module } = await start(newProgram());
    const isCancelled = (url: string): boolean | undefined => {
      let cancel: boolean | undefined;
      state.beforeRequest?.({ url } as Electron.OnBeforeRequestListenerDetails, (answer) => {
        cancel = answer.cancel;
      });
      return cancel;
    };
    for (const url of ['https://nagare.example/x.js', 'http://127.0.0.1/', 'file:///etc/passwd', 'app://other/']) {
      expect(isCancelled(url), url).toBe(true);
    }
    expect(isCancelled('app://nagare/assets/main.js')).toBe(false);
    const preventDefault = vi.fn();
    module.session.defaultSession.emit('will-download', { preventDefault });
    expect(preventDefault).toHaveBeenCalled();
  });

  test('gets a port to the host when it asks from its main frame, and from nowhere else', async () => {
    const shell = await start(newProgram());
    const window = first(shell.windows);
    const frames: (StandInFrame | null)[] = [
      null,
      { url: 'https://nagare.example/', parent: null },
      { url: 'app://nagare/', parent: window.webContents.mainFrame },
    ];
    for (const frame of frames) shell.module.ipcMain.emit('nagare:port', senderOf(shell, frame));
    expect(window.webContents.posted).toHaveLength(0);
    shell.module.ipcMain.emit('nagare:port', senderOf(shell));
    expect(window.webContents.posted).toMatchObject([{ channel: 'nagare:port', message: null }]);
    const sent = first(shell.processes).sent.at(-1);
    expect(sent?.message).toEqual({ kind: 'page' });
    // The two ends of one channel: what goes in at the page comes out at the host.
    const heard = new Promise((resolve) =>
      sent?.ports[0]?.on('message', ({ data }: { data: unknown }) => resolve(data)),
    );
    sent?.ports[0]?.start();
    window.webContents.posted[0]?.ports[0]?.postMessage({ hello: Uint8Array.of(1) });
    expect(await heard).toEqual({ hello: Uint8Array.of(1) });
    sent?.ports[0]?.close();
  });
});

describe('files', () => {
  test('that nobody has chosen may be neither opened nor written', async () => {
    const shell = await start(newProgram());
    expect(await may(shell, 'open', '/etc/passwd')).toEqual([]);
    expect(await may(shell, 'save', '/etc/passwd')).toEqual([]);
  });

  test('named at start or used before may be opened, and not written', async () => {
    const shell = newProgram();
    const stored = { recentFiles: ['/data/before.pcap'] };
    const { mkdirSync } = await import('node:fs');
    mkdirSync(settingsFolder(), { recursive: true });
    writeFileSync(join(settingsFolder(), 'settings.json'), JSON.stringify(stored));
    await start(shell, '--', '/data/named.pcap');
    for (const path of ['/data/before.pcap', '/data/named.pcap', '/data/x/../named.pcap']) {
      expect(await may(shell, 'open', path)).toEqual([resolve(path)]);
      expect(await may(shell, 'save', path)).toEqual([]);
    }
  });

  test('chosen in the dialog may be opened', async () => {
    const shell = await start(newProgram());
    shell.state.openAnswer = { canceled: false, filePaths: ['/data/c.pcap', '/data/d.pcap'] };
    expect(await ask(shell, { kind: 'dialog', dialog: 'open' })).toEqual(['/data/c.pcap', '/data/d.pcap']);
    expect(shell.state.dialogs.at(-1)).toMatchObject({
      title: 'Open captures',
      properties: ['openFile', 'multiSelections'],
    });
    expect(await may(shell, 'open', '/data/d.pcap')).toEqual([resolve('/data/d.pcap')]);
    expect(await may(shell, 'save', '/data/d.pcap')).toEqual([]);
  });

  test('chosen for an export may be written, under a name that is only a name', async () => {
    const shell = await start(newProgram());
    shell.state.saveAnswer = { canceled: false, filePath: '/data/out.csv' };
    const suggestedName = '/home/x/.ssh/../evil:name.csv';
    expect(await ask(shell, { kind: 'dialog', dialog: 'save', suggestedName })).toEqual(['/data/out.csv']);
    expect(shell.state.dialogs.at(-1)).toMatchObject({ defaultPath: 'evil_name.csv' });
    expect(await may(shell, 'save', '/data/out.csv')).toEqual([resolve('/data/out.csv')]);
    expect(await may(shell, 'save', '/data/other.csv')).toEqual([]);
  });

  test('a dialog that was cancelled gives none', async () => {
    const shell = await start(newProgram());
    expect(await ask(shell, { kind: 'dialog', dialog: 'open' })).toEqual([]);
    expect(await ask(shell, { kind: 'dialog', dialog: 'save' })).toEqual([]);
  });

  test('dropped onto our page may be opened once the page has its answer', async () => {
    const shell = await start(newProgram());
    const event = senderOf(shell);
    shell.module.ipcMain.emit('nagare:dropped', event, '/data/dropped.pcap');
    expect(event.returnValue).toBe(true);
    expect(await may(shell, 'open', '/data/dropped.pcap')).toEqual([resolve('/data/dropped.pcap')]);
  });

  test.each<[string, StandInFrame | null | undefined, unknown]>([
    ['from another page', { url: 'https://nagare.example/', parent: null }, '/data/x.pcap'],
    ['from no frame', null, '/data/x.pcap'],
    ['that are no text', undefined, { path: '/data/x.pcap' }],
  ])('%s are not dropped', async (_, frame, path) => {
    const shell = await start(newProgram());
    const event = senderOf(shell, frame);
    shell.module.ipcMain.emit('nagare:dropped', event, path);
    expect(event.returnValue).toBe(false);
    expect(await may(shell, 'open', '/data/x.pcap')).toEqual([]);
  });

  test.each([
    null,
    1,
    'ask',
    { kind: 'ask' },
    { kind: 'ask', id: 1, question: { kind: 'may', to: 'delete', path: '/x' } },
    { kind: 'language', language: 'xx' },
  ])('what is no message of the host (%j) changes nothing', async (message) => {
    const shell = await start(newProgram());
    const before = toHost(shell).length;
    first(shell.processes).emit('message', message);
    await new Promise((resolve) => setTimeout(resolve, 10));
    expect(toHost(shell)).toHaveLength(before);
  });
});

describe('when the host process ends by itself', () => {
  test('it says so and starts another, without what was open', async () => {
    const shell = await start(newProgram(), '--', '/data/a.pcap');
    first(shell.processes).emit('exit', 139);
    await vi.waitFor(() => expect(shell.processes).toHaveLength(2));
    expect(shell.state.dialogs[0]).toMatchObject({ type: 'error', detail: expect.stringContaining('139') as string });
    expect(first(toHost(shell, 1))).toMatchObject({ kind: 'start', files: [] });
    expect(first(shell.windows).webContents.reloads).toBe(1);
    // The new one is heard.
    expect(await may(shell, 'open', '/data/a.pcap')).toEqual([resolve('/data/a.pcap')]);
  });

  test('or the program ends, if the user wants that', async () => {
    const shell = await start(newProgram());
    shell.state.boxAnswer = 1;
    first(shell.processes).emit('exit', 1);
    await vi.waitFor(() => expect(shell.state.quits).toBe(1));
    expect(shell.processes).toHaveLength(1);
  });

  test('nothing is said when the program ends', async () => {
    const shell = await start(newProgram());
    shell.module.app.emit('before-quit');
    expect(first(shell.processes).isKilled).toBe(true);
    first(shell.processes).emit('exit', 0);
    await new Promise((resolve) => setTimeout(resolve, 10));
    expect(shell.state.dialogs).toHaveLength(0);
  });
});

test('a page that has crashed is loaded again', async () => {
  const shell = await start(newProgram());
  const { webContents } = first(shell.windows);
  webContents.emit('render-process-gone', {}, { reason: 'clean-exit' });
  webContents.emit('render-process-gone', {}, { reason: 'crashed' });
  await vi.waitFor(() => expect(webContents.reloads).toBe(1));
  expect(shell.state.dialogs).toHaveLength(1);
});

describe('the window', () => {
  test('opens where it was closed', async () => {
    const shell = await start(newProgram());
    const window = first(shell.windows);
    window.bounds = { x: 100, y: 50, width: 1234, height: 800 };
    window.maximized = true;
    window.emit('close');
    const again = first((await start(newProgram(shell.folder))).windows);
    expect(again.options).toMatchObject({ x: 100, y: 50, width: 1234, height: 800 });
    expect(again.maximized).toBe(true);
  });

  test('comes back onto a display when its own is gone', async () => {
    const shell = await start(newProgram());
    first(shell.windows).bounds = { x: 2500, y: 50, width: 1234, height: 800 };
    first(shell.windows).emit('close');
    const { options } = first((await start(newProgram(shell.folder))).windows);
    expect(options).toMatchObject({ width: 1234, height: 800 });
    expect(options.x).toBeUndefined();
  });

  test.each(['', 'null', '{"x":"1"}', '{"x":1,"y":1,"width":1e400,"height":1}'])(
    'does not mind a stored place of %j',
    async (text) => {
      const shell = await start(newProgram());
      first(shell.windows).emit('close');
      const file = join(shell.folder, 'user-data', 'window.json');
      expect(existsSync(file), readFileSync(file, 'utf8')).toBe(true);
      writeFileSync(file, text);
      expect(first((await start(newProgram(shell.folder))).windows).options).toMatchObject({
        width: 1440,
        height: 900,
      });
    },
  );

  test('is made again on macOS, where programs live on without one', async () => {
    const shell = await start(newProgram());
    first(shell.windows).emit('closed');
    shell.module.app.emit('activate');
    expect(shell.windows).toHaveLength(2);
  });
});
