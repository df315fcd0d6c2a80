/** Protocols that should not be on a server's network, unless someone wants them there. */

import type { BitSet } from '../../base/bitset.ts';
import type { PanelInput } from './panel.ts';

export type UnwantedKind = 'peerToPeer' | 'mining' | 'clearText' | 'tunnel';

export interface Unwanted {
  readonly kind: UnwantedKind;
  /** What people call it. */
  readonly title: string;
  readonly filter: string;
}

/** The default list; the option `unwanted` of a panel replaces it by names divided by commas. */
export const UNWANTED: readonly Unwanted[] = [
  { kind: 'peerToPeer', title: 'BitTorrent', filter: 'bittorrent or bt-dht or bt-utp or bt-tracker' },
  { kind: 'peerToPeer', title: 'eDonkey', filter: 'edonkey' },
  { kind: 'peerToPeer', title: 'Gnutella', filter: 'gnutella' },
  { kind: 'mining', title: 'Stratum', filter: 'stratum' },
  { kind: 'tunnel', title: 'SOCKS', filter: 'socks' },
  { kind: 'clearText', title: 'Telnet', filter: 'telnet' },
  { kind: 'clearText', title: 'FTP', filter: 'ftp' },
  { kind: 'clearText', title: 'HTTP Basic', filter: 'http.authbasic' },
  { kind: 'clearText', title: 'POP3', filter: 'pop.request.command == "PASS"' },
];

export interface FoundUnwanted extends Unwanted {
  readonly packets: number;
  readonly rows: BitSet;
}

export async function findUnwanted(input: PanelInput, list: readonly Unwanted[] = UNWANTED): Promise<FoundUnwanted[]> {
  const found: FoundUnwanted[] = [];
  for (const one of list) {
    const rows = await input.select(one.filter);
    const packets = rows.count();
    if (packets > 0) found.push({ ...one, packets, rows });
  }
  return found;
}
