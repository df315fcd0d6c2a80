/**
 * Other radio headers in front of 802.11 frames: PPI (CACE Technologies, "PPI Packet Header format" 1.0.7), AVS ("AVS capture
 * header" 2.1) and Prism (wlan-ng): all say link type or frame, then signal, rate and channel.
 */

import { u16le, u32, u32le } from '../../../base/bytes.ts';
import { defineProtocol } from '../../protocol.ts';
import type { RadioFacts, TreeBuilder } from '../../tree.ts';
import { channelOf, frequencyOf, PHY, phyOf } from './radio.ts';

const FCS_LENGTH = 4;

const PPI = { version: 0, flags: 1, length: 2, dlt: 4, fields: 8 } as const;
const COMMON = {
  type: 2,
  length: 20,
  tsft: 0,
  flags: 8,
  rate: 10,
  frequency: 12,
  channelFlags: 14,
  hopset: 16,
  pattern: 17,
  signal: 18,
  noise: 19,
} as const;
const PPI_FCS = 1;
const PPI_MILLISECONDS = 2;
const IEEE80211 = 105;
const PPI_TYPES: Readonly<Record<number, string>> = {
  0: 'Reserved',
  2: '802.11-Common',
  3: '802.11n MAC Extensions',
  4: '802.11n MAC+PHY Extensions',
  5: 'Spectrum-Map',
  6: 'Process-Info',
  7: 'Capture-Info',
  8: 'Aggregation Extension',
  9: '802.3 Extension',
  30002: 'GPS Tagging',
  30003: 'VECTOR tags',
  30004: 'SENSOR tags',
  30005: 'ANTENNA tags',
};
const MAC_PHY = 4;

export const ppi = defineProtocol({
  name: 'ppi',
  title: 'PPI',
  on: { link: [192] },
  chooses: ['wlan.radio', 'link'],
  header: PPI.fields,
  fields: {
    version: { at: PPI.version, type: 'u8', label: 'Version' },
    flags: { at: PPI.flags, type: 'u8', show: 'hex', label: 'Flags' },
    'flags.alignment': {
      at: PPI.flags,
      type: 'bool',
      of: 'u8',
      bits: [0, 0],
      label: 'Alignment',
      flag: ['32-bit aligned', 'Not aligned'],
    },
    'flags.reserved': { at: PPI.flags, type: 'u8', bits: [7, 1], show: 'hex', label: 'Reserved' },
    length: { at: PPI.length, type: 'u16', little: true, label: 'Header length' },
    dlt: { at: PPI.dlt, type: 'u32', little: true, label: 'DLT' },
    field_type: { type: 'u16', little: true, label: 'Field type', names: PPI_TYPES, many: true },
    field_len: { type: 'u16', little: true, label: 'Field length', many: true },
    '80211-common.tsft': { type: 'u64', little: true, label: 'TSFT' },
    '80211-common.flags': { type: 'u16', little: true, show: 'hex', label: 'Flags' },
    '80211-common.flags.fcs': {
      type: 'bool',
      of: 'u16',
      little: true,
      bits: [0, 0],
      label: 'FCS present flag',
      flag: ['Present', 'Absent'],
    },
    '80211-common.flags.tsft': {
      type: 'bool',
      of: 'u16',
      little: true,
      bits: [1, 1],
      label: 'TSFT flag',
      flag: ['milliseconds', 'microseconds'],
    },
    '80211-common.flags.fcs-invalid': {
      type: 'bool',
      of: 'u16',
      little: true,
      bits: [2, 2],
      label: 'FCS validity',
      flag: ['Invalid', 'Valid'],
    },
    '80211-common.flags.phy-err': {
      type: 'bool',
      of: 'u16',
      little: true,
      bits: [3, 3],
      label: 'PHY error flag',
      flag: ['PHY error', 'No errors'],
    },
    '80211-common.rate': { type: 'u16', little: true, label: 'Data rate', doc: 'In kilobits per second.' },
    '80211-common.chan.freq': { type: 'u16', little: true, label: 'Channel frequency' },
    '80211-common.chan.flags': { type: 'u16', little: true, show: 'hex', label: 'Channel flags' },
    '80211-common.fhss.hopset': { type: 'u8', show: 'hex', label: 'FHSS hopset' },
    '80211-common.fhss.pattern': { type: 'u8', show: 'hex', label: 'FHSS pattern' },
    '80211-common.dbm.antsignal': { type: 'i8', label: 'dBm antenna signal' },
    '80211-common.dbm.antnoise': { type: 'i8', label: 'dBm antenna noise' },
  },
  scan(p) {
    const b = p.bytes;
    const length = u16le(b, p.at + PPI.length);
    const dlt = u32le(b, p.at + PPI.dlt);
    if (length < PPI.fields) return p.malformed('length');
    if (!p.has(length)) return;
    for (let at: number = PPI.fields; at + 4 <= length; ) {
      const type = u16le(b, p.at + at);
      const size = u16le(b, p.at + at + 2);
      if (type === COMMON.type && size >= COMMON.length && at + 4 + size <= length) {
        p.linkTrailer = (u16le(b, p.at + at + 4 + COMMON.flags) & PPI_FCS) !== 0 ? FCS_LENGTH : 0;
        break;
      }
      at += 4 + size;
    }
    p.enter(length);
    if (dlt === IEEE80211) p.nextIn(0, 0);
    else p.nextIn(1, dlt);
  },
  tree(t) {
    const length = t.u16le(t.at + PPI.length);
    const end = t.at + length;
    t.addLabel(` version ${t.u8(t.at)}, ${length} bytes`);
    t.info(`PPI version ${t.u8(t.at)}, ${length} bytes`);
    let at = t.header();
    if (length < PPI.fields || !t.has(t.at, length)) t.fail();
    t.headerEnd(end);
    const radio: RadioFacts = { fcsLength: 0 };
    t.radio = radio;
    while (at + 4 <= end) {
      const type = t.u16le(at);
      const size = t.u16le(at + 2);
      t.nest(t.text(PPI_TYPES[type] ?? `Unknown (${type})`, at, Math.min(4 + size, end - at)));
      t.add('field_type', at);
      t.add('field_len', at + 2);
      if (type === COMMON.type && size >= COMMON.length && at + 4 + size <= end) common(t, at + 4, radio);
      if (type === MAC_PHY) radio.phy = PHY.n;
      t.close();
      at += 4 + size;
    }
    t.upper(end);
  },
});

