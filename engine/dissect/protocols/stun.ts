/** STUN (RFC 8489, older in RFC 3489) and TURN (RFC 8656): messages of attributes, and channel data. */

import { formatIpv4, formatIpv6 } from '../../base/address.ts';
import { u16, u32 } from '../../base/bytes.ts';
import { defineProtocol, type Framing, MORE, NOT_MINE } from '../protocol.ts';
import type { TreeBuilder } from '../tree.ts';

const AT = { type: 0, length: 2, cookie: 4, id: 8, attributes: 20 } as const;
const COOKIE = 0x2112a442;
/** Bytes of the length in front of a message over TCP. */
const FRAMED = 2;
const METHODS: Readonly<Record<number, string>> = {
  0x001: 'Binding',
  0x002: 'SharedSecret',
  0x003: 'Allocate',
  0x004: 'Refresh',
  0x006: 'Send',
  0x007: 'Data',
  0x008: 'CreatePermission',
  0x009: 'Channel-Bind',
  0x00a: 'Connect',
  0x00b: 'ConnectionBind',
  0x00c: 'ConnectionAttempt',
  0x080: 'GooglePing',
};
const CLASSES: Readonly<Record<number, string>> = {
  0: 'Request',
  1: 'Indication',
  2: 'Success Response',
  3: 'Error Response',
};
const ATTRIBUTES: Readonly<Record<number, string>> = {
  0x0001: 'MAPPED-ADDRESS',
  0x0002: 'RESPONSE_ADDRESS',
  0x0003: 'CHANGE_REQUEST',
  0x0004: 'SOURCE_ADDRESS',
  0x0005: 'CHANGED_ADDRESS',
  0x0006: 'USERNAME',
  0x0007: 'PASSWORD',
  0x0008: 'MESSAGE-INTEGRITY',
  0x0009: 'ERROR-CODE',
  0x000a: 'UNKNOWN-ATTRIBUTES',
  0x000b: 'REFLECTED-FROM',
  0x000c: 'CHANNEL-NUMBER',
  0x000d: 'LIFETIME',
  0x0010: 'BANDWIDTH',
  0x0012: 'XOR-PEER-ADDRESS',
  0x0013: 'DATA',
  0x0014: 'REALM',
  0x0015: 'NONCE',
  0x0016: 'XOR-RELAYED-ADDRESS',
  0x0017: 'REQUESTED-ADDRESS-FAMILY',
  0x0018: 'EVEN-PORT',
  0x0019: 'REQUESTED-TRANSPORT',
  0x001a: 'DONT-FRAGMENT',
  0x001c: 'MESSAGE-INTEGRITY-SHA256',
  0x0020: 'XOR-MAPPED-ADDRESS',
  0x0022: 'RESERVATION-TOKEN',
  0x0024: 'PRIORITY',
  0x0025: 'USE-CANDIDATE',
  0x0026: 'PADDING',
  0x0027: 'RESPONSE-PORT',
  0x002a: 'CONNECTION-ID',
  0x8020: 'XOR_MAPPED_ADDRESS',
  0x8022: 'SOFTWARE',
  0x8023: 'ALTERNATE-SERVER',
  0x8028: 'FINGERPRINT',
  0x8029: 'ICE-CONTROLLED',
  0x802a: 'ICE-CONTROLLING',
  0x802b: 'RESPONSE-ORIGIN',
  0x802c: 'OTHER-ADDRESS',
};
const CLASSIC_TYPES: Readonly<Record<number, string>> = {
  0x1: 'Binding Request',
  0x101: 'Binding Response',
  0x111: 'Binding Error Response',
  0x2: 'Shared Secret Request',
  0x102: 'Shared Secret Response',
  0x1112: 'Shared Secret Error Response',
  0x3: 'Allocate Request',
  0x103: 'Allocate Response',
  0x113: 'Allocate Error Response',
  0x4: 'Send Request',
  0x104: 'Send Response',
  0x114: 'Send Error Response',
  0x115: 'Data Indication',
  0x6: 'Set Active Destination Request',
  0x106: 'Set Active Destination Response',
  0x116: 'Set Active Destination Error Response',
};
const ERRORS: Readonly<Record<number, string>> = {
  300: 'Try Alternate',
  400: 'Bad Request',
  401: 'Unauthenticated',
  403: 'Forbidden',
  405: 'Mobility Forbidden',
  420: 'Unknown Attribute',
  430: 'Stale Credentials (legacy)',
  431: 'Integrity Check Failure (legacy)',
  432: 'Missing Username (legacy)',
  433: 'Use TLS (legacy)',
  434: 'Missing Realm (legacy)',
  435: 'Missing Nonce (legacy)',
  436: 'Unknown User (legacy)',
  437: 'Allocation Mismatch',
  438: 'Stale Nonce',
  440: 'Address Family not Supported',
  441: 'Wrong Credentials',
  442: 'Unsupported Transport Protocol',
  443: 'Peer Address Family Mismatch',
  446: 'Connection Already Exists',
  447: 'Connection Timeout or Failure',
  481: 'Connection does not exist (legacy)',
  486: 'Allocation Quota Reached',
  487: 'Role Conflict',
  500: 'Server Error',
  508: 'Insufficient Capacity',
};
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
} as const;
const CHANNEL_HEADER = 4;

