/** Runs a program several times: how long from start to end, how much memory at most, what it printed. */

import { type SpawnSyncReturns, spawnSync } from 'node:child_process';
import process from 'node:process';

export interface Times {
  readonly min: number;
  readonly median: number;
}

export interface ProgramRun extends Times {
  /** Standard output of the last run. */
  readonly output: string;
  /** Most memory of a run in bytes; null where the program does not tell. */
  readonly peakBytes: number | null;
}

/** Seconds or milliseconds, whatever they were given in. */
export function timesOf(values: readonly number[]): Times {
  const sorted = [...values].sort((a, b) => a - b);
  return { min: sorted[0] ?? Number.NaN, median: sorted[sorted.length >> 1] ?? Number.NaN };
}

/** A module that makes Node say at its end how much memory it had at most, in kilobytes on descriptor 3. */
const TELL_PEAK = `data:text/javascript,${encodeURIComponent(
  "import{writeSync}from'node:fs';import{isMainThread}from'node:worker_threads';if(isMainThread)process.on('exit',()=>writeSync(3,String(process.resourceUsage().maxRSS)))",
)}`;

/** Throws where the program fails. */
export function runProgram(program: string, args: readonly string[], times: number): ProgramRun {
  const seconds: number[] = [];
  let output = '';
  let peak = 0;
  for (let i = 0; i < times; i++) {
    const started = performance.now();
    const done = spawnSync(program, args, {
      stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
      encoding: 'utf8',
      maxBuffer: 1 << 30,
    });
    seconds.push((performance.now() - started) / 1000);
    checkEnd(program, args, done);
    output = done.stdout;
    peak = Math.max(peak, Number(done.output[3] ?? 0) * 1024);
  }
  return { ...timesOf(seconds), output, peakBytes: peak > 0 ? peak : null };
}

/** Our own programs, which also tell their memory. */
export function runNode(script: string, args: readonly string[], times: number): ProgramRun {
  return runProgram(process.execPath, ['--import', TELL_PEAK, script, ...args], times);
}

/** The program's first line for `--version`; null where it is not installed. */
export function versionOf(program: string): string | null {
  const done = spawnSync(program, ['--version'], { encoding: 'utf8' });
  if (done.error !== undefined) return null;
  const first = `${done.stdout}\n${done.stderr}`.split('\n').find((line) => line.trim() !== '');
  return (first ?? program).trim().replace(/ \(.*$/, '');
}

function checkEnd(program: string, args: readonly string[], done: SpawnSyncReturns<string>): void {
  if (done.error !== undefined) throw done.error;
  if (done.status === 0) return;
  throw new Error(
    `${program} ${args.join(' ')} ended with ${done.status ?? done.signal}:\n${done.stderr.slice(-2000)}`,
  );
}
