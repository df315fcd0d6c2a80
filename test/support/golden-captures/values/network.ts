/** Packets that carry each value of IP, ICMP, TCP's options and routing protocols, one capture a protocol. */

import {
  internetChecksum,
  ipAddress,
  join,
  macAddress,
  padTo,
  patched,
  u8,
  u16,
  u24,
  u32,
  u64,
  utf8,
  zeros,
} from '../../build-bytes.ts';
import { ethernet, LINK_TYPE, llc, ppp, pppControl, pppoeTag } from '../../build-link.ts';
import { bgp, bgpOpen, eigrp, ospfHello } from '../../build-network-control.ts';
import {
  destinationOptions,
  icmp,
  icmpv6,
  ipv4,
  ipv6,
  type Layer,
  routerAdvertisement,
  type TcpFields,
  tcp,
  tcpOption,
  udp,
} from '../../build-packet.ts';
import { ethernetFrames, frames, type GoldenGroup, IP4, IP6, in4, MAC, out4, out6, outbound } from '../capture.ts';
import { said } from '../services.ts';

const NET4 = ipAddress('198.51.100.1');
const NET6 = ipAddress('2001:db8::1');

/** RFC 4884 7: header with checksum, then objects of class, type and data. */
function extensions(...objects: readonly (readonly [number, number, Uint8Array])[]): Uint8Array {
  const list = objects.map(([kind, type, data]) => join(u16(4 + data.length), u8(kind), u8(type), data));
  const structure = join(u16(0x2000), u16(0), ...list);
  return patched(structure, 2, u16(internetChecksum(structure)));
}
const quoted = padTo(
  ipv4({ src: IP4.host, dst: IP4.server, ttl: 1 }, udp({ srcPort: 40_000, dstPort: 33_434 }, zeros(64))).bytes(),
  128,
);
const exceeded = (...objects: readonly (readonly [number, number, Uint8Array])[]): Layer =>
  in4(icmp({ type: 11, rest: [0, 32, 0, 0] }, join(quoted, extensions(...objects))));
const name = join(u8(8), utf8('eth0\0\0\0'));
const probe = (type: number, identifies: Uint8Array): Layer =>
  out4(icmp({ type: 42, rest: [0, 1, 1, 1] }, extensions([3, type, identifies])));

const multipath = (subtype: number, ...rest: readonly Uint8Array[]): Uint8Array => {
  const value = join(...rest);
  return join(u8(30), u8(3 + value.length), u8(subtype), value);
};
const KEY = u64(0x0102030405060708n);
const segment = (options: Uint8Array, fields: Partial<TcpFields> = {}): Layer =>
  out4(tcp({ srcPort: 40_000, dstPort: 7777, seq: 1, ack: 1, options, ...fields }));
const multipathOptions: readonly Uint8Array[] = [
  multipath(0x00, u8(0x81), KEY),
  multipath(0x01, u8(0x81), KEY, u64(9n), u16(100), u16(0xabcd)),
  multipath(0x11, u8(2), u32(0x01020304), u32(0x05060708)),
  multipath(0x10, u8(2), KEY, u32(0x05060708)),
  multipath(0x10, u8(0), new Uint8Array(20).fill(0x5a)),
  multipath(0x20, u8(0x1f), u64(11n), u64(12n), u32(13), u16(14), u16(0x1234), u16(0)),
  multipath(0x34, u8(3), ipAddress('192.0.2.1')),
  multipath(0x30, u8(3), ipAddress('192.0.2.1'), u16(443), KEY),
  multipath(0x36, u8(3), NET6),
  multipath(0x40, u8(3)),
  multipath(0x51, u8(3)),
  multipath(0x60, u8(0), u64(12n)),
  multipath(0x70, u8(0), KEY),
  multipath(0x80, u8(4)),
];

const client = { srcPort: 40_010, dstPort: 7777 } as const;
const server = { srcPort: 7777, dstPort: 40_010 } as const;
const opening = [
  out4(tcp({ ...client, seq: 0, flags: ['syn'], options: tcpOption.fastOpen() })),
  in4(tcp({ ...server, seq: 0, ack: 1, flags: ['syn', 'ack'], window: 100 })),
  out4(tcp({ ...client, seq: 1, ack: 1 })),
];
const analysed = ethernetFrames(
  ...opening,
  out4(tcp({ ...client, seq: 1, ack: 1, flags: ['ack', 'psh'] }, zeros(100))),
  in4(tcp({ ...server, seq: 1, ack: 101, window: 100 })),
  out4(tcp({ ...client, seq: 100, ack: 1 }, zeros(1))),
  in4(tcp({ ...server, seq: 1, ack: 101, window: 100 })),
  in4(tcp({ ...server, seq: 1, ack: 101, window: 100, options: tcpOption.sack([51, 101]) })),
);

