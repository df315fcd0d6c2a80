/** Golden captures of link types that put a header in front of frames or packets, and of those that are named only. */

import { crc32, latin1, u32le, zeros } from '../../build-bytes.ts';
import { ask, ethernetFrames, frames, type GoldenCapture } from '../capture.ts';
import { bytes, carried, datagram } from '../more-layers/build.ts';

const llc = bytes('aaaa03 000000 0800', datagram);
const beacon = bytes('80000000 ffffffffffff 020000000001 020000000001 0000', zeros(8), '6400 0100 0003', latin1('net'));
const rule = bytes(
  latin1('em0'),
  zeros(13),
  zeros(16),
  '00000005 ffffffff ffffffff 00000000 ffffffff 00000000 01 000000',
);

/** Link types without a header that is known: what is there of them is their name. */
const NAMED: readonly (readonly [string, number])[] = [
  ['docsis', 143],
  ['mstp', 165],
  ['gprs-llc', 169],
  ['gfp', 170],
  ['i2c', 209],
  ['flexray', 210],
  ['lin', 212],
  ['non-ask', 215],
  ['dbus', 231],
  ['mux27010', 236],
  ['rtac-serial', 250],
  ['user0', 147],
];

export const headerCaptures: Readonly<Record<string, GoldenCapture>> = {
  enc: frames(109, bytes('02000000 0000abcd 000c0000', datagram), bytes('02000000')),
  pflog: frames(117, bytes('3d 02 01 00', rule, datagram), bytes('3d 02 00 00', rule.slice(0, 20))),
  'firewire-ip': frames(138, bytes('0200000000000005 0200000000000004 0800', datagram), zeros(12)),
  'fibre-channel-ip': frames(122, bytes('1000020000000005 1000020000000004', llc), zeros(12)),
  tzsp: frames(
    128,
    bytes('01 00 0001 01', carried),
    bytes(
      '01 00 0001 0a01c4 0b01a0 0c010a 0d0400001234 120106 280400000007 290200aa 3c06020000000009 fe0100 00 01',
      carried,
    ),
    bytes('01 04 0000'),
    bytes('01 00 0012 01', beacon),
    bytes('01 00 0001 0a'),
  ),
  'tzsp-udp': ethernetFrames(ask(37_008, bytes('01 00 0001 01', carried)), ask(37_008, bytes('01 00'))),
  'infiniband-ip': frames(242, bytes(zeros(20), '00000016 fe80', zeros(14), '0800 0000', datagram), zeros(30)),
  sunatm: frames(123, bytes('02 00 0064', llc), bytes('02 00 0064', datagram)),
  netanalyzer: frames(240, bytes('00 84 2f 00', carried, u32le(crc32(carried))), bytes('0001')),
  'atm-llc': frames(100, llc),
  sctp: frames(248, bytes('0b59 0b59 00000001 00000000 0e000004')),
  'raw-ip-in-llc': frames(11, llc),
  ...Object.fromEntries(NAMED.map(([name, link]) => [`named-${name}`, frames(link, latin1('sixteen bytes in'))])),
};
