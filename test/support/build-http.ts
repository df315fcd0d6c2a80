/** Builder of HTTP/1.x messages (RFC 9112). */

import { type BytesLike, join, utf8 } from './build-bytes.ts';

export type HttpHeaders = Readonly<Record<string, string>>;

function message(startLine: string, headers: HttpHeaders, body: BytesLike): Uint8Array {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return join(utf8(`${startLine}\r\n${lines.join('')}\r\n`), body);
}

export interface HttpRequestFields {
  readonly method?: string;
  readonly path?: string;
  readonly host: string;
  readonly version?: string;
  readonly headers?: HttpHeaders;
  readonly body?: BytesLike | string;
}

function bodyBytes(body: BytesLike | string | undefined): BytesLike {
  return typeof body === 'string' ? utf8(body) : (body ?? []);
}

export function httpRequest(fields: HttpRequestFields): Uint8Array {
  const body = bodyBytes(fields.body);
  return message(
    `${fields.method ?? 'GET'} ${fields.path ?? '/'} ${fields.version ?? 'HTTP/1.1'}`,
    {
      Host: fields.host,
      'User-Agent': 'example-client/1.0',
      Accept: '*/*',
      ...(body.length === 0 ? {} : { 'Content-Length': String(body.length) }),
      ...fields.headers,
    },
    body,
  );
}

export interface HttpResponseFields {
  readonly status?: number;
  readonly reason?: string;
  readonly version?: string;
  readonly headers?: HttpHeaders;
  readonly body?: BytesLike | string;
  /** Sizes of the chunks to send the body in (RFC 9112 7.1); the last size repeats. */
  readonly chunks?: readonly number[];
}

const REASONS: Readonly<Record<number, string>> = {
  100: 'Continue',
  200: 'OK',
  204: 'No Content',
  206: 'Partial Content',
  301: 'Moved Permanently',
  304: 'Not Modified',
  400: 'Bad Request',
  404: 'Not Found',
  500: 'Internal Server Error',
  503: 'Service Unavailable',
};

export function httpResponse(fields: HttpResponseFields = {}): Uint8Array {
  const body = bodyBytes(fields.body);
  const status = fields.status ?? 200;
  const framing: HttpHeaders =
    fields.chunks !== undefined
      ? { 'Transfer-Encoding': 'chunked' }
      : status === 304 || status < 200
        ? {}
        : { 'Content-Length': String(body.length) };
  return message(
    `${fields.version ?? 'HTTP/1.1'} ${status} ${fields.reason ?? REASONS[status] ?? 'Unknown'}`,
    {
      Date: 'Thu, 15 Jan 2026 09:00:00 GMT',
      Server: 'example',
      'Content-Type': 'text/plain',
      ...framing,
      ...fields.headers,
    },
    fields.chunks === undefined ? body : chunked(Uint8Array.from(body), fields.chunks),
  );
}

export function chunked(body: Uint8Array, sizes: readonly number[]): Uint8Array {
  const parts: Uint8Array[] = [];
  for (let at = 0, i = 0; at < body.length; i++) {
    const size = Math.min(sizes[i] ?? sizes.at(-1) ?? body.length, body.length - at);
    if (size <= 0) throw new Error('a chunk must not be empty');
    parts.push(utf8(`${size.toString(16)}\r\n`), body.slice(at, at + size), utf8('\r\n'));
    at += size;
  }
  return join(...parts, utf8('0\r\n\r\n'));
}

/** Readable filler text of an exact length. */
export function sampleText(length: number): string {
  const line = 'The quick brown fox jumps over the lazy dog. ';
  return line.repeat(Math.ceil(length / line.length)).slice(0, length);
}
