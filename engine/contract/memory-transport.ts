/** Two ends of one transport inside one process, for tests and for a host that runs beside its client. */

import type { Transport } from './transport.ts';

/**
 * Messages arrive later than they are sent and are copies, as over a MessagePort; what a port could not clone throws at
 * the sender. Closing one end closes both, after what was sent before has arrived.
 */
export function memoryTransports(): readonly [Transport, Transport] {
  const a = makeEnd();
  const b = makeEnd();
  a.connect(b);
  b.connect(a);
  return [a.transport, b.transport];
}

interface End {
  readonly transport: Transport;
  connect(other: End): void;
  receive(message: unknown): void;
  closed(): void;
}

function makeEnd(): End {
  const messageListeners: ((message: unknown) => void)[] = [];
  const closeListeners: (() => void)[] = [];
  let peer: End | undefined;
  let isClosed = false;
  const end: End = {
    transport: {
      send: (message) => {
        if (isClosed) return;
        const copy = structuredClone(message);
        queueMicrotask(() => peer?.receive(copy));
      },
      onMessage: (listener) => messageListeners.push(listener),
      onClose: (listener) => closeListeners.push(listener),
      close: () => {
        if (isClosed) return;
        queueMicrotask(() => {
          end.closed();
          peer?.closed();
        });
      },
    },
    connect: (other) => {
      peer = other;
    },
    receive: (message) => {
      if (!isClosed) for (const listener of messageListeners) listener(message);
    },
    closed: () => {
      if (isClosed) return;
      isClosed = true;
      for (const listener of closeListeners) listener();
    },
  };
  return end;
}
