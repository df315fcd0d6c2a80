/**
 * The packet capture of NDIS (netsh trace, New-NetEventSession; Windows 7 and later) and of remote access: events with a frame, or, in older
 * systems, with a piece of one.
 */

import { u16, u32le } from '../../base/bytes.ts';
import { DIRECTION } from '../reader.ts';
import type { PacketFacts, PacketIndex } from './packet-index.ts';
import { afterText, decodeUtf16z } from './text.ts';

export const NDIS_EVENT = { packet: 1001, metadata: 1002, switchPacket: 1003 } as const;
export const RAS_EVENT = { sent: 5001, received: 5002 } as const;

/** Offsets in the user data of a packet event. */
export const FRAGMENT = { adapter: 0, layer: 4, size: 8, data: 12 } as const;

/** Bits of the keyword's two halves. */
export const KEYWORD = {
  wirelessWan: 0x200,
  tunnel: 0x8000,
  wifi: 0x1_0000,
  first: 0x4000_0000,
  last: 0x8000_0000,
  /** Of the upper half. */
  sent: 0x1,
  received: 0x2,
  dropped: 0x100,
} as const;

export const LINK = { ethernet: 1, raw: 101, wifi: 105, unknown: 147 } as const;

/** No packet is larger: beyond this the pieces are not one packet's. */
const MOST_PACKET_BYTES = 256 * 1024;
/** Packets that wait for their end: one for each processor and interface, of which no machine has so many. */
const MOST_PENDING = 4096;
/** First bytes of a packet in pieces, from which its length is read: Ethernet, two tags, IPv6. */
const HEAD_BYTES = 64;

export function linkOf(keywordLow: number): number {
  if ((keywordLow & KEYWORD.wifi) !== 0) return LINK.wifi;
  return (keywordLow & (KEYWORD.wirelessWan | KEYWORD.tunnel)) !== 0 ? LINK.raw : LINK.ethernet;
}

export function directionOf(keywordHigh: number): number {
  if ((keywordHigh & KEYWORD.sent) !== 0) return DIRECTION.outbound;
  return (keywordHigh & KEYWORD.received) !== 0 ? DIRECTION.inbound : DIRECTION.unknown;
}

/** Where a frame lies in its event, and on which port of a virtual switch it was seen. */
export interface FoundFrame {
  at: number;
  size: number;
  port: number;
  portName: string;
}

/** Of an event of a virtual switch; null: it cannot be found. */
export function findSwitchFrame(bytes: Uint8Array, at: number, end: number): FoundFrame | null {
  const names = at + 12;
  if (names > end) return null;
  const nic = afterText(bytes, names, end);
  const count = afterText(bytes, afterText(bytes, nic, end), end);
  if (count + 4 > end) return null;
  const isFrameAt = (from: number): boolean => {
    const size = u32le(bytes, from);
    const tail = from + 4 + size;
    return tail + 4 <= end && tail + 4 + u32le(bytes, tail) === end;
  };
  // The shape of a destination is not known: the frame is where both lengths lead to the end.
  let from = count + 4;
  while (from + 8 <= end && !isFrameAt(from)) {
    if (u32le(bytes, count) === 0) return null;
    from++;
  }
  if (from + 8 > end) return null;
  const name = decodeUtf16z(bytes, nic, end) || decodeUtf16z(bytes, names, end);
  return { at: from + 4, size: u32le(bytes, from), port: u32le(bytes, at + 8), portName: name };
}

/** Of a remote access event; null: its lengths do not fit. */
export function findRasFrame(bytes: Uint8Array, at: number, end: number): FoundFrame | null {
  const from = afterText(bytes, afterText(bytes, at, end), end);
  if (from + 4 > end) return null;
  const size = u32le(bytes, from);
  return from + 4 + size <= end ? { at: from + 4, size, port: 0, portName: '' } : null;
}

/** Bytes on the wire, which NDIS capture does not say: what the IP header says, where that is more than what was kept. */
export function wireLength(bytes: Uint8Array, at: number, end: number, captured: number, link: number): number {
  let from = at;
  let type = 0;
  if (link === LINK.raw) type = from < end && bytes[from] >> 4 === 6 ? IPV6 : IPV4;
  else if (link === LINK.ethernet) {
    from += 12;
    while (from + 4 <= end && (u16(bytes, from) === 0x8100 || u16(bytes, from) === 0x88a8)) from += 4;
    if (from + 2 > end) return captured;
    type = u16(bytes, from);
    from += 2;
  }
  let length = 0;
  if (type === IPV4 && from + 4 <= end && bytes[from] >> 4 === 4) length = u16(bytes, from + 2);
  // A length of 0: a large send, whose length nobody knows.
  else if (type === IPV6 && from + 6 <= end && u16(bytes, from + 4) > 0) length = u16(bytes, from + 4) + 40;
  return length === 0 ? captured : Math.max(captured, from - at + length);
}

