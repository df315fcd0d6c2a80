/**
 * The pcapng format (draft-ietf-opsawg-pcapng): blocks of type (u32), total length (u32), body, total length again. A
 * section header block tells the byte order of what follows, and numbers interfaces anew.
 */

import { putU32, u16, u16le, u32, u32le } from '../base/bytes.ts';
import { type CaptureProblemKey, captureError, type ProblemParams } from '../base/capture-problems.ts';
import type { CaptureError, ErrorCode } from '../base/errors.ts';
import { decodeLatin1 } from '../base/text.ts';
import type { ByteSource } from './byte-source.ts';
import { packetLimit, RECORD_TYPE } from './link-types.ts';
import {
  type Clock,
  makeClock,
  type NameRecord,
  OptionCursor,
  padded,
  readInterface,
  readNames,
  readPacketOptions,
  readSection,
  readStatistics,
  WALK_OPTION,
} from './pcapng-blocks.ts';
import { hasPseudoHeader, PSEUDO_HEADER_MAX, pseudoHeaderLength, takePseudoHeader } from './pseudo-header.ts';
import {
  type CaptureFacts,
  type CaptureInterface,
  type CaptureReader,
  DIRECTION,
  defineReader,
  emptyFacts,
  growBatch,
  type PacketBatch,
  type PacketNote,
  type PacketOptions,
} from './reader.ts';

const BLOCK = {
  section: 0x0a0d0d0a, // the same in both byte orders
  interface: 1,
  obsoletePacket: 2,
  simplePacket: 3,
  names: 4,
  statistics: 5,
  packet: 6,
  journal: 9,
  secrets: 10,
  custom: 0x0000_0bad,
  customNotCopied: 0x4000_0bad,
} as const;

/** Offsets in a block. */
const AT = {
  length: 4,
  body: 8,
  section: { order: 8, major: 12, minor: 14, options: 24 },
  interface: { linkType: 8, snapLength: 12, options: 16 },
  packet: { interface: 8, drops: 10, high: 12, low: 16, captured: 20, length: 24, data: 28 },
  simple: { length: 8, data: 12 },
  statistics: { interface: 8, options: 20 },
  secrets: { type: 8, length: 12, data: 16 },
  custom: { data: 12 },
} as const;

/** Type and two lengths. */
const SMALLEST = 12;
const TRAILER = 4;
const BYTE_ORDER_MAGIC = 0x1a2b3c4d;
/** The direction and reception type in a packet's flags; the rest is worth a note. */
const PLAIN_FLAGS = 0x1f;
const NO_DROP_COUNT = 0xffff;
const MOST_INTERFACES = 0xffff;
/** Largest block that is taken into memory, besides packets. Larger ones that nobody knows are skipped unread. */
const BLOCK_LIMIT = 16 * 1024 * 1024;
/** Room for options beside the largest packet. */
const PACKET_BLOCK_LIMIT = 128 * 1024 * 1024 + 1024 * 1024;

const READER = 'pcapng';

/** Six: a power of ten. */
const MICROSECOND_CLOCK = makeClock(6, 0);

/** An interface as the walk needs it. */
interface Lane {
  /** Index into the facts' interfaces. */
  readonly index: number;
  readonly linkType: number;
  readonly snapLength: number;
  readonly limit: number;
  readonly clock: Clock;
  readonly hasPseudo: boolean;
}

function sniff(head: Uint8Array): boolean {
  return head.length >= SMALLEST && u32(head, 0) === BLOCK.section && byteOrder(head, 0) !== null;
}

/** True: little endian; null: neither. */
function byteOrder(bytes: Uint8Array, at: number): boolean | null {
  if (u32le(bytes, at + AT.section.order) === BYTE_ORDER_MAGIC) return true;
  return u32(bytes, at + AT.section.order) === BYTE_ORDER_MAGIC ? false : null;
}

type Growing<T> = { -readonly [K in keyof T]: T[K] };

class PcapngReader implements CaptureReader {
  readonly facts: CaptureFacts;
  problem: CaptureError | null = null;
  private readonly source: ByteSource;
  private readonly interfaces: CaptureInterface[] = [];
  private readonly comments: string[] = [];
  private readonly names: NameRecord[] = [];
  private readonly secrets: { type: number; bytes: Uint8Array }[] = [];
  private readonly unknownBlocks = new Map<number, number>();
  private readonly cursor = new OptionCursor();
  /** File offset of the next block. */
  private at = 0;
  private sections = 0;
  private littleEndian = true;
  /** The interfaces of the current section, by their number in it. */
  private lanes: Lane[] = [];
  /** Of all sections, by index: the byte order that their packets have. */
  private readonly orders: boolean[] = [];
  /** The interfaces made up for blocks that are rows, once there are some. */
  private customLane: Lane | null = null;
  private journalLane: Lane | null = null;

