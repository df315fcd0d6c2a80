/** Golden captures of link layers: Ethernet, VLAN, LLC, ARP, cooked, null/loop, PPP, PPPoE, MPLS, 802.11. */

import { cut, hex, join, macAddress, patched, u16, u32, zeros } from '../build-bytes.ts';
import {
  ARP,
  arp,
  beaconBody,
  controlWord,
  ethernet,
  FAMILY,
  ieee80211,
  LINK_TYPE,
  llc,
  mpls,
  nullLoopback,
  PPP_PROTOCOL,
  PPPOE,
  ppi,
  ppiCommon,
  ppp,
  pppControl,
  pppoe,
  pppoeTag,
  radiotap,
  SLL_HARDWARE,
  SLL_PACKET,
  serviceVlan,
  sll,
  sll2,
  snap,
  vlan,
} from '../build-link.ts';
import { ETHERTYPE, icmpEcho, ipv4, ipv6, type Layer, udp } from '../build-packet.ts';
import { ethernetFrames, frames, type GoldenGroup, IP4, IP6, MAC, outbound, snapped } from './capture.ts';

const ping = (sequence = 1): Layer => ipv4({ src: IP4.host, dst: IP4.peer, id: 7 }, icmpEcho({ id: 0x1234, sequence }));
const pong = (sequence = 1): Layer =>
  ipv4({ src: IP4.peer, dst: IP4.host, id: 8 }, icmpEcho({ id: 0x1234, sequence, reply: true }));
const datagram6 = ipv6({ src: IP6.host, dst: IP6.peer }, udp({ srcPort: 4000, dstPort: 4001 }, 'hello'));

export const eth: GoldenGroup = {
  name: 'eth',
  captures: {
    'padded-arp': ethernetFrames(
      ethernet(
        { src: MAC.host, dst: MAC.broadcast, pad: true },
        arp({ operation: ARP.request, senderMac: MAC.host, senderIp: IP4.host, targetIp: IP4.peer }),
      ),
    ),
    'frame-check-sequence': ethernetFrames(
      ethernet(
        { src: MAC.host, dst: MAC.peer, fcs: true, pad: true },
        ipv4({ src: IP4.host, dst: IP4.peer }, udp({ srcPort: 4000, dstPort: 4001 }, 'hi')),
      ),
    ),
    'unknown-type': ethernetFrames(ethernet({ src: MAC.host, dst: MAC.peer, type: 0x88b5 }, zeros(50))),
    'length-beyond-frame': ethernetFrames(
      ethernet({ src: MAC.host, dst: MAC.peer, type: 500 }, join([0x42, 0x42, 3], zeros(40))),
    ),
    multicast: ethernetFrames(
      ethernet(
        { src: MAC.host, dst: '01:00:5e:00:00:fb' },
        ipv4({ src: IP4.host, dst: '224.0.0.251' }, udp({ srcPort: 5000, dstPort: 5001 })),
      ),
    ),
    'cut-in-header': ethernetFrames(cut(outbound(ping()).bytes(), 9)),
    'no-bytes': ethernetFrames(zeros(0)),
  },
};

export const vlanGroup: GoldenGroup = {
  name: 'vlan',
  captures: {
    tagged: ethernetFrames(ethernet({ src: MAC.host, dst: MAC.peer }, vlan({ id: 100, priority: 5 }, ping()))),
    'q-in-q': ethernetFrames(
      ethernet(
        { src: MAC.host, dst: MAC.peer },
        serviceVlan({ id: 200, dropEligible: true }, vlan({ id: 100 }, ping())),
      ),
      ethernet({ src: MAC.peer, dst: MAC.host }, vlan({ id: 200 }, vlan({ id: 100 }, pong()))),
    ),
    'priority-only': ethernetFrames(
      ethernet({ src: MAC.host, dst: MAC.peer }, vlan({ id: 0, priority: 7 }, datagram6)),
    ),
    'tagged-llc': ethernetFrames(
      ethernet(
        { src: MAC.host, dst: '01:80:c2:00:00:00' },
        vlan({ id: 1 }, llc({ dsap: 0x42, ssap: 0x42 }, zeros(35))),
      ),
    ),
    'many-tags': ethernetFrames(
      ethernet(
        { src: MAC.host, dst: MAC.peer },
        Array.from({ length: 40 }, (_, i) => i).reduce<Layer>((inner, id) => vlan({ id }, inner), ping()),
      ),
    ),
    'cut-in-tag': ethernetFrames(
      cut(ethernet({ src: MAC.host, dst: MAC.peer }, vlan({ id: 100 }, ping())).bytes(), 16),
    ),
  },
};

