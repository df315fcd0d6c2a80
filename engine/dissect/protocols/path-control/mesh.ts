/** Routing in networks without a plan: Babel (RFC 8966), OLSR (RFC 3626), AODV (RFC 3561). */

import { formatIpv4 } from '../../../base/address.ts';
import { u16 } from '../../../base/bytes.ts';
import { defineProtocol } from '../../protocol.ts';
import type { TreeBuilder } from '../../tree.ts';

const BABEL = { magic: 42, header: 4 } as const;
const BABEL_MESSAGES: Readonly<Record<number, string>> = {
  0: 'pad1',
  1: 'padn',
  2: 'ack-req',
  3: 'ack',
  4: 'hello',
  5: 'ihu',
  6: 'router-id',
  7: 'nh',
  8: 'update',
  9: 'request',
  10: 'mh-request',
  16: 'hmac',
  17: 'pc',
  18: 'challenge-request',
  19: 'challenge-reply',
};
const PAD1 = 0;

export const babel = defineProtocol({
  name: 'babel',
  title: 'Babel Routing Protocol',
  short: 'Babel',
  on: { 'udp.port': [6696] },
  fields: {
    magic: { type: 'u8', label: 'Magic' },
    version: { type: 'u8', label: 'Version' },
    bodylen: { type: 'u16', label: 'Body Length' },
    'message.type': { type: 'u8', label: 'Message Type', names: BABEL_MESSAGES, many: true },
    'message.length': { type: 'u8', label: 'Message Length', many: true },
    'message.nonce': { type: 'u16', show: 'hex', label: 'Nonce', many: true },
    'message.interval': { type: 'u16', label: 'Interval', many: true },
    'message.seqno': { type: 'u16', show: 'hex', label: 'Seqno', many: true },
    'message.ae': { type: 'u8', label: 'Address Encoding', many: true },
    'message.rxcost': { type: 'u16', show: 'hex', label: 'Rxcost', many: true },
    'message.routerid': { type: 'bytes', label: 'Router ID', many: true },
    'message.flags': { type: 'u8', show: 'hex', label: 'Flags', many: true },
    'message.plen': { type: 'u8', label: 'Prefix Length', many: true },
    'message.omitted': { type: 'u8', label: 'Omitted Bytes', many: true },
    'message.metric': { type: 'u16', label: 'Metric', many: true },
  },
  accepts: (bytes, at, end) => end - at >= BABEL.header && bytes[at] === BABEL.magic && bytes[at + 1] === 2,
  tree(t) {
    t.info('Babel');
    t.add('magic', t.at);
    t.add('version', t.at + 1);
    t.add('bodylen', t.at + 2);
    const end = t.at + BABEL.header + t.u16(t.at + 2);
    for (let at = t.at + BABEL.header; at < end; ) at = babelMessage(t, at);
  },
});

function babelMessage(t: TreeBuilder, at: number): number {
  const type = t.u8(at);
  const name = BABEL_MESSAGES[type] ?? 'unknown';
  t.addInfo(` ${name}`);
  const length = type === PAD1 ? -1 : t.u8(at + 1);
  t.nest(t.text(`Message ${name} (${type})`, at, 2 + length));
  t.add('message.type', at);
  if (length >= 0) {
    t.add('message.length', at + 1);
    t.need(at + 2, length);
    babelBody(t, type, at + 2, length);
  }
  t.close();
  return at + 2 + length;
}

