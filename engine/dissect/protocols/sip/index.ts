/** SIP (RFC 3261): requests and responses in lines; a session description in the body. */

import { decodeUtf8, lineEnd, startsWithAny } from '../../../base/text.ts';
import { announceSip } from '../../announcing/sdp.ts';
import { defineProtocol, type Framing, MORE, NOT_MINE } from '../../protocol.ts';
import type { TreeBuilder } from '../../tree.ts';
import { headerParts, partFields, uriParts } from './header-parts.ts';

const METHODS: readonly string[] = [
  'INVITE',
  'ACK',
  'BYE',
  'CANCEL',
  'OPTIONS',
  'REGISTER',
  'PRACK',
  'SUBSCRIBE',
  'NOTIFY',
  'PUBLISH',
  'INFO',
  'REFER',
  'MESSAGE',
  'UPDATE',
  'DO',
  'JOIN',
  'SERVICE',
  'BENOTIFY',
];
const VERSION = 'SIP/2.0';
const MAX_LINE = 4096;
const MAX_HEADERS = 512;
/** Names of headers to fields, in lower case; the compact forms are those of RFC 3261 7.3.3. */
const HEADERS: Readonly<Record<string, string>> = {
  via: 'Via',
  v: 'Via',
  from: 'From',
  f: 'From',
  to: 'To',
  t: 'To',
  'call-id': 'Call-ID',
  i: 'Call-ID',
  cseq: 'CSeq',
  contact: 'Contact',
  m: 'Contact',
  'max-forwards': 'Max-Forwards',
  subject: 'Subject',
  s: 'Subject',
  'content-type': 'Content-Type',
  c: 'Content-Type',
  'content-length': 'Content-Length',
  l: 'Content-Length',
  'user-agent': 'User-Agent',
  server: 'Server',
  expires: 'Expires',
  route: 'Route',
  'record-route': 'Record-Route',
  allow: 'Allow',
  supported: 'Supported',
  k: 'Supported',
  event: 'Event',
  o: 'Event',
  authorization: 'Authorization',
  'www-authenticate': 'WWW-Authenticate',
  'proxy-authenticate': 'Proxy-Authenticate',
  'proxy-authorization': 'Proxy-Authorization',
  'p-asserted-identity': 'P-Asserted-Identity',
  'p-preferred-identity': 'P-Preferred-Identity',
  reason: 'Reason',
  accept: 'Accept',
  date: 'Date',
  require: 'Require',
};

interface Memory {
  /** Call-ID, CSeq and status to the frame that had them first. */
  readonly sent: Map<string, { readonly frame: number; readonly time: bigint | null }>;
}
/** Messages remembered per conversation; the oldest are forgotten. */
const MAX_SENT = 10_000;

/** Of methods, and of the version that a response starts with. */
const FIRST_LETTERS = [...new Set([VERSION, ...METHODS].map((word) => word[0]))].join('');

/** The first line, if it is one of SIP's. */
function firstLine(bytes: Uint8Array, at: number, end: number): string | null {
  if (!startsWithAny(bytes, at, FIRST_LETTERS)) return null;
  const stop = Math.min(end, at + MAX_LINE);
  const line = decodeUtf8(bytes, at, lineEnd(bytes, at, stop));
  if (line.startsWith(`${VERSION} `)) return /^SIP\/2\.0 \d{3}/.test(line) ? line : null;
  const space = line.indexOf(' ');
  return space > 0 && METHODS.includes(line.slice(0, space)) && line.endsWith(` ${VERSION}`) ? line : null;
}

