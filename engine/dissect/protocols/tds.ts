/** Tabular Data Stream of Microsoft SQL Server ([MS-TDS] 2.2): packets of eight header bytes, messages of one or more. */

import { u16 } from '../../base/bytes.ts';
import { defineProtocol, type Framing, MORE, NOT_MINE } from '../protocol.ts';
import type { TreeBuilder } from '../tree.ts';

const AT = { type: 0, status: 1, length: 2, channel: 4, number: 6, window: 7, body: 8 } as const;
const TYPES: Readonly<Record<number, string>> = {
  1: 'SQL batch',
  2: 'TDS4/5 login',
  3: 'Remote Procedure Call',
  4: 'Response',
  5: 'Unused',
  6: 'Attention',
  7: 'Bulk load data',
  8: 'Unused',
  9: 'Unused',
  10: 'Unused',
  11: 'Unused',
  12: 'Unused',
  13: 'Unused',
  14: 'Transaction Manager Request',
  15: 'TDS5 query',
  16: 'TDS7 login',
  17: 'SSPI message',
  18: 'TDS7 pre-login message',
  23: 'TLS exchange',
};
const TYPE = { batch: 1, login: 2, rpc: 3, response: 4, login7: 16, prelogin: 18, last: 24 } as const;
const END_OF_MESSAGE = 1;
const MAX_PACKET = 32768;
const MAX_PACKETS = 4096;
/** Total length of the headers in front of a batch's text since version 7.2. */
const ALL_HEADERS = 22;
/** Offset and length pairs of a LOGIN7 message and where they stand. */
const LOGIN_TEXTS: readonly (readonly [string, number])[] = [
  ['login.hostname', 36],
  ['login.username', 40],
  ['login.app', 48],
  ['login.server', 52],
  ['login.library', 60],
  ['login.locale', 64],
  ['login.database', 68],
];

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
  on: { 'tcp.port': [1433, 2433] },
  header: AT.body,
  opens: ['tls', 'data'],
  fields: {
    type: { type: 'u8', label: 'Type', at: AT.type, names: TYPES },
    status: { type: 'u8', show: 'hex', label: 'Status', at: AT.status },
    'status.eom': { type: 'bool', of: 'u8', bits: [0, 0], label: 'End of message', at: AT.status },
    'status.ignore': { type: 'bool', of: 'u8', bits: [1, 1], label: 'Ignore this event', at: AT.status },
    'status.event_notif': { type: 'bool', of: 'u8', bits: [2, 2], label: 'Event notification', at: AT.status },
    'status.reset_conn': { type: 'bool', of: 'u8', bits: [3, 3], label: 'Reset connection', at: AT.status },
    'status.reset_conn_skip_tran': {
      type: 'bool',
      of: 'u8',
      bits: [4, 4],
      label: 'Reset connection keeping transaction state',
      at: AT.status,
    },
    length: { type: 'u16', label: 'Length', at: AT.length },
    channel: { type: 'u16', label: 'Channel', at: AT.channel },
    packet_number: { type: 'u8', label: 'Packet Number', at: AT.number },
    window: { type: 'u8', label: 'Window', at: AT.window },
    query: { type: 'string', label: 'Query' },
    'login.hostname': { type: 'string', label: 'Client name', abbrev: 'tds.7login.client_name' },
    'login.username': { type: 'string', label: 'Username', abbrev: 'tds.7login.user_name' },
    'login.app': { type: 'string', label: 'App name', abbrev: 'tds.7login.app_name' },
    'login.server': { type: 'string', label: 'Server name', abbrev: 'tds.7login.server_name' },
    'login.library': { type: 'string', label: 'Library name', abbrev: 'tds.7login.library_name' },
    'login.locale': { type: 'string', label: 'Locale', abbrev: 'tds.7login.locale' },
    'login.database': { type: 'string', label: 'Database name', abbrev: 'tds.7login.database_name' },
  },
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
    t.header();
    t.info(TYPES[type] ?? 'Unknown');
    const body = t.at + AT.body;
    if (type === TYPE.batch) batch(t, body);
    else if (type === TYPE.login7) login(t, body);
    else if (type === TYPE.prelogin && t.has(body, 6) && t.u8(body) === 22 && t.u8(body + 1) === 3) {
      t.dissect('tls', body);
      t.column('TDS');
    }
  },
});

function batch(t: TreeBuilder, body: number): void {
  const at = t.has(body, 4) && t.u32le(body) === ALL_HEADERS ? body + ALL_HEADERS : body;
  if (t.end <= at) return;
  const isUnicode = t.end - at > 1 && t.u8(at + 1) === 0;
  t.put('query', t.string(at, t.end - at, isUnicode ? 'utf16le' : 'latin1'), at, t.end - at);
}

function login(t: TreeBuilder, body: number): void {
  for (const [key, offset] of LOGIN_TEXTS) {
    if (!t.has(body + offset, 4)) return;
    const from = body + t.u16le(body + offset);
    const length = 2 * t.u16le(body + offset + 2);
    if (length > 0 && t.has(from, length)) t.put(key, t.string(from, length, 'utf16le'), from, length);
  }
}
