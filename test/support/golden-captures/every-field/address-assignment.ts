/** DHCP and DHCPv6 with every option whose value is read (RFC 2132, 3046, 3118, 3361, 4361; RFC 8415), and RADIUS attributes (RFC 2865, 2866). */

import { type BytesLike, hex, ipAddress, join, macAddress, u8, u16, u32, u64, utf8, zeros } from '../../build-bytes.ts';
import { DHCP_MESSAGE, type DhcpOption, dhcp, dhcpOption } from '../../build-dhcp.ts';
import { udp } from '../../build-packet.ts';
import { answer, ask, ethernetFrames, type GoldenGroup, in4, in6, MAC, out4, out6 } from '../capture.ts';

const addresses = join(ipAddress('192.0.2.53'), ipAddress('192.0.2.54'));
const address = ipAddress('192.0.2.1');
const network = join(ipAddress('198.51.100.0'), ipAddress('255.255.255.0'));

/** Options that hold addresses only, one or as many as there are. */
const ONE_ADDRESS = [16, 28, 32, 50, 118] as const;
const ADDRESSES = [
  4, 5, 6, 7, 8, 9, 10, 11, 41, 42, 44, 45, 48, 49, 65, 68, 69, 70, 71, 72, 73, 74, 75, 76, 85, 92, 112, 136, 138, 142,
  150,
] as const;
/** The rest in runs that fit a datagram. */
const VALUES: readonly DhcpOption[] = [
  [2, u32(-3600)],
  [13, u16(128)],
  [21, network],
  [22, u16(1500)],
  [23, u8(64)],
  [24, u32(600)],
  [25, join(u16(68), u16(296))],
  [26, u16(1400)],
  [33, join(ipAddress('203.0.113.0'), address)],
  [35, u32(60)],
  [37, u8(64)],
  [38, u32(30)],
  [57, u16(1472)],
  [58, u32(1800)],
  [59, u32(3150)],
  [62, utf8('EXAMPLE')],
  [90, join(u8(0), u8(0), u8(0), u64(0x1122334455667788n), utf8('secret'))],
  [91, u32(90)],
  [93, join(u16(7), u16(16))],
];
const RELAY: readonly (readonly [number, BytesLike])[] = [
  [1, utf8('port 4')],
  [2, utf8('relay.example')],
  [5, ipAddress('198.51.100.0')],
  [6, utf8('subscriber-7')],
  [7, hex('0105616263')],
  [8, hex('000102030405060708090a0b')],
  [9, join(u32(32_473), u8(3), utf8('abc'))],
  [10, u8(0x80)],
  [11, ipAddress('198.51.100.1')],
  [12, hex('00030001020000000001')],
  [13, hex('abcd')],
  [151, join(u8(0), utf8('blue'))],
  [152, ipAddress('198.51.100.2')],
];
const CLIENT_IDS: readonly BytesLike[] = [
  join(u8(0), hex('00112233445566778899aabbccddeeff')),
  join(u8(255), u32(1), u16(1), u16(1), u32(800_000_000), macAddress(MAC.host)),
  join(u8(255), u32(1), u16(2), u32(32_473), hex('0102030405')),
  join(u8(255), u32(1), u16(3), u16(1), macAddress(MAC.host)),
  join(u8(255), u32(1), u16(4), hex('00112233445566778899aabbccddeeff')),
  join(u8(0), utf8('printer')),
  join(u8(2), hex('010203')),
];

let transaction = 0x4400_0000;

function message(type: number, options: readonly DhcpOption[]): Uint8Array {
  const fields = { transaction: transaction++, clientMac: MAC.host };
  const all = [dhcpOption.messageType(type), ...options];
  return type === DHCP_MESSAGE.ack || type === DHCP_MESSAGE.offer
    ? dhcp({ operation: 2, ...fields, options: all })
    : dhcp({ operation: 1, ...fields, options: all });
}

function reply(...options: readonly DhcpOption[]): ReturnType<typeof in4> {
  return in4(udp({ srcPort: 67, dstPort: 68 }, message(DHCP_MESSAGE.ack, options)));
}

