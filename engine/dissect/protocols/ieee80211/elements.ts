/** Bodies of 802.11 management frames (IEEE 802.11 9.3.3, 9.4): fixed fields by subtype, then elements: number, length, value. */

import { toHex } from '../../../base/hex.ts';
import type { FieldSpec } from '../../protocol.ts';
import type { TreeBuilder } from '../../tree.ts';
import { addMicrosoft, addRsn, cipherFields } from './ciphers.ts';
import { addHighThroughputCapabilities, addHighThroughputOperation, highThroughputFields } from './high-throughput.ts';
import { ELEMENTS, REASONS, STATUS_CODES } from './names.ts';
import {
  addChannels,
  addCountry,
  addErp,
  addExtendedCapabilities,
  addInterworking,
  addPower,
  addTrafficMap,
  networkFields,
} from './network-elements.ts';

const SUBTYPE = {
  associationRequest: 0,
  associationResponse: 1,
  reassociationRequest: 2,
  reassociationResponse: 3,
  probeRequest: 4,
  probeResponse: 5,
  beacon: 8,
  disassociate: 10,
  authentication: 11,
  deauthentication: 12,
  action: 13,
  actionNoAck: 14,
} as const;
/** Frames that stations send to access points. */
const FROM_STATIONS: readonly number[] = [
  SUBTYPE.associationRequest,
  SUBTYPE.reassociationRequest,
  SUBTYPE.probeRequest,
];
const ELEMENT = {
  ssid: 0,
  rates: 1,
  dsParameter: 3,
  tim: 5,
  country: 7,
  power: 33,
  channels: 36,
  erp: 42,
  highThroughput: 45,
  oldErp: 47,
  rsn: 48,
  extendedRates: 50,
  highThroughputOperation: 61,
  interworking: 107,
  extendedCapabilities: 127,
  vendor: 221,
} as const;
const MICROSOFT = 0x0050f2;
/** Vendors whose elements have a form of their own: what is in them is not just data. */
const KNOWN_VENDORS: ReadonlySet<number> = new Set([
  0x0050f2, 0x506f9a, 0x00904c, 0x000fac, 0x00037f, 0x004096, 0x000b86,
]);
const ALGORITHMS: Readonly<Record<number, string>> = {
  0: 'Open System',
  1: 'Shared key',
  2: 'Fast BSS Transition',
  3: 'Simultaneous Authentication of Equals (SAE)',
  128: 'Network EAP',
};
const CATEGORIES: Readonly<Record<number, string>> = {
  0: 'Spectrum Management (SM)',
  1: 'Quality of Service (QoS)',
  2: 'Direct Link Setup (DLS)',
  3: 'Block Ack',
  4: 'Public Action',
  5: 'Radio Measurement',
  6: 'Fast BSS Transition',
  7: 'High Throughput',
  8: 'SA Query',
  10: 'Wireless Network Management',
  13: 'Mesh',
  21: 'VHT',
  127: 'Vendor Specific',
};

