/**
 * What a mirror left out. Bytes of a connection that the other host acknowledged, and that never came, were delivered in the
 * network and are missing from the mirror. Bytes that came again, or late by a repetition, were lost in the network: the hosts
 * mended that, and the mirror is not to blame. Bytes that came late without a repetition were reordered. Where only one
 * direction is mirrored, nobody says what was delivered: a hole may be either.
 */

import type { BitSet } from '../base/bitset.ts';
import { ANALYSIS } from '../table/analysis-bits.ts';
import { FLAG } from '../table/flags.ts';
import { BLOCK_MASK, BLOCK_SHIFT, type PacketTable } from '../table/packet-table.ts';
import { RESENT_MASK, RESENT_SHIFT } from '../table/resent-kinds.ts';
import { type MirrorSessions, NO_SESSION } from './mirror-sessions.ts';
import { type Hole, SEGMENT, StreamCoverage } from './stream-coverage.ts';

/** More than there can be paths, of which each has one session at most. */
const MOST_SESSIONS = 2 ** 25;
const FIN = 1;
const SYN = 2;
const RESET = 4;
const ACK = 16;
const REPEATED =
  ANALYSIS.retransmission |
  ANALYSIS.fastRetransmission |
  ANALYSIS.spuriousRetransmission |
  (RESENT_MASK << RESENT_SHIFT);

/** Totals of a session or of one direction of a connection, in bytes of the mirrored streams unless said otherwise. */
export interface MirrorTotals {
  packets: number;
  /** Bytes on the wire, tunnel headers included. */
  wireBytes: number;
  seen: number;
  /** Acknowledged, and not in the mirror. */
  missing: number;
  /** Not seen, and nobody tells whether it was delivered. */
  unknown: number;
  /** Sent again: lost in the network, or needlessly. */
  repeated: number;
  /** Packets that came behind later ones without being repetitions. */
  reordered: number;
}

export interface MirroredDirection extends MirrorTotals {
  readonly flow: number;
  /** 0: of the flow's first sender. */
  readonly direction: 0 | 1;
  /** Index of the session that carried its first packet. */
  readonly session: number;
  /** Pieces that are missing, and whose rows count. */
  readonly holes: readonly Hole[];
  /** The other direction is in the mirror too. */
  readonly isAnswered: boolean;
}

export interface MirrorLoss {
  readonly directions: readonly MirroredDirection[];
  /** One for each session. */
  readonly sessions: readonly MirrorTotals[];
}

/** What was cut off a packet's inner end before it was captured, by row. */
export type CutBytes = ReadonlyMap<number, number>;

interface Side extends MirrorTotals {
  readonly session: number;
  readonly coverage: StreamCoverage;
}

interface Flow {
  readonly flow: number;
  readonly sides: [Side | null, Side | null];
}

export class MirrorAnalysis {
  private readonly table: PacketTable;
  private readonly sessions: MirrorSessions;
  private readonly flowOf: (row: number) => number;
  private readonly rows: BitSet | null;
  private readonly cut: CutBytes;
  /** By flow and mirror: tenants may use the same addresses. */
  private readonly flows = new Map<number, Flow>();
  private readonly totals: MirrorTotals[] = [];

  /** Rows outside the set are followed, but not counted. */
  constructor(
    table: PacketTable,
    sessions: MirrorSessions,
    flowOf: (row: number) => number,
    rows: BitSet | null,
    cut: CutBytes,
  ) {
    this.table = table;
    this.sessions = sessions;
    this.flowOf = flowOf;
    this.rows = rows;
    this.cut = cut;
  }

