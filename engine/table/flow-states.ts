/**
 * What is kept per flow: fixed records of 32-bit words in chunks, so that a flow's state lies together (one or two cache
 * lines a packet) and nothing is copied when it grows. 200 bytes a flow.
 */

/** Words of one direction; add DIRECTION_WORDS for the reverse one. */
export const SIDE = {
  /** Bits of SIDE_BIT. */
  bits: 0,
  baseSeq: 1,
  /** Highest sequence number seen, plus one. */
  nextSeq: 2,
  /** Highest sequence number up to which nothing is missing, plus one. */
  maxAckable: 3,
  lastAck: 4,
  window: 5,
  unackedCount: 6,
  /** Unacknowledged segments: index of the oldest and newest in the pool; 0: none. */
  unackedHead: 7,
  unackedTail: 8,
  duplicateAcks: 9,
  /** Row of the last ACK that was not a duplicate. */
  ackRow: 10,
  /** Framing: the next stream byte the framer expects. */
  expected: 11,
  /** Framing: bytes missing to the end of the current message; see stream framing. */
  missing: 12,
  /** Framing: the framer's own number. */
  frameState: 13,
  /** Framing: row and payload offset where the current message began. */
  startRow: 14,
  startOffset: 15,
} as const;
export const SIDE_WORDS = 16;

export const SIDE_BIT = {
  baseKnown: 1,
  nextKnown: 2,
  ackableKnown: 4,
  ackKnown: 8,
  windowKnown: 16,
  /** The last segment was a keep-alive, a zero-window probe. */
  keepAlive: 32,
  zeroWindowProbe: 64,
  /** Framing: the unit at hand does not complete its message; bytes before the next ones were lost. */
  continues: 512,
  lost: 1024,
  /** Framing: `expected` is known; a message has begun and waits for its header or its end; bytes are kept in the side store. */
  framing: 2048,
  inMessage: 4096,
  waiting: 8192,
  /** Framing: the message lasts until FIN. */
  untilClose: 16384,
  /** Unacknowledged segments are not in sequence order. */
  disorder: 32768,
} as const;

/** The window scale option lies above the bits: 0: no SYN seen, 1: a SYN without it, else the shift + 2. */
export const SHIFT_AT = 16;
const SHIFT_BITS = 5;
/** Above that: protocol index of what lies above the current message. */
export const ABOVE_AT = SHIFT_AT + SHIFT_BITS;

/** The window scale in a side's bits. */
export function shiftOf(bits: number): number {
  return (bits >>> SHIFT_AT) & ((1 << SHIFT_BITS) - 1);
}

/** A side's bits with this window scale. */
export function withShift(bits: number, shift: number): number {
  return (bits & ~(((1 << SHIFT_BITS) - 1) << SHIFT_AT)) | (shift << SHIFT_AT);
}

/** Words of the flow itself, behind its two sides. */
export const FLOW = {
  /**
   * Low 16 bits: protocol index of the application + 1; 0: not decided yet; 1: nobody's. High 16 bits: the protocol that the
   * flow has become since (Framing.becomes); 0: none.
   */
  application: 32,
  /** tcp.stream or udp.stream. */
  stream: 33,
  /** Two numbers of the framer's own, see Framing. */
  shared: 34,
  version: 35,
  firstRow: 36,
  /**
   * Bit 0: its first packet went from the larger to the smaller address; others: FLOW_BIT. From bit 8: its IP protocol; 0: it
   * has no ports. From bit 16: the protocol it was before it became another.
   */
  bits: 37,
} as const;

export const FLOW_BIT = {
  swapped: 1,
  /** Framing: this direction (0, 1) is still within a message of the protocol that the flow was before. */
  behind0: 2,
  behind1: 4,
  /** Framing: what the flow is now, and what it was before, is shown inside its first protocol. */
  isInside: 8,
  wasInside: 16,
} as const;

/** Protocol index + 1 of a flow's first application, from FLOW.application. */
export function firstApplication(word: number): number {
  return word & 0xffff;
}

/** IP protocol number of a flow, from FLOW.bits. */
export function ipProtocolOf(bits: number): number {
  return (bits >>> 8) & 0xff;
}

/** Times, as indexes of 64-bit words from the flow's start. */
export const FLOW_TIME = {
  lastAck: 19,
  nextSeq: 20,
  lastAckReverse: 21,
  nextSeqReverse: 22,
  syn: 23,
  initialRtt: 24,
} as const;

const FLOW_WORDS = 50;
const CHUNK_SHIFT = 13;

export class FlowStates {
  count = 0;
  private readonly words: Uint32Array[] = [];
  private readonly doubles: Float64Array[] = [];
  private readonly shift: number;

  /** `shift`: flows per chunk, as a power of two; 0 for a single flow that is played again. */
  constructor(shift = CHUNK_SHIFT) {
    this.shift = shift;
  }

  /** A new flow, all zero but its times, which are NaN. */
  add(): number {
    const flow = this.count++;
    const chunk = flow >>> this.shift;
    if (chunk === this.words.length) {
      const buffer = new ArrayBuffer((FLOW_WORDS * 4) << this.shift);
      this.words.push(new Uint32Array(buffer));
      this.doubles.push(new Float64Array(buffer));
    }
    const times = this.doubles[chunk];
    const at = this.timesAt(flow);
    for (let i = FLOW_TIME.lastAck; i <= FLOW_TIME.initialRtt; i++) times[at + i] = Number.NaN;
    return flow;
  }

  chunk(flow: number): Uint32Array {
    return this.words[flow >>> this.shift];
  }

  times(flow: number): Float64Array {
    return this.doubles[flow >>> this.shift];
  }

  /** Index of a flow's first word in its chunk. */
  at(flow: number): number {
    return (flow & ((1 << this.shift) - 1)) * FLOW_WORDS;
  }

  timesAt(flow: number): number {
    return (flow & ((1 << this.shift) - 1)) * (FLOW_WORDS / 2);
  }

  get(flow: number, word: number): number {
    return this.chunk(flow)[this.at(flow) + word];
  }
}