export const managementFields = {
  'fixed.all': { type: 'none', label: 'Fixed parameters' },
  'fixed.timestamp': { type: 'u64', little: true, label: 'Timestamp' },
  'fixed.beacon': { type: 'u32', label: 'Beacon Interval' },
  'fixed.capabilities': { type: 'u16', little: true, show: 'hex', label: 'Capabilities Information' },
  'fixed.capabilities.ess': {
    type: 'bool',
    of: 'u16',
    little: true,
    bits: [0, 0],
    label: 'ESS capabilities',
    flag: ['Transmitter is an AP', 'Transmitter is a STA'],
  },
  'fixed.capabilities.ibss': {
    type: 'bool',
    of: 'u16',
    little: true,
    bits: [1, 1],
    label: 'IBSS status',
    flag: ['Transmitter belongs to an IBSS', 'Transmitter belongs to a BSS'],
  },
  'fixed.capabilities.privacy': {
    type: 'bool',
    of: 'u16',
    little: true,
    bits: [4, 4],
    label: 'Privacy',
    flag: ['Data confidentiality required', 'Data confidentiality not required'],
  },
  'fixed.capabilities.short_preamble': {
    type: 'bool',
    of: 'u16',
    little: true,
    bits: [5, 5],
    label: 'Short Preamble',
    flag: ['Allowed', 'Not Allowed'],
  },
  'fixed.capabilities.spec_man': {
    type: 'bool',
    of: 'u16',
    little: true,
    bits: [8, 8],
    label: 'Spectrum Management',
    flag: ['Implemented', 'Not Implemented'],
  },
  'fixed.capabilities.qos': {
    type: 'bool',
    of: 'u16',
    little: true,
    bits: [9, 9],
    label: 'QoS',
    flag: ['Implemented', 'Not Implemented'],
  },
  'fixed.capabilities.short_slot_time': {
    type: 'bool',
    of: 'u16',
    little: true,
    bits: [10, 10],
    label: 'Short Slot Time',
    flag: ['In use', 'Not in use'],
  },
  'fixed.capabilities.apsd': {
    type: 'bool',
    of: 'u16',
    little: true,
    bits: [11, 11],
    label: 'Automatic Power Save Delivery',
    flag: ['Implemented', 'Not Implemented'],
  },
  'fixed.capabilities.radio_measurement': {
    type: 'bool',
    of: 'u16',
    little: true,
    bits: [12, 12],
    label: 'Radio Measurement',
    flag: ['Implemented', 'Not Implemented'],
  },
  'fixed.capabilities.reserved1': {
    type: 'u16',
    little: true,
    bits: [2, 2],
    label: 'Reserved',
  },
  'fixed.capabilities.reserved2': {
    type: 'u16',
    little: true,
    bits: [3, 3],
    label: 'Reserved',
  },
  'fixed.capabilities.reserved3': {
    type: 'u16',
    little: true,
    bits: [6, 6],
    label: 'Reserved',
  },
  'fixed.capabilities.reserved4': {
    type: 'u16',
    little: true,
    bits: [7, 7],
    label: 'Reserved',
  },
  'fixed.capabilities.reserved5': {
    type: 'u16',
    little: true,
    bits: [14, 14],
    label: 'Reserved',
  },
  'fixed.capabilities.reserved6': {
    type: 'u16',
    little: true,
    bits: [15, 15],
    label: 'Reserved',
  },
  'fixed.capabilities.epd': {
    type: 'bool',
    of: 'u16',
    little: true,
    bits: [13, 13],
    label: 'EPD',
    flag: ['Implemented', 'Not Implemented'],
  },
  'fixed.auth.alg': { type: 'u16', little: true, label: 'Authentication Algorithm', names: ALGORITHMS },
  'fixed.auth_seq': { type: 'u16', little: true, show: 'hex', label: 'Authentication SEQ' },
  'fixed.status_code': { type: 'u16', little: true, show: 'hex', label: 'Status code', names: STATUS_CODES },
  'fixed.reason_code': { type: 'u16', little: true, show: 'hex', label: 'Reason code', names: REASONS },
  'fixed.aid': { type: 'u16', little: true, show: 'hex', label: 'Association ID' },
  'fixed.listen_ival': { type: 'u16', little: true, show: 'hex', label: 'Listen Interval' },
  'fixed.current_ap': { type: 'ether', label: 'Current AP' },
  'fixed.category_code': { type: 'u16', of: 'u8', label: 'Category code', names: CATEGORIES },
  'tagged.all': { type: 'none', label: 'Tagged parameters' },
  tag: { type: 'none', label: 'Tag', many: true },
  'tag.number': { type: 'u8', label: 'Tag Number', names: ELEMENTS, many: true },
  'tag.length': { type: 'u32', of: 'u8', label: 'Tag length', many: true },
  ssid: { type: 'bytes', label: 'SSID', many: true },
  supported_rates: { type: 'u8', show: 'hex', label: 'Supported Rates', many: true },
  extended_supported_rates: { type: 'u8', show: 'hex', label: 'Extended Supported Rates', many: true },
  'ds.current_channel': { type: 'u8', label: 'Current Channel' },
  'tim.dtim_count': { type: 'u8', label: 'DTIM count' },
  'tim.dtim_period': { type: 'u8', label: 'DTIM period' },
  'tim.bmapctl': { type: 'u8', show: 'hex', label: 'Bitmap control' },
  'tim.partial_virtual_bitmap': { type: 'bytes', label: 'Partial Virtual Bitmap' },
  'country_info.code': { type: 'string', label: 'Code' },
  erp_info: { type: 'u8', show: 'hex', label: 'ERP Information' },
  'tag.oui': { type: 'u24', label: 'OUI', many: true },
  'tag.vendor.oui.type': { type: 'u8', label: 'Vendor Specific OUI Type', many: true },
  'tag.length.bad': { type: 'none', label: 'Bad tag length', many: true },
  'tag.vendor.data': { type: 'bytes', label: 'Vendor Specific Data', many: true },
  ...cipherFields,
  ...highThroughputFields,
  ...networkFields,
} as const satisfies Record<string, FieldSpec>;

