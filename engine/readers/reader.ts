/**
 * The contract of capture readers: sniff a head, then fill batches of packets, then give any packet's bytes again.
 * A reader is synchronous and runs in a worker thread (or inline in tests and the CLI). It never throws because of
 * bytes: damage ends the file with one `CaptureError`, after everything readable before it has been delivered.
 */

import type { CaptureError } from '../base/errors.ts';
import type { ByteSource } from './byte-source.ts';

/** One capture interface of one file. */
export interface CaptureInterface {
  /** Index of the file it belongs to among the files opened together; 0 for a single file. */
  readonly file: number;
  /** Link type: the LINKTYPE_ number of the file (https://www.tcpdump.org/linktypes.html). */
  readonly linkType: number;
  /** Longest packet that was kept; 0: no limit. */
  readonly snapLength: number;
  /** Time units per second: 1e6 for microseconds; also powers of two. */
  readonly ticksPerSecond: number;
  readonly name?: string;
  readonly description?: string;
  readonly filter?: string;
  readonly os?: string;
  readonly hardware?: string;
  readonly comments?: readonly string[];
  /** From an interface statistics block: received and dropped, as far as stated. */
  statistics?: InterfaceStatistics;
  /** Frame check sequence at the end of each packet, in bytes; undefined: not said. */
  readonly fcsLength?: number;
  /** Whole seconds added to every time (pcapng if_tsoffset); the reader has added them. */
  readonly offsetSeconds?: number;
  /** Address (4 or 16 bytes) and the length of its network's prefix. */
  readonly addresses?: readonly { readonly address: Uint8Array; readonly prefix: number }[];
  /** EUI-48 or EUI-64. */
  readonly hardwareAddress?: Uint8Array;
  /** Bits per second. */
  readonly speedBps?: { readonly transmit: bigint; readonly receive: bigint };
  /** Not a real interface: the records on it are blocks of the file itself (pcapng custom and journal blocks). */
  readonly ofFile?: boolean;
}

export interface InterfaceStatistics {
  readonly received?: bigint;
  readonly dropped?: bigint;
  readonly filterAccepted?: bigint;
  readonly osDropped?: bigint;
  readonly delivered?: bigint;
}

/** What a file says about itself besides packets. Grows while the file is read. */
export interface CaptureFacts {
  /** `pcap`, `pcapng`, `snoop` ...: the reader's name. */
  readonly format: string;
  /** One line for people, e.g. `pcapng, little endian, 1.0`. */
  readonly description: string;
  /** `gzip`, `zstd`, `lz4` where the file was unpacked. */
  readonly compression?: string;
  readonly hardware?: string;
  readonly os?: string;
  readonly application?: string;
  readonly comments: readonly string[];
  readonly interfaces: readonly CaptureInterface[];
  /** Name resolution: address bytes (4, 16, or the 6 and 8 of an EUI) to names. */
  readonly names: readonly { readonly address: Uint8Array; readonly names: readonly string[] }[];
  /** Decryption secrets, kept for export and later use. `type` as in the file. */
  readonly secrets: readonly { readonly type: number; readonly bytes: Uint8Array }[];
  /** Counts of blocks that were skipped because nobody knows them, by type. */
  readonly unknownBlocks: ReadonlyMap<number, number>;
  /** Oddities that cost no packet: the file was read on past them. Shown like a problem, but not the end. */
  readonly warnings: readonly CaptureError[];
  /** One packet may be several records, seen at several places of the system (Packet Monitor): see `isCopy`. */
  readonly hasAppearances: boolean;
  /** Who wrote the events of a trace, most events first. Empty for formats that hold packets only. */
  readonly providers: readonly TraceProvider[];
  /** Programs by process id, where the file names them. */
  readonly processes: ReadonlyMap<number, string>;
}

/** A source of events in a trace. */
export interface TraceProvider {
  /** GUID in lower case with hyphens, without braces. */
  readonly id: string;
  /** '': the file does not say, and it is none of the well-known ones. */
  readonly name: string;
  readonly events: number;
}

