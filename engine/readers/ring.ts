/**
 * The files of a live capture read as one: each is read to its end before the next is begun, the oldest may go while the
 * newest grows. Rows only grow: a reader that begins when files have gone says with which row it begins. A file that
 * is still empty is waited for.
 */

import type { CaptureError } from '../base/errors.ts';
import type { ByteSource } from './byte-source.ts';
import { openCapture } from './index.ts';
import {
  type CaptureFacts,
  type CaptureInterface,
  type CaptureReader,
  emptyFacts,
  type InterfaceStatistics,
  type PacketBatch,
  type PacketOptions,
} from './reader.ts';

/** The shortest head by which a format can be told (pcap's file header). */
const LEAST_HEAD = 24;

/** One file of the ring, as all readers of it see it. */
class RingFile {
  readonly path: string;
  readonly source: ByteSource;
  /** Locators of its packets begin with it. */
  base = 0;
  /** Row of its first packet; null: nobody has come to it. */
  firstRow: number | null = null;
  /** For packets asked for again. */
  reader: CaptureReader | null = null;
  isGone = false;
  /** Index in the ring's facts of each of its interfaces. */
  readonly interfaces: number[] = [];
  private readonly release: () => void;

  constructor(path: string, source: ByteSource, release: () => void) {
    this.path = path;
    this.source = source;
    this.release = release;
  }

  close(): void {
    if (this.isGone) return;
    this.isGone = true;
    this.reader = null;
    this.release();
  }
}

/** A file that has gone has no more bytes, whoever still reads it. */
function whileThere(file: () => RingFile, source: ByteSource): ByteSource {
  return {
    name: source.name,
    get size() {
      return file().isGone ? 0 : source.size;
    },
    read: (at, into) => (file().isGone ? 0 : source.read(at, into)),
  };
}

type Growing<T> = { -readonly [K in keyof T]: T[K] };

/** What all readers of one live capture share: its files and what they say. */
export class Ring {
  readonly facts: CaptureFacts;
  readonly files: RingFile[] = [];
  private readonly interfaces: CaptureInterface[] = [];
  private readonly comments: string[] = [];
  /** Of each interface: what each file says, and the sum of those that have gone. */
  private readonly statistics: { gone: InterfaceStatistics; readonly files: Map<RingFile, InterfaceStatistics> }[] = [];
  /** Sizes of the files that have been followed by another. */
  private nextBase = 0;

  constructor(format: string) {
    const { interfaces, comments } = this;
    this.facts = { ...emptyFacts(format), interfaces, comments };
  }

  /** The next file has been begun: the one before does not grow any more. */
  add(path: string, source: ByteSource, release: () => void): void {
    const file: RingFile = new RingFile(
      path,
      whileThere(() => file, source),
      release,
    );
    const last = this.files.at(-1);
    if (last !== undefined) this.nextBase = last.base + last.source.size;
    file.base = this.nextBase;
    this.files.push(file);
  }

  /** A file has gone. Returns the row that is the first one now. */
  retire(path: string): number | null {
    const at = this.files.findIndex((file) => file.path === path);
    if (at < 0) return null;
    for (const file of this.files.splice(0, at + 1)) {
      file.close();
      for (const counts of this.statistics) {
        counts.gone = sum([counts.gone, counts.files.get(file) ?? {}]);
        counts.files.delete(file);
      }
    }
    return this.files[0]?.firstRow ?? null;
  }

  /** The first row after those of a file; null: not known yet, or there is no such file. */
  endOf(path: string): number | null {
    const at = this.files.findIndex((file) => file.path === path);
    return at < 0 ? null : (this.files[at + 1]?.firstRow ?? null);
  }

  /** Somebody has read all of a file: the one after it has been begun. True too where there is no such file. */
  isRead(path: string): boolean {
    return this.files.every((file) => file.path !== path) || this.endOf(path) !== null;
  }

  close(): void {
    for (const file of this.files) file.close();
  }

  fileAt(locator: number): RingFile | null {
    let low = 0;
    let high = this.files.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if (this.files[middle].base <= locator) low = middle;
      else high = middle - 1;
    }
    const file = this.files[low];
    return file !== undefined && file.base <= locator ? file : null;
  }

  /** Takes over what a file says: an interface that is described alike is the same one in all files. */
  learn(file: RingFile, facts: CaptureFacts): void {
    const own = this.facts as Growing<CaptureFacts>;
    own.description = facts.description;
    if (facts.hardware !== undefined) own.hardware = facts.hardware;
    if (facts.os !== undefined) own.os = facts.os;
    if (facts.application !== undefined) own.application = facts.application;
    for (const comment of facts.comments) if (!this.comments.includes(comment)) this.comments.push(comment);
    for (const [local, one] of facts.interfaces.entries()) {
      let index = file.interfaces[local];
      if (index === undefined) {
        const taken = new Set(file.interfaces);
        index = this.interfaces.findIndex((known, i) => !taken.has(i) && isSame(known, one));
        if (index < 0) {
          index = this.interfaces.push({ ...one }) - 1;
          this.statistics.push({ gone: {}, files: new Map() });
        }
        file.interfaces[local] = index;
      }
      if (one.statistics !== undefined) {
        const { gone, files } = this.statistics[index];
        files.set(file, one.statistics);
        this.interfaces[index].statistics = sum([gone, ...files.values()]);
      }
    }
  }
}

