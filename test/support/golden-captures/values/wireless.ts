/** 802.11 frames with each element that is read, whole and cut, and both kinds of QoS control. */

import { join, macAddress, u8, u16le, u32le, zeros } from '../../build-bytes.ts';
import { beaconBody, ieee80211, LINK_TYPE, snap } from '../../build-link.ts';
import { icmp, ipv4 } from '../../build-packet.ts';
import { frames, type GoldenGroup, IP4, MAC } from '../capture.ts';

const STATION = '02:00:00:00:10:01';
const ACCESS_POINT = '02:00:00:00:10:02';
const ADDRESSES = [MAC.broadcast, ACCESS_POINT, ACCESS_POINT];
const TO_ACCESS_POINT = [ACCESS_POINT, STATION, ACCESS_POINT];
const element = (number: number, ...value: readonly (Uint8Array | readonly number[])[]): Uint8Array => {
  const bytes = join(...value);
  return join(u8(number), u8(bytes.length), bytes);
};
const suite = (type: number): readonly number[] => [0, 0x0f, 0xac, type];
const oldSuite = (type: number): readonly number[] => [0, 0x50, 0xf2, type];

const rsn = element(
  48,
  u16le(1),
  suite(4),
  u16le(2),
  suite(4),
  suite(2),
  u16le(1),
  suite(8),
  u16le(0x00ec),
  u16le(1),
  new Uint8Array(16).fill(0x5a),
  suite(6),
);
const wpa = element(221, oldSuite(1), u16le(1), oldSuite(2), u16le(1), oldSuite(2), u16le(1), oldSuite(2));
const access = (first: number, windows: number, time: number): Uint8Array => join([first, windows], u16le(time));
const wmm = element(
  221,
  oldSuite(2),
  [1, 1, 0x83, 0],
  access(0x03, 0xa4, 0),
  access(0x27, 0xa4, 0),
  access(0x42, 0x43, 94),
  access(0x72, 0x32, 47),
);
const abilities = element(
  45,
  u16le(0x19ef),
  [0x17],
  [255, 255, 0, 0, 1, 0, 0, 0, 0, 0],
  u16le(300),
  [1, 0, 0, 0],
  u16le(0x0c05),
  u32le(0x18df_ff19),
  [0x7f],
);
const operation = element(61, [6, 0x0d], u16le(0x0013), u16le(0x0f80), zeros(16));
const elements = join(
  element(5, [1, 3, 0x03, 0x10]),
  element(7, [0x45, 0x58, 0x20], [1, 11, 20], [36, 4, 23]),
  element(42, [0x07]),
  rsn,
  wpa,
  wmm,
  abilities,
  operation,
  element(107, [0x9f], [7, 1], macAddress(ACCESS_POINT)),
  element(127, [0x05, 0, 0x08, 0x80, 1]),
);
const request = join(
  u16le(0x0431),
  u16le(10),
  element(0, [0x61]),
  element(33, [0xfb, 20]),
  element(36, [1, 11, 36, 4]),
  element(221, oldSuite(2), [0, 1, 0x6f]),
);
/** Elements that end before what they should hold. */
const short = join(
  element(5, [1]),
  element(7, [0x45]),
  element(33, [1]),
  element(42),
  element(45, [1, 2]),
  element(48, u16le(1), suite(4), u16le(9), suite(4)),
  element(61, [1]),
  element(107),
  element(221, oldSuite(1), u16le(1)),
  element(221, oldSuite(2), [1, 1, 0x80, 0, 3]),
);
const ping = snap({}, ipv4({ src: IP4.host, dst: IP4.server }, icmp({ type: 8 }, zeros(8))));
const beacon = (extra: Uint8Array) =>
  ieee80211(
    { type: 0, subtype: 8, addresses: ADDRESSES, sequence: 1 },
    beaconBody({ ssid: 'example', channel: 6, timestamp: 1n, elements: extra }),
  );
const qos = (flags: number, control: number) =>
  ieee80211({ type: 2, subtype: 8, flags, addresses: TO_ACCESS_POINT, sequence: 2, qos: control }, ping);

export const wirelessValueGroup: GoldenGroup = {
  name: 'wireless-values',
  captures: {
    elements: frames(
      LINK_TYPE.ieee80211,
      beacon(elements),
      ieee80211({ type: 0, subtype: 0, addresses: TO_ACCESS_POINT, sequence: 3 }, request),
      qos(1, 0x2005),
      qos(1, 0x2015),
      qos(2, 0x0605),
    ),
    'short-elements': frames(LINK_TYPE.ieee80211, beacon(short)),
  },
};
