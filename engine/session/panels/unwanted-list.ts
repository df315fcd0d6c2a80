/** Protocols that should not be on a server's network, unless someone wants them there. */

export type UnwantedKind = 'peerToPeer' | 'mining' | 'clearText' | 'tunnel';

export interface Unwanted {
  readonly kind: UnwantedKind;
  /** What people call it. */
  readonly title: string;
  readonly filter: string;
  /** Only messages have its fields. */
  readonly isOfMessages?: true;
}

/** The default list; the option `unwanted` of a panel replaces it by names divided by commas. */
export const UNWANTED: readonly Unwanted[] = [
  { kind: 'peerToPeer', title: 'BitTorrent', filter: 'bittorrent or bt-dht or bt-utp or bt-tracker' },
  { kind: 'peerToPeer', title: 'eDonkey', filter: 'edonkey' },
  { kind: 'peerToPeer', title: 'Gnutella', filter: 'gnutella' },
  { kind: 'mining', title: 'Stratum', filter: 'stratum' },
  { kind: 'tunnel', title: 'SOCKS', filter: 'socks' },
  // Relays and directories listen there by default; what is inside looks like any TLS.
  { kind: 'tunnel', title: 'Tor (probable)', filter: 'tls and tcp.port in {9001, 9030, 9150}' },
  { kind: 'clearText', title: 'Telnet', filter: 'telnet' },
  { kind: 'clearText', title: 'FTP', filter: 'ftp' },
  { kind: 'clearText', title: 'HTTP Basic', filter: 'http.authbasic', isOfMessages: true },
  { kind: 'clearText', title: 'POP3', filter: 'pop.request.command == "PASS"', isOfMessages: true },
];
