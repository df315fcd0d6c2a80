/** What is kept of a conversation: contexts and the calls that wait for their answers. */

import { type Fragments, noFragments } from './fragments.ts';

/** A request as its answer needs it. */
interface Asked {
  readonly frame: number;
  readonly operation: number;
  readonly uuid: string;
  readonly time: bigint | null;
}

export interface Memory {
  /** `pipe context` to the interface's UUID. */
  readonly contexts: Map<string, string>;
  /** `pipe call` to the request. */
  readonly calls: Map<string, Asked>;
  /** What frames were when they were seen first: response to request. */
  readonly answers: Map<string, Asked>;
  readonly asked: Map<string, string>;
  readonly fragments: Fragments;
}

export function emptyMemory(): Memory {
  return { contexts: new Map(), calls: new Map(), answers: new Map(), asked: new Map(), fragments: noFragments() };
}
