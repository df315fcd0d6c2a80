/** RakNet: games' transport over UDP. Before a connection there are messages with a magic number; later flags and numbers. */

import { hexNumber, toHex } from '../../../base/hex.ts';
import { defineProtocol } from '../../protocol.ts';
import type { TreeBuilder } from '../../tree.ts';

const MAGIC = '00ffff00fefefefefdfdfdfd12345678';
const PORT = 19_132;
const MAGIC_LENGTH = 16;
const ID = {
  ping: 0x01,
  pingOpen: 0x02,
  request1: 0x05,
  reply1: 0x06,
  request2: 0x07,
  reply2: 0x08,
  wrongVersion: 0x19,
  pong: 0x1c,
} as const;
const FLAG = { connected: 0x80, ack: 0x40, rates: 0x20 } as const;
const OFFLINE_MESSAGE_IDS: Readonly<Record<number, string>> = {
  0x1: 'Unconnected Ping',
  0x2: 'Unconnected Ping Open Connections',
  0x5: 'Open Connection Request 1',
  0x6: 'Open Connection Reply 1',
  0x7: 'Open Connection Request 2',
  0x8: 'Open Connection Reply 2',
  0xd: 'Out Of Band Internal',
  0x11: 'Connection Attempt Failed',
  0x12: 'Already Connected',
  0x14: 'No Free Incoming Connections',
  0x17: 'Connection Banned',
  0x19: 'Incompatible Protocol Version',
  0x1a: 'IP Recently Connected',
  0x1c: 'Unconnected Pong',
};
const MESSAGE_RELIABILITYS: Readonly<Record<number, string>> = {
  0: 'unreliable',
  1: 'unreliable sequenced',
  2: 'reliable',
  3: 'reliable ordered',
  4: 'reliable sequenced',
};

/** Offset of the magic number behind the kind of message; those that are not here have it at once. */
const MAGIC_AT: Readonly<Record<number, number>> = {
  [ID.ping]: 9,
  [ID.pingOpen]: 9,
  [ID.pong]: 17,
  [ID.wrongVersion]: 2,
};

function isOffline(bytes: Uint8Array, at: number, end: number): boolean {
  const magic = at + (MAGIC_AT[bytes[at]] ?? 1);
  return end >= magic + MAGIC_LENGTH && toHex(bytes, '', magic, magic + MAGIC_LENGTH) === MAGIC;
}

