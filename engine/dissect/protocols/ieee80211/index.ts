/** IEEE 802.11 frames (9.2, 9.3): frame control, up to four addresses, then management elements, or data with an LLC header. */

import { u16, u32 } from '../../../base/bytes.ts';
import { hexNumber } from '../../../base/hex.ts';
import { ABSENT, ADDRESS } from '../../../table/path-words.ts';
import { defineProtocol } from '../../protocol.ts';
import type { TreeBuilder } from '../../tree.ts';
import type { Cursor } from '../../walk.ts';
import { management, managementFields } from './elements.ts';
import { FRAME_TYPES } from './names.ts';

const AT = { control: 0, flags: 1, duration: 2, first: 4, second: 10, third: 16, sequence: 22, fourth: 24 } as const;
const TYPE = { management: 0, control: 1, data: 2 } as const;
const FLAG = { toDs: 1, fromDs: 2, moreFragments: 4, protected: 0x40, order: 0x80 } as const;
/** Bits of a data frame's subtype. */
const DATA = { noPayload: 4, qos: 8 } as const;
const CONTROL = {
  wrapper: 7,
  blockAckRequest: 8,
  blockAck: 9,
  powerSavePoll: 10,
  requestToSend: 11,
  clearToSend: 12,
  ack: 13,
  end: 14,
  endAck: 15,
} as const;
const TWO_ADDRESSES: readonly number[] = [
  CONTROL.powerSavePoll,
  CONTROL.requestToSend,
  CONTROL.blockAckRequest,
  CONTROL.blockAck,
  CONTROL.end,
  CONTROL.endAck,
];
const AMSDU = 0x80;
/** The second byte of a station's QoS control is the size of its queue, not a time that it asks for. */
const QUEUE_SIZE = 0x10;
/** Key header of WEP (4 bytes) and, where its bit says so, of TKIP and CCMP (8 bytes). */
const KEY = { wep: 4, extended: 8, extendedBit: 0x20 } as const;
const WEP_CHECK = 4;
/** The length that says: what follows is LLC, not a type. */
const LLC = 0;

const TYPES: Readonly<Record<number, string>> = {
  0: 'Management frame',
  1: 'Control frame',
  2: 'Data frame',
  3: 'Extension frame',
};
const DS: Readonly<Record<number, string>> = {
  0: 'Not leaving DS or network is operating in AD-HOC mode (To DS: 0 From DS: 0)',
  1: 'Frame from STA to DS via an AP (To DS: 1 From DS: 0)',
  2: 'Frame from DS to a STA via AP(To DS: 0 From DS: 1)',
  3: 'WDS (AP to AP) or Mesh (MP to MP) Frame (To DS: 1 From DS: 1)',
};
const PRIORITIES: Readonly<Record<number, string>> = {
  0: 'Best Effort (Best Effort)',
  1: 'Background (Background)',
  2: 'Spare (Background)',
  3: 'Excellent Effort (Best Effort)',
  4: 'Controlled Load (Video)',
  5: 'Video (Video)',
  6: 'Voice (Voice)',
  7: 'Network Control (Voice)',
};
const ACK_POLICIES: Readonly<Record<number, string>> = {
  0: 'Normal Ack',
  1: 'No Ack',
  2: 'No explicit acknowledgment',
  3: 'Block Ack',
};

