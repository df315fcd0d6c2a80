/**
 * What readers of formats have in common whose packets do not lie one behind the other as they are needed: a format finds
 * the next packet (`step`), and its bytes are copied into the batch.
 */

import { type CaptureProblemKey, captureError, type ProblemParams } from '../base/capture-problems.ts';
import type { CaptureError, ErrorCode } from '../base/errors.ts';
import type { ByteSource } from './byte-source.ts';
import { FileWindow } from './file-window.ts';
import { RECORD_TYPE } from './link-types.ts';
import {
  type CaptureFacts,
  type CaptureInterface,
  type CaptureReader,
  DIRECTION,
  emptyFacts,
  growBatch,
  type PacketBatch,
  type PacketNote,
  type PacketOptions,
} from './reader.ts';

/** The packet that `step` has found. */
export interface FoundPacket {
  captured: number;
  length: number;
  /** Since 1970 UTC; NaN: no time. */
  seconds: number;
  nanos: number;
  /** What `fetch` finds the bytes by. */
  locator: number;
  interface: number;
  direction: number;
  /** What is worth a note; null: nothing. */
  note: Omit<PacketNote, 'index'> | null;
}

/** `packet`: `found` is filled; `skip`: something else was passed; `end`: there is nothing more now. */
export type Step = 'packet' | 'skip' | 'end';

export abstract class RecordReader implements CaptureReader {
  readonly facts: CaptureFacts;
  problem: CaptureError | null = null;
  protected readonly source: ByteSource;
  protected readonly window: FileWindow;
  protected readonly interfaces: CaptureInterface[] = [];
  protected readonly warnings: CaptureError[] = [];
  protected readonly found: FoundPacket = {
    captured: 0,
    length: 0,
    seconds: Number.NaN,
    nanos: 0,
    locator: 0,
    interface: 0,
    direction: DIRECTION.unknown,
    note: null,
  };
  /** File offset of what comes next. */
  protected at = 0;
  private readonly name: string;
  /** `found` did not fit into the batch before. */
  private isPending = false;

  constructor(source: ByteSource, name: string, facts: Partial<CaptureFacts> = {}) {
    this.source = source;
    this.name = name;
    this.window = new FileWindow(source);
    this.facts = { ...emptyFacts(name), ...facts, interfaces: this.interfaces, warnings: this.warnings };
  }

  abstract again(): CaptureReader;

  /** Goes on by one record, which takes at least a byte of the file or of a table in it. */
  protected abstract step(final: boolean): Step;

  get position(): number {
    return this.at;
  }

  next(batch: PacketBatch, final: boolean): 'more' | 'end' {
    batch.count = 0;
    batch.notes = [];
    let used = 0;
    while (this.problem === null || this.isPending) {
      if (batch.count === batch.capacity) return 'more';
      if (!this.isPending) {
        const step = this.step(final);
        if (step === 'end') break;
        if (step === 'skip') continue;
      }
      const { captured } = this.found;
      if (used + captured > batch.bytes.length) {
        this.isPending = true;
        if (batch.count > 0) return 'more';
        growBatch(batch, captured);
      }
      this.isPending = false;
      this.put(batch, used);
      used += captured;
    }
    return 'end';
  }

  packet(locator: number, into: Uint8Array, iface: number): number {
    return this.fetch(locator, into, iface);
  }

  pseudoHeader(_locator: number, _iface: number): Uint8Array {
    return new Uint8Array(0);
  }

  options(_locator: number, _iface: number): PacketOptions | null {
    return null;
  }

  /** Bytes of a packet into `into`, as many as it has room for; how many there were. */
  protected fetch(locator: number, into: Uint8Array, _iface: number): number {
    const bytes = this.window.bytes(locator, into.length);
    into.set(bytes);
    return bytes.length;
  }

  private put(batch: PacketBatch, used: number): void {
    const { found } = this;
    const i = batch.count++;
    const into = batch.bytes.subarray(used, used + found.captured);
    const got = this.fetch(found.locator, into, found.interface);
    if (got < into.length) into.fill(0, got);
    batch.offset[i] = used;
    batch.capturedLength[i] = found.captured;
    batch.length[i] = found.length;
    batch.seconds[i] = found.seconds;
    batch.nanos[i] = found.nanos;
    batch.locator[i] = found.locator;
    batch.interface[i] = found.interface;
    batch.direction[i] = found.direction;
    if (found.note !== null) batch.notes.push({ ...found.note, index: i });
  }

  protected describe(description: string): void {
    (this.facts as { description: string }).description = description;
  }

  /** The interface of a link type, where a format has no interfaces of its own. */
  protected interfaceOf(linkType: number, ticksPerSecond: number, name?: string): number {
    const known = this.interfaces.findIndex((one) => one.linkType === linkType && one.name === name);
    if (known >= 0) return known;
    const more = {
      ...(name === undefined ? {} : { name }),
      ...(linkType === RECORD_TYPE.erfMetadata ? { ofFile: true } : {}),
    };
    return this.interfaces.push({ file: 0, linkType, snapLength: 0, ticksPerSecond, ...more }) - 1;
  }

  protected fail(code: ErrorCode, key: CaptureProblemKey, params: ProblemParams, at: number): 'end' {
    this.problem = this.problemAt(code, key, params, at);
    return 'end';
  }

  protected problemAt(code: ErrorCode, key: CaptureProblemKey, params: ProblemParams, at: number): CaptureError {
    return captureError(code, key, params, { reader: this.name, at, file: this.source.name });
  }
}
