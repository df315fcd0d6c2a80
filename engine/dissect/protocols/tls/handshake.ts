/** Handshake messages of SSL 3.0 to TLS 1.3 (RFC 6101, 5246, 8446, 8422, 4279, 6066, 8879). */

import { toHex } from '../../../base/hex.ts';
import { platform } from '../../../base/platform.ts';
import { decodeLatin1 } from '../../../base/text.ts';
import { addProbable } from '../../probable.ts';
import type { TreeBuilder } from '../../tree.ts';
import type { Session } from './connection.ts';
import { addExtensions, addSignatureAlgorithms } from './extensions.ts';
import { addCertificateStatus, addDistinguishedNames } from './extensions-rare.ts';
import { type Hello, ja3sText, ja3Text, ja4, makeHello, md5 } from './fingerprints.ts';
import { chosenVersion } from './framing.ts';
import {
  EXTENSION,
  equivalent,
  HANDSHAKE,
  HANDSHAKE_HEADER,
  HANDSHAKE_TYPES,
  isTls13,
  keyExchangeOf,
  RETRY_RANDOM,
  VERSION,
} from './names.ts';
import { addSignatureAlgorithm } from './signatures.ts';
import { torSigns } from './tor.ts';
import { addCertificate } from './x509/certificate.ts';

const RANDOM = 32;
const SHA1_BYTES = 20;
/** Bytes of an encrypted premaster secret by which key logs name it. */
const PREMASTER_NAME = 8;
/** A certificate chain larger than this after decompression is not unpacked. */
const MAX_CERTIFICATES = 1 << 20;
const CERTIFICATE_COMPRESSION = { 1: 'deflate', 2: 'br', 3: 'zstd' } as const;

/** For JA4: t for TCP, q for QUIC, d for DTLS. */
export type Transport = 't' | 'q' | 'd';

/** Adds the message in [at, end); returns its name for Info. */
export function addHandshake(t: TreeBuilder, at: number, end: number, session: Session, transport: Transport): string {
  const type = t.u8(at);
  const length = t.u24(at + 1);
  const body = at + HANDSHAKE_HEADER;
  const isRetry =
    type === HANDSHAKE.serverHello &&
    t.has(body + 2, RANDOM) &&
    toHex(t.bytes, '', body + 2, body + 2 + RANDOM) === RETRY_RANDOM;
  const name = isRetry ? 'Hello Retry Request' : (HANDSHAKE_TYPES[type] ?? `Unknown handshake type (${type})`);
  t.nest(t.put('handshake', new Uint8Array(0), at, end - at, `Handshake Protocol: ${name}`));
  t.add('handshake.type', at);
  if (isRetry) t.last().text = `Handshake Type: ${name} (2)`;
  t.put('handshake.length', length, at + 1, 3);
  const note = addHandshakeBody(t, type, body, end, session, transport);
  session.seen.push(isRetry ? HANDSHAKE.helloRetryRequest : type);
  t.close();
  return name + note;
}

