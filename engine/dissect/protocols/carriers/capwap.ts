/** CAPWAP (RFC 5415): access points speak with their controller (control), and send it what their stations send (data). Hot: scan() once per packet. */

import { u24 } from '../../../base/bytes.ts';
import type { FieldSpec } from '../../field-spec.ts';
import { defineProtocol } from '../../protocol.ts';
import type { TreeBuilder } from '../../tree.ts';

const AT = { preamble: 0, header: 1, fragment: 4, offset: 6, fixed: 8 } as const;
const TYPE = { header: 0, dtls: 1 } as const;
const DTLS_PREAMBLE = 4;
const FLAG = { native: 0x100, fragment: 0x80, wireless: 0x20, mac: 0x10, keepAlive: 0x08 } as const;
const LINK_ETHERNET = 1;
const BINDINGS: Readonly<Record<number, string>> = { 0: 'Reserved', 1: 'IEEE 802.11', 2: 'Reserved', 3: 'EPCGlobal' };
/** RFC 5415 4.5.1.1. */
const MESSAGES: Readonly<Record<number, string>> = {
  1: 'Discovery Request',
  2: 'Discovery Response',
  3: 'Join Request',
  4: 'Join Response',
  5: 'Configuration Status Request',
  6: 'Configuration Status Response',
  7: 'Configuration Update Request',
  8: 'Configuration Update Response',
  9: 'WTP Event Request',
  10: 'WTP Event Response',
  11: 'Change State Request',
  12: 'Change State Response',
  13: 'Echo Request',
  14: 'Echo Response',
  15: 'Image Data Request',
  16: 'Image Data Response',
  17: 'Reset Request',
  18: 'Reset Response',
  19: 'Primary Discovery Request',
  20: 'Primary Discovery Response',
  21: 'Data Transfer Request',
  22: 'Data Transfer Response',
  23: 'Clear Configuration Request',
  24: 'Clear Configuration Response',
  25: 'Station Configuration Request',
  26: 'Station Configuration Response',
};

const bit = (place: number, label: string, flag?: readonly [string, string]): FieldSpec => ({
  type: 'bool',
  of: 'u24',
  bits: [place, place],
  label,
  ...(flag === undefined ? {} : { flag }),
});

/** Control and data have the same header, under the same names. */
const headerFields: Readonly<Record<string, FieldSpec>> = {
  preamble: { type: 'none', label: 'Preamble', abbrev: 'capwap.preamble' },
  'preamble.version': { type: 'u8', bits: [7, 4], label: 'Version', abbrev: 'capwap.preamble.version' },
  'preamble.type': { type: 'u8', bits: [3, 0], label: 'Type', abbrev: 'capwap.preamble.type' },
  'preamble.reserved': { type: 'u24', label: 'Reserved', abbrev: 'capwap.preamble.reserved' },
  header: { type: 'none', label: 'Header', abbrev: 'capwap.header' },
  'header.length': { type: 'u24', bits: [23, 19], label: 'Header Length', abbrev: 'capwap.header.length' },
  'header.rid': { type: 'u24', bits: [18, 14], label: 'Radio ID', abbrev: 'capwap.header.rid' },
  'header.wbid': {
    type: 'u24',
    bits: [13, 9],
    label: 'Wireless Binding ID',
    names: BINDINGS,
    abbrev: 'capwap.header.wbid',
  },
  'header.flags': { type: 'u24', show: 'hex', bits: [8, 0], label: 'Header Flags', abbrev: 'capwap.header.flags' },
  'header.flags.t': { ...bit(8, 'Payload Type'), abbrev: 'capwap.header.flags.t' },
  'header.flags.f': { ...bit(7, 'Fragment'), abbrev: 'capwap.header.flags.f' },
  'header.flags.l': { ...bit(6, 'Last Fragment'), abbrev: 'capwap.header.flags.l' },
  'header.flags.w': { ...bit(5, 'Wireless header'), abbrev: 'capwap.header.flags.w' },
  'header.flags.m': { ...bit(4, 'Radio MAC header'), abbrev: 'capwap.header.flags.m' },
  'header.flags.k': { ...bit(3, 'Keep-Alive'), abbrev: 'capwap.header.flags.k' },
  'header.flags.r': { type: 'u24', show: 'hex', bits: [2, 0], label: 'Reserved', abbrev: 'capwap.header.flags.r' },
  'header.fragment.id': { type: 'u16', label: 'Fragment ID', abbrev: 'capwap.header.fragment.id' },
  'header.fragment.offset': {
    type: 'u16',
    bits: [15, 3],
    label: 'Fragment Offset',
    abbrev: 'capwap.header.fragment.offset',
  },
  'header.fragment.reserved': {
    type: 'u16',
    bits: [2, 0],
    label: 'Reserved',
    abbrev: 'capwap.header.fragment.reserved',
  },
  'header.mac.length': { type: 'u8', label: 'MAC length', abbrev: 'capwap.header.mac.length' },
  'header.mac.eui48': { type: 'ether', label: 'MAC address', abbrev: 'capwap.header.mac.eui48' },
  'header.wireless.length': { type: 'u8', label: 'Wireless length', abbrev: 'capwap.header.wireless.length' },
  'header.wireless.data': { type: 'bytes', label: 'Wireless data', abbrev: 'capwap.header.wireless.data' },
};
const HEADER_BITS = [
  'length',
  'rid',
  'wbid',
  'flags',
  'flags.t',
  'flags.f',
  'flags.l',
  'flags.w',
  'flags.m',
  'flags.k',
  'flags.r',
];

