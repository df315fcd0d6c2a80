/** X.224 (ISO 8073, the connection-oriented transport protocol): connecting, data units, disconnecting. */

import { hexNumber, toHex } from '../../../base/hex.ts';
import { decodeLatin1 } from '../../../base/text.ts';
import { defineProtocol } from '../../protocol.ts';
import type { TreeBuilder } from '../../tree.ts';
import { setContent } from './content.ts';

const TYPE = {
  expedited: 1,
  expeditedAck: 2,
  reject: 5,
  ack: 6,
  error: 7,
  disconnect: 8,
  disconnectConfirm: 12,
  confirm: 13,
  request: 14,
  data: 15,
} as const;
const TYPES: Readonly<Record<number, string>> = {
  1: 'ED Expedited Data',
  2: 'EA Expedited Data Acknowledgement',
  5: 'RJ Reject',
  6: 'AK Data Acknowledgement',
  7: 'ER TPDU Error',
  8: 'DR Disconnect Request',
  12: 'DC Disconnect Confirm',
  13: 'CC Connect Confirm',
  14: 'CR Connect Request',
  15: 'DT Data',
};
const PARAMETERS: Readonly<Record<number, string>> = {
  0x85: 'ack time',
  0x86: 'res error',
  0x87: 'priority',
  0x88: 'transit delay',
  0x89: 'throughput',
  0x8a: 'seq number',
  0x8b: 'reassignment',
  0x8c: 'flow control',
  0xc0: 'tpdu-size',
  0xc1: 'src-tsap',
  0xc2: 'dst-tsap',
  0xc3: 'checksum',
  0xc4: 'version',
  0xc5: 'protection',
  0xc6: 'options',
  0xc7: 'proto class',
  0xe0: 'additional connection clearing info',
  0xf0: 'preferred max TPDU size',
};
const TSAP = { source: 0xc1, destination: 0xc2 } as const;
const CONNECTION = 6;
const NEGOTIATION = 8;
const S7 = { protocol: 0x32, header: 10, kinds: [1, 2, 3, 7] } as const;

export const cotp = defineProtocol({
  name: 'cotp',
  title: 'ISO 8073/X.224 COTP Connection-Oriented Transport Protocol',
  header: 2,
  opens: ['data', 'rdp', 's7comm', 't125'],
  fields: {
    li: { type: 'u8', label: 'Length', many: true },
    type: { type: 'u8', label: 'PDU Type', show: 'hex', names: TYPES, many: true },
    destref: { type: 'u16', label: 'Destination reference', show: 'hex', many: true },
    srcref: { type: 'u16', label: 'Source reference', show: 'hex', many: true },
    class: { type: 'u8', label: 'Class', bits: [7, 4], many: true },
    'opts.extended_formats': {
      type: 'bool',
      label: 'Extended formats',
      bits: [1, 1],
      flag: ['True', 'False'],
      many: true,
    },
    'opts.no_explicit_flow_control': {
      type: 'bool',
      label: 'No explicit flow control',
      bits: [0, 0],
      flag: ['True', 'False'],
      many: true,
    },
    'tpdu-number': { type: 'u8', label: 'TPDU number', show: 'hex', bits: [6, 0], many: true },
    eot: { type: 'bool', label: 'Last data unit', bits: [7, 7], flag: ['Yes', 'No'], many: true },
    parameter_code: { type: 'u8', label: 'Parameter code', show: 'hex', names: PARAMETERS, many: true },
    parameter_length: { type: 'u8', label: 'Parameter length', many: true },
    parameter_value: { type: 'bytes', label: 'Parameter value', many: true },
    'src-tsap': { type: 'string', label: 'Source TSAP', many: true },
    'src-tsap-bytes': { type: 'bytes', label: 'Source TSAP', many: true },
    'dst-tsap': { type: 'string', label: 'Destination TSAP', many: true },
    'dst-tsap-bytes': { type: 'bytes', label: 'Destination TSAP', many: true },
  },
  tree(t) {
    const { at } = t;
    const indicator = t.u8(at);
    const type = t.u8(at + 1) >>> 4;
    const end = at + 1 + indicator;
    t.add('li', at);
    t.put('type', type, at + 1, 1);
    switch (type) {
      case TYPE.request:
      case TYPE.confirm:
        connection(t, type, end);
        break;
      case TYPE.disconnect:
        references(t, 'DR', true);
        parameters(t, at + 7, end);
        break;
      case TYPE.disconnectConfirm:
        references(t, 'DC', true);
        break;
      case TYPE.data:
        data(t, end);
        break;
      default:
        t.info(`${TYPES[type] ?? `Unknown TPDU type 0x${type.toString(16)}`}`);
        t.headerEnd(end);
        t.payload(Math.min(end, t.end));
    }
  },
});

