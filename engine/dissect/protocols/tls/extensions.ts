/** Extensions of TLS hellos and other handshake messages (RFC 6066, 7301, 7627, 7685, 8422, 8446, 8449, 8701, 8879 ...). */

import type { TreeBuilder } from '../../tree.ts';
import { addRareExtension } from './extensions-rare.ts';
import type { Hello } from './fingerprints.ts';
import { EXTENSION, HANDSHAKE } from './names.ts';
import { addSignatureAlgorithm, addTimestamps } from './signatures.ts';

/** encrypt_then_mac, extended_master_secret and post_handshake_auth say all by being there. */
const WITHOUT_DATA: readonly number[] = [22, 23, 49];

/** Adds a list of extensions with its length before it; returns one past it. */
export function addExtensions(t: TreeBuilder, at: number, end: number, message: number, hello: Hello): number {
  const length = t.u16(at);
  t.add('handshake.extensions_length', at);
  let next = at + 2;
  const stop = next + length;
  if (stop > end) t.fail();
  while (next + 4 <= stop) {
    const type = t.u16(next);
    const size = t.u16(next + 2);
    const data = next + 4;
    if (data + size > stop) t.fail();
    const row = t.nest(
      t.text(
        `Extension: ${t.nameOf('handshake.extension.type', type) ?? `Unknown type ${type}`} (len=${size})`,
        next,
        4 + size,
      ),
    );
    t.add('handshake.extension.type', next);
    t.add('handshake.extension.len', next + 2);
    hello.extensions.push(type);
    const note = addExtension(t, type, data, data + size, message, hello);
    if (note !== '') row.text = `${row.text ?? ''} ${note}`;
    t.close();
    next = data + size;
  }
  return stop;
}

/** Adds one extension's contents; returns what its row says besides. */
function addExtension(t: TreeBuilder, type: number, at: number, end: number, message: number, hello: Hello): string {
  const length = end - at;
  if (addRareExtension(t, type, at, end, message, (from) => addSignatureAlgorithm(t, from))) return '';
  switch (type) {
    case EXTENSION.serverName:
      return length === 0 ? '' : serverName(t, at, end, hello);
    case EXTENSION.supportedGroups:
      supportedGroups(t, at, end, hello);
      return '';
    case EXTENSION.pointFormats:
      pointFormats(t, at, end, hello);
      return '';
    case EXTENSION.signatureAlgorithms:
      addSignatureAlgorithms(t, at, end, hello.signatures);
      return '';
    case EXTENSION.signatureAlgorithmsCert:
    case EXTENSION.delegatedCredentials:
      addSignatureAlgorithms(t, at, end, []);
      return '';
    case EXTENSION.alpn:
      return alpn(t, at, end, hello);
    case EXTENSION.applicationSettings:
    case EXTENSION.applicationSettingsNew:
      applicationSettings(t, at, end, message);
      return '';
    case EXTENSION.supportedVersions:
      return supportedVersions(t, at, end, message, hello);
    case EXTENSION.keyShare:
      return keyShare(t, at, end, message);
    case EXTENSION.pskModes:
      t.add('extension.psk_ke_modes_length', at);
      for (let i = at + 1; i < Math.min(end, at + 1 + t.u8(at)); i++) t.add('extension.psk_ke_mode', i);
      return '';
    case EXTENSION.preSharedKey:
      preSharedKey(t, at, end, message);
      return '';
    case EXTENSION.compressCertificate:
      t.add('compress_certificate.algorithms_length', at);
      for (let i = at + 1; i + 2 <= end; i += 2) t.add('compress_certificate.algorithm', i);
      return '';
    case EXTENSION.recordSizeLimit:
      if (length >= 2) t.add('record_size_limit', at);
      return '';
    case EXTENSION.maxFragmentLength:
      if (length >= 1) t.add('handshake.max_fragment_length', at);
      return '';
    case EXTENSION.heartbeat:
      if (length >= 1) t.add('handshake.extension.heartbeat.mode', at);
      return '';
    case EXTENSION.statusRequest:
      if (message === HANDSHAKE.clientHello && length >= 5) statusRequest(t, at);
      return '';
    case EXTENSION.statusRequestV2:
      if (message === HANDSHAKE.clientHello && length >= 2) statusRequests(t, at, end);
      return '';
    case EXTENSION.padding:
      if (length > 0) t.add('handshake.extensions_padding_data', at, length);
      return '';
    case EXTENSION.renegotiation: {
      if (length < 1) return '';
      t.add('handshake.extensions_reneg_info_len', at);
      const size = Math.min(t.u8(at), length - 1);
      if (size > 0) t.add('handshake.extensions_reneg_info', at + 1, size);
      return '';
    }
    case EXTENSION.cookie:
      t.add('handshake.extensions.cookie_len', at);
      if (length > 2) t.add('handshake.extensions.cookie', at + 2, Math.min(t.u16(at), length - 2));
      return '';
    case EXTENSION.earlyData:
      if (message === HANDSHAKE.newSessionTicket && length >= 4) t.add('early_data.max_early_data_size', at);
      return '';
    case EXTENSION.nextProtocol:
      nextProtocols(t, at, end);
      return '';
    case EXTENSION.certificateTimestamp:
      if (length > 0) addTimestamps(t, at, end);
      return '';
    case EXTENSION.useSrtp:
      if (t.protocol.name === 'dtls') protectionProfiles(t, at, end);
      else t.add('handshake.extension.data', at, length);
      return '';
    default:
      if (length > 0 || !WITHOUT_DATA.includes(type)) {
        t.add('handshake.extension.data', at, length);
        t.last().text = `Data (${length} bytes)`;
      }
      return '';
  }
}

