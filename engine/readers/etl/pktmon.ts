/**
 * Packet Monitor (pktmon, since Windows 10 1809): packets with the component of the network stack that saw or dropped them, and, at the
 * end of a trace, what the components are. Fields are packed without padding.
 */

import { u16le, u32le } from '../../base/bytes.ts';
import { DIRECTION } from '../reader.ts';
import { STANDING, type Standing } from './appearances.ts';
import { guidText } from './layout.ts';
import { afterText, decodeUtf16z } from './text.ts';

/** Offsets in the user data of a packet event. */
export const PACKET = {
  groupLow: 0,
  groupHigh: 4,
  number: 8,
  appearance: 10,
  direction: 12,
  type: 14,
  component: 16,
  edge: 18,
  filter: 20,
  dropReason: 22,
  dropLocation: 26,
  length: 30,
  captured: 32,
  data: 34,
} as const;

export const PACKET_EVENT = { seen: 160, dropped: 170 } as const;
export const PACKET_TYPE = { ethernet: 1, wifi: 2, ip: 3 } as const;
const EVENT_ID = {
  component: 20,
  number: 30,
  guid: 40,
  hex: 50,
  ipv4: 65,
  ipv6: 66,
  bytes: 70,
  text: 73,
  drops: 80,
  flow: 90,
} as const;
const PROPERTY = { index: 1, adapter: 2, guid: 4, hardwareAddress: 6, switchName: 10 } as const;
const COMPONENT_TYPE = { miniport: 2, netVsc: 9 } as const;
const COUNTERS = { packetsIn: 2, packetsOut: 20, size: 36 } as const;
/** A component has at most so many addresses, edges: a hostile trace would fill memory with them. */
const MOST_LISTED = 1024;

/** By the direction tag: none, in, out, receive, transmit, ingress, egress. */
const DIRECTIONS: readonly number[] = [
  DIRECTION.unknown,
  DIRECTION.inbound,
  DIRECTION.outbound,
  DIRECTION.inbound,
  DIRECTION.outbound,
  DIRECTION.inbound,
  DIRECTION.outbound,
];

export function directionOf(tag: number): number {
  return DIRECTIONS[tag] ?? DIRECTION.unknown;
}

export interface Component {
  type: number;
  name: string;
  description: string;
  /** Interface index of its adapter. */
  adapter: number | undefined;
  index: number | undefined;
  guid: string;
  switchName: string;
  hardwareAddress: Uint8Array | undefined;
  readonly addresses: Uint8Array[];
  readonly edges: Map<number, string>;
  /** Packets that passed its upper edge, and that it dropped. */
  passed: bigint;
  dropped: bigint;
  hasCounters: boolean;
}

export class Components {
  private readonly byId = new Map<number, Component>();
  /** Interface indexes of network cards. */
  private readonly adapters = new Set<number>();

  get(id: number): Component | undefined {
    return this.byId.get(id);
  }

  /** The network card with this interface index. */
  cardOf(adapter: number | undefined): Component | undefined {
    if (adapter === undefined) return undefined;
    for (const one of this.byId.values()) if (one.adapter === adapter && isAdapter(one)) return one;
    return undefined;
  }

  /** User data [at, end) of an event other than of packets. */
  take(id: number, bytes: Uint8Array, at: number, end: number): void {
    if (at + 4 > end) return;
    const component = this.component(u16le(bytes, at));
    const property = u16le(bytes, at + 2);
    const value = at + 4;
    switch (id) {
      case EVENT_ID.component:
        component.type = property;
        component.name = decodeUtf16z(bytes, value, end);
        component.description = decodeUtf16z(bytes, afterText(bytes, value, end), end);
        return;
      case EVENT_ID.number:
      case EVENT_ID.hex:
        if (value + 4 > end) return;
        if (property === PROPERTY.adapter) component.adapter = u32le(bytes, value);
        else if (property === PROPERTY.index) component.index = u32le(bytes, value);
        return;
      case EVENT_ID.guid:
        if (value + 16 <= end && property === PROPERTY.guid) component.guid = guidText(bytes, value);
        return;
      case EVENT_ID.ipv4:
      case EVENT_ID.ipv6: {
        const size = id === EVENT_ID.ipv4 ? 4 : 16;
        if (value + size <= end && component.addresses.length < MOST_LISTED) {
          component.addresses.push(bytes.slice(value, value + size));
        }
        return;
      }
      case EVENT_ID.bytes: {
        const length = value + 4 <= end ? u32le(bytes, value) : 0;
        const from = value + 4;
        if (property !== PROPERTY.hardwareAddress || from + length > end || (length !== 6 && length !== 8)) return;
        component.hardwareAddress = bytes.slice(from, from + length);
        return;
      }
      case EVENT_ID.text:
        if (property === PROPERTY.switchName) component.switchName = decodeUtf16z(bytes, value, end);
        return;
      case EVENT_ID.drops:
        if (at + 2 + COUNTERS.size > end) return;
        component.dropped = packetsIn(bytes, at + 2);
        component.hasCounters = true;
        return;
      case EVENT_ID.flow:
        this.takeEdge(component, bytes, at, end);
        return;
    }
  }

