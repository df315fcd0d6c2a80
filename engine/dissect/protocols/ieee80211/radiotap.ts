/** Radiotap headers (https://www.radiotap.org): words of presence bits, then the fields they announce, each aligned to its size. */

import { u16le, u32le } from '../../../base/bytes.ts';
import { defineProtocol } from '../../protocol.ts';
import type { RadioFacts, TreeBuilder } from '../../tree.ts';
import { channelOf, PHY, phyOf } from './radio.ts';

const AT = { version: 0, pad: 1, length: 2, present: 4, fields: 8 } as const;
const MORE_WORDS = 0x80000000;
const BIT = { tsft: 0, flags: 1 } as const;
const FLAG = { shortPreamble: 0x02, fcs: 0x10 } as const;
const FCS_LENGTH = 4;

/** Per presence bit: name for `present.*` (empty: none), label, size, alignment. */
const FIELDS: readonly (readonly [string, string, number, number])[] = [
  ['tsft', 'TSFT', 8, 8],
  ['flags', 'Flags', 1, 1],
  ['rate', 'Rate', 1, 1],
  ['channel', 'Channel', 4, 2],
  ['fhss', 'FHSS', 2, 1],
  ['dbm_antsignal', 'dBm Antenna Signal', 1, 1],
  ['dbm_antnoise', 'dBm Antenna Noise', 1, 1],
  ['lock_quality', 'Lock Quality', 2, 2],
  ['tx_attenuation', 'TX Attenuation', 2, 2],
  ['db_tx_attenuation', 'dB TX Attenuation', 2, 2],
  ['dbm_tx_power', 'dBm TX Power', 1, 1],
  ['antenna', 'Antenna', 1, 1],
  ['db_antsignal', 'dB Antenna Signal', 1, 1],
  ['db_antnoise', 'dB Antenna Noise', 1, 1],
  ['rxflags', 'RX flags', 2, 2],
  ['txflags', 'TX flags', 2, 2],
  ['', 'RTS retries', 1, 1],
  ['data_retries', 'data retries', 1, 1],
  ['xchannel', 'Channel+', 8, 4],
  ['mcs', 'MCS information', 3, 1],
  ['ampdu', 'A-MPDU Status', 8, 4],
  ['vht', 'VHT information', 12, 2],
  ['timestamp', 'frame timestamp', 12, 8],
];

const CHANNEL_FLAGS: readonly (readonly [string, string, number])[] = [
  ['700mhz', '700 MHz spectrum', 0],
  ['800mhz', '800 MHz spectrum', 1],
  ['900mhz', '900 MHz spectrum', 2],
  ['turbo', 'Turbo', 4],
  ['cck', 'Complementary Code Keying (CCK)', 5],
  ['ofdm', 'Orthogonal Frequency-Division Multiplexing (OFDM)', 6],
  ['2ghz', '2 GHz spectrum', 7],
  ['5ghz', '5 GHz spectrum', 8],
  ['passive', 'Passive', 9],
  ['dynamic', 'Dynamic CCK-OFDM', 10],
  ['gfsk', 'Gaussian Frequency Shift Keying (GFSK)', 11],
  ['gsm', 'GSM (900MHz)', 12],
  ['sturbo', 'Static Turbo', 13],
  ['half', 'Half Rate Channel (10MHz Channel Width)', 14],
  ['quarter', 'Quarter Rate Channel (5MHz Channel Width)', 15],
];

