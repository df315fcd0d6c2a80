/** The host's hold on a session's worker: requests go over, and a worker that does not listen any more is ended. */

import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { NagareError } from '../base/errors.ts';
import type { EventName, Events, Input, Output } from '../contract/api.ts';
import { type ContractClient, connectClient } from '../contract/client.ts';
import { log } from './log.ts';
import { portTransport } from './port-transport.ts';
import type { SessionMethod, SessionStart } from './session-worker.ts';

/** How long a worker may go on after it was told to stop. */
const STOP_MS = 1000;
/** A spare worker is made this long after the last one was taken: starting it must not slow the capture that is loading. */
const SPARE_AFTER_MS = 3000;

const ENTRY = new URL('../host/worker.js', import.meta.url);

/**
 * A worker that has loaded the program and waits for a capture: starting one takes longer (about 150 ms) than reading the
 * first packets. There is one when the host has begun, and again some time after a capture was opened; it keeps no program
 * running.
 */
let spare: Worker | null = null;
let spareTimer: NodeJS.Timeout | undefined;

function startWorker(): Worker {
  return new Worker(ENTRY);
}

function takeWorker(): Worker {
  const worker = spare ?? startWorker();
  spare?.removeAllListeners();
  spare = null;
  worker.ref();
  clearTimeout(spareTimer);
  spareTimer = setTimeout(makeSpare, SPARE_AFTER_MS);
  spareTimer.unref();
  return worker;
}

function makeSpare(): void {
  const made = startWorker();
  const drop = (): void => {
    if (spare === made) spare = null;
  };
  made.on('exit', drop);
  made.on('error', (error) => {
    log('warning', `spare session worker: ${error instanceof Error ? error.message : String(error)}`);
    drop();
  });
  made.unref();
  spare = made;
}

/** Makes the spare worker for the first capture, while the window is still coming up. Not where the program is not built. */
export function prepareSession(): void {
  if (spare === null && existsSync(fileURLToPath(ENTRY))) makeSpare();
}

export class SessionClient {
  private readonly worker: Worker;
  private readonly client: ContractClient;
  private isGone = false;

  /** `onGone`: the worker ended by itself or was ended; what it held is lost. */
  constructor(
    start: SessionStart,
    onEvent: <E extends EventName>(event: E, value: Events[E]) => void,
    onGone: () => void,
  ) {
    this.worker = takeWorker();
    this.worker.postMessage(start, start.live === undefined ? [] : [start.live.news]);
    this.client = connectClient(
      portTransport({
        postMessage: (message) => this.worker.postMessage(message),
        on: (event, listener) => this.worker.on(event === 'close' ? 'exit' : 'message', listener),
      }),
    );
    this.client.on('session', (value) => onEvent('session', value));
    this.client.on('view', (value) => onEvent('view', value));
    this.worker.on('error', (error) =>
      log('error', `session worker: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`),
    );
    this.worker.on('exit', () => {
      this.isGone = true;
      onGone();
    });
  }

  /** Sends a request; when it was cancelled and the worker does not answer, the worker is ended. */
  async request<M extends SessionMethod>(
    method: M,
    input: Input<M>,
    signal?: AbortSignal,
    onProgress?: (done: number, total: number) => void,
  ): Promise<Output<M>> {
    if (this.isGone) throw new NagareError('not-open', 'The capture is not open any more.');
    const answer = this.client.request(method, input, {
      ...(signal === undefined ? {} : { signal }),
      ...(onProgress === undefined ? {} : { onProgress }),
    });
    if (signal === undefined) return answer;
    let timer: NodeJS.Timeout | undefined;
    const onAbort = (): void => {
      timer = setTimeout(() => this.checkAlive(), STOP_MS);
    };
    signal.addEventListener('abort', onAbort, { once: true });
    try {
      return await answer;
    } finally {
      signal.removeEventListener('abort', onAbort);
      // A cancelled request is answered at once on this side: the check goes on.
      if (!signal.aborted) clearTimeout(timer);
    }
  }

  /** Asks the worker for anything; ends it when no answer comes. */
  private checkAlive(): void {
    if (this.isGone) return;
    const timer = setTimeout(() => void this.worker.terminate(), STOP_MS);
    const alive = (): void => clearTimeout(timer);
    this.client.request('packet.cellFilter', { session: 0, row: 0, column: 'number' }).then(alive, alive);
  }

  async close(): Promise<void> {
    if (this.isGone) return;
    await this.client.request('session.close', { session: 0 }).catch(() => null);
    await this.worker.terminate();
  }
}
