/**
 * The desktop shell's main process: one instance, one window, one host process. It decides nothing about packets; it shows
 * dialogs, knows which paths the user has chosen, and passes the page a port to the host.
 */

import { existsSync } from 'node:fs';
import process from 'node:process';
import {
  app,
  type BrowserWindow,
  ipcMain,
  MessageChannelMain,
  protocol,
  session,
  type UtilityProcess,
  utilityProcess,
} from 'electron';
import { PageFiles } from '../engine/host/page-files.ts';
import { SettingsStore } from '../engine/host/settings.ts';
import { type Language, pickLanguage, type Translate, translator } from '../engine/text/index.ts';
import { filesOf, keyLogOf } from './arguments.ts';
import { DROP_CHANNEL, PORT_CHANNEL } from './channels.ts';
import { askRestart, chooseCaptures, chooseKeyLog, chooseTarget, mayLoseCapture } from './dialogs.ts';
import { Grants } from './grants.ts';
import { setMenu } from './menu.ts';
import { asFromHost, type Question, type ToHost } from './messages.ts';
import { HOST_PROCESS, PAGE_FOLDER, SAMPLE } from './paths.ts';
import { APP_SCHEME, answerRequest, SCHEME_NAME } from './protocol.ts';
import { isFromOurPage, lockContents, lockSession } from './security.ts';
import { createWindow } from './window.ts';

class Shell {
  private readonly grants = new Grants();
  private readonly settings = new SettingsStore();
  private keyLog = '';
  private window: BrowserWindow | null = null;
  private host: UtilityProcess | null = null;
  private language: Language = 'en';
  private isQuitting = false;

  /** After `ready`. */
  start(files: readonly string[], keyLog: string): void {
    this.keyLog = keyLog;
    lockSession(session.defaultSession);
    const page = new PageFiles(PAGE_FOLDER);
    protocol.handle(SCHEME_NAME, (request) => answerRequest(page, request));
    this.setLanguage(pickLanguage(app.getPreferredSystemLanguages()));

    ipcMain.on(PORT_CHANNEL, (event) => {
      if (isFromOurPage(event.senderFrame)) this.handOverPort(event.sender);
    });
    ipcMain.on(DROP_CHANNEL, (event, path: unknown) => {
      const isAllowed = isFromOurPage(event.senderFrame) && typeof path === 'string';
      if (isAllowed) this.grants.allowOpen([path]);
      event.returnValue = isAllowed;
    });

    const sample = files.length === 0 && this.settings.isFirstStart && existsSync(SAMPLE) ? SAMPLE : null;
    // Written down, so that there is only one first start.
    if (this.settings.isFirstStart) this.settings.set({});
    this.grants.allowOpen([SAMPLE, ...files, ...this.settings.get().recentFiles]);
    const isSample = sample !== null || (files.length === 1 && files[0] === SAMPLE);
    this.startHost(sample === null ? files : [sample], isSample);
    this.openWindow();
  }

  /** A second start, or the system, wants these opened in the window there is. */
  openFiles(files: readonly string[]): void {
    this.grants.allowOpen(files);
    if (files.length > 0) this.tellHost({ kind: 'openFiles', paths: files });
    this.openWindow();
  }

  /** The window, made where there is none, in front of the others. */
  openWindow(): void {
    if (this.window === null) {
      this.window = createWindow();
      this.window.on('closed', () => {
        this.window = null;
      });
      this.window.webContents.on('render-process-gone', (_event, { reason }) => {
        if (reason !== 'clean-exit') void this.pageGone(reason);
      });
      const { window } = this;
      // The page holds packets that nobody has saved: without an answer it would not close at all.
      window.webContents.on('will-prevent-unload', (event) => {
        if (mayLoseCapture(window, this.t)) event.preventDefault();
      });
      return;
    }
    if (this.window.isMinimized()) this.window.restore();
    this.window.focus();
  }

  quit(): void {
    this.isQuitting = true;
    this.host?.kill();
  }

  private get t(): Translate {
    return translator(this.language);
  }

