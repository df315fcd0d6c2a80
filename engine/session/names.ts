/**
 * Names of addresses, as a capture itself tells them: answers of DNS, mDNS and LLMNR, names that TLS and HTTP clients asked a server
 * for, and the name resolution blocks of the file. Nothing is looked up anywhere else.
 */

import { formatIpv4, formatIpv6 } from '../base/address.ts';
import { u32 } from '../base/bytes.ts';

export type NameSource = 'dns' | 'tls' | 'http' | 'file';

export interface AddressName {
  readonly address: string;
  readonly name: string;
  readonly source: NameSource;
  /** Packets that say so; 0: the file's own block. */
  packets: number;
  /** Row of the first; -1: none. */
  readonly row: number;
}

/** The first name that each source gave wins among its own; a better source goes before. */
const RANK: readonly NameSource[] = ['file', 'tls', 'http', 'dns'];

export class Names {
  private readonly entries = new Map<string, AddressName>();
  private readonly best = new Map<string, AddressName>();

  add(address: string, name: string, source: NameSource, row: number): void {
    const clean = name.replace(/\.$/, '');
    if (address === '' || clean === '') return;
    const key = `${address} ${source} ${clean}`;
    const known = this.entries.get(key);
    if (known !== undefined) {
      known.packets++;
      return;
    }
    const entry: AddressName = { address, name: clean, source, packets: row < 0 ? 0 : 1, row };
    this.entries.set(key, entry);
    const before = this.best.get(address);
    if (before === undefined || RANK.indexOf(source) < RANK.indexOf(before.source)) this.best.set(address, entry);
  }

  /** '' where nothing tells. */
  of(address: string): string {
    return this.best.get(address)?.name ?? '';
  }

  get all(): readonly AddressName[] {
    return [...this.entries.values()];
  }
}

/** Text of an address of 4 or 16 bytes; '' of others. */
export function addressOfBytes(bytes: Uint8Array): string {
  if (bytes.length === 4) return formatIpv4(u32(bytes, 0));
  return bytes.length === 16 ? formatIpv6(bytes) : '';
}
