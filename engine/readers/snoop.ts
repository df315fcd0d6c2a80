/**
 * The snoop format (RFC 1761), big endian: a header of 16 bytes (`snoop`, three zeros, version, datalink type), then
 * records: original length, included length, record length, drops so far, seconds, microseconds, bytes, padding.
 */

import { u32 } from '../base/bytes.ts';
import { type CaptureProblemKey, captureError, type ProblemParams } from '../base/capture-problems.ts';
import type { CaptureError, ErrorCode } from '../base/errors.ts';
import type { ByteSource } from './byte-source.ts';
import { LINK_TYPE, packetLimit, SNOOP_LINK_TYPE_BASE } from './link-types.ts';
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
  type PacketOptions,
} from './reader.ts';

const MAGIC = [0x73, 0x6e, 0x6f, 0x6f, 0x70, 0, 0, 0] as const;
const HEADER = { version: 8, datalink: 12, size: 16 } as const;
const RECORD = { original: 0, included: 4, size: 8, drops: 12, seconds: 16, micros: 20, data: 24 } as const;
/** Most bytes that may follow a packet in its record: Solaris rounds up to 4, Shomiti's Surveyor adds a trailer. */
const PADDING_LIMIT = 1024;

/** 2 is Solaris; 3 to 5 come from Shomiti's Surveyor and differ in trailers and link types only. */
const VERSIONS = { first: 2, last: 5 } as const;
/** Padding of this size is Surveyor's trailer: then its own link types count. */
const SURVEYOR_TRAILER = 16;

/** Datalink types of DLPI (dlpi.h) that have a link type; the others are named and shown as bytes. */
const LINK_TYPES: ReadonlyMap<number, number> = new Map([
  [0, LINK_TYPE.ethernet], // IEEE 802.3
  [2, LINK_TYPE.tokenRing],
  [4, LINK_TYPE.ethernet],
  [8, LINK_TYPE.fddi],
  [9, LINK_TYPE.null],
  [14, LINK_TYPE.null],
  [16, LINK_TYPE.ipOverFibreChannel],
  [18, LINK_TYPE.sunAtm],
  [0x8000_0005, LINK_TYPE.ipnet],
]);
/** Surveyor uses what the RFC leaves unassigned for its own media. */
const SURVEYOR_LINK_TYPES: ReadonlyMap<number, number> = new Map([
  [0, LINK_TYPE.ethernet],
  [2, LINK_TYPE.tokenRing],
  [4, LINK_TYPE.ethernet],
  [8, LINK_TYPE.fddi],
  [10, LINK_TYPE.ethernet],
  [11, LINK_TYPE.tokenRing],
  [12, LINK_TYPE.ethernet],
  [13, LINK_TYPE.tokenRing],
  [14, LINK_TYPE.tokenRing],
  [19, LINK_TYPE.ethernet],
]);

const READER = 'snoop';

function sniff(head: Uint8Array): boolean {
  return head.length >= MAGIC.length && MAGIC.every((byte, i) => head[i] === byte);
}

class SnoopReader implements CaptureReader {
  readonly facts: CaptureFacts;
  problem: CaptureError | null = null;
  private readonly source: ByteSource;
  private readonly interfaces: CaptureInterface[] = [];
  /** File offset of the next record; 0: the file header has not been read yet. */
  private at = 0;
  private linkType = 0;
  private limit = 0;
  private hasPseudo = false;
  private drops = 0;

  constructor(source: ByteSource) {
    this.source = source;
    this.facts = { ...emptyFacts(READER), interfaces: this.interfaces };
    this.readHeader(false);
  }

  again(): CaptureReader {
    return new SnoopReader(this.source);
  }

  get position(): number {
    return this.at;
  }

  next(batch: PacketBatch, final: boolean): 'more' | 'end' {
    batch.count = 0;
    batch.notes = [];
    if (this.at === 0 && this.problem === null) this.readHeader(final);
    if (this.at === 0) return 'end';
    while (this.problem === null) {
      const read = this.source.read(this.at, batch.bytes);
      const used = this.walk(batch, read);
      this.at += used;
      if (this.problem !== null) break;
      if (batch.count === batch.capacity || (batch.count > 0 && read === batch.bytes.length)) return 'more';
      const isAll = read < batch.bytes.length;
      const left = isAll ? read - used : this.source.size - this.at;
      const need = read - used < RECORD.data ? RECORD.data : u32(batch.bytes, used + RECORD.size);
      if (isAll || need > left) {
        if (final && left > 0) this.fail('cut-short', 'captureProblem.cut-record', { left, need }, this.at);
        break;
      }
      growBatch(batch, need);
    }
    return 'end';
  }