/** The body at `at`. Adds to Info: beacon interval and network name. */
export function management(t: TreeBuilder, subtype: number, at: number, end: number): void {
  let tags = at;
  if (subtype !== SUBTYPE.probeRequest) {
    const fixed = t.nest(t.put('fixed.all', new Uint8Array(0), at, 0));
    tags = fixedFields(t, subtype, at);
    t.close(tags);
    fixed.text = `Fixed parameters (${tags - at} bytes)`;
  }
  if (tags >= end) return;
  if (subtype === SUBTYPE.action || subtype === SUBTYPE.actionNoAck) return;
  t.nest(t.put('tagged.all', new Uint8Array(0), tags, end - tags, `Tagged parameters (${end - tags} bytes)`));
  const isStation = FROM_STATIONS.includes(subtype);
  for (let next = tags; next < end; ) next = element(t, next, end, isStation);
  t.close();
}

function fixedFields(t: TreeBuilder, subtype: number, at: number): number {
  switch (subtype) {
    case SUBTYPE.beacon:
    case SUBTYPE.probeResponse: {
      const interval = t.u16le(at + 8);
      t.add('fixed.timestamp', at);
      t.put('fixed.beacon', interval, at + 8, 2, `Beacon Interval: ${((interval * 1024) / 1e6).toFixed(6)} [Seconds]`);
      t.addInfo(`, BI=${interval}`);
      return capabilities(t, at + 10);
    }
    case SUBTYPE.associationRequest:
      return t.add('fixed.listen_ival', capabilities(t, at));
    case SUBTYPE.reassociationRequest:
      return t.add('fixed.current_ap', t.add('fixed.listen_ival', capabilities(t, at)));
    case SUBTYPE.associationResponse:
    case SUBTYPE.reassociationResponse: {
      const next = t.add('fixed.status_code', capabilities(t, at));
      t.put('fixed.aid', t.u16le(next) & 0x3fff, next, 2);
      return next + 2;
    }
    case SUBTYPE.authentication:
      return t.add('fixed.status_code', t.add('fixed.auth_seq', t.add('fixed.auth.alg', at)));
    case SUBTYPE.disassociate:
    case SUBTYPE.deauthentication:
      return t.add('fixed.reason_code', at);
    case SUBTYPE.action:
    case SUBTYPE.actionNoAck:
      return t.add('fixed.category_code', at);
    default:
      return at;
  }
}

function capabilities(t: TreeBuilder, at: number): number {
  t.add('fixed.capabilities', at);
  t.nest(t.last());
  for (const bit of [
    'ess',
    'ibss',
    'reserved1',
    'reserved2',
    'privacy',
    'short_preamble',
    'reserved3',
    'reserved4',
    'spec_man',
    'qos',
    'short_slot_time',
    'apsd',
    'radio_measurement',
    'epd',
    'reserved5',
    'reserved6',
  ])
    t.add(`fixed.capabilities.${bit}`, at);
  t.close();
  return at + 2;
}

