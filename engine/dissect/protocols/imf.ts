/** Mail messages (RFC 5322): header fields, the addresses in them, then a body by its media type (RFC 2045). */

import { decodeUtf8, lineEnd } from '../../base/text.ts';
import { BODY_PROTOCOLS, findBody } from '../media-type.ts';
import { defineProtocol, type FieldSpec } from '../protocol.ts';
import type { TreeBuilder } from '../tree.ts';

const CR = 13;
const SPACE = 32;
const TAB = 9;

/** Header fields by their name in small letters: key of the field, label. */
const HEADERS: Readonly<Record<string, readonly [string, string]>> = {
  date: ['date', 'Date'],
  from: ['from', 'From'],
  sender: ['sender', 'Sender'],
  'reply-to': ['reply_to', 'Reply-To'],
  to: ['to', 'To'],
  cc: ['cc', 'Cc'],
  bcc: ['bcc', 'Bcc'],
  'message-id': ['message_id', 'Message-ID'],
  'in-reply-to': ['in_reply_to', 'In-Reply-To'],
  references: ['references', 'References'],
  subject: ['subject', 'Subject'],
  comments: ['comments', 'Comments'],
  'user-agent': ['user_agent', 'User-Agent'],
  keywords: ['keywords', 'Keywords'],
  'resent-date': ['resent.date', 'Resent-Date'],
  'resent-from': ['resent.from', 'Resent-From'],
  'resent-sender': ['resent.sender', 'Resent-Sender'],
  'resent-to': ['resent.to', 'Resent-To'],
  'resent-cc': ['resent.cc', 'Resent-Cc'],
  'resent-bcc': ['resent.bcc', 'Resent-Bcc'],
  'resent-message-id': ['resent.message_id', 'Resent-Message-ID'],
  'return-path': ['return_path', 'Return-Path'],
  received: ['received', 'Received'],
  'content-type': ['content.type', 'Content-Type'],
  'content-description': ['content.description', 'Content-Description'],
  'content-id': ['content.id', 'Content-ID'],
  'content-transfer-encoding': ['content.transfer_encoding', 'Content-Transfer-Encoding'],
  'mime-version': ['mime_version', 'MIME-Version'],
  autoforwarded: ['autoforwarded', 'Autoforwarded'],
  autosubmitted: ['autosubmitted', 'Autosubmitted'],
  'content-language': ['content_language', 'Content-Language'],
  conversion: ['conversion', 'Conversion'],
  'delivery-date': ['delivery_date', 'Delivery-Date'],
  'deferred-delivery': ['deferred_delivery', 'Deferred-Delivery'],
  expires: ['expires', 'Expires'],
  importance: ['importance', 'Importance'],
  'message-type': ['message_type', 'Message-Type'],
  priority: ['priority', 'Priority'],
  'reply-by': ['reply_by', 'Reply-By'],
  sensitivity: ['sensitivity', 'Sensitivity'],
  supersedes: ['supersedes', 'Supersedes'],
  'delivered-to': ['delivered_to', 'Delivered-To'],
  'x-mailer': ['ext.mailer', 'X-Mailer'],
  'x-mimeole': ['ext.mimeole', 'X-MimeOLE'],
  'expiry-date': ['ext.expiry-date', 'Expiry-Date'],
  'x-ms-tnef-correlator': ['ext.tnef-correlator', 'X-MS-TNEF-Correlator'],
  'x-uidl': ['ext.uidl', 'X-UIDL'],
  'x-authentication-warning': ['ext.authentication_warning', 'X-Authentication-Warning'],
  'x-virus-scanned': ['ext.virus_scanned', 'X-Virus-Scanned'],
  'x-original-to': ['ext.original-to', 'X-Original-To'],
  'thread-index': ['thread-index', 'Thread-Index'],
  lines: ['lines', 'Lines'],
  precedence: ['precedence', 'Precedence'],
};
/** Fields that hold mailboxes, and those that hold addresses (RFC 5322 3.4). */
const MAILBOXES: readonly string[] = ['from', 'sender', 'resent.from', 'resent.sender'];
const ADDRESSES: readonly string[] = ['reply_to', 'to', 'cc', 'bcc', 'resent.to', 'resent.cc', 'resent.bcc'];

const headerFields: Record<string, FieldSpec> = {};
for (const [key, label] of Object.values(HEADERS)) headerFields[key] = { type: 'string', label, many: true };

export const imf = defineProtocol({
  name: 'imf',
  title: 'Internet Message Format',
  short: '',
  on: { 'media.type': ['message/rfc822', 'message/global'] },
  opens: BODY_PROTOCOLS,
  fields: {
    ...headerFields,
    'content.type.type': { type: 'string', label: 'Type', many: true },
    'content.type.parameters': { type: 'string', label: 'Parameters', many: true },
    extension: { type: 'string', label: 'Unknown-Extension', many: true },
    'extension.type': { type: 'string', label: 'Type', many: true },
    'extension.value': { type: 'string', label: 'Value', many: true },
    display_name: { type: 'string', label: 'Display-Name', many: true },
    address: { type: 'string', label: 'Address', many: true },
    'address_list.item': { type: 'string', label: 'Item', many: true },
    'mailbox_list.item': { type: 'string', label: 'Item', many: true },
    message_text: { type: 'none', label: 'Message-Text' },
  },
  tree(t) {
    const column = `${t.columnSoFar}/IMF`;
    t.info('');
    let type = '';
    let at = t.at;
    while (at < t.end) {
      const { stop, next } = foldedLine(t, at);
      if (stop === at) {
        at = next;
        break;
      }
      const found = header(t, at, stop, next);
      if (found === null) break; // no header field: the text begins without an empty line
      if (found !== '') type = found;
      at = next;
    }
    t.fence();
    t.column(column);
    body(t, type, at);
    if (!t.columnSoFar.startsWith(column)) t.column(column);
  },
});

