/** Exports from bytes to bytes, and everything an export says read again: for tests on captures that are small. */

import type { ExportFormat } from '../../../../engine/exporters/exporter.ts';
import { MemorySource } from '../../../../engine/readers/byte-source.ts';
import { openCapture } from '../../../../engine/readers/index.ts';
import { mergeReaders } from '../../../../engine/readers/merge.ts';
import type { CaptureReader, PacketOptions } from '../../../../engine/readers/reader.ts';
import { Capture } from '../../../../engine/session/capture.ts';
import { Dissector } from '../../../../engine/session/dissector.ts';
import { type ExportResult, exportRows } from '../../../../engine/session/export.ts';
import { Job, noTurns } from '../../../../engine/session/turns.ts';

export function loadBytes(...files: readonly Uint8Array[]): Capture {
  const readers = files.map((bytes): CaptureReader => {
    const opened = openCapture(new MemorySource(bytes, 'test.capture'));
    if (!opened.ok) throw new Error(opened.error.message);
    return opened.value;
  });
  const [only] = readers;
  const capture = new Capture(readers.length === 1 && only !== undefined ? only : mergeReaders(readers));
  capture.load();
  return capture;
}

export interface Exported extends ExportResult {
  readonly bytes: Uint8Array;
}

export interface ExportWish {
  readonly rows?: readonly number[];
  readonly columns?: readonly string[];
  readonly decapsulate?: boolean;
}

export async function exportBytes(capture: Capture, format: ExportFormat, wish: ExportWish = {}): Promise<Exported> {
  const chunks: Uint8Array[] = [];
  const rows = Uint32Array.from(wish.rows ?? Array.from({ length: capture.table.count }, (_, row) => row));
  const result = await exportRows(
    capture,
    new Dissector(capture),
    {
      format,
      rows,
      application: 'Nagare test',
      decapsulate: wish.decapsulate === true,
      ...(wish.columns !== undefined && { columns: wish.columns }),
    },
    { write: (bytes) => chunks.push(bytes.slice()) },
    new Job(noTurns),
  );
  const bytes = new Uint8Array(chunks.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return { ...result, bytes };
}

export async function exportText(capture: Capture, format: ExportFormat, wish: ExportWish = {}): Promise<string> {
  return new TextDecoder().decode((await exportBytes(capture, format, wish)).bytes);
}

/** A packet as its file has it. */
export interface PlainPacket {
  readonly time: bigint | null;
  readonly length: number;
  readonly hex: string;
  readonly linkType: number | undefined;
  readonly comments: readonly string[];
  readonly options: PacketOptions | null;
}

export function packetsIn(capture: Capture, rows?: readonly number[]): PlainPacket[] {
  const all = rows ?? Array.from({ length: capture.table.count }, (_, row) => row);
  return all.map((row) => ({
    time: capture.time(row),
    length: capture.table.get('length', row),
    hex: Buffer.from(capture.bytes(row)).toString('hex'),
    linkType: capture.reader.facts.interfaces[capture.table.get('interface', row)]?.linkType,
    comments: capture.comments.get(row) ?? [],
    options: capture.options(row),
  }));
}