  constructor(source: ByteSource) {
    this.source = source;
    const { interfaces, comments, names, secrets, unknownBlocks } = this;
    this.facts = { ...emptyFacts(READER), interfaces, comments, names, secrets, unknownBlocks };
    const head = new Uint8Array(AT.section.options);
    if (source.read(0, head) === head.length) this.checkVersion(head, 0, byteOrder(head, 0) ?? true, 0);
  }

  again(): CaptureReader {
    return new PcapngReader(this.source);
  }

  get position(): number {
    return this.at;
  }

  next(batch: PacketBatch, final: boolean): 'more' | 'end' {
    batch.count = 0;
    batch.notes = [];
    while (this.problem === null) {
      const read = this.source.read(this.at, batch.bytes);
      const used = this.walk(batch, read);
      this.at += used;
      if (this.problem !== null) break;
      if (batch.count === batch.capacity || (batch.count > 0 && read === batch.bytes.length)) return 'more';
      // What is left is the beginning of one block: at the end of the file, or too large for the batch.
      const isAll = read < batch.bytes.length;
      const left = isAll ? read - used : this.source.size - this.at;
      const need = left < SMALLEST || read - used < SMALLEST ? SMALLEST : this.blockSize(batch.bytes, used);
      if (isAll || need > left) {
        if (final && left > 0) this.fail('cut-short', 'captureProblem.cut-block', { left, need }, this.at);
        break;
      }
      if (used > 0) continue;
      if (need > SMALLEST && !isHeld(this.u32(batch.bytes, 0))) this.skip(batch.bytes, need);
      else growBatch(batch, need);
    }
    return 'end';
  }

  packet(locator: number, into: Uint8Array, iface: number): number {
    return this.source.read(locator + this.pseudoLength(locator, iface), into);
  }

  pseudoHeader(locator: number, iface: number): Uint8Array {
    if (this.interfaces[iface].linkType === RECORD_TYPE.customBlock) return this.customHeader(locator);
    const header = new Uint8Array(this.pseudoLength(locator, iface));
    return header.subarray(0, this.source.read(locator, header));
  }

  options(locator: number, iface: number): PacketOptions | null {
    // The block is 28 bytes ahead if it is one of the two types with options. Its lengths say whether it is.
    const at = locator - AT.packet.data;
    const head = new Uint8Array(AT.packet.data);
    if (at < 0 || this.source.read(at, head) < head.length) return null;
    const order = this.orders[iface];
    const number = (offset: number): number => (order ? u32le(head, offset) : u32(head, offset));
    const type = number(0);
    const total = number(AT.length);
    if ((type !== BLOCK.packet && type !== BLOCK.obsoletePacket) || total > PACKET_BLOCK_LIMIT) return null;
    const from = AT.packet.data + padded(number(AT.packet.captured));
    if (from + TRAILER >= total) return null;
    const tail = new Uint8Array(total - from);
    if (this.source.read(at + from, tail) < tail.length) return null;
    return readPacketOptions(this.cursor.start(tail, 0, tail.length - TRAILER, order));
  }

  /** Hot: every block passes here. Returns the offset in `bytes` of the first block that has not been dealt with. */
  private walk(batch: PacketBatch, end: number): number {
    const { bytes, capacity } = batch;
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    let le = this.littleEndian;
    let at = 0;
    while (batch.count < capacity && at + SMALLEST <= end) {
      const type = view.getUint32(at, le);
      if (type === BLOCK.section) {
        const order = byteOrder(bytes, at);
        if (order === null) return this.damage(at, 'captureProblem.no-byte-order', {});
        le = order;
        this.littleEndian = le;
      }
      const total = view.getUint32(at + AT.length, le);
      const size = total + (-total & 3);
      if (this.sections === 0 && type !== BLOCK.section) return this.damage(at, 'captureProblem.no-section', {});
      if (total < SMALLEST)
        return this.damage(at, 'captureProblem.block-too-short', { claimed: total, least: SMALLEST });
      if (total > limitOf(type)) {
        return this.damage(at, 'captureProblem.block-too-large', { claimed: total, limit: limitOf(type) });
      }
      const following = at + size;
      if (following > end) break;
      const again = view.getUint32(following - TRAILER, le);
      if (again !== total) {
        return this.damage(at, 'captureProblem.block-lengths', { first: total, second: again });
      }
      const blockEnd = at + total - TRAILER;
      if (type === BLOCK.packet) this.enhancedPacket(batch, view, at, blockEnd, le);
      else this.otherBlock(batch, type, at, blockEnd);
      if (this.problem !== null) return at;
      at = following;
    }
    return at;
  }