  packet(locator: number, into: Uint8Array, _iface: number): number {
    return this.source.read(locator + this.pseudoLength(locator), into);
  }

  pseudoHeader(locator: number, _iface: number): Uint8Array {
    const header = new Uint8Array(this.pseudoLength(locator));
    return header.subarray(0, this.source.read(locator, header));
  }

  options(): PacketOptions | null {
    return null;
  }

  private walk(batch: PacketBatch, end: number): number {
    const { bytes, capacity } = batch;
    let count = 0;
    let at = 0;
    while (count < capacity && at + RECORD.data <= end) {
      const included = u32(bytes, at + RECORD.included);
      const size = u32(bytes, at + RECORD.size);
      const padding = size - RECORD.data - included;
      if (included > this.limit) {
        const params = { claimed: included, limit: this.limit };
        this.fail('damaged', 'captureProblem.packet-too-large', params, this.at + at);
        break;
      }
      if (padding > PADDING_LIMIT) {
        const params = { claimed: size, limit: RECORD.data + included + PADDING_LIMIT };
        this.fail('damaged', 'captureProblem.record-too-large', params, this.at + at);
        break;
      }
      if (padding < 0) {
        this.fail('damaged', 'captureProblem.record-too-small', { size, captured: included }, this.at + at);
        break;
      }
      if (at + size > end) break;
      batch.offset[count] = at + RECORD.data;
      batch.capturedLength[count] = included;
      batch.length[count] = u32(bytes, at + RECORD.original);
      batch.seconds[count] = u32(bytes, at + RECORD.seconds);
      batch.nanos[count] = u32(bytes, at + RECORD.micros) * 1000;
      batch.locator[count] = this.at + at + RECORD.data;
      batch.interface[count] = 0;
      batch.direction[count] = DIRECTION.unknown;
      this.noteDrops(batch, count, u32(bytes, at + RECORD.drops));
      if (this.hasPseudo) takePseudoHeader(batch, count, this.linkType);
      count++;
      at += size;
    }
    batch.count = count;
    return at;
  }

  /** The file counts drops from its start; a note has those since the packet before. */
  private noteDrops(batch: PacketBatch, index: number, drops: number): void {
    if (drops > this.drops) batch.notes.push({ index, dropCount: BigInt(drops - this.drops) });
    this.drops = drops;
  }

  private pseudoLength(locator: number): number {
    if (!this.hasPseudo) return 0;
    const head = new Uint8Array(PSEUDO_HEADER_MAX);
    const read = this.source.read(locator, head);
    return pseudoHeaderLength(this.linkType, head, 0, read);
  }

  private readHeader(final: boolean): void {
    const head = new Uint8Array(HEADER.size);
    const read = this.source.read(0, head);
    if (read < HEADER.size) {
      if (final) this.fail('cut-short', 'captureProblem.cut-file-header', { left: read, need: HEADER.size }, 0);
      return;
    }
    const version = u32(head, HEADER.version);
    if (version < VERSIONS.first || version > VERSIONS.last) {
      return this.fail(
        'unsupported-version',
        'captureProblem.version',
        { format: READER, version, known: 2 },
        HEADER.version,
      );
    }
    const datalink = u32(head, HEADER.datalink);
    const isSurveyor = this.isSurveyor();
    const known = (isSurveyor ? SURVEYOR_LINK_TYPES : LINK_TYPES).get(datalink);
    this.linkType = known ?? SNOOP_LINK_TYPE_BASE + (datalink & 0xffff);
    this.limit = packetLimit(this.linkType);
    this.hasPseudo = hasPseudoHeader(this.linkType);
    (this.facts as { description: string }).description = `${isSurveyor ? 'Surveyor' : 'snoop'}, version ${version}`;
    this.interfaces.push({ file: 0, linkType: this.linkType, snapLength: 0, ticksPerSecond: 1e6 });
    this.at = HEADER.size;
  }

  private isSurveyor(): boolean {
    const record = new Uint8Array(RECORD.data);
    if (this.source.read(HEADER.size, record) < record.length) return false;
    return u32(record, RECORD.size) >= RECORD.data + u32(record, RECORD.included) + SURVEYOR_TRAILER;
  }

  private fail(code: ErrorCode, key: CaptureProblemKey, params: ProblemParams, at: number): void {
    this.problem = captureError(code, key, params, { reader: READER, at, file: this.source.name });
  }
}

export const snoop = defineReader({
  name: READER,
  title: 'snoop',
  extensions: ['snoop'],
  sniff,
  open: (source) => new SnoopReader(source),
});
