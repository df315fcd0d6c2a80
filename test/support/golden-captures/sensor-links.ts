/** Golden captures of IEEE 802.15.4 (MAC, TAP, ZigBee, 6LoWPAN) and of InfiniBand. Addresses are made up. */

import { type BytesLike, hex, join, u8, u16, u16le, u24, u32, u32le, u64, u64le, utf8, zeros } from '../build-bytes.ts';
import { icmpEcho, ipv4, udp } from '../build-packet.ts';
import { frames, type GoldenGroup, IP4 } from './capture.ts';

const WITH_FCS = 195;
const WITHOUT_FCS = 230;
const TAP = 283;
const ERF = 197;

function crc(bytes: Uint8Array): Uint8Array {
  let value = 0;
  for (const byte of bytes) {
    value ^= byte;
    for (let bit = 0; bit < 8; bit++) value = (value & 1) !== 0 ? (value >>> 1) ^ 0x8408 : value >>> 1;
  }
  return u16le(value);
}

const checked = (...parts: readonly BytesLike[]): Uint8Array => join(...parts, crc(join(...parts)));
const eui = (text: string): Uint8Array => hex(text).reverse();

const beacon = join(u16le(0x8000), u8(99), u16le(0x01ff), u16le(0), u16le(0xcfff), u8(0), u8(0));
const zigbeeBeacon = join(u8(0), u16le(0x8422), eui('02:00:00:ff:fe:00:00:01'), u24(0xffffff), u8(3));
const data = (dst: number, src: number): Uint8Array =>
  join(u16le(0x8841), u8(51), u16le(0x01ff), u16le(dst), u16le(src));
const command = (id: number, ...rest: readonly BytesLike[]): Uint8Array =>
  join(u16le(0xc823), u8(12), u16le(0x01ff), u16le(0), u16le(0xffff), eui('02:00:00:ff:fe:00:00:02'), u8(id), ...rest);
const answer = (id: number, ...rest: readonly BytesLike[]): Uint8Array =>
  join(
    u16le(0xcc63),
    u8(13),
    u16le(0x01ff),
    eui('02:00:00:ff:fe:00:00:02'),
    eui('02:00:00:ff:fe:00:00:01'),
    u8(id),
    ...rest,
  );
const security = join(u8(0x28), u32le(7), eui('02:00:00:ff:fe:00:00:01'), u8(0));
const nwk = (control: number, dst: number, ...more: readonly BytesLike[]): Uint8Array =>
  join(u16le(control), u16le(dst), u16le(0x2c4d), u8(30), u8(209), ...more);

const wpan = [
  checked(u16le(0x0803), u8(6), u16le(0xffff), u16le(0xffff), u8(7)),
  checked(beacon, zigbeeBeacon),
  checked(command(1, u8(0xce))),
  checked(u16le(0x0002), u8(12)),
  checked(answer(2, u16le(0x2c4d), u8(0))),
  checked(answer(3, u8(2))),
  checked(answer(8, u16le(0x1234))),
  checked(u16le(0x8869), u8(54), u16le(0x01ff), u16le(0), u16le(1), u8(0x0d), u32le(5), u8(1), zeros(12)),
  join(data(0xffff, 0x2c4d), utf8('no check sequence')),
];

const zigbee = [
  checked(data(0xffff, 0), nwk(0x1209, 0xfffc, eui('02:00:00:ff:fe:00:00:01'), security, hex('4015'), u32(0xcd19ab20))),
  checked(data(0, 1), nwk(0x0048, 0x0000, u8(0x40), u8(1), u16le(6), u16le(0x0104), u8(2), u8(77), utf8('on'))),
  checked(
    data(0, 1),
    nwk(0x0048, 0x0000, u8(0x4c), u16le(0x0101), u16le(6), u16le(0x0104), u8(2), u8(78), utf8('off')),
  ),
  checked(data(0, 1), nwk(0x0048, 0x0000, u8(0x01), u8(79), u8(5), zeros(8))),
  checked(data(0, 1), nwk(0x0048, 0x0000, u8(0x21), u8(0), u8(0x10), u32le(0), zeros(20), u32(0x67571c43))),
  checked(data(0, 1), nwk(0x0009, 0xfffc, u8(8), u8(0x61), zeros(3))),
  checked(
    data(0, 1),
    nwk(
      0x0c48,
      0x0000,
      eui('02:00:00:ff:fe:00:00:03'),
      u8(1),
      u8(0),
      u16le(0x2222),
      u8(0),
      u8(1),
      u16le(6),
      u16le(260),
      u8(1),
      u8(80),
    ),
  ),
];

