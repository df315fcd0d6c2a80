/** DTLS 1.0 and 1.2 (RFC 4347, 6347): TLS records that carry their own sequence numbers, several in a datagram. */

import { u16 } from '../../base/bytes.ts';
import { defineProtocol } from '../protocol.ts';
import type { TreeBuilder } from '../tree.ts';
import { Visits } from '../visits.ts';

const AT = { type: 0, version: 1, epoch: 3, sequence: 5, length: 11, body: 13 } as const;
const VERSION = { dtls10: 0xfeff, dtls12: 0xfefd } as const;
const VERSIONS: Readonly<Record<number, string>> = {
  0xfeff: 'DTLS 1.0',
  0xfefd: 'DTLS 1.2',
  0x0100: 'DTLS 1.0 (OpenSSL pre 0.9.8f)',
};
const SHORT: Readonly<Record<number, string>> = { 0xfeff: 'DTLSv1.0', 0xfefd: 'DTLSv1.2' };
const TYPES: Readonly<Record<number, string>> = {
  20: 'Change Cipher Spec',
  21: 'Alert',
  22: 'Handshake',
  23: 'Application Data',
  24: 'Heartbeat',
  25: 'Connection ID',
};
const TYPE = { changeCipherSpec: 20, alert: 21, handshake: 22, data: 23, heartbeat: 24, connectionId: 25 } as const;
const MESSAGES: Readonly<Record<number, string>> = {
  0: 'Hello Request',
  1: 'Client Hello',
  2: 'Server Hello',
  3: 'Hello Verify Request',
  4: 'New Session Ticket',
  11: 'Certificate',
  12: 'Server Key Exchange',
  13: 'Certificate Request',
  14: 'Server Hello Done',
  15: 'Certificate Verify',
  16: 'Client Key Exchange',
  20: 'Finished',
  21: 'Certificate URL',
  22: 'Certificate Status',
  23: 'Supplemental Data',
};
const ALERT_LEVELS: Readonly<Record<number, string>> = { 1: 'Warning', 2: 'Fatal' };
const ALERTS: Readonly<Record<number, string>> = {
  0: 'Close Notify',
  1: 'End of Early Data',
  10: 'Unexpected Message',
  20: 'Bad Record MAC',
  21: 'Decryption Failed',
  22: 'Record Overflow',
  30: 'Decompression Failure',
  40: 'Handshake Failure',
  41: 'No Certificate',
  42: 'Bad Certificate',
  43: 'Unsupported Certificate',
  44: 'Certificate Revoked',
  45: 'Certificate Expired',
  46: 'Certificate Unknown',
  47: 'Illegal Parameter',
  48: 'Unknown CA',
  49: 'Access Denied',
  50: 'Decode Error',
  51: 'Decrypt Error',
  60: 'Export Restriction',
  70: 'Protocol Version',
  71: 'Insufficient Security',
  80: 'Internal Error',
  86: 'Inappropriate Fallback',
  90: 'User Canceled',
  100: 'No Renegotiation',
  109: 'Missing Extension',
  110: 'Unsupported Extension',
  111: 'Certificate Unobtainable',
  112: 'Unrecognized Name',
  113: 'Bad Certificate Status Response',
  114: 'Bad Certificate Hash Value',
  115: 'Unknown PSK Identity',
  116: 'Certificate Required',
  120: 'No application Protocol',
  121: 'ECH Required',
};
const HELLO = { client: 1, server: 2 } as const;
const HANDSHAKE_HEADER = 12;
const MAX_RECORD = 16_384 + 2048;
const MAX_RECORDS = 512;
const SERVER_NAME = 0;

interface Memory {
  readonly visits: Visits<number>;
  version: number;
}

function startsRecord(bytes: Uint8Array, at: number, end: number): boolean {
  if (end - at < AT.body || TYPES[bytes[at]] === undefined) return false;
  const version = u16(bytes, at + AT.version);
  return (version === VERSION.dtls10 || version === VERSION.dtls12) && u16(bytes, at + AT.length) <= MAX_RECORD;
}

