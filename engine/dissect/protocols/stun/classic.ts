/** STUN as RFC 3489 had it, and TURN's drafts and [MS-TURN] with it: no cookie tells its messages. */

import { u16, u32 } from '../../../base/bytes.ts';
import { defineProtocol } from '../../protocol.ts';

const AT = { cookie: 4, attributes: 20 } as const;
const COOKIE = 0x2112a442;
const DATA = 0x13;
const CLASSIC_TYPES: Readonly<Record<number, string>> = {
  0x1: 'Binding Request',
  0x101: 'Binding Response',
  0x111: 'Binding Error Response',
  0x2: 'Shared Secret Request',
  0x102: 'Shared Secret Response',
  0x1112: 'Shared Secret Error Response',
  0x3: 'Allocate Request',
  0x103: 'Allocate Response',
  0x113: 'Allocate Error Response',
  0x4: 'Send Request',
  0x104: 'Send Response',
  0x114: 'Send Error Response',
  0x115: 'Data Indication',
  0x6: 'Set Active Destination Request',
  0x106: 'Set Active Destination Response',
  0x116: 'Set Active Destination Error Response',
};
const ATTRIBUTES: Readonly<Record<number, string>> = {
  0x0001: 'MAPPED-ADDRESS',
  0x0002: 'RESPONSE-ADDRESS',
  0x0003: 'CHANGE-REQUEST',
  0x0004: 'SOURCE-ADDRESS',
  0x0005: 'CHANGED-ADDRESS',
  0x0006: 'USERNAME',
  0x0007: 'PASSWORD',
  0x0008: 'MESSAGE-INTEGRITY',
  0x0009: 'ERROR-CODE',
  0x000a: 'UNKNOWN-ATTRIBUTES',
  0x000b: 'REFLECTED-FROM',
  0x000d: 'LIFETIME',
  0x000e: 'ALTERNATE_SERVER',
  0x000f: 'MAGIC_COOKIE',
  0x0010: 'BANDWIDTH',
  0x0011: 'DESTINATION_ADDRESS',
  0x0012: 'REMOTE_ADDRESS',
  0x0013: 'DATA',
  0x0014: 'NONCE',
  0x0015: 'REALM',
  0x0016: 'REQUESTED_ADDRESS_TYPE',
  0x0021: 'XOR_ONLY',
  0x8020: 'XOR_MAPPED_ADDRESS',
  0x8022: 'SERVER',
  0xc001: 'CONNECTION-REQUEST-BINDING',
  0xc002: 'BINDING-CHANGE',
};
/** Attributes that hold an address: mapped, response, source, changed, reflected. */
const CLASSIC_ADDRESSES: readonly number[] = [1, 2, 4, 5, 11, 14, 17, 18];

export const classicStun = defineProtocol({
  name: 'classicstun',
  title: 'Simple Traversal of UDP Through NAT',
  short: 'CLASSIC-STUN',
  header: AT.attributes,
  opens: ['data'],
  fields: {
    type: { type: 'u16', show: 'hex', label: 'Message Type', at: 0, names: CLASSIC_TYPES },
    length: { type: 'u16', show: 'hex', label: 'Message Length', at: 2 },
    id: { type: 'bytes', label: 'Message Transaction ID', at: 4, length: 16 },
    'att.type': { type: 'u16', show: 'hex', label: 'Attribute Type', names: ATTRIBUTES, many: true },
    'att.length': { type: 'u16', label: 'Attribute Length', many: true },
    'att.value': { type: 'bytes', label: 'Value', many: true },
    'att.family': { type: 'u16', show: 'hex', label: 'Protocol Family', many: true },
    'att.port': { type: 'u16', label: 'Port', many: true },
    'att.ipv4': { type: 'ipv4', label: 'IP', many: true },
  },
  recognise(bytes, at, end) {
    const length = end - at;
    return (
      length >= AT.attributes &&
      CLASSIC_TYPES[u16(bytes, at)] !== undefined &&
      u16(bytes, at + 2) === length - AT.attributes &&
      length > AT.attributes &&
      u32(bytes, at + AT.cookie) !== COOKIE &&
      ATTRIBUTES[u16(bytes, at + AT.attributes)] !== undefined &&
      u16(bytes, at + AT.attributes + 2) <= length - AT.attributes - 4
    );
  },
  recogniseOn: ['udp'],
  tree(t) {
    t.header();
    t.info(`Message: ${CLASSIC_TYPES[t.u16(t.at)] ?? 'Unknown'}`);
    for (let at = t.at + AT.attributes; at + 4 <= t.end; ) {
      const size = t.u16(at + 2);
      t.add('att.type', at);
      t.add('att.length', at + 2);
      t.need(at + 4, size);
      if (CLASSIC_ADDRESSES.includes(t.u16(at)) && size >= 8) {
        t.add('att.family', at + 4);
        t.add('att.port', at + 6);
        t.add('att.ipv4', at + 8);
      } else if (t.u16(at) === DATA && size > 0) {
        const said = t.infoSoFar;
        t.payload(at + 4, at + 4 + size, at + 4 + size);
        t.info(said);
        t.column('CLASSIC-STUN');
      } else if (size > 0) t.add('att.value', at + 4, size);
      at += 4 + size;
    }
  },
});
