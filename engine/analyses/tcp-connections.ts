/** What happened to each TCP connection: data, repetitions by their kind, reordering, windows; in one pass over the rows. */

import type { BitSet } from '../base/bitset.ts';
import { ANALYSIS } from '../table/analysis-bits.ts';
import { FLAG } from '../table/flags.ts';
import { BLOCK_MASK, BLOCK_SHIFT, type PacketTable } from '../table/packet-table.ts';
import { LOST, LOST_MASK, LOST_SHIFT, RESENT_MASK, RESENT_SHIFT } from '../table/resent-kinds.ts';
import { SMALLEST_SEGMENT } from '../table/segment-sizes.ts';

export const RESENT_KINDS = ['fast', 'timeout', 'probe', 'spurious', 'syn'] as const;
export type ResentKind = (typeof RESENT_KINDS)[number];

/** What is counted in frames, each with the bit that says so. */
export const SIGNS = {
  outOfOrder: ANALYSIS.outOfOrder,
  duplicateAcks: ANALYSIS.duplicateAck,
  zeroWindow: ANALYSIS.zeroWindow,
  windowFull: ANALYSIS.windowFull,
  lostSegment: ANALYSIS.lostSegment,
  ackedUnseen: ANALYSIS.ackedUnseen,
} as const;
export type Sign = keyof typeof SIGNS;
const SIGN_LIST = Object.entries(SIGNS) as readonly (readonly [Sign, number])[];
const ANY_SIGN = SIGN_LIST.reduce((all, [, bit]) => all | bit, 0);

/** Counts of each flow, by its number. */
export class TcpConnections {
  readonly packets: Uint32Array;
  /** Segments and bytes of data of each direction, repetitions too. */
  readonly segments: readonly [Uint32Array, Uint32Array];
  readonly bytes: readonly [Float64Array, Float64Array];
  readonly resent: Readonly<Record<ResentKind, Uint32Array>>;
  /** Frames sent again, all kinds, of each direction. */
  readonly resentFrames: readonly [Uint32Array, Uint32Array];
  /** The same in segments: a large frame that the network card splits counts as many as it makes. */
  readonly resentSegments: Float64Array;
  readonly lostBefore: Uint32Array;
  readonly lostAfter: Uint32Array;
  readonly signs: Readonly<Record<Sign, Uint32Array>>;
  /** Frames with more data than an Ethernet frame holds. */
  readonly large: Uint32Array;
  readonly completeness: Uint8Array;
  /** Rows that were sent again, in order. */
  readonly resentRows: number[] = [];
  /** Packets that were captured before: counted here, and nowhere else. */
  copies = 0;
  /** Rows whose headers a path does not hold, such as ICMP errors that quote others. */
  more = 0;

  constructor(flows: number) {
    const counts = (): Uint32Array => new Uint32Array(flows);
    this.packets = counts();
    this.segments = [counts(), counts()];
    this.bytes = [new Float64Array(flows), new Float64Array(flows)];
    this.resent = { fast: counts(), timeout: counts(), probe: counts(), spurious: counts(), syn: counts() };
    this.resentFrames = [counts(), counts()];
    this.resentSegments = new Float64Array(flows);
    this.lostBefore = counts();
    this.lostAfter = counts();
    this.signs = {
      outOfOrder: counts(),
      duplicateAcks: counts(),
      zeroWindow: counts(),
      windowFull: counts(),
      lostSegment: counts(),
      ackedUnseen: counts(),
    };
    this.large = counts();
    this.completeness = new Uint8Array(flows);
  }
}

export interface TcpPassInput {
  readonly table: PacketTable;
  readonly flows: number;
  /** Flow of all rows of a path, -1: none, null: differs by row. */
  onlyFlowOf(path: number): number | null;
  readonly paths: number;
  flowOf(row: number): number;
  isTcp(flow: number): boolean;
  /** Bits of tcp.completeness that a segment adds. */
  completenessOf(flags: number, length: number): number;
  /** Rows to count; null: all. */
  readonly rows: BitSet | null;
  /** Maximum segment size of a connection: what is no longer is one segment. */
  agreedSize(flow: number): number;
  /** How many bytes a segment of this row's sender holds; asked only for large frames that were sent again. */
  segmentSize(flow: number, direction: 0 | 1, row: number): number;
}

