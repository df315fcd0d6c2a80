/** Network Monitor's network types, of a file or of each frame, and the link types that stand for them. */

import { LINK_TYPE, NETMON_LINK_TYPE, NETMON_LINK_TYPE_BASE } from '../link-types.ts';

/** Frames that are about the capture: no traffic. */
export const NETWORK = {
  atm: 4,
  event: 0xffe0,
  adapters: 0xfffb,
  joinedHeader: 0xfffc,
  information: 0xfffd,
  dnsCache: 0xfffe,
  filter: 0xffff,
} as const;

/** 0 is "unknown"; captures of VPN connections have it, and their frames are Ethernet all the same. */
const LINK_TYPES: readonly number[] = [
  LINK_TYPE.ethernet,
  LINK_TYPE.ethernet,
  LINK_TYPE.tokenRing,
  LINK_TYPE.fddi,
  LINK_TYPE.sunAtm,
  LINK_TYPE.ipOver1394,
  NETMON_LINK_TYPE.radio,
  LINK_TYPE.raw,
  LINK_TYPE.raw,
  LINK_TYPE.raw,
];
/** Frames that were imported from pcap have its link type in the low 12 bits. */
const PCAP = { mask: 0xf000, value: 0xe000 } as const;
/** Message Analyzer has put its own numbers among them: 802.11, messages, and the filtering platform's short IP headers. */
const ANALYZER: ReadonlyMap<number, number> = new Map([
  [0xe080, LINK_TYPE.ieee80211],
  [0xe083, NETMON_LINK_TYPE.filteringIpv4],
  [0xe084, NETMON_LINK_TYPE.filteringIpv6],
  [0xe085, NETMON_LINK_TYPE.filteringFlowIpv4],
  [0xe086, NETMON_LINK_TYPE.filteringFlowIpv6],
  [0xe087, NETMON_LINK_TYPE.filteringIpv4],
  [0xe088, NETMON_LINK_TYPE.filteringIpv6],
]);
/** Message Analyzer's messages without a public layout. */
const UNKNOWN: readonly number[] = [0xe081, 0xe082, 0xe089, 0xe08a];

/** Is a frame of this type about the capture, and not traffic? */
export function isMetadata(network: number): boolean {
  return network >= NETWORK.adapters;
}

export function linkTypeOf(network: number): number {
  if (network < LINK_TYPES.length) return LINK_TYPES[network];
  const analyzer = ANALYZER.get(network);
  if (analyzer !== undefined) return analyzer;
  if ((network & PCAP.mask) === PCAP.value && !UNKNOWN.includes(network)) return network & ~PCAP.mask;
  return NETMON_LINK_TYPE_BASE + network;
}
