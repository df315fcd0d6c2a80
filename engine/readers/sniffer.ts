/**
 * Sniffer for DOS (Network General): `TRSNIFF data`, then records of type (u16), length (u16), reserved (u16) and that many
 * bytes. The first says version, date, network and unit of time; packets follow. Little endian. Compressed files are told, and
 * not read: their method has no public description.
 */

import { u16le } from '../base/bytes.ts';
import { decodeLatin1 } from '../base/text.ts';
import type { ByteSource } from './byte-source.ts';
import { LINK_TYPE } from './link-types.ts';
import { type CaptureReader, defineReader } from './reader.ts';
import { RecordReader, type Step } from './record-reader.ts';
import { localTime } from './record-time.ts';

const READER = 'sniffer';
const MAGIC = 'TRSNIFF data    \u001a';
const RECORD = { type: 0, length: 2, data: 6 } as const;
const TYPE = { version: 1, end: 3, frame: 4 } as const;
/** In the version record, from the start of its data. */
const VERSION = { major: 0, minor: 2, date: 6, network: 9, format: 10, unit: 11, size: 18 } as const;
const UNCOMPRESSED = 1;
/** In a packet's record: 40 bits of time, days to add, bytes kept, bytes on the wire (0: the same), then the bytes. */
const FRAME = { low: 0, middle: 2, high: 4, days: 5, captured: 6, length: 10, data: 14 } as const;
const SECONDS_PER_DAY = 86_400;

/** Picoseconds. */
const UNITS: readonly bigint[] = [15_000_000n, 838_096n, 15_000_000n, 500_000n, 2_000_000n, 1_000_000n, 100_000n];
const LINK_TYPES: ReadonlyMap<number, number> = new Map([
  [0, LINK_TYPE.tokenRing],
  [1, LINK_TYPE.ethernet],
  [2, LINK_TYPE.arcnet],
  [3, LINK_TYPE.ethernet], // StarLAN
  [5, LINK_TYPE.localTalk],
  [7, LINK_TYPE.pppWithDirection],
  [9, LINK_TYPE.fddi],
]);

class SnifferReader extends RecordReader {
  private unit = 0n;
  private midnight = 0;
  private others = 0;

  constructor(source: ByteSource) {
    super(source, READER);
    this.open(false);
  }

  again(): CaptureReader {
    return new SnifferReader(this.source);
  }

  protected step(final: boolean): Step {
    if (this.at === 0) this.open(final);
    if (this.at === 0) return 'end';
    const head = this.window.bytes(this.at, RECORD.data);
    const left = this.source.size - this.at;
    if (head.length < RECORD.data) {
      if (left > 0 && final)
        return this.fail('cut-short', 'captureProblem.cut-record-header', { left, need: RECORD.data }, this.at);
      return this.finish();
    }
    const type = u16le(head, RECORD.type);
    const size = RECORD.data + u16le(head, RECORD.length);
    if (type === TYPE.end) return this.finish();
    if (size > left) {
      return final ? this.fail('cut-short', 'captureProblem.cut-record', { left, need: size }, this.at) : 'end';
    }
    const at = this.at + RECORD.data;
    this.at += size;
    if (type !== TYPE.frame) {
      // Records of the analyser's own settings come before the packets.
      if (type > TYPE.frame && type >= 8) this.others++;
      return 'skip';
    }
    return this.frame(at, size - RECORD.data);
  }

  private frame(at: number, size: number): Step {
    const { found } = this;
    const head = this.window.bytes(at, FRAME.data);
    const captured = u16le(head, FRAME.captured);
    if (size < FRAME.data || captured > size - FRAME.data) {
      const params = { size, captured };
      return this.fail('damaged', 'captureProblem.record-too-small', params, at - RECORD.data);
    }
    const low = u16le(head, FRAME.middle) * 65_536 + u16le(head, FRAME.low);
    const nanos = (BigInt(head[FRAME.high] * 2 ** 32 + low) * this.unit) / 1000n;
    found.seconds = this.midnight + head[FRAME.days] * SECONDS_PER_DAY + Number(nanos / 1_000_000_000n);
    found.nanos = Number(nanos % 1_000_000_000n);
    found.captured = captured;
    found.length = u16le(head, FRAME.length) || captured;
    found.locator = at + FRAME.data;
    return 'packet';
  }

  private open(final: boolean): void {
    const from = MAGIC.length + RECORD.data;
    const head = this.window.bytes(0, from + VERSION.size);
    if (head.length < from + VERSION.size) {
      const params = { left: head.length, need: from + VERSION.size };
      if (final) this.fail('cut-short', 'captureProblem.cut-file-header', params, 0);
      return;
    }
    const record = head.slice(MAGIC.length);
    const data = record.subarray(RECORD.data);
    const version = `${u16le(data, VERSION.major)}.${u16le(data, VERSION.minor)}`;
    const unit = UNITS[data[VERSION.unit]];
    const linkType = LINK_TYPES.get(data[VERSION.network]);
    if (u16le(record, RECORD.type) !== TYPE.version || unit === undefined || linkType === undefined) {
      const params = { format: 'Sniffer', version, known: '2.x, 4.x, 5.x' };
      this.fail('unsupported-version', 'captureProblem.version', params, MAGIC.length);
      return;
    }
    if (data[VERSION.format] !== UNCOMPRESSED) {
      const place = from + VERSION.format;
      this.fail('unknown-format', 'captureProblem.compressed-records', { format: 'Sniffer' }, place);
      return;
    }
    const date = u16le(data, VERSION.date);
    this.midnight = Math.floor(localTime(1980 + (date >> 9), (date >> 5) & 15, date & 31, 0, 0, 0) / 1000);
    this.unit = unit;
    this.interfaceOf(linkType, 1e9);
    this.describe(`Sniffer ${version}, local time without a zone`);
    this.at = from + u16le(record, RECORD.length);
  }

  private finish(): 'end' {
    const count = this.others;
    this.others = 0;
    if (count > 0) this.warnings.push(this.problemAt('damaged', 'captureProblem.records-left-out', { count }, this.at));
    return 'end';
  }
}

export const sniffer = defineReader({
  name: READER,
  title: 'Sniffer',
  extensions: ['enc', 'cap', 'trc', 'fdc', 'syc'],
  sniff: (head) => decodeLatin1(head, 0, Math.min(head.length, MAGIC.length)) === MAGIC,
  open: (source) => new SnifferReader(source),
});
