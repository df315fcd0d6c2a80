/** Both ends of every header chain at each of its IP layers, from the outside in: addresses as small numbers, and ports. */

import { formatIpv4, formatIpv6 } from '../base/address.ts';
import { putU32 } from '../base/bytes.ts';
import { PATH, PATH_WORDS } from '../table/path-words.ts';
import { grow, WordDictionary } from '../table/word-dictionary.ts';

const SEED = 0x65677265;
const KEY_WORDS = 5;
const NO_PORT = -1;

/** IP addresses, each once. */
export class AddressTable {
  private readonly keys = new WordDictionary(SEED);
  private readonly key = new Uint32Array(KEY_WORDS);

  get count(): number {
    return this.keys.count;
  }

  /** The address in 1 or 4 words at `at`. */
  intern(words: Uint32Array, at: number, size: number): number {
    const { key } = this;
    key.fill(0);
    key[0] = size;
    for (let i = 0; i < size; i++) key[1 + i] = words[at + i];
    return this.keys.intern(key, 0, KEY_WORDS);
  }

  internBytes(address: Uint8Array): number {
    const words = new Uint32Array(address.length / 4);
    for (let i = 0; i < words.length; i++)
      words[i] = (address[4 * i] << 24) | (address[4 * i + 1] << 16) | (address[4 * i + 2] << 8) | address[4 * i + 3];
    return this.intern(words, 0, words.length);
  }

  isIpv6(address: number): boolean {
    return this.keys.words[KEY_WORDS * address] === 4;
  }

  /** 4 or 16 bytes. */
  bytes(address: number): Uint8Array {
    const at = KEY_WORDS * address;
    const bytes = new Uint8Array(4 * this.keys.words[at]);
    for (let i = 0; 4 * i < bytes.length; i++) putU32(bytes, 4 * i, this.keys.words[at + 1 + i]);
    return bytes;
  }

  text(address: number): string {
    const at = KEY_WORDS * address + 1;
    return this.isIpv6(address) ? formatIpv6(this.bytes(address)) : formatIpv4(this.keys.words[at]);
  }
}

/** The IP layers of each path: entries [start[path], start[path + 1]). */
export class PathEnds {
  readonly addresses: AddressTable;
  readonly start: Uint32Array;
  source = new Uint32Array(1024);
  destination = new Uint32Array(1024);
  /** Source port << 16 | destination port, where `hasPorts`. */
  ports = new Uint32Array(1024);
  /** IP protocol number above; 256: not known. Ports are there where bit 9 is set. */
  private transport = new Uint32Array(1024);

  constructor(words: Uint32Array, start: Uint32Array, paths: number, addresses: AddressTable) {
    this.addresses = addresses;
    this.start = new Uint32Array(paths + 1);
    let count = 0;
    for (let path = 0; path < paths; path++) {
      this.start[path] = count;
      const from = count;
      for (let at = start[path]; at < start[path + 1]; ) {
        const kind = words[at] >>> 24;
        if (kind === PATH.ipv4 || kind === PATH.ipv6) {
          const size = kind === PATH.ipv4 ? 1 : 4;
          if (count === this.source.length) this.grow(count + 1);
          this.source[count] = addresses.intern(words, at + 1, size);
          this.destination[count] = addresses.intern(words, at + 1 + size, size);
          this.transport[count] = 256;
          count++;
        } else if (count > from && this.transport[count - 1] === 256) {
          if (kind === PATH.ports) {
            this.transport[count - 1] = (words[at] & 0xff) | 512;
            this.ports[count - 1] = words[at + 1];
          } else if (kind === PATH.protocol) this.transport[count - 1] = words[at] & 0xff;
        }
        at += 1 + PATH_WORDS[kind];
      }
    }
    this.start[paths] = count;
  }

  private grow(length: number): void {
    for (const name of ['source', 'destination', 'ports', 'transport'] as const) this[name] = grow(this[name], length);
  }

  /** -1: not known. */
  protocol(entry: number): number {
    return (this.transport[entry] & 256) !== 0 ? NO_PORT : this.transport[entry] & 0xff;
  }

  /** -1: it has none. */
  sourcePort(entry: number): number {
    return (this.transport[entry] & 512) === 0 ? NO_PORT : this.ports[entry] >>> 16;
  }

  destinationPort(entry: number): number {
    return (this.transport[entry] & 512) === 0 ? NO_PORT : this.ports[entry] & 0xffff;
  }
}
