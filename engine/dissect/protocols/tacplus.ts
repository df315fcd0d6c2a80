/** TACACS+ (RFC 8907): the header is in clear, the body is obfuscated with a shared secret. */

import { u32 } from '../../base/bytes.ts';
import { defineProtocol, type Framing, MORE, NOT_MINE } from '../protocol.ts';

const AT = { version: 0, type: 1, sequence: 2, flags: 3, session: 4, length: 8, body: 12 } as const;
const TYPES: Readonly<Record<number, string>> = { 1: 'Authentication', 2: 'Authorization', 3: 'Accounting' };
const MAX_BODY = 1 << 20;

function startsMessage(bytes: Uint8Array, at: number): boolean {
  return bytes[at] >>> 4 === 0xc && bytes[at + AT.type] >= 1 && bytes[at + AT.type] <= 3;
}

export const tacplus = defineProtocol({
  name: 'tacplus',
  title: 'TACACS+',
  short: 'TACACS+',
  on: { 'tcp.port': [49] },
  header: AT.body,
  fields: {
    majvers: { type: 'u8', label: 'Major version', at: AT.version },
    minvers: { type: 'u8', label: 'Minor version', at: AT.version },
    type: { type: 'u8', label: 'Type', at: AT.type, names: TYPES },
    seqno: { type: 'u8', label: 'Sequence number', at: AT.sequence },
    flags: { type: 'u8', show: 'hex', label: 'Flags', at: AT.flags },
    'flags.unencrypted': { type: 'bool', of: 'u8', bits: [0, 0], label: 'Unencrypted', at: AT.flags },
    'flags.singleconn': { type: 'bool', of: 'u8', bits: [2, 2], label: 'Single Connection', at: AT.flags },
    session_id: { type: 'u32', label: 'Session ID', at: AT.session },
    packet_len: { type: 'u32', label: 'Packet length', at: AT.length },
    request: { type: 'bool', label: 'Request' },
    response: { type: 'bool', label: 'Response' },
  },
  frame(f: Framing): number {
    if (f.end - f.at < 2) return f.bytes[f.at] >>> 4 === 0xc ? MORE : NOT_MINE;
    if (!startsMessage(f.bytes, f.at)) return NOT_MINE;
    if (f.end - f.at < AT.body) return MORE;
    const length = u32(f.bytes, f.at + AT.length);
    return length > MAX_BODY ? NOT_MINE : AT.body + length;
  },
  tree(t) {
    if (!startsMessage(t.bytes, t.at)) {
      t.payload(t.at);
      return;
    }
    t.header();
    const isRequest = (t.u8(t.at + AT.sequence) & 1) === 1;
    t.info(`${isRequest ? 'Q' : 'R'}: ${TYPES[t.u8(t.at + AT.type)]}`);
    t.generated(isRequest ? 'request' : 'response', 1);
    if (t.end > t.at + AT.body) t.text('Encrypted Request/Reply', t.at + AT.body, t.end - t.at - AT.body);
  },
});
