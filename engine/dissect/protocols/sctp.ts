/** SCTP (RFC 9260): a common header, then chunks; user data of known payload protocols by name. */

import { formatIpv4 } from '../../base/address.ts';
import { u16 } from '../../base/bytes.ts';
import { defineProtocol } from '../protocol.ts';
import { TRANSPORT } from '../scratch.ts';
import type { TreeBuilder } from '../tree.ts';

const AT = { src: 0, dst: 2, tag: 4, checksum: 8, chunks: 12 } as const;
const CHUNK = { data: 0, init: 1, initAck: 2, sack: 3, abort: 6, shutdown: 7, error: 9, idata: 64 } as const;
const CHUNKS: Readonly<Record<number, string>> = {
  0: 'DATA',
  1: 'INIT',
  2: 'INIT_ACK',
  3: 'SACK',
  4: 'HEARTBEAT',
  5: 'HEARTBEAT_ACK',
  6: 'ABORT',
  7: 'SHUTDOWN',
  8: 'SHUTDOWN_ACK',
  9: 'ERROR',
  10: 'COOKIE_ECHO',
  11: 'COOKIE_ACK',
  12: 'ECNE',
  13: 'CWR',
  14: 'SHUTDOWN_COMPLETE',
  15: 'AUTH',
  64: 'I_DATA',
  128: 'ASCONF_ACK',
  129: 'PKTDROP',
  130: 'RE_CONFIG',
  132: 'PAD',
  192: 'FORWARD_TSN',
  193: 'ASCONF',
  194: 'I_FORWARD_TSN',
};
const PARAMETERS: Readonly<Record<number, string>> = {
  1: 'Heartbeat info',
  5: 'IPv4 address',
  6: 'IPv6 address',
  7: 'State cookie',
  8: 'Unrecognized parameters',
  9: 'Cookie preservative',
  11: 'Hostname address',
  12: 'Supported address types',
  0x8000: 'ECN',
  0x8002: 'Random',
  0x8003: 'Chunk list',
  0x8004: 'Requested HMAC Algorithm',
  0x8008: 'Supported Extensions',
  0xc000: 'Forward TSN supported',
  0xc006: 'Adaptation Layer Indication',
};
const HEADER = 4;
const DATA_HEADER = 16;

