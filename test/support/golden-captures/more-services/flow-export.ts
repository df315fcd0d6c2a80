/** What routers and switches tell of their traffic: NetFlow 1, 5, 7, 9 and IPFIX, with every element that has a field. */

import { ELEMENTS } from '../../../../engine/dissect/protocols/cflow/elements.ts';
import { type BytesLike, hex, ipv4Address, join, u8, u16, u32, u64, utf8 } from '../../build-bytes.ts';
import type { GoldenGroup } from '../capture.ts';
import { client, overTcp, overUdp } from './talk.ts';

const SECONDS = 1_768_467_600;
const addresses = join(ipv4Address('192.0.2.1'), ipv4Address('198.51.100.2'), ipv4Address('192.0.2.254'));
const common = join(addresses, u16(1), u16(2), u32(10), u32(1000), u32(5000), u32(6000), u16(40_000), u16(443));
const header = (version: number, count: number): Uint8Array =>
  join(u16(version), u16(count), u32(10_000), u32(SECONDS), u32(5));
const netflow5 = join(
  header(5, 1),
  u32(77),
  u8(0),
  u8(1),
  u16(0x4064),
  common,
  hex('001b0600'),
  u16(64_500),
  u16(64_501),
  hex('18100000'),
);
const netflow7 = join(
  header(7, 1),
  u32(78),
  u32(0),
  common,
  hex('031b0600'),
  u16(64_500),
  u16(64_501),
  hex('18100000'),
  addresses.slice(8),
);
const netflow1 = join(header(1, 1), common, hex('0000 06 00 1b 000000 00000000 00000000'));

const set = (id: number, ...parts: readonly BytesLike[]): Uint8Array => {
  const body = join(...parts);
  return join(u16(id), u16(4 + body.length), body);
};
const template = (id: number, ...fields: readonly (readonly [number, number])[]): Uint8Array =>
  join(u16(id), u16(fields.length), ...fields.map(([element, length]) => join(u16(element), u16(length))));
const netflow9 = (count: number, ...sets: readonly BytesLike[]): Uint8Array =>
  join(u16(9), u16(count), u32(10_000), u32(SECONDS), u32(5), u32(77), ...sets);
const ipfix = (...sets: readonly BytesLike[]): Uint8Array => {
  const body = join(...sets);
  return join(u16(10), u16(16 + body.length), u32(SECONDS), u32(1), u32(7), body);
};

const WIDTHS: Readonly<Record<string, number>> = {
  u8: 1,
  u16: 2,
  u24: 3,
  u32: 4,
  u64: 8,
  ipv4: 4,
  ipv6: 16,
  ether: 6,
  string: 4,
  bytes: 4,
};
const LONG_TIMES = [152, 153, 154, 155, 156, 157, 160];
const widthOf = (element: number, type: string): number => WIDTHS[type] ?? (LONG_TIMES.includes(element) ? 8 : 4);
/** One of each element, each in a message of its own. */
const everyElement = [...ELEMENTS].map(([element, { type }], i) => {
  const width = widthOf(element, type);
  const value =
    type === 'string'
      ? utf8('text')
      : LONG_TIMES.includes(element) && element < 154
        ? u64(1_768_467_600_123n)
        : new Uint8Array(width).fill(1);
  return client(netflow9(2, set(0, template(256 + i, [element, width])), set(256 + i, value)));
});

export const flowExportGroup: GoldenGroup = {
  name: 'flow-export',
  captures: {
    'fixed-records': overUdp(2055, client(netflow1), client(netflow5), client(netflow7), client(header(8, 3))),
    templates: overUdp(
      9996,
      client(netflow9(2, set(0, template(256, [8, 4], [12, 4], [1, 4], [2, 4], [21, 4])))),
      client(
        netflow9(
          2,
          set(1, u16(257), u16(8), u16(8), u16(1), u16(4), u16(2), u16(4), u16(34), u16(4), u16(35), u16(1)),
          set(256, addresses.slice(0, 8), u32(1000), u32(10), u32(5000), addresses.slice(0, 8), u32(1), u32(2), u32(3)),
          set(257, u32(1), u32(9), u32(100), u8(1), hex('000000')),
        ),
      ),
      client(netflow9(1, set(300, hex('0102')))),
    ),
    ipfix: overUdp(
      4739,
      client(
        ipfix(
          set(2, u16(300), u16(4), u16(8), u16(4), u16(12), u16(4), u16(0x8005), u16(0xffff), u32(9), u16(152), u16(8)),
          set(3, u16(301), u16(2), u16(1), u16(149), u16(4), u16(41), u16(8)),
          set(300, addresses.slice(0, 8), u8(3), utf8('abc'), u64(1_768_467_600_123n)),
          set(300, addresses.slice(0, 8), u8(255), u16(2), utf8('de'), u64(1_768_467_600_456n)),
          set(301, u32(7), u64(3n)),
        ),
      ),
    ),
    'ipfix-stream': overTcp(4739, client(ipfix(set(2, template(300, [8, 4]))), ipfix(set(300, addresses.slice(0, 4))))),
    'every-element': overUdp(2055, ...everyElement),
    'bad-set-length': overUdp(
      2055,
      client(netflow9(1, u16(256), u16(2))),
      client(netflow9(1, set(0, template(256, [8, 4])).slice(0, 10))),
      client(netflow5.slice(0, 40)),
      client('nothing of it'),
    ),
  },
};
