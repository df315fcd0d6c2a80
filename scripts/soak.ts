/**
 * `npm run soak [-- PACKETS]`: eight hours of a thousand packets a second, written as fast as they are read, over a ring of ten
 * files. A session follows it with a filtered view open and panels asked for. Memory must be flat after the ring has turned
 * a few times, no file may stay open, and rows and flows must go with their files. Exit code 1 where they do not.
 */

import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import type { EventName, Events } from '../engine/contract/api.ts';
import { FollowedFiles } from '../engine/host/capture/follow-files.ts';
import { useNodePlatform } from '../engine/host/platform-node.ts';
import { Session } from '../engine/session/session.ts';
import { CONVERSATION, RingWriter } from './soak/ring-writer.ts';

const PACKETS = 28_800_000;
const FILES = 10;
const PER_FILE = 100_000;
const BATCH = 5000;
/** The generator is never further ahead of the session than this. */
const LEAD = 100_000;
/** Packets after which memory must not grow: the ring has turned a few times. A run is at least as long again. */
const WARM = 4_000_000;
const LEAST = 4 * WARM;
/** The second half's median may be above the first one's by this, and any figure above it by that: two captures while one is renewed. */
const GROWTH = 1.05;
const PEAK = 1.3;
const LOOK_EVERY = 500_000;
const PANELS = [
  'overview',
  'conversations',
  'endpoints',
  'destinations',
  'hierarchy',
  'tcp',
  'rtt',
  'io',
  'lengths',
  'egress',
  'mirror',
] as const;
const MIB = 1024 * 1024;
const SETTLE_MS = 30;

/** Set in the process that is measured: the one that was started has the bundler's memory too. */
const MEASURED = 'NAGARE_SOAK';

/**
 * The C library keeps blocks of up to 32 MiB that were given back, in holes between others, which looks like growth for hours. So that
 * what is measured is what the program holds, they go back to the system (mallopt(3), M_MMAP_THRESHOLD).
 */
const PLAIN_ALLOCATOR = { MALLOC_MMAP_THRESHOLD_: '262144' };

const total = Number(process.argv[2] ?? PACKETS);
const call = { signal: new AbortController().signal, progress: () => undefined };

function openFiles(): number {
  return process.platform === 'linux' ? readdirSync('/proc/self/fd').length : 0;
}

/** What the process holds after garbage has gone; large buffers are given back a moment after they were collected. */
async function megabytes(): Promise<number> {
  for (let i = 0; i < 2; i++) {
    globalThis.gc?.();
    await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
  }
  return process.memoryUsage().rss / MIB;
}

/** Objects and their buffers, without what the allocator keeps. */
function held(): number {
  const { heapUsed, external } = process.memoryUsage();
  return (heapUsed + external) / MIB;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >>> 1] ?? 0;
}

async function run(folder: string): Promise<string[]> {
  useNodePlatform();
  const faults: string[] = [];
  const filesBefore = openFiles();
  const followed = new FollowedFiles('pcapng');
  const writer = new RingWriter(folder, PER_FILE, FILES, {
    opened: (path) => followed.heard({ kind: 'opened', path }),
    removed: (path) => followed.heard({ kind: 'removed', path }),
  });
  const emit = <E extends EventName>(_event: E, _value: Events[E]): void => undefined;
  const next = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
  const turns = { now: () => performance.now(), next, emit };
  const session = new Session(1, followed.reader, () => followed.files, turns, { growth: followed });
  const opened = await session.openView({ session: 1, filter: 'tcp.flags.syn == 1', range: null, sort: null }, call);
  if (!opened.ok) throw new Error(opened.error.message);

  const began = performance.now();
  const samples: number[] = [];
  let mostFlows = 0;
  let mostFiles = 0;
  for (let looked = 0; writer.written < total; ) {
    if (writer.written - session.state.packets > LEAD) await followed.wait();
    else writer.write(Math.min(BATCH, total - writer.written));
    await next();
    if (writer.written - looked < LOOK_EVERY) continue;
    looked = writer.written;
    for (const panel of PANELS) await session.panel({ session: 1, panel, filter: '', range: null }, call);
    const used = await megabytes();
    const flows = session.capture.pass.flows.count;
    if (writer.written < WARM) {
      mostFiles = Math.max(mostFiles, openFiles());
    } else {
      if (openFiles() > mostFiles) faults.push(`${openFiles()} files were open, ${mostFiles} before`);
      samples.push(used);
      mostFlows = Math.max(mostFlows, flows);
    }
    const { packets, firstRow } = session.state;
    process.stdout.write(
      `soak: ${packets} packets, from row ${firstRow}, ${flows} flows, ${used.toFixed(0)} MiB (${held().toFixed(0)} held), ${openFiles()} files open\n`,
    );
  }
  writer.end();
  followed.heard({ kind: 'over' });
  await session.loaded;
  const { packets, firstRow, files } = session.state;
  const seconds = (performance.now() - began) / 1000;
  const rows = await session.select('tcp.flags.syn == 1', null, null);
  const expected = 2 * (Math.ceil(total / CONVERSATION) - Math.ceil(firstRow / CONVERSATION));
  if (packets !== total) faults.push(`${packets} packets were seen of ${total}`);
  if (total > FILES * PER_FILE && firstRow < total - FILES * PER_FILE)
    faults.push(`rows from ${firstRow} on are still there`);
  if (files.length > FILES) faults.push(`${files.length} files are still followed`);
  if (rows?.count() !== expected) faults.push(`the filter finds ${rows?.count() ?? 0} packets instead of ${expected}`);
  const middle = samples.length >>> 1;
  const [before, after] = [median(samples.slice(0, middle)), median(samples.slice(middle))];
  const most = Math.max(...samples);
  if (after > before * GROWTH) faults.push(`memory grew from ${before.toFixed(0)} to ${after.toFixed(0)} MiB`);
  if (most > before * PEAK) faults.push(`memory rose from ${before.toFixed(0)} to ${most.toFixed(0)} MiB`);
  session.close();
  followed.close();
  await next();
  if (openFiles() > filesBefore) faults.push(`${openFiles() - filesBefore} files are still open`);
  process.stdout.write(
    `soak: ${packets} packets in ${seconds.toFixed(0)} s; at most ${mostFlows} flows; memory ${before.toFixed(0)} MiB in the first half, ${after.toFixed(0)} in the second, at most ${most.toFixed(0)}\n`,
  );
  return faults;
}

async function measured(): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'nagare-soak-'));
  try {
    const faults = await run(folder);
    for (const fault of faults) process.stderr.write(`soak: ${fault}\n`);
    return faults.length === 0 ? 0 : 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The same script in a process that has nothing else in it. */
function alone(): number {
  const words = ['--expose-gc', fileURLToPath(import.meta.url), String(total)];
  const { status } = spawnSync(process.execPath, words, {
    stdio: 'inherit',
    env: { ...process.env, [MEASURED]: '1', ...PLAIN_ALLOCATOR },
  });
  return status ?? 1;
}

if (!(total >= LEAST)) {
  process.stderr.write(`soak: at least ${LEAST} packets are needed to see whether memory is flat\n`);
  process.exit(2);
}
process.exitCode = process.env[MEASURED] === undefined ? alone() : await measured();
