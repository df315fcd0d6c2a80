/** Extensions that few connections have (RFC 4681, 5054, 5878, 7250, 8446, 9000, 9146, 9345), and what stands in them. */

import type { TreeBuilder } from '../../tree.ts';
import { QUIC_BYTES, QUIC_GOOGLE_VERSION, QUIC_NUMBERS, QUIC_PARAMETERS } from './extension-fields.ts';
import { EXTENSION, HANDSHAKE } from './names.ts';
import { variableLength } from './variable-length.ts';
import { addDistinguishedName } from './x509/name.ts';
import { addOcspResponse } from './x509/ocsp.ts';

const QUIC_PREFERRED_ADDRESS = 13;
const QUIC_VERSIONS = 17;
const ESNI_NONCE = 16;

/** Adds an extension in [at, end); false: it is none of these. `sign` adds a signature algorithm and returns where it ends. */
export function addRareExtension(
  t: TreeBuilder,
  type: number,
  at: number,
  end: number,
  message: number,
  sign: (at: number) => number,
): boolean {
  if (end === at) return false;
  switch (type) {
    case EXTENSION.connectionId:
      sized8(t, at, end, 'connection_id_length', 'connection_id');
      return true;
    case EXTENSION.srp:
      sized8(t, at, end, 'handshake.extensions_srp_len', 'handshake.extensions_srp_username');
      return true;
    case EXTENSION.certType:
    case EXTENSION.clientCertificateType:
    case EXTENSION.serverCertificateType:
      certificateTypes(t, at, end, message);
      return true;
    case EXTENSION.certificateAuthorities:
      addDistinguishedNames(t, at, end);
      return true;
    case EXTENSION.oidFilters:
      oidFilters(t, at, end);
      return true;
    case EXTENSION.delegatedCredentials:
      if (message !== HANDSHAKE.certificate) return false;
      delegatedCredential(t, at, sign);
      return true;
    case EXTENSION.statusRequest:
      if (message !== HANDSHAKE.certificate) return false;
      addCertificateStatus(t, at, end);
      return true;
    case EXTENSION.encryptedServerName:
      encryptedServerName(t, at, end, message);
      return true;
    case EXTENSION.quicParameters:
    case EXTENSION.quicParametersDraft:
      quicParameters(t, at, end);
      return true;
    default:
      return false;
  }
}

function sized8(t: TreeBuilder, at: number, end: number, lengthKey: string, key: string): void {
  const length = t.u8(at);
  t.add(lengthKey, at);
  if (at + 1 + length > end) t.fail();
  if (length > 0) t.add(key, at + 1, length);
}

function certificateTypes(t: TreeBuilder, at: number, end: number, message: number): void {
  if (message !== HANDSHAKE.clientHello) {
    t.add('handshake.cert_type.type', at);
    return;
  }
  const stop = Math.min(end, at + 1 + t.u8(at));
  t.add('handshake.cert_type.types_len', at);
  t.nest(t.put('handshake.cert_type.types', new Uint8Array(0), at + 1, stop - at - 1));
  for (let i = at + 1; i < stop; i++) t.add('handshake.cert_type.type', i);
  t.close();
}

/** A list of names with its length before it; returns one past it. */
export function addDistinguishedNames(t: TreeBuilder, at: number, end: number): number {
  const length = t.u16(at);
  const stop = Math.min(end, at + 2 + length);
  t.add('handshake.dnames_len', at);
  if (length === 0) return stop;
  const row = t.put('handshake.dnames', new Uint8Array(0), at + 2, stop - at - 2);
  row.text = `Distinguished Names (${length} byte${length === 1 ? '' : 's'})`;
  t.nest(row);
  for (let next = at + 2; next + 2 <= stop; ) {
    const size = t.u16(next);
    if (next + 2 + size > stop) t.fail();
    t.add('handshake.dname_len', next);
    t.nest(t.put('handshake.dname', t.slice(next + 2, size), next + 2, size, 'Distinguished Name'));
    addDistinguishedName(t, next + 2, next + 2 + size);
    t.close();
    next += 2 + size;
  }
  t.close();
  return stop;
}

/** RFC 8446 4.2.5. */
function oidFilters(t: TreeBuilder, at: number, end: number): void {
  t.add('extension.oid_filters_length', at);
  const stop = Math.min(end, at + 2 + t.u16(at));
  for (let next = at + 2; next < stop; ) {
    const oid = t.u8(next);
    t.add('extension.oid_filters.oid_length', next);
    if (oid > 2) t.add('extension.oid_filters.oid', next + 3, oid - 2); // behind its own DER tag and length
    const values = next + 1 + oid;
    t.add('extension.oid_filters.values_length', values);
    next = values + 2 + t.u16(values);
  }
}

/** RFC 9345 4. */
function delegatedCredential(t: TreeBuilder, at: number, sign: (at: number) => number): void {
  t.add('handshake.cred.valid_time', at);
  const key = sign(at + 4);
  const length = t.u24(key);
  t.put('handshake.cred.pubkey_len', length, key, 3);
  if (length > 0) t.add('handshake.cred.pubkey', key + 3, length);
  const signature = sign(key + 3 + length);
  t.add('handshake.cred.signature_len', signature);
  t.add('handshake.cred.signature', signature + 2, t.u16(signature));
}