export const radiotap = defineProtocol({
  name: 'radiotap',
  title: 'Radiotap Header',
  short: 'WLAN',
  on: { link: [127] },
  chooses: 'wlan.radio',
  header: AT.fields,
  fields: {
    version: { at: AT.version, type: 'u8', label: 'Header revision' },
    pad: { at: AT.pad, type: 'u8', label: 'Header pad' },
    length: { at: AT.length, type: 'u16', little: true, label: 'Header length' },
    present: { type: 'none', label: 'Present flags' },
    'present.word': { type: 'u32', little: true, show: 'hex', label: 'Present flags word', many: true },
    ...Object.fromEntries(
      FIELDS.flatMap(([name, label], bit) =>
        name === ''
          ? []
          : [
              [
                `present.${name}`,
                {
                  type: 'bool',
                  of: 'u32',
                  little: true,
                  bits: [bit, bit],
                  label,
                  flag: ['Present', 'Absent'],
                  many: true,
                } as const,
              ],
            ],
      ),
    ),
    mactime: { type: 'u64', little: true, label: 'MAC timestamp' },
    flags: { type: 'u8', show: 'hex', label: 'Flags' },
    'flags.cfp': { type: 'bool', of: 'u8', bits: [0, 0], label: 'CFP', flag: ['True', 'False'] },
    'flags.preamble': { type: 'bool', of: 'u8', bits: [1, 1], label: 'Preamble', flag: ['Short', 'Long'] },
    'flags.wep': { type: 'bool', of: 'u8', bits: [2, 2], label: 'WEP', flag: ['True', 'False'] },
    'flags.frag': { type: 'bool', of: 'u8', bits: [3, 3], label: 'Fragmentation', flag: ['True', 'False'] },
    'flags.fcs': { type: 'bool', of: 'u8', bits: [4, 4], label: 'FCS at end', flag: ['True', 'False'] },
    'flags.datapad': { type: 'bool', of: 'u8', bits: [5, 5], label: 'Data Pad', flag: ['True', 'False'] },
    'flags.badfcs': { type: 'bool', of: 'u8', bits: [6, 6], label: 'Bad FCS', flag: ['True', 'False'] },
    'flags.shortgi': { type: 'bool', of: 'u8', bits: [7, 7], label: 'Short GI', flag: ['True', 'False'] },
    datarate: { type: 'float', label: 'Data rate (Mb/s)' },
    'channel.freq': { type: 'u32', label: 'Channel frequency' },
    'channel.flags': { type: 'u16', little: true, show: 'hex', label: 'Channel flags' },
    ...Object.fromEntries(
      CHANNEL_FLAGS.map(([name, label, bit]) => [
        `channel.flags.${name}`,
        { type: 'bool', of: 'u16', little: true, bits: [bit, bit], label, flag: ['True', 'False'] } as const,
      ]),
    ),
    'fhss.hopset': { type: 'u8', label: 'FHSS Hop Set' },
    'fhss.pattern': { type: 'u8', label: 'FHSS Pattern' },
    dbm_antsignal: { type: 'i8', label: 'Antenna signal' },
    dbm_antnoise: { type: 'i8', label: 'Antenna noise' },
    quality: { type: 'u16', little: true, label: 'Signal Quality' },
    txattenuation: { type: 'u16', little: true, label: 'TX attenuation' },
    db_txattenuation: { type: 'u16', little: true, label: 'dB TX attenuation' },
    txpower: { type: 'i8', label: 'Transmit power' },
    antenna: { type: 'u32', of: 'u8', label: 'Antenna' },
    db_antsignal: { type: 'u8', label: 'dB antenna signal' },
    db_antnoise: { type: 'u8', label: 'dB antenna noise' },
    rxflags: { type: 'u16', little: true, show: 'hex', label: 'RX flags' },
    data_retries: { type: 'u8', label: 'data retries' },
    'mcs.known': { type: 'u8', show: 'hex', label: 'Known MCS information' },
    'mcs.bw': {
      type: 'u8',
      bits: [1, 0],
      label: 'Bandwidth',
      names: { 0: '20 MHz', 1: '40 MHz', 2: '20 MHz lower', 3: '20 MHz upper' },
    },
    'mcs.gi': { type: 'u8', bits: [2, 2], label: 'Guard interval', names: { 0: 'long', 1: 'short' } },
    'mcs.index': { type: 'u8', label: 'MCS index' },
    'ampdu.reference': { type: 'u32', little: true, label: 'A-MPDU reference number' },
    'ampdu.flags': { type: 'u16', little: true, show: 'hex', label: 'A-MPDU flags' },
  },
  scan(p) {
    const b = p.bytes;
    const length = u16le(b, p.at + AT.length);
    if (length < AT.fields) return p.malformed('length');
    if (!p.has(length)) return;
    // The flags field says whether the frame ends in its check sequence; only TSFT may come before it.
    const present = u32le(b, p.at + AT.present);
    if ((present & (1 << BIT.flags)) !== 0) {
      let at: number = AT.present;
      while (at + 4 <= length && (u32le(b, p.at + at) & MORE_WORDS) !== 0) at += 4;
      at += 4;
      if ((present & (1 << BIT.tsft)) !== 0) at = ((at + 7) & ~7) + 8;
      if (at < length && (b[p.at + at] & FLAG.fcs) !== 0) p.linkTrailer = FCS_LENGTH;
    }
    p.enter(length);
    p.next(0);
  },
  tree(t) {
    const length = t.u16le(t.at + AT.length);
    const end = t.at + length;
    t.addLabel(` v${t.u8(t.at)}, Length ${length}`);
    t.info(`Radiotap Capture v${t.u8(t.at)}, Length ${length}`);
    t.header();
    if (length < AT.fields || !t.has(t.at, length)) t.fail();
    t.headerEnd(end);
    const words = presentWords(t, end);
    const radio: RadioFacts = { fcsLength: 0 };
    t.radio = radio;
    listFields(t, words[0] ?? 0, t.at + AT.present + 4 * words.length, end, radio);
    t.upper(end);
  },
});

