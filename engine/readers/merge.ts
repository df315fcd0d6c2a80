/**
 * Several captures read as one: the next packet is the earliest of all files' heads, a file's own order is kept, and a
 * packet without a time stays behind the one before it in its file. When times are equal, the file named first wins. A file
 * that is followed and has nothing new does not hold the others back.
 */

import { captureError } from '../base/capture-problems.ts';
import type { CaptureError } from '../base/errors.ts';
import {
  type CaptureFacts,
  type CaptureInterface,
  type CaptureReader,
  growBatch,
  makeBatch,
  type PacketBatch,
  type PacketOptions,
  type TraceProvider,
} from './reader.ts';

/** What the heads of all files take together, and each one at least and at most. */
const HEADS = {
  totalBytes: 64 * 1024 * 1024,
  leastBytes: 64 * 1024,
  mostBytes: 1024 * 1024,
  bytesPerPacket: 64,
} as const;
const MOST_INTERFACES = 0xffff;

/** One file's packets that have been read and not handed on yet: those of `batch` from `at` on. */
interface Head {
  readonly reader: CaptureReader;
  readonly file: number;
  readonly batch: PacketBatch;
  at: number;
  /** Of the packet at `at`: its own time, or that of the one before. */
  seconds: number;
  nanos: number;
  /** First note of the batch that has not been handed on. */
  note: number;
  /** Merged index of each of the reader's interfaces. */
  readonly interfaces: number[];
  /** How much of each list of the reader's facts has been taken over. */
  readonly taken: { comments: number; names: number; secrets: number; warnings: number };
  hasProblem: boolean;
  /** Its reader has said `end`, and has not been asked again in this call of `next`. */
  hasEnded: boolean;
}

type Growing<T> = { -readonly [K in keyof T]: T[K] };

class MergedReader implements CaptureReader {
  readonly facts: CaptureFacts;
  problem: CaptureError | null = null;
  private readonly heads: readonly Head[];
  private readonly interfaces: CaptureInterface[] = [];
  private readonly comments: string[] = [];
  private readonly names: CaptureFacts['names'][number][] = [];
  private readonly secrets: CaptureFacts['secrets'][number][] = [];
  private readonly warnings: CaptureError[] = [];
  private readonly unknownBlocks = new Map<number, number>();
  private readonly providers: TraceProvider[] = [];
  private readonly processes = new Map<number, string>();
  /** Of each merged interface: its file, and its index there. */
  private readonly owners: { readonly head: Head; readonly index: number }[] = [];
  private damage: CaptureError | null = null;

  constructor(readers: readonly CaptureReader[]) {
    const share = Math.floor(HEADS.totalBytes / readers.length);
    const size = Math.min(HEADS.mostBytes, Math.max(HEADS.leastBytes, share));
    this.heads = readers.map((reader, file) => ({
      reader,
      file,
      batch: makeBatch(size, size / HEADS.bytesPerPacket),
      at: 0,
      seconds: Number.NEGATIVE_INFINITY,
      nanos: 0,
      note: 0,
      interfaces: [],
      taken: { comments: 0, names: 0, secrets: 0, warnings: 0 },
      hasProblem: false,
      hasEnded: false,
    }));
    const formats = [...new Set(readers.map((reader) => reader.facts.format))];
    const { interfaces, comments, names, secrets, warnings, unknownBlocks } = this;
    this.facts = {
      format: formats.join(', '),
      description: `${readers.length} files (${formats.join(', ')})`,
      interfaces,
      comments,
      names,
      secrets,
      warnings,
      unknownBlocks,
      hasAppearances: false,
      providers: this.providers,
      processes: this.processes,
    };
  }

  again(): CaptureReader {
    return new MergedReader(this.heads.map(({ reader }) => reader.again()));
  }

  get position(): number {
    return this.heads.reduce((sum, { reader }) => sum + reader.position, 0);
  }

  next(batch: PacketBatch, final: boolean): 'more' | 'end' {
    batch.count = 0;
    batch.notes = [];
    if (this.problem !== null) return 'end';
    for (const head of this.heads) head.hasEnded = false;
    let used = 0;
    for (;;) {
      const head = this.earliest(final);
      if (this.problem !== null) return 'end';
      if (head === null) {
        if (final) this.problem = this.damage;
        return 'end';
      }
      const first = head.batch.capturedLength[head.at];
      if (batch.count === batch.capacity) return 'more';
      if (used + first > batch.bytes.length) {
        if (batch.count > 0) return 'more';
        growBatch(batch, first);
      }
      used = this.copyRun(head, batch, used, this.limitOf(head));
    }
  }

  packet(locator: number, into: Uint8Array, iface: number): number {
    const { head, index } = this.owners[iface];
    return head.reader.packet(locator, into, index);
  }

  pseudoHeader(locator: number, iface: number): Uint8Array {
    const { head, index } = this.owners[iface];
    return head.reader.pseudoHeader(locator, index);
  }

  options(locator: number, iface: number): PacketOptions | null {
    const { head, index } = this.owners[iface];
    return head.reader.options(locator, index);
  }

  /** The head whose packet comes next; null where no file has one. */
  private earliest(final: boolean): Head | null {
    let best: Head | null = null;
    for (const head of this.heads) {
      if (head.at === head.batch.count && !this.refill(head, final)) continue;
      if (best === null || isBefore(head, best)) best = head;
    }
    return best;
  }

  /** The earliest head of the other files: up to there the packets of `head` go over without asking again. */
  private limitOf(head: Head): Head | null {
    let best: Head | null = null;
    for (const other of this.heads) {
      if (other === head || other.at === other.batch.count) continue;
      if (best === null || isBefore(other, best)) best = other;
    }
    return best;
  }

