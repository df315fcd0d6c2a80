/**
 * The detail pass over one packet: the builder that `tree` gets. It may allocate: it runs for the packets on screen, and for
 * filter fields that have no column.
 *
 * Offsets are absolute in the current data source (`t.bytes`). Reading past the end ends the layer's dissection: the builder
 * throws its own `OutOfBytes`, which the driver in this file catches at the layer, as the layers before must stay.
 */

import { u16, u16le, u24, u24le, u32, u32le, u64, u64le } from '../base/bytes.ts';
import { type Field, type FieldCatalog, type FieldValue, valueName } from '../base/fields.ts';
import type { KeyLog } from '../base/key-log.ts';
import { decodeLatin1, decodeUtf8, decodeUtf16le, escapeText } from '../base/text.ts';
import { Stacks } from '../table/stacks.ts';
import type { Announcement } from './announcements.ts';
import type { DispatchTable, FieldSpec } from './field-spec.ts';
import { plainValue, TreeNode } from './node.ts';
import { readValue, widthOf } from './read-value.ts';
import { makeScratch, wordsNeeded } from './scratch.ts';
import type { UsbDevices } from './usb-devices.ts';
import { Cursor, linkTypeIn, type ScanProtocol } from './walk.ts';
import type { WalkedLayer } from './walked-layers.ts';
import type { CarriedPlace, Wanted } from './wanted.ts';

/** What the detail pass needs of a protocol. */
export interface TreeProtocol {
  readonly index: number;
  readonly name: string;
  /** The Protocol column. */
  readonly short: string;
  /** The field that stands for the protocol itself. */
  readonly self: Field;
  /** Key in the declaration to field. */
  readonly fields: ReadonlyMap<string, FieldOfProtocol>;
  /** Fields with a fixed offset, in the order of declaration. */
  readonly fixed: readonly FixedField[];
  readonly header: number;
  readonly spec: {
    readonly title: string;
    readonly scan?: unknown;
    readonly recogniseOn?: readonly ('tcp' | 'udp')[];
    recognise?(bytes: Uint8Array, at: number, end: number, port: number): boolean;
    accepts?(this: void, bytes: Uint8Array, at: number, end: number): boolean;
    tree?(t: TreeBuilder): void;
  };
}

export interface FieldOfProtocol {
  readonly field: Field;
  readonly spec: FieldSpec;
  readonly also: readonly Field[];
}

export interface FixedField {
  readonly entry: FieldOfProtocol;
  /** How many fixed fields it nests below. */
  readonly depth: number;
}

/** All protocols, as the registry hands them over: this file comes before it, because every protocol builds on this file. */
export interface ProtocolBook {
  readonly all: readonly (TreeProtocol & ScanProtocol)[];
  readonly catalog: FieldCatalog;
  find(name: string): TreeProtocol | undefined;
  lookUp(table: DispatchTable, key: number | string): number;
}

let book: ProtocolBook | undefined;

/** Called once by the registry. */
export function useProtocols(all: ProtocolBook): void {
  book = all;
}

function protocols(): ProtocolBook {
  if (book === undefined) throw new Error('no protocols are registered: import dissect/registry.ts');
  return book;
}

function named(name: string): TreeProtocol {
  const found = protocols().find(name);
  if (found === undefined) throw new Error(`no protocol ${name}`);
  return found;
}

/** Bytes that offsets refer to: the frame itself (index 0), or something reassembled, unpacked or decrypted. */
export interface DataSource {
  readonly name: string;
  readonly bytes: Uint8Array;
  /** Bytes of a message that are not in the capture: zeros stand for them. */
  readonly missing?: number;
}

