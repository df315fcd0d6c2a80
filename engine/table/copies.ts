/**
 * Copies of a packet: the same datagram recorded twice, because its interface is captured together with the bridge above it, a
 * switch mirrors both of its ports, or a router sends it back where it came from. They are found before TCP analysis, so that no
 * copy is taken for a retransmission. Hot: once per packet; nothing is allocated.
 *
 * A sender that sends again counts on in the IPv4 identification (RFC 6864 4.1), so the same numbers and content under the same
 * one are the same datagram. Hop limit, link headers and a TCP checksum (an offloading card fills it in later) may differ. Where
 * the identification says nothing (IPv6, zero, a constant), other evidence is asked for: see isAgain().
 */

import { FLOW_TIME, type FlowStates, SIDE, SIDE_WORDS } from './flow-states.ts';
import { BLOCK_MASK, type Block, type PacketTable } from './packet-table.ts';
import type { Paths } from './paths.ts';
import { mix } from './word-dictionary.ts';

/** About as many packets may lie between a packet and its copy. */
const SLOTS = 1 << 14;
/** Words of a slot; `mark`: identification and TCP checksum; `row`: plus one; `seen`: hop limit, and how often from bit 8. */
const SLOT = { key: 0, mark: 1, row: 2, seen: 3 } as const;
const SLOT_WORDS = 4;
/** Identifications and what carried them last. */
const OWNERS = 1 << 12;
const OWNER = { conversation: 0, id: 1, key: 2, row: 3 } as const;
const OWNER_WORDS = 4;

/** The same datagram comes again within this time: in another appearance (link headers, hop limit), and in the same one. */
const OTHER_NS = 50e6;
const SAME_NS = 500e3;
/** No datagram appears more often: a sender that repeats itself. */
const MOST = 8;
/** An interface is known for its copies after so many, when they are at least one in ten packets. */
const KNOWN = 8;
const KNOWN_SHARE = 0.1;
const SYN_FIN = 3;
const RESET = 4;

export class Copies {
  private readonly table: PacketTable;
  private readonly paths: Paths;
  private readonly flows: FlowStates;
  private readonly slots = new Int32Array(SLOTS * SLOT_WORDS);
  private readonly owners = new Int32Array(OWNERS * OWNER_WORDS);
  /** Conversations whose datagrams share their identification, plus one, by their hash. */
  private readonly constants = new Int32Array(OWNERS);
  /** By interface: packets, and copies among them. */
  private readonly packets: number[] = [];
  private readonly found: number[] = [];

  constructor(table: PacketTable, paths: Paths, flows: FlowStates) {
    this.table = table;
    this.paths = paths;
    this.flows = flows;
  }

  /**
   * Was this packet seen before? Its columns are in the block at `at`. `mark`: IPv4 identification and TCP checksum; `told`: a hash
   * of what else tells it from others; `sender`: twice the flow, plus one for the reverse direction, -1: it is not TCP.
   */
  isCopy(block: Block, at: number, row: number, mark: number, told: number, hops: number, sender: number): boolean {
    const point = block.interface[at];
    while (point >= this.packets.length) this.watch();
    this.packets[point]++;
    const conversation = this.paths.conversation[block.path[at]] | 0;
    const id = mark >>> 16;
    const key = mix(conversation ^ told);
    if (id !== 0) this.own(conversation, id, key, row);
    const { slots } = this;
    const slot = (key & (SLOTS - 1)) * SLOT_WORDS;
    const known = slots[slot + SLOT.row] - 1;
    if (known >= this.table.first && slots[slot + SLOT.key] === key && slots[slot + SLOT.mark] >>> 16 === id) {
      const isSameSum = slots[slot + SLOT.mark] === (mark | 0);
      const isOther = (slots[slot + SLOT.seen] & 0xff) !== hops || this.table.get('path', known) !== block.path[at];
      if (
        this.isEqual(block, at, known, conversation, sender >= 0) &&
        this.isAgain(block, at, known, id, isSameSum, isOther, sender)
      ) {
        this.found[point]++;
        slots[slot + SLOT.seen] += 256;
        if (slots[slot + SLOT.seen] >>> 8 >= MOST) this.constants[mix(conversation) & (OWNERS - 1)] = conversation + 1;
        return true;
      }
    }
    slots[slot + SLOT.key] = key;
    slots[slot + SLOT.mark] = mark;
    slots[slot + SLOT.row] = row + 1;
    slots[slot + SLOT.seen] = hops;
    return false;
  }