export const sip = defineProtocol({
  name: 'sip',
  title: 'Session Initiation Protocol',
  on: { 'udp.port': [5060], 'tcp.port': [5060] },
  opens: ['sdp', 'xml', 'json', 'media'],
  fields: {
    'Request-Line': { type: 'string', label: 'Request-Line' },
    Method: { type: 'string', label: 'Method' },
    'r-uri': { type: 'string', label: 'Request-URI' },
    'Status-Line': { type: 'string', label: 'Status-Line' },
    'Status-Code': { type: 'u32', label: 'Status-Code' },
    msg_hdr: { type: 'string', label: 'Message Header' },
    Via: { type: 'string', label: 'Via', many: true },
    From: { type: 'string', label: 'From' },
    To: { type: 'string', label: 'To' },
    'Call-ID': { type: 'string', label: 'Call-ID' },
    CSeq: { type: 'string', label: 'CSeq' },
    'CSeq.seq': { type: 'u32', label: 'Sequence Number' },
    'CSeq.method': { type: 'string', label: 'Method' },
    Contact: { type: 'string', label: 'Contact', many: true },
    'Max-Forwards': { type: 'u32', label: 'Max-Forwards' },
    Subject: { type: 'string', label: 'Subject' },
    'Content-Type': { type: 'string', label: 'Content-Type' },
    'Content-Length': { type: 'u32', label: 'Content-Length' },
    'User-Agent': { type: 'string', label: 'User-Agent' },
    Server: { type: 'string', label: 'Server' },
    Expires: { type: 'u32', label: 'Expires' },
    Route: { type: 'string', label: 'Route', many: true },
    'Record-Route': { type: 'string', label: 'Record-Route', many: true },
    Allow: { type: 'string', label: 'Allow', many: true },
    Supported: { type: 'string', label: 'Supported', many: true },
    Event: { type: 'string', label: 'Event' },
    Authorization: { type: 'string', label: 'Authorization' },
    'WWW-Authenticate': { type: 'string', label: 'WWW-Authenticate' },
    'Proxy-Authenticate': { type: 'string', label: 'Proxy-Authenticate' },
    Reason: { type: 'string', label: 'Reason' },
    Accept: { type: 'string', label: 'Accept', many: true },
    Date: { type: 'string', label: 'Date' },
    Require: { type: 'string', label: 'Require' },
    'Proxy-Authorization': { type: 'string', label: 'Proxy-Authorization' },
    'P-Asserted-Identity': { type: 'string', label: 'P-Asserted-Identity', many: true },
    'P-Preferred-Identity': { type: 'string', label: 'P-Preferred-Identity', many: true },
    'response-request': { type: 'frame', label: 'Request Frame' },
    'response-time': { type: 'u32', label: 'Response Time (ms)' },
    resend: { type: 'bool', label: 'Resent Packet', flag: ['True', 'False'] },
    'resend-original': { type: 'frame', label: 'Suspected resend of frame' },
    ...partFields,
    msg_body: { type: 'none', label: 'Message Body' },
    continuation: { type: 'bytes', label: 'Continuation data' },
  },
  remembers: true,
  announces: announceSip,
  recognise: (bytes, at, end) => firstLine(bytes, at, end) !== null,
  frame(f: Framing): number {
    const { bytes, at, end } = f;
    const line = lineEnd(bytes, at, end);
    if (line === end && end - at < MAX_LINE)
      return bytes[at] >= 0x41 && bytes[at] <= 0x5a ? MORE : bytes[at] === 13 || bytes[at] === 10 ? 1 : NOT_MINE;
    if (firstLine(bytes, at, end) === null) return bytes[at] === 13 || bytes[at] === 10 ? 1 : NOT_MINE;
    let next = at;
    let length = 0;
    for (let i = 0; i < MAX_HEADERS; i++) {
      const stop = lineEnd(bytes, next, end);
      if (stop >= end) return MORE;
      const text = decodeUtf8(bytes, next, stop);
      const after = bytes[stop] === 13 ? stop + 2 : stop + 1;
      if (text === '') return after - at + length;
      const found = /^(?:content-length|l)\s*:\s*(\d{1,7})\s*$/i.exec(text);
      if (found !== null) length = Number(found[1]);
      next = after;
    }
    return NOT_MINE;
  },
  tree(t) {
    const line = firstLine(t.bytes, t.at, t.end);
    if (line === null) {
      t.info('Continuation');
      t.add('continuation', t.at, t.end - t.at);
      return;
    }
    message(t, line);
  },
});