/** RFC 8966 4.6. */
function babelBody(t: TreeBuilder, type: number, at: number, length: number): void {
  if (type === 2 && length >= 6) {
    t.add('message.nonce', at + 2);
    t.add('message.interval', at + 4);
  } else if (type === 3 && length >= 2) t.add('message.nonce', at);
  else if (type === 4 && length >= 6) {
    t.add('message.seqno', at + 2);
    t.add('message.interval', at + 4);
  } else if (type === 5 && length >= 6) {
    t.add('message.ae', at);
    t.add('message.rxcost', at + 2);
    t.add('message.interval', at + 4);
  } else if (type === 6 && length >= 10) t.add('message.routerid', at + 2, 8);
  else if (type === 7 && length >= 2) t.add('message.ae', at);
  else if (type === 8 && length >= 10) {
    t.add('message.ae', at);
    t.add('message.flags', at + 1);
    t.add('message.plen', at + 2);
    t.add('message.omitted', at + 3);
    t.add('message.interval', at + 4);
    t.add('message.seqno', at + 6);
    t.add('message.metric', at + 8);
  } else if (type === 9 && length >= 2) {
    t.add('message.ae', at);
    t.add('message.plen', at + 1);
  }
}

const OLSR_MESSAGES: Readonly<Record<number, string>> = {
  1: 'HELLO',
  2: 'TC',
  3: 'MID',
  4: 'HNA',
  130: 'Nameservice (olsr.org)',
  201: 'HELLO (LQ, olsr.org)',
  202: 'TC (LQ, olsr.org)',
};
const OLSR = { header: 4, message: 12 } as const;

/** RFC 3626 18.3: mantissa and exponent, a sixteenth of a second as unit. */
function olsrSeconds(byte: number): number {
  return (1 + (byte >>> 4) / 16) * 2 ** (byte & 15) * 0.0625;
}

export const olsr = defineProtocol({
  name: 'olsr',
  title: 'Optimized Link State Routing Protocol',
  short: 'OLSR v1',
  on: { 'udp.port': [698] },
  fields: {
    packet_len: { type: 'u16', label: 'Packet Length' },
    packet_seq_num: { type: 'u16', label: 'Packet Sequence Number' },
    message_type: { type: 'u8', label: 'Message Type', names: OLSR_MESSAGES, many: true },
    vtime: { type: 'double', label: 'Validity Time', many: true },
    message_size: { type: 'u16', label: 'Message', many: true },
    origin_addr: { type: 'ipv4', label: 'Originator Address', many: true },
    ttl: { type: 'u8', label: 'TTL', many: true },
    hop_count: { type: 'u8', label: 'Hop Count', many: true },
    message_seq_num: { type: 'u16', label: 'Message Sequence Number', many: true },
    htime: { type: 'double', label: 'Hello Emission Interval', many: true },
    willingness: { type: 'u8', label: 'Willingness to forward messages', many: true },
    ansn: { type: 'u16', label: 'Advertised Neighbor Sequence Number (ANSN)', many: true },
  },
  tree(t) {
    const length = t.u16(t.at);
    t.info(`OLSR (IPv4) Packet,  Length: ${length} Bytes`);
    t.add('packet_len', t.at);
    t.add('packet_seq_num', t.at + 2);
    const end = Math.min(t.end, t.at + length);
    for (let at = t.at + OLSR.header; at + OLSR.message <= end; ) {
      const next = olsrMessage(t, at);
      if (next > end || next < at + OLSR.message) return;
      at = next;
    }
  },
});

function olsrMessage(t: TreeBuilder, at: number): number {
  const type = t.u8(at);
  const size = t.u16(at + 2);
  t.nest(t.text(`Message: ${OLSR_MESSAGES[type] ?? 'Unknown'} (${type})`, at, size));
  t.add('message_type', at);
  t.put('vtime', olsrSeconds(t.u8(at + 1)), at + 1, 1);
  t.add('message_size', at + 2);
  t.add('origin_addr', at + 4);
  t.add('ttl', at + 8);
  t.add('hop_count', at + 9);
  t.add('message_seq_num', at + 10);
  if (size < OLSR.message) t.expert('error', 'too short for a message', at + 2, 2);
  else if ((type === 1 || type === 201) && size >= OLSR.message + 4) {
    t.put('htime', olsrSeconds(t.u8(at + 14)), at + 14, 1);
    t.add('willingness', at + 15);
  } else if ((type === 2 || type === 202) && size >= OLSR.message + 4) t.add('ansn', at + 12);
  t.close();
  return at + size;
}