  private watch(): void {
    this.packets.push(0);
    this.found.push(0);
  }

  /** An identification that soon carries something else is none. */
  private own(conversation: number, id: number, key: number, row: number): void {
    const { owners } = this;
    const owner = (mix(conversation ^ (id << 8)) & (OWNERS - 1)) * OWNER_WORDS;
    if (
      owners[owner + OWNER.conversation] === conversation &&
      owners[owner + OWNER.id] === id &&
      owners[owner + OWNER.key] !== key &&
      row - owners[owner + OWNER.row] < SLOTS
    ) {
      this.constants[mix(conversation) & (OWNERS - 1)] = conversation + 1;
    }
    owners[owner + OWNER.conversation] = conversation;
    owners[owner + OWNER.id] = id;
    owners[owner + OWNER.key] = key;
    owners[owner + OWNER.row] = row;
  }

  /** Two rows that hash alike: are they of one conversation and direction, with the same numbers? */
  private isEqual(block: Block, at: number, known: number, conversation: number, isTcp: boolean): boolean {
    const other = this.table.block(known);
    const i = known & BLOCK_MASK;
    if ((this.paths.conversation[other.path[i]] | 0) !== conversation) return false;
    return (
      !isTcp ||
      (other.seq[i] === block.seq[at] &&
        other.ack[i] === block.ack[at] &&
        other.payloadLength[i] === block.payloadLength[at] &&
        other.tcpFlags[i] === block.tcpFlags[at] &&
        other.window[i] === block.window[at])
    );
  }

  /** Equal rows: is the later one the same datagram, and not the same thing sent again? `sender`: -1: it is not TCP. */
  private isAgain(
    block: Block,
    at: number,
    known: number,
    id: number,
    isSameSum: boolean,
    isOther: boolean,
    sender: number,
  ): boolean {
    const before = this.table.get('time', known);
    const since = Math.abs(block.time[at] - before);
    if (!(since <= (isOther ? OTHER_NS : SAME_NS))) return false;
    const conversation = this.paths.conversation[block.path[at]] | 0;
    if (id !== 0 && this.constants[mix(conversation) & (OWNERS - 1)] !== conversation + 1) return true;
    if (!isSameSum) return false;
    if (isOther) return true;
    const point = block.interface[at];
    if (this.found[point] >= KNOWN && this.found[point] >= KNOWN_SHARE * this.packets[point]) return true;
    // What takes no sequence number may just repeat.
    if (sender < 0 || (block.tcpFlags[at] & RESET) !== 0) return false;
    const numbers = block.payloadLength[at] + ((block.tcpFlags[at] & SYN_FIN) !== 0 ? 1 : 0);
    return numbers > 0 && !this.isAskedFor(sender, before, block.seq[at] + numbers);
  }

  /** Has the other side of a flow, since then, acknowledged less than all up to `following`? Then it may want it again. */
  private isAskedFor(sender: number, since: number, following: number): boolean {
    const flow = sender >>> 1;
    const isForward = (sender & 1) === 0;
    const heard =
      this.flows.times(flow)[this.flows.timesAt(flow) + (isForward ? FLOW_TIME.lastAckReverse : FLOW_TIME.lastAck)];
    const side = this.flows.at(flow) + (isForward ? SIDE_WORDS : 0);
    return heard >= since && ((this.flows.chunk(flow)[side + SIDE.lastAck] - following) | 0) < 0;
  }
}
