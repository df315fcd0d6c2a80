/** Golden captures of layer 3 and its helpers: IPv4, IPv6, ICMP, ICMPv6, IGMP. */

import { cut, hex, ipAddress, join, macAddress, patched, u16, u32, zeros } from '../build-bytes.ts';
import { sampleText } from '../build-http.ts';
import {
  destinationOptions,
  fragmentIpv4,
  fragmentIpv6,
  hopByHop,
  ICMP,
  ICMPV6,
  IGMP,
  IP_PROTOCOL,
  icmp,
  icmpEcho,
  icmpv6,
  icmpv6Echo,
  igmp,
  igmpV3QueryTail,
  igmpV3Report,
  ipv4,
  ipv4Option,
  ipv6,
  ipv6Fragment,
  ipv6Option,
  type Layer,
  ndOption,
  neighborAdvertisement,
  neighborSolicitation,
  quoted,
  routerAdvertisement,
  routerSolicitation,
  routingHeader,
  tcp,
  udp,
} from '../build-packet.ts';
import {
  ask,
  ethernetFrames,
  type GoldenGroup,
  IP4,
  IP6,
  in4,
  in6,
  inbound,
  MAC,
  out4,
  out6,
  outbound,
} from './capture.ts';

const datagram = udp({ srcPort: 4000, dstPort: 4001 }, 'hello');
/** A layer's bytes with the checksum for these two addresses, to be carried in pieces. */
const carried4 = (layer: Layer): Uint8Array => layer.bytes({ src: ipAddress(IP4.host), dst: ipAddress(IP4.server) });
const carried6 = (layer: Layer): Uint8Array => layer.bytes({ src: ipAddress(IP6.host), dst: ipAddress(IP6.server) });

const big = udp({ srcPort: 4000, dstPort: 4001 }, sampleText(3000));

export const ipv4Group: GoldenGroup = {
  name: 'ipv4',
  captures: {
    plain: ethernetFrames(out4(datagram, { tos: 0xb8, dontFragment: true }), in4(datagram)),
    options: ethernetFrames(
      out4(datagram, { options: ipv4Option.recordRoute(3, '192.0.2.1', '192.0.2.2') }),
      out4(datagram, {
        finalDst: '192.0.2.1',
        options: join(ipv4Option.noOperation(), ipv4Option.looseSourceRoute('192.0.2.1')),
      }),
      out4(datagram, {
        finalDst: '192.0.2.2',
        options: join(ipv4Option.noOperation(), ipv4Option.looseSourceRoute('192.0.2.1', '192.0.2.2')),
      }),
      out4(datagram, { options: ipv4Option.timestamps(1000, 2000) }),
      out4(datagram, { options: ipv4Option.routerAlert() }),
    ),
    fragments: ethernetFrames(...fragmentIpv4({ src: IP4.host, dst: IP4.server, id: 77 }, big, 1500).map(outbound)),
    'fragments-out-of-order': ethernetFrames(
      ...fragmentIpv4({ src: IP4.host, dst: IP4.server, id: 78 }, big, 576).reverse().map(outbound),
    ),
    'fragments-overlap': ethernetFrames(
      outbound(
        ipv4(
          { src: IP4.host, dst: IP4.server, id: 79, protocol: 17, moreFragments: true },
          carried4(big).slice(0, 1480),
        ),
      ),
      outbound(
        ipv4({ src: IP4.host, dst: IP4.server, id: 79, protocol: 17, fragmentOffset: 1472 }, carried4(big).slice(1472)),
      ),
    ),
    'fragments-missing-one': ethernetFrames(
      ...fragmentIpv4({ src: IP4.host, dst: IP4.server, id: 80 }, big, 576)
        .filter((_, i) => i !== 2)
        .map(outbound),
    ),
    'fragment-beyond-64k': ethernetFrames(out4(zeros(64), { protocol: 1, fragmentOffset: 65_528, id: 81 })),
    'two-datagrams-same-id': ethernetFrames(
      ...fragmentIpv4(
        { src: IP4.host, dst: IP4.server, id: 82 },
        udp({ srcPort: 1, dstPort: 2 }, sampleText(1600)),
        1500,
      ).map(outbound),
      ...fragmentIpv4(
        { src: IP4.host, dst: IP4.peer, id: 82 },
        udp({ srcPort: 3, dstPort: 4 }, sampleText(1600)),
        1500,
      ).map(outbound),
    ),
    'unknown-protocol': ethernetFrames(out4(zeros(16), { protocol: 253 })),
    'bad-checksum': ethernetFrames(out4(datagram, { checksum: 0xdead })),
    'checksum-zero': ethernetFrames(out4(datagram, { checksum: 0 })),
    'total-length-zero': ethernetFrames(
      out4(tcp({ srcPort: 1000, dstPort: 2000 }, sampleText(100)), { totalLength: 0 }),
    ),
    'total-length-too-long': ethernetFrames(out4(datagram, { totalLength: 1400 })),
    'total-length-too-short': ethernetFrames(out4(datagram, { totalLength: 12 })),
    'header-length-4': ethernetFrames(out4(datagram, { headerWords: 4 })),
    'header-longer-than-packet': ethernetFrames(out4([], { protocol: 17, headerWords: 15 })),
    'version-7': ethernetFrames(out4(datagram, { version: 7 })),
    'trailing-padding': ethernetFrames(join(out4(datagram).bytes(), zeros(13))),
    'option-length-zero': ethernetFrames(out4(datagram, { options: [7, 0, 4, 0] })),
    'option-past-header': ethernetFrames(out4(datagram, { options: [68, 40, 5, 0] })),
    'cut-in-options': ethernetFrames(
      cut(out4(datagram, { options: ipv4Option.recordRoute(3, '192.0.2.1') }).bytes(), 38),
    ),
  },
};

