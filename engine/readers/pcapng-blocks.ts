/**
 * What pcapng blocks hold besides packets (draft-ietf-opsawg-pcapng sections 3.5, 4.1, 4.2, 4.5 to 4.7): options,
 * section and interface descriptions, names, statistics, secrets. Nothing here runs once per packet, but for the options
 * of the packets that have some.
 */

import { u16, u16le, u32, u32le, u64, u64le } from '../base/bytes.ts';
import { decodeUtf8 } from '../base/text.ts';
import type { CaptureInterface, InterfaceStatistics, PacketOptions } from './reader.ts';

export const OPTION = { end: 0, comment: 1 } as const;
const SECTION_OPTION = { hardware: 2, os: 3, application: 4 } as const;
const INTERFACE_OPTION = {
  name: 2,
  description: 3,
  ipv4: 4,
  ipv6: 5,
  mac: 6,
  eui: 7,
  speed: 8,
  resolution: 9,
  filter: 11,
  os: 12,
  fcsLength: 13,
  offset: 14,
  hardware: 15,
  transmitSpeed: 16,
  receiveSpeed: 17,
} as const;
const STATISTICS_OPTION = { received: 4, dropped: 5, filterAccepted: 6, osDropped: 7, delivered: 8 } as const;
const PACKET_OPTION = {
  flags: 2,
  hash: 3,
  dropCount: 4,
  packetId: 5,
  queue: 6,
  verdict: 7,
  processAndThread: 8,
} as const;

/** An option longer than what is left of its block. */
export interface OptionProblem {
  readonly option: number;
  readonly claimed: number;
  readonly left: number;
}

/** Walks a list of options in place; one object is used again and again. */
export class OptionCursor {
  bytes: Uint8Array = new Uint8Array(0);
  littleEndian = true;
  code = 0;
  /** Where the value of the current option is, and its length. */
  value = 0;
  length = 0;
  /** What is wrong with the list; the walk has ended then. */
  problem: OptionProblem | null = null;
  private at = 0;
  private end = 0;

  start(bytes: Uint8Array, at: number, end: number, littleEndian: boolean): this {
    this.bytes = bytes;
    this.at = at;
    this.end = end;
    this.littleEndian = littleEndian;
    this.problem = null;
    return this;
  }

  next(): boolean {
    if (this.at + 4 > this.end) {
      this.at = this.end;
      return false;
    }
    this.code = this.u16(this.at);
    this.length = this.u16(this.at + 2);
    this.value = this.at + 4;
    if (this.code === OPTION.end) {
      this.at = this.value;
      return false;
    }
    if (this.value + this.length > this.end) {
      this.problem = { option: this.code, claimed: this.length, left: this.end - this.value };
      return false;
    }
    this.at = this.value + padded(this.length);
    return true;
  }

  /** Where the list has ended, once `next` has said that it has. */
  get rest(): number {
    return this.at;
  }

  u16(at: number): number {
    return this.littleEndian ? u16le(this.bytes, at) : u16(this.bytes, at);
  }

  u32(at: number): number {
    return this.littleEndian ? u32le(this.bytes, at) : u32(this.bytes, at);
  }

  /** The value as an integer of 64 bits; null where it has another length. */
  bigint(): bigint | null {
    if (this.length !== 8) return null;
    return this.littleEndian ? u64le(this.bytes, this.value) : u64(this.bytes, this.value);
  }

  /** Some writers end texts with a zero, although none belongs there. */
  text(from = 0): string {
    let end = this.value + this.length;
    while (end > this.value + from && this.bytes[end - 1] === 0) end--;
    return decodeUtf8(this.bytes, this.value + from, end);
  }

  copy(from = 0, to = this.length): Uint8Array {
    return this.bytes.slice(this.value + from, this.value + to);
  }
}

/** Values are padded to 32 bits. */
export function padded(length: number): number {
  return length + (-length & 3);
}

export interface SectionFacts {
  hardware?: string;
  os?: string;
  application?: string;
  readonly comments: string[];
}