/** One mode of each kind: all elided, 64 and 16 bits inline, a group, ports of four bits. */
const compressed = (...parts: readonly BytesLike[]): Uint8Array => join(data(0x0002, 0x0001), ...parts);
const lowpan = [
  compressed(u16(0x7e33), u8(0xf3), u8(0x12), u16(0xabcd), utf8('elided')),
  compressed(
    u16(0x6011),
    u8(0x3a),
    u8(0),
    u8(0),
    u8(0),
    u8(0),
    u8(63),
    hex('020000fffe000001'),
    hex('020000fffe000002'),
    hex('80 00 00 00 00 01 00 01'),
  ),
  compressed(u16(0x6b2b), hex('012345'), u8(0x11), u8(0xfb), u8(0), u8(1), u8(2)),
  compressed(u16(0x6a2a), hex('012345'), u8(0x11), u16(0x0007), u32(0x02000116), hex('d431 d431 0009 0000 61')),
  compressed(u16(0x7639), u8(0x40), u8(0x3a), u16(0x0007), hex('02 0001 000203'), hex('80 00 00 00 00 01 00 01')),
  compressed(
    u8(0x41),
    hex('60000000 0008 3a40'),
    hex('fe80000000000000 020000fffe000001 fe80000000000000 020000fffe000002'),
    hex('80 00 00 00 00 01 00 01'),
  ),
  compressed(u16(0xc080), u16(0x0010), u16(0x7e33), u8(0xf0), u16(5683), u16(5683), u16(0), utf8('first')),
  compressed(u16(0xe080), u16(0x0010), u8(8), utf8('second piece')),
  compressed(
    u8(0xe8),
    u8(16),
    u16(0x8010),
    u16(928),
    u16(0x7e33),
    u8(0xf1),
    u16(40000),
    u8(3),
    u16(1),
    utf8('recoverable'),
  ),
  compressed(u8(0xe9), u8(16), u16(0x0c05), u16(843), utf8('later')),
  compressed(u8(0xea), u8(16), u32(0xf0000000)),
  compressed(u8(0xb4), u16(1), u16(2), u8(0x50), u8(9), u16(0x7e33), u8(0xf2), u8(2), u16(40000), u16(0), utf8('mesh')),
];

const value = (type: number, content: BytesLike): Uint8Array => {
  const bytes = join(content);
  return join(u16le(type), u16le(bytes.length), bytes, zeros((4 - (bytes.length % 4)) % 4));
};
const tapValues = join(
  value(0, u8(1)),
  value(1, hex('000070c2')),
  value(2, u32le(200_000)),
  value(3, join(u16le(8), u8(9))),
  value(4, hex('07 01 03')),
  value(5, u64le(858_774_000_572_375n)),
  value(6, u64le(858_774_004_571_375n)),
  value(7, u64le(168_329n)),
  value(8, u64le(858_773_993_601_106n)),
  value(9, u32le(25_000)),
  value(10, u8(200)),
);
const tapped = (frame: Uint8Array): Uint8Array => join(u8(0), u8(0), u16le(4 + tapValues.length), tapValues, frame);
/** An acknowledgement with how far the clock is off. */
const acknowledged = join(u16le(0xaa42), u8(91), u16le(0xdcba), u16le(1), u16le(0), u16le(0x0f02), u16le(0x0fe0));

