/** What goes wrong while capturing: the file is whole, and one line says what happened. */
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { loadCapture } from '../support/load-capture.ts';
import { ABSENT, buildPrograms, HERE, missing, Network, THERE, trafficProgram } from './network.ts';
import { readPackets } from './packets.ts';

const HEADERS = 14 + 20 + 8;
const DISK = 2 * 1024 * 1024;

let network: Network;

beforeAll(() => {
  if (missing === null) buildPrograms();
}, 120_000);

beforeEach(() => {
  network = new Network();
});

afterEach(() => network.close());

const ping = (count: number) => network.finish('here', trafficProgram(), 'ping', THERE.address, String(count));
const flood = (rate: number, seconds: number, size: number) =>
  network.finish('there', trafficProgram(), 'flood', ABSENT.address, String(rate), String(seconds), String(size));

describe.skipIf(missing !== null)('while capturing', () => {
  test('a full disk ends it, and the file has whole packets up to there', async () => {
    const file = join(network.mountSmallDisk(DISK), 'full.pcapng');
    const capture = network.capture(['-i', HERE.card, '-w', file]);
    await capture.next('file');
    await flood(5000, 1, 1000);
    expect(await capture.exit).toBe(7);
    const [error] = capture.all('error');
    expect(error).toMatchObject({ code: 'disk-full', path: file, fatal: true });
    const stopped = capture.events.at(-1);
    expect(stopped).toMatchObject({ event: 'stopped', reason: 'error' });
    const { bytes } = stopped?.['file'] as { bytes: number };
    expect(statSync(file).size).toBe(bytes);
    const packets = readPackets(file);
    expect(packets.length).toBeGreaterThan(1000);
    expect(stopped).toMatchObject({ captured: packets.length, interfaces: [{ captured: packets.length }] });
    // The datagrams are numbered: none is missing before the last.
    const numbers = packets.map(({ bytes }) => Number(bytes.readBigUInt64BE(HEADERS)));
    expect(numbers).toEqual(Array.from(numbers, (_, index) => index));
  });

  test('a removed card ends it', async () => {
    const file = join(network.folder, 'gone.pcapng');
    const capture = network.capture(['-i', HERE.card, '-w', file]);
    await capture.next('file');
    await ping(5);
    network.removeCard();
    expect(await capture.exit).toBe(8);
    expect(capture.all('error')).toMatchObject([{ code: 'device-gone', interface: HERE.card, fatal: true }]);
    expect(capture.events.at(-1)).toMatchObject({ event: 'stopped', reason: 'error' });
    const { problem, reader } = loadCapture(readFileSync(file));
    expect(problem).toBeNull();
    expect(reader.facts.interfaces[0]?.statistics).toBeDefined();
    expect(readPackets(file).length).toBeGreaterThanOrEqual(10);
  });

  test('of two cards one is removed: the other goes on', async () => {
    const file = join(network.folder, 'gone.pcapng');
    const capture = network.capture(['-i', HERE.card, '-i', 'lo', '-w', file]);
    await capture.next('file');
    network.removeCard();
    expect(await capture.next('error')).toMatchObject({ code: 'device-gone', interface: HERE.card, fatal: false });
    await network.finish('here', trafficProgram(), 'ping', '127.0.0.1', '5');
    const stopped = await capture.stop();
    expect(stopped).toMatchObject({ reason: 'asked', interfaces: [{ open: false }, { open: true, captured: 10 }] });
    expect(readPackets(file).length).toBeGreaterThanOrEqual(10);
  });

  test('a card that is taken down and up again is captured on', async () => {
    const file = join(network.folder, 'down.pcapng');
    const capture = network.capture(['-i', HERE.card, '-f', 'icmp', '-w', file]);
    await capture.next('file');
    await ping(3);
    network.setCard('down');
    await new Promise((resolve) => setTimeout(resolve, 300));
    network.setCard('up');
    await ping(3);
    expect(await capture.stop()).toMatchObject({ reason: 'asked' });
    expect(readPackets(file).length).toBeGreaterThanOrEqual(12 - 2); // the first after coming up may find the way closed
  });

  test('killed, it leaves what was flushed, whole', async () => {
    const file = join(network.folder, 'killed.pcapng');
    const capture = network.capture(['-i', HERE.card, '-f', 'udp', '-w', file]);
    const pid = Number((await capture.next('started'))['pid']);
    const sending = flood(20000, 1, 200);
    const counts = await capture.next('counts', (event) => Number(event['captured']) > 2000);
    process.kill(pid, 'SIGKILL');
    await capture.exit;
    await sending;
    const { bytes, packets } = counts['file'] as { bytes: number; packets: number };
    expect(statSync(file).size).toBeGreaterThanOrEqual(bytes);
    const read = loadCapture(readFileSync(file));
    expect(read.problem).toBeNull();
    expect(read.table.count).toBeGreaterThanOrEqual(packets);
  });

  test('the end of its input ends it, as when its host was killed', async () => {
    const file = join(network.folder, 'alone.pcapng');
    const capture = network.capture(['-i', HERE.card, '-w', file]);
    await capture.next('file');
    await ping(5);
    capture.closeInput();
    expect(await capture.exit).toBe(0);
    expect(capture.events.at(-1)).toMatchObject({ event: 'stopped', reason: 'input-closed' });
    expect(readPackets(file).length).toBeGreaterThanOrEqual(10);
  });
});
