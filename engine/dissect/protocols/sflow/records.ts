/** Records of sFlow 5 samples: lists of numbers in a row, and those that carry more (sflow.org, "sFlow Version 5" section 5). */

import type { FieldSpec } from '../../field-spec.ts';
import type { TreeBuilder } from '../../tree.ts';

type Row = readonly [key: string, type: 'u32' | 'u64' | 'bool', label: string];

/** Every record that is numbers only: its values in order. */
const LISTS: Readonly<Record<'flow' | 'counters', Readonly<Record<number, readonly Row[]>>>> = {
  flow: {
    1001: [
      ['vlan.in', 'u32', 'Incoming 802.1Q VLAN'],
      ['pri.in', 'u32', 'Incoming 802.1p priority'],
      ['vlan.out', 'u32', 'Outgoing 802.1Q VLAN'],
      ['pri.out', 'u32', 'Outgoing 802.1p priority'],
    ],
  },
  counters: {
    1: [
      ['ifindex', 'u32', 'Interface index'],
      ['iftype', 'u32', 'Interface Type'],
      ['ifspeed', 'u64', 'Interface Speed'],
      ['ifdirection', 'u32', 'Interface Direction'],
      ['ifadmin_status', 'bool', 'IfAdminStatus'],
      ['ifinoct', 'u64', 'Input Octets'],
      ['ifinpkt', 'u32', 'Input Packets'],
      ['ifinmcast', 'u32', 'Input Multicast Packets'],
      ['ifinbcast', 'u32', 'Input Broadcast Packets'],
      ['ifindisc', 'u32', 'Input Discarded Packets'],
      ['ifinerr', 'u32', 'Input Errors'],
      ['ifinunk', 'u32', 'Input Unknown Protocol Packets'],
      ['ifoutoct', 'u64', 'Output Octets'],
      ['ifoutpkt', 'u32', 'Output Packets'],
      ['ifoutmcast', 'u32', 'Output Multicast Packets'],
      ['ifoutbcast', 'u32', 'Output Broadcast Packets'],
      ['ifoutdisc', 'u32', 'Output Discarded Packets'],
      ['ifouterr', 'u32', 'Output Errors'],
      ['ifpromisc', 'u32', 'Promiscuous Mode'],
    ],
    2: [
      ['dot3StatsAlignmentErrors', 'u32', 'Alignment Errors'],
      ['dot3StatsFCSErrors', 'u32', 'FCS Errors'],
      ['dot3StatsSingleCollisionFrames', 'u32', 'Single Collision Frames'],
      ['dot3StatsMultipleCollisionFrames', 'u32', 'Multiple Collision Frames'],
      ['dot3StatsSQETestErrors', 'u32', 'SQE Test Errors'],
      ['dot3StatsDeferredTransmissions', 'u32', 'Deferred Transmissions'],
      ['dot3StatsLateCollisions', 'u32', 'Late Collisions'],
      ['dot3StatsExcessiveCollisions', 'u32', 'Excessive Collisions'],
      ['dot3StatsInternalMacTransmitErrors', 'u32', 'Internal Mac Transmit Errors'],
      ['dot3StatsCarrierSenseErrors', 'u32', 'Carrier Sense Errors'],
      ['dot3StatsFrameTooLongs', 'u32', 'Frame Too Longs'],
      ['dot3StatsInternalMacReceiveErrors', 'u32', 'Internal Mac Receive Errors'],
      ['dot3StatsSymbolErrors', 'u32', 'Symbol Errors'],
    ],
    5: [
      ['vlan_id', 'u32', 'VLAN ID'],
      ['octets', 'u64', 'Octets'],
      ['ucastPkts', 'u32', 'Unicast Packets'],
      ['multicastPkts', 'u32', 'Multicast Packets'],
      ['broadcastPkts', 'u32', 'Broadcast Packets'],
      ['discards', 'u32', 'Discards'],
    ],
    1001: [
      ['cpu_5s', 'u32', '5s CPU Load (100 = 1%)'],
      ['cpu_1m', 'u32', '1m CPU Load (100 = 1%)'],
      ['cpu_5m', 'u32', '5m CPU Load (100 = 1%)'],
      ['total_memory', 'u64', 'Total Memory'],
      ['free_memory', 'u64', 'Free Memory'],
    ],
  },
};
/** Fields of version 5 only have a name of their own. */
const OF_VERSION_5 = /^(?:cpu_|total_memory|free_memory)/;
const DIRECTIONS: Readonly<Record<number, string>> = { 1: 'Full-Duplex', 2: 'Half-Duplex', 3: 'In', 4: 'Out' };

