/**
 * Event Trace Log files (.etl) of Windows: a run of buffers, each a header of 72 bytes and a body of records that begin at multiples of
 * eight. A body may be compressed. All numbers are little endian. Microsoft documents the structures in parts only (evntrace.h,
 * evntcons.h, tdh.h); the layout here is what files of Windows 10 to Server 2025 have.
 */

import { u16le, u32le } from '../../base/bytes.ts';

/** Offsets in a buffer's header (WMI_BUFFER_HEADER). */
export const BUFFER = {
  size: 0x00,
  saved: 0x04,
  sequence: 0x18,
  processor: 0x28,
  state: 0x2c,
  filled: 0x30,
  flags: 0x34,
  type: 0x36,
  header: 72,
} as const;

export const BUFFER_FLAG = { eventsLost: 0x02, bufferLost: 0x04, wideProcessor: 0x20, compressed: 0x40 } as const;
export const BUFFER_TYPE = { header: 4, empty: 6 } as const;

/** No buffer is larger, packed or not. */
export const MOST_BUFFER_BYTES = 64 * 1024 * 1024;

/** The third byte of a record: what header it has. The fourth byte holds flags: most kinds have 0xc0. */
export const RECORD = {
  system32: 0x01,
  system64: 0x02,
  compact32: 0x03,
  compact64: 0x04,
  classic32: 0x0a,
  instance32: 0x0b,
  error: 0x0d,
  performance32: 0x10,
  performance64: 0x11,
  event32: 0x12,
  event64: 0x13,
  classic64: 0x14,
  instance64: 0x15,
} as const;
export const MARK = { header: 0xc0, message: 0x90, filler: 0xffff_ffff } as const;

/** Offsets in a modern event's header (EVENT_HEADER), which is 80 bytes with either size of pointers. */
export const EVENT = {
  flags: 0x04,
  thread: 0x08,
  process: 0x0c,
  time: 0x10,
  provider: 0x18,
  id: 0x28,
  version: 0x2a,
  level: 0x2c,
  keywordLow: 0x30,
  keywordHigh: 0x34,
  header: 0x50,
} as const;
const HAS_ITEMS = 0x0001;

/** Offsets in a classic event's header (EVENT_TRACE_HEADER). */
export const CLASSIC = { type: 4, version: 6, thread: 8, process: 12, time: 16, provider: 24, header: 48 } as const;

/** Offsets in a system event's header; the compact one ends before the processor times. */
export const SYSTEM = { version: 0, type: 6, group: 7, time: 16, header: 32, compact: 24 } as const;
export const GROUP = { header: 0, process: 3, config: 11 } as const;

/** Is this the marker of a record whose length is at offset 4? The others have it in their first two bytes. */
export function hasLengthAt4(kind: number): boolean {
  return kind <= RECORD.compact64 || kind === RECORD.performance32 || kind === RECORD.performance64;
}

/** Where the user data of the modern event in [at, end) begin: behind its extended items. */
export function userData(bytes: Uint8Array, at: number, end: number): number {
  let from = at + EVENT.header;
  if ((u16le(bytes, at + EVENT.flags) & HAS_ITEMS) === 0) return from;
  while (from + 8 <= end) {
    const size = u16le(bytes, from);
    const isLast = (u16le(bytes, from + 4) & 1) === 0;
    if (size < 8 || from + size > end) return end;
    from += size;
    if (isLast) break;
  }
  return from;
}

/** Lower case, with hyphens: its first three parts are little endian. */
export function guidText(bytes: Uint8Array, at: number): string {
  const hex = (from: number, to: number): string => {
    let text = '';
    const step = from <= to ? 1 : -1;
    for (let i = from; i !== to + step; i += step) text += bytes[at + i].toString(16).padStart(2, '0');
    return text;
  };
  return `${hex(3, 0)}-${hex(5, 4)}-${hex(7, 6)}-${hex(8, 9)}-${hex(10, 15)}`;
}

/** Does a file with this head look like a trace? There is no magic number: the first record of the first buffer describes it. */
export function isTraceHead(head: Uint8Array): boolean {
  if (head.length < BUFFER.header + SYSTEM.header) return false;
  if (u16le(head, BUFFER.type) !== BUFFER_TYPE.header) return false;
  if (u32le(head, BUFFER.size) < BUFFER.header + SYSTEM.header) return false;
  if (u32le(head, BUFFER.saved) < BUFFER.header && u32le(head, BUFFER.filled) < BUFFER.header) return false;
  const marker = u32le(head, BUFFER.header);
  const isSystem = marker === 0xc002_0002 || marker === 0xc001_0002;
  return isSystem && head[BUFFER.header + SYSTEM.type] === 0 && head[BUFFER.header + SYSTEM.group] === GROUP.header;
}
