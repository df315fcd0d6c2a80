/** Golden captures of what lies right on IP. */

import { latin1, zeros } from '../../build-bytes.ts';
import { ipv6 } from '../../build-packet.ts';
import { ethernetFrames, type GoldenCapture, IP6, outbound } from '../capture.ts';
import { bytes, carried, over, type Part } from './build.ts';

const pgm = (type: number, options: number, length: number, ...rest: readonly Part[]): Uint8Array =>
  over(113, '0fa0 0fa1', [type, options], '0000 0a0000041234', [0, length], ...rest);
const tags = bytes('20010020', zeros(11), '01', '20010020', zeros(11), '02');
const mobility = (type: number, length: number, ...rest: readonly Part[]) =>
  outbound(ipv6({ src: IP6.host, dst: IP6.peer, nextHeader: 135 }, bytes([59, length, type, 0], '0000', ...rest)));

export const overIpCaptures: Readonly<Record<string, GoldenCapture>> = {
  etherip: ethernetFrames(over(97, '3000', carried), over(97, '4001', carried), over(97, '30')),
  ipcomp: ethernetFrames(over(108, '32 00 0002', latin1('compressed')), over(108, '06 00')),
  igrp: ethernetFrames(
    over(
      9,
      '11 02 0064 0001 0001 0001 0000',
      '010200 000064 000064 05dc ff 01 01',
      '0a0100 000064 000064 05dc ff 01 01',
      'c00002 000064 000064 05dc ff 01 01',
    ),
    over(9, '12 02 0064', zeros(8)),
    over(9, '12 02'),
  ),
  pgm: ethernetFrames(
    pgm(0, 0, 0, '00000001 00000001 00000010 0001 0000 0a000004'),
    pgm(4, 0, 7, '00000011 00000001', latin1('payload')),
    pgm(5, 1, 3, '00000011 00000001 00 04 000c 09 04 0000 8d 04 0000', latin1('pay')),
    pgm(8, 0, 0, '00000011 0001 0000 0a000004 0001 0000 e0000105'),
    pgm(1, 0, 0, '00000011 0001 0000 0001 0000 0a000004 00000001 00000002 00000003'),
    pgm(2, 0, 0, '00000011 0001 0000'),
    pgm(13, 0, 0, '00000011 00010000'),
    pgm(0, 0, 0, '00000001 00000001 00000010 0002 0000 20010db8', zeros(8), '00000004'),
    pgm(4, 0, 0, '0000'),
  ),
  hip: ethernetFrames(
    over(139, '3b 04 01 11 0000 0000', tags),
    over(139, '3b 07 02 11 0000 0001', tags, '0101 000c 0a370000', zeros(8), '0241 0004 0001 0100'),
    over(139, '3b 04 01 11 00'),
  ),
  'mobile-ipv6': ethernetFrames(
    mobility(0, 0, '0000'),
    mobility(1, 1, '0000', zeros(8)),
    mobility(2, 1, '0000', zeros(8)),
    mobility(3, 2, '0001', zeros(16)),
    mobility(4, 2, '0001', zeros(16)),
    mobility(5, 1, '0001 c000 0010 01 02 0000'),
    mobility(6, 1, '00 80 0001 0010 00 00 0000'),
    mobility(7, 2, '01 00 20010db8', zeros(8), '00000004'),
    mobility(13, 0, '0000'),
    mobility(5, 9, '0001'),
  ),
};
