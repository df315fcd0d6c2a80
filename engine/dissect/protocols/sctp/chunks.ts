/** The contents of SCTP's chunks (RFC 9260 3.3; RFC 3758, RFC 4820, RFC 4895, RFC 5061, RFC 6525, RFC 8260). */

import type { TreeBuilder } from '../../tree.ts';
import { PAYLOADS } from './names.ts';
import { causes, parameters } from './parameters.ts';

/** Where sequence numbers begin, by the direction that sends the data: relative ones count from there. */
export interface Association {
  readonly base: [number, number];
}

export const UNKNOWN_BASE = -1;

/** A sequence number of the side that sends in `direction`, counted from that side's first. */
function relative(association: Association, direction: number, raw: number): number {
  if (association.base[direction] === UNKNOWN_BASE) association.base[direction] = raw;
  return (raw - association.base[direction]) >>> 0;
}

export const CHUNK = {
  data: 0,
  init: 1,
  initAck: 2,
  sack: 3,
  heartbeat: 4,
  heartbeatAck: 5,
  abort: 6,
  shutdown: 7,
  shutdownAck: 8,
  error: 9,
  cookieEcho: 10,
  cookieAck: 11,
  ecne: 12,
  cwr: 13,
  shutdownComplete: 14,
  auth: 15,
  nrSack: 16,
  idata: 64,
  asconfAck: 128,
  packetDrop: 129,
  reconfig: 130,
  pad: 132,
  forward: 192,
  asconf: 193,
  iforward: 194,
} as const;
const DATA = { unordered: 4, first: 2, last: 1 } as const;
const MAX_BLOCKS = 4096;

/** Adds what a chunk holds in [at, end), its header included; what its row and the Info column say of it. */
export function chunk(t: TreeBuilder, association: Association, type: number, at: number, end: number): string {
  const { direction } = t.packet;
  const body = at + 4;
  switch (type) {
    case CHUNK.data:
      return data(t, association, at, end, false);
    case CHUNK.idata:
      return data(t, association, at, end, true);
    case CHUNK.init:
    case CHUNK.initAck: {
      const prefix = type === CHUNK.init ? 'init' : 'initack';
      association.base[direction] = t.u32(body + 12);
      let next = body;
      for (const key of ['initiate_tag', 'credit', 'nr_out_streams', 'nr_in_streams', 'initial_tsn'])
        next = t.add(`${prefix}_${key}`, next);
      parameters(t, next, end);
      return '';
    }
    case CHUNK.sack:
      return sack(t, association, at, end);
    case CHUNK.nrSack:
      return nrSack(t, body, end);
    case CHUNK.heartbeat:
    case CHUNK.heartbeatAck:
    case CHUNK.reconfig:
      parameters(t, body, end);
      return '';
    case CHUNK.abort:
      t.add('abort_t_bit', at + 1);
      causes(t, body, end);
      return '';
    case CHUNK.error:
      causes(t, body, end);
      return '';
    case CHUNK.shutdown:
      t.add('shutdown_cumulative_tsn_ack', body);
      return '';
    case CHUNK.shutdownComplete:
      t.add('shutdown_complete_t_bit', at + 1);
      return '';
    case CHUNK.cookieEcho:
      rest(t, 'cookie', body, end);
      return '';
    case CHUNK.ecne:
      t.add('ecne_lowest_tsn', body);
      return '';
    case CHUNK.cwr:
      t.add('cwr_lowest_tsn', body);
      return '';
    case CHUNK.auth:
      rest(t, 'hmac', t.add('hmac_id', t.add('shared_key_id', body)), end);
      return '';
    case CHUNK.pad:
      rest(t, 'padding_data', body, end);
      return '';
    case CHUNK.shutdownAck:
    case CHUNK.cookieAck:
      return '';
    default:
      return extension(t, type, at, end);
  }
}

function rest(t: TreeBuilder, key: string, at: number, end: number): void {
  if (end > at) t.add(key, at, end - at);
}

function extension(t: TreeBuilder, type: number, at: number, end: number): string {
  const body = at + 4;
  if (type === CHUNK.asconf || type === CHUNK.asconfAck) {
    parameters(t, t.add(type === CHUNK.asconf ? 'asconf_seq_nr_number' : 'asconf_ack_seq_nr_number', body), end);
  } else if (type === CHUNK.forward) {
    t.add('forward_tsn_tsn', body);
    for (let next = body + 4; next + 4 <= end; next += 4) {
      t.add('forward_tsn_sid', next);
      t.add('forward_tsn_ssn', next + 2);
    }
  } else if (type === CHUNK.iforward) {
    t.add('i_forward_tsn_tsn', body);
    for (let next = body + 4; next + 8 <= end; next += 8) {
      t.add('i_forward_tsn_sid', next);
      t.add('i_forward_tsn_flags', next + 2);
      t.add('i_forward_tsn_u_bit', next + 2);
      t.add('forward_tsn_mid', next + 4);
    }
  } else if (type === CHUNK.packetDrop) packetDrop(t, at, end);
  else rest(t, 'chunk_value', body, end);
  return '';
}

function data(t: TreeBuilder, association: Association, at: number, end: number, isInterleaved: boolean): string {
  const flags = t.u8(at + 1);
  for (const bit of ['e', 'b', 'u', 'i']) t.add(`data_${bit}_bit`, at + 1);
  const sequence = relative(association, t.packet.direction, t.u32(at + 4));
  t.generated('data_tsn', sequence, at + 4, 4);
  t.add('data_tsn_raw', at + 4);
  t.add('data_sid', at + 8);
  const header = isInterleaved ? 20 : 16;
  const isFirst = (flags & DATA.first) !== 0;
  if (isInterleaved) {
    t.add('data_reserved', at + 10);
    t.add('data_mid', at + 12);
    t.add(isFirst ? 'data_payload_proto_id' : 'data_fsn', at + 16);
  } else {
    t.add('data_ssn', at + 10);
    t.add('data_payload_proto_id', at + 12);
  }
  if (end > at + header) carried(t, at, header, end, flags, isInterleaved);
  const isWhole = (flags & (DATA.first | DATA.last)) === (DATA.first | DATA.last);
  return `(TSN=${sequence})${isWhole ? '' : ' (Message Fragment)'} `;
}

