/** The user interface's end of the contract: typed requests and events over any transport. */

import { type ErrorCode, NagareError } from '../base/errors.ts';
import type { EventName, Events, HostClient, Input, Method, Output } from './api.ts';
import { asServerMessage, type ClientMessage, type WireError } from './messages.ts';
import type { Transport } from './transport.ts';

export interface ContractClient extends HostClient {
  /** Called once when the other side is gone; at once where it already is. */
  onClose(listener: () => void): void;
  close(): void;
}

interface Pending {
  readonly resolve: (output: never) => void;
  readonly reject: (error: NagareError) => void;
  readonly onProgress: ((done: number, total: number) => void) | undefined;
  /** Stops listening to the caller's signal. */
  readonly release: () => void;
}

/** Every code the host may send; anything else becomes `failed`. */
const CODES: Readonly<Record<ErrorCode, true>> = {
  'file-not-found': true,
  'file-not-readable': true,
  'file-not-writable': true,
  'unknown-format': true,
  'unsupported-version': true,
  damaged: true,
  'cut-short': true,
  'too-large': true,
  'no-space': true,
  'bad-filter': true,
  'bad-input': true,
  'not-allowed': true,
  'not-open': true,
  cancelled: true,
  failed: true,
};

function toError(error: WireError): NagareError {
  const code = Object.hasOwn(CODES, error.code) ? (error.code as ErrorCode) : 'failed';
  return new NagareError(code, error.message, error.detail);
}

const CLOSED = 'The connection to the host is closed. Start the program again.';

/** A client over a transport. A request whose signal aborts is rejected at once and cancelled at the host. */
export function connectClient(transport: Transport): ContractClient {
  const pending = new Map<number, Pending>();
  const listeners = new Map<EventName, Set<(value: never) => void>>();
  const closeListeners: (() => void)[] = [];
  let nextId = 1;
  let isClosed = false;

  const send = (message: ClientMessage): void => transport.send(message);

  function take(id: number): Pending | undefined {
    const found = pending.get(id);
    pending.delete(id);
    found?.release();
    return found;
  }

  function emit(name: string, value: unknown): void {
    // Only names of Events are ever registered, so another name finds nobody.
    for (const listener of [...(listeners.get(name as EventName) ?? [])]) listener(value as never);
  }

  transport.onMessage((received) => {
    const message = asServerMessage(received);
    if (message === undefined) return;
    switch (message.kind) {
      case 'result':
        take(message.id)?.resolve(message.output as never);
        return;
      case 'error':
        take(message.id)?.reject(toError(message.error));
        return;
      case 'event':
        if (message.name === 'job') {
          const job = message.value as Events['job'];
          pending.get(job.request)?.onProgress?.(job.done, job.total);
        }
        emit(message.name, message.value);
        return;
    }
  });

  transport.onClose(() => {
    if (isClosed) return;
    isClosed = true;
    for (const id of [...pending.keys()]) take(id)?.reject(new NagareError('failed', CLOSED));
    for (const listener of closeListeners) listener();
  });

  function request<M extends Method>(
    method: M,
    input: Input<M>,
    options: { readonly signal?: AbortSignal; onProgress?(done: number, total: number): void } = {},
  ): Promise<Output<M>> {
    const { signal } = options;
    if (isClosed) return Promise.reject(new NagareError('failed', CLOSED));
    if (signal?.aborted === true) return Promise.reject(cancelled(method));
    const id = nextId++;
    return new Promise<Output<M>>((resolve, reject) => {
      const onAbort = (): void => {
        take(id)?.reject(cancelled(method));
        send({ kind: 'cancel', id });
      };
      const onProgress = options.onProgress && ((done: number, total: number) => options.onProgress?.(done, total));
      pending.set(id, { resolve, reject, onProgress, release: () => signal?.removeEventListener('abort', onAbort) });
      signal?.addEventListener('abort', onAbort);
      send({ kind: 'call', id, method, input });
    });
  }

  function on<E extends EventName>(event: E, listener: (value: Events[E]) => void): () => void {
    const set = listeners.get(event) ?? new Set();
    listeners.set(event, set);
    set.add(listener);
    return () => {
      set.delete(listener);
    };
  }

  return {
    request,
    on,
    onClose: (listener) => {
      if (isClosed) listener();
      else closeListeners.push(listener);
    },
    close: () => transport.close(),
  };
}

function cancelled(method: Method): NagareError {
  return new NagareError('cancelled', `${method} was cancelled.`);
}