export const stun = defineProtocol({
  name: 'stun',
  title: 'Session Traversal Utilities for NAT',
  header: CHANNEL_HEADER,
  opens: ['data'],
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
  },
  recognise: (bytes, at, end) =>
    (isMessage(bytes, at, end) && AT.attributes + u16(bytes, at + AT.length) === end - at) ||
    (end - at > FRAMED && u16(bytes, at) === end - at - FRAMED && isMessage(bytes, at + FRAMED, end)),
  accepts: (bytes, at, end) =>
    isMessage(bytes, at, end) || (bytes[at] & 0xc0) === 0x40 || u16(bytes, at) === end - at - FRAMED,
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

function message(t: TreeBuilder, start: number): void {
  const type = t.u16(start);
  const length = t.u16(start + AT.length);
  const kind = ((type >>> 7) & 2) | ((type >>> 4) & 1);
  const method = ((type & 0x3e00) >>> 2) | ((type & 0xe0) >>> 1) | (type & 0xf);
  t.info(`${METHODS[method] ?? `Unknown (0x${method.toString(16).padStart(4, '0')})`} ${CLASSES[kind]}`);
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
    attribute(t, t.u16(at), at, size, start);
    at += 4 + ((size + 3) & ~3);
  }
  t.close();
}

function attribute(t: TreeBuilder, type: number, at: number, size: number, start: number): void {
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
        t.add('value', value, size);
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
  if (padding > 0 && t.has(value + size, padding)) t.put('att.padding', 0, value + size, padding);
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

/** Attributes that hold an address: mapped, response, source, changed, reflected. */
const CLASSIC_ADDRESSES: readonly number[] = [1, 2, 4, 5, 11];

export const classicStun = defineProtocol({
  name: 'classicstun',
  title: 'Simple Traversal of UDP Through NAT',
  short: 'CLASSIC-STUN',
  header: AT.attributes,
  opens: ['data'],
  fields: {
    type: { type: 'u16', show: 'hex', label: 'Message Type', at: 0, names: CLASSIC_TYPES },
    length: { type: 'u16', show: 'hex', label: 'Message Length', at: 2 },
    id: { type: 'bytes', label: 'Message Transaction ID', at: 4, length: 16 },
    'att.type': { type: 'u16', show: 'hex', label: 'Attribute Type', many: true },
    'att.length': { type: 'u16', label: 'Attribute Length', many: true },
    'att.value': { type: 'bytes', label: 'Value', many: true },
    'att.family': { type: 'u16', show: 'hex', label: 'Protocol Family', many: true },
    'att.port': { type: 'u16', label: 'Port', many: true },
    'att.ipv4': { type: 'ipv4', label: 'IP', many: true },
  },
  recognise(bytes, at, end) {
    const length = end - at;
    return (
      length >= AT.attributes &&
      CLASSIC_TYPES[u16(bytes, at)] !== undefined &&
      u16(bytes, at + 2) === length - AT.attributes &&
      length > AT.attributes &&
      u32(bytes, at + AT.cookie) !== COOKIE &&
      ATTRIBUTES[u16(bytes, at + AT.attributes)] !== undefined &&
      u16(bytes, at + AT.attributes + 2) <= length - AT.attributes - 4
    );
  },
  recogniseOn: ['udp'],
  tree(t) {
    t.header();
    t.info(`Message: ${CLASSIC_TYPES[t.u16(t.at)] ?? 'Unknown'}`);
    for (let at = t.at + AT.attributes; at + 4 <= t.end; ) {
      const size = t.u16(at + 2);
      t.add('att.type', at);
      t.add('att.length', at + 2);
      t.need(at + 4, size);
      if (CLASSIC_ADDRESSES.includes(t.u16(at)) && size >= 8) {
        t.add('att.family', at + 4);
        t.add('att.port', at + 6);
        t.add('att.ipv4', at + 8);
      } else if (size > 0) t.add('att.value', at + 4, size);
      at += 4 + size;
    }
  },
});