const dhcpOptions = ethernetFrames(
  reply(...ONE_ADDRESS.map((code): DhcpOption => [code, address])),
  reply(...ADDRESSES.map((code): DhcpOption => [code, addresses])),
  reply(...VALUES),
  reply([120, join(u8(1), addresses)]),
  reply([120, join(u8(0), u8(3), utf8('sip'), u8(7), utf8('example'), u8(0))]),
  ...CLIENT_IDS.map((id) => out4(udp({ srcPort: 68, dstPort: 67 }, message(DHCP_MESSAGE.inform, [[61, id]])))),
  out4(
    udp(
      { srcPort: 67, dstPort: 67 },
      message(DHCP_MESSAGE.request, [
        [82, join(...RELAY.map(([code, value]) => join(u8(code), u8(value.length), value)))],
        [97, join(u8(0), hex('00112233445566778899aabbccddeeff'))],
      ]),
    ),
  ),
);

// DHCPv6

function option6(code: number, ...value: readonly BytesLike[]): Uint8Array {
  const bytes = join(...value);
  return join(u16(code), u16(bytes.length), bytes);
}

function message6(type: number, ...options: readonly Uint8Array[]): Uint8Array {
  return join(u8(type), hex('a1b2c3'), ...options);
}

const duidTime = join(u16(1), u16(1), u32(800_000_000), macAddress(MAC.host));
const addressAndTimes = join(ipAddress('2001:db8::100'), u32(3600), u32(7200));
const prefixAndTimes = join(u32(3600), u32(7200), u8(56), ipAddress('2001:db8:100::'));

const dhcpv6Options = ethernetFrames(
  out6(
    udp(
      { srcPort: 546, dstPort: 547 },
      message6(
        1,
        option6(1, duidTime),
        option6(6, u16(23), u16(24)),
        option6(8, u16(250)),
        option6(3, u32(0x11223344), u32(0), u32(0)),
        option6(16, u32(32_473), u16(4), utf8('made')),
        option6(39, u8(1), u8(5), utf8('host4'), u8(7), utf8('example'), u8(0)),
      ),
    ),
  ),
  in6(
    udp(
      { srcPort: 547, dstPort: 546 },
      message6(
        2,
        option6(1, duidTime),
        option6(2, u16(3), u16(1), macAddress(MAC.gateway)),
        option6(7, u8(200)),
        option6(3, u32(0x11223344), u32(1800), u32(2880), option6(5, addressAndTimes)),
        option6(25, u32(0x11223344), u32(1800), u32(2880), option6(26, prefixAndTimes)),
        option6(13, u16(2), utf8('none left')),
        option6(23, ipAddress('2001:db8::53'), ipAddress('2001:db8::54')),
      ),
    ),
  ),
);

// RADIUS

const TEXTS = [1, 11, 18, 30, 31, 32, 44, 77, 87] as const;
const NUMBERS = [5, 6, 7, 12, 27, 28, 40, 41, 42, 43, 45, 46, 47, 48, 49, 61] as const;
const RADIUS_ADDRESSES = [4, 8, 9] as const;

function attribute(type: number, value: BytesLike): Uint8Array {
  return join(u8(type), u8(2 + value.length), value);
}

function radius(code: number, id: number, ...attributes: readonly Uint8Array[]): Uint8Array {
  const body = join(...attributes);
  return join(u8(code), u8(id), u16(20 + body.length), hex('00112233445566778899aabbccddeeff'), body);
}

const accounting = join(
  ...TEXTS.map((type) => attribute(type, utf8(`text ${type}`))),
  ...NUMBERS.map((type) => attribute(type, u32(1))),
  ...RADIUS_ADDRESSES.map((type) => attribute(type, ipAddress('192.0.2.7'))),
);

const radiusAttributes = ethernetFrames(
  ask(
    1812,
    radius(
      1,
      7,
      attribute(1, utf8('alice')),
      attribute(2, hex('8081828384858687 88898a8b8c8d8e8f')),
      attribute(24, hex('c0ffee')),
      attribute(26, join(u32(32_473), u8(1), u8(6), utf8('made'))),
      attribute(80, zeros(16)),
    ),
  ),
  answer(1812, radius(2, 7, attribute(18, utf8('welcome')))),
  ask(1813, radius(4, 8, accounting)),
  answer(1813, radius(5, 8)),
);

export const addressAssignmentGroup: GoldenGroup = {
  name: 'address-assignment',
  captures: { 'dhcp-options': dhcpOptions, 'dhcpv6-options': dhcpv6Options, 'radius-attributes': radiusAttributes },
};
