/** Every packet of a counted run is in the file: compared with what tcpdump wrote at the same time. */
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { buildPrograms, HERE, missing, Network, program, said, THERE, trafficProgram } from './network.ts';
import { readPackets } from './packets.ts';

const TIME_APART_NS = 5e6;
const PINGS = 300;
const VISITS = 60;

let network: Network;

beforeAll(() => {
  if (missing === null) buildPrograms();
}, 120_000);

beforeEach(() => {
  network = new Network();
});

afterEach(() => network.close());

/** Resolves once it says that it listens. */
async function startTcpdump(file: string): Promise<ChildProcess> {
  const options = ['-i', HERE.card, '-n', '-s', '0', '-w', file, '--time-stamp-precision=nano'];
  const tcpdump = network.start('here', 'tcpdump', ...options);
  await said(tcpdump, 'stderr', 'listening on');
  return tcpdump;
}

async function startServer(): Promise<void> {
  const server = network.start('there', process.execPath, program('serve.mjs'), THERE.address);
  await said(server, 'stdout', 'listening');
}

describe.skipIf(missing !== null)('beside tcpdump, on a cable of their own', () => {
  test('ping, DNS and HTTP: the same packets, in the same order, at the same times', async () => {
    await startServer();
    const theirs = join(network.folder, 'tcpdump.pcap');
    const ours = join(network.folder, 'nagare.pcapng');
    const tcpdump = await startTcpdump(theirs);
    const capture = network.capture(['-i', HERE.card, '-w', ours]);
    await capture.next('file');

    const replies = await network.finish('here', trafficProgram(), 'ping', THERE.address, String(PINGS));
    const visits = await network.finish('here', process.execPath, program('visit.mjs'), THERE.address, String(VISITS));
    const stopped = await capture.stop();
    // It writes what its kernel buffer still holds only when that is handed over, up to a second later.
    await new Promise((resolve) => setTimeout(resolve, 1500));
    tcpdump.kill('SIGINT');
    await once(tcpdump, 'close');

    expect(replies).toBe(`${PINGS}\n`);
    expect(visits).toBe(`${VISITS} ${(100 * VISITS * (VISITS + 1)) / 2}\n`);
    const packets = readPackets(ours);
    const others = readPackets(theirs);
    expect(packets.map(({ digest }) => digest)).toEqual(others.map(({ digest }) => digest));
    // The kernel stamps what comes in once for each listener, a microsecond apart.
    const apart = packets.map(({ time }, index) => Math.abs(Number(time - (others[index]?.time ?? 0n))));
    expect(Math.max(...apart)).toBeLessThan(TIME_APART_NS);
    // A request and a reply for each ping, each name and each page.
    expect(packets.length).toBeGreaterThanOrEqual(2 * PINGS + 2 * VISITS + 2 * VISITS);
    expect(stopped).toMatchObject({ captured: packets.length, received: packets.length, droppedByKernel: 0 });
  });

  test('with the same filter, the same packets pass it', async () => {
    await startServer();
    const ours = join(network.folder, 'nagare.pcapng');
    const capture = network.capture(['-i', HERE.card, '-f', 'udp port 53', '-w', ours]);
    await capture.next('file');
    await network.finish('here', process.execPath, program('visit.mjs'), THERE.address, String(VISITS));
    const stopped = await capture.stop();
    expect(stopped).toMatchObject({ captured: 2 * VISITS, received: 2 * VISITS });
    expect(readPackets(ours)).toHaveLength(2 * VISITS);
  });

  test.each([
    ['in', THERE.address],
    ['out', HERE.address],
  ])('direction %s has the packets of %s only', async (direction, source) => {
    const ours = join(network.folder, 'nagare.pcapng');
    const capture = network.capture(['-i', HERE.card, '-Q', direction, '-f', 'icmp', '-w', ours]);
    await capture.next('file');
    await network.finish('here', trafficProgram(), 'ping', THERE.address, '10');
    await capture.stop();
    const sourceHex = Buffer.from(source.split('.').map(Number)).toString('hex');
    const sources = readPackets(ours).map(({ bytes }) => bytes.toString('hex', 26, 30));
    expect(sources).toEqual(Array.from({ length: 10 }, () => sourceHex));
  });
});
