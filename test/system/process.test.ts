/** While a capture runs, the machine's socket tables say whose connection it is: as a column, as a filter, and as totals. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { DEFAULT_CAPTURE } from '../../engine/contract/capture.ts';
import { newest, serveHost, until } from '../support/served-host.ts';
import { buildPrograms, missing } from './network.ts';

const SOON_MS = 20_000;
/** What the program is called, as the kernel has it (comm). */
const NAME = 'nagare-fetcher';
/** Says something, waits longer than the time between two looks at the sockets, says something again. */
const CLIENT = `
  const socket = require('node:net').connect(Number(process.argv[1]), '127.0.0.1');
  socket.write('one');
  setTimeout(() => socket.end('two'), 1500);
`;

const lacks = missing ?? (existsSync('build/cli/main.js') ? null : 'build/cli/main.js');

describe.skipIf(lacks !== null)(`whose connection it is (needs ${lacks ?? 'nothing more'})`, () => {
  let folder = '';

  beforeAll(() => buildPrograms(), 120_000);
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'nagare-test-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  test('is known of every packet of it, also of those that came first', async () => {
    const program = join(folder, NAME);
    symlinkSync(process.execPath, program);
    const server = createServer((socket) => socket.resume().on('end', () => socket.end())).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const helper = join(process.cwd(), 'build/system-tests/nagare-capture');
    const host = await serveHost(['--capture'], { NAGARE_CONFIG_DIR: folder, NAGARE_CAPTURE_HELPER: helper });
    try {
      const { client } = host;
      const state = newest(client, 'session');
      const options = { ...DEFAULT_CAPTURE, interfaces: ['lo'], filter: `tcp port ${port}` };
      const { session } = await client.request('capture.start', { options });
      const filter = `nagare.process == "${NAME}"`;
      const opened = await client.request('view.open', { session, filter, range: null, sort: null });
      if (!opened.ok) throw new Error(opened.error.message);
      let shown = 0;
      client.on('view', ({ view, rows }) => {
        if (view === opened.view.view) shown = rows;
      });
      const fetcher = spawn(program, ['-e', CLIENT, '--', String(port)], { stdio: 'inherit' });
      await once(fetcher, 'close');
      // A handshake of three, two pieces of data with their acknowledgments, and an end on both sides.
      await until(() => (state()?.packets ?? 0) >= 9, SOON_MS, host.output);
      await until(
        () => shown === state()?.packets,
        SOON_MS,
        () => `${shown} of ${state()?.packets ?? 0}`,
      );
      const { view } = opened.view;
      const page = await client.request('view.rows', { view, first: 0, count: 1, columns: ['nagare.process', 'info'] });
      expect(page.cells).toContain(NAME);
      expect(page.cells).toContain('[SYN]');
      await client.request('capture.stop', { session });
      const totals = await client.request('panel.get', { session, panel: 'conversations', filter: '', range: null });
      expect(JSON.stringify(totals)).toContain(NAME);
    } finally {
      await host.close();
      server.close();
    }
  });
});
