/** Multipath TCP's option (RFC 8684; version 0 RFC 6824): fields and tree, used by TCP's options. */

import { u32, u64 } from '../base/bytes.ts';
import { platform } from '../base/platform.ts';
import type { FieldSpec } from './field-spec.ts';
import type { TreeBuilder } from './tree.ts';

const SUBTYPE = { capable: 0, join: 1, data: 2, add: 3, remove: 4, priority: 5, fail: 6, close: 7, reset: 8 } as const;
const SUBTYPES: Readonly<Record<number, string>> = {
  0: 'Multipath Capable',
  1: 'Join Connection',
  2: 'Data Sequence Signal',
  3: 'Add Address',
  4: 'Remove Address',
  5: 'Change Subflow Priority',
  6: 'TCP Fallback',
  7: 'Fast Close',
  8: 'TCP Reset',
};
const DATA = { longSequence: 0x08, hasSequence: 0x04, longAck: 0x02, hasAck: 0x01 } as const;

export const multipathFields = {
  'options.mptcp.subtype': { type: 'u8', bits: [7, 4], label: 'Multipath TCP subtype', names: SUBTYPES, many: true },
  'options.mptcp.version': { type: 'u8', bits: [3, 0], label: 'Multipath TCP version' },
  'options.mptcp.flags': { type: 'u8', show: 'hex', label: 'Multipath TCP flags', many: true },
  'options.mptcp.checksumreq.flags': { type: 'u8', bits: [7, 7], label: 'Checksum required' },
  'options.mptcp.extensibility.flag': { type: 'u8', bits: [6, 6], label: 'Extensibility' },
  'options.mptcp.sha1.flag': { type: 'u8', bits: [0, 0], label: 'Use HMAC-SHA1' },
  'options.mptcp.sha256.flag': { type: 'u8', bits: [0, 0], label: 'Use HMAC-SHA256' },
  'options.mptcp.backup.flag': { type: 'u8', bits: [0, 0], label: 'Backup flag' },
  'options.mptcp.datafin.flag': { type: 'u8', bits: [4, 4], label: 'DATA_FIN', many: true },
  'options.mptcp.dseqn8.flag': { type: 'u8', bits: [3, 3], label: 'Data Sequence Number is 8 octets', many: true },
  'options.mptcp.dseqnpresent.flag': {
    type: 'u8',
    bits: [2, 2],
    label: 'Data Sequence Number, Subflow Sequence Number, Data-level Length, Checksum present',
    many: true,
  },
  'options.mptcp.dataack8.flag': { type: 'u8', bits: [1, 1], label: 'Data ACK is 8 octets', many: true },
  'options.mptcp.dataackpresent.flag': { type: 'u8', bits: [0, 0], label: 'Data ACK is present', many: true },
  'options.mptcp.rst_reason': { type: 'u8', show: 'hex', label: 'TCPRST Reason' },
  'options.mptcp.reserved': { type: 'u16', bits: [11, 0], show: 'hex', label: 'Reserved' },
  'options.mptcp.reserved.flag': { type: 'u8', bits: [5, 1], show: 'hex', label: 'Reserved' },
  'options.mptcp.addrid': { type: 'u8', label: 'Address ID', many: true },
  'options.mptcp.sendkey': { type: 'u64', label: "Sender's Key" },
  'options.mptcp.recvkey': { type: 'u64', label: "Receiver's Key" },
  'options.mptcp.recvtok': { type: 'u32', label: "Receiver's Token" },
  'options.mptcp.sendrand': { type: 'u32', label: "Sender's Random Number" },
  'options.mptcp.sendtrunchmac': { type: 'u64', label: "Sender's Truncated HMAC" },
  'options.mptcp.sendhmac': { type: 'bytes', label: "Sender's HMAC" },
  'options.mptcp.addaddrtrunchmac': { type: 'u64', label: 'Truncated HMAC' },
  'options.mptcp.rawdataack': { type: 'u64', label: 'Original MPTCP Data ACK', many: true },
  'options.mptcp.rawdataseqno': { type: 'u64', label: 'Data Sequence Number', many: true },
  'options.mptcp.subflowseqno': { type: 'u32', label: 'Subflow Sequence Number', many: true },
  'options.mptcp.datalvllen': { type: 'u16', label: 'Data-level Length', many: true },
  'options.mptcp.checksum': { type: 'u16', show: 'hex', label: 'Checksum', many: true },
  'options.mptcp.ipver': { type: 'u8', bits: [3, 0], label: 'IP version' },
  'options.mptcp.echo': { type: 'u8', bits: [0, 0], label: 'Echo' },
  'options.mptcp.ipv4': { type: 'ipv4', label: 'Advertised IPv4 Address' },
  'options.mptcp.ipv6': { type: 'ipv6', label: 'Advertised IPv6 Address' },
  'options.mptcp.port': { type: 'u16', label: 'Advertised port' },
  expected_token: {
    type: 'u32',
    label: 'Subflow token generated from key',
    abbrev: 'mptcp.expected_token',
    doc: 'What a further subflow names the connection by: the first 32 bits of the hash of the key.',
  },
  expected_idsn: {
    type: 'u64',
    label: 'Subflow expected IDSN',
    abbrev: 'mptcp.expected_idsn',
    doc: 'The first data sequence number: the last 64 bits of the hash of the key.',
  },
  'rm_addr.count': { type: 'u8', label: 'Number of removed addresses', abbrev: 'mptcp.rm_addr.count' },
} as const satisfies Record<string, FieldSpec>;