function references(t: TreeBuilder, name: string, hasSource: boolean): void {
  t.put('destref', t.u16(t.at + 2), t.at + 2, 2);
  if (hasSource) t.put('srcref', t.u16(t.at + 4), t.at + 4, 2);
  t.info(`${name} TPDU src-ref: ${hexNumber(t.u16(t.at + 4), 2)} dst-ref: ${hexNumber(t.u16(t.at + 2), 2)}`);
}

function connection(t: TreeBuilder, type: number, end: number): void {
  const { at } = t;
  references(t, type === TYPE.request ? 'CR' : 'CC', true);
  t.add('class', at + CONNECTION);
  t.add('opts.extended_formats', at + CONNECTION);
  t.add('opts.no_explicit_flow_control', at + CONNECTION);
  const from = at + CONNECTION + 1;
  if (end > from && isRdp(t, from, Math.min(end, t.end))) {
    t.headerEnd(from);
    setContent(t, { kind: 'connection', channel: 0 });
    t.dissect('rdp', from, Math.min(end, t.end), end);
    return;
  }
  parameters(t, from, end);
}

/** MS-RDPBCGR 2.2.1.1: a cookie or routing token, a negotiation request. */
function isRdp(t: TreeBuilder, at: number, end: number): boolean {
  const text = decodeLatin1(t.bytes, at, Math.min(end, at + 8));
  if (text.startsWith('Cookie: ')) return true;
  return end - at >= NEGOTIATION && t.u8(at) >= 1 && t.u8(at) <= 3 && t.u16le(at + 2) === NEGOTIATION;
}

function parameters(t: TreeBuilder, from: number, end: number): void {
  let at = from;
  while (at + 2 <= end) {
    const code = t.u8(at);
    const length = t.u8(at + 1);
    t.add('parameter_code', at);
    t.add('parameter_length', at + 1);
    t.need(at + 2, length);
    if (code === TSAP.source || code === TSAP.destination)
      tsap(t, code === TSAP.source ? 'src' : 'dst', at + 2, length);
    else if (length > 0) t.add('parameter_value', at + 2, length);
    at += 2 + length;
  }
}

function tsap(t: TreeBuilder, which: string, at: number, length: number): void {
  const isText = t.slice(at, length).every((byte) => byte >= 0x20 && byte < 0x7f);
  if (isText && length > 0) t.add(`${which}-tsap`, at, length);
  else if (length > 0) {
    t.add(`${which}-tsap-bytes`, at, length);
    t.hide(`${which}-tsap`, `0x${toHex(t.slice(at, length))}`, at, length);
  }
}

function data(t: TreeBuilder, end: number): void {
  const { at } = t;
  const number = t.u8(at + 2);
  t.generated('destref', 0, at + 2);
  t.add('tpdu-number', at + 2);
  t.add('eot', at + 2);
  t.info(`DT TPDU (${number & 0x7f})${(number & 0x80) !== 0 ? ' EOT' : ''}`);
  t.headerEnd(end);
  if (end >= t.end) return;
  if (isS7(t, end)) t.dissect('s7comm', end);
  else if (isConference(t, end)) t.dissect('t125', end);
  else t.payload(end);
}

/** Siemens' S7: its protocol number and one of its four kinds of message. */
function isS7(t: TreeBuilder, at: number): boolean {
  return t.has(at, S7.header) && t.u8(at) === S7.protocol && (S7.kinds as readonly number[]).includes(t.u8(at + 1));
}

/** MCS connect (BER, application 101 and 102) or a domain message (PER) of a length that fits. */
function isConference(t: TreeBuilder, at: number): boolean {
  const first = t.u8(at);
  if (first === 0x7f && t.has(at, 2)) return t.u8(at + 1) >= 0x65 && t.u8(at + 1) <= 0x68;
  const choice = first >>> 2;
  return choice <= 42 && first !== 0x32;
}
