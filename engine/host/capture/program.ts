/** Programs of the system, run without a shell: what they print, line by line or at once, with limits on both time and size. */

import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Longest line that is listened to, and most output that is kept. */
const MAX_LINE = 1 << 20;
const MAX_OUTPUT = 16 << 20;

export interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program to its end. Resolves whatever its exit code is; rejects where it cannot be started or takes too long. */
export function runProgram(program: string, args: readonly string[], timeoutMs: number): Promise<Finished> {
  return new Promise((resolve, reject) => {
    const options = { timeout: timeoutMs, maxBuffer: MAX_OUTPUT, windowsHide: true, encoding: 'utf8' } as const;
    execFile(program, [...args], options, (error, stdout, stderr) => {
      if (error === null) return resolve({ code: 0, stdout, stderr });
      if (typeof error.code === 'number') return resolve({ code: error.code, stdout, stderr });
      reject(error.killed === true ? new Error(`${program} did not answer within ${timeoutMs / 1000} s`) : error);
    });
  });
}

export interface Streams {
  /** Takes standard output as it is; it is not read as lines then. */
  readonly onOutput?: ((bytes: Uint8Array) => void) | undefined;
  readonly onLine: (line: string) => void;
  readonly onErrorLine: (line: string) => void;
  /** `code` null: ended by a signal, or never started (`reason`). */
  readonly onEnd: (code: number | null, reason: string | null) => void;
}

/** Starts a program that goes on; its standard input stays open, so that it notices when we are gone. */
export function startProgram(program: string, args: readonly string[], streams: Streams): ChildProcess {
  const child = spawn(program, [...args], {
    stdio: ['pipe', 'pipe', 'pipe'],
    windowsHide: true,
    env: { ...process.env, LC_ALL: 'C' }, // its sentences are read by us
  });
  let reason: string | null = null;
  child.on('error', (error) => {
    reason = error.message;
    if (child.pid === undefined) streams.onEnd(null, reason);
  });
  child.stdin.on('error', () => undefined); // it has ended: `close` says so
  child.stdout.on('data', streams.onOutput ?? lineSplitter(streams.onLine));
  child.stderr.on('data', lineSplitter(streams.onErrorLine));
  child.on('close', (code, signal) => {
    if (child.pid !== undefined) streams.onEnd(code, signal === null ? reason : signal);
  });
  return child;
}

/** Bytes in any pieces to whole lines. A line that never ends is cut. */
export function lineSplitter(onLine: (line: string) => void): (piece: Buffer) => void {
  const decoder = new TextDecoder();
  let rest = '';
  return (piece) => {
    rest += decoder.decode(piece, { stream: true });
    const lines = rest.split('\n');
    rest = (lines.pop() ?? '').slice(0, MAX_LINE);
    for (const line of lines) onLine(line.endsWith('\r') ? line.slice(0, -1) : line);
  };
}

/** The path of a program in the folders of PATH (and in `also`); null: it is not there. */
export function findProgram(
  name: string,
  also: readonly string[] = [],
  env: NodeJS.ProcessEnv = process.env,
): string | null {
  const file = process.platform === 'win32' ? `${name}.exe` : name;
  for (const folder of [...(env.PATH ?? '').split(delimiter), ...also]) {
    if (folder === '') continue;
    const path = join(folder, file);
    if (isProgram(path)) return path;
  }
  return null;
}

export function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
