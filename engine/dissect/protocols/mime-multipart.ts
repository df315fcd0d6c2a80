/** MIME multipart bodies (RFC 2046 5.1): parts between boundaries, each with header lines and a body. */

import { decodeUtf8, lineEnd } from '../../base/text.ts';
import { BODY_PROTOCOLS } from '../media-type.ts';
import { defineProtocol } from '../protocol.ts';
import type { TreeBuilder } from '../tree.ts';

const MAX_PARTS = 1000;
/** Header fields with a field of their own. */
const NAMED: readonly string[] = [
  'content-disposition',
  'content-type',
  'content-id',
  'content-transfer-encoding',
  'content-description',
  'content-encoding',
  'content-language',
  'content-length',
];
const LF = 10;
const CR = 13;
const DASH = 45;

export const mimeMultipart = defineProtocol({
  name: 'mime_multipart',
  title: 'MIME Multipart Media Encapsulation',
  opens: BODY_PROTOCOLS,
  on: {
    'media.type': [
      'multipart/mixed',
      'multipart/form-data',
      'multipart/related',
      'multipart/alternative',
      'multipart/byteranges',
      'multipart/report',
      'multipart/digest',
      'multipart/encrypted',
      'multipart/signed',
    ],
  },
  fields: {
    type: { type: 'string', label: 'Type' },
    part: { type: 'string', label: 'Encapsulated multipart part', many: true },
    'header.content-disposition': { type: 'string', label: 'Content-Disposition', many: true },
    'header.content-type': { type: 'string', label: 'Content-Type', many: true },
    'header.content-id': { type: 'string', label: 'Content-Id', many: true },
    'header.content-transfer-encoding': { type: 'string', label: 'Content-Transfer-Encoding', many: true },
    'header.content-description': { type: 'string', label: 'Content-Description', many: true },
    'header.content-encoding': { type: 'string', label: 'Content-Encoding', many: true },
    'header.content-language': { type: 'string', label: 'Content-Language', many: true },
    'header.content-length': { type: 'string', label: 'Content-Length', many: true },
    preamble: { type: 'bytes', label: 'Preamble' },
    trailer: { type: 'bytes', label: 'Trailer' },
    first_boundary: { type: 'string', label: 'First boundary' },
    boundary: { type: 'string', label: 'Boundary', many: true },
    last_boundary: { type: 'string', label: 'Last boundary' },
  },
  tree(t) {
    const type = (t.hint.split(';')[0] ?? '').trim();
    const found = /boundary=(?:"([^"]{1,200})"|([^\s;]{1,200}))/i.exec(t.hint);
    t.addLabel(`, Type: ${type}`);
    t.put('type', type, t.at, 0);
    const boundary = found?.[1] ?? found?.[2];
    if (boundary === undefined) {
      t.payload(t.at);
      return;
    }
    parts(t, `--${boundary}`);
  },
});

function parts(t: TreeBuilder, mark: string): void {
  const wanted = Uint8Array.from(mark, (c) => c.charCodeAt(0));
  let at = indexOf(t, wanted, t.at);
  if (at > t.at && at < t.end) t.add('preamble', t.at, at - t.at);
  for (let count = 0; at < t.end && count < MAX_PARTS; count++) {
    const after = at + wanted.length;
    const isLast = t.has(after, 2) && t.u8(after) === DASH && t.u8(after + 1) === DASH;
    const stop = lineEnd(t.bytes, after, t.end);
    const bodyAt = Math.min(t.end, stop + (t.has(stop, 1) && t.u8(stop) === CR ? 2 : 1));
    const key = isLast ? 'last_boundary' : count === 0 ? 'first_boundary' : 'boundary';
    t.put(key, isLast ? `${mark}--` : mark, at, bodyAt - at);
    if (isLast) {
      if (bodyAt < t.end) t.add('trailer', bodyAt, t.end - bodyAt);
      return;
    }
    const next = indexOf(t, wanted, bodyAt);
    // The line break before a boundary belongs to the boundary.
    let end = next;
    if (next < t.end && end > bodyAt && t.u8(end - 1) === LF) end--;
    if (next < t.end && end > bodyAt && t.u8(end - 1) === CR) end--;
    part(t, bodyAt, end);
    at = next;
  }
}

/** Where the bytes occur next; the layer's end where they do not. */
function indexOf(t: TreeBuilder, wanted: Uint8Array, from: number): number {
  for (
    let at = t.bytes.indexOf(wanted[0], from);
    at >= 0 && at + wanted.length <= t.end;
    at = t.bytes.indexOf(wanted[0], at + 1)
  ) {
    let same = 1;
    while (same < wanted.length && t.bytes[at + same] === wanted[same]) same++;
    if (same === wanted.length) return at;
  }
  return t.end;
}

/** The empty line behind a part's header lines: where it starts, and where the body does. */
function emptyLine(t: TreeBuilder, at: number, end: number): readonly [number, number] {
  for (let line = at; line < end; ) {
    const stop = lineEnd(t.bytes, line, end);
    const next = Math.min(end, stop + (stop < end && t.u8(stop) === CR ? 2 : 1));
    if (stop === line) return [line, next];
    line = next;
  }
  return [end, end];
}

/** Where a header line ends, with the lines that continue it (RFC 5322 2.2.3). */
function foldedEnd(t: TreeBuilder, at: number, end: number): number {
  let stop = lineEnd(t.bytes, at, end);
  for (;;) {
    const next = Math.min(end, stop + (stop < end && t.u8(stop) === CR ? 2 : 1));
    if (next >= end || next <= stop || (t.u8(next) !== 32 && t.u8(next) !== 9)) return stop;
    stop = lineEnd(t.bytes, next, end);
  }
}

function part(t: TreeBuilder, at: number, end: number): void {
  const [headerEnd, bodyAt] = emptyLine(t, at, end);
  const node = t.nest(t.put('part', '', at, end - at, 'Encapsulated multipart part'));
  let type = '';
  let parameters = '';
  for (let line = at; line < headerEnd; ) {
    const stop = foldedEnd(t, line, headerEnd);
    const header = decodeUtf8(t.bytes, line, stop).replace(/\r?\n[ \t]*/g, '');
    const colon = header.indexOf(':');
    const name = header.slice(0, Math.max(0, colon)).trim().toLowerCase();
    const value = header.slice(colon + 1).trim();
    if (NAMED.includes(name)) t.put(`header.${name}`, value, line, stop - line, header);
    else t.text(header, line, stop - line);
    if (name === 'content-type') {
      parameters = value;
      type = (value.split(';')[0] ?? '').trim().toLowerCase();
    }
    line = stop + (t.u8(Math.min(stop, t.end - 1)) === 13 ? 2 : 1);
  }
  if (type !== '') node.text = `Encapsulated multipart part: (${type})`;
  t.close();
  if (bodyAt >= end) return;
  const hint = t.hint;
  t.hint = type.startsWith('multipart/') ? parameters : type;
  const family =
    type === '' ? 0 : t.find('media.type', type) || (type.startsWith('text/') ? t.find('media.type', 'text/*') : 0);
  const column = t.columnSoFar;
  t.dissect(family === 0 ? 'data' : family, bodyAt, end);
  if (!t.columnSoFar.startsWith(column)) t.column(column);
  t.hint = hint;
}
