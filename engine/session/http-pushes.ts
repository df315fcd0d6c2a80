/**
 * Large bodies of HTTP/1.x messages (RFC 9112 6), whole or with holes: their sizes are in Content-Length or in the chunks, so what
 * follows a hole is found again. Where a head or a chunk's size was not captured, the direction goes on with the next segment that
 * begins a message.
 */

import { protocolNamed } from '../dissect/registry.ts';
import { FLOW, firstApplication, ipProtocolOf } from '../table/flow-states.ts';
import type { Capture } from './capture.ts';
import type { Dissector } from './dissector.ts';
import type { Direction } from './follow/pieces.ts';
import { tcpPieces } from './follow/transport-pieces.ts';
import { type Push, pushOf, type Span } from './pushes.ts';
import { StreamBytes } from './stream-bytes.ts';
import type { Job } from './turns.ts';

/** Bodies below are no large pushes. */
const LARGE_BODY = 256 * 1024;
const HTTP = protocolNamed('http').index;
const TCP = 6;
/** How much is read for a head at first, and at most. */
const HEAD = { first: 2048, most: 16_384 } as const;
/** A chunk's size with its extensions (RFC 9112 7.1). */
const CHUNK_LINE = 256;
/** Of a body; one in more pieces is no push that somebody waits for. */
const MOST_CHUNKS = 1_000_000;
const START = /^(?:HTTP\/1\.[01] (\d{3})|([A-Z][A-Z-]{2,20}) \S+ HTTP\/1\.[01])/;

/** Connections with HTTP that carried enough for a large body in one direction. */
export function httpFlows({ pass, flows, table }: Capture): number[] {
  const found: number[] = [];
  for (let flow = 0; flow < pass.flows.count; flow++) {
    if (firstApplication(pass.flows.get(flow, FLOW.application)) !== HTTP + 1) continue;
    if (ipProtocolOf(pass.flows.get(flow, FLOW.bits)) !== TCP) continue;
    const count = flows.count(flow);
    let bytes = 0;
    for (let i = 0; i < count && bytes < LARGE_BODY; i++) bytes += table.get('payloadLength', flows.row(flow, i));
    if (bytes >= LARGE_BODY) found.push(flow);
  }
  return found;
}

export async function httpPushesOf(capture: Capture, dissector: Dissector, flow: number, job: Job): Promise<Push[]> {
  const pieces = await tcpPieces(capture, dissector, flow, job);
  const found: Push[] = [];
  /** Methods of the requests, in order: some responses have no body whatever their head says. */
  const methods: string[] = [];
  for (const direction of [0, 1] as const) {
    const reader = new BodyReader(new StreamBytes(dissector, pieces, direction), { flow, direction }, methods);
    found.push(...(await reader.all(job)));
  }
  return found;
}

interface Head {
  readonly end: number;
  /** NaN: a request. */
  readonly status: number;
  readonly method: string;
  /** Bytes of the body; NaN: up to the end of the connection. */
  readonly length: number;
  readonly isChunked: boolean;
}

interface Body {
  readonly spans: readonly Span[];
  /** Place behind it. */
  readonly end: number;
  /** All sizes are known. */
  readonly isWhole: boolean;
}

class BodyReader {
  private readonly stream: StreamBytes;
  private readonly about: { readonly flow: number; readonly direction: Direction };
  private readonly methods: string[];
  private answers = 0;

  constructor(stream: StreamBytes, about: BodyReader['about'], methods: string[]) {
    this.stream = stream;
    this.about = about;
    this.methods = methods;
  }

  async all(job: Job): Promise<Push[]> {
    const { stream } = this;
    const found: Push[] = [];
    let at = 0;
    while (at < stream.length) {
      const waiting = job.pause(at, stream.length);
      if (waiting !== null) await waiting;
      const head = this.headAt(at);
      if (head === null) {
        const next = this.nextMessage(at);
        if (next < 0) return found;
        at = next;
        continue;
      }
      const body = await this.bodyOf(head, job);
      // What follows is another protocol, or ends with the connection: its size is nowhere.
      if (body === null) return found;
      const size = body.spans.reduce((sum, { length }) => sum + length, 0);
      const kind = Number.isNaN(head.status) ? 'request' : 'response';
      if (size >= LARGE_BODY && body.isWhole)
        found.push(pushOf(stream, { ...this.about, kind }, { spans: body.spans, header: at }));
      at = body.end;
    }
    return found;
  }

