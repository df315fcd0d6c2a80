/** Calls in several fragments (C706 12.6): their stubs joined in the frame that brings the last one. */

import type { TreeBuilder } from '../../tree.ts';

/** Stub bytes of one call that are kept, and calls that wait for their rest. */
const MAX_STUB = 8 << 20;
const MAX_WAITING = 64;

interface Waiting {
  readonly frames: number[];
  readonly parts: Uint8Array[];
  length: number;
}

/** What was put together in a frame, so that it is the same when the frame is dissected again. */
interface Joined {
  readonly frames: readonly number[];
  readonly bytes: Uint8Array;
}

export interface Fragments {
  readonly waiting: Map<string, Waiting>;
  /** By frame and call: what its last fragment completed, or null for one that completes nothing. */
  readonly seen: Map<string, Joined | null>;
}

export function noFragments(): Fragments {
  return { waiting: new Map(), seen: new Map() };
}

/** Takes a fragment's stub; what it completes, or null. `call`: pipe, direction and call id. */
export function takeFragment(
  t: TreeBuilder,
  { waiting, seen }: Fragments,
  call: string,
  isFirst: boolean,
  isLast: boolean,
  at: number,
  end: number,
): Joined | null {
  const key = `${t.packet.number} ${t.at} ${call}`;
  const known = seen.get(key);
  if (known !== undefined) return known;
  seen.set(key, null);
  if (isFirst) waiting.set(call, { frames: [], parts: [], length: 0 });
  const found = waiting.get(call);
  if (found === undefined || end <= at) return null;
  found.frames.push(t.packet.number);
  found.parts.push(t.slice(at, end - at));
  found.length += end - at;
  for (const oldest of waiting.keys()) {
    if (waiting.size <= MAX_WAITING && found.length <= MAX_STUB) break;
    waiting.delete(found.length > MAX_STUB ? call : oldest);
    if (found.length > MAX_STUB) return null;
  }
  if (!isLast) return null;
  waiting.delete(call);
  const bytes = new Uint8Array(found.length);
  let next = 0;
  for (const part of found.parts) {
    bytes.set(part, next);
    next += part.length;
  }
  const joined = { frames: found.frames, bytes };
  seen.set(key, joined);
  return joined;
}

/** The rows that list the fragments. */
export function showFragments(t: TreeBuilder, { frames, bytes }: Joined): void {
  const node = t.generated('fragments', new Uint8Array(0));
  node.text = `${frames.length} DCE/RPC Fragments (${bytes.length} bytes)`;
  t.nest(node);
  for (const frame of frames) t.generated('fragment', frame);
  t.generated('fragment.count', frames.length);
  t.generated('reassembled.length', bytes.length);
  t.close();
}