export const wlan = defineProtocol({
  name: 'wlan',
  title: 'IEEE 802.11',
  short: '802.11',
  on: { link: [105] },
  chooses: 'eth.length',
  header: AT.second,
  fields: {
    'fc.type_subtype': { type: 'u16', show: 'hex', label: 'Type/Subtype', names: FRAME_TYPES },
    fc: { type: 'u16', show: 'hex', label: 'Frame Control Field' },
    'fc.version': { type: 'u8', bits: [1, 0], label: 'Version' },
    'fc.type': { type: 'u8', bits: [3, 2], label: 'Type', names: TYPES },
    'fc.subtype': { type: 'u8', bits: [7, 4], label: 'Subtype' },
    flags: { type: 'u8', show: 'hex', label: 'Flags' },
    'fc.ds': { type: 'u8', bits: [1, 0], show: 'hex', label: 'DS status', names: DS },
    'fc.tods': { type: 'bool', of: 'u8', bits: [0, 0], label: 'To DS' },
    'fc.fromds': { type: 'bool', of: 'u8', bits: [1, 1], label: 'From DS' },
    'fc.frag': {
      type: 'bool',
      of: 'u8',
      bits: [2, 2],
      label: 'More Fragments',
      flag: ['More fragments follow', 'This is the last fragment'],
    },
    'fc.retry': {
      type: 'bool',
      of: 'u8',
      bits: [3, 3],
      label: 'Retry',
      flag: ['Frame is being retransmitted', 'Frame is not being retransmitted'],
    },
    'fc.pwrmgt': {
      type: 'bool',
      of: 'u8',
      bits: [4, 4],
      label: 'PWR MGT',
      flag: ['STA will go to sleep', 'STA will stay up'],
    },
    'fc.moredata': {
      type: 'bool',
      of: 'u8',
      bits: [5, 5],
      label: 'More Data',
      flag: ['Data is buffered for STA at AP', 'No data buffered'],
    },
    'fc.protected': {
      type: 'bool',
      of: 'u8',
      bits: [6, 6],
      label: 'Protected flag',
      flag: ['Data is protected', 'Data is not protected'],
    },
    'fc.order': {
      type: 'bool',
      of: 'u8',
      bits: [7, 7],
      label: '+HTC/Order flag',
      flag: ['Strictly ordered', 'Not strictly ordered'],
    },
    duration: { type: 'u16', little: true, bits: [14, 0], label: 'Duration' },
    aid: { type: 'u16', little: true, bits: [13, 0], label: 'Association ID' },
    ra: { type: 'ether', label: 'Receiver address' },
    ta: { type: 'ether', label: 'Transmitter address' },
    da: { type: 'ether', label: 'Destination address' },
    sa: { type: 'ether', label: 'Source address' },
    bssid: { type: 'ether', label: 'BSS Id' },
    staa: { type: 'ether', label: 'STA address' },
    addr: { type: 'ether', label: 'Hardware address', many: true },
    frag: { type: 'u16', little: true, bits: [3, 0], label: 'Fragment number' },
    seq: { type: 'u16', little: true, bits: [15, 4], label: 'Sequence number' },
    fcs: { type: 'u32', little: true, show: 'hex', label: 'Frame check sequence' },
    'fcs.status': {
      type: 'u8',
      label: 'FCS Status',
      names: { 0: 'Bad', 1: 'Good', 2: 'Unverified', 3: 'Not present', 4: 'Illegal' },
    },
    qos: { type: 'u16', little: true, show: 'hex', label: 'Qos Control' },
    'qos.tid': { type: 'u16', little: true, bits: [3, 0], label: 'TID' },
    'qos.priority': { type: 'u16', little: true, bits: [2, 0], label: 'Priority', names: PRIORITIES },
    'qos.eosp': {
      type: 'bool',
      of: 'u16',
      little: true,
      bits: [4, 4],
      label: 'EOSP',
      flag: ['End of service period', 'Service period'],
    },
    'qos.ack': { type: 'u16', little: true, bits: [6, 5], show: 'hex', label: 'Ack Policy', names: ACK_POLICIES },
    'qos.amsdupresent': {
      type: 'bool',
      of: 'u16',
      little: true,
      bits: [7, 7],
      label: 'Payload Type',
      flag: ['A-MSDU', 'MSDU'],
    },
    'qos.ps_buf_state': {
      type: 'u16',
      of: 'u16',
      little: true,
      bits: [15, 8],
      show: 'hex',
      label: 'QAP PS Buffer State',
    },
    'qos.buf_state_indicated': {
      type: 'bool',
      of: 'u16',
      little: true,
      bits: [9, 9],
      label: 'Buffer State Indicated',
      flag: ['Yes', 'No'],
    },
    'qos.bit4': { type: 'bool', of: 'u16', little: true, bits: [4, 4], label: 'QoS bit 4' },
    'qos.queue_size': { type: 'u16', little: true, bits: [15, 8], label: 'Queue Size' },
    'qos.txop_dur_req': { type: 'u16', little: true, bits: [15, 8], label: 'TXOP Duration Requested' },
    htc: { type: 'u32', little: true, show: 'hex', label: 'HT Control (+HTC)' },
    'wep.iv': { type: 'u24', show: 'hex', label: 'Initialization Vector' },
    'wep.key': { type: 'u8', label: 'Key Index' },
    'wep.icv': { type: 'u32', show: 'hex', label: 'WEP ICV' },
    'tkip.extiv': { type: 'string', label: 'TKIP Ext. Initialization Vector' },
    'ccmp.extiv': { type: 'string', label: 'CCMP Ext. Initialization Vector' },
    'ba.control': { type: 'u16', little: true, show: 'hex', label: 'Block Ack Control' },
    'fixed.ssc': { type: 'u16', little: true, show: 'hex', label: 'Block Ack Starting Sequence Control (SSC)' },
    'ba.bm': { type: 'bytes', label: 'Block Ack Bitmap' },
    ...managementFields,
  },
  scan(p) {
    const b = p.bytes;
    const control = b[p.at];
    const flags = b[p.at + AT.flags];
    const type = (control >>> 2) & 3;
    if (type === TYPE.control) return receiver(p, control >>> 4);
    if (!p.has(AT.fourth)) return;
    const ds = flags & (FLAG.toDs | FLAG.fromDs);
    if (type !== TYPE.data) {
      p.link(p.at + AT.second, p.at + AT.first);
      return;
    }
    const subtype = control >>> 4;
    const header = headerLength(type, subtype, flags);
    if (!p.has(header)) return;
    p.link(
      p.at + (ds === 3 ? AT.fourth : (ds & FLAG.fromDs) !== 0 ? AT.third : AT.second),
      p.at + ((ds & FLAG.toDs) !== 0 ? AT.third : AT.first),
    );
    if ((subtype & DATA.noPayload) !== 0) return;
    const isAggregate = (subtype & DATA.qos) !== 0 && (b[p.at + qosAt(ds)] & AMSDU) !== 0;
    const isPiece = (flags & FLAG.moreFragments) !== 0 || (b[p.at + AT.sequence] & 15) !== 0;
    const length = p.wireEnd - p.at - p.linkTrailer;
    if ((flags & FLAG.protected) !== 0) {
      if (!p.has(header + KEY.wep)) return;
      const isExtended = (b[p.at + header + 3] & KEY.extendedBit) !== 0;
      p.enter(header + (isExtended ? KEY.extended : KEY.wep), isExtended ? length : length - WEP_CHECK);
      p.rest();
      return;
    }
    p.enter(header, length);
    if (isAggregate || isPiece) p.rest();
    else p.next(LLC);
  },
  tree(t) {
    const control = t.u8(t.at);
    const flags = t.u8(t.at + AT.flags);
    const type = (control >>> 2) & 3;
    const subtype = control >>> 4;
    const kind = (type << 4) | subtype;
    const fcs = t.radio?.fcsLength ?? 0;
    const name = FRAME_TYPES[kind] ?? `Unrecognized (Reserved frame)`;
    const marks = flagMarks(flags, fcs > 0);
    t.addLabel(` ${name}, Flags: ${marks}`);
    t.put('fc.type_subtype', kind, t.at, 2);
    frameControl(t);
    if (type === TYPE.control) {
      t.info(`${name}, Flags=${marks}`);
      controlFrame(t, subtype);
      return;
    }
    t.add('duration', t.at + AT.duration);
    const ds = flags & (FLAG.toDs | FLAG.fromDs);
    addresses(t, type, ds);
    const sequence = t.u16le(t.at + AT.sequence);
    t.info(`${name}, SN=${sequence >>> 4}, FN=${sequence & 15}, Flags=${marks}`);
    t.add('frag', t.at + AT.sequence);
    t.add('seq', t.at + AT.sequence);
    const header = headerLength(type, subtype, flags);
    const end = checkSequence(t, fcs);
    if (type === TYPE.management) {
      if ((flags & FLAG.protected) !== 0) t.payload(t.at + header, end);
      else management(t, subtype, t.at + header, end);
      return;
    }
    if (type === TYPE.data) dataFrame(t, subtype, flags, header, end);
  },
});