  private startHost(files: readonly string[], isSample: boolean): void {
    const host = utilityProcess.fork(HOST_PROCESS, [], { serviceName: 'Nagare host', stdio: 'inherit' });
    this.host = host;
    host.on('message', (message: unknown) => this.heard(message));
    host.once('exit', (code) => {
      if (this.host === host) this.host = null;
      if (!this.isQuitting) void this.hostGone(code);
    });
    this.tellHost({ kind: 'start', version: app.getVersion(), files, isSample, keyLog: this.keyLog });
  }

  private tellHost(message: ToHost): void {
    this.host?.postMessage(message);
  }

  /** The page's way to the host: no message of theirs passes through this process. */
  private handOverPort(page: Electron.WebContents): void {
    const { port1, port2 } = new MessageChannelMain();
    this.host?.postMessage({ kind: 'page' } satisfies ToHost, [port1]);
    page.postMessage(PORT_CHANNEL, null, [port2]);
  }

  private heard(received: unknown): void {
    const message = asFromHost(received);
    if (message === undefined) return;
    if (message.kind === 'language') this.setLanguage(message.language);
    else void this.answer(message.id, message.question);
  }

  private async answer(id: number, question: Question): Promise<void> {
    const asked = this.host;
    const paths = await this.pathsFor(question);
    if (this.host === asked) this.tellHost({ kind: 'answer', id, paths });
  }

  private async pathsFor(question: Question): Promise<readonly string[]> {
    if (question.kind === 'may') return this.grants.check(question.to, question.path);
    if (this.window === null) return [];
    if (question.dialog === 'open') {
      const paths = await chooseCaptures(this.window, this.t);
      this.grants.allowOpen(paths);
      return paths;
    }
    if (question.dialog === 'keys') {
      const paths = await chooseKeyLog(this.window, this.t);
      this.grants.allowOpen(paths);
      return paths;
    }
    const paths = await chooseTarget(this.window, this.t, question.suggestedName);
    for (const path of paths) this.grants.allowSave(path);
    return paths;
  }

  private setLanguage(language: Language): void {
    this.language = language;
    setMenu(this.t, process.platform, (id) => this.tellHost({ kind: 'command', id }));
  }

  /** What was open is not opened again: it may be what ended the host. */
  private async hostGone(code: number): Promise<void> {
    const { t } = this;
    const goesOn = await askRestart(
      this.window,
      t,
      t('desktop.hostGone'),
      t('desktop.hostGoneDetail', { code: String(code) }),
    );
    if (!goesOn) return app.quit();
    this.startHost([], false);
    this.window?.webContents.reload();
  }

  private async pageGone(reason: string): Promise<void> {
    const { t } = this;
    if (await askRestart(this.window, t, t('desktop.pageGone'), t('desktop.pageGoneDetail', { reason }))) {
      this.window?.webContents.reload();
    } else {
      app.quit();
    }
  }
}

function run(): void {
  const files = filesOf(process.argv, app.isPackaged, process.cwd());
  const keyLog = keyLogOf(process.argv, process.cwd());
  // The first instance gets the files as they are here: its own working folder may be another one.
  if (!app.requestSingleInstanceLock({ files })) {
    app.quit();
    return;
  }
  app.enableSandbox();
  protocol.registerSchemesAsPrivileged([APP_SCHEME]);
  app.on('web-contents-created', (_event, contents) => lockContents(contents));

  const shell = new Shell();
  /** What macOS asks to open before the program is ready. */
  const early: string[] = [];
  let isReady = false;
  app.on('open-file', (event, path) => {
    event.preventDefault();
    if (isReady) shell.openFiles([path]);
    else early.push(path);
  });
  app.on('second-instance', (_event, _argv, _folder, data) => shell.openFiles(pathsOf(data)));
  app.on('window-all-closed', () => {
    if (process.platform !== 'darwin') app.quit();
  });
  app.on('activate', () => {
    if (isReady) shell.openWindow();
  });
  app.on('before-quit', () => shell.quit());
  void app.whenReady().then(() => {
    isReady = true;
    shell.start([...files, ...early], keyLog);
  });
}

/** Any program of this user may send what a second instance sends. */
function pathsOf(data: unknown): readonly string[] {
  const files: unknown = typeof data === 'object' && data !== null && 'files' in data ? data.files : [];
  return Array.isArray(files) ? files.filter((file) => typeof file === 'string') : [];
}

run();