/** Adds a message's contents; returns what Info says besides its name. */
export function addHandshakeBody(
  t: TreeBuilder,
  type: number,
  from: number,
  end: number,
  session: Session,
  transport: Transport,
): string {
  let at = from;
  switch (type) {
    case HANDSHAKE.clientHello:
      return clientHello(t, at, end, session, transport);
    case HANDSHAKE.serverHello:
      serverHello(t, at, end, session);
      return '';
    case HANDSHAKE.helloVerifyRequest:
      t.add('handshake.version', at);
      if (transport === 'd') vector(t, at + 2, 1, 'handshake.cookie_length', 'handshake.cookie');
      return '';
    case HANDSHAKE.newSessionTicket:
      newSessionTicket(t, at, end, session);
      return '';
    case HANDSHAKE.encryptedExtensions:
      encryptedExtensions(t, at, end, session);
      return '';
    case HANDSHAKE.certificate:
      certificates(t, at, end, isTls13(session.version));
      return '';
    case HANDSHAKE.compressedCertificate:
      compressedCertificate(t, at, end);
      return '';
    case HANDSHAKE.serverKeyExchange:
      serverKeyExchange(t, at, end, session);
      return '';
    case HANDSHAKE.certificateRequest:
      certificateRequest(t, at, end, session);
      return '';
    case HANDSHAKE.certificateVerify:
      certificateVerify(t, at, end, session);
      return '';
    case HANDSHAKE.clientKeyExchange:
      clientKeyExchange(t, at, end, session);
      return '';
    case HANDSHAKE.finished:
      if (end > at) t.put('handshake.verify_data', t.slice(at, end - at), at, end - at);
      return '';
    case HANDSHAKE.certificateStatus:
      addCertificateStatus(t, at, end);
      return '';
    case HANDSHAKE.certificateUrl:
      certificateUrls(t, at, end);
      return '';
    case HANDSHAKE.nextProtocol:
      at = vector(t, at, 1, 'handshake.npn_selected_protocol_len', 'handshake.npn_selected_protocol');
      vector(t, at, 1, 'handshake.npn_padding_len', 'handshake.npn_padding');
      return '';
    case HANDSHAKE.keyUpdate:
      t.add('handshake.key_update.request_update', at);
      return '';
    default:
      return '';
  }
}

/** The random of a hello: until TLS 1.2 its first four bytes were meant to be the time. */
function addRandom(t: TreeBuilder, at: number, hasTime: boolean): number {
  t.nest(t.put('handshake.random', t.slice(at, RANDOM), at, RANDOM));
  if (!hasTime) {
    t.close();
    return at + RANDOM;
  }
  t.put('handshake.random_time', BigInt(t.u32(at)) * 1_000_000_000n, at, 4);
  t.add('handshake.random_bytes', at + 4, RANDOM - 4);
  t.close();
  return at + RANDOM;
}

function addSessionId(t: TreeBuilder, at: number): number {
  const length = t.u8(at);
  t.put('handshake.session_id_length', length, at, 1);
  if (length > 0) t.add('handshake.session_id', at + 1, length);
  return at + 1 + length;
}

function clientHello(t: TreeBuilder, from: number, end: number, session: Session, transport: Transport): string {
  const hello = makeHello();
  hello.version = t.u16(from);
  t.add('handshake.version', from);
  const sessionAt = addRandom(t, from + 2, transport !== 'q');
  let at = addSessionId(t, sessionAt);
  session.offeredSession = toHex(t.bytes, '', sessionAt + 1, at);
  session.clientRandom = t.slice(from + 2, RANDOM);
  session.serverRandom = new Uint8Array(0);
  session.client = t.packet.direction;
  if (transport === 'd') at = vector(t, at, 1, 'handshake.cookie_length', 'handshake.cookie');
  const suites = t.u16(at);
  t.put('handshake.cipher_suites_length', suites, at, 2);
  t.nest(
    t.put(
      'handshake.ciphersuites',
      new Uint8Array(0),
      at + 2,
      suites,
      `Cipher Suites (${suites >>> 1} suite${suites === 2 ? '' : 's'})`,
    ),
  );
  for (let i = at + 2; i + 2 <= at + 2 + suites; i += 2) {
    t.add('handshake.ciphersuite', i);
    hello.suites.push(t.u16(i));
  }
  t.close();
  at += 2 + suites;
  const methods = t.u8(at);
  t.add('handshake.comp_methods_length', at);
  t.nest(
    t.put(
      'handshake.comp_methods',
      new Uint8Array(0),
      at + 1,
      methods,
      `Compression Methods (${methods} method${methods === 1 ? '' : 's'})`,
    ),
  );
  for (let i = at + 1; i < at + 1 + methods; i++) t.add('handshake.comp_method', i);
  t.close();
  at += 1 + methods;
  if (at + 2 <= end) addExtensions(t, at, end, HANDSHAKE.clientHello, hello);
  session.earlyData = hello.extensions.includes(EXTENSION.earlyData);
  addClientFingerprints(t, from, hello, transport);
  const signs = t.protocol.name === 'tls' && t.transport === 'tcp' ? torSigns(hello.serverName, t.ports) : [];
  if (signs.length > 0) addProbable(t, 'Tor', signs, from, end - from);
  return hello.serverName === '' ? '' : ` (SNI=${hello.serverName})`;
}