  private headAt(at: number): Head | null {
    for (let most: number = HEAD.first; ; most *= 4) {
      const bytes = this.stream.read(at, most);
      if (bytes === null) return null;
      const text = latin(bytes);
      const end = text.indexOf('\r\n\r\n');
      if (end >= 0) return headOf(text.slice(0, end), at + end + 4);
      if (bytes.length < most || most > HEAD.most || !START.test(text)) return null;
    }
  }

  /** null: nobody says where it ends. */
  private async bodyOf(head: Head, job: Job): Promise<Body | null> {
    const { status, method } = head;
    if (Number.isNaN(status)) this.methods.push(method);
    const asked = Number.isNaN(status) || status < 200 ? method : (this.methods[this.answers++] ?? 'GET');
    const isBare = status < 200 || status === 204 || status === 304 || (!Number.isNaN(status) && asked === 'HEAD');
    if (status === 101 || (asked === 'CONNECT' && status >= 200 && status < 300)) return null;
    if (isBare) return { spans: [], end: head.end, isWhole: true };
    if (head.isChunked) return this.chunks(head.end, job);
    if (Number.isNaN(head.length)) return null;
    return { spans: [{ at: head.end, length: head.length, mask: null }], end: head.end + head.length, isWhole: true };
  }

  private async chunks(from: number, job: Job): Promise<Body> {
    const spans: Span[] = [];
    let at = from;
    for (;;) {
      const waiting = job.pause(at, this.stream.length);
      if (waiting !== null) await waiting;
      const line = latin(this.stream.read(at, CHUNK_LINE) ?? new Uint8Array(0));
      const size = /^([0-9a-fA-F]{1,12})[ \t]*(?:;[^\r\n]*)?\r\n/.exec(line);
      if (size === null || spans.length === MOST_CHUNKS) return { spans, end: at, isWhole: false };
      const length = Number.parseInt(size[1], 16);
      at += size[0].length;
      if (length === 0) return { spans, end: this.trailerEnd(at), isWhole: true };
      spans.push({ at, length, mask: null });
      at += length + 2;
    }
  }

  /** Behind the fields that may follow the last chunk, and the empty line. */
  private trailerEnd(at: number): number {
    const text = latin(this.stream.read(at, HEAD.first) ?? new Uint8Array(0));
    if (text.startsWith('\r\n')) return at + 2;
    const end = text.indexOf('\r\n\r\n');
    return end < 0 ? at : at + end + 4;
  }

  /** The next segment that begins a message; -1: there is none. */
  private nextMessage(from: number): number {
    for (let at = this.stream.nextPiece(from); at >= 0; at = this.stream.nextPiece(at)) {
      const bytes = this.stream.read(at, CHUNK_LINE);
      if (bytes !== null && START.test(latin(bytes))) return at;
    }
    return -1;
  }
}

function headOf(text: string, end: number): Head | null {
  const start = START.exec(text);
  if (start === null) return null;
  const field = (name: string): string =>
    new RegExp(`\\r\\n${name}:[ \\t]*([^\\r\\n]*)`, 'i').exec(text)?.[1]?.trim() ?? '';
  const told = field('content-length');
  const isRequest = start[1] === undefined;
  const length = /^\d{1,15}$/.test(told) ? Number(told) : Number.NaN;
  return {
    end,
    status: isRequest ? Number.NaN : Number(start[1]),
    method: start[2] ?? '',
    length: isRequest && Number.isNaN(length) ? 0 : length,
    isChunked: /(?:^|,)\s*chunked\s*$/i.test(field('transfer-encoding')),
  };
}

function latin(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 8192) text += String.fromCharCode(...bytes.subarray(at, at + 8192));
  return text;
}