function serverName(t: TreeBuilder, at: number, end: number, hello: Hello): string {
  t.nest(t.text('Server Name Indication extension', at, end - at));
  t.add('handshake.extensions_server_name_list_len', at);
  let next = at + 2;
  let first = '';
  while (next + 3 <= end) {
    const length = t.u16(next + 1);
    if (next + 3 + length > end) t.fail();
    t.add('handshake.extensions_server_name_type', next);
    t.add('handshake.extensions_server_name_len', next + 1);
    t.add('handshake.extensions_server_name', next + 3, length);
    if (first === '') first = t.string(next + 3, length);
    next += 3 + length;
  }
  t.close();
  hello.serverName = first;
  return first === '' ? '' : `name=${first}`;
}

function supportedGroups(t: TreeBuilder, at: number, end: number, hello: Hello): void {
  const stop = Math.min(end, at + 2 + t.u16(at));
  const count = (stop - at - 2) >>> 1;
  t.add('handshake.extensions_supported_groups_length', at);
  t.nest(
    t.put(
      'handshake.extensions_supported_groups',
      new Uint8Array(0),
      at + 2,
      stop - at - 2,
      `Supported Groups (${count} group${count === 1 ? '' : 's'})`,
    ),
  );
  for (let i = at + 2; i + 2 <= stop; i += 2) {
    t.add('handshake.extensions_supported_group', i);
    hello.groups.push(t.u16(i));
  }
  t.close();
}

function pointFormats(t: TreeBuilder, at: number, end: number, hello: Hello): void {
  const stop = Math.min(end, at + 1 + t.u8(at));
  t.add('handshake.extensions_ec_point_formats_length', at);
  t.nest(
    t.put(
      'handshake.extensions_ec_point_formats',
      new Uint8Array(0),
      at + 1,
      stop - at - 1,
      `Elliptic curves point formats (${stop - at - 1})`,
    ),
  );
  for (let i = at + 1; i < stop; i++) {
    t.add('handshake.extensions_ec_point_format', i);
    hello.pointFormats.push(t.u8(i));
  }
  t.close();
}

/** Two bytes of length and pairs of them: here and in Certificate Request. Returns one past the list. */
export function addSignatureAlgorithms(t: TreeBuilder, at: number, end: number, into: number[]): number {
  const stop = Math.min(end, at + 2 + t.u16(at));
  const count = (stop - at - 2) >>> 1;
  t.add('handshake.sig_hash_alg_len', at);
  t.nest(
    t.put(
      'handshake.sig_hash_algs',
      new Uint8Array(0),
      at + 2,
      stop - at - 2,
      `Signature Hash Algorithms (${count} algorithm${count === 1 ? '' : 's'})`,
    ),
  );
  for (let i = at + 2; i + 2 <= stop; i += 2) {
    addSignatureAlgorithm(t, i);
    into.push(t.u16(i));
  }
  t.close();
  return stop;
}

function alpn(t: TreeBuilder, at: number, end: number, hello: Hello): string {
  t.add('handshake.extensions_alpn_len', at);
  t.nest(t.put('handshake.extensions_alpn_list', new Uint8Array(0), at + 2, end - at - 2));
  const names: string[] = [];
  for (let next = at + 2; next < end; ) {
    const length = t.u8(next);
    if (next + 1 + length > end) t.fail();
    t.add('handshake.extensions_alpn_str_len', next);
    t.add('handshake.extensions_alpn_str', next + 1, length);
    hello.alpn ??= t.slice(next + 1, length);
    names.push(t.string(next + 1, length));
    next += 1 + length;
  }
  t.close();
  return names.length === 0 ? '' : `[${names.join(', ')}]`;
}

function applicationSettings(t: TreeBuilder, at: number, end: number, message: number): void {
  if (message === HANDSHAKE.encryptedExtensions) {
    if (end > at) t.add('handshake.extensions_alps.settings', at, end - at);
    return;
  }
  t.add('handshake.extensions_alps_len', at);
  t.nest(t.put('handshake.extensions_alps_alpn_list', new Uint8Array(0), at + 2, end - at - 2));
  for (let next = at + 2; next < end; ) {
    const length = t.u8(next);
    if (next + 1 + length > end) t.fail();
    t.add('handshake.extensions_alps_alpn_str_len', next);
    t.add('handshake.extensions_alps_alpn_str', next + 1, length);
    next += 1 + length;
  }
  t.close();
}

