/** The filter of a packet's conversation at one layer: both directions. */

import { plainValue } from '../dissect/node.ts';
import { catalog } from '../dissect/registry.ts';
import type { PacketSource } from './packet-source.ts';

type Layer = 'eth' | 'ip' | 'ipv6' | 'tcp' | 'udp';

/** The innermost occurrence of the layer; null where the packet has none. */
export function conversationFilter(packet: PacketSource, layer: Layer): string | null {
  if (layer === 'tcp' || layer === 'udp') {
    const stream = last(packet, `${layer}.stream`);
    return stream === null ? null : `${layer}.stream == ${stream}`;
  }
  const source = last(packet, `${layer}.src`);
  const destination = last(packet, `${layer}.dst`);
  if (source === null || destination === null) return null;
  return `${layer}.addr == ${source} and ${layer}.addr == ${destination}`;
}

function last(packet: PacketSource, name: string): string | null {
  const field = catalog.get(name);
  if (field === undefined) return null;
  const all = packet.occurrences(field);
  const value = all[all.length - 1]?.value;
  return value === undefined || value === null ? null : plainValue(field, value);
}
