/**
 * Times of a pcapng interface: 64-bit counts of ticks (if_tsresol) since 1970 or since an offset (if_tsoffset). The unit is the
 * one that the packets came with, where it says all that they say, and nanoseconds otherwise; so no time loses anything.
 */

import { NS_PER_SECOND } from '../base/time.ts';

export interface Clock {
  /** The byte of if_tsresol: a power of ten, or with bit 7 set a power of two. */
  readonly resolution: number;
  readonly ticksPerSecond: bigint;
  readonly offsetSeconds: bigint;
}

const NANOSECONDS = 9;
const POWER_OF_TWO = 0x80;
/** Readers give nanoseconds: finer units hold nothing more. */
const FINEST = 1e9;
const TICKS_LIMIT = 1n << 64n;

/**
 * `first` and `last`: the earliest and the latest time, in nanoseconds. The offset stays zero unless a time lies before 1970
 * or too far behind it to be counted.
 */
export function clockOf(ticksPerSecond: number, fitsTicks: boolean, first: bigint, last: bigint): Clock {
  const own = fitsTicks ? resolutionByte(ticksPerSecond) : null;
  const resolution = own ?? NANOSECONDS;
  const ticks = BigInt(own === null ? FINEST : ticksPerSecond);
  const isPlain = first >= 0n && (last * ticks) / NS_PER_SECOND < TICKS_LIMIT;
  return { resolution, ticksPerSecond: ticks, offsetSeconds: isPlain ? 0n : floorSeconds(first) };
}

/** Is a time a whole number of an interface's ticks? Hot: asked once per packet. */
export function tickTest(ticksPerSecond: number): (time: bigint) => boolean {
  if (resolutionByte(ticksPerSecond) === null) return () => false;
  const ticks = BigInt(ticksPerSecond);
  const nanosPerTick = NS_PER_SECOND / ticks;
  if (nanosPerTick * ticks === NS_PER_SECOND) return (time) => time % nanosPerTick === 0n;
  return (time) => {
    const nanos = time - floorSeconds(time) * NS_PER_SECOND;
    return (toTicks(nanos, ticks) * NS_PER_SECOND) / ticks === nanos;
  };
}

function resolutionByte(ticksPerSecond: number): number | null {
  if (!(ticksPerSecond >= 1 && ticksPerSecond <= FINEST)) return null;
  const ten = Math.round(Math.log10(ticksPerSecond));
  if (10 ** ten === ticksPerSecond) return ten;
  const two = Math.round(Math.log2(ticksPerSecond));
  return 2 ** two === ticksPerSecond ? two | POWER_OF_TWO : null;
}

export function ticksOf({ ticksPerSecond, offsetSeconds }: Clock, time: bigint): bigint {
  return toTicks(time - offsetSeconds * NS_PER_SECOND, ticksPerSecond);
}

/** Rounded up: a tick that is no whole number of nanoseconds was cut when it was read. */
function toTicks(nanos: bigint, ticksPerSecond: bigint): bigint {
  return (nanos * ticksPerSecond + NS_PER_SECOND - 1n) / NS_PER_SECOND;
}

function floorSeconds(time: bigint): bigint {
  const seconds = time / NS_PER_SECOND;
  return time < 0n && seconds * NS_PER_SECOND !== time ? seconds - 1n : seconds;
}