export const llcGroup: GoldenGroup = {
  name: 'llc',
  captures: {
    'spanning-tree': ethernetFrames(
      ethernet(
        { src: MAC.gateway, dst: '01:80:c2:00:00:00', pad: true },
        llc(
          { dsap: 0x42, ssap: 0x42 },
          join(
            zeros(5),
            [0x80, 0],
            macAddress(MAC.gateway),
            zeros(4),
            [0x80, 0],
            macAddress(MAC.gateway),
            [0x80, 1],
            zeros(2),
            [20, 0, 2, 0, 15, 0],
          ),
        ),
      ),
    ),
    'snap-ip': ethernetFrames(ethernet({ src: MAC.host, dst: MAC.peer }, snap({}, ping()))),
    'snap-vendor': ethernetFrames(
      ethernet({ src: MAC.host, dst: '01:00:0c:cc:cc:cc' }, snap({ oui: [0x00, 0x00, 0x5e], type: 0x2000 }, zeros(30))),
    ),
    information: ethernetFrames(
      ethernet(
        { src: MAC.host, dst: MAC.peer, pad: true },
        llc({ dsap: 0x22, ssap: 0x22, control: [0x02, 0x05] }, zeros(12)),
      ),
    ),
    supervisory: ethernetFrames(
      ethernet({ src: MAC.host, dst: MAC.peer, pad: true }, llc({ dsap: 0x22, ssap: 0x23, control: [0x01, 0x0b] })),
    ),
    'netware-raw': ethernetFrames(
      ethernet({ src: MAC.host, dst: MAC.broadcast, pad: true }, join([0xff, 0xff, 0, 30], zeros(26))),
    ),
    'cut-in-snap': ethernetFrames(ethernet({ src: MAC.host, dst: MAC.peer, type: 5 }, [0xaa, 0xaa, 3, 0, 0])),
  },
};

const request = arp({ operation: ARP.request, senderMac: MAC.host, senderIp: IP4.host, targetIp: IP4.gateway });

