/** IAX2 (RFC 5456), Asterisk's protocol: full frames with elements that say a call, mini frames with its sound. */

import type { FieldShow } from '../../../base/fields.ts';
import type { FieldSpec } from '../../field-spec.ts';
import { defineProtocol } from '../../protocol.ts';
import type { TreeBuilder } from '../../tree.ts';

const AT = { source: 0, destination: 2, timestamp: 4, out: 8, in: 9, type: 10, subclass: 11, elements: 12 } as const;
const FULL = 0x8000;
const META = 0;
const TYPE = { voice: 2, video: 3, control: 4, iax: 6 } as const;
const TYPES: Readonly<Record<number, string>> = {
  1: 'DTMF End',
  2: 'Voice',
  3: 'Video',
  4: 'Control',
  5: 'NULL',
  6: 'IAX',
  7: 'Text',
  8: 'Image',
  9: 'HTML',
  10: 'Comfort Noise',
  11: 'Modem',
  12: 'DTMF Begin',
};
const IAX: Readonly<Record<number, string>> = {
  0: '(0?)',
  1: 'NEW',
  2: 'PING',
  3: 'PONG',
  4: 'ACK',
  5: 'HANGUP',
  6: 'REJECT',
  7: 'ACCEPT',
  8: 'AUTHREQ',
  9: 'AUTHREP',
  10: 'INVAL',
  11: 'LAGRQ',
  12: 'LAGRP',
  13: 'REGREQ',
  14: 'REGAUTH',
  15: 'REGACK',
  16: 'REGREJ',
  17: 'REGREL',
  18: 'VNAK',
  19: 'DPREQ',
  20: 'DPREP',
  21: 'DIAL',
  22: 'TXREQ',
  23: 'TXCNT',
  24: 'TXACC',
  25: 'TXREADY',
  26: 'TXREL',
  27: 'TXREJ',
  28: 'QUELCH',
  29: 'UNQULCH',
  30: 'POKE',
  31: 'PAGE',
  32: 'MWI',
  33: 'UNSUPPORTED',
  34: 'TRANSFER',
  35: 'PROVISION',
  36: 'FWDOWNL',
  37: 'FWDATA',
  38: 'TXMEDIA',
  39: 'RTKEY',
  40: 'CALLTOKEN',
};
const CONTROL: Readonly<Record<number, string>> = {
  0: '(0?)',
  1: 'HANGUP',
  2: 'RING',
  3: 'RINGING',
  4: 'ANSWER',
  5: 'BUSY',
  6: 'TKOFFHK',
  7: 'OFFHOOK',
  255: 'stop sounds',
};

/** RFC 5456 8.6: number, key, type, label. */
const ELEMENTS: readonly (readonly [number, string, FieldSpec['type'], string, FieldShow?])[] = [
  [1, 'called_number', 'string', 'Number/extension being called'],
  [2, 'calling_number', 'string', 'Calling number'],
  [3, 'calling_ani', 'string', 'Calling number ANI for billing'],
  [4, 'calling_name', 'string', 'Name of caller'],
  [5, 'called_context', 'string', 'Context for number'],
  [6, 'username', 'string', 'Username (peer or user) for authentication'],
  [7, 'password', 'string', 'Password for authentication'],
  [8, 'capability', 'u32', 'Actual codec capability', 'hex'],
  [9, 'format', 'u64', 'Desired codec format', 'hex'],
  [10, 'language', 'string', 'Desired language'],
  [11, 'version', 'u16', 'Protocol version', 'hex'],
  [12, 'cpe_adsi', 'u16', 'CPE ADSI capability', 'hex'],
  [13, 'dnid', 'string', 'Originally dialed DNID'],
  [14, 'auth.methods', 'u16', 'Authentication method(s)', 'hex'],
  [15, 'auth.challenge', 'string', 'Challenge data for MD5/RSA'],
  [16, 'auth.md5', 'string', 'MD5 challenge result'],
  [17, 'auth.rsa', 'string', 'RSA challenge result'],
  [19, 'refresh', 'i16', 'When to refresh registration'],
  [20, 'dialplan_status', 'u16', 'Dialplan status', 'hex'],
  [21, 'call_no', 'u16', 'Call number of peer'],
  [22, 'cause', 'string', 'Cause'],
  [24, 'msg_count', 'i16', 'How many messages waiting'],
  [27, 'transferid', 'u32', 'Transfer Request Identifier', 'hex'],
  [28, 'rdnis', 'string', 'Referring DNIS'],
  [32, 'devicetype', 'string', 'Device type'],
  [33, 'serviceident', 'string', 'Service identifier'],
  [34, 'firmwarever', 'u16', 'Firmware version', 'hex'],
  [38, 'callingpres', 'u8', 'Calling presentation', 'hex'],
  [39, 'callington', 'u8', 'Calling type of number', 'hex'],
  [40, 'callingtns', 'u16', 'Calling transit network select', 'hex'],
  [41, 'samplingrate', 'u16', 'Supported sampling rates', 'hex'],
  [42, 'causecode', 'u8', 'Hangup cause', 'hex'],
  [43, 'encryption', 'u16', 'Encryption format', 'hex'],
  [45, 'codecprefs', 'string', 'Codec negotiation'],
  [46, 'rrjitter', 'u32', 'Received jitter (as in RFC1889)', 'hex'],
  [47, 'rrloss', 'u32', 'Received loss (high byte loss pct, low 24 bits loss count, as in rfc1889)', 'hex'],
  [48, 'rrpkts', 'u32', 'Total frames received', 'hex'],
  [49, 'rrdelay', 'u16', 'Max playout delay in ms for received frames', 'hex'],
  [50, 'rrdropped', 'u32', 'Dropped frames (presumably by jitterbuffer)', 'hex'],
  [51, 'rrooo', 'u32', 'Frame received out of order', 'hex'],
];
const KEYS: ReadonlyMap<number, readonly [key: string, isText: boolean]> = new Map(
  ELEMENTS.map(([id, key, type]) => [id, [`iax.${key}`, type === 'string']]),
);
const elementFields: Readonly<Record<string, FieldSpec>> = Object.fromEntries(
  ELEMENTS.map(([, key, type, label, show]): [string, FieldSpec] => [
    `iax.${key}`,
    { type, label, many: true, ...(show === undefined ? {} : { show }) },
  ]),
);
const WIDTHS: Readonly<Record<string, number>> = { u8: 1, u16: 2, i16: 2, u32: 4 };
const WIDTH_OF: ReadonlyMap<number, number> = new Map(ELEMENTS.map(([id, , type]) => [id, WIDTHS[type] ?? 0]));