  /** Rows [from, to), in order. */
  take(from: number, to: number): void {
    for (let row = from; row < to; row++) {
      const block = this.table.blocks[row >>> BLOCK_SHIFT];
      const at = row & BLOCK_MASK;
      if ((block.flags[at] & FLAG.copy) !== 0) continue;
      const session = this.sessions.of(block.path[at]);
      if (session === NO_SESSION) continue;
      const counts = this.rows === null || this.rows.has(row);
      while (this.totals.length <= session) this.totals.push(noTotals());
      if (counts) count(this.totals[session], block.length[at]);
      const flags = block.tcpFlags[at];
      if (flags === 0 || (flags & RESET) !== 0) continue;
      const flow = this.flowOf(row);
      if (flow < 0) continue;
      const length = block.payloadLength[at] + (this.cut.get(row) ?? 0);
      this.segment(flow, session, row, block.seq[at], block.ack[at], flags, length, block.time[at], counts, at);
    }
  }

  private segment(
    flow: number,
    session: number,
    row: number,
    seq: number,
    ack: number,
    flags: number,
    length: number,
    time: number,
    counts: boolean,
    at: number,
  ): void {
    const block = this.table.blocks[row >>> BLOCK_SHIFT];
    const direction = (block.flags[at] & FLAG.reverse) === 0 ? 0 : 1;
    const place = flow * MOST_SESSIONS + this.sessions.groupOf(session);
    let known = this.flows.get(place);
    if (known === undefined) this.flows.set(place, (known = { flow, sides: [null, null] }));
    const side = (known.sides[direction] ??= { ...noTotals(), session, coverage: new StreamCoverage() });
    if (counts) count(side, block.length[at]);
    const other = known.sides[1 - direction];
    if ((flags & ACK) !== 0 && other !== null) other.coverage.acknowledge(ack, row);
    if ((block.analysis[at] & (ANALYSIS.keepAlive | ANALYSIS.zeroWindowProbe)) !== 0) return;
    const occupied = length + ((flags & (SYN | FIN)) !== 0 ? 1 : 0);
    const kind = side.coverage.segment(seq, occupied, time, row);
    if (!counts || kind === SEGMENT.first) return;
    const { filled, repeated } = side.coverage;
    const wasSentAgain = (block.analysis[at] & REPEATED) !== 0;
    side.repeated += repeated + (wasSentAgain ? filled : 0);
    if (!wasSentAgain && filled > 0) side.reordered++;
  }

  finish(): MirrorLoss {
    const directions: MirroredDirection[] = [];
    for (const { flow, sides } of this.flows.values()) {
      for (const direction of [0, 1] as const) {
        const side = sides[direction];
        if (side === null || side.packets === 0) continue;
        directions.push(this.settle(flow, direction, side, sides[1 - direction] !== null));
      }
    }
    while (this.totals.length < this.sessions.all.length) this.totals.push(noTotals());
    for (const one of directions) {
      const total = this.totals[one.session];
      for (const key of ['seen', 'missing', 'unknown', 'repeated', 'reordered'] as const) total[key] += one[key];
    }
    return { directions, sessions: this.totals };
  }

  private settle(flow: number, direction: 0 | 1, side: Side, isAnswered: boolean): MirroredDirection {
    const { coverage, session, packets, wireBytes, repeated, reordered } = side;
    const holes: Hole[] = [];
    let missing = 0;
    let unknown = 0;
    for (const hole of coverage.holes) {
      if (this.rows !== null && !this.rows.has(hole.row)) continue;
      const known = Math.max(0, Math.min(hole.to, coverage.acked) - hole.from);
      missing += known;
      unknown += hole.to - hole.from - known;
      if (known > 0) holes.push({ ...hole, to: hole.from + known });
    }
    const seen = coverage.seen;
    return {
      flow,
      direction,
      session,
      packets,
      wireBytes,
      seen,
      missing,
      unknown,
      repeated,
      reordered,
      holes,
      isAnswered,
    };
  }
}

function noTotals(): MirrorTotals {
  return { packets: 0, wireBytes: 0, seen: 0, missing: 0, unknown: 0, repeated: 0, reordered: 0 };
}

function count(totals: MirrorTotals, length: number): void {
  totals.packets++;
  totals.wireBytes += length;
}