/** What the session tells the detail pass about the packet and its conversation. */
export interface PacketFacts {
  /** Link layer protocol and link type: a link word. */
  readonly link: number;
  /** Bytes on the wire. */
  readonly length: number;
  /** Frame number, from 1. */
  readonly number: number;
  /** Nanoseconds since 1970 UTC; null: no time. */
  readonly time: bigint | null;
  /** 0: the way of the flow's first packet; 1: the other; flows are per conversation. */
  readonly direction: 0 | 1;
  /** Index of the flow; -1: none. */
  readonly flow: number;
  /** What protocols remember about this conversation; see TreeBuilder.conversation. */
  readonly memory: ConversationMemory;
  /** Conversation numbers of this packet's transports, from the outside in: `tcp.stream`, `udp.stream`. */
  readonly streams: { readonly tcp: readonly number[]; readonly udp: readonly number[] };
  /** What TCP analysis knows of the innermost segment; null where it is none. */
  readonly tcp: TcpFacts | null;
  /** Of the innermost UDP datagram: nanoseconds since the first of its stream and since the one before; null: not known. */
  readonly datagramTimes?: { readonly relative: bigint; readonly delta: bigint } | null | undefined;
  /** The datagram that this fragment completed, and the frames it came in; null otherwise. */
  readonly datagram: { readonly bytes: Uint8Array; readonly frames: readonly number[] } | null;
  /** Frame that completes this fragment's datagram; 0: none, or this one. */
  readonly reassembledIn: number;
  /** The protocols and tables as people's rules leave them; undefined: as they are. */
  readonly rules?: Pick<ProtocolBook, 'all' | 'lookUp'> | undefined;
  /** What another flow said about this one; undefined: nothing. */
  readonly announced?: Announcement | undefined;
  /** What USB devices said of themselves; undefined: there are none. */
  readonly usb?: UsbDevices | undefined;
  /** Secrets of TLS connections, the file's and the user's; undefined: none. */
  readonly keyLog?: KeyLog | undefined;
  /** The bytes of an earlier message of this conversation. */
  bytesOf?(place: MessagePlace): Uint8Array;
  /** Dissects what the innermost transport carries, from `at`; false: nobody knows, show it as data. */
  application(t: TreeBuilder, at: number): boolean;
}

/** Where a message lies in its TCP stream: rows, and offsets in their payloads. */
export interface MessagePlace {
  readonly startRow: number;
  readonly startOffset: number;
  readonly endRow: number;
  readonly endOffset: number;
}

/** What the flow pass says about one TCP segment. */
export interface TcpFacts {
  readonly stream: number;
  /** Segment numbers from which relative ones count; -1: not known. */
  readonly baseSeq: number;
  readonly baseAck: number;
  /** Shift of this direction's window; -1: not known; -2: no scaling. */
  readonly windowShift: number;
  /** Bits of ANALYSIS. */
  readonly analysis: number;
  /** Frame that this ACK acknowledges and the time since; 0: none. */
  readonly acksFrame: number;
  readonly ackRtt: bigint;
  /** Nanoseconds from SYN to the ACK that ends the handshake; -1: not in this capture. */
  readonly initialRtt: bigint;
  readonly bytesInFlight: number;
  readonly pushBytesSent: number;
  readonly timeRelative: bigint;
  readonly timeDelta: bigint;
  /** Of a retransmission: frame of the original, and the time since; 0: not known. */
  readonly rtoFrame: number;
  readonly rto: bigint;
  readonly duplicateAckNumber: number;
  readonly duplicateAckFrame: number;
  /** The same segment was seen before: nothing of it was analysed. */
  readonly isCopy: boolean;
  readonly completeness: number;
  /** Of a FIN: did its side close the connection before the other? */
  readonly closesFirst?: boolean | undefined;
  /** Frame that completes the message which this segment is a part of; 0: none. */
  readonly reassembledIn: number;
}

/** Kept per flow while its messages are dissected in order; bounded and rebuilt when it was dropped. */
export interface ConversationMemory {
  readonly objects: Map<string, unknown>;
  /** Each message is seen once only: what was worked out about it need not be kept. */
  readonly isOnce?: boolean;
}

/** The innermost network layer: addresses as they stand in a pseudo-header (4 or 16 bytes), time to live or hop limit. */
export interface Carrier {
  readonly source: Uint8Array;
  readonly destination: Uint8Array;
  readonly hopLimit: number;
}

/** What a header in front of an 802.11 frame says of its reception. */
export interface RadioFacts {
  /** Bytes of the frame check sequence at the end of the frame. */
  fcsLength: number;
  phy?: number;
  shortPreamble?: boolean;
  rateMbps?: number;
  channel?: number;
  frequencyMhz?: number;
  signalDb?: number;
  signalDbm?: number;
  noiseDb?: number;
  noiseDbm?: number;
  timestamp?: bigint;
}

/** What an unfinished read throws; never leaves this file. */
class OutOfBytes extends Error {}

export const SEVERITY = {
  comment: 0x100000,
  chat: 0x200000,
  note: 0x400000,
  warning: 0x600000,
  error: 0x800000,
} as const;
export type Severity = keyof typeof SEVERITY;

/** What an expert finding is about. */
export const EXPERT_GROUP = {
  checksum: 0x1000000,
  sequence: 0x2000000,
  response: 0x3000000,
  request: 0x4000000,
  undecoded: 0x5000000,
  reassemble: 0x6000000,
  malformed: 0x7000000,
  debug: 0x8000000,
  protocol: 0x9000000,
  security: 0xa000000,
  comment: 0xb000000,
  decryption: 0xc000000,
  assumption: 0xd000000,
  deprecated: 0xe000000,
} as const;

