/**
 * What iperf3 counts itself, against what the TCP panel counts from outside: segments sent again, with segmentation by the card
 * and without. A frame that the card splits is many segments, so it is the space of their sequence numbers that is compared.
 */
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { useNodePlatform } from '../../engine/host/platform-node.ts';
import { missing, said } from './network.ts';
import { column, ofLargest, panelOf } from './panel-of.ts';
import { compiled, hasProgram, Spaces } from './spaces.ts';

const SENDER = { space: 'sender', card: 'send0', address: '192.0.2.1' } as const;
const RECEIVER = { space: 'receiver', card: 'take0', address: '192.0.2.2' } as const;
const PORT = '5201';
const LOST = 0.05;
/** Headers are enough; lengths are the original ones. */
const SNAP = 128;
/** iperf3 asks the system for its figure before the last segments are acknowledged: those still under way are sent again later. */
const WITHIN = 0.01;

const needs = missing ?? ['iperf3', 'iptables'].find((name) => !hasProgram(name)) ?? null;

let spaces: Spaces;

beforeAll(() => {
  useNodePlatform();
  if (needs === null) compiled('offload');
}, 120_000);

beforeEach(() => {
  spaces = new Spaces(SENDER.space, RECEIVER.space);
  spaces.cable(SENDER, RECEIVER);
});

afterEach(() => spaces.close());

interface Sent {
  readonly bytes: number;
  readonly seconds: number;
  readonly retransmits: number;
}

/** What iperf3 says that it sent, and the capture of it at the sender. */
async function run(...options: string[]): Promise<readonly [sent: Sent, file: Uint8Array]> {
  const server = spaces.start(RECEIVER.space, 'iperf3', '--server', '--one-off', '--forceflush');
  await said(server, 'stdout', 'listening');
  const stop = await spaces.capture(SENDER.space, SENDER.card, { snap: SNAP });
  const printed = await spaces.finish(SENDER.space, 'iperf3', '--client', RECEIVER.address, '--json', ...options);
  const result = JSON.parse(printed) as { end: { sum_sent: Sent } };
  return [result.end.sum_sent, await stop()];
}

/** Segments that were sent again: by iperf3, and by the panel. */
async function compare(bytes: string): Promise<readonly [theirs: number, ours: number]> {
  const [sent, file] = await run('--bytes', bytes);
  const ours = Number(ofLargest(await panelOf('tcp', file), 'tcp.connections', 'dataSent', 'resentSegments'));
  process.stdout.write(`iperf3 ${sent.retransmits}, panel ${ours}\n`);
  return [sent.retransmits, ours];
}

function lose(share: number): boolean {
  const data = ['-p', 'tcp', '--dport', PORT, '-m', 'length', '--length', '100:65535'];
  const some = ['-m', 'statistic', '--mode', 'random', '--probability', String(share), '-j', 'DROP'];
  return spaces.can(RECEIVER.space, 'iptables', '-A', 'INPUT', ...data, ...some);
}

describe.skipIf(needs !== null)(needs === null ? 'iperf3 on a cable of its own' : `iperf3 (needs ${needs})`, () => {
  test.each([
    ['on', '1G'],
    ['off', '150M'],
  ] as const)(
    'offload %s, %sB, one packet in twenty lost: as many segments sent again as it says',
    async (offload, bytes) => {
      spaces.offload(SENDER.space, SENDER.card, offload);
      spaces.offload(RECEIVER.space, RECEIVER.card, offload);
      if (!lose(LOST)) throw new Error('iptables: no statistic match');
      const [theirs, ours] = await compare(bytes);
      expect(theirs).toBeGreaterThan(1000);
      expect(Math.abs(ours - theirs)).toBeLessThanOrEqual(WITHIN * theirs);
    },
    120_000,
  );

  test('1 GB without loss on the way: exactly as many', async () => {
    const [theirs, ours] = await compare('1G');
    expect(ours).toBe(theirs);
  }, 60_000);

  test('20 s of 1 Gb/s: the bytes that it says, and nothing sent again that it did not send again', async () => {
    const [sent, file] = await run('--bitrate', '1G', '--time', '20');
    const report = await panelOf('monitor', file);
    const data = Number(ofLargest(report, 'monitor.flows', 'upData', 'upData'));
    const again = Number(ofLargest(report, 'monitor.flows', 'upData', 'resent'));
    const rate = (8 * sent.bytes) / sent.seconds / 1e6;
    process.stdout.write(
      `${rate.toFixed(0)} Mbit/s: ${sent.bytes} bytes, panel ${data}; again ${sent.retransmits}, panel ${again}\n`,
    );
    // A machine that does not reach the rate sends less; what it sent is counted.
    expect(rate).toBeGreaterThan(100);
    expect(Math.abs(data - sent.bytes)).toBeLessThan(WITHIN * sent.bytes);
    expect(again).toBe(sent.retransmits);
    if (again === 0) expect(column(report, 'monitor.flows', 'verdict')).not.toContain('verdict.networkAfter');
  }, 120_000);
});
