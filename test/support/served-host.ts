/** The built program as `nagare serve --capture` has it, talked to over its WebSocket as a page would. */

import { type ChildProcess, spawn } from 'node:child_process';
import { WebSocket } from 'ws';
import { socketTransport } from '../../cli/serve/socket-transport.ts';
import type { EventName, Events } from '../../engine/contract/api.ts';
import { type ContractClient, connectClient } from '../../engine/contract/client.ts';

const START_MS = 20_000;
const LOOK_MS = 5;

export interface ServedHost {
  readonly client: ContractClient;
  readonly process: ChildProcess;
  /** What it has printed. */
  readonly output: () => string;
  close(): Promise<void>;
}

/** `env` beside this process's own; a configuration folder is in it. */
export async function serveHost(args: readonly string[], env: Readonly<Record<string, string>>): Promise<ServedHost> {
  const child = spawn(process.execPath, ['cli/nagare.mjs', 'serve', '--no-open', ...args], {
    env: { ...process.env, LC_ALL: 'C', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let printed = '';
  child.stdout.on('data', (piece: Buffer) => (printed += piece.toString()));
  child.stderr.on('data', (piece: Buffer) => (printed += piece.toString()));
  const address = (): string | undefined => /http:\/\/127\.0\.0\.1:\d+\/\?code=\S+/.exec(printed)?.[0];
  await until(
    () => address() !== undefined || child.exitCode !== null,
    START_MS,
    () => printed,
  );
  const url = new URL(address() ?? '');
  const answer = await fetch(url, { redirect: 'manual' });
  const cookie = answer.headers.get('set-cookie')?.split(';')[0] ?? '';
  const socket = new WebSocket(`ws://${url.host}/host`, { headers: { cookie, origin: url.origin } });
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
  const client = connectClient(socketTransport(socket));
  return {
    client,
    process: child,
    output: () => printed,
    close: async () => {
      client.close();
      const gone = new Promise((resolve) => child.once('exit', resolve));
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGINT');
      await gone;
    },
  };
}

/** Waits until it is so; throws what `said` says when that takes too long. */
export async function until(isSo: () => boolean, limitMs: number, said: () => string = () => ''): Promise<void> {
  const end = performance.now() + limitMs;
  while (!isSo()) {
    if (performance.now() > end) throw new Error(`not so within ${limitMs} ms: ${said()}`);
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
}

/** The newest event of a kind; null before the first. */
export function newest<E extends EventName>(client: ContractClient, event: E): () => Events[E] | null {
  let last: Events[E] | null = null;
  client.on(event, (value) => (last = value));
  return () => last;
}
