/**
 * Bytes for the packet and capture builders: joining, numbers, addresses, checksums and a seeded random source.
 * Independent of engine/ on purpose: tests compare the two.
 */

/** What a builder accepts as raw bytes. */
export type BytesLike = Uint8Array | readonly number[];

export function join(...parts: readonly BytesLike[]): Uint8Array {
  let length = 0;
  for (const part of parts) length += part.length;
  const out = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

export function u8(value: number): Uint8Array {
  return Uint8Array.of(value);
}

export function u16(value: number): Uint8Array {
  return Uint8Array.of(value >>> 8, value);
}

export function u24(value: number): Uint8Array {
  return Uint8Array.of(value >>> 16, value >>> 8, value);
}

export function u32(value: number): Uint8Array {
  return Uint8Array.of(value >>> 24, value >>> 16, value >>> 8, value);
}

export function u64(value: bigint): Uint8Array {
  const out = new Uint8Array(8);
  new DataView(out.buffer).setBigUint64(0, value);
  return out;
}

export function u16le(value: number): Uint8Array {
  return u16(value).reverse();
}

export function u32le(value: number): Uint8Array {
  return u32(value).reverse();
}

export function u64le(value: bigint): Uint8Array {
  return u64(value).reverse();
}

/** Reads an unsigned big-endian 16-bit number; the builders patch and check with it. */
export function readU16(bytes: Uint8Array, at: number): number {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint16(at);
}

export function readU32(bytes: Uint8Array, at: number): number {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(at);
}

/** `00 1b-2c:3d`: hex digits; spaces, colons and dashes are only for the eye. */
export function hex(text: string): Uint8Array {
  const digits = text.replace(/[\s:-]/g, '');
  if (digits.length % 2 !== 0 || /[^0-9a-f]/i.test(digits)) throw new Error(`not hex: ${text}`);
  return Uint8Array.from({ length: digits.length / 2 }, (_, i) => Number.parseInt(digits.slice(2 * i, 2 * i + 2), 16));
}

export function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

export function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** UTF-16, little endian, with a zero at the end: as Windows has it. */
export function utf16z(text: string): Uint8Array {
  return join(...Array.from({ length: text.length }, (_, i) => u16le(text.charCodeAt(i))), u16le(0));
}

/** One byte per character, 0 to 255. */
export function latin1(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => {
    const code = character.charCodeAt(0);
    if (code > 0xff) throw new Error(`not a byte: ${character}`);
    return code;
  });
}

export function zeros(length: number): Uint8Array {
  return new Uint8Array(length);
}

/** Appends zeros up to the next multiple. */
export function padTo(bytes: Uint8Array, multiple: number, fill = 0): Uint8Array {
  const missing = (multiple - (bytes.length % multiple)) % multiple;
  return missing === 0 ? bytes : join(bytes, new Uint8Array(missing).fill(fill));
}

/** The first `length` bytes, as a snap length or a broken cable leaves them. */
export function cut(bytes: Uint8Array, length: number): Uint8Array {
  return bytes.slice(0, length);
}

/** A copy in which the bytes at an offset are other ones. */
export function patched(bytes: Uint8Array, at: number, replacement: BytesLike): Uint8Array {
  if (at < 0 || at + replacement.length > bytes.length)
    throw new Error(`patch at ${at} is outside ${bytes.length} bytes`);
  const out = bytes.slice();
  out.set(replacement, at);
  return out;
}

export function macAddress(text: string): Uint8Array {
  const bytes = hex(text);
  if (bytes.length !== 6) throw new Error(`not a MAC address: ${text}`);
  return bytes;
}

/** An IPv4 or IPv6 address as 4 or 16 bytes. */
export function ipAddress(text: string): Uint8Array {
  return text.includes(':') ? ipv6Address(text) : ipv4Address(text);
}

export function ipv4Address(text: string): Uint8Array {
  const parts = text.split('.').map(Number);
  if (parts.length !== 4 || parts.some((part) => !Number.isInteger(part) || part < 0 || part > 255)) {
    throw new Error(`not an IPv4 address: ${text}`);
  }
  return Uint8Array.from(parts);
}

function ipv6Address(text: string): Uint8Array {
  const [head = '', tail] = text.split('::');
  const words = (part: string): number[] =>
    part === '' ? [] : part.split(':').map((word) => Number.parseInt(word, 16));
  const left = words(head);
  const right = tail === undefined ? [] : words(tail);
  const missing = 8 - left.length - right.length;
  if (missing < 0 || (tail === undefined && missing !== 0)) throw new Error(`not an IPv6 address: ${text}`);
  return join(...[...left, ...new Array<number>(missing).fill(0), ...right].map(u16));
}

/** One's-complement sum of 16-bit words over all parts, folded, not inverted (RFC 1071). Each part but the last must be even. */
export function onesSum(...parts: readonly Uint8Array[]): number {
  let sum = 0;
  for (const part of parts) {
    const view = new DataView(part.buffer, part.byteOffset, part.byteLength);
    let at = 0;
    for (; at + 1 < part.length; at += 2) sum += view.getUint16(at);
    if (at < part.length) sum += view.getUint8(at) << 8;
  }
  while (sum > 0xffff) sum = (sum & 0xffff) + Math.floor(sum / 0x10000);
  return sum;
}

/** The internet checksum to put into a header in which the checksum is still 0. */
export function internetChecksum(...parts: readonly Uint8Array[]): number {
  return ~onesSum(...parts) & 0xffff;
}

/** CRC-32 (IEEE 802.3), as an Ethernet frame check sequence carries it in little-endian order. */
export function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  return (crc ^ 0xffffffff) >>> 0;
}

/** A reproducible source of numbers: the same seed gives the same capture on every machine. */
export interface Random {
  /** 0 to `limit` - 1. */
  int(limit: number): number;
  /** Both ends included. */
  between(low: number, high: number): number;
  chance(probability: number): boolean;
  pick<T>(list: readonly T[]): T;
  bytes(length: number): Uint8Array;
  u32(): number;
}

export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  // mulberry32: 32 bits of state, passes the usual tests, and Math.imul makes it exact everywhere.
  const u32Next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return (t ^ (t >>> 14)) >>> 0;
  };
  const int = (limit: number): number => Math.floor((u32Next() / 0x1_0000_0000) * limit);
  return {
    int,
    between: (low, high) => low + int(high - low + 1),
    chance: (probability) => u32Next() / 0x1_0000_0000 < probability,
    pick: (list) => {
      const item = list[int(list.length)];
      if (item === undefined) throw new Error('pick from an empty list');
      return item;
    },
    bytes: (length) => Uint8Array.from({ length }, () => u32Next() >>> 24),
    u32: u32Next,
  };
}