/** The group of a finding, by the field that names it: what is wrong with a checksum, with an order, with the bytes. */
function groupOf(severity: Severity, key = ''): number {
  if (key.includes('checksum')) return EXPERT_GROUP.checksum;
  if (severity === 'chat' || /^(?:analysis|connection)\./.test(key)) return EXPERT_GROUP.sequence;
  if (/invalid|bad|bogus|short|malformed/.test(key)) return EXPERT_GROUP.malformed;
  return severity === 'error' ? EXPERT_GROUP.malformed : EXPERT_GROUP.protocol;
}

/** Guards against hostile nesting and lists: past these the layer counts as malformed. */
const MAX_DEPTH = 64;
const MAX_NODES = 200_000;

export interface Dissection {
  readonly root: readonly TreeNode[];
  readonly sources: readonly DataSource[];
  /** Protocol indexes from the outside in, one for each layer of the tree. */
  readonly layers: readonly number[];
  /** Those of them that frame.protocols lists. */
  readonly listed: readonly number[];
  readonly protocolColumn: string;
  readonly info: string;
  readonly malformed: boolean;
  /** Place in `layers` of a malformed one whose first field was cut already: it has nothing to show; -1: none. */
  readonly bare: number;
}

export class TreeBuilder {
  /** The current data source's bytes. */
  bytes: Uint8Array = new Uint8Array(0);
  /** Start of the current layer. */
  at = 0;
  /** One past its last byte that is there. */
  end = 0;
  /** One past its last byte on the wire. */
  wireEnd = 0;
  /** What the layer below says about the next one: the media type of a body. */
  hint = '';
  /** Index of the protocol whose message this is, where a layer of another carries it (Framing.isInside); 0: none. */
  inner = 0;
  /** The stream's message that is dissected now: where it begins in `bytes`, and its place; null: it is no such message. */
  message: { readonly bytes: Uint8Array; readonly at: number; readonly place: MessagePlace } | null = null;
  readonly packet: PacketFacts;
  /** The network layer below: what checksums and Info texts above it need. Set by that layer's tree. */
  carrier: Carrier | null = null;
  /** Source and destination port of the nearest transport below, set by its tree; zeros where it has none. */
  ports: readonly [number, number] = [0, 0];
  /** Set by the tree of a radio header for the 802.11 frame behind it. */
  radio: RadioFacts | null = null;

  private readonly root: TreeNode[] = [];
  private readonly sources: DataSource[] = [];
  private readonly layers: number[] = [];
  private open: TreeNode[] = [];
  private source = 0;
  private protocolOf: TreeProtocol = named('frame');
  private columnText = '';
  private infoText = '';
  private infoKept = 0;
  private nodes = 0;
  private depth = 0;
  private isMalformed = false;
  private bare = -1;
  private layerNumber = -1;
  private layerNode: TreeNode | null = null;
  private readonly streamsUsed = { tcp: 0, udp: 0 };
  /** So many of the next layers are listed with the one of their protocol before them. */
  private listedOnce = 0;
  /** Places in `layers` that frame.protocols leaves out. */
  private readonly unlisted = new Set<number>();
  /** False inside quoted headers. */
  private isOutermost = false;
  /** Layers the column pass found, and the next of them. */
  private walked: readonly WalkedLayer[] = [];
  private walkedNext = 0;
  /** Nothing else is kept; null: everything is. */
  private readonly only: Wanted | null;
  /** The node added last, where not all are kept. */
  private latest: TreeNode | null = null;

  constructor(frame: Uint8Array, packet: PacketFacts, only: Wanted | null = null) {
    this.packet = packet;
    this.bytes = frame;
    this.only = only;
    this.sources.push({ name: 'Frame', bytes: frame });
  }

  // ---- reading: throws OutOfBytes past the end

