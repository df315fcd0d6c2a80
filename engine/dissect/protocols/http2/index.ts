/**
 * HTTP/2 (RFC 9113): frames, header blocks by HPACK (RFC 7541), bodies by stream, shown by their media type. With the preface on
 * any port, after an Upgrade to h2c, and in TLS.
 */

import { BODY_PROTOCOLS } from '../../media-type.ts';
import { defineProtocol } from '../../protocol.ts';
import type { TreeBuilder } from '../../tree.ts';
import { addData } from './data.ts';
import { FIELDS, FLAG, SETTING_KEYS, TYPE, TYPES } from './fields.ts';
import { FRAME_HEADER, frame, isPlausible, MAGIC, recognise, startsWithPreface } from './framing.ts';
import { addContinuation, addHeaders, addPriority, addPushPromise } from './header-blocks.ts';
import { Connection } from './streams.ts';

/** Bits of the flags byte that a frame type has no use for, and how far they are shifted. */
const UNUSED: Readonly<Record<number, readonly [key: string, mask: number, shift: number]>> = {
  [TYPE.data]: ['flags.unused_data', 0xf6, 1],
  [TYPE.headers]: ['flags.unused_headers', 0xd2, 1],
  [TYPE.settings]: ['flags.unused_settings', 0xfe, 1],
  [TYPE.pushPromise]: ['flags.unused_push_promise', 0xf3, 0],
  [TYPE.ping]: ['flags.unused_ping', 0xfe, 1],
  [TYPE.continuation]: ['flags.unused_continuation', 0xfb, 0],
};
/** Flags of each type, in the order of their bits from the top: bit, field, name. */
const FLAGS: Readonly<Record<number, readonly (readonly [bit: number, key: string, name: string])[]>> = {
  [TYPE.data]: [
    [FLAG.padded, 'flags.padded', 'Padded'],
    [FLAG.endStream, 'flags.end_stream', 'End Stream'],
  ],
  [TYPE.headers]: [
    [FLAG.priority, 'flags.priority', 'Priority'],
    [FLAG.padded, 'flags.padded', 'Padded'],
    [FLAG.endHeaders, 'flags.eh', 'End Headers'],
    [FLAG.endStream, 'flags.end_stream', 'End Stream'],
  ],
  [TYPE.pushPromise]: [
    [FLAG.padded, 'flags.padded', 'Padded'],
    [FLAG.endHeaders, 'flags.eh', 'End Headers'],
  ],
  [TYPE.continuation]: [
    [FLAG.padded, 'flags.padded', 'Padded'],
    [FLAG.endHeaders, 'flags.eh', 'End Headers'],
  ],
  [TYPE.settings]: [[FLAG.ack, 'flags.ack.settings', 'ACK']],
  [TYPE.ping]: [[FLAG.ack, 'flags.ack.ping', 'ACK']],
};
const SETTING = 6;
const NO_VALUE = new Uint8Array(0);

export const http2 = defineProtocol({
  name: 'http2',
  title: 'HyperText Transfer Protocol 2',
  fields: FIELDS,
  remembers: true,
  inOrder: true,
  opens: [...BODY_PROTOCOLS, 'grpc'],
  recogniseOn: ['tcp'],
  recognise,
  frame,
  tree(t) {
    const connection = t.conversation(() => new Connection());
    for (let at = t.at; at < t.end; ) {
      at = startsWithPreface(t.bytes, at, t.end) === 1 ? magic(t, at) : oneFrame(t, at, connection);
      if (at < t.end) t.fence();
    }
  },
});

/** Adds to what earlier frames of this packet said. */
function say(t: TreeBuilder, text: string): void {
  t.info(`${t.fencedInfo === '' ? '' : ', '}${text}`);
}

function magic(t: TreeBuilder, at: number): number {
  t.nest(t.put('stream', NO_VALUE, at, MAGIC.length, 'Stream: Magic'));
  t.put('magic', MAGIC, at, MAGIC.length);
  t.close();
  say(t, 'Magic');
  return at + MAGIC.length;
}

