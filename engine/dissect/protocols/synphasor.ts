/** Synchrophasors (IEEE C37.118.2): frames of measurements, their configuration, and commands, over TCP and UDP. */

import { u16 } from '../../base/bytes.ts';
import { defineProtocol, type Framing, MORE, NOT_MINE } from '../protocol.ts';
import type { TreeBuilder } from '../tree.ts';

const SYNC = 0xaa;
const AT = { sync: 0, size: 2, id: 4, seconds: 6, quality: 10, fraction: 11, body: 14 } as const;
const SHORTEST = 16;
const KIND = { data: 0, header: 1, configuration1: 2, configuration2: 3, command: 4, configuration3: 5 } as const;
const NAME = 16;
const NANOSECONDS = 1_000_000_000n;
const COMMANDS: Readonly<Record<number, string>> = {
  1: 'data transmission off',
  2: 'data transmission on',
  3: 'send HDR frame',
  4: 'send CFG-1 frame',
  5: 'send CFG-2 frame',
  6: 'send CFG-3 frame',
  8: 'extended frame',
};
const CHECK = { bad: 0, good: 1 } as const;
const FRTYPES: Readonly<Record<number, string>> = {
  0x0: 'Data Frame',
  0x1: 'Header Frame',
  0x2: 'Configuration Frame 1',
  0x3: 'Configuration Frame 2',
  0x4: 'Command Frame',
  0x5: 'Configuration Frame 3',
};
const TIMEQAL_TIMEQUALINDICS: Readonly<Record<number, string>> = {
  0xf: 'Clock failure, time not reliable',
  0xb: 'Clock unlocked, time within 10 s',
  0xa: 'Clock unlocked, time within 1 s',
  0x9: 'Clock unlocked, time within 10^-1 s',
  0x8: 'Clock unlocked, time within 10^-2 s',
  0x7: 'Clock unlocked, time within 10^-3 s',
  0x6: 'Clock unlocked, time within 10^-4 s',
  0x5: 'Clock unlocked, time within 10^-5 s',
  0x4: 'Clock unlocked, time within 10^-6 s',
  0x3: 'Clock unlocked, time within 10^-7 s',
  0x2: 'Clock unlocked, time within 10^-8 s',
  0x1: 'Clock unlocked, time within 10^-9 s',
  0x0: 'Normal operation, clock locked',
};
const CHECKSUM_STATUSES: Readonly<Record<number, string>> = {
  0: 'Bad',
  1: 'Good',
  2: 'Unverified',
  3: 'Not present',
  4: 'Illegal',
};

/** CRC-CCITT of all that is before it (4.2). */
function checkOf(bytes: Uint8Array, at: number, end: number): number {
  let crc = 0xffff;
  for (let i = at; i < end; i++) {
    crc ^= bytes[i] << 8;
    for (let bit = 0; bit < 8; bit++) crc = (crc & 0x8000) !== 0 ? ((crc << 1) ^ 0x1021) & 0xffff : (crc << 1) & 0xffff;
  }
  return crc;
}