  u8(at: number): number {
    this.need(at, 1);
    return this.bytes[at];
  }
  u16(at: number): number {
    this.need(at, 2);
    return u16(this.bytes, at);
  }
  u24(at: number): number {
    this.need(at, 3);
    return u24(this.bytes, at);
  }
  u32(at: number): number {
    this.need(at, 4);
    return u32(this.bytes, at);
  }
  u64(at: number): bigint {
    this.need(at, 8);
    return u64(this.bytes, at);
  }
  u16le(at: number): number {
    this.need(at, 2);
    return u16le(this.bytes, at);
  }
  u24le(at: number): number {
    this.need(at, 3);
    return u24le(this.bytes, at);
  }
  u32le(at: number): number {
    this.need(at, 4);
    return u32le(this.bytes, at);
  }
  u64le(at: number): bigint {
    this.need(at, 8);
    return u64le(this.bytes, at);
  }
  /** A copy of `length` bytes. */
  slice(at: number, length: number): Uint8Array {
    this.need(at, length);
    return this.bytes.slice(at, at + length);
  }
  /** Text of `length` bytes in the encoding (utf8 unless given); ends at the first NUL if `untilNul`. */
  string(at: number, length: number, encoding: FieldSpec['encoding'] = 'utf8', untilNul = false): string {
    this.need(at, length);
    let end = at + length;
    if (untilNul) {
      const nul = this.bytes.subarray(at, end).indexOf(0);
      if (nul >= 0) end = at + nul;
    }
    if (encoding === 'utf16le') return decodeUtf16le(this.bytes, at, end);
    return encoding === 'utf8' ? decodeUtf8(this.bytes, at, end) : decodeLatin1(this.bytes, at, end);
  }
  /** Are `length` bytes from `at` there? */
  has(at: number, length: number): boolean {
    return at >= 0 && length >= 0 && at + length <= this.end;
  }
  /** Ends this layer here as malformed, or as cut where the snap length took the bytes. */
  fail(): never {
    throw new OutOfBytes();
  }

  // ---- adding fields

  /** Adds every field that has a fixed offset; returns the offset after the header. */
  header(): number {
    const start = this.at;
    const open: TreeNode[] = this.open;
    const base = open.length;
    for (const { entry, depth } of this.protocolOf.fixed) {
      open.length = Math.min(open.length, base + depth);
      const { spec } = entry;
      const at = start + (spec.at ?? 0);
      const width = spec.length ?? widthOf(spec);
      const node = this.append(entry, this.valueFor(entry, at, width), at, width);
      open.push(node);
    }
    open.length = base;
    return start + this.protocolOf.header;
  }

  /** Reads a field by its type and adds it; `length` for text and bytes. Returns the offset after it. */
  add(key: string, at: number, length?: number): number {
    const entry = this.entry(key);
    const width = length ?? entry.spec.length ?? widthOf(entry.spec);
    this.append(entry, this.valueFor(entry, at, width), at, width);
    return at + width;
  }

  /** Reads a field's value without adding it. */
  value(key: string, at: number, length?: number): FieldValue {
    const entry = this.entry(key);
    return this.readValue(entry, at, length ?? entry.spec.length ?? widthOf(entry.spec));
  }

  /** Adds a field with a value that was worked out or read by the caller. `text` replaces the label. */
  put(key: string, value: FieldValue, at: number, length: number, text?: string): TreeNode {
    const node = this.append(this.entry(key), value, at, length);
    if (text !== undefined) node.text = text;
    return node;
  }

  /** Adds a field that is not in the packet: shown in brackets. */
  generated(key: string, value: FieldValue, at = this.at, length = 0): TreeNode {
    const node = this.put(key, value, at, length);
    node.generated = true;
    return node;
  }

  /** Adds a field that only filters see. */
  hide(key: string, value: FieldValue, at: number, length: number): void {
    this.put(key, value, at, length).hidden = true;
  }

  /** A row of text without a field. */
  text(text: string, at: number, length: number): TreeNode {
    const node = this.attach(new TreeNode(null, null, this.source, at, length, this.layerNumber));
    node.text = text;
    return node;
  }

  /** What follows goes below `node` until close(). */
  nest(node: TreeNode): TreeNode {
    if (this.open.length >= MAX_DEPTH) this.fail();
    this.open.push(node);
    return node;
  }

  /** Ends the innermost nest; `end`: one past its last byte, where it was not known before. */
  close(end?: number): void {
    const node = this.open.pop();
    if (node !== undefined && end !== undefined) node.length = Math.max(0, end - node.at);
  }

  /** The node added last, to nest below it or to change its text. */
  last(): TreeNode {
    if (this.latest !== null) return this.latest;
    const siblings = this.open[this.open.length - 1]?.children ?? this.root;
    const node = siblings[siblings.length - 1];
    if (node === undefined) throw new Error('nothing was added yet');
    return node;
  }

  /** The text of the current layer's own row. */
  label(text: string): void {
    const own = this.layerNode;
    if (own !== null) own.text = text;
  }

  /** Adds to the text of the current layer's own row, e.g. `, Src: 192.0.2.1`. */
  addLabel(text: string): void {
    const own = this.layerNode;
    if (own !== null) own.text = (own.text ?? this.protocolOf.spec.title) + text;
  }

