/** What a Linux machine needs to receive a mirror: a device that opens the tunnel, room for its headers, and a capture. */

export const TARGET_TUNNELS = ['vxlan', 'geneve', 'erspan'] as const;
export type TargetTunnel = (typeof TARGET_TUNNELS)[number];

export interface MirrorTarget {
  readonly tunnel: TargetTunnel;
  /** VNI, or session number. */
  readonly key: number;
  /** Card that the mirror comes in by, and the largest packet that is mirrored. */
  readonly card: string;
  readonly mtu: number;
  /** Own address, and the mirror's source; VXLAN needs neither. */
  readonly own: string;
  readonly source: string;
}

/** Outer IPv4 (20), UDP or GRE with a number (8), tunnel (8) and inner Ethernet (14): RFC 7348 5, RFC 8926 3.4, ERSPAN type II. */
const OVERHEAD = 50;
const PORT = { vxlan: 4789, geneve: 6081 } as const;

/** A card's name as the kernel allows it; anything else would be more than a word of a command. */
export function isCard(text: string): boolean {
  return /^[A-Za-z0-9_.:-]{1,15}$/.test(text) && !text.startsWith('-');
}

export function isAddress(text: string): boolean {
  return /^[0-9]{1,3}(\.[0-9]{1,3}){3}$/.test(text) || /^[0-9A-Fa-f:]*:[0-9A-Fa-f:.]+$/.test(text);
}

export function captureFilter(tunnel: TargetTunnel): string {
  return tunnel === 'erspan' ? 'ip proto 47' : `udp port ${PORT[tunnel]}`;
}

/** One command a line, in the order in which they are run. */
export function targetLines(target: MirrorTarget): readonly string[] {
  const { tunnel, key, card, mtu, own, source } = target;
  const device = `${tunnel}${key}`.slice(0, 15);
  const filter = captureFilter(tunnel);
  const add = {
    vxlan: `type vxlan id ${key} dstport ${PORT.vxlan} dev ${card} nolearning`,
    geneve: `type geneve id ${key} remote ${source} dstport ${PORT.geneve}`,
    erspan: `type erspan seq key ${key} local ${own} remote ${source} erspan_ver 1 erspan ${key}`,
  }[tunnel];
  return [
    `sudo ip link set dev ${card} mtu ${mtu + OVERHEAD}`,
    `sudo ip link add ${device} ${add}`,
    `sudo ip link set dev ${device} mtu ${mtu} up`,
    `sudo tcpdump -n -c 5 -i ${card} ${filter}`,
    `sudo tcpdump -s 0 -i ${card} -w mirror.pcap ${filter}`,
  ];
}
