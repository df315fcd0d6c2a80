/** A followed stream as a file: its bytes as they are, the text, a hex dump with the hosts' names, or JSON. */

import { toHex } from '../../base/hex.ts';
import type { Job } from '../turns.ts';
import { type FollowMode, type FollowSide, LINE, lineText } from './layout.ts';
import type { FollowedStream } from './stream.ts';

export const SAVE_FORMATS = ['raw', 'text', 'hex', 'json'] as const;
export type SaveFormat = (typeof SAVE_FORMATS)[number];

export interface ByteSink {
  write(bytes: Uint8Array): void;
}

/** What stands in place of bytes that are missing; their number is filled in by the caller's language. */
export type MissingText = (bytes: number) => string;

export async function writeStream(
  stream: FollowedStream,
  format: SaveFormat,
  side: FollowSide,
  missing: MissingText,
  sink: ByteSink,
  job: Job,
): Promise<void> {
  if (format === 'hex') return writeLines(stream, 'hex', side, missing, sink, job);
  const { pieces } = stream;
  const encoder = new TextEncoder();
  const say = (text: string): void => sink.write(encoder.encode(text));
  if (format === 'json') say(jsonHead(stream));
  let isFirst = true;
  for (let piece = 0; piece < pieces.count; piece++) {
    const direction = pieces.direction(piece);
    if (side !== 'both' && side !== direction) continue;
    const isMissing = pieces.isMissing(piece);
    if (format === 'json') {
      const packet = pieces.row(piece) + 1;
      const what = isMissing ? { missing: pieces.length(piece) } : { data: toHex(stream.read(piece)) };
      say(`${isFirst ? '' : ','}\n    ${JSON.stringify({ packet, from: direction, ...what })}`);
    } else if (!isMissing) sink.write(stream.read(piece));
    else if (format === 'text') say(`\n${missing(pieces.length(piece))}\n`);
    isFirst = false;
    const waiting = job.pause(piece, pieces.count);
    if (waiting !== null) await waiting;
  }
  if (format === 'json') say('\n  ]\n}\n');
}

function jsonHead({ target, ends, subs }: FollowedStream): string {
  const { kind, stream, sub } = target;
  const head = JSON.stringify({ kind, stream, ...(subs.length > 0 ? { sub } : {}), ends }, null, 2);
  return `${head.slice(0, head.lastIndexOf('\n}'))},\n  "pieces": [`;
}

/** Lines as they are shown; those of the second host are indented. */
export async function writeLines(
  stream: FollowedStream,
  mode: FollowMode,
  side: FollowSide,
  missing: MissingText,
  sink: ByteSink,
  job: Job,
): Promise<void> {
  const encoder = new TextEncoder();
  const layout = await stream.layout(mode, side, job);
  let done = 0;
  for (const line of layout.all()) {
    const text = (line.bits & LINE.missing) !== 0 ? missing(line.length) : lineText(line, mode);
    sink.write(encoder.encode(`${(line.bits & LINE.reverse) !== 0 ? '\t' : ''}${text}\n`));
    const waiting = job.pause(done++, layout.count);
    if (waiting !== null) await waiting;
  }
}
