/** Messages of WebSocket frames: fragments joined (RFC 6455 5.4), compression undone with what came before (RFC 7692). */

import { platform } from '../../../base/platform.ts';
import { Visits } from '../../visits.ts';
import type { WebsocketHandshake } from '../../websocket-handshake.ts';
import { type FrameHeader, OPCODE } from './framing.ts';

/** A message put together or unpacked may be this large, all of a connection together that large. */
const MAX_MESSAGE = 16 << 20;
const MAX_KEPT = 64 << 20;
/** How far DEFLATE looks back (RFC 1951 2). */
const WINDOW = 32 << 10;
/** RFC 7692 7.2.2: what the sender took off the end of a compressed message. */
const TAIL = [0, 0, 0xff, 0xff];

/** What a frame completes. */
export interface Message {
  /** Of the message: that of its first frame. */
  readonly opcode: number;
  /** Other frames follow. */
  readonly isPartial: boolean;
  readonly isCompressed: boolean;
  /** The message where it is not the frame's own payload: joined, or unpacked; null: it is. */
  readonly bytes: Uint8Array | null;
  /** It came in several frames. */
  readonly parts: readonly { readonly frame: number; readonly length: number }[];
  /** Why it could not be put together or unpacked. */
  readonly problem: '' | 'damaged' | 'too large';
}

interface Side {
  parts: { readonly frame: number; readonly bytes: Uint8Array }[];
  length: number;
  opcode: number;
  isCompressed: boolean;
  /** The last bytes that were unpacked. */
  window: Uint8Array;
}

const NOTHING = new Uint8Array(0);

export class Connection {
  readonly visits = new Visits<Message>();
  private readonly sides: readonly [Side, Side] = [newSide(), newSide()];
  private kept = 0;

  /** Takes one frame; `payload`: unmasked. */
  take(
    header: FrameHeader,
    payload: Uint8Array,
    direction: 0 | 1,
    frame: number,
    handshake: WebsocketHandshake,
  ): Message {
    const side = this.sides[direction];
    const alone: Message = {
      opcode: header.opcode,
      isPartial: false,
      isCompressed: false,
      bytes: null,
      parts: [],
      problem: '',
    };
    if (header.opcode > OPCODE.binary) return alone;
    const deflates = handshake.extensions.includes('permessage-deflate');
    if (header.opcode !== OPCODE.continuation) {
      side.parts = [];
      side.length = 0;
      side.opcode = header.opcode;
      side.isCompressed = deflates && (header.reserved & 4) !== 0;
    }
    const { opcode, isCompressed } = side;
    const about = { ...alone, opcode, isCompressed };
    if (header.isFinal && side.parts.length === 0) {
      if (header.opcode === OPCODE.continuation) return { ...about, opcode: OPCODE.continuation };
      return isCompressed ? this.unpack(about, side, payload, direction, handshake) : about;
    }
    side.length += payload.length;
    if (side.length > MAX_MESSAGE || this.kept + side.length > MAX_KEPT)
      return { ...about, isPartial: true, problem: 'too large' };
    side.parts.push({ frame, bytes: payload });
    if (!header.isFinal) return { ...about, isPartial: true };
    const parts = side.parts.map((part) => ({ frame: part.frame, length: part.bytes.length }));
    const whole = joined(side.parts, side.length);
    side.parts = [];
    side.length = 0;
    if (isCompressed) return this.unpack({ ...about, parts }, side, whole, direction, handshake);
    this.kept += whole.length;
    return { ...about, parts, bytes: whole };
  }

  private unpack(
    about: Message,
    side: Side,
    packed: Uint8Array,
    direction: 0 | 1,
    handshake: WebsocketHandshake,
  ): Message {
    const input = new Uint8Array(packed.length + TAIL.length);
    input.set(packed);
    input.set(TAIL, packed.length);
    const role = direction === handshake.server ? 'server' : 'client';
    const forgets = handshake.extensions.includes(`${role}_no_context_takeover`);
    const { bytes, ended } = platform().inflate('deflate-raw', input, MAX_MESSAGE, forgets ? NOTHING : side.window);
    if (!forgets) side.window = lastOf(side.window, bytes);
    if (ended === 'damaged') return { ...about, bytes, problem: 'damaged' };
    this.kept += bytes.length;
    if (ended === 'limit' || this.kept > MAX_KEPT) return { ...about, bytes: NOTHING, problem: 'too large' };
    return { ...about, bytes };
  }
}

function newSide(): Side {
  return { parts: [], length: 0, opcode: OPCODE.binary, isCompressed: false, window: NOTHING };
}

function joined(parts: readonly { readonly bytes: Uint8Array }[], length: number): Uint8Array {
  const whole = new Uint8Array(length);
  let at = 0;
  for (const { bytes } of parts) {
    whole.set(bytes, at);
    at += bytes.length;
  }
  return whole;
}

/** The last bytes of both together, as many as DEFLATE may look back. */
function lastOf(before: Uint8Array, after: Uint8Array): Uint8Array {
  if (after.length >= WINDOW) return after.slice(after.length - WINDOW);
  const kept = Math.min(before.length, WINDOW - after.length);
  const window = new Uint8Array(kept + after.length);
  window.set(before.subarray(before.length - kept));
  window.set(after, kept);
  return window;
}