const NO_TCP = -1;
const BY_ROW = -2;

export function tcpConnections(input: TcpPassInput): TcpConnections {
  const { table, rows } = input;
  const found = new TcpConnections(input.flows);
  const flowOfPath = new Int32Array(input.paths);
  for (let path = 0; path < input.paths; path++) {
    const flow = input.onlyFlowOf(path);
    flowOfPath[path] = flow === null ? BY_ROW : flow >= 0 && input.isTcp(flow) ? flow : NO_TCP;
  }
  const kinds = [null, ...RESENT_KINDS.map((kind) => found.resent[kind])];
  for (let base = table.firstBase; base < table.count; base += 1 << BLOCK_SHIFT) {
    const block = table.blocks[base >>> BLOCK_SHIFT];
    const end = Math.min(table.count - base, BLOCK_MASK + 1);
    for (let i = 0; i < end; i++) {
      if (rows !== null && !rows.has(base + i)) continue;
      if ((block.flags[i] & FLAG.more) !== 0) found.more++;
      let flow = flowOfPath[block.path[i]];
      if (flow === BY_ROW) {
        flow = input.flowOf(base + i);
        if (flow >= 0 && !input.isTcp(flow)) flow = NO_TCP;
      }
      if (flow < 0) continue;
      if ((block.flags[i] & FLAG.copy) !== 0) {
        found.copies++;
        continue;
      }
      const length = block.payloadLength[i];
      const direction = (block.flags[i] & FLAG.reverse) !== 0 ? 1 : 0;
      const analysis = block.analysis[i];
      found.packets[flow]++;
      found.completeness[flow] |= input.completenessOf(block.tcpFlags[i], length);
      if (length > 0) {
        found.segments[direction][flow]++;
        found.bytes[direction][flow] += length;
        if ((analysis & ANALYSIS.largeSegment) !== 0) found.large[flow]++;
      }
      if (analysis === 0) continue;
      if ((analysis & ANY_SIGN) !== 0) {
        for (const [sign, bit] of SIGN_LIST) if ((analysis & bit) !== 0) found.signs[sign][flow]++;
      }
      const kind = kinds[(analysis >>> RESENT_SHIFT) & RESENT_MASK];
      if (kind === null || kind === undefined) continue;
      kind[flow]++;
      found.resentFrames[direction][flow]++;
      found.resentRows.push(base + i);
      const isLarge = length > SMALLEST_SEGMENT && length > input.agreedSize(flow);
      found.resentSegments[flow] += isLarge ? Math.ceil(length / input.segmentSize(flow, direction, base + i)) : 1;
      const lost = (analysis >>> LOST_SHIFT) & LOST_MASK;
      if (lost === LOST.before) found.lostBefore[flow]++;
      else if (lost === LOST.after) found.lostAfter[flow]++;
    }
  }
  return found;
}

export type ConnectionState = 'reset' | 'complete' | 'noAnswer' | 'refused' | 'open' | 'partial';

/** How a connection went, by what of it was captured. */
export function stateOf(seen: number): ConnectionState {
  const has = (bits: number): boolean => (seen & bits) === bits;
  if (has(SEEN.syn) && (seen & (SEEN.synAck | SEEN.data)) === 0) return has(SEEN.reset) ? 'refused' : 'noAnswer';
  if (has(SEEN.reset)) return 'reset';
  if (!has(SEEN.syn | SEEN.synAck)) return 'partial';
  return has(SEEN.fin) ? 'complete' : 'open';
}

const SEEN = { syn: 1, synAck: 2, data: 8, fin: 16, reset: 32 } as const;
