/** Builder of WebSocket frames (RFC 6455 5.2) and of the handshake before them. */

import { type BytesLike, join, u8, u16, u64, utf8 } from './build-bytes.ts';

export const WS_OPCODE = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const;

export interface WebsocketFrameFields {
  readonly isFinal?: boolean;
  /** RSV1: the message is compressed. */
  readonly isCompressed?: boolean;
  /** Four bytes; left out: not masked. */
  readonly mask?: BytesLike;
}

export function websocketFrame(
  opcode: number,
  payload: BytesLike | string,
  fields: WebsocketFrameFields = {},
): Uint8Array {
  const bytes = typeof payload === 'string' ? utf8(payload) : Uint8Array.from(payload);
  const { mask } = fields;
  const first = (fields.isFinal === false ? 0 : 0x80) | (fields.isCompressed === true ? 0x40 : 0) | opcode;
  const bit = mask === undefined ? 0 : 0x80;
  const length =
    bytes.length < 126
      ? u8(bit | bytes.length)
      : bytes.length < 65_536
        ? join(u8(bit | 126), u16(bytes.length))
        : join(u8(bit | 127), u64(BigInt(bytes.length)));
  const masked = mask === undefined ? bytes : bytes.map((byte, i) => byte ^ (mask[i % 4] ?? 0));
  return join(u8(first), length, mask ?? [], masked);
}

export function websocketRequest(extensions = ''): Uint8Array {
  const offer = extensions === '' ? '' : `Sec-WebSocket-Extensions: ${extensions}\r\n`;
  return utf8(
    `GET /chat HTTP/1.1\r\nHost: ws.example.com\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n${offer}\r\n`,
  );
}

export function websocketResponse(extensions = ''): Uint8Array {
  const chosen = extensions === '' ? '' : `Sec-WebSocket-Extensions: ${extensions}\r\n`;
  return utf8(
    `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n${chosen}\r\n`,
  );
}
