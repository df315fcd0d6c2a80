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
  'pcap_pktdata',
];
/** Layers inside which everything stands that comes behind them. */
const CLOSED: readonly string[] = ['cldap', 'imf'];
/** Layers that quote a packet: its headers stand inside them, but what it carried is a row. */
const QUOTING: readonly string[] = ['icmp', 'icmpv6'];
const QUOTED: readonly string[] = ['ip', 'ipv6', 'icmp', 'icmpv6', 'udp', 'tcp'];
/** Pairs of a layer and one that stands inside it, although it is a row of its own elsewhere. */
const INSIDE: Readonly<Record<string, readonly string[]>> = {
  quic: ['tls'],
  smb: ['kerberos'],
  smb2: ['kerberos'],
  ldap: ['kerberos'],
  dcerpc: ['kerberos'],
  http: ['kerberos', 'data'],
  'db-lsp-disc': ['json'],
  radius: ['eap'],
  rdpudp: ['tls', 'dtls'],
  sip: ['sdp'],
  mime_multipart: ['data'],
  smtp: ['data-text-lines'],
  tds: ['data'],
  tns: ['data'],
  netlink: ['data'],
  zbee_nwk: ['data'],
  zbee_aps: ['data'],
  stun: ['data'],
  classicstun: ['data'],
  lcp: ['ccp'],
  wsd: ['xml'],
  xmpp: ['xml'],
};
/**
 * Layers that are no row where the one beside them follows: a protocol that took over the connection, or one that says more of
 * the same bytes.
 */
const GIVES_WAY: Readonly<Record<string, readonly string[]>> = {
  eth: ['isl'],
  osi: ['isis', 'esis'],
  nflog: ['ip', 'ipv6'],
  http: ['http2', 'websocket'],
  tpkt: ['tls', 'rdp'],
  'data-text-lines': ['xml'],
};

/** Headers that are rows again where one stands in another. */
const TUNNELS = new Set(['eth', 'vlan', 'ieee8021ad', 'ip', 'ipv6', 'gre', 'ppp', 'udp', 'tcp', 'vxlan', 'geneve']);

const UDP = findProtocol('udp')?.index ?? 0;
const IPV4 = findProtocol('ip')?.index ?? 0;
const partIndexes = new Set(PARTS.flatMap((name) => findProtocol(name)?.index ?? []));
const quotedIndexes = new Set(QUOTED.flatMap((name) => findProtocol(name)?.index ?? []));

/** Layers of packets between a row and one below it, as a regular expression over frame.protocols. */
export function betweenRows(above: string, below: string): string {
  if (QUOTING.includes(above)) return `(:(${QUOTED.join('|')}))+`;
  const parts = above === 'ip' ? PARTS.filter((part) => !isExtension(part)) : PARTS;
  return `(:(${[...parts, ...leadersOf(below)].map(escaped).join('|')}))*`;
}

/** An extension header of IPv6 is a part of its header, but a row behind IPv4's. */
function isExtension(name: string): boolean {
  return name.startsWith('ipv6.');
}

/** Layers of packets before the first row. */
export function beforeRows(first: string): string {
  return `^((${[...PARTS, ...leadersOf(first)].map(escaped).join('|')}):)*`;
}

/** The layer of a row, with more messages of its protocol. */
export function ownLayer(name: string): string {
  const index = findProtocol(name)?.index ?? -1;
  return index >= 0 && isMessage(index) ? `${escaped(name)}(:${escaped(name)})*` : escaped(name);
}

/** What stands behind the layer of a row in packets where it gives way; null: it never does. */
export function afterWhichNoRow(name: string): string | null {
  const next = GIVES_WAY[name];
  return next === undefined ? null : `:(${next.map(escaped).join('|')})(:|$)`;
}

/** Does a layer make place for the one behind it, or behind further messages of its own? */
function givesWay(layers: readonly number[], at: number): boolean {
  const { name } = allProtocols[layers[at]];
  let next = at + 1;
  if (isMessage(layers[at])) while (next < layers.length && layers[next] === layers[at]) next++;
  return next < layers.length && GIVES_WAY[name]?.includes(allProtocols[layers[next]].name) === true;
}

function leadersOf(name: string): string[] {
  return Object.keys(GIVES_WAY).filter((leader) => GIVES_WAY[leader].includes(name));
}

/** The layers that are rows, from the outside in. */
export function rowsOfLayers(layers: readonly number[]): number[] {
  const rows: number[] = [];
  let isDatagram = false;
  for (let i = 0; i < layers.length; i++) {
    const layer = layers[i];
    const above = rows.at(-1);
    const { name } = allProtocols[layer];
    if (givesWay(layers, i)) continue;
    if (partIndexes.has(layer) && !(above === IPV4 && isExtension(name))) continue;
    if (above !== undefined) {
      const opener = allProtocols[above].name;
      if (CLOSED.includes(opener)) break;
      if (QUOTING.includes(opener)) {
        // What an echo carries is part of it, and what a quoted segment does: it is no message.
        if (quotedIndexes.has(layer)) isDatagram = layer === UDP;
        if (!isDatagram || layer === UDP) continue;
      }
      if (INSIDE[opener]?.includes(name) === true) continue;
      if (isMessage(layer) && isRepeated(rows, layer)) continue;
    }
    rows.push(layer);
  }
  return rows;
}

/** Does the last row, below those that frame.protocols does not list, stand for one more message of its protocol too? */
function isRepeated(rows: readonly number[], layer: number): boolean {
  let last = rows.length - 1;
  while (last >= 0 && rows[last] !== layer && allProtocols[rows[last]].spec.unlisted === true) last--;
  return rows[last] === layer;
}

/** May there be several in a packet that are one row? A header in another of its kind is a tunnel, and a row. */
export function isMessage(protocol: number): boolean {
  return !TUNNELS.has(allProtocols[protocol].name);
}

/** A protocol's name inside a regular expression inside a filter's string. */
function escaped(name: string): string {
  return name.replaceAll('.', '\\\\.');
}