/** Addresses that carry an IPv4 address: Teredo, a translation prefix, ISATAP. */
const carrying = ethernetFrames(
  ...(
    [
      ['2001:0:c633:6401:0:6355:3fff:fdfe', IP6.server],
      ['64:ff9b::c000:201', '64:ff9b::c633:6401'],
      ['fe80::5efe:c000:201', 'fe80::5efe:c633:6401'],
    ] as const
  ).map(([src, dst]) => outbound(ipv6({ src, dst }, udp({ srcPort: 40_000, dstPort: 7777 }, 'text')))),
);

const attribute = (flags: number, code: number, value: Uint8Array): Uint8Array =>
  join(u8(flags), u8(code), u8(value.length), value);
const attributes = join(
  attribute(0x40, 1, u8(0)),
  attribute(0x40, 3, ipAddress('192.0.2.1')),
  attribute(0x80, 4, u32(50)),
  attribute(0x40, 5, u32(100)),
);
const bgpFrames = said({
  port: 179,
  transport: 'tcp',
  messages: [
    ['client', bgpOpen()],
    ['server', bgp(4)],
    [
      'client',
      bgp(2, join(u16(4), u8(24), [203, 0, 113], u16(attributes.length), attributes, u8(24), NET4.slice(0, 3))),
    ],
    ['server', bgp(3, [6, 2])],
  ],
});

const route4 = join(
  ipAddress('192.0.2.1'),
  join(u32(256_000), u32(25_600), u24(1500), u8(1), u8(255), u8(3), u16(0)),
  u8(24),
  NET4.slice(0, 3),
);
const internalRoute = join(u16(0x0102), u16(4 + route4.length), route4);

const toPort = (port: number, message: Uint8Array): Layer => out4(udp({ srcPort: port, dstPort: port }, message));
const ripRoute = join(u16(2), u16(0), NET4, ipAddress('255.255.255.0'), zeros(4), u32(3));
const ripHead = join(u8(2), u8(2), u16(0));
const ripPassword = join(ripHead, u16(0xffff), u16(2), padTo(utf8('secret'), 16), ripRoute);
const ripDigest = join(
  ripHead,
  join(u16(0xffff), u16(3), u16(44), u8(1), u8(20), u32(7), zeros(8)),
  ripRoute,
  join(u16(0xffff), u16(1), new Uint8Array(16).fill(0x5a)),
);
const ripng = join(u8(2), u8(1), u16(0), NET6, u16(5), u8(64), u8(2));

const SYSTEM = macAddress(MAC.gateway);
const isis = (type: number, header: number, ...body: readonly Uint8Array[]): Layer =>
  ethernet(
    { src: MAC.gateway, dst: '01:80:c2:00:00:14' },
    llc({ dsap: 0xfe, ssap: 0xfe }, join([0x83, header, 1, 0, type, 1, 0, 0], ...body)),
  );
const lspId = join(SYSTEM, u16(0));
const isisFrames = ethernetFrames(
  isis(15, 27, u8(3), SYSTEM, u16(30), u16(27), u8(64), SYSTEM, u8(1)),
  isis(18, 27, u16(27), u16(1199), lspId, u32(9), u16(0x1234), u8(3)),
  isis(24, 33, u16(33), SYSTEM, u8(0), zeros(8), new Uint8Array(8).fill(255)),
  isis(26, 17, u16(17), SYSTEM, u8(0)),
);

const option = (type: number, value: Uint8Array): Uint8Array => join(u8(type), u8(2 + value.length), value);
const negotiated = (protocol: number, ...options: readonly Uint8Array[]): Layer =>
  ppp({ protocol }, pppControl(1, 1, join(...options)));
const pppFrames = frames(
  LINK_TYPE.ppp,
  negotiated(0xc021, option(2, u32(0x000a0000)), option(19, join(u8(2), ipAddress('192.0.2.1')))),
  negotiated(0xc021, option(19, join(u8(3), macAddress(MAC.host)))),
  negotiated(0x8021, option(1, join(NET4, ipAddress('192.0.2.1'))), option(2, join(u16(0x002d), u8(15), u8(1)))),
  negotiated(0x80fd, option(18, u32(0x01000001))),
  negotiated(0x8281, option(1, u32(7))),
);
const agentTag = pppoeTag(0x0105, join(u32(3561), option2(1, utf8('port 1')), option2(2, utf8('line 2'))));
function option2(type: number, value: Uint8Array): Uint8Array {
  return join(u8(type), u8(value.length), value);
}
const discovery = (code: number, tags: Uint8Array): Layer =>
  ethernet({ src: MAC.host, dst: MAC.gateway, type: 0x8863 }, join([0x11, code], u16(0), u16(tags.length), tags));

