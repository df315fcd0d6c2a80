/** Runs one program to its end or to its time limit, with everything that it started. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';

export interface Outcome {
  /** Null where it was ended by its limit or a signal. */
  readonly code: number | null;
  readonly timedOut: boolean;
  readonly seconds: number;
  /** Why it could not be started at all. */
  readonly error: string | null;
}

export interface Command {
  readonly program: string;
  readonly args: readonly string[];
  readonly limitSeconds: number;
  readonly env?: Readonly<Record<string, string>>;
}

/** Standard input is empty; output goes where ours goes. */
export function runCommand(command: Command): Promise<Outcome> {
  const started = performance.now();
  const child = spawn(command.program, command.args, {
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, ...command.env },
    // A group of its own, so that its browsers and workers end with it.
    detached: process.platform !== 'win32',
  });
  return new Promise((resolve) => {
    let timedOut = false;
    const timer = setTimeout(() => {
      timedOut = true;
      endTree(child);
    }, command.limitSeconds * 1000);
    const interrupt = () => {
      endTree(child);
      process.exit(130);
    };
    process.once('SIGINT', interrupt).once('SIGTERM', interrupt);
    const finish = (code: number | null, error: string | null) => {
      clearTimeout(timer);
      process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
      resolve({ code, timedOut, seconds: (performance.now() - started) / 1000, error });
    };
    child.on('error', (error) => finish(null, error.message));
    child.on('exit', (code) => finish(code, null));
  });
}

function endTree(child: ChildProcess): void {
  if (child.pid === undefined) return;
  if (process.platform === 'win32') {
    spawnSync('taskkill', ['/PID', String(child.pid), '/T', '/F'], { stdio: 'ignore' });
    return;
  }
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch (error) {
    const isGone = error instanceof Error && 'code' in error && error.code === 'ESRCH';
    if (!isGone) throw error;
  }
}