function qosAt(ds: number): number {
  return ds === 3 ? AT.fourth + 6 : AT.fourth;
}

/** Bytes before the body. Hot: once per packet. */
function headerLength(type: number, subtype: number, flags: number): number {
  let length: number = AT.fourth;
  if (type === TYPE.management) return (flags & FLAG.order) !== 0 ? length + 4 : length;
  if ((flags & 3) === 3) length += 6;
  if ((subtype & DATA.qos) !== 0) {
    length += 2;
    if ((flags & FLAG.order) !== 0) length += 4;
  }
  return length;
}

/** One letter a flag, from the highest bit down; C: the frame ends in its check sequence. */
function flagMarks(flags: number, hasFcs: boolean): string {
  let text = '';
  for (let bit = 7; bit >= 0; bit--) text += (flags & (1 << bit)) !== 0 ? 'TFMRPmpo'[bit] : '.';
  return hasFcs ? `${text}C` : text;
}

function frameControl(t: TreeBuilder): void {
  const at = t.at + AT.flags;
  t.nest(t.put('fc', t.u16(t.at), t.at, 2));
  for (const key of ['fc.version', 'fc.type', 'fc.subtype']) t.add(key, t.at);
  t.add('flags', at);
  t.nest(t.last());
  t.add('fc.ds', at);
  t.hide('fc.tods', t.u8(at) & 1, at, 1);
  t.hide('fc.fromds', (t.u8(at) >>> 1) & 1, at, 1);
  for (const key of ['frag', 'retry', 'pwrmgt', 'moredata', 'protected', 'order']) t.add(`fc.${key}`, at);
  t.close();
  t.close();
}

