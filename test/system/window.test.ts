/** Live capture with the window open on it: at speed, and when the host or the window is killed. */
import { readdirSync, readFileSync } from 'node:fs';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { loadCapture } from '../support/load-capture.ts';
import { DISK, flood, isClean, RATES, runTcpdump, SECONDS } from './load.ts';
import { buildPrograms, missing, Network } from './network.ts';
import { browserPath, LiveWindow } from './window.ts';

const FLOOD_SECONDS = 5;
const LIMIT_MS = 180_000;

let network: Network;

beforeAll(() => {
  if (missing === null) buildPrograms();
}, 120_000);

beforeEach(() => {
  network = new Network();
});

afterEach(() => network.close());

/** Half of what tcpdump takes without a drop, in datagrams a second. */
async function halfRate(): Promise<number> {
  const disk = network.mountSmallDisk(DISK);
  for (const rate of RATES) {
    const run = await runTcpdump(network, disk, rate);
    if (isClean(run)) return Math.floor(run.sent / SECONDS / 2);
  }
  throw new Error(`tcpdump drops packets at ${RATES.at(-1)} a second`);
}

/** Command lines of the helpers that run for this test. */
function helpers(): string[] {
  const processes = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  const lines = processes.map((pid) => {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
    } catch {
      return ''; // it has ended meanwhile
    }
  });
  return lines.filter((line) => /nagare-capture\S* capture /.test(line) && line.includes(network.folder));
}

/** The next start offers the capture, and opens it with all its packets. */
async function reopened(packets: number): Promise<void> {
  const next = await LiveWindow.open(network);
  await next.showCapture();
  await next.page.getByText('A capture did not end in order; its packets were kept.').waitFor();
  await next.page.getByRole('main').getByRole('button', { name: 'Open', exact: true }).click();
  expect(await next.packetsReach(packets, 20_000)).toBe(packets);
  await next.close();
}

describe.skipIf(missing !== null || browserPath === null)('with the window open on the capture', () => {
  test('nothing is dropped at half the rate that tcpdump keeps up with', { timeout: LIMIT_MS }, async () => {
    const rate = await halfRate();
    const window = await LiveWindow.open(network);
    await window.capture('udp');
    const sent = await flood(network, rate, FLOOD_SECONDS);
    const packets = await window.packetsReach(sent, 30_000);
    await window.stopCapture();
    await window.showCapture();
    process.stdout.write(`window: ${rate} a second, ${sent} sent, ${packets} rows\n`);
    expect(packets).toBe(sent);
    expect(await window.figure('droppedByKernel')).toBe(0);
    await window.close();
  });

  test('of a killed window the capture is ended in order, and offered', { timeout: LIMIT_MS }, async () => {
    const window = await LiveWindow.open(network);
    await window.capture('udp');
    const sent = await flood(network, 1000, 2);
    expect(await window.packetsReach(sent, 20_000)).toBe(sent);
    const [helper] = helpers();
    await window.killWindow();
    await expect.poll(helpers, { timeout: 10_000 }).toEqual([]);
    const path = / --write (\S+)/.exec(helper ?? '')?.[1] ?? '';
    const read = loadCapture(readFileSync(path));
    expect(read.problem).toBeNull();
    expect(read.table.count).toBe(sent);
    expect(read.reader.facts.interfaces[0]?.statistics).toMatchObject({ delivered: BigInt(sent), osDropped: 0n });
    await window.close();
    await reopened(sent);
  });

  test('a killed host leaves no helper, and the next start offers its capture', { timeout: LIMIT_MS }, async () => {
    const window = await LiveWindow.open(network);
    await window.capture('udp');
    const sent = await flood(network, 1000, 2);
    const seen = await window.packetsReach(sent, 20_000);
    expect(seen).toBe(sent);
    expect(helpers()).toHaveLength(1);
    await window.killHost();
    await window.close();
    await expect.poll(helpers, { timeout: 5000 }).toEqual([]);

    await reopened(sent);
  });
});
