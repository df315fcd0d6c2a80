/** MQTT 3.1, 3.1.1 and 5.0 (OASIS): control packets with a length of one to four bytes. */

import { decodeLatin1 } from '../../base/text.ts';
import { defineProtocol, type Framing, MORE, NOT_MINE } from '../protocol.ts';
import type { TreeBuilder } from '../tree.ts';

const TYPE = {
  connect: 1,
  connack: 2,
  publish: 3,
  puback: 4,
  pubrec: 5,
  pubrel: 6,
  pubcomp: 7,
  subscribe: 8,
  suback: 9,
  unsubscribe: 10,
  unsuback: 11,
  disconnect: 14,
  auth: 15,
} as const;
const TYPES: Readonly<Record<number, string>> = {
  0: 'Reserved',
  1: 'Connect Command',
  2: 'Connect Ack',
  3: 'Publish Message',
  4: 'Publish Ack',
  5: 'Publish Received',
  6: 'Publish Release',
  7: 'Publish Complete',
  8: 'Subscribe Request',
  9: 'Subscribe Ack',
  10: 'Unsubscribe Request',
  11: 'Unsubscribe Ack',
  12: 'Ping Request',
  13: 'Ping Response',
  14: 'Disconnect Req',
  15: 'Authentication Exchange',
};
const QOS: Readonly<Record<number, string>> = {
  0: 'At most once delivery (Fire and Forget)',
  1: 'At least once delivery (Acknowledged deliver)',
  2: 'Exactly once delivery (Assured Delivery)',
  3: 'Reserved',
};
const RETURNS: Readonly<Record<number, string>> = {
  0: 'Connection Accepted',
  1: 'Connection Refused: unacceptable protocol version',
  2: 'Connection Refused: identifier rejected',
  3: 'Connection Refused: server unavailable',
  4: 'Connection Refused: bad user name or password',
  5: 'Connection Refused: not authorized',
};
const VERSIONS: Readonly<Record<number, string>> = { 3: 'MQTT v3.1', 4: 'MQTT v3.1.1', 5: 'MQTT v5.0' };
const V5 = 5;

interface Memory {
  /** Of the Connect Command; 0: not seen. */
  version: number;
}

/** The remaining length and where it ends; -1: not all there, -2: more than four bytes. */
function lengthAt(bytes: Uint8Array, at: number, end: number): { readonly length: number; readonly next: number } {
  let length = 0;
  for (let i = 0; i < 4; i++) {
    if (at + i >= end) return { length: -1, next: at };
    length += (bytes[at + i] & 0x7f) * 128 ** i;
    if (bytes[at + i] < 0x80) return { length, next: at + i + 1 };
  }
  return { length: -2, next: at };
}

function frame(f: Framing): number {
  const { length, next } = lengthAt(f.bytes, f.at + 1, f.end);
  if (length === -1) return MORE;
  return length < 0 || f.bytes[f.at] >>> 4 === 0 ? NOT_MINE : next - f.at + length;
}

