/**
 * The whole way from page to host: preload, main process and host process executed together, the page's own transport at
 * one end of the port and the real host at the other.
 */

import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { MessagePort } from 'node:worker_threads';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { ContractClient } from '../../engine/contract/client.ts';
import { cleanUp, first, newProgram, type Shell, start } from './run-shell.ts';
import { type StandInPort } from './stand-in.ts';

let shell: Shell;
let client: ContractClient;

/** What the preload offers. */
interface Bridge {
  requestPort(): void;
  pathForFile(file: File): string;
}

/** Runs the host process inside this one: what it is sent reaches it, what it says reaches the main process. */
async function runHost(program: Shell): Promise<void> {
  const process_ = program.processes.at(-1);
  if (process_ === undefined) throw new Error('there is no host process');
  const listeners: ((event: unknown) => void)[] = [];
  const parentPort = {
    on: (_: 'message', listener: (event: unknown) => void) => listeners.push(listener),
    postMessage: (message: unknown) => process_.emit('message', structuredClone(message)),
  };
  Object.defineProperty(process, 'parentPort', { value: parentPort, configurable: true });
  await import('../../electron/host-process.ts');
  const deliver = (message: unknown, ports: readonly StandInPort[]): void => {
    for (const listener of listeners) listener({ data: structuredClone(message), ports });
  };
  process_.onSent = deliver;
  for (const { message, ports } of process_.sent) deliver(message, ports);
}

/** The page: its window hears what the preload posts, and connects with the renderer's own code. */
async function connectPage(program: Shell): Promise<ContractClient> {
  const target = new EventTarget();
  const posted: unknown[] = [];
  const page = {
    addEventListener: target.addEventListener.bind(target),
    removeEventListener: target.removeEventListener.bind(target),
    postMessage: (data: unknown, _origin: string, ports: readonly MessagePort[]) => {
      posted.push(data);
      target.dispatchEvent(Object.assign(new Event('message'), { data, ports, source: page }));
    },
    location: { href: 'app://nagare/' },
    nagare: undefined as unknown,
  };
  vi.stubGlobal('window', page);
  const { ipcMain, ipcRenderer } = program.module;
  const { webContents } = first(program.windows);
  const event = () => ({ sender: webContents, senderFrame: webContents.mainFrame, returnValue: undefined as unknown });
  ipcRenderer.send = (channel, ...args: unknown[]) => void ipcMain.emit(channel, event(), ...args);
  ipcRenderer.sendSync = (channel, ...args: unknown[]) => {
    const sent = event();
    ipcMain.emit(channel, sent, ...args);
    return sent.returnValue;
  };
  webContents.postMessage = (channel, _message, ports = []) => {
    ipcRenderer.emit(channel, { ports: ports.map(({ inner }) => inner) });
  };
  await import('../../electron/preload.ts');
  page.nagare = program.state.exposed.get('nagare');
  const { connect } = await import('../../renderer/rpc/connect.ts');
  const connected = await connect();
  expect(posted).toEqual(['main-world-port']);
  return connected;
}

beforeEach(async () => {
  const program = newProgram();
  // Sessions have workers, which are built; how far a path gets is what is asked here.
  vi.doMock('../../engine/host/session-client.ts', () => ({
    prepareSession: (): void => undefined,
    SessionClient: class {
      request = async (_: string, { paths }: { readonly paths: readonly string[] }): Promise<never> => {
        throw new Error(`asked to open ${paths.join()}`);
      };
      close = (): void => undefined;
    },
  }));
  shell = await start(program);
  await runHost(shell);
  client = await connectPage(shell);
});

afterEach(() => {
  client.close();
  vi.doUnmock('../../engine/host/session-client.ts');
  Reflect.deleteProperty(process, 'parentPort');
  cleanUp();
});