  /** Hot: once per packet of nearly every file. */
  private enhancedPacket(batch: PacketBatch, view: DataView, at: number, end: number, le: boolean): void {
    if (at + AT.packet.data > end) return this.tooSmall(at, end, BLOCK.packet);
    const lane = this.lane(view.getUint32(at + AT.packet.interface, le), at);
    if (lane === undefined) return;
    const captured = view.getUint32(at + AT.packet.captured, le);
    const high = view.getUint32(at + AT.packet.high, le);
    const low = view.getUint32(at + AT.packet.low, le);
    const length = view.getUint32(at + AT.packet.length, le);
    const data = at + AT.packet.data;
    if (!this.add(batch, at, data, captured, length, end, lane)) return;
    setTime(batch, batch.count - 1, high, low, lane.clock);
    const options = data + captured + (-captured & 3);
    if (options < end && !this.noteOptions(batch, at, options, end, 0)) return;
    if (lane.hasPseudo) takePseudoHeader(batch, batch.count - 1, lane.linkType);
  }

  /** Hot: writes all of a packet but its time. */
  private add(
    batch: PacketBatch,
    at: number,
    data: number,
    captured: number,
    length: number,
    end: number,
    lane: Lane,
  ): boolean {
    if (captured > end - data) {
      this.damage(at, 'captureProblem.block-too-small-for-packet', { size: end + TRAILER - at, captured });
      return false;
    }
    if (captured > lane.limit) {
      this.damage(at, 'captureProblem.packet-too-large', { claimed: captured, limit: lane.limit });
      return false;
    }
    const i = batch.count++;
    batch.offset[i] = data;
    batch.capturedLength[i] = captured;
    batch.length[i] = length;
    batch.locator[i] = this.at + data;
    batch.interface[i] = lane.index;
    batch.direction[i] = DIRECTION.unknown;
    return true;
  }

  private otherBlock(batch: PacketBatch, type: number, at: number, end: number): void {
    const { bytes } = batch;
    const le = this.littleEndian;
    switch (type) {
      case BLOCK.section:
        return this.section(bytes, at, end);
      case BLOCK.interface: {
        if (at + AT.interface.options > end) return this.tooSmall(at, end, BLOCK.interface);
        const linkType = this.u16(bytes, at + AT.interface.linkType);
        const options = this.cursor.start(bytes, at + AT.interface.options, end, le);
        const read = readInterface(options, linkType, this.u32(bytes, at + AT.interface.snapLength));
        if (this.optionsAreBad(at)) return;
        const lane = this.addLane(read.description, read.clock, at);
        if (lane !== null) this.lanes.push(lane);
        return;
      }
      case BLOCK.simplePacket:
        return this.simplePacket(batch, at, end);
      case BLOCK.obsoletePacket:
        return this.obsoletePacket(batch, at, end);
      case BLOCK.names: {
        const records = this.cursor.start(bytes, at + AT.body, end, le);
        readNames(records, this.names);
        if (this.optionsAreBad(at)) return;
        const options = records.start(bytes, records.rest, end, le);
        while (options.next()) if (options.code === WALK_OPTION.comment) this.comments.push(options.text());
        this.optionsAreBad(at);
        return;
      }
      case BLOCK.statistics: {
        if (at + AT.statistics.options > end) return this.tooSmall(at, end, BLOCK.statistics);
        const lane = this.lane(this.u32(bytes, at + AT.statistics.interface), at);
        if (lane === undefined) return;
        const described = this.interfaces[lane.index];
        const options = this.cursor.start(bytes, at + AT.statistics.options, end, le);
        described.statistics = readStatistics(options, this.comments, described.statistics);
        this.optionsAreBad(at);
        return;
      }
      case BLOCK.secrets: {
        if (at + AT.secrets.data > end) return this.tooSmall(at, end, BLOCK.secrets);
        const length = this.u32(bytes, at + AT.secrets.length);
        const data = at + AT.secrets.data;
        if (length > end - data) {
          this.damage(at, 'captureProblem.secrets-too-long', { claimed: length, left: end - data });
          return;
        }
        this.secrets.push({ type: this.u32(bytes, at + AT.secrets.type), bytes: bytes.slice(data, data + length) });
        return;
      }
      case BLOCK.custom:
      case BLOCK.customNotCopied:
        return this.customBlock(batch, at, end);
      case BLOCK.journal:
        return this.journalEntry(batch, at, end);
      default:
        this.unknownBlocks.set(type, (this.unknownBlocks.get(type) ?? 0) + 1);
    }
  }

