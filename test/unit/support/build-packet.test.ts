/** The layer builders, checked against published bytes and against their own checksums. */

import { describe, expect, it } from 'vitest';
import { hex, ipAddress, join, onesSum, readU16, readU32, toHex, u32, utf8, zeros } from '../../support/build-bytes.ts';
import {
  ARP,
  arp,
  ethernet,
  mpls,
  nullLoopback,
  ppp,
  radiotap,
  sll,
  sll2,
  snap,
  vlan,
} from '../../support/build-link.ts';
import {
  fragmentIpv4,
  fragmentIpv6,
  hopByHop,
  IP_PROTOCOL,
  icmpEcho,
  icmpv6Echo,
  ipv4,
  ipv4Option,
  ipv6,
  ipv6Option,
  type Layer,
  routingHeader,
  synOptions,
  tcp,
  tcpOption,
  udp,
} from '../../support/build-packet.ts';
import { geneve, gre, vxlan } from '../../support/build-tunnel.ts';

const from4 = { src: '10.0.0.4', dst: '198.51.100.20' };
const from6 = { src: '2001:db8::4', dst: '2001:db8::5' };

/** Sum over pseudo header and segment; 0xffff when its checksum is right. */
function sumOf4(packet: Uint8Array, protocol: number): number {
  return onesSum(packet.slice(12, 20), u32(packet.length - 20), u32(protocol), packet.slice(20));
}

function sumOf6(packet: Uint8Array, protocol: number, at = 40): number {
  return onesSum(packet.slice(8, 40), u32(packet.length - at), u32(protocol), packet.slice(at));
}

describe('IPv4', () => {
  it('gives the header checksum of a published example', () => {
    const packet = ipv4(
      { src: '192.168.0.1', dst: '192.168.0.199', dontFragment: true, protocol: 17 },
      zeros(95),
    ).bytes();
    expect(toHex(packet.slice(0, 20))).toBe('4500007300004000' + '4011b861c0a80001c0a800c7');
  });

  it('counts options in header length, total length and checksum', () => {
    const packet = ipv4(
      { ...from4, options: ipv4Option.recordRoute(3, '192.0.2.1') },
      udp({ srcPort: 1, dstPort: 2 }),
    ).bytes();
    expect(packet[0]).toBe(0x49);
    expect(readU16(packet, 2)).toBe(packet.length);
    expect(onesSum(packet.slice(0, 36))).toBe(0xffff);
    expect(toHex(packet.slice(20, 28))).toBe('070f08c000020100');
  });

  it('cuts a datagram into fragments that join to the same bytes', () => {
    const whole = ipv4(from4, udp({ srcPort: 1, dstPort: 2 }, zeros(3000))).bytes();
    const parts = fragmentIpv4(from4, udp({ srcPort: 1, dstPort: 2 }, zeros(3000)), 1500).map((part) => part.bytes());
    expect(parts.map((part) => part.length)).toEqual([1500, 1500, 68]);
    expect(parts.map((part) => readU16(part, 6))).toEqual([0x2000, 0x2000 | 185, 370]);
    expect(toHex(join(...parts.map((part) => part.slice(20))))).toBe(toHex(whole.slice(20)));
  });

  it('takes overruled values as they are', () => {
    const packet = ipv4(
      { ...from4, totalLength: 7, checksum: 0xdead, headerWords: 15, version: 7 },
      udp({ srcPort: 1, dstPort: 2 }),
    ).bytes();
    expect([packet[0], readU16(packet, 2), readU16(packet, 10)]).toEqual([0x7f, 7, 0xdead]);
  });

  it('wants the protocol of raw bytes named', () => {
    expect(() => ipv4(from4, [1, 2]).bytes()).toThrow('protocol number');
  });
});

