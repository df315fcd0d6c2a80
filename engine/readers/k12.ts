/**
 * K12 text, as Tektronix protocol testers export it. For each packet a rule, a time of day with the kind of line, and the bytes
 * behind bars:
 *
 *   +---------+---------------+----------+
 *   05:56:15,963,610   ETHER
 *   |0   |00|00|5e|00|53|04|
 *
 * There is no date: times are those of 1 January 2000 UTC.
 */

import { decodeLatin1 } from '../base/text.ts';
import type { ByteSource } from './byte-source.ts';
import { LINK_TYPE, PACKET_LIMIT } from './link-types.ts';
import { type CaptureReader, defineReader } from './reader.ts';
import { RecordReader, type Step } from './record-reader.ts';
import { lineAt } from './text-lines.ts';

const READER = 'k12';
const RULE = '+---------+---------------+----------+';
const HEAD = /^(\d\d):(\d\d):(\d\d),(\d{3}),(\d{3})\s+(\S+)/;
const BYTES = /^\|[0-9a-f]+\s*\|((?:[0-9a-f]{2}\|)*)/i;
const MIDNIGHT = Date.UTC(2000, 0, 1) / 1000;

const LINK_TYPES: Readonly<Record<string, number>> = {
  ETHER: LINK_TYPE.ethernet,
  'MTP-L2': LINK_TYPE.mtp2,
  HDLC: LINK_TYPE.ciscoHdlc,
  PPP: LINK_TYPE.ppp,
};

class K12Reader extends RecordReader {
  private others = 0;

  constructor(source: ByteSource) {
    super(source, READER);
    this.describe('K12 text');
  }

  again(): CaptureReader {
    return new K12Reader(this.source);
  }

  protected override fetch(locator: number, into: Uint8Array, _iface: number): number {
    const bytes = this.bytesAt(locator).bytes.subarray(0, into.length);
    into.set(bytes);
    return bytes.length;
  }

  protected step(final: boolean): Step {
    const { found } = this;
    const line = lineAt(this.window, this.at);
    if (line === null || (!line.isWhole && !final)) return this.finish();
    const head = HEAD.exec(line.text);
    if (head === null) {
      this.at = line.next;
      return 'skip';
    }
    const [, hours, minutes, seconds, millis, micros, kind] = head;
    const { bytes, next, isWhole } = this.bytesAt(line.next);
    if (!isWhole && !final) return 'end';
    const locator = line.next;
    this.at = next;
    const linkType = LINK_TYPES[kind];
    if (linkType === undefined || bytes.length > PACKET_LIMIT) {
      this.others++;
      return 'skip';
    }
    found.seconds = MIDNIGHT + Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
    found.nanos = Number(millis) * 1e6 + Number(micros) * 1000;
    found.captured = found.length = bytes.length;
    found.locator = locator;
    found.interface = this.interfaceOf(linkType, 1e6);
    return 'packet';
  }

  /** The lines of bytes from `at` on: usually one. */
  private bytesAt(at: number): { readonly bytes: Uint8Array; readonly next: number; readonly isWhole: boolean } {
    const bytes: number[] = [];
    let isWhole = false;
    for (let next = at; ; ) {
      const line = lineAt(this.window, next);
      const digits = line === null ? null : BYTES.exec(line.text);
      if (line === null || digits === null)
        return { bytes: Uint8Array.from(bytes), next, isWhole: isWhole || line !== null };
      if (bytes.length <= PACKET_LIMIT)
        for (const byte of digits[1].split('|')) if (byte !== '') bytes.push(Number.parseInt(byte, 16));
      next = line.next;
      isWhole = line.isWhole;
    }
  }

  private finish(): 'end' {
    const count = this.others;
    this.others = 0;
    if (count > 0)
      this.warnings.push(this.problemAt('unknown-format', 'captureProblem.records-left-out', { count }, this.at));
    return 'end';
  }
}

export const k12 = defineReader({
  name: READER,
  title: 'K12 text',
  extensions: ['txt'],
  sniff: (head) => decodeLatin1(head, 0, Math.min(head.length, 256)).trimStart().startsWith(RULE),
  open: (source) => new K12Reader(source),
});
