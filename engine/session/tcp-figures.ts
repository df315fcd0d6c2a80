/**
 * TCP's figures that have no column but follow from the columns and the flows: filters on them need no packet's bytes. Computed
 * for all rows at once, flow by flow; the same rules as the tree's (dissect/protocols/tcp.ts), which a test compares.
 */

import { ANALYSIS } from '../table/analysis-bits.ts';
import { FLAG } from '../table/flags.ts';
import { FLOW, FLOW_TIME, FlowStates, ipProtocolOf, SIDE, SIDE_BIT, SIDE_WORDS } from '../table/flow-states.ts';
import { BLOCK_MASK, type Block, NO_ROW } from '../table/packet-table.ts';
import { TCP_FLAG, TcpAnalysis } from '../table/tcp-analysis.ts';
import type { Capture } from './capture.ts';
import { addCompletingRows } from './completing-row.ts';
import { completenessOf, windowShiftOf } from './flow-replay.ts';
import { SentBytes } from './sent-bytes.ts';

const TCP = 6;

/** One row of a flow and what is known up to it. One object for all rows. Hot: once per row. */
class Segment {
  block: Block;
  /** Index in the block. */
  at = 0;
  row = 0;
  /** Index in the flow. */
  index = 0;
  /** Times of the flow's first row and of the row before. */
  firstTime = 0;
  timeBefore = 0;
  /** Sequence numbers that relative ones count from; -1: not known. */
  baseSeq = -1;
  baseAck = -1;
  windowShift = -1;
  inFlight = 0;
  pushBytes = 0;
  /** Of the whole flow. */
  completeness = 0;
  /** Direction of the flow's first FIN; -1: there is none. */
  closer = -1;
  initialRtt = Number.NaN;
  private readonly capture: Capture;

  constructor(capture: Capture) {
    this.capture = capture;
    this.block = capture.table.blocks[0];
  }

  /** What the analysis found of the segment. */
  get findings(): number {
    return this.block.analysis[this.at] & ~ANALYSIS.largeSegment;
  }

  get way(): 0 | 1 {
    return (this.block.flags[this.at] & FLAG.reverse) === 0 ? 0 : 1;
  }

  get closes(): boolean {
    return (this.flags & TCP_FLAG.fin) !== 0;
  }

  get flags(): number {
    return this.block.tcpFlags[this.at];
  }
  timeSince(row: number): number {
    return row === NO_ROW ? Number.NaN : elapsed(this.block.time[this.at], this.capture.table.get('time', row));
  }
}

/** Nanoseconds; -1 where one has no time, as the tree says it. */
function elapsed(time: number, since: number): number {
  return Number.isNaN(time - since) ? -1 : time - since;
}

function relative(value: number, base: number): number {
  return base < 0 ? value : (value - base) >>> 0;
}

/** The value in a row; NaN: the field is not there. */
type Figure = (s: Segment) => number;

/** From columns and the flow's state alone. */
const PLAIN: Readonly<Record<string, Figure>> = {
  'tcp.seq': (s) => relative(s.block.seq[s.at], s.baseSeq),
  'tcp.nxtseq': (s) =>
    (relative(s.block.seq[s.at], s.baseSeq) + s.block.payloadLength[s.at] + ((s.flags & 3) === 0 ? 0 : 1)) >>> 0,
  'tcp.ack': (s) => ((s.flags & TCP_FLAG.ack) === 0 ? s.block.ack[s.at] : relative(s.block.ack[s.at], s.baseAck)),
  'tcp.window_size': (s) =>
    s.block.window[s.at] * ((s.flags & TCP_FLAG.syn) === 0 ? 2 ** Math.max(0, s.windowShift) : 1),
  'tcp.window_size_scalefactor': (s) => {
    if ((s.flags & TCP_FLAG.syn) !== 0) return Number.NaN;
    return s.windowShift < 0 ? s.windowShift : 2 ** s.windowShift;
  },
  'tcp.time_relative': (s) => orAbsent(elapsed(s.block.time[s.at], s.firstTime)),
  'tcp.time_delta': (s) => {
    if (elapsed(s.block.time[s.at], s.firstTime) < 0) return Number.NaN;
    return s.index === 0 ? 0 : elapsed(s.block.time[s.at], s.timeBefore);
  },
  'tcp.analysis.acks_frame': (s) => (s.block.acksRow[s.at] === NO_ROW ? Number.NaN : s.block.acksRow[s.at] + 1),
  'tcp.completeness': (s) => s.completeness,
  'tcp.connection.fin_active': (s) => (s.closes && s.closer === s.way ? 1 : Number.NaN),
  'tcp.connection.fin_passive': (s) => (s.closes && s.closer !== s.way ? 1 : Number.NaN),
  'tcp.analysis.ack_rtt': (s) => s.timeSince(s.block.acksRow[s.at]) || Number.NaN,
};

