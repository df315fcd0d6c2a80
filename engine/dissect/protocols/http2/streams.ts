/** What a connection remembers: header tables by direction, streams with what their headers said, bodies until they are whole. */

import { Visits } from '../../visits.ts';
import { type Block, HpackTable } from './hpack.ts';

/** Streams that are open at once; of more, the oldest are forgotten. */
const MAX_STREAMS = 4096;
/** A body that is put together from several frames, and all such bodies of a connection together. */
const MAX_BODY = 16 << 20;
const MAX_BODIES = 64 << 20;

interface Part {
  readonly frame: number;
  readonly bytes: Uint8Array;
}

/** One direction of a stream. */
export interface StreamSide {
  type: string;
  encoding: string;
  /** How compressed gRPC messages are packed. */
  messageEncoding: string;
  isRequest: boolean;
  parts: Part[];
  length: number;
  /** The body is too large to be put together. */
  isTooLarge: boolean;
}

export interface Stream {
  path: string;
  readonly sides: readonly [StreamSide, StreamSide];
}

/** What a DATA frame ends: a body, or messages within one. */
export interface Body {
  readonly type: string;
  readonly encoding: string;
  readonly messageEncoding: string;
  readonly path: string;
  readonly isRequest: boolean;
  readonly isTooLarge: boolean;
  /** More of the body comes later. */
  readonly isPartial: boolean;
  /** The body's frames and their lengths where it came in several; null: this frame is all of it. */
  readonly parts: readonly { readonly frame: number; readonly length: number }[] | null;
  /** The whole body, or the whole messages at this point, put together; null: what this frame has. */
  readonly bytes: Uint8Array | null;
}

export type Fact = { readonly block: Block; readonly carried: number; readonly path: string } | { readonly body: Body };

export class Connection {
  readonly visits = new Visits<Fact>();
  private readonly tables = [new HpackTable(), new HpackTable()] as const;
  /** Header bytes that go on in a CONTINUATION. */
  private readonly pending: [Uint8Array, Uint8Array] = [NOTHING, NOTHING];
  private readonly streams = new Map<number, Stream>();
  private kept = 0;

  /** Reads a header block or a piece of one; `isWhole`: nothing follows. Returns what it says, and bytes taken from before. */
  block(
    direction: 0 | 1,
    bytes: Uint8Array,
    isWhole: boolean,
    limit: number,
  ): { readonly block: Block; readonly carried: number } {
    const carried = this.pending[direction].length;
    const all = carried === 0 ? bytes : joined([this.pending[direction], bytes], carried + bytes.length);
    const block = this.tables[direction].decode(all, 0, all.length, limit);
    this.pending[direction] = isWhole || block.isDamaged ? NOTHING : all.slice(block.read);
    return { block, carried };
  }

  stream(id: number): Stream {
    const known = this.streams.get(id);
    if (known !== undefined) return known;
    const stream: Stream = { path: '', sides: [newSide(), newSide()] };
    this.streams.set(id, stream);
    for (const oldest of this.streams.keys()) {
      if (this.streams.size <= MAX_STREAMS) break;
      this.streams.delete(oldest);
    }
    return stream;
  }

  /** Takes the data of a DATA frame. */
  data(id: number, direction: 0 | 1, frame: number, bytes: Uint8Array, isLast: boolean): Body {
    const stream = this.stream(id);
    const side = stream.sides[direction];
    const { type, encoding, messageEncoding, isRequest } = side;
    const about = { type, encoding, messageEncoding, path: stream.path, isRequest };
    if (isGrpc(type) && encoding === '') return { ...about, ...this.messages(side, frame, bytes) };
    if (isLast && side.parts.length === 0)
      return { ...about, isTooLarge: side.isTooLarge, isPartial: side.isTooLarge, parts: null, bytes: null };
    if (side.length + bytes.length > MAX_BODY || this.kept + bytes.length > MAX_BODIES) side.isTooLarge = true;
    if (side.isTooLarge) {
      this.forget(side);
      return { ...about, isTooLarge: true, isPartial: true, parts: null, bytes: null };
    }
    this.keep(side, frame, bytes);
    if (!isLast) return { ...about, isTooLarge: false, isPartial: true, parts: null, bytes: null };
    const parts = side.parts.map((part) => ({ frame: part.frame, length: part.bytes.length }));
    const whole = wholeOf(side);
    side.parts = [];
    side.length = 0;
    return { ...about, isTooLarge: false, isPartial: false, parts, bytes: whole };
  }

