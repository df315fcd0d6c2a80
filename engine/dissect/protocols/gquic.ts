/**
 * Google's QUIC before the standard (Q0xx, "QUIC Wire Layout Specification"; Q046 with the standard's first byte): packet headers,
 * and the tags of an unencrypted client hello, which name the server.
 */

import { decodeLatin1 } from '../../base/text.ts';
import { defineProtocol } from '../protocol.ts';
import type { TreeBuilder } from '../tree.ts';

const FLAG = { version: 1, reset: 2, connectionId: 8, longHeader: 0x80 } as const;
const VERSION = /^Q0\d\d$/;
const VERSION_BYTES = 4;
const CONNECTION_ID = 8;
const HASH = 12;
/** Packet number length by bits 4 and 5. */
const NUMBER_LENGTHS = [1, 2, 4, 6] as const;
/** Q046 and later begin like the standard's packets. */
const FIRST_LONG = 46;
/** Versions that are encrypted from the first packet on. */
const FIRST_SEALED = 47;
const HELLOS: Readonly<Record<string, string>> = { CHLO: 'Client Hello', SHLO: 'Server Hello', REJ: 'Rejection' };
const TAG_HEADER = 8;
const MAX_TAGS = 64;
/** A hello is looked for at the start of the payload, behind the frame's few bytes. */
const MAX_FRAME_HEADER = 16;
const TRUE_FALSE = ['Yes', 'No'] as const;

export const gquic = defineProtocol({
  name: 'gquic',
  title: 'GQUIC (Google Quick UDP Internet Connections)',
  short: 'GQUIC',
  fields: {
    puflags: { type: 'u8', show: 'hex', label: 'Public Flags' },
    'puflags.version': { type: 'bool', of: 'u8', bits: [0, 0], label: 'Version', flag: TRUE_FALSE },
    'puflags.reset': { type: 'bool', of: 'u8', bits: [1, 1], label: 'Reset', flag: TRUE_FALSE },
    'puflags.nonce': { type: 'bool', of: 'u8', bits: [2, 2], label: 'Diversification nonce', flag: TRUE_FALSE },
    'puflags.cid': { type: 'bool', of: 'u8', bits: [3, 3], label: 'CID Length', flag: ['8 Bytes', '0 Byte'] },
    'puflags.pkn': { type: 'u8', bits: [5, 4], show: 'hex', label: 'Packet Number Length' },
    header_form: { type: 'u8', bits: [7, 7], label: 'Header Form' },
    fixed_bit: { type: 'bool', of: 'u8', bits: [6, 6], label: 'Fixed Bit', flag: ['True', 'False'] },
    packet_number_length: { type: 'u8', bits: [1, 0], label: 'Packet Number Length' },
    cid: { type: 'u64', label: 'CID' },
    version: { type: 'string', label: 'Version', many: true },
    packet_number: { type: 'u64', label: 'Packet Number' },
    message_authentication_hash: { type: 'bytes', label: 'Message Authentication Hash' },
    tag: { type: 'string', label: 'Tag' },
    tag_number: { type: 'u16', little: true, label: 'Tag Number' },
    tag_type: { type: 'string', label: 'Tag Type', many: true },
    tag_length: { type: 'u32', label: 'Tag length', many: true },
    tag_value: { type: 'bytes', label: 'Tag/value', many: true },
    'tag.sni': { type: 'string', label: 'Server Name Indication' },
    'tag.uaid': { type: 'string', label: 'Client User Agent ID' },
    payload: { type: 'bytes', label: 'Payload' },
  },
  recogniseOn: ['udp'],
  /** A version, where the first byte says that there is one. */
  recognise(bytes, at, end) {
    if (end - at < 14) return false;
    const first = bytes[at];
    if ((first & FLAG.longHeader) !== 0) return versionAt(bytes, at + 1) === FIRST_LONG;
    return (first & FLAG.version) !== 0 && (first & FLAG.connectionId) !== 0 && versionAt(bytes, at + 9) > 0;
  },
  tree(t) {
    const { at } = t;
    const first = t.u8(at);
    const version = t.conversation(() => ({ number: 0 }));
    t.nest(t.put('puflags', first, at, 1));
    if ((first & FLAG.longHeader) !== 0 || version.number >= FIRST_LONG) longHeader(t, first, version);
    else publicFlags(t, first, version);
  },
  remembers: true,
});

/** The version's number; 0 where there is none. */
function versionAt(bytes: Uint8Array, at: number): number {
  const text = decodeLatin1(bytes, at, at + VERSION_BYTES);
  return VERSION.test(text) ? Number(text.slice(1)) : 0;
}

