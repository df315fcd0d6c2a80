/**
 * The pcap format (draft-ietf-opsawg-pcap) and the variants of it that tcpdump and Wireshark read.
 *
 *   file header, 24 bytes: magic, version major and minor (u16), time zone, accuracy, snap length, link type
 *   record header, 16 bytes: seconds, fraction, captured length, length; then the captured bytes
 *
 * The magic gives the byte order and the unit of the fraction. Variants have longer record headers: some have a magic of
 * their own, the others are told apart, as Wireshark does it, by reading the first records in each way.
 */

import { u16, u16le, u32, u32le } from '../base/bytes.ts';
import { type CaptureProblemKey, captureError, type ProblemParams } from '../base/capture-problems.ts';
import type { CaptureError, ErrorCode } from '../base/errors.ts';
import type { ByteSource } from './byte-source.ts';
import { LINK_TYPE, packetLimit } from './link-types.ts';
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
} from './reader.ts';

const HEADER = { major: 4, minor: 6, snapLength: 16, linkType: 20, size: 24, ixiaSize: 28 } as const;
const RECORD = { seconds: 0, fraction: 4, captured: 8, length: 12, size: 16 } as const;
/** After the 16 bytes, in Kuznetsov's variants: interface index (u32), protocol (u16), Linux packet type (u8). */
const PATCHED = { interface: 16, protocol: 20, packetType: 22 } as const;
const PACKET_OUTGOING = 4;

/** The upper 16 bits of the link type field. */
const LINK_FIELD = { type: 0xffff, reserved: 0x0bff_0000, hasFcs: 0x0400_0000, fcsShift: 28 } as const;

interface Variant {
  readonly title: string;
  readonly recordHeader: number;
  readonly nanos: boolean;
  /** What the bytes after the first 16 of a record header are. */
  readonly extra: 'none' | 'patched' | 'nokia';
}

const VARIANT = {
  micro: { title: 'pcap', recordHeader: 16, nanos: false, extra: 'none' },
  nano: { title: 'pcap with nanoseconds', recordHeader: 16, nanos: true, extra: 'none' },
  aix: { title: 'AIX pcap', recordHeader: 16, nanos: true, extra: 'none' },
  ss990417: { title: 'modified pcap (1999-04-17)', recordHeader: 24, nanos: false, extra: 'patched' },
  ss990915: { title: 'modified pcap (1999-09-15)', recordHeader: 28, nanos: false, extra: 'patched' },
  ss991029: { title: 'modified pcap (1999-10-29)', recordHeader: 24, nanos: false, extra: 'patched' },
  nokia: { title: 'Nokia pcap', recordHeader: 20, nanos: false, extra: 'nokia' },
  ixiaHardware: { title: 'Ixia lcap, hardware', recordHeader: 16, nanos: true, extra: 'none' },
  ixiaSoftware: { title: 'Ixia lcap, software', recordHeader: 16, nanos: false, extra: 'none' },
} as const satisfies Record<string, Variant>;

/** Magic numbers, and the variants they may stand for, likeliest first. */
const MAGIC: ReadonlyMap<number, readonly Variant[]> = new Map<number, readonly Variant[]>([
  [0xa1b2c3d4, [VARIANT.micro, VARIANT.ss990417, VARIANT.nokia]],
  [0xa1b23c4d, [VARIANT.nano]],
  [0xa1b2cd34, [VARIANT.ss991029, VARIANT.ss990915]],
  [0x1c0001ac, [VARIANT.ixiaHardware]],
  [0x1c0001ab, [VARIANT.ixiaSoftware]],
]);

/** AIX writes version 2.2 and interface types of RFC 1573 where the link type belongs. */
const AIX_LINK_TYPES: ReadonlyMap<number, number> = new Map([
  [6, LINK_TYPE.ethernet],
  [9, LINK_TYPE.tokenRing],
  [15, LINK_TYPE.fddi],
  [24, LINK_TYPE.null],
]);
/** It also puts three bytes in front of FDDI frames. */
const AIX_FDDI_PADDING = 3;

/** DG/UX wrote this version, with the two lengths of a record in the order that 2.2 had. */
const DGUX_MAJOR = 543;

/** Records that are looked at to tell variants apart. */
const RECORDS_TO_TRY = 2;

const READER = 'pcap';

function sniff(head: Uint8Array): boolean {
  return head.length >= 4 && (MAGIC.has(u32le(head, 0)) || MAGIC.has(u32(head, 0)));
}

