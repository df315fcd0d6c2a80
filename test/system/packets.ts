/** The packets of a capture file, for comparing two captures of the same traffic. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { loadCapture } from '../support/load-capture.ts';

export interface SeenPacket {
  readonly time: bigint;
  readonly bytes: Buffer;
  /** Of all bytes: what a failed test can print. */
  readonly digest: string;
}

/** Throws where the file is damaged. */
export function readPackets(file: string): SeenPacket[] {
  const capture = loadCapture(readFileSync(file));
  if (capture.problem !== null) throw new Error(`${file}: ${capture.problem.message}`);
  return Array.from({ length: capture.table.count }, (_, row) => {
    const bytes = Buffer.from(capture.bytes(row));
    const digest = `${bytes.length} ${createHash('sha1').update(bytes).digest('base64')}`;
    return { time: capture.time(row) ?? -1n, bytes, digest };
  });
}
