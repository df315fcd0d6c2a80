/**
 * The column pass shared with another thread. Batches and scratch lie on shared memory; a batch goes over by its slot in a ring,
 * and comes back in order. Whoever has nothing better to do scans the oldest batch that nobody has begun, so that neither
 * thread waits while there is work, nor for the other one to start. Waiting is by Atomics: no message is posted per batch.
 */

import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { DecodeAs } from '../dissect/applications.ts';
import { protocolsUnder } from '../dissect/decode-as.ts';
import { makeScratch, type Scratch } from '../dissect/scratch.ts';
import { Cursor } from '../dissect/walk.ts';
import { makeBatch, type PacketBatch } from '../readers/reader.ts';
import { BATCH_BYTES, BATCH_PACKETS, randomSeed, type Scanned, type Scanner, scanBatch } from '../session/scanner.ts';
import { MAX_STACKS, Stacks } from '../table/stacks.ts';

const SLOTS = 4;
const MAX_LINKS = 4096;
/** State of a slot; only a `filled` one may be taken, by compare and exchange. */
const STATE = { free: 0, filled: 1, scanning: 2, scanned: 3 } as const;
/** Words of the control block: per slot its state and packet count; batches submitted so far; link protocols; whether to end. */
const CONTROL = {
  state: 0,
  count: SLOTS,
  submitted: 2 * SLOTS,
  links: 2 * SLOTS + 1,
  end: 2 * SLOTS + 2,
  words: 2 * SLOTS + 3,
} as const;
/** Below this a second thread takes longer to start than it saves. */
const WORTH_A_THREAD_BYTES = 32 << 20;
/** The other thread looks up this often without being told, in case it missed the end. */
const IDLE_MS = 1000;

/** What both threads hold. All on shared memory. */
export interface ScanMemory {
  readonly control: Int32Array;
  readonly links: Uint32Array;
  readonly slots: readonly { readonly batch: PacketBatch; readonly scratch: Scratch }[];
  /** The other thread's stack dictionary. */
  readonly parent: Uint16Array;
  readonly protocol: Uint16Array;
  /** Of the hashes of path words. */
  readonly seed: number;
  /** People's rules, by which both walk. */
  readonly decodeAs: readonly (readonly [string, number])[];
}

function makeMemory(bytes: number, packets: number, decodeAs: ScanMemory['decodeAs']): ScanMemory {
  const slots = Array.from({ length: SLOTS }, () => ({
    batch: makeBatch(bytes, packets),
    scratch: makeScratch(bytes, packets),
  }));
  return {
    control: new Int32Array(new SharedArrayBuffer(CONTROL.words * 4)),
    links: new Uint32Array(new SharedArrayBuffer(MAX_LINKS * 4)),
    slots,
    parent: new Uint16Array(new SharedArrayBuffer(MAX_STACKS * 2)),
    protocol: new Uint16Array(new SharedArrayBuffer(MAX_STACKS * 2)),
    seed: randomSeed(),
    decodeAs,
  };
}

/**
 * For a capture of `size` bytes: undefined where it is small, where there is no second core, or where the program is not built.
 * `isWatched`: somebody waits for the first rows, which are there sooner while no other thread is starting.
 */
export function secondThread(
  size: number,
  decodeAs: DecodeAs = new Map(),
  isWatched = false,
): SharedScanner | undefined {
  if (size < WORTH_A_THREAD_BYTES) return undefined;
  const entry = new URL('../host/scan-worker.js', import.meta.url);
  if (availableParallelism() < 2 || !existsSync(fileURLToPath(entry))) return undefined;
  return new SharedScanner(entry, BATCH_BYTES, BATCH_PACKETS, [...decodeAs], isWatched);
}

export class SharedScanner implements Scanner {
  private readonly memory: ScanMemory;
  /** undefined: not started yet. */
  private worker: Worker | undefined;
  private readonly entry: URL;
  private readonly cursor: Cursor;
  /** Each slot's bytes and words as both threads know them: a packet larger than a slot makes this thread's larger for a while. */
  private readonly shared: readonly { readonly bytes: Uint8Array; readonly words: Uint32Array }[];
  private submitted = 0;
  private returned = 0;
  /** Slots whose batch this thread scanned itself. */
  private readonly own = new Set<number>();
  /** Batches that the other thread scanned. */
  scannedElsewhere = 0;
  private links: readonly number[] = [];

  /** `entry`: the built engine/host/scan-worker.ts. `isWatched`: the thread is started with the second batch. */
  constructor(entry: URL, bytes: number, packets: number, decodeAs: ScanMemory['decodeAs'] = [], isWatched = false) {
    this.entry = entry;
    this.memory = makeMemory(bytes, packets, decodeAs);
    this.shared = this.memory.slots.map(({ batch, scratch }) => ({ bytes: batch.bytes, words: scratch.words }));
    this.cursor = new Cursor(
      protocolsUnder(new Map(decodeAs)),
      new Stacks(),
      this.memory.slots[0].scratch,
      this.memory.seed,
    );
    if (!isWatched) this.start();
  }