/** Facts of a file that says nothing; readers put their growing lists in. */
export function emptyFacts(format: string): CaptureFacts {
  return {
    format,
    description: format,
    comments: [],
    interfaces: [],
    names: [],
    secrets: [],
    unknownBlocks: new Map(),
    warnings: [],
    hasAppearances: false,
    providers: [],
    processes: new Map(),
  };
}

/** What a record says about its packet besides time and lengths. */
export interface PacketOptions {
  readonly comments?: readonly string[];
  /** Packets lost between this one and the one before (pcapng epb_dropcount), where there were any. */
  readonly dropCount?: bigint;
  /** The flags word of pcapng: direction, reception, FCS length, checksum and segmentation hints, link errors. */
  readonly flags?: number;
  readonly packetId?: bigint;
  readonly queue?: number;
  /** First byte the kind, then its data. */
  readonly verdicts?: readonly Uint8Array[];
  /** First byte the algorithm, then the hash. */
  readonly hashes?: readonly Uint8Array[];
  readonly processId?: number;
  readonly threadId?: number;
  /** The program, where the file names it. */
  readonly processName?: string;
  readonly trace?: PacketTrace;
}

/** What a Windows trace says of a packet: where in the system it was seen, and why it went no further. */
export interface PacketTrace {
  /** NDIS capture (netsh trace), Packet Monitor, remote access (NDISWAN). */
  readonly provider: 'ndis' | 'pktmon' | 'ras';
  /** Who was running on the processor: right for most outbound packets, a stranger for many inbound ones. */
  readonly processId: number;
  readonly threadId: number;
  readonly processor: number;
  /** Interface index of the adapter. */
  readonly adapter?: number;
  /** NDIS capture: interface index of the layer just below the capture filter; the adapter's own where there is none. */
  readonly layer?: number;
  /** Component of the network stack, and its place there (edge): numbers of this trace, and its words for them. */
  readonly component?: number;
  readonly componentName?: string;
  readonly componentDescription?: string;
  /** Network card 2, filter 3, protocol 4, VM card on a switch 5 ... */
  readonly componentType?: number;
  readonly edge?: number;
  readonly edgeName?: string;
  /** As the component sees it: none 0, in 1, out 2, receive 3, transmit 4, ingress 5, egress 6. */
  readonly directionTag?: number;
  /** Unknown 0, Ethernet 1, Wi-Fi 2, IP 3 ... */
  readonly packetType?: number;
  /** The capture filter that took the packet; 0: none. */
  readonly filter?: number;
  /** All appearances of a packet share this number, and no other packet has it. */
  readonly packetGroup?: number;
  /** Which of them this is, from 1 in order of time, and how many there are. */
  readonly appearance?: number;
  readonly appearanceCount?: number;
  /** The numbers that the trace itself has for them. */
  readonly groupId?: bigint;
  readonly packetNumber?: number;
  readonly isDropped?: boolean;
  /** Only of packets that were dropped; texts as the trace has them, in the language of its machine. */
  readonly dropReason?: number;
  readonly dropReasonText?: string;
  readonly dropLocation?: number;
  readonly dropLocationText?: string;
}

/**
 * Options of a packet that are wanted for every row: comments, drops, and flags that say more than the direction. The
 * rest (some writers put a queue and a hash on each packet) is read on demand with `CaptureReader.options`, so that no
 * object per packet is made while loading.
 */
export interface PacketNote extends Pick<PacketOptions, 'comments' | 'dropCount' | 'flags'> {
  /** Index in the batch. */
  readonly index: number;
}

/** No direction known; inbound; outbound (pcapng epb_flags bits 0 and 1). */
export const DIRECTION = { unknown: 0, inbound: 1, outbound: 2 } as const;

/**
 * A batch of packets: bytes of the file and where in them each packet lies. One object is filled again and again; its
 * arrays may lie on shared memory, because the column pass may run in another thread.
 */