export const wpanGroup: GoldenGroup = {
  name: 'wpan',
  captures: {
    mac: frames(WITH_FCS, ...wpan),
    zigbee: frames(WITH_FCS, ...zigbee),
    '6lowpan': frames(WITHOUT_FCS, ...lowpan),
    tap: frames(
      TAP,
      tapped(checked(acknowledged)),
      tapped(checked(data(2, 1), u16(0x7e33), u8(0xf3), u8(0x12), u16(0), utf8('tap'))),
      tapped(join(checked(data(2, 1), utf8('damaged')).slice(0, -1), u8(0))),
    ),
    'bad-header-cut': frames(WITHOUT_FCS, data(2, 1).slice(0, 6), join(u16le(0xcc69), u8(1))),
    'bad-tap-length': frames(TAP, join(u8(0), u8(0), u16le(200), value(0, u8(1)))),
    'bad-6lowpan-cut': frames(WITHOUT_FCS, compressed(u16(0x6000), u8(0x3a), u8(0))),
    'bad-zigbee-cut': frames(WITHOUT_FCS, join(data(0, 1), nwk(0x1a09, 0xfffc, u8(1)))),
  },
};

/** Base transport header: opcode, then the queue pair it goes to. */
const bth = (opcode: number, pair: number): Uint8Array =>
  join(u8(opcode), u8(0x40), u16(0xffff), u8(0), u24(pair), u8(0x80), u24(911_096));
const deth = join(u32(0x0b1b), u8(0), u24(0x48));

function local(next: number, ...parts: readonly BytesLike[]): Uint8Array {
  const body = join(...parts, u32(0x0566d54d));
  return join(u8(0), u8(next), u16(4), u16((8 + body.length) / 4), u16(5), body, u16(0x35df));
}

function global(...parts: readonly BytesLike[]): Uint8Array {
  const body = join(...parts);
  const route = join(
    u32(0x60000000),
    u16(body.length + 4),
    u8(27),
    u8(1),
    hex('fe80000000000000 0200000000000001'),
    hex('ff12401bffff0000 0000000000000001'),
  );
  return local(3, route, body);
}

const mad = (kind: number, method: number, attribute: number): Uint8Array =>
  join(
    u8(1),
    u8(kind),
    u8(1),
    u8(method),
    u16(0),
    u16(0x0102),
    u64(0x1509cn),
    u16(attribute),
    u16(0),
    u32(0),
    zeros(232),
  );
const record = (type: number, frame: Uint8Array): Uint8Array =>
  join(u32le(0), u32le(1_768_467_600), u8(type), u8(4), u16(16 + frame.length), u16(0), u16(frame.length), frame);
const ping = ipv4({ src: IP4.host, dst: IP4.peer, id: 1 }, icmpEcho({ id: 1, sequence: 1 })).bytes();
const datagram = ipv4(
  { src: IP4.host, dst: '10.0.0.255', id: 2 },
  udp({ srcPort: 40_000, dstPort: 40_001 }, 'over infiniband!'),
).bytes();

export const infinibandGroup: GoldenGroup = {
  name: 'infiniband',
  captures: {
    packets: frames(
      ERF,
      ...[
        local(2, bth(0x64, 0), deth, mad(0x81, 1, 0x20)),
        local(2, bth(0x64, 1), deth, mad(0x03, 0x81, 0x35)),
        local(2, bth(0x64, 1), deth, mad(0x07, 3, 0x10)),
        local(2, bth(0x64, 1), deth, mad(0x04, 1, 0x12)),
        local(2, bth(0x04, 0x48), u16(0x0800), u16(0), ping),
        global(bth(0x64, 0xffffff), deth, u16(0x0800), u16(0), datagram),
        local(2, bth(0x11, 0x48), u8(0x1f), u24(7)),
        local(2, bth(0x0a, 0x48), u64(0x7f00_0000_1000n), u32(0x1234), u32(8), utf8('written!')),
        local(2, bth(0x05, 0x48), u32(0xcafe), utf8('sent')),
      ].map((frame) => record(21, frame)),
    ),
    'erf-ip': frames(ERF, record(22, ping)),
    'bad-cut-in-transport': frames(ERF, record(21, local(2, bth(0x64, 0)).slice(0, 16))),
  },
};

const USBPCAP = 249;
/** USBPcap's header: 27 bytes, one more for a control transfer. */
const usb = (transfer: number, endpoint: number, info: number, data: BytesLike): Uint8Array => {
  const stage = transfer === 2 ? [0] : [];
  return join(
    u16le(27 + stage.length),
    u64le(1n),
    u32le(0),
    u16le(9),
    u8(info),
    u16le(1),
    u16le(5),
    u8(endpoint),
    u8(transfer),
    u32le(data.length),
    stage,
    data,
  );
};

