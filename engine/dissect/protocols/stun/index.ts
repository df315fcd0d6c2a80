/** STUN (RFC 8489) and TURN (RFC 8656, [MS-TURN]): messages of attributes, and channel data. */

import { formatIpv4, formatIpv6 } from '../../../base/address.ts';
import { u16, u32 } from '../../../base/bytes.ts';
import { toHex } from '../../../base/hex.ts';
import { defineProtocol, type Framing, MORE, NOT_MINE } from '../../protocol.ts';
import type { TreeBuilder } from '../../tree.ts';
import { ATTRIBUTES, CLASSES, ERRORS, METHODS } from './names.ts';

const AT = { type: 0, length: 2, cookie: 4, id: 8, attributes: 20 } as const;
const COOKIE = 0x2112a442;
/** Bytes of the length in front of a message over TCP. */
const FRAMED = 2;
const ATTRIBUTE = {
  mapped: 0x0001,
  username: 0x0006,
  password: 0x0007,
  integrity: 0x0008,
  error: 0x0009,
  unknown: 0x000a,
  channel: 0x000c,
  lifetime: 0x000d,
  bandwidth: 0x0010,
  peer: 0x0012,
  data: 0x0013,
  realm: 0x0014,
  nonce: 0x0015,
  relayed: 0x0016,
  transport: 0x0019,
  xorMapped: 0x0020,
  software: 0x8022,
  fingerprint: 0x8028,
  priority: 0x0024,
  controlled: 0x8029,
  controlling: 0x802a,
  alternate: 0x8023,
  msVersion: 0x8008,
  msSequence: 0x8050,
} as const;
const CHANNEL_HEADER = 4;
/** The channel of [MS-TURN] 2.2.1: a session's number comes before its data. */
const MS_CHANNEL = 0xff10;
const MS_SESSION = 8;
/** Requests remembered per conversation; the oldest are forgotten. */
const MAX_ASKED = 10_000;
const REQUEST = 0;
const INDICATION = 1;

interface Memory {
  /** Transaction id to the request that was sent first with it. */
  readonly asked: Map<string, { readonly frame: number; readonly time: bigint | null }>;
}

