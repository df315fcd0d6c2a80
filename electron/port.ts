/** The contract's transport over Electron's end of a message port, whose messages come wrapped in events. */

import type { MessagePortMain } from 'electron';
import type { Transport } from '../engine/contract/transport.ts';

export function mainPortTransport(port: MessagePortMain): Transport {
  return {
    send: (message) => port.postMessage(message),
    onMessage: (listener) => {
      port.on('message', ({ data }) => listener(data));
      port.start();
    },
    onClose: (listener) => void port.on('close', listener),
    close: () => port.close(),
  };
}