  /** gRPC messages are shown as they become whole: five bytes, the last four of which are a length (gRPC over HTTP2). */
  private messages(
    side: StreamSide,
    frame: number,
    bytes: Uint8Array,
  ): Pick<Body, 'isTooLarge' | 'isPartial' | 'parts' | 'bytes'> {
    const none = { isTooLarge: side.isTooLarge, isPartial: true, parts: null, bytes: null };
    if (side.isTooLarge) return none;
    const before = side.length;
    this.keep(side, frame, bytes);
    const missing = missingBytes(side);
    if (side.length > MAX_BODY || this.kept > MAX_BODIES) {
      side.isTooLarge = true;
      this.forget(side);
      return { ...none, isTooLarge: true };
    }
    if (missing === side.length) return none;
    const parts = side.parts.map((part) => ({ frame: part.frame, length: part.bytes.length }));
    const all = wholeOf(side);
    const end = all.length - missing;
    const rest = all.slice(end);
    side.parts = missing > 0 ? [{ frame, bytes: rest }] : [];
    side.length = missing;
    this.kept -= before === 0 ? bytes.length - missing : 0;
    if (before === 0)
      return { isTooLarge: false, isPartial: false, parts: null, bytes: missing > 0 ? all.slice(0, end) : null };
    return { isTooLarge: false, isPartial: false, parts, bytes: all.slice(0, end) };
  }

  private keep(side: StreamSide, frame: number, bytes: Uint8Array): void {
    if (bytes.length > 0 || side.parts.length > 0) side.parts.push({ frame, bytes });
    side.length += bytes.length;
    this.kept += bytes.length;
  }

  private forget(side: StreamSide): void {
    this.kept -= side.length;
    side.parts = [];
    side.length = 0;
  }
}

const NOTHING = new Uint8Array(0);
const GRPC_HEADER = 5;

function newSide(): StreamSide {
  return {
    type: '',
    encoding: '',
    messageEncoding: '',
    isRequest: false,
    parts: [],
    length: 0,
    isTooLarge: false,
  };
}

export function isGrpc(type: string): boolean {
  return type.startsWith('application/grpc');
}

function wholeOf(side: StreamSide): Uint8Array {
  const [only] = side.parts;
  return side.parts.length === 1
    ? only.bytes
    : joined(
        side.parts.map((part) => part.bytes),
        side.length,
      );
}

function joined(parts: readonly Uint8Array[], length: number): Uint8Array {
  const all = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** Bytes at the end of what is kept that are no whole message yet. */
function missingBytes(side: StreamSide): number {
  let skip = 0;
  let at = 0;
  let length = 0;
  let have = 0;
  let messageAt = 0;
  for (const { bytes } of side.parts) {
    for (let i = 0; i < bytes.length; ) {
      if (skip > 0) {
        const taken = Math.min(skip, bytes.length - i);
        skip -= taken;
        i += taken;
        at += taken;
        if (skip === 0) messageAt = at;
        continue;
      }
      length = have === 0 ? 0 : length * 256 + bytes[i];
      have++;
      i++;
      at++;
      if (have < GRPC_HEADER) continue;
      have = 0;
      skip = length;
      if (skip === 0) messageAt = at;
    }
  }
  return side.length - messageAt;
}
