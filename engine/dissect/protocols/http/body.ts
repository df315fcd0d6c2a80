/** Bodies of HTTP messages: chunks put together (RFC 9112 7.1), content codings undone (RFC 9110 8.4.1), shown by media type. */

import { decodeUtf8, lineEnd } from '../../../base/text.ts';
import { MAX_UNPACKED, unpackBody } from '../../content-coding.ts';
import { findBody } from '../../media-type.ts';
import type { DispatchTable } from '../../protocol.ts';
import type { TreeBuilder } from '../../tree.ts';

/** Chunks with rows of their own; the body is put together from all of them. */
const MAX_CHUNK_ROWS = 2000;

export interface BodyHeaders {
  readonly type: string;
  readonly encoding: string;
  readonly transfer: string;
}

/** Adds the body in [at, t.end). */
export function addBody(t: TreeBuilder, at: number, headers: BodyHeaders): void {
  if (headers.transfer.split(',').pop()?.trim() !== 'chunked') {
    decoded(t, at, t.end, headers);
    return;
  }
  const body = addChunks(t, at);
  if (body.length > 0) t.within('De-chunked entity body', body, () => decoded(t, 0, body.length, headers));
}

/** Adds the rows of the chunks; returns what they hold. */
function addChunks(t: TreeBuilder, from: number): Uint8Array {
  const pieces: Uint8Array[] = [];
  let length = 0;
  let chunks = 0;
  let at = from;
  t.nest(t.text('HTTP chunked response', from, t.end - from));
  while (at < t.end) {
    const stop = lineEnd(t.bytes, at, t.end);
    const data = Math.min(t.end, afterBreak(t, stop));
    const digits = /^[0-9a-fA-F]+/.exec(decodeUtf8(t.bytes, at, Math.min(stop, at + 16)));
    if (digits === null) break;
    const size = Number.parseInt(digits[0], 16);
    const there = Math.min(size, t.end - data);
    if (size > 0 && ++chunks > MAX_CHUNK_ROWS) {
      pieces.push(t.slice(data, there));
      length += there;
      at = Math.min(t.end, data + there + 2);
      continue;
    }
    t.nest(t.text(size === 0 ? 'End of chunked encoding' : `Data chunk (${size} octets)`, at, data - at + there));
    t.put('chunk_size', size, at, data - at, `Chunk size: ${size} octets`);
    if (there > 0) {
      const piece = t.slice(data, there);
      pieces.push(piece);
      length += there;
      t.put('chunk_data', piece, data, there);
    }
    at = data + there;
    if (size === 0) {
      t.close();
      at = trailers(t, at);
      break;
    }
    const end = Math.min(t.end, at + 2);
    if (end > at) t.add('chunk_boundary', at, end - at);
    t.close();
    at = end;
  }
  if (chunks > MAX_CHUNK_ROWS) t.text(`${chunks - MAX_CHUNK_ROWS} more chunks`, from, 0).generated = true;
  t.close(at);
  const body = new Uint8Array(length);
  let offset = 0;
  for (const piece of pieces) {
    body.set(piece, offset);
    offset += piece.length;
  }
  return body;
}

function trailers(t: TreeBuilder, from: number): number {
  let at = from;
  while (at < t.end) {
    const stop = lineEnd(t.bytes, at, t.end);
    const next = Math.min(t.end, afterBreak(t, stop));
    if (stop === at) {
      t.text(decodeUtf8(t.bytes, at, next), at, next - at);
      return next;
    }
    t.put('chunked_trailer_part', decodeUtf8(t.bytes, at, next), at, next - at);
    at = next;
  }
  return at;
}

/** One past the line break at `stop`. */
export function afterBreak(t: TreeBuilder, stop: number): number {
  if (stop >= t.end) return t.end;
  return t.u8(stop) === 13 ? stop + 2 : stop + 1;
}

/** Undoes the content coding of [at, end), if it has one we know, and shows what is inside. */
function decoded(t: TreeBuilder, at: number, end: number, headers: BodyHeaders): void {
  const coding = headers.encoding === 'identity' ? '' : headers.encoding;
  if (coding === '') {
    show(t, at, end, headers.type);
    return;
  }
  const unpacked = unpackBody(coding, t.slice(at, end - at));
  if (unpacked !== null) {
    const { bytes, ended } = unpacked;
    if (bytes.length === 0 && ended === 'done') return;
    if (bytes.length > 0) {
      t.text(`Content-encoded entity body (${coding}): ${end - at} bytes -> ${bytes.length} bytes`, at, end - at);
      if (ended === 'limit') t.expert('note', `Shown as far as ${MAX_UNPACKED} bytes`, at, end - at);
      if (ended === 'damaged' || ended === 'cut')
        t.expert(
          'warning',
          `The body could not be unpacked to its end: ${ended}`,
          at,
          end - at,
          'decompression_failed',
        );
      t.within('Uncompressed entity body', bytes, () => show(t, 0, bytes.length, headers.type));
      return;
    }
  }
  t.text(`Content-encoded entity body (${coding}): ${end - at} bytes`, at, end - at);
  if (unpacked !== null) t.expert('warning', 'The body could not be unpacked', at, end - at, 'decompression_failed');
  show(t, at, end, '');
}

/** Adds the body as text for filters, and as a layer by its media type. */
function show(t: TreeBuilder, at: number, end: number, contentType: string): void {
  t.put('file_data', decodeUtf8(t.bytes, at, end), at, end - at, `File Data: ${end - at} bytes`);
  const type = (contentType.split(';')[0] ?? '').trim().toLowerCase();
  const finder = { find: (table: DispatchTable, key: string): number => t.find(table, key) };
  t.hint = contentType;
  const below = t.layersSoFar.length;
  t.dissect(findBody(type, finder), at, end);
  t.hint = '';
  const layers = t.layersSoFar.slice(below);
  if (layers.includes(t.find('media.type', 'application/xml'))) t.column('HTTP/XML');
  else if (layers.includes(t.find('media.type', 'application/json'))) t.column('HTTP/JSON');
  else t.column('HTTP');
}
