/**
 * The control protocols of PPP: LCP (RFC 1661), IPCP (RFC 1332, RFC 1877), IPV6CP (RFC 5072), CCP (RFC 1962), MPLSCP (RFC 3032).
 * All have the same packets: code, identifier, length, then options, each type, length, value.
 */

import { pppProtocolNames } from '../../names/ppp-protocols.ts';
import { defineProtocol, type FieldSpec, type ProtocolSpec } from '../../protocol.ts';
import type { TreeBuilder } from '../../tree.ts';

const AT = { code: 0, id: 1, length: 2, body: 4 } as const;
const CODE = {
  configureReject: 4,
  terminateRequest: 5,
  terminateAck: 6,
  codeReject: 7,
  protocolReject: 8,
  echoRequest: 9,
  discard: 11,
  identification: 12,
  timeRemaining: 13,
} as const;
const CODES: Readonly<Record<number, string>> = {
  0: 'Vendor Specific',
  1: 'Configuration Request',
  2: 'Configuration Ack',
  3: 'Configuration Nak',
  4: 'Configuration Reject',
  5: 'Termination Request',
  6: 'Termination Ack',
  7: 'Code Reject',
  8: 'Protocol Reject',
  9: 'Echo Request',
  10: 'Echo Reply',
  11: 'Discard Request',
  12: 'Identification',
  13: 'Time Remaining',
  14: 'Reset Request',
  15: 'Reset Ack',
};

const commonFields = {
  code: { at: AT.code, type: 'u8', label: 'Code', names: CODES, abbrev: 'ppp.code', many: true },
  identifier: { at: AT.id, type: 'u8', show: 'dec-hex', label: 'Identifier', abbrev: 'ppp.identifier', many: true },
  length: { at: AT.length, type: 'u16', label: 'Length', abbrev: 'ppp.length', many: true },
  data: { type: 'bytes', label: 'Data', abbrev: 'ppp.data' },
} as const satisfies Record<string, FieldSpec>;

/** One option of a protocol: its name, and the field its value is read as. */
interface OptionKind {
  readonly name: string;
  readonly key?: string;
}

interface Control {
  readonly name: string;
  readonly title: string;
  readonly short: string;
  readonly protocol: number;
  readonly options: Readonly<Record<number, OptionKind>>;
  readonly fields: Readonly<Record<string, FieldSpec>>;
  /** What follows the option's named field, or more of it. */
  option?(t: TreeBuilder, type: number, at: number, end: number): boolean;
}

function defineControl(control: Control): ProtocolSpec {
  return defineProtocol({
    name: control.name,
    title: control.title,
    short: control.short,
    on: { 'ppp.protocol': [control.protocol], ethertype: [control.protocol] },
    chooses: 'ppp.protocol',
    header: AT.body,
    fields: {
      ...commonFields,
      'opt.type': { type: 'u8', label: 'Type', names: (type) => control.options[type]?.name, many: true },
      'opt.length': { type: 'u8', label: 'Length', many: true },
      ...control.fields,
    },
    scan(p) {
      if (p.bytes[p.at + AT.code] === CODE.protocolReject) p.dissectMe(); // it quotes the packet
    },
    tree(t) {
      const code = t.u8(t.at + AT.code);
      const length = t.u16(t.at + AT.length);
      t.info(CODES[code] ?? 'Unknown');
      const body = t.header();
      if (length >= AT.body) t.limit(t.at + length);
      message(t, control, code, body);
    },
  });
}

function message(t: TreeBuilder, control: Control, code: number, body: number): void {
  if (body >= t.end) return;
  if (code <= CODE.configureReject) {
    options(t, control, body);
    return;
  }
  if (code === CODE.protocolReject) {
    t.add('rej_proto', body);
    t.quoted(() => t.walkBy('ppp.protocol', t.u16(body), body + 2));
    return;
  }
  const hasMagic = code >= CODE.echoRequest && code <= CODE.timeRemaining && control.name === 'lcp';
  let at = hasMagic ? t.add('magic_number', body) : body;
  if (code === CODE.timeRemaining && hasMagic) at = t.add('secs_remaining', at);
  if (at >= t.end) return;
  if (hasMagic && (code === CODE.identification || code === CODE.timeRemaining)) t.add('message', at, t.end - at);
  else t.add('data', at, t.end - at);
}

