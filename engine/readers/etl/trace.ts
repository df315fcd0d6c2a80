/**
 * One trace: its buffers are read once from beginning to end, in slices, because the order in the file is by processor, and because what
 * components and cards are called comes last. Afterwards the packets are there in order of time. Readers of the same file share it.
 */

import { type CaptureProblemKey, captureError, type ProblemParams } from '../../base/capture-problems.ts';
import type { CaptureError, ErrorCode } from '../../base/errors.ts';
import type { ByteSource } from '../byte-source.ts';
import { type CaptureFacts, emptyFacts } from '../reader.ts';
import { unpackLimit } from '../unpack.ts';
import { type BufferHeader, Buffers, readBufferHeader, unpackerOf } from './buffers.ts';
import { COMPRESSION, readDescription, type TraceDescription } from './description.ts';
import { grown } from './grow.ts';
import { BUFFER, BUFFER_FLAG, BUFFER_TYPE, MOST_BUFFER_BYTES } from './layout.ts';
import { bufferAt } from './packet-index.ts';
import { CAPTURING } from './providers.ts';
import { Records } from './records.ts';
import { sortByTime } from './sort-by-time.ts';
import { Stretch } from './stretch.ts';

export const READER = 'etl';
/** Bytes of buffers, unpacked, that are read before somebody else may have a turn. */
const SLICE_BYTES = 8 * 1024 * 1024;
/** The head of the file that describes the trace. */
const HEAD_BYTES = 4096;
/** Providers that a sentence names. */
const NAMED_PROVIDERS = 5;

const NO_NUMBER = 0xffff;
/** Of a warning about all of the trace. */
const NO_PLACE = -1;

type Growing<T> = { -readonly [K in keyof T]: T[K] };

/** What is wrong with buffers, until it is told at the end. */
interface Damage {
  count: number;
  /** Where the first of them is. */
  at: number;
}

export class Trace {
  readonly facts: CaptureFacts;
  readonly source: ByteSource;
  readonly description: TraceDescription;
  readonly buffers: Buffers;
  readonly records: Records;
  /** Packets in order of time, as many as `ordered` says. */
  order: Uint32Array = new Uint32Array(0);
  ordered = 0;
  /** Of the whole file; told when everything before it has been handed on. */
  problem: CaptureError | null = null;
  /** File offset of the next buffer. */
  at = 0;
  private readonly warnings: CaptureError[] = [];
  private readonly damaged: Damage = { count: 0, at: 0 };
  private readonly notUnpacked: Damage = { count: 0, at: 0 };
  /** What compressed buffers say that they unpack to. */
  private claimed = 0;
  private lossMarks = 0;
  private isFinished = false;
  /** Size of the file when reading on began. */
  private size = 0;
  private readonly stretch: Stretch;
  /** Size that all buffers have in the file; 0: compressed ones have any. */
  private readonly evenSize: number;

  private constructor(source: ByteSource, description: TraceDescription, first: BufferHeader) {
    this.source = source;
    this.description = description;
    this.stretch = new Stretch(source);
    this.records = new Records(description);
    this.buffers = new Buffers(source, description.compression);
    this.evenSize = description.compression === null && first.size <= MOST_BUFFER_BYTES ? first.size : 0;
    this.facts = {
      ...emptyFacts(READER),
      description: describe(description),
      os: `Windows, build ${description.build}`,
    };
    const facts = this.facts as Growing<CaptureFacts>;
    facts.interfaces = this.records.interfaces.list;
    facts.unknownBlocks = this.records.unknownKinds;
    facts.processes = this.records.system.processes;
    facts.warnings = this.warnings;
  }

  /** An error: the file ends within what describes the trace. */
  static open(source: ByteSource): Trace | CaptureError {
    const head = new Uint8Array(HEAD_BYTES);
    const bytes = head.subarray(0, source.read(0, head));
    const description = readDescription(bytes);
    if (description !== null) return new Trace(source, description, readBufferHeader(bytes));
    const need = readBufferHeader(bytes).size;
    const place = { reader: READER, at: 0, file: source.name };
    return captureError('cut-short', 'captureProblem.cut-file-header', { left: bytes.length, need }, place);
  }

  /** Reads on for a while. True: all that is there has been read, and is in order. */
  advance(final: boolean): boolean {
    const { buffers } = this;
    const before = buffers.loadedBytes;
    this.size = this.source.size;
    while (this.problem === null && !this.isFinished) {
      if (buffers.loadedBytes - before >= SLICE_BYTES) return false;
      if (!this.nextBuffer(final)) break;
    }
    if (final) this.finish();
    this.stretch.forget();
    this.arrange();
    return true;
  }

