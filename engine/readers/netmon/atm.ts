/** ATM frames: 6 bytes destination, 6 bytes source, VPI and VCI (u16, big endian), which both lengths count, then the frame. */

import { u16 } from '../../base/bytes.ts';

export const ATM_PREFIX = 16;
const AT = { vpi: 12, vci: 14 } as const;
/** Kinds of traffic as SunATM's header has them (https://www.tcpdump.org/linktypes/LINKTYPE_SUNATM.html). */
const TRAFFIC = { unknown: 0, llc: 2 } as const;

/** The header that SunATM captures have in place of the prefix. `bytes`: the prefix and the beginning of the frame. */
export function atmPseudoHeader(bytes: Uint8Array): Uint8Array {
  if (bytes.length < ATM_PREFIX) return new Uint8Array(0);
  const isLlc = bytes[ATM_PREFIX] === 0xaa && bytes[ATM_PREFIX + 1] === 0xaa && bytes[ATM_PREFIX + 2] === 0x03;
  const vci = u16(bytes, AT.vci);
  return Uint8Array.of(isLlc ? TRAFFIC.llc : TRAFFIC.unknown, u16(bytes, AT.vpi) & 0xff, vci >> 8, vci & 0xff);
}
