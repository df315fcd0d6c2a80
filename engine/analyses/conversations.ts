/**
 * Conversations and endpoints of one layer, added up from the totals per header chain: a conversation of Ethernet or IP is a
 * pair of addresses, one of TCP or UDP a stream. Tunnelled packets count at each of their layers, with the whole frame's bytes.
 */

import { PATH, PATH_WORDS } from '../table/path-words.ts';
import { WordDictionary } from '../table/word-dictionary.ts';
import type { PathTotals } from './path-totals.ts';

export const LAYERS = ['eth', 'ip', 'ipv6', 'tcp', 'udp'] as const;
export type Layer = (typeof LAYERS)[number];

/** Kind of path entry, its own number (protocol of the ports), and words of one address. */
const ENTRY = {
  eth: { kind: PATH.link, words: 0 },
  ip: { kind: PATH.ipv4, words: 1 },
  ipv6: { kind: PATH.ipv6, words: 4 },
  tcp: { kind: PATH.ports, words: 4 },
  udp: { kind: PATH.ports, words: 4 },
} as const;
const IP_PROTOCOL = { tcp: 6, udp: 17 } as const;

/** What tells a conversation: words of the source, of the destination (each padded to five), and the stream. */
const SIDE_WORDS = 6;
const KEY_WORDS = 2 * SIDE_WORDS + 1;
const SEED = 0x6e616761;

/** Index of the family in a side's first word. */
export const FAMILY = { link: 0, ipv4: 1, ipv6: 2 } as const;

/** One header chain's share: `path`, its index in the totals, and the streams of its transports from the outside in. */
export interface Share {
  readonly path: number;
  readonly slot: number;
  /** The innermost flow; -1: none. */
  readonly flow: number;
  readonly streams: readonly number[];
}

/** Conversations in order of appearance; side A sent the first packet. Arrays are longer than `count`. */
export class Conversations {
  readonly layer: Layer;
  private readonly ethernet: number;
  private readonly keys = new WordDictionary(SEED);
  /** Sides as they were seen first: A, B. */
  private readonly endpointsOf: number[] = [];
  readonly endpoints = new Endpoints();
  readonly stream: number[] = [];
  /** The innermost flow of the first chain; -1: none. */
  readonly flow: number[] = [];
  /** From A to B and from B to A. */
  readonly packets: [number[], number[]] = [[], []];
  readonly bytes: [number[], number[]] = [[], []];
  readonly resent: [number[], number[]] = [[], []];
  readonly first: number[] = [];
  readonly last: number[] = [];
  private readonly key = new Uint32Array(KEY_WORDS);
  private readonly sides = new Uint32Array(2 * SIDE_WORDS);

  /** `ethernet`: index of the link protocol whose addresses are Ethernet's. */
  constructor(layer: Layer, ethernet: number) {
    this.layer = layer;
    this.ethernet = ethernet;
  }

  get count(): number {
    return this.first.length;
  }

  /** Indexes of the two endpoints. */
  sideOf(conversation: number, side: 0 | 1): number {
    return this.endpointsOf[2 * conversation + side];
  }

  /** Adds a header chain at each place where it has this layer. */
  add(words: Uint32Array, from: number, to: number, share: Share, totals: PathTotals): void {
    const { layer, sides } = this;
    const wanted = ENTRY[layer];
    let transport = 0;
    for (let at = from; at < to; ) {
      const kind = words[at] >>> 24;
      const own = words[at] & 0xffffff;
      if (kind === PATH.ipv4 || kind === PATH.ipv6) writeAddresses(sides, words, at + 1, kind);
      if (kind === PATH.link) writeLink(sides, words, at + 1);
      const isTransport = kind === PATH.ports && (own === IP_PROTOCOL.tcp || own === IP_PROTOCOL.udp);
      if (kind === wanted.kind && this.fits(kind, own)) {
        if (kind === PATH.ports) {
          sides[SIDE_WORDS - 1] = words[at + 1] >>> 16;
          sides[2 * SIDE_WORDS - 1] = words[at + 1] & 0xffff;
        }
        this.between(share, totals, kind === PATH.ports ? (share.streams[transport] ?? 0) : 0);
        if (kind === PATH.ports) sides[SIDE_WORDS - 1] = sides[2 * SIDE_WORDS - 1] = 0;
      }
      if (isTransport) transport++;
      at += 1 + PATH_WORDS[kind];
    }
  }

  private fits(kind: number, own: number): boolean {
    const { layer } = this;
    if (kind === PATH.link) return own === this.ethernet;
    if (layer === 'tcp' || layer === 'udp') return own === IP_PROTOCOL[layer];
    return true;
  }