function common(t: TreeBuilder, at: number, radio: RadioFacts): void {
  const flags = t.u16le(at + COMMON.flags);
  t.add('80211-common.tsft', at);
  t.add('80211-common.flags', at + COMMON.flags);
  t.nest(t.last());
  for (const flag of ['fcs', 'tsft', 'fcs-invalid', 'phy-err']) t.add(`80211-common.flags.${flag}`, at + COMMON.flags);
  t.close();
  radio.fcsLength = (flags & PPI_FCS) !== 0 ? FCS_LENGTH : 0;
  radio.timestamp = t.u64le(at) * ((flags & PPI_MILLISECONDS) !== 0 ? 1000n : 1n);
  radio.rateMbps = t.u16le(at + COMMON.rate) / 2;
  t.put(
    '80211-common.rate',
    t.u16le(at + COMMON.rate) * 500,
    at + COMMON.rate,
    2,
    `Rate: ${radio.rateMbps.toFixed(1)} Mbps`,
  );
  radio.frequencyMhz = t.u16le(at + COMMON.frequency);
  const channel = channelOf(radio.frequencyMhz);
  if (channel > 0) radio.channel = channel;
  t.add('80211-common.chan.freq', at + COMMON.frequency);
  t.add('80211-common.chan.flags', at + COMMON.channelFlags);
  const phy = phyOf(t.u16le(at + COMMON.channelFlags));
  if (phy !== undefined) radio.phy = phy;
  t.add('80211-common.fhss.hopset', at + COMMON.hopset);
  t.add('80211-common.fhss.pattern', at + COMMON.pattern);
  radio.signalDbm = (t.u8(at + COMMON.signal) << 24) >> 24;
  radio.noiseDbm = (t.u8(at + COMMON.noise) << 24) >> 24;
  t.add('80211-common.dbm.antsignal', at + COMMON.signal);
  t.add('80211-common.dbm.antnoise', at + COMMON.noise);
}

const AVS = {
  magic: 0,
  length: 4,
  mactime: 8,
  hosttime: 16,
  phy: 24,
  channel: 28,
  rate: 32,
  antenna: 36,
  priority: 40,
  ssiType: 44,
  signal: 48,
  noise: 52,
  preamble: 56,
  encoding: 60,
  end: 64,
} as const;
/** The upper 20 bits of the first word; the rest is the revision. */
const AVS_MAGIC = 0x80211;
const SSI = { normalized: 1, dbm: 2, raw: 3 } as const;

