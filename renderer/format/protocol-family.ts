/** What kind of protocol one is, for the dot before its name: the same colour for what belongs together. */

export type Family =
  | 'transport'
  | 'secure'
  | 'names'
  | 'web'
  | 'remote'
  | 'legacy'
  | 'peers'
  | 'control'
  | 'tunnel'
  | 'other';

const FAMILIES: ReadonlyMap<string, Family> = new Map<string, Family>([
  ['tcp', 'transport'],
  ['udp', 'transport'],
  ['sctp', 'transport'],
  ['dccp', 'transport'],
  ['tls', 'secure'],
  ['ssl', 'secure'],
  ['dtls', 'secure'],
  ['quic', 'secure'],
  ['ssh', 'secure'],
  ['wireguard', 'secure'],
  ['esp', 'secure'],
  ['isakmp', 'secure'],
  ['dns', 'names'],
  ['mdns', 'names'],
  ['llmnr', 'names'],
  ['nbns', 'names'],
  ['dhcp', 'names'],
  ['dhcpv6', 'names'],
  ['ntp', 'names'],
  ['ldap', 'names'],
  ['http', 'web'],
  ['http2', 'web'],
  ['http3', 'web'],
  ['websocket', 'web'],
  ['grpc', 'web'],
  ['rdp', 'remote'],
  ['vnc', 'remote'],
  ['telnet', 'remote'],
  ['winrm', 'remote'],
  ['portmap', 'legacy'],
  ['rpc', 'legacy'],
  ['nfs', 'legacy'],
  ['mount', 'legacy'],
  ['smb', 'legacy'],
  ['smb2', 'legacy'],
  ['netbios', 'legacy'],
  ['nbss', 'legacy'],
  ['ftp', 'legacy'],
  ['tftp', 'legacy'],
  ['bt-dht', 'peers'],
  ['bittorrent', 'peers'],
  ['utp', 'peers'],
  ['arp', 'control'],
  ['icmp', 'control'],
  ['icmpv6', 'control'],
  ['igmp', 'control'],
  ['stp', 'control'],
  ['lldp', 'control'],
  ['vxlan', 'tunnel'],
  ['geneve', 'tunnel'],
  ['gre', 'tunnel'],
  ['mpls', 'tunnel'],
  ['pppoe', 'tunnel'],
]);

/** `TLSv1.3` is of TLS, `HTTP/JSON` of HTTP, `SMB2` of itself: the whole name, then without what follows it. */
export function protocolFamily(protocol: string): Family {
  const name = protocol.toLowerCase();
  const base = name.split('/')[0] ?? name;
  return FAMILIES.get(base) ?? FAMILIES.get(base.replace(/v?[\d.]+$/, '')) ?? 'other';
}

/** Token of a family's colour. */
export const FAMILY_COLOURS: Readonly<Record<Family, string>> = {
  transport: 'var(--grey)',
  secure: 'var(--violet)',
  names: 'var(--blue)',
  web: 'var(--green)',
  remote: 'var(--accent)',
  legacy: 'var(--amber)',
  peers: 'var(--red)',
  control: 'var(--blue)',
  tunnel: 'var(--accent)',
  other: 'var(--grey)',
};
