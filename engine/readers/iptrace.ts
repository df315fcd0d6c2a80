/**
 * AIX iptrace, versions 1.0 and 2.0, big endian: the version in letters, then records: length (u32) of what follows the first
 * 8 bytes, time, interface's name and number, its type (RFC 1573), direction, in 2.0 a time with nanoseconds; the packet.
 */

import { u32 } from '../base/bytes.ts';
import { decodeLatin1 } from '../base/text.ts';
import type { ByteSource } from './byte-source.ts';
import { LINK_TYPE, PACKET_LIMIT } from './link-types.ts';
import { type CaptureReader, DIRECTION, defineReader } from './reader.ts';
import { RecordReader, type Step } from './record-reader.ts';

const READER = 'iptrace';
const MAGIC_SIZE = 11;
const VERSIONS: ReadonlyMap<string, Layout> = new Map([
  ['iptrace 1.0', { version: '1.0', header: 30, seconds: 4, nanos: -1 }],
  ['iptrace 2.0', { version: '2.0', header: 40, seconds: 32, nanos: 36 }],
]);
const RECORD = { length: 0, counted: 8, name: 12, nameEnd: 16, type: 28, sent: 29, unit: 30 } as const;

interface Layout {
  readonly version: string;
  readonly header: number;
  readonly seconds: number;
  /** -1: whole seconds only. */
  readonly nanos: number;
}

const LINK_TYPES: ReadonlyMap<number, number> = new Map([
  [6, LINK_TYPE.ethernet],
  [9, LINK_TYPE.tokenRing],
  [15, LINK_TYPE.fddi],
  [23, LINK_TYPE.ppp],
  [24, LINK_TYPE.raw], // loopback
  [28, LINK_TYPE.slip],
]);
/** AIX puts three bytes in front of FDDI frames. */
const FDDI_PADDING = 3;

function layoutOf(head: Uint8Array): Layout | undefined {
  return VERSIONS.get(decodeLatin1(head, 0, Math.min(head.length, MAGIC_SIZE)));
}

class IptraceReader extends RecordReader {
  private readonly layout: Layout;
  private others = 0;

  constructor(source: ByteSource) {
    super(source, READER);
    this.layout = layoutOf(this.window.bytes(0, MAGIC_SIZE)) ?? { version: '', header: 40, seconds: 32, nanos: 36 };
    this.describe(`iptrace ${this.layout.version}`);
    this.at = MAGIC_SIZE;
  }

  again(): CaptureReader {
    return new IptraceReader(this.source);
  }

  protected step(final: boolean): Step {
    const { found, layout } = this;
    const { header } = layout;
    const head = this.window.bytes(this.at, header);
    const left = this.source.size - this.at;
    if (head.length < header) {
      if (left === 0 || !final) return this.finish();
      return this.fail('cut-short', 'captureProblem.cut-record-header', { left, need: header }, this.at);
    }
    const size = RECORD.counted + u32(head, RECORD.length);
    if (size < header) return this.fail('damaged', 'captureProblem.record-too-small', { size, captured: 0 }, this.at);
    const captured = size - header;
    if (captured > PACKET_LIMIT) {
      const params = { claimed: captured, limit: PACKET_LIMIT };
      return this.fail('damaged', 'captureProblem.packet-too-large', params, this.at);
    }
    if (size > left) {
      const params = { left: left - header, need: captured };
      return final ? this.fail('cut-short', 'captureProblem.cut-packet', params, this.at) : 'end';
    }
    const linkType = LINK_TYPES.get(head[RECORD.type]);
    const at = this.at;
    this.at += size;
    if (linkType === undefined) {
      this.others++;
      return 'skip';
    }
    const padding = linkType === LINK_TYPE.fddi ? Math.min(FDDI_PADDING, captured) : 0;
    const name = decodeLatin1(head, RECORD.name, RECORD.nameEnd).replace(/\0.*$/s, '');
    found.seconds = u32(head, layout.seconds);
    found.nanos = layout.nanos < 0 ? 0 : u32(head, layout.nanos);
    found.direction = head[RECORD.sent] === 0 ? DIRECTION.inbound : DIRECTION.outbound;
    found.interface = this.interfaceOf(linkType, layout.nanos < 0 ? 1 : 1e9, `${name}${head[RECORD.unit]}`);
    found.captured = found.length = captured - padding;
    found.locator = at + header + padding;
    return 'packet';
  }

  private finish(): 'end' {
    const count = this.others;
    this.others = 0;
    if (count > 0)
      this.warnings.push(this.problemAt('unknown-format', 'captureProblem.records-left-out', { count }, this.at));
    return 'end';
  }
}

export const iptrace = defineReader({
  name: READER,
  title: 'AIX iptrace',
  extensions: ['iptrace', 'trc'],
  sniff: (head) => layoutOf(head) !== undefined,
  open: (source) => new IptraceReader(source),
});
