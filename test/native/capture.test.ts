/** The capture helper on the loopback, under the sanitizers; its files are read back by our engine and by tshark. */
import { spawnSync } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { SYSTEM_PARTS } from '../../scripts/test/system-parts.ts';
import { HelperProcess, runHelper } from '../support/helper-process.ts';
import { loadCapture } from '../support/load-capture.ts';
import { buildTestHelper, compiler } from './build-helper.ts';

const BUILD_LIMIT_MS = 120_000;
const HEADERS = 14 + 20 + 8;

const isThere = (name: string) => SYSTEM_PARTS.find((part) => part.name.startsWith(name))?.isThere() ?? false;
const isRoot = process.platform === 'linux' && process.getuid?.() === 0;

let helper = '';
let folder = '';

beforeAll(() => {
  if (compiler !== null && isRoot) helper = buildTestHelper('capture');
}, BUILD_LIMIT_MS);

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'nagare-capture-'));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A pair of sockets on the loopback: what one sends, the other takes. */
async function openPair() {
  const to = createSocket('udp4');
  to.bind(0, '127.0.0.1');
  await once(to, 'listening');
  const from = createSocket('udp4');
  const { port } = to.address();
  return {
    port,
    async send(payload: Uint8Array): Promise<void> {
      await new Promise<void>((resolve, reject) =>
        from.send(payload, port, '127.0.0.1', (error) => (error === null ? resolve() : reject(error))),
      );
    },
    close(): void {
      from.close();
      to.close();
    },
  };
}

const payload = (index: number) => new Uint8Array(index * 7).fill(index & 0xff);

async function started(args: readonly string[]): Promise<HelperProcess> {
  const capture = new HelperProcess(helper, ['capture', ...args]);
  await capture.next('file');
  return capture;
}

