/** Builder of QUIC packets (RFC 9000 17): long and short headers, sealed as a client or server would (RFC 9001 5). */

import { createCipheriv, createHmac } from 'node:crypto';
import { type BytesLike, hex, join, u8, u16, u32, utf8 } from './build-bytes.ts';

const SALTS: Readonly<Record<number, Uint8Array>> = {
  1: hex('38762cf7f55934b34d179ae6a4c80cadccbb7f0a'),
  0x6b3343cf: hex('0dede3def700a6db819381be6e269dcbf9bd2ed9'),
};
export const QUIC_V2 = 0x6b3343cf;
export const QUIC_TYPE = { initial: 0, zeroRtt: 1, handshake: 2 } as const;
const TAG = 16;

function hmac(hash: string, key: Uint8Array, data: Uint8Array): Uint8Array {
  return new Uint8Array(createHmac(hash, key).update(data).digest());
}

/** RFC 8446 7.1. */
function expand(hash: string, secret: Uint8Array, label: string, length: number): Uint8Array {
  const info = join(u16(length), u8(6 + label.length), utf8(`tls13 ${label}`), u8(0), u8(1));
  return hmac(hash, secret, info).slice(0, length);
}

export interface QuicKeys {
  readonly cipher: 'aes-128-gcm' | 'aes-256-gcm' | 'chacha20-poly1305';
  readonly key: Uint8Array;
  readonly iv: Uint8Array;
  readonly headerKey: Uint8Array;
}

export function quicKeys(version: number, cipher: QuicKeys['cipher'], secret: Uint8Array): QuicKeys {
  const hash = cipher === 'aes-256-gcm' ? 'sha384' : 'sha256';
  const bytes = cipher === 'aes-128-gcm' ? 16 : 32;
  const prefix = version === QUIC_V2 ? 'quicv2' : 'quic';
  return {
    cipher,
    key: expand(hash, secret, `${prefix} key`, bytes),
    iv: expand(hash, secret, `${prefix} iv`, 12),
    headerKey: expand(hash, secret, `${prefix} hp`, bytes),
  };
}

/** The keys of the generation after that of `secret`, with the header key of the first one. */
export function updatedQuicKeys(before: QuicKeys, secret: Uint8Array): QuicKeys {
  const hash = before.cipher === 'aes-256-gcm' ? 'sha384' : 'sha256';
  return { ...quicKeys(1, before.cipher, expand(hash, secret, 'quic ku', secret.length)), headerKey: before.headerKey };
}

export function initialQuicKeys(version: number, connectionId: Uint8Array, from: 'client' | 'server'): QuicKeys {
  const common = hmac('sha256', SALTS[version] ?? new Uint8Array(20), connectionId);
  return quicKeys(version, 'aes-128-gcm', expand('sha256', common, `${from} in`, 32));
}

/** A variable-length integer in as few bytes as hold it (up to 2^30). */
export function varint(value: number): Uint8Array {
  if (value < 64) return u8(value);
  return value < 16_384 ? u16(0x4000 | value) : u32(0x80000000 + value);
}

function headerMask(keys: QuicKeys, sample: Uint8Array): Uint8Array {
  if (keys.cipher === 'chacha20-poly1305') {
    const stream = createCipheriv('chacha20', keys.headerKey, sample);
    return new Uint8Array(stream.update(new Uint8Array(5)));
  }
  const cipher = createCipheriv(`aes-${keys.headerKey.length * 8}-ecb`, keys.headerKey, null);
  return new Uint8Array(cipher.update(sample));
}

