/** HEADERS, PUSH_PROMISE and CONTINUATION: padding, priority, and the header fields that the block says (RFC 9113 6.2, 6.6, 6.10). */

import { HTTP_STATUS } from '../../names/http-status.ts';
import type { TreeBuilder } from '../../tree.ts';
import { FLAG, HEADER_KEYS } from './fields.ts';
import type { Block, HeaderField } from './hpack.ts';
import type { Connection, Stream } from './streams.ts';

/** Header fields of one block with rows of their own. */
const MAX_FIELDS = 1000;
/** Wireshark counts the two lengths of each field, four bytes each, into a block's. */
const COUNTED_LENGTHS = 8;
const NO_VALUE = new Uint8Array(0);

/** Adds the pad length; returns where the payload starts and how much padding ends it. */
export function addPadding(
  t: TreeBuilder,
  at: number,
  end: number,
  flags: number,
): { readonly at: number; readonly padding: number } {
  if ((flags & FLAG.padded) === 0) {
    t.generated('pad_length', 0, at, 0);
    return { at, padding: 0 };
  }
  t.add('padding', at);
  const padding = Math.min(t.u8(at), end - at - 1);
  t.generated('pad_length', padding, at, 1);
  return { at: at + 1, padding };
}

export function addPriority(t: TreeBuilder, at: number): number {
  t.add('exclusive', at);
  t.add('stream_dependency', at);
  t.add('headers.weight', at + 4);
  t.generated('headers.weight_real', t.u8(at + 4) + 1, at + 4, 1);
  return at + 5;
}

/** Returns what the row says of the message. */
export function addHeaders(
  t: TreeBuilder,
  from: number,
  end: number,
  flags: number,
  id: number,
  connection: Connection,
): string {
  const padded = addPadding(t, from, end, flags);
  const at = (flags & FLAG.priority) !== 0 ? addPriority(t, padded.at) : padded.at;
  const stop = Math.max(at, end - padded.padding);
  if (stop > at) t.add('headers', at, stop - at);
  const said = addBlock(t, at, stop, flags, connection, connection.stream(id), true);
  if (padded.padding > 0) t.add('headers.padding', stop, end - stop);
  return said;
}

/** The promised stream's request (RFC 9113 6.6); the response comes on that stream. */
export function addPushPromise(
  t: TreeBuilder,
  from: number,
  end: number,
  flags: number,
  connection: Connection,
): string {
  const { at, padding } = addPadding(t, from, end, flags);
  t.add('push_promise.r', at);
  t.add('push_promise.promised_stream_id', at);
  const block = at + 4;
  const stop = Math.max(block, end - padding);
  if (stop > block) t.add('push_promise.header', block, stop - block);
  const promised = t.u32(at) & 0x7fffffff;
  const said = addBlock(t, block, stop, flags, connection, connection.stream(promised), false);
  if (padding > 0) t.add('push_promise.padding', stop, end - stop);
  return said;
}

export function addContinuation(
  t: TreeBuilder,
  from: number,
  end: number,
  flags: number,
  id: number,
  connection: Connection,
): void {
  const { at, padding } = addPadding(t, from, end, flags);
  const stop = Math.max(at, end - padding);
  if (stop > at) t.add('continuation.header', at, stop - at);
  addBlock(t, at, stop, flags, connection, connection.stream(id), true);
  if (padding > 0) t.add('continuation.padding', stop, end - stop);
}