describe.skipIf(compiler === null || !isRoot || !isThere('libpcap'))('capture on the loopback (root on Linux)', () => {
  test('every packet that passes the filter is in the file, byte for byte', async () => {
    const pair = await openPair();
    const file = join(folder, 'lo.pcapng');
    const filter = `udp port ${pair.port}`;
    const capture = await started(['-i', 'lo', '-f', filter, '-w', file, '--comment', '流れ']);
    for (let i = 0; i < 200; i++) await pair.send(payload(i));
    const stopped = await capture.stop();
    pair.close();
    expect(await capture.exit).toBe(0);
    expect(capture.errorText).toBe('');
    // Linux counts a packet of the loopback twice, going out and coming in.
    expect(stopped).toMatchObject({ reason: 'asked', captured: 200, received: 400, droppedByKernel: 0, files: 1 });

    const read = loadCapture(readFileSync(file));
    expect(read.problem).toBeNull();
    expect(read.table.count).toBe(200);
    for (let row = 0; row < 200; row++) {
      expect(Buffer.from(read.bytes(row)).subarray(HEADERS)).toEqual(Buffer.from(payload(row)));
    }
    const { facts } = read.reader;
    expect(facts.comments).toEqual(['流れ']);
    expect(facts.application).toMatch(/^nagare-capture .*libpcap/);
    expect(facts.interfaces).toHaveLength(1);
    expect(facts.interfaces[0]).toMatchObject({ name: 'lo', filter, ticksPerSecond: 1e9, linkType: 1 });
    expect(facts.interfaces[0]?.statistics).toMatchObject({ filterAccepted: 400n, osDropped: 0n, delivered: 200n });
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  test.skipIf(!isThere('tshark'))('tshark reads the same packets and knows the interface', async () => {
    const pair = await openPair();
    const file = join(folder, 'lo.pcapng');
    const capture = await started(['-i', 'lo', '-f', `udp port ${pair.port}`, '-s', '60', '-w', file]);
    for (let i = 0; i < 20; i++) await pair.send(payload(i));
    await capture.stop();
    pair.close();
    const fields = ['frame.number', 'frame.cap_len', 'frame.len', 'udp.length', 'frame.interface_name'];
    const args = ['-n', '-r', file, '-T', 'fields', ...fields.flatMap((field) => ['-e', field])];
    const { stdout, status } = spawnSync('tshark', args, { encoding: 'utf8' });
    expect(status).toBe(0);
    const expected = Array.from({ length: 20 }, (_, i) => {
      const length = HEADERS + i * 7;
      return `${i + 1}\t${Math.min(length, 60)}\t${length}\t${8 + i * 7}\tlo\n`;
    });
    expect(stdout).toBe(expected.join(''));
  });

  test('packets are in the file within 300 ms, whole blocks at any moment', async () => {
    const pair = await openPair();
    const file = join(folder, 'lo.pcapng');
    const capture = await started(['-i', 'lo', '-f', `udp port ${pair.port}`, '-w', file]);
    const waits: number[] = [];
    for (let i = 1; i <= 5; i++) {
      const sent = performance.now();
      await pair.send(payload(i));
      const counts = await capture.next('counts', (event) => event['captured'] === i);
      waits.push(performance.now() - sent);
      const { bytes } = counts['file'] as { bytes: number };
      const read = loadCapture(readFileSync(file).subarray(0, bytes));
      expect(read.problem).toBeNull();
      expect(read.table.count).toBe(i);
    }
    await capture.stop();
    pair.close();
    expect(waits.sort((a, b) => a - b)[2]).toBeLessThan(300);
  });

  test('a ring keeps the newest files, each whole, with figures of its own', async () => {
    const pair = await openPair();
    const limits = ['--file-packets', '10', '--ring-files', '3', '--stop-packets', '95'];
    const capture = await started([
      '-i',
      'lo',
      '-f',
      `udp port ${pair.port}`,
      '-w',
      join(folder, 'r.pcapng'),
      ...limits,
    ]);
    for (let i = 0; i < 120; i++) await pair.send(payload(i % 50));
    expect(await capture.exit).toBe(0);
    pair.close();
    expect(capture.events.at(-1)).toMatchObject({ event: 'stopped', reason: 'packets', captured: 95, files: 10 });
    const names = readdirSync(folder).sort();
    expect(names.map((name) => name.slice(0, 8))).toEqual(['r_00008_', 'r_00009_', 'r_00010_']);
    const reads = names.map((name) => loadCapture(readFileSync(join(folder, name))));
    expect(reads.map((read) => read.table.count)).toEqual([10, 10, 5]);
    expect(reads.map((read) => read.reader.facts.interfaces[0]?.statistics?.delivered)).toEqual([10n, 10n, 5n]);
    const removed = capture.all('file').filter((event) => event['action'] === 'removed');
    expect(removed.map((event) => event['number'])).toEqual([1, 2, 3, 4, 5, 6, 7]);
  });

  test('several interfaces go into one file, each with its own filter and link type', async () => {
    const pair = await openPair();
    const file = join(folder, 'two.pcapng');
    const first = ['-i', 'lo', '-f', `udp port ${pair.port}`];
    const second = ['-i', 'any', '-y', 'LINUX_SLL2', '-f', `udp port ${pair.port}`, '--description', 'all'];
    const capture = await started([...first, ...second, '-w', file]);
    for (let i = 0; i < 10; i++) await pair.send(payload(i));
    await capture.stop();
    pair.close();
    const { interfaces } = loadCapture(readFileSync(file)).reader.facts;
    expect(interfaces).toMatchObject([
      { name: 'lo', linkType: 1, statistics: { delivered: 10n } },
      { name: 'any', linkType: 276, description: 'all' },
    ]);
    // The pseudo-device shows a packet of the loopback going out and coming in.
    expect(interfaces[1]?.statistics?.delivered).toBeGreaterThanOrEqual(10n);
  });

  test.each([
    ['a line of its input', 'asked', (capture: HelperProcess) => capture.send('stop')],
    ['the end of its input', 'input-closed', (capture: HelperProcess) => capture.closeInput()],
    ['SIGINT', 'signal', (capture: HelperProcess) => capture.kill('SIGINT')],
    ['SIGTERM', 'signal', (capture: HelperProcess) => capture.kill('SIGTERM')],
  ])('%s ends it, with what arrived just before', async (_name, reason, end) => {
    const pair = await openPair();
    const file = join(folder, 'lo.pcapng');
    const capture = await started(['-i', 'lo', '-f', `udp port ${pair.port}`, '-w', file]);
    for (let i = 0; i < 10; i++) await pair.send(payload(i));
    end(capture);
    expect(await capture.exit).toBe(0);
    pair.close();
    expect(capture.events.at(-1)).toMatchObject({ event: 'stopped', reason, captured: 10 });
    expect(loadCapture(readFileSync(file)).table.count).toBe(10);
  });

  test('it stops by time, and by size', async () => {
    const pair = await openPair();
    const file = join(folder, 'lo.pcapng');
    const filter = ['-i', 'lo', '-f', `udp port ${pair.port}`, '-w', file];
    const byTime = await started([...filter, '--stop-seconds', '0.2']);
    expect(await byTime.exit).toBe(0);
    expect(byTime.events.at(-1)).toMatchObject({ reason: 'seconds' });
    const bySize = await started([...filter, '--stop-bytes', '5000']);
    for (let i = 0; i < 10; i++) await pair.send(new Uint8Array(1000));
    expect(await bySize.exit).toBe(0);
    expect(bySize.events.at(-1)).toMatchObject({ reason: 'bytes', captured: 4 });
    expect(statSync(file).size).toBeLessThanOrEqual(5000);
    pair.close();
  });

  test('commands on its input begin the next file and ask for figures; others are refused', async () => {
    const pair = await openPair();
    const limits = ['--file-bytes', '1000000'];
    const capture = await started([
      '-i',
      'lo',
      '-f',
      `udp port ${pair.port}`,
      '-w',
      join(folder, 'r.pcapng'),
      ...limits,
    ]);
    await pair.send(payload(1));
    await capture.next('counts', (event) => event['captured'] === 1);
    capture.send('rotate');
    await capture.next('file', (event) => event['action'] === 'opened' && event['number'] === 2);
    capture.send('halt');
    expect(await capture.next('error')).toMatchObject({ code: 'unknown-command', message: 'halt', fatal: false });
    const before = capture.all('counts').length;
    capture.send('counts');
    await capture.next('counts', (event) => capture.all('counts').indexOf(event) >= before);
    await capture.stop();
    pair.close();
    expect(readdirSync(folder)).toHaveLength(2);
  });

  test('rights are given up, but root still writes where only root may', async () => {
    const capabilities = (pid: number) => /^CapEff:\s*(\w+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    const capture = await started(['-i', 'lo', '-w', join(folder, 'lo.pcapng')]);
    expect(await capture.next('started')).toMatchObject({ rights: 'none' });
    expect(capabilities(capture.pid)).toBe('0000000000000000');
    expect(readFileSync(`/proc/${capture.pid}/status`, 'utf8')).toMatch(/^CapPrm:\s*0{16}$/m);
    await capture.stop();

    const foreign = join(folder, 'foreign');
    mkdirSync(foreign);
    chmodSync(foreign, 0o555);
    const other = await started(['-i', 'lo', '-w', join(foreign, 'lo.pcapng')]);
    expect(await other.next('started')).toMatchObject({ rights: 'files' });
    expect(capabilities(other.pid)).toBe('0000000000000002');
    await other.stop();
  });

  test('a wrong filter and a folder that is not there are one line each, and no file', async () => {
    const file = join(folder, 'x.pcapng');
    const filter = await runHelper(helper, ['capture', '-i', 'lo', '-f', 'tcp prt 80', '-w', file]);
    expect(filter.events).toHaveLength(1);
    expect(filter.events[0]).toMatchObject({ code: 'filter', at: 4, end: 7, interface: 'lo', fatal: true });
    expect(filter.code).toBe(6);
    const place = await runHelper(helper, ['capture', '-i', 'lo', '-w', join(folder, 'none', 'x.pcapng')]);
    expect(place.events).toHaveLength(1);
    expect(place.events[0]).toMatchObject({ code: 'write-failed', path: join(folder, 'none', 'x.pcapng') });
    expect(place.code).toBe(7);
    expect(readdirSync(folder)).toEqual([]);
  });

  test('a reader that does not read does not hold it up', async () => {
    const pair = await openPair();
    const file = join(folder, 'lo.pcapng');
    // A pipe whose other end is open and never read.
    const script = `"$0" "$@" | sleep 3`;
    const args = [helper, 'capture', '-i', 'lo', '-f', `udp port ${pair.port}`, '-w', file];
    const limits = ['--file-packets', '1', '--stop-packets', '600', '--no-input'];
    const shell = new HelperProcess('/bin/sh', ['-c', script, ...args, ...limits]);
    await new Promise((resolve) => setTimeout(resolve, 500));
    // Their lines are about 170 kB, of which a pipe holds 64.
    for (let i = 0; i < 600; i++) await pair.send(payload(1));
    await new Promise((resolve) => setTimeout(resolve, 1000));
    const packets = readdirSync(folder).length;
    await shell.exit;
    pair.close();
    expect(packets).toBe(600);
  });
});
