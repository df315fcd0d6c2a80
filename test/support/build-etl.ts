/**
 * Writer of Windows event traces (.etl): buffers for each processor, with the header kinds, clocks, pointer sizes and compressions that
 * real ones have. Independent of engine/ on purpose. Whoever wants damage patches the bytes.
 */

import { type BytesLike, hex, join, padTo, u16le, u32le, u64le, utf16z, zeros } from './build-bytes.ts';
import { packLznt1, packXpress, packXpressHuffman } from './build-etl-packed.ts';

const BUFFER_HEADER = 72;
const SYSTEM_HEADER = 32;
const FILETIME_OF_1970 = 116_444_736_000_000_000n;

export type EtlCompression = 'lznt1' | 'xpress' | 'xpress-huffman';
const FORMAT: Record<EtlCompression, number> = { lznt1: 2, xpress: 3, 'xpress-huffman': 4 };
const PACK: Record<EtlCompression, (bytes: Uint8Array) => Uint8Array> = {
  lznt1: packLznt1,
  xpress: packXpress,
  'xpress-huffman': packXpressHuffman,
};
/** Performance counter, system time, cycles. */
export type EtlClock = 'counter' | 'system' | 'cycles';
const CLOCK: Record<EtlClock, number> = { counter: 1, system: 2, cycles: 3 };

export interface EtlFields {
  /** Nanoseconds since 1970; a multiple of 100. */
  readonly start: bigint;
  readonly pointerSize?: 4 | 8;
  readonly clock?: EtlClock;
  /** Ticks of the clock in a second. */
  readonly frequency?: bigint;
  /** The clock at the start. */
  readonly firstTick?: bigint;
  readonly bufferSize?: number;
  readonly compression?: EtlCompression;
  readonly processors?: number;
  readonly build?: number;
  readonly eventsLost?: number;
  readonly buffersLost?: number;
  readonly isCircular?: boolean;
  readonly wasStopped?: boolean;
  /** Older systems have processor numbers of one byte, and leave the filled size of the first buffer out. */
  readonly isOld?: boolean;
}

/** A record; `ticks` is what the clock said. */
export interface EtlEvent {
  /** Nanoseconds since 1970. */
  readonly time: bigint;
  readonly processor?: number;
  readonly record: (ticks: bigint) => Uint8Array;
}

/** `2ed6006e-4729-4609-b423-3ee7bcd678ef` as it lies in a file. */
export function guidBytes(text: string): Uint8Array {
  const bytes = hex(text);
  return join(bytes.slice(0, 4).reverse(), bytes.slice(4, 6).reverse(), bytes.slice(6, 8).reverse(), bytes.slice(8));
}

export interface ModernFields {
  readonly provider: string;
  readonly id: number;
  readonly version?: number;
  readonly level?: number;
  readonly keyword?: bigint;
  readonly process?: number;
  readonly thread?: number;
  /** Extended items: type and data of each. */
  readonly items?: readonly { readonly type: number; readonly data: BytesLike }[];
  /** From a 32-bit system. */
  readonly isNarrow?: boolean;
}

export function modernEvent(fields: ModernFields, data: BytesLike, ticks: bigint): Uint8Array {
  const { items = [] } = fields;
  const extended = items.map(({ type, data: own }, i) => {
    const padded = padTo(join(own), 8);
    return join(u16le(padded.length + 8), u16le(type), u16le(i + 1 < items.length ? 1 : 0), u16le(own.length), padded);
  });
  const body = join(...extended, data);
  return join(
    u16le(80 + body.length),
    [fields.isNarrow === true ? 0x12 : 0x13, 0xc0],
    u16le(items.length > 0 ? 1 : 0),
    u16le(0),
    u32le(fields.thread ?? 0),
    u32le(fields.process ?? 0),
    u64le(BigInt.asUintN(64, ticks)),
    guidBytes(fields.provider),
    u16le(fields.id),
    [fields.version ?? 0, 0, fields.level ?? 4, 0],
    u16le(0),
    u64le(fields.keyword ?? 0n),
    zeros(24),
    body,
  );
}

export function classicEvent(
  provider: string,
  type: number,
  version: number,
  data: BytesLike,
  ticks: bigint,
): Uint8Array {
  const head = join(u16le(48 + data.length), [0x14, 0xc0, type, 0], u16le(version), zeros(8), u64le(ticks));
  return join(head, guidBytes(provider), zeros(8), data);
}

export interface SystemFields {
  readonly group: number;
  readonly type: number;
  readonly version?: number;
  readonly isCompact?: boolean;
  readonly isNarrow?: boolean;
}

export function systemEvent(fields: SystemFields, data: BytesLike, ticks: bigint): Uint8Array {
  const { isCompact = false, isNarrow = false } = fields;
  const kind = (isCompact ? 3 : 1) + (isNarrow ? 0 : 1);
  const size = isCompact ? 24 : SYSTEM_HEADER;
  return join(
    u16le(fields.version ?? 2),
    [kind, 0xc0],
    u16le(size + data.length),
    [fields.type, fields.group],
    zeros(8),
    u64le(ticks),
    zeros(size - 24),
    data,
  );
}

/** A message of a developer (WPP), with a sequence number. */
export function messageEvent(data: BytesLike): Uint8Array {
  return join(u16le(12 + data.length), [0, 0x90], u16le(7), u16le(1), u32le(1), data);
}

export function performanceEvent(data: BytesLike, ticks: bigint): Uint8Array {
  return join(u16le(1), [0x11, 0xc0], u16le(16 + data.length), [0, 0], u64le(ticks), data);
}

