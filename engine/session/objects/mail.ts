/** Messages handed over by SMTP (RFC 5321 4.1.1.4): what stands between DATA and the line with a dot alone, and BDAT (RFC 3030). */

import { decodeLatin1, decodeUtf8 } from '../../base/text.ts';
import { FLOW } from '../../table/flow-states.ts';
import { type FollowedStream, followStream } from '../follow/stream.ts';
import { MAX_OBJECTS, type ObjectFinder, type ObjectSearch, type StoredObject } from './object.ts';
import { eachLayer } from './rows.ts';

/** The end of a message is looked for this far. */
const MAX_MESSAGE = 256 << 20;
const MAX_LINE = 8192;
const LF = 10;
const CR = 13;
const DOT = 46;

/** Where a message is in the bytes of the side that sends it. */
interface Span {
  readonly direction: 0 | 1;
  readonly row: number;
  readonly missing: number;
  readonly isEnded: boolean;
  readonly head: string;
  readonly bytes: () => Uint8Array;
  readonly length: number;
}

export const mailObjects: ObjectFinder = {
  kind: 'mail',
  async find(search) {
    const flows = new Set<number>();
    await eachLayer(search, 'smtp', ({ flow }) => flows.add(flow));
    const found: StoredObject[] = [];
    for (const flow of flows) found.push(...(await messagesOf(search, flow)));
    return found.slice(0, MAX_OBJECTS).sort((a, b) => a.row - b.row);
  },
};

async function messagesOf({ capture, dissector, job }: ObjectSearch, flow: number): Promise<StoredObject[]> {
  const target = { kind: 'tcp', stream: capture.pass.flows.get(flow, FLOW.stream), sub: 0 } as const;
  const stream = await followStream(capture, dissector, target, job);
  const host = stream.ends[0].name.replace(/:\d+$/, '');
  return spansOf(stream).map((span) => ({
    kind: 'mail',
    row: span.row,
    host,
    type: 'message/rfc822',
    name: subjectOf(span.head),
    size: span.length,
    whole: span.isEnded ? span.length + span.missing : null,
    missing: span.missing + (span.isEnded ? 0 : 1),
    *parts() {
      yield span.bytes();
    },
  }));
}

/** The messages of one connection: the client's lines are commands until DATA is accepted. */
function spansOf(stream: FollowedStream): Span[] {
  const { pieces } = stream;
  const spans: Span[] = [];
  const reader = new MailReader(stream, spans);
  for (let i = 0; i < pieces.count; i++) reader.take(i);
  reader.finish();
  return spans;
}

/** A range of a piece that belongs to a message. */
interface Range {
  readonly piece: number;
  readonly from: number;
  readonly to: number;
}

class MailReader {
  private readonly stream: FollowedStream;
  private readonly spans: Span[];
  private readonly lines: [string, string] = ['', ''];
  /** The client said DATA; the server has not answered yet. */
  private asked: -1 | 0 | 1 = -1;
  private sender: -1 | 0 | 1 = -1;
  private ranges: Range[] = [];
  private missing = 0;
  private length = 0;
  private row = 0;
  /** The last four bytes of the message so far, as characters. */
  private tail = '';

  constructor(stream: FollowedStream, spans: Span[]) {
    this.stream = stream;
    this.spans = spans;
  }

  take(piece: number): void {
    const { pieces } = this.stream;
    const direction = pieces.direction(piece);
    if (pieces.isMissing(piece)) {
      if (direction === this.sender) this.missing += pieces.length(piece);
      else this.lines[direction] = '';
      return;
    }
    const bytes = this.stream.read(piece);
    this.row = pieces.row(piece);
    let at = 0;
    while (at < bytes.length) {
      if (direction === this.sender) at = this.message(piece, bytes, at);
      else at = this.line(direction, bytes, at);
    }
  }

  finish(): void {
    if (this.sender >= 0 && this.length > 0) this.end(false);
  }

  /** A line of commands or replies. */
  private line(direction: 0 | 1, bytes: Uint8Array, from: number): number {
    const feed = bytes.indexOf(LF, from);
    const stop = feed < 0 ? bytes.length : feed + 1;
    const text = this.lines[direction] + decodeLatin1(bytes, from, Math.min(stop, from + MAX_LINE));
    this.lines[direction] = feed < 0 ? text.slice(0, MAX_LINE) : '';
    if (feed < 0) return stop;
    if (/^data\s*$/i.test(text)) this.asked = direction;
    else if (this.asked >= 0 && direction !== this.asked && /^\d{3} /.test(text)) {
      if (text.startsWith('354')) this.begin(this.asked);
      this.asked = -1;
    }
    return stop;
  }

  private begin(sender: -1 | 0 | 1): void {
    this.sender = sender;
    this.ranges = [];
    this.missing = 0;
    this.length = 0;
    this.tail = '\r\n';
  }

  /** Bytes of a message; returns where commands begin again. */
  private message(piece: number, bytes: Uint8Array, from: number): number {
    let at = from;
    for (; at < bytes.length; at++) {
      this.tail = (this.tail + String.fromCharCode(bytes[at])).slice(-5);
      if (bytes[at] === LF && (this.tail === '\r\n.\r\n' || this.tail === '\n.\n')) {
        this.keep(piece, from, at + 1);
        this.end(true);
        return at + 1;
      }
    }
    this.keep(piece, from, at);
    if (this.length > MAX_MESSAGE) this.end(false);
    return at;
  }

  private keep(piece: number, from: number, to: number): void {
    this.ranges.push({ piece, from, to });
    this.length += to - from;
  }

  private end(isEnded: boolean): void {
    const { stream, ranges, row, missing } = this;
    const bytes = (): Uint8Array => withoutStuffing(stream, ranges, isEnded);
    const first = ranges[0];
    const head = first === undefined ? '' : decodeUtf8(stream.read(first.piece), first.from, first.to);
    const length = bytes().length;
    if (this.sender >= 0)
      this.spans.push({ direction: this.sender === 1 ? 1 : 0, row, missing, isEnded, head, bytes, length });
    this.sender = -1;
  }
}

/** The message as it was before it was sent: a dot that a line begins with was doubled, the last line is none of it. */
function withoutStuffing(stream: FollowedStream, ranges: readonly Range[], isEnded: boolean): Uint8Array {
  const all = new Uint8Array(ranges.reduce((sum, { from, to }) => sum + to - from, 0));
  let length = 0;
  let isLineStart = true;
  for (const { piece, from, to } of ranges) {
    const bytes = stream.read(piece);
    for (let at = from; at < to; at++) {
      const isStuffed = isLineStart && bytes[at] === DOT;
      isLineStart = bytes[at] === LF;
      if (!isStuffed) all[length++] = bytes[at];
    }
  }
  // Of the last line only its end is left: the dot is gone.
  const tail = all[length - 2] === CR ? 2 : 1;
  return all.subarray(0, isEnded ? length - tail : length);
}

/** The subject names the message, as Wireshark does. */
function subjectOf(head: string): string {
  const subject = /^subject:[ \t]*(.*(?:\r?\n[ \t].*)*)/im.exec(head.split(/\r?\n\r?\n/, 1)[0] ?? '')?.[1] ?? '';
  const text = subject.replace(/\r?\n[ \t]+/g, ' ').trim();
  return `${text === '' ? 'message' : text}.eml`;
}