export const dtls = defineProtocol({
  name: 'dtls',
  title: 'Datagram Transport Layer Security',
  remembers: true,
  fields: {
    record: { type: 'none', label: 'Record Layer', many: true },
    'record.content_type': { type: 'u8', label: 'Content Type', names: TYPES, many: true },
    'record.version': { type: 'u16', show: 'hex', label: 'Version', names: VERSIONS, many: true },
    'record.epoch': { type: 'u16', label: 'Epoch', many: true },
    'record.sequence_number': { type: 'u64', label: 'Sequence Number', many: true },
    'record.length': { type: 'u16', label: 'Length', many: true },
    change_cipher_spec: { type: 'none', label: 'Change Cipher Spec Message' },
    app_data: { type: 'bytes', label: 'Encrypted Application Data', many: true },
    alert_message: { type: 'none', label: 'Alert Message' },
    'alert_message.level': { type: 'u8', label: 'Level', names: ALERT_LEVELS },
    'alert_message.desc': { type: 'u8', label: 'Description', names: ALERTS },
    handshake: { type: 'none', label: 'Handshake Protocol', many: true },
    'handshake.type': { type: 'u8', label: 'Handshake Type', names: MESSAGES, many: true },
    'handshake.length': { type: 'u24', label: 'Length', many: true },
    'handshake.message_seq': { type: 'u16', label: 'Message Sequence', many: true },
    'handshake.fragment_offset': { type: 'u24', label: 'Fragment Offset', many: true },
    'handshake.fragment_length': { type: 'u24', label: 'Fragment Length', many: true },
    'handshake.version': { type: 'u16', show: 'hex', label: 'Version', names: VERSIONS, many: true },
    'handshake.random': { type: 'bytes', label: 'Random', many: true },
    'handshake.session_id_length': { type: 'u8', label: 'Session ID Length', many: true },
    'handshake.session_id': { type: 'bytes', label: 'Session ID', many: true },
    'handshake.cookie_length': { type: 'u8', label: 'Cookie Length' },
    'handshake.cookie': { type: 'bytes', label: 'Cookie' },
    'handshake.cipher_suites_length': { type: 'u16', label: 'Cipher Suites Length' },
    'handshake.ciphersuite': { type: 'u16', show: 'hex', label: 'Cipher Suite', many: true },
    'handshake.extensions_length': { type: 'u16', label: 'Extensions Length', many: true },
    'handshake.extension.type': { type: 'u16', label: 'Type', many: true },
    'handshake.extension.len': { type: 'u16', label: 'Length', many: true },
    'handshake.extensions_server_name': { type: 'string', label: 'Server Name', many: true },
  },
  recognise: (bytes, at, end) =>
    startsRecord(bytes, at, end) && at + AT.body + u16(bytes, at + AT.length) <= end && bytes[at] !== TYPE.data,
  recogniseOn: ['udp'],
  accepts: startsRecord,
  tree(t) {
    const memory = t.conversation((): Memory => ({ visits: new Visits(), version: 0 }));
    const { fact } = memory.visits.visit(t, () => memory.version);
    let version = fact;
    const said: string[] = [];
    let { at } = t;
    for (let i = 0; i < MAX_RECORDS && at < t.end; i++) {
      if (!startsRecord(t.bytes, at, t.end)) {
        said.push('Continuation Data');
        break;
      }
      version = record(t, at, version, said);
      at += AT.body + t.u16(at + AT.length);
    }
    if (memory.version === 0) memory.version = version;
    t.column(SHORT[version] ?? 'DTLS');
    t.info(said.join(', '));
  },
});

