/**
 * Names of addresses: those that the user gives (labels, hosts files), and those that a capture itself tells (the name resolution
 * blocks of the file, names that TLS and HTTP clients asked a server for, answers of DNS, mDNS and LLMNR), in this order of
 * precedence. Nothing is looked up anywhere else.
 */

import { formatIpv4, formatIpv6 } from '../base/address.ts';
import { u32 } from '../base/bytes.ts';
import { type GivenNames, NO_GIVEN_NAMES } from './given-names.ts';

export type NameSource = 'label' | 'hosts' | 'file' | 'tls' | 'http' | 'dns';

export interface AddressName {
  readonly address: string;
  readonly name: string;
  readonly source: NameSource;
  /** Packets that say so; 0: none, but the user or the file's own block. */
  packets: number;
  /** Row of the first; -1: none. */
  readonly row: number;
}

/** The first name that each source gave wins among its own; a better source goes before. */
const RANK: readonly NameSource[] = ['label', 'hosts', 'file', 'tls', 'http', 'dns'];

export class Names {
  private readonly entries = new Map<string, AddressName>();
  private readonly best = new Map<string, AddressName>();
  private readonly given: GivenNames;

  constructor(given: GivenNames = NO_GIVEN_NAMES) {
    this.given = given;
  }

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
    return this.given.of(address) || (this.best.get(address)?.name ?? '');
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
