/**
 * A followed stream: what two hosts said to each other, in order, read from the capture when it is shown. Only the places of the
 * pieces are kept (some 30 bytes a packet), so that a stream of any length works.
 */

import { NagareError } from '../../base/errors.ts';
import { fromHex } from '../../base/hex.ts';
import type { Capture } from '../capture.ts';
import type { Dissector } from '../dissector.ts';
import type { Job } from '../turns.ts';
import { flowOfStream, type Transport } from './find-flow.ts';
import { type FollowKind, MESSAGE_KINDS } from './kinds.ts';
import { type FollowMode, type FollowSide, Layout } from './layout.ts';
import { messagePieces } from './message-pieces.ts';
import type { Pieces } from './pieces.ts';
import { type Matches, searchPieces } from './search.ts';
import { directionOf, tcpPieces, udpPieces } from './transport-pieces.ts';

/** Names a stream: `tcp.stream`, `udp.stream`; for http2 also the number of a stream inside it. */
export interface FollowTarget {
  readonly kind: FollowKind;
  readonly stream: number;
  readonly sub: number;
}

export interface StreamEnd {
  readonly name: string;
  readonly bytes: number;
  readonly missing: number;
  readonly packets: number;
}

export class FollowedStream {
  readonly target: FollowTarget;
  readonly pieces: Pieces;
  /** Who sent the first packet, and the other. */
  readonly ends: readonly [StreamEnd, StreamEnd];
  /** Streams inside it, where its kind has any. */
  readonly subs: readonly number[];

  private readonly dissector: Dissector;
  private lastRow = -1;
  private lastParts: readonly Uint8Array[] = [];
  private readonly layouts = new Map<string, Promise<Layout>>();
  private found: { readonly key: string; readonly matches: Matches } | null = null;

  constructor(
    dissector: Dissector,
    target: FollowTarget,
    pieces: Pieces,
    ends: readonly [StreamEnd, StreamEnd],
    subs: readonly number[],
  ) {
    this.dissector = dissector;
    this.target = target;
    this.pieces = pieces;
    this.ends = ends;
    this.subs = subs;
  }

  /** The bytes of a piece; zeros where the file no longer has them. */
  readonly read = (piece: number): Uint8Array => {
    const { pieces } = this;
    const length = pieces.length(piece);
    const row = pieces.row(piece);
    const skip = pieces.skip(piece);
    const isMessage = MESSAGE_KINDS[this.target.kind] !== undefined;
    if (row !== this.lastRow) {
      this.lastParts = this.partsOf(row);
      this.lastRow = row;
    }
    const part = isMessage ? this.lastParts[skip] : this.lastParts[0]?.subarray(skip, skip + length);
    if (part?.length === length) return part;
    const whole = new Uint8Array(length);
    whole.set(part?.subarray(0, length) ?? []);
    return whole;
  };

  private partsOf(row: number): readonly Uint8Array[] {
    const kind = MESSAGE_KINDS[this.target.kind];
    if (kind !== undefined) return kind.parts(this.dissector.dissect(row), this.target.sub);
    const { bytes, payloadAt, payloadEnd } = this.dissector.segmentBytes(row);
    return [bytes.subarray(payloadAt, payloadEnd)];
  }

  /** Its lines; made once for each way to look at it. */
  layout(mode: FollowMode, side: FollowSide, job: Job): Promise<Layout> {
    const key = `${mode} ${side}`;
    const known = this.layouts.get(key);
    if (known !== undefined) return known;
    const layout = new Layout(this.pieces, this.read, mode, side);
    const made = layout.build(job).then(() => layout);
    made.catch(() => this.layouts.delete(key)); // cancelled: it is made anew when it is wanted again
    this.layouts.set(key, made);
    return made;
  }