/** Dissects one record; returns the version agreed so far. */
function record(t: TreeBuilder, at: number, before: number, said: string[]): number {
  const type = t.u8(at);
  const recordVersion = t.u16(at + AT.version);
  const epoch = t.u16(at + AT.epoch);
  const length = t.u16(at + AT.length);
  const body = at + AT.body;
  const end = Math.min(t.end, body + length);
  let version = before;
  t.nest(t.put('record', new Uint8Array(0), at, AT.body + length, `Record Layer: ${TYPES[type]}`));
  t.add('record.content_type', at);
  t.add('record.version', at + AT.version);
  t.add('record.epoch', at + AT.epoch);
  t.add('record.sequence_number', at + AT.sequence);
  t.add('record.length', at + AT.length);
  if (type === TYPE.handshake) {
    if (epoch > 0) said.push('Encrypted Handshake Message');
    else version = handshakes(t, body, end, version, said);
  } else if (type === TYPE.alert) {
    if (version === 0) version = recordVersion;
    if (epoch === 0 && end - body === 2) {
      const level = t.u8(body);
      const description = t.u8(body + 1);
      t.nest(t.put('alert_message', new Uint8Array(0), body, 2));
      t.add('alert_message.level', body);
      t.add('alert_message.desc', body + 1);
      t.close();
      said.push(`Alert (Level: ${ALERT_LEVELS[level] ?? level}, Description: ${ALERTS[description] ?? description})`);
    } else said.push('Encrypted Alert');
  } else {
    said.push(TYPES[type] ?? '');
    if (type === TYPE.changeCipherSpec) t.put('change_cipher_spec', new Uint8Array(0), body, end - body);
    else if (type === TYPE.data && end > body) t.add('app_data', body, end - body);
  }
  t.close();
  return version;
}

function handshakes(t: TreeBuilder, from: number, end: number, before: number, said: string[]): number {
  let version = before;
  for (let at = from; at + HANDSHAKE_HEADER <= end; ) {
    const type = t.u8(at);
    const length = t.u24(at + 1);
    const offset = t.u24(at + 6);
    const fragment = t.u24(at + 9);
    const name = MESSAGES[type] ?? 'Encrypted Handshake Message';
    const isWhole = offset === 0 && fragment === length;
    said.push(isWhole ? name : `${name} (Fragment)`);
    t.nest(t.put('handshake', new Uint8Array(0), at, HANDSHAKE_HEADER + fragment, `Handshake Protocol: ${name}`));
    t.add('handshake.type', at);
    t.add('handshake.length', at + 1);
    t.add('handshake.message_seq', at + 4);
    t.add('handshake.fragment_offset', at + 6);
    t.add('handshake.fragment_length', at + 9);
    const body = at + HANDSHAKE_HEADER;
    t.need(body, fragment);
    if (isWhole && (type === HELLO.client || type === HELLO.server) && fragment >= 35) {
      if (type === HELLO.server) version = t.u16(body);
      hello(t, body, Math.min(end, body + fragment), type === HELLO.client);
    }
    t.close();
    at = body + fragment;
  }
  return version;
}

function hello(t: TreeBuilder, from: number, end: number, isClient: boolean): void {
  t.add('handshake.version', from);
  t.add('handshake.random', from + 2, 32);
  let at = from + 34;
  const session = t.u8(at);
  t.add('handshake.session_id_length', at);
  if (session > 0) t.add('handshake.session_id', at + 1, session);
  at += 1 + session;
  if (isClient) {
    const cookie = t.u8(at);
    t.add('handshake.cookie_length', at);
    if (cookie > 0) t.add('handshake.cookie', at + 1, cookie);
    at += 1 + cookie;
    const suites = t.u16(at);
    t.add('handshake.cipher_suites_length', at);
    t.need(at + 2, suites);
    for (let i = 0; i + 2 <= suites; i += 2) t.add('handshake.ciphersuite', at + 2 + i);
    at += 2 + suites;
    at += 1 + t.u8(at);
  } else {
    t.add('handshake.ciphersuite', at);
    at += 3;
  }
  if (at + 2 > end) return;
  t.add('handshake.extensions_length', at);
  const stop = Math.min(end, at + 2 + t.u16(at));
  at += 2;
  while (at + 4 <= stop) {
    const length = t.u16(at + 2);
    t.add('handshake.extension.type', at);
    t.add('handshake.extension.len', at + 2);
    if (t.u16(at) === SERVER_NAME && length >= 5 && isClient) {
      const size = t.u16(at + 7);
      if (size + 5 <= length) t.add('handshake.extensions_server_name', at + 9, size);
    }
    at += 4 + length;
  }
}
