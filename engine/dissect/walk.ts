/** The column pass over one packet, layer by layer: the cursor that `scan` gets, and the loop that hands it on. Hot: once per packet. */

import { u16, u32 } from '../base/bytes.ts';
import { FLAG } from '../table/flags.ts';
import { PATH } from '../table/path-words.ts';
import { DISSECT_ME, type Stacks } from '../table/stacks.ts';
import { hashWords } from '../table/word-dictionary.ts';
import { identify } from './identity.ts';
import type { NumberTable } from './number-table.ts';
import { type Scratch, TRANSPORT } from './scratch.ts';
import { WalkedLayers } from './walked-layers.ts';

/** What the walk needs of a protocol. */
export interface ScanProtocol {
  readonly index: number;
  readonly name: string;
  /** Bytes that must be there before `scan` is called. */
  readonly header: number;
  /** Number-keyed tables it chooses the next layer by, in the order of `chooses`. */
  readonly tables: readonly NumberTable[];
  readonly scan: ((p: Cursor, c: Scratch) => void) | undefined;
}

/** More layers than any honest packet has; the rest is left as payload and the row marked. */
const MAX_LAYERS = 48;

/** Of a link word: bits of the protocol; the link type is above them. */
const LINK_TYPE_SHIFT = 16;

/** What a packet's walk begins with: the protocol of its link type, and the link type itself, where it fits in 16 bits. */
export function linkWord(protocol: number, linkType: number): number {
  return (((linkType >>> LINK_TYPE_SHIFT === 0 ? linkType : 0) << LINK_TYPE_SHIFT) | protocol) >>> 0;
}

/** The link type in a link word; 0 also where it is not told. */
export function linkTypeIn(word: number): number {
  return word >>> LINK_TYPE_SHIFT;
}

/** One object, reused for all packets. A layer is [at, end) captured and [at, wireEnd) on the wire. */
export class Cursor {
  bytes: Uint8Array = new Uint8Array(0);
  /** Packet index in the batch. */
  row = 0;
  /** The capture's link type, for protocols that have several; 0: none, as inside a tunnel. */
  linkType = 0;
  /** Start of the current layer; `enter` moves it to the next. */
  at = 0;
  /** One past the last captured byte of the layer. */
  end = 0;
  /** One past its last byte on the wire; above `end` where the snap length cut it. */
  wireEnd = 0;
  stack = 0;
  /** Bytes of the frame check sequence that ends the link layer, where a header in front of it says so. */
  linkTrailer = 0;
  columns: Scratch;
  readonly stacks: Stacks;
  /** Layers of the last packet, recorded for the detail pass when `records`. */
  records = false;
  readonly layers = new WalkedLayers();

  private readonly seed: number;
  private readonly protocols: readonly ScanProtocol[];
  private following = 0;
  private tables: readonly NumberTable[] = [];
  private wordsEnd = 0;
  private current = 0;
  /** The pseudo protocol that stands for bytes which nobody claims. */
  private readonly data: number;
  /** Does the current layer leave such bytes? */
  private leaves = false;
  /** Is it a transport? What it carries is decided by its flow. */
  private carries = false;

  /** `seed`: of the dictionary that the path words go into, where they do. */
  constructor(protocols: readonly ScanProtocol[], stacks: Stacks, columns: Scratch, seed = 0) {
    this.seed = seed;
    this.protocols = protocols;
    this.stacks = stacks;
    this.columns = columns;
    this.data = protocols.find(({ name }) => name === 'data')?.index ?? 0;
  }

  /** Are `n` bytes of this layer captured, counted from its start? Marks the row where not. */
  has(n: number): boolean {
    if (this.at + n <= this.end) return true;
    this.columns.flags[this.row] |= this.at + n <= this.wireEnd ? FLAG.truncated : FLAG.malformed;
    return false;
  }

  /** Ends this layer's header: the next layer starts `header` bytes on; `length`: this layer's whole length, where it says one. */
  enter(header: number, length = -1): void {
    if (length >= 0) {
      const limit = this.at + length;
      if (limit < this.wireEnd) {
        this.wireEnd = limit;
        if (limit < this.end) this.end = limit;
      }
    }
    this.at += header;
    if (this.at > this.end) this.at = this.end;
  }

  /** The next layer by the first table this protocol chooses from: by `key`, else by `other`. */
  next(key: number, other = -1): void {
    this.nextIn(0, key, other);
  }