  /** Everything that matches; kept until something else is searched. Throws `bad-input` where hex digits are wrong. */
  async search(what: 'text' | 'hex', text: string, matchesCase: boolean, side: FollowSide, job: Job): Promise<Matches> {
    const key = JSON.stringify([what, text, matchesCase, side]);
    if (this.found?.key === key) return this.found.matches;
    const bytes = needle(what, text);
    const ignoresCase = what === 'text' && !matchesCase;
    const matches = await searchPieces(this.pieces, this.read, { bytes, ignoresCase, side }, job);
    this.found = { key, matches };
    return matches;
  }

  /** How many bytes a search looks for. */
  lengthOf(what: 'text' | 'hex', text: string): number {
    return needle(what, text).length;
  }

  /** The first line of a packet, or of the first one behind it. */
  lineOfRow(layout: Layout, row: number): number {
    const { pieces } = this;
    for (let i = 0; i < pieces.count; i++) {
      const isShown = layout.side === 'both' || pieces.direction(i) === layout.side;
      if (isShown && !pieces.isMissing(i) && pieces.row(i) >= row) return layout.lineAt(i, 0).line;
    }
    return Math.max(0, layout.count - 1);
  }
}

function needle(what: 'text' | 'hex', text: string): Uint8Array {
  if (what === 'text') return new TextEncoder().encode(text);
  const bytes = fromHex(text);
  if (bytes === null) throw new NagareError('bad-input', 'Hexadecimal digits come in pairs, e.g. 0d 0a.');
  return bytes;
}

/** Over what a kind of stream goes. */
export function transportOf(kind: FollowKind): Transport {
  return kind === 'udp' ? 'udp' : 'tcp';
}

/** Throws `bad-input` where the capture has no such stream. */
export async function followStream(
  capture: Capture,
  dissector: Dissector,
  target: FollowTarget,
  job: Job,
): Promise<FollowedStream> {
  const { flows } = capture;
  flows.update();
  const transport = transportOf(target.kind);
  const flow = flowOfStream(capture, transport, target.stream);
  if (flow < 0) throw new NagareError('bad-input', `There is no ${transport} stream ${target.stream}.`);
  const subs = new Set<number>();
  const pieces = await piecesOf(capture, dissector, flow, target, subs, job);
  const ends = endsOf(capture, flow, pieces);
  return new FollowedStream(
    dissector,
    target,
    pieces,
    ends,
    [...subs].sort((a, b) => a - b),
  );
}

function piecesOf(
  capture: Capture,
  dissector: Dissector,
  flow: number,
  { kind, sub }: FollowTarget,
  subs: Set<number>,
  job: Job,
): Promise<Pieces> {
  if (kind === 'tcp') return tcpPieces(capture, dissector, flow, job);
  if (kind === 'udp') return udpPieces(capture, dissector, flow, job);
  const messages = MESSAGE_KINDS[kind];
  if (messages === undefined) throw new NagareError('bad-input', `Streams of ${kind} cannot be followed.`);
  return messagePieces(capture, dissector, flow, messages, sub, subs, job);
}

function endsOf(capture: Capture, flow: number, pieces: Pieces): readonly [StreamEnd, StreamEnd] {
  const { flows, pass, table } = capture;
  const packets: [number, number] = [0, 0];
  const count = flows.count(flow);
  for (let i = 0; i < count; i++) packets[directionOf(capture, flows.row(flow, i))]++;
  const first = flows.row(flow, 0);
  const path = table.get('path', first);
  const { source, destination } = pass.paths.addresses(path);
  const word = pass.paths.words[pass.paths.start[path + 1] - 1];
  const names = [withPort(source, word >>> 16), withPort(destination, word & 0xffff)];
  if (directionOf(capture, first) === 1) names.reverse();
  const end = (direction: 0 | 1): StreamEnd => ({
    name: names[direction],
    bytes: pieces.bytes[direction],
    missing: pieces.missing[direction],
    packets: packets[direction],
  });
  return [end(0), end(1)];
}

function withPort(address: string, port: number): string {
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}
