/** Golden captures of transports, tunnels and control protocols that are met less often. Documentation addresses only. */

import {
  type BytesLike,
  hex,
  internetChecksum,
  ipv4Address,
  join,
  latin1,
  u8,
  u16,
  u24,
  u32,
  u64,
  utf8,
  zeros,
} from '../build-bytes.ts';
import { ethernet, llc } from '../build-link.ts';
import { icmpEcho, ipv4, ipv6, type Layer, udp } from '../build-packet.ts';
import { ask, ethernetFrames, type GoldenGroup, IP4, IP6, MAC, out4, outbound } from './capture.ts';

const pseudo = (protocol: number, length: number): Uint8Array =>
  join(ipv4Address(IP4.host), ipv4Address(IP4.server), u16(protocol), u16(length));
/** On IPv4 with a checksum at `at` over all of it. */
function summed(protocol: number, at: number, bytes: Uint8Array, covered = bytes.length): Layer {
  const body = bytes.slice(0, covered);
  bytes.set(u16(internetChecksum(pseudo(protocol, bytes.length), body.length % 2 === 0 ? body : join(body, [0]))), at);
  return out4(bytes, { protocol });
}

const dccp = (kind: number, words: number, coverage: number, ...rest: readonly BytesLike[]): Uint8Array =>
  join(u16(40_000), u16(5001), u8(words), u8(coverage), u16(0), u8((kind << 1) | 1), u8(0), u16(0), u32(7), ...rest);

export const dccpGroup: GoldenGroup = {
  name: 'dccp',
  captures: {
    packets: ethernetFrames(
      summed(33, 6, dccp(0, 7, 0, u32(0x52545056), hex('2005 01 05 0a 02 00 00'))),
      summed(33, 6, dccp(1, 7, 0, u16(0), u16(0), u32(7), u32(0x52545056))),
      summed(
        33,
        6,
        dccp(
          4,
          12,
          0,
          u16(0),
          u16(0),
          u32(7),
          hex('2906 00000001 2a06 00000002 2b04 0003 2c06 cafecafe 00 00'),
          utf8('data'),
        ),
      ),
      summed(33, 6, dccp(7, 7, 0, u16(0), u16(0), u32(7), hex('01020304'))),
      summed(33, 6, join(u16(40_000), u16(5001), u8(3), u8(1), u16(0), u8(2 << 1), u24(9), utf8('short sequence'))),
    ),
    'bad-offset': ethernetFrames(
      out4(dccp(0, 2, 0, u32(0)), { protocol: 33 }),
      out4(dccp(0, 60, 0, u32(0)), { protocol: 33 }),
    ),
  },
};

const lite = (coverage: number): Uint8Array =>
  join(u16(40_000), u16(5004), u16(coverage), u16(0), utf8('voice of some kind!!'));

export const udpLiteGroup: GoldenGroup = {
  name: 'udp-lite',
  captures: {
    coverage: ethernetFrames(summed(136, 6, lite(0)), summed(136, 6, lite(8), 8)),
    'bad-coverage': ethernetFrames(out4(lite(7), { protocol: 136 }), out4(lite(200), { protocol: 136 })),
  },
};

const bfd = (flags: number, authentication: BytesLike = []): Uint8Array =>
  join(
    u8(0x21),
    u8(flags),
    u8(3),
    u8(24 + authentication.length),
    u32(1),
    u32(2),
    u32(300_000),
    u32(300_000),
    u32(50_000),
    authentication,
  );
const carpBody = join(
  u8(0x21),
  u8(1),
  u8(100),
  u8(7),
  u8(0),
  u8(1),
  u16(0),
  u64(77n),
  hex('000102030405060708090a0b0c0d0e0f10111213'),
);
carpBody.set(u16(internetChecksum(carpBody)), 6);

