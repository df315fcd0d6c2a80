/**
 * The way to the host: in the desktop window a MessagePort that the preload hands over, else a WebSocket to the server the
 * page came from (nagare serve).
 */

import { type ContractClient, connectClient } from '../../engine/contract/client.ts';
import { decodeFrame, encodeFrame } from '../../engine/contract/frames.ts';
import type { Transport } from '../../engine/contract/transport.ts';

/** What the preload offers to the page in the desktop window; nothing else of Electron is reachable. */
export interface DesktopBridge {
  /** Path of a dropped file, '' where it has none. */
  pathForFile(file: File): string;
  /** Asks for the port; it comes as a message `main-world-port` to this window. */
  requestPort(): void;
}

declare global {
  interface Window {
    readonly nagare?: DesktopBridge;
  }
}

/** The message that carries the port; its origin is this page's own, because the preload sends it from here. */
const PORT_MESSAGE = 'main-world-port';

export async function connect(): Promise<ContractClient> {
  const desktop = window.nagare;
  return connectClient(desktop === undefined ? await openSocket() : portTransport(await waitForPort(desktop)));
}

function waitForPort(desktop: DesktopBridge): Promise<MessagePort> {
  return new Promise((resolve) => {
    const onMessage = (event: MessageEvent<unknown>): void => {
      const port = event.ports[0];
      if (event.source !== window || event.data !== PORT_MESSAGE || port === undefined) return;
      window.removeEventListener('message', onMessage);
      resolve(port);
    };
    window.addEventListener('message', onMessage);
    desktop.requestPort();
  });
}

export function portTransport(port: MessagePort): Transport {
  const closeListeners: (() => void)[] = [];
  port.addEventListener('close', () => {
    for (const listener of closeListeners) listener();
  });
  let isStarted = false;
  return {
    send: (message) => port.postMessage(message),
    onMessage: (listener) => {
      port.addEventListener('message', (event: MessageEvent<unknown>) => listener(event.data));
      if (!isStarted) port.start();
      isStarted = true;
    },
    onClose: (listener) => closeListeners.push(listener),
    close: () => {
      port.close();
      // Only the other end hears of a close.
      for (const listener of closeListeners) listener();
    },
  };
}

async function openSocket(): Promise<Transport> {
  const address = new URL('./host', window.location.href);
  address.protocol = address.protocol === 'https:' ? 'wss:' : 'ws:';
  address.search = '';
  address.hash = '';
  const socket = new WebSocket(address);
  socket.binaryType = 'arraybuffer';
  await new Promise<void>((resolve, reject) => {
    socket.addEventListener('open', () => resolve(), { once: true });
    socket.addEventListener('error', () => reject(new Error(address.host)), { once: true });
  });
  return socketTransport(socket);
}

export function socketTransport(socket: WebSocket): Transport {
  return {
    send: (message) => {
      if (socket.readyState === WebSocket.OPEN) socket.send(encodeFrame(message));
    },
    onMessage: (listener) => {
      socket.addEventListener('message', (event: MessageEvent<unknown>) => {
        if (event.data instanceof ArrayBuffer) listener(decodeFrame(new Uint8Array(event.data)));
      });
    },
    onClose: (listener) => socket.addEventListener('close', () => listener()),
    close: () => socket.close(),
  };
}