/** Which address is whose (IEEE 802.11 table 9-30). */
function addresses(t: TreeBuilder, type: number, ds: number): void {
  const first = t.at + AT.first;
  const second = t.at + AT.second;
  const third = t.at + AT.third;
  const add = (list: readonly (readonly [string, number])[]): void => {
    for (const [key, at] of list) t.add(key, at);
  };
  if (type === TYPE.management)
    add([
      ['ra', first],
      ['da', first],
      ['ta', second],
      ['sa', second],
      ['bssid', third],
    ]);
  else if (ds === 0)
    add([
      ['ra', first],
      ['ta', second],
      ['da', first],
      ['sa', second],
      ['bssid', third],
      ['staa', second],
    ]);
  else if (ds === FLAG.toDs)
    add([
      ['ra', first],
      ['ta', second],
      ['da', third],
      ['sa', second],
      ['bssid', first],
      ['staa', second],
    ]);
  else if (ds === FLAG.fromDs)
    add([
      ['ra', first],
      ['ta', second],
      ['da', first],
      ['sa', third],
      ['bssid', second],
      ['staa', first],
    ]);
  else
    add([
      ['ra', first],
      ['ta', second],
      ['da', third],
      ['sa', t.at + AT.fourth],
    ]);
  for (const at of ds === 3 ? [first, second, t.at + AT.fourth, third] : [first, second, third])
    t.hide('addr', t.slice(at, 6), at, 6);
}

/** Adds the check sequence, where there is one; returns where the body ends. */
function checkSequence(t: TreeBuilder, length: number): number {
  if (length === 0) return t.end;
  const at = t.wireEnd - length;
  if (at >= t.at && t.has(at, length)) {
    t.add('fcs', at);
    t.last().text = `Frame check sequence: ${hexNumber(t.u32le(at), 4)} [unverified]`;
    t.generated('fcs.status', 2, at, length);
  }
  return Math.min(t.end, Math.max(at, t.at));
}

/** Hot: control frames name a receiver and, some of them, a transmitter. */
function receiver(p: Cursor, subtype: number): void {
  if (!p.has(AT.second) || subtype < CONTROL.blockAckRequest) return;
  const b = p.bytes;
  const to = p.at + AT.first;
  const from = p.at + AT.second;
  if (TWO_ADDRESSES.includes(subtype) && p.has(AT.third))
    p.named(ADDRESS.receiver, u16(b, from), u32(b, from + 2), 0, u16(b, to), u32(b, to + 2), 0);
  else p.named(ADDRESS.receiver, ABSENT, 0, 0, u16(b, to), u32(b, to + 2), 0);
}