export const livenessGroup: GoldenGroup = {
  name: 'liveness',
  captures: {
    bfd: ethernetFrames(
      ask(3784, bfd(0xc0)),
      ask(3784, bfd(0x44, join(hex('01 09 05'), latin1('secret')))),
      ask(4784, bfd(0xe4, join(hex('02 18 05 00'), u32(9), zeros(16)))),
    ),
    carp: ethernetFrames(out4(carpBody, { protocol: 112, dst: '224.0.0.18', ttl: 255 })),
    'bad-bfd-authentication': ethernetFrames(ask(3784, bfd(0x44, hex('02 30 05'))), ask(3784, bfd(0xc0).slice(0, 20))),
  },
};

const inner = ethernet(
  { src: MAC.peer, dst: MAC.host },
  ipv4({ src: IP4.peer, dst: IP4.host, id: 1 }, icmpEcho({ id: 1, sequence: 1 })),
);
const gpe = (next: number, payload: BytesLike): Layer =>
  ask(4790, join(u8(0x0c), u16(0), u8(next), u24(42), u8(0), payload));
const ping4 = ipv4({ src: IP4.peer, dst: IP4.host, id: 2 }, icmpEcho({ id: 2, sequence: 1 })).bytes();
const ping6 = ipv6({ src: IP6.peer, dst: IP6.host, nextHeader: 59 }, []).bytes();

export const vxlanGpeGroup: GoldenGroup = {
  name: 'vxlan-gpe',
  captures: {
    'next-protocols': ethernetFrames(
      gpe(3, inner.bytes()),
      gpe(1, ping4),
      gpe(2, ping6),
      gpe(5, join(hex('00011140'), ping4)),
      gpe(9, utf8('unknown')),
    ),
    'bad-inner-cut': ethernetFrames(gpe(1, ping4.slice(0, 12))),
  },
};

const interSwitch = (type: number, frame: Uint8Array): Uint8Array => {
  const rest = join(hex('aaaa03 00000c 0015 0000 0000'), frame, u32(0xcafecafe));
  return join(hex('01000c0000'), u8(type << 4), hex('020000000004'), u16(rest.length), rest);
};

export const islGroup: GoldenGroup = {
  name: 'isl',
  captures: {
    frames: ethernetFrames(interSwitch(0, inner.bytes()), interSwitch(1, utf8('token ring'))),
    'bad-cut': ethernetFrames(interSwitch(0, inner.bytes()).slice(0, 24)),
  },
};

export const vendorGroup: GoldenGroup = {
  name: 'vendor',
  captures: {
    small: ethernetFrames(
      ethernet({ src: MAC.host, dst: MAC.broadcast, type: 0x88a2 }, hex('10 00 ffff ff 01 00000001')),
      ethernet({ src: MAC.host, dst: MAC.peer, type: 0x88a2 }, hex('1c 02 0001 01 00 00000001 41 00 08 25')),
      ethernet({ src: MAC.host, dst: MAC.broadcast, type: 0x8899 }, hex('23 00 00 00 01')),
      outbound(
        ipv4(
          { src: IP4.host, dst: '255.255.255.255', id: 3 },
          udp({ srcPort: 17_500, dstPort: 17_500 }, '{"host_int": 1, "version": [2, 0]}'),
        ),
      ),
    ),
    'bad-aoe-cut': ethernetFrames(ethernet({ src: MAC.host, dst: MAC.peer, type: 0x88a2 }, hex('10 00 00'))),
    llc: ethernetFrames(
      ethernet({ src: MAC.host, dst: MAC.peer }, llc({ dsap: 0x82, ssap: 0x82 }, hex('0120ffff00ff1008'))),
    ),
  },
};

const erspanFirst = (flags: number, rest: BytesLike): Layer =>
  out4(join(u16(flags), u16(0x88be), rest), { protocol: 47 });

export const erspanFirstGroup: GoldenGroup = {
  name: 'erspan-first',
  captures: {
    mirrored: ethernetFrames(erspanFirst(0, inner.bytes())),
    'bad-cut': ethernetFrames(erspanFirst(0, hex('0200'))),
  },
};
