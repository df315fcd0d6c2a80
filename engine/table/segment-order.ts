/**
 * One direction of a TCP connection put in order (RFC 9293 3.4): segments that came too early wait for the bytes before them;
 * bytes that were there before are skipped, the first ones count. A hole is given up when the receiver acknowledged what lies
 * behind it (then it was sent, but not captured), when too much waits, or at the end. Sequence numbers are modulo 2^32.
 */

/** What comes out, in stream order. */
export interface OrderedSegments<Item> {
  /** Bytes [skip, skip + length) of the item's payload come next. */
  piece(item: Item, skip: number, length: number): void;
  /** So many bytes are missing here. */
  gap(length: number): void;
}

export interface OrderLimits {
  /** Segments and bytes that may wait in one direction. */
  readonly segments: number;
  readonly bytes: number;
}

interface Waiting<Item> {
  /** Distance of its first byte from the stream's start, as a number that does not wrap. */
  readonly at: number;
  readonly length: number;
  readonly item: Item;
}

export class SegmentOrder<Item> {
  private readonly out: OrderedSegments<Item>;
  private readonly limits: OrderLimits;
  /** Bytes of the stream so far, holes included; the next byte's place. */
  position = 0;
  private isStarted = false;
  /** Sequence number of the next byte, as a signed 32-bit integer. */
  private expected = 0;
  /** By place, ascending. */
  private waiting: Waiting<Item>[] = [];
  private waitingBytes = 0;

  constructor(out: OrderedSegments<Item>, limits: OrderLimits) {
    this.out = out;
    this.limits = limits;
  }

  /** Segments that wait for bytes before them. */
  get held(): number {
    return this.waiting.length;
  }

  /** The first byte's sequence number is known: a SYN's, plus one. */
  start(seq: number): void {
    if (this.isStarted) return;
    this.isStarted = true;
    this.expected = seq | 0;
  }

  /** Takes a segment's payload: `length` bytes from `seq` on. */
  take(seq: number, length: number, item: Item): void {
    if (length <= 0) return;
    this.start(seq);
    const ahead = (seq - this.expected) | 0;
    if (ahead > 0) {
      this.hold({ at: this.position + ahead, length, item });
      while (this.waiting.length > this.limits.segments || this.waitingBytes > this.limits.bytes) this.giveUp();
      return;
    }
    if (ahead + length <= 0) return;
    this.emit(item, -ahead, length + ahead);
    this.release();
  }

  /** The other side has received everything before `ack`. */
  acked(ack: number): void {
    while (this.waiting.length > 0) {
      const covered = this.position + ((ack - this.expected) | 0);
      if (covered < this.waiting[0].at) return;
      this.giveUp();
    }
  }

  /** No more will come: what waits comes out behind its holes. */
  finish(): void {
    while (this.waiting.length > 0) this.giveUp();
  }

  private hold(one: Waiting<Item>): void {
    let place = this.waiting.length;
    while (place > 0 && this.waiting[place - 1].at > one.at) place--;
    // The same bytes again: those that came first stay.
    const before = this.waiting[place - 1];
    if (before !== undefined && before.at + before.length >= one.at + one.length) return;
    this.waiting.splice(place, 0, one);
    this.waitingBytes += one.length;
  }

  private giveUp(): void {
    const hole = this.waiting[0].at - this.position;
    this.out.gap(hole);
    this.move(hole);
    this.release();
  }

  /** Everything that the next byte is in. */
  private release(): void {
    let done = 0;
    for (; done < this.waiting.length; done++) {
      const { at, length, item } = this.waiting[done];
      if (at > this.position) break;
      this.waitingBytes -= length;
      const skip = this.position - at;
      if (skip < length) this.emit(item, skip, length - skip);
    }
    if (done > 0) this.waiting = this.waiting.slice(done);
  }

  private emit(item: Item, skip: number, length: number): void {
    this.move(length);
    this.out.piece(item, skip, length);
  }

  private move(length: number): void {
    this.position += length;
    this.expected = (this.expected + length) | 0;
  }
}
