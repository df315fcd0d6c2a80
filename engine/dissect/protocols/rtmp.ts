/**
 * RTMP (Adobe, 1.0): a handshake, then messages cut into chunks. The framer keeps of each direction how far it is and the length
 * of the last message, and of the flow both sides' chunk sizes: what later chunks leave out.
 */

import { u24, u32 } from '../../base/bytes.ts';
import { hexNumber } from '../../base/hex.ts';
import { defineProtocol, type Framing, MORE, NOT_MINE } from '../protocol.ts';
import type { TreeBuilder } from '../tree.ts';

const PORT = 1935;
const VERSION = 3;
const HELLO = 1536;
const STAGE = { start: 0, second: 1, chunks: 2 } as const;
const FORMAT = { full: 0, sameStream: 1, sameLength: 2, sameAll: 3 } as const;
const HEADERS: readonly number[] = [11, 7, 3, 0];
const EXTENDED = 0xffffff;
const DEFAULT_CHUNK = 128;
const TYPE = {
  chunkSize: 1,
  abort: 2,
  acknowledge: 3,
  user: 4,
  window: 5,
  bandwidth: 6,
  audio: 8,
  video: 9,
  command3: 17,
  data: 18,
  command: 20,
} as const;
const LIMITS: Readonly<Record<number, string>> = { 0: 'Hard', 1: 'Soft', 2: 'Dynamic' };
const AMF = { number: 0, boolean: 1, string: 2, object: 3, null: 5 } as const;
const HEADER_TYPEIDS: Readonly<Record<number, string>> = {
  0x1: 'Set Chunk Size',
  0x2: 'Abort Message',
  0x3: 'Acknowledgement',
  0x4: 'User Control Message',
  0x5: 'Window Acknowledgement Size',
  0x6: 'Set Peer Bandwidth',
  0x8: 'Audio Data',
  0x9: 'Video Data',
  0xf: 'AMF3 Data',
  0x10: 'AMF3 Shared Object',
  0x11: 'AMF3 Command',
  0x12: 'AMF0 Data',
  0x13: 'AMF0 Shared Object',
  0x14: 'AMF0 Command',
  0x16: 'Aggregate',
};
const UCM_EVENTTYPES: Readonly<Record<number, string>> = {
  0: 'Stream Begin',
  1: 'Stream EOF',
  2: 'Stream Dry',
  3: 'Set Buffer Length',
  4: 'Stream Is Recorded',
  6: 'Ping Request',
  7: 'Ping Response',
};

/** Where the basic header (one to three bytes) ends, and its chunk stream. */
function basic(bytes: Uint8Array, at: number): { readonly next: number; readonly id: number } {
  const low = bytes[at] & 0x3f;
  if (low > 1) return { next: at + 1, id: low };
  return low === 0
    ? { next: at + 2, id: 64 + bytes[at + 1] }
    : { next: at + 3, id: 64 + bytes[at + 1] + 256 * bytes[at + 2] };
}

/** Chunk sizes of both directions in one number, each in sixteen bits; 0: the default. */
function chunkSize(f: Framing): number {
  return (f.shared >>> (16 * f.direction)) & 0xffff || DEFAULT_CHUNK;
}

function setChunkSize(f: Framing, size: number): void {
  const shift = 16 * f.direction;
  f.shared = ((f.shared & ~(0xffff << shift)) | (Math.min(size, 0xffff) << shift)) >>> 0;
}