  private start(): void {
    this.worker = new Worker(this.entry, { workerData: this.memory });
    this.worker.unref();
  }

  get seed(): number {
    return this.memory.seed;
  }

  get hasRoom(): boolean {
    return this.submitted - this.returned < SLOTS;
  }

  room(): PacketBatch {
    return this.memory.slots[this.submitted % SLOTS].batch;
  }

  submit(links: readonly number[]): void {
    const { control } = this.memory;
    const slot = this.submitted++ % SLOTS;
    if (this.worker === undefined && this.submitted > 1) this.start();
    const { batch } = this.memory.slots[slot];
    this.links = links;
    if (batch.bytes !== this.shared[slot].bytes || links.length > MAX_LINKS) {
      this.scan(slot);
    } else {
      for (let i = control[CONTROL.links]; i < links.length; i++) this.memory.links[i] = links[i];
      control[CONTROL.links] = links.length;
      control[CONTROL.count + slot] = batch.count;
      Atomics.store(control, CONTROL.state + slot, STATE.filled);
    }
    Atomics.store(control, CONTROL.submitted, this.submitted);
    Atomics.notify(control, CONTROL.submitted);
  }

  finished(): Scanned | null {
    if (this.returned === this.submitted) return null;
    const slot = this.returned % SLOTS;
    const { control, slots } = this.memory;
    while (Atomics.load(control, CONTROL.state + slot) !== STATE.scanned) {
      if (this.helpOut()) continue;
      Atomics.wait(control, CONTROL.state + slot, STATE.scanning, IDLE_MS);
    }
    if (this.own.has(slot)) return { ...slots[slot], nodes: this.cursor.stacks };
    return { ...slots[slot], nodes: this.memory };
  }

  release(): void {
    const slot = this.returned++ % SLOTS;
    const { batch, scratch } = this.memory.slots[slot];
    if (!this.own.delete(slot)) this.scannedElsewhere++;
    batch.bytes = this.shared[slot].bytes;
    scratch.words = this.shared[slot].words;
    Atomics.store(this.memory.control, CONTROL.state + slot, STATE.free);
  }

  close(): void {
    const { control } = this.memory;
    Atomics.store(control, CONTROL.end, 1);
    Atomics.notify(control, CONTROL.submitted);
    void this.worker?.terminate();
  }

  /** Scans the oldest batch that nobody has begun; false: there is none. */
  private helpOut(): boolean {
    for (let n = this.returned; n < this.submitted; n++) {
      const slot = n % SLOTS;
      if (
        Atomics.compareExchange(this.memory.control, CONTROL.state + slot, STATE.filled, STATE.scanning) !==
        STATE.filled
      )
        continue;
      this.scan(slot);
      return true;
    }
    return false;
  }

  private scan(slot: number): void {
    const { batch, scratch } = this.memory.slots[slot];
    this.cursor.columns = scratch;
    scanBatch(this.cursor, batch, this.links);
    this.own.add(slot);
    Atomics.store(this.memory.control, CONTROL.state + slot, STATE.scanned);
  }
}

/** The other thread: takes batches in the order they were submitted, until it is told to end. */
export function scanForever(memory: ScanMemory): void {
  const { control, slots } = memory;
  const cursor = new Cursor(
    protocolsUnder(new Map(memory.decodeAs)),
    new Stacks(memory.parent, memory.protocol),
    slots[0].scratch,
    memory.seed,
  );
  let links: number[] = [];
  for (let turn = 0; Atomics.load(control, CONTROL.end) === 0; ) {
    const submitted = Atomics.load(control, CONTROL.submitted);
    if (turn >= submitted) {
      Atomics.wait(control, CONTROL.submitted, submitted, IDLE_MS);
      continue;
    }
    turn = Math.max(turn, submitted - SLOTS); // those before were scanned by the side that waited for them
    const slot = turn++ % SLOTS;
    if (Atomics.compareExchange(control, CONTROL.state + slot, STATE.filled, STATE.scanning) !== STATE.filled) continue;
    const { batch, scratch } = slots[slot];
    batch.count = control[CONTROL.count + slot];
    if (links.length !== control[CONTROL.links]) links = Array.from(memory.links.subarray(0, control[CONTROL.links]));
    cursor.columns = scratch;
    try {
      scanBatch(cursor, batch, links);
    } catch (error) {
      // A mistake in the program: the waiting side meets it too when it takes the batch back, and can tell people.
      Atomics.store(control, CONTROL.state + slot, STATE.filled);
      Atomics.notify(control, CONTROL.state + slot);
      throw error;
    }
    Atomics.store(control, CONTROL.state + slot, STATE.scanned);
    Atomics.notify(control, CONTROL.state + slot);
  }
}