export const mqtt = defineProtocol({
  name: 'mqtt',
  title: 'MQ Telemetry Transport Protocol',
  on: { 'tcp.port': [1883] },
  remembers: true,
  header: 2,
  fields: {
    hdrflags: { type: 'u8', label: 'Header Flags', show: 'hex', many: true },
    msgtype: { type: 'u8', label: 'Message Type', bits: [7, 4], names: TYPES, many: true },
    hdr_reserved: { type: 'u8', label: 'Reserved', bits: [3, 0], many: true },
    dupflag: { type: 'bool', label: 'DUP Flag', bits: [3, 3], many: true },
    qos: { type: 'u8', label: 'QoS Level', bits: [2, 1], names: QOS, many: true },
    retain: { type: 'bool', label: 'Retain', bits: [0, 0], many: true },
    retain_reserved: { type: 'bool', label: 'Reserved', bits: [0, 0], many: true },
    len: { type: 'u64', label: 'Msg Len', many: true },
    proto_len: { type: 'u16', label: 'Protocol Name Length' },
    protoname: { type: 'string', label: 'Protocol Name' },
    ver: { type: 'u8', label: 'Version', names: VERSIONS },
    conflags: { type: 'u8', label: 'Connect Flags', show: 'hex' },
    'conflag.uname': { type: 'bool', label: 'User Name Flag', bits: [7, 7] },
    'conflag.passwd': { type: 'bool', label: 'Password Flag', bits: [6, 6] },
    'conflag.retain': { type: 'bool', label: 'Will Retain', bits: [5, 5] },
    'conflag.qos': { type: 'u8', label: 'QoS Level', bits: [4, 3], names: QOS },
    'conflag.willflag': { type: 'bool', label: 'Will Flag', bits: [2, 2] },
    'conflag.cleansess': { type: 'bool', label: 'Clean Session Flag', bits: [1, 1] },
    'conflag.reserved': { type: 'bool', label: '(Reserved)', bits: [0, 0] },
    kalive: { type: 'u16', label: 'Keep Alive' },
    clientid_len: { type: 'u16', label: 'Client ID Length' },
    clientid: { type: 'string', label: 'Client ID' },
    willtopic_len: { type: 'u16', label: 'Will Topic Length' },
    willtopic: { type: 'string', label: 'Will Topic' },
    willmsg_len: { type: 'u16', label: 'Will Message Length' },
    willmsg: { type: 'bytes', label: 'Will Message' },
    username_len: { type: 'u16', label: 'User Name Length' },
    username: { type: 'string', label: 'User Name' },
    passwd_len: { type: 'u16', label: 'Password Length' },
    passwd: { type: 'string', label: 'Password' },
    'conack.flags.reserved': { type: 'bool', label: 'Reserved', bits: [7, 1] },
    'conack.val': { type: 'u8', label: 'Return Code', names: RETURNS },
    msgid: { type: 'u16', label: 'Message Identifier', many: true },
    topic_len: { type: 'u16', label: 'Topic Length', many: true },
    topic: { type: 'string', label: 'Topic', many: true },
    msg: { type: 'bytes', label: 'Message', many: true },
    'sub.qos': { type: 'u8', label: 'Requested QoS', names: QOS, many: true },
    'suback.qos': { type: 'u8', label: 'Granted QoS', names: QOS, many: true },
    property_len: { type: 'u32', label: 'Total Length', many: true },
    properties: { type: 'bytes', label: 'Properties', many: true },
  },
  recogniseOn: ['tcp'],
  recognise(bytes, at, end) {
    if (bytes[at] !== 0x10) return false;
    const { length, next } = lengthAt(bytes, at + 1, end);
    const name = decodeLatin1(bytes, next, Math.min(end, next + 8));
    return length >= 10 && (name.startsWith('\0\x04MQTT') || name === '\0\x06MQIsdp');
  },
  frame,
  tree,
});

function tree(t: TreeBuilder): void {
  const memory = t.conversation((): Memory => ({ version: 0 }));
  const { at } = t;
  const first = t.u8(at);
  const type = first >>> 4;
  const { length, next } = lengthAt(t.bytes, at + 1, t.end);
  if (length < 0) t.fail();
  const name = TYPES[type] ?? 'Unknown';
  t.addLabel(`, ${name}`);
  t.add('hdrflags', at);
  t.last().text = `Header Flags: 0x${first.toString(16).padStart(2, '0')}, Message Type: ${name}`;
  t.nest(t.last());
  t.add('msgtype', at);
  if (type === TYPE.publish || type === TYPE.subscribe || type === TYPE.unsubscribe || type === TYPE.pubrel) {
    t.add('dupflag', at);
    t.add('qos', at);
    t.add(type === TYPE.publish ? 'retain' : 'retain_reserved', at);
  } else {
    t.add('hdr_reserved', at);
  }
  t.close();
  t.put('len', BigInt(length), at + 1, next - at - 1);
  t.info(`${t.infoSoFar === '' || isFirst(t) ? '' : ', '}${name}`);
  t.limit(next + length);
  body(t, memory, type, (first >>> 1) & 3, next);
}