const AODV = { request: 1, reply: 2, error: 3, acknowledgement: 4 } as const;
const AODV_TYPES: Readonly<Record<number, string>> = {
  1: 'Route Request',
  2: 'Route Reply',
  3: 'Route Error',
  4: 'Route Reply Acknowledgment',
};

export const aodv = defineProtocol({
  name: 'aodv',
  title: 'Ad hoc On-demand Distance Vector Routing Protocol',
  on: { 'udp.port': [654] },
  fields: {
    type: { type: 'u8', label: 'Type', names: AODV_TYPES },
    flags: { type: 'u16', label: 'Flags' },
    prefix_sz: { type: 'u8', label: 'Prefix Size' },
    hopcount: { type: 'u8', label: 'Hop Count' },
    rreq_id: { type: 'u32', label: 'RREQ Id' },
    dest_ip: { type: 'ipv4', label: 'Destination IP' },
    dest_seqno: { type: 'u32', label: 'Destination Sequence Number', many: true },
    orig_ip: { type: 'ipv4', label: 'Originator IP' },
    orig_seqno: { type: 'u32', label: 'Originator Sequence Number' },
    lifetime: { type: 'u32', label: 'Lifetime' },
    destcount: { type: 'u8', label: 'Destination Count' },
    unreach_dest_ip: { type: 'ipv4', label: 'Unreachable Destination IP', many: true },
  },
  accepts: (bytes, at, end) => end > at && AODV_TYPES[bytes[at]] !== undefined,
  tree(t) {
    const { at } = t;
    const type = t.u8(at);
    const name = AODV_TYPES[type] ?? 'Unknown';
    t.info(name);
    t.addLabel(`, ${name}`);
    t.add('type', at);
    if (type === AODV.acknowledgement) return;
    t.put('flags', t.u16(at + 1) & 0xf800, at + 1, 2);
    if (type === AODV.request) aodvRequest(t, at);
    else if (type === AODV.reply) aodvReply(t, at);
    else if (type === AODV.error) {
      const count = t.u8(at + 3);
      t.addInfo(`, Dest Count=${count}`);
      t.add('destcount', at + 3);
      for (let i = 0, next = at + 4; i < count; i++, next += 8) {
        t.add('unreach_dest_ip', next);
        t.add('dest_seqno', next + 4);
      }
    }
  },
});

function aodvRequest(t: TreeBuilder, at: number): void {
  t.add('hopcount', at + 3);
  t.add('rreq_id', at + 4);
  t.add('dest_ip', at + 8);
  t.add('dest_seqno', at + 12);
  t.add('orig_ip', at + 16);
  t.add('orig_seqno', at + 20);
  t.addInfo(
    `, D: ${formatIpv4(t.u32(at + 8))}, O: ${formatIpv4(t.u32(at + 16))} Id=${t.u32(at + 4)} Hcnt=${t.u8(at + 3)} DSN=${t.u32(at + 12)} OSN=${t.u32(at + 20)}`,
  );
}

function aodvReply(t: TreeBuilder, at: number): void {
  t.put('prefix_sz', u16(t.bytes, at + 1) & 0x1f, at + 2, 1);
  t.add('hopcount', at + 3);
  t.add('dest_ip', at + 4);
  t.add('dest_seqno', at + 8);
  t.add('orig_ip', at + 12);
  t.add('lifetime', at + 16);
  t.addInfo(
    `, D: ${formatIpv4(t.u32(at + 4))}, O: ${formatIpv4(t.u32(at + 12))} Hcnt=${t.u8(at + 3)} DSN=${t.u32(at + 8)} Lifetime=${t.u32(at + 16)}`,
  );
}