  /** False: there is none, or not all of it. */
  private nextBuffer(final: boolean): boolean {
    const left = this.size - this.at;
    if (left <= 0) return false;
    const head = this.stretch.read(this.at, BUFFER.header);
    if (head.length < BUFFER.header) {
      if (final) this.fail('cut-short', 'captureProblem.cut-buffer', { left, need: BUFFER.header });
      return false;
    }
    if (head.every((byte) => byte === 0)) return this.skipUnused(left);
    const header = readBufferHeader(head);
    const size = this.sizeOf(header, left);
    if (size === 0) {
      this.fail('damaged', 'captureProblem.buffer-size', { claimed: header.size, left });
      return false;
    }
    if (size > left && !final) return false;
    this.take(header, Math.min(size, left), size > left);
    if (size > left) this.fail('cut-short', 'captureProblem.cut-buffer', { left, need: size });
    this.at += Math.min(size, left);
    return this.problem === null;
  }

  /** Bytes of a buffer in the file; 0: what the header says cannot be. Where all have one size, a damaged header is read past. */
  private sizeOf({ size, flags }: BufferHeader, left: number): number {
    const { evenSize } = this;
    const isPossible = size >= BUFFER.header && size <= MOST_BUFFER_BYTES;
    if (evenSize === 0 || size === evenSize) return isPossible ? size : 0;
    const isUsual = evenSize <= left && (flags & BUFFER_FLAG.compressed) === 0;
    if (isUsual && (!isPossible || this.isHeaderAt(this.at + evenSize))) return evenSize;
    return isPossible ? size : 0;
  }

  /** Does a buffer of the usual size begin there, or the file end? */
  private isHeaderAt(at: number): boolean {
    if (at === this.size) return true;
    const head = this.stretch.read(at, BUFFER.header);
    return head.length === BUFFER.header && readBufferHeader(head).size === this.evenSize;
  }

  /** A file that was made in its full size ends in buffers that nobody wrote. */
  private skipUnused(left: number): boolean {
    this.at += this.evenSize === 0 ? left : Math.min(left, this.evenSize);
    return true;
  }

  private take(header: BufferHeader, size: number, isCut: boolean): void {
    if (header.type === BUFFER_TYPE.empty) return;
    const { buffers, records } = this;
    if ((header.flags & (BUFFER_FLAG.eventsLost | BUFFER_FLAG.bufferLost)) !== 0) this.lossMarks++;
    const isPacked = (header.flags & BUFFER_FLAG.compressed) !== 0;
    if (isPacked && unpackerOf(this.description.compression) === null) {
      note(this.notUnpacked, this.at);
      return;
    }
    const limit = unpackLimit(this.size);
    if (isPacked) this.claimed += header.filled;
    if (this.claimed > limit.bytes) {
      this.fail('too-large', 'captureProblem.buffers-unpack-too-much', { limit: limit.bytes });
      return;
    }
    const buffer = buffers.add(this.at, size, header);
    const stored = this.stretch.read(this.at + BUFFER.header, size - BUFFER.header);
    const body = buffers.firstBody(buffer, stored);
    const end = records.walk(body, buffer, header.processor);
    const isOdd = header.filled > MOST_BUFFER_BYTES || (this.evenSize > 0 && header.size !== this.evenSize);
    if (!isCut && (end < body.length || body.length < buffers.wanted(buffer) || isOdd)) note(this.damaged, this.at);
  }

  /** The file is at its end: what only then is known, and what was wrong on the way. */
  private finish(): void {
    if (this.isFinished) return;
    this.isFinished = true;
    const { records, facts } = this;
    records.joiner.finish();
    records.system.finish();
    const growing = facts as Growing<CaptureFacts>;
    if (records.system.os !== '') growing.os = records.system.os;
    this.tellDamage();
    if (records.index.count === 0) this.tellEmptiness();
  }

  /** Packets that have come since the last time: in order of time, and with their other appearances. */
  private arrange(): void {
    const { records, facts, description } = this;
    const { index, components, appearances, interfaces } = records;
    const growing = facts as Growing<CaptureFacts>;
    growing.providers = records.providers.list();
    if (index.count === this.ordered) return;
    components.finish();
    const order = this.inOrderOfBuffers();
    sortByTime(order, index.ticks);
    if (this.ordered === 0) this.numberInterfaces(order);
    interfaces.describe(components, records.system);
    if (records.hasPktmon) {
      appearances.find(order, index, description.ticksPerSecond, (component, edge, type) =>
        components.standing(component, edge, type),
      );
      if (appearances.hasCopies) growing.hasAppearances = true;
    }
    if (this.ordered === 0) this.order = order;
    else {
      this.order = grown(this.order, index.count);
      this.order.set(order, this.ordered);
    }
    this.ordered = index.count;
  }