function controlFrame(t: TreeBuilder, subtype: number): void {
  const { at } = t;
  if (subtype === CONTROL.powerSavePoll) {
    t.add('aid', at + AT.duration);
    t.add('bssid', at + AT.first);
    t.add('ta', at + AT.second);
  } else {
    t.add('duration', at + AT.duration);
    t.add('ra', at + AT.first);
    if (subtype === CONTROL.requestToSend || subtype === CONTROL.blockAckRequest || subtype === CONTROL.blockAck)
      t.add('ta', at + AT.second);
    if (subtype === CONTROL.end || subtype === CONTROL.endAck) t.add('bssid', at + AT.second);
  }
  for (const key of ['first', 'second'] as const) {
    if (key === 'first' || TWO_ADDRESSES.includes(subtype)) t.hide('addr', t.slice(at + AT[key], 6), at + AT[key], 6);
  }
  const end = checkSequence(t, t.radio?.fcsLength ?? 0);
  if (subtype !== CONTROL.blockAck && subtype !== CONTROL.blockAckRequest) return;
  t.add('ba.control', at + AT.third);
  t.add('fixed.ssc', at + AT.third + 2);
  const map = at + AT.third + 4;
  if (subtype === CONTROL.blockAck && end > map) t.add('ba.bm', map, end - map);
}

function dataFrame(t: TreeBuilder, subtype: number, flags: number, header: number, end: number): void {
  const ds = flags & (FLAG.toDs | FLAG.fromDs);
  const body = t.at + header;
  let isAggregate = false;
  if ((subtype & DATA.qos) !== 0) {
    const at = t.at + qosAt(ds);
    isAggregate = (t.u8(at) & AMSDU) !== 0;
    t.add('qos', at);
    t.nest(t.last());
    for (const key of ['tid', 'priority', 'ack', 'amsdupresent']) t.add(`qos.${key}`, at);
    if ((flags & FLAG.fromDs) !== 0) {
      t.add('qos.eosp', at);
      t.add('qos.ps_buf_state', at);
      t.nest(t.last());
      t.add('qos.buf_state_indicated', at);
      t.close();
    } else {
      t.add('qos.bit4', at);
      t.add((t.u8(at) & QUEUE_SIZE) !== 0 ? 'qos.queue_size' : 'qos.txop_dur_req', at);
    }
    t.close();
    if ((flags & FLAG.order) !== 0) t.add('htc', at + 2);
  }
  t.headerEnd(body);
  if ((subtype & DATA.noPayload) !== 0) return;
  if ((flags & FLAG.protected) !== 0) {
    encrypted(t, body, end);
    return;
  }
  const isPiece = (flags & FLAG.moreFragments) !== 0 || (t.u8(t.at + AT.sequence) & 15) !== 0;
  if (isAggregate || isPiece) t.payload(body, end, t.wireEnd - (t.radio?.fcsLength ?? 0));
  else if (body < end) t.upper(body);
}

/** The key header tells the cipher apart: WEP has no extended vector; TKIP repeats its first byte in the second. */
function encrypted(t: TreeBuilder, at: number, end: number): void {
  const flags = t.u8(at + 3);
  const index = flags >>> 6;
  const wireEnd = t.wireEnd - (t.radio?.fcsLength ?? 0);
  if ((flags & KEY.extendedBit) === 0) {
    t.nest(t.text('WEP parameters', at, KEY.wep));
    t.add('wep.iv', at);
    t.put('wep.key', index, at + 3, 1);
    const check = wireEnd - WEP_CHECK;
    if (check >= at + KEY.wep && t.has(check, WEP_CHECK)) t.add('wep.icv', check);
    t.close();
    t.payload(at + KEY.wep, Math.min(end, Math.max(check, at)), Math.max(check, at));
    return;
  }
  const isTkip = ((t.u8(at) | 0x20) & 0x7f) === t.u8(at + 1);
  const high = t
    .u32le(at + 4)
    .toString(16)
    .padStart(8, '0');
  const low = isTkip ? (t.u8(at) << 8) | t.u8(at + 2) : t.u16le(at);
  const vector = `0x${high}${low.toString(16).padStart(4, '0')}`.toUpperCase().replace('X', 'x');
  t.nest(t.text(isTkip ? 'TKIP parameters' : 'CCMP parameters', at, KEY.extended));
  t.put(isTkip ? 'tkip.extiv' : 'ccmp.extiv', vector, at, KEY.extended);
  t.put('wep.key', index, at + 3, 1);
  t.close();
  t.headerEnd(at + KEY.extended);
  t.payload(at + KEY.extended, end, wireEnd);
}