  /** An expert finding at a place. `key`: a field of this protocol (type none) that names it for filters. */
  expert(severity: Severity, message: string, at = this.at, length = 0, key?: string): void {
    const node =
      key === undefined
        ? this.attach(new TreeNode(null, null, this.source, at, length, this.layerNumber))
        : this.append(this.entry(key), null, at, length);
    node.text = `Expert Info (${severity[0]?.toUpperCase()}${severity.slice(1)}): ${message}`;
    node.generated = true;
    if (this.only !== null) return;
    const own = (name: string, value: FieldValue): void => {
      const child = new TreeNode(expertField(name), value, this.source, at, 0, this.layerNumber);
      child.hidden = true;
      node.children ??= [];
      node.children.push(child);
    };
    own('_ws.expert', new Uint8Array(0));
    own('_ws.expert.message', message);
    own('_ws.expert.severity', SEVERITY[severity]);
    own('_ws.expert.group', groupOf(severity, key));
  }

  // ---- layers

  /** Narrows the current layer: it ends at `end` on the wire. */
  limit(end: number): void {
    if (end < this.wireEnd) this.wireEnd = Math.max(this.at, end);
    if (this.end > this.wireEnd) this.end = this.wireEnd;
    const own = this.layerNode;
    if (own !== null && own.source === this.source) own.length = Math.min(own.length, this.end - own.at);
  }

  /** The row of the current layer covers its bytes up to `end` only (its payload has a row of its own). */
  headerEnd(end: number): void {
    const own = this.layerNode;
    if (own !== null) own.length = Math.max(0, Math.min(end, this.end) - own.at);
  }

  /** Dissects [at, end) as `protocol` (index or name) in a layer of its own; returns where that layer ended. */
  dissect(protocol: number | string, at: number, end = this.end, wireEnd = Math.max(end, this.wireEnd)): number {
    const next = typeof protocol === 'number' ? protocols().all[protocol] : protocols().find(protocol);
    if (next === undefined || next.index === 0) return this.payload(at, end, wireEnd);
    if (this.only !== null && this.only.protocols[next.index] === 0) {
      this.listedOnce = 0;
      this.layers.push(next.index);
      return wireEnd;
    }
    const saved = {
      at: this.at,
      end: this.end,
      wireEnd: this.wireEnd,
      open: this.open,
      protocol: this.protocolOf,
      node: this.layerNode,
      number: this.layerNumber,
    };
    if (++this.depth > MAX_DEPTH) {
      this.depth--;
      this.fail();
    }
    this.at = at;
    this.end = Math.min(end, this.bytes.length);
    this.wireEnd = wireEnd;
    this.open = [];
    this.protocolOf = next;
    const listed = this.listedOnce > 0 ? this.layers.lastIndexOf(next.index) : -1;
    if (this.listedOnce > 0) this.listedOnce--;
    this.layerNumber = listed >= 0 ? listed : this.layers.push(next.index) - 1;
    const node = new TreeNode(next.self, null, this.source, at, Math.max(0, this.end - at), this.layerNumber);
    node.text = next.spec.title;
    if (next.name !== 'ethertype') {
      this.count();
      this.keep(node);
      this.open.push(node);
      if (next.name !== 'data' && next.short !== '') this.columnText = next.short;
    }
    this.layerNode = node;
    const infoBefore = this.infoText;
    try {
      if (next.spec.tree !== undefined) next.spec.tree(this);
      else if (next.fixed.length > 0) this.headerEnd(this.header());
    } catch (thrown) {
      if (!(thrown instanceof OutOfBytes)) throw thrown;
      if (this.infoText === infoBefore) this.info(''); // what the layer below said is not about this one
      this.tooShort();
    }
    const ended = this.wireEnd;
    if (node.source === this.source) node.reach = this.end;
    this.depth--;
    this.at = saved.at;
    this.end = saved.end;
    this.wireEnd = saved.wireEnd;
    this.open = saved.open;
    this.protocolOf = saved.protocol;
    this.layerNode = saved.node;
    this.layerNumber = saved.number;
    return ended;
  }

  /**
   * Dissects the layer that the column pass found above this one; where it found none, what the transport carries, or data
   * from `at` on. Returns where that layer ended.
   */
  upper(at: number): number {
    let next = this.walked[this.walkedNext];
    if (next !== undefined && protocols().all[next.protocol].name === 'ethertype') {
      this.layers.push(next.protocol);
      next = this.walked[++this.walkedNext];
    }
    if (next !== undefined) {
      this.walkedNext++;
      return this.dissect(next.protocol, next.at, next.end, next.wireEnd);
    }
    if (this.isOutermost) return this.packet.application(this, at) ? this.wireEnd : this.payload(at);
    const quoted = this.quotedApplication(at);
    return quoted !== 0 && at < this.end ? this.dissect(quoted, at) : this.payload(at);
  }

