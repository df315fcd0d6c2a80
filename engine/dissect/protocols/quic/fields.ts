/** Fields of QUIC packets and frames, by Wireshark's names. */

import type { FieldSpec } from '../../field-spec.ts';

function number(label: string): FieldSpec {
  return { type: 'u64', label, many: true };
}

function bytes(label: string): FieldSpec {
  return { type: 'bytes', label, many: true };
}

function flag(label: string, bit: number): FieldSpec {
  return { type: 'bool', of: 'u8', bits: [bit, bit], label, flag: ['True', 'False'], many: true };
}

function finding(label: string): FieldSpec {
  return { type: 'none', label, many: true };
}

export const FIELDS: Readonly<Record<string, FieldSpec>> = {
  packet_length: { type: 'u32', label: 'Packet Length', many: true },
  header_form: { type: 'u8', bits: [7, 7], label: 'Header Form', many: true },
  fixed_bit: flag('Fixed Bit', 6),
  'long.packet_type': { type: 'u8', bits: [5, 4], label: 'Packet Type', many: true },
  'long.packet_type_v2': { type: 'u8', bits: [5, 4], label: 'Packet Type', many: true },
  'long.reserved': { type: 'u8', bits: [3, 2], label: 'Reserved', many: true },
  'vn.unused': { type: 'u8', bits: [6, 0], show: 'hex', label: 'Unused', many: true },
  short: { type: 'none', label: 'QUIC Short Header', many: true },
  spin_bit: flag('Spin Bit', 5),
  'short.reserved': { type: 'u8', bits: [4, 3], label: 'Reserved', many: true },
  key_phase: flag('Key Phase Bit', 2),
  version: { type: 'u32', show: 'hex', label: 'Version', many: true },
  supported_version: { type: 'u32', show: 'hex', label: 'Supported Version', many: true },
  dcil: { type: 'u8', label: 'Destination Connection ID Length', many: true },
  dcid: bytes('Destination Connection ID'),
  scil: { type: 'u8', label: 'Source Connection ID Length', many: true },
  scid: bytes('Source Connection ID'),
  token_length: number('Token Length'),
  token: bytes('Token'),
  length: number('Length'),
  packet_number_length: { type: 'u8', bits: [1, 0], label: 'Packet Number Length', many: true },
  packet_number: number('Packet Number'),
  payload: bytes('Payload'),
  remaining_payload: bytes('Remaining Payload'),
  protected_payload: bytes('Protected Payload'),
  retry_token: bytes('Retry Token'),
  retry_integrity_tag: bytes('Retry Integrity Tag'),
  coalesced_padding_data: { type: 'none', label: 'Coalesced Padding Data', many: true },
  frame: { type: 'none', label: 'Frame', many: true },
  frame_type: number('Frame Type'),
  padding_length: { type: 'u32', label: 'Padding Length', many: true },
  'ack.largest_acknowledged': number('Largest Acknowledged'),
  'ack.ack_delay': number('ACK Delay'),
  'ack.ack_range_count': number('ACK Range Count'),
  'ack.first_ack_range': number('First ACK Range'),
  'ack.gap': number('Gap'),
  'ack.ack_range': number('ACK Range'),
  'ack.ect0_count': number('ECT(0) Count'),
  'ack.ect1_count': number('ECT(1) Count'),
  'ack.ecn_ce_count': number('ECN-CE Count'),
  'rsts.stream_id': number('Stream ID'),
  'rsts.application_error_code': number('Application Error code'),
  'rsts.final_size': number('Final Size'),
  'ss.stream_id': number('Stream ID'),
  'ss.application_error_code': number('Application Error code'),
  'crypto.offset': number('Offset'),
  'crypto.length': number('Length'),
  'crypto.crypto_data': { type: 'none', label: 'Crypto Data', many: true },
  'crypto.fragments': { type: 'none', label: 'Reassembled QUIC CRYPTO Data Fragments', many: true },
  'crypto.fragment': { type: 'frame', label: 'QUIC CRYPTO Data Fragment', many: true },
  'crypto.fragment.count': { type: 'u32', label: 'Fragment count', many: true },
  'nt.length': number('(Token) Length'),
  'nt.token': bytes('Token'),
  'stream.fin': flag('Fin', 0),
  'stream.len': flag('Len(gth)', 1),
  'stream.off': flag('Off(set)', 2),
  'stream.stream_id': number('Stream ID'),
  'stream.initiator': {
    type: 'u64',
    bits: [0, 0],
    label: 'Stream initiator',
    names: { 0: 'Client-initiated', 1: 'Server-initiated' },
    many: true,
  },
  'stream.direction': {
    type: 'u64',
    bits: [1, 1],
    label: 'Stream direction',
    names: { 0: 'Bidirectional', 1: 'Unidirectional' },
    many: true,
  },
  'stream.offset': number('Offset'),
  'stream.length': number('Length'),
  stream_data: bytes('Stream Data'),
  'md.maximum_data': number('Maximum Data'),
  'msd.stream_id': number('Stream ID'),
  'msd.maximum_stream_data': number('Maximum Stream Data'),
  'ms.max_streams': number('Max Streams'),
  'sb.stream_data_limit': number('Stream Data Limit'),
  'sdb.stream_id': number('Stream ID'),
  'sib.stream_limit': number('Stream Limit'),
  'nci.sequence': number('Sequence'),
  'nci.retire_prior_to': number('Retire Prior To'),
  'nci.connection_id.length': { type: 'u8', label: 'Connection ID Length', many: true },
  'nci.connection_id': bytes('Connection ID'),
  'nci.stateless_reset_token': bytes('Stateless Reset Token'),
  'rci.sequence': number('Sequence'),
  'path_challenge.data': bytes('Data'),
  'path_response.data': bytes('Data'),
  'cc.error_code': number('Error code'),
  'cc.error_code.app': number('Application Error code'),
  'cc.error_code.tls_alert': { type: 'u8', label: 'TLS Alert Description', many: true },
  'cc.frame_type': number('Frame Type'),
  'cc.reason_phrase.length': number('Reason phrase Length'),
  'cc.reason_phrase': { type: 'string', label: 'Reason phrase', many: true },
  'dg.length': number('Datagram Length'),
  dg: bytes('Datagram'),
  'ft.unknown': finding('Unknown Frame Type'),
  retransmission: finding('These bytes came before'),
  decryption_failed: finding('The packet could not be opened'),
  application: {
    type: 'string',
    label: 'Application by ALPN',
    abbrev: 'nagare.quic.application',
    doc: 'What the client offers first in its hello: HTTP/3 for h3.',
    many: true,
  },
};
