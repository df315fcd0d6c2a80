/**
 * Which layers of a packet are rows of the protocol hierarchy. One that stands inside the layer which opens it (a quoted packet, a
 * token, an extension header) belongs to that row, as the detail tree has it, and several messages of one protocol are one row.
 */

import { allProtocols, findProtocol } from '../dissect/registry.ts';

/** Layers that stand inside whatever opens them. */
const PARTS: readonly string[] = [
  'ethertype',
  'ipv6.hopopts',
  'ipv6.dstopts',
  'ipv6.routing',
  'ipv6.fraghdr',
  'mptcp',
  'gss-api',
  'spnego',
  'spnego-krb5',
  'ntlmssp',
  'bencode',
];
/** Layers inside which everything stands that comes behind them. */
const QUOTING: readonly string[] = ['icmp', 'icmpv6', 'cldap'];
/** Pairs of a layer and one that stands inside it, although it is a row of its own elsewhere. */
const INSIDE: Readonly<Record<string, readonly string[]>> = {
  quic: ['tls'],
  'db-lsp-disc': ['json'],
  radius: ['eap'],
  sip: ['sdp'],
  'ftp-data': ['data-text-lines'],
};

/** Headers that are rows again where one stands in another. */
const TUNNELS = new Set(['eth', 'vlan', 'ieee8021ad', 'ip', 'ipv6', 'gre', 'ppp', 'udp', 'tcp', 'vxlan', 'geneve']);

const partIndexes = new Set(PARTS.flatMap((name) => findProtocol(name)?.index ?? []));
const quotingIndexes = new Set(QUOTING.flatMap((name) => findProtocol(name)?.index ?? []));

/** Layers of packets between two rows, as a regular expression over frame.protocols. */
export const BETWEEN_ROWS = `(:(${PARTS.map(escaped).join('|')}))*`;

/** The layers that are rows, from the outside in. */
export function rowsOfLayers(layers: readonly number[]): number[] {
  const rows: number[] = [];
  for (const layer of layers) {
    const above = rows.at(-1);
    if (partIndexes.has(layer)) continue;
    if (above !== undefined) {
      const { name } = allProtocols[layer];
      if (quotingIndexes.has(above)) break;
      if (INSIDE[allProtocols[above].name]?.includes(name) === true) continue;
      if (above === layer && isMessage(layer)) continue;
    }
    rows.push(layer);
  }
  return rows;
}

/** May there be several in a packet that are one row? A header in another of its kind is a tunnel, and a row. */
export function isMessage(protocol: number): boolean {
  return !TUNNELS.has(allProtocols[protocol].name);
}

/** A protocol's name inside a regular expression inside a filter's string. */
export function escaped(name: string): string {
  return name.replaceAll('.', '\\\\.');
}