  /** The same by its table number `index`. */
  nextIn(index: number, key: number, other = -1): void {
    const table = this.tables[index];
    if (table.layer !== 0) this.push(table.layer);
    let found = table.entered(key);
    if (found === 0 && other >= 0) found = table.entered(other);
    this.following = found;
    this.leaves = found === 0 && !this.carries;
  }

  /** The same without the layer that stands for the table: `llc:ip`, not `llc:ethertype:ip`. */
  nextBare(index: number, key: number): void {
    const table = this.tables[index];
    this.following = table.entered(key);
    this.leaves = this.following === 0 && !this.carries;
  }

  /** Lists the current layer a second time, as Wireshark does where a protocol hands on to itself. */
  again(): void {
    this.stack = this.stacks.push(this.stack, this.current);
  }

  /** Lists the layer that table number `index` has for `key` above this one; it has no bytes of its own. */
  list(index: number, key: number): void {
    this.stack = this.stacks.push(this.stack, this.tables[index].entered(key));
  }

  /** What follows the header is data: no table is asked. */
  rest(): void {
    this.leaves = true;
  }

  /** These bytes are not this protocol's after all: they are what the layer below carries, as if no table had named one. */
  decline(): void {
    const { transport, payloadAt } = this.columns;
    this.stack = this.stacks.parent[this.stack];
    if (this.records) this.layers.count--;
    this.leaves = transport[this.row] === TRANSPORT.none || payloadAt[this.row] !== this.at;
  }

  /** Did next() find a protocol? */
  get hasNext(): boolean {
    return this.following !== 0;
  }

  /** The next layer is this protocol. */
  go(protocol: number): void {
    this.following = protocol;
  }

  /** The row's lengths do not fit (`what` is for readers of the code). */
  malformed(_what: string): void {
    this.columns.flags[this.row] |= FLAG.malformed;
  }

  mark(flag: number): void {
    this.columns.flags[this.row] |= flag;
  }

  /** Only a full dissection knows what is above: quoted headers, very many layers. */
  dissectMe(): void {
    this.columns.flags[this.row] |= FLAG.more;
    this.stack = DISSECT_ME;
  }

  /** The packet goes between these link addresses; offsets of the two 6-byte addresses. */
  link(source: number, destination: number): void {
    const words = this.columns.words;
    const b = this.bytes;
    words[this.wordsEnd++] = (PATH.link << 24) | this.current;
    words[this.wordsEnd++] = u32(b, source);
    words[this.wordsEnd++] = (u16(b, source + 4) << 16) | u16(b, destination);
    words[this.wordsEnd++] = u32(b, destination + 2);
  }

  vlan(id: number): void {
    this.columns.words[this.wordsEnd++] = (PATH.vlan << 24) | id;
  }

  /** Source at the offset, destination right behind it unless a source route ends elsewhere. */
  ipv4(at: number, destination = at + 4): void {
    const words = this.columns.words;
    words[this.wordsEnd++] = PATH.ipv4 << 24;
    words[this.wordsEnd++] = u32(this.bytes, at);
    words[this.wordsEnd++] = u32(this.bytes, destination);
  }

  ipv6(at: number): void {
    const words = this.columns.words;
    words[this.wordsEnd++] = PATH.ipv6 << 24;
    for (let i = 0; i < 32; i += 4) words[this.wordsEnd++] = u32(this.bytes, at + i);
  }

  ports(ipProtocol: number, source: number, destination: number): void {
    const words = this.columns.words;
    words[this.wordsEnd++] = (PATH.ports << 24) | ipProtocol;
    words[this.wordsEnd++] = (source << 16) | destination;
  }

  /** An IP protocol that has no ports ends the path. */
  portless(ipProtocol: number): void {
    this.columns.words[this.wordsEnd++] = (PATH.protocol << 24) | ipProtocol;
  }

  /** This layer is a tunnel; `key` as its own number (VNI, GRE key, label). */
  tunnel(key: number): void {
    const words = this.columns.words;
    words[this.wordsEnd++] = (PATH.tunnel << 24) | this.current;
    words[this.wordsEnd++] = key;
  }

  /** Addresses of another family, three words each; `style`: one of ADDRESS. */
  named(style: number, s0: number, s1: number, s2: number, d0: number, d1: number, d2: number): void {
    const words = this.columns.words;
    words[this.wordsEnd++] = (PATH.other << 24) | style;
    words[this.wordsEnd++] = s0;
    words[this.wordsEnd++] = s1;
    words[this.wordsEnd++] = s2;
    words[this.wordsEnd++] = d0;
    words[this.wordsEnd++] = d1;
    words[this.wordsEnd++] = d2;
  }

