/**
 * IEEE 802.15.4 frames as captures hold them: with a frame check sequence or a radio chip's two bytes in its place
 * (LINKTYPE 195), without (230), or behind a TAP header (283). ZigBee and 6LoWPAN above it are told by their first bytes.
 */

import { ABSENT, ADDRESS } from '../../../table/path-words.ts';
import { defineProtocol, type FieldSpec } from '../../protocol.ts';
import type { TreeBuilder } from '../../tree.ts';
import type { Cursor } from '../../walk.ts';
import { BIT, FRAME, frameCheck, highWord, lowWord, MacHeader, MODE, securityLength, shortWord } from './header.ts';
import { keepLinkAddresses } from './link-addresses.ts';

const FCS = 2;
const FRAME_TYPES: Readonly<Record<number, string>> = {
  0: 'Beacon',
  1: 'Data',
  2: 'Ack',
  3: 'Command',
  4: 'Reserved',
  5: 'Multipurpose',
  6: 'Fragment or Frak',
  7: 'Extended',
};
const MODES: Readonly<Record<number, string>> = { 0: 'None', 1: 'Reserved', 2: 'Short/16-bit', 3: 'Long/64-bit' };
const VERSIONS: Readonly<Record<number, string>> = {
  0: 'IEEE Std 802.15.4-2003',
  1: 'IEEE Std 802.15.4-2006',
  2: 'IEEE Std 802.15.4-2015',
  3: 'Reserved',
};
const COMMANDS: Readonly<Record<number, string>> = {
  1: 'Association Request',
  2: 'Association Response',
  3: 'Disassociation Notification',
  4: 'Data Request',
  5: 'PAN ID Conflict',
  6: 'Orphan Notification',
  7: 'Beacon Request',
  8: 'Coordinator Realignment',
  9: 'GTS Request',
};
const COMMAND = { associate: 1, associated: 2, disassociate: 3, realign: 8 } as const;
const HEADER_ELEMENTS: Readonly<Record<number, string>> = {
  0x00: 'Vendor Specific IE',
  0x1a: 'CSL IE',
  0x1b: 'RIT IE',
  0x1d: 'Rendezvous Time IE',
  0x1e: 'Time Correction IE',
  0x29: 'Global Time IE',
  0x7e: 'Header Termination 1 IE',
  0x7f: 'Header Termination 2 IE',
};
const ELEMENT = { time: 0x1e, payloadFollows: 0x7e, dataFollows: 0x7f } as const;
const LEVELS: Readonly<Record<number, string>> = {
  0: 'No Security',
  1: '32-bit Message Integrity Code',
  2: '64-bit Message Integrity Code',
  3: '128-bit Message Integrity Code',
  4: 'Encryption',
  5: 'Encryption with 32-bit Message Integrity Code',
  6: 'Encryption with 64-bit Message Integrity Code',
  7: 'Encryption with 128-bit Message Integrity Code',
};
const KEY_MODES: Readonly<Record<number, string>> = {
  0: 'Implicit Key',
  1: 'Indexed Key using the Default Key Source',
  2: 'Explicit Key with 4-octet Key Source',
  3: 'Explicit Key with 8-octet Key Source',
};
const YES: readonly [string, string] = ['True', 'False'];

const control = (bit: number, label: string): FieldSpec => ({
  type: 'bool',
  of: 'u16',
  bits: [bit, bit],
  little: true,
  label,
  flag: YES,
});

