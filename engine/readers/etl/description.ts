/** The first record of a trace, which describes it: clock, start, size of pointers, what was lost (TRACE_LOGFILE_HEADER). */

import { u32le, u64le } from '../../base/bytes.ts';
import { BUFFER, BUFFER_FLAG, SYSTEM } from './layout.ts';
import { decodeUtf16z } from './text.ts';

/** Offsets in the description, for pointers of 8 and of 4 bytes. */
const COMMON = {
  bufferSize: 0,
  major: 4,
  minor: 5,
  build: 8,
  processors: 12,
  end: 16,
  mode: 32,
  pointer: 44,
  eventsLost: 48,
  mhz: 52,
};
const WIDE = { frequency: 256, start: 264, clock: 272, buffersLost: 276, names: 280 };
const NARROW = { frequency: 248, start: 256, clock: 264, buffersLost: 268, names: 272 };

const MODE = { circular: 0x2, compressed: 0x0400_0000 } as const;
const CLOCK = { systemTime: 2, cycles: 3 } as const;
/** Ticks of a FILETIME in a second. */
const FILETIME_PER_SECOND = 10_000_000;

export const COMPRESSION = { lznt1: 2, xpress: 3, xpressHuffman: 4 } as const;

export interface TraceDescription {
  /** Bytes of the largest buffer, not compressed. */
  readonly bufferSize: number;
  readonly version: string;
  readonly build: number;
  readonly processors: number;
  readonly pointerSize: 4 | 8;
  readonly isCircular: boolean;
  /** One of COMPRESSION, or another number that nobody knows; null: buffers are not compressed. */
  readonly compression: number | null;
  readonly eventsLost: number;
  readonly buffersLost: number;
  /** The session was ended in order. */
  readonly wasStopped: boolean;
  readonly session: string;
  /** The clock at the start of the trace, in its ticks: two halves. */
  readonly firstLow: number;
  readonly firstHigh: number;
  readonly ticksPerSecond: number;
  /** The start of the trace: seconds since 1970 UTC, and units of 100 ns. */
  readonly startSeconds: number;
  readonly startUnits: number;
}

/** FILETIME of 1970-01-01 in seconds. */
const UNIX_SECONDS = 11_644_473_600n;

/** Bytes that the description needs, from the beginning of the file. */
export const DESCRIPTION_BYTES = BUFFER.header + SYSTEM.header + WIDE.names;

/** Of a head that looks like a trace; null: it is too short for a description. */
export function readDescription(head: Uint8Array): TraceDescription | null {
  if (head.length < DESCRIPTION_BYTES) return null;
  const at = BUFFER.header + SYSTEM.header;
  const number = (offset: number): number => u32le(head, at + offset);
  const pointerSize = number(COMMON.pointer) === 4 ? 4 : 8;
  const own = pointerSize === 4 ? NARROW : WIDE;
  const mode = number(COMMON.mode);
  const format = u32le(head, BUFFER.state) & 0xffff;
  const isCompressed = (mode & MODE.compressed) !== 0 || (head[BUFFER.flags] & BUFFER_FLAG.compressed) !== 0;
  const first = u64le(head, BUFFER.header + SYSTEM.time);
  const clock = number(own.clock);
  const start = clock === CLOCK.systemTime ? first : u64le(head, at + own.start);
  return {
    bufferSize: number(COMMON.bufferSize),
    version: `${head[at + COMMON.major]}.${head[at + COMMON.minor]}`,
    build: number(COMMON.build),
    processors: number(COMMON.processors),
    pointerSize,
    isCircular: (mode & MODE.circular) !== 0,
    compression: isCompressed ? format : null,
    eventsLost: number(COMMON.eventsLost),
    buffersLost: number(own.buffersLost),
    wasStopped: u64le(head, at + COMMON.end) !== 0n,
    session: decodeUtf16z(head, at + own.names, head.length),
    firstLow: Number(first & 0xffff_ffffn),
    firstHigh: Number(first >> 32n),
    ticksPerSecond: frequencyOf(clock, Number(u64le(head, at + own.frequency)), number(COMMON.mhz)),
    startSeconds: Number(start / 10_000_000n - UNIX_SECONDS),
    startUnits: Number(start % 10_000_000n),
  };
}

/** Where a damaged description has no frequency, that of FILETIME, which most machines have. */
function frequencyOf(clock: number, performance: number, mhz: number): number {
  if (clock === CLOCK.systemTime) return FILETIME_PER_SECOND;
  const ticks = clock === CLOCK.cycles ? mhz * 1_000_000 : performance;
  return ticks > 0 && ticks <= MOST_TICKS ? ticks : FILETIME_PER_SECOND;
}

/** Of a second: `unitsOf` is exact up to there. No clock of a processor comes near. */
const MOST_TICKS = 2 ** 39;

/** Ticks since the start of the trace; exact as long as they are fewer than 2^53. */
export function ticksSince({ firstLow, firstHigh }: TraceDescription, low: number, high: number): number {
  // Clocks are signed, and a record may be older than the start.
  return ((high - firstHigh) | 0) * 0x1_0000_0000 + (low - firstLow);
}

/** Seconds since 1970, and nanoseconds in steps of 100 (finer than that the start is not known), of a number of ticks. Hot. */
export function putTime(
  description: TraceDescription,
  ticks: number,
  i: number,
  seconds: Float64Array,
  nanos: Float64Array,
): void {
  const { startSeconds, startUnits, ticksPerSecond } = description;
  const whole = Math.floor(ticks / ticksPerSecond);
  const units = startUnits + unitsOf(ticks - whole * ticksPerSecond, ticksPerSecond);
  const isNext = units >= FILETIME_PER_SECOND;
  seconds[i] = startSeconds + whole + (isNext ? 1 : 0);
  nanos[i] = (isNext ? units - FILETIME_PER_SECOND : units) * 100;
}

/** Units of 100 ns in less than a second of ticks: divided in two steps, each exact in 53 bits. */
function unitsOf(ticks: number, ticksPerSecond: number): number {
  if (ticksPerSecond === FILETIME_PER_SECOND) return ticks;
  const scaled = ticks * 10_000;
  const high = Math.floor(scaled / ticksPerSecond);
  const rest = scaled - high * ticksPerSecond;
  return high * 1000 + Math.floor((rest * 1000) / ticksPerSecond);
}