describe('the page', () => {
  test('talks to the host, which knows what it is and what to open', async () => {
    expect(await client.request('app.info', {})).toMatchObject({
      version: '1.2.3',
      host: 'electron',
      hasDialogs: true,
      isSample: true,
      openAtStart: [expect.stringMatching(/sample\.pcapng$/)],
    });
  });

  test('sees two functions of the shell, and nothing else', () => {
    expect([...shell.state.exposed.keys()]).toEqual(['nagare']);
    expect(Object.keys(shell.state.exposed.get('nagare') as object).sort()).toEqual(['pathForFile', 'requestPort']);
  });

  test('is shown the system’s dialog', async () => {
    shell.state.openAnswer = { canceled: false, filePaths: ['/data/a.pcap'] };
    expect(await client.request('files.dialog', { kind: 'open' })).toEqual(['/data/a.pcap']);
  });

  test('cannot open or write what was not chosen', async () => {
    const refused = { code: 'not-allowed' };
    await expect(client.request('session.open', { paths: ['/etc/passwd'] })).rejects.toMatchObject(refused);
    await expect(client.request('files.browse', { path: '/etc' })).rejects.toMatchObject(refused);
    // It cannot put a file among those used before either.
    await client.request('settings.set', { recentFiles: ['/etc/passwd'] });
    expect((await client.request('settings.get', {})).recentFiles).toEqual([]);
    await expect(client.request('session.open', { paths: ['/etc/passwd'] })).rejects.toMatchObject(refused);
  });

  test('reads only a key log file that was chosen', async () => {
    const path = resolve(shell.folder, 'keys.log');
    writeFileSync(path, `CLIENT_RANDOM ${'00'.repeat(32)} ${'11'.repeat(48)}\n`);
    await expect(client.request('keys.set', { path })).rejects.toMatchObject({ code: 'not-allowed' });
    await client.request('settings.set', { tlsKeyLog: path });
    expect((await client.request('settings.get', {})).tlsKeyLog).toBe('');
    shell.state.openAnswer = { canceled: false, filePaths: [path] };
    expect(await client.request('files.dialog', { kind: 'keys' })).toEqual([path]);
    expect(await client.request('keys.set', { path })).toEqual({ secrets: 1 });
    expect((await client.request('settings.get', {})).tlsKeyLog).toBe(path);
    writeFileSync(path, 'something else\n');
    await expect(client.request('keys.set', { path })).rejects.toMatchObject({ code: 'bad-input' });
    expect(await client.request('keys.set', { path: null })).toEqual({ secrets: 0 });
    expect((await client.request('settings.get', {})).tlsKeyLog).toBe('');
  });

  test('may name a file that was dropped on it, and none that a script has made', async () => {
    const bridge = shell.state.exposed.get('nagare') as Bridge;
    const dropped = new File([], 'dropped.pcap');
    shell.state.paths.set(dropped, '/data/dropped.pcap');
    expect(bridge.pathForFile(dropped)).toBe('/data/dropped.pcap');
    expect(bridge.pathForFile(new File([], 'made.pcap'))).toBe('');
    const open = (path: string) => client.request('session.open', { paths: [path] });
    await expect(open('/data/made.pcap')).rejects.toMatchObject({ code: 'not-allowed' });
    await expect(open('/data/dropped.pcap')).rejects.toThrow(`asked to open ${resolve('/data/dropped.pcap')}`);
  });
});

describe('events', () => {
  test('of the menu bar and of the system reach the page', async () => {
    const commands: unknown[] = [];
    const opened: unknown[] = [];
    client.on('command', (command) => commands.push(command));
    client.on('openFiles', (files) => opened.push(files));
    const file = shell.state.menu.find(({ label }) => label === 'File')
      ?.submenu as Electron.MenuItemConstructorOptions[];
    file[0]?.click?.({} as Electron.MenuItem, undefined, {});
    shell.module.app.emit('second-instance', {}, [], '/', { files: ['/data/b.pcap'] });
    await vi.waitFor(() => expect([commands, opened]).toEqual([[{ id: 'file.open' }], [{ paths: ['/data/b.pcap'] }]]));
  });

  test('of the settings reach the menu bar: it changes its language with the window', async () => {
    await client.request('settings.set', { language: 'ja' });
    await vi.waitFor(() => expect(shell.state.menu.map(({ label }) => label)).toContain('ファイル'));
    await client.request('settings.set', { language: 'en' });
    await vi.waitFor(() => expect(shell.state.menu.map(({ label }) => label)).toContain('File'));
  });
});

test('files that arrive while no page is there are opened by the next one', async () => {
  client.close();
  // The host hears of a closed port a moment later.
  await new Promise((resolve) => setTimeout(resolve, 50));
  shell.module.app.emit('open-file', { preventDefault: () => undefined }, '/data/later.pcap');
  const port = new Promise<MessagePort>((resolve) => {
    first(shell.windows).webContents.postMessage = (_channel, _message, ports = []) => resolve(first(ports).inner);
  });
  const { webContents } = first(shell.windows);
  shell.module.ipcMain.emit('nagare:port', { sender: webContents, senderFrame: webContents.mainFrame });
  const { portTransport } = await import('../../renderer/rpc/connect.ts');
  const { connectClient } = await import('../../engine/contract/client.ts');
  client = connectClient(portTransport((await port) as unknown as globalThis.MessagePort));
  expect(await client.request('app.info', {})).toMatchObject({ openAtStart: ['/data/later.pcap'], isSample: false });
});