function publicFlags(t: TreeBuilder, first: number, version: { number: number }): void {
  for (const key of ['version', 'reset', 'nonce', 'cid', 'pkn']) t.add(`puflags.${key}`, t.at);
  t.close();
  let at = t.at + 1;
  let id = '';
  if ((first & FLAG.connectionId) !== 0) {
    id = `, CID: ${t.u64(at)}`;
    t.add('cid', at);
    at += CONNECTION_ID;
  }
  if ((first & FLAG.reset) !== 0) {
    t.info(`Public Reset${id}`);
    if (t.end > at) t.add('payload', at, t.end - at);
    return;
  }
  const isFromServer = t.packet.direction === 1;
  if ((first & FLAG.version) !== 0) {
    version.number = versionAt(t.bytes, at) || version.number;
    t.add('version', at, VERSION_BYTES);
    at += VERSION_BYTES;
    if (isFromServer) {
      t.info(`Version Negotiation${id}`);
      for (; at + VERSION_BYTES <= t.end; at += VERSION_BYTES) t.add('version', at, VERSION_BYTES);
      return;
    }
  }
  numbered(t, at, NUMBER_LENGTHS[(first >>> 4) & 3], id, version.number);
}

/** Q046: the standard's first byte, a version, lengths of connection ids, four bytes of packet number. */
function longHeader(t: TreeBuilder, first: number, version: { number: number }): void {
  t.add('header_form', t.at);
  t.add('fixed_bit', t.at);
  t.add('packet_number_length', t.at);
  t.close();
  let at = t.at + 1;
  let id = '';
  if ((first & FLAG.longHeader) !== 0) {
    version.number = versionAt(t.bytes, at) || version.number;
    t.add('version', at, VERSION_BYTES);
    const lengths = t.u8(at + VERSION_BYTES);
    at += VERSION_BYTES + 1;
    if (lengths >>> 4 !== 0) {
      id = `, CID: ${t.u64(at)}`;
      t.add('cid', at);
      at += CONNECTION_ID;
    }
    if ((lengths & 15) !== 0) at += CONNECTION_ID;
  } else if (t.packet.direction === 0) {
    id = `, CID: ${t.u64(at)}`;
    t.add('cid', at);
    at += CONNECTION_ID;
  }
  numbered(t, at, (first & 3) + 1, id, version.number);
}

function numbered(t: TreeBuilder, at: number, length: number, id: string, version: number): void {
  let number = 0n;
  for (let i = 0; i < length; i++) {
    // Big-endian since Q039, as the long header has it.
    const byte = BigInt(t.u8(version > 0 && version < 39 ? at + length - 1 - i : at + i));
    number = (number << 8n) | byte;
  }
  t.put('packet_number', number, at, length);
  const body = at + length;
  const hello = version < FIRST_SEALED ? helloAt(t, body + HASH) : -1;
  if (hello < 0) {
    t.info(`Payload (Encrypted), PKN: ${number}${id}`);
    if (t.end > body) t.add('payload', body, t.end - body);
    return;
  }
  t.add('message_authentication_hash', body, HASH);
  t.info(`${HELLOS[tagName(t, hello)] ?? 'Handshake'}, PKN: ${number}${id}`);
  tags(t, hello);
}

function tagName(t: TreeBuilder, at: number): string {
  return decodeLatin1(t.bytes, at, Math.min(t.end, at + 4)).replace(/\0+$/, '');
}

/** Where a hello's tag is, behind the frame that carries it; -1: there is none. */
function helloAt(t: TreeBuilder, from: number): number {
  for (let at = from; at < from + MAX_FRAME_HEADER && at + TAG_HEADER <= t.end; at++)
    if (HELLOS[tagName(t, at)] !== undefined) return at;
  return -1;
}

/** Tags with the offsets of their values' ends, then the values. */
function tags(t: TreeBuilder, at: number): void {
  t.put('tag', tagName(t, at), at, 4);
  const count = t.u16le(at + 4);
  t.add('tag_number', at + 4);
  const values = at + TAG_HEADER + count * TAG_HEADER;
  let start = 0;
  for (let i = 0; i < Math.min(count, MAX_TAGS); i++) {
    const tagAt = at + TAG_HEADER + i * TAG_HEADER;
    const end = t.u32le(tagAt + 4);
    if (end < start || !t.has(values + start, end - start)) return;
    const name = tagName(t, tagAt);
    t.nest(t.text(`Tag/value: ${name} (l=${end - start})`, tagAt, TAG_HEADER));
    t.put('tag_type', name, tagAt, 4);
    t.generated('tag_length', end - start, tagAt + 4, 4);
    if (end > start) t.add('tag_value', values + start, end - start);
    if (name === 'SNI') t.add('tag.sni', values + start, end - start);
    if (name === 'UAID') t.add('tag.uaid', values + start, end - start);
    t.close();
    start = end;
  }
}
