/** Destinations: per innermost destination address, transport and port, what was sent there. */

import { PATH, PATH_WORDS } from '../table/path-words.ts';
import { WordDictionary } from '../table/word-dictionary.ts';
import type { Share } from './conversations.ts';
import type { PathTotals } from './path-totals.ts';

const SEED = 0x64657374;
const KEY_WORDS = 7;

/** Addresses in arrays longer than `count`; `protocol`: the IP protocol number; `port`: -1 where there is none. */
export class Destinations {
  private readonly keys = new WordDictionary(SEED);
  private readonly key = new Uint32Array(KEY_WORDS);
  readonly isIpv6: boolean[] = [];
  readonly protocol: number[] = [];
  readonly port: number[] = [];
  /** The other end's port in the first packet: it tells which of the two is the service. */
  readonly peerPort: number[] = [];
  readonly packets: number[] = [];
  readonly bytes: number[] = [];
  /** Segments that asked for a connection. */
  readonly opened: number[] = [];
  readonly first: number[] = [];
  readonly last: number[] = [];

  get count(): number {
    return this.keys.count;
  }

  /** The four words of an address; an IPv4 address is in the first. */
  addressWords(destination: number): Uint32Array {
    const at = KEY_WORDS * destination + 1;
    return this.keys.words.subarray(at, at + 4);
  }

  add(words: Uint32Array, from: number, to: number, { slot }: Share, totals: PathTotals): void {
    const { key, keys } = this;
    let has = false;
    let peer = -1;
    for (let at = from; at < to; ) {
      const kind = words[at] >>> 24;
      if (kind === PATH.ipv4 || kind === PATH.ipv6) {
        const size = kind === PATH.ipv6 ? 4 : 1;
        key.fill(0);
        key[0] = kind;
        for (let i = 0; i < size; i++) key[1 + i] = words[at + 1 + size + i];
        has = true;
        peer = -1;
      } else if (kind === PATH.ports || kind === PATH.protocol) {
        key[5] = words[at] & 0xffffff;
        key[6] = kind === PATH.ports ? (words[at + 1] & 0xffff) + 1 : 0;
        peer = kind === PATH.ports ? words[at + 1] >>> 16 : -1;
      }
      at += 1 + PATH_WORDS[kind];
    }
    if (!has) return;
    const before = keys.count;
    const destination = keys.intern(key, 0, KEY_WORDS);
    if (keys.count !== before) {
      this.isIpv6.push(key[0] === PATH.ipv6);
      this.protocol.push(key[5]);
      this.port.push(key[6] - 1);
      this.peerPort.push(peer);
      this.first.push(Number.POSITIVE_INFINITY);
      this.last.push(Number.NEGATIVE_INFINITY);
      for (const numbers of [this.packets, this.bytes, this.opened]) numbers.push(0);
    }
    this.packets[destination] += totals.packets[slot];
    this.bytes[destination] += totals.bytes[slot];
    this.opened[destination] += totals.opened[slot];
    if (totals.first[slot] < this.first[destination]) this.first[destination] = totals.first[slot];
    if (totals.last[slot] > this.last[destination]) this.last[destination] = totals.last[slot];
  }
}