function options(t: TreeBuilder, control: Control, from: number): void {
  const list = t.nest(t.text(`Options: (${t.end - from} bytes)`, from, t.end - from));
  const names: string[] = [];
  let at = from;
  while (at < t.end) {
    const type = t.u8(at);
    const length = t.u8(at + 1);
    if (length < 2) t.fail();
    const kind = control.options[type];
    const name = kind?.name ?? `Unknown (${type})`;
    names.push(name);
    t.nest(t.text(name, at, length));
    t.add('opt.type', at);
    t.add('opt.length', at + 1);
    const end = at + length;
    if (!t.has(at, length)) t.fail();
    if (control.option?.(t, type, at + 2, end) !== true) {
      if (kind?.key !== undefined && length > 2) t.add(kind.key, at + 2, end - at - 2);
      else if (length > 2) t.text(`Data (${length - 2} bytes)`, at + 2, length - 2);
    }
    t.close();
    at = end;
  }
  list.text = `Options: (${t.end - from} bytes), ${names.join(', ')}`;
  t.close();
}

const ALGORITHMS: Readonly<Record<number, string>> = {
  5: 'CHAP with MD5',
  6: 'SHA-1',
  128: 'MS-CHAP',
  129: 'MS-CHAP-2',
};
const CLASSES: Readonly<Record<number, string>> = {
  0: 'Null',
  1: 'Locally assigned address',
  2: 'Internet Protocol (IP) address',
  3: 'IEEE 802.1 globally assigned MAC address',
  4: 'PPP magic-number block',
  5: 'Public switched network directory number',
};
const OPERATIONS: Readonly<Record<number, string>> = {
  0: 'Location is determined by user authentication',
  1: 'Message is dialing string',
  2: 'Message is location identifier',
  3: 'Message is E.164',
  4: 'Message is distinguished name',
  6: 'Location is determined during CBCP negotiation',
};
const CHAP = 0xc223;

export const lcp = defineControl({
  name: 'lcp',
  title: 'PPP Link Control Protocol',
  short: 'PPP LCP',
  protocol: 0xc021,
  options: {
    0: { name: 'Vendor Specific' },
    1: { name: 'Maximum Receive Unit', key: 'opt.mru' },
    2: { name: 'Async Control Character Map', key: 'opt.asyncmap' },
    3: { name: 'Authentication Protocol' },
    4: { name: 'Quality Protocol', key: 'opt.quality_protocol' },
    5: { name: 'Magic Number', key: 'opt.magic_number' },
    7: { name: 'Protocol Field Compression' },
    8: { name: 'Address and Control Field Compression' },
    9: { name: 'FCS Alternatives' },
    10: { name: 'Self-Describing Pad' },
    13: { name: 'Callback' },
    17: { name: 'Multilink MRRU', key: 'opt.mrru' },
    18: { name: 'Multilink Short Sequence Number Header' },
    19: { name: 'Multilink Endpoint Discriminator' },
    23: { name: 'Link Discriminator', key: 'opt.link_discrim' },
    26: { name: 'Prefix Elision' },
    27: { name: 'Multilink Header Format' },
    28: { name: 'Internationalization' },
    30: { name: 'PPP Muxing' },
  },
  fields: {
    magic_number: { type: 'u32', show: 'hex', label: 'Magic Number' },
    secs_remaining: { type: 'u32', label: 'Seconds Remaining' },
    message: { type: 'string', label: 'Message' },
    rej_proto: { type: 'u16', show: 'hex', label: 'Rejected Protocol', names: pppProtocolNames },
    'opt.mru': { type: 'u16', label: 'Maximum Receive Unit' },
    'opt.asyncmap': { type: 'u32', show: 'hex', label: 'Async Control Character Map' },
    'opt.auth_protocol': { type: 'u16', show: 'hex', label: 'Authentication Protocol', names: pppProtocolNames },
    'opt.algorithm': { type: 'u8', label: 'Algorithm', names: ALGORITHMS },
    'opt.quality_protocol': { type: 'u16', show: 'hex', label: 'Quality Protocol', names: pppProtocolNames },
    'opt.magic_number': { type: 'u32', show: 'hex', label: 'Magic Number' },
    'opt.operation': { type: 'u8', label: 'Operation', names: OPERATIONS },
    'opt.message': { type: 'bytes', label: 'Message' },
    'opt.mrru': { type: 'u16', label: 'MRRU' },
    'opt.ep_disc_class': { type: 'u8', label: 'Class', names: CLASSES },
    'opt.ip_address': { type: 'ipv4', label: 'IP Address' },
    'opt.802_1_address': { type: 'ether', label: 'IEEE 802.1 Address' },
    'opt.data': { type: 'bytes', label: 'Data' },
    'opt.link_discrim': { type: 'u16', show: 'dec-hex', label: 'Link Discriminator' },
  },
  option(t, type, at, end) {
    if (type === 3) {
      const next = t.add('opt.auth_protocol', at);
      if (t.u16(at) === CHAP && next < end) t.add('opt.algorithm', next);
      else if (next < end) t.add('opt.data', next, end - next);
      return true;
    }
    if (type === 13) {
      t.add('opt.operation', at);
      if (at + 1 < end) t.add('opt.message', at + 1, end - at - 1);
      return true;
    }
    if (type !== 19) return false;
    const kind = t.u8(at);
    t.add('opt.ep_disc_class', at);
    if (kind === 2 && end - at === 5) t.add('opt.ip_address', at + 1);
    else if (kind === 3 && end - at === 7) t.add('opt.802_1_address', at + 1);
    else if (at + 1 < end) t.add('opt.data', at + 1, end - at - 1);
    return true;
  },
});