/** Both layers that hold such a frame declare them. */
export const wpanFields: Readonly<Record<string, FieldSpec>> = {
  'wpan.frame_length': { type: 'u8', label: 'Frame Length' },
  'wpan.fcf': { type: 'u16', show: 'hex', label: 'Frame Control Field', little: true },
  'wpan.frame_type': {
    type: 'u16',
    bits: [2, 0],
    show: 'hex',
    label: 'Frame Type',
    names: FRAME_TYPES,
    little: true,
  },
  'wpan.security': control(3, 'Security Enabled'),
  'wpan.pending': control(4, 'Frame Pending'),
  'wpan.ack_request': control(5, 'Acknowledge Request'),
  'wpan.pan_id_compression': control(6, 'PAN ID Compression'),
  'wpan.fcf.reserved': control(7, 'Reserved'),
  'wpan.seqno_suppression': control(8, 'Sequence Number Suppression'),
  'wpan.ie_present': control(9, 'Information Elements Present'),
  'wpan.dst_addr_mode': {
    type: 'u16',
    bits: [11, 10],
    show: 'hex',
    label: 'Destination Addressing Mode',
    names: MODES,
    little: true,
  },
  'wpan.version': { type: 'u16', bits: [13, 12], label: 'Frame Version', names: VERSIONS, little: true },
  'wpan.src_addr_mode': {
    type: 'u16',
    bits: [15, 14],
    show: 'hex',
    label: 'Source Addressing Mode',
    names: MODES,
    little: true,
  },
  'wpan.seq_no': { type: 'u8', label: 'Sequence Number' },
  'wpan.dst_pan': { type: 'u16', show: 'hex', label: 'Destination PAN', little: true },
  'wpan.dst16': { type: 'u16', show: 'hex', label: 'Destination', little: true, also: ['wpan.addr16'] },
  'wpan.dst64': { type: 'eui64', label: 'Destination', also: ['wpan.addr64'] },
  'wpan.src_pan': { type: 'u16', show: 'hex', label: 'Source PAN', little: true },
  'wpan.src16': { type: 'u16', show: 'hex', label: 'Source', little: true, also: ['wpan.addr16'] },
  'wpan.src64': { type: 'eui64', label: 'Extended Source', also: ['wpan.addr64'] },
  'wpan.addr16': { type: 'u16', show: 'hex', label: 'Address', many: true },
  'wpan.addr64': { type: 'eui64', label: 'Extended Address', many: true },
  'wpan.fcs': { type: 'u16', show: 'hex', label: 'FCS', little: true },
  'wpan.fcs_ok': { type: 'bool', label: 'FCS Valid', flag: YES },
  'wpan.aux_sec.sec_level': { type: 'u8', bits: [2, 0], show: 'hex', label: 'Security Level', names: LEVELS },
  'wpan.aux_sec.key_id_mode': {
    type: 'u8',
    bits: [4, 3],
    show: 'hex',
    label: 'Key Identifier Mode',
    names: KEY_MODES,
  },
  'wpan.aux_sec.frame_counter': { type: 'u32', label: 'Frame Counter', little: true },
  'wpan.aux_sec.key_index': { type: 'u8', show: 'hex', label: 'Key Index' },
  'wpan.header_ie_tlv': { type: 'u16', show: 'hex', label: 'IE Header', little: true, many: true },
  'wpan.header_ie.id': {
    type: 'u16',
    bits: [14, 7],
    show: 'hex',
    label: 'Id',
    names: HEADER_ELEMENTS,
    little: true,
    many: true,
  },
  'wpan.header_ie.length': { type: 'u16', bits: [6, 0], label: 'Length', little: true, many: true },
  'wpan.header_ie.time_correction.value': { type: 'i16', label: 'Time Correction' },
  'wpan.nack': {
    type: 'bool',
    of: 'u16',
    bits: [15, 15],
    little: true,
    label: 'Nack',
    flag: ['Negative Acknowledgement', 'Acknowledgement'],
  },
  'wpan.beacon_order': { type: 'u16', bits: [3, 0], label: 'Beacon Interval', little: true },
  'wpan.superframe_order': { type: 'u16', bits: [7, 4], label: 'Superframe Interval', little: true },
  'wpan.cap': { type: 'u16', bits: [11, 8], label: 'Final CAP Slot', little: true },
  'wpan.battery_ext': control(12, 'Battery Extension'),
  'wpan.bcn_coord': control(14, 'PAN Coordinator'),
  'wpan.assoc_permit': control(15, 'Association Permit'),
  'wpan.gts.count': { type: 'u8', bits: [2, 0], label: 'GTS Descriptor Count' },
  'wpan.gts.permit': { type: 'bool', bits: [7, 7], label: 'GTS Permit', flag: YES },
  'wpan.cmd': { type: 'u8', show: 'hex', label: 'Command Identifier', names: COMMANDS },
  'wpan.cinfo.device_type': { type: 'bool', bits: [1, 1], label: 'Device Type', flag: ['FFD', 'RFD'] },
  'wpan.cinfo.power_src': { type: 'bool', bits: [2, 2], label: 'Power Source', flag: ['AC/Mains Power', 'Battery'] },
  'wpan.cinfo.idle_rx': { type: 'bool', bits: [3, 3], label: 'Receive On When Idle', flag: YES },
  'wpan.cinfo.sec_capable': { type: 'bool', bits: [6, 6], label: 'Security Capability', flag: YES },
  'wpan.cinfo.alloc_addr': { type: 'bool', bits: [7, 7], label: 'Allocate Address', flag: YES },
  'wpan.asoc.addr': { type: 'u16', show: 'hex', label: 'Short Address', little: true },
  'wpan.assoc.status': {
    type: 'u8',
    show: 'hex',
    label: 'Association Status',
    names: { 0: 'Association Successful', 1: 'PAN At Capacity', 2: 'PAN Access Denied' },
  },
  'wpan.disassoc.reason': {
    type: 'u8',
    show: 'hex',
    label: 'Disassociation Reason',
    names: { 1: 'Coordinator requests device to leave', 2: 'Device wishes to leave' },
  },
  'wpan.realign.pan': { type: 'u16', show: 'hex', label: 'PAN ID', little: true },
};

