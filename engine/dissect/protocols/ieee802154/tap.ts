/** IEEE 802.15.4 TAP (LINKTYPE 283): values of the receiver in front of a frame, each with type and length, padded to four bytes. */

import { u16le } from '../../../base/bytes.ts';
import { defineProtocol } from '../../protocol.ts';
import type { TreeBuilder } from '../../tree.ts';
import { scanWpan, TAP_HINT, wpanOpens } from './index.ts';

const AT = { version: 0, reserved: 1, length: 2, values: 4 } as const;
const TYPES: Readonly<Record<number, string>> = {
  0: 'FCS type',
  1: 'RSS',
  2: 'Bit rate',
  3: 'Channel assignment',
  4: 'SUN PHY Information',
  5: 'Start of frame timestamp',
  6: 'End of frame timestamp',
  7: 'Absolute Slot Number (ASN)',
  8: 'Start of slot timestamp',
  9: 'Slot length',
  10: 'Link Quality Indicator',
  11: 'Channel center frequency',
  12: 'Channel plan',
};
const TYPE = { check: 0, strength: 1, rate: 2, channel: 3, band: 4, start: 5, end: 6, slotNumber: 7, slot: 8 } as const;
const MORE_TYPE = { slotLength: 9, quality: 10 } as const;
const CHECKS: Readonly<Record<number, string>> = { 0: 'None', 1: 'ITU-T CRC16', 2: 'ITU-T CRC32' };
const CHECK_LENGTH: readonly number[] = [0, 2, 4];

export const wpanTap = defineProtocol({
  name: 'wpan-tap',
  title: 'IEEE 802.15.4 TAP',
  short: 'IEEE 802.15.4',
  on: { link: [283] },
  opens: ['wpan', ...wpanOpens],
  header: AT.values,
  fields: {
    version: { at: AT.version, type: 'u8', label: 'Version' },
    reserved: { at: AT.reserved, type: 'u8', label: 'Reserved' },
    length: { at: AT.length, type: 'u16', label: 'Length', little: true },
    'tlv.type': { type: 'u16', label: 'TLV Type', names: TYPES, little: true, many: true },
    'tlv.length': { type: 'u16', label: 'TLV Length', little: true, many: true },
    'tlv.padding': { type: 'bytes', label: 'Padding', many: true },
    fcs_type: { type: 'u8', label: 'FCS Type', names: CHECKS },
    rss: { type: 'float', label: 'RSS', little: true },
    bit_rate: { type: 'u32', label: 'Bit Rate', little: true },
    ch_num: { type: 'u16', label: 'Channel', little: true },
    ch_page: { type: 'u8', label: 'Page' },
    sun_band: { type: 'u8', label: 'Band' },
    sun_type: { type: 'u8', label: 'Type' },
    sun_mode: { type: 'u8', label: 'Mode' },
    sof_ts: { type: 'u64', label: 'Start of frame timestamp', little: true },
    eof_ts: { type: 'u64', label: 'End of frame timestamp', little: true },
    slot_start_ts: { type: 'u64', label: 'Start of slot timestamp', little: true },
    timeslot_length: { type: 'u32', label: 'Timeslot length', little: true },
    asn: { type: 'u64', label: 'ASN', little: true },
    lqi: { type: 'u8', label: 'Link Quality Indicator' },
  },
  scan(p) {
    const length = u16le(p.bytes, p.at + AT.length);
    if (length < AT.values || !p.has(length)) return;
    p.enter(length);
    scanWpan(p);
  },
  tree(t) {
    const { at } = t;
    const length = t.u16le(at + AT.length);
    t.header();
    const end = at + length;
    t.need(at, Math.max(AT.values, length));
    const check = values(t, at + AT.values, end);
    t.headerEnd(end);
    t.info('');
    t.hint = `${TAP_HINT}${check}`;
    t.dissectUnlisted('wpan', end);
  },
});

/** All values; returns how long the frame check sequence is. */
function values(t: TreeBuilder, from: number, end: number): number {
  let check = 0;
  for (let at = from; at + 4 <= end; ) {
    const type = t.u16le(at);
    const length = t.u16le(at + 2);
    const next = at + 4 + Math.ceil(length / 4) * 4;
    t.need(at, 4 + length);
    t.nest(t.text(TYPES[type] ?? `Type ${type}`, at, Math.min(next, end) - at));
    t.add('tlv.type', at);
    t.add('tlv.length', at + 2);
    if (type === TYPE.check && length >= 1) check = CHECK_LENGTH[t.u8(at + 4)] ?? 0;
    value(t, type, length, at + 4);
    if (next > at + 4 + length && next <= end) t.add('tlv.padding', at + 4 + length, next - at - 4 - length);
    t.close();
    at = next;
  }
  return check;
}

function value(t: TreeBuilder, type: number, length: number, at: number): void {
  if (type === TYPE.check && length === 1) t.add('fcs_type', at);
  else if (type === TYPE.strength && length === 4) t.add('rss', at);
  else if (type === TYPE.rate && length === 4) t.add('bit_rate', at);
  else if (type === TYPE.channel && length === 3) {
    t.add('ch_num', at);
    t.add('ch_page', at + 2);
  } else if (type === TYPE.band && length === 3) {
    t.add('sun_band', at);
    t.add('sun_type', at + 1);
    t.add('sun_mode', at + 2);
  } else if (type === TYPE.start && length === 8) t.add('sof_ts', at);
  else if (type === TYPE.end && length === 8) t.add('eof_ts', at);
  else if (type === TYPE.slotNumber && length === 8) t.add('asn', at);
  else if (type === TYPE.slot && length === 8) t.add('slot_start_ts', at);
  else if (type === MORE_TYPE.slotLength && length === 4) t.add('timeslot_length', at);
  else if (type === MORE_TYPE.quality && length === 1) t.add('lqi', at);
}