  /** The new packets, the buffers of one processor one after the other: nearly in order of time already. */
  private inOrderOfBuffers(): Uint32Array {
    const { buffers, records } = this;
    const { index } = records;
    const first = this.ordered;
    const count = index.count - first;
    /** Packets of each buffer, then where they go. */
    const starts = new Uint32Array(buffers.count + 1);
    for (let packet = first; packet < index.count; packet++) starts[bufferAt(index.recordOf(packet))]++;
    const byProcessor = Uint32Array.from({ length: buffers.count }, (_, i) => i).sort(
      (a, b) => buffers.processor[a] - buffers.processor[b] || buffers.sequence[a] - buffers.sequence[b] || a - b,
    );
    let next = 0;
    for (const buffer of byProcessor) {
      const size = starts[buffer];
      starts[buffer] = next;
      next += size;
    }
    const order = new Uint32Array(count);
    for (let packet = first; packet < index.count; packet++) {
      order[starts[bufferAt(index.recordOf(packet))]++] = packet;
    }
    return order;
  }

  /** Interfaces are numbered by their first packet. */
  private numberInterfaces(order: Uint32Array): void {
    const { index, interfaces } = this.records;
    const numbers = new Uint16Array(interfaces.list.length).fill(NO_NUMBER);
    let next = 0;
    for (const packet of order) {
      const before = index.iface[packet];
      if (numbers[before] === NO_NUMBER) numbers[before] = next++;
      index.iface[packet] = numbers[before];
    }
    // Those whose only pieces were lost.
    for (let i = 0; i < numbers.length; i++) if (numbers[i] === NO_NUMBER) numbers[i] = next++;
    interfaces.renumber(numbers);
  }

  private tellDamage(): void {
    const { description, damaged, notUnpacked, records } = this;
    const { eventsLost: events, buffersLost: buffers } = description;
    if (events > 0 || buffers > 0) this.warn('captureProblem.events-lost', { events, buffers });
    else if (this.lossMarks > 0) this.warn('captureProblem.events-lost-somewhere', { buffers: this.lossMarks });
    if (damaged.count > 0) this.warn('captureProblem.buffers-damaged', { count: damaged.count }, damaged.at);
    if (notUnpacked.count > 0) {
      const params = { format: description.compression ?? 0, count: notUnpacked.count };
      this.warn('captureProblem.buffers-compressed', params, notUnpacked.at);
    }
    if (records.badEvents > 0) this.warn('captureProblem.events-damaged', { count: records.badEvents });
    if (records.joiner.lost > 0) this.warn('captureProblem.pieces-lost', { count: records.joiner.lost });
    const { refused } = records.interfaces;
    if (refused > 0) this.warn('captureProblem.packets-without-interface', { count: refused, limit: 0xffff });
  }

  /** A trace without packets is no error of anybody: people are told what it holds instead. */
  private tellEmptiness(): void {
    const { providers } = this.records;
    const list = providers.list();
    if (list.length === 0) return this.warn('captureProblem.trace-empty', {});
    const capturing = list.find(({ id }) => CAPTURING.includes(id));
    if (capturing !== undefined) {
      const params = { provider: capturing.name, events: capturing.events };
      return this.warn('captureProblem.trace-only-about-packets', params);
    }
    const named = list.slice(0, NAMED_PROVIDERS).map(({ id, name, events }) => `${name === '' ? id : name}: ${events}`);
    const more = list.length > named.length ? ', …' : '';
    this.warn('captureProblem.trace-without-packets', { providers: named.join(', ') + more });
  }

  private warn(key: CaptureProblemKey, params: ProblemParams, at = NO_PLACE): void {
    this.warnings.push(captureError('damaged', key, params, { reader: READER, at, file: this.source.name }));
  }

  private fail(code: ErrorCode, key: CaptureProblemKey, params: ProblemParams): void {
    this.problem = captureError(code, key, params, { reader: READER, at: this.at, file: this.source.name });
  }
}

function note(damage: Damage, at: number): void {
  if (damage.count++ === 0) damage.at = at;
}

/** One line: `Windows event trace, 64-bit, 4 processors, compressed (XPRESS)`. */
function describe({ pointerSize, processors, compression, isCircular, wasStopped }: TraceDescription): string {
  const parts = ['Windows event trace', `${pointerSize * 8}-bit`, `${processors} processors`];
  if (isCircular) parts.push('circular');
  if (compression !== null) parts.push(`compressed (${COMPRESSION_NAMES.get(compression) ?? compression})`);
  if (!wasStopped) parts.push('not ended in order');
  return parts.join(', ');
}

const COMPRESSION_NAMES: ReadonlyMap<number, string> = new Map([
  [COMPRESSION.lznt1, 'LZNT1'],
  [COMPRESSION.xpress, 'XPRESS'],
  [COMPRESSION.xpressHuffman, 'XPRESS with Huffman codes'],
]);