function oneFrame(t: TreeBuilder, at: number, connection: Connection): number {
  t.need(at, FRAME_HEADER);
  const isWhole = at + FRAME_HEADER + t.u24(at) <= t.wireEnd;
  if (!isPlausible(t.bytes, at, isWhole)) {
    say(t, 'Continuation');
    t.text('Not the start of a frame', at, t.end - at);
    return t.end;
  }
  const length = t.u24(at);
  const type = t.u8(at + 3);
  const flags = t.u8(at + 4);
  const stream = t.u32(at + 5) & 0x7fffffff;
  const body = at + FRAME_HEADER;
  const name = TYPES[type] ?? 'UNKNOWN';
  say(t, `${name}[${stream}]`);
  const title = `Stream: ${name}, Stream ID: ${stream}, Length ${length}`;
  const node = t.nest(t.put('stream', NO_VALUE, at, FRAME_HEADER + length, title));
  t.add('length', at);
  t.add('type', at + 3);
  addFlags(t, at + 4, type, flags);
  t.add('r', at + 5);
  t.add('streamid', at + 5);
  t.need(body, length);
  const end = body + length;
  switch (type) {
    case TYPE.data:
      node.text = `${title}${addData(t, body, end, flags, stream, connection)}`;
      break;
    case TYPE.headers:
      node.text = `${title}${addHeaders(t, body, end, flags, stream, connection)}`;
      break;
    case TYPE.pushPromise:
      node.text = `${title}${addPushPromise(t, body, end, flags, connection)}`;
      break;
    case TYPE.continuation:
      addContinuation(t, body, end, flags, stream, connection);
      break;
    case TYPE.priority:
      addPriority(t, body);
      break;
    default:
      control(t, type, body, end, flags);
  }
  t.close();
  return end;
}

function addFlags(t: TreeBuilder, at: number, type: number, flags: number): void {
  const known = FLAGS[type] ?? [];
  const set = known.filter(([bit]) => (flags & bit) !== 0).map(([, , name]) => `, ${name}`);
  const hex = `0x${flags.toString(16).padStart(2, '0')}`;
  t.nest(t.put('flags', flags, at, 1, `Flags: ${hex}${set.reverse().join('')}`));
  const [key, mask, shift] = UNUSED[type] ?? ['flags.unused', 0xff, 0];
  t.put(key, (flags & mask) >>> shift, at, 1);
  for (const [, flagKey] of known) t.add(flagKey, at);
  t.close();
}

/** Frames without headers or data (RFC 9113 6.4 to 6.9; RFC 7838, 8336, 9218). */
function control(t: TreeBuilder, type: number, at: number, end: number, flags: number): void {
  switch (type) {
    case TYPE.reset:
      t.add('rst_stream.error', at);
      break;
    case TYPE.settings:
      for (let next = at; next + SETTING <= end; next += SETTING) setting(t, next);
      break;
    case TYPE.ping:
      t.add((flags & FLAG.ack) !== 0 ? 'pong' : 'ping', at, end - at);
      break;
    case TYPE.goaway:
      t.add('goway.r', at);
      t.add('goaway.last_stream_id', at);
      t.add('goaway.error', at + 4);
      if (end > at + 8) t.add('goaway.addata', at + 8, end - at - 8);
      break;
    case TYPE.windowUpdate:
      t.add('window_update.r', at);
      t.add('window_update.window_size_increment', at);
      break;
    case TYPE.altsvc: {
      const length = t.u16(at);
      t.add('altsvc.origin.len', at);
      t.add('altsvc.origin', at + 2, length);
      if (end > at + 2 + length) t.add('altsvc.field_value', at + 2 + length, end - at - 2 - length);
      break;
    }
    case TYPE.origin:
      for (let next = at; next + 2 <= end; ) {
        const length = t.u16(next);
        t.nest(t.put('origin', NO_VALUE, next, 2 + length));
        t.add('origin.origin_len', next);
        t.add('origin.origin', next + 2, length);
        t.close();
        next += 2 + length;
      }
      break;
    case TYPE.priorityUpdate:
      t.put('priority_update_stream_id', BigInt(t.u32(at) & 0x7fffffff), at, 4);
      if (end > at + 4) t.add('priority_update_field_value', at + 4, end - at - 4);
      break;
    default:
      if (end > at && type !== TYPE.blocked) t.add('unknown', at, end - at);
  }
}

function setting(t: TreeBuilder, at: number): void {
  const id = t.u16(at);
  const value = t.u32(at + 2);
  t.nest(t.put('settings', NO_VALUE, at, SETTING, `Settings - ${t.nameOf('settings.id', id) ?? 'Unknown'} : ${value}`));
  t.add('settings.id', at);
  t.add(SETTING_KEYS[id] ?? 'settings.unknown', at + 2);
  t.close();
}
