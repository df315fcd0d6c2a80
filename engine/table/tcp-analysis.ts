/**
 * TCP analysis, one segment at a time in file order: retransmissions, reordering, duplicate ACKs, windows, and which segment
 * an ACK acknowledges. Conditions and names as Wireshark's User's Guide 7.5 states them; sequence arithmetic is modulo 2^32
 * (RFC 9293 3.4). Hot: once per TCP packet. The same code, replayed over one flow's rows, gives the figures that have no
 * column (bytes in flight, RTO ...).
 */

import { ANALYSIS } from './analysis-bits.ts';
import { FLAG } from './flags.ts';
import { FLOW_TIME, type FlowStates, SIDE, SIDE_BIT, SIDE_WORDS, shiftOf, withShift } from './flow-states.ts';
import { type Block, NO_ROW } from './packet-table.ts';
import { LOST, LOST_SHIFT, RESENT_SHIFT, ResentKinds } from './resent-kinds.ts';
import { grow } from './word-dictionary.ts';

export const TCP_FLAG = { fin: 1, syn: 2, reset: 4, push: 8, ack: 16, urgent: 32, ece: 64, cwr: 128 } as const;
const CONTROL = TCP_FLAG.syn | TCP_FLAG.fin | TCP_FLAG.reset;

/** A repetition this soon after the duplicate ACKs is a fast retransmission. */
const FAST_NS = 20e6;
/** Without a known round trip, a segment this soon after a higher one was reordered, not repeated. */
const REORDER_NS = 3e6;
/** Times past this are not exact in a column: that two are equal says nothing. */
const MAX_EXACT = 2 ** 53;
/** Segments remembered per direction while no ACK is seen. */
const MAX_UNACKED = 10_000;
/** In place of a number of duplicate ACKs: the other side has acknowledged what this capture does not have. More than any number. */
const ACKED_UNSEEN = 0xffffffff;

/** Is a behind b, modulo 2^32? */
function before(a: number, b: number): boolean {
  return ((a - b) | 0) < 0;
}

export class TcpAnalysis {
  private readonly flows: FlowStates;
  private readonly resent = new ResentKinds();
  /** What the last segment() found. */
  acksRow = NO_ROW;
  bytesInFlight = 0;
  duplicateNumber = 0;
  duplicateRow = NO_ROW;
  /** Of a retransmission: the row that its timer runs from, NO_ROW where unknown. */
  originalRow = NO_ROW;
  /** Work out bytesInFlight too: for replays of one flow, not for the pass over all packets. */
  isDetailed = false;
  /** Of a replay: by direction, the row with the highest sequence number. */
  private readonly farthestRow: [number, number] = [NO_ROW, NO_ROW];

  // Unacknowledged segments: records of four words (row, seq, next seq, next record); record 0 is none.
  private pool: Uint32Array = new Uint32Array(4 * 16);
  private poolUsed = 1;
  private free = 0;

  constructor(flows: FlowStates) {
    this.flows = flows;
  }

