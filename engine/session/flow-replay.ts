/**
 * One flow played again, for what has no column: TCP figures of a segment, where messages begin and end, and what protocols
 * remember about the conversation. Goes forward only, as far as asked; what it learnt stays while the replay is kept.
 */

import type { Message } from '../dissect/message-table.ts';
import { StreamFraming } from '../dissect/stream-framing.ts';
import type { ConversationMemory, TcpFacts } from '../dissect/tree.ts';
import { FLAG } from '../table/flags.ts';
import {
  FLOW,
  FLOW_TIME,
  FlowStates,
  firstApplication,
  SIDE,
  SIDE_BIT,
  SIDE_WORDS,
  shiftOf,
} from '../table/flow-states.ts';
import { NumberList } from '../table/growable.ts';
import { NO_ROW } from '../table/packet-table.ts';
import { TCP_FLAG, TcpAnalysis } from '../table/tcp-analysis.ts';
import { completingRow } from './completing-row.ts';
import type { FlowIndex } from './flow-index.ts';
import type { FlowPass } from './flow-pass.ts';
import { SentBytes } from './sent-bytes.ts';

/** A TCP segment's bytes as the replay needs them. */
export interface SegmentBytes {
  readonly bytes: Uint8Array;
  readonly payloadAt: number;
  readonly payloadEnd: number;
  /** Window scale option + 2 of a SYN, else 0. */
  readonly shift: number;
}

/** In what is kept of a message's protocol: it is shown inside the flow's first one. */
const INSIDE = 0x10000;

export class FlowReplay {
  readonly flow: number;
  readonly memory: ConversationMemory = { objects: new Map() };
  /** Rows of the flow whose messages have been dissected in order, so that the memory is right up to there. */
  visited = 0;

  private readonly pass: FlowPass;
  private readonly index: FlowIndex;
  private readonly states = new FlowStates(0);
  private readonly analysis = new TcpAnalysis(this.states);
  private readonly framing: StreamFraming;
  /** Holes of the flow that had been filled when the replay was made. */
  private readonly filled: number;
  private readonly application: number;
  private position = 0;
  // Per replayed row of the flow:
  private readonly bytesInFlight = new NumberList();
  private readonly pushBytes = new NumberList();
  private readonly duplicateNumber = new NumberList();
  private readonly duplicateRow = new NumberList();
  private readonly originalRow = new NumberList();
  private readonly firstMessage = new NumberList();
  private readonly begins = new NumberList();
  private readonly current = new NumberList();
  // Per message:
  private readonly startRow = new NumberList();
  private readonly startOffset = new NumberList();
  private readonly endOffset = new NumberList();
  private readonly protocols = new NumberList();
  private readonly sent = new SentBytes();
  private completeness = 0;
  /** Rows of the flow that are in it. */
  private counted = 0;
  /** The flow's row that ended the handshake: from there on the initial round trip is known. */
  private handshakeEnd = Number.POSITIVE_INFINITY;
  private exactInitialRtt = -1n;
  /** Direction of the flow's first FIN; -1: none so far. */
  private closer = -1;
  private latestSyn = 0;

  constructor(pass: FlowPass, index: FlowIndex, flow: number) {
    this.pass = pass;
    this.index = index;
    this.flow = flow;
    this.states.add();
    this.analysis.isDetailed = true;
    this.application = firstApplication(pass.flows.get(flow, FLOW.application)) - 1;
    const { fills } = pass.framing;
    this.filled = fills.flows.get(flow) ?? 0;
    this.framing = new StreamFraming(this.states, fills);
    this.framing.holds = this.filled > 0;
    this.framing.isOrdered = fills.ordered.has(flow);
    this.framing.onMessage = (startRow, startOffset, _endRow, endOffset, protocol, isInside) => {
      this.startRow.push(startRow);
      this.startOffset.push(startOffset);
      this.endOffset.push(endOffset);
      this.protocols.push(isInside ? protocol | INSIDE : protocol);
    };
  }

  private isRelative(bits: number): boolean {
    return this.pass.relativeSequence && (bits & SIDE_BIT.baseKnown) !== 0;
  }

  /** Rows replayed: what keeping this costs. */
  get size(): number {
    return this.position;
  }

