/** 802.11 frames with and without radio headers: addresses by direction, check sequences, encrypted and management bodies. */

import { describe, expect, it } from 'vitest';
import { join, u16, u32, u64le, utf8, zeros } from '../../../../support/build-bytes.ts';
import {
  beaconBody,
  type Ieee80211Fields,
  ieee80211,
  LINK_TYPE,
  ppi,
  ppiCommon,
  radiotap,
  snap,
} from '../../../../support/build-link.ts';
import { radioFrame } from '../../../../support/build-netmon.ts';
import { ipv4, type Payload, udp } from '../../../../support/build-packet.ts';
import { checkPacket } from '../../../../support/check-packet.ts';
import { stackText, valuesOf } from '../../../../support/dissect-packet.ts';

const [ONE, TWO, THREE, FOUR] = [
  '02:00:00:00:00:01',
  '02:00:00:00:00:02',
  '02:00:00:00:00:03',
  '02:00:00:00:00:04',
] as const;
const packet = snap({}, ipv4({ src: '192.0.2.1', dst: '192.0.2.2' }, udp({ srcPort: 4000, dstPort: 4001 }, 'hello')));

const data = (fields: Partial<Ieee80211Fields>, payload: Payload = packet): Uint8Array =>
  ieee80211({ type: 2, subtype: 0, addresses: [ONE, TWO, THREE], sequence: 7, ...fields }, payload).bytes();

describe('a radio header of Network Monitor', () => {
  const NETMON_RADIO = 0x3_0006;

  it('says what the radio measured', () => {
    const whole = checkPacket(radioFrame(data({}), { channel: 6, signal: -50, rate: 22 }), NETMON_RADIO);
    expect(stackText(whole)).toBe('netmon_802_11:wlan_radio:wlan:llc:ip:udp:data');
    const values = ['op_mode.sta', 'phy_type', 'channel', 'rssi', 'datarate', 'timestamp', 'version', 'length'];
    expect(values.map((name) => valuesOf(whole.root, `netmon_802_11.${name}`)[0])).toEqual([
      '0x00000001',
      '6',
      '6',
      '-50',
      '22',
      '0',
      '2',
      '32',
    ]);
    expect(valuesOf(whole.root, 'wlan_radio.signal_dbm')).toEqual(['-50']);
  });

  it('may have a frequency in place of a channel, and a frame after a longer header', () => {
    const whole = checkPacket(radioFrame(data({}), { channel: 2437 }), NETMON_RADIO);
    expect(valuesOf(whole.root, 'netmon_802_11.frequency')).toEqual(['2437']);
    expect(valuesOf(whole.root, 'wlan_radio.channel')).toEqual(['6']);
  });

  it('has nothing behind it when it is longer than its packet', () => {
    const frame = radioFrame(data({}));
    frame[2] = 0xff;
    expect(stackText(checkPacket(frame, NETMON_RADIO))).toBe('netmon_802_11');
  });
});

