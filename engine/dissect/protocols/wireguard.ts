/** WireGuard: four messages, little endian; what they carry is encrypted. */

import { u32le } from '../../base/bytes.ts';
import { defineProtocol } from '../protocol.ts';

const TYPES: Readonly<Record<number, string>> = {
  1: 'Handshake Initiation',
  2: 'Handshake Response',
  3: 'Cookie Reply',
  4: 'Transport Data',
};
const TYPE = { initiation: 1, response: 2, cookie: 3, data: 4 } as const;
const LENGTH = { initiation: 148, response: 92, cookie: 64, data: 32 } as const;
const TAG = 16;

function hex(value: number): string {
  return `0x${value.toString(16).toUpperCase().padStart(8, '0')}`;
}

/** A type in four bytes, and the length that messages of the type have. */
function isMessage(bytes: Uint8Array, at: number, end: number): boolean {
  const length = end - at;
  if (length < LENGTH.data) return false;
  const type = u32le(bytes, at);
  return (
    (type === TYPE.initiation && length === LENGTH.initiation) ||
    (type === TYPE.response && length === LENGTH.response) ||
    (type === TYPE.cookie && length === LENGTH.cookie) ||
    (type === TYPE.data && length % TAG === 0)
  );
}

export const wireguard = defineProtocol({
  name: 'wg',
  title: 'WireGuard Protocol',
  short: 'WireGuard',
  on: { 'udp.port': [51820] },
  header: 8,
  fields: {
    type: { type: 'u8', label: 'Type', names: TYPES },
    reserved: { type: 'bytes', label: 'Reserved' },
    sender: { type: 'u32', show: 'hex', label: 'Sender' },
    receiver: { type: 'u32', show: 'hex', label: 'Receiver' },
    ephemeral: { type: 'string', label: 'Ephemeral' },
    encrypted_static: { type: 'none', label: 'Encrypted Static' },
    encrypted_timestamp: { type: 'none', label: 'Encrypted Timestamp' },
    encrypted_empty: { type: 'none', label: 'Encrypted Empty' },
    mac1: { type: 'bytes', label: 'mac1' },
    mac2: { type: 'bytes', label: 'mac2' },
    nonce: { type: 'bytes', label: 'Nonce' },
    encrypted_cookie: { type: 'bytes', label: 'Encrypted Cookie' },
    counter: { type: 'u64', label: 'Counter' },
    encrypted_packet: { type: 'none', label: 'Encrypted Packet' },
  },
  recognise: isMessage,
  /** Data of a flow that is known need not be padded. */
  accepts: (bytes, at, end) => isMessage(bytes, at, end) || (end - at >= LENGTH.data && u32le(bytes, at) === TYPE.data),
  recogniseOn: ['udp'],
  tree(t) {
    const type = t.u8(t.at);
    const name = TYPES[type];
    if (name === undefined) {
      t.payload(t.at);
      return;
    }
    t.add('type', t.at);
    t.add('reserved', t.at + 1, 3);
    t.info(name);
    const index = t.u32le(t.at + 4);
    if (type === TYPE.initiation) {
      t.put('sender', index, t.at + 4, 4);
      t.addInfo(`, sender=${hex(index)}`);
      t.add('ephemeral', t.at + 8, 32);
      t.add('encrypted_static', t.at + 40, 48);
      t.add('encrypted_timestamp', t.at + 88, 28);
      t.add('mac1', t.at + 116, 16);
      t.add('mac2', t.at + 132, 16);
    } else if (type === TYPE.response) {
      const receiver = t.u32le(t.at + 8);
      t.put('sender', index, t.at + 4, 4);
      t.put('receiver', receiver, t.at + 8, 4);
      t.addInfo(`, sender=${hex(index)}, receiver=${hex(receiver)}`);
      t.add('ephemeral', t.at + 12, 32);
      t.add('encrypted_empty', t.at + 44, 16);
      t.add('mac1', t.at + 60, 16);
      t.add('mac2', t.at + 76, 16);
    } else if (type === TYPE.cookie) {
      t.put('receiver', index, t.at + 4, 4);
      t.addInfo(`, receiver=${hex(index)}`);
      t.add('nonce', t.at + 8, 24);
      t.add('encrypted_cookie', t.at + 32, 32);
    } else {
      const counter = t.u64le(t.at + 8);
      const data = t.end - t.at - TAG;
      t.put('receiver', index, t.at + 4, 4);
      t.put('counter', counter, t.at + 8, 8);
      if (data <= TAG) t.info(`Keepalive, receiver=${hex(index)}, counter=${counter}`);
      else t.addInfo(`, receiver=${hex(index)}, counter=${counter}, datalen=${data - TAG}`);
      if (data > 0) t.add('encrypted_packet', t.at + TAG, data);
    }
  },
});