function frame(f: Framing): number {
  const { bytes, at, end } = f;
  const stage = f.state & 3;
  if (stage === STAGE.start) {
    if (bytes[at] !== VERSION) return NOT_MINE;
    // A server answers both of the client's parts at once.
    f.state = f.direction === 0 ? STAGE.second : STAGE.chunks;
    return 1 + (f.direction === 0 ? HELLO : 2 * HELLO);
  }
  if (stage === STAGE.second) {
    f.state = STAGE.chunks;
    return HELLO;
  }
  if (end - at < 3) return MORE;
  const format = bytes[at] >>> 6;
  const { next } = basic(bytes, at);
  const header = HEADERS[format];
  if (end - next < header) return MORE;
  const length = format <= FORMAT.sameStream ? u24(bytes, next + 3) : f.state >>> 2;
  const isExtended = format < FORMAT.sameAll && u24(bytes, next) === EXTENDED;
  const body = next + header + (isExtended ? 4 : 0);
  if (format <= FORMAT.sameStream && bytes[next + 6] === TYPE.chunkSize && length === 4) {
    if (end - body < 4) return MORE;
    setChunkSize(f, u32(bytes, body));
  }
  f.state = STAGE.chunks | (length << 2);
  const more = Math.max(0, Math.ceil(length / chunkSize(f)) - 1);
  return body - at + length + more * (next - at + (isExtended ? 4 : 0));
}

interface Memory {
  /** Per direction: messages so far, for the handshake; chunk size; the last message's header, for later ones that leave parts out. */
  readonly sides: readonly [Side, Side];
}
interface Side {
  chunk: number;
  length: number;
  type: number;
}

export const rtmpt = defineProtocol({
  name: 'rtmpt',
  title: 'Real Time Messaging Protocol',
  short: 'RTMP',
  on: { 'tcp.port': [PORT] },
  remembers: true,
  inOrder: true,
  fields: {
    'handshake.c0': { type: 'bytes', label: 'Protocol version' },
    'handshake.s0': { type: 'bytes', label: 'Protocol version' },
    'handshake.c1': { type: 'bytes', label: 'Handshake data' },
    'handshake.s1': { type: 'bytes', label: 'Handshake data' },
    'handshake.c2': { type: 'bytes', label: 'Handshake data' },
    'handshake.s2': { type: 'bytes', label: 'Handshake data' },
    'header.format': { type: 'u8', label: 'Format', bits: [7, 6], many: true },
    'header.csid': { type: 'u8', label: 'Chunk Stream ID', bits: [5, 0], many: true },
    'header.timestamp': { type: 'u24', label: 'Timestamp', many: true },
    'header.timestampdelta': { type: 'u24', label: 'Timestamp delta', many: true },
    'header.bodysize': { type: 'u24', label: 'Body size', many: true },
    'header.typeid': { type: 'u8', label: 'Type ID', show: 'hex', names: HEADER_TYPEIDS, many: true },
    'header.streamid': { type: 'u32', label: 'Stream ID', little: true, many: true },
    'scm.chunksize': { type: 'u32', label: 'Chunk size', many: true },
    'scm.csid': { type: 'u32', label: 'Chunk stream ID', many: true },
    'scm.seq': { type: 'u32', label: 'Sequence number', many: true },
    'scm.was': { type: 'u32', label: 'Window acknowledgement size', many: true },
    'scm.limittype': { type: 'u8', label: 'Limit type', names: { 0: 'Hard', 1: 'Soft', 2: 'Dynamic' }, many: true },
    'ucm.eventtype': { type: 'u16', label: 'Event type', names: UCM_EVENTTYPES, many: true },
    'amf.command': { type: 'string', label: 'Command', many: true, abbrev: 'rtmpt.amf.command' },
  },
  accepts: (bytes, at) => bytes[at] === VERSION,
  frame,
  tree(t) {
    const memory = t.conversation((): Memory => ({ sides: [side(), side()] }));
    const size = t.end - t.at;
    const isServer = t.ports[0] === PORT;
    if (handshake(t, size, isServer)) return;
    message(t, memory.sides[t.packet.direction]);
  },
});

function side(): Side {
  return { chunk: DEFAULT_CHUNK, length: 0, type: 0 };
}

/** Its parts are told by their sizes, which no message has at the start of a flow. */
function handshake(t: TreeBuilder, size: number, isServer: boolean): boolean {
  const { at } = t;
  if (size === 1 + HELLO && t.u8(at) === VERSION) {
    t.info('Handshake C0+C1');
    t.add('handshake.c0', at, 1);
    t.add('handshake.c1', at + 1, HELLO);
    return true;
  }
  if (size === 1 + 2 * HELLO && t.u8(at) === VERSION) {
    t.info('Handshake S0+S1+S2');
    t.add('handshake.s0', at, 1);
    t.add('handshake.s1', at + 1, HELLO);
    t.add('handshake.s2', at + 1 + HELLO, HELLO);
    return true;
  }
  if (size !== HELLO) return false;
  t.info(isServer ? 'Handshake S2' : 'Handshake C2');
  t.add(isServer ? 'handshake.s2' : 'handshake.c2', at, HELLO);
  return true;
}

