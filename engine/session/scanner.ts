/** Who runs the column pass over a batch: this thread, or others. Batches come back in the order they were given. */

import { allProtocols, type Protocol } from '../dissect/registry.ts';
import { makeScratch, type Scratch, wordsNeeded } from '../dissect/scratch.ts';
import { Cursor } from '../dissect/walk.ts';
import { makeBatch, type PacketBatch } from '../readers/reader.ts';
import { type StackNodes, type Stacks } from '../table/stacks.ts';

/** Bytes and packets of a batch: what four of them take stays in a core's cache (measured: 15 % faster than 4 MiB). */
export const BATCH_BYTES = 512 << 10;
export const BATCH_PACKETS = 8192;

/** For hashes that a hostile capture must not foresee. */
export function randomSeed(): number {
  return Math.floor(Math.random() * 0x7fffffff);
}

export interface Scanned {
  readonly batch: PacketBatch;
  readonly scratch: Scratch;
  /** The dictionary that the scratch's stack ids are of. */
  readonly nodes: StackNodes;
}

export interface Scanner {
  /** Path words are hashed with it. */
  readonly seed: number;
  /** Is there a free batch? */
  readonly hasRoom: boolean;
  /** The free batch, to be filled. */
  room(): PacketBatch;
  /** Hands over the batch that room() gave. `links`: link protocol of each interface. */
  submit(links: readonly number[]): void;
  /** The oldest batch handed over, scanned (waits for it); null: none is under way. */
  finished(): Scanned | null;
  /** Makes the batch that finished() gave free again. */
  release(): void;
  close(): void;
}

/** Scans every packet of a batch. Hot. */
export function scanBatch(cursor: Cursor, batch: PacketBatch, links: readonly number[]): void {
  const { offset, capturedLength, length } = batch;
  const c = cursor.columns;
  const needed = wordsNeeded(batch.bytes.length, batch.capacity);
  if (c.words.length < needed) c.words = new Uint32Array(new SharedArrayBuffer(4 * needed));
  cursor.bytes = batch.bytes;
  let word = 0;
  for (let i = 0; i < batch.count; i++) {
    word = cursor.walk(i, offset[i], capturedLength[i], length[i], links[batch.interface[i]], word);
  }
}

/** Scans in the thread that asks: one batch, one scratch. */
export class InlineScanner implements Scanner {
  readonly seed: number;
  private readonly batch: PacketBatch;
  private readonly cursor: Cursor;
  private readonly stacks: Stacks;
  private isFull = false;

  constructor(
    stacks: Stacks,
    bytes: number,
    packets: number,
    seed: number,
    protocols: readonly Protocol[] = allProtocols,
  ) {
    this.stacks = stacks;
    this.seed = seed;
    this.batch = makeBatch(bytes, packets);
    this.cursor = new Cursor(protocols, stacks, makeScratch(bytes, packets), seed);
  }

  get hasRoom(): boolean {
    return !this.isFull;
  }

  room(): PacketBatch {
    return this.batch;
  }

  submit(links: readonly number[]): void {
    scanBatch(this.cursor, this.batch, links);
    this.isFull = true;
  }

  finished(): Scanned | null {
    return this.isFull ? { batch: this.batch, scratch: this.cursor.columns, nodes: this.stacks } : null;
  }

  release(): void {
    this.isFull = false;
  }

  close(): void {
    this.isFull = false;
  }
}