export const arpGroup: GoldenGroup = {
  name: 'arp',
  captures: {
    'request-reply': ethernetFrames(
      ethernet({ src: MAC.host, dst: MAC.broadcast }, request),
      ethernet(
        { src: MAC.gateway, dst: MAC.host, pad: true },
        arp({
          operation: ARP.reply,
          senderMac: MAC.gateway,
          senderIp: IP4.gateway,
          targetMac: MAC.host,
          targetIp: IP4.host,
        }),
      ),
    ),
    gratuitous: ethernetFrames(
      ethernet(
        { src: MAC.host, dst: MAC.broadcast },
        arp({ operation: ARP.request, senderMac: MAC.host, senderIp: IP4.host, targetIp: IP4.host }),
      ),
    ),
    probe: ethernetFrames(
      ethernet(
        { src: MAC.host, dst: MAC.broadcast },
        arp({ operation: ARP.request, senderMac: MAC.host, senderIp: '0.0.0.0', targetIp: IP4.host }),
      ),
    ),
    'duplicate-address': ethernetFrames(
      ethernet(
        { src: MAC.gateway, dst: MAC.host },
        arp({
          operation: ARP.reply,
          senderMac: MAC.gateway,
          senderIp: IP4.peer,
          targetMac: MAC.host,
          targetIp: IP4.host,
        }),
      ),
      ethernet(
        { src: MAC.peer, dst: MAC.host },
        arp({ operation: ARP.reply, senderMac: MAC.peer, senderIp: IP4.peer, targetMac: MAC.host, targetIp: IP4.host }),
      ),
    ),
    reverse: ethernetFrames(
      ethernet(
        { src: MAC.host, dst: MAC.broadcast },
        arp({
          operation: ARP.reverseRequest,
          senderMac: MAC.host,
          senderIp: '0.0.0.0',
          targetMac: MAC.host,
          targetIp: '0.0.0.0',
        }),
      ),
      ethernet(
        { src: MAC.gateway, dst: MAC.host },
        arp({
          operation: ARP.reverseReply,
          senderMac: MAC.gateway,
          senderIp: IP4.gateway,
          targetMac: MAC.host,
          targetIp: IP4.host,
        }),
      ),
    ),
    'unknown-operation': ethernetFrames(
      ethernet(
        { src: MAC.host, dst: MAC.peer, type: ETHERTYPE.arp },
        arp({ operation: 77, senderMac: MAC.host, senderIp: IP4.host, targetIp: IP4.peer }),
      ),
    ),
    'odd-address-sizes': ethernetFrames(
      ethernet(
        { src: MAC.host, dst: MAC.broadcast, type: ETHERTYPE.arp },
        join(u16(6), u16(0x0800), [2, 4], u16(1), [1, 2], [10, 0, 0, 4], [0, 0], [10, 0, 0, 1]),
      ),
    ),
    'huge-address-sizes': ethernetFrames(
      ethernet({ src: MAC.host, dst: MAC.broadcast, type: ETHERTYPE.arp }, patched(request.bytes(), 4, [255, 255])),
    ),
    'cut-in-sender': ethernetFrames(cut(ethernet({ src: MAC.host, dst: MAC.broadcast }, request).bytes(), 26)),
  },
};

const cookedAddress = macAddress(MAC.host);

export const sllGroup: GoldenGroup = {
  name: 'sll',
  captures: {
    ping: frames(
      LINK_TYPE.sll,
      sll({ packetType: SLL_PACKET.fromUs, address: cookedAddress }, ping()),
      sll({ packetType: SLL_PACKET.toUs, address: macAddress(MAC.peer) }, pong()),
    ),
    'arp-broadcast': frames(LINK_TYPE.sll, sll({ packetType: SLL_PACKET.broadcast, address: cookedAddress }, request)),
    'no-address': frames(LINK_TYPE.sll, sll({ packetType: SLL_PACKET.toUs, hardware: SLL_HARDWARE.none }, ping())),
    llc: frames(
      LINK_TYPE.sll,
      sll(
        { packetType: SLL_PACKET.multicast, address: cookedAddress, type: 4 },
        llc({ dsap: 0x42, ssap: 0x42 }, zeros(35)),
      ),
    ),
    'address-too-long': frames(
      LINK_TYPE.sll,
      sll({ packetType: SLL_PACKET.toUs, address: cookedAddress, addressLength: 200 }, ping()),
    ),
    'cut-in-header': frames(LINK_TYPE.sll, cut(sll({ packetType: SLL_PACKET.toUs }, ping()).bytes(), 12)),
  },
};

