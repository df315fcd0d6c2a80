/** Names that the user gives: labels for addresses or blocks of them, and hosts files (hosts(5): address, name, aliases). */

import { formatIpv4, formatIpv6 } from '../base/address.ts';
import { u32 } from '../base/bytes.ts';
import { addressBytes, PrefixTable, parseBlock } from '../cloud/prefix-table.ts';
import type { AddressLabel } from '../contract/preferences.ts';

export interface HostEntry {
  readonly address: string;
  readonly name: string;
}

/** More entries of one file are more than anyone writes; the others are counted as wrong. */
const MOST_ENTRIES = 1_000_000;

/** The first name of each line; `wrong`: lines that are neither entry, comment nor empty. */
export function readHosts(text: string): { readonly entries: readonly HostEntry[]; readonly wrong: number } {
  const entries: HostEntry[] = [];
  let wrong = 0;
  for (let at = 0; at < text.length; ) {
    const end = text.indexOf('\n', at);
    const line = text.slice(at, end < 0 ? text.length : end);
    at = end < 0 ? text.length : end + 1;
    const comment = line.indexOf('#');
    const [first = '', name = ''] = (comment < 0 ? line : line.slice(0, comment)).trim().split(/\s+/, 2);
    if (first === '') continue;
    // An address of a link may name its interface: fe80::1%eth0.
    const address = addressText(first.replace(/%.*$/, ''));
    if (address === '' || name === '' || entries.length >= MOST_ENTRIES) wrong++;
    else entries.push({ address, name });
  }
  return { entries, wrong };
}

/** As addresses are written everywhere else; '' where the text is none. */
function addressText(text: string): string {
  const bytes = addressBytes(text);
  if (bytes === null) return '';
  return bytes.length === 4 ? formatIpv4(u32(bytes, 0)) : formatIpv6(bytes);
}

export class GivenNames {
  private readonly labels = new Map<string, string>();
  private readonly blocks = new PrefixTable<string>();
  private readonly hosts = new Map<string, string>();
  private readonly hasBlocks: boolean;

  /** Of two labels for an address the last counts; of two entries of hosts files the first, as resolvers have it. */
  constructor(labels: readonly AddressLabel[] = [], hosts: readonly HostEntry[] = []) {
    let hasBlocks = false;
    for (const { address, name } of labels) {
      const block = parseBlock(address);
      if (block === null || name.trim() === '') continue;
      if (block.prefix === 8 * block.address.length)
        this.labels.set(addressText(address.replace(/\/.*$/, '').trim()), name.trim());
      else this.blocks.add(block, name.trim(), () => true);
      hasBlocks ||= block.prefix < 8 * block.address.length;
    }
    this.hasBlocks = hasBlocks;
    for (const { address, name } of hosts) if (!this.hosts.has(address)) this.hosts.set(address, name);
  }

  /** The user's own word for an address, or for the smallest block that holds it; '' for none. */
  labelOf(address: string): string {
    const own = this.labels.get(address);
    if (own !== undefined) return own;
    if (!this.hasBlocks) return '';
    const bytes = addressBytes(address);
    return bytes === null ? '' : (this.blocks.find(bytes)?.value ?? '');
  }

  hostOf(address: string): string {
    return this.hosts.get(address) ?? '';
  }

  of(address: string): string {
    return this.labelOf(address) || this.hostOf(address);
  }

  get isEmpty(): boolean {
    return this.labels.size === 0 && !this.hasBlocks && this.hosts.size === 0;
  }
}

export const NO_GIVEN_NAMES = new GivenNames();
