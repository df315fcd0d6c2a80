/**
 * Windows event traces (.etl) of `netsh trace` and `pktmon`: packets in order of time, once the whole trace has been read. A locator is
 * the number of a packet in the order of the file.
 */

import type { CaptureError } from '../../base/errors.ts';
import type { ByteSource } from '../byte-source.ts';
import {
  type CaptureFacts,
  type CaptureReader,
  defineReader,
  emptyFacts,
  growBatch,
  type PacketBatch,
  type PacketOptions,
} from '../reader.ts';
import { putTime } from './description.ts';
import { isTraceHead } from './layout.ts';
import { readOptions } from './options.ts';
import { PacketWindow } from './packet-window.ts';
import { READER, Trace } from './trace.ts';

class EtlReader implements CaptureReader {
  readonly facts: CaptureFacts;
  problem: CaptureError | null = null;
  private readonly trace: Trace;
  private readonly window: PacketWindow;
  /** Packets handed on: the next one's place in the order of time. */
  private rank = 0;

  constructor(trace: Trace) {
    this.trace = trace;
    this.facts = trace.facts;
    this.window = new PacketWindow(trace);
  }

  again(): CaptureReader {
    return new EtlReader(this.trace);
  }

  /** Half of the work is to find the packets, the other half to hand them on. */
  get position(): number {
    const { at, ordered } = this.trace;
    return at / 2 + (ordered === 0 ? 0 : (this.rank / ordered) * (at / 2));
  }

  next(batch: PacketBatch, final: boolean): 'more' | 'end' {
    batch.count = 0;
    batch.notes = [];
    const { trace } = this;
    if (this.rank === trace.ordered && this.problem === null && !trace.advance(final)) return 'more';
    if (this.rank < trace.ordered) {
      this.fill(batch);
      if (this.rank < trace.ordered) return 'more';
    }
    this.problem = trace.problem;
    return 'end';
  }

  packet(locator: number, into: Uint8Array): number {
    return this.window.copyPacket(locator, into);
  }

  pseudoHeader(): Uint8Array {
    return new Uint8Array(0);
  }

  options(locator: number): PacketOptions | null {
    return readOptions(this.trace, locator);
  }

  /** Hot: the next packets, as many as there is room for. */
  private fill(batch: PacketBatch): void {
    const { trace, window } = this;
    const { index, appearances } = trace.records;
    const { description, order } = trace;
    if (trace.facts.hasAppearances) batch.isCopy ??= new Uint8Array(batch.capacity);
    const { isCopy } = batch;
    growBatch(batch, index.captured[order[this.rank]]);
    const count = window.fill(this.rank, batch.bytes, batch.capacity);
    const { starts, firstStart } = window;
    for (let i = 0, n = firstStart; i < count; i++, n++) {
      const packet = order[this.rank++];
      batch.offset[i] = starts[n] - starts[firstStart];
      batch.capturedLength[i] = index.captured[packet];
      batch.length[i] = index.length[packet];
      putTime(description, index.ticks[packet], i, batch.seconds, batch.nanos);
      batch.locator[i] = packet;
      batch.interface[i] = index.iface[packet];
      batch.direction[i] = index.direction[packet];
      if (isCopy !== undefined) isCopy[i] = appearances.isCopy[packet];
    }
    batch.count = count;
  }
}

/** A file that ends within what describes the trace. */
class UnreadTrace implements CaptureReader {
  readonly facts: CaptureFacts = emptyFacts(READER);
  readonly position = 0;
  readonly problem: CaptureError;

  constructor(problem: CaptureError) {
    this.problem = problem;
  }

  again(): CaptureReader {
    return this;
  }

  next(batch: PacketBatch): 'end' {
    batch.count = 0;
    batch.notes = [];
    return 'end';
  }

  packet(): number {
    return 0;
  }

  pseudoHeader(): Uint8Array {
    return new Uint8Array(0);
  }

  options(): null {
    return null;
  }
}

function open(source: ByteSource): CaptureReader {
  const trace = Trace.open(source);
  return trace instanceof Trace ? new EtlReader(trace) : new UnreadTrace(trace);
}

export const etl = defineReader({
  name: READER,
  title: 'Windows event trace (.etl)',
  extensions: ['etl'],
  sniff: isTraceHead,
  open,
});