export const avs = defineProtocol({
  name: 'wlancap',
  title: 'AVS WLAN Capture header',
  on: { link: [163] },
  chooses: 'wlan.radio',
  header: AVS.mactime,
  fields: {
    magic: { type: 'u32', bits: [31, 4], show: 'hex', label: 'Header magic' },
    version: { type: 'u32', bits: [3, 0], label: 'Header revision' },
    length: { type: 'u32', label: 'Header length' },
    mactime: { type: 'u64', label: 'MAC timestamp' },
    hosttime: { type: 'u64', label: 'Host timestamp' },
    phytype: {
      type: 'u32',
      label: 'PHY type',
      names: {
        1: 'FHSS 802.11 97',
        2: 'DSSS 802.11 97',
        3: 'IR Baseband',
        4: 'DSSS 802.11b',
        5: 'PBCC 802.11b',
        6: 'OFDM 802.11g',
        7: 'PBCC 802.11g',
        8: 'OFDM 802.11a',
      },
    },
    channel: { type: 'u8', label: 'Channel' },
    channel_frequency: { type: 'u32', label: 'Channel frequency' },
    data_rate: { type: 'u64', label: 'Data Rate' },
    antenna: { type: 'u32', label: 'Antenna' },
    priority: { type: 'u32', label: 'Priority' },
    ssi_type: { type: 'u32', label: 'SSI Type', names: { 0: 'None', 1: 'Normalized RSSI', 2: 'dBm', 3: 'Raw RSSI' } },
    normrssi_antsignal: { type: 'u32', label: 'Normalized RSSI Signal' },
    dbm_antsignal: { type: 'i32', label: 'SSI Signal (dBm)' },
    rawrssi_antsignal: { type: 'u32', label: 'Raw RSSI Signal' },
    normrssi_antnoise: { type: 'u32', label: 'Normalized RSSI Noise' },
    dbm_antnoise: { type: 'i32', label: 'SSI Noise (dBm)' },
    rawrssi_antnoise: { type: 'u32', label: 'Raw RSSI Noise' },
    preamble: { type: 'u32', label: 'Preamble', names: { 0: 'Unknown', 1: 'Short', 2: 'Long' } },
    encoding: { type: 'u32', label: 'Encoding Type', names: { 0: 'Unknown', 1: 'CCK', 2: 'PBCC', 3: 'OFDM' } },
  },
  scan: scanAvs,
  tree: treeAvs,
});

function scanAvs(p: Parameters<NonNullable<typeof ppi.scan>>[0]): void {
  const length = u32(p.bytes, p.at + AVS.length);
  if (length < AVS.mactime || length > p.wireEnd - p.at) return p.malformed('length');
  if (!p.has(length)) return;
  p.enter(length);
  p.next(0);
}

function treeAvs(t: TreeBuilder): void {
  const length = t.u32(t.at + AVS.length);
  const { at } = t;
  t.info(`AVS WLAN Capture v${(t.u32(at) & 15).toString(16)}, Length ${length}`);
  if (length < AVS.mactime || !t.has(at, length)) t.fail();
  t.headerEnd(at + length);
  const radio: RadioFacts = { fcsLength: 0 };
  t.radio = radio;
  t.add('magic', at);
  t.add('version', at);
  t.add('length', at + AVS.length);
  if (length >= AVS.end) {
    t.add('mactime', at + AVS.mactime);
    radio.timestamp = t.u64(at + AVS.mactime);
    t.add('hosttime', at + AVS.hosttime);
    t.add('phytype', at + AVS.phy);
    avsChannel(t, at + AVS.channel, radio);
    // Some drivers write units of 100 kb/s, some of 1 b/s.
    const rate = t.u32(at + AVS.rate);
    const bps = rate < 100_000 ? rate * 100_000 : rate;
    radio.rateMbps = bps / 1_000_000;
    t.put('data_rate', BigInt(bps), at + AVS.rate, 4, `Data Rate: ${radio.rateMbps.toFixed(1)} Mb/s`);
    t.add('antenna', at + AVS.antenna);
    t.add('priority', at + AVS.priority);
    t.add('ssi_type', at + AVS.ssiType);
    avsSignal(t, t.u32(at + AVS.ssiType), at, radio);
    t.add('preamble', at + AVS.preamble);
    t.add('encoding', at + AVS.encoding);
  }
  t.upper(at + length);
}

