/** What every radio header says, in one form: the layer between a radio header and the 802.11 frame. It has no bytes of its own. */

import { defineProtocol } from '../../protocol.ts';

const LINK_IEEE80211 = 105;

/** Channel number of a centre frequency (IEEE 802.11 15.4.4.3, 17.3.8.4.2, 27.3.23.2); 0 where it is none. */
export function channelOf(frequencyMhz: number): number {
  if (frequencyMhz === 2484) return 14;
  if (frequencyMhz >= 2412 && frequencyMhz <= 2472) return (frequencyMhz - 2407) / 5;
  if (frequencyMhz >= 5955) return (frequencyMhz - 5950) / 5;
  return frequencyMhz >= 5000 ? (frequencyMhz - 5000) / 5 : 0;
}

/** Centre frequency in MHz of a channel of the 2.4 and 5 GHz bands. */
export function frequencyOf(channel: number): number {
  if (channel === 14) return 2484;
  return channel < 14 ? 2407 + 5 * channel : 5000 + 5 * channel;
}

export const PHY = { b: 4, a: 5, g: 6, n: 7, ac: 8 } as const;
const CHANNEL = { cck: 0x20, ofdm: 0x40, ghz2: 0x80, ghz5: 0x100 } as const;

/** What the channel flags that radiotap and PPI share say of the modulation. */
export function phyOf(channelFlags: number): number | undefined {
  const isOfdm = (channelFlags & CHANNEL.ofdm) !== 0;
  if ((channelFlags & CHANNEL.ghz2) !== 0)
    return (channelFlags & CHANNEL.cck) !== 0 ? PHY.b : isOfdm ? PHY.g : undefined;
  return (channelFlags & CHANNEL.ghz5) !== 0 && isOfdm ? PHY.a : undefined;
}

const CCK_RATES_MBPS: readonly number[] = [1, 2, 5.5, 11];
const PHYS: Readonly<Record<number, string>> = {
  1: '802.11 FHSS',
  2: '802.11 IR',
  3: '802.11 DSSS',
  4: '802.11b (HR/DSSS)',
  5: '802.11a (OFDM)',
  6: '802.11g (ERP)',
  7: '802.11n (HT)',
  8: '802.11ac (VHT)',
  9: '802.11ad (DMG)',
  10: '802.11ah (S1G)',
  11: '802.11ax (HE)',
};

export const wlanRadio = defineProtocol({
  name: 'wlan_radio',
  title: '802.11 radio information',
  short: '802.11 Radio',
  on: { 'wlan.radio': [0] },
  chooses: 'link',
  fields: {
    phy: { type: 'u32', label: 'PHY type', names: PHYS },
    short_preamble: { type: 'bool', label: 'Short preamble', flag: ['True', 'False'] },
    data_rate: { type: 'float', label: 'Data rate', doc: 'In megabits per second.' },
    channel: { type: 'u32', label: 'Channel' },
    frequency: { type: 'u16', label: 'Frequency', doc: 'In MHz.' },
    signal_db: { type: 'u8', label: 'Signal strength (dB)' },
    signal_dbm: { type: 'i8', label: 'Signal strength (dBm)' },
    noise_db: { type: 'u8', label: 'Noise level (dB)' },
    noise_dbm: { type: 'i8', label: 'Noise level (dBm)' },
    snr: { type: 'i32', label: 'Signal/noise ratio (dB)' },
    timestamp: { type: 'u64', label: 'TSF timestamp' },
  },
  scan(p) {
    p.next(LINK_IEEE80211);
  },
  tree(t) {
    t.headerEnd(t.at);
    const { radio } = t;
    if (radio !== null) {
      // Cards report OFDM for a whole 2.4 GHz channel; the rate tells which frames were not.
      const isSlow = radio.rateMbps !== undefined && CCK_RATES_MBPS.includes(radio.rateMbps);
      if (radio.phy !== undefined) t.put('phy', radio.phy === PHY.g && isSlow ? PHY.b : radio.phy, t.at, 0);
      if (radio.shortPreamble !== undefined) t.put('short_preamble', radio.shortPreamble ? 1 : 0, t.at, 0);
      if (radio.rateMbps !== undefined)
        t.put('data_rate', radio.rateMbps, t.at, 0, `Data rate: ${radio.rateMbps.toFixed(1)} Mb/s`);
      if (radio.channel !== undefined) t.put('channel', radio.channel, t.at, 0);
      if (radio.frequencyMhz !== undefined)
        t.put('frequency', radio.frequencyMhz, t.at, 0, `Frequency: ${radio.frequencyMhz}MHz`);
      if (radio.signalDb !== undefined)
        t.put('signal_db', radio.signalDb, t.at, 0, `Signal strength (dB): ${radio.signalDb} dB`);
      if (radio.signalDbm !== undefined)
        t.put('signal_dbm', radio.signalDbm, t.at, 0, `Signal strength (dBm): ${radio.signalDbm} dBm`);
      if (radio.noiseDb !== undefined)
        t.put('noise_db', radio.noiseDb, t.at, 0, `Noise level (dB): ${radio.noiseDb} dB`);
      if (radio.noiseDbm !== undefined)
        t.put('noise_dbm', radio.noiseDbm, t.at, 0, `Noise level (dBm): ${radio.noiseDbm} dBm`);
      if (radio.signalDbm !== undefined && radio.noiseDbm !== undefined) {
        t.put(
          'snr',
          radio.signalDbm - radio.noiseDbm,
          t.at,
          0,
          `Signal/noise ratio (dB): ${radio.signalDbm - radio.noiseDbm} dB`,
        );
      }
      if (radio.timestamp !== undefined) t.put('timestamp', radio.timestamp, t.at, 0);
    }
    t.upper(t.at);
  },
});