/** A whole message goes to its protocol, by payload identifier or port; a piece is shown as it is. */
function carried(t: TreeBuilder, at: number, header: number, end: number, flags: number, isInterleaved: boolean): void {
  const isWhole = (flags & (DATA.first | DATA.last)) === (DATA.first | DATA.last);
  const identifier = isWhole || !isInterleaved ? t.u32(at + (isInterleaved ? 16 : 12)) : 0;
  const found = isWhole
    ? t.find('sctp.ppid', identifier) || t.find('sctp.port', t.ports[1]) || t.find('sctp.port', t.ports[0])
    : 0;
  if (found !== 0) t.dissect(found, at + header, end, end);
  else if (isWhole) t.payload(at + header, end, end);
  else t.text('Piece of a message', at + header, end - at - header);
}

function sack(t: TreeBuilder, association: Association, at: number, end: number): string {
  const body = at + 4;
  const raw = t.u32(body);
  const acknowledged = relative(association, 1 - t.packet.direction, raw);
  t.generated('sack_cumulative_tsn_ack', acknowledged, body, 4);
  const window = t.u32(body + 4);
  t.add('sack_nounce_sum', at + 1);
  t.add('sack_cumulative_tsn_ack_raw', body);
  t.add('sack_a_rwnd', body + 4);
  if (window === 0) t.expert('note', 'Zero Advertised Receiver Window Credit', body + 4, 4, 'sack_a_rwnd.expert');
  const blocks = t.u16(body + 8);
  const duplicates = t.u16(body + 10);
  t.add('sack_number_of_gap_blocks', body + 8);
  t.add('sack_number_of_duplicated_tsns', body + 10);
  let next = body + 12;
  let covered = 0;
  let last = 0;
  if (next + 4 * (blocks + duplicates) > end) t.fail();
  for (let i = 0; i < blocks; i++, next += 4) {
    const start = t.u16(next);
    const stop = t.u16(next + 2);
    t.nest(
      t.text(`Gap Acknowledgement for TSN ${(acknowledged + start) >>> 0} to ${(acknowledged + stop) >>> 0}`, next, 4),
    );
    t.add('sack_gap_block_start', next);
    t.generated('sack_gap_block_start_tsn', (acknowledged + start) >>> 0, next, 2);
    t.add('sack_gap_block_end', next + 2);
    t.generated('sack_gap_block_end_tsn', (acknowledged + stop) >>> 0, next + 2, 2);
    t.close();
    covered += Math.max(0, stop - start + 1);
    last = stop;
  }
  if (blocks > 0) t.generated('sack_number_of_tsns_gap_acked', covered, body + 8, 2);
  for (let i = 0; i < Math.min(duplicates, MAX_BLOCKS) && next + 4 <= end; i++)
    next = t.add('sack_duplicate_tsn', next);
  return `(Ack=${acknowledged}${last > 0 ? `+${last}` : ''}, Arwnd=${window}) `;
}

function nrSack(t: TreeBuilder, body: number, end: number): string {
  const keys = [
    'cumulative_tsn_ack',
    'a_rwnd',
    'number_of_gap_blocks',
    'number_of_nr_gap_blocks',
    'number_of_duplicated_tsns',
    'reserved',
  ];
  let next = body;
  for (const key of keys) next = t.add(`nr_sack_${key}`, next);
  const counts = [t.u16(body + 8), t.u16(body + 10), t.u16(body + 12)];
  for (const [kind, count] of [
    ['gap', counts[0]],
    ['nr_gap', counts[1]],
  ] as const) {
    for (let i = 0; i < Math.min(count, MAX_BLOCKS) && next + 4 <= end; i++) {
      next = t.add(`nr_sack_${kind}_block_start`, next);
      next = t.add(`nr_sack_${kind}_block_end`, next);
    }
  }
  for (let i = 0; i < Math.min(counts[2], MAX_BLOCKS) && next + 4 <= end; i++)
    next = t.add('nr_sack_duplicate_tsn', next);
  return '';
}

function packetDrop(t: TreeBuilder, at: number, end: number): void {
  for (const bit of ['m', 'b', 't']) t.add(`pckdrop_${bit}_bit`, at + 1);
  let next = at + 4;
  for (const key of ['bandwidth', 'queuesize', 'truncated_length', 'reserved']) next = t.add(`pktdrop_${key}`, next);
  rest(t, 'pktdrop_datafield', next, end);
}

/** The row of a DATA chunk: what is in it at a glance. */
export function dataText(t: TreeBuilder, at: number, length: number): string {
  const flags = t.u8(at + 1);
  const order = (flags & DATA.unordered) !== 0 ? 'unordered' : 'ordered';
  const pieces = ['middle', 'last', 'first', 'complete'] as const;
  const identifier = t.u32(at + 12);
  const name = PAYLOADS[identifier];
  return `${order}, ${pieces[flags & 3]} segment, TSN: ${t.u32(at + 4)}, SID: ${t.u16(at + 8)}, SSN: ${t.u16(at + 10)}, PPID: ${identifier}${name === undefined || identifier === 0 ? '' : ` (${name})`}, payload length: ${length - 16} byte${length === 17 ? '' : 's'}`;
}