const told = new WeakSet<TreeBuilder>();

/** Is it the frame's first message? Later ones add to Info behind a comma. */
function isFirst(t: TreeBuilder): boolean {
  if (told.has(t)) return false;
  told.add(t);
  return true;
}

/** A text behind its length; returns one past it. */
function text(t: TreeBuilder, lengthKey: string, key: string, at: number): number {
  const length = t.u16(at);
  t.add(lengthKey, at);
  if (length > 0) t.add(key, at + 2, length);
  return at + 2 + length;
}

function properties(t: TreeBuilder, memory: Memory, at: number): number {
  if (memory.version !== V5 || at >= t.end) return at;
  const { length, next } = lengthAt(t.bytes, at, t.end);
  if (length < 0) t.fail();
  t.put('property_len', length, at, next - at);
  if (length > 0) t.add('properties', next, length);
  return next + length;
}

function identifier(t: TreeBuilder, at: number): number {
  t.addInfo(` (id=${t.u16(at)})`);
  return t.add('msgid', at);
}

function body(t: TreeBuilder, memory: Memory, type: number, qos: number, at: number): void {
  switch (type) {
    case TYPE.connect:
      connect(t, memory, at);
      break;
    case TYPE.connack:
      t.add('conack.flags.reserved', at);
      t.add('conack.val', at + 1);
      properties(t, memory, at + 2);
      break;
    case TYPE.publish: {
      const topic = t.string(at + 2, t.u16(at));
      let next = text(t, 'topic_len', 'topic', at);
      if (qos > 0) next = identifier(t, next);
      t.addInfo(` [${topic}]`);
      next = properties(t, memory, next);
      if (t.end > next) t.add('msg', next, t.end - next);
      break;
    }
    case TYPE.subscribe:
    case TYPE.unsubscribe:
      topics(t, properties(t, memory, identifier(t, at)), type === TYPE.subscribe);
      break;
    case TYPE.suback: {
      for (let next = properties(t, memory, identifier(t, at)); next < t.end; next++) t.add('suback.qos', next);
      break;
    }
    case TYPE.puback:
    case TYPE.pubrec:
    case TYPE.pubrel:
    case TYPE.pubcomp:
    case TYPE.unsuback:
      identifier(t, at);
      break;
    default:
      break;
  }
}

function topics(t: TreeBuilder, from: number, hasQos: boolean): void {
  const names: string[] = [];
  for (let at = from; at < t.end; ) {
    names.push(t.string(at + 2, t.u16(at)));
    at = text(t, 'topic_len', 'topic', at);
    if (hasQos) {
      t.put('sub.qos', t.u8(at) & 3, at, 1);
      at++;
    }
  }
  t.addInfo(names.map((name) => ` [${name}]`).join(''));
}

function connect(t: TreeBuilder, memory: Memory, from: number): void {
  let at = text(t, 'proto_len', 'protoname', from);
  memory.version = t.u8(at);
  t.add('ver', at);
  const flags = t.u8(at + 1);
  t.add('conflags', at + 1);
  t.nest(t.last());
  for (const key of ['uname', 'passwd', 'retain', 'qos', 'willflag', 'cleansess', 'reserved'])
    t.add(`conflag.${key}`, at + 1);
  t.close();
  t.add('kalive', at + 2);
  at = properties(t, memory, at + 4);
  at = text(t, 'clientid_len', 'clientid', at);
  if ((flags & 4) !== 0) {
    at = properties(t, memory, at);
    at = text(t, 'willtopic_len', 'willtopic', at);
    at = text(t, 'willmsg_len', 'willmsg', at);
  }
  if ((flags & 0x80) !== 0) at = text(t, 'username_len', 'username', at);
  if ((flags & 0x40) !== 0) text(t, 'passwd_len', 'passwd', at);
}