export interface PacketBatch {
  /** A reader may put a larger array in its place when one packet does not fit. */
  bytes: Uint8Array;
  /** Packets in it. */
  count: number;
  /** Most packets it takes: the length of the arrays below. */
  readonly capacity: number;
  /** Start of each packet in `bytes`. */
  readonly offset: Uint32Array;
  readonly capturedLength: Uint32Array;
  /** Bytes on the wire. */
  readonly length: Uint32Array;
  /** Whole seconds since 1970 UTC; NaN: the record has no time. */
  readonly seconds: Float64Array;
  /** Nanoseconds to add; an integer, usually below 1e9 (damaged files may say more). */
  readonly nanos: Float64Array;
  /** Where the bytes are found again: meaning known to this reader only (file offset, mostly). */
  readonly locator: Float64Array;
  /** Index into the facts' interfaces. */
  readonly interface: Uint16Array;
  /** One of DIRECTION. */
  readonly direction: Uint8Array;
  /**
   * 1: another appearance of a packet that is counted in another row. Readers with `hasAppearances` make it (as long as the
   * others) and fill it for each packet; missing: no packet of the batch is one.
   */
  isCopy?: Uint8Array;
  notes: PacketNote[];
}

export function makeBatch(bytesSize: number, capacity: number): PacketBatch {
  const on = (bytes: number): SharedArrayBuffer => new SharedArrayBuffer(bytes);
  return {
    bytes: new Uint8Array(on(bytesSize)),
    count: 0,
    capacity,
    offset: new Uint32Array(on(capacity * 4)),
    capturedLength: new Uint32Array(on(capacity * 4)),
    length: new Uint32Array(on(capacity * 4)),
    seconds: new Float64Array(on(capacity * 8)),
    nanos: new Float64Array(on(capacity * 8)),
    locator: new Float64Array(on(capacity * 8)),
    interface: new Uint16Array(on(capacity * 2)),
    direction: new Uint8Array(on(capacity)),
    notes: [],
  };
}

/** Puts an array of at least `size` bytes in place of the batch's; what was in it is gone. */
export function growBatch(batch: PacketBatch, size: number): void {
  if (size > batch.bytes.length) batch.bytes = new Uint8Array(new SharedArrayBuffer(size));
}

/** One open capture file. */
export interface CaptureReader {
  readonly facts: CaptureFacts;
  /** Bytes of the source consumed so far: progress. */
  readonly position: number;
  /** Row of the first packet that it delivers: 0 (or missing) but for files of which some have gone (ring.ts). */
  readonly firstRow?: number;
  /** Set once damage was met; nothing more is delivered then. */
  readonly problem: CaptureError | null;
  /**
   * Fills the batch from its start with the next packets (sets count, arrays, notes). `more`: call again at once.
   * `end`: there is nothing more now; count may still be above 0. After `end` it may be called again when the source
   * has grown; a record that is only partly there is then left for the next call. `final`: the file will not grow, so a
   * partial record is damage (`cut-short`).
   */
  next(batch: PacketBatch, final: boolean): 'more' | 'end';
  /**
   * Reads one packet again: `length` bytes into `into`; returns how many there were.
   * Locator and interface must be ones that `next` gave together.
   */
  packet(locator: number, into: Uint8Array, iface: number): number;
  /**
   * The pseudo-header that the file has in front of the packet and that is not part of it (see pseudo-header.ts); empty
   * for most link types. Who writes the packet with the same link type writes this first and adds it to both lengths.
   * Of a pcapng custom block: its type and enterprise number, in network order.
   */
  pseudoHeader(locator: number, iface: number): Uint8Array;
  /** Everything that the record says besides; null where it says nothing. */
  options(locator: number, iface: number): PacketOptions | null;
  /** Another reader of the same source, at its beginning: for jobs that go through all packets again. */
  again(): CaptureReader;
}

/** A capture format. */
export interface ReaderFormat {
  readonly name: string;
  /** For people: "pcapng". */
  readonly title: string;
  /** Without dots; for dialogs only, never for recognition. */
  readonly extensions: readonly string[];
  /** Does a file with this head (its first 64 kB at most) and size look like this format? */
  sniff(head: Uint8Array, size: number): boolean;
  open(source: ByteSource): CaptureReader;
}

export function defineReader(format: ReaderFormat): ReaderFormat {
  return format;
}