export function readSection(options: OptionCursor): SectionFacts {
  const facts: SectionFacts = { comments: [] };
  while (options.next()) {
    if (options.code === OPTION.comment) facts.comments.push(options.text());
    else if (options.code === SECTION_OPTION.hardware) facts.hardware = options.text();
    else if (options.code === SECTION_OPTION.os) facts.os = options.text();
    else if (options.code === SECTION_OPTION.application) facts.application = options.text();
  }
  return facts;
}

/** How an interface's 64-bit times become seconds and nanoseconds. */
export interface Clock {
  /** Ticks in a second: exact up to 2^37, which covers all that is in use. */
  readonly ticks: number;
  readonly exactTicks: bigint;
  /** Nanoseconds in a tick, where that is a whole number; 0 otherwise. */
  readonly nanos: number;
  readonly offsetSeconds: number;
}

/** `resolution`: the byte of if_tsresol; bit 7 set: a power of two, else of ten. */
export function makeClock(resolution: number, offsetSeconds: number): Clock {
  const exactTicks = (resolution & 0x80) === 0 ? 10n ** BigInt(resolution) : 2n ** BigInt(resolution & 0x7f);
  const ticks = Number(exactTicks);
  return { ticks, exactTicks, nanos: 1e9 % ticks === 0 ? 1e9 / ticks : 0, offsetSeconds };
}

const MICROSECONDS = 6;

export interface InterfaceFacts {
  readonly description: CaptureInterface;
  readonly clock: Clock;
}

/** `options` stands at the options of an interface description block. */
export function readInterface(options: OptionCursor, linkType: number, snapLength: number): InterfaceFacts {
  const facts: { -readonly [K in keyof CaptureInterface]: CaptureInterface[K] } = {
    file: 0,
    linkType,
    snapLength,
    ticksPerSecond: 1e6,
  };
  const comments: string[] = [];
  const addresses: { address: Uint8Array; prefix: number }[] = [];
  let resolution: number = MICROSECONDS;
  let offsetSeconds = 0;
  let transmit: bigint | null = null;
  let receive: bigint | null = null;
  while (options.next()) {
    switch (options.code) {
      case OPTION.comment:
        comments.push(options.text());
        break;
      case INTERFACE_OPTION.name:
        facts.name = options.text();
        break;
      case INTERFACE_OPTION.description:
        facts.description = options.text();
        break;
      case INTERFACE_OPTION.ipv4:
        if (options.length === 8) addresses.push({ address: options.copy(0, 4), prefix: maskLength(options.copy(4)) });
        break;
      case INTERFACE_OPTION.ipv6:
        if (options.length === 17) addresses.push({ address: options.copy(0, 16), prefix: options.copy(16)[0] });
        break;
      case INTERFACE_OPTION.mac:
      case INTERFACE_OPTION.eui:
        if (options.length === 6 || options.length === 8) facts.hardwareAddress = options.copy();
        break;
      case INTERFACE_OPTION.speed:
        transmit = receive = options.bigint();
        break;
      case INTERFACE_OPTION.transmitSpeed:
        transmit = options.bigint();
        break;
      case INTERFACE_OPTION.receiveSpeed:
        receive = options.bigint();
        break;
      case INTERFACE_OPTION.resolution:
        if (options.length === 1) resolution = options.bytes[options.value];
        break;
      case INTERFACE_OPTION.offset:
        offsetSeconds = Number(BigInt.asIntN(64, options.bigint() ?? 0n));
        break;
      // The first byte says what kind of filter it is: 0 is the text of libpcap, the others are not for people.
      case INTERFACE_OPTION.filter:
        if (options.length > 1 && options.bytes[options.value] === 0) facts.filter = options.text(1);
        break;
      case INTERFACE_OPTION.os:
        facts.os = options.text();
        break;
      case INTERFACE_OPTION.hardware:
        facts.hardware = options.text();
        break;
      // In bits in the document, in bytes in what is written; Wireshark takes bytes too.
      case INTERFACE_OPTION.fcsLength:
        if (options.length === 1) facts.fcsLength = options.bytes[options.value];
        break;
      default:
        break; // if_tzone (obsolete), custom options, and what has been invented since
    }
  }
  const clock = makeClock(resolution, offsetSeconds);
  facts.ticksPerSecond = clock.ticks;
  if (comments.length > 0) facts.comments = comments;
  if (addresses.length > 0) facts.addresses = addresses;
  if (offsetSeconds !== 0) facts.offsetSeconds = offsetSeconds;
  if (transmit !== null && receive !== null) facts.speedBps = { transmit, receive };
  return { description: facts, clock };
}

