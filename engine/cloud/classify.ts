/**
 * Which billing class an address is in, seen from the machine that sends, and why. In this order: the platform's own addresses,
 * addresses that never leave the network, the user's map, the subnet of a capture interface, the providers' published ranges.
 * What no file knows is said to be not listed; nothing is looked up anywhere.
 */

import { inPrefix } from '../base/address.ts';
import { u32 } from '../base/bytes.ts';
import { platformOfIpv4, platformOfIpv6 } from '../base/platform-addresses.ts';
import type { BillingClass, Reason } from './billing-classes.ts';
import type { CloudData } from './cloud-data.ts';
import type { MapEntry } from './map-file.ts';
import type { Block } from './prefix-table.ts';
import { PROVIDER_NAMES } from './ranges.ts';

export interface Classified {
  readonly class: BillingClass;
  readonly reason: Reason;
  /** Whose it is, as far as the map or a list says: '' where nobody does. */
  readonly owner: string;
  /** Which entry said so: a block of the map, or a list with its date. */
  readonly evidence: string;
  readonly entry: MapEntry | null;
}

/** The machine that sends. */
export interface OwnPlace {
  readonly entry: MapEntry | null;
  /** `azure` ..., '' where nothing says. */
  readonly provider: string;
  readonly region: string;
  /** Subnets of the interfaces that were captured at. */
  readonly subnets: readonly Block[];
}

/** Where the own addresses are: the map's word first, then the published ranges. */
export function ownPlace(data: CloudData, addresses: readonly Uint8Array[], subnets: readonly Block[]): OwnPlace {
  let entry: MapEntry | null = null;
  let provider = '';
  let region = '';
  for (const address of addresses) {
    entry ??= data.map?.find(address) ?? null;
    const range = data.rangeOf(address);
    provider ||= range?.provider ?? '';
    region ||= range?.region ?? '';
  }
  return { entry, provider: entry?.provider || provider, region: entry?.region || region, subnets };
}

export function classify(data: CloudData, own: OwnPlace, address: Uint8Array): Classified {
  const platform = address.length === 4 ? platformOfIpv4(u32(address, 0)) : platformOfIpv6(address);
  const entry = data.map?.find(address) ?? null;
  const said = (billing: BillingClass, reason: Reason, owner = '', evidence = ''): Classified => ({
    class: billing,
    reason,
    owner,
    evidence,
    entry,
  });
  if (entry !== null && entry.class !== null) return said(entry.class, 'mapClass', ownerOf(entry), entry.cidr);
  if (platform !== undefined) return said('platform', 'platform', platform);
  if (staysLocal(address)) return said('free', 'local');
  if (entry !== null) return byMap(entry, own, said);
  const subnet = own.subnets.find(
    ({ address: at, prefix }) => at.length === address.length && inPrefix(address, at, prefix),
  );
  if (subnet !== undefined) return said('same-network', 'interfaceSubnet');
  if (isPrivateAddress(address)) return said('unclassified', 'privateNotListed');
  const range = data.rangeOf(address);
  if (range === null) return said('internet', data.lists.length > 0 ? 'notListed' : 'noLists');
  const owner = [PROVIDER_NAMES[range.provider], range.service, range.region].filter((part) => part !== '').join(' ');
  const evidence = `${range.list.name} ${range.list.date}`.trim();
  if (own.provider !== range.provider)
    return said('internet', own.provider === '' ? 'providerUnknownOwn' : 'otherProvider', owner, evidence);
  if (own.region === '' || range.region === '') return said('provider-service', 'rangeRegionUnknown', owner, evidence);
  return own.region === range.region
    ? said('provider-service', 'rangeSameRegion', owner, evidence)
    : said('other-region', 'rangeOtherRegion', owner, evidence);
}

type Say = (billing: BillingClass, reason: Reason, owner?: string, evidence?: string) => Classified;

function byMap(entry: MapEntry, own: OwnPlace, said: Say): Classified {
  const owner = ownerOf(entry);
  const mine = own.entry;
  if (mine === null) return said('unclassified', 'mapUnknownOwn', owner, entry.cidr);
  if (differ(entry.region, mine.region)) return said('other-region', 'mapRegion', owner, entry.cidr);
  if (differ(entry.network, mine.network)) return said('peered', 'mapPeered', owner, entry.cidr);
  if (differ(entry.zone, mine.zone)) return said('other-zone', 'mapZone', owner, entry.cidr);
  return said('same-network', 'mapSame', owner, entry.cidr);
}

/** Both are known, and are not the same. */
function differ(one: string, other: string): boolean {
  return one !== '' && other !== '' && one !== other;
}

function ownerOf({ name, network }: MapEntry): string {
  return name || network;
}

/** Loopback, link-local, multicast, broadcast: never routed out of the network (RFC 6890). */
function staysLocal(address: Uint8Array): boolean {
  if (address.length === 16)
    return address[0] === 0xff || (address[0] === 0xfe && (address[1] & 0xc0) === 0x80) || isOne(address);
  const [first, second] = address;
  return first === 127 || first >= 224 || first === 0 || (first === 169 && second === 254);
}

/** ::1, and :: for what has no address yet. */
function isOne(address: Uint8Array): boolean {
  return address.subarray(0, 15).every((byte) => byte === 0) && address[15] <= 1;
}

/** RFC 1918, RFC 6598 and RFC 4193. */
export function isPrivateAddress(address: Uint8Array): boolean {
  const [first, second] = address;
  if (address.length === 16) return (first & 0xfe) === 0xfc;
  return (
    first === 10 ||
    (first === 172 && (second & 0xf0) === 16) ||
    (first === 192 && second === 168) ||
    (first === 100 && (second & 0xc0) === 64)
  );
}