  /** What a quoted packet carries from `at` on: by its ports, a datagram also by its first bytes; 0: nobody's. */
  private quotedApplication(at: number): number {
    const { name } = this.protocolOf;
    if (name !== 'udp' && name !== 'tcp') return 0;
    const [low, high] = this.ports[0] < this.ports[1] ? this.ports : [this.ports[1], this.ports[0]];
    const table = `${name}.port` as const;
    const found = this.find(table, low) || this.find(table, high);
    const { spec: known } = protocols().all[found];
    if (found !== 0 && known.scan === undefined && known.accepts?.(this.bytes, at, this.end) !== false) return found;
    if (name === 'tcp') return 0;
    for (const { index, header, spec } of protocols().all) {
      if (spec.recognise === undefined || spec.recogniseOn?.includes('udp') === false) continue;
      if (this.end - at >= header && spec.recognise(this.bytes, at, this.end, low)) return index;
    }
    return 0;
  }

  /** The same for a layer that is a row of the tree and of the hierarchy, but not listed in frame.protocols. */
  dissectUnlisted(
    protocol: number | string,
    at: number,
    end = this.end,
    wireEnd = Math.max(end, this.wireEnd),
  ): number {
    this.unlisted.add(this.layers.length);
    return this.dissect(protocol, at, end, wireEnd);
  }

  /** Walks and dissects [at, end) from `protocol` on: the frame itself, a tunnel's inside, a quoted packet. */
  walk(protocol: number, at: number, end = this.end, wireEnd = Math.max(end, this.wireEnd)): number {
    if (protocol === 0) return this.payload(at, end, wireEnd);
    const saved = { walked: this.walked, next: this.walkedNext };
    this.walked = walkLayers(this.packet.rules?.all ?? protocols().all, protocol, this.bytes, at, end, wireEnd);
    this.walkedNext = 0;
    const ended = this.upper(at);
    this.walked = saved.walked;
    this.walkedNext = saved.next;
    return ended;
  }

  /** The same from whatever a table has for `key`. */
  walkBy(
    table: DispatchTable,
    key: number | string,
    at: number,
    end = this.end,
    wireEnd = Math.max(end, this.wireEnd),
  ): number {
    return this.walk(this.find(table, key), at, end, wireEnd);
  }

  /** The whole frame: called once by the driver. */
  frame(): void {
    this.end = this.bytes.length;
    this.wireEnd = Math.max(this.packet.length, this.end);
    this.isOutermost = true;
    this.walk(this.packet.link, 0);
  }

  /** What the innermost transport carries, without the layers below: for builders that keep only some fields. */
  carried({ layers, header, payload, end, wireEnd }: CarriedPlace): void {
    this.layers.push(...layers);
    this.layerNumber = layers.length - 1;
    this.protocolOf = protocols().all[layers[layers.length - 1]];
    this.isOutermost = true;
    this.at = header;
    this.end = end;
    this.wireEnd = wireEnd;
    this.ports = [u16(this.bytes, header), u16(this.bytes, header + 2)];
    try {
      if (!this.packet.application(this, payload)) this.payload(payload);
    } catch (thrown) {
      if (!(thrown instanceof OutOfBytes)) throw thrown;
    }
  }

  /** Runs `body` with quoted headers inside: what they would carry is not this conversation's, nor do they say the columns. */
  quoted(body: () => void): void {
    const saved = {
      outermost: this.isOutermost,
      carrier: this.carrier,
      column: this.columnText,
      info: this.infoText,
      kept: this.infoKept,
      malformed: this.isMalformed,
      bare: this.bare,
    };
    this.isOutermost = false;
    body();
    this.isOutermost = saved.outermost;
    this.carrier = saved.carrier;
    this.columnText = saved.column;
    this.infoText = saved.info;
    this.infoKept = saved.kept;
    this.isMalformed = saved.malformed;
  }

  /** The next layer by a table; what nobody claims is shown as data. Returns where that layer ended. */
  dispatch(
    table: DispatchTable,
    key: number | string,
    at: number,
    end = this.end,
    wireEnd = Math.max(end, this.wireEnd),
  ): number {
    const found = this.find(table, key);
    if (table === 'ethertype') this.layers.push(named('ethertype').index);
    return found === 0 ? this.payload(at, end, wireEnd) : this.dissect(found, at, end, wireEnd);
  }

  /** Index of the protocol that a table has for `key`; 0: none. */
  find(table: DispatchTable, key: number | string): number {
    return (this.packet.rules ?? protocols()).lookUp(table, key);
  }

  /** Shows [at, end) as undissected data, if there is any. */
  payload(at: number, end = this.end, wireEnd = Math.max(end, this.wireEnd)): number {
    if (end > at) return this.dissect('data', at, end, wireEnd);
    return at;
  }

