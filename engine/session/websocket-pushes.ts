/**
 * WebSocket messages (RFC 6455 5.2) of a connection, whole or with holes: a message's size is in its header, so what follows
 * a hole is found again as long as the headers themselves were captured. Where one was not, nobody knows what comes next, and
 * the direction ends there. Nothing of the payload is kept: a message knows where its bytes are.
 */

import { protocolNamed } from '../dissect/registry.ts';
import { FLOW, ipProtocolOf } from '../table/flow-states.ts';
import type { Capture } from './capture.ts';
import type { Dissector } from './dissector.ts';
import type { Direction, Pieces } from './follow/pieces.ts';
import { tcpPieces } from './follow/transport-pieces.ts';
import type { Job } from './turns.ts';

/** A run of payload bytes in the direction's stream. */
interface Span {
  readonly at: number;
  readonly length: number;
  /** Four bytes that the payload was masked with; null: it was not. */
  readonly mask: Uint8Array | null;
}

export interface Push {
  readonly flow: number;
  readonly direction: Direction;
  readonly isText: boolean;
  /** permessage-deflate (RFC 7692). */
  readonly isCompressed: boolean;
  /** Bytes of payload by its headers. */
  readonly size: number;
  /** Rows of the first and the last byte that were captured. */
  readonly firstRow: number;
  readonly lastRow: number;
  /** Bytes [from, to) of the payload that are not in the capture. */
  readonly holes: readonly { readonly from: number; readonly to: number }[];
  readonly missing: number;
  /** The payload, unmasked, in parts; zeros in its holes. */
  parts(): Iterable<Uint8Array>;
}

const OPCODE = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const;
const FIN = 0x80;
const COMPRESSED = 0x40;
const RESERVED = 0x30;
const MASKED = 0x80;
const LONGEST_HEADER = 14;
/** How far into a direction the handshake is looked for. */
const LONGEST_HANDSHAKE = 1 << 20;
const PART = 1 << 16;
const WEBSOCKET = protocolNamed('websocket').index;
const TCP = 6;

/** Flows that became WebSocket. */
export function webSocketFlows({ pass }: Capture): number[] {
  const found: number[] = [];
  for (let flow = 0; flow < pass.flows.count; flow++) {
    const application = pass.flows.get(flow, FLOW.application);
    const isWebSocket = application >>> 16 === WEBSOCKET || (application & 0xffff) === WEBSOCKET + 1;
    if (isWebSocket && ipProtocolOf(pass.flows.get(flow, FLOW.bits)) === TCP) found.push(flow);
  }
  return found;
}

export async function pushesOf(capture: Capture, dissector: Dissector, flow: number, job: Job): Promise<Push[]> {
  const pieces = await tcpPieces(capture, dissector, flow, job);
  return ([0, 1] as const).flatMap((direction) => new PushReader(dissector, pieces, flow, direction).all());
}

class PushReader {
  private readonly stream: DirectionBytes;
  private readonly flow: number;
  private readonly direction: Direction;

  constructor(dissector: Dissector, pieces: Pieces, flow: number, direction: Direction) {
    this.stream = new DirectionBytes(dissector, pieces, direction);
    this.flow = flow;
    this.direction = direction;
  }

  all(): Push[] {
    const found: Push[] = [];
    let at = this.handshakeEnd();
    if (at < 0) return found;
    let open: { spans: Span[]; first: number; header: number } | null = null;
    while (at < this.stream.length) {
      const header = this.stream.read(at, LONGEST_HEADER);
      const frame = header === null ? null : frameOf(header);
      if (frame === null) break; // the header itself is missing, or this is no frame
      const span = { at: at + frame.header, length: frame.length, mask: frame.mask };
      const starts = frame.opcode === OPCODE.text || frame.opcode === OPCODE.binary;
      if (starts) open = { spans: [], first: frame.first, header: at };
      if (open !== null && (starts || frame.opcode === OPCODE.continuation)) {
        open.spans.push(span);
        if ((frame.first & FIN) !== 0) {
          found.push(this.push(open.spans, open.first, open.header));
          open = null;
        }
      }
      at = span.at + span.length;
    }
    return found;
  }

  /** Where the first frame begins: behind the HTTP head that upgrades; -1: it is not in the capture. */
  private handshakeEnd(): number {
    const bytes = this.stream.upTo(LONGEST_HANDSHAKE);
    let head = 0;
    for (let i = 3; i < bytes.length; i++) {
      if (bytes[i] !== 10 || bytes[i - 1] !== 13 || bytes[i - 2] !== 10 || bytes[i - 3] !== 13) continue;
      const text = String.fromCharCode(...bytes.subarray(head, Math.min(i, head + 16_384)));
      if (/\r\nupgrade:[ \t]*websocket/i.test(text)) return i + 1;
      head = i + 1;
    }
    return -1;
  }

  private push(spans: readonly Span[], first: number, header: number): Push {
    const { stream, flow, direction } = this;
    const holes: { from: number; to: number }[] = [];
    let size = 0;
    let lastRow = stream.rowAt(header);
    for (const span of spans) {
      for (const { from, to } of stream.holesIn(span.at, span.at + span.length)) {
        const hole = { from: size + from - span.at, to: size + to - span.at };
        const before = holes[holes.length - 1];
        if (before?.to === hole.from) before.to = hole.to;
        else holes.push(hole);
      }
      lastRow = Math.max(lastRow, stream.lastRowIn(span.at, span.at + span.length));
      size += span.length;
    }
    return {
      flow,
      direction,
      isText: (first & 0x0f) === OPCODE.text,
      isCompressed: (first & COMPRESSED) !== 0,
      size,
      firstRow: stream.rowAt(header),
      lastRow,
      holes,
      missing: holes.reduce((sum, { from, to }) => sum + to - from, 0),
      parts: () => partsOf(stream, spans),
    };
  }
}

