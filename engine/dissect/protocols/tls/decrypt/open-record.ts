/** Opening sealed records (RFC 5246 6.2.3, RFC 7366 encrypt-then-MAC, RFC 8446 5.2). */

import { u16 } from '../../../../base/bytes.ts';
import { platform } from '../../../../base/platform.ts';
import { VERSION } from '../names.ts';
import { concat, type Keys } from './keys.ts';
import { NONCE_BYTES, type Sealing, type Suite } from './suites.ts';

/** All that opens the records of one direction, but for their numbers. */
export interface RecordCipher {
  readonly suite: Suite;
  readonly keys: Keys;
  readonly version: number;
  readonly is13: boolean;
  /** RFC 7366. */
  readonly encryptThenMac: boolean;
  /** Bytes of the MAC in a record: those of the suite, or fewer (RFC 6066 7). */
  readonly macBytes: number;
}

/** A record's own part of it: the same again opens it again. */
export interface Opening {
  readonly cipher: RecordCipher;
  readonly sequence: number;
  /** TLS 1.0: the last block of the record before (RFC 2246 6.2.3.2); empty otherwise. */
  readonly chained: Uint8Array;
}

export interface Opened {
  readonly type: number;
  readonly bytes: Uint8Array;
}

const RECORD_HEADER = 5;
const EXPLICIT_NONCE = 8;
const SEQUENCE_BYTES = 8;

/** `header`: the record's five bytes (in DTLS made to look so); null: the keys do not fit. */
export function openRecord(
  opening: Opening,
  header: Uint8Array,
  body: Uint8Array,
  sequence: Uint8Array = sequenceBytes(opening.sequence),
): Opened | null {
  const { cipher } = opening;
  const { sealing } = cipher.suite;
  if (cipher.is13) return open13(cipher, sealing, header, body, sequence);
  const bytes =
    sealing.kind === 'cbc' || sealing.kind === 'plain'
      ? openWithMac(opening, sealing, header, body, sequence)
      : openAead12(cipher, sealing, header, body, sequence);
  return bytes === null ? null : { type: header[0], bytes };
}

function sequenceBytes(sequence: number): Uint8Array {
  const bytes = new Uint8Array(SEQUENCE_BYTES);
  let rest = sequence;
  for (let i = SEQUENCE_BYTES - 1; i >= 0 && rest > 0; i--) {
    bytes[i] = rest % 256;
    rest = Math.floor(rest / 256);
  }
  return bytes;
}

/** The settled nonce with the record's number in its last bytes. */
function numbered(iv: Uint8Array, sequence: Uint8Array): Uint8Array {
  const nonce = iv.slice(0, NONCE_BYTES);
  for (let i = 0; i < SEQUENCE_BYTES; i++) nonce[NONCE_BYTES - SEQUENCE_BYTES + i] ^= sequence[i];
  return nonce;
}

function openAead(
  sealing: Sealing,
  key: Uint8Array,
  nonce: Uint8Array,
  additional: Uint8Array,
  bytes: Uint8Array,
): Uint8Array | null {
  if (sealing.kind === 'gcm') return platform().openAesGcm(key, nonce, additional, bytes);
  if (sealing.kind === 'chacha') return platform().openChaCha(key, nonce, additional, bytes);
  if (sealing.kind === 'ccm') return platform().openAesCcm(key, nonce, additional, bytes, sealing.tagBytes);
  return null;
}

/** The type stands behind the content, and zeros may follow it. */
function open13(
  cipher: RecordCipher,
  sealing: Sealing,
  header: Uint8Array,
  body: Uint8Array,
  sequence: Uint8Array,
): Opened | null {
  const { key, iv } = cipher.keys;
  const inner = openAead(sealing, key, numbered(iv, sequence), header, body);
  if (inner === null) return null;
  let end = inner.length;
  while (end > 0 && inner[end - 1] === 0) end--;
  return end === 0 ? null : { type: inner[end - 1], bytes: inner.subarray(0, end - 1) };
}

