/** What carries packets of others: LISP, access points' CAPWAP, GSMTAP. */

import { type BytesLike, hex, join, u8, u16, u24, u32 } from '../../build-bytes.ts';
import { ethernet } from '../../build-link.ts';
import { icmpEcho, ipv4, ipv6, udp } from '../../build-packet.ts';
import { type GoldenGroup, IP4, IP6, MAC } from '../capture.ts';
import { client, overUdp, server } from './talk.ts';

const inside = ipv4({ src: IP4.peer, dst: IP4.host, id: 9 }, udp({ srcPort: 40_000, dstPort: 9999 }, 'hello'));
const frame = ethernet({ src: MAC.peer, dst: MAC.host }, inside).bytes();
const ping = ipv4({ src: IP4.peer, dst: IP4.host, id: 2 }, icmpEcho({ id: 2, sequence: 1 })).bytes();
const six = ipv6({ src: IP6.peer, dst: IP6.host, nextHeader: 59 }, []).bytes();
const capwap = (flags: number, ...rest: readonly BytesLike[]): Uint8Array =>
  join(u8(0), u24((2 << 19) | (1 << 14) | (1 << 9) | flags), u32(0x0007_0008), ...rest);
const long = (words: number, flags: number, ...rest: readonly BytesLike[]): Uint8Array =>
  join(u8(0), u24((words << 19) | (1 << 9) | flags), u32(0), ...rest);
const control = (type: number, ...elements: readonly BytesLike[]): Uint8Array => {
  const body = join(...elements);
  return join(u32(type), u8(5), u16(3 + body.length), u8(0), body);
};

export const carrierGroup: GoldenGroup = {
  name: 'carriers',
  captures: {
    lisp: overUdp(
      4341,
      client(hex('00000000 00000000'), ping),
      client(hex('88000001 00000a00'), six),
      client(hex('50002003 00000001'), ping),
      client(hex('48000000 00000a01'), ping),
      client(hex('00000000 00000000 ff')),
    ),
    'capwap-data': overUdp(
      5247,
      client(capwap(0, frame)),
      client(capwap(0x08, hex('0000'))),
      client(capwap(0x80, hex('aabb'))),
      client(long(6, 0x30, hex('06020000000007 00 04 d0200002 000000'), frame)),
      client(capwap(0).slice(0, 3), u32(0)),
    ),
    capwap: overUdp(
      5246,
      client(capwap(0, control(1, hex('0014 0001 01'), hex('0026 0002 0102')))),
      server(capwap(0, control(2))),
      client(hex('01000000'), hex('16feff 0000 000000000001 0002 aabb')),
    ),
    gsmtap: overUdp(
      4729,
      client(hex('0204 0101 4010 d020 00000007 02 00 01 00'), hex('2b2b2b')),
      client(hex('0204 0d00 0010 0000 00000000 05 00 00 00')),
    ),
    'bad-capwap': overUdp(5247, client(long(1, 0, frame)), client(hex('0010'))),
  },
};
