/** Golden captures of what switches and routers say: spanning tree, discovery, routing, redundancy. */

import { cut, join, u16, utf8 } from '../build-bytes.ts';
import { ethernet, llc, snap } from '../build-link.ts';
import {
  bpdu,
  cdp,
  cdpValue,
  eigrp,
  eigrpParameters,
  hsrp,
  lacp,
  lldp,
  lldpValue,
  ospfHello,
  ospfUpdate,
  pimHello,
  rip,
  vrrp,
} from '../build-network-control.ts';
import { ipv4, type Layer, udp } from '../build-packet.ts';
import { ethernetFrames, type GoldenGroup, IP4, MAC } from './capture.ts';

const LINK = { src: MAC.gateway, dst: '01:80:c2:00:00:00' } as const;
const bridge = (message: Uint8Array): Layer => ethernet(LINK, llc({ dsap: 0x42, ssap: 0x42 }, message));
const cisco = (message: Uint8Array): Layer => ethernet(LINK, snap({ oui: [0, 0, 12], type: 0x2000 }, message));
const routed = (protocol: number, dst: string, message: Uint8Array): Layer =>
  ethernet(LINK, ipv4({ src: IP4.gateway, dst, protocol }, message));
const toPort = (port: number, dst: string, message: Uint8Array): Layer =>
  ethernet(LINK, ipv4({ src: IP4.gateway, dst }, udp({ srcPort: port, dstPort: port }, message)));

export const stpGroup: GoldenGroup = {
  name: 'stp',
  captures: {
    messages: ethernetFrames(
      bridge(bpdu()),
      bridge(bpdu({ type: 2, version: 2, flags: 0x3d, vlan: 7 })),
      bridge(join(u16(0), [0, 0x80])),
    ),
    'cut-in-bridge': ethernetFrames(bridge(cut(bpdu(), 20))),
  },
};

export const discoveryGroup: GoldenGroup = {
  name: 'discovery',
  captures: {
    cdp: ethernetFrames(cisco(cdp(cdpValue(1, utf8('switch1')), cdpValue(3, utf8('Gi0/1')), cdpValue(10, u16(7))))),
    'cdp-value-without-length': ethernetFrames(cisco(cdp(join(u16(1), u16(0))))),
    lldp: ethernetFrames(ethernet({ ...LINK, type: 0x88cc }, lldp(lldpValue(5, utf8('switch1'))))),
    'lldp-cut': ethernetFrames(ethernet({ ...LINK, type: 0x88cc }, cut(lldp(), 12))),
    lacp: ethernetFrames(ethernet({ ...LINK, type: 0x8809 }, lacp(0x3d, 0x05))),
  },
};

export const routingGroup: GoldenGroup = {
  name: 'routing',
  captures: {
    ospf: ethernetFrames(routed(89, '224.0.0.5', ospfHello('192.0.2.2')), routed(89, '224.0.0.5', ospfUpdate())),
    'ospf-cut-in-update': ethernetFrames(routed(89, '224.0.0.5', cut(ospfUpdate(), 40))),
    eigrp: ethernetFrames(
      routed(88, '224.0.0.10', eigrp(5, 0, eigrpParameters())),
      routed(88, '224.0.0.10', eigrp(5, 9)),
    ),
    rip: ethernetFrames(toPort(520, '224.0.0.9', rip(2, ['198.51.100.0', '255.255.255.0', 3]))),
    vrrp: ethernetFrames(routed(112, '224.0.0.18', vrrp('192.0.2.254'))),
    hsrp: ethernetFrames(toPort(1985, '224.0.0.2', hsrp(0, 8))),
    pim: ethernetFrames(routed(103, '224.0.0.13', pimHello())),
  },
};
