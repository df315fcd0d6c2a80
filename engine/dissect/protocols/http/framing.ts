/**
 * Where HTTP/1.x messages end (RFC 9112 6). Hot while loading: once per message, from its header lines; makes nothing but
 * the media type's text.
 */

import { findBody } from '../../media-type.ts';
import { type Framing, MORE, NOT_MINE, NOT_YET, NOTHING, RECOGNISED, UNTIL_CLOSE } from '../../protocol.ts';
import { METHODS as METHOD_NAMES } from './methods.ts';

/** Phases of a direction, in the low bits of Framing.state. */
const PHASE = { start: 0, chunk: 1, trailers: 2, firstChunk: 3, firstChunkOfText: 4 } as const;
const LF = 10;
const CR = 13;
const SPACE = 32;
const COLON = 58;

/** Requests that wait for their response: two bits each, oldest lowest, above a count of four bits. */
const REQUEST = { plain: 0, head: 1, connect: 2 } as const;
const COUNT_BITS = 4;
const MAX_WAITING = 13;

/** In Framing.version: the port that a CONNECT asked for, and that the flow has had a message. */
const PORT_BITS = 0xffff;
const SEEN = 0x10000;

const CONTENT_LENGTH = ascii('content-length');
const CONTENT_TYPE = ascii('content-type');
const CONTENT_ENCODING = ascii('content-encoding');
const TRANSFER_ENCODING = ascii('transfer-encoding');
const CHUNKED = ascii('chunked');
const IDENTITY = ascii('identity');
const GZIP = ascii('gzip');
/** A gzip file of nothing (RFC 1952): header, an empty block, trailer. One with a byte in it is longer. */
const EMPTY_GZIP = 20;
const UPGRADE = ascii('upgrade');
const WEBSOCKET = ascii('websocket');
const H2C = ascii('h2c');
const HEAD = ascii('HEAD');
const CONNECT = ascii('CONNECT');
/** What an HTTP/2 connection starts with (RFC 9113 3.4). */
const PREFACE = ascii('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');
const METHODS = METHOD_NAMES.map(ascii);
const KNOWN_CODINGS: readonly Uint8Array[] = ['gzip', 'x-gzip', 'deflate', 'br', 'zstd', 'identity'].map(ascii);
const HTTP = ascii('HTTP/');
/** Headers that may have a token of NTLM or Kerberos, and the schemes that have. */
const SIGN_IN_HEADERS = ['authorization', 'proxy-authorization', 'www-authenticate', 'proxy-authenticate'].map(ascii);
const SIGN_IN_SCHEMES = ['ntlm ', 'negotiate ', 'kerberos '].map(ascii);
/** What text begins with that is shown as a document of XML. */
const XML_START = ascii('<?xml');

function ascii(text: string): Uint8Array {
  return Uint8Array.from(text, (c) => c.charCodeAt(0));
}

/** The message or the chunk that starts at f.at. */
export function frame(f: Framing): number {
  if (f.lost) {
    f.state = PHASE.start;
    f.shared = 0;
    f.version &= SEEN;
  }
  switch (f.state) {
    case PHASE.chunk:
    case PHASE.firstChunk:
    case PHASE.firstChunkOfText:
      return chunk(f);
    case PHASE.trailers:
      return trailers(f);
    default:
      return header(f);
  }
}

/** Does [at, end) start with a message? 1 yes, 0 no, MORE where the bytes do not say yet. */
export function startOf(bytes: Uint8Array, at: number, end: number): number {
  const isResponse = startsWith(bytes, at, end, HTTP);
  if (isResponse !== 0) return isResponse;
  let result = 0;
  for (const method of METHODS) {
    const here = startsWith(bytes, at, end, method);
    if (here === 1 && (at + method.length === end || bytes[at + method.length] === SPACE))
      return at + method.length === end ? MORE : 1;
    if (here === MORE) result = MORE;
  }
  return result;
}