  /** Runs `body` over other bytes (reassembled, unpacked, decrypted), shown as a tab of the bytes pane. */
  within(name: string, bytes: Uint8Array, body: () => void, missing = 0): void {
    const saved = { bytes: this.bytes, source: this.source, at: this.at, end: this.end, wireEnd: this.wireEnd };
    this.source = this.sources.length;
    this.sources.push(missing > 0 ? { name, bytes, missing } : { name, bytes });
    this.bytes = bytes;
    this.at = 0;
    this.end = bytes.length;
    this.wireEnd = bytes.length;
    try {
      body();
    } finally {
      this.bytes = saved.bytes;
      this.source = saved.source;
      this.at = saved.at;
      this.end = saved.end;
      this.wireEnd = saved.wireEnd;
    }
  }

  // ---- columns

  /** The Protocol column; the innermost layer that says something wins. */
  column(protocol: string): void {
    this.columnText = protocol;
  }

  get columnSoFar(): string {
    return this.columnText;
  }

  /** The Info column: replaces what this layer or those below it said, after the fence. */
  info(text: string): void {
    this.infoText = this.infoText.slice(0, this.infoKept) + text;
  }

  addInfo(text: string): void {
    this.infoText += text;
  }

  /** Replaces what Info says from `kept` characters on. */
  replaceInfo(kept: number, text: string): void {
    this.infoText = this.infoText.slice(0, Math.max(kept, this.infoKept)) + text;
  }

  /** Drops what Info says from `kept` characters on, fences or not. */
  restartInfo(kept: number): void {
    this.infoText = this.infoText.slice(0, kept);
    this.infoKept = Math.min(this.infoKept, kept);
  }

  get infoSoFar(): string {
    return this.infoText;
  }

  /** What Info said before the last fence. */
  get fencedInfo(): string {
    return this.infoText.slice(0, this.infoKept);
  }

  /** What Info says up to here stays: a second message in the frame adds to it. */
  fence(): void {
    this.infoKept = this.infoText.length;
  }

  /** The next layer is one more message in the same segment: Wireshark lists the protocol once for all of them. */
  listOnce(layers = 1): void {
    this.listedOnce = layers;
  }

  /**
   * An object that lives as long as the conversation is remembered: the first message of a flow makes it. `key`: whose it is,
   * where one protocol leaves something for the next.
   */
  conversation<T>(make: () => T, key = this.protocolOf.name): T {
    if (!this.isOutermost) return make(); // quoted: of another conversation
    let found = this.packet.memory.objects.get(key);
    if (found === undefined) {
      found = make();
      this.packet.memory.objects.set(key, found);
    }
    return found as T;
  }

  /** Number of this layer's conversation; -1: not known (quoted headers). */
  stream(transport: 'tcp' | 'udp'): number {
    if (!this.isOutermost) return -1;
    return this.packet.streams[transport][this.streamsUsed[transport]++] ?? -1;
  }

  /** Name of a field's value, or undefined. */
  nameOf(key: string, value: number): string | undefined {
    return valueName(this.entry(key).spec.names, value);
  }

  /** Inside headers that another packet quotes? */
  get isQuoted(): boolean {
    return !this.isOutermost;
  }

  get protocol(): TreeProtocol {
    return this.protocolOf;
  }

  /** The capture's link type, for protocols that have several; 0: not told. */
  get linkType(): number {
    return linkTypeIn(this.packet.link);
  }

  /** Layers so far, from the outside in. */
  get layersSoFar(): readonly number[] {
    return this.layers;
  }

  /** Will a field be kept? What costs much to work out need not be where not. */
  keeps(key: string): boolean {
    const { only } = this;
    if (only === null) return true;
    const { field, also } = this.entry(key);
    return only.fields[field.id] === 1 || also.some(({ id }) => only.fields[id] === 1);
  }

  /** Is nothing asked for but fields of this group (ProtocolSpec.onlyIn)? */
  asksOnly(group: { readonly fields: readonly string[] }): boolean {
    return this.only?.group === group;
  }

  /** Did an EtherType choose this layer? */
  get isChosenByEtherType(): boolean {
    return this.layers.at(-2) === named('ethertype').index;
  }

  /** The transport that carries this layer: the nearest below it; empty where there is none. */
  get transport(): string {
    for (let i = this.layers.length - 1; i >= 0; i--) {
      const { name } = protocols().all[this.layers[i]];
      if (name === 'tcp' || name === 'udp' || name === 'sctp') return name;
    }
    return '';
  }

  /** For drivers: a layer whose contents come with a later packet; its row covers [at, end). */
  mention(protocol: number, at: number, end = this.end): void {
    const named = protocols().all[protocol];
    this.layers.push(protocol);
    const node = new TreeNode(named.self, null, this.source, at, Math.max(0, end - at), this.layers.length - 1);
    node.text = named.spec.title;
    this.count();
    this.keep(node);
  }