function addBlock(
  t: TreeBuilder,
  at: number,
  end: number,
  flags: number,
  connection: Connection,
  stream: Stream,
  isOwn: boolean,
): string {
  const { direction } = t.packet;
  const { fact } = connection.visits.visit(t, () => {
    const isWhole = (flags & FLAG.endHeaders) !== 0;
    const read = connection.block(direction, t.bytes.slice(at, end), isWhole, MAX_FIELDS);
    learn(stream, read.block, isOwn ? direction : null);
    return { ...read, path: stream.path };
  });
  if (!('block' in fact)) return '';
  const { block, carried } = fact;
  let length = 0;
  for (const field of block.fields) length += field.nameLength + field.valueLength + COUNTED_LENGTHS;
  t.generated('header.length', length, at, end - at);
  t.generated('header.count', block.fields.length + block.updates.length, at, end - at);
  // Offsets in the block count from what an earlier frame left over.
  const base = at - carried;
  for (const field of block.fields) addField(t, Math.max(at, base + field.at), field);
  for (const update of block.updates) {
    t.nest(t.put('header_table_size_update', NO_VALUE, Math.max(at, base + update.at), update.length));
    t.put('header_table_size_update.header_table_size', update.size, Math.max(at, base + update.at), update.length);
    t.close();
  }
  if (block.fields.length === MAX_FIELDS)
    t.expert('warning', `Header fields are listed as far as ${MAX_FIELDS}`, at, end - at, 'header_lines_exceeded');
  if (block.isDamaged) t.expert('error', 'The header block is damaged', at, end - at);
  return addMeaning(t, block);
}

/** What a header block says about its stream. `direction`: null where it is about a request that the server promises. */
function learn(stream: Stream, block: Block, direction: 0 | 1 | null): void {
  const side = direction === null ? null : stream.sides[direction];
  for (const { name, value } of block.fields) {
    if (name === ':path') stream.path = value;
    if (side === null) continue;
    if (name === ':method') side.isRequest = true;
    else if (name === 'content-type') side.type = value;
    else if (name === 'content-encoding') side.encoding = value.trim().toLowerCase();
    else if (name === 'grpc-encoding') side.messageEncoding = value.trim().toLowerCase();
  }
}

function addField(t: TreeBuilder, at: number, field: HeaderField): void {
  const { name, value, length } = field;
  const status = name === ':status' ? HTTP_STATUS[Number(value)] : undefined;
  const node = t.nest(
    t.put('header', NO_VALUE, at, length, `Header: ${name}: ${value}${status === undefined ? '' : ` ${status}`}`),
  );
  if (field.isUnknown) {
    node.text = `Header: index ${field.index}, added before the capture began or in a part that is missing`;
  }
  t.put('header.name.length', field.nameLength, at, length);
  t.put('header.name', name, at, length);
  t.put('header.value.length', field.valueLength, at, length);
  t.put('header.value', value, at, length);
  const key = HEADER_KEYS.get(name);
  if (key !== undefined && !field.isUnknown) {
    const known = knownValue(key, value);
    if (known !== null) t.put(key, known, at, length);
  }
  t.generated('header.unescaped', unescaped(value), at, length);
  t.put('header.repr', field.representation, at, length);
  if (field.index > 0) t.put('header.index', field.index, at, length);
  t.close();
}

function knownValue(key: string, value: string): string | number | bigint | null {
  switch (key) {
    case 'headers.status':
      return /^\d{1,4}$/.test(value) ? Number(value) : null;
    case 'headers.age':
    case 'headers.content_length':
    case 'headers.max_forwards':
      return /^\d{1,19}$/.test(value) ? BigInt(value) : null;
    default:
      return value;
  }
}

/** Percent-encoded characters as they are meant; the text itself where that is no text. */
function unescaped(value: string): string {
  if (!value.includes('%')) return value;
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}

/** Adds the request's URI; returns `, GET /path` or `, 200 OK`, which Info says too. */
function addMeaning(t: TreeBuilder, block: Block): string {
  const value = (name: string): string => block.fields.find((field) => field.name === name)?.value ?? '';
  const method = value(':method');
  const status = value(':status');
  const said =
    method !== ''
      ? `${method} ${value(':path') || value(':authority')}`
      : status !== ''
        ? `${status} ${HTTP_STATUS[Number(status)] ?? 'Unknown'}`
        : '';
  if (method !== '' && value(':scheme') !== '' && value(':path') !== '')
    t.generated('request.full_uri', `${value(':scheme')}://${value(':authority') || value('host')}${value(':path')}`);
  if (said === '') return '';
  t.addInfo(`: ${said}`);
  return `, ${said}`;
}