const datagram6 = udp({ srcPort: 4000, dstPort: 4001 }, 'hello');

export const ipv6Group: GoldenGroup = {
  name: 'ipv6',
  captures: {
    plain: ethernetFrames(out6(datagram6, { trafficClass: 0xb8 }), in6(datagram6)),
    'extension-headers': ethernetFrames(
      out6(hopByHop(ipv6Option.routerAlert(), destinationOptions([1, 4, 0, 0, 0, 0], datagram6))),
      out6(routingHeader({ type: 0, addresses: ['2001:db8:2::1', '2001:db8:2::2'] }, datagram6)),
      out6(destinationOptions(hex('1e04 0a00 0001'), datagram6)),
    ),
    'no-next-header': ethernetFrames(out6([], { nextHeader: IP_PROTOCOL.noNext })),
    fragments: ethernetFrames(...fragmentIpv6({ src: IP6.host, dst: IP6.server }, 0xabcd0123, big, 1500).map(outbound)),
    'fragments-out-of-order': ethernetFrames(
      ...fragmentIpv6({ src: IP6.host, dst: IP6.server }, 0xabcd0124, big, 1280).reverse().map(outbound),
    ),
    'atomic-fragment': ethernetFrames(
      out6(
        ipv6Fragment({ id: 5, offset: 0, more: false, nextHeader: 17 }, carried6(udp({ srcPort: 1, dstPort: 2 }, 'x'))),
      ),
    ),
    'fragments-overlap': ethernetFrames(
      out6(ipv6Fragment({ id: 6, offset: 0, more: true, nextHeader: 17 }, carried6(big).slice(0, 1232))),
      out6(ipv6Fragment({ id: 6, offset: 1224, more: false, nextHeader: 17 }, carried6(big).slice(1224))),
    ),
    'unknown-next-header': ethernetFrames(out6(zeros(8), { nextHeader: 253 })),
    'payload-length-too-long': ethernetFrames(out6(datagram6, { payloadLength: 1000 })),
    'payload-length-zero': ethernetFrames(out6(datagram6, { payloadLength: 0 })),
    'version-5': ethernetFrames(out6(datagram6, { version: 5 })),
    'extension-past-packet': ethernetFrames(out6(hopByHop(ipv6Option.routerAlert(), datagram6, { length: 200 }))),
    'option-past-extension': ethernetFrames(out6(destinationOptions([0x1e, 60, 0, 0, 0, 0], datagram6))),
    'many-extensions': ethernetFrames(
      out6(
        Array.from({ length: 60 }).reduce<ReturnType<typeof udp>>(
          (inner) => destinationOptions([1, 4, 0, 0, 0, 0], inner),
          datagram6,
        ),
      ),
    ),
    'cut-in-header': ethernetFrames(cut(out6(datagram6).bytes(), 40)),
    'cut-in-extension': ethernetFrames(cut(out6(hopByHop(ipv6Option.routerAlert(), datagram6)).bytes(), 58)),
  },
};

