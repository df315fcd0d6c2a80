/**
 * Holes in TCP streams while loading. What comes behind a hole is framed at once, as if the hole stayed: most do, as the capture
 * missed a packet. It is kept as well (bounded), for a late segment that fills the hole: framing then starts again from there,
 * and the messages that the late segment was missing for belong to its row. What was told rightly before stays where it is.
 */

import { FLOW, SIDE, SIDE_BIT } from '../table/flow-states.ts';
import type { Message } from './message-table.ts';

/** What is kept behind one hole at most, and behind all of them; the oldest hole is given up first. */
const MAX_HELD_BYTES = 2 << 20;
const MAX_HELD_SEGMENTS = 4096;
const MAX_ALL_BYTES = 16 << 20;
/** What a segment costs beside its bytes. */
const SEGMENT_COST = 128;

/** Words of a side that framing uses beside its bits. */
const WORDS = [SIDE.expected, SIDE.missing, SIDE.frameState, SIDE.startRow, SIDE.startOffset] as const;
const OTHER_BITS =
  SIDE_BIT.baseKnown |
  SIDE_BIT.nextKnown |
  SIDE_BIT.ackableKnown |
  SIDE_BIT.ackKnown |
  SIDE_BIT.windowKnown |
  SIDE_BIT.keepAlive |
  SIDE_BIT.zeroWindowProbe |
  SIDE_BIT.disorder |
  (0x1f << 16);

/** Framing's state of one direction at a moment. */
export interface SavedSide {
  readonly bits: number;
  readonly words: readonly number[];
  readonly shared: number;
  /** What had come of a header. */
  readonly header: Uint8Array | null;
}

export function saveSide(w: Uint32Array, base: number, side: number, header: Uint8Array | null): SavedSide {
  return {
    bits: w[side + SIDE.bits] & ~OTHER_BITS,
    words: WORDS.map((word) => w[side + word]),
    shared: w[base + FLOW.shared],
    header,
  };
}

/** All but the flow's own number and the header. */
export function restoreSide(w: Uint32Array, side: number, saved: SavedSide): void {
  w[side + SIDE.bits] = (w[side + SIDE.bits] & OTHER_BITS) | saved.bits;
  WORDS.forEach((word, i) => {
    w[side + word] = saved.words[i];
  });
}

/** A segment behind a hole. */
interface HeldSegment {
  readonly row: number;
  readonly seq: number;
  readonly bytes: Uint8Array;
  /** Payload on the wire. */
  readonly length: number;
}

/** A message that was told although something before it was missing. */
export interface Told extends Message {
  readonly row: number;
  readonly startSeq: number;
  readonly endSeq: number;
  /** What lay above it. */
  readonly above: number;
}

export class Hole {
  /** The flow's application when the hole was found: what is something else since is left as it is. */
  readonly application: number;
  /** Where it begins. */
  from: number;
  before: SavedSide;
  held: HeldSegment[] = [];
  bytes = 0;
  /** First byte of the message at hand; of one that began before the hole: a number that no other can have. */
  beganSeq = 0;
  /** The framers' common number as this direction left it last. */
  sharedAfter = 0;
  /** By their first byte. */
  private readonly told = new Map<number, Told>();
  private right = new Set<Told>();
  private first: HeldSegment | null = null;

  constructor(application: number, before: SavedSide) {
    this.application = application;
    this.before = before;
    this.from = before.words[0];
  }

  /** Positions in what was kept are counted from the segment that came first. */
  get anchor(): { readonly row: number; readonly seq: number } {
    if (this.first === null) throw new Error('nothing is behind the hole');
    return this.first;
  }

  /** Keeps a segment's payload; false: there is too much. */
  hold(row: number, seq: number, bytes: Uint8Array, at: number, end: number, length: number): boolean {
    const begin = (seq - this.from) | 0;
    let place = this.held.length;
    while (place > 0 && ((this.held[place - 1].seq - this.from) | 0) > begin) place--;
    const before = this.held[place - 1];
    if (before !== undefined && ((before.seq + before.length - seq - length) | 0) >= 0) return true; // came before
    if (this.held.length >= MAX_HELD_SEGMENTS || this.bytes + end - at > MAX_HELD_BYTES) return false;
    const segment = { row, seq, bytes: bytes.slice(at, end), length };
    this.held.splice(place, 0, segment);
    this.first ??= segment;
    this.bytes += SEGMENT_COST + end - at;
    return true;
  }

