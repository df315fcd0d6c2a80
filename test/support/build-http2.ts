/** Builder of HTTP/2 frames (RFC 9113 4.1) and of header blocks as literals without a table (RFC 7541 6.2). */

import { type BytesLike, join, u8, u16, u24, u32, utf8 } from './build-bytes.ts';

export const HTTP2_PREFACE = utf8('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');

export const HTTP2_TYPE = {
  data: 0,
  headers: 1,
  priority: 2,
  reset: 3,
  settings: 4,
  pushPromise: 5,
  ping: 6,
  goaway: 7,
  windowUpdate: 8,
  continuation: 9,
} as const;

export const HTTP2_FLAG = { endStream: 1, ack: 1, endHeaders: 4, padded: 8, priority: 32 } as const;

export function http2Frame(type: number, stream: number, payload: BytesLike = [], flags = 0): Uint8Array {
  return join(u24(payload.length), u8(type), u8(flags), u32(stream), payload);
}

export function http2Settings(settings: Readonly<Record<number, number>> = {}): Uint8Array {
  const list = Object.entries(settings).map(([id, value]) => join(u16(Number(id)), u32(value)));
  return http2Frame(HTTP2_TYPE.settings, 0, join(...list));
}

/** A string without Huffman coding, shorter than 127 bytes. */
function text(value: string): Uint8Array {
  const bytes = utf8(value);
  if (bytes.length > 126) throw new Error('strings of this builder are short');
  return join(u8(bytes.length), bytes);
}

/** Each field with its name, to be added to the table. */
export function headerBlock(fields: Readonly<Record<string, string>>): Uint8Array {
  return join(...Object.entries(fields).map(([name, value]) => join([0x40], text(name), text(value))));
}

export function http2Headers(stream: number, fields: Readonly<Record<string, string>>, flags = 0): Uint8Array {
  return http2Frame(HTTP2_TYPE.headers, stream, headerBlock(fields), HTTP2_FLAG.endHeaders | flags);
}

export function http2Data(stream: number, payload: BytesLike, isLast = true): Uint8Array {
  return http2Frame(HTTP2_TYPE.data, stream, payload, isLast ? HTTP2_FLAG.endStream : 0);
}

export function http2Request(stream: number, path: string, fields: Readonly<Record<string, string>> = {}): Uint8Array {
  const own = { ':method': 'GET', ':scheme': 'http', ':authority': 'www.example.com', ':path': path };
  return http2Headers(stream, { ...own, ...fields });
}

/** A gRPC message (gRPC over HTTP2). */
export function grpcMessage(message: BytesLike, isCompressed = false): Uint8Array {
  return join(u8(isCompressed ? 1 : 0), u32(message.length), message);
}