const lostDatagram = ipv4(
  { src: IP4.host, dst: IP4.server, ttl: 1, id: 5 },
  udp({ srcPort: 33_434, dstPort: 33_435 }, zeros(32)),
);
const lostSegment = ipv4(
  { src: IP4.host, dst: IP4.server, id: 6 },
  tcp({ srcPort: 40_000, dstPort: 81, seq: 1000, flags: ['syn'] }),
);

export const icmpGroup: GoldenGroup = {
  name: 'icmp',
  captures: {
    ping: ethernetFrames(
      out4(icmpEcho({ id: 0x1234, sequence: 1 })),
      in4(icmpEcho({ id: 0x1234, sequence: 1, reply: true })),
      out4(icmpEcho({ id: 0x1234, sequence: 2 })),
      out4(icmpEcho({ id: 0x1234, sequence: 3 })),
      in4(icmpEcho({ id: 0x1234, sequence: 3, reply: true })),
    ),
    'port-unreachable': ethernetFrames(
      outbound(lostDatagram),
      in4(icmp({ type: ICMP.unreachable, code: 3 }, quoted(lostDatagram, 60))),
    ),
    'time-exceeded': ethernetFrames(
      inbound(ipv4({ src: '192.0.2.1', dst: IP4.host }, icmp({ type: ICMP.timeExceeded }, quoted(lostDatagram)))),
    ),
    'fragmentation-needed': ethernetFrames(
      inbound(
        ipv4(
          { src: '192.0.2.1', dst: IP4.host },
          icmp({ type: ICMP.unreachable, code: 4, rest: join(u16(0), u16(1400)) }, quoted(lostSegment)),
        ),
      ),
    ),
    redirect: ethernetFrames(
      inbound(
        ipv4(
          { src: IP4.gateway, dst: IP4.host },
          icmp({ type: ICMP.redirect, code: 1, rest: hex('0a0000fe') }, quoted(lostDatagram)),
        ),
      ),
    ),
    timestamp: ethernetFrames(
      out4(icmp({ type: ICMP.timestamp, rest: join(u16(9), u16(1)) }, join(u32(32_400_000), u32(0), u32(0)))),
      in4(icmp({ type: 14, rest: join(u16(9), u16(1)) }, join(u32(32_400_000), u32(32_400_010), u32(32_400_010)))),
    ),
    'unknown-type': ethernetFrames(out4(icmp({ type: 200, code: 5 }, zeros(8)))),
    'bad-checksum': ethernetFrames(out4(icmp({ type: ICMP.echoRequest, checksum: 1 }, zeros(8)))),
    'quote-cut-in-ip': ethernetFrames(in4(icmp({ type: ICMP.unreachable, code: 1 }, quoted(lostDatagram, 15)))),
    'quote-of-icmp-error': ethernetFrames(
      in4(
        icmp(
          { type: ICMP.unreachable, code: 1 },
          ipv4(
            { src: IP4.host, dst: IP4.server },
            icmp({ type: ICMP.unreachable, code: 1 }, quoted(lostDatagram)),
          ).bytes(),
        ),
      ),
    ),
    'cut-in-header': ethernetFrames(out4([8, 0, 1], { protocol: 1 })),
  },
};

const solicited = 'ff02::1:ff00:5';