/** Bits set in a network mask. */
function maskLength(mask: Uint8Array): number {
  let bits = 0;
  for (const byte of mask) bits += byte.toString(2).replaceAll('0', '').length;
  return bits;
}

/** The numbers of an interface statistics block, over those of an earlier one. */
export function readStatistics(
  options: OptionCursor,
  comments: string[],
  earlier: InterfaceStatistics | undefined,
): InterfaceStatistics {
  const statistics: { -readonly [K in keyof InterfaceStatistics]: InterfaceStatistics[K] } = { ...earlier };
  while (options.next()) {
    if (options.code === OPTION.comment) comments.push(options.text());
    const value = options.bigint();
    if (value === null) continue;
    if (options.code === STATISTICS_OPTION.received) statistics.received = value;
    else if (options.code === STATISTICS_OPTION.dropped) statistics.dropped = value;
    else if (options.code === STATISTICS_OPTION.filterAccepted) statistics.filterAccepted = value;
    else if (options.code === STATISTICS_OPTION.osDropped) statistics.osDropped = value;
    else if (options.code === STATISTICS_OPTION.delivered) statistics.delivered = value;
  }
  return statistics;
}

export interface NameRecord {
  readonly address: Uint8Array;
  readonly names: readonly string[];
}

/** Record types of name resolution, and the lengths of their addresses. */
const ADDRESS_LENGTH: ReadonlyMap<number, number> = new Map([
  [1, 4],
  [2, 16],
  [3, 6],
  [4, 8],
]);

/**
 * The records at the start of a name resolution block: they are laid out as options are, and end as they do. Afterwards
 * the block's own options follow, at `rest`.
 */
export function readNames(records: OptionCursor, into: NameRecord[]): void {
  while (records.next()) {
    const length = ADDRESS_LENGTH.get(records.code);
    if (length === undefined || records.length <= length) continue;
    const names = records
      .text(length)
      .split('\0')
      .filter((name) => name !== '');
    if (names.length > 0) into.push({ address: records.copy(0, length), names });
  }
}

/** Everything that a packet block's options say; null where that is nothing. */
export function readPacketOptions(options: OptionCursor): PacketOptions | null {
  const found: { -readonly [K in keyof PacketOptions]: PacketOptions[K] } = {};
  const comments: string[] = [];
  const hashes: Uint8Array[] = [];
  const verdicts: Uint8Array[] = [];
  while (options.next()) {
    switch (options.code) {
      case OPTION.comment:
        comments.push(options.text());
        break;
      case PACKET_OPTION.flags:
        if (options.length === 4) found.flags = options.u32(options.value);
        break;
      case PACKET_OPTION.hash:
        hashes.push(options.copy());
        break;
      case PACKET_OPTION.dropCount: {
        const count = options.bigint();
        if (count !== null) found.dropCount = count;
        break;
      }
      case PACKET_OPTION.packetId: {
        const id = options.bigint();
        if (id !== null) found.packetId = id;
        break;
      }
      case PACKET_OPTION.queue:
        if (options.length === 4) found.queue = options.u32(options.value);
        break;
      case PACKET_OPTION.verdict:
        verdicts.push(options.copy());
        break;
      case PACKET_OPTION.processAndThread:
        if (options.length === 8) {
          found.processId = options.u32(options.value);
          found.threadId = options.u32(options.value + 4);
        }
        break;
      default:
        break;
    }
  }
  if (comments.length > 0) found.comments = comments;
  if (hashes.length > 0) found.hashes = hashes;
  if (verdicts.length > 0) found.verdicts = verdicts;
  return Object.keys(found).length === 0 ? null : found;
}

/** The option codes that the walk over all packets looks at. */
export const WALK_OPTION = {
  comment: OPTION.comment,
  flags: PACKET_OPTION.flags,
  dropCount: PACKET_OPTION.dropCount,
} as const;