export const stun = defineProtocol({
  name: 'stun',
  title: 'Session Traversal Utilities for NAT',
  header: CHANNEL_HEADER,
  opens: ['data'],
  remembers: true,
  fields: {
    type: { type: 'u16', show: 'hex', label: 'Message Type' },
    'type.class': { type: 'u16', show: 'hex', bits: [8, 4], label: 'Message Class', names: CLASSES },
    'type.method': { type: 'u16', show: 'hex', bits: [13, 0], label: 'Message Method', names: METHODS },
    length: { type: 'u16', label: 'Message Length' },
    cookie: { type: 'bytes', label: 'Message Cookie' },
    id: { type: 'bytes', label: 'Message Transaction ID' },
    attributes: { type: 'none', label: 'Attributes' },
    attribute: { type: 'u16', show: 'hex', label: 'Attribute Type', many: true },
    'att.type': { type: 'u16', show: 'hex', label: 'Attribute Type', names: ATTRIBUTES, many: true },
    'att.length': { type: 'u16', label: 'Attribute Length', many: true },
    value: { type: 'bytes', label: 'Value', many: true },
    'att.padding': { type: 'u16', label: 'Padding', many: true },
    'att.family': { type: 'u8', show: 'hex', label: 'Protocol Family', many: true },
    'att.ipv4': { type: 'ipv4', label: 'IP', many: true },
    'att.ipv6': { type: 'ipv6', label: 'IP', many: true },
    'att.port': { type: 'u16', label: 'Port', many: true },
    'att.ipv4-xord': { type: 'bytes', label: 'IP (XOR-d)', many: true },
    'att.ipv6-xord': { type: 'bytes', label: 'IP (XOR-d)', many: true },
    'att.port-xord': { type: 'bytes', label: 'Port (XOR-d)', many: true },
    'att.username': { type: 'string', label: 'Username' },
    'att.password': { type: 'bytes', label: 'Password' },
    'att.hmac': { type: 'bytes', label: 'HMAC-SHA1' },
    'att.realm': { type: 'string', label: 'Realm' },
    'att.nonce': { type: 'string', label: 'Nonce' },
    'att.software': { type: 'string', label: 'Software' },
    'att.lifetime': { type: 'u32', label: 'Lifetime' },
    'att.channelnum': { type: 'u16', show: 'hex', label: 'Channel-Number' },
    'att.transp': { type: 'u8', show: 'hex', label: 'Transport' },
    'att.priority': { type: 'u32', label: 'Priority' },
    'att.tie-breaker': { type: 'bytes', label: 'Tie breaker' },
    'att.crc32': { type: 'u32', show: 'hex', label: 'CRC-32' },
    'att.error.class': { type: 'u8', bits: [2, 0], label: 'Error Class' },
    'att.error': { type: 'u8', label: 'Error Code' },
    'att.error.reason': { type: 'string', label: 'Error Reason Phrase' },
    channel: { type: 'u16', show: 'hex', label: 'Channel Number' },
    'att.ms.turn_session_id': { type: 'bytes', label: 'MS TURN Session Id' },
    'att.ms.version': { type: 'u32', label: 'MS-Version' },
    'att.ms.sequence_number': { type: 'u32', label: 'Sequence Number' },
    'att.ms.connection_id': { type: 'bytes', label: 'Connection ID' },
    'att.bandwidth': { type: 'u32', label: 'Bandwidth', abbrev: 'stun.port.bandwidth' },
    'response-to': { type: 'frame', label: 'Response To' },
    reqduplicate: { type: 'frame', label: 'Duplicated original message in' },
    time: { type: 'duration', label: 'Time' },
  },
  recognise: (bytes, at, end) =>
    isWhole(bytes, at, end) ||
    isMsChannel(bytes, at, end) ||
    (end - at > FRAMED && u16(bytes, at) === end - at - FRAMED && isMessage(bytes, at + FRAMED, end)),
  accepts: (bytes, at, end) =>
    isMessage(bytes, at, end) ||
    isWhole(bytes, at, end) ||
    isMsChannel(bytes, at, end) ||
    (bytes[at] & 0xc0) === 0x40 ||
    u16(bytes, at) === end - at - FRAMED,
  frame(f: Framing): number {
    const { bytes, at, end } = f;
    // Candidates over TCP have a length in front (RFC 4571 2): the start of the flow tells them apart.
    if (f.shared === 0 && end - at >= FRAMED + AT.attributes) f.shared = isMessage(bytes, at + FRAMED, end) ? 2 : 1;
    if (f.shared === 2) return end - at < FRAMED ? MORE : FRAMED + u16(bytes, at);
    if (end - at < CHANNEL_HEADER) return MORE;
    const length = u16(bytes, at + AT.length);
    const kind = bytes[at] & 0xc0;
    if (kind === 0x40) return CHANNEL_HEADER + ((length + 3) & ~3);
    return kind === 0 ? AT.attributes + length : NOT_MINE;
  },
  tree(t) {
    const isFramed =
      t.transport === 'tcp' && !isMessage(t.bytes, t.at, t.end) && isMessage(t.bytes, t.at + FRAMED, t.end);
    if (isFramed) {
      message(t, t.at + FRAMED);
      return;
    }
    if (isMsChannel(t.bytes, t.at, t.end)) {
      t.label('Session Traversal Utilities for NAT, TURN ChannelData Message');
      t.info('ChannelData TURN Message');
      t.add('channel', t.at);
      t.add('length', t.at + 2);
      t.add('att.ms.turn_session_id', t.at + CHANNEL_HEADER, MS_SESSION);
      t.payload(t.at + CHANNEL_HEADER + MS_SESSION);
      return;
    }
    const kind = t.u8(t.at) & 0xc0;
    if (kind === 0x40) {
      const length = t.u16(t.at + 2);
      t.add('channel', t.at);
      t.add('length', t.at + 2);
      t.info('ChannelData TURN Message');
      if (t.end > t.at + CHANNEL_HEADER) {
        t.payload(t.at + CHANNEL_HEADER, Math.min(t.end, t.at + CHANNEL_HEADER + length));
      }
      return;
    }
    if (kind !== 0 || !t.has(t.at, AT.attributes)) {
      t.payload(t.at);
      return;
    }
    message(t, t.at);
  },
});

