/** HART-IP (HCF_SPEC-085): sessions over UDP or TCP that carry HART's token-passing data link frames. */

import { u16 } from '../../base/bytes.ts';
import { defineProtocol, type Framing, MORE, NOT_MINE } from '../protocol.ts';
import type { TreeBuilder } from '../tree.ts';

const AT = { version: 0, type: 1, id: 2, status: 3, sequence: 4, length: 6, body: 8 } as const;
const TYPE = { request: 0, response: 1, publish: 2, error: 3, nak: 15 } as const;
const ID = { initiate: 0, close: 1, alive: 2, pass: 3 } as const;
/** Delimiter byte: a five-byte address, a frame from the field device. */
const LONG_ADDRESS = 0x80;
const EXPANSIONS = 0x60;
const KIND = 0x07;
const FROM_DEVICE = [0x06, 0x01];
const MESSAGE_TYPES: Readonly<Record<number, string>> = {
  0: 'Request',
  1: 'Response',
  2: 'Publish',
  3: 'Error',
  15: 'Error',
};

export const hartIp = defineProtocol({
  name: 'hart_ip',
  title: 'HART_IP Protocol',
  short: 'HART_IP',
  on: { 'tcp.port': [5094], 'udp.port': [5094] },
  fields: {
    version: { type: 'u8', label: 'Version' },
    message_type: { type: 'u8', label: 'Message Type', names: MESSAGE_TYPES },
    message_id: {
      type: 'u8',
      label: 'Message ID',
      names: { 0: 'Session Initiate', 1: 'Session Close', 2: 'Keep Alive', 3: 'Pass Through' },
    },
    status: { type: 'u8', label: 'Status' },
    transaction_id: { type: 'u16', label: 'Sequence Number' },
    msg_length: { type: 'u16', label: 'Message Length' },
    data: { type: 'bytes', label: 'Message Data' },
    'session_init.master_type': { type: 'u8', label: 'Host Type', names: { 0: 'Secondary Host', 1: 'Primary Host' } },
    'session_init.inactivity_close_timer': { type: 'u32', label: 'Inactivity Close Timer' },
    'error.error_code': {
      type: 'u8',
      label: 'Error',
      names: { 0: 'Session closed', 1: 'Primary session unavailable', 2: 'Service unavailable' },
    },
    'pt.preambles': { type: 'bytes', label: 'Preambles' },
    'pt.delimiter': { type: 'u8', label: 'Delimiter', show: 'hex' },
    'pt.short_addr': { type: 'u8', label: 'Short Address' },
    'pt.long_address': { type: 'bytes', label: 'Long Address' },
    'pt.command': { type: 'u8', label: 'Command' },
    'pt.length': { type: 'u8', label: 'Length' },
    'pt.response_code': { type: 'u8', label: 'Response Code' },
    'pt.device_status': { type: 'u8', label: 'Device Status', show: 'hex' },
    'pt.payload': { type: 'bytes', label: 'Payload' },
    'pt.checksum': { type: 'u8', label: 'Checksum', show: 'hex' },
  },
  frame(f: Framing): number {
    if (f.end - f.at < AT.body) return MORE;
    const length = u16(f.bytes, f.at + AT.length);
    return length < AT.body ? NOT_MINE : length;
  },
  tree(t) {
    const { at } = t;
    t.info('');
    const type = t.u8(at + AT.type);
    const id = t.u8(at + AT.id);
    const sequence = t.u16(at + AT.sequence);
    const length = t.u16(at + AT.length);
    const said = `${t.nameOf('message_id', id) ?? `Unknown message id ${id}`} ${t.nameOf('message_type', type) ?? `Unknown message type ${type}`}`;
    t.info(`${said}, Sequence Number ${sequence}`);
    t.addLabel(`, ${said}`);
    for (const [key, place] of [
      ['version', AT.version],
      ['message_type', AT.type],
      ['message_id', AT.id],
      ['status', AT.status],
      ['transaction_id', AT.sequence],
      ['msg_length', AT.length],
    ] as const)
      t.add(key, at + place);
    if (length > AT.body) t.limit(at + length);
    body(t, type, id, at + AT.body);
  },
});

function body(t: TreeBuilder, type: number, id: number, at: number): void {
  if (at >= t.end) return;
  if (type === TYPE.error || type === TYPE.nak) {
    t.add('error.error_code', at);
    return;
  }
  if (id === ID.initiate && (type === TYPE.request || type === TYPE.response)) {
    t.add('session_init.master_type', at);
    t.add('session_init.inactivity_close_timer', at + 1);
  } else if (id === ID.pass || type === TYPE.publish) passThrough(t, at);
  else t.add('data', at, t.end - at);
}

/** A polling address; the upper two bits say which master and whether bursts come. */
function shortAddress(t: TreeBuilder, at: number): number {
  t.put('pt.short_addr', t.u8(at) & 0x3f, at, 1);
  return at + 1;
}

/** A data link frame (HCF_SPEC-081): delimiter, address, command, data, check byte. */
function passThrough(t: TreeBuilder, from: number): void {
  let at = from;
  while (at < t.end && t.u8(at) === 0xff) at++;
  if (at > from) t.add('pt.preambles', from, at - from);
  const delimiter = t.u8(at);
  at = t.add('pt.delimiter', at);
  at = (delimiter & LONG_ADDRESS) !== 0 ? t.add('pt.long_address', at, 5) : shortAddress(t, at);
  at += (delimiter & EXPANSIONS) >>> 5;
  at = t.add('pt.command', at);
  const length = t.u8(at);
  at = t.add('pt.length', at);
  let left = length;
  if (FROM_DEVICE.includes(delimiter & KIND) && length >= 2) {
    at = t.add('pt.device_status', t.add('pt.response_code', at));
    left -= 2;
  }
  if (left > 0) at = t.add('pt.payload', at, left);
  if (at < t.end) t.add('pt.checksum', at);
}