function isSame(a: CaptureInterface, b: CaptureInterface): boolean {
  return a.name === b.name && a.linkType === b.linkType && a.ticksPerSecond === b.ticksPerSecond;
}

const COUNTS = ['received', 'dropped', 'filterAccepted', 'osDropped', 'delivered'] as const;

/** Each file has the figures of its own time. */
function sum(all: readonly InterfaceStatistics[]): InterfaceStatistics {
  const total: { -readonly [K in keyof InterfaceStatistics]: InterfaceStatistics[K] } = {};
  for (const one of all) {
    for (const key of COUNTS) {
      const value = one[key];
      if (value !== undefined) total[key] = (total[key] ?? 0n) + value;
    }
  }
  return total;
}

export class RingReader implements CaptureReader {
  problem: CaptureError | null = null;
  /** Row of the first packet that it delivers. */
  readonly firstRow: number;
  private readonly ring: Ring;
  private file: RingFile | null = null;
  private reader: CaptureReader | null = null;
  private row: number;

  constructor(ring: Ring) {
    this.ring = ring;
    this.firstRow = ring.files[0]?.firstRow ?? 0;
    this.row = this.firstRow;
  }

  get facts(): CaptureFacts {
    return this.ring.facts;
  }

  get position(): number {
    return this.file === null ? 0 : this.file.base + (this.reader?.position ?? 0);
  }

  again(): CaptureReader {
    return new RingReader(this.ring);
  }

  next(batch: PacketBatch, final: boolean): 'more' | 'end' {
    batch.count = 0;
    batch.notes = [];
    for (;;) {
      if (this.file === null || this.file.isGone) {
        const [oldest] = this.ring.files;
        if (oldest === undefined) return 'end';
        this.begin(oldest);
        continue;
      }
      const { file } = this;
      const following = this.ring.files[this.ring.files.indexOf(file) + 1];
      const isWhole = final || following !== undefined;
      this.reader ??= this.open(file, isWhole);
      const state = this.reader?.next(batch, isWhole) ?? 'end';
      if (this.reader !== null) {
        this.ring.learn(file, this.reader.facts);
        this.translate(batch, file);
      }
      if (batch.count > 0 || state === 'more') return 'more';
      if (following === undefined) {
        this.problem = this.reader?.problem ?? null;
        return 'end';
      }
      this.begin(following);
    }
  }

  packet(locator: number, into: Uint8Array, iface: number): number {
    const file = this.ring.fileAt(locator);
    return this.of(file)?.packet(locator - (file?.base ?? 0), into, localOf(file, iface)) ?? 0;
  }

  pseudoHeader(locator: number, iface: number): Uint8Array {
    const file = this.ring.fileAt(locator);
    return this.of(file)?.pseudoHeader(locator - (file?.base ?? 0), localOf(file, iface)) ?? new Uint8Array(0);
  }

  options(locator: number, iface: number): PacketOptions | null {
    const file = this.ring.fileAt(locator);
    return this.of(file)?.options(locator - (file?.base ?? 0), localOf(file, iface)) ?? null;
  }

  private begin(file: RingFile): void {
    this.file = file;
    this.reader = null;
    file.firstRow ??= this.row;
    this.row = file.firstRow;
  }

  private open(file: RingFile, isWhole: boolean): CaptureReader | null {
    if (file.source.size < LEAST_HEAD) return null;
    const opened = openCapture(file.source);
    if (!opened.ok) {
      if (isWhole) this.problem = opened.error;
      return null;
    }
    file.reader ??= opened.value;
    return opened.value;
  }

  private of(file: RingFile | null): CaptureReader | null {
    return file === null || file.isGone ? null : file.reader;
  }

  private translate(batch: PacketBatch, file: RingFile): void {
    for (let i = 0; i < batch.count; i++) {
      batch.locator[i] += file.base;
      batch.interface[i] = file.interfaces[batch.interface[i]];
    }
    this.row += batch.count;
  }
}

function localOf(file: RingFile | null, iface: number): number {
  return Math.max(0, file?.interfaces.indexOf(iface) ?? 0);
}
