/** DATA frames (RFC 9113 6.1): bodies put together by stream, unpacked, and shown by their media type; gRPC as it comes. */

import { MAX_UNPACKED, unpackBody } from '../../content-coding.ts';
import { findBody } from '../../media-type.ts';
import type { TreeBuilder } from '../../tree.ts';
import { FLAG } from './fields.ts';
import { addPadding } from './header-blocks.ts';
import { type Body, type Connection, isGrpc } from './streams.ts';

/** Returns what the frame's row says beside its length. */
export function addData(
  t: TreeBuilder,
  from: number,
  end: number,
  flags: number,
  id: number,
  connection: Connection,
): string {
  const { at, padding } = addPadding(t, from, end, flags);
  const stop = Math.max(at, end - padding);
  const { fact } = connection.visits.visit(t, () => ({
    body: connection.data(
      id,
      t.packet.direction,
      t.packet.number,
      t.bytes.slice(at, stop),
      (flags & FLAG.endStream) !== 0,
    ),
  }));
  if (!('body' in fact)) return '';
  const { body } = fact;
  if (isGrpc(body.type) && body.encoding === '') {
    t.put('data.data', t.slice(at, stop - at), at, stop - at, `DATA payload (${stop - at} bytes)`);
    if (body.isTooLarge) t.expert('note', 'The message is too large to be put together', at, stop - at);
  } else if (body.isPartial) {
    t.add('data.data', at, stop - at);
    if (body.isTooLarge) t.expert('note', 'The body is too large to be put together', at, stop - at);
  }
  if (body.parts !== null && body.bytes !== null) addParts(t, at, body, body.bytes);
  if (padding > 0) t.add('data.padding', stop, padding);
  if (body.isPartial) return ' (partial entity body)';
  const whole = body.bytes;
  if (whole === null) show(t, at, stop, body);
  else t.within('Reassembled body', whole, () => show(t, 0, whole.length, body));
  return '';
}

function addParts(t: TreeBuilder, at: number, body: Body, whole: Uint8Array): void {
  const parts = (body.parts ?? []).filter(({ length }) => length > 0);
  const node = t.generated('body.fragments', new Uint8Array(0), at, 0);
  node.text = `${parts.length} Body fragments (${whole.length} bytes)`;
  t.nest(node);
  for (const part of parts) t.generated('body.fragment', part.frame, at, 0);
  t.generated('body.fragment.count', parts.length, at, 0);
  t.generated('body.reassembled.length', whole.length, at, 0);
  t.generated('body.reassembled.data', whole, at, 0);
  t.close();
}

function show(t: TreeBuilder, at: number, end: number, body: Body): void {
  if (isGrpc(body.type) && body.encoding === '') {
    if (end > at) messages(t, at, end, body);
    return;
  }
  if (body.encoding === '' || body.encoding === 'identity' || end === at) {
    t.add('data.data', at, end - at);
    dissectBody(t, at, end, body);
    return;
  }
  const unpacked = unpackBody(body.encoding, t.slice(at, end - at));
  const sizes = unpacked === null || unpacked.bytes.length === 0 ? '' : ` -> ${unpacked.bytes.length} bytes`;
  t.nest(t.text(`Content-encoded entity body (${body.encoding}): ${end - at} bytes${sizes}`, at, end - at));
  if (unpacked === null || unpacked.bytes.length === 0) {
    t.add('data.data', at, end - at);
    if (unpacked !== null && unpacked.ended !== 'done')
      t.expert('warning', 'The body could not be unpacked', at, end - at, 'body_decompression_failed');
    t.close();
    return;
  }
  if (unpacked.ended === 'limit') t.expert('note', `Shown as far as ${MAX_UNPACKED} bytes`, at, end - at);
  else if (unpacked.ended !== 'done')
    t.expert('warning', 'The body could not be unpacked to its end', at, end - at, 'body_decompression_failed');
  t.within('Uncompressed entity body', unpacked.bytes, () => {
    t.put('data.data', unpacked.bytes, 0, unpacked.bytes.length);
    t.close();
    dissectBody(t, 0, unpacked.bytes.length, body);
  });
}

/** The body in a layer of its own, where its media type names one. */
function dissectBody(t: TreeBuilder, at: number, end: number, body: Body): void {
  const type = (body.type.split(';')[0] ?? '').trim().toLowerCase();
  if (end === at || type === '') return;
  const protocol = findBody(type, { find: (table, key) => t.find(table, key) });
  if (protocol === t.find('name', 'data') || protocol === t.find('media.type', '*/*')) return;
  t.hint = body.type;
  t.dissect(protocol, at, end);
  t.hint = '';
  const { name } = t.protocol;
  const short = name.toUpperCase();
  if (protocol === t.find('media.type', 'application/json')) t.column(`${short}/JSON`);
  else if (protocol === t.find('media.type', 'application/xml')) t.column(`${short}/XML`);
  else t.column(short);
}

/** gRPC hints: path, request or response, media type, message coding; one to a line. */
function messages(t: TreeBuilder, at: number, end: number, body: Body): void {
  t.hint = [body.path, body.isRequest ? 'Request' : 'Response', body.type, body.messageEncoding].join('\n');
  t.dissect('grpc', at, end);
  t.hint = '';
}
