/** The fields of DTLS: those of TLS that it shares, under its own name, and what records and fragments of datagrams have besides. */

import type { FieldSpec } from '../../../protocol.ts';
import { fields as tlsFields } from '../fields.ts';

/** Of streams, of SSL 2.0, and what DTLS has otherwise. */
const NOT_SHARED = [
  /^segment/,
  /^reassembled\./,
  /^handshake\.fragment/,
  /^handshake\.(challenge|cipher_?spec|session_id_hit|connection_id|npn_padding|npn_selected)/,
  /^handshake\.(md5_hash|sha_hash)$/,
  /^record\.(opaque_type|is_escape|padding_length)$/,
  /^ignored_unknown_record$/,
  /^app_data_proto$/,
];

const SHARED = Object.fromEntries(
  Object.entries(tlsFields).filter(([key]) => !NOT_SHARED.some((pattern) => pattern.test(key))),
);

const PROFILES: Readonly<Record<number, string>> = {
  0x0001: 'SRTP_AES128_CM_HMAC_SHA1_80',
  0x0002: 'SRTP_AES128_CM_HMAC_SHA1_32',
  0x0005: 'SRTP_NULL_HMAC_SHA1_80',
  0x0006: 'SRTP_NULL_HMAC_SHA1_32',
  0x0007: 'SRTP_AEAD_AES_128_GCM',
  0x0008: 'SRTP_AEAD_AES_256_GCM',
};

export const fields: Readonly<Record<string, FieldSpec>> = {
  ...SHARED,
  'record.epoch': { type: 'u16', label: 'Epoch', many: true },
  'record.sequence_number': { type: 'u64', label: 'Sequence Number', many: true },
  enc_content: { type: 'bytes', label: 'Encrypted Record Content', many: true },
  'handshake.message_seq': { type: 'u16', label: 'Message Sequence', many: true },
  'handshake.fragment_offset': { type: 'u24', label: 'Fragment Offset', many: true },
  'handshake.fragment_length': { type: 'u24', label: 'Fragment Length', many: true },
  'handshake.fragment_length.too_long': { type: 'none', label: 'Fragment is longer than its message', many: true },
  'handshake.fragment_length.zero': { type: 'none', label: 'Fragment is empty', many: true },
  'use_srtp.protection_profiles_length': { type: 'u16', label: 'SRTP Protection Profiles Length', many: true },
  'use_srtp.protection_profile': {
    type: 'u16',
    label: 'SRTP Protection Profile',
    show: 'hex',
    names: PROFILES,
    many: true,
  },
  'use_srtp.mki_length': { type: 'u8', label: 'MKI Length', many: true },
  'use_srtp.mki': { type: 'bytes', label: 'MKI', many: true },
  'handshake.cookie_length': { type: 'u8', label: 'Cookie Length', many: true },
  'handshake.cookie': { type: 'bytes', label: 'Cookie', many: true },
  fragments: { type: 'none', label: 'Message fragments', many: true },
  fragment: { type: 'frame', label: 'Message fragment', many: true },
  'fragment.count': { type: 'u32', label: 'Message fragment count', many: true },
};