describe('IPv6', () => {
  it('writes version, class, flow label and lengths', () => {
    const packet = ipv6(
      { ...from6, trafficClass: 0xb8, flowLabel: 0x12345 },
      udp({ srcPort: 1, dstPort: 2 }, 'x'),
    ).bytes();
    expect(toHex(packet.slice(0, 8))).toBe('6b812345' + '0009' + '1140');
  });

  it('chains extension headers and pads them to eight bytes', () => {
    const packet = ipv6(from6, hopByHop(ipv6Option.routerAlert(), udp({ srcPort: 1, dstPort: 2 }, 'x'))).bytes();
    expect(toHex(packet.slice(6, 7))).toBe('00');
    expect(toHex(packet.slice(40, 48))).toBe('11000502' + '0000' + '0100');
    expect(sumOf6(packet, IP_PROTOCOL.udp, 48)).toBe(0xffff);
  });

  it('covers the last address of a route by the transport checksum', () => {
    const packet = ipv6(
      from6,
      routingHeader({ addresses: ['2001:db8::9'] }, udp({ srcPort: 1, dstPort: 2 }, 'x')),
    ).bytes();
    const segment = packet.slice(40 + 24);
    expect(
      onesSum(ipAddress(from6.src), ipAddress('2001:db8::9'), u32(segment.length), u32(IP_PROTOCOL.udp), segment),
    ).toBe(0xffff);
  });

  it('cuts a datagram into fragments that join to the same bytes', () => {
    const layer = udp({ srcPort: 1, dstPort: 2 }, zeros(3000));
    const parts = fragmentIpv6(from6, 77, layer, 1280).map((part) => part.bytes());
    expect(parts.every((part) => part.length <= 1280)).toBe(true);
    expect(toHex(join(...parts.map((part) => part.slice(48))))).toBe(toHex(ipv6(from6, layer).bytes().slice(40)));
  });
});

describe('transport checksums', () => {
  it.each([
    ['UDP', udp({ srcPort: 4000, dstPort: 53 }, 'odd'), IP_PROTOCOL.udp],
    [
      'TCP',
      tcp({ srcPort: 4000, dstPort: 80, seq: 1, ack: 2, options: tcpOption.maximumSegment(1460) }, 'even'),
      IP_PROTOCOL.tcp,
    ],
  ] as const)('are right for %s over both versions of IP', (_name, layer, protocol) => {
    expect(sumOf4(ipv4(from4, layer).bytes(), protocol)).toBe(0xffff);
    expect(sumOf6(ipv6(from6, layer).bytes(), protocol)).toBe(0xffff);
  });

  it('are right for ICMPv6', () => {
    expect(sumOf6(ipv6(from6, icmpv6Echo({ id: 1, sequence: 2 })).bytes(), IP_PROTOCOL.icmpv6)).toBe(0xffff);
  });

  it('give the well-known checksum of the first ping of a Windows host', () => {
    const echo = icmpEcho({ id: 1, sequence: 1 }, utf8('abcdefghijklmnopqrstuvwabcdefghi')).bytes();
    expect(toHex(echo.slice(0, 8))).toBe('08004d5a00010001');
  });

  it('are sent as 0xffff by UDP when the sum is zero', () => {
    const plain = ipv4(from4, udp({ srcPort: 0, dstPort: 0 }, [0, 0])).bytes();
    // Two payload bytes that make the sum what it must be for a checksum of zero.
    const payload = [plain[26] ?? 0, plain[27] ?? 0];
    const packet = ipv4(from4, udp({ srcPort: 0, dstPort: 0 }, payload)).bytes();
    expect(readU16(packet, 26)).toBe(0xffff);
  });
});

