/** Golden captures of SCTP: every chunk and parameter once, and broken ones. */

import { type BytesLike, hex, ipv4Address, join, latin1, padTo, u8, u16, u32, utf8, zeros } from '../build-bytes.ts';
import { ethernetFrames, type GoldenGroup, in4, out4 } from './capture.ts';

const header = join(u16(40_000), u16(5001), u32(0x0a0b0c0d), u32(0));
const back = join(u16(5001), u16(40_000), u32(0x01020304), u32(0));
const chunk = (type: number, flags: number, ...parts: readonly BytesLike[]): Uint8Array => {
  const body = join(...parts);
  return padTo(join(u8(type), u8(flags), u16(4 + body.length), body), 4);
};
const parameter = (type: number, ...parts: readonly BytesLike[]): Uint8Array => {
  const body = join(...parts);
  return padTo(join(u16(type), u16(4 + body.length), body), 4);
};
const there = (...chunks: readonly Uint8Array[]) => out4(join(header, ...chunks), { protocol: 132 });
const here = (...chunks: readonly Uint8Array[]) => in4(join(back, ...chunks), { protocol: 132 });

const init = join(u32(0x01020304), u32(65_536), u16(10), u16(20), u32(100));
const address = parameter(5, ipv4Address('192.0.2.7'));

export const sctpGroup: GoldenGroup = {
  name: 'sctp',
  captures: {
    association: ethernetFrames(
      there(
        chunk(
          1,
          0,
          init,
          address,
          parameter(6, hex('20010db8000000000000000000000007')),
          parameter(12, u16(5), u16(6)),
          parameter(9, u32(1000)),
          parameter(11, latin1('host.example\0')),
          parameter(0x8000),
          parameter(0xc000),
          parameter(0x8002, hex('00010203')),
          parameter(0x8003, hex('00 c1')),
          parameter(0x8004, u16(1), u16(3)),
          parameter(0x8008, hex('c0 c1 82')),
          parameter(0xc006, u32(7)),
          parameter(0x7777, hex('01')),
        ),
      ),
      here(chunk(2, 0, init, parameter(7, zeros(12)), parameter(8, parameter(0x7777, hex('01'))))),
      there(chunk(10, 0, zeros(12)), chunk(0, 3, u32(100), u16(1), u16(0), u32(53), utf8('hello'))),
      here(chunk(11, 0), chunk(3, 0, u32(100), u32(65_536), u16(0), u16(0))),
      there(
        chunk(0, 2, u32(101), u16(1), u16(1), u32(0), utf8('first')),
        chunk(0, 12, u32(102), u16(1), u16(1), u32(0), utf8('mid!')),
      ),
      here(chunk(3, 1, u32(100), u32(0), u16(1), u16(1), u16(2), u16(3), u32(99))),
      here(
        chunk(16, 0, u32(100), u32(65_536), u16(1), u16(1), u16(1), u16(0), u16(2), u16(3), u16(5), u16(6), u32(99)),
      ),
      there(chunk(4, 0, parameter(1, zeros(8)))),
      here(chunk(5, 0, parameter(1, zeros(8)))),
      there(chunk(7, 0, u32(100))),
      here(chunk(8, 0)),
      there(chunk(14, 1)),
    ),
    extensions: ethernetFrames(
      there(chunk(64, 3, u32(1), u16(2), u16(0), u32(0), u32(51), utf8('interleaved'))),
      there(chunk(64, 0, u32(2), u16(2), u16(0), u32(0), u32(1), utf8('piece'))),
      there(chunk(192, 0, u32(105), u16(1), u16(3)), chunk(194, 0, u32(106), u16(1), u16(1), u32(4))),
      there(
        chunk(15, 0, u16(1), u16(3), zeros(32)),
        chunk(193, 0, u32(1), address, parameter(0xc001, u32(2), address)),
      ),
      here(
        chunk(
          128,
          0,
          u32(1),
          parameter(0xc005, u32(2)),
          parameter(0xc003, u32(3), parameter(0xa0, address)),
          parameter(0xc002, u32(4), address),
          parameter(0xc004, u32(5), address),
        ),
      ),
      there(
        chunk(130, 0, parameter(13, u32(1), u32(2), u32(3), u16(4), u16(5))),
        chunk(130, 0, parameter(14, u32(2), u16(4))),
        chunk(130, 0, parameter(15, u32(3))),
        chunk(130, 0, parameter(17, u32(4), u16(8), u16(0)), parameter(18, u32(5), u16(8), u16(0))),
      ),
      here(chunk(130, 0, parameter(16, u32(1), u32(1), u32(2), u32(3)))),
      there(
        chunk(12, 0, u32(7)),
        chunk(13, 0, u32(7)),
        chunk(132, 0, zeros(8)),
        chunk(129, 7, u32(1), u32(2), u16(0), u16(0), hex('0011')),
      ),
      there(chunk(200, 0, hex('010203'))),
    ),
    errors: ethernetFrames(
      here(
        chunk(
          9,
          0,
          parameter(1, u16(9), u16(0)),
          parameter(2, u32(2), u16(7), u16(5)),
          parameter(3, u32(1000)),
          parameter(4),
          parameter(5, address),
          parameter(6, hex('ff000004')),
          parameter(8, parameter(0x7777, hex('01'))),
          parameter(9, u32(102)),
          parameter(10),
          parameter(13, latin1('why')),
        ),
      ),
      here(chunk(6, 1, parameter(12, latin1('bye')))),
    ),
    'bad-lengths': ethernetFrames(
      there(join(u8(0), u8(3), u16(3), zeros(12))),
      there(join(u8(0), u8(3), u16(200), zeros(12))),
      there(chunk(1, 0, init, join(u16(5), u16(2), zeros(4)))),
      there(chunk(3, 0, u32(1), u32(2), u16(500), u16(500))),
      there(chunk(0, 3, u32(1))),
    ),
  },
};
