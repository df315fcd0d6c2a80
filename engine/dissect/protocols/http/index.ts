/** HTTP/1.x (RFC 9110, 9112): start line, header fields, a body with its codings undone and shown by its media type. */

import { decodeLatin1, decodeUtf8, lineEnd } from '../../../base/text.ts';
import { defineProtocol } from '../../protocol.ts';
import type { TreeBuilder } from '../../tree.ts';
import { Visits } from '../../visits.ts';
import { addBody, afterBreak } from './body.ts';
import { frame, startOf } from './framing.ts';
import { HEADERS, STATUS } from './headers.ts';

const RECOGNISED = /^(?:[A-Z_-]{3,20} \S.* HTTP\/1\.\d|HTTP\/1\.\d \d{3})/;
const RECOGNISE_BYTES = 4096;

interface Exchange {
  readonly frame: number;
  readonly time: bigint | null;
  readonly uri: string;
  /** Frame of the request before it; 0: none. */
  readonly previous: number;
}

interface Fact {
  /** The request that a response answers. */
  readonly request: Exchange | null;
  readonly number: number;
  readonly previousRequest: number;
  readonly previousResponse: number;
}

interface Memory {
  readonly visits: Visits<Fact>;
  readonly waiting: Exchange[];
  requests: number;
  responses: number;
  lastRequest: number;
  lastResponse: number;
}

interface Headers {
  type: string;
  encoding: string;
  transfer: string;
  host: string;
  /** One past the empty line. */
  end: number;
}