function addClientFingerprints(t: TreeBuilder, at: number, hello: Hello, transport: Transport): void {
  const full = ja3Text(hello);
  if (t.keeps('handshake.ja4')) t.generated('handshake.ja4', ja4(hello, transport), at);
  t.generated('handshake.ja3_full', full, at);
  if (t.keeps('handshake.ja3')) t.generated('handshake.ja3', md5(full), at);
}

function serverHello(t: TreeBuilder, from: number, end: number, session: Session): void {
  const hello = makeHello();
  hello.version = t.u16(from);
  t.add('handshake.version', from);
  // TLS 1.3 drafts up to 21 had no session id and no compression method here.
  const sessionAt = addRandom(t, from + 2, !isTls13(equivalent(chosenVersion(t.bytes, from, end))));
  const at = addSessionId(t, sessionAt);
  const suite = t.u16(at);
  hello.suites.push(suite);
  t.add('handshake.ciphersuite', at);
  t.add('handshake.comp_method', at + 2);
  if (at + 5 <= end) addExtensions(t, at + 3, end, HANDSHAKE.serverHello, hello);
  session.suite = suite;
  session.serverRandom = t.slice(from + 2, RANDOM);
  session.sessionId = t.slice(sessionAt + 1, at - sessionAt - 1);
  session.compression = t.u8(at + 2);
  session.truncatedMac = hello.extensions.includes(EXTENSION.truncatedMac);
  session.encryptThenMac = hello.extensions.includes(EXTENSION.encryptThenMac);
  session.extendedMasterSecret = hello.extensions.includes(EXTENSION.extendedMasterSecret);
  session.wireVersion = chosenVersion(t.bytes, from, end);
  session.version = equivalent(session.wireVersion) || session.version;
  if (hello.alpn !== null) session.alpn = decodeLatin1(hello.alpn);
  const sessionId = toHex(t.bytes, '', sessionAt + 1, at);
  if (sessionId !== '' && sessionId === session.offeredSession && !isTls13(session.version)) {
    t.expert('chat', 'The keys of an earlier session are used again', sessionAt, at - sessionAt, 'resumed');
  }
  const full = ja3sText(hello);
  t.generated('handshake.ja3s_full', full, from);
  if (t.keeps('handshake.ja3s')) t.generated('handshake.ja3s', md5(full), from);
}

/** From TLS 1.3 on the server chooses the application here (RFC 8446 4.3.1). */
function encryptedExtensions(t: TreeBuilder, at: number, end: number, session: Session): void {
  const hello = makeHello();
  addExtensions(t, at, end, HANDSHAKE.encryptedExtensions, hello);
  if (hello.alpn !== null) session.alpn = decodeLatin1(hello.alpn);
}

function newSessionTicket(t: TreeBuilder, from: number, end: number, session: Session): void {
  t.nest(t.text('TLS Session Ticket', from, end - from));
  t.add('handshake.session_ticket_lifetime_hint', from);
  let at = from + 4;
  const is13 = isTls13(session.version);
  if (is13) {
    t.add('handshake.session_ticket_age_add', at);
    const nonce = t.u8(at + 4);
    t.add('handshake.session_ticket_nonce_length', at + 4);
    t.add('handshake.session_ticket_nonce', at + 5, nonce);
    at += 5 + nonce;
  }
  const length = t.u16(at);
  t.add('handshake.session_ticket_length', at);
  if (length > 0) t.add('handshake.session_ticket', at + 2, length);
  at += 2 + length;
  if (is13 && at + 2 <= end) addExtensions(t, at, end, HANDSHAKE.newSessionTicket, makeHello());
  t.close();
}