const key = (name: string): string => `options.mptcp.${name}`;

/** The bytes behind kind and length; returns what the option is called. */
export function multipathOption(t: TreeBuilder, start: number, length: number): string {
  if (length < 3) return 'Multipath TCP';
  const subtype = t.u8(start + 2) >>> 4;
  const end = start + length;
  t.add(key('subtype'), start + 2);
  if (subtype === SUBTYPE.capable) capable(t, start, length);
  else if (subtype === SUBTYPE.join) join(t, start, length);
  else if (subtype === SUBTYPE.data) data(t, start, end);
  else if (subtype === SUBTYPE.add) address(t, start, length);
  else if (subtype === SUBTYPE.remove) removed(t, start + 3, end);
  else if (subtype === SUBTYPE.priority) {
    t.add(key('backup.flag'), start + 2);
    if (length > 3) t.add(key('addrid'), start + 3);
  } else if (subtype === SUBTYPE.fail && length >= 12) t.add(key('rawdataseqno'), start + 4);
  else if (subtype === SUBTYPE.close && length >= 12) t.add(key('recvkey'), start + 4);
  else if (subtype === SUBTYPE.reset && length >= 4) t.add(key('rst_reason'), start + 3);
  return `Multipath TCP: ${SUBTYPES[subtype] ?? 'Unknown'}`;
}

function capable(t: TreeBuilder, start: number, length: number): void {
  const version = t.u8(start + 2) & 15;
  t.add(key('version'), start + 2);
  if (length < 4) return;
  t.nest(t.put(key('flags'), t.u8(start + 3), start + 3, 1));
  for (const bit of [
    'checksumreq.flags',
    'extensibility.flag',
    version === 0 ? 'sha1.flag' : 'sha256.flag',
    'reserved.flag',
  ])
    t.add(key(bit), start + 3);
  t.close();
  if (length >= 12) senderKey(t, start + 4, version);
  if (length >= 20) t.add(key('recvkey'), start + 12);
  if (length >= 22) t.add(key('datalvllen'), start + 20);
  if (length >= 24) t.add(key('checksum'), start + 22);
}

/** RFC 8684 3.1, RFC 6824 3.1: names and starts of the connection follow from the key. */
function senderKey(t: TreeBuilder, at: number, version: number): void {
  t.add(key('sendkey'), at);
  if (!t.keeps('expected_token') && !t.keeps('expected_idsn')) return;
  const hash = platform().hash(version === 0 ? 'sha1' : 'sha256', t.slice(at, 8));
  t.generated('expected_token', u32(hash, 0), at, 8);
  t.generated('expected_idsn', u64(hash, hash.length - 8), at, 8);
}

function removed(t: TreeBuilder, from: number, end: number): void {
  t.generated('rm_addr.count', end - from, from, end - from);
  for (let at = from; at < end; at++) t.add(key('addrid'), at);
}

function join(t: TreeBuilder, start: number, length: number): void {
  if (length === 12 || length === 16) {
    t.nest(t.put(key('flags'), t.u8(start + 2), start + 2, 1));
    t.add(key('backup.flag'), start + 2);
    t.close();
    t.add(key('addrid'), start + 3);
    if (length === 12) {
      t.add(key('recvtok'), start + 4);
      t.add(key('sendrand'), start + 8);
    } else {
      t.add(key('sendtrunchmac'), start + 4);
      t.add(key('sendrand'), start + 12);
    }
  } else if (length === 24) {
    t.add(key('reserved'), start + 2);
    t.add(key('sendhmac'), start + 4, 20);
  }
}

function data(t: TreeBuilder, start: number, end: number): void {
  if (start + 4 > end) return;
  const flags = t.u8(start + 3);
  t.nest(t.put(key('flags'), flags, start + 3, 1));
  for (const bit of ['datafin.flag', 'dseqn8.flag', 'dseqnpresent.flag', 'dataack8.flag', 'dataackpresent.flag'])
    t.add(key(bit), start + 3);
  t.close();
  let at = start + 4;
  const number = (name: string, isLong: boolean): void => {
    const width = isLong ? 8 : 4;
    if (at + width > end) return;
    t.put(key(name), isLong ? t.u64(at) : BigInt(t.u32(at)), at, width);
    at += width;
  };
  if ((flags & DATA.hasAck) !== 0) number('rawdataack', (flags & DATA.longAck) !== 0);
  if ((flags & DATA.hasSequence) === 0) return;
  number('rawdataseqno', (flags & DATA.longSequence) !== 0);
  if (at + 6 > end) return;
  at = t.add(key('subflowseqno'), at);
  at = t.add(key('datalvllen'), at);
  if (at + 4 <= end) t.add(key('checksum'), at); // as tshark has it: not where the checksum ends the option
}

function address(t: TreeBuilder, start: number, length: number): void {
  if (length < 4) return;
  const version = t.u8(start + 2) & 15;
  // Version 0 says 4 or 6 there; version 1 has an echo flag and tells the family by the length.
  const isIpv6 = version === 6 || (version < 2 && length >= 20);
  t.add(key(version < 2 ? 'echo' : 'ipver'), start + 2);
  t.add(key('addrid'), start + 3);
  const width = isIpv6 ? 16 : 4;
  if (length < 4 + width) return;
  t.add(key(isIpv6 ? 'ipv6' : 'ipv4'), start + 4);
  const left = length - 4 - width;
  const at = start + 4 + width;
  if (left === 2 || left === 10) t.add(key('port'), at);
  if (left >= 8) t.add(key('addaddrtrunchmac'), at + left - 8);
}
