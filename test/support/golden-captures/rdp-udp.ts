/** Golden captures of RDP over UDP: a handshake of each version, acknowledgements, payload and what corrects it. */

import { hex, join, u8, u16, u32, zeros } from '../build-bytes.ts';
import { ethernet } from '../build-link.ts';
import { ipv4, type Layer, udp } from '../build-packet.ts';
import { ethernetFrames, type GoldenGroup, IP4, MAC } from './capture.ts';

const CLIENT = 50_100;
const SERVER = 3389;
const ask = (payload: Uint8Array, port = CLIENT): Layer =>
  ethernet(
    { src: MAC.host, dst: MAC.gateway },
    ipv4({ src: IP4.host, dst: IP4.server }, udp({ srcPort: port, dstPort: SERVER }, payload)),
  );
const answer = (payload: Uint8Array, port = CLIENT): Layer =>
  ethernet(
    { src: MAC.gateway, dst: MAC.host },
    ipv4({ src: IP4.server, dst: IP4.host }, udp({ srcPort: SERVER, dstPort: port }, payload)),
  );
const head = (flags: number, ...rest: readonly Uint8Array[]): Uint8Array =>
  join(u32(0x0b127f15), u16(64), u16(flags), ...rest);
const begin = join(u32(0x0b127f15), u16(1232), u16(1232));
const tlsData = hex('1703030004deadbeef');

export const rdpUdpGroup: GoldenGroup = {
  name: 'rdp-udp',
  captures: {
    'first-version': ethernetFrames(
      ask(head(0x1801, begin, hex('00112233445566778899aabbccddeeff'), zeros(16), u16(1), u16(2), zeros(40))),
      answer(head(0x1005, begin, u16(1), u16(2))),
      ask(head(0x000c, u16(0), zeros(2), u32(1), u32(1), tlsData)),
      answer(head(0x010c, u16(3), hex('c10200'), zeros(3), u32(7), u32(2), u32(2), tlsData)),
      ask(head(0x0018, u32(3), u32(3), u8(4), u8(1), zeros(2), hex('aabbcc'))),
    ),
    lossy: ethernetFrames(
      ask(head(0x0201, begin)),
      ask(head(0x0008, u32(1), u32(1), hex('15fefd000000000000000000020100'))),
    ),
    'second-version': ethernetFrames(
      ask(head(0x1001, begin, u16(1), u16(0x101), zeros(32)), 50_101),
      answer(head(0x1005, begin, u16(1), u16(0x101)), 50_101),
      ask(hex('00112233445566778899'), 50_101),
    ),
    'bad-vector-cut': ethernetFrames(ask(head(0x000c, u16(200), hex('c1')))),
  },
};
