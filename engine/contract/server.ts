/** The host's end of the contract: checks every message, dispatches to HostMethods, and carries progress, cancel and events. */

import * as v from 'valibot';
import { NagareError } from '../base/errors.ts';
import { type CallContext, type EventName, type Events, type HostMethods, type Method, methods } from './api.ts';
import { asClientMessage, type ServerMessage, type WireError } from './messages.ts';
import type { Transport } from './transport.ts';

/** More calls than this at once from one client are refused: each may hold memory until it is answered. */
const MAX_CALLS = 1000;

export interface ServedClient {
  emit<E extends EventName>(event: E, value: Events[E]): void;
  /** Cancels what runs and closes the transport. */
  close(): void;
}

export interface ServeOptions {
  /** Told about failures that are not a NagareError: faults of the program, which the client sees as `failed`. */
  onFault?(method: Method, error: unknown): void;
}

/** Answers one client. Ends by itself, cancelling what runs, when the transport closes. */
export function serveClient(transport: Transport, host: HostMethods, options: ServeOptions = {}): ServedClient {
  const running = new Map<number, AbortController>();
  let isClosed = false;

  function send(message: ServerMessage): void {
    if (!isClosed) transport.send(message);
  }

  function refuse(id: number, error: WireError): void {
    send({ kind: 'error', id, error });
  }

  async function call(id: number, method: Method, input: unknown): Promise<void> {
    const checked = v.safeParse(methods[method], input);
    if (!checked.success) return refuse(id, badInput(method, checked.issues));
    const controller = new AbortController();
    const context: CallContext = {
      signal: controller.signal,
      progress: (done, total) => {
        if (running.get(id) === controller) send({ kind: 'event', name: 'job', value: { request: id, done, total } });
      },
    };
    running.set(id, controller);
    try {
      // The schema of this method has just accepted the input; the index type cannot say so for a union of methods.
      const run = host[method] as (input: unknown, call: CallContext) => unknown;
      const output = await run.call(host, checked.output, context);
      send({ kind: 'result', id, output });
    } catch (error) {
      if (!(error instanceof NagareError)) options.onFault?.(method, error);
      refuse(id, toWire(error));
    } finally {
      running.delete(id);
    }
  }

  transport.onMessage((received) => {
    const message = asClientMessage(received);
    if (message === undefined) return;
    if (message.kind === 'cancel') {
      running.get(message.id)?.abort();
    } else if (!isMethod(message.method)) {
      refuse(message.id, { code: 'bad-input', message: `There is no method "${message.method}".` });
    } else if (running.has(message.id)) {
      refuse(message.id, { code: 'bad-input', message: `Request ${message.id} is already running.` });
    } else if (running.size >= MAX_CALLS) {
      refuse(message.id, { code: 'failed', message: `More than ${MAX_CALLS} requests at once.` });
    } else {
      void call(message.id, message.method, message.input);
    }
  });

  transport.onClose(() => {
    isClosed = true;
    for (const controller of running.values()) controller.abort();
  });

  return {
    emit: (name, value) => send({ kind: 'event', name, value }),
    close: () => transport.close(),
  };
}

function isMethod(name: string): name is Method {
  return Object.hasOwn(methods, name);
}

function badInput(method: Method, issues: readonly v.BaseIssue<unknown>[]): WireError {
  const first = issues[0];
  const path = first === undefined ? null : v.getDotPath(first);
  const where = path === null ? method : `${method}, ${path}`;
  return {
    code: 'bad-input',
    message: `${where}: ${first?.message ?? 'wrong input'}.`,
    detail: issues.map((issue) => ({ path: v.getDotPath(issue), message: issue.message })),
  };
}

function toWire(error: unknown): WireError {
  if (error instanceof NagareError) return { code: error.code, message: error.message, detail: error.detail };
  return { code: 'failed', message: error instanceof Error ? error.message : String(error) };
}
