/** Golden captures of what devices of one local network tell each other: maps, VLAN lists, meshes, power lines. */

import { latin1, utf16z, zeros } from '../../build-bytes.ts';
import { ethernetFrames, type GoldenCapture } from '../capture.ts';
import { bytes, carried, snap, typed } from './build.ts';

const domain = bytes(latin1('Lab123'), zeros(26));
const name = utf16z('PC1').slice(0, 6);

export const localCaptures: Readonly<Record<string, GoldenCapture>> = {
  lltd: ethernetFrames(
    typed(0x88d9, '01 00 00 00 ffffffffffff 020000000004 0001 0001 0002 020000000005 020000000006'),
    typed(
      0x88d9,
      '01 00 00 01 ffffffffffff 020000000004 0000 0001 020000000005 020000000005',
      '01 06 020000000004 02 04 10000000 03 04 00000006 04 01 02 05 06 020000000009 06 03',
      latin1('net'),
      '07 04 c0000202 08 10 20010db8',
      zeros(11),
      '02 09 02 006c 0a 08 0000000000369e99 0c 04 00002710 0d 04 ffffffc4 0f 06',
      name,
      '00',
    ),
    typed(0x88d9, '01 01 00 08 ffffffffffff 020000000004 0000'),
    typed(0x88d9, '01 00 00 01 ffffffffffff 0200'),
  ),
  vtp: ethernetFrames(
    snap('00000c', 0x2003, '01 01 01 06', domain, '0000000a c0000201', latin1('260115090000'), zeros(16)),
    snap(
      '00000c',
      0x2003,
      '01 02 01 06',
      domain,
      '0000000a 14 00 01 07 0001 05dc 000186a1',
      latin1('default'),
      '00 14 00 01 08 000a 05dc 000186aa',
      latin1('VLAN0010'),
    ),
    snap('00000c', 0x2003, '01 03 00 06', domain, '0000'),
    snap('00000c', 0x2003, '02 04 00 06', domain, '0002 03ff', zeros(128)),
    snap('00000c', 0x2003, '01 02 01 06', domain, '0000000a 04 00'),
  ),
  'batman-adv': ethernetFrames(
    typed(0x4305, '00 0f 32 00 00000007 020000000001 020000000002 00 ff 0000'),
    typed(0x4305, '01 0f 32 00 00000007 020000000001', carried),
    typed(0x4305, '40 0f 32 05 020000000001', carried),
    typed(0x4305, '42 0f 32 05 020000000001 020000000002 01 00', carried),
    typed(0x4305, '03 0f 020000000001 00000007 000001f4'),
    typed(0x4305, '04 0f 32 00 00000007 020000000001 0000 00000064'),
    typed(0x4305, '05 0e 32 00 00000007'),
    typed(0x4305, '40 0f 32'),
  ),
  homeplug: ethernetFrames(
    typed(0x887b, '02 00 01 00 19 02 abcd'),
    typed(0x887b, '01 07 00'),
    typed(0x887b, '01 19 08 00'),
  ),
  'homeplug-av': ethernetFrames(
    typed(0x88e1, '00 00a0 00b052', zeros(40)),
    typed(0x88e1, '00 01a0 00b052', zeros(80)),
    typed(0x88e1, '01 3860 0000', zeros(40)),
    typed(0x88e1, '01 0860 0000', zeros(40)),
    typed(0x88e1, '00'),
  ),
};