/** The same under their own names, whatever the layer is called. */
function named(fields: Readonly<Record<string, FieldSpec>>): Record<string, FieldSpec> {
  return Object.fromEntries(Object.entries(fields).map(([name, spec]) => [name, { ...spec, abbrev: name }]));
}

const wpanDeclared = named(wpanFields);
/** What a TAP header in front says: the length of the frame check sequence. */
export const TAP_HINT = 'wpan:';
export const wpanOpens = ['zbee_nwk', 'zbee_beacon', '6lowpan', 'data'] as const;

const scanned = new MacHeader();

/** Hot: the addresses of a frame into the path. */
export function scanWpan(p: Cursor): void {
  const b = p.bytes;
  if (!p.has(3)) return;
  if (!scanned.read(b, p.at, p.end)) return;
  const { src, dst, srcMode, dstMode } = scanned;
  const isLongSource = srcMode === MODE.long;
  const isLongTarget = dstMode === MODE.long;
  const body = scanned.end;
  if (scanned.type === FRAME.data && !scanned.isSecured && isCarryingZigbee(b, body, p.end)) {
    const target = shortWord(b, body + 2);
    p.named(ADDRESS.wpan, MODE.short, shortWord(b, body + 4), 0, MODE.short, target >= 0xfff8 ? 0xffff : target, 0);
    return;
  }
  p.named(
    ADDRESS.wpan,
    src < 0 ? ABSENT : srcMode,
    src < 0 ? 0 : isLongSource ? highWord(b, src) : shortWord(b, src),
    isLongSource ? lowWord(b, src) : 0,
    dst < 0 ? ABSENT : dstMode,
    dst < 0 ? 0 : isLongTarget ? highWord(b, dst) : shortWord(b, dst),
    isLongTarget ? lowWord(b, dst) : 0,
  );
  // The addresses of what is compressed are worked out by the tree alone.
  if (scanned.type === FRAME.data && !scanned.isSecured && body < p.end && isCompressedIp(b, body, p.end))
    p.dissectMe();
}

export const wpan = defineProtocol({
  name: 'wpan',
  title: 'IEEE 802.15.4',
  short: 'IEEE 802.15.4',
  on: { link: [195, 230] },
  opens: wpanOpens,
  header: 3,
  fields: wpanDeclared,
  scan: scanWpan,
  unlisted: true,
  tree(t) {
    const isTapped = t.hint.startsWith(TAP_HINT);
    const check = isTapped ? Number(t.hint.slice(TAP_HINT.length)) : FCS;
    t.hint = '';
    wpanFrame(t, t.at, check, isTapped);
  },
});

/** `check`: bytes of the frame check sequence, `isSure`: a header in front said so. */
function wpanFrame(t: TreeBuilder, at: number, check: number, isSure: boolean): void {
  const header = new MacHeader();
  t.need(at, 3);
  const isWhole = header.read(t.bytes, at, t.end);
  const name = FRAME_TYPES[header.type] ?? '';
  const target = header.dst < 0 || !isWhole ? '' : addressText(t, header.dst, header.dstMode);
  const source = header.src < 0 || !isWhole ? '' : addressText(t, header.src, header.srcMode);
  t.info(name);
  t.label(
    `${t.protocol.spec.title} ${name}${target === '' ? '' : `, Dst: ${target}`}${source === '' ? '' : `, Src: ${source}`}`,
  );
  const isAck = header.type === FRAME.ack;
  if (!isAck || target !== '') {
    if (target !== '') t.addInfo(`, Dst: ${target}`);
    if (source !== '') t.addInfo(`, Src: ${source}`);
  }
  t.generated('wpan.frame_length', Math.min(255, t.wireEnd - at), at, 0);
  controlField(t, at);
  addressing(t, header);
  keepLinkAddresses(t, header);
  let next = header.end;
  const hasCheck = check > 0 && t.end === t.wireEnd && t.end - next >= check;
  const { end, isGood } = hasCheck ? checkSequence(t, at, check, isSure) : { end: t.end, isGood: true };
  if ((header.control & BIT.security) !== 0 && next < end) {
    next = security(t, next);
    t.headerEnd(next);
    t.payload(next, end, end);
    return;
  }
  if ((header.control & BIT.elements) !== 0) next = elements(t, next, end);
  if (header.type === FRAME.beacon) next = beacon(t, next, end);
  else if (header.type === FRAME.command) next = command(t, next, end, header.dstPan < 0 ? 0 : t.u16le(header.dstPan));
  t.headerEnd(next);
  if (!isGood) t.addInfo(', Bad FCS');
  if (next >= end || header.type === FRAME.ack) return;
  if (!isGood) t.payload(next, end, end);
  else carried(t, header.type, next, end);
}