export const sll2Group: GoldenGroup = {
  name: 'sll2',
  captures: {
    ping: frames(
      LINK_TYPE.sll2,
      sll2({ packetType: SLL_PACKET.fromUs, interfaceIndex: 2, address: cookedAddress }, ping()),
      sll2({ packetType: SLL_PACKET.toUs, interfaceIndex: 2, address: macAddress(MAC.peer) }, pong()),
    ),
    'two-interfaces': frames(
      LINK_TYPE.sll2,
      sll2({ packetType: SLL_PACKET.toUs, interfaceIndex: 2, address: cookedAddress }, ping()),
      sll2({ packetType: SLL_PACKET.fromUs, interfaceIndex: 5, hardware: SLL_HARDWARE.none }, ping()),
    ),
    'vlan-inside': frames(
      LINK_TYPE.sll2,
      sll2({ packetType: SLL_PACKET.toUs, interfaceIndex: 3, address: cookedAddress }, vlan({ id: 30 }, ping())),
    ),
    'cut-in-header': frames(
      LINK_TYPE.sll2,
      cut(sll2({ packetType: SLL_PACKET.toUs, interfaceIndex: 2 }, ping()).bytes(), 19),
    ),
  },
};

export const nullGroup: GoldenGroup = {
  name: 'null',
  captures: {
    'both-families': frames(
      LINK_TYPE.null,
      nullLoopback({ family: FAMILY.ipv4 }, ping()),
      nullLoopback({ family: FAMILY.ipv6Darwin }, datagram6),
      nullLoopback({ family: FAMILY.ipv6FreeBsd }, datagram6),
      nullLoopback({ family: FAMILY.ipv6NetBsd }, datagram6),
    ),
    'big-endian': frames(LINK_TYPE.null, nullLoopback({ family: FAMILY.ipv4, order: 'big' }, ping())),
    loop: frames(LINK_TYPE.loop, nullLoopback({ family: FAMILY.ipv4, order: 'big' }, ping())),
    'unknown-family': frames(LINK_TYPE.null, nullLoopback({ family: 99 }, zeros(20))),
    'cut-in-family': frames(LINK_TYPE.null, hex('0200')),
  },
};

export const rawGroup: GoldenGroup = {
  name: 'raw',
  captures: {
    'either-version': frames(LINK_TYPE.raw, ping(), datagram6),
    'dlt-number': frames(12, ping()),
    ipv4: frames(LINK_TYPE.ipv4, ping(), pong()),
    ipv6: frames(LINK_TYPE.ipv6, datagram6),
    'neither-version': frames(LINK_TYPE.raw, hex('5500 0014 0000 0000')),
    'unknown-link-type': frames(LINK_TYPE.user0, hex('0102 0304')),
  },
};

export const pppGroup: GoldenGroup = {
  name: 'ppp',
  captures: {
    session: frames(
      LINK_TYPE.ppp,
      ppp({ protocol: PPP_PROTOCOL.lcp }, pppControl(1, 1, hex('01040578 0506a1b2c3d4 0702 0802'))),
      ppp({ protocol: PPP_PROTOCOL.lcp }, pppControl(2, 1, hex('01040578 0506a1b2c3d4 0702 0802'))),
      ppp({ protocol: PPP_PROTOCOL.ipcp }, pppControl(1, 1, hex('0306 0a000004'))),
      ppp({}, ping()),
      ppp({}, datagram6),
    ),
    'no-address-field': frames(LINK_TYPE.ppp, ppp({ framed: false }, ping())),
    'short-protocol': frames(LINK_TYPE.ppp, ppp({ compressed: true }, ping())),
    'unknown-protocol': frames(LINK_TYPE.ppp, ppp({ protocol: 0x4021 }, zeros(8))),
    'cut-in-protocol': frames(LINK_TYPE.ppp, hex('ff03 00')),
  },
};

