/** Where HTTP/2 frames end (RFC 9113 3.4, 4.1). Hot while loading: once per frame, from nine bytes. */

import { u24, u32 } from '../../../base/bytes.ts';
import { type Framing, MORE, NOT_MINE } from '../../protocol.ts';
import { TYPE } from './fields.ts';

export const FRAME_HEADER = 9;
export const MAGIC = 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n';
const PREFACE = Uint8Array.from(MAGIC, (letter) => letter.charCodeAt(0));
const SETTING = 6;
/** Framing.state once a frame or the preface has been seen: frames of unknown types are believed too. */
const IN_STEP = 1;
/** RFC 9113 4.2 allows 2^24-1; nobody announces more than this. */
const MAX_FRAME = 1 << 24;

export function frame(f: Framing): number {
  if (f.lost) f.state = 0;
  const { bytes, at, end } = f;
  if (f.state === 0) {
    const preface = startsWithPreface(bytes, at, end);
    if (preface === MORE) return MORE;
    if (preface === 1) {
      f.state = IN_STEP;
      return PREFACE.length;
    }
  }
  if (end - at < FRAME_HEADER) return MORE;
  if (!isPlausible(bytes, at, f.state === IN_STEP)) return NOT_MINE;
  f.state = IN_STEP;
  return FRAME_HEADER + u24(bytes, at);
}

/** 1: the connection preface; 0: not; MORE: as far as it goes. */
export function startsWithPreface(bytes: Uint8Array, at: number, end: number): number {
  const there = Math.min(PREFACE.length, end - at);
  for (let i = 0; i < there; i++) if (bytes[at + i] !== PREFACE[i]) return 0;
  return there === PREFACE.length ? 1 : MORE;
}

/** Do length, type and stream of a frame header go together? */
export function isPlausible(bytes: Uint8Array, at: number, trustsUnknown: boolean): boolean {
  const length = u24(bytes, at);
  const stream = u32(bytes, at + 5) & 0x7fffffff;
  switch (bytes[at + 3]) {
    case TYPE.data:
    case TYPE.headers:
    case TYPE.pushPromise:
    case TYPE.continuation:
      return stream !== 0 && length < MAX_FRAME;
    case TYPE.priority:
      return stream !== 0 && length === 5;
    case TYPE.reset:
      return stream !== 0 && length === 4;
    case TYPE.settings:
      return stream === 0 && length % SETTING === 0 && length < 256 * SETTING;
    case TYPE.ping:
      return stream === 0 && length === 8;
    case TYPE.goaway:
      return stream === 0 && length >= 8;
    case TYPE.windowUpdate:
      return length === 4;
    default:
      return trustsUnknown;
  }
}

/** The preface, or the server's SETTINGS where the capture begins with its side. */
export function recognise(bytes: Uint8Array, at: number, end: number): boolean {
  if (startsWithPreface(bytes, at, end) === 1) return true;
  if (end - at < FRAME_HEADER || bytes[at + 3] !== TYPE.settings || bytes[at + 4] !== 0) return false;
  const length = u24(bytes, at);
  if (length === 0 || !isPlausible(bytes, at, false) || u32(bytes, at + 5) !== 0 || at + FRAME_HEADER + length > end)
    return false;
  for (let setting = at + FRAME_HEADER; setting < at + FRAME_HEADER + length; setting += SETTING)
    if (bytes[setting] !== 0 || bytes[setting + 1] === 0 || bytes[setting + 1] > 16) return false;
  return true;
}
