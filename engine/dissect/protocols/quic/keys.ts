/**
 * Keys of QUIC packets: of Initial packets from the connection id, so that anyone can read them (RFC 9001 5.2, RFC 9369 3.3); of
 * the others from the secrets of the TLS handshake, where a key log has them (RFC 9001 5.1). And how packets are opened (5.3, 5.4).
 */

import { type HashName, platform } from '../../../base/platform.ts';
import { chachaBlock } from './chacha.ts';

const SALTS: Readonly<Record<string, string>> = {
  v1: '38762cf7f55934b34d179ae6a4c80cadccbb7f0a',
  v2: '0dede3def700a6db819381be6e269dcbf9bd2ed9',
  draft29: 'afbfec289993d24c9e9786f19c6111e04390a899',
  draft23: 'c3eef712c72ebb5a11a7d2432bb46365bef9f502',
};
const V1 = 1;
const V2 = 0x6b3343cf;
const DRAFT = 0xff000000;
const SAMPLE = 16;
const TAG = 16;
const IV = 12;
/** Bits of the first byte that are protected. */
const LONG_BITS = 0x0f;
const SHORT_BITS = 0x1f;

interface Suite {
  readonly hash: HashName;
  readonly keyBytes: number;
  readonly isChaCha: boolean;
}

/** TLS 1.3 cipher suites that QUIC may use (RFC 9001 5.3). */
const SUITES: Readonly<Record<number, Suite>> = {
  0x1301: { hash: 'sha256', keyBytes: 16, isChaCha: false },
  0x1302: { hash: 'sha384', keyBytes: 32, isChaCha: false },
  0x1303: { hash: 'sha256', keyBytes: 32, isChaCha: true },
};
const INITIAL_SUITE = 0x1301;

/** Which salt a version uses; undefined: its Initial packets cannot be read. */
function saltOf(version: number): string | undefined {
  if (version === V1) return SALTS.v1;
  if (version === V2) return SALTS.v2;
  const draft = version - DRAFT;
  if (draft >= 29 && draft <= 34) return SALTS.draft29;
  if (draft >= 23 && draft <= 28) return SALTS.draft23;
  return undefined;
}

export interface PacketKeys {
  readonly suite: Suite;
  readonly secret: Uint8Array;
  readonly key: Uint8Array;
  readonly iv: Uint8Array;
  readonly headerKey: Uint8Array;
}

/** HKDF-Expand-Label (RFC 8446 7.1) with an empty context, for outputs of one hash at most. */
function expand(hash: HashName, secret: Uint8Array, label: string, length: number): Uint8Array {
  const text = `tls13 ${label}`;
  const info = new Uint8Array(4 + text.length + 1);
  info[1] = length;
  info[2] = text.length;
  for (let i = 0; i < text.length; i++) info[3 + i] = text.charCodeAt(i);
  info[info.length - 1] = 1; // the first block's counter
  // A copy of its own: what a host lends may be a view whose slices share memory.
  return Uint8Array.from(platform().hmac(hash, secret, info).subarray(0, length));
}

function fromHex(text: string): Uint8Array {
  return Uint8Array.from({ length: text.length / 2 }, (_, i) => Number.parseInt(text.slice(2 * i, 2 * i + 2), 16));
}

function prefixOf(version: number): string {
  return version === V2 ? 'quicv2' : 'quic';
}

/** The keys of one side's packets from its secret; null: a suite that QUIC does not know. */
export function keysOf(version: number, suiteNumber: number, secret: Uint8Array): PacketKeys | null {
  const suite = SUITES[suiteNumber];
  if (suite === undefined) return null;
  const prefix = prefixOf(version);
  return {
    suite,
    secret,
    key: expand(suite.hash, secret, `${prefix} key`, suite.keyBytes),
    iv: expand(suite.hash, secret, `${prefix} iv`, IV),
    headerKey: expand(suite.hash, secret, `${prefix} hp`, suite.keyBytes),
  };
}

/** The next generation of keys (RFC 9001 6.1); the header's stays. */
export function nextKeys(version: number, keys: PacketKeys): PacketKeys {
  const { suite } = keys;
  const prefix = prefixOf(version);
  const secret = expand(suite.hash, keys.secret, `${prefix} ku`, keys.secret.length);
  return {
    suite,
    secret,
    key: expand(suite.hash, secret, `${prefix} key`, suite.keyBytes),
    iv: expand(suite.hash, secret, `${prefix} iv`, IV),
    headerKey: keys.headerKey,
  };
}

export function initialKeys(version: number, connection: Uint8Array, isClient: boolean): PacketKeys | null {
  const salt = saltOf(version);
  if (salt === undefined) return null;
  const common = platform().hmac('sha256', fromHex(salt), connection);
  return keysOf(version, INITIAL_SUITE, expand('sha256', common, isClient ? 'client in' : 'server in', 32));
}

export interface Opened {
  readonly packetNumber: number;
  readonly packetNumberLength: number;
  /** The first byte without its protection. */
  readonly first: number;
  readonly payload: Uint8Array;
}

/** The full number that a truncated one stands for (RFC 9000 A.3); `expected`: the largest seen, plus one. */
function fullNumber(truncated: number, bytes: number, expected: number): number {
  const window = 2 ** (8 * bytes);
  const candidate = Math.floor(expected / window) * window + truncated;
  if (candidate <= expected - window / 2 && candidate + window < 2 ** 53) return candidate + window;
  if (candidate > expected + window / 2 && candidate >= window) return candidate - window;
  return candidate;
}

/** Takes off header protection and opens the packet at [at, end) whose packet number starts at `numberAt`; null: not with these keys. */
export function openPacket(
  keys: PacketKeys,
  bytes: Uint8Array,
  at: number,
  numberAt: number,
  end: number,
  expected: number,
): Opened | null {
  const header = unprotect(keys, bytes, at, numberAt, end);
  if (header === null) return null;
  const length = (header[0] & 3) + 1;
  let truncated = 0;
  for (let i = 0; i < length; i++) truncated = truncated * 256 + header[numberAt - at + i];
  const packetNumber = fullNumber(truncated, length, expected);
  const nonce = keys.iv.slice();
  for (let i = 0, rest = packetNumber; i < 8; i++) {
    nonce[IV - 1 - i] ^= rest % 256;
    rest = Math.floor(rest / 256);
  }
  const sealed = bytes.slice(numberAt + length, end);
  const payload = keys.suite.isChaCha
    ? platform().openChaCha(keys.key, nonce, header, sealed)
    : platform().openAesGcm(keys.key, nonce, header, sealed);
  return payload === null ? null : { packetNumber, packetNumberLength: length, first: header[0], payload };
}

/** The header without its protection (RFC 9001 5.4.1); null where the packet is too short to have one. */
function unprotect(keys: PacketKeys, bytes: Uint8Array, at: number, numberAt: number, end: number): Uint8Array | null {
  if (numberAt + 4 + SAMPLE > end) return null;
  const sample = bytes.slice(numberAt + 4, numberAt + 4 + SAMPLE);
  const mask = keys.suite.isChaCha ? chachaBlock(keys.headerKey, sample) : platform().aesBlock(keys.headerKey, sample);
  const first = bytes[at] ^ (mask[0] & ((bytes[at] & 0x80) !== 0 ? LONG_BITS : SHORT_BITS));
  const length = (first & 3) + 1;
  if (end - numberAt - length < TAG) return null;
  const header = bytes.slice(at, numberAt + length);
  header[0] = first;
  for (let i = 0; i < length; i++) header[numberAt - at + i] ^= mask[1 + i];
  return header;
}
