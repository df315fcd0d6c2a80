/** Where WebSocket frames end (RFC 6455 5.2). Hot while loading: once per frame, from at most fourteen bytes. */

import { u16, u32 } from '../../../base/bytes.ts';
import { type Framing, MORE, NOT_MINE } from '../../protocol.ts';

export const OPCODE = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const;
const MASK_KEY = 4;
/** RFC 6455 5.5: longer control frames are none. */
const MAX_CONTROL = 125;
const MAX_FRAME = 0x7fffffff;
/** Framing.state: a frame has been seen; this side masks. */
const SEEN = 1;
const MASKS = 2;

export interface FrameHeader {
  readonly isFinal: boolean;
  /** RSV1 to RSV3, the first of which says that a message is compressed (RFC 7692 6). */
  readonly reserved: number;
  readonly opcode: number;
  readonly isMasked: boolean;
  /** The seven bits: a length, or 126 or 127 before a longer one. */
  readonly shortLength: number;
  readonly length: number;
  /** Offset of the masking key, or of the payload where there is none; and of the payload. */
  readonly keyAt: number;
  readonly payloadAt: number;
}

/** null: the bytes end within the header. */
export function readHeader(bytes: Uint8Array, at: number, end: number): FrameHeader | null {
  if (end - at < 2) return null;
  const shortLength = bytes[at + 1] & 0x7f;
  const lengthBytes = shortLength === 126 ? 2 : shortLength === 127 ? 8 : 0;
  const keyAt = at + 2 + lengthBytes;
  if (keyAt > end) return null;
  const isMasked = (bytes[at + 1] & 0x80) !== 0;
  return {
    isFinal: (bytes[at] & 0x80) !== 0,
    reserved: (bytes[at] >>> 4) & 7,
    opcode: bytes[at] & 15,
    isMasked,
    shortLength,
    length:
      lengthBytes === 0
        ? shortLength
        : lengthBytes === 2
          ? u16(bytes, at + 2)
          : u32(bytes, at + 2) * 2 ** 32 + u32(bytes, at + 6),
    keyAt,
    payloadAt: keyAt + (isMasked ? MASK_KEY : 0),
  };
}

export function frame(f: Framing): number {
  const header = readHeader(f.bytes, f.at, f.end);
  if (header === null) return MORE;
  if (header.length > MAX_FRAME) return NOT_MINE;
  if (f.lost && !(isPlausible(header) && (f.state === 0 || header.isMasked === ((f.state & MASKS) !== 0))))
    return NOT_MINE;
  f.state = SEEN | (header.isMasked ? MASKS : 0);
  return header.payloadAt - f.at + header.length;
}

/** Does this look like a frame where one need not begin? */
export function isPlausible(header: FrameHeader): boolean {
  const isControl = header.opcode >= OPCODE.close;
  const isKnown = isControl ? header.opcode <= OPCODE.pong : header.opcode <= OPCODE.binary;
  if (!isKnown || (header.reserved & 3) !== 0) return false;
  return !isControl || (header.isFinal && header.length <= MAX_CONTROL);
}