  private refill(head: Head, final: boolean): boolean {
    if (head.hasEnded) return false;
    const { reader, batch } = head;
    let state: 'more' | 'end' = 'more';
    do state = reader.next(batch, final);
    while (state === 'more' && batch.count === 0);
    head.hasEnded = state === 'end';
    head.at = 0;
    head.note = 0;
    this.takeFacts(head);
    if (batch.count === 0) return false;
    setTime(head);
    return true;
  }

  /** Copies packets of one file until another file's head, the end of its batch, or the end of room. */
  private copyRun(head: Head, into: PacketBatch, used: number, limit: Head | null): number {
    const from = head.batch;
    const first = head.at;
    const start = from.offset[first];
    const room = into.bytes.length - used;
    let count = into.count;
    let end = start;
    do {
      const i = head.at;
      const packetEnd = from.offset[i] + from.capturedLength[i];
      if (packetEnd - start > room) break;
      into.offset[count] = used + from.offset[i] - start;
      into.capturedLength[count] = from.capturedLength[i];
      into.length[count] = from.length[i];
      into.seconds[count] = from.seconds[i];
      into.nanos[count] = from.nanos[i];
      into.locator[count] = from.locator[i];
      into.interface[count] = head.interfaces[from.interface[i]];
      into.direction[count] = from.direction[i];
      if (from.isCopy !== undefined || into.isCopy !== undefined) setCopy(into, count, from.isCopy?.[i] ?? 0);
      if (head.note < from.notes.length && from.notes[head.note].index === i) {
        into.notes.push({ ...from.notes[head.note++], index: count });
      }
      count++;
      end = packetEnd;
      head.at++;
      if (head.at === from.count) break;
      setTime(head);
    } while (count < into.capacity && (limit === null || isBefore(head, limit)));
    // The record headers between the packets come along: one copy for the run is worth more than their bytes.
    into.bytes.set(from.bytes.subarray(start, end), used);
    into.count = count;
    return used + end - start;
  }

  private takeFacts(head: Head): void {
    const { facts, problem } = head.reader;
    const { taken, interfaces } = head;
    for (let i = interfaces.length; i < facts.interfaces.length; i++) {
      if (this.interfaces.length === MOST_INTERFACES) {
        const place = { reader: 'merge', at: this.position, file: head.reader.facts.format };
        this.problem = captureError(
          'too-large',
          'captureProblem.too-many-interfaces',
          { limit: MOST_INTERFACES },
          place,
        );
        return;
      }
      interfaces.push(this.interfaces.push({ ...facts.interfaces[i], file: head.file }) - 1);
      this.owners.push({ head, index: i });
    }
    interfaces.forEach((index, i) => {
      const { statistics } = facts.interfaces[i];
      if (statistics !== undefined) this.interfaces[index].statistics = statistics;
    });
    for (; taken.comments < facts.comments.length; taken.comments++) this.comments.push(facts.comments[taken.comments]);
    for (; taken.names < facts.names.length; taken.names++) this.names.push(facts.names[taken.names]);
    for (; taken.secrets < facts.secrets.length; taken.secrets++) this.secrets.push(facts.secrets[taken.secrets]);
    for (; taken.warnings < facts.warnings.length; taken.warnings++) this.warnings.push(facts.warnings[taken.warnings]);
    if (facts.unknownBlocks.size > 0) this.countUnknownBlocks();
    if (facts.providers.length > 0) this.countProviders();
    for (const [id, name] of facts.processes) this.processes.set(id, name);
    const merged = this.facts as Growing<CaptureFacts>;
    if (facts.hasAppearances) merged.hasAppearances = true;
    if (facts.hardware !== undefined) merged.hardware ??= facts.hardware;
    if (facts.os !== undefined) merged.os ??= facts.os;
    if (facts.application !== undefined) merged.application ??= facts.application;
    if (problem === null || head.hasProblem) return;
    // The first damage is the merged file's; the others would get lost behind it.
    head.hasProblem = true;
    if (this.damage === null) this.damage = problem;
    else this.warnings.push(problem);
  }

  private countProviders(): void {
    const merged = new Map<string, TraceProvider>();
    for (const { reader } of this.heads) {
      for (const one of reader.facts.providers) {
        const known = merged.get(one.id);
        merged.set(one.id, known === undefined ? one : { ...known, events: known.events + one.events });
      }
    }
    const sorted = [...merged.values()].sort((a, b) => b.events - a.events);
    this.providers.splice(0, this.providers.length, ...sorted);
  }

  private countUnknownBlocks(): void {
    this.unknownBlocks.clear();
    for (const { reader } of this.heads) {
      for (const [type, count] of reader.facts.unknownBlocks) {
        this.unknownBlocks.set(type, (this.unknownBlocks.get(type) ?? 0) + count);
      }
    }
  }
}

/** Batches of merged files begin without the column: it comes with the first file that has one. */
function setCopy(batch: PacketBatch, i: number, isCopy: number): void {
  batch.isCopy ??= new Uint8Array(batch.capacity);
  batch.isCopy[i] = isCopy;
}

function setTime(head: Head): void {
  const seconds = head.batch.seconds[head.at];
  if (Number.isNaN(seconds)) return;
  head.seconds = seconds;
  head.nanos = head.batch.nanos[head.at];
}

function isBefore(a: Head, b: Head): boolean {
  if (a.seconds !== b.seconds) return a.seconds < b.seconds;
  if (a.nanos !== b.nanos) return a.nanos < b.nanos;
  return a.file < b.file;
}

/** One reader that gives the packets of all, in order of time. Its interfaces say which file they belong to. */
export function mergeReaders(readers: readonly CaptureReader[]): CaptureReader {
  return new MergedReader(readers);
}