export const http = defineProtocol({
  name: 'http',
  title: 'Hypertext Transfer Protocol',
  on: { 'tcp.port': [80, 2710, 2869, 3128, 3132, 5985, 8080, 8088, 11371] },
  remembers: true,
  fields: {
    response: { type: 'bool', label: 'Response', flag: ['True', 'False'], many: true },
    request: { type: 'bool', label: 'Request', flag: ['True', 'False'], many: true },
    response_number: { type: 'u32', label: 'Response number', many: true },
    request_number: { type: 'u32', label: 'Request number', many: true },
    authbasic: { type: 'string', label: 'Credentials', many: true },
    'response.line': { type: 'string', label: 'Response line', many: true },
    'request.line': { type: 'string', label: 'Request line', many: true },
    'request.method': { type: 'string', label: 'Request Method', many: true },
    'request.uri': { type: 'string', label: 'Request URI', many: true },
    'request.uri.path': { type: 'string', label: 'Request URI Path', many: true },
    'request.uri.query': { type: 'string', label: 'Request URI Query', many: true },
    'request.uri.query.parameter': { type: 'string', label: 'Request URI Query Parameter', many: true },
    'request.version': { type: 'string', label: 'Request Version', many: true },
    'response.version': { type: 'string', label: 'Response Version', many: true },
    'request.full_uri': { type: 'string', label: 'Full request URI', many: true },
    'response.code': { type: 'u16', label: 'Status Code', many: true },
    'response.code.desc': { type: 'string', label: 'Status Code Description', many: true },
    'response_for.uri': { type: 'string', label: 'Request URI', many: true },
    'response.phrase': { type: 'string', label: 'Response Phrase', many: true },
    authorization: { type: 'string', label: 'Authorization', many: true },
    proxy_authenticate: { type: 'string', label: 'Proxy-Authenticate', many: true },
    proxy_authorization: { type: 'string', label: 'Proxy-Authorization', many: true },
    www_authenticate: { type: 'string', label: 'WWW-Authenticate', many: true },
    content_type: { type: 'string', label: 'Content-Type', many: true },
    content_length_header: { type: 'string', label: 'Content-Length', many: true },
    content_length: { type: 'u64', label: 'Content length', many: true },
    content_encoding: { type: 'string', label: 'Content-Encoding', many: true },
    transfer_encoding: { type: 'string', label: 'Transfer-Encoding', many: true },
    upgrade: { type: 'string', label: 'Upgrade', many: true },
    user_agent: { type: 'string', label: 'User-Agent', many: true },
    host: { type: 'string', label: 'Host', many: true },
    connection: { type: 'string', label: 'Connection', many: true },
    cookie: { type: 'string', label: 'Cookie', many: true },
    cookie_pair: { type: 'string', label: 'Cookie pair', many: true },
    accept: { type: 'string', label: 'Accept', many: true },
    referer: { type: 'string', label: 'Referer', many: true },
    accept_language: { type: 'string', label: 'Accept-Language', many: true },
    accept_encoding: { type: 'string', label: 'Accept-Encoding', many: true },
    date: { type: 'string', label: 'Date', many: true },
    cache_control: { type: 'string', label: 'Cache-Control', many: true },
    server: { type: 'string', label: 'Server', many: true },
    location: { type: 'string', label: 'Location', many: true },
    sec_websocket_accept: { type: 'string', label: 'Sec-WebSocket-Accept', many: true },
    sec_websocket_extensions: { type: 'string', label: 'Sec-WebSocket-Extensions', many: true },
    sec_websocket_key: { type: 'string', label: 'Sec-WebSocket-Key', many: true },
    sec_websocket_protocol: { type: 'string', label: 'Sec-WebSocket-Protocol', many: true },
    sec_websocket_version: { type: 'string', label: 'Sec-WebSocket-Version', many: true },
    set_cookie: { type: 'string', label: 'Set-Cookie', many: true },
    last_modified: { type: 'string', label: 'Last-Modified', many: true },
    x_forwarded_for: { type: 'string', label: 'X-Forwarded-For', many: true },
    http2_settings: { type: 'string', label: 'HTTP2-Settings', many: true },
    request_in: { type: 'frame', label: 'Request in frame', many: true },
    prev_request_in: { type: 'frame', label: 'Prev request in frame', many: true },
    prev_response_in: { type: 'frame', label: 'Prev response in frame', many: true },
    time: { type: 'duration', label: 'Time since request', many: true },
    chunked_trailer_part: { type: 'string', label: 'trailer-part', many: true },
    chunk_boundary: { type: 'bytes', label: 'Chunk boundary', many: true },
    chunk_size: { type: 'u32', label: 'Chunk size', many: true },
    chunk_data: { type: 'bytes', label: 'Chunk data', many: true },
    file_data: { type: 'string', label: 'File Data', many: true },
    chat: { type: 'none', label: 'First line', many: true },
    leading_crlf: { type: 'none', label: 'Empty line before the message', many: true },
    decompression_failed: { type: 'none', label: 'The body could not be unpacked', many: true },
  },
  recognise(bytes, at, end) {
    if (startOf(bytes, at, end) !== 1) return false;
    const stop = lineEnd(bytes, at, Math.min(end, at + RECOGNISE_BYTES));
    return RECOGNISED.test(decodeLatin1(bytes, at, stop));
  },
  recogniseOn: ['tcp'],
  frame,
  tree(t) {
    const memory = t.conversation(
      (): Memory => ({ visits: new Visits(), waiting: [], requests: 0, responses: 0, lastRequest: 0, lastResponse: 0 }),
    );
    let at = t.at;
    while (at < t.end && (t.u8(at) === 13 || t.u8(at) === 10)) at++;
    if (startOf(t.bytes, at, t.end) !== 1) {
      t.info('Continuation');
      addBody(t, t.at, { type: '', encoding: '', transfer: '' });
      t.column('HTTP');
      return;
    }
    if (at > t.at) t.expert('warning', 'Empty line before the message', t.at, at - t.at, 'leading_crlf');
    message(t, at, memory);
  },
});