export const sctp = defineProtocol({
  name: 'sctp',
  title: 'Stream Control Transmission Protocol',
  on: { 'ip.proto': [132] },
  header: AT.chunks,
  opens: ['data'],
  fields: {
    srcport: { at: AT.src, type: 'u16', label: 'Source port', also: ['port'] },
    dstport: { at: AT.dst, type: 'u16', label: 'Destination port', also: ['port'] },
    port: { type: 'u16', label: 'Port', many: true },
    verification_tag: { at: AT.tag, type: 'u32', show: 'hex', label: 'Verification tag' },
    checksum: { at: AT.checksum, type: 'u32', show: 'hex', label: 'Checksum' },
    'checksum.status': { type: 'u8', label: 'Checksum Status', names: { 0: 'Bad', 1: 'Good', 2: 'Unverified' } },
    chunk_type: { type: 'u8', label: 'Chunk type', names: CHUNKS, many: true },
    chunk_flags: { type: 'u8', show: 'hex', label: 'Chunk flags', many: true },
    chunk_length: { type: 'u16', label: 'Chunk length', many: true },
    data_tsn_raw: { type: 'u32', label: 'Transmission sequence number (absolute)', many: true },
    data_sid: { type: 'u16', show: 'hex', label: 'Stream identifier', many: true },
    data_ssn: { type: 'u16', label: 'Stream sequence number', many: true },
    data_payload_proto_id: { type: 'u32', label: 'Payload protocol identifier', many: true },
    init_initiate_tag: { type: 'u32', show: 'hex', label: 'Initiate tag' },
    init_credit: { type: 'u32', label: 'Advertised receiver window credit (a_rwnd)' },
    init_nr_out_streams: { type: 'u16', label: 'Number of outbound streams' },
    init_nr_in_streams: { type: 'u16', label: 'Number of inbound streams' },
    init_initial_tsn: { type: 'u32', label: 'Initial TSN' },
    initack_initiate_tag: { type: 'u32', show: 'hex', label: 'Initiate tag' },
    initack_credit: { type: 'u32', label: 'Advertised receiver window credit (a_rwnd)' },
    initack_nr_out_streams: { type: 'u16', label: 'Number of outbound streams' },
    initack_nr_in_streams: { type: 'u16', label: 'Number of inbound streams' },
    initack_initial_tsn: { type: 'u32', label: 'Initial TSN' },
    parameter_type: { type: 'u16', show: 'hex', label: 'Parameter type', names: PARAMETERS, many: true },
    parameter_length: { type: 'u16', label: 'Parameter length', many: true },
    parameter_ipv4_address: { type: 'ipv4', label: 'IP Version 4 address', many: true },
    parameter_ipv6_address: { type: 'ipv6', label: 'IP Version 6 address', many: true },
    sack_cumulative_tsn_ack_raw: { type: 'u32', label: 'Cumulative TSN ACK (absolute)' },
    sack_a_rwnd: { type: 'u32', label: 'Advertised receiver window credit (a_rwnd)' },
    sack_number_of_gap_blocks: { type: 'u16', label: 'Number of gap acknowledgement blocks' },
    sack_number_of_duplicated_tsns: { type: 'u16', label: 'Number of duplicated TSNs' },
    shutdown_cumulative_tsn_ack: { type: 'u32', label: 'Cumulative TSN Ack' },
  },
  scan(p) {
    const b = p.bytes;
    p.ports(TRANSPORT.sctp, u16(b, p.at + AT.src), u16(b, p.at + AT.dst));
    p.enterTransport(TRANSPORT.sctp, AT.chunks);
  },
  tree(t) {
    const src = t.u16(t.at);
    const dst = t.u16(t.at + AT.dst);
    t.ports = [src, dst];
    t.info('');
    t.addLabel(`, Src Port: ${src} (${src}), Dst Port: ${dst} (${dst})`);
    t.header();
    t.generated('checksum.status', 2, t.at + AT.checksum, 4);
    for (let at = t.at + AT.chunks; t.end - at >= HEADER; ) {
      const type = t.u8(at);
      const length = t.u16(at + 2);
      if (length < HEADER) t.fail();
      const name = CHUNKS[type] ?? `UNKNOWN`;
      t.addInfo(`${name} `);
      t.nest(t.text(`${name} chunk`, at, Math.min(length, t.end - at)));
      t.add('chunk_type', at);
      t.add('chunk_flags', at + 1);
      t.add('chunk_length', at + 2);
      if (!t.has(at, length)) t.fail();
      chunk(t, type, at, at + length);
      t.close();
      at += (length + 3) & ~3;
    }
  },
});

function chunk(t: TreeBuilder, type: number, at: number, end: number): void {
  if (type === CHUNK.data && end - at >= DATA_HEADER) {
    t.add('data_tsn_raw', at + 4);
    t.add('data_sid', at + 8);
    t.add('data_ssn', at + 10);
    t.add('data_payload_proto_id', at + 12);
    if (end > at + DATA_HEADER) t.payload(at + DATA_HEADER, end, end);
  } else if ((type === CHUNK.init || type === CHUNK.initAck) && end - at >= 20) {
    const prefix = type === CHUNK.init ? 'init' : 'initack';
    t.add(`${prefix}_initiate_tag`, at + 4);
    t.add(`${prefix}_credit`, at + 8);
    t.add(`${prefix}_nr_out_streams`, at + 12);
    t.add(`${prefix}_nr_in_streams`, at + 14);
    t.add(`${prefix}_initial_tsn`, at + 16);
    parameters(t, at + 20, end);
  } else if (type === CHUNK.sack && end - at >= 16) {
    t.add('sack_cumulative_tsn_ack_raw', at + 4);
    t.add('sack_a_rwnd', at + 8);
    t.add('sack_number_of_gap_blocks', at + 12);
    t.add('sack_number_of_duplicated_tsns', at + 14);
  } else if (type === CHUNK.shutdown && end - at >= 8) t.add('shutdown_cumulative_tsn_ack', at + 4);
}

function parameters(t: TreeBuilder, from: number, end: number): void {
  for (let at = from; at + HEADER <= end; ) {
    const type = t.u16(at);
    const length = t.u16(at + 2);
    if (length < HEADER || at + length > end) return;
    const node = t.nest(t.text(`${PARAMETERS[type] ?? 'Unknown'} parameter`, at, length));
    t.add('parameter_type', at);
    t.add('parameter_length', at + 2);
    if (type === 5 && length === 8) {
      t.add('parameter_ipv4_address', at + HEADER);
      node.text = `IPv4 address parameter (Address: ${formatIpv4(t.u32(at + HEADER))})`;
    } else if (type === 6 && length === 20) t.add('parameter_ipv6_address', at + HEADER);
    t.close();
    at += (length + 3) & ~3;
  }
}
