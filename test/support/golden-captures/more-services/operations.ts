/** What operators run: Diameter, M3UA over SCTP, RMCP with ASF and IPMI, OpenFlow, Gearman. */

import { type BytesLike, hex, ipv4Address, join, latin1, u8, u16, u24, u32, u32le, zeros } from '../../build-bytes.ts';
import { ethernet } from '../../build-link.ts';
import { icmpEcho, ipv4 } from '../../build-packet.ts';
import { ethernetFrames, type GoldenGroup, IP4, MAC, out4 } from '../capture.ts';
import { client, overTcp, overUdp, server } from './talk.ts';

const pad4 = (bytes: Uint8Array): Uint8Array => join(bytes, zeros((4 - (bytes.length % 4)) % 4));
const avp = (code: number, ...value: readonly BytesLike[]): Uint8Array => {
  const body = join(...value);
  return pad4(join(u32(code), u8(0x40), u24(8 + body.length), body));
};
const vendorAvp = (code: number, body: Uint8Array): Uint8Array =>
  pad4(join(u32(code), u8(0xc0), u24(12 + body.length), u32(10_415), body));
const diameter = (flags: number, code: number, application: number, ...avps: readonly BytesLike[]): Uint8Array => {
  const body = join(...avps);
  return join(u8(1), u24(20 + body.length), u8(flags), u24(code), u32(application), u32(0x11), u32(0x22), body);
};
const capabilities = diameter(
  0x80,
  257,
  0,
  avp(264, latin1('client.example.net')),
  avp(296, latin1('example.net')),
  avp(257, u16(1), ipv4Address('192.0.2.1')),
  avp(266, u32(0)),
  avp(269, latin1('test')),
  avp(278, u32(5)),
  avp(258, u32(4)),
  avp(259, u32(3)),
  avp(260, avp(266, u32(10_415)), avp(258, u32(16_777_238))),
);
const creditControl = diameter(
  0xc0,
  272,
  4,
  avp(263, latin1('s;1')),
  avp(283, latin1('example.net')),
  avp(293, latin1('ocs.example.net')),
  avp(1, latin1('alice')),
  avp(415, u32(0)),
  avp(416, u32(1)),
  vendorAvp(873, hex('0102')),
);

const chunk = (protocol: number, number: number, payload: Uint8Array): Uint8Array =>
  pad4(join(u8(0), u8(3), u16(16 + payload.length), u32(number), u16(0), u16(number), u32(protocol), payload));
const overSctp = (port: number, protocol: number, number: number, payload: Uint8Array): ReturnType<typeof out4> =>
  out4(join(u16(40_000), u16(port), u32(1), u32(0), chunk(protocol, number, payload)), { protocol: 132 });
const parameter = (tag: number, ...value: readonly BytesLike[]): Uint8Array => {
  const body = join(...value);
  return pad4(join(u16(tag), u16(4 + body.length), body));
};
const m3ua = (kind: number, type: number, ...parameters: readonly BytesLike[]): Uint8Array => {
  const body = join(...parameters);
  return join(hex('0100'), u8(kind), u8(type), u32(8 + body.length), body);
};
const unitData = hex('09 00 03 05 07 02 42 08 02 42 06 02 01 02');

const rmcp = (kind: number, ...rest: readonly BytesLike[]): Uint8Array => join(hex('0600ff'), u8(kind), ...rest);
const openflow = (version: number, type: number, ...rest: readonly BytesLike[]): Uint8Array => {
  const body = join(...rest);
  return join(u8(version), u8(type), u16(8 + body.length), u32(1), body);
};
const seen = ethernet(
  { src: MAC.peer, dst: MAC.host },
  ipv4({ src: IP4.peer, dst: IP4.host, id: 2 }, icmpEcho({ id: 2, sequence: 1 })),
).bytes();
const job = (magic: string, type: number, body: string): Uint8Array =>
  join(u8(0), latin1(magic), u32(type), u32(body.length), latin1(body));

export const operationsGroup: GoldenGroup = {
  name: 'operations',
  captures: {
    diameter: overTcp(
      3868,
      client(capabilities),
      server(diameter(0x00, 257, 0, avp(268, u32(2001)), avp(264, latin1('server.example.net')))),
      client(creditControl),
      server(diameter(0x60, 272, 4, avp(268, u32(5012)))),
      client(hex('0200001480')),
    ),
    'diameter-bad-avp': overTcp(3868, client(diameter(0x80, 280, 0, u32(264), u8(0x40), u24(200)))),
    m3ua: ethernetFrames(
      overSctp(2905, 3, 1, m3ua(3, 1, parameter(4, latin1('hello')), parameter(17, u32(1)))),
      overSctp(
        2905,
        3,
        2,
        m3ua(
          1,
          1,
          parameter(512, u32(9)),
          parameter(6, u32(1)),
          parameter(528, u32(1), u32(2), hex('03020005'), unitData),
          parameter(19, u32(7)),
        ),
      ),
      overSctp(2905, 3, 3, m3ua(4, 3, parameter(11, u32(1)))),
      overSctp(2905, 3, 4, m3ua(1, 1, hex('0210 00ff 00'))),
      overSctp(3868, 46, 5, diameter(0x80, 280, 0, avp(264, latin1('a.example.net')))),
    ),
    rmcp: overUdp(
      623,
      client(rmcp(6, u32(4542), hex('80000000'))),
      server(rmcp(6, u32(4542), hex('40000010'), u32(4542), u32(0), hex('8100'), zeros(6))),
      client(rmcp(7, u8(0), zeros(8), u8(9), hex('2018c88100388e04b5'))),
      client(rmcp(7, u8(2), u32le(1), u32le(5), zeros(16), u8(2), hex('2018'))),
      client(rmcp(7, u8(6), u8(0x10), zeros(8), hex('0400'), u32(0))),
      client(rmcp(7, u8(6), u8(0x42), u32(1), u16(2), u32le(9), u32le(3), hex('0000'))),
      server(rmcp(0x86)),
      client(rmcp(6, u32(4542), hex('8000'))),
      client('none'),
    ),
    openflow: overTcp(
      6653,
      client(openflow(1, 0)),
      server(openflow(4, 0, hex('00010008 00000012'))),
      client(openflow(1, 10, u32(0xffff_ffff), u16(seen.length), u16(1), u8(0), u8(0), seen)),
      server(openflow(4, 5)),
      client(openflow(5, 0)),
      client(openflow(6, 0)),
      client(openflow(2, 0)),
      client('no message at all'),
    ),
    gearman: overTcp(
      4730,
      client(job('REQ', 7, 'reverse\0u1\0text')),
      server(job('RES', 8, 'H:host:1')),
      server(job('RES', 13, 'H:host:1\0txet')),
      client('status\r\n'),
      server('reverse\t0\t0\t0\r\n.\r\n'),
    ),
  },
};
