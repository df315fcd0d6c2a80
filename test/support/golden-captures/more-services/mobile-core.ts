/** The control plane of mobile networks: GTP 1 and 2, PFCP. Test networks' numbers (MCC 001) and documentation addresses only. */

import {
  type BytesLike,
  hex,
  ipAddress,
  ipv4Address,
  join,
  latin1,
  u8,
  u16,
  u24,
  u32,
  u64,
} from '../../build-bytes.ts';
import type { GoldenGroup } from '../capture.ts';
import { client, overUdp, server } from './talk.ts';

const IMSI = hex('00 01 01 32 54 76 98 f0');
const NUMBER = hex('91 21 43 65 87 09');
const APN = join(u8(8), latin1('internet'));
const V4 = ipv4Address('192.0.2.1');
const V6 = ipAddress('2001:db8::1');

const gtp1 = (type: number, teid: number, ...elements: readonly BytesLike[]): Uint8Array => {
  const body = join(u16(1), u16(0), ...elements);
  return join(u8(0x32), u8(type), u16(body.length), u32(teid), body);
};
const long1 = (type: number, ...value: readonly BytesLike[]): Uint8Array => {
  const body = join(...value);
  return join(u8(type), u16(body.length), body);
};
const gtp2 = (flags: number, type: number, ...elements: readonly BytesLike[]): Uint8Array => {
  const body = join((flags & 8) === 0 ? [] : u32(1), u24(7), u8(0), ...elements);
  return join(u8(flags), u8(type), u16(body.length), body);
};
const element2 = (type: number, ...value: readonly BytesLike[]): Uint8Array => {
  const body = join(...value);
  return join(u8(type), u16(body.length), u8(0), body);
};
const pfcp = (type: number, seid: number | null, ...elements: readonly BytesLike[]): Uint8Array => {
  const body = join(seid === null ? [] : u64(BigInt(seid)), u24(9), u8(0), ...elements);
  return join(u8(seid === null ? 0x20 : 0x21), u8(type), u16(body.length), body);
};
const element = (type: number, ...value: readonly BytesLike[]): Uint8Array => {
  const body = join(...value);
  return join(u16(type), u16(body.length), body);
};

const createPdr = element(
  1,
  element(56, u16(1)),
  element(29, u32(100)),
  element(
    2,
    element(20, u8(0)),
    element(21, u8(3), u32(7), V4, V6),
    element(22, u8(4), latin1('core')),
    element(93, u8(3), V4, V6),
  ),
  element(95, u8(0)),
  element(108, u32(1)),
);
const createFar = element(
  3,
  element(108, u32(1)),
  element(44, u8(2)),
  element(4, element(42, u8(1)), element(84, hex('0300'), u32(9), V4, V6)),
);

export const mobileCoreGroup: GoldenGroup = {
  name: 'mobile-core',
  captures: {
    'gtp-control': overUdp(
      2123,
      client(gtp1(1, 0)),
      server(gtp1(2, 0, hex('0e05'))),
      client(
        gtp1(
          16,
          0,
          u8(2),
          IMSI,
          hex('0ffe'),
          u8(16),
          u32(0x11),
          u8(17),
          u32(0x12),
          hex('1405 1a0800'),
          long1(128, hex('f121')),
          long1(131, APN),
          long1(133, V4),
          long1(133, V6),
          long1(134, NUMBER),
          long1(135, hex('021b93')),
        ),
      ),
      server(gtp1(17, 0x12, hex('0180'), u8(127), u32(77), long1(128, hex('f121'), V4))),
      server(gtp1(17, 0x12, long1(128, hex('f157'), V6))),
    ),
    gtpv2: overUdp(
      2123,
      client(gtp2(0x40, 1, element2(3, u8(5)))),
      client(
        gtp2(
          0x48,
          32,
          element2(1, IMSI),
          element2(76, NUMBER),
          element2(75, IMSI),
          element2(82, u8(6)),
          element2(71, APN),
          element2(99, u8(1)),
          element2(79, u8(3), u8(64), V6, V4),
          element2(72, u32(1000), u32(2000)),
          element2(
            93,
            element2(73, u8(5)),
            element2(80, hex('7c09'), new Uint8Array(20)),
            element2(87, hex('c6'), u32(8), V4, V6),
          ),
        ),
      ),
      server(gtp2(0x48, 33, element2(2, hex('1000')))),
      server(gtp2(0x58, 33, element2(2, hex('1000'))), gtp2(0x48, 95, element2(73, u8(6)))),
    ),
    pfcp: overUdp(
      8805,
      client(pfcp(1, null, element(96, u32(3_977_456_400)))),
      client(pfcp(50, 0, element(60, u8(0), V4), element(57, u8(3), u64(5n), V4, V6), createPdr, createFar)),
      server(
        pfcp(51, 5, element(60, u8(1), V6), element(19, u8(1)), element(8, element(56, u16(1)), element(21, u8(4)))),
      ),
      server(
        pfcp(
          6,
          null,
          element(60, u8(2), u8(3), latin1('upf'), u8(7), latin1('example')),
          element(0x8001, u16(7), hex('01')),
        ),
      ),
    ),
    'bad-elements': overUdp(
      2123,
      client(gtp1(16, 0, u8(2), IMSI.slice(0, 5))),
      client(gtp1(16, 0, u8(99), hex('0102'))),
      client(gtp2(0x48, 32, element2(1, IMSI).slice(0, 8))),
      client(gtp2(0x48, 32, element2(3, u8(5)), hex('4a'))),
      client(gtp2(0x48, 32, element2(3, u8(5))).slice(0, 6)),
    ),
    'bad-pfcp-length': overUdp(8805, client(pfcp(1, null, element(96, u32(1)).slice(0, 6))), client(hex('2001'))),
  },
};
