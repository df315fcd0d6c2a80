/** Address blocks to values, most specific match first: one look-up per prefix length that there is. IPv4 and IPv6 apart. */

import { parseIpv4, parseIpv6 } from '../base/address.ts';
import { putU32 } from '../base/bytes.ts';

/** A block of addresses: 4 or 16 bytes, and how many bits of them count. */
export interface Block {
  readonly address: Uint8Array;
  readonly prefix: number;
}

/** `10.0.0.0/8`, `2001:db8::/32`, or one address; null where the text is neither. */
export function parseBlock(text: string): Block | null {
  const [, name = '', bits] = /^\s*([0-9a-fA-F:.]+)(?:\/(\d{1,3}))?\s*$/.exec(text) ?? [];
  const address = addressBytes(name);
  if (address === null) return null;
  const most = 8 * address.length;
  const prefix = bits === undefined ? most : Number(bits);
  return prefix > most ? null : { address, prefix };
}

/** 4 or 16 bytes; null where the text is no address. */
export function addressBytes(text: string): Uint8Array | null {
  const number = parseIpv4(text);
  if (number === null) return text.includes(':') ? parseIpv6(text) : null;
  const bytes = new Uint8Array(4);
  putU32(bytes, 0, number);
  return bytes;
}

export class PrefixTable<Value> {
  /** By family (0: IPv4, 1: IPv6) and prefix length: the first bits as a text to the value. */
  private readonly byLength = [new Map<number, Map<string, Value>>(), new Map<number, Map<string, Value>>()] as const;
  /** The lengths that there are, longest first. */
  private readonly lengths: [number[], number[]] = [[], []];

  /** A block that is there already keeps its value unless `isBetter` says otherwise. */
  add({ address, prefix }: Block, value: Value, isBetter: (value: Value, than: Value) => boolean = () => false): void {
    const family = address.length === 4 ? 0 : 1;
    let blocks = this.byLength[family].get(prefix);
    if (blocks === undefined) {
      this.byLength[family].set(prefix, (blocks = new Map<string, Value>()));
      this.lengths[family] = [...this.byLength[family].keys()].sort((a, b) => b - a);
    }
    const key = firstBits(address, prefix);
    const known = blocks.get(key);
    if (known === undefined || isBetter(value, known)) blocks.set(key, value);
  }

  /** The value of the smallest block that holds the address. */
  find(address: Uint8Array): { readonly value: Value; readonly prefix: number } | null {
    const family = address.length === 4 ? 0 : 1;
    for (const prefix of this.lengths[family]) {
      const value = this.byLength[family].get(prefix)?.get(firstBits(address, prefix));
      if (value !== undefined) return { value, prefix };
    }
    return null;
  }
}

/** The bits that count, one character a byte. */
function firstBits(address: Uint8Array, prefix: number): string {
  const whole = prefix >>> 3;
  let key = '';
  for (let i = 0; i < whole; i++) key += String.fromCharCode(address[i]);
  const rest = prefix & 7;
  return rest === 0 ? key : key + String.fromCharCode(address[whole] & (0xff << (8 - rest)));
}