/** A chain; in TLS 1.3 with a context before it and extensions behind each certificate. */
function certificates(t: TreeBuilder, from: number, end: number, is13: boolean): void {
  let at = from;
  if (is13) at = addContext(t, at);
  const length = t.u24(at);
  t.put('handshake.certificates_length', length, at, 3);
  at += 3;
  const stop = Math.min(end, at + length);
  if (length === 0) return;
  t.nest(t.put('handshake.certificates', new Uint8Array(0), at, stop - at, `Certificates (${length} bytes)`));
  while (at + 3 <= stop) {
    const size = t.u24(at);
    if (at + 3 + size > stop) t.fail();
    t.put('handshake.certificate_length', size, at, 3);
    t.nest(t.put('handshake.certificate', t.slice(at + 3, size), at + 3, size));
    addCertificate(t, at + 3, at + 3 + size);
    t.close();
    at += 3 + size;
    if (is13 && at + 2 <= stop) at = addExtensions(t, at, stop, HANDSHAKE.certificate, makeHello());
  }
  t.close();
}

function addContext(t: TreeBuilder, at: number): number {
  const length = t.u8(at);
  t.add('handshake.certificate_request_context_length', at);
  if (length > 0) t.add('handshake.certificate_request_context', at + 1, length);
  return at + 1 + length;
}

/** RFC 8879 4. */
function compressedCertificate(t: TreeBuilder, at: number, end: number): void {
  const algorithm = t.u16(at);
  t.add('compress_certificate.algorithm', at);
  const size = t.u24(at + 2);
  t.put('compress_certificate.uncompressed_length', size, at + 2, 3);
  const length = t.u24(at + 5);
  t.put('compress_certificate.compressed_certificate_message.length', length, at + 5, 3);
  const data = at + 8;
  const there = Math.min(length, end - data);
  if (there <= 0) return;
  t.add('compress_certificate.compressed_certificate_message', data, there);
  if (algorithm < 1 || algorithm > 3 || size > MAX_CERTIFICATES) return;
  const name = CERTIFICATE_COMPRESSION[algorithm as 1 | 2 | 3];
  const { bytes, ended } = platform().inflate(name, t.slice(data, there), Math.max(1, size));
  if (ended !== 'done') {
    t.expert('warning', `The certificate could not be unpacked: ${ended}`, data, there);
    return;
  }
  t.within('Uncompressed certificate', bytes, () => certificates(t, 0, bytes.length, true));
}

/** An opaque value behind its length in `width` bytes; returns one past it. */
function vector(t: TreeBuilder, at: number, width: 1 | 2, lengthKey: string, key: string): number {
  const length = width === 1 ? t.u8(at) : t.u16(at);
  t.put(lengthKey, length, at, width);
  if (length > 0) t.add(key, at + width, length);
  return at + width + length;
}

function serverKeyExchange(t: TreeBuilder, from: number, end: number, session: Session): void {
  const exchange = keyExchangeOf(session.suite);
  let at = from;
  if (exchange.endsWith('psk')) at = vector(t, at, 2, 'handshake.hint_len', 'handshake.hint');
  if (exchange.startsWith('ecdhe')) {
    t.nest(t.text('EC Diffie-Hellman Server Params', at, end - at));
    t.add('handshake.server_curve_type', at);
    if (t.u8(at) !== 3) {
      t.close();
      return;
    }
    t.add('handshake.server_named_curve', at + 1);
    at = vector(t, at + 3, 1, 'handshake.server_point_len', 'handshake.server_point');
  } else if (exchange.startsWith('dhe')) {
    t.nest(t.text('Diffie-Hellman Server Params', at, end - at));
    at = vector(t, at, 2, 'handshake.p_len', 'handshake.p');
    at = vector(t, at, 2, 'handshake.g_len', 'handshake.g');
    at = vector(t, at, 2, 'handshake.ys_len', 'handshake.ys');
  } else if (exchange === 'rsa') {
    t.nest(t.text('RSA Server Params', at, end - at));
    at = vector(t, at, 2, 'handshake.modulus_len', 'handshake.modulus');
    at = vector(t, at, 2, 'handshake.exponent_len', 'handshake.exponent');
  } else {
    return;
  }
  if (at < end && !exchange.endsWith('psk')) {
    if (session.version >= VERSION.tls12) at = addSignatureAlgorithm(t, at);
    if (at + 2 <= end) vector(t, at, 2, 'handshake.sig_len', 'handshake.sig');
  }
  t.close();
}