/** A header field with the lines that continue it (RFC 5322 2.2.3). */
function foldedLine(t: TreeBuilder, at: number): { readonly stop: number; readonly next: number } {
  let stop = lineEnd(t.bytes, at, t.end);
  let next = afterBreak(t, stop);
  while (stop > at && next < t.end && next > stop && isBlank(t.u8(next))) {
    const more = lineEnd(t.bytes, next, t.end);
    stop = more;
    next = afterBreak(t, more);
  }
  return { stop, next };
}

function isBlank(byte: number): boolean {
  return byte === SPACE || byte === TAB;
}

function afterBreak(t: TreeBuilder, stop: number): number {
  return stop === t.end ? stop : stop + (t.u8(stop) === CR ? 2 : 1);
}

/** Adds a header field. Returns the value of Content-Type, '' of others; null: it is none. */
function header(t: TreeBuilder, at: number, stop: number, next: number): string | null {
  const line = decodeUtf8(t.bytes, at, stop);
  const colon = t.bytes.subarray(at, stop).indexOf(0x3a);
  if (colon <= 0) return null;
  const name = decodeUtf8(t.bytes, at, at + colon);
  let from = at + colon + 1;
  while (from < stop && isBlank(t.u8(from))) from++;
  const value = decodeUtf8(t.bytes, from, stop);
  const known = HEADERS[name.trim().toLowerCase()];
  if (known === undefined) {
    t.nest(t.put('extension', line, at, stop - at));
    t.put('extension.type', name, at, colon);
    t.put('extension.value', value, from, stop - from);
    t.close();
    return '';
  }
  const [key] = known;
  const node = t.nest(t.put(key, value, from, stop - from));
  if (MAILBOXES.includes(key) || ADDRESSES.includes(key)) {
    const list = MAILBOXES.includes(key) ? 'mailbox_list.item' : 'address_list.item';
    const count = addresses(t, list, from, stop, next);
    node.text = `${known[1]}: ${value}, ${count} item${count === 1 ? '' : 's'}`;
  }
  if (key === 'content.type') contentType(t, from, stop);
  t.close();
  if (key === 'from' || key === 'subject') t.addInfo(`${key}: ${unfolded(value)}, `);
  return key === 'content.type' ? unfolded(value) : '';
}

function unfolded(value: string): string {
  return value.replace(/[\r\n]+[ \t]*/g, ' ').trim();
}

function contentType(t: TreeBuilder, at: number, stop: number): void {
  const semicolon = t.bytes.subarray(at, stop).indexOf(0x3b);
  const end = semicolon < 0 ? stop : at + semicolon;
  t.put('content.type.type', decodeUtf8(t.bytes, at, end).trim(), at, end - at);
  if (semicolon >= 0) t.add('content.type.parameters', end + 1, stop - end - 1);
}

/** Where the addresses of a list end: at commas outside of quotes, comments and angle brackets. */
function addressEnds(t: TreeBuilder, at: number, stop: number): number[] {
  const ends: number[] = [];
  let isQuoted = false;
  let depth = 0;
  for (let i = at; i < stop; i++) {
    const byte = t.u8(i);
    if (byte === 0x5c) i++;
    else if (byte === 0x22) isQuoted = !isQuoted;
    else if (isQuoted) continue;
    else if (byte === 0x28 || byte === 0x3c) depth++;
    else if (byte === 0x29 || byte === 0x3e) depth = Math.max(0, depth - 1);
    else if (byte === 0x2c && depth === 0) ends.push(i);
  }
  ends.push(stop);
  return ends;
}

/** The last item keeps its line break. Returns how many there are. */
function addresses(t: TreeBuilder, key: string, from: number, stop: number, next: number): number {
  let at = from;
  let count = 0;
  for (const end of addressEnds(t, from, stop)) {
    while (at < end && (isBlank(t.u8(at)) || t.u8(at) === CR || t.u8(at) === 10)) at++;
    if (end > at) {
      count++;
      const reach = end === stop ? next : end;
      t.nest(t.put(key, decodeUtf8(t.bytes, at, reach), at, reach - at));
      oneAddress(t, at, end);
      t.close();
    }
    at = end + 1;
  }
  return count;
}

function oneAddress(t: TreeBuilder, at: number, end: number): void {
  const open = t.bytes.subarray(at, end).lastIndexOf(0x3c);
  if (open < 0) {
    t.put('address', decodeUtf8(t.bytes, at, end).trim(), at, end - at);
    return;
  }
  if (open > 0) t.put('display_name', decodeUtf8(t.bytes, at, at + open).trim(), at, open);
  const close = t.bytes.subarray(at + open, end).indexOf(0x3e);
  const stop = close < 0 ? end : at + open + close;
  t.add('address', at + open + 1, stop - at - open - 1);
}

function body(t: TreeBuilder, type: string, at: number): void {
  t.headerEnd(at);
  if (at >= t.end) return;
  if (type === '') {
    t.nest(t.put('message_text', t.slice(at, t.end - at), at, t.end - at));
    for (let line = at; line < t.end; ) {
      const next = afterBreak(t, lineEnd(t.bytes, line, t.end));
      const text = decodeUtf8(t.bytes, line, next);
      t.text(text, line, next - line);
      t.addInfo(`${t.infoSoFar === '' ? '' : ', '}${text.replace(/\s/g, ' ')}`);
      line = next;
    }
    t.close();
    return;
  }
  const { hint } = t;
  t.hint = type;
  t.dissect(findBody((type.split(';')[0] ?? '').trim().toLowerCase(), t), at);
  t.hint = hint;
}