  private section(bytes: Uint8Array, at: number, end: number): void {
    const le = this.littleEndian;
    if (at + AT.section.options > end) return this.tooSmall(at, end, BLOCK.section);
    if (!this.checkVersion(bytes, at, le, this.at + at)) return;
    const read = readSection(this.cursor.start(bytes, at + AT.section.options, end, le));
    if (this.optionsAreBad(at)) return;
    const facts = this.facts as Growing<CaptureFacts>;
    const version = `1.${this.u16(bytes, at + AT.section.minor)}`;
    if (this.sections === 0) facts.description = `pcapng, ${le ? 'little' : 'big'} endian, ${version}`;
    else facts.description = facts.description.replace(/(, \d+ sections)?$/, `, ${this.sections + 1} sections`);
    if (read.hardware !== undefined) facts.hardware ??= read.hardware;
    if (read.os !== undefined) facts.os ??= read.os;
    if (read.application !== undefined) facts.application ??= read.application;
    this.comments.push(...read.comments);
    this.lanes = [];
    this.sections++;
  }

  private simplePacket(batch: PacketBatch, at: number, end: number): void {
    if (at + AT.simple.data > end) return this.tooSmall(at, end, BLOCK.simplePacket);
    const lane = this.lane(0, at);
    if (lane === undefined) return;
    const length = this.u32(batch.bytes, at + AT.simple.length);
    const captured = lane.snapLength > 0 ? Math.min(length, lane.snapLength) : length;
    if (!this.add(batch, at, at + AT.simple.data, captured, length, end, lane)) return;
    setNoTime(batch, batch.count - 1);
    if (lane.hasPseudo) takePseudoHeader(batch, batch.count - 1, lane.linkType);
  }

  private obsoletePacket(batch: PacketBatch, at: number, end: number): void {
    const { bytes } = batch;
    if (at + AT.packet.data > end) return this.tooSmall(at, end, BLOCK.obsoletePacket);
    const lane = this.lane(this.u16(bytes, at + AT.packet.interface), at);
    if (lane === undefined) return;
    const captured = this.u32(bytes, at + AT.packet.captured);
    const data = at + AT.packet.data;
    if (!this.add(batch, at, data, captured, this.u32(bytes, at + AT.packet.length), end, lane)) return;
    const [high, low] = [this.u32(bytes, at + AT.packet.high), this.u32(bytes, at + AT.packet.low)];
    setTime(batch, batch.count - 1, high, low, lane.clock);
    const drops = this.u16(bytes, at + AT.packet.drops);
    if (!this.noteOptions(batch, at, data + padded(captured), end, drops === NO_DROP_COUNT ? 0 : drops)) return;
    if (lane.hasPseudo) takePseudoHeader(batch, batch.count - 1, lane.linkType);
  }

  /**
   * Of the packet that has just been added: its direction, and a note where there is something to say. False: the options
   * are damaged, and the packet is taken back.
   */
  private noteOptions(batch: PacketBatch, at: number, from: number, end: number, drops: number): boolean {
    const options = this.cursor.start(batch.bytes, from, end, this.littleEndian);
    let comments: string[] | undefined;
    let dropCount = drops > 0 ? BigInt(drops) : 0n;
    let flags = 0;
    while (options.next()) {
      if (options.code === WALK_OPTION.comment) {
        comments ??= [];
        comments.push(options.text());
      } else if (options.code === WALK_OPTION.flags) {
        if (options.length === 4) flags = options.u32(options.value);
      } else if (options.code === WALK_OPTION.dropCount) {
        dropCount = options.bigint() ?? 0n;
      }
    }
    if (this.optionsAreBad(at)) {
      batch.count--;
      return false;
    }
    const index = batch.count - 1;
    if ((flags & 3) === 1) batch.direction[index] = DIRECTION.inbound;
    else if ((flags & 3) === 2) batch.direction[index] = DIRECTION.outbound;
    if (comments === undefined && dropCount === 0n && (flags & ~PLAIN_FLAGS) === 0) return true;
    const note: Growing<PacketNote> = { index };
    if (comments !== undefined) note.comments = comments;
    if (dropCount > 0n) note.dropCount = dropCount;
    if ((flags & ~PLAIN_FLAGS) !== 0) note.flags = flags;
    batch.notes.push(note);
    return true;
  }