  /**
   * Takes one segment; returns its ANALYSIS bits. `direction` 0 or 1; its columns are in the block at `at`; `shift`: window
   * scale option + 2 of a SYN, 1 for a SYN without, 0 otherwise. (A number above 2^31 given as an argument would be allocated.)
   */
  segment(flow: number, direction: number, row: number, block: Block, at: number, shift: number): number {
    const time = block.time[at];
    const seq = block.seq[at];
    const ack = block.ack[at];
    const length = block.payloadLength[at];
    const flags = block.tcpFlags[at];
    const window = block.window[at];
    const w = this.flows.chunk(flow);
    const t = this.flows.times(flow);
    const base = this.flows.at(flow);
    const timeBase = this.flows.timesAt(flow);
    const f = base + direction * SIDE_WORDS;
    const r = base + (1 - direction) * SIDE_WORDS;
    const fTime = timeBase + (direction === 0 ? FLOW_TIME.lastAck : FLOW_TIME.lastAckReverse);
    const rTime = timeBase + (direction === 0 ? FLOW_TIME.lastAckReverse : FLOW_TIME.lastAck);
    const hasAck = (flags & TCP_FLAG.ack) !== 0;
    const isControl = (flags & CONTROL) !== 0;
    const occupies = length > 0 || (flags & (TCP_FLAG.syn | TCP_FLAG.fin)) !== 0;
    let found = 0;
    this.acksRow = NO_ROW;
    this.bytesInFlight = 0;
    this.duplicateNumber = 0;
    this.duplicateRow = NO_ROW;
    this.originalRow = NO_ROW;
    // The same segment at another place of the system: only the one at the adapter counts.
    if ((block.flags[at] & FLAG.copy) !== 0) return 0;

    let fBits = w[f + SIDE.bits];
    let rBits = w[r + SIDE.bits];
    if ((fBits & SIDE_BIT.baseKnown) === 0 || (flags & TCP_FLAG.syn) !== 0) {
      w[f + SIDE.baseSeq] = (flags & TCP_FLAG.syn) !== 0 ? seq : seq - 1;
      fBits |= SIDE_BIT.baseKnown;
    }
    if ((rBits & SIDE_BIT.baseKnown) === 0 && hasAck) {
      w[r + SIDE.baseSeq] = ack - 1;
      rBits |= SIDE_BIT.baseKnown;
    }
    if ((flags & TCP_FLAG.syn) !== 0) fBits = withShift(fBits, shift);

    const next = w[f + SIDE.nextSeq];
    // Zero stands for no number at all: a reset from a closed port has no other (RFC 9293 3.5.2).
    const nextKnown = (fBits & SIDE_BIT.nextKnown) !== 0 && next !== 0;
    const sameAck = (fBits & SIDE_BIT.ackKnown) !== 0 && ack === w[f + SIDE.lastAck];
    const atNext = nextKnown && seq === next;
    const sameWindow = (fBits & SIDE_BIT.windowKnown) !== 0 && window === w[f + SIDE.window];
    const lastOfReverse = rBits & (SIDE_BIT.keepAlive | SIDE_BIT.zeroWindowProbe);

    if (length === 1 && atNext && (rBits & SIDE_BIT.windowKnown) !== 0 && w[r + SIDE.window] === 0) {
      found = ANALYSIS.zeroWindowProbe;
    } else {
      if (window === 0 && !isControl) found |= ANALYSIS.zeroWindow;
      if (nextKnown && before(next, seq) && (flags & TCP_FLAG.reset) === 0) found |= ANALYSIS.lostSegment;
      if (length <= 1 && nextKnown && seq === (next - 1) >>> 0 && !isControl) found |= ANALYSIS.keepAlive;
      if (
        length === 0 &&
        window !== 0 &&
        !sameWindow &&
        (fBits & SIDE_BIT.windowKnown) !== 0 &&
        atNext &&
        sameAck &&
        !isControl
      ) {
        found |= ANALYSIS.windowUpdate;
      }
      if (length > 0 && !isControl && shiftOf(rBits) !== 0 && (rBits & SIDE_BIT.ackKnown) !== 0) {
        const scale = Math.max(0, shiftOf(rBits) - 2);
        if ((seq + length) >>> 0 === (w[r + SIDE.lastAck] + (w[r + SIDE.window] << scale)) >>> 0)
          found |= ANALYSIS.windowFull;
      }
      if (length === 0 && sameWindow && atNext && sameAck && !isControl) {
        if (window !== 0 && (lastOfReverse & SIDE_BIT.keepAlive) !== 0) found |= ANALYSIS.keepAliveAck;
        else if (window === 0 && (lastOfReverse & SIDE_BIT.zeroWindowProbe) !== 0) found |= ANALYSIS.zeroWindowProbeAck;
        else if (window !== 0) {
          found |= ANALYSIS.duplicateAck;
          const repeated = w[f + SIDE.duplicateAcks];
          w[f + SIDE.duplicateAcks] = this.duplicateNumber = repeated === ACKED_UNSEEN ? 1 : repeated + 1;
          this.duplicateRow = w[f + SIDE.ackRow];
        }
      }
    }
    if (!sameAck) {
      w[f + SIDE.duplicateAcks] = 0;
      w[f + SIDE.ackRow] = row;
    }

    if (hasAck && (rBits & SIDE_BIT.ackableKnown) !== 0 && before(w[r + SIDE.maxAckable], ack)) {
      if (before(w[r + SIDE.maxAckable], w[r + SIDE.nextSeq])) {
        w[r + SIDE.maxAckable] = w[r + SIDE.nextSeq];
        found |= ANALYSIS.ackedUnseen;
      } else {
        // Said once, until the sender of what is missing acknowledges something new.
        if (w[r + SIDE.duplicateAcks] === 0) found |= ANALYSIS.ackedUnseen;
        w[r + SIDE.duplicateAcks] = ACKED_UNSEEN;
      }
    }

    // One byte behind the end, and more behind that: new data that follows a probe of a closed window.
    const followsProbe = length > 1 && seq === (next - 1) >>> 0;
    if (occupies && nextKnown && before(seq, next) && !followsProbe && (found & ANALYSIS.keepAlive) === 0) {
      const kind = this.repeated(w, t, f, r, fTime, rTime, timeBase, time, seq, length, flags);
      found |= kind;
      // Reordered for Wireshark; but what was seen before was sent again, in a recovery that is quicker than a round trip.
      const sender = 2 * flow + direction;
      const lost = this.lostSide(w, f, seq, kind);
      if (
        (kind & ANALYSIS.retransmission) !== 0 ||
        lost === LOST.after ||
        this.resent.isRecovering(sender, seq, w[r + SIDE.lastAck])
      ) {
        found |= lost << LOST_SHIFT;
        const isSyn = (flags & TCP_FLAG.syn) !== 0;
        found |=
          this.resent.kindOf({
            sender,
            time,
            seq,
            following: (seq + length + ((flags & CONTROL) !== 0 ? 1 : 0)) >>> 0,
            isSyn,
            isSpurious: (kind & ANALYSIS.spuriousRetransmission) !== 0,
            lastAck: w[r + SIDE.lastAck],
            duplicateAcks: w[r + SIDE.duplicateAcks] === ACKED_UNSEEN ? 0 : w[r + SIDE.duplicateAcks],
            highest: next,
            highestTime: t[fTime + 1],
            roundTrip: t[timeBase + FLOW_TIME.initialRtt],
          }) << RESENT_SHIFT;
      }
    }

    const following = (seq + length + ((flags & (TCP_FLAG.syn | TCP_FLAG.fin)) !== 0 ? 1 : 0)) >>> 0;
    if ((found & ANALYSIS.zeroWindowProbe) === 0) {
      const wasNext = w[f + SIDE.nextSeq];
      if (!nextKnown || before(wasNext, following)) {
        w[f + SIDE.nextSeq] = following;
        t[fTime + 1] = time;
        if (this.isDetailed) this.farthestRow[direction] = row;
        fBits |= SIDE_BIT.nextKnown;
      }
      if ((fBits & SIDE_BIT.ackableKnown) === 0 || seq === w[f + SIDE.maxAckable]) {
        w[f + SIDE.maxAckable] = w[f + SIDE.nextSeq];
        fBits |= SIDE_BIT.ackableKnown;
      }
    }

    w[f + SIDE.window] = window;
    fBits |= SIDE_BIT.windowKnown;
    if (hasAck) {
      w[f + SIDE.lastAck] = ack;
      t[fTime] = time;
      fBits |= SIDE_BIT.ackKnown;
    }
    fBits &= ~(SIDE_BIT.keepAlive | SIDE_BIT.zeroWindowProbe);
    if ((found & ANALYSIS.keepAlive) !== 0) fBits |= SIDE_BIT.keepAlive;
    if ((found & ANALYSIS.zeroWindowProbe) !== 0) fBits |= SIDE_BIT.zeroWindowProbe;
    w[f + SIDE.bits] = fBits;
    w[r + SIDE.bits] = rBits;
    if (occupies) this.remember(w, f, row, seq | 0, following | 0);

    this.handshake(t, timeBase, flags, time);
    if (hasAck) this.acknowledge(w, r, ack | 0);
    if (occupies && this.isDetailed) this.bytesInFlight = this.inFlight(w, f);
    return found;
  }

