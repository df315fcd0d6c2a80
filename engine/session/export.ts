/** Exports rows of a capture: what the exporters ask of packets, answered by dissecting them one after the other. */

import { NagareError } from '../base/errors.ts';
import type { ExportWarning } from '../base/export-problems.ts';
import { type ExportFormat, type ExportPacket, type ExportSink, exportError } from '../exporters/exporter.ts';
import { exporterNamed } from '../exporters/index.ts';
import type { Capture } from './capture.ts';
import { wholeCellText } from './cells.ts';
import { decapsulated } from './decapsulate.ts';
import type { Dissector } from './dissector.ts';
import type { FrameContext } from './frame-tree.ts';
import { PacketSource } from './packet-source.ts';
import type { Job } from './turns.ts';

export interface ExportRequest {
  readonly format: ExportFormat;
  /** In the order in which they are written; capture formats want file order. */
  readonly rows: Uint32Array;
  /** For csv. */
  readonly columns?: readonly string[];
  /** Mirrored packets are written from their inner frame on; for formats that hold packets. */
  readonly decapsulate?: boolean;
  /** `Nagare 1.0`: named in the file as the one that wrote it. */
  readonly application: string;
  /** What the view knows of a row; times count from the first packet and the row before in the export without it. */
  readonly context?: (row: number) => FrameContext;
}

export interface ExportResult {
  readonly packets: number;
  readonly warnings: readonly ExportWarning[];
}

export const DEFAULT_COLUMNS = ['number', 'time', 'source', 'destination', 'protocol', 'length', 'info'] as const;

/** Throws a NagareError where the format cannot hold the rows, before anything is written, and when the job is cancelled. */
export async function exportRows(
  capture: Capture,
  dissector: Dissector,
  request: ExportRequest,
  sink: ExportSink,
  job: Job,
): Promise<ExportResult> {
  const exporter = exporterNamed(request.format);
  if (exporter === undefined) throw new NagareError('bad-input', `There is no export format "${request.format}".`);
  const { rows, application, columns = DEFAULT_COLUMNS } = request;
  const warnings: ExportWarning[] = [];
  if (request.decapsulate === true && exporter.kind !== 'capture')
    throw exportError('exportProblem.no-inner', { format: exporter.title });
  const source = request.decapsulate === true ? (await decapsulated(capture, rows, job)).capture : capture;
  await exporter.write({
    capture: source,
    rows,
    columns,
    application,
    sink,
    pause: job.pause,
    packet: (row, index) => {
      const context = request.context?.(row) ?? { displayedBefore: index === 0 ? -1 : rows[index - 1], reference: -1 };
      return exportPacket(capture, new PacketSource(capture, dissector, row, context), row);
    },
    warn: (warning) => warnings.push(warning),
  });
  return { packets: rows.length, warnings };
}

export function exportPacket(capture: Capture, packet: PacketSource, row: number): ExportPacket {
  return {
    cell: (column) => wholeCellText(capture, row, column, packet),
    get tree() {
      return packet.tree;
    },
    get sources() {
      return packet.dissection.sources.map(({ name }) => name);
    },
  };
}