/** Writes buffers as they fill up: one for each processor at a time. */
export class EtlWriter {
  private readonly fields: EtlFields;
  private readonly sink: (buffer: Uint8Array) => void;
  private readonly size: number;
  private readonly open = new Map<number, { readonly bytes: Uint8Array; used: number }>();
  private sequence = 1;

  constructor(fields: EtlFields, sink: (buffer: Uint8Array) => void) {
    this.fields = fields;
    this.sink = sink;
    this.size = fields.bufferSize ?? 65_536;
    sink(this.headerBuffer());
  }

  event({ time, processor = 0, record }: EtlEvent): void {
    const bytes = record(this.ticksOf(time));
    let buffer = this.open.get(processor);
    if (buffer !== undefined && buffer.used + bytes.length > this.size) {
      this.flush(processor);
      buffer = undefined;
    }
    if (buffer === undefined) {
      buffer = { bytes: new Uint8Array(this.size).fill(0xff), used: BUFFER_HEADER };
      this.open.set(processor, buffer);
    }
    buffer.bytes.set(bytes, buffer.used);
    buffer.used += (bytes.length + 7) & ~7;
  }

  end(): void {
    for (const processor of [...this.open.keys()].sort((a, b) => a - b)) this.flush(processor);
  }

  ticksOf(time: bigint): bigint {
    const { start, clock = 'counter', frequency = 10_000_000n, firstTick = 5_000_000_000n } = this.fields;
    if (clock === 'system') return time / 100n + FILETIME_OF_1970;
    // Rounded up: what is divided again gives the unit of 100 ns that the time was in.
    return firstTick + ((time - start) * frequency + 999_999_999n) / 1_000_000_000n;
  }

  private flush(processor: number): void {
    const buffer = this.open.get(processor);
    if (buffer === undefined) return;
    this.open.delete(processor);
    const { compression, isOld = false } = this.fields;
    const used = Math.min(buffer.used, this.size);
    const body = buffer.bytes.subarray(BUFFER_HEADER, used);
    const stored = compression === undefined ? buffer.bytes.subarray(BUFFER_HEADER) : PACK[compression](body);
    const flags = (isOld ? 0 : 0x20) | (compression === undefined ? 0 : 0x40);
    const header = bufferHeader({
      size: BUFFER_HEADER + stored.length,
      filled: used,
      sequence: this.sequence++,
      processor: isOld ? processor | 0x0800 : processor,
      state: 3,
      flags,
      type: 0,
      isOld,
    });
    this.sink(join(header, stored));
  }

  private headerBuffer(): Uint8Array {
    const { fields, size } = this;
    const { compression, isOld = false } = fields;
    const record = systemEvent(
      { group: 0, type: 0, isNarrow: fields.pointerSize === 4 },
      this.description(),
      this.ticksOf(fields.start),
    );
    const filled = BUFFER_HEADER + padTo(record, 8).length;
    const stored = compression === undefined ? size : 1024;
    const header = bufferHeader({
      size: stored,
      filled: isOld ? 0 : filled,
      offset: filled,
      sequence: 0,
      processor: 0,
      state: compression === undefined ? 3 : FORMAT[compression],
      flags: 1,
      type: 4,
      isOld,
    });
    const bytes = new Uint8Array(stored).fill(0xff);
    bytes.set(header);
    bytes.set(record, BUFFER_HEADER);
    return bytes;
  }

  private description(): Uint8Array {
    const { fields } = this;
    const { pointerSize = 8, clock = 'counter', frequency = 10_000_000n, compression } = fields;
    const start = fields.start / 100n + FILETIME_OF_1970;
    const mode = 1 | (fields.isCircular === true ? 2 : 0) | (compression === undefined ? 0 : 0x0400_0000);
    const zone = join(u32le(0), zeros(168));
    return join(
      u32le(this.size),
      [10, 0, 0, 5],
      u32le(fields.build ?? 20_348),
      u32le(fields.processors ?? 4),
      u64le(fields.wasStopped === false ? 0n : start + 600_000_000n),
      u32le(156_250),
      u32le(512),
      u32le(mode),
      u32le(1),
      u32le(1),
      u32le(pointerSize),
      u32le(fields.eventsLost ?? 0),
      u32le(Number(frequency / 1_000_000n)),
      zeros(2 * pointerSize),
      zone,
      zeros(4),
      u64le(start),
      u64le(frequency),
      u64le(start),
      u32le(CLOCK[clock]),
      u32le(fields.buffersLost ?? 0),
      utf16z('trace'),
      utf16z('trace.etl'),
    );
  }
}

interface BufferFields {
  readonly size: number;
  readonly filled: number;
  readonly offset?: number;
  readonly sequence: number;
  readonly processor: number;
  readonly state: number;
  readonly flags: number;
  readonly type: number;
  readonly isOld: boolean;
}

function bufferHeader(fields: BufferFields): Uint8Array {
  return join(
    u32le(fields.size),
    u32le(fields.filled),
    u32le(fields.filled + 8),
    zeros(12),
    u64le(BigInt(fields.sequence)),
    zeros(8),
    u16le(fields.processor),
    u16le(1),
    u32le(fields.state),
    u32le(fields.offset ?? fields.filled),
    u16le(fields.flags),
    u16le(fields.type),
    zeros(16),
  );
}

/** A whole trace in memory. */
export function etl(fields: EtlFields, events: readonly EtlEvent[]): Uint8Array {
  const parts: Uint8Array[] = [];
  const writer = new EtlWriter(fields, (buffer) => parts.push(buffer));
  for (const event of events) writer.event(event);
  writer.end();
  return join(...parts);
}