const VAN_JACOBSON = 0x2d;

export const ipcp = defineControl({
  name: 'ipcp',
  title: 'PPP IP Control Protocol',
  short: 'PPP IPCP',
  protocol: 0x8021,
  options: {
    1: { name: 'IP Addresses (deprecated)' },
    2: { name: 'IP Compression Protocol' },
    3: { name: 'IP Address', key: 'opt.ip_address' },
    4: { name: "Mobile Node's Home IP Address", key: 'opt.mobilenodehomeaddress' },
    129: { name: 'Primary DNS Server IP Address', key: 'opt.pri_dns_address' },
    130: { name: 'Primary NBNS Server IP Address', key: 'opt.pri_nbns_address' },
    131: { name: 'Secondary DNS Server IP Address', key: 'opt.sec_dns_address' },
    132: { name: 'Secondary NBNS Server IP Address', key: 'opt.sec_nbns_address' },
  },
  fields: {
    'opt.src_address': { type: 'ipv4', label: 'Source IP Address' },
    'opt.dst_address': { type: 'ipv4', label: 'Destination IP Address' },
    'opt.compress_proto': {
      type: 'u16',
      show: 'hex',
      label: 'IP Compression Protocol',
      names: {
        0x03: 'Robust Header Compression (ROHC)',
        0x2d: 'VJ compression',
        0x37: 'VJ compression (RFC1172-typo)',
        0x61: 'IPHC compression',
      },
    },
    'opt.max_slot_id': { type: 'u8', label: 'Max Slot ID' },
    'opt.comp_slot_id': {
      type: 'bool',
      of: 'u8',
      bits: [0, 0],
      label: 'Comp Slot ID',
      flag: ['The slot identifier may be compressed', 'The slot identifier must not be compressed'],
    },
    'opt.ip_address': { type: 'ipv4', label: 'IP Address' },
    'opt.mobilenodehomeaddress': { type: 'ipv4', label: "Mobile Node's Home Address" },
    'opt.pri_dns_address': { type: 'ipv4', label: 'Primary DNS Address' },
    'opt.pri_nbns_address': { type: 'ipv4', label: 'Primary NBNS Address' },
    'opt.sec_dns_address': { type: 'ipv4', label: 'Secondary DNS Address' },
    'opt.sec_nbns_address': { type: 'ipv4', label: 'Secondary NBNS Address' },
  },
  option(t, type, at, end) {
    if (type === 1 && end - at === 8) {
      t.add('opt.src_address', at);
      t.add('opt.dst_address', at + 4);
      return true;
    }
    if (type !== 2) return false;
    t.add('opt.compress_proto', at);
    if (t.u16(at) === VAN_JACOBSON && end - at === 4) {
      t.add('opt.max_slot_id', at + 2);
      t.add('opt.comp_slot_id', at + 3);
    }
    return true;
  },
});

export const ipv6cp = defineControl({
  name: 'ipv6cp',
  title: 'PPP IPv6 Control Protocol',
  short: 'PPP IPV6CP',
  protocol: 0x8057,
  options: { 1: { name: 'Interface Identifier', key: 'interface_identifier' }, 2: { name: 'IPv6 compression' } },
  fields: { interface_identifier: { type: 'bytes', show: 'colon', label: 'Interface Identifier' } },
});

export const ccp = defineControl({
  name: 'ccp',
  title: 'PPP Compression Control Protocol',
  short: 'PPP CCP',
  protocol: 0x80fd,
  options: {
    0: { name: 'OUI' },
    1: { name: 'Predictor type 1' },
    2: { name: 'Predictor type 2' },
    3: { name: 'Puddle Jumper' },
    16: { name: 'Hewlett-Packard PPC' },
    17: { name: 'Stac Electronics LZS' },
    18: { name: 'Microsoft PPE/PPC', key: 'opt.supported_bits' },
    19: { name: 'Gandalf FZA' },
    20: { name: 'V.42bis compression' },
    21: { name: 'BSD Compress' },
    23: { name: 'LZS-DCP' },
    24: { name: 'Magnalink Variable Resource Compression' },
    26: { name: 'Deflate' },
  },
  fields: { 'opt.supported_bits': { type: 'u32', show: 'hex', label: 'Supported Bits' } },
});

export const mplscp = defineControl({
  name: 'mplscp',
  title: 'PPP MPLS Control Protocol',
  short: 'PPP MPLSCP',
  protocol: 0x8281,
  options: {},
  fields: {},
});
