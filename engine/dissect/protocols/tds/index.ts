/** Tabular Data Stream of Microsoft SQL Server ([MS-TDS] 2.2): packets of eight header bytes, messages of one or more. */

import { u16 } from '../../../base/bytes.ts';
import { defineProtocol, type Framing, MORE, NOT_MINE } from '../../protocol.ts';
import type { TreeBuilder } from '../../tree.ts';
import { fields } from './fields.ts';
import { TYPES } from './names.ts';
import { allHeaders, batch, login, prelogin, procedure, securityToken } from './requests.ts';
import { tokens } from './tokens.ts';

const AT = { type: 0, status: 1, length: 2, channel: 4, number: 6, window: 7, body: 8 } as const;
const TYPE = { batch: 1, login: 2, rpc: 3, response: 4, transaction: 14, login7: 16, sspi: 17, prelogin: 18 } as const;
const END_OF_MESSAGE = 1;
const MAX_PACKET = 32768;
const MAX_PACKETS = 4096;
function startsPacket(bytes: Uint8Array, at: number): boolean {
  const length = u16(bytes, at + AT.length);
  return (
    TYPES[bytes[at]] !== undefined &&
    bytes[at + AT.status] < 0x20 &&
    length >= AT.body &&
    length <= MAX_PACKET &&
    bytes[at + AT.window] === 0
  );
}

export const tds = defineProtocol({
  name: 'tds',
  title: 'Tabular Data Stream',
  on: { 'tcp.port': [1433] },
  header: AT.body,
  opens: ['tls', 'data', 'ntlmssp', 'gss-api'],
  fields,
  recognise: (bytes, at, end) =>
    bytes[at] === TYPE.prelogin &&
    startsPacket(bytes, at) &&
    u16(bytes, at + AT.length) === end - at &&
    end - at > AT.body + 11 &&
    bytes[at + AT.body] === 0,
  recogniseOn: ['tcp'],
  frame(f: Framing): number {
    let length = 0;
    for (let i = 0; i < MAX_PACKETS; i++) {
      const at = f.at + length;
      if (f.end - at < AT.body) return length > 0 && f.end - f.at > MAX_PACKET ? length : MORE;
      if (!startsPacket(f.bytes, at)) return length > 0 ? length : NOT_MINE;
      length += u16(f.bytes, at + AT.length);
      if ((f.bytes[at + AT.status] & END_OF_MESSAGE) !== 0) return length;
      if (f.at + length > f.end) return length;
    }
    return length;
  },
  tree(t) {
    const type = t.u8(t.at);
    if (!startsPacket(t.bytes, t.at)) {
      t.payload(t.at);
      return;
    }
    header(t, t.at);
    t.info(TYPES[type] ?? 'Unknown');
    const body = t.at + AT.body;
    const first = t.u16(t.at + AT.length);
    if ((t.u8(t.at + AT.status) & END_OF_MESSAGE) !== 0) {
      content(t, type, body);
      return;
    }
    const bytes = t.at + first >= t.end ? null : joined(t, t.at);
    // What goes on in packets that are not there is not read halfway.
    if (bytes === null) t.payload(body);
    else t.within('Reassembled TDS', bytes, () => content(t, type, 0));
  },
});

function header(t: TreeBuilder, at: number): void {
  const status = t.u8(at + AT.status);
  t.add('type', at);
  t.nest(t.put('status', status, at + AT.status, 1));
  ['eom', 'ignore', 'event_notif', 'reset_conn', 'reset_conn_skip_tran'].forEach((name, bit) =>
    t.put(`status.${name}`, (status >> bit) & 1, at + AT.status, 1),
  );
  t.close();
  t.add('length', at + AT.length);
  t.add('channel', at + AT.channel);
  t.add('packet_number', at + AT.number);
  t.add('window', at + AT.window);
}

/** The bodies of a message's packets, without the headers in between; the later headers get rows. Null: the last one is missing. */
function joined(t: TreeBuilder, from: number): Uint8Array | null {
  const bytes = new Uint8Array(t.end - from);
  let length = 0;
  let isWhole = false;
  for (let at = from, i = 0; i < MAX_PACKETS && t.has(at, AT.body) && startsPacket(t.bytes, at); i++) {
    const size = t.u16(at + AT.length);
    if (i > 0) {
      t.nest(t.text(`Packet ${i + 1}`, at, size));
      header(t, at);
      t.close();
    }
    const part = t.bytes.subarray(at + AT.body, Math.min(t.end, at + size));
    bytes.set(part, length);
    length += part.length;
    isWhole = (t.u8(at + AT.status) & END_OF_MESSAGE) !== 0;
    at += size;
  }
  return isWhole ? bytes.subarray(0, length) : null;
}

function content(t: TreeBuilder, type: number, body: number): void {
  switch (type) {
    case TYPE.batch:
      batch(t, body);
      return;
    case TYPE.rpc:
      procedure(t, body);
      return;
    case TYPE.response:
      tokens(t, body);
      return;
    case TYPE.login7:
      login(t, body);
      return;
    case TYPE.sspi:
      if (t.end > body) securityToken(t, body, t.end);
      return;
    case TYPE.transaction: {
      const at = allHeaders(t, body);
      if (t.has(at, 2)) t.put('transmgr', t.u16le(at), at, 2);
      return;
    }
    case TYPE.prelogin:
      if (t.has(body, 6) && t.u8(body) === 22 && t.u8(body + 1) === 3) {
        t.dissect('tls', body);
        t.column('TDS');
      } else if (t.end > body) prelogin(t, body);
      return;
    default:
  }
}
