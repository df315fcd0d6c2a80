/** MAC, IPv4, IPv6 addresses and CIDR blocks: text to bytes and back (RFC 4291, RFC 5952 for the text of IPv6). */

import { toHex } from './hex.ts';

/** `192.0.2.1` for a u32. */
export function formatIpv4(address: number): string {
  return `${address >>> 24}.${(address >>> 16) & 255}.${(address >>> 8) & 255}.${address & 255}`;
}

/** A u32; null where the text is not four decimal numbers up to 255. */
export function parseIpv4(text: string): number | null {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text);
  if (match === null) return null;
  let address = 0;
  for (let i = 1; i <= 4; i++) {
    const part = Number(match[i]);
    if (part > 255) return null;
    address = address * 256 + part;
  }
  return address;
}

/** RFC 5952: lower case, the longest run of two or more zero groups as `::`; v4-mapped addresses end in dotted decimal. */
export function formatIpv6(bytes: Uint8Array, at = 0): string {
  const groups: number[] = [];
  for (let i = 0; i < 8; i++) groups.push((bytes[at + 2 * i] << 8) | bytes[at + 2 * i + 1]);
  let best = -1;
  let bestLength = 1;
  for (let i = 0; i < 8; i++) {
    let length = 0;
    while (i + length < 8 && groups[i + length] === 0) length++;
    if (length > bestLength) {
      best = i;
      bestLength = length;
    }
    i += length;
  }
  const isMapped = best === 0 && ((bestLength === 5 && groups[5] === 0xffff) || (bestLength === 6 && groups[6] !== 0));
  const tail = isMapped ? `${bytes[at + 12]}.${bytes[at + 13]}.${bytes[at + 14]}.${bytes[at + 15]}` : '';
  const shown = isMapped ? 6 : 8;
  let text = '';
  for (let i = 0; i < shown; i++) {
    if (i === best) {
      text += '::';
      i += bestLength - 1;
    } else {
      text += text === '' || text.endsWith(':') ? groups[i].toString(16) : `:${groups[i].toString(16)}`;
    }
  }
  if (isMapped) text += text.endsWith(':') ? tail : `:${tail}`;
  return text;
}

/** 16 bytes; null where the text is not an IPv6 address. */
export function parseIpv6(text: string): Uint8Array | null {
  let body = text;
  const tail: number[] = [];
  const dotted = /^(.*:)(\d+\.\d+\.\d+\.\d+)$/.exec(text);
  if (dotted !== null) {
    const v4 = parseIpv4(dotted[2] ?? '');
    if (v4 === null) return null;
    tail.push(v4 >>> 16, v4 & 0xffff);
    body = dotted[1] ?? '';
    if (!body.endsWith('::')) body = body.slice(0, -1);
  }
  const halves = body.split('::');
  if (halves.length > 2) return null;
  const parts = halves.map((half) => (half === '' ? [] : half.split(':')));
  const groups: number[][] = [];
  for (const half of parts) {
    const numbers: number[] = [];
    for (const part of half) {
      if (!/^[0-9a-fA-F]{1,4}$/.test(part)) return null;
      numbers.push(Number.parseInt(part, 16));
    }
    groups.push(numbers);
  }
  const head = groups[0] ?? [];
  const rest = halves.length === 2 ? [...(groups[1] ?? []), ...tail] : [];
  const given = halves.length === 2 ? head : [...head, ...tail];
  const missing = 8 - given.length - rest.length;
  if (halves.length === 2 ? missing < 1 : missing !== 0) return null;
  const all = halves.length === 2 ? [...given, ...new Array<number>(missing).fill(0), ...rest] : given;
  const bytes = new Uint8Array(16);
  all.forEach((group, i) => {
    bytes[2 * i] = group >>> 8;
    bytes[2 * i + 1] = group & 255;
  });
  return bytes;
}

/** `00:0d:3a:4f:10:22`. */
export function formatMac(bytes: Uint8Array, at = 0): string {
  return toHex(bytes, ':', at, at + 6);
}

/** Six bytes written with `:`, `-` or as three dotted groups; null where it is anything else. */
export function parseMac(text: string): Uint8Array | null {
  if (
    !/^[0-9a-fA-F]{2}([:-][0-9a-fA-F]{2}){5}$/.test(text) &&
    !/^[0-9a-fA-F]{4}\.[0-9a-fA-F]{4}\.[0-9a-fA-F]{4}$/.test(text)
  ) {
    return null;
  }
  const digits = text.replace(/[:.-]/g, '');
  return Uint8Array.from({ length: 6 }, (_, i) => Number.parseInt(digits.slice(2 * i, 2 * i + 2), 16));
}

/** The u32 mask of an IPv4 prefix length, 0 to 32. */
export function ipv4Mask(prefix: number): number {
  return prefix === 0 ? 0 : (0xffffffff << (32 - prefix)) >>> 0;
}

/** Does an address (4 or 16 bytes) lie in a block of the same family? */
export function inPrefix(address: Uint8Array, block: Uint8Array, prefix: number): boolean {
  const whole = prefix >>> 3;
  for (let i = 0; i < whole; i++) if (address[i] !== block[i]) return false;
  const rest = prefix & 7;
  if (rest === 0) return true;
  const mask = (0xff << (8 - rest)) & 0xff;
  return ((address[whole] ^ block[whole]) & mask) === 0;
}
