/**
 * How much the helper takes: at the highest rate at which `tcpdump -w` drops nothing on this machine, the helper drops
 * nothing either and uses at most 1.2 times tcpdump's processor time. Both write to a disk in memory, with the same filter;
 * the generator has a processor of its own where there are two.
 */
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ABSENT, buildPrograms, HERE, missing, Network, said, trafficProgram } from './network.ts';

/** Datagrams a second; 0: as fast as the generator can. */
const RATES = [0, 400_000, 200_000, 100_000, 50_000, 25_000, 12_500] as const;
const SECONDS = 2;
const SIZE = 200;
const ROUNDS = 3;
const MOST_TIMES = 1.2;
const DISK = 1024 * 1024 * 1024;
/** Both hand over what the kernel has collected within a second. */
const SETTLE_MS = 1200;

interface Run {
  readonly sent: number;
  readonly captured: number;
  readonly dropped: number;
  readonly cpuNs: number;
}

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

const pinned = (processor: number, ...command: string[]) =>
  availableParallelism() > 1 ? ['taskset', '-c', String(processor), ...command] : ['env', ...command];

async function flood(rate: number): Promise<number> {
  const command = pinned(0, trafficProgram(), 'flood', ABSENT.address, String(rate), String(SECONDS), String(SIZE));
  return Number(await network.finish('there', ...command));
}

/** Time on a processor, in nanoseconds; of a program that has settled. */
function cpuTime(pid: number): number {
  return Number(readFileSync(`/proc/${pid}/schedstat`, 'utf8').split(' ')[0]);
}

/** What of it the flood cost: starting the program does not count. */
async function measure(pid: number, rate: number): Promise<{ readonly sent: number; readonly cpuNs: number }> {
  const before = cpuTime(pid);
  const sent = await flood(rate);
  await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
  return { sent, cpuNs: cpuTime(pid) - before };
}

function pidOf(child: ChildProcess): number {
  if (child.pid === undefined) throw new Error('it was not started');
  return child.pid;
}

async function runTcpdump(rate: number): Promise<Run> {
  const file = join(disk, 'tcpdump.pcap');
  const command = pinned(1, 'tcpdump', '-i', HERE.card, '-n', '-s', '0', '-w', file, 'udp');
  const tcpdump = network.start('here', ...command);
  let report = '';
  tcpdump.stderr?.on('data', (text: string) => {
    report += text;
  });
  await said(tcpdump, 'stderr', 'listening on');
  const { sent, cpuNs } = await measure(pidOf(tcpdump), rate);
  tcpdump.kill('SIGINT');
  await once(tcpdump, 'close');
  const figure = (what: string) => Number(new RegExp(`(\\d+) packets? ${what}`).exec(report)?.[1]);
  return { sent, captured: figure('captured'), dropped: figure('dropped by kernel'), cpuNs };
}

async function runHelper(rate: number): Promise<Run> {
  const file = join(disk, 'nagare.pcapng');
  const capture = network.capture(['-i', HERE.card, '-f', 'udp', '-w', file], pinned(1));
  const pid = Number((await capture.next('started'))['pid']);
  await capture.next('file');
  const { sent, cpuNs } = await measure(pid, rate);
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
  for (let i = 0; i < ROUNDS; i++) rounds.push({ theirs: await runTcpdump(rate), ours: await runHelper(rate) });
  return rounds;
}

const isClean = (run: Run) => run.dropped === 0 && run.captured > 0;

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
