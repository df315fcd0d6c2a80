/**
 * Hex dumps, as text2pcap takes them: an offset in hexadecimal and bytes on each line, offset 0 begins a packet. The dumps of
 * od, hexdump, xxd, tcpdump and Wireshark are all such. Letters behind the bytes are passed over. A line with a time in front
 * of a packet gives its time, `I` or `O` there its direction.
 */

import { decodeLatin1 } from '../base/text.ts';
import type { ByteSource } from './byte-source.ts';
import { LINK_TYPE, PACKET_LIMIT } from './link-types.ts';
import { type CaptureReader, DIRECTION, defineReader } from './reader.ts';
import { RecordReader, type Step } from './record-reader.ts';
import { lineAt } from './text-lines.ts';

const READER = 'hex-dump';
/** Quoted lines of mails may begin with `>`; xxd has a colon, tcpdump `0x`; then the bytes, in groups of any size. */
const LINE = /^[>\s]*(?:0x)?([0-9a-f]{3,16})(?::|(?=\s)|$)\s*(.*)$/i;
const TIME = /(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d):(\d\d)(?:[.,](\d{1,9}))?(Z|[+-]\d\d:?\d\d)?/;
/** Without a date: on 1 January 2000. */
const TIME_OF_DAY = /^\s*(\d\d):(\d\d):(\d\d)[.,](\d{1,9})\b/;
const SENT = /^\s*O\b/;
const RECEIVED = /^\s*I\b/;
const MIDNIGHT = Date.UTC(2000, 0, 1) / 1000;
const LINES_TO_TRY = 40;
/** Bytes of a line, where no second line says. */
const USUAL_WIDTH = 16;

interface HexLine {
  readonly offset: number;
  readonly bytes: readonly number[];
}

/** Bytes up to three blanks, a bar, or what is no group of hexadecimal digits: there the letters begin. */
function readLine(text: string): HexLine | null {
  const match = LINE.exec(text);
  if (match === null) return null;
  const offset = Number.parseInt(match[1], 16);
  const bytes: number[] = [];
  for (const group of match[2].split(/\s{3,}|\|/, 1)[0].split(/\s+/)) {
    if (!/^(?:[0-9a-f]{2})+$/i.test(group)) break;
    for (let at = 0; at < group.length; at += 2) bytes.push(Number.parseInt(group.slice(at, at + 2), 16));
  }
  return bytes.length === 0 && match[2] !== '' ? null : { offset, bytes };
}

/** od and hexdump leave out lines that repeat the one before. */
function isRepeated(text: string): boolean {
  return text.trim() === '*';
}

/** A packet whose second line goes on where the first one ends, or a short one in a single line. */
function sniff(head: Uint8Array): boolean {
  const text = decodeLatin1(head, 0, Math.min(head.length, 8192));
  // biome-ignore lint/suspicious/noControlCharactersInRegex: what a text does not have
  if (/[\0-\x08\x0e-\x1f]/.test(text)) return false;
  let first: HexLine | null = null;
  for (const line of text.split(/\r?\n/).slice(0, LINES_TO_TRY)) {
    const read = readLine(line);
    if (read === null) {
      if (first !== null && first.bytes.length >= USUAL_WIDTH) return true;
      first = null;
    } else if (first === null) first = read.offset === 0 && read.bytes.length > 0 ? read : null;
    else if (read.offset > 0) return read.offset <= first.bytes.length && read.offset > 0;
  }
  return first !== null && first.bytes.length >= USUAL_WIDTH;
}

interface Dump {
  readonly bytes: Uint8Array;
  readonly next: number;
}

class HexDumpReader extends RecordReader {
  private seconds = Number.NaN;
  private nanos = 0;
  private direction: number = DIRECTION.unknown;
  private others = 0;

  constructor(source: ByteSource) {
    super(source, READER);
    this.describe('hex dump');
  }

  again(): CaptureReader {
    return new HexDumpReader(this.source);
  }

  protected override fetch(locator: number, into: Uint8Array, _iface: number): number {
    const bytes = this.dumpAt(locator).bytes.subarray(0, into.length);
    into.set(bytes);
    return bytes.length;
  }

