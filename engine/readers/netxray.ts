/**
 * Sniffer for Windows, and NetXRay before it: `XCP` and a zero, a version in letters, a header of 128 bytes, then packets of
 * which the file may be a ring. Little endian. Times are ticks since a start that is given in UTC.
 */

import { u16le, u32le } from '../base/bytes.ts';
import { decodeLatin1 } from '../base/text.ts';
import type { ByteSource } from './byte-source.ts';
import { LINK_TYPE } from './link-types.ts';
import { type CaptureReader, defineReader } from './reader.ts';
import { RecordReader, type Step } from './record-reader.ts';

const READER = 'netxray';
const MAGIC = 'XCP\0';
const HEADER = {
  version: 4,
  start: 12,
  frames: 16,
  first: 24,
  end: 28,
  network: 44,
  networkKind: 45,
  unit: 48,
  low: 52,
  high: 56,
  ticks: 76,
  captureType: 84,
  size: 128,
} as const;
const RECORD = { low: 0, high: 4, length: 8, captured: 10, size: 12 } as const;
/** Of a record's header, with what is only Sniffer's, by major version. */
const RECORD_SIZE: ReadonlyMap<string, number> = new Map([
  ['001.000', 28],
  ['001.100', 28],
  ['002.000', 40],
  ['002.001', 40],
  ['002.002', 40],
  ['002.003', 40],
]);
/** The number after it says that the network's number counts from 1. */
const COUNTS_FROM_ONE = 2;

/** NDIS media, from 0. */
const LINK_TYPES: ReadonlyMap<number, number> = new Map([
  [0, LINK_TYPE.ethernet],
  [1, LINK_TYPE.tokenRing],
  [2, LINK_TYPE.fddi],
  [3, LINK_TYPE.pppWithDirection],
  [4, LINK_TYPE.localTalk],
  [5, LINK_TYPE.ethernet],
  [9, LINK_TYPE.ieee80211],
]);
/** Ticks per second by unit, for captures with a network card and with the capture cards that Sniffer had. */
const CARD_TICKS: readonly number[] = [1e6, 1_193_000, 1_193_182];
const POD_TICKS: ReadonlyMap<number, readonly number[]> = new Map([
  [2, [1e9, 0, 31_250_000]],
  [3, [1e6, 0, 1_250_000]],
  [5, [1e6, 0, 0]],
  [6, [1e9, 0, 20_000_000]],
]);
/** In this unit the file says itself how many there are. */
const UNIT_GIVEN = 2;

class NetxrayReader extends RecordReader {
  private start = 0;
  private startTicks = 0;
  private ticksPerSecond = 1e6;
  private recordSize = 40;
  /** Packets that are still to come. */
  private left = 0;
  private first = 0;
  private end = 0;
  /** The second part of a ring is being read: it ends where the first began. */
  private hasWrapped = false;

  constructor(source: ByteSource) {
    super(source, READER);
    this.open(false);
  }

  again(): CaptureReader {
    return new NetxrayReader(this.source);
  }

  protected step(final: boolean): Step {
    if (this.at === 0) this.open(final);
    if (this.at === 0 || this.left === 0) return 'end';
    // A ring: what was written first was written over, and the file goes on at its beginning.
    if (this.at === this.end && this.first > HEADER.size && !this.hasWrapped) {
      this.at = HEADER.size;
      this.hasWrapped = true;
    }
    if (this.hasWrapped && this.at >= this.first) return 'end';
    const head = this.window.bytes(this.at, RECORD.size);
    const rest = this.source.size - this.at;
    if (head.length < RECORD.size || rest < this.recordSize) {
      if (!final) return 'end';
      const params = { left: rest, need: this.recordSize };
      return this.fail('cut-short', 'captureProblem.cut-record-header', params, this.at);
    }
    const { found } = this;
    const captured = u16le(head, RECORD.captured);
    if (this.recordSize + captured > rest) {
      const params = { left: rest - this.recordSize, need: captured };
      return final ? this.fail('cut-short', 'captureProblem.cut-packet', params, this.at) : 'end';
    }
    // As a fraction, cut at the nanosecond: so that times are those that Wireshark shows.
    const ticks = u32le(head, RECORD.high) * 2 ** 32 + u32le(head, RECORD.low) - this.startTicks;
    const time = ticks / this.ticksPerSecond;
    const whole = Math.floor(time);
    found.seconds = this.start + whole;
    found.nanos = Math.floor((time - whole) * 1e9);
    found.captured = captured;
    found.length = u16le(head, RECORD.length);
    found.locator = this.at + this.recordSize;
    this.at += this.recordSize + captured;
    this.left--;
    return 'packet';
  }

  private open(final: boolean): void {
    const head = this.window.bytes(0, HEADER.size).slice();
    if (head.length < HEADER.size) {
      const params = { left: head.length, need: HEADER.size };
      if (final) this.fail('cut-short', 'captureProblem.cut-file-header', params, 0);
      return;
    }
    const version = decodeLatin1(head, HEADER.version, HEADER.version + 7);
    const recordSize = RECORD_SIZE.get(version);
    const network = head[HEADER.network] - (head[HEADER.networkKind] === COUNTS_FROM_ONE ? 1 : 0);
    const linkType = LINK_TYPES.get(network);
    const unit = head[HEADER.unit];
    const given = version.startsWith('002') && unit === UNIT_GIVEN ? u32le(head, HEADER.ticks) : 0;
    const ticks = given || (POD_TICKS.get(head[HEADER.captureType]) ?? CARD_TICKS)[unit];
    if (recordSize === undefined || linkType === undefined || ticks === undefined || ticks === 0) {
      const params = { format: 'Sniffer (Windows)', version, known: '001.x, 002.x' };
      this.fail('unsupported-version', 'captureProblem.version', params, HEADER.version);
      return;
    }
    this.recordSize = recordSize;
    this.ticksPerSecond = ticks;
    this.start = u32le(head, HEADER.start);
    this.startTicks = u32le(head, HEADER.high) * 2 ** 32 + u32le(head, HEADER.low);
    this.left = u32le(head, HEADER.frames);
    this.first = u32le(head, HEADER.first);
    this.end = u32le(head, HEADER.end);
    if (this.first < HEADER.size) {
      const params = { left: this.first, need: HEADER.size };
      this.fail('damaged', 'captureProblem.cut-file-header', params, HEADER.first);
      return;
    }
    this.interfaceOf(linkType, ticks);
    this.describe(`Sniffer (Windows) ${version}`);
    this.at = this.first;
  }
}

export const netxray = defineReader({
  name: READER,
  title: 'Sniffer (Windows)',
  extensions: ['caz', 'cap'],
  sniff: (head) => decodeLatin1(head, 0, Math.min(head.length, MAGIC.length)) === MAGIC,
  open: (source) => new NetxrayReader(source),
});