export const raknet = defineProtocol({
  name: 'raknet',
  title: 'RakNet game networking protocol',
  short: 'RakNet',
  on: { 'udp.port': [PORT] },
  opens: ['raknet', 'data'],
  header: 1,
  fields: {
    'offline.message.id': { type: 'u8', label: 'RakNet Offline Message ID', show: 'hex', names: OFFLINE_MESSAGE_IDS },
    'client.guid': { type: 'bytes', label: 'RakNet Client GUID' },
    timestamp: { type: 'u64', label: 'RakNet Time since start (ms)' },
    'offline_message.data_id': { type: 'bytes', label: 'RakNet Offline message data ID' },
    MTU: { type: 'u16', label: 'RakNet MTU size' },
    proto_ver: { type: 'u8', label: 'RakNet RakNet protocol version' },
    server_id: { type: 'bytes', label: 'RakNet Server GUID' },
    use_encryption: { type: 'bool', label: 'RakNet Use encryption' },
    'ip.version': { type: 'u8', label: 'RakNet IP Version', many: true },
    'ip.v4_address': { type: 'ipv4', label: 'RakNet IPv4 Address', many: true },
    port: { type: 'u16', label: 'RakNet Port', many: true },
    server_id_str_len: { type: 'u16', label: 'RakNet Server ID string len' },
    server_id_str: { type: 'string', label: 'RakNet Server ID string' },
    'packet.is_for_connected': { type: 'bool', label: 'is for connected peer', bits: [7, 7] },
    'packet.is_ACK': { type: 'bool', label: 'is ACK', bits: [6, 6] },
    'packet.has_B_and_AS': { type: 'bool', label: 'has B and AS', bits: [5, 5] },
    'packet.is_NAK': { type: 'bool', label: 'is NAK', bits: [5, 5] },
    'packet.is_pair': { type: 'bool', label: 'is pair', bits: [4, 4] },
    'packet.is_continuous_send': { type: 'bool', label: 'is continuous send', bits: [3, 3] },
    'packet.needs_B_and_AS': { type: 'bool', label: 'needs B and AS', bits: [2, 2] },
    'NACK.record_count': { type: 'u16', label: 'RakNet ACK/NAK record count' },
    'range.max_equals_to_min': { type: 'bool', label: 'RakNet Range max equals to min', many: true },
    'range.packet_number.min': { type: 'u24', label: 'RakNet Packet sequence number min', little: true, many: true },
    'range.packet_number.max': { type: 'u24', label: 'RakNet Packet sequence number max', little: true, many: true },
    packet_number: { type: 'u24', label: 'RakNet Packet sequence number', little: true },
    'message.reliability': { type: 'u8', label: 'reliability', bits: [7, 5], names: MESSAGE_RELIABILITYS, many: true },
    'message.has_split_packet': { type: 'bool', label: 'has split packet', bits: [4, 4], many: true },
    'payload.length': { type: 'u16', label: 'RakNet Payload length', many: true },
    'reliable.number': { type: 'u24', label: 'RakNet Reliable message number', little: true, many: true },
    'sequencing.index': { type: 'u24', label: 'RakNet Message sequencing index', little: true, many: true },
    'ordering.index': { type: 'u24', label: 'RakNet Message ordering index', little: true, many: true },
    'ordering.channel': { type: 'u8', label: 'RakNet Message ordering channel', many: true },
    'split.count': { type: 'u32', label: 'RakNet Split packet count', many: true },
    'split.id': { type: 'u16', label: 'RakNet Split packet ID', many: true },
    'split.index': { type: 'u32', label: 'RakNet Split packet index', many: true },
    'system.message.id': { type: 'u8', label: 'RakNet System Message ID', show: 'hex', many: true },
  },
  recogniseOn: ['udp'],
  recognise: isOffline,
  accepts: (bytes, at, end) => (bytes[at] & FLAG.connected) !== 0 || isOffline(bytes, at, end),
  tree(t) {
    const { at } = t;
    if (t.hint === 'inside') {
      offline(t, at);
      return;
    }
    if (t.hint === 'system') {
      t.add('system.message.id', at);
      return;
    }
    if (isOffline(t.bytes, at, t.end)) {
      t.hint = 'inside';
      t.headerEnd(at);
      t.dissect('raknet', at);
      t.hint = '';
    } else connected(t, at);
  },
});

function offline(t: TreeBuilder, at: number): void {
  const id = t.u8(at);
  const name = t.nameOf('offline.message.id', id) ?? `Unknown ${hexNumber(id, 1)}`;
  t.info(name);
  t.addLabel(`, Offline message ID 0x${id.toString(16)}`);
  t.add('offline.message.id', at);
  const magicAt = at + (MAGIC_AT[id] ?? 1);
  const next = magicAt + MAGIC_LENGTH;
  if (id === ID.ping || id === ID.pingOpen) t.add('timestamp', at + 1);
  else if (id === ID.pong) t.add('server_id', t.add('timestamp', at + 1), 8);
  else if (id === ID.wrongVersion) t.add('proto_ver', at + 1);
  t.add('offline_message.data_id', magicAt, MAGIC_LENGTH);
  switch (id) {
    case ID.ping:
    case ID.pingOpen:
      t.add('client.guid', next, 8);
      break;
    case ID.pong:
      t.add('server_id_str_len', next);
      t.add('server_id_str', next + 2, t.u16(next));
      break;
    case ID.request1:
      t.add('proto_ver', next);
      break;
    case ID.reply1:
      t.add('MTU', t.add('use_encryption', t.add('server_id', next, 8)));
      break;
    case ID.request2: {
      const rest = address(t, next);
      t.add('client.guid', t.add('MTU', rest), 8);
      break;
    }
    case ID.reply2: {
      const rest = address(t, t.add('server_id', next, 8));
      t.add('use_encryption', t.add('MTU', rest));
      break;
    }
    case ID.wrongVersion:
      t.add('server_id', next, 8);
      break;
    default:
  }
}