const IPV4 = 0x0800;
const ARP = 0x0806;
const IPV6 = 0x86dd;

/** Is this a frame of its own, and not the middle of one? */
export function isWholeFrame(bytes: Uint8Array, at: number, end: number, link: number): boolean {
  const from = link === LINK.ethernet ? at + 14 : at;
  if (from + 20 > end) return false;
  const type = link === LINK.ethernet ? u16(bytes, at + 12) : bytes[at] >> 4 === 6 ? IPV6 : IPV4;
  if (type === ARP) return from + 28 <= end;
  if (type === IPV4) return bytes[from] >> 4 === 4 && u16(bytes, from + 2) >= 20 && from + u16(bytes, from + 2) <= end;
  return type === IPV6 && bytes[from] >> 4 === 6 && from + 40 + u16(bytes, from + 4) <= end;
}

/** A packet whose last piece has not come yet. */
interface Pending {
  readonly facts: PacketFacts;
  readonly link: number;
  readonly head: Uint8Array;
  headLength: number;
  readonly place: number[];
  readonly dataAt: number[];
  readonly size: number[];
}

/** Joins pieces: those of one packet follow each other on one processor and interface only. */
export class Joiner {
  /** Pieces without their beginning, and packets without their end. */
  lost = 0;
  private readonly index: PacketIndex;
  private readonly pending = new Map<number, Pending>();

  constructor(index: PacketIndex) {
    this.index = index;
  }

  /** `bytes` from `at`: the piece. Returns false where it is a piece of nothing. */
  take(facts: PacketFacts, keywordLow: number, lane: number, bytes: Uint8Array, at: number, link: number): boolean {
    const isFirst = (keywordLow & KEYWORD.first) !== 0;
    const isLast = (keywordLow & KEYWORD.last) !== 0;
    let pending = this.pending.get(lane);
    if (isFirst && pending !== undefined) {
      this.lost++;
      this.flush(lane);
      pending = undefined;
    }
    const end = at + facts.captured;
    const isWhole = isFirst ? isLast : pending === undefined && isWholeFrame(bytes, at, end, link);
    if (isWhole) {
      facts.length = wireLength(bytes, at, end, facts.captured, link);
      this.index.add(facts);
      return true;
    }
    if (pending === undefined) {
      if (!isFirst) {
        this.lost++;
        return false;
      }
      if (this.pending.size === MOST_PENDING) this.giveUp();
      pending = {
        facts: { ...facts, captured: 0 },
        link,
        head: new Uint8Array(HEAD_BYTES),
        headLength: 0,
        place: [],
        dataAt: [],
        size: [],
      };
      this.pending.set(lane, pending);
    }
    if (pending.facts.captured + facts.captured > MOST_PACKET_BYTES) {
      this.lost++;
      this.flush(lane);
      return false;
    }
    const part = bytes.subarray(at, Math.min(end, at + HEAD_BYTES - pending.headLength));
    pending.head.set(part, pending.headLength);
    pending.headLength += part.length;
    pending.facts.captured += facts.captured;
    pending.place.push(facts.place);
    pending.dataAt.push(facts.dataAt);
    pending.size.push(facts.captured);
    if (isLast) this.flush(lane);
    return true;
  }

  /** At the end of the trace: what is there of packets without their end. */
  finish(): void {
    this.lost += this.pending.size;
    for (const lane of [...this.pending.keys()]) this.flush(lane);
  }

  /** The one that has waited longest. */
  private giveUp(): void {
    for (const lane of this.pending.keys()) {
      this.lost++;
      this.flush(lane);
      return;
    }
  }

  private flush(lane: number): void {
    const pending = this.pending.get(lane);
    if (pending === undefined) return;
    this.pending.delete(lane);
    const { facts, head, headLength, link } = pending;
    const { pieces } = this.index;
    facts.length = wireLength(head, 0, headLength, facts.captured, link);
    facts.place = -1 - pieces.count;
    pending.place.forEach((place, i) => pieces.add(place, pending.dataAt[i], pending.size[i]));
    this.index.add(facts);
  }
}
