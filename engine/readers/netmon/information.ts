/** Frames about the capture, with big-endian numbers: the machine's network adapters, and the filter that was on. */

import { u16, u32, u64 } from '../../base/bytes.ts';
import { decodeUtf16le } from '../../base/text.ts';

export interface Adapter {
  readonly name: string;
  readonly description: string;
  readonly hardwareAddress: Uint8Array;
  readonly addresses: readonly { readonly address: Uint8Array; readonly prefix: number }[];
  /** Bits per second; null: not known. */
  readonly speed: bigint | null;
}

const UNKNOWN_SPEED = 0xffff_ffff_ffff_ffffn;
const MOST_ADAPTERS = 1024;

/** Reads on from where it stands; past the end everything is empty, and `isAll` is false. */
class Reader {
  private readonly bytes: Uint8Array;
  private at: number;
  isAll = true;

  constructor(bytes: Uint8Array, at: number) {
    this.bytes = bytes;
    this.at = at;
  }

  take(length: number): Uint8Array {
    const part = new Uint8Array(length);
    if (this.at + length > this.bytes.length) this.isAll = false;
    else part.set(this.bytes.subarray(this.at, this.at + length));
    this.at += length;
    return part;
  }

  text(): string {
    const from = this.at;
    let end = from;
    while (end + 1 < this.bytes.length && (this.bytes[end] | this.bytes[end + 1]) !== 0) end += 2;
    if (end + 1 >= this.bytes.length) this.isAll = false;
    this.at = end + 2;
    return decodeUtf16le(this.bytes, from, end);
  }

  number(length: 2 | 4): number {
    return length === 2 ? u16(this.take(2), 0) : u32(this.take(4), 0);
  }
}

/** Extended network information: as many adapters as are all there. */
export function readAdapters(bytes: Uint8Array): Adapter[] {
  const reader = new Reader(bytes, 2);
  const count = Math.min(reader.number(2), MOST_ADAPTERS);
  reader.text(); // the computer's name
  const adapters: Adapter[] = [];
  while (adapters.length < count && reader.isAll) {
    const name = reader.text();
    const description = reader.text();
    reader.text(); // the driver's GUID
    reader.take(8); // medium, MTU
    const speed = u64(reader.take(8), 0);
    const hardwareAddress = reader.take(6);
    const counts = Array.from({ length: 6 }, () => reader.number(2));
    const [ipv4 = 0, ipv6 = 0, gateways = 0, dhcp = 0, dns = 0, dnsIpv6 = 0] = counts;
    if (!reader.isAll || 8 * ipv4 + 16 * ipv6 > bytes.length) break;
    const plain = Array.from({ length: ipv4 }, () => reader.take(4));
    const masks = Array.from({ length: ipv4 }, () => prefixOf(reader.take(4)));
    const long = Array.from({ length: ipv6 }, () => reader.take(16));
    reader.take(Math.min(bytes.length, 4 * (gateways + dhcp + dns) + 16 * dnsIpv6));
    const addresses = [
      ...plain.map((address, i) => ({ address, prefix: masks[i] })),
      ...long.map((address) => ({ address, prefix: 128 })),
    ];
    if (!reader.isAll) break;
    adapters.push({ name, description, hardwareAddress, addresses, speed: speed === UNKNOWN_SPEED ? null : speed });
  }
  return adapters;
}

function prefixOf(mask: Uint8Array): number {
  let bits = 0;
  for (const byte of mask) for (let bit = 0x80; bit !== 0 && (byte & bit) !== 0; bit >>= 1) bits++;
  return bits;
}

/** Who captured, and with which filter. */
export function readFilter(bytes: Uint8Array): { readonly application: string; readonly filter: string } {
  const reader = new Reader(bytes, 6);
  const major = reader.number(4);
  const minor = reader.number(4);
  const name = reader.text();
  const filter = reader.text();
  return { application: name === '' ? '' : `${name} ${major}.${minor}`, filter };
}
