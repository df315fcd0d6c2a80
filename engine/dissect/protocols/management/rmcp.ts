/** Managing hosts that are off: RMCP and ASF (DMTF DSP0136), IPMI's sessions (IPMI 2.0 section 13). */

import { defineProtocol } from '../../protocol.ts';

const AT = { version: 0, sequence: 2, kind: 3, body: 4 } as const;
const VERSION = 6;
const KIND = { asf: 6, ipmi: 7 } as const;
const CLASSES: Readonly<Record<number, string>> = { 6: 'ASF', 7: 'IPMI', 8: 'OEM' };
const ACKNOWLEDGES = 0x80;

export const rmcp = defineProtocol({
  name: 'rmcp',
  title: 'Remote Management Control Protocol',
  on: { 'udp.port': [623] },
  opens: ['asf', 'ipmi_session', 'data'],
  fields: {
    version: { type: 'u8', show: 'hex', label: 'Version' },
    reserved: { type: 'u8', show: 'hex', label: 'Reserved' },
    sequence: { type: 'u8', show: 'hex', label: 'Sequence' },
    class: { type: 'u8', show: 'hex', bits: [4, 0], label: 'Class', names: CLASSES },
    type: { type: 'u8', show: 'hex', bits: [7, 7], label: 'Message Type', names: { 0: 'Normal RMCP', 1: 'RMCP ACK' } },
  },
  accepts: (bytes, at, end) => end - at >= AT.body && bytes[at] === VERSION,
  tree(t) {
    const { at } = t;
    const kind = t.u8(at + AT.kind);
    const name = CLASSES[kind & 0x1f] ?? 'Unknown';
    t.addLabel(`, Class: ${name}`);
    t.info(`${(kind & ACKNOWLEDGES) === 0 ? 'Normal RMCP' : 'RMCP ACK'}, Class: ${name}`);
    t.add('version', at);
    t.add('reserved', at + 1);
    t.add('sequence', at + AT.sequence);
    t.add('class', at + AT.kind);
    t.add('type', at + AT.kind);
    if ((kind & ACKNOWLEDGES) !== 0) return;
    t.headerEnd(at + AT.body);
    if ((kind & 0x1f) === KIND.asf) t.dissect('asf', at + AT.body);
    else if ((kind & 0x1f) === KIND.ipmi) t.dissect('ipmi_session', at + AT.body);
    else t.payload(at + AT.body);
  },
});

const ASF_TYPES: Readonly<Record<number, string>> = {
  16: 'Reset',
  17: 'Power-up',
  18: 'Unconditional Power-down',
  19: 'Power Cycle',
  64: 'Presence Pong',
  65: 'Capabilities Response',
  66: 'System State Response',
  67: 'Open Session Response',
  68: 'Close Session Response',
  128: 'Presence Ping',
  129: 'Capabilities Request',
  130: 'System State Request',
  131: 'Open Session Request',
  132: 'Close Session Request',
  192: 'RAKP Message 1',
  193: 'RAKP Message 2',
  194: 'RAKP Message 3',
};
const ENTERPRISES: Readonly<Record<number, string>> = { 4542: 'Alerting Specifications Forum' };

export const asf = defineProtocol({
  name: 'asf',
  title: 'Alert Standard Forum',
  opens: ['data'],
  fields: {
    iana: { type: 'u32', label: 'IANA Enterprise Number', names: ENTERPRISES },
    type: { type: 'u8', show: 'hex', label: 'Message Type', names: ASF_TYPES },
    tag: { type: 'u8', show: 'hex', label: 'Message Tag' },
    len: { type: 'u8', label: 'Data Length' },
  },
  tree(t) {
    const { at } = t;
    const type = t.u8(at + 4);
    t.info(ASF_TYPES[type] ?? `Unknown (${type})`);
    t.add('iana', at);
    t.add('type', at + 4);
    t.add('tag', at + 5);
    t.add('len', at + 7);
    const length = t.u8(at + 7);
    t.need(at + 8, length);
    t.payload(at + 8, at + 8 + length);
  },
});

const RMCP_PLUS = 6;
const AUTHENTICATIONS: Readonly<Record<number, string>> = {
  0: 'NONE',
  1: 'MD2',
  2: 'MD5',
  4: 'Straight Password',
  5: 'OEM',
  6: 'RMCP+',
};
const PAYLOADS: Readonly<Record<number, string>> = {
  0: 'IPMI Message',
  1: 'SOL (Serial over LAN)',
  2: 'OEM Explicit',
  16: 'RMCP+ Open Session Request',
  17: 'RMCP+ Open Session Response',
  18: 'RAKP Message 1',
  19: 'RAKP Message 2',
  20: 'RAKP Message 3',
  21: 'RAKP Message 4',
};
const OEM_EXPLICIT = 2;
const CODE_LENGTH = 16;

export const ipmiSession = defineProtocol({
  name: 'ipmi_session',
  title: 'IPMI Session Wrapper',
  short: 'IPMI-SESSION',
  opens: ['data'],
  fields: {
    authtype: { type: 'u8', show: 'hex', label: 'Authentication Type', names: AUTHENTICATIONS },
    payloadtype: { type: 'u8', show: 'hex', bits: [5, 0], label: 'Payload Type', names: PAYLOADS },
    'payloadtype.auth': { type: 'bool', of: 'u8', bits: [6, 6], label: 'Authenticated' },
    'payloadtype.enc': { type: 'bool', of: 'u8', bits: [7, 7], label: 'Encryption' },
    'oem.iana': { type: 'bytes', label: 'OEM IANA' },
    'oem.payloadid': { type: 'bytes', label: 'OEM Payload ID' },
    id: { type: 'u32', show: 'hex', little: true, label: 'Session ID' },
    sequence: { type: 'u32', show: 'hex', little: true, label: 'Session Sequence Number' },
    authcode: { type: 'bytes', label: 'Authentication Code' },
    'msg.len': { type: 'u8', label: 'Message Length' },
  },
  tree(t) {
    const { at } = t;
    const kind = t.u8(at);
    t.add('authtype', at);
    if (kind !== RMCP_PLUS) {
      t.column('IPMB');
      t.info(`Session ID 0x${t.u32le(at + 5).toString(16)}`);
      t.add('sequence', at + 1);
      t.add('id', at + 5);
      let next = at + 9;
      if (kind !== 0) next = t.add('authcode', next, CODE_LENGTH);
      t.add('msg.len', next);
      t.payload(next + 1, Math.min(t.end, next + 1 + t.u8(next)));
      return;
    }
    t.column('RMCP+');
    const type = t.u8(at + 1) & 0x3f;
    t.add('payloadtype', at + 1);
    t.add('payloadtype.auth', at + 1);
    t.add('payloadtype.enc', at + 1);
    let next = at + 2;
    if (type === OEM_EXPLICIT) {
      next = t.add('oem.iana', next, 4);
      next = t.add('oem.payloadid', next, 2);
    }
    t.info(`Session ID 0x${t.u32le(next).toString(16)}, payload type: ${PAYLOADS[type] ?? 'Unknown'}`);
    next = t.add('id', next);
    next = t.add('sequence', next);
    const length = t.u16le(next);
    t.put('msg.len', length, next, 2);
    t.need(next + 2, length);
    t.payload(next + 2, next + 2 + length);
  },
});