  protected step(final: boolean): Step {
    if (!final) return 'end'; // the last line of a packet is known by the next one
    const { found } = this;
    const line = lineAt(this.window, this.at);
    if (line === null) return this.finish();
    const read = readLine(line.text);
    if (read === null || read.bytes.length === 0 || read.offset !== 0) {
      this.takeText(line.text, read !== null && read.bytes.length > 0);
      this.at = line.next;
      return 'skip';
    }
    const { bytes, next } = this.dumpAt(this.at);
    const locator = this.at;
    this.at = next;
    found.seconds = this.seconds;
    found.nanos = this.nanos;
    found.direction = this.direction;
    found.captured = found.length = bytes.length;
    found.locator = locator;
    found.interface = this.interfaceOf(linkTypeOf(bytes), 1e9);
    this.seconds = Number.NaN;
    this.nanos = 0;
    this.direction = DIRECTION.unknown;
    return 'packet';
  }

  private takeText(text: string, isLost: boolean): void {
    if (isLost) this.others++;
    const time = TIME.exec(text);
    const ofDay = time === null ? TIME_OF_DAY.exec(text) : null;
    if (time !== null) this.setTime(time);
    if (ofDay !== null) {
      const [, hours, minutes, seconds, fraction] = ofDay;
      this.seconds = MIDNIGHT + Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
      this.nanos = Number(fraction.padEnd(9, '0'));
    }
    if (SENT.test(text)) this.direction = DIRECTION.outbound;
    else if (RECEIVED.test(text)) this.direction = DIRECTION.inbound;
  }

  /** A time without a zone is UTC: a dump says the same everywhere. */
  private setTime([, year, month, day, hour, minute, second, fraction = '', zone]: RegExpExecArray): void {
    const date = `${year}-${month}-${day}T${hour}:${minute}:${second}${zone ?? 'Z'}`;
    const seconds = Date.parse(date.replace(/([+-]\d\d)(\d\d)$/, '$1:$2')) / 1000;
    if (Number.isNaN(seconds)) return;
    this.seconds = seconds;
    this.nanos = Number(fraction.padEnd(9, '0'));
  }

  /**
   * The packet whose first line is at `at`. The next line's offset says how many bytes of a line count: letters behind them may
   * look like some. The last line is as long as the first at most.
   */
  private dumpAt(at: number): Dump {
    const bytes: number[] = [];
    let width = USUAL_WIDTH;
    let last: HexLine | null = null;
    let repeats = false;
    let next = at;
    for (;;) {
      const line = lineAt(this.window, next);
      if (line !== null && last !== null && isRepeated(line.text)) {
        repeats = true;
        next = line.next;
        continue;
      }
      const read = line === null ? null : readLine(line.text);
      const count: number = last === null || read === null ? 0 : read.offset - last.offset;
      const isNear = count > 0 && count <= (last?.bytes.length ?? 0);
      const goesOn =
        last === null || isNear || (repeats && last.bytes.length > 0 && count > 0 && count <= PACKET_LIMIT);
      if (line === null || read === null || !goesOn || bytes.length > PACKET_LIMIT) break;
      if (last !== null) {
        if (last.offset === 0 && isNear) width = count;
        for (let i = 0; i < count; i++) bytes.push(last.bytes[isNear ? i : i % last.bytes.length]);
      }
      last = read;
      repeats = false;
      next = line.next;
    }
    if (last !== null) bytes.push(...last.bytes.slice(0, last.offset === 0 ? last.bytes.length : width));
    return { bytes: Uint8Array.from(bytes.slice(0, PACKET_LIMIT)), next };
  }

  private finish(): 'end' {
    const count = this.others;
    this.others = 0;
    if (count > 0) this.warnings.push(this.problemAt('damaged', 'captureProblem.lines-left-out', { count }, this.at));
    return 'end';
  }
}

/** IP without a link layer says its length; everything else is Ethernet. */
function linkTypeOf(bytes: Uint8Array): number {
  const [first, , high, low, high6, low6] = bytes;
  if (bytes.length >= 20 && first >> 4 === 4 && high * 256 + low === bytes.length) return LINK_TYPE.raw;
  if (bytes.length >= 40 && first >> 4 === 6 && high6 * 256 + low6 + 40 === bytes.length) return LINK_TYPE.raw;
  return LINK_TYPE.ethernet;
}

export const hexDump = defineReader({
  name: READER,
  title: 'hex dump',
  extensions: ['txt', 'hex', 'dump'],
  sniff,
  open: (source) => new HexDumpReader(source),
});
