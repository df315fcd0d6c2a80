/** A capture followed by the program itself: rows as packets come, and what is left when something is killed or pulled out. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type CaptureSettings, DEFAULT_CAPTURE } from '../../engine/contract/capture.ts';
import { newest, type ServedHost, serveHost, until } from '../support/served-host.ts';
import { ABSENT, buildPrograms, HERE, missing, Network } from './network.ts';

const SOON_MS = 20_000;
/** From the packet on the cable to the row at the client. */
const SIGHT_MS = 300;

/** Sends so many datagrams, one every `every` milliseconds, and prints when each one went. */
const SENDER = `
  const [count, every] = process.argv.slice(1).map(Number);
  const socket = require('node:dgram').createSocket('udp4');
  let sent = 0;
  const timer = setInterval(() => {
    const now = Date.now();
    socket.send('packet ' + sent, 5000, '${ABSENT.address}', () => console.log(now));
    if (++sent === count) { clearInterval(timer); setTimeout(() => socket.close(), 50); }
  }, every);
`;

let network: Network;
let host: ServedHost;

beforeAll(() => {
  if (missing === null) buildPrograms();
}, 120_000);

const config = (): Record<string, string> => ({
  NAGARE_CONFIG_DIR: join(network.folder, 'config'),
  NAGARE_CAPTURE_HELPER: network.wrap(join(process.cwd(), 'build/system-tests/nagare-capture')),
});

beforeEach(async () => {
  if (missing !== null) return;
  network = new Network();
  network.start('here', 'ip', 'neigh', 'add', ABSENT.address, 'lladdr', ABSENT.mac, 'dev', HERE.card);
  host = await serveHost(['--capture'], config());
});

afterEach(async () => {
  if (missing !== null) return;
  await host.close();
  network.close();
});

const settings = (more: Partial<CaptureSettings> = {}): CaptureSettings => ({
  ...DEFAULT_CAPTURE,
  interfaces: [HERE.card],
  filter: 'udp port 5000',
  ...more,
});

async function send(count: number, everyMs: number): Promise<number[]> {
  const printed = await network.finish('here', process.execPath, '-e', SENDER, '--', String(count), String(everyMs));
  return printed.trim().split('\n').map(Number);
}

describe.skipIf(missing !== null || !existsSync('build/cli/main.js'))(
  `a live capture (needs ${missing ?? 'nothing more'})`,
  () => {
    test('shows a packet soon after it was on the cable, in the list and in a filtered view', async () => {
      const { client } = host;
      const { session } = await client.request('capture.start', { options: settings() });
      const opened = await client.request('view.open', {
        session,
        filter: 'frame.number > 0 and udp.dstport == 5000',
        range: null,
        sort: null,
      });
      const seen: number[] = [];
      client.on('view', ({ view, rows }) => {
        if (opened.ok && view === opened.view.view) while (seen.length < rows) seen.push(Date.now());
      });
      const sent = await send(40, 100);
      await until(() => seen.length === sent.length, SOON_MS, host.output);
      const delays = sent.map((at, i) => (seen[i] ?? Number.POSITIVE_INFINITY) - at).sort((a, b) => a - b);
      // One in ten may meet a machine that does something else.
      expect(delays[Math.floor(delays.length * 0.9)]).toBeLessThanOrEqual(SIGHT_MS);
    });

    test('has every packet of a counted run, in rows, in counters and in the saved file', async () => {
      const { client } = host;
      const state = newest(client, 'session');
      const { session } = await client.request('capture.start', { options: settings() });
      await send(500, 1);
      await client.request('capture.stop', { session });
      await until(() => state()?.live?.isRunning === false && state()?.packets === 500, SOON_MS, host.output);
      expect(state()?.live).toMatchObject({ captured: 500, received: 500, droppedByKernel: 0, problem: null });
      const opened = await client.request('view.open', { session, filter: '', range: null, sort: null });
      const view = opened.ok ? opened.view.view : 0;
      const page = await client.request('view.rows', { view, first: 0, count: 500, columns: ['data.text'] });
      expect(page.rows.length).toBe(500);
      const properties = await client.request('panel.get', { session, panel: 'properties', filter: '', range: null });
      expect(JSON.stringify(properties)).toContain('500');
    });

    test('ends with a whole file and a reason when its card is taken out', async () => {
      const { client } = host;
      const state = newest(client, 'session');
      await client.request('capture.start', { options: settings() });
      await send(20, 2);
      await until(() => state()?.packets === 20, SOON_MS);
      network.removeCard();
      await until(() => state()?.live?.isRunning === false, SOON_MS, host.output);
      expect(state()?.live?.problem?.key).toBe('device-gone');
      expect(state()).toMatchObject({ packets: 20, problems: [] });
    });

    test('ends with a whole file and a reason when the disk is full', async () => {
      const disk = network.mountSmallDisk(64 * 1024);
      await host.close();
      host = await serveHost(['--capture'], { ...config(), NAGARE_CONFIG_DIR: disk });
      const state = newest(host.client, 'session');
      await host.client.request('capture.start', { options: settings() });
      await send(1000, 1);
      await until(() => state()?.live?.isRunning === false, SOON_MS, host.output);
      expect(state()?.live?.problem?.key).toBe('disk-full');
      expect(state()?.problems).toEqual([]);
      expect(state()?.packets).toBeGreaterThan(100);
      await until(
        () => state()?.packets === state()?.live?.captured,
        SOON_MS,
        () => JSON.stringify(state()),
      );
    });

    test('keeps what a killed helper had written', async () => {
      const { client } = host;
      const state = newest(client, 'session');
      await client.request('capture.start', { options: settings() });
      await send(50, 2);
      await until(() => state()?.packets === 50, SOON_MS);
      await network.finish(
        'here',
        'sh',
        '-c',
        'ip netns pids $(ip netns identify $$) | xargs -r ps -o pid=,comm= -p | grep nagare-capture | awk "{print \\$1}" | xargs kill -9',
      );
      await until(() => state()?.live?.isRunning === false, SOON_MS, host.output);
      expect(state()?.live?.problem?.key).toBe('tool-ended');
      expect(state()).toMatchObject({ packets: 50, problems: [] });
    });

    test('offers at the next start what a killed host had captured, and leaves no helper behind', async () => {
      const state = newest(host.client, 'session');
      await host.client.request('capture.start', { options: settings() });
      await send(50, 2);
      await until(() => state()?.packets === 50, SOON_MS);
      host.process.kill('SIGKILL');
      await new Promise((done) => host.process.once('exit', done));
      host = await serveHost(['--capture'], config());
      const left = await host.client.request('capture.left', {});
      expect(left).toHaveLength(1);
      const reopened = newest(host.client, 'session');
      await host.client.request('session.open', { paths: left.map(({ path }) => path) });
      await until(() => reopened()?.isLoading === false, SOON_MS);
      // The helper noticed that nobody reads it any more: its file has its end.
      expect(reopened()).toMatchObject({ packets: 50, problems: [] });
    });
  },
);