interface Frame {
  /** The first byte: FIN, reserved bits, opcode. */
  readonly first: number;
  readonly opcode: number;
  readonly header: number;
  readonly length: number;
  readonly mask: Uint8Array | null;
}

/** null: too few bytes, or none that a WebSocket frame begins with. */
function frameOf(bytes: Uint8Array): Frame | null {
  if (bytes.length < 2) return null;
  const [first, second] = bytes;
  const opcode = first & 0x0f;
  if ((first & RESERVED) !== 0 || !Object.values(OPCODE).some((one) => one === opcode)) return null;
  const short = second & 0x7f;
  const extended = short === 126 ? 2 : short === 127 ? 8 : 0;
  const header = 2 + extended + ((second & MASKED) !== 0 ? 4 : 0);
  if (bytes.length < header) return null;
  let length = extended === 0 ? short : 0;
  for (let i = 2; i < 2 + extended; i++) length = length * 256 + bytes[i];
  if (!Number.isSafeInteger(length)) return null;
  return { first, opcode, header, length, mask: (second & MASKED) !== 0 ? bytes.slice(header - 4, header) : null };
}

function* partsOf(stream: DirectionBytes, spans: readonly Span[]): Generator<Uint8Array> {
  for (const { at, length, mask } of spans) {
    for (let done = 0; done < length; done += PART) {
      const part = stream.filled(at + done, Math.min(PART, length - done));
      if (mask !== null)
        for (let i = 0; i < part.bytes.length; i++) if (part.there[i] !== 0) part.bytes[i] ^= mask[(done + i) & 3];
      yield part.bytes;
    }
  }
}

/** One direction's bytes by their place in it. */
class DirectionBytes {
  private readonly dissector: Dissector;
  private readonly pieces: Pieces;
  /** Pieces of this direction, by place. */
  private readonly own: number[] = [];
  readonly length: number;

  constructor(dissector: Dissector, pieces: Pieces, direction: Direction) {
    this.dissector = dissector;
    this.pieces = pieces;
    for (let i = 0; i < pieces.count; i++) if (pieces.direction(i) === direction) this.own.push(i);
    this.length = pieces.bytes[direction] + pieces.missing[direction];
  }

  /** Up to `most` bytes from `at` on; null: the first is missing. Ends at the first hole. */
  read(at: number, most: number): Uint8Array | null {
    const { bytes, there } = this.filled(at, Math.min(most, this.length - at));
    const hole = there.indexOf(0);
    if (hole === 0 || bytes.length === 0) return null;
    return hole < 0 ? bytes : bytes.subarray(0, hole);
  }

  /** The first bytes, up to the first hole. */
  upTo(most: number): Uint8Array {
    return this.read(0, most) ?? new Uint8Array(0);
  }

  /** Bytes [at, at + length) with zeros in the holes; `there`: 1 for those that were captured. */
  filled(at: number, length: number): { readonly bytes: Uint8Array; readonly there: Uint8Array } {
    const bytes = new Uint8Array(length);
    const there = new Uint8Array(length);
    this.each(at, at + length, (piece, from, to) => {
      if (this.pieces.isMissing(piece)) return;
      const row = this.pieces.row(piece);
      const segment = this.dissector.segmentBytes(row);
      const start = segment.payloadAt + this.pieces.skip(piece) + from - this.pieces.place(piece);
      const got = segment.bytes.subarray(start, Math.min(start + to - from, segment.payloadEnd));
      bytes.set(got, from - at);
      there.fill(1, from - at, from - at + got.length);
    });
    return { bytes, there };
  }

  /** What of [from, to) was not captured. */
  holesIn(from: number, to: number): { readonly from: number; readonly to: number }[] {
    const holes: { from: number; to: number }[] = [];
    this.each(from, Math.min(to, this.length), (piece, low, high) => {
      if (this.pieces.isMissing(piece)) holes.push({ from: low, to: high });
    });
    if (to > this.length) holes.push({ from: Math.max(from, this.length), to });
    return holes;
  }

  rowAt(place: number): number {
    return this.pieces.row(this.own[this.indexAt(place)]);
  }

  /** The row of the last captured byte of [from, to); -1: there is none. */
  lastRowIn(from: number, to: number): number {
    let last = -1;
    this.each(from, Math.min(to, this.length), (piece) => {
      if (!this.pieces.isMissing(piece)) last = Math.max(last, this.pieces.row(piece));
    });
    return last;
  }

  private each(from: number, to: number, visit: (piece: number, from: number, to: number) => void): void {
    if (from >= to) return;
    for (let i = this.indexAt(from); i < this.own.length; i++) {
      const piece = this.own[i];
      const start = this.pieces.place(piece);
      if (start >= to) return;
      const end = start + this.pieces.length(piece);
      if (end > from) visit(piece, Math.max(from, start), Math.min(to, end));
    }
  }

  /** Index of the piece that a place is in. */
  private indexAt(place: number): number {
    let low = 0;
    let high = this.own.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if (this.pieces.place(this.own[middle]) <= place) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}