/** One element; returns where the next starts. */
function element(t: TreeBuilder, at: number, end: number, isStation: boolean): number {
  if (at + 2 > end) t.fail();
  const number = t.u8(at);
  const length = t.u8(at + 1);
  const value = at + 2;
  const name = ELEMENTS[number] ?? `Reserved (${number})`;
  const node = t.nest(t.put('tag', new Uint8Array(0), at, Math.min(2 + length, end - at), `Tag: ${name}`));
  t.add('tag.number', at);
  t.add('tag.length', at + 1);
  if (value + length > end)
    t.expert('error', 'Tag length is longer than remaining payload', at + 1, 1, 'tag.length.bad');
  const detail = elementValue(t, number, value, Math.min(length, end - value), isStation);
  if (detail !== '') node.text = `Tag: ${name}: ${detail}`;
  t.close();
  return value + length;
}

function elementValue(t: TreeBuilder, number: number, at: number, length: number, isStation: boolean): string {
  switch (number) {
    case ELEMENT.ssid: {
      t.put('ssid', t.slice(at, length), at, length);
      const isEmpty = t.slice(at, length).every((byte) => byte === 0);
      const text = isEmpty ? (length === 0 ? 'Wildcard (Broadcast)' : '<MISSING>') : `"${t.string(at, length)}"`;
      t.last().text = `SSID: ${text}`;
      t.addInfo(`, SSID=${text}`);
      return text;
    }
    case ELEMENT.rates:
    case ELEMENT.extendedRates: {
      const rates: string[] = [];
      for (let i = 0; i < length; i++) {
        const rate = t.u8(at + i);
        const text = `${(rate & 0x7f) / 2}${(rate & 0x80) !== 0 ? '(B)' : ''}`;
        rates.push(text);
        t.put(number === ELEMENT.rates ? 'supported_rates' : 'extended_supported_rates', rate, at + i, 1);
        t.last().text = `${number === ELEMENT.rates ? 'Supported' : 'Extended Supported'} Rates: ${text} (0x${toHex(t.slice(at + i, 1))})`;
      }
      return `${rates.join(', ')} [Mbit/sec]`;
    }
    case ELEMENT.dsParameter:
      if (length < 1) return '';
      t.add('ds.current_channel', at);
      return `Current Channel: ${t.u8(at)}`;
    case ELEMENT.tim:
      return addTrafficMap(t, at, length);
    case ELEMENT.country:
      return addCountry(t, at, length);
    case ELEMENT.erp:
    case ELEMENT.oldErp:
      addErp(t, at, length);
      return '';
    case ELEMENT.rsn:
      addRsn(t, at, at + length);
      return '';
    case ELEMENT.power:
      addPower(t, at, length);
      return '';
    case ELEMENT.channels:
      addChannels(t, at, length);
      return '';
    case ELEMENT.highThroughput:
      addHighThroughputCapabilities(t, at, length);
      return '';
    case ELEMENT.highThroughputOperation:
      addHighThroughputOperation(t, at, length);
      return '';
    case ELEMENT.interworking:
      addInterworking(t, at, length);
      return '';
    case ELEMENT.extendedCapabilities:
      addExtendedCapabilities(t, at, length);
      return '';
    case ELEMENT.vendor:
      if (length < 4) return '';
      t.add('tag.oui', at);
      t.add('tag.vendor.oui.type', at + 3);
      if (t.u24(at) === MICROSOFT) return `Microsoft: ${addMicrosoft(t, at + 3, at + length, !isStation)}`;
      if (!KNOWN_VENDORS.has(t.u24(at))) t.add('tag.vendor.data', at + 3, length - 3);
      return toHex(t.slice(at, 3), ':');
    default:
      return '';
  }
}
