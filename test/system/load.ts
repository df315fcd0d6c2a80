/** Floods of datagrams, and what tcpdump makes of one: the measure for the others. */
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { ABSENT, HERE, type Network, said, trafficProgram } from './network.ts';

/** Datagrams a second; 0: as fast as the generator can. */
export const RATES = [0, 400_000, 200_000, 100_000, 50_000, 25_000, 12_500] as const;
export const SECONDS = 2;
const SIZE = 200;
export const DISK = 1024 * 1024 * 1024;
/** Both hand over what the kernel has collected within a second. */
const SETTLE_MS = 1200;

export interface Run {
  readonly sent: number;
  readonly captured: number;
  readonly dropped: number;
  readonly cpuNs: number;
}

export const pinned = (processor: number, ...command: string[]) =>
  availableParallelism() > 1 ? ['taskset', '-c', String(processor), ...command] : ['env', ...command];

export async function flood(network: Network, rate: number, seconds = SECONDS): Promise<number> {
  const command = pinned(0, trafficProgram(), 'flood', ABSENT.address, String(rate), String(seconds), String(SIZE));
  return Number(await network.finish('there', ...command));
}

/** Time on a processor, in nanoseconds; of a program that has settled. */
function cpuTime(pid: number): number {
  return Number(readFileSync(`/proc/${pid}/schedstat`, 'utf8').split(' ')[0]);
}

/** What of it the flood cost: starting the program does not count. */
export async function measure(
  network: Network,
  pid: number,
  rate: number,
): Promise<{ readonly sent: number; readonly cpuNs: number }> {
  const before = cpuTime(pid);
  const sent = await flood(network, rate);
  await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
  return { sent, cpuNs: cpuTime(pid) - before };
}

function pidOf(child: ChildProcess): number {
  if (child.pid === undefined) throw new Error('it was not started');
  return child.pid;
}

export async function runTcpdump(network: Network, disk: string, rate: number): Promise<Run> {
  const file = join(disk, 'tcpdump.pcap');
  const command = pinned(1, 'tcpdump', '-i', HERE.card, '-n', '-s', '0', '-w', file, 'udp');
  const tcpdump = network.start('here', ...command);
  let report = '';
  tcpdump.stderr?.on('data', (text: string) => {
    report += text;
  });
  await said(tcpdump, 'stderr', 'listening on');
  const { sent, cpuNs } = await measure(network, pidOf(tcpdump), rate);
  tcpdump.kill('SIGINT');
  await once(tcpdump, 'close');
  const figure = (what: string) => Number(new RegExp(`(\\d+) packets? ${what}`).exec(report)?.[1]);
  return { sent, captured: figure('captured'), dropped: figure('dropped by kernel'), cpuNs };
}

/** Nothing was lost, and there was something to lose. */
export const isClean = (run: Run) => run.dropped === 0 && run.captured > 0;