function isMessage(bytes: Uint8Array, at: number, end: number): boolean {
  return (
    end - at >= AT.attributes &&
    (bytes[at] & 0xc0) === 0 &&
    (bytes[at + AT.length + 1] & 3) === 0 &&
    u32(bytes, at + AT.cookie) === COOKIE
  );
}

/** A datagram that is one message; Microsoft's may have any length, and no padding then. */
function isWhole(bytes: Uint8Array, at: number, end: number): boolean {
  return (
    end - at >= AT.attributes &&
    (bytes[at] & 0xc0) === 0 &&
    u32(bytes, at + AT.cookie) === COOKIE &&
    AT.attributes + u16(bytes, at + AT.length) === end - at
  );
}

function isMsChannel(bytes: Uint8Array, at: number, end: number): boolean {
  return (
    end - at > CHANNEL_HEADER + MS_SESSION &&
    u16(bytes, at) === MS_CHANNEL &&
    u16(bytes, at + 2) === end - at - CHANNEL_HEADER
  );
}

/** Names the request of a response, and the time since (fields of Wireshark's). */
function transaction(t: TreeBuilder, start: number, kind: number): void {
  const { asked } = t.conversation((): Memory => ({ asked: new Map() }));
  const id = toHex(t.slice(start + AT.id, 12));
  const { number: frame, time } = t.packet;
  const first = asked.get(id);
  if (kind === REQUEST) {
    if (first === undefined) {
      asked.set(id, { frame, time });
      if (asked.size > MAX_ASKED) for (const oldest of asked.keys()) if (asked.delete(oldest)) break;
    } else if (first.frame < frame) t.generated('reqduplicate', first.frame);
  } else if (first !== undefined && first.frame < frame && kind !== INDICATION) {
    t.generated('response-to', first.frame);
    if (time !== null && first.time !== null) t.generated('time', time - first.time);
  }
}

function message(t: TreeBuilder, start: number): void {
  const type = t.u16(start);
  const length = t.u16(start + AT.length);
  const kind = ((type >>> 7) & 2) | ((type >>> 4) & 1);
  const method = ((type & 0x3e00) >>> 2) | ((type & 0xe0) >>> 1) | (type & 0xf);
  t.info(`${METHODS[method] ?? `Unknown (0x${method.toString(16).padStart(4, '0')})`} ${CLASSES[kind]}`);
  transaction(t, start, kind);
  t.nest(t.put('type', type, start, 2));
  t.put('type.class', kind, start, 2);
  t.put('type.method', method, start, 2);
  t.close();
  t.add('length', start + AT.length);
  t.add('cookie', start + AT.cookie, 4);
  t.add('id', start + AT.id, 12);
  if (length === 0) return;
  const end = Math.min(t.end, start + AT.attributes + length);
  t.nest(t.put('attributes', new Uint8Array(0), start + AT.attributes, end - t.at - AT.attributes));
  for (let at = start + AT.attributes; at + 4 <= end; ) {
    const size = t.u16(at + 2);
    attribute(t, t.u16(at), at, size, start, (length & 3) === 0);
    at += 4 + ((length & 3) === 0 ? (size + 3) & ~3 : size);
  }
  t.close();
}

