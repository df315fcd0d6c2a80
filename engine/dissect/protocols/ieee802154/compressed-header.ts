/** RFC 6282: what an IPHC header leaves out is worked out from the link layer; UDP ports and checksums likewise. */

import type { FieldValue } from '../../../base/fields.ts';
import type { TreeBuilder } from '../../tree.ts';
import { linkAddresses } from './link-addresses.ts';

export interface Compressed {
  /** Fields that stand in the packet: key, value, offset, length. */
  readonly inline: readonly (readonly [string, FieldValue, number, number])[];
  readonly source: Uint8Array;
  readonly destination: Uint8Array;
  /** One past the compressed headers. */
  readonly end: number;
  /** The packet as it was; null where a header is compressed that is not put together again. */
  readonly packet: Uint8Array | null;
}

const UDP = 17;
const HOP_LIMITS = [0, 1, 64, 255] as const;
const LINK_LOCAL = [0xfe, 0x80, 0, 0, 0, 0, 0, 0] as const;
const IPV6_HEADER = 40;

interface Place {
  at: number;
}

export function compressedHeader(t: TreeBuilder, start: number): Compressed {
  const word = t.u16(start);
  const inline: [string, FieldValue, number, number][] = [];
  const place: Place = { at: start + 2 };
  if ((word & 0x80) !== 0) place.at++;
  const first = trafficClass(t, (word >>> 11) & 3, place, inline);
  let next = 0;
  if ((word & 0x400) === 0) {
    next = t.u8(place.at);
    inline.push(['next', next, place.at++, 1]);
  }
  let hops: number = HOP_LIMITS[(word >>> 8) & 3];
  if (((word >>> 8) & 3) === 0) {
    hops = t.u8(place.at);
    inline.push(['hops', hops, place.at++, 1]);
  }
  const link = linkAddresses(t);
  const source = unicast(t, (word >>> 4) & 3, (word & 0x40) !== 0, link.source, place);
  const destination =
    (word & 8) !== 0 ? multicast(t, word & 3, place) : unicast(t, word & 3, (word & 4) !== 0, link.destination, place);
  let transport: Uint8Array | null = new Uint8Array(0);
  if ((word & 0x400) !== 0) {
    transport = (t.u8(place.at) & 0xf8) === 0xf0 ? udp(t, place, inline) : null;
    next = UDP;
  }
  const packet = transport === null ? null : join(t, first, next, hops, source, destination, transport, place.at);
  return { inline, source, destination, end: place.at, packet };
}

/** Version, traffic class and flow label as IPv6 has them. */
function trafficClass(
  t: TreeBuilder,
  mode: number,
  place: Place,
  inline: [string, FieldValue, number, number][],
): number {
  if (mode === 3) return 0x60000000;
  const first = t.u8(place.at);
  // ECN comes first here, last in IPv6.
  const whole = ((first & 0x3f) << 2) | (first >>> 6);
  if (mode === 1) {
    const flow = t.u24(place.at) & 0xfffff;
    inline.push(['class', first >>> 6, place.at, 1], ['flow', flow, place.at, 3]);
    place.at += 3;
    return (0x60000000 | ((first >>> 6) << 20) | flow) >>> 0;
  }
  inline.push(['class', whole, place.at++, 1]);
  if (mode === 2) return (0x60000000 | (whole << 20)) >>> 0;
  const flow = t.u24(place.at) & 0xfffff;
  inline.push(['flow', flow, place.at, 3]);
  place.at += 3;
  return (0x60000000 | (whole << 20) | flow) >>> 0;
}

/** Contexts are not known here: a stateful address keeps a prefix of zeros. */
function unicast(t: TreeBuilder, mode: number, isStateful: boolean, link: Uint8Array, place: Place): Uint8Array {
  const address = new Uint8Array(16);
  if (mode === 0) {
    if (isStateful) return address; // the unspecified address
    address.set(t.slice(place.at, 16));
    place.at += 16;
    return address;
  }
  if (!isStateful) address.set(LINK_LOCAL);
  if (mode === 1) {
    address.set(t.slice(place.at, 8), 8);
    place.at += 8;
  } else if (mode === 2) {
    address.set([0, 0, 0, 0xff, 0xfe, 0], 8);
    address.set(t.slice(place.at, 2), 14);
    place.at += 2;
  } else address.set(link, 8);
  return address;
}

/** RFC 6282 3.2.4: how many bytes of the group are there. */
function multicast(t: TreeBuilder, mode: number, place: Place): Uint8Array {
  const address = new Uint8Array(16);
  const length = [16, 6, 4, 1][mode];
  const bytes = t.slice(place.at, length);
  place.at += length;
  if (mode === 0) return bytes;
  address[0] = 0xff;
  if (mode === 3) {
    address[1] = 2;
    address[15] = bytes[0];
    return address;
  }
  address[1] = bytes[0];
  address.set(bytes.subarray(1), 17 - length);
  return address;
}

/** RFC 6282 4.3: ports of 16, 8 or 4 bits; the length is that of the packet. */
function udp(t: TreeBuilder, place: Place, inline: [string, FieldValue, number, number][]): Uint8Array {
  const first = t.u8(place.at++);
  const mode = first & 3;
  const at = place.at;
  let source: number;
  let target: number;
  if (mode === 3) {
    const ports = t.u8(at);
    source = 0xf0b0 | (ports >>> 4);
    target = 0xf0b0 | (ports & 15);
    place.at += 1;
  } else {
    source = mode === 2 ? 0xf000 | t.u8(at) : t.u16(at);
    const second = at + (mode === 2 ? 1 : 2);
    target = mode === 1 ? 0xf000 | t.u8(second) : t.u16(second);
    place.at = second + (mode === 1 ? 1 : 2);
  }
  inline.push(['udp.src', source, at, place.at - at], ['udp.dst', target, at, place.at - at]);
  let sum = 0;
  if ((first & 4) === 0) {
    sum = t.u16(place.at);
    inline.push(['udp.checksum', sum, place.at, 2]);
    place.at += 2;
  }
  const length = 8 + t.end - place.at;
  return Uint8Array.of(source >>> 8, source, target >>> 8, target, length >>> 8, length, sum >>> 8, sum);
}

function join(
  t: TreeBuilder,
  first: number,
  next: number,
  hops: number,
  source: Uint8Array,
  destination: Uint8Array,
  transport: Uint8Array,
  at: number,
): Uint8Array {
  const rest = t.slice(at, t.end - at);
  const packet = new Uint8Array(IPV6_HEADER + transport.length + rest.length);
  const length = transport.length + rest.length;
  packet.set([first >>> 24, first >>> 16, first >>> 8, first, length >>> 8, length, next, hops]);
  packet.set(source, 8);
  packet.set(destination, 24);
  packet.set(transport, IPV6_HEADER);
  packet.set(rest, IPV6_HEADER + transport.length);
  return packet;
}