function presentWords(t: TreeBuilder, end: number): number[] {
  const words: number[] = [];
  t.nest(t.put('present', new Uint8Array(0), t.at + AT.present, 4));
  for (let at = t.at + AT.present; at + 4 <= end; at += 4) {
    const word = t.u32le(at);
    words.push(word);
    t.add('present.word', at);
    t.nest(t.last());
    for (const [name] of FIELDS) if (name !== '') t.add(`present.${name}`, at);
    t.close();
    if ((word & MORE_WORDS) === 0) break;
  }
  t.close();
  return words;
}

/** The fields of the first word; those of further antennas stay undissected. */
function listFields(t: TreeBuilder, present: number, from: number, end: number, radio: RadioFacts): void {
  let at = from;
  for (const [bit, field] of FIELDS.entries()) {
    if ((present & (1 << bit)) === 0) continue;
    const [name, , size, alignment] = field;
    const offset = at - t.at;
    at = t.at + ((offset + alignment - 1) & ~(alignment - 1));
    if (at + size > end) return;
    addField(t, name, at, radio);
    at += size;
  }
}

function addField(t: TreeBuilder, name: string, at: number, radio: RadioFacts): void {
  switch (name) {
    case 'tsft':
      t.add('mactime', at);
      radio.timestamp = t.u64le(at);
      return;
    case 'flags': {
      const flags = t.u8(at);
      t.add('flags', at);
      t.nest(t.last());
      for (const flag of ['cfp', 'preamble', 'wep', 'frag', 'fcs', 'datapad', 'badfcs', 'shortgi'])
        t.add(`flags.${flag}`, at);
      t.close();
      if ((flags & FLAG.fcs) !== 0) radio.fcsLength = FCS_LENGTH;
      radio.shortPreamble = (flags & FLAG.shortPreamble) !== 0;
      return;
    }
    case 'rate':
      radio.rateMbps = t.u8(at) / 2;
      t.put('datarate', radio.rateMbps, at, 1, `Data Rate: ${radio.rateMbps.toFixed(1)} Mb/s`);
      return;
    case 'channel':
      channel(t, at, radio);
      return;
    case 'fhss':
      t.add('fhss.hopset', at);
      t.add('fhss.pattern', at + 1);
      return;
    case 'dbm_antsignal':
      radio.signalDbm = (t.u8(at) << 24) >> 24;
      t.put('dbm_antsignal', radio.signalDbm, at, 1, `Antenna signal: ${radio.signalDbm} dBm`);
      return;
    case 'dbm_antnoise':
      radio.noiseDbm = (t.u8(at) << 24) >> 24;
      t.put('dbm_antnoise', radio.noiseDbm, at, 1, `Antenna noise: ${radio.noiseDbm} dBm`);
      return;
    case 'db_antsignal':
      radio.signalDb = t.u8(at);
      t.add('db_antsignal', at);
      return;
    case 'db_antnoise':
      radio.noiseDb = t.u8(at);
      t.add('db_antnoise', at);
      return;
    case 'mcs':
      t.add('mcs.known', at);
      t.add('mcs.bw', at + 1);
      t.add('mcs.gi', at + 1);
      t.add('mcs.index', at + 2);
      radio.phy = PHY.n;
      return;
    case 'ampdu':
      t.add('ampdu.reference', at);
      t.add('ampdu.flags', at + 4);
      return;
    case 'vht':
      radio.phy = PHY.ac;
      return;
    default: {
      const key = DIRECT.get(name);
      if (key !== undefined) t.add(key, at);
    }
  }
}

/** Fields that are one number, by presence bit. */
const DIRECT: ReadonlyMap<string, string> = new Map([
  ['lock_quality', 'quality'],
  ['tx_attenuation', 'txattenuation'],
  ['db_tx_attenuation', 'db_txattenuation'],
  ['dbm_tx_power', 'txpower'],
  ['antenna', 'antenna'],
  ['rxflags', 'rxflags'],
  ['data_retries', 'data_retries'],
]);

function channel(t: TreeBuilder, at: number, radio: RadioFacts): void {
  const frequency = t.u16le(at);
  const flags = t.u16le(at + 2);
  t.put('channel.freq', frequency, at, 2);
  t.add('channel.flags', at + 2);
  t.nest(t.last());
  for (const [name] of CHANNEL_FLAGS) t.add(`channel.flags.${name}`, at + 2);
  t.close();
  radio.frequencyMhz = frequency;
  const number = channelOf(frequency);
  if (number > 0) radio.channel = number;
  const phy = phyOf(flags);
  if (phy !== undefined) radio.phy = phy;
  if (radio.phy !== PHY.b) delete radio.shortPreamble;
}
