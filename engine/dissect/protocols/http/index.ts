/** HTTP/1.x (RFC 9110, 9112): start line, header fields, a body with its codings undone and shown by its media type. */

import { decodeLatin1, decodeUtf8, lineEnd } from '../../../base/text.ts';
import { HTTP_STATUS } from '../../names/http-status.ts';
import { defineProtocol, type OnlyIn } from '../../protocol.ts';
import type { TreeBuilder } from '../../tree.ts';
import { websocketHandshake } from '../../websocket-handshake.ts';
import { addBody, afterBreak } from './body.ts';
import { addCredentials, addNegotiation } from './credentials.ts';
import { addFacts, learn, type Memory, makeMemory } from './exchange.ts';
import { FIELDS } from './fields.ts';
import { frame, startOf } from './framing.ts';
import { HEADERS } from './headers.ts';
import { addHttp2Settings } from './http2-settings.ts';

const RECOGNISED = /^(?:[A-Z_-]{3,20} \S.* HTTP\/1\.\d|HTTP\/1\.\d \d{3})/;
const RECOGNISE_BYTES = 4096;
/** RFC 9112 7. */
const TRANSFER_CODINGS: readonly string[] = [
  'chunked',
  'compress',
  'x-compress',
  'deflate',
  'gzip',
  'x-gzip',
  'identity',
];
/** Of a beginning: no method starts like `HTTP/`. */
function isResponse(bytes: Uint8Array, at: number): boolean {
  return bytes[at] === 0x48 && bytes[at + 1] === 0x54;
}

/** A message's bytes up to the end of its first line; -1: it is not there. */
function firstLineReach(bytes: Uint8Array, at: number, end: number): number {
  let start = at;
  while (start < end && (bytes[start] === 13 || bytes[start] === 10)) start++;
  if (startOf(bytes, start, end) !== 1) return -1;
  const feed = bytes.subarray(start, end).indexOf(10);
  return feed < 0 ? -1 : start + feed + 1 - at;
}

/** Whose layer is below what is decrypted. */
const TLS_PORT = 443;

