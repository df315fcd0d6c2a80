/** Golden captures of what lies between Ethernet and the network layer, and of small protocols right on Ethernet. */

import { latin1, zeros } from '../../build-bytes.ts';
import { udp } from '../../build-packet.ts';
import { ethernetFrames, type GoldenCapture, out4 } from '../capture.ts';
import { bytes, carried, datagram, snap, typed, value } from './build.ts';

const magic = bytes('ff'.repeat(6), '020000000007'.repeat(16));

export const tagCaptures: Readonly<Record<string, GoldenCapture>> = {
  etag: ethernetFrames(typed(0x893f, '3005 1006 0708 0800', datagram)),
  vntag: ethernetFrames(typed(0x8926, 'c005900a 0800', datagram), typed(0x8926, '0005000a 0026 424203', zeros(35))),
  trill: ethernetFrames(
    typed(0x22f3, '083f 0001 0002', carried),
    typed(0x22f3, '007f 0001 0002 aabbccdd', carried),
    typed(0x22f3, '087f 0001'),
  ),
  nsh: ethernetFrames(
    typed(0x894f, '0fc6 01 03 00002a ff', zeros(16), carried),
    typed(0x894f, '0fc2 02 01 00002a ff', datagram),
    typed(0x894f, '2fc4 02 01 00002a ff 0102 02 03 010203 00', datagram),
    typed(0x894f, '0fc6 01 05 00002a ff', zeros(16), '00010140', datagram),
    typed(0x894f, '0fc1 01 05'),
  ),
  hsr: ethernetFrames(
    typed(0x892f, '1036 002a 0800', datagram),
    typed(0x892f, '1036 002a 8888'),
    typed(0x892f, '1036'),
  ),
  ieee802a: ethernetFrames(typed(0x88b7, '0080c2 0001', latin1('own')), typed(0x88b7, '0080')),
  wol: ethernetFrames(
    typed(0x0842, magic),
    typed(0x0842, magic, 'c0000201'),
    typed(0x0842, magic, '020000000009'),
    out4(udp({ srcPort: 4009, dstPort: 9 }, magic)),
    out4(udp({ srcPort: 4010, dstPort: 9 }, magic.slice(0, 96))),
  ),
  udld: ethernetFrames(
    snap(
      '00000c',
      0x0111,
      '21 03 0000',
      value(1, latin1('EXAMPLE01')),
      value(2, latin1('Fa0/1')),
      value(3, '00000001'),
      value(4, '07'),
      value(5, '05'),
      value(6, latin1('sw1')),
      value(7, '00000003'),
    ),
    snap('00000c', 0x0111, '22 00 0000', value(1, latin1('EXAMPLE01'))),
    snap('00000c', 0x0111, '23 00 0000', '0001 0002'),
    snap('00000c', 0x0111, '25'),
  ),
  pagp: ethernetFrames(
    snap(
      '00000c',
      0x0104,
      '01 05 020000000001 02 80 00000001 00020003 00000009',
      '020000000002 01 80 00000001 00020003 00000008 0001 0003',
      value(1, latin1('sw1')),
      value(2, latin1('Fa0/1')),
      value(3, '020000000009'),
    ),
    snap('00000c', 0x0104, '02 00 020000000001 020000000002 00001234'),
    snap('00000c', 0x0104, '01 05 0200'),
  ),
  llt: ethernetFrames(typed(0xcafe, '0101 03 0a 000000 02', zeros(60)), typed(0xcafe, '0101 03 01')),
};
