/** Golden captures of headers between Ethernet and what it carries: MACsec, and MAC-in-MAC of providers. */

import { hex, join, latin1, macAddress, u16, u32, zeros } from '../build-bytes.ts';
import { ethernet } from '../build-link.ts';
import { ipv4, udp } from '../build-packet.ts';
import { ethernetFrames, type GoldenGroup, IP4, MAC } from './capture.ts';

const ADDRESSES = { src: MAC.host, dst: MAC.peer } as const;
const datagram = ipv4({ src: IP4.host, dst: IP4.peer }, udp({ srcPort: 4000, dstPort: 4001 }, 'hello')).bytes();
const typed = join(u16(0x0800), datagram);
const sealed = join(latin1('sealed'.repeat(6)), zeros(16));
const channel = join(macAddress(MAC.host), u16(1));
const security = (control: string, number: number, rest: Uint8Array): ReturnType<typeof ethernet> =>
  ethernet({ ...ADDRESSES, type: 0x88e5 }, join(hex(control), u32(number), rest));
const service = join(u32(0x50000123), macAddress(MAC.gateway), macAddress(MAC.host));

export const macLayersGroup: GoldenGroup = {
  name: 'mac-layers',
  captures: {
    macsec: ethernetFrames(
      security('0c20', 1, sealed),
      security('2c00', 2, join(channel, sealed)),
      security('0000', 3, join(typed, zeros(16))),
      security('2000', 4, join(channel, typed, zeros(16))),
    ),
    'mac-in-mac': ethernetFrames(ethernet({ ...ADDRESSES, type: 0x88e7 }, join(service, typed))),
    'bad-macsec-cut': ethernetFrames(security('2000', 5, channel.slice(0, 5)), security('0000', 6, typed.slice(0, 1))),
    'bad-mac-in-mac-cut': ethernetFrames(ethernet({ ...ADDRESSES, type: 0x88e7 }, service.slice(0, 12))),
  },
};
