/** Captures on another machine over SSH: a real sshd, its tcpdump and dumpcap, and what is said when one of them is missing. */

import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { DEFAULT_CAPTURE } from '../../engine/contract/capture.ts';
import { findProgram } from '../../engine/host/capture/program.ts';
import { loadCapture } from '../support/load-capture.ts';
import { runCli } from '../support/run-cli.ts';
import { newest, serveHost, until } from '../support/served-host.ts';
import { buildPrograms, collect, missing, Network, said, THERE, trafficProgram } from './network.ts';
import { GUEST, SshServer, sshLacks } from './ssh-server.ts';

const CLI = resolve('cli/nagare.mjs');
const SOON_MS = 20_000;
const PINGS = 20;

const lacks = missing ?? (existsSync('build/cli/main.js') ? sshLacks : 'build/cli/main.js');

interface Said {
  readonly code: number | null;
  readonly err: string;
}

describe.skipIf(lacks !== null)(`a capture over ssh (needs ${lacks ?? 'nothing more'})`, () => {
  let network: Network;
  let server: SshServer;

  beforeAll(() => buildPrograms(), 120_000);

  beforeEach(async () => {
    network = new Network();
  });

  afterEach(() => network.close());

  const env = (): Record<string, string> => ({
    PATH: `${server.bin}:${process.env.PATH ?? ''}`,
    NAGARE_CONFIG_DIR: join(network.folder, 'config'),
    LANG: 'en_US.UTF-8',
  });
  const ping = () => network.finish('here', trafficProgram(), 'ping', THERE.address, String(PINGS));
  const file = (): string => join(network.folder, 'remote.out');

  function nagare(...args: readonly string[]) {
    const child = spawn(process.execPath, [CLI, 'capture', '-i', THERE.card, '-w', file(), ...args], {
      env: { ...process.env, ...env() },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const ended = new Promise<number | null>((done) => child.once('close', (code) => done(code)));
    return { child, ended };
  }

  /** One that fails by itself. */
  async function refused(...args: readonly string[]): Promise<Said> {
    const { child, ended } = nagare(...args);
    const [code, err] = await Promise.all([ended, collect(child, 'stderr')]);
    return { code, err };
  }

  describe.each(['tcpdump', 'dumpcap'] as const)('with %s', (tool) => {
    test.skipIf(findProgram(tool, ['/usr/sbin']) === null)(
      'has every packet there, and none of its own session',
      async () => {
        server = await SshServer.start(network);
        const { child, ended } = nagare('--remote', `root@${THERE.address}`, '--remote-tool', tool);
        const text = collect(child, 'stderr');
        await said(child, 'stderr', 'Capturing on');
        await ping();
        // More of its own session: what is captured comes over it.
        await new Promise((resolve) => setTimeout(resolve, 1500));
        child.kill('SIGINT');
        expect(await ended).toBe(0);
        expect(await text).toMatch(/^\d+ packets captured$/m);
        const count = async (filter: string) => Number((await runCli(['count', file(), '-Y', filter, '--strict'])).out);
        expect(await count('icmp')).toBe(2 * PINGS);
        expect(await count('tcp')).toBe(0);
        expect(loadCapture(readFileSync(file())).problem).toBeNull();
      },
    );
  });

  test('is a live view: rows come while it runs', async () => {
    server = await SshServer.start(network);
    const host = await serveHost(['--capture'], env());
    try {
      const { client } = host;
      const state = newest(client, 'session');
      const remote = { destination: `root@${THERE.address}`, port: null, tool: 'tcpdump', sudo: false } as const;
      const options = { ...DEFAULT_CAPTURE, interfaces: [THERE.card], filter: 'icmp', remote };
      const { session } = await client.request('capture.start', { options });
      await ping();
      await until(() => state()?.packets === 2 * PINGS, SOON_MS, host.output);
      expect(state()?.live).toMatchObject({ isRunning: true, tool: 'tcpdump' });
      await client.request('capture.stop', { session });
      await until(() => state()?.live?.isRunning === false, SOON_MS, host.output);
      expect(state()?.live).toMatchObject({ captured: 2 * PINGS, droppedByKernel: 0, problem: null });
    } finally {
      await host.close();
    }
  });

  test('says what keeps it from beginning', async () => {
    const bare = join(network.folder, 'bare');
    mkdirSync(bare);
    for (const name of ['sh', 'cat']) symlinkSync(`/bin/${name}`, join(bare, name));
    server = await SshServer.start(network, bare);
    const root = `root@${THERE.address}`;
    expect(await refused('--remote', root)).toMatchObject({
      code: 1,
      err: expect.stringContaining('lacks the capture tool') as string,
    });
    expect((await refused('--remote', root, '--remote-port', '2223')).err).toContain('cannot be reached over SSH');
    const real = network.wrap(findProgram('ssh') ?? 'ssh');
    server.useClient(real, 'stranger', 'known_hosts');
    expect((await refused('--remote', root)).err).toContain('did not let us in');
    server.useClient(real, 'user', 'none');
    expect((await refused('--remote', root)).err).toContain('key is not known here');
  });

  test('says which right is missing there, and what is wrong with interface or filter', async () => {
    server = await SshServer.start(network);
    const guest = await refused('--remote', `${GUEST}@${THERE.address}`);
    expect(guest).toMatchObject({
      code: 1,
      err: expect.stringContaining('The right to capture is missing on the other machine') as string,
    });
    const root = ['--remote', `root@${THERE.address}`];
    expect((await refused(...root, '-f', 'udp por 9')).err).toContain('The capture filter is wrong');
    expect((await refused(...root, '-i', 'absent0')).code).toBe(1);
  });
});
