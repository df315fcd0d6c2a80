/** The capture formats, in sniffing order, and how a file is opened: by what it holds, never by its name. */

import { captureError } from '../base/capture-problems.ts';
import type { CaptureError } from '../base/errors.ts';
import { failure, type Result, success } from '../base/result.ts';
import type { ByteSource } from './byte-source.ts';
import { erf } from './erf.ts';
import { etl } from './etl/index.ts';
import { guessFormat } from './guess-format.ts';
import { hexDump } from './hex-dump.ts';
import { iptrace } from './iptrace.ts';
import { k12 } from './k12.ts';
import { netmon } from './netmon/index.ts';
import { netxray } from './netxray.ts';
import { pcap } from './pcap.ts';
import { pcapng } from './pcapng.ts';
import type { CaptureFacts, CaptureReader, ReaderFormat } from './reader.ts';
import { sniffer } from './sniffer.ts';
import { snoop } from './snoop.ts';

export const readerFormats: readonly ReaderFormat[] = [
  pcapng,
  pcap,
  netmon,
  snoop,
  sniffer,
  netxray,
  iptrace,
  // What has no magic number comes last.
  etl,
  erf,
  k12,
  hexDump,
];

/** How much of a file formats may look at. */
const HEAD_BYTES = 64 * 1024;

/** What is known of a file that had to be unpacked first. */
export interface Unpacked {
  readonly compression: string;
  /** Why not all of it could be unpacked; null where all was. */
  readonly problem: CaptureError | null;
}

/**
 * A reader on the source. A failure means that nothing can be read: the format or its version is not known. Damage
 * further on is the reader's `problem`, and an empty capture is no failure.
 */
export function openCapture(source: ByteSource, unpacked?: Unpacked): Result<CaptureReader, CaptureError> {
  const head = new Uint8Array(HEAD_BYTES);
  const bytes = head.subarray(0, source.read(0, head));
  const format = readerFormats.find((candidate) => candidate.sniff(bytes, source.size));
  if (format === undefined) {
    const guess = guessFormat(bytes);
    const formats = readerFormats.map(({ title }) => title).join(', ');
    const params = { guess: guess.key, name: guess.name ?? '', formats };
    const place = { reader: 'sniff', at: 0, file: source.name };
    return failure(captureError('unknown-format', 'captureProblem.unknown-format', params, place));
  }
  const reader = format.open(source);
  if (reader.problem !== null) return failure(reader.problem);
  if (unpacked !== undefined) {
    const facts = reader.facts as { -readonly [K in keyof CaptureFacts]: CaptureFacts[K] };
    facts.compression = unpacked.compression;
    if (unpacked.problem !== null) facts.warnings = [...facts.warnings, unpacked.problem];
  }
  return success(reader);
}
