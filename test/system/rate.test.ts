/**
 * How much the helper takes: at the highest rate at which `tcpdump -w` drops nothing on this machine, the helper drops
 * nothing either and uses at most 1.2 times tcpdump's processor time. Both write to a disk in memory, with the same filter;
 * the generator has a processor of its own where there are two.
 */
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DISK, isClean, measure, pinned, RATES, type Run, runTcpdump, SECONDS } from './load.ts';
import { buildPrograms, HERE, missing, Network } from './network.ts';

const ROUNDS = 3;
const MOST_TIMES = 1.2;

let network: Network;
let disk = '';

beforeAll(() => {
  if (missing !== null) return;
  buildPrograms();
  network = new Network();
  disk = network.mountSmallDisk(DISK);
}, 120_000);

afterAll(() => {
  if (missing === null) network.close();
});

async function runHelper(rate: number): Promise<Run> {
  const file = join(disk, 'nagare.pcapng');
  const capture = network.capture(['-i', HERE.card, '-f', 'udp', '-w', file], pinned(1));
  const pid = Number((await capture.next('started'))['pid']);
  await capture.next('file');
  const { sent, cpuNs } = await measure(network, pid, rate);
  const { captured, droppedByKernel } = await capture.stop();
  return { sent, captured: Number(captured), dropped: Number(droppedByKernel), cpuNs };
}

interface Round {
  readonly theirs: Run;
  readonly ours: Run;
}

/** One after the other, so that what else the machine does hits both. */
async function runRounds(rate: number): Promise<Round[]> {
  const rounds: Round[] = [];
  for (let i = 0; i < ROUNDS; i++)
    rounds.push({ theirs: await runTcpdump(network, disk, rate), ours: await runHelper(rate) });
  return rounds;
}

const perPacket = (run: Run) => run.cpuNs / run.captured;
const describeRun = (name: string, run: Run) =>
  `${name}: ${run.sent} sent, ${run.captured} captured, ${run.dropped} dropped, ${perPacket(run).toFixed(0)} ns a packet`;

describe.skipIf(missing !== null)('at the rate that tcpdump keeps up with', () => {
  test('the helper drops nothing and takes at most 1.2 times its processor time', async () => {
    let rounds: readonly Round[] = [];
    let cleanOfTcpdump = 0;
    // The highest rate at which tcpdump drops nothing, in most rounds: one may have met something else that ran.
    for (const rate of RATES) {
      rounds = await runRounds(rate);
      cleanOfTcpdump = rounds.filter(({ theirs }) => isClean(theirs)).length;
      const most = Math.max(...rounds.map(({ ours }) => ours.sent / SECONDS)).toFixed(0);
      process.stdout.write(`rate ${rate === 0 ? 'unlimited' : rate}, reached ${most} a second\n`);
      for (const { theirs, ours } of rounds) {
        process.stdout.write(`${describeRun('tcpdump', theirs)}\n${describeRun('helper', ours)}\n`);
      }
      if (cleanOfTcpdump > ROUNDS / 2) break;
    }
    expect(cleanOfTcpdump).toBeGreaterThan(ROUNDS / 2);
    expect(rounds.filter(({ ours }) => isClean(ours)).length).toBeGreaterThanOrEqual(cleanOfTcpdump);
    for (const { ours } of rounds) expect(ours.captured + ours.dropped).toBe(ours.sent);
    const least = (runs: readonly Run[]) => Math.min(...runs.map(perPacket));
    const times = least(rounds.map(({ ours }) => ours)) / least(rounds.map(({ theirs }) => theirs));
    expect(times).toBeLessThanOrEqual(MOST_TIMES);
  }, 300_000);
});