export const iax2 = defineProtocol({
  name: 'iax2',
  title: 'Inter-Asterisk eXchange v2',
  on: { 'udp.port': [4569] },
  opens: ['data'],
  fields: {
    packet_type: { type: 'u8', label: 'Packet type' },
    src_call: { type: 'u16', bits: [14, 0], label: 'Source call' },
    dst_call: { type: 'u16', bits: [14, 0], label: 'Destination call' },
    retransmission: { type: 'bool', of: 'u16', bits: [15, 15], label: 'Retransmission', flag: ['True', 'False'] },
    timestamp: { type: 'u32', label: 'Timestamp' },
    oseqno: { type: 'u16', label: 'Outbound seq.no.' },
    iseqno: { type: 'u16', label: 'Inbound seq.no.' },
    type: { type: 'u8', label: 'Type', names: TYPES },
    'iax.subclass': { type: 'u8', label: 'IAX subclass', names: IAX },
    'control.subclass': { type: 'u8', label: 'Control subclass', names: CONTROL },
    'voice.subclass': { type: 'u8', label: 'Voice Subclass (compressed codec no)' },
    subclass: { type: 'u8', label: 'Unknown subclass' },
    ...elementFields,
    'iax.iax_unknown': { type: 'bytes', label: 'Unknown IAX command', many: true },
  },
  tree(t) {
    const source = t.u16(t.at);
    t.info('');
    if ((source & FULL) !== 0) full(t, source & ~FULL);
    else if (source !== META) mini(t, source);
    else {
      t.put('packet_type', 3, t.at, 2, 'Packet type: Meta packet (3)');
      t.info('Meta packet');
      t.text('Data', t.at + 2, t.end - t.at - 2);
    }
  },
});

function full(t: TreeBuilder, call: number): void {
  const { at } = t;
  const type = t.u8(at + AT.type);
  const subclass = t.u8(at + AT.subclass);
  t.put('packet_type', 1, at, 1, 'Packet type: Full packet (1)');
  t.add('src_call', at);
  t.add('dst_call', at + AT.destination);
  t.add('retransmission', at + AT.destination);
  t.add('timestamp', at + AT.timestamp);
  t.put('oseqno', t.u8(at + AT.out), at + AT.out, 1);
  t.put('iseqno', t.u8(at + AT.in), at + AT.in, 1);
  t.add('type', at + AT.type);
  t.info(`${TYPES[type] ?? 'Unknown'}, source call# ${call}, timestamp ${t.u32(at + AT.timestamp)}ms`);
  if (type === TYPE.iax) {
    t.addInfo(` ${IAX[subclass] ?? 'Unknown'}`);
    t.add('iax.subclass', at + AT.subclass);
    elements(t);
    return;
  }
  if (type === TYPE.control) {
    t.addInfo(` ${CONTROL[subclass] ?? 'Unknown'}`);
    t.add('control.subclass', at + AT.subclass);
  } else t.add(type === TYPE.voice ? 'voice.subclass' : 'subclass', at + AT.subclass);
  if (t.end > at + AT.elements) t.payload(at + AT.elements);
}

function elements(t: TreeBuilder): void {
  let at = t.at + AT.elements;
  while (at < t.end) {
    const id = t.u8(at);
    const length = t.u8(at + 1);
    const known = KEYS.get(id);
    const body = at + 2;
    t.need(body, length);
    if (known?.[1] === true) t.add(known[0], body, length);
    else if (id === FORMAT && length === 4) t.put('iax.format', BigInt(t.u32(body)), body, length);
    else if (known !== undefined && length === WIDTH_OF.get(id)) t.add(known[0], body);
    else t.add('iax.iax_unknown', body, length);
    at = body + length;
  }
}

const FORMAT = 9;

function mini(t: TreeBuilder, call: number): void {
  t.put('packet_type', 0, t.at, 1, 'Packet type: Mini voice packet (0)');
  t.add('src_call', t.at);
  const time = t.u16(t.at + 2);
  t.put('timestamp', time, t.at + 2, 2);
  t.info(`Mini packet, source call# ${call}, timestamp ${time}ms`);
  t.payload(t.at + 4);
}