function openAead12(
  cipher: RecordCipher,
  sealing: Sealing,
  header: Uint8Array,
  body: Uint8Array,
  sequence: Uint8Array,
): Uint8Array | null {
  const { key, iv } = cipher.keys;
  const explicit = sealing.kind === 'chacha' ? 0 : EXPLICIT_NONCE;
  const tag = sealing.kind === 'ccm' ? sealing.tagBytes : 16;
  const length = body.length - explicit - tag;
  if (length < 0) return null;
  const nonce = explicit === 0 ? numbered(iv, sequence) : concat(iv, body.subarray(0, explicit));
  return openAead(sealing, key, nonce, macHeader(sequence, header, length), body.subarray(explicit));
}

function macHeader(sequence: Uint8Array, header: Uint8Array, length: number): Uint8Array {
  return concat(sequence, header.subarray(0, 3), Uint8Array.of(length >>> 8, length & 255));
}

function openWithMac(
  { cipher, chained }: Opening,
  sealing: Sealing & { readonly kind: 'cbc' | 'plain' },
  header: Uint8Array,
  body: Uint8Array,
  sequence: Uint8Array,
): Uint8Array | null {
  const { macBytes } = cipher;
  const { mac, key } = cipher.keys;
  const fits = (content: Uint8Array, tag: Uint8Array): boolean => {
    const whole = platform().hmac(sealing.mac, mac, concat(macHeader(sequence, header, content.length), content));
    return isSame(whole.subarray(0, macBytes), tag);
  };
  let sealed = body;
  if (cipher.encryptThenMac && sealing.kind === 'cbc') {
    if (body.length < macBytes) return null;
    sealed = body.subarray(0, body.length - macBytes);
    if (!fits(sealed, body.subarray(sealed.length))) return null;
  }
  const content = sealing.kind === 'plain' ? sealed : unblock(sealing, key, chained, sealed);
  if (content === null) return null;
  if (cipher.encryptThenMac && sealing.kind === 'cbc') return content;
  if (content.length < macBytes) return null;
  const bytes = content.subarray(0, content.length - macBytes);
  return fits(bytes, content.subarray(bytes.length)) ? bytes : null;
}

/** Decrypts and takes the padding off; before TLS 1.1 there is no vector in front. */
function unblock(
  sealing: Sealing & { readonly kind: 'cbc' },
  key: Uint8Array,
  chained: Uint8Array,
  sealed: Uint8Array,
): Uint8Array | null {
  const own = chained.length === 0 ? sealing.blockBytes : 0;
  if (sealed.length < own + sealing.blockBytes) return null;
  const iv = own === 0 ? chained : sealed.subarray(0, own);
  const padded = platform().decryptCbc(sealing.cipher, key, iv, sealed.subarray(own));
  if (padded === null) return null;
  const end = padded.length - padded[padded.length - 1] - 1;
  return end < 0 ? null : padded.subarray(0, end);
}

function isSame(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}

/** What the next record of TLS 1.0 is chained to; empty for all later versions. */
export function chainedTo(cipher: RecordCipher, body: Uint8Array): Uint8Array {
  const { sealing } = cipher.suite;
  if (sealing.kind !== 'cbc' || cipher.version > VERSION.tls10) return NOTHING;
  const end = cipher.encryptThenMac ? body.length - cipher.macBytes : body.length;
  return body.slice(Math.max(0, end - sealing.blockBytes), Math.max(0, end));
}

const NOTHING = new Uint8Array(0);

/** Opens a whole record as it was in the stream. */
export function openAgain(opening: Opening, record: Uint8Array): Uint8Array | null {
  if (record.length < RECORD_HEADER) return null;
  const end = Math.min(record.length, RECORD_HEADER + u16(record, 3));
  return openRecord(opening, record.subarray(0, RECORD_HEADER), record.subarray(RECORD_HEADER, end))?.bytes ?? null;
}
