/** Golden captures of other analysers: Network Monitor, iptrace, ERF, K12 text, hex dumps. Those whose clock has no zone are not among them. */

import { utf8 } from '../build-bytes.ts';
import { everyMs } from '../build-capture.ts';
import { eventFrame, filterFrame, NETWORK_TYPE, netmon } from '../build-netmon.ts';
import { erf, hexDump, iptrace, k12 } from '../build-other-formats.ts';
import { icmpEcho, udp } from '../build-packet.ts';
import { bytesOf, type GoldenGroup, in4, out4, START } from './capture.ts';

const packets = everyMs(
  START + 123_456_000n,
  [
    out4(icmpEcho({ id: 1, sequence: 1 })),
    in4(icmpEcho({ id: 1, sequence: 1, reply: true })),
    out4(udp({ srcPort: 4000, dstPort: 4001 }, 'odd')),
  ].map(bytesOf),
);
const time = START + 123_456_000n;

export const analyserGroup: GoldenGroup = {
  name: 'analysers',
  captures: {
    netmon: {
      extension: 'cap',
      bytes: netmon({
        version: [2, 3],
        clock: 'utc',
        processes: [{ id: 4321, path: 'C:\\Program Files\\Example\\program.exe' }],
        frames: [
          { time, network: NETWORK_TYPE.filter, bytes: filterFrame('Example', [3, 4], 'icmp or udp') },
          ...packets.map((packet) => ({ ...packet, process: 0, comment: { title: 'Look here' } })),
        ],
        order: [2, 3, 0, 1],
      }),
    },
    'netmon-events': {
      extension: 'cap',
      bytes: netmon({
        version: [2, 3],
        clock: 'utc',
        frames: packets.map(({ time: at, bytes }, i) => ({
          time: at,
          network: NETWORK_TYPE.event,
          bytes: eventFrame({ time: at, bytes, isSent: i !== 1 }),
        })),
      }),
    },
    iptrace: { extension: 'iptrace', bytes: iptrace(packets.map((packet, i) => ({ ...packet, isSent: i !== 1 }))) },
    erf: { extension: 'erf', bytes: erf(packets.map((packet, i) => ({ ...packet, port: i === 1 ? 0 : 1, lost: i }))) },
    k12: { extension: 'k12', bytes: utf8(k12(packets)) },
    'hex-dump': {
      extension: 'hex',
      bytes: utf8(
        packets.map(({ bytes }, i) => `2026-01-15T09:00:0${i}.5Z ${i === 1 ? 'I' : 'O'}\n${hexDump(bytes)}`).join('\n'),
      ),
    },
  },
};
