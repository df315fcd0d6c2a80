/**
 * Writer of Microsoft Network Monitor files, versions 1.1 and 2.0 to 2.3, as byte arrays. Frames may lie in the file in another
 * order than in its table, may be of any network type, and may hold an event of a Windows trace. Independent of engine/.
 */

import { type BytesLike, join, u8, u16, u16le, u32, u32le, u64, u64le, utf8, zeros } from './build-bytes.ts';
import type { CapturePacket } from './build-capture.ts';

const HEADER_SIZE = 128;
const MICROS = 1000n;
/** FILETIME of 1970, in 100 ns. */
const FILETIME_1970 = 116_444_736_000_000_000n;

export const NETWORK_TYPE = {
  ethernet: 1,
  tokenRing: 2,
  fddi: 3,
  atm: 4,
  radio: 6,
  rawIp: 9,
  event: 0xffe0,
  adapters: 0xfffb,
  joinedHeader: 0xfffc,
  filter: 0xffff,
} as const;

export interface NetmonFrame extends CapturePacket {
  /** From 2.1 on; 1 (Ethernet) unless given. */
  readonly network?: number;
  /** From 2.2 on: place in the process table. */
  readonly process?: number;
  readonly comment?: { readonly title: string; readonly description?: string };
  /** Overrules the length in the frame's header. */
  readonly capturedLength?: number;
  /** From 2.3 on, instead of the time: 0 means that there is none. */
  readonly utc?: bigint;
}

export interface NetmonProcess {
  readonly id: number;
  readonly path: string;
}

export interface NetmonFields {
  readonly version?: readonly [1 | 2, number];
  /** Network type of the file. */
  readonly network?: number;
  readonly frames: readonly NetmonFrame[];
  /** Places of the frames in the file, by number from 0: [1, 0] puts the second first. */
  readonly order?: readonly number[];
  readonly processes?: readonly NetmonProcess[];
  /** The zone that the start is written in: that of the tests unless it is to be the same everywhere. */
  readonly clock?: 'local' | 'utc';
  /** Leaves the frame table out, as a capture that was not finished does. */
  readonly hasNoTable?: boolean;
}

function utf16(text: string): Uint8Array {
  return join(...Array.from({ length: text.length }, (_, i) => u16le(text.charCodeAt(i))));
}

/** UTF-16 with the zero that ends it. */
function utf16z(text: string): Uint8Array {
  return utf16(`${text}\0`);
}

/** The start, cut to milliseconds, as a clock on the wall shows it where the tests run. */
function startTime(start: bigint, isUtc: boolean): { readonly bytes: Uint8Array; readonly time: bigint } {
  const ms = start / 1_000_000n;
  const local = new Date(Number(ms));
  // With the offset taken off, the local parts are those of UTC.
  const date = isUtc ? new Date(Number(ms) + local.getTimezoneOffset() * 60_000) : local;
  const bytes = join(
    u16le(date.getFullYear()),
    u16le(date.getMonth() + 1),
    u16le(date.getDay()),
    u16le(date.getDate()),
    u16le(date.getHours()),
    u16le(date.getMinutes()),
    u16le(date.getSeconds()),
    u16le(date.getMilliseconds()),
  );
  return { bytes, time: ms * 1_000_000n };
}

export function netmon(fields: NetmonFields): Uint8Array {
  const [major, minor] = fields.version ?? [2, 0];
  const { frames } = fields;
  const start = startTime(frames[0]?.time ?? 0n, fields.clock === 'utc');
  const records = frames.map((frame) => frameRecord(frame, start.time, major, minor));
  const places: number[] = new Array<number>(frames.length).fill(0);
  let at = HEADER_SIZE;
  const body: Uint8Array[] = [];
  for (const number of fields.order ?? frames.keys()) {
    const record = records[number] ?? zeros(0);
    places[number] = at;
    body.push(record);
    at += record.length;
  }
  const comments = join(...frames.map((frame, i) => commentRecord(frame, places[i] ?? 0)));
  const processes = fields.processes === undefined ? zeros(0) : processTable(fields.processes);
  const table = fields.hasNoTable === true ? zeros(0) : join(...places.map((place) => u32le(place)));
  const commentAt = at;
  const processAt = commentAt + comments.length;
  const tableAt = processAt + processes.length;
  const header = join(
    utf8(major === 1 ? 'RTSS' : 'GMBU'),
    u8(minor),
    u8(major),
    u16le(fields.network ?? NETWORK_TYPE.ethernet),
    start.bytes,
    u32le(table.length === 0 ? 0 : tableAt),
    u32le(table.length),
    zeros(8),
    u32le(comments.length === 0 ? 0 : commentAt),
    u32le(comments.length),
    u32le(processes.length === 0 ? 0 : processAt),
    u32le(fields.processes?.length ?? 0),
  );
  return join(header, zeros(HEADER_SIZE - header.length), ...body, comments, processes, table);
}

