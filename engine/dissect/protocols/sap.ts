/** Session announcements (SAP, RFC 2974): who announces, then the description of a session. */

import { decodeLatin1 } from '../../base/text.ts';
import { defineProtocol } from '../protocol.ts';

const PORT = 9875;
const FLAG = { ipv6: 0x10, deletion: 0x04, encrypted: 0x02, compressed: 0x01 } as const;
const TYPES: readonly [string, string] = ['Deletion', 'Announcement'];
const MEDIA_TYPE = /^[\w.+-]+\/[\w.+-]+\0/;
const YES: readonly [string, string] = ['True', 'False'];

export const sap = defineProtocol({
  name: 'sap',
  title: 'Session Announcement Protocol',
  on: { 'udp.port': [PORT] },
  opens: ['sdp', 'data'],
  header: 8,
  fields: {
    flags: { at: 0, type: 'u8', show: 'hex', label: 'Flags' },
    'flags.v': { at: 0, type: 'u8', bits: [7, 5], label: 'Version Number' },
    'flags.a': { at: 0, type: 'bool', bits: [4, 4], label: 'Address Type', flag: ['IPv6', 'IPv4'] },
    'flags.r': { at: 0, type: 'bool', bits: [3, 3], label: 'Reserved' },
    'flags.t': { at: 0, type: 'bool', bits: [2, 2], label: 'Message Type', flag: TYPES },
    'flags.e': { at: 0, type: 'bool', bits: [1, 1], label: 'Encryption Bit', flag: YES },
    'flags.c': { at: 0, type: 'bool', bits: [0, 0], label: 'Compression Bit', flag: YES },
    'auth.len': { at: 1, type: 'u8', label: 'Authentication Length' },
    message_identifier_hash: { at: 2, type: 'u16', show: 'hex', label: 'Message Identifier Hash' },
    originating_source_ipv4: { type: 'ipv4', label: 'Originating Source' },
    originating_source_ipv6: { type: 'ipv6', label: 'Originating Source' },
    'auth.data': { type: 'bytes', label: 'Authentication data' },
    payload_type: { type: 'string', label: 'Payload type' },
  },
  tree(t) {
    const { at } = t;
    const flags = t.u8(at);
    t.info(`${TYPES[(flags & FLAG.deletion) !== 0 ? 0 : 1]} (v${flags >>> 5})`);
    t.header();
    let next = t.add((flags & FLAG.ipv6) !== 0 ? 'originating_source_ipv6' : 'originating_source_ipv4', at + 4);
    const authentication = 4 * t.u8(at + 1);
    if (authentication > 0) next = t.add('auth.data', next, authentication);
    const type = MEDIA_TYPE.exec(decodeLatin1(t.bytes, next, Math.min(t.end, next + 128)))?.[0];
    if (type !== undefined) {
      t.put('payload_type', type.slice(0, -1), next, type.length);
      next += type.length;
    }
    t.headerEnd(next);
    if ((flags & (FLAG.encrypted | FLAG.compressed)) !== 0) t.payload(next);
    else if (next < t.end) {
      t.dissect('sdp', next);
      t.column('SAP/SDP');
    }
  },
});