  /** Does a SYN with this sequence number begin another connection than the one at hand? */
  startsAnew(flow: number, direction: number, seq: number): boolean {
    const w = this.flows.chunk(flow);
    const f = this.flows.at(flow) + direction * SIDE_WORDS;
    return (w[f + SIDE.bits] & SIDE_BIT.baseKnown) !== 0 && w[f + SIDE.baseSeq] !== seq;
  }

  /** What a segment below the highest sequence number is. */
  private repeated(
    w: Uint32Array,
    t: Float64Array,
    f: number,
    r: number,
    fTime: number,
    rTime: number,
    timeBase: number,
    time: number,
    seq: number,
    length: number,
    flags: number,
  ): number {
    const acked = (w[r + SIDE.bits] & SIDE_BIT.ackKnown) !== 0;
    const lastAck = w[r + SIDE.lastAck];
    this.originalRow = this.timedFrom(w, f, f > r ? 1 : 0);
    // A clock that went backwards says nothing about speed.
    const sinceAck = time - t[rTime];
    if (w[r + SIDE.duplicateAcks] >= 2 && acked && lastAck === seq && sinceAck >= 0 && sinceAck < FAST_NS) {
      return ANALYSIS.fastRetransmission | ANALYSIS.retransmission;
    }
    const end = (seq + length) >>> 0;
    // Zero stands for no number at all, as Wireshark has it.
    if (length > 0 && acked && lastAck !== 0 && !before(lastAck, end))
      return ANALYSIS.spuriousRetransmission | ANALYSIS.retransmission;
    const initialRtt = t[timeBase + FLOW_TIME.initialRtt];
    const threshold = Number.isNaN(initialRtt) ? REORDER_NS : initialRtt;
    const sinceHighest = time - t[fTime + 1];
    const following = (end + (flags & (TCP_FLAG.syn | TCP_FLAG.fin) ? 1 : 0)) >>> 0;
    if (sinceHighest >= 0 && sinceHighest < threshold && w[f + SIDE.nextSeq] !== following) return ANALYSIS.outOfOrder;
    return (flags & TCP_FLAG.syn) !== 0
      ? ANALYSIS.retransmission | ANALYSIS.synRetransmission
      : ANALYSIS.retransmission;
  }

