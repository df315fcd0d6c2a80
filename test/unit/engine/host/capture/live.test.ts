/** A capture that runs, through the built program: the helper is a made-up one (test/support/fake-helper.mjs). */

import { existsSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type CaptureSettings, DEFAULT_CAPTURE } from '../../../../../engine/contract/capture.ts';
import { newest, type ServedHost, serveHost, until } from '../../../../support/served-host.ts';

const HELPER = resolve('test/support/fake-helper.mjs');
const SOON_MS = 10_000;

/** The helper is started by its first line, which Windows does not read; the program must have been built. */
const canRun = process.platform !== 'win32' && existsSync('build/cli/main.js');

describe.skipIf(!canRun)('a live capture', () => {
  let folder = '';
  let host: ServedHost;

  const settings = (name: string, more: Partial<CaptureSettings> = {}): CaptureSettings => ({
    ...DEFAULT_CAPTURE,
    interfaces: [name],
    ...more,
  });
  const start = async (): Promise<void> => {
    host = await serveHost(['--capture'], { NAGARE_CONFIG_DIR: folder, NAGARE_CAPTURE_HELPER: HELPER });
  };

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'nagare-test-'));
    await start();
  });

  afterEach(async () => {
    await host.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('lists interfaces, their traffic, and checks filters', async () => {
    const { client } = host;
    const ability = await client.request('capture.interfaces', {});
    expect(ability).toMatchObject({ tool: 'helper', isExact: true, needs: [] });
    expect(ability.interfaces[0]).toMatchObject({ name: 'fake', addresses: ['192.0.2.1/24'], linkTypes: ['EN10MB'] });
    const check = (filter: string) =>
      client.request('capture.checkFilter', { interface: 'fake', linkType: 'EN10MB', filter });
    expect(await check('udp')).toEqual({ ok: true });
    expect(await check('udp and bad')).toEqual({ ok: false, message: 'syntax error', at: 8 });
    const traffic = newest(client, 'traffic');
    await client.request('capture.watch', { on: true });
    await until(() => traffic() !== null, SOON_MS);
    expect(traffic()?.interfaces).toEqual([{ name: 'fake', packets: 10, bytes: 600 }]);
    await client.request('capture.watch', { on: false });
  });

  it('shows packets as they come, and ends with what the helper counted', async () => {
    const { client } = host;
    const state = newest(client, 'session');
    const started = await client.request('capture.start', { options: settings('fake') });
    expect(started.live).toMatchObject({ isRunning: true, tool: 'helper', isPrivate: true });
    const opened = await client.request('view.open', {
      session: started.session,
      filter: 'udp.srcport == 1025',
      range: null,
      sort: null,
    });
    const view = newest(client, 'view');
    await until(() => (state()?.packets ?? 0) > 100 && (view()?.rows ?? 0) > 20, SOON_MS, host.output);
    expect(opened.ok).toBe(true);
    expect(state()?.isLoading).toBe(false);
    const rows = await client.request('view.rows', {
      view: opened.ok ? opened.view.view : 0,
      first: 0,
      count: 2,
      columns: ['number', 'source', 'protocol'],
    });
    expect(rows.cells.split('\u001f')).toEqual(['2', '192.0.2.1', 'DNS', '7', '192.0.2.1', 'DNS']);
    await client.request('capture.stop', { session: started.session });
    await until(() => state()?.live?.isRunning === false && state()?.packets === state()?.live?.captured, SOON_MS);
    expect(state()?.live).toMatchObject({ droppedByKernel: 3, problem: null, files: 1 });
    expect(state()?.live?.received).toBe((state()?.live?.captured ?? 0) + 3);
  });

  it('is a private file that goes with its session', async () => {
    const { client } = host;
    const { session, live } = await client.request('capture.start', { options: settings('fake') });
    const file = live?.path ?? '';
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(await client.request('capture.left', {})).toEqual([]);
    await client.request('session.close', { session });
    expect(readdirSync(join(folder, 'captures'))).toEqual([]);
  });

  it.each([
    ['gone', 'device-gone'],
    ['full', 'disk-full'],
  ])('says why a capture on %s ended by itself', async (name, key) => {
    const { client } = host;
    const state = newest(client, 'session');
    await client.request('capture.start', { options: settings(name) });
    await until(() => state()?.live?.isRunning === false && state()?.packets === 50, SOON_MS);
    expect(state()?.live?.problem?.key).toBe(key);
    expect(state()?.problems).toEqual([]);
  });

  it.each([
    ['locked', {}, `captureNeed.permission-${process.platform === 'darwin' ? 'macos' : 'linux'}`],
    ['nowhere', {}, 'captureNeed.no-device'],
    ['fake', { filter: 'bad' }, 'captureNeed.filter'],
  ])('refuses to start on %s %j', async (name, more, key) => {
    const refused = host.client.request('capture.start', { options: settings(name, more) });
    await expect(refused).rejects.toMatchObject({ detail: { key } });
    expect(readdirSync(join(folder, 'captures'))).toEqual([]);
  });

  it('keeps the newest files of a ring, under row numbers that only grow', async () => {
    const { client } = host;
    const state = newest(client, 'session');
    const ring = { packets: 500, bytes: null, seconds: null, files: 3 };
    const { session } = await client.request('capture.start', { options: settings('fake', { ring }) });
    const opened = await client.request('view.open', { session, filter: '', range: null, sort: null });
    const view = opened.ok ? opened.view.view : 0;
    await until(() => (state()?.firstRow ?? 0) >= 1000, SOON_MS, host.output);
    await client.request('capture.stop', { session });
    const said = (): string => JSON.stringify(state());
    await until(
      () => state()?.live?.isRunning === false && state()?.packets === state()?.live?.captured,
      SOON_MS,
      said,
    );
    const { firstRow, packets } = state() ?? { firstRow: 0, packets: 0 };
    expect(packets - firstRow).toBeLessThanOrEqual(1500);
    expect(state()?.files.length).toBe(3);
    const page = await client.request('view.rows', { view, first: 0, count: 1, columns: ['number', 'udp.payload'] });
    const [number, payload] = page.cells.split('\u001f');
    expect(number).toBe(String(firstRow + 1));
    expect(Number.parseInt(payload?.slice(-8) ?? '', 16)).toBe(firstRow);
    const gone = client.request('packet.detail', { session, row: firstRow - 1 });
    await expect(gone).rejects.toMatchObject({ code: 'bad-input' });
  });

  it('saves all of it, and its last moments', async () => {
    const { client } = host;
    const state = newest(client, 'session');
    const options = settings('fake', { stop: { packets: 300, bytes: null, seconds: null, files: null } });
    const { session } = await client.request('capture.start', { options });
    await until(() => state()?.packets === 300 && state()?.live?.isRunning === false, SOON_MS);
    const save = (minutes: number | null) =>
      client.request('capture.save', { session, minutes, path: null, suggestedName: 'all.pcapng' });
    expect(await save(null)).toMatchObject({ packets: 300, path: null });
    const part = await save(0.1);
    expect(part.packets).toBeGreaterThan(0);
    expect(part.download).toMatch(/download/);
  });

  it('offers what a killed program has left', async () => {
    const state = newest(host.client, 'session');
    await host.client.request('capture.start', { options: settings('fake') });
    await until(() => (state()?.packets ?? 0) > 50, SOON_MS);
    const seen = state()?.packets ?? 0;
    host.process.kill('SIGKILL');
    await new Promise((done) => host.process.once('exit', done));
    await start();
    const left = await host.client.request('capture.left', {});
    expect(left).toHaveLength(1);
    const path = left[0]?.path ?? '';
    const reopened = newest(host.client, 'session');
    await host.client.request('session.open', { paths: [path] });
    await until(() => reopened()?.isLoading === false, SOON_MS);
    expect(reopened()?.packets).toBeGreaterThanOrEqual(seen);
    await host.client.request('capture.discard', { path });
    expect(existsSync(path)).toBe(false);
    expect(await host.client.request('capture.left', {})).toEqual([]);
  });

  it('saves by itself what led to a packet that somebody waits for', async () => {
    const { client } = host;
    const state = newest(client, 'session');
    const saveWhen = { filter: 'frame.number == 60', packetRate: null, minutes: 1 };
    const { session } = await client.request('capture.start', { options: settings('fake', { saveWhen }) });
    await until(() => (state()?.live?.saved.length ?? 0) > 0, SOON_MS, host.output);
    const [saved] = state()?.live?.saved ?? [];
    expect(saved?.packets).toBeGreaterThanOrEqual(60);
    await client.request('session.close', { session });
    const again = await client.request('session.open', { paths: [saved?.path ?? ''] });
    expect(again.files[0]?.format).toBe('pcapng');
    const wrong = settings('fake', { saveWhen: { ...saveWhen, filter: 'nonsense ==' } });
    await expect(client.request('capture.start', { options: wrong })).rejects.toMatchObject({ code: 'bad-filter' });
  });

  it('tells that the condition of a flow monitor holds, and saves what led to it', async () => {
    const { client } = host;
    const state = newest(client, 'session');
    const monitors = JSON.stringify([
      { name: 'quiet', local: [], remote: [], alert: { value: 'rate', above: 1e6 } },
      { name: 'busy', local: [], remote: [], alert: { value: 'rate', above: 1e-6 } },
    ]);
    const saveWhen = { filter: '', packetRate: null, monitors, minutes: 1 };
    await client.request('capture.start', { options: settings('fake', { saveWhen }) });
    await until(() => (state()?.live?.saved.length ?? 0) > 0, 2 * SOON_MS, host.output);
    expect(state()?.live?.alerts).toEqual(['busy']);
    expect(state()?.live?.saved[0]?.packets).toBeGreaterThan(0);
  }, 30_000);

  it('captures again with the same options', async () => {
    const { client } = host;
    const first = await client.request('capture.start', { options: settings('fake', { filter: 'udp' }) });
    const second = await client.request('capture.restart', { session: first.session });
    expect(second.session).not.toBe(first.session);
    expect(second.live).toMatchObject({ isRunning: true, options: { filter: 'udp' } });
  });
});