function avsChannel(t: TreeBuilder, at: number, radio: RadioFacts): void {
  const value = t.u32(at);
  if (value < 256) {
    t.put('channel', value, at, 4);
    if (value > 0) {
      radio.channel = value;
      radio.frequencyMhz = frequencyOf(value);
    }
    return;
  }
  t.add('channel_frequency', at);
  const mhz = value < 10_000 ? value : Math.round(value / 1000);
  radio.frequencyMhz = mhz;
  if (channelOf(mhz) > 0) radio.channel = channelOf(mhz);
}

function avsSignal(t: TreeBuilder, type: number, at: number, radio: RadioFacts): void {
  const kind = type === SSI.normalized ? 'normrssi' : type === SSI.dbm ? 'dbm' : type === SSI.raw ? 'rawrssi' : '';
  if (kind === '') return;
  t.add(`${kind}_antsignal`, at + AVS.signal);
  t.add(`${kind}_antnoise`, at + AVS.noise);
  if (kind !== 'dbm') return;
  radio.signalDbm = t.u32(at + AVS.signal) | 0;
  radio.noiseDbm = t.u32(at + AVS.noise) | 0;
}

const PRISM = { code: 0, length: 4, device: 8, items: 24, item: 12, end: 144 } as const;
/** Identifiers of the items (wlan-ng), in the two numberings that drivers use. */
const PRISM_ITEMS: Readonly<Record<number, string>> = {
  1: 'Host Time',
  2: 'MAC Time',
  3: 'Channel',
  4: 'RSSI',
  5: 'SQ',
  6: 'Signal',
  7: 'Noise',
  8: 'Rate',
  9: 'Is Tx',
  10: 'Frame Length',
};

export const prism = defineProtocol({
  name: 'prism',
  title: 'Prism capture header',
  short: 'Prism',
  on: { link: [119] },
  chooses: 'wlan.radio',
  header: PRISM.device,
  fields: {
    msgcode: { type: 'u32', little: true, show: 'hex', label: 'Message Code' },
    msglen: { type: 'u32', little: true, label: 'Message Length' },
    devname: { type: 'string', label: 'Device Name' },
    did: { type: 'none', label: 'DID', many: true },
  },
  scan(p) {
    if (u32(p.bytes, p.at) >>> 12 === AVS_MAGIC) {
      scanAvs(p); // an AVS header under Prism's link type
      return;
    }
    const length = prismLength(p.bytes, p.at);
    if (!p.has(length)) return;
    p.enter(length);
    p.next(0);
  },
  tree(t) {
    const isAvs = t.u32(t.at) >>> 12 === AVS_MAGIC;
    const length = isAvs ? t.u32(t.at + AVS.length) : prismLength(t.bytes, t.at);
    if (!t.has(t.at, length)) t.fail();
    t.headerEnd(t.at + length);
    t.info('Device: ');
    const radio: RadioFacts = { fcsLength: 0 };
    t.radio = radio;
    if (!isAvs) {
      const isLittle = t.u16(t.at) !== 0;
      t.put('msgcode', isLittle ? t.u32le(t.at) : t.u32(t.at), t.at, 4);
      t.put('msglen', length, t.at + PRISM.length, 4);
      const device = t.string(t.at + PRISM.device, 16, 'ascii', true);
      t.put('devname', device, t.at + PRISM.device, 16);
      t.info(`Device: ${device}, Message 0x${(isLittle ? t.u32le(t.at) : t.u32(t.at)).toString(16)}, Length ${length}`);
      for (let at = t.at + PRISM.items; at + PRISM.item <= t.at + length; at += PRISM.item)
        prismItem(t, at, isLittle, radio);
    }
    t.upper(t.at + length);
  },
});

/** The length of the message that it states in the byte order of its writer. */
function prismLength(b: Uint8Array, at: number): number {
  const little = u32le(b, at + PRISM.length);
  const length = little < 0x10000 ? little : u32(b, at + PRISM.length);
  return length < PRISM.items ? PRISM.end : length;
}

function prismItem(t: TreeBuilder, at: number, isLittle: boolean, radio: RadioFacts): void {
  const id = isLittle ? t.u32le(at) : t.u32(at);
  const value = isLittle ? t.u32le(at + 8) : t.u32(at + 8);
  const kind = (id >>> 12) & 15 || (id >>> 16) & 15;
  t.put('did', new Uint8Array(0), at, PRISM.item, `${PRISM_ITEMS[kind] ?? 'Item'}: ${value}`);
  if (kind === 3 && value > 0) {
    radio.channel = value;
    radio.frequencyMhz = frequencyOf(value);
  } else if (kind === 8) radio.rateMbps = value / 2;
}
