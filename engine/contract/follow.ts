/** Streams and files put together again from packets: the schemas of what is asked, and what is answered. */

import * as v from 'valibot';

const id = v.pipe(v.number(), v.integer(), v.minValue(0));
const row = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(0xffffffff));

const target = {
  session: id,
  kind: v.picklist(['tcp', 'udp', 'tls', 'http', 'http2', 'websocket']),
  /** `tcp.stream` or `udp.stream`. */
  stream: row,
  /** HTTP/2: the stream inside it; 0 elsewhere. */
  sub: row,
};
const side = v.picklist(['both', 0, 1]);
const mode = v.picklist(['text', 'hex', 'raw']);
const text = v.pipe(v.string(), v.maxLength(65536));
const path = v.nullable(v.pipe(v.string(), v.minLength(1), v.maxLength(4096)));

export const followMethods = {
  /** Streams that a packet belongs to; none where it has no ports. */
  'follow.targets': v.object({ session: id, row }),
  'follow.open': v.object(target),
  /** Lines [first, first + count) of a stream. */
  'follow.lines': v.object({
    ...target,
    mode,
    side,
    first: v.pipe(v.number(), v.integer(), v.minValue(0)),
    count: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(2000)),
  }),
  /** The first line of a packet. */
  'follow.lineOf': v.object({ ...target, mode, side, row }),
  /** One match of a search, by its index; it goes round at both ends. */
  'follow.find': v.object({
    ...target,
    mode,
    side,
    what: v.picklist(['text', 'hex']),
    text: v.pipe(v.string(), v.maxLength(1000)),
    matchCase: v.boolean(),
    index: v.pipe(v.number(), v.integer()),
  }),
  'follow.save': v.object({
    ...target,
    side,
    format: v.picklist(['raw', 'text', 'hex', 'json']),
    /** Stands for bytes that are missing: `[{bytes} bytes missing]` in the user's language. */
    missing: v.pipe(v.string(), v.maxLength(200)),
    /** A path (after a dialog), or null: the host keeps it for a download and answers with its address. */
    path,
    suggestedName: text,
  }),
  /** Files that protocols carried. */
  'objects.list': v.object({ session: id }),
  /** Saves one (its own name is suggested), or several into one archive. */
  'objects.save': v.object({
    session: id,
    /** Their numbers in the list. */
    objects: v.pipe(v.array(row), v.minLength(1), v.maxLength(100_000)),
    path,
    suggestedName: text,
  }),
} as const;

export interface FollowTarget {
  readonly kind: 'tcp' | 'udp' | 'tls' | 'http' | 'http2' | 'websocket';
  readonly stream: number;
  readonly sub: number;
}

/** One of the two hosts. */
export interface FollowEnd {
  /** Address and port. */
  readonly name: string;
  readonly bytes: number;
  readonly missing: number;
  readonly packets: number;
}

export interface FollowSummary extends FollowTarget {
  /** Numbers of the streams inside it; empty where it has none. */
  readonly subs: readonly number[];
  /** Who sent the first packet, and the other. */
  readonly ends: readonly [FollowEnd, FollowEnd];
  /** How often the other host goes on, plus one. */
  readonly turns: number;
  /** The filter of its packets. */
  readonly filter: string;
}

/** Bits of a line. */
export const FOLLOW_LINE = { reverse: 1, missing: 2, turn: 4 } as const;

export interface FollowLines {
  /** Lines of the whole stream. */
  readonly total: number;
  readonly first: number;
  readonly texts: readonly string[];
  /** The packet that each line begins in. */
  readonly rows: Uint32Array;
  /** Bits of FOLLOW_LINE. */
  readonly bits: Uint8Array;
  /** Bytes in each line, or missing there. */
  readonly lengths: Float64Array;
}

/** The index-th of count matches: columns [from, to) of a line. `isCut`: there are more, which are not counted. */
export interface FollowMatch {
  readonly index: number;
  readonly count: number;
  readonly isCut: boolean;
  readonly line: number;
  readonly from: number;
  readonly to: number;
}

export const OBJECT_KINDS = ['http', 'smb', 'tftp', 'ftp', 'mail', 'websocket'] as const;
export type ObjectKind = (typeof OBJECT_KINDS)[number];

/** A file that was carried. */
export interface CarriedObject {
  readonly kind: ObjectKind;
  /** The packet that completes it. */
  readonly row: number;
  readonly host: string;
  /** Media type as it was told; '' where it was not. */
  readonly type: string;
  /** As it was told: any text. */
  readonly name: string;
  /** Bytes that are there. */
  readonly size: number;
  /** Bytes that it has, where that was told or can be seen; else null. */
  readonly whole: number | null;
  /** Bytes that are not in the capture, or could not be unpacked; 0: it is complete as far as one can tell. */
  readonly missing: number;
}

export interface SavedFile {
  readonly path: string | null;
  readonly download: string | null;
  readonly bytes: number;
}

export interface FollowOutputs {
  'follow.targets': readonly FollowTarget[];
  'follow.open': FollowSummary;
  'follow.lines': FollowLines;
  'follow.lineOf': number;
  'follow.find': FollowMatch | null;
  'follow.save': SavedFile;
  'objects.list': readonly CarriedObject[];
  'objects.save': SavedFile;
}
