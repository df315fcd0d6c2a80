/**
 * Endace's extensible record format (ERF): records one behind the other, without a file header. Each: a time (32.32 fixed
 * point, little endian), type, flags, record length, loss counter and length on the wire (big endian), extension headers,
 * for Ethernet two bytes more, the packet (Endace "ERF types reference guide").
 */

import { u16, u32le } from '../base/bytes.ts';
import type { ByteSource } from './byte-source.ts';
import { LINK_TYPE, RECORD_TYPE } from './link-types.ts';
import { PSEUDO_HEADER_MAX, pseudoHeaderLength } from './pseudo-header.ts';
import { type CaptureReader, defineReader } from './reader.ts';
import { RecordReader, type Step } from './record-reader.ts';

const READER = 'erf';
const HEADER = { fraction: 0, seconds: 4, type: 8, flags: 9, size: 10, lost: 12, length: 14, end: 16 } as const;
const TYPE = { mask: 0x7f, metadata: 27, last: 29, padding: 48 } as const;
/** In these the loss counter's place holds a colour or a hash. */
const COLOURED: readonly number[] = [10, 11, 15, 16, 17, 19, 20];
const PORT_MASK = 3;
const PORTS = 'ABCD';
/** A file is known by this many records in a row. */
const RECORDS_TO_TRY = 3;

/** Without a magic number: known types, lengths that fit, times that hardly run back. */
function sniff(head: Uint8Array, size: number): boolean {
  let at = 0;
  let before = 0;
  for (let n = 0; n < RECORDS_TO_TRY; n++) {
    if (at === size && n > 0) return true;
    if (at + HEADER.end > head.length) return false;
    const type = head[at + HEADER.type] & TYPE.mask;
    const record = u16(head, at + HEADER.size);
    const seconds = u32le(head, at + HEADER.seconds);
    const isPadding = type === TYPE.padding && n > 0;
    if (!isPadding && (type === 0 || type > TYPE.last)) return false;
    if (record < HEADER.end) return false;
    if (at + record > size) return n === RECORDS_TO_TRY - 1;
    if (!isPadding && type !== TYPE.metadata && (seconds === 0 || seconds + 1 < before)) return false;
    if (!isPadding && seconds > 0) before = seconds;
    at += record;
  }
  return true;
}

class ErfReader extends RecordReader {
  again(): CaptureReader {
    return new ErfReader(this.source);
  }

  constructor(source: ByteSource) {
    super(source, READER);
  }

  override pseudoHeader(locator: number, iface: number): Uint8Array {
    return this.interfaces[iface]?.linkType === LINK_TYPE.erf ? this.header(locator) : new Uint8Array(0);
  }

  private header(locator: number): Uint8Array {
    const record = this.window.bytes(locator, PSEUDO_HEADER_MAX);
    return record.slice(0, pseudoHeaderLength(LINK_TYPE.erf, record, 0, record.length));
  }

  protected override fetch(locator: number, into: Uint8Array, _iface: number): number {
    return super.fetch(locator + this.header(locator).length, into, 0);
  }

  protected step(final: boolean): Step {
    const { found } = this;
    const record = this.window.bytes(this.at, PSEUDO_HEADER_MAX);
    const left = this.source.size - this.at;
    if (left === 0 || (left < HEADER.end && !final)) return 'end';
    if (left < HEADER.end)
      return this.fail('cut-short', 'captureProblem.cut-record-header', { left, need: HEADER.end }, this.at);
    const size = u16(record, HEADER.size);
    if (size < HEADER.end)
      return this.fail('damaged', 'captureProblem.record-too-small', { size, captured: 0 }, this.at);
    if (size > left)
      return final ? this.fail('cut-short', 'captureProblem.cut-record', { left, need: size }, this.at) : 'end';
    const at = this.at;
    this.at += size;
    const type = record[HEADER.type] & TYPE.mask;
    if (type === TYPE.padding) return 'skip';
    const head = pseudoHeaderLength(LINK_TYPE.erf, record, 0, Math.min(size, record.length));
    const wire = u16(record, HEADER.length);
    const nanos = Math.round((u32le(record, HEADER.fraction) * 1e9) / 2 ** 32);
    const lost = u16(record, HEADER.lost);
    const port = record[HEADER.flags] & PORT_MASK;
    found.seconds = u32le(record, HEADER.seconds) + (nanos === 1e9 ? 1 : 0);
    found.nanos = nanos % 1e9;
    // Records are padded to whole words.
    found.captured = Math.min(size - head, wire);
    found.length = wire;
    found.locator = at;
    const linkType = type === TYPE.metadata ? RECORD_TYPE.erfMetadata : LINK_TYPE.erf;
    found.interface = this.interfaceOf(linkType, 2 ** 32, `Port ${PORTS[port]} (ERF Interface ${port})`);
    found.note = lost > 0 && !COLOURED.includes(type) ? { dropCount: BigInt(lost) } : null;
    return 'packet';
  }
}

export const erf = defineReader({
  name: READER,
  title: 'ERF',
  extensions: ['erf'],
  sniff,
  open: (source) => new ErfReader(source),
});
