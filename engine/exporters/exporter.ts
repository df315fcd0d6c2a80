/** The contract of exporters: rows of a capture, in order, as bytes into a sink. A format writes as it goes and holds nothing. */

import { NagareError } from '../base/errors.ts';
import {
  type ExportProblemKey,
  type ExportProblemParams,
  type ExportWarning,
  exportMessage,
} from '../base/export-problems.ts';
import type { TreeNode } from '../dissect/node.ts';
import type { ColumnName } from '../table/packet-table.ts';

/** Where the bytes go. They are the sink's own only until it returns. */
export interface ExportSink {
  write(bytes: Uint8Array): void;
}

/** Columns of the packet table that exporters read. */
export type ExportColumn = Extract<ColumnName, 'locator' | 'interface' | 'capturedLength' | 'length' | 'flags'>;

/** What exporters ask of an open capture; the session's Capture is one. */
export interface ExportCapture {
  readonly table: { readonly count: number; get(column: ExportColumn, row: number): number };
  readonly reader: ExportReader;
  /** Comments of packets by row, as they are now. */
  readonly comments: ReadonlyMap<number, readonly string[]>;
  /** Nanoseconds since 1970 UTC; null: the record has no time. */
  time(row: number): bigint | null;
  options(row: number): ExportOptions | null;
}

export interface ExportReader {
  readonly facts: ExportFacts;
  /** Reads a packet's bytes into an array as long as they are; returns how many there were. */
  packet(locator: number, into: Uint8Array, iface: number): number;
  /** What the file has in front of the packet and its link type wants there. */
  pseudoHeader(locator: number, iface: number): Uint8Array;
}

/** Of readers' CaptureFacts, what a file can be told again. */
export interface ExportFacts {
  readonly hardware?: string;
  readonly os?: string;
  readonly comments: readonly string[];
  readonly interfaces: readonly ExportInterface[];
  readonly names: readonly { readonly address: Uint8Array; readonly names: readonly string[] }[];
  readonly secrets: readonly { readonly type: number; readonly bytes: Uint8Array }[];
}

export interface ExportInterface {
  readonly linkType: number;
  readonly snapLength: number;
  readonly ticksPerSecond: number;
  readonly name?: string;
  readonly description?: string;
  readonly filter?: string;
  readonly os?: string;
  readonly hardware?: string;
  readonly comments?: readonly string[];
  readonly statistics?: {
    readonly received?: bigint;
    readonly dropped?: bigint;
    readonly filterAccepted?: bigint;
    readonly osDropped?: bigint;
    readonly delivered?: bigint;
  };
  readonly fcsLength?: number;
  readonly addresses?: readonly { readonly address: Uint8Array; readonly prefix: number }[];
  readonly hardwareAddress?: Uint8Array;
  readonly speedBps?: { readonly transmit: bigint; readonly receive: bigint };
  /** Its records are blocks of the file itself. */
  readonly ofFile?: boolean;
}

/** Of readers' PacketOptions, all but the comments. */
export interface ExportOptions {
  readonly dropCount?: bigint;
  readonly flags?: number;
  readonly packetId?: bigint;
  readonly queue?: number;
  readonly verdicts?: readonly Uint8Array[];
  readonly hashes?: readonly Uint8Array[];
  readonly processId?: number;
  readonly threadId?: number;
  readonly processName?: string;
  /** Where a trace says that the packet went no further. */
  readonly trace?: {
    readonly isDropped?: boolean;
    readonly componentName?: string;
    readonly dropReason?: number;
    readonly dropReasonText?: string;
    readonly dropLocation?: number;
    readonly dropLocationText?: string;
  };
}

/** A packet as the formats for people and programs want it. */
export interface ExportPacket {
  /** The text of a column: `number`, `time`, `source` ..., or any field's name. Nothing is cut. */
  cell(column: string): string;
  /** The Frame layer and then the packet's own. */
  readonly tree: readonly TreeNode[];
  /** Names of the byte arrays that the tree's nodes point into. */
  readonly sources: readonly string[];
}

export interface ExportInput {
  readonly capture: ExportCapture;
  readonly rows: Uint32Array;
  readonly columns: readonly string[];
  packet(row: number, index: number): ExportPacket;
  /** Who writes: `Nagare 1.0`. */
  readonly application: string;
  readonly sink: ExportSink;
  /** Asked now and then: null, or a promise to wait for. Throws when nobody wants the export any more. */
  pause(done: number, total: number): Promise<void> | null;
  warn(warning: ExportWarning): void;
}

/** One output format. */
export interface Exporter {
  readonly name: ExportFormat;
  /** For people. */
  readonly title: string;
  /** Without the dot. */
  readonly extension: string;
  /** Packets for other programs, in file order; or text, in the order of the list. */
  readonly kind: 'capture' | 'text';
  write(input: ExportInput): Promise<void>;
}

export type ExportFormat = 'pcapng' | 'pcap' | 'csv' | 'json' | 'text';

export function defineExporter(exporter: Exporter): Exporter {
  return exporter;
}

export function exportError(key: ExportProblemKey, params: ExportProblemParams): NagareError {
  return new NagareError('bad-input', exportMessage(key, params), { key, params });
}

export function exportWarning(key: ExportProblemKey, params: ExportProblemParams): ExportWarning {
  return { key, params, message: exportMessage(key, params) };
}

/** Packets between two questions whether to pause. */
const PAUSE_EVERY = 64;

/** Calls `each` for every row in order, with pauses. `counts`: this pass is the one whose progress is told. */
export async function eachRow(
  input: ExportInput,
  counts: boolean,
  each: (row: number, index: number) => void,
): Promise<void> {
  const { rows } = input;
  for (let index = 0; index < rows.length; index++) {
    if (index % PAUSE_EVERY === 0) {
      const waiting = input.pause(counts ? index : 0, rows.length);
      if (waiting !== null) await waiting;
    }
    each(rows[index], index);
  }
}
