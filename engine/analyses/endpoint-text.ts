/** Endpoints as text, and where they lie. */

import { formatIpv4, formatIpv6, formatMac } from '../base/address.ts';
import { putU32 } from '../base/bytes.ts';
import { type Endpoints, FAMILY } from './conversations.ts';

const bytes = new Uint8Array(16);

/** Address of an endpoint as filters write it. */
export function endpointText(endpoints: Endpoints, endpoint: number): string {
  const { words } = endpoints;
  const at = endpoints.addressAt(endpoint);
  switch (endpoints.family(endpoint)) {
    case FAMILY.ipv4:
      return formatIpv4(words[at]);
    case FAMILY.ipv6:
      for (let i = 0; i < 4; i++) putU32(bytes, 4 * i, words[at + i]);
      return formatIpv6(bytes);
    default:
      putU32(bytes, 0, words[at]);
      bytes[4] = words[at + 1] >>> 8;
      bytes[5] = words[at + 1] & 0xff;
      return formatMac(bytes);
  }
}

/** Start of the field names of an address. */
export function familyName(endpoints: Endpoints, endpoint: number): 'eth' | 'ip' | 'ipv6' {
  const family = endpoints.family(endpoint);
  return family === FAMILY.ipv4 ? 'ip' : family === FAMILY.ipv6 ? 'ipv6' : 'eth';
}

/** Seen from a client: the same /24 (IPv6: /64), other private addresses, multicast or broadcast, elsewhere, or several of these. */
export type AddressScope = 'subnet' | 'private' | 'multicast' | 'internet' | 'several';

export function scopeOf(endpoints: Endpoints, client: number, server: number): AddressScope {
  const { words } = endpoints;
  const from = words[endpoints.addressAt(client)];
  const at = endpoints.addressAt(server);
  const to = words[at];
  if (endpoints.family(server) === FAMILY.ipv6) {
    if (to >>> 24 === 0xff) return 'multicast';
    if (from === to && words[endpoints.addressAt(client) + 1] === words[at + 1]) return 'subnet';
    return to >>> 25 === 0x7e || to >>> 22 === 0x3fa ? 'private' : 'internet';
  }
  if (to >>> 28 === 0xe || to === 0xffffffff) return 'multicast';
  if (from >>> 8 === to >>> 8) return 'subnet';
  return isPrivate(to) ? 'private' : 'internet';
}

/** RFC 1918, RFC 6598 (100.64/10), loopback and link-local. */
function isPrivate(address: number): boolean {
  return (
    address >>> 24 === 10 ||
    address >>> 20 === 0xac1 ||
    address >>> 16 === 0xc0a8 ||
    address >>> 22 === 0x191 ||
    address >>> 24 === 127 ||
    address >>> 16 === 0xa9fe
  );
}
