/** From the secrets of a connection to the keys of its records (RFC 2246 5, RFC 5246 5 and 6.3, RFC 8446 7.1 to 7.3, RFC 5869). */

import { type HashName, platform } from '../../../../base/platform.ts';
import { VERSION } from '../names.ts';
import type { Suite } from './suites.ts';

/** Keys of one direction. */
export interface Keys {
  readonly mac: Uint8Array;
  readonly key: Uint8Array;
  readonly iv: Uint8Array;
}

/** The keys of the two sides of a connection. */
export interface KeyPair {
  readonly client: Keys;
  readonly server: Keys;
}

export function concat(...parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

function ascii(text: string): Uint8Array {
  return Uint8Array.from(text, (c) => c.charCodeAt(0));
}

/** RFC 5246 5: P_hash. */
function expand(hash: HashName, secret: Uint8Array, seed: Uint8Array, length: number): Uint8Array {
  const out = new Uint8Array(length);
  let a = seed;
  for (let at = 0; at < length; ) {
    a = platform().hmac(hash, secret, a);
    const block = platform().hmac(hash, secret, concat(a, seed));
    out.set(block.subarray(0, length - at), at);
    at += block.length;
  }
  return out;
}

/** The pseudo-random function of TLS 1.0 to 1.2; until 1.1 it mixes MD5 and SHA-1 (RFC 2246 5). */
function prf(
  version: number,
  hash: HashName,
  secret: Uint8Array,
  label: string,
  seed: Uint8Array,
  length: number,
): Uint8Array {
  const labelled = concat(ascii(label), seed);
  if (version >= VERSION.tls12) return expand(hash, secret, labelled, length);
  const half = Math.ceil(secret.length / 2);
  const out = expand('md5', secret.subarray(0, half), labelled, length);
  const other = expand('sha1', secret.subarray(secret.length - half), labelled, length);
  for (let i = 0; i < length; i++) out[i] ^= other[i];
  return out;
}

const MASTER_BYTES = 48;

/** RFC 5246 8.1: for logs that hold the premaster secret. */
export function masterSecret(version: number, suite: Suite, premaster: Uint8Array, randoms: Uint8Array): Uint8Array {
  return prf(version, suite.hash, premaster, 'master secret', randoms, MASTER_BYTES);
}

/** RFC 5246 6.3. */
export function keysOf12(
  version: number,
  suite: Suite,
  master: Uint8Array,
  clientRandom: Uint8Array,
  serverRandom: Uint8Array,
): KeyPair {
  const { macBytes, keyBytes, ivBytes } = suite;
  const seed = concat(serverRandom, clientRandom);
  const block = prf(version, suite.hash, master, 'key expansion', seed, 2 * (macBytes + keyBytes + ivBytes));
  let at = 0;
  const next = (length: number): Uint8Array => block.subarray(at, (at += length));
  const macs = [next(macBytes), next(macBytes)];
  const keys = [next(keyBytes), next(keyBytes)];
  const ivs = [next(ivBytes), next(ivBytes)];
  return {
    client: { mac: macs[0], key: keys[0], iv: ivs[0] },
    server: { mac: macs[1], key: keys[1], iv: ivs[1] },
  };
}

/** RFC 8446 7.1: HKDF-Expand-Label with an empty context. */
function expandLabel(hash: HashName, secret: Uint8Array, label: string, length: number): Uint8Array {
  const name = ascii(`tls13 ${label}`);
  const info = concat(Uint8Array.of(length >>> 8, length & 255, name.length), name, Uint8Array.of(0));
  const out = new Uint8Array(length);
  let block: Uint8Array = new Uint8Array(0);
  for (let at = 0, i = 1; at < length; i++) {
    block = platform().hmac(hash, secret, concat(block, info, Uint8Array.of(i)));
    out.set(block.subarray(0, length - at), at);
    at += block.length;
  }
  return out;
}

/** RFC 8446 7.3. */
export function keysOf13(suite: Suite, secret: Uint8Array): Keys {
  return {
    mac: new Uint8Array(0),
    key: expandLabel(suite.hash, secret, 'key', suite.keyBytes),
    iv: expandLabel(suite.hash, secret, 'iv', suite.ivBytes),
  };
}

/** RFC 8446 7.2: the traffic secret after a Key Update. */
export function nextSecret(suite: Suite, secret: Uint8Array): Uint8Array {
  return expandLabel(suite.hash, secret, 'traffic upd', secret.length);
}
