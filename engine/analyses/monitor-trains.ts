/**
 * Senders that wait for acknowledgements with nothing lost and no queue on the way, told by what passes in one round trip (RFC
 * 9293 3.8.6). As much as the receiver's window: that window was the limit. The same again and again, with pauses that an
 * acknowledgement ends, though the window holds more and nothing was lost: a limit of the sender, its buffer or its congestion
 * window. Seen alike from anywhere on the way, because a pause is compared with the acknowledgement that ended it and the time
 * from here to the sender and back; and where a queue makes round trips long, less than a window passes in the shortest one.
 */

/** One direction's record. */
const AT = {
  /** The round trip that is under way: when it began, its bytes, whether an acknowledgement ended a pause, or something else did. */
  start: 0,
  bytes: 1,
  paused: 2,
  broken: 3,
  /** What the flow had waited for the network when it began. */
  waited: 4,
  /** Time of the last segment, and of the first and last acknowledgements of what came behind the last pause. */
  last: 5,
  firstAck: 6,
  lastAck: 7,
  /** Bytes that round trips have, how many in a row, and what they waited that is not explained yet. */
  reference: 8,
  steady: 9,
  pending: 10,
  window: 11,
  unit: 12,
  /** 1: something was sent again. */
  lost: 13,
} as const;
const WORDS = 14;

/** A pause is at least this share of a round trip; */
const PAUSE = 0.3;
/** what ends it comes this share of a round trip, and a little, around the moment when acknowledgements allow it. */
const AROUND = 0.1;
const SLACK_NS = 500e3;
/** After more round trips than this it is another turn. */
const LONGEST = 2.5;
/** Round trips are as full as one another up to this share, and so many in a row are no coincidence. */
const ALIKE = 0.1;
const STEADY = 4;
/** What may be left of a full window: less than two segments fit into it. */
const LEFT = { bytes: 2920, share: 0.15 } as const;

/** Shortest round trip that is looked at, and packets with data and waiting for the network before that: less is no cause. */
export const TRAINS = { leastTrip: 1e6, leastData: 16, leastWait: 50e6 } as const;

export const LIMIT = { none: 0, receiver: 1, sender: 2 } as const;

export class Trains {
  private records = new Float64Array(64 * WORDS);
  /** Sequence number behind the last pause. */
  private starts = new Uint32Array(64);
  private count = 0;
  /** Nanoseconds that the last limit that was found explains. */
  explained = 0;

  /** A record for one direction of a flow; numbers start at 1. `unit`: bytes that a window's units are; NaN: not known. */
  add(unit: number): number {
    if ((this.count + 1) * WORDS > this.records.length) {
      const records = new Float64Array(2 * this.records.length);
      records.set(this.records);
      this.records = records;
      const starts = new Uint32Array(2 * this.starts.length);
      starts.set(this.starts);
      this.starts = starts;
    }
    const at = this.count * WORDS;
    for (const unknown of [AT.start, AT.last, AT.firstAck, AT.lastAck, AT.window])
      this.records[at + unknown] = Number.NaN;
    this.records[at + AT.unit] = unit;
    return ++this.count;
  }

  /** Something was sent again: from here on it may be the congestion window that is small. */
  lose(number: number): void {
    this.records[(number - 1) * WORDS + AT.lost] = 1;
  }

  /** The other side speaks for itself: a dialogue, in which sizes are the programs'. */
  turn(number: number): void {
    const at = (number - 1) * WORDS;
    const { records } = this;
    records[at + AT.start] = Number.NaN;
    records[at + AT.last] = Number.NaN;
    records[at + AT.steady] = 0;
    records[at + AT.pending] = 0;
  }

  /** An acknowledgement by the other side, with its window. */
  acknowledge(number: number, ack: number, window: number, time: number): void {
    const at = (number - 1) * WORDS;
    const { records } = this;
    records[at + AT.window] = window * records[at + AT.unit];
    if (((ack - this.starts[number - 1]) | 0) <= 0) return;
    records[at + AT.lastAck] = time;
    if (Number.isNaN(records[at + AT.firstAck])) records[at + AT.firstAck] = time;
  }

  /**
   * A segment sent for the first time: what held it up, of LIMIT. `trip`: the whole round trip; `back`: from here to the sender
   * and back; `waited`: all time so far that the flow waited for the network.
   */
  data(number: number, seq: number, length: number, time: number, trip: number, back: number, waited: number): number {
    const at = (number - 1) * WORDS;
    const { records } = this;
    if (time - records[at + AT.last] >= PAUSE * trip) {
      const around = AROUND * trip + SLACK_NS;
      const isReleased =
        time >= records[at + AT.firstAck] + back - around && time <= records[at + AT.lastAck] + back + around;
      records[at + (isReleased ? AT.paused : AT.broken)] = 1;
      records[at + AT.firstAck] = Number.NaN;
      this.starts[number - 1] = seq;
    }
    records[at + AT.last] = time;
    const took = time - records[at + AT.start];
    if (took < trip) {
      records[at + AT.bytes] += length;
      return LIMIT.none;
    }
    let limit: number = LIMIT.none;
    if (took <= LONGEST * trip) limit = this.limitOf(at, waited - records[at + AT.waited]);
    else records[at + AT.steady] = 0;
    if (Number.isNaN(took)) this.starts[number - 1] = seq;
    records[at + AT.start] = time;
    records[at + AT.bytes] = length;
    records[at + AT.paused] = 0;
    records[at + AT.broken] = 0;
    records[at + AT.waited] = limit === LIMIT.none ? waited : waited - this.explained;
    return limit;
  }

  /** Of the round trip that has just ended. */
  private limitOf(at: number, since: number): number {
    const { records } = this;
    const bytes = records[at + AT.bytes];
    const window = records[at + AT.window];
    const reference = records[at + AT.reference];
    const isAlike = Math.abs(bytes - reference) <= ALIKE * reference;
    if (!isAlike) records[at + AT.reference] = bytes;
    if (bytes >= window / 2 && window - bytes <= Math.max(LEFT.bytes, LEFT.share * window)) {
      records[at + AT.steady] = 0;
      this.explained = since;
      return LIMIT.receiver;
    }
    if (!isAlike || records[at + AT.steady] === 0 || records[at + AT.broken] === 1 || records[at + AT.paused] === 0) {
      records[at + AT.steady] = records[at + AT.broken] === 1 ? 0 : 1;
      records[at + AT.pending] = since;
      return LIMIT.none;
    }
    records[at + AT.steady]++;
    records[at + AT.pending] += since;
    if (records[at + AT.steady] < STEADY || records[at + AT.lost] === 1 || Number.isNaN(window)) return LIMIT.none;
    this.explained = records[at + AT.pending];
    records[at + AT.pending] = 0;
    return LIMIT.sender;
  }
}