class PcapReader implements CaptureReader {
  readonly facts: CaptureFacts;
  problem: CaptureError | null = null;
  private readonly source: ByteSource;
  private readonly interfaces: CaptureInterface[] = [];
  private readonly warnings: CaptureError[] = [];
  /** File offset of the next record header; 0: the file header has not been read yet. */
  private at = 0;
  /** Variants among which the first records have to decide. */
  private undecided: readonly Variant[] = [];
  private littleEndian = true;
  private variant: Variant = VARIANT.micro;
  /** Lengths are in the order that they had before version 2.3: always, when the other way makes no sense, or never. */
  private lengthsSwapped: 'never' | 'maybe' | 'always' = 'never';
  private version = '';
  private linkType = 0;
  private limit = 0;
  /** Bytes in front of each packet that are none of it. */
  private padding = 0;
  private hasPseudo = false;

  constructor(source: ByteSource) {
    this.source = source;
    const { interfaces, warnings } = this;
    this.facts = { ...emptyFacts(READER), interfaces, warnings };
    this.readHeader(false);
    this.decide(false, false);
  }

  again(): CaptureReader {
    return new PcapReader(this.source);
  }

  get position(): number {
    return this.at;
  }

  next(batch: PacketBatch, final: boolean): 'more' | 'end' {
    batch.count = 0;
    batch.notes = [];
    if (this.problem !== null) return 'end';
    if (this.at === 0) {
      this.readHeader(final);
      if (this.at === 0) return 'end';
    }
    if (this.undecided.length > 0) {
      // Somebody waits for the first packet of a file that grows: as long as little is there, the standard is likeliest.
      this.decide(final, this.undecided[0] === VARIANT.micro);
      if (this.undecided.length > 0) return 'end';
    }
    for (;;) {
      const read = this.source.read(this.at, batch.bytes);
      const used = this.walk(batch, read);
      this.at += used;
      if (this.problem !== null) return 'end';
      if (batch.count === batch.capacity || (batch.count > 0 && read === batch.bytes.length)) return 'more';
      // What is left is the beginning of one record: at the end of the file, or too large for the batch.
      const isAll = read < batch.bytes.length;
      const left = isAll ? read - used : this.source.size - this.at;
      const need = this.recordSize(batch.bytes, used, read);
      if (isAll || need > left) {
        if (final && left > 0) this.failCut(left, need);
        return 'end';
      }
      growBatch(batch, need);
    }
  }

  packet(locator: number, into: Uint8Array, _iface: number): number {
    return this.source.read(locator + this.padding + this.pseudoLength(locator), into);
  }

  pseudoHeader(locator: number, _iface: number): Uint8Array {
    const header = new Uint8Array(this.pseudoLength(locator));
    return header.subarray(0, this.source.read(locator + this.padding, header));
  }

  options(): null {
    return null;
  }

  /** Hot: every record passes here. Returns the offset in `bytes` of the first record that is not in the batch. */
  private walk(batch: PacketBatch, end: number): number {
    const { bytes, offset, capturedLength, length, seconds, nanos, locator, direction, capacity } = batch;
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const le = this.littleEndian;
    const header = this.variant.recordHeader;
    const unit = this.variant.nanos ? 1 : 1000;
    const limit = this.limit;
    const base = this.at;
    const plain = this.lengthsSwapped === 'never';
    let count = 0;
    let at = 0;
    while (count < capacity && at + header <= end) {
      let captured = view.getUint32(at + RECORD.captured, le);
      let wire = view.getUint32(at + RECORD.length, le);
      if (!plain && (this.lengthsSwapped === 'always' || captured > wire)) {
        const first = captured;
        captured = wire;
        wire = first;
      }
      if (captured > limit) {
        this.fail('damaged', 'captureProblem.packet-too-large', { claimed: captured, limit }, base + at);
        break;
      }
      const data = at + header;
      const following = data + captured;
      if (following > end) break;
      seconds[count] = view.getUint32(at + RECORD.seconds, le);
      // A fraction of many seconds is damage; it wraps at 2^32 ns, as Wireshark's does.
      nanos[count] = Math.imul(view.getUint32(at + RECORD.fraction, le), unit) >>> 0;
      offset[count] = data;
      capturedLength[count] = captured;
      length[count] = wire;
      locator[count] = base + data;
      direction[count] = DIRECTION.unknown;
      count++;
      at = following;
    }
    batch.interface.fill(0, 0, count);
    if (this.padding > 0 || this.hasPseudo || this.variant.extra === 'patched') this.adjust(batch, count);
    batch.count = count;
    return at;
  }