function clientKeyExchange(t: TreeBuilder, from: number, end: number, session: Session): void {
  const exchange = keyExchangeOf(session.suite);
  let at = from;
  if (exchange.endsWith('psk')) at = vector(t, at, 2, 'handshake.identity_len', 'handshake.identity');
  if (exchange.startsWith('ecdhe')) {
    t.nest(t.text('EC Diffie-Hellman Client Params', at, end - at));
    vector(t, at, 1, 'handshake.client_point_len', 'handshake.client_point');
    t.close();
  } else if (exchange.startsWith('dhe')) {
    t.nest(t.text('Diffie-Hellman Client Params', at, end - at));
    vector(t, at, 2, 'handshake.yc_len', 'handshake.yc');
    t.close();
  } else if (exchange.startsWith('rsa')) {
    t.nest(t.text('RSA Encrypted PreMaster Secret', at, end - at));
    // SSL 3.0 had no length here.
    if (session.version === VERSION.ssl3) t.add('handshake.epms', at, end - at);
    else {
      vector(t, at, 2, 'handshake.epms_len', 'handshake.epms');
      session.encryptedPremaster = t.slice(at + 2, Math.min(PREMASTER_NAME, t.u16(at)));
    }
    t.close();
  }
}

function certificateRequest(t: TreeBuilder, from: number, end: number, session: Session): void {
  let at = from;
  if (isTls13(session.version)) {
    at = addContext(t, at);
    addExtensions(t, at, end, HANDSHAKE.certificateRequest, makeHello());
    return;
  }
  const count = t.u8(at);
  t.add('handshake.cert_types_count', at);
  t.nest(
    t.put(
      'handshake.cert_types',
      new Uint8Array(0),
      at + 1,
      count,
      `Certificate types (${count} type${count === 1 ? '' : 's'})`,
    ),
  );
  for (let i = at + 1; i < at + 1 + count; i++) t.add('handshake.cert_type', i);
  t.close();
  at += 1 + count;
  if (session.version >= VERSION.tls12) at = addSignatureAlgorithms(t, at, end, []);
  addDistinguishedNames(t, at, end);
}

/** RFC 6066 5. */
function certificateUrls(t: TreeBuilder, from: number, end: number): void {
  t.add('handshake.cert_url_type', from);
  t.add('handshake.cert_url.url_hash_len', from + 1);
  const stop = Math.min(end, from + 3 + t.u16(from + 1));
  for (let at = from + 3; at + 2 <= stop; ) {
    const length = t.u16(at);
    t.nest(t.put('handshake.cert_url.url_hash', new Uint8Array(0), at, 2 + length + 1 + SHA1_BYTES));
    const padding = vector(t, at, 2, 'handshake.cert_url.url_len', 'handshake.cert_url.url');
    t.put('handshake.cert_url.padding', new Uint8Array(0), padding, 1);
    t.add('handshake.cert_url.sha1', padding + 1, SHA1_BYTES);
    t.close();
    at = padding + 1 + SHA1_BYTES;
  }
}

function certificateVerify(t: TreeBuilder, from: number, end: number, session: Session): void {
  let at = from;
  if (session.version >= VERSION.tls12) at = addSignatureAlgorithm(t, at);
  if (at + 2 <= end) vector(t, at, 2, 'handshake.client_cert_vrfy.sig_len', 'handshake.client_cert_vrfy.sig');
}