  /** For drivers: a layer that has no row of its own. */
  pushLayer(protocol: number): void {
    this.layers.push(protocol);
  }

  finish(): Dissection {
    return {
      root: this.root,
      sources: this.sources,
      layers: this.layers,
      listed: this.unlisted.size === 0 ? this.layers : this.layers.filter((_, i) => !this.unlisted.has(i)),
      protocolColumn: this.columnText,
      info: escapeText(this.infoText),
      malformed: this.isMalformed,
      bare: this.bare,
    };
  }

  /** Ends this layer here, as fail() does, unless `length` bytes from `at` are there. */
  need(at: number, length: number): void {
    if (at < 0 || length < 0 || at + length > this.end) throw new OutOfBytes();
  }

  private count(): void {
    if (++this.nodes > MAX_NODES) throw new OutOfBytes();
  }

  private entry(key: string): FieldOfProtocol {
    const entry = this.protocolOf.fields.get(key);
    if (entry === undefined) throw new Error(`${this.protocolOf.name} declares no field ${key}`);
    return entry;
  }

  private append(entry: FieldOfProtocol, value: FieldValue | null, at: number, length: number): TreeNode {
    const node = this.attach(new TreeNode(entry.field, value, this.source, at, length, this.layerNumber));
    for (const field of entry.also) {
      const other = field.type === entry.field.type || value === null ? value : plainValue(entry.field, value);
      const twin = this.attach(new TreeNode(field, other, this.source, at, length, this.layerNumber));
      twin.hidden = true;
    }
    return node;
  }

  private attach(node: TreeNode): TreeNode {
    this.count();
    if (this.only !== null) {
      this.latest = node;
      this.keep(node);
      return node;
    }
    const above = this.open[this.open.length - 1];
    if (above === undefined) this.root.push(node);
    else if (above.children === null) above.children = [node];
    else above.children.push(node);
    return node;
  }

  /** The layer's bytes ran out: cut by the snap length, or malformed. */
  private tooShort(): void {
    this.open.length = Math.min(this.open.length, 1);
    if (!this.isOutermost) return;
    if (this.end < this.wireEnd) {
      this.text('Packet size limited during capture', this.at, 0).generated = true;
      if (this.infoText === '' || !this.infoText.includes('[Packet size limited'))
        this.addInfo('[Packet size limited during capture]');
      return;
    }
    this.isMalformed = true;
    if (this.layerNode?.children === null) this.bare = this.layerNumber;
    const node = new TreeNode(named('_ws.malformed').self, null, this.source, this.at, 0, this.layerNumber);
    node.text = `Malformed Packet: ${this.protocolOf.short || this.columnText}`;
    node.generated = true;
    this.keep(node);
    this.addInfo(`[Malformed Packet]`);
  }

  /** At the top: all nodes, or those of wanted fields. */
  private keep(node: TreeNode): void {
    if (this.only === null || (node.field !== null && this.only.fields[node.field.id] === 1)) this.root.push(node);
  }

  /** The value of a field to add; null where it will not be kept. */
  private valueFor(entry: FieldOfProtocol, at: number, width: number): FieldValue | null {
    const { only } = this;
    if (only === null || only.fields[entry.field.id] === 1 || entry.also.some(({ id }) => only.fields[id] === 1))
      return this.readValue(entry, at, width);
    this.need(at, width);
    return null;
  }

  private readValue(entry: FieldOfProtocol, at: number, width: number): FieldValue {
    const { spec } = entry;
    this.need(at, width);
    return spec.type === 'string' ? this.string(at, width, spec.encoding) : readValue(this.bytes, at, width, spec);
  }
}

const walkers = new WeakMap<ProtocolBook['all'], Cursor>();

/** The layers of one packet from `first` on, as the column pass sees them. */
function walkLayers(
  all: ProtocolBook['all'],
  first: number,
  bytes: Uint8Array,
  at: number,
  end: number,
  wireEnd: number,
): readonly WalkedLayer[] {
  let walker = walkers.get(all);
  if (walker === undefined) walkers.set(all, (walker = new Cursor(all, new Stacks(), makeScratch(0, 1))));
  const needed = wordsNeeded(bytes.length, 1);
  if (walker.columns.words.length < needed) walker.columns.words = new Uint32Array(needed);
  walker.bytes = bytes;
  walker.records = true;
  walker.walk(0, at, end - at, wireEnd - at, first, 0);
  return walker.layers.list();
}

function expertField(name: string): Field {
  const field = protocols().catalog.get(name);
  if (field === undefined) throw new Error(`no field ${name}`);
  return field;
}