function supportedVersions(t: TreeBuilder, at: number, end: number, message: number, hello: Hello): string {
  if (message !== HANDSHAKE.clientHello) {
    if (end - at < 2) return '';
    t.add('handshake.extensions.supported_version', at);
    hello.versions.push(t.u16(at));
    return t.nameOf('handshake.extensions.supported_version', t.u16(at)) ?? '';
  }
  t.add('handshake.extensions.supported_versions_len', at);
  const names: string[] = [];
  for (let i = at + 1; i + 2 <= Math.min(end, at + 1 + t.u8(at)); i += 2) {
    t.add('handshake.extensions.supported_version', i);
    hello.versions.push(t.u16(i));
    names.push(t.nameOf('handshake.extensions.supported_version', t.u16(i)) ?? `0x${t.u16(i).toString(16)}`);
  }
  return names.join(', ');
}

function keyShare(t: TreeBuilder, at: number, end: number, message: number): string {
  t.nest(t.text('Key Share extension', at, end - at));
  let next = at;
  const names: string[] = [];
  if (message === HANDSHAKE.serverHello && end - at === 2) {
    t.add('handshake.extensions_key_share_selected_group', at); // a Hello Retry Request names only the group
    names.push(t.nameOf('handshake.extensions_key_share_group', t.u16(at)) ?? '');
    next = end;
  } else if (message === HANDSHAKE.clientHello) {
    t.add('handshake.extensions_key_share_client_length', at);
    next += 2;
  }
  while (next + 4 <= end) {
    const length = t.u16(next + 2);
    if (next + 4 + length > end) t.fail();
    const group = t.nameOf('handshake.extensions_key_share_group', t.u16(next)) ?? `Unknown (${t.u16(next)})`;
    t.nest(t.text(`Key Share Entry: Group: ${group}, Key Exchange length: ${length}`, next, 4 + length));
    t.add('handshake.extensions_key_share_group', next);
    t.add('handshake.extensions_key_share_key_exchange_length', next + 2);
    t.add('handshake.extensions_key_share_key_exchange', next + 4, length);
    t.close();
    names.push(group);
    next += 4 + length;
  }
  t.close();
  return names.join(', ');
}

function preSharedKey(t: TreeBuilder, at: number, end: number, message: number): void {
  t.nest(t.text('Pre-Shared Key extension', at, end - at));
  if (message !== HANDSHAKE.clientHello) {
    t.add('handshake.extensions.psk.identity.selected', at);
    t.close();
    return;
  }
  const stop = at + 2 + t.u16(at);
  if (stop > end) t.fail();
  t.add('handshake.extensions.psk.identities.length', at);
  let next = at + 2;
  while (next + 2 <= stop) {
    const length = t.u16(next);
    if (next + 6 + length > stop) t.fail();
    t.nest(t.text(`PSK Identity (length: ${length})`, next, 6 + length));
    t.add('handshake.extensions.psk.identity.identity_length', next);
    t.add('handshake.extensions.psk.identity.identity', next + 2, length);
    t.add('handshake.extensions.psk.identity.obfuscated_ticket_age', next + 2 + length);
    t.close();
    next += 6 + length;
  }
  t.add('handshake.extensions.psk.binders_len', stop);
  if (end > stop + 2) t.put('handshake.extensions.psk.binders', new Uint8Array(0), stop + 2, end - stop - 2);
  t.close();
}

function statusRequest(t: TreeBuilder, at: number): void {
  t.add('handshake.extensions_status_request_type', at);
  const responders = t.u16(at + 1);
  t.add('handshake.extensions_status_request_responder_ids_len', at + 1);
  t.add('handshake.extensions_status_request_exts_len', at + 3 + responders);
}

/** RFC 6961 2.2: several requests, each behind its type and length. */
function statusRequests(t: TreeBuilder, at: number, end: number): void {
  t.add('handshake.extensions_status_request_list_len', at);
  const stop = Math.min(end, at + 2 + t.u16(at));
  for (let next = at + 2; next + 7 <= stop; next += 3 + t.u16(next + 1)) {
    t.add('handshake.extensions_status_request_type', next);
    t.add('handshake.extensions_status_request_len', next + 1);
    const responders = t.u16(next + 3);
    t.add('handshake.extensions_status_request_responder_ids_len', next + 3);
    t.add('handshake.extensions_status_request_exts_len', next + 5 + responders);
  }
}

/** RFC 5764 4.1.1. */
function protectionProfiles(t: TreeBuilder, at: number, end: number): void {
  t.add('use_srtp.protection_profiles_length', at);
  const stop = Math.min(end - 1, at + 2 + t.u16(at));
  for (let i = at + 2; i + 2 <= stop; i += 2) t.add('use_srtp.protection_profile', i);
  t.add('use_srtp.mki_length', stop);
  if (t.u8(stop) > 0) t.add('use_srtp.mki', stop + 1, Math.min(t.u8(stop), end - stop - 1));
}

function nextProtocols(t: TreeBuilder, at: number, end: number): void {
  for (let next = at; next < end; ) {
    const length = t.u8(next);
    if (next + 1 + length > end) t.fail();
    t.add('handshake.extensions_npn_str_len', next);
    t.add('handshake.extensions_npn', next + 1, length);
    next += 1 + length;
  }
}