describe('802.11', () => {
  it.each([
    ['between stations', 0, [ONE, TWO, THREE], { da: ONE, sa: TWO, bssid: THREE }],
    ['to the access point', 1, [ONE, TWO, THREE], { bssid: ONE, sa: TWO, da: THREE }],
    ['from the access point', 2, [ONE, TWO, THREE], { da: ONE, bssid: TWO, sa: THREE }],
    ['over a bridge', 3, [ONE, TWO, THREE, FOUR], { da: THREE, sa: FOUR }],
  ])('knows whose address is whose %s', (_, flags, addresses, roles) => {
    const whole = checkPacket(data({ flags, addresses }), LINK_TYPE.ieee80211);
    expect(stackText(whole)).toBe('wlan:llc:ip:udp:data');
    for (const [role, address] of Object.entries(roles))
      expect(valuesOf(whole.root, `wlan.${role}`)).toEqual([address]);
    expect(valuesOf(whole.root, 'wlan.addr').sort()).toEqual(addresses);
    expect(valuesOf(whole.root, 'wlan.seq')).toEqual(['7']);
  });

  it('steps over the quality of service field', () => {
    const whole = checkPacket(data({ subtype: 8, flags: 2, qos: 0x0015 }), LINK_TYPE.ieee80211);
    expect(stackText(whole)).toBe('wlan:llc:ip:udp:data');
    expect(valuesOf(whole.root, 'wlan.qos.tid')).toEqual(['5']);
    expect(valuesOf(whole.root, 'wlan.qos.eosp')).toEqual(['1']);
  });

  it('shows what is encrypted as data and tells the cipher', () => {
    const ccmp = checkPacket(
      data({ flags: 0x41 }, join([0x34, 0x12, 0, 0x20], u32(0), zeros(20))),
      LINK_TYPE.ieee80211,
    );
    expect([stackText(ccmp), ccmp.info]).toEqual(['wlan:data', 'Data, SN=7, FN=0, Flags=.p.....T']);
    expect(valuesOf(ccmp.root, 'wlan.ccmp.extiv')).toEqual(['0x000000001234']);
    const tkip = checkPacket(
      data({ flags: 0x41 }, join([0x55, 0x75, 0x87, 0x60], u32(0), zeros(20))),
      LINK_TYPE.ieee80211,
    );
    expect(valuesOf(tkip.root, 'wlan.tkip.extiv')).toEqual(['0x000000005587']);
    expect(valuesOf(tkip.root, 'wlan.wep.key')).toEqual(['1']);
    const wep = checkPacket(
      data({ flags: 0x41 }, join([1, 2, 3, 0x80], zeros(10), u32(0xdeadbeef))),
      LINK_TYPE.ieee80211,
    );
    expect(valuesOf(wep.root, 'wlan.wep.icv')).toEqual(['0xdeadbeef']);
    expect(valuesOf(wep.root, 'data.len')).toEqual(['10']);
  });

  it('names frames without payload and control frames', () => {
    const nothing = checkPacket(data({ subtype: 4, flags: 0x11 }, []), LINK_TYPE.ieee80211);
    expect([stackText(nothing), nothing.info]).toEqual(['wlan', 'Null function (No data), SN=7, FN=0, Flags=...P...T']);
    const ack = checkPacket(ieee80211({ type: 1, subtype: 13, addresses: [ONE] }).bytes(), LINK_TYPE.ieee80211);
    expect(ack.info).toBe('Acknowledgement, Flags=........');
    expect(valuesOf(ack.root, 'wlan.ra')).toEqual([ONE]);
  });

  it('reads a beacon', () => {
    const body = beaconBody({ ssid: 'example', channel: 11 });
    const bytes = ieee80211(
      { type: 0, subtype: 8, addresses: ['ff:ff:ff:ff:ff:ff', TWO, TWO], sequence: 5 },
      body,
    ).bytes();
    const whole = checkPacket(bytes, LINK_TYPE.ieee80211);
    expect(whole.info).toContain('Beacon frame, SN=5, FN=0, Flags=........, BI=');
    expect(whole.info).toContain('SSID="example"');
    expect(valuesOf(whole.root, 'wlan.ssid')).toEqual(['6578616d706c65']);
    expect(valuesOf(whole.root, 'wlan.ds.current_channel')).toEqual(['11']);
  });

  it('marks an element that passes the end of the frame', () => {
    const bytes = ieee80211(
      { type: 0, subtype: 4, addresses: [ONE, TWO, ONE] },
      join([0, 2], utf8('ab'), [1, 9, 0x82]),
    ).bytes();
    const { root } = checkPacket(bytes, LINK_TYPE.ieee80211);
    expect(valuesOf(root, 'wlan.tag.length.bad')).toHaveLength(1);
    expect(valuesOf(root, 'wlan.supported_rates')).toEqual(['0x82']);
  });

  it('takes the check sequence from what radiotap says', () => {
    const frame = ieee80211({ type: 2, subtype: 0, flags: 1, addresses: [ONE, TWO, THREE], fcs: true }, packet);
    const whole = checkPacket(radiotap({ flags: 0x10 }, frame).bytes(), LINK_TYPE.ieee80211Radiotap);
    expect(stackText(whole)).toBe('radiotap:wlan_radio:wlan:llc:ip:udp:data');
    expect(valuesOf(whole.root, 'wlan.fcs')).toHaveLength(1);
    expect(valuesOf(whole.root, 'wlan.fcs.status')).toEqual(['2']);
    const without = checkPacket(radiotap({ flags: 0 }, data({ flags: 1 })).bytes(), LINK_TYPE.ieee80211Radiotap);
    expect(valuesOf(without.root, 'wlan.fcs')).toEqual([]);
  });

  it('hands on signal and channel from PPI', () => {
    const common = ppiCommon({ rate: 108, frequency: 2412, signalDbm: -50, noiseDbm: -95 });
    const bytes = ppi({ linkType: 105, fields: [[2, common]] }, data({ flags: 1 })).bytes();
    const whole = checkPacket(bytes, LINK_TYPE.ppi);
    expect(stackText(whole)).toBe('ppi:wlan_radio:wlan:llc:ip:udp:data');
    expect(valuesOf(whole.root, 'wlan_radio.channel')).toEqual(['1']);
    expect(valuesOf(whole.root, 'wlan_radio.signal_dbm')).toEqual(['-50']);
    expect(valuesOf(whole.root, 'wlan_radio.snr')).toEqual(['45']);
  });

  it('reads AVS and Prism headers', () => {
    const avs = join(
      u32(0x80211001),
      u32(64),
      u64le(0n),
      u64le(0n),
      u32(4),
      u32(6),
      u32(110),
      zeros(8),
      u32(2),
      u32(0xffffffd8),
      u32(0xffffffa1),
      u32(1),
      u32(1),
    );
    const whole = checkPacket(join(avs, data({ flags: 1 })), 163);
    expect(stackText(whole)).toBe('wlancap:wlan_radio:wlan:llc:ip:udp:data');
    expect(valuesOf(whole.root, 'wlan_radio.data_rate')).toEqual(['11']);
    expect(valuesOf(whole.root, 'wlan_radio.signal_dbm')).toEqual(['-40']);
    const prism = join(u32(0x44000000), [144, 0, 0, 0], utf8('wlan0'), zeros(11), zeros(120));
    expect(stackText(checkPacket(join(prism, data({ flags: 1 })), 119))).toBe('prism:wlan_radio:wlan:llc:ip:udp:data');
  });

  it('counts the frames of a key handshake', () => {
    const key = (information: number, length: number): string => {
      const body = join(
        [254],
        u16(information),
        u16(32),
        u64le(0n),
        zeros(32),
        zeros(16),
        zeros(8),
        zeros(8),
        zeros(16),
        u16(length),
        zeros(length),
      );
      const bytes = data({ flags: 2 }, snap({ type: 0x888e }, join([2, 3], u16(body.length), body)));
      return checkPacket(bytes, LINK_TYPE.ieee80211).info;
    };
    expect(key(0x0089, 0)).toBe('Key (Message 1 of 4)');
    expect(key(0x0109, 22)).toBe('Key (Message 2 of 4)');
    expect(key(0x01c9, 22)).toBe('Key (Message 3 of 4)');
    expect(key(0x0109, 0)).toBe('Key (Message 4 of 4)');
  });
});