function message(t: TreeBuilder, at: number, memory: Memory): void {
  const stop = lineEnd(t.bytes, at, t.end);
  const next = afterBreak(t, stop);
  const line = decodeLatin1(t.bytes, at, stop);
  const isResponse = line.startsWith('HTTP/');
  t.info(`${line}${next > stop ? ' ' : ''}`);
  const row = t.nest(t.text(lineText(t, at, next), at, next - at));
  t.expert('chat', row.text ?? '', at, next - at, 'chat');
  const uri = isResponse ? statusLine(t, at, line) : requestLine(t, at, line);
  t.close();
  const headers = addHeaders(t, next, isResponse);
  t.headerEnd(headers.end);
  const method = isResponse ? '' : line.slice(0, Math.max(0, line.indexOf(' ')));
  const full = isResponse || headers.host === '' ? '' : fullUri(method, uri, headers.host);
  const { fact } = memory.visits.visit(t, () => learn(t, memory, isResponse, line, full === '' ? uri : full));
  addFacts(t, fact, isResponse, full);
  t.column('HTTP');
  if (t.end > headers.end) addBody(t, headers.end, headers);
}

function lineText(t: TreeBuilder, at: number, end: number): string {
  return decodeUtf8(t.bytes, at, end);
}

function requestLine(t: TreeBuilder, at: number, line: string): string {
  const first = line.indexOf(' ');
  const method = first < 0 ? line : line.slice(0, first);
  t.put('request.method', method, at, method.length);
  if (first < 0) return '';
  const last = line.indexOf(' ', first + 1);
  const uriEnd = last > first ? last : line.length;
  const uri = line.slice(first + 1, uriEnd);
  const uriAt = at + first + 1;
  t.nest(t.put('request.uri', uri, uriAt, uri.length));
  const mark = uri.indexOf('?');
  if (mark >= 0) {
    t.put('request.uri.path', uri.slice(0, mark), uriAt, mark);
    const query = uri.slice(mark + 1);
    t.nest(t.put('request.uri.query', query, uriAt + mark + 1, query.length));
    let parameterAt = uriAt + mark + 1;
    for (const parameter of query.split('&')) {
      if (parameter !== '') t.put('request.uri.query.parameter', parameter, parameterAt, parameter.length);
      parameterAt += parameter.length + 1;
    }
    t.close();
  }
  t.close();
  if (last > first) t.put('request.version', line.slice(last + 1), at + last + 1, line.length - last - 1);
  return uri;
}

function statusLine(t: TreeBuilder, at: number, line: string): string {
  const first = line.indexOf(' ');
  const version = first < 0 ? line : line.slice(0, first);
  t.put('response.version', version, at, version.length);
  const found = / +(\d{3})/.exec(line);
  if (found === null) return '';
  const codeAt = found.index + found[0].length - 3;
  const code = Number(found[1]);
  t.put('response.code', code, at + codeAt, 3);
  t.generated('response.code.desc', STATUS[code] ?? 'Unknown', at + codeAt, 3);
  const phrase = line.slice(codeAt + 4);
  if (phrase !== '') t.put('response.phrase', phrase, at + codeAt + 4, phrase.length);
  return '';
}

/** RFC 9112 5: lines up to an empty one; a line that starts with a blank goes on with the one before (obsolete). */
function addHeaders(t: TreeBuilder, from: number, isResponse: boolean): Headers {
  const headers: Headers = { type: '', encoding: '', transfer: '', host: '', end: from };
  let at = from;
  while (at < t.end) {
    let stop = lineEnd(t.bytes, at, t.end);
    let next = afterBreak(t, stop);
    if (stop === at) {
      t.text(lineText(t, at, next), at, next - at);
      headers.end = next;
      return headers;
    }
    while (next < t.end && (t.u8(next) === 32 || t.u8(next) === 9)) {
      stop = lineEnd(t.bytes, next, t.end);
      next = afterBreak(t, stop);
    }
    header(t, headers, at, stop, next, isResponse);
    at = next;
  }
  headers.end = at;
  return headers;
}