const group4 = join(
  u8(2),
  u8(0),
  u8(6),
  u8(4),
  u16(7),
  macAddress(MAC.host),
  u32(110),
  u32(3000),
  u32(10_000),
  padTo(ipAddress('192.0.2.254'), 16),
);
const summed = (packet: Uint8Array, at: number): Uint8Array => patched(packet, at, u16(internetChecksum(packet)));
const vrrp = (kind: number, secret: Uint8Array): Layer =>
  out4(join(summed(join([0x21, 7, 100, 1, kind, 1], u16(0), ipAddress('192.0.2.254')), 6), secret), {
    protocol: 112,
    dst: '224.0.0.18',
    ttl: 255,
  });
const pim = summed(join(u8(0x20), u8(0), u16(0), u16(1), u16(2), u16(105), u16(99), u16(4), u32(7)), 2);
const secret = utf8('secret\0\0');
function ospfWithPassword(): Uint8Array {
  const plain = patched(patched(ospfHello('192.0.2.2'), 12, u16(0)), 14, u16(1));
  const sum = internetChecksum(join(plain.slice(0, 16), plain.slice(24)));
  return patched(patched(plain, 12, u16(sum)), 16, secret);
}

export const networkValueGroup: GoldenGroup = {
  name: 'network-values',
  captures: {
    icmp: ethernetFrames(
      exceeded([2, 0x0f, join(u32(3), u16(1), u16(0), ipAddress('192.0.2.1'), name, u32(1500))], [9, 1, u32(7)]),
      exceeded([2, 0x04, join(u16(2), u16(0), NET6)]),
      probe(1, utf8('eth0')),
      probe(2, u32(3)),
      probe(3, join(u16(1), u8(4), u8(0), NET4)),
      probe(3, join(u16(2), u8(16), u8(0), NET6)),
      probe(3, join(u16(6), u8(6), u8(0), macAddress(MAC.peer), u16(0))),
    ),
    icmpv6: ethernetFrames(
      out6(icmpv6({ type: 139, code: 2 }, join(u16(4), u16(0), u64(7n), NET4))),
      out6(
        icmpv6({ type: 4 }, join(u32(40), ipv6({ src: IP6.host, dst: IP6.server, nextHeader: 200 }, zeros(8)).bytes())),
      ),
      out6(routerAdvertisement({}, join(u8(38), u8(2), u16(0x0708), ipAddress('64:ff9b::').slice(0, 12)))),
    ),
    'tcp-multipath': ethernetFrames(...multipathOptions.map((options) => segment(options))),
    'tcp-analysis': analysed,
    'ipv4-options': ethernetFrames(out4(udp({ srcPort: 40_000, dstPort: 7777 }, 'text'), { options: [11, 4, 5, 220] })),
    'ipv6-addresses': carrying,
    'ipv6-options': ethernetFrames(
      out6(destinationOptions(join([0x8b, 4], u32(0x01020304)), udp({ srcPort: 40_000, dstPort: 7777 }, 'text'))),
      out6(destinationOptions(join([1, 2, 0, 0, 0xc9, 16], NET6), udp({ srcPort: 40_000, dstPort: 7777 }, 'text'))),
    ),
    bgp: bgpFrames,
    eigrp: ethernetFrames(out4(eigrp(1, 0, internalRoute), { protocol: 88 })),
    rip: ethernetFrames(toPort(520, ripPassword), toPort(520, ripDigest)),
    ripng: ethernetFrames(out6(udp({ srcPort: 521, dstPort: 521 }, ripng))),
    isis: isisFrames,
    ppp: pppFrames,
    pppoe: ethernetFrames(discovery(9, agentTag), discovery(7, pppoeTag(0x0201, utf8('no such service')))),
    redundancy: ethernetFrames(
      out4(udp({ srcPort: 1985, dstPort: 1985 }, join(u8(1), u8(40), group4)), { dst: '224.0.0.102' }),
      vrrp(1, secret),
      vrrp(254, new Uint8Array(16).fill(0x5a)),
    ),
    pim: ethernetFrames(out4(pim, { protocol: 103 })),
    ospf: ethernetFrames(out4(ospfWithPassword(), { protocol: 89 })),
  },
};
