/**
 * Is it the network or the application? Real kernels with one thing wrong at a time, captured at two points each: the verdict must
 * be what was done to them, wherever it is looked at.
 */
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Report } from '../../engine/contract/report.ts';
import { useNodePlatform } from '../../engine/host/platform-node.ts';
import { missing } from './network.ts';
import { column, panelOf } from './panel-of.ts';
import { CLIENT, FAR, NEAR, SERVER, Wired } from './routed.ts';
import { compiled, type Spaces } from './spaces.ts';

/** Each way: a round trip of 20 ms. */
const DELAY_US = 10_000;
const SNAP = 128;
/** One segment in so many is lost. */
const NTH = 60;
/** Sizes that the kernel gives to a socket: least, at the beginning, most. */
const SMALL = '4096 16384 16384';

let spaces: Spaces | null = null;

beforeAll(() => {
  useNodePlatform();
  if (missing === null) for (const name of ['offload', 'wire']) compiled(name);
}, 120_000);

afterEach(() => {
  spaces?.close();
  spaces = null;
});

/** Of the whole capture, and of the only connection. */
function verdictOf(report: Report): readonly [verdict: string, confidence: string] {
  const said = report.findings.find(({ id }) => id.startsWith('monitor.capture.'))?.id.split('.')[2] ?? '';
  expect(column(report, 'monitor.flows', 'verdict')).toEqual([`verdict.${said}`]);
  return [said, String(column(report, 'monitor.flows', 'confidence')[0]).replace('confidence.', '')];
}

const seconds = (report: Report, part: string): number =>
  Number(column(report, 'monitor.flows', `part.${part}`)[0]) / 1e9;

/** One connection on a long wire, at the client's end and at the server's. */
async function onWire(
  steps: readonly string[],
  setting: { readonly space: string; readonly file: string } | null = null,
) {
  const wired = new Wired();
  spaces = wired;
  if (setting !== null) wired.run(setting.space, 'sh', '-c', `echo "${SMALL}" >/proc/sys/net/ipv4/${setting.file}`);
  await wired.connect(DELAY_US);
  await wired.serve();
  const stops = [
    await wired.capture(CLIENT.space, CLIENT.card, { snap: SNAP }),
    await wired.capture(SERVER.space, SERVER.card, { snap: SNAP }),
  ];
  await wired.ask(...steps);
  return Promise.all(stops.map((stop) => stop()));
}

async function reports(files: readonly Uint8Array[]): Promise<Report[]> {
  const made: Report[] = [];
  for (const file of files) made.push(await panelOf('monitor', file));
  return made;
}

/** The first packets of a pcap file: records are 16 bytes and what was captured. */
function firstOf(file: Uint8Array, packets: number): Uint8Array {
  const view = new DataView(file.buffer, file.byteOffset);
  let at = 24;
  for (let i = 0; i < packets; i++) at += 16 + view.getUint32(at + 8, true);
  return file.subarray(0, at);
}

describe.skipIf(missing !== null)('the verdict on real connections', () => {
  test('loss is behind the capture point that saw the segments, and before the one that did not', async () => {
    const wired = new Wired();
    spaces = wired;
    await wired.connect(DELAY_US / 5, NTH);
    await wired.serve();
    // Segments are lost between the wire's two ends: those are the capture points.
    const stops = [
      await wired.capture(FAR.space, FAR.card, { snap: SNAP }),
      await wired.capture(NEAR.space, NEAR.card, { snap: SNAP }),
    ];
    await wired.ask('get:3000000');
    const made = await reports(await Promise.all(stops.map((stop) => stop())));
    expect(made.map(verdictOf)).toEqual([
      ['networkAfter', 'high'],
      ['networkBefore', 'high'],
    ]);
  }, 60_000);

  test('a receiver that does not read for 3 s', async () => {
    const made = await reports(await onWire(['stall:20000000:3000']));
    for (const report of made) {
      expect(verdictOf(report)).toEqual(['receiver', 'high']);
      expect(seconds(report, 'window')).toBeGreaterThan(2);
    }
  }, 60_000);

  test('a receiver with a small window', async () => {
    const made = await reports(await onWire(['get:1000000'], { space: CLIENT.space, file: 'tcp_rmem' }));
    for (const report of made) expect(verdictOf(report)).toEqual(['receiver', 'high']);
  }, 60_000);

  test('a sender with a small buffer', async () => {
    const made = await reports(await onWire(['get:5000000'], { space: SERVER.space, file: 'tcp_wmem' }));
    for (const report of made) {
      expect(verdictOf(report)).toEqual(['sender', 'medium']);
      expect(report.findings.map(({ id }) => id)).toContain('monitor.next.sender');
    }
  }, 60_000);

  test('a server that waits 2 s', async () => {
    const made = await reports(await onWire(['get:1000', 'get:10000:2000', 'get:1000']));
    for (const report of made) {
      expect(verdictOf(report)).toEqual(['server', 'high']);
      // A busy machine wakes the server later than it asked for, never earlier.
      expect(seconds(report, 'server')).toBeGreaterThan(1.98);
      expect(seconds(report, 'server')).toBeLessThan(2.5);
    }
  }, 60_000);

  test('a client that takes its time between requests', async () => {
    const made = await reports(await onWire(['get:10000', 'pause:2000', 'get:10000', 'pause:1000', 'get:10000']));
    for (const report of made) expect(verdictOf(report)).toEqual(['client', 'medium']);
  }, 60_000);

  test('a clean run, and its first five packets', async () => {
    const files = await onWire(['get:20000000', 'put:5000000']);
    for (const report of await reports(files)) {
      expect(verdictOf(report)).toEqual(['good', 'high']);
      const resent = Number(column(report, 'monitor.flows', 'resent')[0]);
      // What a kernel sends again by mistake is no loss that anybody waits for.
      if (resent === 0) expect(seconds(report, 'loss')).toBe(0);
      else expect(seconds(report, 'loss')).toBeLessThan(0.1);
    }
    for (const report of await reports(files.map((file) => firstOf(file, 5))))
      expect(verdictOf(report)).toEqual(['notEnough', 'none']);
  }, 60_000);
});
