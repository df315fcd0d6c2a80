/**
 * Link types whose records begin with a header that describes the packet and was never on the wire. Wireshark does not
 * count it as part of the frame, and neither do we: `frame.len` and the offsets in the bytes pane are those after it.
 * Layouts: https://www.tcpdump.org/linktypes.html; ERF: Endace "ERF types reference guide".
 */

import { u32, u32le } from '../base/bytes.ts';
import { LINK_TYPE } from './link-types.ts';
import { DIRECTION, type PacketBatch } from './reader.ts';

/** The longest: an ERF header, 16 extension headers, and the bytes before the frame. */
export const PSEUDO_HEADER_MAX = 16 + 16 * 8 + 4;

const ERF = { type: 8, header: 16, extension: 8, maxExtensions: 16 } as const;
const ERF_TYPE = { ethernet: [2, 11, 16, 20], multichannel: [5, 6, 7, 8, 9, 12, 17], aal2: 18 } as const;

const FIXED: ReadonlyMap<number, number> = new Map([
  [LINK_TYPE.sunAtm, 4],
  [LINK_TYPE.mtp2WithPseudoHeader, 4],
  [LINK_TYPE.linuxIrda, 16],
  [LINK_TYPE.pppPppd, 1],
  [LINK_TYPE.linuxLapd, 16],
  [LINK_TYPE.sita, 5],
  [LINK_TYPE.bluetoothH4WithDirection, 4],
  [LINK_TYPE.pppWithDirection, 1],
  [LINK_TYPE.i2cLinux, 5],
  [LINK_TYPE.nfcLlcp, 2],
  [LINK_TYPE.bluetoothLinuxMonitor, 4],
]);

/** Does a record of this link type begin with a pseudo-header? */
export function hasPseudoHeader(linkType: number): boolean {
  return FIXED.has(linkType) || linkType === LINK_TYPE.erf;
}

/** Its length, for the record at [at, end): never more than the record. */
export function pseudoHeaderLength(linkType: number, bytes: Uint8Array, at: number, end: number): number {
  const length = linkType === LINK_TYPE.erf ? erfHeaderLength(bytes, at, end) : (FIXED.get(linkType) ?? 0);
  return Math.min(length, end - at);
}

/** Takes the pseudo-header off packet `i` of a batch, and uses what it says: a direction, and in ERF the exact time. */
export function takePseudoHeader(batch: PacketBatch, i: number, linkType: number): void {
  const { bytes } = batch;
  const at = batch.offset[i];
  const end = at + batch.capturedLength[i];
  const length = pseudoHeaderLength(linkType, bytes, at, end);
  if (end - at >= ERF.header && linkType === LINK_TYPE.erf) setErfTime(batch, i, at);
  if (end - at >= length) batch.direction[i] ||= directionOf(linkType, bytes, at, end);
  batch.offset[i] += length;
  batch.capturedLength[i] -= length;
  batch.length[i] -= Math.min(length, batch.length[i]);
}

function directionOf(linkType: number, bytes: Uint8Array, at: number, end: number): number {
  if (at === end) return DIRECTION.unknown;
  switch (linkType) {
    case LINK_TYPE.pppPppd:
    case LINK_TYPE.pppWithDirection:
      return bytes[at] === 0 ? DIRECTION.inbound : DIRECTION.outbound;
    case LINK_TYPE.mtp2WithPseudoHeader:
    case LINK_TYPE.sita:
      return (bytes[at] & 1) === 0 ? DIRECTION.inbound : DIRECTION.outbound;
    case LINK_TYPE.bluetoothH4WithDirection:
      return end - at < 4 || (u32(bytes, at) & 1) === 1 ? DIRECTION.inbound : DIRECTION.outbound;
    default:
      return DIRECTION.unknown;
  }
}

/** 16 bytes; 8 more for each extension header (bit 7 of the type, then of each extension's first byte); then by type. */
function erfHeaderLength(bytes: Uint8Array, at: number, end: number): number {
  if (end - at < ERF.header) return end - at;
  let next = at + ERF.header;
  let more = bytes[at + ERF.type] & 0x80;
  for (let n = 0; more !== 0 && n < ERF.maxExtensions && next < end; n++) {
    more = bytes[next] & 0x80;
    next += ERF.extension;
  }
  const type = bytes[at + ERF.type] & 0x7f;
  if ((ERF_TYPE.ethernet as readonly number[]).includes(type)) next += 2;
  else if ((ERF_TYPE.multichannel as readonly number[]).includes(type) || type === ERF_TYPE.aal2) next += 4;
  return next - at;
}

/** ERF times are 32.32 fixed point seconds, little endian whatever the file is; rounded to the nanosecond. */
function setErfTime(batch: PacketBatch, i: number, at: number): void {
  const nanos = Math.round((u32le(batch.bytes, at) * 1e9) / 0x1_0000_0000);
  const carry = nanos === 1e9 ? 1 : 0;
  batch.seconds[i] = u32le(batch.bytes, at + 4) + carry;
  batch.nanos[i] = nanos - carry * 1e9;
}