  private customBlock(batch: PacketBatch, at: number, end: number): void {
    const data = at + AT.custom.data;
    if (data > end) return this.tooSmall(at, end, BLOCK.custom);
    this.customLane ??= this.addBlockLane(RECORD_TYPE.customBlock, at);
    if (this.customLane === null) return;
    if (!this.add(batch, at, data, end - data, end - data, end, this.customLane)) return;
    setNoTime(batch, batch.count - 1);
  }

  /** An entry in systemd's journal export format: lines of NAME=value, the time among them, zeros at the end. */
  private journalEntry(batch: PacketBatch, at: number, end: number): void {
    const { bytes } = batch;
    const data = at + AT.body;
    let last = end;
    while (last > data && bytes[last - 1] === 0) last--;
    this.journalLane ??= this.addBlockLane(RECORD_TYPE.journalEntry, at);
    if (this.journalLane === null) return;
    if (!this.add(batch, at, data, last - data, last - data, end, this.journalLane)) return;
    const time = /(?:^|\n)__REALTIME_TIMESTAMP=(\d{1,18})\n/.exec(
      decodeLatin1(bytes, data, Math.min(last, data + 4096)),
    );
    if (time === null) return setNoTime(batch, batch.count - 1);
    const micros = Number(time[1]);
    batch.seconds[batch.count - 1] = Math.floor(micros / 1e6);
    batch.nanos[batch.count - 1] = (micros % 1e6) * 1000;
  }

  /** Type and enterprise number of a custom block, in network order whatever its section has. */
  private customHeader(data: number): Uint8Array {
    const head = new Uint8Array(AT.custom.data);
    this.source.read(data - AT.custom.data, head);
    const type = u32(head, 0);
    const isBig = type === BLOCK.custom || type === BLOCK.customNotCopied;
    const number = isBig ? u32(head, AT.body) : u32le(head, AT.body);
    const header = new Uint8Array(8);
    putU32(header, 0, isBig ? type : u32le(head, 0));
    putU32(header, 4, number);
    return header;
  }

  private addBlockLane(linkType: number, at: number): Lane | null {
    return this.addLane({ file: 0, linkType, snapLength: 0, ticksPerSecond: 1e6, ofFile: true }, MICROSECOND_CLOCK, at);
  }

  private addLane(described: CaptureInterface, clock: Clock, at: number): Lane | null {
    const { linkType, snapLength } = described;
    if (this.interfaces.length === MOST_INTERFACES) {
      this.damage(at, 'captureProblem.too-many-interfaces', { limit: MOST_INTERFACES }, 'too-large');
      return null;
    }
    this.orders.push(this.littleEndian);
    const index = this.interfaces.push(described) - 1;
    return { index, linkType, snapLength, limit: packetLimit(linkType), clock, hasPseudo: hasPseudoHeader(linkType) };
  }

  private lane(number: number, at: number): Lane | undefined {
    const lane = this.lanes[number];
    if (lane === undefined) {
      this.damage(at, 'captureProblem.no-such-interface', { interface: number, count: this.lanes.length });
    }
    return lane;
  }

  private pseudoLength(locator: number, iface: number): number {
    const { linkType } = this.interfaces[iface];
    if (!hasPseudoHeader(linkType)) return 0;
    const head = new Uint8Array(PSEUDO_HEADER_MAX);
    const read = this.source.read(locator, head);
    return pseudoHeaderLength(linkType, head, 0, read);
  }

  private checkVersion(bytes: Uint8Array, at: number, le: boolean, fileOffset: number): boolean {
    const [majorAt, minorAt] = [at + AT.section.major, at + AT.section.minor];
    const major = le ? u16le(bytes, majorAt) : u16(bytes, majorAt);
    const minor = le ? u16le(bytes, minorAt) : u16(bytes, minorAt);
    if (major === 1 && (minor === 0 || minor === 2)) return true;
    const params = { format: READER, version: `${major}.${minor}`, known: '1.0' };
    this.fail('unsupported-version', 'captureProblem.version', params, fileOffset);
    return false;
  }