function lengthOf(bytes: Uint8Array, at: number): number {
  return (bytes[at + AT.header] >>> 3) * 4;
}

/** The header; returns where it ends, or -1 where DTLS follows the preamble. */
function header(t: TreeBuilder): number {
  const { at } = t;
  const type = t.u8(at) & 15;
  t.nest(t.put('preamble', new Uint8Array(0), at, type === TYPE.dtls ? DTLS_PREAMBLE : 1));
  t.add('preamble.version', at);
  t.add('preamble.type', at);
  if (type === TYPE.dtls) t.add('preamble.reserved', at + 1);
  t.close();
  if (type === TYPE.dtls) return -1;
  const length = lengthOf(t.bytes, at);
  const flags = t.u24(at + AT.header) & 0x1ff;
  t.nest(t.put('header', new Uint8Array(0), at + AT.header, Math.max(AT.fixed, length) - AT.header));
  for (const key of HEADER_BITS) t.add(`header.${key}`, at + AT.header);
  t.add('header.fragment.id', at + AT.fragment);
  t.add('header.fragment.offset', at + AT.offset);
  t.add('header.fragment.reserved', at + AT.offset);
  let next = at + AT.fixed;
  if ((flags & FLAG.mac) !== 0) {
    const size = t.u8(next);
    t.add('header.mac.length', next);
    if (size === 6) t.add('header.mac.eui48', next + 1);
    next += (1 + size + 3) & ~3;
  }
  if ((flags & FLAG.wireless) !== 0) {
    const size = t.u8(next);
    t.add('header.wireless.length', next);
    if (size > 0) t.add('header.wireless.data', next + 1, size);
  }
  t.close();
  if (length < AT.fixed) t.fail();
  return at + length;
}

export const capwapData = defineProtocol({
  name: 'capwap.data',
  title: 'Control And Provisioning of Wireless Access Points - Data',
  short: 'CAPWAP-Data',
  on: { 'udp.port': [5247] },
  chooses: 'link',
  opens: ['dtls', 'data'],
  header: DTLS_PREAMBLE,
  fields: headerFields,
  scan(p) {
    const b = p.bytes;
    if ((b[p.at] & 15) !== TYPE.header) return;
    if (!p.has(AT.fixed)) return;
    const flags = u24(b, p.at + AT.header) & 0x1ff;
    const length = lengthOf(b, p.at);
    if (length < AT.fixed) return p.malformed('length');
    if ((flags & (FLAG.native | FLAG.fragment | FLAG.keepAlive)) !== 0) return;
    p.tunnel(0);
    p.enter(length);
    p.next(LINK_ETHERNET);
  },
  tree(t) {
    t.info('CAPWAP-Data');
    const body = header(t);
    if (body < 0) {
      t.dissect('dtls', t.at + DTLS_PREAMBLE);
      return;
    }
    const flags = t.u24(t.at + AT.header) & 0x1ff;
    if ((flags & FLAG.keepAlive) !== 0) {
      t.info('CAPWAP-Data Keep-Alive');
      t.text('Data', body, Math.max(0, t.end - body));
    } else if ((flags & FLAG.fragment) !== 0) {
      t.info(
        `CAPWAP-Data (Fragment ID: ${t.u16(t.at + AT.fragment)}, Fragment Offset: ${t.u16(t.at + AT.offset) & ~7})`,
      );
      t.payload(body);
    } else if ((flags & FLAG.native) !== 0) t.payload(body);
    else {
      t.headerEnd(body);
      t.upper(body);
    }
  },
});