function startsWith(bytes: Uint8Array, at: number, end: number, text: Uint8Array): number {
  const there = Math.min(text.length, end - at);
  for (let i = 0; i < there; i++) if (bytes[at + i] !== text[i]) return 0;
  return there === text.length ? 1 : MORE;
}

function header(f: Framing): number {
  const { bytes, end } = f;
  let start = f.at;
  while (start < end && (bytes[start] === CR || bytes[start] === LF)) start++; // RFC 9112 2.2: empty lines before a message
  if (start === end) return MORE;
  const begins = startOf(bytes, start, end);
  if (begins === 0 && bytes[start] === PREFACE[0]) {
    const isPreface = startsWith(bytes, start, end, PREFACE);
    if (isPreface === MORE) return MORE;
    if (isPreface === 1 && start === f.at) {
      f.becomes = f.named('http2');
      f.isInside = true;
      return 0;
    }
  }
  if (begins === 0) {
    if ((f.version & SEEN) === 0) return NOT_YET;
    f.above = f.find('name', 'data'); // shown as a continuation
    return NOT_MINE;
  }
  const firstEnd = lineFeed(bytes, start, end);
  if (begins === MORE || firstEnd < 0) return MORE;
  const isResponse =
    bytes[start] === HTTP[0] && bytes[start + 1] === HTTP[1] && startsWith(bytes, start, end, HTTP) === 1;
  let length = -1;
  let isChunked = false;
  let typeAt = -1;
  let typeEnd = -1;
  let isCoded = false;
  let isUnknownCoding = false;
  let isGzip = false;
  let upgradeAt = -1;
  let hasToken = false;
  let line = firstEnd + 1;
  for (;;) {
    const stop = lineFeed(bytes, line, end);
    if (stop < 0) return MORE;
    if (stop === line || (stop === line + 1 && bytes[line] === CR)) {
      line = stop + 1;
      break;
    }
    const first = bytes[line] | 0x20;
    if (first === 0x63) {
      if (isHeader(bytes, line, stop, CONTENT_LENGTH)) length = decimal(bytes, line + CONTENT_LENGTH.length + 1, stop);
      else if (isHeader(bytes, line, stop, CONTENT_TYPE)) {
        typeAt = line + CONTENT_TYPE.length + 1;
        typeEnd = stop;
      } else if (isHeader(bytes, line, stop, CONTENT_ENCODING)) {
        isCoded = !endsWithWord(bytes, stop, IDENTITY);
        isUnknownCoding = !isKnownCoding(bytes, line + CONTENT_ENCODING.length + 1, stop);
        isGzip = endsWithWord(bytes, stop, GZIP);
      }
    } else if (first === 0x74 && isHeader(bytes, line, stop, TRANSFER_ENCODING)) {
      isChunked = endsWithWord(bytes, stop, CHUNKED);
    } else if (first === 0x75 && isHeader(bytes, line, stop, UPGRADE)) {
      upgradeAt = line + UPGRADE.length + 1;
    } else if (first === 0x61 || first === 0x70 || first === 0x77) hasToken ||= isSignIn(bytes, line, stop);
    line = stop + 1;
  }
  const headerLength = line - f.at;
  f.version |= SEEN;
  if (hasToken) f.above = f.named('_ws.undecided');
  const hasBody = isResponse
    ? responseBody(f, statusAt(bytes, start, firstEnd), upgradeAt)
    : noteRequest(f, start, firstEnd);
  if (!hasBody) return headerLength;
  const isNothing = isGzip && length <= EMPTY_GZIP && length >= 0;
  let isText = false;
  if (!hasToken && (isChunked || (length > 0 && !isNothing) || (length < 0 && isResponse))) {
    f.above = findBody(typeAt < 0 || isUnknownCoding ? '' : typeText(bytes, typeAt, typeEnd), f);
    isText = f.above === f.named('data-text-lines');
    if (isText && (isCoded || (!isChunked && mayBeXml(f, line)))) f.above = f.named('_ws.undecided');
  }
  if (isChunked) {
    f.state = hasToken ? PHASE.chunk : isText && !isCoded ? PHASE.firstChunkOfText : PHASE.firstChunk;
    f.continues = true;
    return headerLength;
  }
  if (length >= 0) return headerLength + length;
  if (!hasToken) f.header = headerLength;
  return isResponse ? UNTIL_CLOSE : headerLength;
}