/** Seals a payload behind a header whose last four bytes are the packet number. */
function seal(keys: QuicKeys, header: Uint8Array, number: number, payload: Uint8Array): Uint8Array {
  const nonce = keys.iv.slice();
  for (let i = 0; i < 4; i++) nonce[11 - i] = (nonce[11 - i] ?? 0) ^ ((number >>> (8 * i)) & 0xff);
  // The overloads of Node's types know one family of ciphers each; both take the same options.
  const cipher = createCipheriv(keys.cipher as 'aes-128-gcm', keys.key, nonce, { authTagLength: TAG });
  cipher.setAAD(header);
  const sealed = join(cipher.update(payload), cipher.final(), cipher.getAuthTag());
  const mask = headerMask(keys, sealed.slice(0, 16));
  const out = join(header, sealed);
  out[0] = (out[0] ?? 0) ^ ((mask[0] ?? 0) & ((out[0] ?? 0) >= 0x80 ? 0x0f : 0x1f));
  for (let i = 0; i < 4; i++) {
    const at = header.length - 4 + i;
    out[at] = (out[at] ?? 0) ^ (mask[1 + i] ?? 0);
  }
  return out;
}

export interface LongFields {
  readonly version?: number;
  readonly type?: number;
  readonly destination?: BytesLike;
  readonly source?: BytesLike;
  readonly token?: BytesLike;
  readonly number?: number;
  /** Pads the payload with PADDING frames to this many bytes. */
  readonly size?: number;
}

export function quicLong(keys: QuicKeys, frames: BytesLike, fields: LongFields = {}): Uint8Array {
  const { version = 1, type = QUIC_TYPE.initial, destination = [], source = [], token = [], number = 0 } = fields;
  const payload = join(frames, new Uint8Array(Math.max(0, (fields.size ?? 24) - frames.length)));
  const raw = version === QUIC_V2 ? (type + 1) & 3 : type;
  const header = join(
    u8(0xc3 | (raw << 4)),
    u32(version),
    u8(destination.length),
    destination,
    u8(source.length),
    source,
    type === QUIC_TYPE.initial ? join(varint(token.length), token) : [],
    varint(4 + payload.length + TAG),
    u32(number),
  );
  return seal(keys, header, number, payload);
}

export function quicShort(
  keys: QuicKeys,
  frames: BytesLike,
  fields: { readonly destination?: BytesLike; readonly number?: number; readonly keyPhase?: 0 | 1 } = {},
): Uint8Array {
  const { destination = [], number = 0, keyPhase = 0 } = fields;
  const header = join(u8(0x43 | (keyPhase << 2)), destination, u32(number));
  return seal(keys, header, number, join(frames, new Uint8Array(Math.max(0, 24 - frames.length))));
}

export function cryptoFrame(offset: number, bytes: BytesLike): Uint8Array {
  return join([6], varint(offset), varint(bytes.length), bytes);
}

export function versionNegotiation(destination: BytesLike, source: BytesLike, versions: readonly number[]): Uint8Array {
  const list = versions.map((version) => u32(version));
  return join([0x80], u32(0), u8(destination.length), destination, u8(source.length), source, ...list);
}

export function retry(destination: BytesLike, source: BytesLike, token: BytesLike): Uint8Array {
  const ids = join(u8(destination.length), destination, u8(source.length), source);
  return join([0xf0], u32(1), ids, token, new Uint8Array(16).fill(0xee));
}

/** Every frame of RFC 9000 19 that has no place in a handshake, and a datagram (RFC 9221). */
export const ALL_FRAMES: Uint8Array = join(
  [0x01],
  [0x03, 10, 0, 1, 2, 1, 3, 4, 5, 6],
  [0x04, 8, 2, 9],
  [0x05, 12, 3],
  [0x07, 2, 0xaa, 0xbb],
  [0x0f, 4, 1, 3],
  utf8('abc'),
  [0x10, 0x44, 0x00],
  [0x11, 4, 0x44, 0x01],
  [0x12, 7],
  [0x13, 8],
  [0x14, 9],
  [0x15, 4, 9],
  [0x16, 10],
  [0x17, 11],
  [0x18, 1, 0, 4, 1, 2, 3, 4],
  new Uint8Array(16).fill(0x77),
  [0x19, 0],
  [0x1a, 1, 2, 3, 4, 5, 6, 7, 8],
  [0x1b, 1, 2, 3, 4, 5, 6, 7, 8],
  [0x1d, 3, 3],
  utf8('bye'),
  [0x1e],
  [0x31, 2],
  utf8('dg'),
  [0x1c, 0x41, 0x28, 6, 5],
  utf8('alert'),
);