  tell(told: Told): void {
    this.told.set(told.startSeq, told);
  }

  /** Was a message told with these ends? Then it was right, and stays, unless it is `isOrdered`. */
  confirm(endSeq: number, isOrdered: boolean): boolean {
    const found = this.told.get(this.beganSeq);
    if (found?.endSeq !== endSeq || isOrdered) return false;
    this.right.add(found);
    return true;
  }

  /** Rows of which not all was right, up to a sequence number, with what is left of them. Those up to there are forgotten. */
  settle(end: number): Map<number, Told[]> {
    const rows = new Map<number, Told[]>();
    for (const [key, one] of this.told) {
      if (((one.endSeq - end) | 0) > 0) continue;
      this.told.delete(key);
      if (!this.right.has(one)) rows.set(one.row, []);
    }
    for (const one of this.right) rows.get(one.row)?.push(one);
    this.right = new Set();
    return rows;
  }

  /** It goes on from `before`, and `first` is the first of the segments that are kept behind it. */
  moveTo(before: SavedSide, first: number): void {
    this.before = before;
    this.from = before.words[0];
    this.held = this.held.slice(first);
    this.bytes = this.held.reduce((sum, { bytes }) => sum + SEGMENT_COST + bytes.length, 0);
  }
}

/** By flow and direction. */
export class Holes {
  private readonly holes = new Map<number, Hole>();
  private bytes = 0;

  get(key: number): Hole | null {
    return this.holes.size > 0 ? (this.holes.get(key) ?? null) : null;
  }

  open(key: number, hole: Hole): void {
    this.holes.set(key, hole);
  }

  /** Keeps a segment behind a hole, or gives the hole up. */
  hold(key: number, hole: Hole, row: number, seq: number, bytes: Uint8Array, at: number, end: number, length: number) {
    this.bytes -= hole.bytes;
    const isHeld = hole.hold(row, seq, bytes, at, end, length);
    this.bytes += hole.bytes;
    if (!isHeld) this.drop(key);
    for (const oldest of this.holes.keys()) {
      if (this.bytes <= MAX_ALL_BYTES) break;
      this.drop(oldest);
    }
  }

  /** Runs what changes a hole's bytes. */
  changing(hole: Hole, change: () => void): void {
    this.bytes -= hole.bytes;
    change();
    this.bytes += hole.bytes;
  }

  drop(key: number): void {
    const hole = this.holes.get(key);
    if (hole === undefined) return;
    this.bytes -= hole.bytes;
    this.holes.delete(key);
  }
}

/** What late segments changed: known when all is loaded, and needed by whoever frames a flow again. */
export class Fills {
  /** Rows that filled a hole. */
  readonly rows = new Set<number>();
  /** How many of them flows have. */
  readonly flows = new Map<number, number>();
  /** Flows whose messages are read in order. */
  readonly ordered = new Set<number>();
  /** Messages of rows that were told before something in front of them came. */
  readonly amended = new Map<number, readonly Message[]>();
  private hasAmended = false;

  amend(row: number, messages: readonly Message[]): void {
    this.amended.set(row, messages);
    this.hasAmended = true;
  }

  /** Were rows amended since this was asked last? */
  takeAmended(): boolean {
    const had = this.hasAmended;
    this.hasAmended = false;
    return had;
  }

  add(row: number, flow: number, isOrdered: boolean): void {
    this.rows.add(row);
    if (isOrdered) this.ordered.add(flow);
    this.flows.set(flow, (this.flows.get(flow) ?? 0) + 1);
  }

  /** Rows before `first` are gone. */
  retire(first: number): void {
    for (const row of this.rows) if (row < first) this.rows.delete(row);
    for (const row of this.amended.keys()) if (row < first) this.amended.delete(row);
  }
}
