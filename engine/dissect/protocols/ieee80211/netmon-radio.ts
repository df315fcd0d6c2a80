/** 802.11 as Network Monitor keeps it: a radio header, little endian, whose own length says where the frame begins. */

import { u16le } from '../../../base/bytes.ts';
import { defineProtocol } from '../../protocol.ts';
import type { RadioFacts, TreeBuilder } from '../../tree.ts';
import { channelOf, frequencyOf } from './radio.ts';

/** What readers/link-types.ts calls Network Monitor's network type 6. */
const LINK_TYPE = 0x3_0006;
const AT = {
  version: 0,
  length: 1,
  mode: 3,
  flags: 7,
  phy: 11,
  channel: 15,
  rssi: 19,
  rate: 23,
  time: 24,
  end: 32,
} as const;
const MODE = { station: 1, accessPoint: 2, extensible: 4, monitor: 0x8000_0000 } as const;
/** In place of flags: nothing of what the radio measured is valid. */
const NOT_VALID = 0xffff_ffff;
/** Larger numbers are frequencies. */
const MOST_CHANNELS = 1000;

export const netmonRadio = defineProtocol({
  name: 'netmon_802_11',
  title: 'NetMon 802.11 capture header',
  short: 'NetMon 802.11',
  on: { link: [LINK_TYPE] },
  chooses: 'wlan.radio',
  header: AT.end,
  fields: {
    version: { type: 'u8', label: 'Header revision' },
    length: { type: 'u16', label: 'Header length' },
    op_mode: { type: 'u32', label: 'Operation mode', show: 'hex' },
    'op_mode.sta': { type: 'u32', label: 'Station mode', show: 'hex' },
    'op_mode.ap': { type: 'u32', label: 'AP mode', show: 'hex' },
    'op_mode.sta_ext': { type: 'u32', label: 'Extensible station mode', show: 'hex' },
    'op_mode.mon': { type: 'u32', label: 'Monitor mode', show: 'hex' },
    phy_type: {
      type: 'u32',
      label: 'PHY type',
      names: {
        0: 'Unknown',
        1: '802.11 FHSS',
        2: '802.11 DSSS',
        3: '802.11 IR',
        4: '802.11a',
        5: '802.11b',
        6: '802.11g',
        7: '802.11n',
        8: '802.11ac',
      },
    },
    channel: { type: 'u32', label: 'Channel' },
    frequency: { type: 'u32', label: 'Center frequency' },
    rssi: { type: 'i32', label: 'RSSI' },
    datarate: { type: 'u32', label: 'Data rate' },
    timestamp: { type: 'u64', label: 'Timestamp' },
  },
  scan(p) {
    const length = u16le(p.bytes, p.at + AT.length);
    if (length < AT.end || length > p.wireEnd - p.at) return p.malformed('length');
    if (!p.has(length)) return;
    p.enter(length);
    p.next(0);
  },
  tree,
});

function tree(t: TreeBuilder): void {
  const { at } = t;
  const length = t.u16le(at + AT.length);
  if (length < AT.end || !t.has(at, length)) t.fail();
  t.headerEnd(at + length);
  const radio: RadioFacts = { fcsLength: 0 };
  t.radio = radio;
  t.put('version', t.u8(at), at, 1);
  t.put('length', length, at + AT.length, 2);
  const mode = t.u32le(at + AT.mode);
  t.nest(t.put('op_mode', mode, at + AT.mode, 4));
  t.put('op_mode.sta', mode & MODE.station, at + AT.mode, 4);
  t.put('op_mode.ap', mode & MODE.accessPoint, at + AT.mode, 4);
  t.put('op_mode.sta_ext', mode & MODE.extensible, at + AT.mode, 4);
  t.put('op_mode.mon', (mode & MODE.monitor) >>> 0, at + AT.mode, 4);
  t.close();
  if (t.u32le(at + AT.flags) !== NOT_VALID) measured(t, at, radio);
  t.put('timestamp', t.u64le(at + AT.time), at + AT.time, 8);
  radio.timestamp = t.u64le(at + AT.time);
  t.upper(at + length);
}

function measured(t: TreeBuilder, at: number, radio: RadioFacts): void {
  t.put('phy_type', t.u32le(at + AT.phy), at + AT.phy, 4);
  const channel = t.u32le(at + AT.channel);
  if (channel >= MOST_CHANNELS) {
    t.put('frequency', channel, at + AT.channel, 4, `Center frequency: ${channel} MHz`);
    radio.frequencyMhz = channel;
    if (channelOf(channel) > 0) radio.channel = channelOf(channel);
  } else {
    const none = channel === 0 ? 'Channel: Unknown' : undefined;
    t.put('channel', channel, at + AT.channel, 4, none);
    if (channel > 0) {
      radio.channel = channel;
      radio.frequencyMhz = frequencyOf(channel);
    }
  }
  const rssi = t.u32le(at + AT.rssi) | 0;
  t.put('rssi', rssi, at + AT.rssi, 4, rssi === 0 ? 'RSSI: Unknown' : `RSSI: ${rssi} dBm`);
  if (rssi !== 0) radio.signalDbm = rssi;
  const rate = t.u8(at + AT.rate);
  t.put(
    'datarate',
    rate,
    at + AT.rate,
    1,
    rate === 0 ? 'Data rate: Unknown' : `Data rate: ${(rate / 2).toFixed(1)} Mb/s`,
  );
  if (rate !== 0) radio.rateMbps = rate / 2;
}
