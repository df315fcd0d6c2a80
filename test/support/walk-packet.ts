/** One packet through the column pass alone, to hold beside its tree: the two must name the same layers. */

import { allProtocols, lookUp } from '../../engine/dissect/registry.ts';
import { makeScratch, type Scratch, wordsNeeded } from '../../engine/dissect/scratch.ts';
import { Cursor, linkWord } from '../../engine/dissect/walk.ts';
import { PATH, PATH_WORDS } from '../../engine/table/path-words.ts';
import { DISSECT_ME, Stacks } from '../../engine/table/stacks.ts';

export interface Walked {
  /** `eth:ethertype:ip:udp`, or `dissect` where only the tree knows. */
  readonly stack: string;
  /** Keys of tunnels by protocol name, from the outside in. */
  readonly tunnels: readonly (readonly [string, number])[];
  /** IP protocols without ports at the end of paths. */
  readonly portless: readonly number[];
  readonly scratch: Scratch;
}

/** Walks `frame`; `length`: bytes on the wire, where the frame is cut. */
export function walkPacket(frame: Uint8Array, linkType = 1, length = frame.length): Walked {
  const scratch = makeScratch(frame.length, 1);
  const cursor = new Cursor(allProtocols, new Stacks(), scratch);
  cursor.bytes = frame;
  const end = cursor.walk(0, 0, frame.length, length, linkWord(lookUp('link', linkType), linkType), 0);
  if (end > wordsNeeded(frame.length, 1)) throw new Error('more path words than wordsNeeded() promises');
  const stack = scratch.stack[0] ?? 0;
  const names = stack === DISSECT_ME ? ['dissect'] : cursor.stacks.layers(stack).map((index) => nameOf(index));
  return { stack: names.join(':'), ...readPath(scratch, end), scratch };
}

function readPath(scratch: Scratch, end: number): Pick<Walked, 'tunnels' | 'portless'> {
  const tunnels: [string, number][] = [];
  const portless: number[] = [];
  for (let at = 0; at < end; ) {
    const tag = scratch.words[at] ?? 0;
    const kind = tag >>> 24;
    if (kind === PATH.tunnel) tunnels.push([nameOf(tag & 0xffffff), scratch.words[at + 1] ?? 0]);
    if (kind === PATH.protocol) portless.push(tag & 0xff);
    at += 1 + (PATH_WORDS[kind] ?? 0);
  }
  return { tunnels, portless };
}

function nameOf(index: number): string {
  return allProtocols[index]?.name ?? '?';
}
