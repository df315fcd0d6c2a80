/** What routers tell each other: LDP, Babel, OLSR, AODV, MSDP, RPKI to router, WCCP, BFD's echoes; and Mobile IP. */

import { type BytesLike, hex, ipAddress, ipv4Address, join, u8, u16, u32, zeros } from '../../build-bytes.ts';
import { ipv4, udp } from '../../build-packet.ts';
import { type GoldenGroup, IP4 } from '../capture.ts';
import { client, overTcp, overUdp, server } from './talk.ts';

const LSR = ipv4Address('192.0.2.1');
const PEER = ipv4Address('192.0.2.2');
const PREFIX = ipv4Address('198.51.100.0');
const V6 = ipAddress('2001:db8::1');

const ldp = (...messages: readonly BytesLike[]): Uint8Array => {
  const body = join(LSR, u16(0), ...messages);
  return join(u16(1), u16(body.length), body);
};
const message = (type: number, ...elements: readonly BytesLike[]): Uint8Array => {
  const body = join(u32(7), ...elements);
  return join(u16(type), u16(body.length), body);
};
const element = (type: number, ...value: readonly BytesLike[]): Uint8Array => {
  const body = join(...value);
  return join(u16(type), u16(body.length), body);
};
const hello = ldp(
  message(0x100, element(0x400, u16(15), u16(0x4000)), element(0x401, LSR), element(0x402, u32(9)), element(0x403, V6)),
);
const session = element(0x500, u16(1), u16(30), u8(0), u8(0), u16(4096), PEER, u16(0));
const fec = element(0x100, u8(2), u16(1), u8(24), PREFIX.slice(0, 3), u8(2), u16(2), u8(32), V6.slice(0, 4));

const babel = (...parts: readonly BytesLike[]): Uint8Array => {
  const body = join(...parts);
  return join(hex('2a02'), u16(body.length), body);
};
const part = (type: number, ...value: readonly BytesLike[]): Uint8Array => {
  const body = join(...value);
  return join(u8(type), u8(body.length), body);
};
const olsr = (...messages: readonly BytesLike[]): Uint8Array => {
  const body = join(...messages);
  return join(u16(4 + body.length), u16(1), body);
};
const olsrMessage = (type: number, body: Uint8Array): Uint8Array =>
  join(u8(type), u8(0x86), u16(12 + body.length), LSR, u8(1), u8(0), u16(3), body);
const quotedPacket = ipv4(
  { src: IP4.peer, dst: '224.2.0.1', id: 4 },
  udp({ srcPort: 40_000, dstPort: 9999 }, 'x'),
).bytes();
const msdp = (type: number, body: Uint8Array): Uint8Array => join(u8(type), u16(3 + body.length), body);
const rpki = (type: number, id: number, body: Uint8Array): Uint8Array =>
  join(u8(1), u8(type), u16(id), u32(8 + body.length), body);
const registration = join(hex('0100'), u16(1800), LSR, PEER, PREFIX, u32(3_977_456_400), u32(0));

export const pathControlGroup: GoldenGroup = {
  name: 'path-control',
  captures: {
    'ldp-hello': overUdp(
      646,
      client(hello),
      client(ldp(message(0x100, element(0x400, u16(15)))).slice(0, 20)),
      client('no'),
    ),
    'ldp-session': overTcp(
      646,
      client(ldp(message(0x200, session))),
      server(ldp(message(0x201)), ldp(message(0x300, element(0x101, u16(1), LSR, PEER), element(0x101, u16(2), V6)))),
      client(
        ldp(
          message(
            0x400,
            fec,
            element(0x200, u32(17)),
            element(0x103, u8(1)),
            element(0x104, LSR, PEER),
            element(0x600, u32(7)),
            element(0x8999, hex('0102')),
          ),
          message(0x402, element(0x100, hex('01'))),
        ),
      ),
      server(ldp(message(0x001, element(0x300, u32(0x8000_000a), u32(7), u16(0x400))))),
    ),
    babel: overUdp(
      6696,
      client(
        babel(
          u8(0),
          part(1, zeros(2)),
          part(2, u16(0), u16(5), u16(100)),
          part(3, u16(5)),
          part(4, u16(0), u16(7), u16(400)),
          part(5, u8(0), u8(0), u16(96), u16(1200)),
          part(6, u16(0), hex('0200000000000001')),
          part(7, u8(1), u8(0), LSR),
          part(8, u8(1), u8(0x80), u8(24), u8(0), u16(1600), u16(9), u16(96), PREFIX.slice(0, 3)),
          part(9, u8(0), u8(0)),
        ),
      ),
      client(babel(hex('0406 0000'))),
      client('babel'),
    ),
    olsr: overUdp(
      698,
      client(
        olsr(
          olsrMessage(1, join(u16(0), u8(5), u8(3), hex('06000008'), PEER)),
          olsrMessage(2, join(u16(8), u16(0), PEER)),
        ),
      ),
      client(olsr(olsrMessage(4, join(PREFIX, hex('ffffff00'))), join(u8(1), u8(0), u16(4), zeros(8)))),
    ),
    aodv: overUdp(
      654,
      client(hex('01080001 00000001'), PEER, u32(1), LSR, u32(2)),
      server(hex('02400001'), PEER, u32(1), LSR, u32(10_000)),
      client(hex('03000001'), PEER, u32(1)),
      client(hex('0400')),
      client(hex('0100')),
    ),
    msdp: overTcp(
      639,
      client(msdp(4, zeros(0))),
      server(msdp(1, join(u8(1), LSR, hex('00000020'), ipv4Address('224.2.0.1'), PEER, quotedPacket))),
      client(msdp(2, join(u8(0), ipv4Address('224.2.0.1'))), msdp(5, hex('0201'))),
    ),
    rpki: overTcp(
      323,
      client(rpki(2, 0, zeros(0))),
      server(
        rpki(3, 7, zeros(0)),
        rpki(4, 0, join(hex('01181800'), PREFIX, u32(64_500))),
        rpki(6, 0, join(hex('01203000'), V6, u32(64_500))),
        rpki(7, 7, join(u32(12), u32(3600), u32(600), u32(7200))),
      ),
      server(rpki(0, 7, u32(13))),
      client(rpki(1, 7, u32(12))),
      server(rpki(10, 3, join(u32(0), u32(0)))),
      client('not a router'),
    ),
    wccp: overUdp(
      2048,
      client(u32(10), hex('0200 000c'), element(0, u32(0)), element(1, zeros(0))),
      client(u32(7), u32(4), zeros(8)),
      client(u32(99), u32(0)),
    ),
    'mobile-ip': overUdp(
      434,
      client(registration, u8(32), u8(8), u32(256), hex('01020304')),
      server(hex('0300'), u16(1800), LSR, PEER, zeros(8)),
      client(hex('0704'), zeros(4)),
      client(registration.slice(0, 10)),
    ),
    'bfd-echo': overUdp(3785, client(hex('01020304'))),
  },
};
