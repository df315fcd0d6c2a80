/** Golden captures of industrial Ethernet, of bridges and clocks, and of storage on Ethernet. */

import { latin1, zeros } from '../../build-bytes.ts';
import { udp } from '../../build-packet.ts';
import { ethernetFrames, type GoldenCapture, out4 } from '../capture.ts';
import { bytes, type Part, typed } from './build.ts';

const association = bytes('04 03', latin1('abc'), '02 02', latin1('ma'), zeros(39));
const clock = (type: number, ...rest: readonly Part[]): Uint8Array => {
  const body = bytes(...rest);
  return bytes(
    [type, 0x12, 0, 34 + body.length],
    '00 00 0200 0000000000010000 00000000 020000fffe000001 0001 0007 00 fd',
    body,
  );
};
const time = '00005f5e1000 12345678';
const peer = '020000fffe000002 0001';
const fibre = bytes('22 020003 00 010001 01 290000 01 00 0000 0012 ffff 00000000', zeros(32));

export const industryCaptures: Readonly<Record<string, GoldenCapture>> = {
  cfm: ethernetFrames(
    typed(0x8902, 'a0 01 84 46 00000007 0001', association, zeros(16), '02 0001 02 00'),
    typed(0x8902, 'a0 03 00 04 00000009 03 0002 abcd 00'),
    typed(0x8902, 'a0 02 00 04 00000009 00'),
    typed(0x8902, 'a0 05 80 11 00000009 40 020000000001 020000000002 00'),
    typed(0x8902, 'a0 04 60 06 00000009 3f 02 00'),
    typed(0x8902, 'a0 2f 00 20', zeros(32), '00'),
    typed(0x8902, 'a0 01 84 46 00000007 0001 03 06 020000000001 0001 01 02 0064', zeros(36), zeros(16), '00'),
    typed(0x8902, 'a0'),
  ),
  mvrp: ethernetFrames(typed(0x88f5, '00 01 02 0001 0005 6c 0000 0000'), typed(0x88f5, '00 01 02 0005 0005 6c')),
  mmrp: ethernetFrames(typed(0x88f6, '00 02 06 0001 020000000005 24 0000 0000')),
  msrp: ethernetFrames(
    typed(
      0x22ea,
      '00 01 19 001e 0001 0200000000010001 91e0f0000001 0002 0064 0001 60 00001388 24 0000',
      '02 22 0027 0001 0200000000010001 91e0f0000001 0002 0064 0001 60 00001388 8000020000000001 08 24 0000',
      '03 08 000e 0001 0200000000010001 24 40 0000',
      '04 04 0009 0001 06030002 24 0000 0000',
    ),
  ),
  ptp: ethernetFrames(
    typed(0x88f7, clock(0, time)),
    typed(0x88f7, clock(1, time)),
    typed(0x88f7, clock(2, time, zeros(10))),
    typed(0x88f7, clock(3, time, peer)),
    typed(0x88f7, clock(8, time)),
    typed(0x88f7, clock(9, time, peer)),
    typed(0x88f7, clock(10, time, peer)),
    typed(0x88f7, clock(11, time, '0025 00 80 f8 fe 4e5d 80 020000fffe000001 0000 20')),
    out4(udp({ srcPort: 319, dstPort: 319 }, clock(0, time))),
    typed(0x88f7, '00 02'),
  ),
  fcoe: ethernetFrames(typed(0x8906, zeros(13), '2e', fibre, '00000000 42 000000'), typed(0x8906, zeros(10))),
  ethercat: ethernetFrames(
    typed(0x88a4, '1010 01 07 0000 1001 0400 0000 01020304 0000'),
    typed(0x88a4, '1010 0c 07 00000001 0400 0000 01020304 0300'),
    typed(0x88a4, '1c10 0c 01 00000001 0480 0000 01020304 0300 07 02 0000 3001 0200 0000 0000 0100'),
    typed(0x88a4, '1010 07 01'),
  ),
  powerlink: ethernetFrames(
    typed(0x88ab, '01 ff f0 00 80 00', zeros(8), '1122334455667788', zeros(20)),
    typed(0x88ab, '03 01 f0 00 01 00 10 00 0400 01020304'),
    typed(0x88ab, '04 ff 01 fd 11 0a 10 00 0400 01020304'),
    typed(0x88ab, '05 ff f0 fd 04 00 01 01 20', zeros(36)),
    typed(0x88ab, '06 ff f0 04', zeros(42)),
    typed(0x88ab, '01'),
  ),
  profinet: ethernetFrames(
    typed(0x8892, 'fefe 05 00 00000123 0001 0004 ffff 0000'),
    typed(
      0x8892,
      'feff 05 01 00000123 0000 0046',
      '02 02 0006 0000',
      latin1('dev1'),
      '01 02 000e 0001 c0000202 ffffff00 c0000201',
      '02 03 0006 0000 002a 0105 02 04 0004 0000 01 00',
      '02 01 0005 0000',
      latin1('box'),
      '00 02 06 0004 0000',
      latin1('al'),
      '01 01 0008 0000 020000000007',
    ),
    typed(0x8892, 'fefd 04 00 00000124 0000 000a 02 02 0006 0001', latin1('dev2')),
    typed(0x8892, 'fefd 03 00 00000125 0000 0004 0202 0102'),
    typed(0x8892, '8000', zeros(40), '1234 35 00'),
    typed(0x8892, 'fe01', zeros(10)),
    typed(0x8892, 'fefe'),
  ),
};