/** An address of IPv4; its bytes are inverted on the wire, and shown as they are meant. */
function address(t: TreeBuilder, at: number): number {
  const version = t.u8(at);
  t.add('ip.version', at);
  if (version !== 4) return t.end;
  t.put('ip.v4_address', ~t.u32(at + 1) >>> 0, at + 1, 4);
  t.add('port', at + 5);
  return at + 7;
}

function connected(t: TreeBuilder, at: number): void {
  const flags = t.u8(at);
  t.info('');
  t.add('packet.is_for_connected', at);
  t.add('packet.is_ACK', at);
  if ((flags & FLAG.ack) !== 0) {
    t.add('packet.has_B_and_AS', at);
    acknowledged(t, 'ACK', at + 1);
  } else {
    t.add('packet.is_NAK', at);
    if ((flags & FLAG.rates) !== 0) acknowledged(t, 'NAK', at + 1);
    else {
      for (const key of ['is_pair', 'is_continuous_send', 'needs_B_and_AS']) t.add(`packet.${key}`, at);
      t.add('packet_number', at + 1);
      t.info(`#${t.u24le(at + 1)}`);
      if (at + 4 < t.end) messages(t, at + 4);
    }
  }
}

/** Ranges of packet numbers. */
function acknowledged(t: TreeBuilder, name: string, from: number): void {
  const count = t.u16(from);
  t.add('NACK.record_count', from);
  let at = from + 2;
  const said: string[] = [];
  for (let i = 0; i < count; i++) {
    const isOne = t.u8(at) !== 0;
    const first = t.u24le(at + 1);
    t.add('range.max_equals_to_min', at);
    t.add('range.packet_number.min', at + 1);
    if (isOne) said.push(`#${first}`);
    else {
      t.add('range.packet_number.max', at + 4);
      said.push(`#${first}-${t.u24le(at + 4)}`);
    }
    at += isOne ? 4 : 7;
  }
  t.info(`${name} ${said.join(', ')}`);
}

const RELIABLE = [2, 3, 4, 6, 7];
const SEQUENCED = [1, 4];
const ORDERED = [1, 3, 4, 7];
const SPLIT = 0x10;
const SYSTEM: Readonly<Record<number, string>> = {
  0: 'Connected Ping',
  3: 'Connected Pong',
  9: 'Connection Request',
  16: 'Connection Request Accepted',
  19: 'New Incoming Connection',
  21: 'Disconnection Notification',
};

/** Messages of one packet, each with its reliability and the numbers that this asks for. */
function messages(t: TreeBuilder, from: number): void {
  for (let at = from; at < t.end; ) {
    const flags = t.u8(at);
    const reliability = flags >>> 5;
    t.add('message.reliability', at);
    t.add('message.has_split_packet', at);
    const bytes = Math.ceil(t.u16(at + 1) / 8);
    t.add('payload.length', at + 1);
    at += 3;
    if (RELIABLE.includes(reliability)) at = t.add('reliable.number', at);
    if (SEQUENCED.includes(reliability)) at = t.add('sequencing.index', at);
    if (ORDERED.includes(reliability)) at = t.add('ordering.channel', t.add('ordering.index', at));
    if ((flags & SPLIT) !== 0) at = t.add('split.index', t.add('split.id', t.add('split.count', at)));
    t.need(at, bytes);
    if (bytes > 0 && (flags & SPLIT) === 0) {
      const id = t.u8(at);
      const name = SYSTEM[id];
      t.addInfo(`${at > from + 12 ? ',' : ':'} ${name ?? `Message 0x${id.toString(16).padStart(2, '0')}`}`);
      if (name === undefined) t.payload(at, at + bytes, at + bytes);
      else {
        t.hint = 'system';
        t.dissect('raknet', at, at + bytes, at + bytes);
        t.hint = '';
      }
    }
    at += Math.max(1, bytes);
  }
}
