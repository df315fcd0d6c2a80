/** Golden capture of what clouds serve to their virtual machines at addresses of their own. */

import { utf8 } from '../build-bytes.ts';
import { ipv4, ipv6, udp } from '../build-packet.ts';
import { ethernetFrames, type GoldenGroup, IP4, IP6, inbound, outbound } from './capture.ts';

const probe = udp({ srcPort: 40_000, dstPort: 40_001 }, utf8('probe'));
const SERVICES = ['169.254.169.254', '168.63.129.16', '169.254.169.123', '169.254.169.253', '100.100.2.136'] as const;
const SERVICES6 = ['fd00:ec2::254', 'fd20:ce::254'] as const;

export const platformGroup: GoldenGroup = {
  name: 'platform',
  captures: {
    addresses: ethernetFrames(
      ...SERVICES.map((dst, i) => outbound(ipv4({ src: IP4.host, dst, id: i + 1 }, probe))),
      inbound(ipv4({ src: '100.100.100.200', dst: IP4.host, id: 9 }, probe)),
      ...SERVICES6.map((dst) => outbound(ipv6({ src: IP6.host, dst }, probe))),
      outbound(ipv4({ src: IP4.host, dst: '169.254.169.252', id: 10 }, probe)),
    ),
  },
};
