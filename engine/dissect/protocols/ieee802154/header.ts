/** The MAC header of IEEE 802.15.4 (2003 to 2015, clause 7.2): which parts are there depends on the frame control field. */

import { u16le, u32le } from '../../../base/bytes.ts';

export const FRAME = { beacon: 0, data: 1, ack: 2, command: 3 } as const;
export const MODE = { none: 0, short: 2, long: 3 } as const;
export const BIT = {
  security: 0x0008,
  pending: 0x0010,
  ackRequest: 0x0020,
  panCompression: 0x0040,
  noSequence: 0x0100,
  elements: 0x0200,
} as const;
const VERSION_2015 = 2;

/** Where the parts of one header are; -1: not there. One object, reused: the column pass asks for every frame. */
export class MacHeader {
  control = 0;
  type = 0;
  version = 0;
  sequence = -1;
  dstPan = -1;
  dst = -1;
  dstMode = 0;
  srcPan = -1;
  src = -1;
  srcMode = 0;
  /** One past the addressing fields. */
  end = 0;

  /** Hot: once per frame. False: the bytes end inside the header. */
  read(b: Uint8Array, start: number, end: number): boolean {
    const control = u16le(b, start);
    this.control = control;
    this.type = control & 7;
    this.version = (control >>> 12) & 3;
    this.dstMode = (control >>> 10) & 3;
    this.srcMode = (control >>> 14) & 3;
    let at = start + 2;
    this.sequence = -1;
    if (this.version < VERSION_2015 || (control & BIT.noSequence) === 0) this.sequence = at++;
    const hasDstPan = this.namesDestinationPan(control);
    this.dstPan = hasDstPan ? at : -1;
    if (hasDstPan) at += 2;
    this.dst = this.dstMode >= MODE.short ? at : -1;
    at += addressLength(this.dstMode);
    const hasSrcPan = this.namesSourcePan(control);
    this.srcPan = hasSrcPan ? at : -1;
    if (hasSrcPan) at += 2;
    this.src = this.srcMode >= MODE.short ? at : -1;
    at += addressLength(this.srcMode);
    this.end = at;
    return at <= end;
  }

  get isSecured(): boolean {
    return (this.control & BIT.security) !== 0;
  }

  /** Table 7-2 of the 2015 edition; before it the mode alone decided. */
  private namesDestinationPan(control: number): boolean {
    if (this.version < VERSION_2015) return this.dstMode !== MODE.none;
    const isCompressed = (control & BIT.panCompression) !== 0;
    if (this.dstMode === MODE.none) return this.srcMode === MODE.none && isCompressed;
    if (this.srcMode === MODE.none) return !isCompressed;
    if (this.dstMode === MODE.long && this.srcMode === MODE.long) return !isCompressed;
    return true;
  }

  private namesSourcePan(control: number): boolean {
    const isCompressed = (control & BIT.panCompression) !== 0;
    if (this.srcMode === MODE.none) return false;
    if (this.version < VERSION_2015) return !isCompressed;
    if (this.dstMode === MODE.none) return !isCompressed;
    if (this.dstMode === MODE.long && this.srcMode === MODE.long) return false;
    return !isCompressed;
  }
}

function addressLength(mode: number): number {
  return mode === MODE.short ? 2 : mode === MODE.long ? 8 : 0;
}

/** Bytes of the auxiliary security header (clause 9.4) from its control byte. */
export function securityLength(control: number): number {
  const key = [0, 1, 5, 9][(control >>> 3) & 3];
  return 1 + ((control & 0x20) === 0 ? 4 : 0) + key;
}

/** The three words of a path's address: its kind, then its bytes in the order in which people write them. */
export function shortWord(b: Uint8Array, at: number): number {
  return u16le(b, at);
}

export function highWord(b: Uint8Array, at: number): number {
  return u32le(b, at + 4);
}

export function lowWord(b: Uint8Array, at: number): number {
  return u32le(b, at);
}

/** CRC of ITU-T (x^16 + x^12 + x^5 + 1), least significant bit first, as the frame check sequence holds it. */
export function frameCheck(b: Uint8Array, from: number, to: number): number {
  let crc = 0;
  for (let at = from; at < to; at++) {
    crc ^= b[at];
    for (let bit = 0; bit < 8; bit++) crc = (crc & 1) !== 0 ? (crc >>> 1) ^ 0x8408 : crc >>> 1;
  }
  return crc;
}
