/** What an HTTP response agrees on for the WebSocket connection that follows it (RFC 6455 4.2.2): left by one protocol for the other. */

import type { TreeBuilder } from './tree.ts';

export interface WebsocketHandshake {
  /** Sec-WebSocket-Extensions and Sec-WebSocket-Protocol of the response. */
  extensions: string;
  protocol: string;
  /** Direction that the server sends in. */
  server: 0 | 1;
}

/** The flow's handshake; empty where it was not seen. */
export function websocketHandshake(t: TreeBuilder): WebsocketHandshake {
  return t.conversation((): WebsocketHandshake => ({ extensions: '', protocol: '', server: 1 }), 'websocket.handshake');
}
