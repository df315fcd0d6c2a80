/** The contract's transport over a WebSocket (RFC 6455), the server's end: one binary frame of frames.ts a message. */

import type { RawData, WebSocket } from 'ws';
import { decodeFrame, encodeFrame, FrameError } from '../../engine/contract/frames.ts';
import type { Transport } from '../../engine/contract/transport.ts';

/** The largest message from a page: eight bytes for each of some millions of selected rows. */
export const MAX_MESSAGE_BYTES = 64 * 1024 * 1024;

/** Close codes of RFC 6455 7.4.1. */
const UNSUPPORTED_DATA = 1003;
const INVALID_PAYLOAD = 1007;

export function socketTransport(socket: WebSocket): Transport {
  return {
    send: (message) => {
      if (socket.readyState === socket.OPEN) socket.send(encodeFrame(message));
    },
    onMessage: (listener) => {
      socket.on('message', (data, isBinary) => {
        if (!isBinary) return socket.close(UNSUPPORTED_DATA);
        let message: unknown;
        try {
          message = decodeFrame(asBytes(data));
        } catch (error) {
          if (!(error instanceof FrameError)) throw error;
          return socket.close(INVALID_PAYLOAD);
        }
        listener(message);
      });
    },
    onClose: (listener) => void socket.on('close', listener),
    close: () => socket.close(),
  };
}

function asBytes(data: RawData): Uint8Array {
  if (Array.isArray(data)) return Buffer.concat(data);
  return data instanceof ArrayBuffer ? new Uint8Array(data) : data;
}