  /** Past a block that nobody knows and that is larger than the batch, without reading it. */
  private skip(head: Uint8Array, size: number): void {
    const total = this.u32(head, AT.length);
    const tail = new Uint8Array(TRAILER);
    this.source.read(this.at + size - TRAILER, tail);
    const again = this.u32(tail, 0);
    if (again !== total) {
      this.damage(0, 'captureProblem.block-lengths', { first: total, second: again });
      return;
    }
    const type = this.u32(head, 0);
    this.unknownBlocks.set(type, (this.unknownBlocks.get(type) ?? 0) + 1);
    this.at += size;
  }

  private blockSize(bytes: Uint8Array, at: number): number {
    return padded(this.u32(bytes, at + AT.length));
  }

  private u16(bytes: Uint8Array, at: number): number {
    return this.littleEndian ? u16le(bytes, at) : u16(bytes, at);
  }

  private u32(bytes: Uint8Array, at: number): number {
    return this.littleEndian ? u32le(bytes, at) : u32(bytes, at);
  }

  private optionsAreBad(at: number): boolean {
    const { problem } = this.cursor;
    if (problem === null) return false;
    this.damage(at, 'captureProblem.option-too-long', { ...problem });
    return true;
  }

  private tooSmall(at: number, end: number, type: number): void {
    this.damage(at, 'captureProblem.block-too-small', { type, size: end + TRAILER - at });
  }

  /** Ends the reading at the block at `at` of the batch, and returns `at`. */
  private damage(at: number, key: CaptureProblemKey, params: ProblemParams, code: ErrorCode = 'damaged'): number {
    this.fail(code, key, params, this.at + at);
    return at;
  }

  private fail(code: ErrorCode, key: CaptureProblemKey, params: ProblemParams, at: number): void {
    this.problem = captureError(code, key, params, { reader: READER, at, file: this.source.name });
  }
}

/** Is a block of this type taken into memory? The others are counted and skipped. */
function isHeld(type: number): boolean {
  return limitOf(type) !== Number.POSITIVE_INFINITY;
}

function limitOf(type: number): number {
  switch (type) {
    case BLOCK.packet:
    case BLOCK.simplePacket:
    case BLOCK.obsoletePacket:
      return PACKET_BLOCK_LIMIT;
    case BLOCK.section:
    case BLOCK.interface:
    case BLOCK.names:
    case BLOCK.statistics:
    case BLOCK.secrets:
    case BLOCK.journal:
    case BLOCK.custom:
    case BLOCK.customNotCopied:
      return BLOCK_LIMIT;
    default:
      return Number.POSITIVE_INFINITY;
  }
}

function setNoTime(batch: PacketBatch, i: number): void {
  batch.seconds[i] = Number.NaN;
  batch.nanos[i] = 0;
}

const TWO_32 = 0x1_0000_0000;
/** Ticks per second up to which the division below is exact in doubles. */
const EXACT_TICKS = 2 ** 37;

/** Hot: divides a 64-bit count of ticks by the ticks in a second, exactly, in three steps of at most 53 bits. */
function setTime(batch: PacketBatch, i: number, high: number, low: number, clock: Clock): void {
  const { ticks } = clock;
  if (ticks > EXACT_TICKS) return setFineTime(batch, i, high, low, clock);
  const first = Math.floor(high / ticks);
  const upper = (high - first * ticks) * 65_536 + (low >>> 16);
  const second = Math.floor(upper / ticks);
  const lower = (upper - second * ticks) * 65_536 + (low & 0xffff);
  const third = Math.floor(lower / ticks);
  const rest = lower - third * ticks;
  batch.seconds[i] = first * TWO_32 + second * 65_536 + third + clock.offsetSeconds;
  batch.nanos[i] = clock.nanos > 0 ? rest * clock.nanos : Number((BigInt(rest) * 1_000_000_000n) / clock.exactTicks);
}

/** Picoseconds and finer: rare, so bigints will do. */
function setFineTime(batch: PacketBatch, i: number, high: number, low: number, clock: Clock): void {
  const time = (BigInt(high) << 32n) | BigInt(low);
  batch.seconds[i] = Number(time / clock.exactTicks) + clock.offsetSeconds;
  batch.nanos[i] = Number(((time % clock.exactTicks) * 1_000_000_000n) / clock.exactTicks);
}

export const pcapng = defineReader({
  name: READER,
  title: 'pcapng',
  extensions: ['pcapng', 'ntar', 'pcap-ng'],
  sniff,
  open: (source) => new PcapngReader(source),
});
