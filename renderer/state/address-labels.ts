/** Labels of addresses as text: one a line, the address or block and then the name, as hosts files have it. */

import { parseIpv4, parseIpv6 } from '../../engine/base/address.ts';
import type { AddressLabel } from '../../engine/contract/preferences.ts';

export function isAddress(text: string): boolean {
  return parseIpv4(text) !== null || (text.includes(':') && parseIpv6(text) !== null);
}

/** An address, or a block: `10.0.0.0/8`. */
export function isAddressBlock(text: string): boolean {
  const [address = '', bits, ...rest] = text.trim().split('/');
  if (!isAddress(address) || rest.length > 0) return false;
  if (bits === undefined) return true;
  return /^\d{1,3}$/.test(bits) && Number(bits) <= (address.includes(':') ? 128 : 32);
}

/** The address that a value or its filter is about; '' where it is none. */
export function addressIn(value: string, filter: string): string {
  if (isAddress(value)) return value;
  const [, address = ''] = /== ([0-9a-fA-F.:]+)$/.exec(filter) ?? [];
  return isAddress(address) ? address : '';
}

export function labelText(labels: readonly AddressLabel[]): string {
  return labels.map(({ address, name }) => `${address}\t${name}\n`).join('');
}

export function labelsOf(text: string): AddressLabel[] {
  return text.split(/\r?\n/).flatMap((line) => {
    const [, address = '', name = ''] = /^\s*(\S+)\s+(.*?)\s*(?:#.*)?$/.exec(line) ?? [];
    return isAddressBlock(address) && name !== '' ? [{ address, name: name.slice(0, MOST_CHARACTERS) }] : [];
  });
}

const MOST_CHARACTERS = 200;

/** New ones take the place of those for the same address. */
export function joinLabels(before: readonly AddressLabel[], added: readonly AddressLabel[]): AddressLabel[] {
  const named = new Map([...before, ...added].map((label) => [label.address, label]));
  return [...named.values()];
}