  private get initialRtt(): number {
    return this.states.times(0)[FLOW_TIME.initialRtt];
  }

  /** Plays TCP segments up to and with the `target`-th row of the flow. */
  playTo(target: number, read: (row: number) => SegmentBytes): void {
    const { table } = this.pass;
    for (; this.position <= target; this.position++) {
      const row = this.index.row(this.flow, this.position);
      const block = table.block(row);
      const at = row & 0xffff;
      const flags = block.tcpFlags[at];
      const length = block.payloadLength[at];
      const direction = (block.flags[at] & FLAG.reverse) !== 0 ? 1 : 0;
      const isCopy = (block.flags[at] & FLAG.copy) !== 0;
      const isSyn = (flags & TCP_FLAG.syn) !== 0;
      const closes = (flags & (TCP_FLAG.fin | TCP_FLAG.reset)) !== 0;
      const needsBytes = !isCopy && (isSyn || (length > 0 && this.application > 0));
      const segment = needsBytes ? read(row) : null;
      const found = this.analysis.segment(0, direction, row, block, at, segment?.shift ?? 0);
      if (!isCopy && (flags & (TCP_FLAG.syn | TCP_FLAG.ack)) === TCP_FLAG.syn) this.latestSyn = row;
      if (this.handshakeEnd > this.position && !Number.isNaN(this.initialRtt)) {
        this.handshakeEnd = this.position;
        this.exactInitialRtt = this.pass.timeBetween(this.latestSyn, row) ?? -1n;
      }
      this.firstMessage.push(this.startRow.length);
      const isFramed = !isCopy && this.application > 0 && (segment !== null || closes);
      if (isFramed) {
        const seq = (block.seq[at] + (isSyn ? 1 : 0)) | 0;
        this.framing.segment(
          0,
          direction,
          row,
          this.application,
          seq,
          segment?.bytes ?? NOTHING,
          segment?.payloadAt ?? 0,
          segment?.payloadEnd ?? 0,
          length,
          closes,
        );
      }
      this.begins.push(isFramed && this.framing.begins ? 1 : 0);
      this.current.push(isFramed ? this.framing.current | (this.framing.isInside ? INSIDE : 0) : this.application);
      if (!isCopy) this.sent.segment(direction, length, flags, found, this.analysis.bytesInFlight);
      this.pushBytes.push(isCopy ? 0 : this.sent.sincePush);
      this.bytesInFlight.push(isCopy ? 0 : this.sent.inFlight);
      this.duplicateNumber.push(this.analysis.duplicateNumber);
      this.duplicateRow.push(this.analysis.duplicateRow);
      this.originalRow.push(this.analysis.originalRow);
      if (this.closer < 0 && (flags & TCP_FLAG.fin) !== 0) this.closer = direction;
    }
  }

  /** Of all that is known of the connection, also behind the rows that were played: as Wireshark's window shows it. */
  private wholeCompleteness(): number {
    const { table } = this.pass;
    for (const count = this.index.count(this.flow); this.counted < count; this.counted++) {
      const row = this.index.row(this.flow, this.counted);
      this.completeness |= completenessOf(table.get('tcpFlags', row), table.get('payloadLength', row));
    }
    return this.completeness;
  }

  /** Has a hole of the flow been filled since? Then messages are other ones than this replay has. */
  get isOutdated(): boolean {
    return (this.pass.framing.fills.flows.get(this.flow) ?? 0) !== this.filled;
  }

  /** Messages that end in the flow's i-th row, which must have been played. */
  messagesAt(i: number): readonly Message[] {
    const amended = this.filled === 0 ? undefined : this.pass.framing.fills.amended.get(this.index.row(this.flow, i));
    if (amended !== undefined) return amended;
    const end = i + 1 < this.position ? this.firstMessage.items[i + 1] : this.startRow.length;
    const messages: Message[] = [];
    for (let m = this.firstMessage.items[i]; m < end; m++) {
      messages.push({
        startRow: this.startRow.items[m],
        startOffset: this.startOffset.items[m],
        endOffset: this.endOffset.items[m],
        protocol: this.protocols.items[m] & (INSIDE - 1),
        isInside: (this.protocols.items[m] & INSIDE) !== 0,
      });
    }
    return messages;
  }

