/**
 * Frames that hold an event of a Windows trace: `netsh trace` files that were saved from Network Monitor keep every packet in
 * one. An event header of 80 bytes as in a trace, then processor (u8), alignment (u8), logger (u16), count of extended items
 * (u16), length of the user data (u16), joined (u8); the items, without padding; the user data.
 */

import { u16le, u32, u32le } from '../../base/bytes.ts';
import { LINK_TYPE } from '../link-types.ts';
import { DIRECTION } from '../reader.ts';

const AT = {
  thread: 8,
  process: 12,
  time: 16,
  provider: 24,
  id: 40,
  keywordLow: 48,
  keywordHigh: 52,
  processor: 80,
  items: 84,
  size: 86,
  end: 89,
} as const;
const ITEM = { size: 6, header: 8 } as const;

export interface TraceEvent {
  /** GUID in lower case with hyphens. */
  readonly provider: string;
  readonly id: number;
  readonly processId: number;
  readonly threadId: number;
  readonly processor: number;
  readonly keywordLow: number;
  readonly keywordHigh: number;
  /** FILETIME. */
  readonly timeHigh: number;
  readonly timeLow: number;
  /** User data in the frame: [at, end). */
  readonly at: number;
  readonly end: number;
}

/** Null: too short for what it says. */
export function readEvent(bytes: Uint8Array): TraceEvent | null {
  if (bytes.length < AT.end) return null;
  let at: number = AT.end;
  for (let left = u16le(bytes, AT.items); left > 0; left--) {
    if (at + ITEM.header > bytes.length) return null;
    at += ITEM.header + u16le(bytes, at + ITEM.size);
  }
  const end = at + u16le(bytes, AT.size);
  if (end > bytes.length) return null;
  return {
    provider: guid(bytes, AT.provider),
    id: u16le(bytes, AT.id),
    processId: u32le(bytes, AT.process),
    threadId: u32le(bytes, AT.thread),
    processor: bytes[AT.processor],
    keywordLow: u32le(bytes, AT.keywordLow),
    keywordHigh: u32le(bytes, AT.keywordHigh),
    timeHigh: u32le(bytes, AT.time + 4),
    timeLow: u32le(bytes, AT.time),
    at,
    end,
  };
}

function guid(bytes: Uint8Array, at: number): string {
  const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, '0');
  const tail = Array.from(bytes.subarray(at + 8, at + 16), (byte) => hex(byte, 2)).join('');
  const head = [hex(u32le(bytes, at), 8), hex(u16le(bytes, at + 4), 4), hex(u16le(bytes, at + 6), 4)];
  return [...head, tail.slice(0, 4), tail.slice(4)].join('-');
}

export const PROVIDER = {
  ndis: '2ed6006e-4729-4609-b423-3ee7bcd678ef',
  ras: 'd84521f7-2235-4237-a7c0-14e3a9676286',
} as const;
export const PROVIDER_NAMES: Readonly<Record<string, string>> = {
  [PROVIDER.ndis]: 'Microsoft-Windows-NDIS-PacketCapture',
  [PROVIDER.ras]: 'Microsoft-Windows-Ras-NdisWanPacketCapture',
};

/** The packet, or the piece of one, that an event holds. */
export interface EventPacket {
  readonly provider: 'ndis' | 'ras';
  /** In the frame. */
  readonly at: number;
  readonly captured: number;
  readonly linkType: number;
  readonly direction: number;
  readonly isFirst: boolean;
  readonly isLast: boolean;
  readonly isCut: boolean;
  readonly adapter?: number;
  readonly layer?: number;
}

const NDIS_PACKET = { id: 1001, adapter: 0, layer: 4, size: 8, bytes: 12 } as const;
const RAS_EVENT = { sent: 5001, received: 5002 } as const;
/** Bits of the event's keyword: low word, high word. */
const LOW = { mobile: 0x200, tunnel: 0x8000, wifi: 0x1_0000, cut: 0x200_0000, first: 0x4000_0000, last: 0x8000_0000 };
const HIGH = { send: 1, receive: 2 } as const;

