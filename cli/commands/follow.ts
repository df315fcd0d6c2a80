/** `nagare follow`: what two hosts said to each other, as text, hex dump, bytes or JSON. */

import { toHex } from '../../engine/base/hex.ts';
import { OutputFile } from '../../engine/host/output-file.ts';
import { FOLLOW_KINDS, type FollowKind } from '../../engine/session/follow/kinds.ts';
import type { FollowSide } from '../../engine/session/follow/layout.ts';
import { type FollowedStream, followStream, transportOf } from '../../engine/session/follow/stream.ts';
import {
  type ByteSink,
  SAVE_FORMATS,
  type SaveFormat,
  writeLines,
  writeStream,
} from '../../engine/session/follow/write.ts';
import type { Job } from '../../engine/session/turns.ts';
import { type OptionTable, UsageError } from '../args.ts';
import { type CommandContext, defineCommand } from '../command.ts';
import { CAPTURE_OPTIONS, withCapture } from '../with-capture.ts';

const { filter: _filter, ...WITHOUT_FILTER } = CAPTURE_OPTIONS;
const KINDS = FOLLOW_KINDS.join('|');

export const follow = defineCommand({
  name: 'follow',
  usage: [`FILE... ${KINDS} INDEX[,SUBSTREAM] [--format ${SAVE_FORMATS.join('|')}] [--side a|b] [-w OUT]`],
  summary: 'cli.follow.summary',
  options: {
    format: { long: 'format', value: 'FORMAT', help: 'cli.follow.format' },
    side: { long: 'side', value: 'a|b', help: 'cli.follow.side' },
    output: { short: 'w', long: 'write', value: 'OUT', help: 'cli.follow.output' },
    ...WITHOUT_FILTER,
  } as const satisfies OptionTable,
  run({ options, operands }, context) {
    const { t, out } = context;
    const paths = operands.slice(0, -2);
    const [kindName, index] = operands.slice(-2);
    if (paths.length === 0 || kindName === undefined || index === undefined)
      throw new UsageError(t('cli.follow.usage', { kinds: KINDS }));
    const kind = kindNamed(kindName, context);
    const { stream, sub } = numbers(index, context);
    const format = formatNamed(options.format ?? 'text', context);
    const side = sideNamed(options.side, context);
    const missing = (count: number): string => t('follow.missing', { count });
    return withCapture({ ...options, paths, filter: undefined }, context, async (loaded) => {
      const { capture, dissector, job } = loaded;
      const followed = await followStream(capture, dissector, { kind, stream, sub }, job);
      if (options.output !== undefined) {
        const file = new OutputFile(options.output, paths);
        try {
          await writeStream(followed, format, side, missing, file, job);
          file.commit();
        } finally {
          file.discard();
        }
        return;
      }
      const text = new TextDecoder();
      const sink: ByteSink = { write: (bytes) => out.write(text.decode(bytes, { stream: true })) };
      if (format !== 'json') out.write(head(followed, format, context));
      if (format === 'json') await writeStream(followed, format, side, missing, sink, job);
      else if (format === 'raw') await printTurns(followed, side, missing, sink, job);
      else await writeLines(followed, format, side, missing, sink, job);
    });
  },
});

function head({ target, ends }: FollowedStream, format: SaveFormat, { t }: CommandContext): string {
  const { kind, stream } = target;
  const filter = `${transportOf(kind)}.stream == ${stream}`;
  const [first, second] = ends;
  return `${t('cli.follow.head', { kind, format, filter, first: first.name, second: second.name })}\n\n`;
}

/** A line of digits per piece; those of the second host are indented. */
async function printTurns(
  { pieces, read }: FollowedStream,
  side: FollowSide,
  missing: (bytes: number) => string,
  sink: ByteSink,
  job: Job,
): Promise<void> {
  const encoder = new TextEncoder();
  for (let piece = 0; piece < pieces.count; piece++) {
    const direction = pieces.direction(piece);
    if (side !== 'both' && side !== direction) continue;
    const text = pieces.isMissing(piece) ? missing(pieces.length(piece)) : toHex(read(piece));
    sink.write(encoder.encode(`${direction === 1 ? '\t' : ''}${text}\n`));
    const waiting = job.pause(piece, pieces.count);
    if (waiting !== null) await waiting;
  }
}

function kindNamed(kind: string, { t }: CommandContext): FollowKind {
  const found = FOLLOW_KINDS.find((one) => one === kind);
  if (found === undefined) throw new UsageError(t('cli.follow.bad-kind', { kind, list: FOLLOW_KINDS.join(', ') }));
  return found;
}

function numbers(text: string, { t }: CommandContext): { readonly stream: number; readonly sub: number } {
  const found = /^(\d{1,9})(?:,(\d{1,9}))?$/.exec(text);
  if (found === null) throw new UsageError(t('cli.follow.bad-index', { text }));
  return { stream: Number(found[1]), sub: Number(found[2] ?? 0) };
}

function formatNamed(text: string, { t }: CommandContext): SaveFormat {
  const found = SAVE_FORMATS.find((one) => one === text);
  if (found === undefined) throw new UsageError(t('cli.follow.bad-format', { text, list: SAVE_FORMATS.join(', ') }));
  return found;
}

function sideNamed(text: string | undefined, { t }: CommandContext): FollowSide {
  if (text === undefined) return 'both';
  if (text !== 'a' && text !== 'b') throw new UsageError(t('cli.follow.bad-side', { text }));
  return text === 'a' ? 0 : 1;
}
