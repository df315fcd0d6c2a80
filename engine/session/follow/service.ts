/** The streams of a session that are being looked at: answers the contract's `follow.` methods. */

import type { Input, Output } from '../../contract/api.ts';
import type { FollowLines, FollowSummary } from '../../contract/follow.ts';
import { allProtocols } from '../../dissect/registry.ts';
import type { Capture } from '../capture.ts';
import type { Dissector } from '../dissector.ts';
import type { Job } from '../turns.ts';
import { streamOfRow } from './find-flow.ts';
import { FOLLOW_KINDS, type FollowKind, MESSAGE_KINDS } from './kinds.ts';
import { columnsOf, lineText } from './layout.ts';
import { type FollowedStream, type FollowTarget, followStream, transportOf } from './stream.ts';

/** Streams kept at a time. */
const MAX_KEPT = 4;

export class FollowService {
  private readonly capture: Capture;
  private readonly dissector: Dissector;
  private readonly kept = new Map<string, Promise<FollowedStream>>();

  constructor(capture: Capture, dissector: Dissector) {
    this.capture = capture;
    this.dissector = dissector;
  }

  /** The stream, made once as long as no packets or secrets are added. */
  stream({ kind, stream, sub }: FollowTarget, job: Job): Promise<FollowedStream> {
    const { capture } = this;
    const key = [kind, stream, sub, capture.table.count, capture.secrets.keyLog.size].join(' ');
    const known = this.kept.get(key);
    if (known !== undefined) {
      this.kept.delete(key);
      this.kept.set(key, known);
      return known;
    }
    const made = followStream(capture, this.dissector, { kind, stream, sub }, job);
    made.catch(() => this.kept.delete(key));
    this.kept.set(key, made);
    for (const old of this.kept.keys()) {
      if (this.kept.size <= MAX_KEPT) break;
      this.kept.delete(old);
    }
    return made;
  }

  /** Streams that a packet belongs to: the transport's first, then those above it. */
  targets(row: number): Output<'follow.targets'> {
    const own = streamOfRow(this.capture, row);
    if (own === null) return [];
    const dissection = this.dissector.dissect(row);
    const layers = new Set(dissection.layers.map((index) => allProtocols[index].name));
    const has = (kind: FollowKind): boolean => {
      const messages = MESSAGE_KINDS[kind];
      return messages === undefined ? kind === own.transport : layers.has(messages.layer) && own.transport === 'tcp';
    };
    return FOLLOW_KINDS.filter((kind) => has(kind)).map((kind) => ({
      kind,
      stream: own.stream,
      sub: MESSAGE_KINDS[kind]?.subs?.(dissection)[0] ?? 0,
    }));
  }

  async summary(target: FollowTarget, job: Job): Promise<FollowSummary> {
    const { ends, pieces, subs } = await this.stream(target, job);
    const { kind, stream, sub } = target;
    return { kind, stream, sub, subs, ends, turns: pieces.turns, filter: `${transportOf(kind)}.stream == ${stream}` };
  }

  async lines(input: Input<'follow.lines'>, job: Job): Promise<FollowLines> {
    const followed = await this.stream(input, job);
    const layout = await followed.layout(input.mode, input.side, job);
    const lines = layout.lines(input.first, input.count);
    return {
      total: layout.count,
      first: input.first,
      texts: lines.map((line) => lineText(line, input.mode)),
      rows: Uint32Array.from(lines, ({ row }) => row),
      bits: Uint8Array.from(lines, ({ bits }) => bits),
      lengths: Float64Array.from(lines, ({ length }) => length),
    };
  }

  async find(input: Input<'follow.find'>, job: Job): Promise<Output<'follow.find'>> {
    const followed = await this.stream(input, job);
    const { mode, side, what, text, matchCase } = input;
    const matches = await followed.search(what, text, matchCase, side, job);
    const count = matches.pieces.length;
    if (count === 0) return null;
    const layout = await followed.layout(mode, side, job);
    const index = ((input.index % count) + count) % count;
    const { line, index: at } = layout.lineAt(matches.pieces.items[index], matches.offsets.items[index]);
    const [shown] = layout.lines(line, 1);
    const [from, to] = columnsOf(shown, mode, at, at + followed.lengthOf(what, text));
    return { index, count, isCut: matches.isCut, line, from, to };
  }

  async lineOf(input: Input<'follow.lineOf'>, job: Job): Promise<number> {
    const followed = await this.stream(input, job);
    return followed.lineOfRow(await followed.layout(input.mode, input.side, job), input.row);
  }
}