/** Null: the event holds no packet. */
export function packetOf(event: TraceEvent, bytes: Uint8Array): EventPacket | null {
  if (event.provider === PROVIDER.ndis && event.id === NDIS_PACKET.id) return ndisPacket(event, bytes);
  if (event.provider !== PROVIDER.ras) return null;
  if (event.id !== RAS_EVENT.sent && event.id !== RAS_EVENT.received) return null;
  return rasPacket(event, bytes);
}

function ndisPacket(event: TraceEvent, bytes: Uint8Array): EventPacket | null {
  const { at, end, keywordLow, keywordHigh } = event;
  if (at + NDIS_PACKET.bytes > end) return null;
  const captured = u32le(bytes, at + NDIS_PACKET.size);
  if (captured > end - at - NDIS_PACKET.bytes) return null;
  const has = (bit: number): boolean => (keywordLow & bit) !== 0;
  const isIp = has(LOW.mobile) || has(LOW.tunnel);
  const direction =
    (keywordHigh & HIGH.send) !== 0
      ? DIRECTION.outbound
      : (keywordHigh & HIGH.receive) !== 0
        ? DIRECTION.inbound
        : DIRECTION.unknown;
  return {
    provider: 'ndis',
    at: at + NDIS_PACKET.bytes,
    captured,
    linkType: has(LOW.wifi) ? LINK_TYPE.ieee80211 : isIp ? LINK_TYPE.raw : LINK_TYPE.ethernet,
    direction,
    isFirst: has(LOW.first),
    isLast: has(LOW.last),
    isCut: has(LOW.cut),
    adapter: u32le(bytes, at + NDIS_PACKET.adapter),
    layer: u32le(bytes, at + NDIS_PACKET.layer),
  };
}

/** Routing domain and user name (UTF-16 to a zero), then size and frame. */
function rasPacket(event: TraceEvent, bytes: Uint8Array): EventPacket | null {
  let { at } = event;
  for (let texts = 2; texts > 0; texts--) {
    while (at + 1 < event.end && (bytes[at] | bytes[at + 1]) !== 0) at += 2;
    at += 2;
  }
  if (at + 4 > event.end) return null;
  const captured = u32le(bytes, at);
  if (captured > event.end - at - 4) return null;
  const direction = event.id === RAS_EVENT.sent ? DIRECTION.outbound : DIRECTION.inbound;
  return {
    provider: 'ras',
    at: at + 4,
    captured,
    linkType: LINK_TYPE.ethernet,
    direction,
    isFirst: true,
    isLast: true,
    isCut: false,
  };
}

const VLAN_TYPES: readonly number[] = [0x8100, 0x88a8, 0x9100];
const ETHERNET = { type: 12, header: 14, tag: 4 } as const;
const IPV6_HEADER = 40;

/** Length on the wire of a packet that was cut: the IP header says it. Never below `captured`. */
export function wireLength(bytes: Uint8Array, linkType: number, captured: number): number {
  let at = 0;
  if (linkType === LINK_TYPE.ethernet) {
    at = ETHERNET.header;
    while (at + 4 <= bytes.length && VLAN_TYPES.includes(u32(bytes, at - 2) >>> 16)) at += ETHERNET.tag;
  } else if (linkType !== LINK_TYPE.raw) return captured;
  if (at + 6 > bytes.length) return captured;
  const version = bytes[at] >> 4;
  const inner = version === 4 ? (bytes[at + 2] << 8) | bytes[at + 3] : (bytes[at + 4] << 8) | bytes[at + 5];
  if (version === 4) return Math.max(captured, at + inner);
  return version === 6 ? Math.max(captured, at + IPV6_HEADER + inner) : captured;
}
