/** The fields of rarer extensions and messages, by Wireshark's names. */

import type { FieldSpec } from '../../protocol.ts';
import { cipherSuiteName } from './names.ts';
import { certificateFields } from './x509/fields.ts';

const CERTIFICATE_TYPES: Readonly<Record<number, string>> = { 0: 'X.509', 1: 'OpenPGP', 2: 'Raw Public Key' };

/** Transport parameters of QUIC (RFC 9000 18.2, RFC 9221, RFC 9287, RFC 9368; IANA "QUIC Transport Parameters"). */
export const QUIC_PARAMETERS: Readonly<Record<number, string>> = {
  0x00: 'original_destination_connection_id',
  0x01: 'max_idle_timeout',
  0x02: 'stateless_reset_token',
  0x03: 'max_udp_payload_size',
  0x04: 'initial_max_data',
  0x05: 'initial_max_stream_data_bidi_local',
  0x06: 'initial_max_stream_data_bidi_remote',
  0x07: 'initial_max_stream_data_uni',
  0x08: 'initial_max_streams_bidi',
  0x09: 'initial_max_streams_uni',
  0x0a: 'ack_delay_exponent',
  0x0b: 'max_ack_delay',
  0x0c: 'disable_active_migration',
  0x0d: 'preferred_address',
  0x0e: 'active_connection_id_limit',
  0x0f: 'initial_source_connection_id',
  0x10: 'retry_source_connection_id',
  0x11: 'version_information',
  0x20: 'max_datagram_frame_size',
  0x1057: 'loss_bits',
  0x2ab2: 'grease_quic_bit',
  0x3127: 'google.initial_rtt',
  0x3128: 'google.connection_options',
  0x4752: 'google.quic_version',
};

/** Parameters whose value is one number of variable length, and those that are opaque. */
export const QUIC_NUMBERS: readonly number[] = [1, 3, 4, 5, 6, 7, 8, 9, 10, 11, 14, 0x20, 0x1057, 0x3127];
/** Parameters that Chrome sends: the version that was meant at first, and those that were offered. */
export const QUIC_GOOGLE_VERSION = 0x4752;
export const QUIC_BYTES: readonly number[] = [0, 2, 15, 16, 0x3128];

function quicField(number: number, type: 'u64' | 'bytes'): [string, FieldSpec] {
  const name = QUIC_PARAMETERS[number] ?? '';
  return [`quic.parameter.${name}`, { type, label: name.replace(/^google\./, ''), many: true }];
}

const QUIC_FIELDS: Readonly<Record<string, FieldSpec>> = {
  'quic.parameter': { type: 'none', label: 'Parameter', many: true },
  'quic.parameter.type': { type: 'u64', label: 'Type', names: QUIC_PARAMETERS, many: true },
  'quic.parameter.length': { type: 'u64', label: 'Length', many: true },
  'quic.parameter.value': { type: 'bytes', label: 'Value', many: true },
  'quic.parameter.google.quic_version': { type: 'u32', label: 'Google QUIC version', show: 'hex', many: true },
  'quic.parameter.google.supported_versions_length': { type: 'u8', label: 'Supported Versions Length', many: true },
  'quic.parameter.google.supported_version': { type: 'u32', label: 'Supported Version', show: 'hex', many: true },
  'quic.parameter.vi.chosen_version': { type: 'u32', label: 'Chosen Version', show: 'hex', many: true },
  'quic.parameter.vi.other_version': { type: 'u32', label: 'Other Version', show: 'hex', many: true },
  'quic.parameter.preferred_address.ipv4address': { type: 'ipv4', label: 'ipv4Address', many: true },
  'quic.parameter.preferred_address.ipv4port': { type: 'u16', label: 'ipv4Port', many: true },
  'quic.parameter.preferred_address.ipv6address': { type: 'ipv6', label: 'ipv6Address', many: true },
  'quic.parameter.preferred_address.ipv6port': { type: 'u16', label: 'ipv6Port', many: true },
  'quic.parameter.preferred_address.connectionid.length': { type: 'u8', label: 'Length', many: true },
  'quic.parameter.preferred_address.connectionid': { type: 'bytes', label: 'connectionId', many: true },
  'quic.parameter.preferred_address.statelessresettoken': { type: 'bytes', label: 'statelessResetToken', many: true },
  ...Object.fromEntries(QUIC_NUMBERS.map((number) => quicField(number, 'u64'))),
  ...Object.fromEntries(QUIC_BYTES.map((number) => quicField(number, 'bytes'))),
};