/** A keyboard, a disk and a camera in one. */
const configuration = hex(
  '09 02 4300 03 01 00 a0 32 09 04 00 00 01 03 01 01 00 09 21 1101 00 01 22 0c00 07 05 81 03 0800 08' +
    '09 04 01 00 02 08 06 50 00 07 05 02 02 0002 00 07 05 82 02 0002 00 09 04 02 00 01 ef 05 02 00 07 05 83 02 0002 00',
);
const reportDescriptor = hex(
  '05 01 09 06 a1 01 15 81 26 ff00 35 00 45 7f 55 00 75 08 85 01 95 06 19 e0 29 e7 79 02 81 00 c0',
);

export const usbGroup: GoldenGroup = {
  name: 'usb-classes',
  captures: {
    hid: frames(
      USBPCAP,
      usb(2, 0, 0, hex('21 09 0102 0000 0100 02')),
      usb(2, 0, 0, hex('21 0a 0005 0000 0000')),
      usb(2, 0, 0, hex('21 0b 0000 0000 0000')),
      usb(2, 0x80, 0, hex('a1 01 0001 0000 0800')),
      usb(2, 0x80, 0, hex('81 06 0022 0000 4000')),
    ),
    vision: frames(
      USBPCAP,
      usb(3, 4, 0, hex('55335643 0040 0008 0c00 0000 cc01000000000000 0000 0400')),
      usb(3, 0x84, 1, hex('55335643 0000 0108 0400 0000 32000000')),
      usb(3, 4, 0, hex('55335643 0040 0208 0c00 0100 cc01000000000000 01000000')),
      usb(3, 0x85, 1, hex('55335645 0000 000c 0400 0100 ff4f0000')),
      usb(3, 0x85, 1, hex('5533564c 0000 3400 0100000000000000 00000000')),
      usb(3, 0x85, 1, hex('55335654 0000 2000 0100000000000000 00000000')),
    ),
    descriptors: frames(
      USBPCAP,
      usb(2, 0x80, 0, hex('80 06 0001 0000 1200')),
      usb(2, 0x80, 1, hex('12 01 0002 00 00 00 40 3412 7856 0001 01 02 00 01')),
      usb(2, 0x80, 0, hex('80 06 0203 0904 ff00')),
      usb(2, 0x80, 1, hex('0a 03 4b00 6500 7900 7300')),
      usb(2, 0x80, 0, hex('80 06 0002 0000 ff00')),
      usb(2, 0x80, 1, configuration),
      // What they say is known from here on: reports, a command of mass storage and its data, an image between its ends.
      usb(2, 0x80, 0, hex('81 06 0022 0000 0c00')),
      usb(2, 0x80, 1, reportDescriptor),
      usb(1, 0x81, 1, hex('0000040000000000')),
      usb(2, 0x00, 0, hex('21 09 0002 0000 0100')),
      usb(2, 0x00, 1, hex('')),
      usb(2, 0x80, 0, hex('a1 01 0001 0000 0800')),
      usb(2, 0x80, 1, hex('0000050000000000')),
      usb(3, 0x02, 0, hex('55534243 01000000 00020000 80 00 0a 28 00 00000800 00 0001 00 000000000000')),
      usb(3, 0x82, 1, new Uint8Array(32).fill(7)),
      usb(3, 0x82, 1, hex('55534253 01000000 00000000 00')),
      usb(3, 0x83, 1, hex('0102030405060708')),
    ),
    'bad-descriptors': frames(
      USBPCAP,
      usb(2, 0x80, 0, hex('80 06 0002 0000 ff00')),
      usb(2, 0x80, 1, hex('09 02 2000 01 01 00 80 32 09 04 00 00 01 03')),
      usb(2, 0x80, 0, hex('81 06 0022 0000 0c00')),
      usb(2, 0x80, 1, hex('05 01 09 06 a1 01 a1 02 fe 20')),
      usb(2, 0x80, 0, hex('80 06 0001 0000 1200')),
      usb(2, 0x80, 1, hex('00 01')),
    ),
    'bad-cut': frames(USBPCAP, usb(3, 4, 0, hex('55335643 0040')), usb(2, 0, 0, hex('21 09 0102'))),
  },
};
