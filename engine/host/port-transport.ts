/** The contract's transport over a message port of Node: worker threads, and Electron's ports, which have the same shape. */

import type { Transport } from '../contract/transport.ts';

/** What MessagePort, Worker and Electron's MessagePortMain have in common here. */
export interface PortLike {
  postMessage(message: unknown): void;
  on(event: 'message' | 'close', listener: (message?: unknown) => void): unknown;
  close?(): void;
}

export function portTransport(port: PortLike): Transport {
  return {
    send: (message) => port.postMessage(message),
    onMessage: (listener) => void port.on('message', (message) => listener(message)),
    onClose: (listener) => void port.on('close', () => listener()),
    close: () => port.close?.(),
  };
}