function message(t: TreeBuilder, line: string): void {
  const { bytes } = t;
  const lineStop = lineEnd(bytes, t.at, t.end);
  const isResponse = line.startsWith(VERSION);
  const length = lineStop - t.at;
  const node = t.put(isResponse ? 'Status-Line' : 'Request-Line', line, t.at, length);
  t.nest(node);
  let uri = '';
  let text: string;
  if (isResponse) {
    t.put('Status-Code', Number(line.slice(8, 11)), t.at + 8, 3);
    text = `Status: ${line.slice(8)}`;
  } else {
    const space = line.indexOf(' ');
    const method = line.slice(0, space);
    uri = line.slice(space + 1, line.length - VERSION.length - 1);
    t.put('Method', method, t.at, space);
    t.put('r-uri', uri, t.at + space + 1, uri.length);
    uriParts(t, 'r-uri', uri, t.at + space + 1, uri.length);
    text = `Request: ${method} ${uri}`;
  }
  t.close();
  let at = next(bytes, lineStop, t.end);
  const headersAt = at;
  let contentType = '';
  let method = '';
  let callId = '';
  let sequence = '';
  let hasMessage = false;
  let contacts = 0;
  t.nest(t.put('msg_hdr', '', headersAt, 0, 'Message Header'));
  for (let i = 0; i < MAX_HEADERS && at < t.end; i++) {
    let stop = lineEnd(bytes, at, t.end);
    let after = next(bytes, stop, t.end);
    if (stop === at) {
      at = after;
      hasMessage = true;
      break;
    }
    while (after < t.end && (bytes[after] === 0x20 || bytes[after] === 9)) {
      stop = lineEnd(bytes, after, t.end);
      after = next(bytes, stop, t.end);
    }
    const header = decodeUtf8(bytes, at, stop);
    const colon = header.indexOf(':');
    const name = (colon < 0 ? header : header.slice(0, colon)).trim().toLowerCase();
    const value = colon < 0 ? '' : header.slice(colon + 1).trim();
    const key = HEADERS[name];
    if (key === undefined) t.text(header, at, stop - at);
    else if (key === 'Content-Length') t.put(key, Number.parseInt(value, 10) >>> 0, at, stop - at, header);
    else if (key === 'Max-Forwards' || key === 'Expires')
      t.put(key, Number.parseInt(value, 10) >>> 0, at, stop - at, header);
    else {
      t.put(key, value, at, stop - at, header);
      headerParts(t, key, value, header, at, stop - at);
    }
    if (key === 'Call-ID') callId = value;
    if (key === 'CSeq') {
      const found = /^(\d+)\s+(\S+)/.exec(value);
      if (found !== null) {
        t.nest(t.last());
        t.put('CSeq.seq', Number(found[1]) >>> 0, at, stop - at);
        t.put('CSeq.method', found[2], at, stop - at);
        t.close();
        method = found[2];
        sequence = value;
      }
    } else if (key === 'Content-Type') contentType = value.split(';')[0].trim().toLowerCase();
    else if (key === 'Contact') contacts++;
    at = after;
  }
  t.close(at);
  if (callId !== '' && sequence !== '') transaction(t, `${callId} ${sequence}`, isResponse, line);
  const isSuccess = isResponse && line[8] === '2';
  const bindings =
    method === 'REGISTER' && contacts > 0 && (!isResponse || isSuccess)
      ? `  (${contacts} binding${contacts === 1 ? '' : 's'})`
      : '';
  t.info(`${text}${isSuccess && method !== '' ? ` (${method})` : ''}${bindings} | `);
  if (!hasMessage || at >= t.end) return;
  const kept = t.infoSoFar;
  t.add('msg_body', at, t.end - at);
  t.nest(t.last());
  if (contentType === 'application/sdp') {
    t.dissect('sdp', at);
    t.column('SIP/SDP');
  } else if (contentType !== '') {
    const found = t.find('media.type', contentType);
    if (found !== 0) {
      t.dissect(found, at);
      t.column(contentType.endsWith('xml') ? 'SIP/XML' : 'SIP');
    }
  }
  t.close();
  t.info(kept);
}

/** Which request a response answers, and whether a message was sent before (RFC 3261 17: by Call-ID and CSeq). */
function transaction(t: TreeBuilder, key: string, isResponse: boolean, line: string): void {
  const { sent } = t.conversation((): Memory => ({ sent: new Map() }));
  const { number: frame, time } = t.packet;
  const own = `${key} ${isResponse ? line.slice(8, 11) : ''}`;
  const before = sent.get(own);
  if (before === undefined) {
    sent.set(own, { frame, time });
    if (sent.size > MAX_SENT) for (const oldest of sent.keys()) if (sent.delete(oldest)) break;
  } else if (before.frame < frame) {
    t.put('resend', 1, t.at, 0).generated = true;
    t.generated('resend-original', before.frame);
  }
  const request = isResponse ? sent.get(`${key} `) : undefined;
  if (request === undefined || request.frame >= frame) return;
  t.generated('response-request', request.frame);
  if (time !== null && request.time !== null)
    t.generated('response-time', Number(BigInt.asUintN(32, (time - request.time) / 1_000_000n)));
}

function next(bytes: Uint8Array, stop: number, end: number): number {
  if (stop >= end) return end;
  return bytes[stop] === 13 ? Math.min(end, stop + 2) : stop + 1;
}