export function abbrevOf(key: string): string {
  return `sflow_${OF_VERSION_5.test(key) ? '5' : '245'}.${key}`;
}

function specOf([key, type, label]: Row): FieldSpec {
  const spec: FieldSpec = { type, label, many: true, abbrev: abbrevOf(key) };
  if (type === 'bool') return { ...spec, of: 'u32', bits: [0, 0], flag: ['Up', 'Down'] };
  return key === 'ifdirection' ? { ...spec, names: DIRECTIONS } : spec;
}

export const listFields: Readonly<Record<string, FieldSpec>> = Object.fromEntries(
  Object.values(LISTS)
    .flatMap((kinds) => Object.values(kinds).flat())
    .map((row): [string, FieldSpec] => [row[0], specOf(row)]),
);

/** The numbers of a record; false: it is none of these. */
export function listRecord(t: TreeBuilder, kind: 'flow' | 'counters', format: number, start: number): boolean {
  const rows = LISTS[kind][format];
  if (rows === undefined) return false;
  let at = start;
  for (const [key] of rows) {
    const next = t.add(key, at);
    if (key === 'ifadmin_status') t.add('ifoper_status', at);
    at = next;
  }
  return true;
}

const LINK: Readonly<Record<number, number>> = { 1: 1, 7: 9, 11: 228, 12: 229 };
const MPLS = 13;
const MPLS_ETHERTYPE = 0x8847;

/** The first bytes of a packet that was sampled: headers that are quoted. */
export function rawHeader(t: TreeBuilder, at: number): void {
  const protocol = t.u32(at);
  const length = t.u32(at + 12);
  t.add('header_protocol', at);
  t.add('header.frame_length', at + 4);
  t.add('header.payload_stripped', at + 8);
  t.add('header.sampled_header_length', at + 12);
  const start = at + 16;
  t.need(start, length);
  t.nest(t.put('header', t.slice(start, length), start, length));
  const wire = start + Math.max(length, t.u32(at + 4));
  t.quoted(() => {
    const link = LINK[protocol];
    if (link !== undefined) t.walkBy('link', link, start, start + length, wire);
    else if (protocol === MPLS) t.walkBy('ethertype', MPLS_ETHERTYPE, start, start + length, wire);
    else t.text('Header that is not dissected', start, length);
  });
  t.close();
}

/** Where a router sends it: the next hop of either family, and the prefix lengths. */
export function router(t: TreeBuilder, at: number): void {
  const next = address(t, at, 'nexthop');
  t.add('nexthop.src_mask', next);
  t.add('nexthop.dst_mask', next + 4);
}

const FAMILY = { ipv4: 1, ipv6: 2 } as const;

/** An address behind its family; returns where it ends. */
export function address(t: TreeBuilder, at: number, key: string): number {
  const family = t.u32(at);
  if (family === FAMILY.ipv4) return t.add(key, at + 4);
  if (family === FAMILY.ipv6) return t.add(`${key}.v6`, at + 4);
  t.fail();
}

/** Ethernet addresses and type alone. */
export function ethernetData(t: TreeBuilder, at: number): void {
  t.add('ethernet.length', at);
  t.add('ethernet.source_mac_address', at + 4);
  t.add('ethernet.destination_mac_address', at + 12);
  t.add('ethernet.packet_type', at + 20);
}