function message(t: TreeBuilder, memory: Side): void {
  const { at } = t;
  t.need(at, 3);
  const format = t.u8(at) >>> 6;
  const { next, id } = basic(t.bytes, at);
  t.add('header.format', at);
  t.put('header.csid', id, at, next - at);
  if (format < FORMAT.sameAll) t.add(format === FORMAT.full ? 'header.timestamp' : 'header.timestampdelta', next);
  if (format <= FORMAT.sameStream) {
    memory.length = t.u24(next + 3);
    memory.type = t.u8(next + 6);
    t.add('header.bodysize', next + 3);
    t.add('header.typeid', next + 6);
  }
  if (format === FORMAT.full) t.add('header.streamid', next + 7);
  const isExtended = format < FORMAT.sameAll && t.u24(next) === EXTENDED;
  const body = next + HEADERS[format] + (isExtended ? 4 : 0);
  const said = content(t, memory, body);
  t.info(t.fencedInfo === '' ? said : `|${said}`);
}

/** What the message says; parts that lie behind the first chunk are read only where they are not needed for Info. */
function content(t: TreeBuilder, memory: Side, at: number): string {
  const name = t.nameOf('header.typeid', memory.type) ?? `Unknown (${hexNumber(memory.type, 1)})`;
  switch (memory.type) {
    case TYPE.chunkSize:
      memory.chunk = t.u32(at);
      t.add('scm.chunksize', at);
      return `${name} ${memory.chunk}`;
    case TYPE.abort:
      t.add('scm.csid', at);
      return name;
    case TYPE.acknowledge:
      t.add('scm.seq', at);
      return `${name} ${t.u32(at)}`;
    case TYPE.window:
      t.add('scm.was', at);
      return `${name} ${t.u32(at)}`;
    case TYPE.bandwidth:
      t.add('scm.was', at);
      t.add('scm.limittype', at + 4);
      return `${name} ${t.u32(at)},${LIMITS[t.u8(at + 4)] ?? 'Unknown'}`;
    case TYPE.user: {
      t.add('ucm.eventtype', at);
      const event = t.u16(at);
      return `${name} ${t.nameOf('ucm.eventtype', event) ?? `Unknown (${event})`}${t.has(at + 2, 4) ? ` ${t.u32(at + 2)}` : ''}`;
    }
    case TYPE.command:
    case TYPE.data:
      return command(t, at);
    case TYPE.command3:
      return command(t, at + 1);
    default:
      return name;
  }
}

/** A command's name, and the first text among what follows it (AMF 0): what it is about. */
function command(t: TreeBuilder, at: number): string {
  if (t.u8(at) !== AMF.string) return 'Unknown command';
  const length = t.u16(at + 1);
  const name = t.string(at + 3, length);
  t.put('amf.command', name, at + 3, length);
  const about = firstText(t, at + 3 + length);
  return `${name}(${about === '' ? '' : `'${about}'`})`;
}

function firstText(t: TreeBuilder, from: number): string {
  let inObject = false;
  for (let at = from; t.has(at, 3); ) {
    if (inObject) {
      const length = t.u16(at);
      if (length === 0) {
        inObject = false;
        at += 3;
        continue;
      }
      at += 2 + length;
      if (!t.has(at, 3)) return '';
    }
    const marker = t.u8(at);
    if (marker === AMF.string) return t.has(at + 3, t.u16(at + 1)) ? t.string(at + 3, t.u16(at + 1)) : '';
    if (marker === AMF.number) at += 9;
    else if (marker === AMF.boolean) at += 2;
    else if (marker === AMF.null) at += 1;
    else if (marker === AMF.object) {
      inObject = true;
      at += 1;
    } else return '';
  }
  return '';
}