/** Does the line have a token that only a tree can tell of? */
function isSignIn(bytes: Uint8Array, at: number, end: number): boolean {
  for (const header of SIGN_IN_HEADERS) {
    if (!isHeader(bytes, at, end, header)) continue;
    let value = at + header.length + 1;
    while (value < end && (bytes[value] === SPACE || bytes[value] === 9)) value++;
    for (const scheme of SIGN_IN_SCHEMES) if (matches(bytes, value, end, scheme)) return true;
  }
  return false;
}

/** Does the text at `at` begin as XML does, as far as it is there? */
function mayBeXml(f: Framing, at: number): boolean {
  return startsWith(f.bytes, Math.min(at, f.end), f.end, XML_START) !== 0;
}

/** Notes a request, so that its response is read rightly; a request may have a body. */
function noteRequest(f: Framing, start: number, lineEnd: number): boolean {
  const kind =
    startsWith(f.bytes, start, f.end, HEAD) === 1
      ? REQUEST.head
      : startsWith(f.bytes, start, f.end, CONNECT) === 1
        ? REQUEST.connect
        : REQUEST.plain;
  if (kind === REQUEST.connect) f.version = SEEN | connectPort(f.bytes, start + CONNECT.length + 1, lineEnd);
  const count = f.shared & ((1 << COUNT_BITS) - 1);
  if (count < MAX_WAITING) f.shared = (f.shared + 1) | (kind << (COUNT_BITS + 2 * count));
  return true;
}

/** The port that a CONNECT asks for; 0: none. */
function connectPort(bytes: Uint8Array, at: number, end: number): number {
  let stop = at;
  while (stop < end && bytes[stop] > SPACE) stop++;
  let colon = stop - 1;
  while (colon > at && bytes[colon] !== COLON) colon--;
  const port = decimal(bytes, colon + 1, stop);
  return port > 0 && port < 65536 ? port : 0;
}

/** What an accepted Upgrade names (RFC 9110 7.8). */
function upgraded(f: Framing, at: number): number {
  let start = at;
  while (start < f.end && (f.bytes[start] === SPACE || f.bytes[start] === 9)) start++;
  if (matches(f.bytes, start, f.end, WEBSOCKET)) return f.named('websocket');
  return matches(f.bytes, start, f.end, H2C) ? f.named('http2') : RECOGNISED;
}

/** Takes the oldest waiting request off; says whether a response to it has a body. */
function responseBody(f: Framing, status: number, upgradeAt: number): boolean {
  if (status >= 100 && status < 200 && status !== 101) return false;
  const count = f.shared & ((1 << COUNT_BITS) - 1);
  let kind: number = REQUEST.plain;
  if (count > 0) {
    const waiting = f.shared >>> COUNT_BITS;
    kind = waiting & 3;
    f.shared = (((waiting >>> 2) << COUNT_BITS) | (count - 1)) >>> 0;
  }
  if (status === 101) {
    f.becomes = upgradeAt < 0 ? RECOGNISED : upgraded(f, upgradeAt);
    f.isInside = true;
  }
  if (status === 101 || status === 204 || status === 304 || kind === REQUEST.head) return false;
  if (kind !== REQUEST.connect || status < 200 || status >= 300) return true;
  f.becomes = f.find('tcp.port', f.version & PORT_BITS) || RECOGNISED;
  f.isInside = true;
  return false;
}

