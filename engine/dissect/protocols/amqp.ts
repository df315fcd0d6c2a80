/** AMQP 0-9-1 (with 0-9 and 0-8 alike; 1.0 named): frames of methods, headers, bodies and heartbeats. */

import { u32 } from '../../base/bytes.ts';
import { decodeLatin1 } from '../../base/text.ts';
import { defineProtocol, type Framing, MORE, NOT_MINE } from '../protocol.ts';
import type { TreeBuilder } from '../tree.ts';

const HEADER = 7;
const FRAME_END = 0xce;
const MAX_FRAME = 128 << 20;
const TYPE = { method: 1, header: 2, body: 3, heartbeat: 8 } as const;
const TYPES: Readonly<Record<number, string>> = { 1: 'Method', 2: 'Content header', 3: 'Content body', 8: 'Heartbeat' };
const CLASSES: Readonly<Record<number, string>> = {
  10: 'Connection',
  20: 'Channel',
  30: 'Access',
  40: 'Exchange',
  50: 'Queue',
  60: 'Basic',
  85: 'Confirm',
  90: 'Tx',
};
const METHODS: Readonly<Record<number, Readonly<Record<number, string>>>> = {
  10: {
    10: 'Start',
    11: 'Start-Ok',
    20: 'Secure',
    21: 'Secure-Ok',
    30: 'Tune',
    31: 'Tune-Ok',
    40: 'Open',
    41: 'Open-Ok',
    50: 'Close',
    51: 'Close-Ok',
    60: 'Blocked',
    61: 'Unblocked',
  },
  20: { 10: 'Open', 11: 'Open-Ok', 20: 'Flow', 21: 'Flow-Ok', 40: 'Close', 41: 'Close-Ok' },
  40: {
    10: 'Declare',
    11: 'Declare-Ok',
    20: 'Delete',
    21: 'Delete-Ok',
    30: 'Bind',
    31: 'Bind-Ok',
    40: 'Unbind',
    51: 'Unbind-Ok',
  },
  50: {
    10: 'Declare',
    11: 'Declare-Ok',
    20: 'Bind',
    21: 'Bind-Ok',
    30: 'Purge',
    31: 'Purge-Ok',
    40: 'Delete',
    41: 'Delete-Ok',
    50: 'Unbind',
    51: 'Unbind-Ok',
  },
  60: {
    10: 'Qos',
    11: 'Qos-Ok',
    20: 'Consume',
    21: 'Consume-Ok',
    30: 'Cancel',
    31: 'Cancel-Ok',
    40: 'Publish',
    50: 'Return',
    60: 'Deliver',
    70: 'Get',
    71: 'Get-Ok',
    72: 'Get-Empty',
    80: 'Ack',
    90: 'Reject',
    100: 'Recover-Async',
    110: 'Recover',
    111: 'Recover-Ok',
    120: 'Nack',
  },
  85: { 10: 'Select', 11: 'Select-Ok' },
  90: { 10: 'Select', 11: 'Select-Ok', 20: 'Commit', 21: 'Commit-Ok', 30: 'Rollback', 31: 'Rollback-Ok' },
};

function isProtocolHeader(bytes: Uint8Array, at: number, end: number): boolean {
  return end - at >= 8 && decodeLatin1(bytes, at, at + 4) === 'AMQP';
}

function frame(f: Framing): number {
  const { bytes, at, end } = f;
  if (end - at < 8) return MORE;
  if (isProtocolHeader(bytes, at, end)) return 8;
  const length = u32(bytes, at + 3);
  return TYPES[bytes[at]] === undefined || length > MAX_FRAME ? NOT_MINE : HEADER + length + 1;
}

export const amqp = defineProtocol({
  name: 'amqp',
  title: 'Advanced Message Queuing Protocol',
  on: { 'tcp.port': [5672] },
  header: 8,
  fields: {
    'init.protocol': { type: 'string', label: 'Protocol', length: 4, many: true },
    'init.version_major': { type: 'u8', label: 'Version Major', many: true },
    'init.version_minor': { type: 'u8', label: 'Version Minor', many: true },
    type: { type: 'u8', label: 'Type', names: TYPES, many: true },
    channel: { type: 'u16', label: 'Channel', many: true },
    length: { type: 'u32', label: 'Length', many: true },
    'method.class': { type: 'u16', label: 'Class', names: CLASSES, many: true },
    'method.method': { type: 'u16', label: 'Method', many: true },
    'method.arguments.exchange': { type: 'string', label: 'Exchange', many: true },
    'method.arguments.routing_key': { type: 'string', label: 'Routing-Key', many: true },
    'header.class': { type: 'u16', label: 'Class ID', names: CLASSES, many: true },
    'header.body-size': { type: 'u64', label: 'Body size', many: true },
    payload: { type: 'bytes', label: 'Payload', many: true },
  },
  recogniseOn: ['tcp'],
  recognise: (bytes, at, end) => end - at === 8 && isProtocolHeader(bytes, at, end) && bytes[at + 5] <= 1,
  frame,
  tree(t) {
    t.info('');
    if (isProtocolHeader(t.bytes, t.at, t.end)) {
      t.add('init.protocol', t.at);
      t.add('init.version_major', t.at + 6);
      t.add('init.version_minor', t.at + 7);
      t.addInfo('Protocol-Header ');
      return;
    }
    message(t);
  },
});

function message(t: TreeBuilder): void {
  const { at } = t;
  const type = t.u8(at);
  t.add('type', at);
  t.add('channel', at + 1);
  t.add('length', at + 3);
  const body = at + HEADER;
  const end = Math.min(t.end, body + t.u32(at + 3));
  if (type === TYPE.method) {
    const [klass, method] = [t.u16(body), t.u16(body + 2)];
    const name = METHODS[klass]?.[method] ?? `Unknown (${method})`;
    t.add('method.class', body);
    t.put('method.method', method, body + 2, 2, `Method: ${name} (${method})`);
    t.addInfo(`${CLASSES[klass] ?? 'Unknown'}.${name} `);
    if (klass === 60 && method === 40) publish(t, body + 6);
  } else if (type === TYPE.header) {
    t.add('header.class', body);
    t.add('header.body-size', body + 4);
    t.addInfo('Content-Header ');
  } else if (type === TYPE.body) {
    if (end > body) t.add('payload', body, end - body);
    t.addInfo('Content-Body ');
  } else {
    t.addInfo('Heartbeat ');
  }
  if (t.has(end, 1) && t.u8(end) !== FRAME_END) t.text('Frame end octet is wrong', end, 1);
}

function publish(t: TreeBuilder, at: number): void {
  const exchange = t.u8(at);
  t.put('method.arguments.exchange', t.string(at + 1, exchange), at + 1, exchange);
  const key = at + 1 + exchange;
  t.put('method.arguments.routing_key', t.string(key + 1, t.u8(key)), key + 1, t.u8(key));
  t.addInfo(`x=${t.string(at + 1, exchange)} rk=${t.string(key + 1, t.u8(key))} `);
}