export const icmpv6Group: GoldenGroup = {
  name: 'icmpv6',
  captures: {
    ping: ethernetFrames(
      out6(icmpv6Echo({ id: 7, sequence: 1 })),
      in6(icmpv6Echo({ id: 7, sequence: 1, reply: true })),
    ),
    'neighbor-discovery': ethernetFrames(
      outbound(
        ipv6(
          { src: IP6.host, dst: solicited, hopLimit: 255 },
          neighborSolicitation(IP6.peer, ndOption.sourceLinkAddress(macAddress(MAC.host))),
        ),
      ),
      inbound(
        ipv6(
          { src: IP6.peer, dst: IP6.host, hopLimit: 255 },
          neighborAdvertisement(
            { target: IP6.peer, solicited: true, override: true },
            ndOption.targetLinkAddress(macAddress(MAC.peer)),
          ),
        ),
      ),
    ),
    'router-discovery': ethernetFrames(
      outbound(
        ipv6(
          { src: 'fe80::4', dst: 'ff02::2', hopLimit: 255 },
          routerSolicitation(ndOption.sourceLinkAddress(macAddress(MAC.host))),
        ),
      ),
      inbound(
        ipv6(
          { src: IP6.gateway, dst: 'ff02::1', hopLimit: 255 },
          routerAdvertisement(
            { flags: 0x40 },
            ndOption.sourceLinkAddress(macAddress(MAC.gateway)),
            ndOption.prefix('2001:db8::', 64),
            ndOption.mtu(1500),
            ndOption.recursiveDns(600, '2001:db8::53'),
          ),
        ),
      ),
    ),
    'duplicate-address-detection': ethernetFrames(
      outbound(ipv6({ src: '::', dst: 'ff02::1:ff00:4', hopLimit: 255 }, neighborSolicitation(IP6.host))),
    ),
    'packet-too-big': ethernetFrames(
      in6(
        icmpv6(
          { type: ICMPV6.packetTooBig },
          join(u32(1280), ipv6({ src: IP6.host, dst: IP6.server }, datagram6).bytes()),
        ),
      ),
    ),
    'port-unreachable': ethernetFrames(
      in6(
        icmpv6(
          { type: ICMPV6.unreachable, code: 4 },
          join(zeros(4), ipv6({ src: IP6.host, dst: IP6.server }, datagram6).bytes()),
        ),
      ),
    ),
    'listener-report-v2': ethernetFrames(
      outbound(
        ipv6(
          { src: 'fe80::4', dst: 'ff02::16', hopLimit: 1 },
          hopByHop(
            ipv6Option.routerAlert(),
            icmpv6(
              { type: ICMPV6.listenerReportV2 },
              join(u16(0), u16(1), [4, 0], u16(0), hex('ff020000000000000000000000000123')),
            ),
          ),
        ),
      ),
    ),
    'unknown-type': ethernetFrames(out6(icmpv6({ type: 199, code: 3 }, zeros(8)))),
    'bad-checksum': ethernetFrames(out6(icmpv6({ type: ICMPV6.echoRequest, checksum: 0xbeef }, zeros(8)))),
    'option-length-zero': ethernetFrames(
      outbound(
        ipv6(
          { src: IP6.host, dst: solicited, hopLimit: 255 },
          neighborSolicitation(IP6.peer, [1, 0, 0, 0, 0, 0, 0, 0]),
        ),
      ),
    ),
    'option-past-packet': ethernetFrames(
      outbound(ipv6({ src: IP6.host, dst: solicited, hopLimit: 255 }, neighborSolicitation(IP6.peer, [1, 30, 0, 0]))),
    ),
    'cut-in-target': ethernetFrames(
      cut(outbound(ipv6({ src: IP6.host, dst: solicited, hopLimit: 255 }, neighborSolicitation(IP6.peer))).bytes(), 70),
    ),
  },
};

const GROUP = '233.252.0.1';
const alert = ipv4Option.routerAlert();

