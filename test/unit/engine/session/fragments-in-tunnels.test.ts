/** IP fragments inside a UDP tunnel are joined as those outside are. */

import { expect, it } from 'vitest';
import { everyMs, pcap } from '../../../support/build-capture.ts';
import { ethernet } from '../../../support/build-link.ts';
import { fragmentIpv4, ipv4, udp } from '../../../support/build-packet.ts';
import { VXLAN_PORT, vxlan } from '../../../support/build-tunnel.ts';
import { loadCapture } from '../../../support/load-capture.ts';

const MACS = { src: '02:00:00:00:00:01', dst: '02:00:00:00:00:02' };
const INNER = { src: '10.20.0.4', dst: '10.20.0.80', id: 7 };

it('joins a datagram whose fragments came through VXLAN', () => {
  const pieces = fragmentIpv4(INNER, udp({ srcPort: 4000, dstPort: 4001 }, 'x'.repeat(2000)), 1000);
  const packets = pieces.map((piece) =>
    ethernet(
      MACS,
      ipv4(
        { src: '192.0.2.1', dst: '192.0.2.2' },
        udp({ srcPort: 51_000, dstPort: VXLAN_PORT, checksum: 0 }, vxlan({ vni: 9 }, ethernet(MACS, piece))),
      ),
    ).bytes(),
  );
  const capture = loadCapture(pcap({ packets: everyMs(0n, packets) }));
  const last = packets.length - 1;
  expect(capture.pass.datagrams.get(last)).toEqual([0, 1, 2]);
});