function chunk(f: Framing): number {
  const stop = lineFeed(f.bytes, f.at, f.end);
  if (stop < 0) return f.end - f.at > 256 ? giveUp(f) : MORE;
  let size = 0;
  let at = f.at;
  for (; at < stop; at++) {
    const digit = hexDigit(f.bytes[at]);
    if (digit < 0) break;
    size = size * 16 + digit;
    if (size > 0xffffffff) return giveUp(f);
  }
  if (at === f.at) return giveUp(f);
  f.continues = true;
  if (size === 0) {
    if (f.state !== PHASE.chunk) f.above = NOTHING;
    f.state = PHASE.trailers;
    return stop + 1 - f.at;
  }
  if (f.state === PHASE.firstChunkOfText && mayBeXml(f, stop + 1)) f.above = f.named('_ws.undecided');
  f.state = PHASE.chunk;
  return stop + 1 - f.at + size + 2;
}

function trailers(f: Framing): number {
  let line = f.at;
  for (;;) {
    const stop = lineFeed(f.bytes, line, f.end);
    if (stop < 0) return MORE;
    const isEmpty = stop === line || (stop === line + 1 && f.bytes[line] === CR);
    line = stop + 1;
    if (isEmpty) break;
  }
  f.state = PHASE.start;
  return line - f.at;
}

function giveUp(f: Framing): number {
  f.state = PHASE.start;
  return NOT_MINE;
}

function lineFeed(bytes: Uint8Array, at: number, end: number): number {
  for (let i = at; i < end; i++) if (bytes[i] === LF) return i;
  return -1;
}

function isHeader(bytes: Uint8Array, at: number, end: number, name: Uint8Array): boolean {
  return at + name.length < end && bytes[at + name.length] === COLON && matches(bytes, at, end, name);
}

/** Do the bytes at `at` say this, in capitals or small letters? */
function matches(bytes: Uint8Array, at: number, end: number, name: Uint8Array): boolean {
  if (at + name.length > end) return false;
  for (let i = 0; i < name.length; i++) if ((bytes[at + i] | 0x20) !== (name[i] | 0x20)) return false;
  return true;
}

/** Is the last word of the line this one (small letters)? */
function endsWithWord(bytes: Uint8Array, end: number, word: Uint8Array): boolean {
  let stop = end;
  while (stop > 0 && bytes[stop - 1] <= SPACE) stop--;
  for (let i = 0; i < word.length; i++) if ((bytes[stop - word.length + i] | 0x20) !== word[i]) return false;
  return true;
}

/** Is it a content coding that the tree undoes? Others are shown as data. */
function isKnownCoding(bytes: Uint8Array, at: number, end: number): boolean {
  let start = at;
  while (start < end && bytes[start] <= SPACE) start++;
  for (const coding of KNOWN_CODINGS) if (startsWith(bytes, start, end, coding) === 1) return true;
  return false;
}

/** A number up to 2^53; -1 where there is none. */
function decimal(bytes: Uint8Array, at: number, end: number): number {
  let i = at;
  while (i < end && (bytes[i] === SPACE || bytes[i] === 9)) i++;
  let value = -1;
  for (; i < end && bytes[i] >= 48 && bytes[i] <= 57; i++) {
    value = (value < 0 ? 0 : value * 10) + bytes[i] - 48;
    if (value > Number.MAX_SAFE_INTEGER / 16) return -1;
  }
  return value;
}

function hexDigit(byte: number): number {
  if (byte >= 48 && byte <= 57) return byte - 48;
  const letter = byte | 0x20;
  return letter >= 97 && letter <= 102 ? letter - 87 : -1;
}

/** The status of `HTTP/1.1 200 OK`; 0 where there is none. */
function statusAt(bytes: Uint8Array, at: number, end: number): number {
  let i = at;
  while (i < end && bytes[i] !== SPACE) i++;
  const status = decimal(bytes, i + 1, Math.min(end, i + 5));
  return status < 0 ? 0 : status;
}

/** A media type without its parameters, in small letters. */
function typeText(bytes: Uint8Array, at: number, end: number): string {
  let text = '';
  for (let i = at; i < end && text.length < 128; i++) {
    const byte = bytes[i];
    if (byte === 59 || byte === CR) break; // ';'
    if (byte > SPACE) text += String.fromCharCode(byte >= 65 && byte <= 90 ? byte | 0x20 : byte);
  }
  return text;
}
