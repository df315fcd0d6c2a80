/** Golden captures of Juniper's headers: one file for each kind of interface, as the link type is the file's. */

import { type BytesLike, hex, join, u8, u16 } from '../../build-bytes.ts';
import { ethernet } from '../../build-link.ts';
import { ipv4, udp } from '../../build-packet.ts';
import { frames, type GoldenCapture, IP4, MAC } from '../capture.ts';

const datagram = ipv4({ src: IP4.host, dst: IP4.peer }, udp({ srcPort: 4000, dstPort: 4001 }, 'hello')).bytes();
const frame = ethernet({ src: MAC.host, dst: MAC.peer, type: 0x0800 }, datagram).bytes();
const MAGIC = hex('4d4743');
const header = (flags: number, ...rest: readonly BytesLike[]): Uint8Array => join(MAGIC, u8(flags), ...rest);
/** One extension of each type, its number in four bytes. */
const extensions = join(...[1, 2, 3, 4, 5, 6, 7, 8, 9].map((type) => hex(`0${type} 04 0e000000`)));
const ppp = join(hex('0021'), datagram);
const snap = join(hex('aaaa03 000000 0800'), datagram);

export const juniperCaptures: Readonly<Record<string, GoldenCapture>> = {
  'juniper-ethernet': frames(
    178,
    header(0x81, u16(extensions.length), extensions, frame),
    header(0x00, frame),
    header(0x02, hex('02000000'), datagram),
    header(0x03, hex('ff000000'), datagram),
    frame,
  ),
  'juniper-ppp': frames(179, header(0, hex('ff03'), ppp)),
  'juniper-frame-relay': frames(180, header(0, hex('1841 03cc'), datagram)),
  'juniper-hdlc': frames(181, header(0, hex('0f00 0800'), datagram)),
  'juniper-atm1': frames(
    137,
    header(0, hex('00000000'), datagram),
    header(0, hex('80000000'), snap),
    header(0, hex('00000000'), snap),
    header(0, hex('00000000 c0210000'), datagram),
  ),
  'juniper-atm2': frames(
    135,
    header(0, hex('0000000000000000'), datagram),
    header(0, hex('0070000000000000'), snap),
    header(0, hex('8000000000000000'), ppp),
  ),
  'juniper-multilink-ppp': frames(
    130,
    header(0, hex('4400'), ppp),
    header(0, hex('54001234'), ppp),
    header(0, hex('03000000'), ppp),
  ),
  'juniper-ggsn': frames(133, header(0, hex('02000001'), datagram), header(0, hex('c8000001'), ppp)),
  'juniper-services': frames(136, header(0, new Uint8Array(12), datagram)),
  'bad-juniper-cut': frames(178, header(0x80, hex('000c 0200')), MAGIC, header(0x82, hex('0002 0104'))),
};