function controlField(t: TreeBuilder, at: number): void {
  t.add('wpan.fcf', at);
  t.nest(t.last());
  for (const key of [
    'frame_type',
    'security',
    'pending',
    'ack_request',
    'pan_id_compression',
    'fcf.reserved',
    'seqno_suppression',
    'ie_present',
    'dst_addr_mode',
    'version',
    'src_addr_mode',
  ])
    t.add(`wpan.${key}`, at);
  t.close();
}

function addressing(t: TreeBuilder, header: MacHeader): void {
  if (header.sequence >= 0) t.add('wpan.seq_no', header.sequence);
  if (header.dstPan >= 0) t.add('wpan.dst_pan', header.dstPan);
  if (header.dst >= 0) address(t, 'dst', header.dst, header.dstMode);
  if (header.srcPan >= 0) t.add('wpan.src_pan', header.srcPan);
  if (header.src >= 0) address(t, 'src', header.src, header.srcMode);
}

function address(t: TreeBuilder, key: 'src' | 'dst', at: number, mode: number): void {
  if (mode === MODE.short) t.add(`wpan.${key}16`, at);
  else t.put(`wpan.${key}64`, t.slice(at, 8).reverse(), at, 8);
}

function addressText(t: TreeBuilder, at: number, mode: number): string {
  if (mode === MODE.long) return Array.from(t.slice(at, 8).reverse(), (byte) => hex(byte, 2)).join(':');
  const short = t.u16le(at);
  return short === 0xffff ? 'Broadcast' : `0x${hex(short, 4)}`;
}

function hex(value: number, digits: number): string {
  return value.toString(16).padStart(digits, '0');
}

/**
 * LINKTYPE 195 has the sequence, 230 has none, and a layer does not know its link type: two bytes that are not the sequence
 * are taken for the frame's own, except behind TAP, which says that they are there. Returns where the frame's own end.
 */
function checkSequence(t: TreeBuilder, at: number, length: number, isSure: boolean): { end: number; isGood: boolean } {
  const end = t.end - length;
  if (length !== FCS) return { end, isGood: true };
  const expected = frameCheck(t.bytes, at, end);
  const isGood = expected === t.u16le(end);
  if (!isGood && !isSure) return { end: t.end, isGood: true };
  t.add('wpan.fcs', end);
  t.last().text = `FCS: 0x${hex(t.u16le(end), 4)} (${isGood ? 'Correct' : `Incorrect, expected FCS=0x${hex(expected, 4)}`})`;
  t.hide('wpan.fcs_ok', isGood ? 1 : 0, end, 2);
  return { end, isGood };
}

function security(t: TreeBuilder, at: number): number {
  const first = t.u8(at);
  const length = securityLength(first);
  t.nest(t.text('Auxiliary Security Header', at, length));
  t.add('wpan.aux_sec.sec_level', at);
  t.add('wpan.aux_sec.key_id_mode', at);
  if ((first & 0x20) === 0) t.add('wpan.aux_sec.frame_counter', at + 1);
  if (((first >>> 3) & 3) !== 0) t.add('wpan.aux_sec.key_index', at + length - 1);
  t.close();
  return at + length;
}

/** Header elements (clause 7.4.2) up to one that ends them. */
function elements(t: TreeBuilder, from: number, end: number): number {
  let at = from;
  while (at + 2 <= end) {
    const word = t.u16le(at);
    const id = (word >>> 7) & 0xff;
    const length = word & 0x7f;
    t.nest(t.text(HEADER_ELEMENTS[id] ?? `Header IE 0x${hex(id, 2)}`, at, Math.min(2 + length, end - at)));
    t.add('wpan.header_ie_tlv', at);
    t.add('wpan.header_ie.id', at);
    t.add('wpan.header_ie.length', at);
    if (id === ELEMENT.time && length >= 2) {
      const value = t.u16le(at + 2) & 0xfff;
      const signed = value >= 0x800 ? value - 0x1000 : value;
      t.put('wpan.header_ie.time_correction.value', signed, at + 2, 2, `Time Correction: ${signed} µs`);
      t.add('wpan.nack', at + 2);
    }
    t.close();
    at += 2 + length;
    if (id === ELEMENT.payloadFollows || id === ELEMENT.dataFollows) break;
  }
  return Math.min(at, end);
}

