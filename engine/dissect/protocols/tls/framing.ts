/**
 * Where TLS records end (RFC 8446 5.1; SSL 2.0 hellos by RFC 6101 appendix E), and what version was agreed. Hot while loading:
 * once per record, from five bytes; only the first handshake records of a flow are looked into.
 */

import { u16, u24 } from '../../../base/bytes.ts';
import { type Framing, MORE, NOT_MINE } from '../../protocol.ts';
import { CONTENT, EXTENSION, HANDSHAKE, VERSION } from './names.ts';

export const RECORD_HEADER = 5;
export const SSL2_HEADER = 2;
/** 2^14 bytes, and what ciphers and compression may add (RFC 5246 6.2.3). */
const MAX_RECORD = 16_384 + 2048;
/** Version, random. */
const HELLO_SESSION_ID = 2 + 32;

export function frame(f: Framing): number {
  const { bytes, at, end } = f;
  if (f.version === VERSION.ssl2) return ssl2Length(f);
  if (end - at < 3) return startsLikeRecord(bytes, at, end) || isSsl2Start(bytes, at, end) ? MORE : NOT_MINE;
  if (!startsLikeRecord(bytes, at, end))
    return f.version === 0 && isSsl2Start(bytes, at, end) ? ssl2Length(f) : NOT_MINE;
  if (end - at < RECORD_HEADER) return MORE;
  const length = u16(bytes, at + 3);
  if (length > MAX_RECORD) return NOT_MINE;
  const total = RECORD_HEADER + length;
  if (f.version === 0 && bytes[at] === CONTENT.handshake && length > 0) {
    if (end - at < total) return MORE;
    learnVersion(f, at + RECORD_HEADER, at + total, u16(bytes, at + 1));
  } else if (f.version === 0) {
    f.version = u16(bytes, at + 1);
  }
  return total;
}

/** A known content type and a version of SSL 3.0 or later. */
function startsLikeRecord(bytes: Uint8Array, at: number, end: number): boolean {
  if (bytes[at] < CONTENT.changeCipherSpec || bytes[at] > CONTENT.heartbeat) return false;
  if (end - at < 2) return true;
  if (bytes[at + 1] !== 3) return bytes[at + 1] === 1 && end - at >= 3 && bytes[at + 2] === 1;
  return end - at < 3 || bytes[at + 2] <= 4;
}

/** A hello of SSL 2.0, or of a newer client to servers that may know only that. */
export function isSsl2Start(bytes: Uint8Array, at: number, end: number): boolean {
  if ((bytes[at] & 0x80) === 0) return false;
  if (end - at < 3) return true;
  const type = bytes[at + 2];
  if (type === HANDSHAKE.clientHello) {
    if (end - at < 5) return true;
    const version = u16(bytes, at + 3);
    return version === VERSION.ssl2 || (version >= VERSION.ssl3 && version <= VERSION.tls13);
  }
  return type === 4 && (end - at < 7 || u16(bytes, at + 5) === VERSION.ssl2);
}

/** Two bytes of length with the top bit set, or three: the last one says how much padding there is. */
function ssl2Length(f: Framing): number {
  const { bytes, at, end } = f;
  if (end - at < 3) return MORE;
  if ((bytes[at] & 0x80) === 0) return ((bytes[at] & 0x3f) << 8) + bytes[at + 1] + 3;
  // An SSL 2.0 Server Hello settles the version; a hello in its form from a newer client does not.
  if (bytes[at + 2] === 4 && end - at >= 7) f.version = VERSION.ssl2;
  return ((bytes[at] & 0x7f) << 8) + bytes[at + 1] + SSL2_HEADER;
}

/** The version that a Server Hello settles; before one, that of the record, unless it is a Client Hello's. */
function learnVersion(f: Framing, at: number, end: number, recordVersion: number): void {
  const type = f.bytes[at];
  if (type === HANDSHAKE.clientHello) return;
  f.version = (type === HANDSHAKE.serverHello ? serverHelloVersion(f.bytes, at, end) : 0) || recordVersion;
}

/** What a Server Hello chose; 0 where it does not say. */
function serverHelloVersion(bytes: Uint8Array, at: number, end: number): number {
  return end - at < 4 ? 0 : chosenVersion(bytes, at + 4, Math.min(end, at + 4 + u24(bytes, at + 1)));
}

/** The same from the body of the message, [at, stop). */
export function chosenVersion(bytes: Uint8Array, at: number, stop: number): number {
  if (stop < at + HELLO_SESSION_ID + 1) return 0;
  const version = u16(bytes, at);
  // Behind the session id: a cipher suite, a compression method, extensions.
  let extension = at + HELLO_SESSION_ID + 1 + bytes[at + HELLO_SESSION_ID] + 3 + 2;
  while (extension + 4 <= stop) {
    const length = u16(bytes, extension + 2);
    if (u16(bytes, extension) === EXTENSION.supportedVersions && length === 2 && extension + 6 <= stop)
      return u16(bytes, extension + 4);
    extension += 4 + length;
  }
  return version;
}

/**
 * A record at the start of what was captured of a flow, whatever the port: a known type, a version and a length within the
 * limit. A first handshake message must be a hello where it can be read. Random bytes fit once in three million flows.
 */
export function recognise(bytes: Uint8Array, at: number, end: number): boolean {
  if (end - at < RECORD_HEADER || bytes[at + 1] !== 3 || !startsLikeRecord(bytes, at, end)) return false;
  const length = u16(bytes, at + 3);
  if (length > MAX_RECORD) return false;
  if (bytes[at] !== CONTENT.handshake || end - at < RECORD_HEADER + 6 || bytes[at + 6] !== 0) return true;
  const type = bytes[at + RECORD_HEADER];
  const isHello = type === HANDSHAKE.clientHello || type === HANDSHAKE.serverHello;
  return isHello && bytes[at + 9] === 3 && bytes[at + 10] <= 4;
}