export const pppoeGroup: GoldenGroup = {
  name: 'pppoe',
  captures: {
    'discovery-and-session': ethernetFrames(
      ethernet(
        { src: MAC.host, dst: MAC.broadcast },
        pppoe({ code: PPPOE.initiation }, join(pppoeTag(0x0101, []), pppoeTag(0x0103, hex('01020304')))),
      ),
      ethernet(
        { src: MAC.gateway, dst: MAC.host },
        pppoe(
          { code: PPPOE.offer },
          join(
            pppoeTag(0x0102, new TextEncoder().encode('ac.example.net')),
            pppoeTag(0x0101, []),
            pppoeTag(0x0104, u32(99)),
          ),
        ),
      ),
      ethernet(
        { src: MAC.host, dst: MAC.gateway },
        pppoe({ code: PPPOE.request }, join(pppoeTag(0x0101, []), pppoeTag(0x0104, u32(99)))),
      ),
      ethernet(
        { src: MAC.gateway, dst: MAC.host },
        pppoe({ code: PPPOE.confirmation, session: 0x11 }, pppoeTag(0x0101, [])),
      ),
      ethernet(
        { src: MAC.host, dst: MAC.gateway },
        pppoe({ code: PPPOE.session, session: 0x11 }, ppp({ framed: false }, ping())),
      ),
      ethernet({ src: MAC.gateway, dst: MAC.host, pad: true }, pppoe({ code: PPPOE.termination, session: 0x11 })),
    ),
    'length-too-long': ethernetFrames(
      ethernet(
        { src: MAC.host, dst: MAC.gateway },
        pppoe({ code: PPPOE.session, session: 1, length: 1400 }, ppp({ framed: false }, ping())),
      ),
    ),
    'tag-too-long': ethernetFrames(
      ethernet(
        { src: MAC.host, dst: MAC.gateway },
        pppoe({ code: PPPOE.offer }, join(u16(0x0102), u16(900), [1, 2, 3])),
      ),
    ),
    'cut-in-header': ethernetFrames(
      ethernet({ src: MAC.host, dst: MAC.gateway, type: ETHERTYPE.pppoeSession }, hex('1100 00')),
    ),
  },
};

export const mplsGroup: GoldenGroup = {
  name: 'mpls',
  captures: {
    'one-label': ethernetFrames(
      ethernet({ src: MAC.host, dst: MAC.peer }, mpls([{ label: 16_000, trafficClass: 3, ttl: 61 }], ping())),
    ),
    'three-labels-ipv6': ethernetFrames(
      ethernet(
        { src: MAC.host, dst: MAC.peer },
        mpls([{ label: 100 }, { label: 200 }, { label: 2, ttl: 1 }], datagram6),
      ),
    ),
    pseudowire: ethernetFrames(
      ethernet({ src: MAC.host, dst: MAC.peer }, mpls([{ label: 300 }], controlWord(9, outbound(ping())))),
    ),
    'pseudowire-without-control-word': ethernetFrames(
      ethernet({ src: MAC.host, dst: MAC.peer }, mpls([{ label: 300 }], outbound(ping()).bytes())),
    ),
    'no-bottom': ethernetFrames(
      ethernet(
        { src: MAC.host, dst: MAC.peer },
        mpls([
          { label: 100, bottom: false },
          { label: 200, bottom: false },
        ]),
      ),
    ),
    'cut-in-label': ethernetFrames(ethernet({ src: MAC.host, dst: MAC.peer, type: ETHERTYPE.mpls }, [0, 1])),
  },
};

const STATION = '02:00:00:00:10:01';
const ACCESS_POINT = '02:00:00:00:10:02';
const BROADCAST = MAC.broadcast;
const beacon = ieee80211(
  { type: 0, subtype: 8, addresses: [BROADCAST, ACCESS_POINT, ACCESS_POINT], sequence: 100 },
  beaconBody({ ssid: 'example', channel: 6, timestamp: 123_456n }),
);
const dataFrame = ieee80211(
  { type: 2, subtype: 0, flags: 1, duration: 44, addresses: [ACCESS_POINT, STATION, MAC.gateway], sequence: 5 },
  snap({}, ping()),
);
const qosFrame = ieee80211(
  { type: 2, subtype: 8, flags: 2, addresses: [STATION, ACCESS_POINT, MAC.gateway], sequence: 6, qos: 6 },
  snap({}, pong()),
);
const acknowledgement = ieee80211({ type: 1, subtype: 13, addresses: [STATION] });