  /** Counts a share between the two sides at hand. */
  private between({ slot, flow }: Share, totals: PathTotals, stream: number): void {
    const { key, sides, keys } = this;
    let order = 0;
    for (let i = 0; i < SIDE_WORDS && order === 0; i++) order = sides[i] - sides[SIDE_WORDS + i];
    const swapped = order > 0;
    const other = swapped ? SIDE_WORDS : 0;
    for (let i = 0; i < SIDE_WORDS; i++) {
      key[other + i] = sides[i];
      key[SIDE_WORDS - other + i] = sides[SIDE_WORDS + i];
    }
    key[KEY_WORDS - 1] = stream;
    const before = keys.count;
    const conversation = keys.intern(key, 0, KEY_WORDS);
    const a = this.endpoints.intern(sides, 0);
    const b = this.endpoints.intern(sides, SIDE_WORDS);
    if (keys.count !== before) {
      this.endpointsOf.push(a, b);
      this.stream.push(stream);
      this.flow.push(flow);
      this.first.push(Number.POSITIVE_INFINITY);
      this.last.push(Number.NEGATIVE_INFINITY);
      for (const numbers of [this.packets, this.bytes, this.resent]) for (const way of numbers) way.push(0);
    }
    const way = this.endpointsOf[2 * conversation] === a ? 0 : 1;
    this.packets[way][conversation] += totals.packets[slot];
    this.bytes[way][conversation] += totals.bytes[slot];
    this.resent[way][conversation] += totals.resent[slot];
    if (totals.first[slot] < this.first[conversation]) this.first[conversation] = totals.first[slot];
    if (totals.last[slot] > this.last[conversation]) this.last[conversation] = totals.last[slot];
    this.endpoints.exchange(a, b, slot, totals);
  }
}

/** Addresses (with ports, at TCP and UDP) and what they sent and received. */
export class Endpoints {
  private readonly keys = new WordDictionary(SEED);
  /** Sent or got; what it sent to itself counts once. */
  readonly packets: number[] = [];
  readonly bytes: number[] = [];
  readonly sentPackets: number[] = [];
  readonly sentBytes: number[] = [];
  readonly gotPackets: number[] = [];
  readonly gotBytes: number[] = [];
  readonly first: number[] = [];
  readonly last: number[] = [];

  get count(): number {
    return this.keys.count;
  }

  intern(sides: Uint32Array, at: number): number {
    const before = this.keys.count;
    const endpoint = this.keys.intern(sides, at, at + SIDE_WORDS);
    if (this.keys.count !== before) {
      for (const numbers of [
        this.packets,
        this.bytes,
        this.sentPackets,
        this.sentBytes,
        this.gotPackets,
        this.gotBytes,
      ]) {
        numbers.push(0);
      }
      this.first.push(Number.POSITIVE_INFINITY);
      this.last.push(Number.NEGATIVE_INFINITY);
    }
    return endpoint;
  }

  exchange(from: number, to: number, slot: number, totals: PathTotals): void {
    this.sentPackets[from] += totals.packets[slot];
    this.sentBytes[from] += totals.bytes[slot];
    this.gotPackets[to] += totals.packets[slot];
    this.gotBytes[to] += totals.bytes[slot];
    this.takePart(from, slot, totals);
    if (from !== to) this.takePart(to, slot, totals);
  }

  private takePart(one: number, slot: number, totals: PathTotals): void {
    this.packets[one] += totals.packets[slot];
    this.bytes[one] += totals.bytes[slot];
    if (totals.first[slot] < this.first[one]) this.first[one] = totals.first[slot];
    if (totals.last[slot] > this.last[one]) this.last[one] = totals.last[slot];
  }

  family(endpoint: number): number {
    return this.keys.words[SIDE_WORDS * endpoint];
  }

  /** Index of the first of its four address words in `words`. */
  addressAt(endpoint: number): number {
    return SIDE_WORDS * endpoint + 1;
  }

  get words(): Uint32Array {
    return this.keys.words;
  }

  port(endpoint: number): number {
    return this.keys.words[SIDE_WORDS * endpoint + SIDE_WORDS - 1];
  }
}

function writeAddresses(sides: Uint32Array, words: Uint32Array, at: number, kind: number): void {
  const size = kind === PATH.ipv6 ? 4 : 1;
  sides.fill(0);
  sides[0] = sides[SIDE_WORDS] = kind === PATH.ipv6 ? FAMILY.ipv6 : FAMILY.ipv4;
  for (let i = 0; i < size; i++) {
    sides[1 + i] = words[at + i];
    sides[SIDE_WORDS + 1 + i] = words[at + size + i];
  }
}

/** Two addresses of six bytes in three words. */
function writeLink(sides: Uint32Array, words: Uint32Array, at: number): void {
  sides.fill(0);
  sides[1] = words[at];
  sides[2] = words[at + 1] >>> 16;
  sides[SIDE_WORDS + 1] = ((words[at + 1] & 0xffff) << 16) | (words[at + 2] >>> 16);
  sides[SIDE_WORDS + 2] = words[at + 2] & 0xffff;
}
