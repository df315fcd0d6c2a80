/**
 * Packet Monitor logs a packet at every place it passes. This finds which records are one packet, and which of them stands for it: the
 * one at the network card; where there is none, the one nearest to it. Older systems number packets; newer ones give every record
 * a number of its own, and then equal bytes, on one processor and at nearly one time, are one packet.
 */

import { DIRECTION } from '../reader.ts';
import { grown } from './grow.ts';
import type { PacketIndex } from './packet-index.ts';

/** Of packets that were seen once only because their provider does so. */
export const NO_GROUP = 0;

/** How well a record stands for its packet: the larger, the better. */
export const STANDING = { dropped: 1, seen: 2, adapterWifi: 3, aboveAdapter: 4, adapter: 5, adapterTop: 6 } as const;
export type Standing = (typeof STANDING)[keyof typeof STANDING];

/** What Packet Monitor says of a packet, as far as it takes to find its other appearances. */
export interface Appearance {
  groupLow: number;
  groupHigh: number;
  packetNumber: number;
  /** 0: this system does not count them. */
  appearance: number;
  component: number;
  edge: number;
  packetType: number;
  isDrop: boolean;
  processor: number;
  /** Of the packet's bytes from the network layer on. */
  hash: number;
}

/** Records of a packet with equal bytes are no farther apart: in parts of a second. */
const TOGETHER = 1000;

export class Appearances {
  /** Makes the hashes unpredictable for who wrote the file. */
  private readonly seed = Math.floor(Math.random() * 0xffff_ffff);
  /** Packets up to this one have their group. */
  private done = 0;
  private room = 0;
  hasCopies = false;
  private groups = NO_GROUP;
  /** By packet. */
  group: Uint32Array = new Uint32Array(0);
  /** From 1, in order of time. */
  rank: Uint16Array = new Uint16Array(0);
  isCopy: Uint8Array = new Uint8Array(0);
  private groupLow: Uint32Array = new Uint32Array(0);
  private groupHigh: Uint32Array = new Uint32Array(0);
  private packetNumber: Uint16Array = new Uint16Array(0);
  private component: Uint16Array = new Uint16Array(0);
  private edge: Uint16Array = new Uint16Array(0);
  private processor: Uint16Array = new Uint16Array(0);
  private hash: Uint32Array = new Uint32Array(0);
  /** Bits of KIND, and the packet type above them; 0: not a packet of Packet Monitor. */
  private kind: Uint8Array = new Uint8Array(0);
  /** By group: how many appearances. */
  private size: Uint16Array = new Uint16Array(1);
  /** By group: the packet that stands for it, plus 1. */
  private best: Uint32Array = new Uint32Array(1);
  private bestStanding: Uint8Array = new Uint8Array(1);

  add(packet: number, facts: Appearance): void {
    this.reserve(packet + 1);
    this.groupLow[packet] = facts.groupLow;
    this.groupHigh[packet] = facts.groupHigh;
    this.packetNumber[packet] = facts.packetNumber;
    this.component[packet] = facts.component;
    this.edge[packet] = facts.edge;
    this.processor[packet] = facts.processor;
    this.hash[packet] = facts.hash;
    this.kind[packet] =
      KIND.isHere |
      (facts.isDrop ? KIND.isDrop : 0) |
      (facts.appearance > 0 ? KIND.isCounted : 0) |
      (Math.min(facts.packetType, MOST_TYPES) * KIND.type);
  }

  sizeOf(packet: number): number {
    return this.size[this.group[packet]];
  }

  /** `order`: packets that have come since, in order of time. `standing`: of a component, an edge and a type of packet. */
  find(
    order: Uint32Array,
    index: PacketIndex,
    ticksPerSecond: number,
    standing: (component: number, edge: number, packetType: number) => Standing,
  ): void {
    this.reserve(index.count);
    const numbered = new Table(order.length);
    const alike = new Table(order.length);
    const near = ticksPerSecond / TOGETHER;
    for (const packet of order) {
      const kind = this.kind[packet];
      if ((kind & KIND.isHere) === 0) continue;
      const isUncounted = (kind & (KIND.isDrop | KIND.isCounted)) !== KIND.isCounted;
      const byNumber = this.numberHash(packet);
      const byBytes = this.bytesHash(packet);
      let before = -1;
      if ((kind & KIND.isCounted) !== 0 || (kind & KIND.isDrop) !== 0) {
        before = numbered.find(byNumber, (other) => this.hasSameNumber(packet, other));
      }
      if (before < 0 && isUncounted) {
        before = alike.find(byBytes, (other) => this.isAlike(packet, other, index.ticks, near));
      }
      const group = before < 0 ? this.newGroup() : this.group[before];
      this.group[packet] = group;
      if (this.size[group] < 0xffff) this.size[group]++;
      this.rank[packet] = this.size[group];
      numbered.put(byNumber, packet, (other) => this.hasSameNumber(packet, other));
      alike.put(byBytes, packet, (other) => this.isAlike(packet, other, index.ticks, Number.POSITIVE_INFINITY));
      const own =
        (kind & KIND.isDrop) !== 0
          ? STANDING.dropped
          : standing(this.component[packet], this.edge[packet], Math.floor(kind / KIND.type));
      this.compare(packet, group, own, index.direction[packet] === DIRECTION.outbound);
    }
    for (const packet of order) {
      const group = this.group[packet];
      const isCopy = group !== NO_GROUP && this.best[group] !== packet + 1;
      this.isCopy[packet] = isCopy ? 1 : 0;
      if (isCopy) this.hasCopies = true;
    }
    this.done = index.count;
  }