function attribute(t: TreeBuilder, type: number, at: number, size: number, start: number, isPadded: boolean): void {
  const value = at + 4;
  t.nest(t.put('attribute', type, at, 4 + size, ATTRIBUTES[type] ?? 'Unknown'));
  t.add('att.type', at);
  t.add('att.length', at + 2);
  t.need(value, size);
  switch (type) {
    case ATTRIBUTE.mapped:
    case ATTRIBUTE.alternate:
      address(t, value, size, false, ATTRIBUTES[type] ?? '', start);
      break;
    case ATTRIBUTE.xorMapped:
    case ATTRIBUTE.peer:
    case ATTRIBUTE.relayed:
      address(t, value, size, true, ATTRIBUTES[type] ?? '', start);
      break;
    case ATTRIBUTE.username:
      t.add('att.username', value, size);
      t.addInfo(` user: ${t.string(value, size)}`);
      break;
    case ATTRIBUTE.password:
      t.add('att.password', value, size);
      break;
    case ATTRIBUTE.realm:
      t.add('att.realm', value, size);
      t.addInfo(` realm: ${t.string(value, size)}`);
      break;
    case ATTRIBUTE.nonce:
      t.add('att.nonce', value, size);
      t.addInfo(' with nonce');
      break;
    case ATTRIBUTE.software:
      t.add('att.software', value, size);
      break;
    case ATTRIBUTE.integrity:
      if (size >= 20) t.add('att.hmac', value, 20);
      break;
    case ATTRIBUTE.error:
      if (size >= 4) {
        const code = t.u8(value + 2) * 100 + t.u8(value + 3);
        t.add('att.error.class', value + 2);
        t.add('att.error', value + 3);
        t.addInfo(` error-code: ${code} (${ERRORS[code] ?? 'Unknown error'})`);
        if (size > 4) {
          t.add('att.error.reason', value + 4, size - 4);
          t.addInfo(` ${t.string(value + 4, size - 4)}`);
        }
      }
      break;
    case ATTRIBUTE.lifetime:
      if (size >= 4) {
        t.add('att.lifetime', value);
        t.addInfo(` lifetime: ${t.u32(value)}`);
      }
      break;
    case ATTRIBUTE.bandwidth:
      if (size >= 4) {
        t.add('att.bandwidth', value);
        t.addInfo(` bandwidth: ${t.u32(value)}`);
      }
      break;
    case ATTRIBUTE.channel:
      if (size >= 2) {
        t.add('att.channelnum', value);
        t.addInfo(` ChannelNumber=0x${t.u16(value).toString(16)}`);
      }
      break;
    case ATTRIBUTE.transport:
      if (size >= 1) {
        t.add('att.transp', value);
        const protocol = t.u8(value);
        t.addInfo(protocol === 17 ? ' UDP' : protocol === 6 ? ' TCP' : '');
      }
      break;
    case ATTRIBUTE.priority:
      if (size >= 4) t.add('att.priority', value);
      break;
    case ATTRIBUTE.controlled:
    case ATTRIBUTE.controlling:
      if (size >= 8) t.add('att.tie-breaker', value, 8);
      break;
    case ATTRIBUTE.fingerprint:
      if (size >= 4) t.add('att.crc32', value);
      break;
    case ATTRIBUTE.msVersion:
      if (size >= 4) t.add('att.ms.version', value);
      break;
    case ATTRIBUTE.msSequence:
      if (size >= 24) {
        t.add('att.ms.connection_id', value, 20);
        t.add('att.ms.sequence_number', value + 20);
      }
      break;
    case ATTRIBUTE.data:
      if (size > 0) {
        const before = t.infoSoFar;
        t.payload(value, value + size, value + size);
        t.info(before);
        t.column('STUN');
      }
      break;
    default:
      if (size > 0) t.add('value', value, size);
  }
  const padding = (4 - (size & 3)) & 3;
  if (isPadded && padding > 0 && t.has(value + size, padding)) t.put('att.padding', 0, value + size, padding);
  t.close();
}

/** An address; `isMasked`: exclusive or with the cookie and the transaction id (RFC 8489 14.2). */
function address(t: TreeBuilder, at: number, size: number, isMasked: boolean, name: string, start: number): void {
  if (size < 8) return;
  const family = t.u8(at + 1);
  t.add('att.family', at + 1);
  const port = t.u16(at + 2) ^ (isMasked ? COOKIE >>> 16 : 0);
  if (isMasked) t.add('att.port-xord', at + 2, 2);
  t.put('att.port', port, at + 2, 2);
  if (family === 1) {
    const ip = (t.u32(at + 4) ^ (isMasked ? COOKIE : 0)) >>> 0;
    if (isMasked) t.add('att.ipv4-xord', at + 4, 4);
    t.put('att.ipv4', ip, at + 4, 4);
    t.addInfo(` ${name}: ${formatIpv4(ip)}:${port}`);
  } else if (family === 2 && size >= 20) {
    const ip = t.slice(at + 4, 16);
    if (isMasked) {
      t.add('att.ipv6-xord', at + 4, 16);
      const mask = t.slice(start + AT.cookie, 16);
      for (let i = 0; i < 16; i++) ip[i] ^= mask[i];
    }
    t.put('att.ipv6', ip, at + 4, 16);
    t.addInfo(` ${name}: ${formatIpv6(ip)}:${port}`);
  }
}
