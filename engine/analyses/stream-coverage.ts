/**
 * Which bytes of one direction of a TCP connection were seen, and which must have been sent without being seen: a hole is
 * opened by a segment behind it or by an acknowledgement that covers it, and closed by what comes late. Sequence numbers are
 * unwrapped (RFC 9293 3.4): offsets count from the first one seen and only grow.
 */

export interface Hole {
  from: number;
  to: number;
  /** The row behind it: the segment or the acknowledgement that showed that something is missing. */
  readonly row: number;
  /** Time of the last packet of this direction before it. */
  readonly after: number;
}

/** The largest window that the scale option allows (RFC 7323 2.3): more cannot be acknowledged at once. */
const MOST_IN_FLIGHT = 2 ** 30;

/** What a segment turned out to be. */
export const SEGMENT = { first: 0, fillsHole: 1, repeats: 2 } as const;

export class StreamCoverage {
  /** Bytes seen, each once. */
  seen = 0;
  readonly holes: Hole[] = [];
  /** Bytes of the last segment that closed holes, and bytes of it that had been seen. */
  filled = 0;
  repeated = 0;
  /** Highest offset that the other side has acknowledged. */
  acked = Number.NEGATIVE_INFINITY;

  private isKnown = false;
  private base = 0;
  private next = 0;
  private lastTime = Number.NaN;

  /** Offset of a sequence number near the ones seen last. */
  private offset(seq: number): number {
    return this.next + ((seq - this.base - this.next) | 0);
  }

  /** A segment of `length` bytes (SYN and FIN count one each) at `time`. */
  segment(seq: number, length: number, time: number, row: number): number {
    if (!this.isKnown) {
      this.isKnown = true;
      this.base = seq;
      this.next = 0;
    }
    // Farther away than any window: another connection, which goes on from here.
    if (Math.abs(this.offset(seq) - this.next) > MOST_IN_FLIGHT) this.base = (seq - this.next) | 0;
    const from = this.offset(seq);
    const to = from + length;
    this.filled = 0;
    this.repeated = 0;
    let kind: number = SEGMENT.first;
    if (to > 0 && length > 0 && from < this.next) kind = this.late(Math.max(0, from), Math.min(to, this.next));
    if (from > this.next) this.holes.push({ from: this.next, to: from, row, after: this.lastTime });
    if (to > this.next) {
      this.seen += to - Math.max(from, this.next);
      this.next = to;
    }
    this.lastTime = time;
    return kind;
  }

  /** The other side acknowledges up to `seq`. What lies behind the last byte seen was sent, and not seen. */
  acknowledge(seq: number, row: number): void {
    if (!this.isKnown) return;
    const to = this.offset(seq);
    if (to > this.acked) this.acked = to;
    if (to <= this.next || to - this.next > MOST_IN_FLIGHT) return;
    this.holes.push({ from: this.next, to, row, after: this.lastTime });
    this.next = to;
  }

  private late(from: number, to: number): number {
    const { holes } = this;
    for (let i = this.lastBefore(to); i >= 0 && holes[i].to > from; i--) {
      const hole = holes[i];
      const low = Math.max(from, hole.from);
      const high = Math.min(to, hole.to);
      this.filled += high - low;
      if (low === hole.from && high === hole.to) holes.splice(i, 1);
      else if (low === hole.from) hole.from = high;
      else if (high === hole.to) hole.to = low;
      else {
        holes.splice(i + 1, 0, { ...hole, from: high });
        hole.to = low;
      }
    }
    this.seen += this.filled;
    this.repeated = to - from - this.filled;
    return this.filled > 0 ? SEGMENT.fillsHole : SEGMENT.repeats;
  }

  /** Index of the last hole that begins before an offset; -1: none. */
  private lastBefore(offset: number): number {
    let low = 0;
    let high = this.holes.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.holes[middle].from < offset) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }
}