  /** What a timer for this segment runs from: the oldest unacknowledged one, else the one that went farthest. */
  private timedFrom(w: Uint32Array, f: number, direction: number): number {
    const oldest = w[f + SIDE.unackedHead];
    return oldest !== 0 ? this.pool[4 * oldest] : this.farthestRow[direction];
  }

  /**
   * Where a segment was lost that is sent again: what was seen here was lost behind the capture point, else before it. What
   * may have been sent before the capture began says nothing.
   */
  private lostSide(w: Uint32Array, f: number, seq: number, kind: number): number {
    if ((kind & ANALYSIS.spuriousRetransmission) !== 0 || w[f + SIDE.unackedCount] >= MAX_UNACKED) return 0;
    if (before(seq, w[f + SIDE.baseSeq])) return 0;
    for (let record = w[f + SIDE.unackedHead]; record !== 0; record = this.pool[4 * record + 3]) {
      if (!before(seq, this.pool[4 * record + 1]) && before(seq, this.pool[4 * record + 2])) return LOST.after;
    }
    return LOST.before;
  }

  /** Initial round trip: from the latest SYN to the first ACK that is none itself; no time at all says nothing. */
  private handshake(t: Float64Array, timeBase: number, flags: number, time: number): void {
    const kind = flags & (TCP_FLAG.syn | TCP_FLAG.ack);
    if (kind === TCP_FLAG.syn) {
      t[timeBase + FLOW_TIME.syn] = time;
    } else if (kind === TCP_FLAG.ack && Number.isNaN(t[timeBase + FLOW_TIME.initialRtt])) {
      const since = time - t[timeBase + FLOW_TIME.syn];
      if (since !== 0 || Math.abs(time) > MAX_EXACT) t[timeBase + FLOW_TIME.initialRtt] = since;
    }
  }

  private remember(w: Uint32Array, f: number, row: number, seq: number, following: number): void {
    if (w[f + SIDE.unackedCount] >= MAX_UNACKED) return;
    w[f + SIDE.unackedCount]++;
    let record = this.free;
    if (record !== 0) this.free = this.pool[4 * record + 3];
    else {
      record = this.poolUsed++;
      if (4 * record + 4 > this.pool.length) this.pool = grow(this.pool, 4 * record + 4);
    }
    const pool = this.pool;
    pool[4 * record] = row;
    pool[4 * record + 1] = seq;
    pool[4 * record + 2] = following;
    pool[4 * record + 3] = 0;
    const tail = w[f + SIDE.unackedTail];
    if (tail === 0) w[f + SIDE.unackedHead] = record;
    else {
      pool[4 * tail + 3] = record;
      if (before(seq, pool[4 * tail + 1])) w[f + SIDE.bits] |= SIDE_BIT.disorder;
    }
    w[f + SIDE.unackedTail] = record;
  }

  /** Drops what `ack` covers from the other side's list; an exact end names the acknowledged row (the first sent). */
  private acknowledge(w: Uint32Array, r: number, ack: number): void {
    const pool = this.pool;
    let previous = 0;
    let record = w[r + SIDE.unackedHead];
    while (record !== 0) {
      const at = 4 * record;
      const nextRecord = pool[at + 3];
      if (before(ack, pool[at + 2])) {
        if (before(pool[at + 1], ack)) pool[at + 1] = ack;
        if ((w[r + SIDE.bits] & SIDE_BIT.disorder) === 0) return; // those behind it end later still
        previous = record;
      } else {
        if ((pool[at + 2] | 0) === ack && this.acksRow === NO_ROW) this.acksRow = pool[at];
        if (previous === 0) w[r + SIDE.unackedHead] = nextRecord;
        else pool[4 * previous + 3] = nextRecord;
        if (nextRecord === 0) w[r + SIDE.unackedTail] = previous;
        pool[at + 3] = this.free;
        this.free = record;
        w[r + SIDE.unackedCount]--;
      }
      record = nextRecord;
    }
    if (w[r + SIDE.unackedHead] === 0) w[r + SIDE.bits] &= ~SIDE_BIT.disorder;
  }

  private inFlight(w: Uint32Array, f: number): number {
    let first = 0;
    let last = 0;
    let any = false;
    for (let record = w[f + SIDE.unackedHead]; record !== 0; record = this.pool[4 * record + 3]) {
      const seq = this.pool[4 * record + 1];
      const end = this.pool[4 * record + 2];
      if (!any || before(seq, first)) first = seq;
      if (!any || before(last, end)) last = end;
      any = true;
    }
    return any ? (last - first) >>> 0 : 0;
  }
}
