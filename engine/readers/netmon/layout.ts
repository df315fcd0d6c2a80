/**
 * What is where in a Network Monitor file, little endian throughout but for frames of network information:
 *
 *   file header, 128 bytes: `RTSS` (1.x) or `GMBU` (2.x), version minor before major, start time (a clock on the wall of the
 *   capturing machine, without its zone), and where tables are: frames, comments, processes
 *   frames, anywhere: time since the start, original length, captured length, bytes, from 2.1 on a trailer
 *   frame table: the file offset of each frame, in frame order
 */

import { u16le, u32le } from '../../base/bytes.ts';
import { localTime } from '../record-time.ts';

export const HEADER_SIZE = 128;
/** Longest frame that is taken: what Wireshark allows too. */
export const FRAME_LIMIT = 256 * 1024;

const HEADER = {
  minor: 4,
  major: 5,
  network: 6,
  year: 8,
  month: 10,
  day: 14,
  hour: 16,
  minute: 18,
  second: 20,
  millisecond: 22,
  frameTable: 24,
  frameTableLength: 28,
  comments: 40,
  commentsLength: 44,
  processes: 48,
  processCount: 52,
} as const;

export interface FileHeader {
  readonly major: number;
  readonly minor: number;
  /** Network type of all frames, before 2.1. */
  readonly network: number;
  /** Milliseconds since 1970, if the capturing machine's clock stood in the zone of this one. */
  readonly startMs: number;
  readonly frameTable: number;
  readonly frameTableLength: number;
  readonly comments: number;
  readonly commentsLength: number;
  readonly processes: number;
  readonly processCount: number;
}

export function readFileHeader(bytes: Uint8Array): FileHeader {
  const word = (at: number): number => u16le(bytes, at);
  const major = bytes[HEADER.major];
  const minor = bytes[HEADER.minor];
  // Older files have other things in these places.
  const hasTables = major === 2 && minor >= 2;
  const table = (at: number): number => (hasTables ? u32le(bytes, at) : 0);
  return {
    major,
    minor,
    network: word(HEADER.network),
    startMs: localTime(
      word(HEADER.year),
      word(HEADER.month),
      word(HEADER.day),
      word(HEADER.hour),
      word(HEADER.minute),
      word(HEADER.second),
      word(HEADER.millisecond),
    ),
    frameTable: u32le(bytes, HEADER.frameTable),
    frameTableLength: u32le(bytes, HEADER.frameTableLength),
    comments: table(HEADER.comments),
    commentsLength: table(HEADER.commentsLength),
    processes: table(HEADER.processes),
    processCount: table(HEADER.processCount),
  };
}

/** How frames of a version look. */
export interface FrameLayout {
  readonly header: number;
  /** Bytes behind the frame that no length counts. */
  readonly trailer: number;
  readonly hasNetwork: boolean;
  readonly hasProcess: boolean;
  readonly hasUtc: boolean;
}

/** The trailer: network type (u16), index into the process table (u32), FILETIME (u64), time zone (u8). */
export const TRAILER = { network: 0, process: 2, utc: 6 } as const;

export function frameLayout({ major, minor }: FileHeader): FrameLayout {
  if (major === 1) return { header: 8, trailer: 0, hasNetwork: false, hasProcess: false, hasUtc: false };
  const trailer = [0, 2, 6][minor] ?? 15;
  return { header: 16, trailer, hasNetwork: minor >= 1, hasProcess: minor >= 2, hasUtc: minor >= 3 };
}

/** Of a frame, from its header. */
export interface FrameHead {
  readonly captured: number;
  readonly length: number;
}

export function readFrameHead(bytes: Uint8Array, layout: FrameLayout): FrameHead {
  return layout.header === 8
    ? { length: u16le(bytes, 4), captured: u16le(bytes, 6) }
    : { length: u32le(bytes, 8), captured: u32le(bytes, 12) };
}