export const rareFields: Readonly<Record<string, FieldSpec>> = {
  connection_id_length: { type: 'u8', label: 'Connection ID length', many: true },
  connection_id: { type: 'bytes', label: 'Connection ID', many: true },
  'esni.suite': { type: 'u16', label: 'Cipher Suite', show: 'hex', names: cipherSuiteName, many: true },
  'esni.record_digest_length': { type: 'u16', label: 'Record Digest Length', many: true },
  'esni.record_digest': { type: 'bytes', label: 'Record Digest', many: true },
  'esni.encrypted_sni_length': { type: 'u16', label: 'Encrypted SNI Length', many: true },
  'esni.encrypted_sni': { type: 'bytes', label: 'Encrypted SNI', many: true },
  'esni.nonce': { type: 'bytes', label: 'Nonce', many: true },
  'extension.oid_filters_length': { type: 'u16', label: 'OID Filters Length', many: true },
  'extension.oid_filters.oid_length': { type: 'u8', label: 'Certificate Extension OID Length', many: true },
  'extension.oid_filters.oid': { type: 'oid', label: 'Certificate Extension OID', many: true },
  'extension.oid_filters.values_length': { type: 'u16', label: 'Certificate Extension Values Length', many: true },
  'handshake.cert_type.types_len': { type: 'u8', label: 'Certificate Type List Length', many: true },
  'handshake.cert_type.types': { type: 'none', label: 'Certificate Type List', many: true },
  'handshake.cert_type.type': {
    type: 'u8',
    label: 'Certificate Type',
    show: 'hex',
    names: CERTIFICATE_TYPES,
    many: true,
  },
  'handshake.cert_url_type': {
    type: 'u8',
    label: 'Certificate Chain Type',
    names: { 0: 'Individual Certificates', 1: 'PKI Path' },
    many: true,
  },
  'handshake.cert_url.url_hash_len': { type: 'u16', label: 'URL and Hash list Length', many: true },
  'handshake.cert_url.url_hash': { type: 'none', label: 'URL and Hash', many: true },
  'handshake.cert_url.url_len': { type: 'u16', label: 'URL Length', many: true },
  'handshake.cert_url.url': { type: 'string', label: 'URL', many: true },
  'handshake.cert_url.padding': { type: 'none', label: 'Padding', many: true },
  'handshake.cert_url.sha1': { type: 'bytes', label: 'SHA1 Hash', many: true },
  'handshake.cred.valid_time': { type: 'u32', label: 'Valid Time', many: true },
  'handshake.cred.pubkey_len': { type: 'u24', label: 'Subject Public Key Info Length', many: true },
  'handshake.cred.pubkey': { type: 'bytes', label: 'Subject Public Key Info', many: true },
  'handshake.cred.signature_len': { type: 'u16', label: 'Signature Length', many: true },
  'handshake.cred.signature': { type: 'bytes', label: 'Signature', many: true },
  'handshake.extensions_srp_len': { type: 'u8', label: 'SRP username length', many: true },
  'handshake.extensions_srp_username': { type: 'string', label: 'SRP username', many: true },
  'handshake.extensions_status_request_len': { type: 'u16', label: 'Certificate Status Length', many: true },
  'handshake.ocsp_response_list_len': { type: 'u24', label: 'OCSP Response List Length', many: true },
  'handshake.npn_selected_protocol_len': { type: 'u8', label: 'Selected Protocol Length', many: true },
  'handshake.npn_selected_protocol': { type: 'string', label: 'Selected Protocol', many: true },
  'handshake.npn_padding_len': { type: 'u8', label: 'Padding Length', many: true },
  'handshake.npn_padding': { type: 'bytes', label: 'Padding', many: true },
  'handshake.modulus_len': { type: 'u16', label: 'Modulus Length', many: true },
  'handshake.modulus': { type: 'bytes', label: 'Modulus', many: true },
  'handshake.exponent_len': { type: 'u16', label: 'Exponent Length', many: true },
  'handshake.exponent': { type: 'bytes', label: 'Exponent', many: true },
  'sct.sct_extensions': { type: 'none', label: 'Extensions', many: true },
  'heartbeat_message.payload_length.invalid': {
    type: 'none',
    label: 'Heartbeat claims more bytes than there are',
    many: true,
  },
  'reassembled.data': { type: 'bytes', label: 'Reassembled PDU data', many: true },
  ...QUIC_FIELDS,
  ...certificateFields,
};