/** Superframe, guaranteed slots, pending addresses (clause 7.3.1). */
function beacon(t: TreeBuilder, at: number, end: number): number {
  for (const key of ['beacon_order', 'superframe_order', 'cap', 'battery_ext', 'bcn_coord']) t.add(`wpan.${key}`, at);
  t.add('wpan.assoc_permit', at);
  const slots = t.u8(at + 2) & 7;
  t.add('wpan.gts.count', at + 2);
  t.add('wpan.gts.permit', at + 2);
  const pendingAt = at + 3 + (slots > 0 ? 1 + 3 * slots : 0);
  const pending = t.u8(pendingAt);
  const shorts = pending & 7;
  const longs = (pending >>> 4) & 7;
  t.text(`Pending Addresses: ${shorts} Short and ${longs} Long`, pendingAt, 1);
  return Math.min(end, pendingAt + 1 + 2 * shorts + 8 * longs);
}

function command(t: TreeBuilder, at: number, end: number, pan: number): number {
  if (at >= end) return at;
  const id = t.u8(at);
  t.column('IEEE 802.15.4');
  t.info(COMMANDS[id] ?? `Unknown Command (0x${hex(id, 2)})`);
  t.add('wpan.cmd', at);
  if (id === COMMAND.associate && at + 2 <= end) {
    for (const key of ['device_type', 'power_src', 'idle_rx', 'sec_capable', 'alloc_addr'])
      t.add(`wpan.cinfo.${key}`, at + 1);
    t.addInfo((t.u8(at + 1) & 2) !== 0 ? ', FFD' : ', RFD');
  } else if (id === COMMAND.associated && at + 4 <= end) {
    t.add('wpan.asoc.addr', at + 1);
    t.addInfo(`, PAN: 0x${hex(pan, 4)} Addr: 0x${hex(t.u16le(at + 1), 4)}`);
    t.add('wpan.assoc.status', at + 3);
  } else if (id === COMMAND.disassociate && at + 2 <= end) t.add('wpan.disassoc.reason', at + 1);
  else if (id === COMMAND.realign && at + 3 <= end) t.add('wpan.realign.pan', at + 1);
  return end;
}

/** Above the MAC layer nothing names what follows: it is told by its first bytes. */
function carried(t: TreeBuilder, type: number, at: number, end: number): void {
  const first = t.u8(at);
  if (type === FRAME.beacon) {
    // ZigBee's beacons: protocol 0, a stack profile of ZigBee, 15 bytes.
    t.dissect(first === 0 && end - at === 15 ? 'zbee_beacon' : 'data', at, end, end);
    return;
  }
  if (type !== FRAME.data) {
    t.payload(at, end, end);
    return;
  }
  if (isCompressedIp(t.bytes, at, end)) t.dissect('6lowpan', at, end, end);
  else if (isZigbee(t.bytes, at, end)) t.dissect('zbee_nwk', at, end, end);
  else t.payload(at, end, end);
}

/** Hot: dispatch bytes of RFC 4944, RFC 6282 and RFC 8931; mesh and broadcast headers may stand in front, where no network header of ZigBee's is meant. */
function isCompressedIp(b: Uint8Array, at: number, end: number): boolean {
  const first = b[at];
  if ((first & 0xc0) === 0x80 || first === 0x50) return !isZigbee(b, at, end);
  return (
    first === 0x41 ||
    first === 0x42 ||
    (first & 0xe0) === 0x60 ||
    (first & 0xd8) === 0xc0 ||
    (first & 0xfe) === 0xe8 ||
    (first & 0xfe) === 0xea
  );
}

/** Hot: a network layer of its own, with addresses that go further than the next hop. */
function isCarryingZigbee(b: Uint8Array, at: number, end: number): boolean {
  return at < end && !isCompressedIp(b, at, end) && isZigbee(b, at, end);
}

/** A network header of protocol version 2 or 3, of data, command or between PANs. */
function isZigbee(b: Uint8Array, at: number, end: number): boolean {
  const version = (b[at] >>> 2) & 15;
  return end - at >= 8 && (b[at] & 3) !== 2 && version >= 1 && version <= 3;
}