  /** What only few files need, kept out of the walk. */
  private adjust(batch: PacketBatch, count: number): void {
    for (let i = 0; i < count; i++) {
      const header = batch.offset[i] - this.variant.recordHeader;
      if (this.variant.extra === 'patched' && batch.bytes[header + PATCHED.packetType] === PACKET_OUTGOING) {
        batch.direction[i] = DIRECTION.outbound;
      }
      const padding = Math.min(this.padding, batch.capturedLength[i]);
      batch.offset[i] += padding;
      batch.capturedLength[i] -= padding;
      batch.length[i] -= Math.min(padding, batch.length[i]);
      if (this.hasPseudo) takePseudoHeader(batch, i, this.linkType);
    }
  }

  private pseudoLength(locator: number): number {
    if (!this.hasPseudo) return 0;
    const head = new Uint8Array(PSEUDO_HEADER_MAX);
    const read = this.source.read(locator + this.padding, head);
    return pseudoHeaderLength(this.linkType, head, 0, read);
  }

  /** Of the record at `at`, of which at least a part is there: as far as can be said. */
  private recordSize(bytes: Uint8Array, at: number, end: number): number {
    const header = this.variant.recordHeader;
    if (at + header > end) return header;
    const captured = this.u32(bytes, at + RECORD.captured);
    const wire = this.u32(bytes, at + RECORD.length);
    const isSwapped = this.lengthsSwapped === 'always' || (this.lengthsSwapped === 'maybe' && captured > wire);
    return header + (isSwapped ? wire : captured);
  }

  private failCut(left: number, need: number): void {
    const header = this.variant.recordHeader;
    const isHeader = left < header;
    this.fail(
      'cut-short',
      isHeader ? 'captureProblem.cut-record-header' : 'captureProblem.cut-packet',
      isHeader ? { left, need: header } : { left: left - header, need: need - header },
      this.at,
    );
  }

  private readHeader(final: boolean): void {
    const head = new Uint8Array(HEADER.size);
    const read = this.source.read(0, head);
    this.littleEndian = MAGIC.has(u32le(head, 0));
    const variants = MAGIC.get(this.u32(head, 0));
    const isIxia = variants?.[0] === VARIANT.ixiaHardware || variants?.[0] === VARIANT.ixiaSoftware;
    const size = isIxia ? HEADER.ixiaSize : HEADER.size;
    if (read < HEADER.size || this.source.size < size) {
      if (final) this.fail('cut-short', 'captureProblem.cut-file-header', { left: this.source.size, need: size }, 0);
      return;
    }
    if (variants === undefined) return this.fail('unknown-format', 'captureProblem.no-magic', { format: READER }, 0);
    const major = this.littleEndian ? u16le(head, HEADER.major) : u16(head, HEADER.major);
    const minor = this.littleEndian ? u16le(head, HEADER.minor) : u16(head, HEADER.minor);
    if (major !== 2 && major !== DGUX_MAJOR) {
      const params = { format: READER, version: `${major}.${minor}`, known: '2.x' };
      return this.fail('unsupported-version', 'captureProblem.version', params, HEADER.major);
    }
    this.readLinkType(this.u32(head, HEADER.linkType));
    const snapLength = this.u32(head, HEADER.snapLength);
    const isAix = variants[0] === VARIANT.micro && major === 2 && minor === 2 && AIX_LINK_TYPES.has(this.linkType);
    if (isAix) this.linkType = AIX_LINK_TYPES.get(this.linkType) ?? this.linkType;
    if (isAix && this.linkType === LINK_TYPE.fddi) this.padding = AIX_FDDI_PADDING;
    if (!isAix && (major === DGUX_MAJOR || minor < 3)) this.lengthsSwapped = 'always';
    else if (!isAix && minor === 3) this.lengthsSwapped = 'maybe';
    this.limit = packetLimit(this.linkType);
    this.hasPseudo = hasPseudoHeader(this.linkType);
    this.variant = isAix ? VARIANT.aix : variants[0];
    if (!isAix && this.lengthsSwapped === 'never' && variants.length > 1) this.undecided = variants;
    this.version = `${major}.${minor}`;
    this.describe();
    const fcs = this.u32(head, HEADER.linkType);
    this.interfaces.push({
      file: 0,
      linkType: this.linkType,
      snapLength,
      ticksPerSecond: this.variant.nanos ? 1e9 : 1e6,
      ...((fcs & LINK_FIELD.hasFcs) !== 0 && { fcsLength: (fcs >>> LINK_FIELD.fcsShift) * 2 }),
    });
    this.at = size;
  }

