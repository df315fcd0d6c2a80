/**
 * Why a TCP segment was sent again, told from the outside: by duplicate acknowledgements (fast retransmission and what follows
 * in the same recovery, RFC 5681 3.2, RFC 6675), by the timer (RFC 6298), as a tail loss probe (RFC 8985 7), needlessly, or as
 * part of a handshake. Only segments that are repetitions come here, so it may be slower than the pass around it.
 */

/** In three bits of the analysis column; 0: the segment is no repetition. */
export const RESENT = { fast: 1, timeout: 2, probe: 3, spurious: 4, syn: 5 } as const;
export const RESENT_SHIFT = 16;
export const RESENT_MASK = 7;

/** In the two bits above it: on which side of the capture point a segment was lost that was sent again; 0: nothing is known. */
export const LOST = { before: 1, after: 2 } as const;
export const LOST_SHIFT = 19;
export const LOST_MASK = 3;

/** Least timeout of the systems that there are (Linux 200 ms, Windows 300 ms); RFC 6298 asks for a second. */
const LEAST_RTO_NS = 200e6;
/** A timeout is not shorter than this many round trips: smoothed round trip and four deviations of half of it. */
const RTO_TRIPS = 3;

interface Recovery {
  kind: number;
  /** Everything below was in flight when it began. */
  end: number;
  /** When the sender last sent something of it. */
  last: number;
}

export interface Repetition {
  /** The sender's flow and direction, as one number. */
  readonly sender: number;
  readonly time: number;
  readonly seq: number;
  /** Sequence number behind it. */
  readonly following: number;
  readonly isSyn: boolean;
  readonly isSpurious: boolean;
  /** What the receiver acknowledged last, and how often beside the first time. */
  readonly lastAck: number;
  readonly duplicateAcks: number;
  /** Highest sequence number sent, and when. */
  readonly highest: number;
  readonly highestTime: number;
  /** NaN: not known. */
  readonly roundTrip: number;
}

function before(a: number, b: number): boolean {
  return ((a - b) | 0) < 0;
}

export class ResentKinds {
  private readonly recoveries = new Map<number, Recovery>();

  /** A value of RESENT. */
  kindOf(one: Repetition): number {
    if (one.isSyn) return RESENT.syn;
    if (one.isSpurious) return RESENT.spurious;
    const known = this.recoveries.get(one.sender);
    const recovery = known !== undefined && before(one.lastAck, known.end) ? known : null;
    const since = one.time - Math.max(one.highestTime, recovery?.last ?? one.highestTime);
    const isLate = since >= this.timeout(one);
    if (recovery !== null && !isLate) {
      recovery.last = one.time;
      // The first timeout resends one segment; what follows it belongs to the same loss.
      return recovery.kind;
    }
    const kind = this.newLoss(one, isLate);
    if (kind !== RESENT.probe) this.recoveries.set(one.sender, { kind, end: one.highest, last: one.time });
    return kind;
  }

  /** Is the sender repairing a loss that this segment may be a part of? */
  isRecovering(sender: number, seq: number, lastAck: number): boolean {
    const recovery = this.recoveries.get(sender);
    return recovery !== undefined && before(lastAck, recovery.end) && before(seq, recovery.end);
  }

  private newLoss({ duplicateAcks, following, highest }: Repetition, isLate: boolean): number {
    if (isLate) return RESENT.timeout;
    if (duplicateAcks >= 2) return RESENT.fast;
    // A probe repeats the last segment; a timer would have waited longer.
    if (following === highest) return RESENT.probe;
    return duplicateAcks > 0 ? RESENT.fast : RESENT.timeout;
  }

  private timeout({ roundTrip }: Repetition): number {
    return Number.isNaN(roundTrip) ? LEAST_RTO_NS : Math.max(LEAST_RTO_NS, RTO_TRIPS * roundTrip);
  }
}