export const capwap = defineProtocol({
  name: 'capwap',
  title: 'Control And Provisioning of Wireless Access Points - Control',
  short: 'CAPWAP-Control',
  on: { 'udp.port': [5246] },
  opens: ['dtls', 'data'],
  fields: {
    ...headerFields,
    'control.header.msg_type': { type: 'u32', label: 'Message Type', abbrev: 'capwap.control.header.message_type' },
    'control.header.enterprise': {
      type: 'u24',
      label: 'Message Type (Enterprise Number)',
      abbrev: 'capwap.control.header.message_type.enterprise_number',
    },
    'control.header.specific': {
      type: 'u32',
      of: 'u8',
      bits: [7, 0],
      label: 'Message Type (Enterprise Specific)',
      names: MESSAGES,
      abbrev: 'capwap.control.header.message_type.enterprise_specific',
    },
    'control.header.sequence': {
      type: 'u8',
      label: 'Sequence Number',
      abbrev: 'capwap.control.header.sequence_number',
    },
    'control.header.length': {
      type: 'u16',
      label: 'Message Element Length',
      abbrev: 'capwap.control.header.message_element_length',
    },
    'control.header.flags': { type: 'u8', label: 'Flags', abbrev: 'capwap.control.header.flags' },
    'element.type': { type: 'u16', label: 'Type', abbrev: 'capwap.message_element.type', many: true },
    'element.length': { type: 'u16', label: 'Length', abbrev: 'capwap.message_element.length', many: true },
    'element.value': { type: 'bytes', label: 'Value', abbrev: 'capwap.message_element.value', many: true },
  },
  tree(t) {
    t.info('CAPWAP-Control');
    const body = header(t);
    if (body < 0) t.dissect('dtls', t.at + DTLS_PREAMBLE);
    else if ((t.u24(t.at + AT.header) & FLAG.fragment) !== 0) {
      t.info(
        `CAPWAP-Control (Fragment ID: ${t.u16(t.at + AT.fragment)}, Fragment Offset: ${t.u16(t.at + AT.offset) & ~7})`,
      );
      t.payload(body);
    } else control(t, body);
  },
});

function control(t: TreeBuilder, at: number): void {
  const enterprise = t.u24(at);
  const specific = t.u8(at + 3);
  t.info(
    `CAPWAP-Control - ${enterprise === 0 ? (MESSAGES[specific] ?? `Unknown (${specific})`) : 'Enterprise message'}`,
  );
  t.add('control.header.msg_type', at);
  t.nest(t.last());
  t.add('control.header.enterprise', at);
  t.add('control.header.specific', at + 3);
  t.close();
  t.add('control.header.sequence', at + 4);
  t.add('control.header.length', at + 5);
  t.add('control.header.flags', at + 7);
  // The length counts from its own flags byte on: RFC 5415 4.5.1.3.
  const end = Math.min(t.end, at + 8 + Math.max(0, t.u16(at + 5) - 3));
  for (let next = at + 8; next + 4 <= end; ) {
    const length = t.u16(next + 2);
    t.nest(t.text(`Message Element ${t.u16(next)}`, next, 4 + length));
    t.add('element.type', next);
    t.add('element.length', next + 2);
    if (length > 0) t.add('element.value', next + 4, length);
    t.close();
    next += 4 + length;
  }
}