describe('TCP', () => {
  it('lays out SYN options as Linux does', () => {
    const options = synOptions({ mss: 1460, sack: true, timestamps: [1, 0], windowScale: 7 });
    expect(toHex(options)).toBe('020405b4' + '0402' + '080a0000000100000000' + '01' + '030307');
    expect(toHex(synOptions({ mss: 1440, windowScale: 8 }))).toBe('020405a0' + '01' + '030308');
    expect(toHex(synOptions({ mss: 1460, sack: true }))).toBe('020405b4' + '0101' + '0402');
  });

  it('writes flags and data offset, with the accurate-ECN bit', () => {
    const bytes = tcp({ srcPort: 1, dstPort: 2, flags: ['syn', 'ae', 'cwr'], options: [2, 4, 5, 0xb4] }).bytes();
    expect(readU16(bytes, 12)).toBe(0x6182);
  });

  it('writes SACK ranges', () => {
    expect(toHex(tcpOption.sack([1, 2], [3, 4]))).toBe('0512' + '00000001000000020000000300000004');
  });
});

describe('link layers', () => {
  const inner: Layer = ipv4(from4, udp({ srcPort: 1, dstPort: 2 }));

  it('take the type from what they carry', () => {
    const link = { src: '02:00:00:00:00:01', dst: '02:00:00:00:00:02' };
    expect(toHex(ethernet(link, inner).bytes().slice(0, 14))).toBe('020000000002020000000001' + '0800');
    expect(readU16(ethernet(link, vlan({ id: 100, priority: 5 }, inner)).bytes(), 12)).toBe(0x8100);
    expect(toHex(vlan({ id: 100, priority: 5 }, inner).bytes().slice(0, 4))).toBe('a0640800');
    expect(readU16(ethernet(link, snap({}, inner)).bytes(), 12)).toBe(8 + inner.bytes().length);
    expect(readU16(sll({ packetType: 4 }, inner).bytes(), 14)).toBe(0x0800);
    expect(readU16(sll2({ packetType: 4, interfaceIndex: 2 }, inner).bytes(), 0)).toBe(0x0800);
    expect(toHex(ppp({}, inner).bytes().slice(0, 4))).toBe('ff030021');
    expect(toHex(nullLoopback({ family: 2 }, inner).bytes().slice(0, 4))).toBe('02000000');
    expect(
      toHex(
        mpls([{ label: 3, ttl: 9 }, { label: 4 }], inner)
          .bytes()
          .slice(0, 8),
      ),
    ).toBe('00003009' + '00004140');
  });

  it('pad short frames and add the frame check sequence on demand', () => {
    const frame = ethernet({ src: '02:00:00:00:00:01', dst: '02:00:00:00:00:02', pad: true, fcs: true }, inner).bytes();
    expect(frame.length).toBe(64);
  });

  it('write an ARP request', () => {
    const bytes = arp({
      operation: ARP.request,
      senderMac: '02:00:00:00:00:04',
      senderIp: '10.0.0.4',
      targetIp: '10.0.0.1',
    }).bytes();
    expect(toHex(bytes)).toBe('0001080006040001' + '0200000000040a000004' + '0000000000000a000001');
  });

  it('align radiotap fields to their size', () => {
    expect(toHex(radiotap({ rate: 2, frequency: 2412 }).bytes())).toBe('00000e000c000000' + '0200' + '6c09a000');
  });
});

describe('tunnels', () => {
  const inner: Layer = ipv4(from4, udp({ srcPort: 1, dstPort: 2 }));

  it('write GRE with key, sequence and a checksum that is right', () => {
    const bytes = gre({ key: 5, sequence: 6, checksum: true }, inner).bytes();
    expect(toHex(bytes.slice(0, 4))).toBe('b0000800');
    expect(readU32(bytes, 8)).toBe(5);
    expect(onesSum(bytes)).toBe(0xffff);
  });

  it('write VXLAN and Geneve headers', () => {
    expect(toHex(vxlan({ vni: 0x123456 }, []))).toBe('0800000012345600');
    expect(
      toHex(
        geneve(
          { vni: 0x123456, critical: true, options: [{ class: 0x0102, type: 0x83, data: hex('01020304') }] },
          inner,
        ).slice(0, 16),
      ),
    ).toBe('02400800' + '12345600' + '01028301' + '01020304');
  });
});
