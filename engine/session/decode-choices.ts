/** What a packet offers to decode otherwise: its ports, its IP protocol, its Ethernet type; and the protocols each may lead to. */

import { DECODE_TABLES, type DecodeRule, type DecodeTable, decodersOf } from '../dissect/decode-as.ts';
import { allProtocols } from '../dissect/registry.ts';
import type { Dissection } from '../dissect/tree.ts';

/** Fields whose values are keys of a table. */
const KEYS: Readonly<Record<string, DecodeTable>> = {
  'eth.type': 'ethertype',
  'vlan.etype': 'ethertype',
  'sll.etype': 'ethertype',
  'gre.proto': 'gre.proto',
  'ppp.protocol': 'ppp.protocol',
  'llc.dsap': 'llc.dsap',
  'ip.proto': 'ip.proto',
  'ipv6.nxt': 'ip.proto',
  'tcp.srcport': 'tcp.port',
  'tcp.dstport': 'tcp.port',
  'udp.srcport': 'udp.port',
  'udp.dstport': 'udp.port',
};

/** Innermost first, as people mostly mean the application; a port below 1024 or the lower one before the other. */
export function decodeChoices({ root, layers }: Dissection): DecodeRule[] {
  const found: DecodeRule[] = [];
  for (const { field, value, layer } of root.flatMap((node) => [node, ...(node.children ?? [])])) {
    const table = field === null ? undefined : KEYS[field.abbrev];
    if (table === undefined || typeof value !== 'number') continue;
    const above = layers.slice(layer + 1).map((index) => allProtocols[index]?.name ?? '');
    const protocol = above.find((name) => name !== 'ethertype') ?? 'data';
    if (!found.some((one) => one.table === table && one.key === value)) found.push({ table, key: value, protocol });
  }
  return found.reverse().sort((a, b) => (a.table === b.table ? a.key - b.key : 0));
}

/** Every table with the names of the protocols it may lead to. */
export function decodeTables(): { readonly table: DecodeTable; readonly protocols: readonly string[] }[] {
  return DECODE_TABLES.map((table) => ({ table, protocols: decodersOf(table) }));
}