  /** Does a message begin in the flow's i-th row that ends later? The row must have been played. */
  beginsIn(i: number): boolean {
    return this.begins.items[i] === 1;
  }

  /** The protocol that the flow is at the end of its i-th row, which must have been played. */
  protocolAt(i: number): Pick<Message, 'protocol' | 'isInside'> {
    const kept = this.current.items[i];
    return { protocol: kept & (INSIDE - 1), isInside: (kept & INSIDE) !== 0 };
  }

  /** Figures of the flow's i-th row, which must have been played. */
  facts(i: number): TcpFacts {
    const { table, flows } = this.pass;
    const row = this.index.row(this.flow, i);
    const w = flows.chunk(this.flow);
    const direction = (table.get('flags', row) & FLAG.reverse) !== 0 ? 1 : 0;
    const side = flows.at(this.flow) + direction * SIDE_WORDS;
    const other = flows.at(this.flow) + (1 - direction) * SIDE_WORDS;
    const since = (earlier: number): bigint => this.pass.timeBetween(earlier, row) ?? -1n;
    const acksRow = table.get('acksRow', row);
    const originalRow = this.originalRow.items[i];
    const first = this.index.row(this.flow, 0);
    const previous = this.index.row(this.flow, Math.max(0, i - 1));
    const bits = w[side + SIDE.bits];
    const otherBits = w[other + SIDE.bits];
    return {
      stream: flows.get(this.flow, FLOW.stream),
      baseSeq: this.isRelative(bits) ? w[side + SIDE.baseSeq] : -1,
      baseAck: this.isRelative(otherBits) ? w[other + SIDE.baseSeq] : -1,
      windowShift: windowShiftOf(bits, otherBits),
      analysis: table.get('analysis', row),
      acksFrame: acksRow === NO_ROW ? 0 : acksRow + 1,
      ackRtt: acksRow === NO_ROW ? 0n : since(acksRow),
      initialRtt: i < this.handshakeEnd ? -1n : this.exactInitialRtt,
      bytesInFlight: this.bytesInFlight.items[i],
      pushBytesSent: this.pushBytes.items[i],
      timeRelative: since(first),
      timeDelta: i === 0 ? 0n : since(previous),
      rtoFrame: originalRow === NO_ROW ? 0 : originalRow + 1,
      rto: originalRow === NO_ROW ? 0n : since(originalRow),
      duplicateAckNumber: this.duplicateNumber.items[i],
      duplicateAckFrame: this.duplicateRow.items[i] === NO_ROW ? 0 : this.duplicateRow.items[i] + 1,
      isCopy: (table.get('flags', row) & FLAG.copy) !== 0,
      completeness: this.wholeCompleteness(),
      closesFirst: (table.get('tcpFlags', row) & TCP_FLAG.fin) === 0 ? undefined : direction === this.closer,
      reassembledIn: completingRow(this.pass, this.index, this.flow, i) + 1,
    };
  }
}

const NOTHING = new Uint8Array(0);

/** Scaling is used only where both sides offered it (RFC 7323 2.2); -1: no handshake seen, -2: not used. */
export function windowShiftOf(bits: number, otherBits: number): number {
  const own = shiftOf(bits);
  const other = shiftOf(otherBits);
  if (own === 0 || other === 0)
    return own === 0 && other === 0 ? -1 : own === 1 || other === 1 ? -2 : own === 0 ? -1 : own - 2;
  return own === 1 || other === 1 ? -2 : own - 2;
}

/** Wireshark's conversation completeness: SYN 1, SYN/ACK 2, ACK 4, data 8, FIN 16, RST 32. */
export function completenessOf(flags: number, length: number): number {
  let seen = 0;
  if ((flags & TCP_FLAG.reset) !== 0) seen |= 32;
  if ((flags & TCP_FLAG.syn) !== 0) return seen | ((flags & TCP_FLAG.ack) !== 0 ? 2 : 1);
  if ((flags & TCP_FLAG.fin) !== 0) seen |= 16;
  if (length > 0) seen |= 8;
  if ((flags & TCP_FLAG.ack) !== 0 && (flags & TCP_FLAG.reset) === 0) seen |= 4;
  return seen;
}