  private describe(): void {
    const order = this.littleEndian ? 'little' : 'big';
    (this.facts as { description: string }).description = `${this.variant.title}, ${order} endian, ${this.version}`;
  }

  private readLinkType(field: number): void {
    this.linkType = field & LINK_FIELD.type;
    const reserved = field & LINK_FIELD.reserved;
    if (reserved === 0) return;
    const params = { bits: `0x${reserved.toString(16).padStart(8, '0')}`, linkType: this.linkType };
    const place = { reader: READER, at: HEADER.linkType, file: this.source.name };
    this.warnings.push(captureError('damaged', 'captureProblem.reserved-link-type', params, place));
  }

  /**
   * Takes the variant in whose way the first records look best. While they are not there that is left open, unless the
   * file is all there (`final`) or the caller cannot wait: then it is the first that would do.
   */
  private decide(final: boolean, atOnce: boolean): void {
    let best = this.variant;
    let fewest = Number.POSITIVE_INFINITY;
    let isSure = false;
    for (const variant of this.undecided) {
      const { demerits, records } = this.look(variant);
      if (demerits >= fewest) continue;
      best = variant;
      fewest = demerits;
      isSure = records === RECORDS_TO_TRY;
    }
    if (!isSure && !final && !atOnce) return;
    if (isSure || final) this.variant = best;
    this.undecided = [];
    this.describe();
  }

  /** How odd the first records are when they are read in a variant's way, and how many of them are whole. */
  private look(variant: Variant): { demerits: number; records: number } {
    const header = new Uint8Array(variant.recordHeader);
    const snapLength = this.interfaces[0]?.snapLength ?? 0;
    let demerits = 0;
    let records = 0;
    let at = this.at;
    while (records < RECORDS_TO_TRY) {
      const read = this.source.read(at, header);
      if (read === 0) break;
      if (read < header.length) return { demerits: demerits + 1, records };
      const captured = this.u32(header, RECORD.captured);
      const length = this.u32(header, RECORD.length);
      if (this.u32(header, RECORD.fraction) >= 1e6) demerits++;
      if (captured > this.limit) demerits++;
      if (captured > snapLength) demerits++;
      if (length > 128 * 1024 * 1024) demerits++;
      if (captured > length) demerits++;
      if (variant.extra === 'patched') demerits += this.patchedDemerits(header);
      if (variant.extra === 'nokia' && !looksNokia(this.u32(header, RECORD.size))) demerits++;
      if (captured > this.limit) break;
      at += header.length + captured;
      if (at > this.source.size) return { demerits: demerits + 1, records };
      records++;
    }
    return { demerits, records };
  }

  /** Few interfaces, a plausible Ethernet type, one of five packet types. */
  private patchedDemerits(header: Uint8Array): number {
    const protocol = this.littleEndian ? u16le(header, PATCHED.protocol) : u16(header, PATCHED.protocol);
    const isProtocol = protocol >= 0x0600 || protocol <= 0x0017 || [0x0060, 0x0200, 0x0400].includes(protocol);
    return (
      (this.u32(header, PATCHED.interface) > 10_000 ? 1 : 0) +
      (isProtocol ? 0 : 1) +
      (header[PATCHED.packetType] > PACKET_OUTGOING ? 1 : 0)
    );
  }

  private u32(bytes: Uint8Array, at: number): number {
    return this.littleEndian ? u32le(bytes, at) : u32(bytes, at);
  }

  private fail(code: ErrorCode, key: CaptureProblemKey, params: ProblemParams, at: number): void {
    this.problem = captureError(code, key, params, { reader: READER, at, file: this.source.name });
  }
}

/** The four bytes that Nokia adds have been seen as 0x[9b]fbf[bd][69]0[12]. */
function looksNokia(word: number): boolean {
  return /^[9b]fbf[bd][69]0[12]$/.test(word.toString(16).padStart(8, '0'));
}

export const pcap = defineReader({
  name: READER,
  title: 'pcap',
  extensions: ['pcap', 'cap', 'dmp', 'lcap'],
  sniff,
  open: (source) => new PcapReader(source),
});
