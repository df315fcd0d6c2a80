/** Mirrored traffic: what a capture point sees, copied frame by frame into VXLAN, as the mirrors of cloud networks do. */

import { ethernet } from './build-link.ts';
import { ipv4, type Layer, udp } from './build-packet.ts';
import { macOf, type Side } from './build-tcp.ts';
import { VXLAN_PORT, vxlan } from './build-tunnel.ts';

export interface MirrorFields {
  readonly vni: number;
  readonly source: string;
  readonly target: string;
  /** The way to the target takes outer IP packets of so many bytes; longer copies are cut. */
  readonly mtu?: number;
}

/** Outer IPv4, UDP and VXLAN headers. */
const TUNNEL = 36;
const MACS = { client: macOf('192.0.2.1'), server: macOf('198.51.100.20') } as const;

/** For `frame` of a simulated conversation: the inner frame in its tunnel. */
export function mirroredFrame(fields: MirrorFields): (from: Side, packet: Layer) => Uint8Array {
  const { vni, source, target, mtu = 65_535 } = fields;
  return (from, packet) => {
    const to = from === 'client' ? 'server' : 'client';
    const inner = ethernet({ src: MACS[from], dst: MACS[to] }, packet).bytes();
    const kept = inner.subarray(0, Math.min(inner.length, mtu - TUNNEL));
    const datagram = udp({ srcPort: 40_000, dstPort: VXLAN_PORT, checksum: 0 }, vxlan({ vni }, kept));
    return ethernet(
      { src: macOf(source), dst: macOf(target) },
      ipv4({ src: source, dst: target, ttl: 64 }, datagram),
    ).bytes();
  };
}