  /** The innermost IP header is this layer. */
  network(): void {
    this.columns.networkAt[this.row] = this.at;
    this.columns.networkEnd[this.row] = this.end;
  }

  /**
   * The innermost transport is this layer: `header` bytes, then its payload; `length`: header and payload on the wire,
   * where the header says it. Like enter(), but writes the transport columns.
   */
  enterTransport(kind: number, header: number, length = -1): void {
    const c = this.columns;
    const row = this.row;
    if (c.transport[row] === TRANSPORT.tcp) c.flags[row] |= FLAG.more; // a second TCP header: columns hold the inner one
    c.transport[row] = kind;
    c.transportAt[row] = this.at;
    this.carries = true;
    const start = this.at;
    this.enter(header, length);
    c.payloadAt[row] = this.at;
    c.payloadEnd[row] = this.end;
    c.payloadLength[row] = Math.max(0, this.wireEnd - start - header);
  }

  /** Walks one packet from its link layer (`link`: a link word); writes every scratch column of `row`. */
  walk(
    row: number,
    at: number,
    capturedLength: number,
    length: number,
    link: number,
    firstWord: number,
    stack = 0,
  ): number {
    const c = this.columns;
    c.flags[row] = 0;
    c.transport[row] = TRANSPORT.none;
    c.networkAt[row] = 0;
    c.networkEnd[row] = 0;
    c.payloadAt[row] = at;
    c.payloadEnd[row] = at + capturedLength;
    c.payloadLength[row] = length;
    c.seq[row] = 0;
    c.ack[row] = 0;
    c.window[row] = 0;
    c.tcpFlags[row] = 0;
    c.transportAt[row] = 0;
    c.wordsAt[row] = firstWord;
    this.wordsEnd = firstWord;
    this.row = row;
    this.at = at;
    this.end = at + capturedLength;
    this.wireEnd = at + Math.max(length, capturedLength);
    this.stack = stack;
    this.linkTrailer = 0;
    this.linkType = link >>> LINK_TYPE_SHIFT;
    this.run(link & 0xffff);
    c.stack[row] = this.stack;
    c.wordsAt[row + 1] = this.wordsEnd;
    c.hash[row] = hashWords(c.words, firstWord, this.wordsEnd, this.seed);
    if ((c.flags[row] & FLAG.fragment) !== 0) c.transport[row] = TRANSPORT.none; // of a tunnel around it: not its own
    if (c.transport[row] === TRANSPORT.none) {
      c.payloadAt[row] = this.at;
      c.payloadEnd[row] = this.end;
      c.payloadLength[row] = this.wireEnd - this.at;
    }
    identify(c, row, this.bytes);
    return this.wordsEnd;
  }

  /** Goes on from where the cursor stands with `first`: the loop over layers. */
  run(first: number): void {
    if (this.records) this.layers.count = 0;
    const c = this.columns;
    const { row } = this;
    let protocol = first;
    let stands = false;
    for (let depth = 0; protocol !== 0; depth++) {
      if (depth === MAX_LAYERS) {
        this.dissectMe();
        return;
      }
      const spec = this.protocols[protocol];
      this.stack = this.stacks.push(this.stack, protocol);
      if (this.records) this.layers.add(protocol, this.at, this.end, this.wireEnd);
      if (this.end - this.at < spec.header) {
        this.has(spec.header);
        c.flags[row] |= FLAG.more; // the tree shows what is there of it
        return;
      }
      this.following = 0;
      this.leaves = false;
      this.carries = false;
      this.current = protocol;
      this.tables = spec.tables;
      const before = this.at;
      if (spec.scan === undefined) return;
      spec.scan(this, c);
      protocol = this.following;
      if (protocol !== 0 && this.at === before && spec.header > 0) {
        if (stands) return; // a layer takes at least one byte, but for one that turns out to be another
        stands = true;
      }
      if (protocol !== 0 && this.at >= this.end) return; // nothing left to look at
    }
    if (this.leaves && this.at < this.end) this.push(this.data);
  }

  private push(protocol: number): void {
    this.stack = this.stacks.push(this.stack, protocol);
    if (this.records) this.layers.add(protocol, this.at, this.end, this.wireEnd);
  }
}
