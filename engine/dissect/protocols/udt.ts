/** UDT (draft-gg-udt): streams and messages over UDP; the first bit tells control from data. Known by its handshake. */

import { u32 } from '../../base/bytes.ts';
import { defineProtocol } from '../protocol.ts';
import type { TreeBuilder } from '../tree.ts';

const CONTROL = 0x80000000;
const HEADER = 16;
const HANDSHAKE_END = 64;
const VERSION = 4;
const TYPE = { handshake: 0, keepalive: 1, ack: 2, nak: 3, shutdown: 5, ack2: 6 } as const;
const KINDS = { stream: 1, datagram: 2 } as const;
const TYPES: Readonly<Record<number, string>> = {
  0x0: 'handshake',
  0x1: 'keepalive',
  0x2: 'ack',
  0x3: 'nak',
  0x5: 'shutdown',
  0x6: 'ack2',
};

/** A handshake of version 4 for streams or messages. */
function isHandshake(bytes: Uint8Array, at: number, end: number): boolean {
  if (end - at !== HANDSHAKE_END || u32(bytes, at) !== CONTROL || u32(bytes, at + HEADER) !== VERSION) return false;
  const kind = u32(bytes, at + HEADER + 4);
  return kind === 0 || kind === KINDS.stream || kind === KINDS.datagram;
}

export const udt = defineProtocol({
  name: 'udt',
  title: 'UDT Protocol',
  header: HEADER,
  fields: {
    iscontrol: { type: 'u32', label: 'Type', bits: [31, 31] },
    type: { type: 'u32', label: 'Type', show: 'hex', bits: [30, 16], names: TYPES },
    seqno: { type: 'u32', label: 'Sequence Number', bits: [30, 0] },
    addinfo: { type: 'u32', label: 'Additional Info' },
    msgno: { type: 'u32', label: 'Message Number', bits: [28, 0] },
    timestamp: { type: 'u32', label: 'Timestamp' },
    id: { type: 'u32', label: 'ID', show: 'hex' },
    ack_seqno: { type: 'u32', label: 'Ack Sequence Number' },
    ackno: { type: 'u32', label: 'Ack Number' },
    'hs.version': { type: 'u32', label: 'Version' },
    'hs.type': { type: 'u32', label: 'Type' },
    'hs.isn': { type: 'u32', label: 'Initial Sequence Number' },
    'hs.mtu': { type: 'u32', label: 'MTU' },
    'hs.flow_window': { type: 'u32', label: 'Flow Window' },
    'hs.reqtype': { type: 'i32', label: 'Requested Type' },
    'hs.id': { type: 'u32', label: 'ID' },
    'hs.cookie': { type: 'u32', label: 'SYN Cookie', show: 'hex' },
    data: { type: 'bytes', label: 'Data', abbrev: 'udt.data' },
  },
  recogniseOn: ['udp'],
  recognise: isHandshake,
  accepts: (bytes, at, end) => end - at >= HEADER && ((bytes[at] & 0x80) === 0 || bytes[at + 1] <= TYPE.ack2),
  tree(t) {
    const { at } = t;
    t.add('iscontrol', at);
    if ((t.u32(at) & CONTROL) !== 0) control(t, at);
    else {
      t.add('seqno', at);
      t.add('msgno', at + 4);
      t.info(`UDT type: data seqno: ${t.u32(at) & 0x7fffffff} msgno: ${t.u32(at + 4) & 0x1fffffff}`);
    }
    t.add('timestamp', at + 8);
    t.add('id', at + 12);
    if ((t.u32(at) & CONTROL) === 0 && at + HEADER < t.end) t.add('data', at + HEADER, t.end - at - HEADER);
  },
});

function control(t: TreeBuilder, at: number): void {
  const type = t.u16(at) & 0x7fff;
  t.put('type', type, at, 2);
  t.info(`UDT type: ${t.nameOf('type', type) ?? `Unknown Control Type (${type})`}`);
  if (type === TYPE.ack || type === TYPE.ack2) {
    t.add('ackno', at + 4);
    if (type === TYPE.ack && t.has(at + HEADER, 4)) t.add('ack_seqno', at + HEADER);
  } else t.add('addinfo', at + 4);
  if (type !== TYPE.handshake) return;
  for (const [i, key] of ['version', 'type', 'isn', 'mtu', 'flow_window', 'reqtype', 'id', 'cookie'].entries())
    t.add(`hs.${key}`, at + HEADER + 4 * i);
}
