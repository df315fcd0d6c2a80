/** Steam's search for computers to stream from or to: a signature, then header and body as protocol buffers behind lengths. */

import { u32le } from '../../../base/bytes.ts';
import { defineProtocol } from '../../protocol.ts';
import type { TreeBuilder } from '../../tree.ts';

const SIGNATURE = { first: 0xffffffff, second: 0xa05f4c21 } as const;

const MESSAGES: Readonly<Record<number, string>> = {
  0: 'Client Discovery',
  1: 'Client Status',
  2: 'Client Offline',
  3: 'Device Authorization Request',
  4: 'Device Authorization Response',
  5: 'Device Streaming Request',
  6: 'Device Streaming Response',
  7: 'Device Proof Request',
  8: 'Device Proof Response',
  9: 'Device Authorization Cancel Request',
  10: 'Device Streaming Cancel Request',
  11: 'Client ID Deconflict',
};
const STATUS = 1;
const WIRE = { number: 0, fixed64: 1, bytes: 2, fixed32: 5 } as const;

function begins(bytes: Uint8Array, at: number, end: number): boolean {
  return end - at >= 12 && u32le(bytes, at) === SIGNATURE.first && u32le(bytes, at + 4) === SIGNATURE.second;
}

export const steamDiscovery = defineProtocol({
  name: 'steam_ihs_discovery',
  title: 'Steam In-Home Streaming Discovery Protocol',
  short: 'STEAMDISCOVER',
  on: { 'udp.port': [27_036] },
  fields: {
    signature: { type: 'u64', label: 'Signature', show: 'hex', little: true },
    header_length: { type: 'u32', label: 'Header Length', little: true },
    body_length: { type: 'u32', label: 'Body Length', little: true },
    header_client_id: { type: 'u64', label: 'Client ID' },
    header_instance_id: { type: 'u64', label: 'Instance ID' },
    body_discovery_seqnum: { type: 'u32', label: 'Sequence Number' },
    body_status_version: { type: 'i32', label: 'Version' },
    body_status_minversion: { type: 'i32', label: 'Minimum Version' },
    body_status_connectport: { type: 'u32', label: 'Connect Port' },
    body_status_hostname: { type: 'string', label: 'Hostname' },
    header_msg_type: { type: 'u64', label: 'Message Type', names: MESSAGES },
  },
  accepts: begins,
  tree(t) {
    const { at } = t;
    t.add('signature', at);
    const headerLength = t.u32le(at + 8);
    t.add('header_length', at + 8);
    const headerAt = at + 12;
    let type = -1; // not said
    parts(t, headerAt, headerAt + headerLength, (number, value, from, length) => {
      if (typeof value !== 'bigint') return;
      if (number === 1) t.put('header_client_id', value, from, length);
      else if (number === 2) {
        type = Number(value);
        t.put('header_msg_type', value, from, length);
      } else if (number === 3) t.put('header_instance_id', value, from, length);
    });
    t.info(MESSAGES[type] ?? 'Unknown Message');
    const bodyAt = headerAt + headerLength + 4;
    const bodyLength = t.u32le(bodyAt - 4);
    t.add('body_length', bodyAt - 4);
    t.need(bodyAt, bodyLength);
    if (type === 0) discovery(t, bodyAt, bodyAt + bodyLength);
    else if (type === STATUS) status(t, bodyAt, bodyAt + bodyLength);
  },
});

type Part = (number: number, value: bigint | 'bytes', at: number, length: number) => void;

/** A number of seven bits a byte, and one past it. */
function varint(t: TreeBuilder, from: number): readonly [bigint, number] {
  let value = 0n;
  for (let i = 0; i < 10; i++) {
    const byte = t.u8(from + i);
    value |= BigInt(byte & 0x7f) << BigInt(7 * i);
    if (byte < 0x80) return [BigInt.asUintN(64, value), from + i + 1];
  }
  return t.fail();
}

/** Every field of a protocol buffer at [from, end). */
function parts(t: TreeBuilder, from: number, end: number, each: Part): void {
  t.need(from, Math.max(0, end - from));
  for (let at = from; at < end; ) {
    const [key, next] = varint(t, at);
    const number = Number(key >> 3n);
    switch (Number(key & 7n)) {
      case WIRE.number: {
        const [value, after] = varint(t, next);
        each(number, value, next, after - next);
        at = after;
        break;
      }
      case WIRE.fixed64:
        each(number, t.u64le(next), next, 8);
        at = next + 8;
        break;
      case WIRE.bytes: {
        const [length, after] = varint(t, next);
        t.need(after, Number(length));
        each(number, 'bytes', after, Number(length));
        at = after + Number(length);
        break;
      }
      case WIRE.fixed32:
        each(number, BigInt(t.u32le(next)), next, 4);
        at = next + 4;
        break;
      default:
        t.fail();
    }
  }
}

function discovery(t: TreeBuilder, from: number, end: number): void {
  parts(t, from, end, (number, value, at, length) => {
    if (number !== 1 || typeof value !== 'bigint') return;
    t.put('body_discovery_seqnum', Number(value & 0xffffffffn), at, length);
    t.addInfo(` Seq=${value}`);
  });
}

const NUMBERS: Readonly<Record<number, string>> = { 1: 'version', 2: 'minversion', 3: 'connectport' };

function status(t: TreeBuilder, from: number, end: number): void {
  parts(t, from, end, (number, value, at, length) => {
    const key = NUMBERS[number];
    if (key !== undefined && typeof value === 'bigint')
      t.put(`body_status_${key}`, Number(value & 0xffffffffn), at, length);
    else if (number === 4 && value === 'bytes') {
      t.add('body_status_hostname', at, length);
      t.addInfo(` from ${t.string(at, length)}`);
    }
  });
}