/** What a token is not made of (RFC 9110 5.6.2). */
const ILLEGAL = /[^!#$%&'*+.^_`|~0-9A-Za-z-]/;

interface Headers {
  type: string;
  encoding: string;
  transfer: string;
  host: string;
  /** Sec-WebSocket-Extensions and Sec-WebSocket-Protocol. */
  extensions: string;
  protocol: string;
  /** There is a Content-Length. */
  length: boolean;
  /** One past the empty line. */
  end: number;
}

/** Fields that the first line of a message has, by what the message is. */
const REQUEST_LINE: OnlyIn = {
  reach: firstLineReach,
  fields: ['request.method', 'request.uri', 'request.uri.path', 'request.uri.query', 'request.version'],
  begins: (bytes, at, end) => startOf(bytes, at, end) !== 1 || !isResponse(bytes, at),
};
const STATUS_LINE: OnlyIn = {
  reach: firstLineReach,
  fields: ['response.code', 'response.code.desc', 'response.phrase', 'response.version'],
  begins: (bytes, at, end) => startOf(bytes, at, end) !== 1 || isResponse(bytes, at),
};

export const http = defineProtocol({
  name: 'http',
  title: 'Hypertext Transfer Protocol',
  on: { 'tcp.port': [80, 2710, 2869, 3128, 3132, 5985, 8080, 8088, 11371] },
  remembers: true,
  fields: FIELDS,
  recognise(bytes, at, end) {
    if (startOf(bytes, at, end) !== 1) return false;
    const stop = lineEnd(bytes, at, Math.min(end, at + RECOGNISE_BYTES));
    return RECOGNISED.test(decodeLatin1(bytes, at, stop));
  },
  recogniseOn: ['tcp'],
  onlyIn: [REQUEST_LINE, STATUS_LINE],
  frame,
  tree(t) {
    const memory = t.conversation(makeMemory);
    if (t.inner !== 0) {
      tunnel(t, memory);
      return;
    }
    let at = t.at;
    while (at < t.end && (t.u8(at) === 13 || t.u8(at) === 10)) at++;
    if (startOf(t.bytes, at, t.end) !== 1) {
      t.info('Continuation');
      addBody(t, t.at, { type: '', encoding: '', transfer: '' });
      t.column('HTTP');
      return;
    }
    if (at > t.at) t.expert('warning', 'Empty line before the message', t.at, at - t.at, 'leading_crlf');
    if (t.asksOnly(REQUEST_LINE) || t.asksOnly(STATUS_LINE)) {
      const line = decodeLatin1(t.bytes, at, lineEnd(t.bytes, at, t.end));
      firstLine(t, at, line);
    } else message(t, at, memory);
  },
});

/** What goes through the connection after an accepted CONNECT or Upgrade. */
function tunnel(t: TreeBuilder, memory: Memory): void {
  const { inner } = t;
  t.inner = 0;
  const colon = memory.target.lastIndexOf(':');
  if (colon > 0) {
    t.generated('proxy_connect_host', memory.target.slice(0, colon));
    t.generated('proxy_connect_port', Number.parseInt(memory.target.slice(colon + 1), 10) & 0xffff);
  }
  t.headerEnd(t.at);
  t.dissect(inner, t.at);
}

function message(t: TreeBuilder, at: number, memory: Memory): void {
  const stop = lineEnd(t.bytes, at, t.end);
  const next = afterBreak(t, stop);
  const line = decodeLatin1(t.bytes, at, stop);
  const isResponse = isStatus(line);
  t.info(`${line}${next > stop ? ' ' : ''}`);
  const row = t.nest(t.text(lineText(t, at, next), at, next - at));
  t.expert('chat', row.text ?? '', at, next - at, 'chat');
  const uri = firstLine(t, at, line);
  t.close();
  const headers = addHeaders(t, next, isResponse);
  t.headerEnd(headers.end);
  const method = isResponse ? '' : line.slice(0, Math.max(0, line.indexOf(' ')));
  const full = isResponse || headers.host === '' ? '' : fullUri(t, method, uri, headers.host);
  const { fact } = memory.visits.visit(t, () => learn(t, memory, isResponse, line, full === '' ? uri : full));
  if (method === 'CONNECT') memory.target = uri;
  if (isResponse && / 101\b/.test(line)) {
    const handshake = websocketHandshake(t);
    handshake.extensions = headers.extensions;
    handshake.protocol = headers.protocol;
    handshake.server = t.packet.direction;
  }
  addFacts(t, fact, isResponse, full);
  t.column('HTTP');
  if (t.end > headers.end) addBody(t, headers.end, headers);
}

function isStatus(line: string): boolean {
  return line.startsWith('HTTP/');
}

/** Adds the first line's fields; returns what is asked for, of a response nothing. */
function firstLine(t: TreeBuilder, at: number, line: string): string {
  return isStatus(line) ? statusLine(t, at, line) : requestLine(t, at, line);
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
  t.generated('response.code.desc', HTTP_STATUS[code] ?? `Unknown (${code})`, at + codeAt, 3);
  const phrase = line.slice(codeAt + 4);
  if (phrase !== '') t.put('response.phrase', phrase, at + codeAt + 4, phrase.length);
  return '';
}

/** RFC 9112 5: lines up to an empty one; a line that starts with a blank goes on with the one before (obsolete). */
function addHeaders(t: TreeBuilder, from: number, isResponse: boolean): Headers {
  const headers: Headers = {
    type: '',
    encoding: '',
    transfer: '',
    host: '',
    extensions: '',
    protocol: '',
    length: false,
    end: from,
  };
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
    const row = t.put(lineKey, whole, at, next - at, whole);
    if (colon >= 0 && ILLEGAL.test(line.slice(0, colon))) {
      t.nest(row);
      t.expert('warning', 'Illegal characters in a header name', at, colon, 'bad_header_name');
      t.close();
    }
    return;
  }
  t.nest(t.put(key, value, at, next - at, whole));
  switch (key) {
    case 'content_length_header':
      headers.length = true;
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
      for (const coding of headers.transfer.split(','))
        if (!TRANSFER_CODINGS.includes(coding.trim()))
          t.expert('warning', `Unknown transfer coding: ${coding.trim()}`, at, next - at, 'te_unknown');
      break;
    case 'host':
      headers.host = value;
      break;
    case 'sec_websocket_extensions':
      headers.extensions = value.toLowerCase();
      break;
    case 'sec_websocket_protocol':
      headers.protocol = value;
      break;
    case 'http2_settings':
      addHttp2Settings(t, value, at, next - at);
      break;
    case 'cookie':
      for (const pair of value.split(/;\s*/)) if (pair !== '') t.put('cookie_pair', pair, at, next - at);
      break;
    case 'authorization':
    case 'proxy_authorization': {
      addCredentials(t, value, at, next - at);
      addNegotiation(t, value);
      break;
    }
    case 'www_authenticate':
    case 'proxy_authenticate':
      addNegotiation(t, value);
      break;
    default:
      break;
  }
  t.hide(lineKey, whole, at, next - at);
  if (headers.transfer !== '' && headers.length && (key === 'content_length_header' || key === 'transfer_encoding'))
    t.expert('warning', 'Content-Length and Transfer-Encoding together', at, next - at, 'te_and_length');
  t.close();
}

/** The URI with scheme and host, as the server is addressed (RFC 9110 7.1). */
function fullUri(t: TreeBuilder, method: string, uri: string, host: string): string {
  if (uri === '' || method === 'CONNECT') return uri;
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(uri)) return uri;
  return `${isSecured(t) ? 'https' : 'http'}://${host}${uri}`;
}

/** Does it come out of TLS? */
function isSecured(t: TreeBuilder): boolean {
  return t.layersSoFar.includes(t.find('tcp.port', TLS_PORT));
}