export const ieee80211Group: GoldenGroup = {
  name: 'ieee80211',
  captures: {
    'beacon-data-ack': frames(LINK_TYPE.ieee80211, beacon, dataFrame, qosFrame, acknowledgement),
    'four-addresses': frames(
      LINK_TYPE.ieee80211,
      ieee80211(
        {
          type: 2,
          subtype: 0,
          flags: 3,
          addresses: [ACCESS_POINT, '02:00:00:00:10:03', MAC.host, MAC.gateway],
          sequence: 1,
        },
        snap({}, ping()),
      ),
    ),
    protected: frames(
      LINK_TYPE.ieee80211,
      ieee80211(
        { type: 2, subtype: 8, flags: 0x41, addresses: [ACCESS_POINT, STATION, MAC.gateway], qos: 0 },
        hex('01000020 00000000 8e1c4d02a6b9'),
      ),
    ),
    'element-too-long': frames(
      LINK_TYPE.ieee80211,
      ieee80211(
        { type: 0, subtype: 8, addresses: [BROADCAST, ACCESS_POINT, ACCESS_POINT] },
        beaconBody({ ssid: 'x', channel: 1, elements: [221, 200, 1] }),
      ),
    ),
    'cut-in-addresses': frames(LINK_TYPE.ieee80211, cut(dataFrame.bytes(), 15)),
  },
};

export const radiotapGroup: GoldenGroup = {
  name: 'radiotap',
  captures: {
    beacon: frames(
      LINK_TYPE.ieee80211Radiotap,
      radiotap(
        { timestamp: 99n, flags: 0, rate: 2, frequency: 2437, signalDbm: -41, noiseDbm: -95, antenna: 1 },
        beacon,
      ),
    ),
    'with-fcs': frames(
      LINK_TYPE.ieee80211Radiotap,
      radiotap(
        { flags: 0x10, rate: 108, frequency: 5180, channelFlags: 0x0140, signalDbm: -60 },
        ieee80211(
          { type: 2, subtype: 0, flags: 1, addresses: [ACCESS_POINT, STATION, MAC.gateway], fcs: true },
          snap({}, ping()),
        ),
      ),
    ),
    'length-too-long': frames(LINK_TYPE.ieee80211Radiotap, radiotap({ rate: 2, length: 4000 }, beacon)),
    'length-too-short': frames(LINK_TYPE.ieee80211Radiotap, radiotap({ rate: 2, length: 4 }, beacon)),
    'endless-present-words': frames(
      LINK_TYPE.ieee80211Radiotap,
      join([0, 0, 16, 0], u32(0x00000080), u32(0x00000080), u32(0x00000080)),
    ),
  },
};

export const ppiGroup: GoldenGroup = {
  name: 'ppi',
  captures: {
    beacon: frames(
      LINK_TYPE.ppi,
      ppi({ linkType: LINK_TYPE.ieee80211, fields: [[2, ppiCommon({ frequency: 2437, signalDbm: -44 })]] }, beacon),
    ),
    ethernet: frames(LINK_TYPE.ppi, ppi({ linkType: LINK_TYPE.ethernet }, outbound(ping()))),
    'field-too-long': frames(
      LINK_TYPE.ppi,
      patched(ppi({ linkType: LINK_TYPE.ieee80211, fields: [[2, ppiCommon({})]] }, beacon).bytes(), 10, [0xff, 0xff]),
    ),
    'cut-in-header': frames(LINK_TYPE.ppi, hex('0000 0800 69')),
  },
};

/** Snap lengths that end in the middle of a layer. */
export const snapGroup: GoldenGroup = {
  name: 'snap-length',
  captures: {
    'in-ethernet': snapped(LINK_TYPE.ethernet, outbound(ping()), 10),
    'in-ip': snapped(LINK_TYPE.ethernet, outbound(ping()), 26),
    'in-payload': snapped(LINK_TYPE.ethernet, outbound(ping()), 60),
  },
};