function header(t: TreeBuilder, headers: Headers, at: number, stop: number, next: number, isResponse: boolean): void {
  const line = decodeUtf8(t.bytes, at, stop);
  const whole = lineText(t, at, next);
  const lineKey = isResponse ? 'response.line' : 'request.line';
  const colon = line.indexOf(':');
  const name = (colon < 0 ? line : line.slice(0, colon)).trim().toLowerCase();
  const value = colon < 0 ? '' : line.slice(colon + 1).trim();
  const key = colon < 0 ? undefined : HEADERS.get(name);
  if (key === undefined) {
    t.put(lineKey, whole, at, next - at, whole);
    return;
  }
  t.nest(t.put(key, value, at, next - at, whole));
  switch (key) {
    case 'content_length_header':
      if (/^\d{1,19}$/.test(value)) t.generated('content_length', BigInt(value), at, next - at);
      break;
    case 'content_type':
      headers.type = value;
      break;
    case 'content_encoding':
      headers.encoding = value.toLowerCase();
      break;
    case 'transfer_encoding':
      headers.transfer = value.toLowerCase();
      break;
    case 'host':
      headers.host = value;
      break;
    case 'cookie':
      for (const pair of value.split(/;\s*/)) if (pair !== '') t.put('cookie_pair', pair, at, next - at);
      break;
    case 'authorization':
    case 'proxy_authorization': {
      const basic = /^basic +([A-Za-z0-9+/=]+)/i.exec(value);
      if (basic !== null) t.put('authbasic', decodeBase64(basic[1]), at, next - at);
      break;
    }
    default:
      break;
  }
  t.hide(lineKey, whole, at, next - at);
  t.close();
}

const BASE64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

function decodeBase64(text: string): string {
  const bytes: number[] = [];
  let held = 0;
  let bits = 0;
  for (const letter of text) {
    const value = BASE64.indexOf(letter);
    if (value < 0) break;
    held = ((held << 6) | value) & 0xffff;
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      bytes.push((held >>> bits) & 255);
    }
  }
  return decodeUtf8(Uint8Array.from(bytes));
}

/** The URI with scheme and host, as the server is addressed (RFC 9110 7.1). */
function fullUri(method: string, uri: string, host: string): string {
  if (uri === '' || method === 'CONNECT') return '';
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(uri)) return uri;
  return uri === '*' ? `http://${host}` : `http://${host}${uri}`;
}

function learn(t: TreeBuilder, memory: Memory, isResponse: boolean, line: string, uri: string): Fact {
  const { number: frameNumber, time } = t.packet;
  if (!isResponse) {
    const fact = {
      request: null,
      number: ++memory.requests,
      previousRequest: memory.lastRequest,
      previousResponse: memory.lastResponse,
    };
    memory.waiting.push({ frame: frameNumber, time, uri, previous: memory.lastRequest });
    memory.lastRequest = frameNumber;
    return fact;
  }
  const isInterim = /^HTTP\/\S+ 1(?!01)\d\d/.test(line);
  const request = (isInterim ? memory.waiting[0] : memory.waiting.shift()) ?? null;
  const fact = {
    request,
    number: ++memory.responses,
    previousRequest: request?.previous ?? 0,
    previousResponse: memory.lastResponse,
  };
  memory.lastResponse = frameNumber;
  return fact;
}

function addFacts(t: TreeBuilder, fact: Fact, isResponse: boolean, uri: string): void {
  if (!isResponse) {
    if (uri !== '') t.generated('request.full_uri', uri);
    t.hide('request', 1, t.at, 0);
    t.generated('request_number', fact.number);
    if (fact.previousRequest > 0) t.generated('prev_request_in', fact.previousRequest);
    return;
  }
  const { request } = fact;
  t.hide('response', 1, t.at, 0);
  t.generated('response_number', fact.number);
  if (request !== null && request.time !== null && t.packet.time !== null)
    t.generated('time', t.packet.time - request.time);
  if (fact.previousRequest > 0) t.generated('prev_request_in', fact.previousRequest);
  if (fact.previousResponse > 0) t.generated('prev_response_in', fact.previousResponse);
  if (request === null) return;
  t.generated('request_in', request.frame);
  if (request.uri !== '') t.generated('response_for.uri', request.uri);
}