  /** After all events: which interface indexes are network cards'. */
  finish(): void {
    for (const one of this.byId.values()) {
      // A card may have an index of its own in place of its adapter's.
      const adapter = one.adapter ?? one.index;
      if (isAdapter(one) && adapter !== undefined) this.adapters.add(adapter);
    }
  }

  /** How well a packet that this component saw at this edge stands for the packet as such. */
  standing(id: number, edge: number, packetType: number): Standing {
    const component = this.byId.get(id);
    if (component === undefined) return STANDING.seen;
    const isWifi = packetType === PACKET_TYPE.wifi;
    if (isAdapter(component)) {
      if (isWifi) return STANDING.adapterWifi;
      return component.edges.get(edge)?.toLowerCase() === 'upper' ? STANDING.adapterTop : STANDING.adapter;
    }
    const isAbove = component.adapter !== undefined && this.adapters.has(component.adapter);
    return isAbove && packetType === PACKET_TYPE.ethernet ? STANDING.aboveAdapter : STANDING.seen;
  }

  private takeEdge(component: Component, bytes: Uint8Array, at: number, end: number): void {
    const after = afterText(bytes, at + 2, end);
    if (after + 2 > end || component.edges.size >= MOST_LISTED) return;
    const name = decodeUtf16z(bytes, at + 2, end);
    component.edges.set(u16le(bytes, after), name);
    if (name.toLowerCase() !== 'upper' || after + 2 + COUNTERS.size > end) return;
    component.passed = packetsIn(bytes, after + 2);
    component.hasCounters = true;
  }

  private component(id: number): Component {
    let known = this.byId.get(id);
    if (known === undefined) {
      known = {
        type: 0,
        name: '',
        description: '',
        adapter: undefined,
        index: undefined,
        guid: '',
        switchName: '',
        hardwareAddress: undefined,
        addresses: [],
        edges: new Map(),
        passed: 0n,
        dropped: 0n,
        hasCounters: false,
      };
      this.byId.set(id, known);
    }
    return known;
  }
}

function isAdapter({ type }: Component): boolean {
  return type === COMPONENT_TYPE.miniport || type === COMPONENT_TYPE.netVsc;
}

/** Both directions of counters. */
function packetsIn(bytes: Uint8Array, at: number): bigint {
  const count = (from: number): bigint => (BigInt(u32le(bytes, from + 4)) << 32n) | BigInt(u32le(bytes, from));
  return count(at + COUNTERS.packetsIn) + count(at + COUNTERS.packetsOut);
}

/** Bytes that the network layer begins behind; a header that is not known counts whole. */
export function networkLayerAt(bytes: Uint8Array, at: number, end: number, packetType: number): number {
  if (packetType === PACKET_TYPE.ethernet) {
    let from = at + 12;
    while (from + 4 <= end && (isTag(bytes, from, 0x81, 0x00) || isTag(bytes, from, 0x88, 0xa8))) from += 4;
    return Math.min(end, from + 2);
  }
  if (packetType !== PACKET_TYPE.wifi || at + 24 > end) return at;
  const isQos = (bytes[at] & 0x8c) === 0x88;
  const hasFourAddresses = (bytes[at + 1] & 3) === 3;
  const isProtected = (bytes[at + 1] & 0x40) !== 0;
  let from = at + 24 + (hasFourAddresses ? 6 : 0) + (isQos ? 2 : 0);
  const isSnap = (offset: number): boolean =>
    offset + 8 <= end && bytes[offset] === 0xaa && bytes[offset + 1] === 0xaa && bytes[offset + 2] === 3;
  // A frame that was opened may keep the header of its cipher.
  if (!isSnap(from) && isProtected && isSnap(from + 8)) from += 8;
  return isSnap(from) ? from + 8 : at;
}

function isTag(bytes: Uint8Array, at: number, high: number, low: number): boolean {
  return bytes[at] === high && bytes[at + 1] === low;
}

/** Bytes of a packet that are compared: what every appearance has where packets are cut at 128 bytes. */
const COMPARED = 60;

/** Of the bytes from the network layer on (FNV-1a). */
export function packetHash(bytes: Uint8Array, at: number, end: number, packetType: number): number {
  const from = networkLayerAt(bytes, at, end, packetType);
  const to = Math.min(end, from + COMPARED);
  let hash = 0x811c9dc5;
  for (let i = from; i < to; i++) hash = Math.imul(hash ^ bytes[i], 0x01000193);
  return hash >>> 0;
}