/** RFC 6066 8, RFC 6961 2.2: a message of its own, and from TLS 1.3 on an extension of a certificate. */
export function addCertificateStatus(t: TreeBuilder, at: number, end: number): void {
  const type = t.u8(at);
  t.add('handshake.extensions_status_request_type', at);
  if (type === 1) {
    ocspResponse(t, at + 1, end);
    return;
  }
  if (type !== 2) return;
  t.put('handshake.ocsp_response_list_len', t.u24(at + 1), at + 1, 3);
  const stop = Math.min(end, at + 4 + t.u24(at + 1));
  for (let next = at + 4; next + 3 <= stop; ) next = ocspResponse(t, next, stop);
}

function ocspResponse(t: TreeBuilder, at: number, end: number): number {
  const length = t.u24(at);
  t.put('handshake.ocsp_response_len', length, at, 3);
  if (at + 3 + length > end) t.fail();
  if (length > 0) addOcspResponse(t, at + 3, at + 3 + length);
  return at + 3 + length;
}

/** The draft that Encrypted Client Hello came from (draft-ietf-tls-esni-02). */
function encryptedServerName(t: TreeBuilder, at: number, end: number, message: number): void {
  if (message !== HANDSHAKE.clientHello) {
    if (end - at >= ESNI_NONCE) t.add('esni.nonce', at, ESNI_NONCE);
    return;
  }
  t.add('esni.suite', at);
  t.add('handshake.extensions_key_share_group', at + 2);
  const share = t.u16(at + 4);
  t.add('handshake.extensions_key_share_key_exchange_length', at + 4);
  t.add('handshake.extensions_key_share_key_exchange', at + 6, share);
  const digest = at + 6 + share;
  t.add('esni.record_digest_length', digest);
  t.add('esni.record_digest', digest + 2, t.u16(digest));
  const name = digest + 2 + t.u16(digest);
  t.add('esni.encrypted_sni_length', name);
  t.add('esni.encrypted_sni', name + 2, t.u16(name));
}

/** RFC 9000 18. */
function quicParameters(t: TreeBuilder, at: number, end: number): void {
  for (let next = at; next < end; ) {
    const type = variableLength(t, next, end);
    const length = variableLength(t, type.next, end);
    const value = length.next;
    const size = Number(length.value);
    if (value + size > end) t.fail();
    const number = Number(type.value);
    const name = QUIC_PARAMETERS[number] ?? 'Unknown';
    t.nest(t.put('quic.parameter', new Uint8Array(0), next, value + size - next, `Parameter: ${name} (len=${size})`));
    t.put('quic.parameter.type', type.value, next, type.next - next);
    t.put('quic.parameter.length', length.value, type.next, value - type.next);
    t.put('quic.parameter.value', t.slice(value, size), value, size, size > 0 ? undefined : 'Value');
    if (size > 0 || QUIC_BYTES.includes(number)) quicValue(t, number, value, value + size);
    t.close();
    next = value + size;
  }
}

function quicValue(t: TreeBuilder, type: number, at: number, end: number): void {
  const key = `quic.parameter.${QUIC_PARAMETERS[type] ?? ''}`;
  if (QUIC_NUMBERS.includes(type)) t.put(key, variableLength(t, at, end).value, at, end - at);
  else if (QUIC_BYTES.includes(type))
    t.put(key, t.slice(at, end - at), at, end - at, end > at ? undefined : QUIC_PARAMETERS[type]);
  else if (type === QUIC_GOOGLE_VERSION) googleVersions(t, at, end);
  else if (type === QUIC_VERSIONS) {
    if (end - at >= 4) t.add('quic.parameter.vi.chosen_version', at);
    for (let next = at + 4; next + 4 <= end; next += 4) t.add('quic.parameter.vi.other_version', next);
  } else if (type === QUIC_PREFERRED_ADDRESS) preferredAddress(t, at, end);
}

/** The version that the client began with; a server lists what else it speaks. */
function googleVersions(t: TreeBuilder, at: number, end: number): void {
  if (end - at < 4) return;
  t.add('quic.parameter.google.quic_version', at);
  if (end - at < 5) return;
  t.add('quic.parameter.google.supported_versions_length', at + 4);
  for (let next = at + 5; next + 4 <= end; next += 4) t.add('quic.parameter.google.supported_version', next);
}

function preferredAddress(t: TreeBuilder, at: number, end: number): void {
  const prefix = 'quic.parameter.preferred_address.';
  const id = at + 4 + 2 + 16 + 2;
  if (id >= end) t.fail();
  t.add(`${prefix}ipv4address`, at);
  t.add(`${prefix}ipv4port`, at + 4);
  t.add(`${prefix}ipv6address`, at + 6);
  t.add(`${prefix}ipv6port`, at + 22);
  const length = t.u8(id);
  t.add(`${prefix}connectionid.length`, id);
  if (length > 0) t.add(`${prefix}connectionid`, id + 1, length);
  t.add(`${prefix}statelessresettoken`, id + 1 + length, 16);
}
