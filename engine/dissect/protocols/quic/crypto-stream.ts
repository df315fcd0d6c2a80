/** The handshake that CRYPTO frames carry (RFC 9000 7.5, 19.6): pieces put in order, and what keys and names need of the hellos. */

/** Handshake bytes kept per direction and level. */
const MAX_CRYPTO = 1 << 16;
/** Pieces that wait for their order; a hello comes in a few dozen at most. */
const MAX_PIECES = 256;
/** One record carries no more. */
const MAX_SHOWN = 16_384;
const HANDSHAKE_HEADER = 4;
const HELLO = { client: 1, server: 2 } as const;
/** Handshake header and version. */
const RANDOM_AT = HANDSHAKE_HEADER + 2;
const RANDOM_BYTES = 32;
const ALPN = 16;

interface Piece {
  readonly at: number;
  readonly bytes: Uint8Array;
  readonly frame: number;
}

/** One direction of one level. */
export interface CryptoStream {
  readonly pieces: readonly Piece[];
  /** Bytes from the start that whole messages have already been shown of. */
  readonly shown: number;
}

export const NOTHING_YET: CryptoStream = { pieces: [], shown: 0 };

/** The stream with one more piece; the same where it brings nothing new, or would be too much. */
export function withPiece(stream: CryptoStream, at: number, bytes: Uint8Array, frame: number): CryptoStream {
  const end = at + bytes.length;
  if (end > MAX_CRYPTO || end <= stream.shown || stream.pieces.length >= MAX_PIECES) return stream;
  return { ...stream, pieces: [...stream.pieces, { at, bytes, frame }] };
}

export interface WholeMessages {
  readonly bytes: Uint8Array;
  /** Frames and lengths of the pieces they came in. */
  readonly parts: readonly { readonly frame: number; readonly length: number }[];
  readonly after: CryptoStream;
}

/** Whole handshake messages that follow what has been shown; null where there are none yet. */
export function wholeMessages(stream: CryptoStream): WholeMessages | null {
  let reach = stream.shown;
  const sorted = [...stream.pieces].sort((a, b) => a.at - b.at);
  for (const piece of sorted) if (piece.at <= reach) reach = Math.max(reach, piece.at + piece.bytes.length);
  if (reach - stream.shown < HANDSHAKE_HEADER) return null;
  const bytes = new Uint8Array(reach);
  for (const piece of sorted) if (piece.at < reach) bytes.set(piece.bytes.subarray(0, reach - piece.at), piece.at);
  let end = stream.shown;
  while (end + HANDSHAKE_HEADER <= reach) {
    const length = HANDSHAKE_HEADER + (bytes[end + 1] << 16) + (bytes[end + 2] << 8) + bytes[end + 3];
    if (end + length > reach) break;
    end += length;
  }
  if (end === stream.shown || end - stream.shown >= MAX_SHOWN) return null;
  const used = sorted.filter((piece) => piece.at < end && piece.at + piece.bytes.length > stream.shown);
  return {
    bytes: bytes.slice(stream.shown, end),
    parts: used.map((piece) => ({ frame: piece.frame, length: piece.bytes.length })),
    after: { pieces: stream.pieces.filter((piece) => piece.at + piece.bytes.length > end), shown: end },
  };
}

/** What the hellos say. */
export interface Hello {
  readonly random: Uint8Array | null;
  /** Cipher suite that the server chose; -1: not seen. */
  readonly suite: number;
  /** The first protocol that the client offers by ALPN; empty: none seen. */
  readonly alpn: string;
}

export const NO_HELLO: Hello = { random: null, suite: -1, alpn: '' };

/** Reads the hello at the start of whole messages. */
export function readHello(messages: Uint8Array, before: Hello): Hello {
  const sessionAt = RANDOM_AT + RANDOM_BYTES;
  if (messages.length <= sessionAt) return before;
  const suiteAt = sessionAt + 1 + messages[sessionAt];
  if (suiteAt + 2 > messages.length) return before;
  const word = messages[suiteAt] * 256 + messages[suiteAt + 1];
  if (messages[0] === HELLO.server) return { ...before, suite: word };
  if (messages[0] !== HELLO.client) return before;
  const random = messages.slice(RANDOM_AT, RANDOM_AT + RANDOM_BYTES);
  return { ...before, random, alpn: firstProtocol(messages, suiteAt + 2 + word) };
}

/** The first name of the ALPN extension (RFC 7301 3.1); `at`: the compression methods. */
function firstProtocol(bytes: Uint8Array, at: number): string {
  const word = (place: number): number => bytes[place] * 256 + bytes[place + 1];
  let next = at + 1 + (bytes[at] ?? 0) + 2;
  while (next + 4 <= bytes.length) {
    const length = word(next + 2);
    if (word(next) === ALPN && length > 3) {
      const name = bytes.subarray(next + 7, next + 7 + (bytes[next + 6] ?? 0));
      return String.fromCharCode(...name);
    }
    next += 4 + length;
  }
  return '';
}