function frameRecord(frame: NetmonFrame, start: bigint, major: number, minor: number): Uint8Array {
  const since = frame.time - start;
  const length = frame.length ?? frame.bytes.length;
  const captured = frame.capturedLength ?? frame.bytes.length;
  if (major === 1) return join(u32le(Number(since / 1_000_000n)), u16le(length), u16le(captured), frame.bytes);
  const micros = BigInt.asUintN(64, since / MICROS);
  const trailer = [
    u16le(frame.network ?? NETWORK_TYPE.ethernet),
    u32le(frame.process ?? 0xffff_ffff),
    join(u64le(frame.utc ?? frame.time / 100n + FILETIME_1970), u8(0)),
  ].slice(0, minor);
  return join(u64le(micros), u32le(length), u32le(captured), frame.bytes, ...trailer);
}

function commentRecord({ comment }: NetmonFrame, place: number): Uint8Array {
  if (comment === undefined) return zeros(0);
  const title = utf16z(comment.title);
  const description = utf8(comment.description ?? '');
  return join(u32le(1), u32le(place), u32le(title.length), title, u32le(description.length), description);
}

function processTable(processes: readonly NetmonProcess[]): Uint8Array {
  const entries = processes.map(({ id, path }) => {
    const name = utf16z(path);
    const icon = hexIcon();
    return join(u32le(name.length), name, u32le(icon.length), icon, u32le(id), zeros(44));
  });
  return join(u16le(2), ...entries);
}

/** Any bytes: nobody looks at them. */
function hexIcon(): Uint8Array {
  return join([0, 0, 1, 0]);
}

// frames that are no traffic

export interface NetmonAdapter {
  readonly name: string;
  readonly description: string;
  readonly mac: BytesLike;
  readonly ipv4?: readonly BytesLike[];
}

/** Extended network information: numbers are big endian here. */
export function adapterFrame(adapters: readonly NetmonAdapter[]): Uint8Array {
  return join(
    u16(1),
    u16(adapters.length),
    utf16z('host.example'),
    ...adapters.map(({ name, description, mac, ipv4 = [] }) =>
      join(
        utf16z(name),
        utf16z(description),
        utf16z('{00000000-0000-0000-0000-000000000000}'),
        u32(0),
        u32(1500),
        u64(1_000_000_000n),
        mac,
        u16(ipv4.length),
        zeros(10),
        ...ipv4,
        ...ipv4.map(() => [255, 255, 255, 0]),
      ),
    ),
  );
}

export function filterFrame(application: string, version: readonly [number, number], filter: string): Uint8Array {
  return join(u16(1), u32(1), u32(version[0]), u32(version[1]), utf16z(application), utf16z(filter));
}

/** ATM cells' content behind the 16 bytes that Network Monitor puts in front. */
export function atmFrame(vpi: number, vci: number, content: Uint8Array): Uint8Array {
  return join(zeros(12), u16(vpi), u16(vci), content);
}

/** 802.11 behind the radio prefix. */
export function radioFrame(frame: Uint8Array, { channel = 6, signal = -50, rate = 22 } = {}): Uint8Array {
  const header = join(u32le(1), u32le(0), u32le(6), u32le(channel), u32le(signal), u8(rate), u64le(0n));
  return join(u8(2), u16le(3 + header.length), header, frame);
}

const NDIS_PROVIDER = join(
  u32le(0x2ed6_006e),
  u16le(0x4729),
  u16le(0x4609),
  [0xb4, 0x23, 0x3e, 0xe7, 0xbc, 0xd6, 0x78, 0xef],
);
const OTHER_PROVIDER = join(u32le(0x1122_3344), u16le(0x5566), u16le(0x7788), [1, 2, 3, 4, 5, 6, 7, 8]);

export interface EventFields {
  readonly time: bigint;
  /** Not the packet provider's. */
  readonly isOther?: boolean;
  readonly processId?: number;
  readonly processor?: number;
  readonly isFirst?: boolean;
  readonly isLast?: boolean;
  readonly isSent?: boolean;
  /** Bytes of the packet, or of a piece of it. */
  readonly bytes: Uint8Array;
}

const ETHERNET_PACKET = 0x1;
const FIRST = 0x4000_0000;
const LAST = 0x8000_0000;

/** The event of `netsh trace` that holds a packet, as Network Monitor keeps it. */
export function eventFrame(fields: EventFields): Uint8Array {
  const { isFirst = true, isLast = true } = fields;
  const keyword = ETHERNET_PACKET + (isFirst ? FIRST : 0) + (isLast ? LAST : 0);
  const data = join(u32le(12), u32le(12), u32le(fields.bytes.length), fields.bytes);
  return join(
    join(u16le(0), u16le(0x13), u16le(0), u16le(0), u32le(4), u32le(fields.processId ?? 4321)),
    u64le(fields.time / 100n + FILETIME_1970),
    fields.isOther === true ? OTHER_PROVIDER : NDIS_PROVIDER,
    join(u16le(1001), u8(0), u8(0), u8(4), u8(0), u16le(0)),
    join(u32le(keyword), u32le(fields.isSent === true ? 1 : 2)),
    zeros(24),
    join(u8(fields.processor ?? 0), u8(0), u16le(1), u16le(0), u16le(data.length), u8(0)),
    data,
  );
}