export const synphasor = defineProtocol({
  name: 'synphasor',
  title: 'IEEE C37.118 Synchrophasor Protocol',
  short: 'SYNCHROPHASOR',
  on: { 'tcp.port': [4712], 'udp.port': [4713] },
  opens: ['data'],
  fields: {
    sync: { type: 'u16', label: 'Synchronization word', show: 'hex' },
    frtype: { type: 'u16', label: 'Frame Type', show: 'hex', bits: [6, 4], names: FRTYPES },
    version: {
      type: 'u16',
      label: 'Version',
      bits: [3, 0],
      names: { 1: 'Defined in IEEE Std C37.118-2005', 2: 'Added in IEEE Std C37.118.2-2011' },
    },
    frsize: { type: 'u16', label: 'Framesize' },
    idcode_stream_source: { type: 'u16', label: 'PMU/DC ID number (Stream source ID)' },
    idcode_data_source: { type: 'u16', label: 'PMU/DC ID number (Data source ID)', many: true },
    soc: { type: 'time', label: 'SOC time stamp' },
    'timeqal.lsdir': { type: 'bool', label: 'Leap second direction', bits: [6, 6], flag: ['Add', 'Delete'] },
    'timeqal.lsocc': { type: 'bool', label: 'Leap second occurred', bits: [5, 5] },
    'timeqal.lspend': { type: 'bool', label: 'Leap second pending', bits: [4, 4] },
    'timeqal.timequalindic': {
      type: 'u8',
      label: 'Message Time Quality indicator code',
      show: 'hex',
      bits: [3, 0],
      names: TIMEQAL_TIMEQUALINDICS,
    },
    fracsec_raw: { type: 'u24', label: 'Fraction of second (raw)' },
    'conf.timebase': { type: 'u24', label: 'Resolution of fractional second time stamp' },
    'conf.numpmu': { type: 'u16', label: 'Number of PMU blocks included in the frame' },
    station_name: { type: 'string', label: 'Station name', many: true },
    'conf.dfreq_format': {
      type: 'bool',
      label: 'FREQ/DFREQ format',
      bits: [3, 3],
      of: 'u16',
      flag: ['32-bit IEEE floating point', '16-bit integer'],
      many: true,
    },
    'conf.analog_format': {
      type: 'bool',
      label: 'Analog values format',
      bits: [2, 2],
      of: 'u16',
      flag: ['32-bit IEEE floating point', '16-bit integer'],
      many: true,
    },
    'conf.phasor_format': {
      type: 'bool',
      label: 'Phasor format',
      bits: [1, 1],
      of: 'u16',
      flag: ['32-bit IEEE floating point', '16-bit integer'],
      many: true,
    },
    'conf.phasor_notation': {
      type: 'bool',
      label: 'Phasor notation',
      bits: [0, 0],
      of: 'u16',
      flag: ['polar', 'rectangular'],
      many: true,
    },
    num_phasors: { type: 'u16', label: 'Number of phasors', many: true },
    num_analog_values: { type: 'u16', label: 'Number of analog values', many: true },
    num_digital_status_words: { type: 'u16', label: 'Number of digital status words', many: true },
    conversion_factor: { type: 'u32', label: 'conversion factor', show: 'hex', many: true },
    'conf.fnom': {
      type: 'bool',
      label: 'Nominal line frequency',
      bits: [0, 0],
      of: 'u16',
      flag: ['50Hz', '60Hz'],
      many: true,
    },
    'conf.cfgcnt': { type: 'u16', label: 'Configuration change count', many: true },
    rate_of_transmission: { type: 'i16', label: 'Rate of transmission' },
    'channel.name': { type: 'string', label: 'Channel name', many: true, abbrev: 'synphasor.channel_name' },
    command: { type: 'u16', label: 'Command', show: 'hex', names: COMMANDS },
    data: { type: 'bytes', label: 'Data' },
    checksum: { type: 'u16', label: 'Checksum', show: 'hex' },
    'checksum.status': { type: 'u8', label: 'Checksum Status', names: CHECKSUM_STATUSES },
  },
  accepts: (bytes, at) => bytes[at] === SYNC,
  frame(f: Framing): number {
    if (f.bytes[f.at] !== SYNC) return NOT_MINE;
    if (f.end - f.at < AT.id) return MORE;
    const length = u16(f.bytes, f.at + AT.size);
    return length < SHORTEST ? NOT_MINE : length;
  },
  tree(t) {
    const { at } = t;
    if (t.u8(at) !== SYNC) {
      t.payload(at);
      return;
    }
    t.info('');
    const kind = (t.u8(at + 1) >>> 4) & 7;
    const size = t.u16(at + AT.size);
    const name = t.nameOf('frtype', kind) ?? 'invalid packet type';
    t.info(name);
    t.addLabel(`, ${name}`);
    t.add('sync', at);
    t.add('frtype', at);
    t.add('version', at);
    t.add('frsize', at + AT.size);
    t.add('idcode_stream_source', at + AT.id);
    t.put('soc', BigInt(t.u32(at + AT.seconds)) * NANOSECONDS, at + AT.seconds, 4);
    for (const key of ['lsdir', 'lsocc', 'lspend', 'timequalindic']) t.add(`timeqal.${key}`, at + AT.quality);
    t.add('fracsec_raw', at + AT.fraction);
    const end = at + size - 2;
    t.add('data', at + AT.body, end - at - AT.body);
    if (kind === KIND.command) command(t, at + AT.body);
    else if (kind === KIND.configuration1 || kind === KIND.configuration2) configuration(t, at + AT.body);
    t.add('checksum', end);
    t.generated('checksum.status', t.u16(end) === checkOf(t.bytes, at, end) ? CHECK.good : CHECK.bad);
  },
});

function command(t: TreeBuilder, at: number): void {
  const code = t.u16(at);
  t.addInfo(`, ${COMMANDS[code] ?? 'unknown'}`);
  t.add('command', at);
}

/** Configuration frames 1 and 2 (table 8): for each unit its name, formats, channel names, factors. */
function configuration(t: TreeBuilder, from: number): void {
  t.add('conf.timebase', from + 1);
  const units = t.u16(from + 4);
  t.add('conf.numpmu', from + 4);
  let at = from + 6;
  for (let i = 0; i < units; i++) at = unit(t, at);
  t.add('rate_of_transmission', at);
}

function unit(t: TreeBuilder, from: number): number {
  t.add('station_name', from, NAME);
  t.nest(t.last());
  t.add('idcode_data_source', from + NAME);
  let at = from + NAME + 2;
  for (const key of ['dfreq_format', 'analog_format', 'phasor_format', 'phasor_notation']) t.add(`conf.${key}`, at);
  at += 2;
  const phasors = t.u16(at);
  const values = t.u16(at + 2);
  const words = t.u16(at + 4);
  t.add('num_phasors', at);
  t.add('num_analog_values', at + 2);
  t.add('num_digital_status_words', at + 4);
  at += 6;
  for (let i = 0; i < phasors + values + 16 * words; i++) at = t.add('channel.name', at, NAME);
  for (let i = 0; i < phasors; i++) at = t.add('conversion_factor', at);
  at += 4 * (values + words);
  t.add('conf.fnom', at);
  t.add('conf.cfgcnt', at + 2);
  t.close();
  return at + 4;
}