/** Needs the TCP analysis played again. */
const PLAYED: Readonly<Record<string, (s: Segment, a: TcpAnalysis) => number>> = {
  'tcp.analysis.initial_rtt': (s) => (isAnalysed(s) ? s.initialRtt : Number.NaN),
  'tcp.analysis.bytes_in_flight': (s) => (s.inFlight > 0 ? s.inFlight : Number.NaN),
  'tcp.analysis.push_bytes_sent': (s) => (isAnalysed(s) && s.pushBytes > 0 ? s.pushBytes : Number.NaN),
  'tcp.analysis.duplicate_ack_num': (s, a) => (isDuplicate(s) ? a.duplicateNumber : Number.NaN),
  'tcp.analysis.duplicate_ack_frame': (s, a) =>
    !isDuplicate(s) ? Number.NaN : a.duplicateRow === NO_ROW ? 0 : a.duplicateRow + 1,
  'tcp.analysis.rto': (s, a) => (s.findings === 0 ? Number.NaN : s.timeSince(a.originalRow)),
  'tcp.analysis.rto_frame': (s, a) => (s.findings === 0 || a.originalRow === NO_ROW ? Number.NaN : a.originalRow + 1),
};

/** Looks ahead in the flow. */
const REASSEMBLED_IN = 'tcp.reassembled_in';

export const TCP_FIGURES: readonly string[] = [...Object.keys(PLAIN), ...Object.keys(PLAYED), REASSEMBLED_IN];

function orAbsent(value: number): number {
  return value < 0 ? Number.NaN : value;
}

function isAnalysed(s: Segment): boolean {
  return s.findings !== 0 || s.block.acksRow[s.at] !== NO_ROW || s.inFlight > 0;
}

function isDuplicate(s: Segment): boolean {
  return (s.block.analysis[s.at] & ANALYSIS.duplicateAck) !== 0;
}

/** Values of a figure by row from the table's first block on, NaN where it is not there; null: it is none of them. */
export function tcpFigure(capture: Capture, name: string): Float64Array | null {
  const plain = PLAIN[name];
  const played = PLAYED[name];
  if (plain === undefined && played === undefined && name !== REASSEMBLED_IN) return null;
  const { pass, table, flows } = capture;
  flows.update();
  const values = new Float64Array(table.count - table.firstBase).fill(Number.NaN);
  if (name === REASSEMBLED_IN) {
    for (let flow = 0; flow < pass.flows.count; flow++)
      if (ipProtocolOf(pass.flows.get(flow, FLOW.bits)) === TCP)
        addCompletingRows(pass, flows, flow, values, table.firstBase);
    return values;
  }
  const segment = new Segment(capture);
  for (let flow = 0; flow < pass.flows.count; flow++) {
    if (ipProtocolOf(pass.flows.get(flow, FLOW.bits)) !== TCP) continue;
    const w = pass.flows.chunk(flow);
    const sides = [pass.flows.at(flow), pass.flows.at(flow) + SIDE_WORDS];
    const bases = sides.map((side) =>
      pass.relativeSequence && (w[side + SIDE.bits] & SIDE_BIT.baseKnown) !== 0 ? w[side + SIDE.baseSeq] : -1,
    );
    const shifts = [0, 1].map((way) => windowShiftOf(w[sides[way] + SIDE.bits], w[sides[1 - way] + SIDE.bits]));
    const replay = played === undefined ? null : new Played();
    const count = flows.count(flow);
    segment.completeness = 0;
    segment.closer = -1;
    if (LOOKING_AHEAD.includes(name)) lookAhead(capture, flow, segment);
    for (let i = 0; i < count; i++) {
      const row = flows.row(flow, i);
      const block = table.block(row);
      const at = row & BLOCK_MASK;
      if (i === 0) segment.firstTime = block.time[at];
      segment.block = block;
      segment.at = at;
      segment.row = row;
      segment.index = i;
      const { way } = segment;
      segment.baseSeq = bases[way];
      segment.baseAck = bases[1 - way];
      segment.windowShift = shifts[way];
      values[row - table.firstBase] = replay === null ? plain(segment) : played(segment, replay.play(segment, way));
      segment.timeBefore = block.time[at];
    }
  }
  return values;
}

/** Figures that depend on all of a flow. */
const LOOKING_AHEAD = ['tcp.completeness', 'tcp.connection.fin_active', 'tcp.connection.fin_passive'];

function lookAhead({ table, flows }: Capture, flow: number, into: Segment): void {
  const count = flows.count(flow);
  for (let i = 0; i < count; i++) {
    const row = flows.row(flow, i);
    const flags = table.get('tcpFlags', row);
    into.completeness |= completenessOf(flags, table.get('payloadLength', row));
    if (into.closer < 0 && (flags & TCP_FLAG.fin) !== 0)
      into.closer = (table.get('flags', row) & FLAG.reverse) === 0 ? 0 : 1;
  }
}

/** A flow's TCP analysis once more, for what has no column. */
class Played {
  private readonly states = new FlowStates(0);
  private readonly analysis = new TcpAnalysis(this.states);
  private readonly sent = new SentBytes();

  constructor() {
    this.states.add();
    this.analysis.isDetailed = true;
  }

  play(s: Segment, way: 0 | 1): TcpAnalysis {
    const { block, at, flags } = s;
    const length = block.payloadLength[at];
    // The window's scale is of no concern here: what it decides is in the column.
    const found = this.analysis.segment(0, way, s.row, block, at, 0);
    s.inFlight = 0;
    s.pushBytes = 0;
    if ((block.flags[at] & FLAG.copy) !== 0) return this.analysis;
    s.initialRtt = this.states.times(0)[FLOW_TIME.initialRtt];
    this.sent.segment(way, length, flags, found, this.analysis.bytesInFlight);
    s.inFlight = this.sent.inFlight;
    s.pushBytes = this.sent.sincePush;
    return this.analysis;
  }
}
