/**
 * Joins IP fragments (RFC 791 3.2, RFC 8200 4.5). Bounded: at most MAX_BYTES wait at any time, the oldest datagram is given up
 * first. An overlapping byte keeps the value that came first; a hole or a changed end leaves the datagram unfinished.
 */

import { u16 } from '../base/bytes.ts';
import type { Scratch } from './scratch.ts';

const MAX_BYTES = 32 << 20;
const MAX_DATAGRAM = 65535;

interface Waiting {
  readonly bytes: Uint8Array;
  /** One flag per 8 bytes that are there. */
  readonly there: Uint8Array;
  readonly rows: number[];
  /** Total length, once the last fragment was seen; -1 before. */
  length: number;
  /** Bytes at the end of the last, odd block. */
  held: number;
}

export interface Datagram {
  readonly bytes: Uint8Array;
  readonly rows: readonly number[];
}

export class Defragmenter {
  private readonly waiting = new Map<string, Waiting>();
  private held = 0;

  /** Takes one fragment; returns the whole datagram when this was the missing piece. */
  add(key: string, row: number, piece: Fragment, bytes: Uint8Array): Datagram | null {
    const { offset, isLast, at, end } = piece;
    // All but the last are multiples of eight bytes; what a forged one has behind them does not count.
    const length = isLast ? end - at : (end - at) & ~7;
    if (offset + length > MAX_DATAGRAM || length <= 0) return null;
    let datagram = this.waiting.get(key);
    if (datagram === undefined) {
      datagram = {
        bytes: new Uint8Array(MAX_DATAGRAM + 8),
        there: new Uint8Array(8193),
        rows: [],
        length: -1,
        held: 0,
      };
      this.waiting.set(key, datagram);
      this.held += datagram.bytes.length;
      this.makeRoom();
    }
    datagram.rows.push(row);
    if (isLast && datagram.length < 0) datagram.length = offset + length;
    for (let i = 0; i < length; i += 8) {
      const block = (offset + i) >>> 3;
      if (datagram.there[block] === 1) continue;
      datagram.there[block] = 1;
      datagram.held += 8;
      datagram.bytes.set(bytes.subarray(at + i, Math.min(at + i + 8, at + length)), offset + i);
    }
    if (datagram.length < 0 || datagram.held < datagram.length) return null;
    for (let block = 0; block < (datagram.length + 7) >>> 3; block++) if (datagram.there[block] === 0) return null;
    this.forget(key, datagram);
    return { bytes: datagram.bytes.slice(0, datagram.length), rows: datagram.rows };
  }

  private makeRoom(): void {
    for (const [key, datagram] of this.waiting) {
      if (this.held <= MAX_BYTES) return;
      this.forget(key, datagram);
    }
  }

  private forget(key: string, datagram: Waiting): void {
    this.waiting.delete(key);
    this.held -= datagram.bytes.length;
  }
}

/** One fragment as the column pass left it: what it carries and where it belongs. */
export interface Fragment {
  /** Same for all fragments of one datagram. */
  readonly key: string;
  readonly protocol: number;
  readonly offset: number;
  readonly isLast: boolean;
  readonly at: number;
  readonly end: number;
}

/** The fragment of a scratch row with FLAG.fragment; null where the snap length cut it. */
export function readFragment(bytes: Uint8Array, s: Scratch, i: number): Fragment | null {
  const network = s.networkAt[i];
  const at = s.payloadAt[i];
  const end = s.payloadEnd[i];
  if (end - at < s.payloadLength[i]) return null;
  // Right behind an IPv4 header, or behind an IPv6 fragment header (which may follow IPv4 too).
  const isIpv4 = bytes[network] >>> 4 === 4 && at === network + ((bytes[network] & 15) << 2);
  const place = u16(bytes, isIpv4 ? network + 6 : at - 6);
  const protocol = isIpv4 ? bytes[network + 9] : bytes[at - 8];
  let key = isIpv4 ? `4.${protocol}.${u16(bytes, network + 4)}` : `6.${u16(bytes, at - 4)}.${u16(bytes, at - 2)}`;
  for (let word = s.wordsAt[i]; word < s.wordsAt[i + 1] - 1; word++) key += `.${s.words[word]}`;
  return {
    key,
    protocol,
    offset: isIpv4 ? (place & 0x1fff) * 8 : place & 0xfff8,
    isLast: isIpv4 ? (place & 0x2000) === 0 : (place & 1) === 0,
    at,
    end,
  };
}