  /** Of two that stand equally well, the lower one in the stack: what comes in is there first, what goes out last. */
  private compare(packet: number, group: number, standing: Standing, isOutbound: boolean): void {
    const best = this.best[group];
    // What has been handed on stays what it is.
    if (best !== 0 && best - 1 < this.done) return;
    const isBetter =
      best === 0 ||
      standing > this.bestStanding[group] ||
      (standing === this.bestStanding[group] && isOutbound && standing !== STANDING.adapterTop);
    if (!isBetter) return;
    this.best[group] = packet + 1;
    this.bestStanding[group] = standing;
  }

  private hasSameNumber(a: number, b: number): boolean {
    return (
      this.groupLow[a] === this.groupLow[b] &&
      this.groupHigh[a] === this.groupHigh[b] &&
      this.packetNumber[a] === this.packetNumber[b]
    );
  }

  /** The same place cannot see a packet twice. */
  private isAlike(a: number, b: number, ticks: Float64Array, near: number): boolean {
    if (this.hash[a] !== this.hash[b] || this.processor[a] !== this.processor[b]) return false;
    if (Math.abs(ticks[a] - ticks[b]) > near) return false;
    return (
      this.component[a] !== this.component[b] || this.edge[a] !== this.edge[b] || near === Number.POSITIVE_INFINITY
    );
  }

  private numberHash(packet: number): number {
    let hash = Math.imul(this.groupLow[packet] ^ this.seed, 0x01000193);
    hash = Math.imul(hash ^ this.groupHigh[packet], 0x85ebca6b);
    hash = Math.imul(hash ^ this.packetNumber[packet] ^ (hash >>> 13), 0xc2b2ae35);
    return (hash ^ (hash >>> 16)) >>> 0;
  }

  private bytesHash(packet: number): number {
    let hash = Math.imul(this.hash[packet] ^ this.seed, 0x85ebca6b);
    hash = Math.imul(hash ^ (hash >>> 13) ^ this.processor[packet], 0xc2b2ae35);
    return (hash ^ (hash >>> 16)) >>> 0;
  }

  private newGroup(): number {
    const group = ++this.groups;
    if (group === this.size.length) {
      this.size = grown(this.size, 2 * group);
      this.best = grown(this.best, 2 * group);
      this.bestStanding = grown(this.bestStanding, 2 * group);
    }
    return group;
  }

  private reserve(count: number): void {
    if (count <= this.room) return;
    const room = Math.max(count, 2 * this.room, 1024);
    this.room = room;
    this.group = grown(this.group, room);
    this.rank = grown(this.rank, room);
    this.isCopy = grown(this.isCopy, room);
    this.groupLow = grown(this.groupLow, room);
    this.groupHigh = grown(this.groupHigh, room);
    this.packetNumber = grown(this.packetNumber, room);
    this.component = grown(this.component, room);
    this.edge = grown(this.edge, room);
    this.processor = grown(this.processor, room);
    this.hash = grown(this.hash, room);
    this.kind = grown(this.kind, room);
  }
}

const KIND = { isHere: 1, isDrop: 2, isCounted: 4, type: 8 } as const;
const MOST_TYPES = 31;

/** Packets by hash, in open addressing; the last one put of those that are the same. */
class Table {
  private readonly slots: Int32Array;
  private readonly mask: number;

  constructor(count: number) {
    const size = 2 ** Math.ceil(Math.log2(2 * count + 2));
    this.slots = new Int32Array(size).fill(-1);
    this.mask = size - 1;
  }

  find(hash: number, isSame: (packet: number) => boolean): number {
    for (let at = hash & this.mask; this.slots[at] >= 0; at = (at + 1) & this.mask) {
      if (isSame(this.slots[at])) return this.slots[at];
    }
    return -1;
  }

  put(hash: number, packet: number, isSame: (packet: number) => boolean): void {
    let at = hash & this.mask;
    while (this.slots[at] >= 0 && !isSame(this.slots[at])) at = (at + 1) & this.mask;
    this.slots[at] = packet;
  }
}