export const igmpGroup: GoldenGroup = {
  name: 'igmp',
  captures: {
    'version-2': ethernetFrames(
      inbound(
        ipv4(
          { src: IP4.gateway, dst: '224.0.0.1', ttl: 1, options: alert },
          igmp({ type: IGMP.query, maxResponse: 100 }),
        ),
      ),
      outbound(
        ipv4({ src: IP4.host, dst: GROUP, ttl: 1, options: alert }, igmp({ type: IGMP.reportV2, group: GROUP })),
      ),
      outbound(
        ipv4({ src: IP4.host, dst: '224.0.0.2', ttl: 1, options: alert }, igmp({ type: IGMP.leave, group: GROUP })),
      ),
    ),
    'version-1': ethernetFrames(
      outbound(ipv4({ src: IP4.host, dst: GROUP, ttl: 1 }, igmp({ type: IGMP.reportV1, group: GROUP }))),
    ),
    'version-3': ethernetFrames(
      inbound(
        ipv4(
          { src: IP4.gateway, dst: '224.0.0.1', ttl: 1, options: alert },
          igmp({ type: IGMP.query, maxResponse: 100 }, igmpV3QueryTail({ sources: ['192.0.2.9'] })),
        ),
      ),
      outbound(
        ipv4(
          { src: IP4.host, dst: '224.0.0.22', ttl: 1, options: alert },
          igmpV3Report(
            { type: 4, group: GROUP },
            { type: 1, group: '233.252.0.2', sources: ['192.0.2.9', '192.0.2.10'] },
          ),
        ),
      ),
    ),
    'unknown-type': ethernetFrames(
      outbound(ipv4({ src: IP4.host, dst: GROUP, ttl: 1 }, igmp({ type: 0x55, group: GROUP }))),
    ),
    'bad-checksum': ethernetFrames(
      outbound(ipv4({ src: IP4.host, dst: GROUP, ttl: 1 }, igmp({ type: IGMP.reportV2, group: GROUP, checksum: 7 }))),
    ),
    'record-count-too-high': ethernetFrames(
      outbound(
        ipv4(
          { src: IP4.host, dst: '224.0.0.22', ttl: 1, protocol: 2 },
          patched(igmpV3Report({ type: 4, group: GROUP }).bytes(), 6, [0xff, 0xff]),
        ),
      ),
    ),
    'cut-in-header': ethernetFrames(outbound(ipv4({ src: IP4.host, dst: GROUP, ttl: 1, protocol: 2 }, [0x16, 0, 0]))),
  },
};

/** Kept here so that a datagram to a well-known port with nothing in it has a place. */
export const udpGroup: GoldenGroup = {
  name: 'udp',
  captures: {
    plain: ethernetFrames(out4(datagram), in4(udp({ srcPort: 4001, dstPort: 4000 }, 'hello back'))),
    'no-checksum': ethernetFrames(out4(udp({ srcPort: 4000, dstPort: 4001, checksum: 0 }, 'hello'))),
    'bad-checksum': ethernetFrames(out4(udp({ srcPort: 4000, dstPort: 4001, checksum: 0x1234 }, 'hello'))),
    'over-ipv6': ethernetFrames(out6(datagram6)),
    'over-ipv6-no-checksum': ethernetFrames(out6(udp({ srcPort: 4000, dstPort: 4001, checksum: 0 }, 'hello'))),
    empty: ethernetFrames(ask(9, [])),
    'port-zero': ethernetFrames(out4(udp({ srcPort: 0, dstPort: 0 }, 'x'))),
    'length-zero': ethernetFrames(out4(udp({ srcPort: 4000, dstPort: 4001, length: 0 }, 'hello'))),
    'length-too-short': ethernetFrames(out4(udp({ srcPort: 4000, dstPort: 4001, length: 7 }, 'hello'))),
    'length-too-long': ethernetFrames(out4(udp({ srcPort: 4000, dstPort: 4001, length: 900 }, 'hello'))),
    'length-leaves-rest': ethernetFrames(out4(udp({ srcPort: 4000, dstPort: 4001, length: 10 }, 'hello'))),
    'cut-in-header': ethernetFrames(out4([0x0f, 0xa0, 0x0f], { protocol: 17 })),
  },
};
